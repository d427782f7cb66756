/* SPDX-License-Identifier: Apache-2.0 */
/* spectra convert: from any format that is read to one that is written. */
#include <string.h>

#include "cli.h"

static spectra_format format_by_ending(const char *path) {
    static const struct {
        const char *ending;
        spectra_format format;
    } endings[] = {{".msp", SPECTRA_FORMAT_MSP},
                   {".mgf", SPECTRA_FORMAT_MGF},
                   {".json", SPECTRA_FORMAT_JSON},
                   {".spectra", SPECTRA_FORMAT_RECORD}};
    const char *dot = strrchr(path, '.');
    for (size_t i = 0; dot && i < sizeof endings / sizeof *endings; i++)
        if (strcmp(dot, endings[i].ending) == 0) return endings[i].format;
    return SPECTRA_FORMAT_UNKNOWN;
}

/* Records read, and records that could not be read or written. */
typedef struct tally {
    uint64_t good, bad;
    bool failed, unreadable; /* unreadable: the input is to blame */
    const cli_arguments *arguments;
    cli_profiler profiler;
} tally;

static void convert_one(tally *count, spectra_writer *writer, const spectra_spectrum *spectrum, const char *path) {
    spectra_error error = {0};
    spectra_status status = SPECTRA_OK;
    if (count->arguments->command == CLI_PREPROCESS)
        status = cli_find_peaks(&spectrum, &count->profiler, spectrum, count->arguments, &error);
    for (size_t i = 0; status == SPECTRA_OK && i < spectra_spectrum_warning_count(spectrum); i++)
        cli_complain("%s: record %llu: warning: %s", path, (unsigned long long)(count->good + count->bad + 1),
                     spectra_spectrum_warning(spectrum, i));
    if (status == SPECTRA_OK) status = spectra_writer_write(writer, spectrum, &error);
    if (status == SPECTRA_OK) {
        count->good++;
        return;
    }
    count->bad++;
    count->failed = status != SPECTRA_E_FORMAT;
    cli_complain_error(path, &error);
}

static void convert_all(tally *count, spectra_reader *reader, spectra_writer *writer, const char *path) {
    while (!count->failed) {
        const spectra_spectrum *spectrum;
        spectra_error error = {0};
        spectra_status status = spectra_reader_next(reader, &spectrum, &error);
        if (status == SPECTRA_END) break;
        if (status == SPECTRA_OK) {
            convert_one(count, writer, spectrum, path);
            continue;
        }
        count->bad++;
        cli_complain_error(path, &error);
        count->failed = status != SPECTRA_E_FORMAT && status != SPECTRA_E_LIMIT;
        count->unreadable = status == SPECTRA_E_IO;
    }
    if (!count->failed && spectra_writer_finish(writer) < 0) count->failed = true;
}

static int convert_into(FILE *stream, const cli_arguments *arguments, spectra_format format) {
    if (arguments->transient.kind) return cli_convert_transient(stream, arguments, format);
    const char *path = arguments->files[0];
    spectra_reader *reader;
    spectra_writer *writer;
    spectra_sink sink = cli_sink(stream);
    spectra_error error = {0};
    if (cli_open_reader(&reader, path, arguments->strict, &error) < 0) {
        cli_complain_error(path, &error);
        return CLI_BAD_INPUT;
    }
    tally count = {.arguments = arguments};
    if (spectra_writer_create(&writer, format, &sink, NULL) == SPECTRA_OK) {
        convert_all(&count, reader, writer, path);
        spectra_writer_free(writer);
    } else {
        cli_complain("not enough memory");
        count.failed = true;
    }
    spectra_reader_free(reader);
    cli_profiler_free(&count.profiler);
    if (count.failed) return count.unreadable ? CLI_BAD_INPUT : CLI_FAILED;
    return count.good == 0 || (arguments->strict && count.bad > 0) ? CLI_BAD_INPUT : CLI_OK;
}

static int convert_to_file(const cli_arguments *arguments, spectra_format format) {
    char temporary[CLI_PATH_SIZE];
    FILE *stream = cli_begin_file(temporary, arguments->output);
    int status = stream ? convert_into(stream, arguments, format) : CLI_FAILED;
    if (stream && !cli_end_file(stream, temporary, arguments->output, status == CLI_OK) && status == CLI_OK)
        status = CLI_FAILED;
    if (status == CLI_FAILED) cli_complain("cannot write %s", arguments->output);
    return status;
}

int cli_convert(const cli_arguments *arguments) {
    spectra_format format = arguments->to ? arguments->to : format_by_ending(arguments->output);
    if (format == SPECTRA_FORMAT_UNKNOWN) {
        cli_complain("the ending of %s tells no format: choose one with --to", arguments->output);
        return CLI_USAGE;
    }
    if (strcmp(arguments->output, "-") == 0) return convert_into(stdout, arguments, format);
    return convert_to_file(arguments, format);
}
