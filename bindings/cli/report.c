/* SPDX-License-Identifier: Apache-2.0 */
/* spectra report: gathers the records of a case and writes its page. */
#define _GNU_SOURCE
#include "report.h"

#include <stdlib.h>
#include <string.h>

void cli_case_free(cli_case *about) {
    for (size_t i = 0; i < about->count; i++) {
        free(about->records[i].source);
        free(about->records[i].reading);
        free(about->records[i].record);
        free(about->records[i].verdict);
    }
    for (size_t i = 0; i < about->option_count; i++) free(about->options[i]);
    for (size_t i = 0; i < about->database_count; i++) free(about->databases[i]);
    free(about->records);
    free(about->options);
    free(about->databases);
    *about = (cli_case){0};
}

/* What the reader warned of, a line each. */
static char *reading_of(const spectra_spectrum *spectrum) {
    char *text = NULL;
    size_t size = 0;
    FILE *stream = open_memstream(&text, &size);
    if (!stream) return NULL;
    for (size_t i = 0; i < spectra_spectrum_warning_count(spectrum); i++)
        fprintf(stream, "%s%s", i > 0 ? "\n" : "", spectra_spectrum_warning(spectrum, i));
    if (fclose(stream) == 0) return text;
    free(text);
    return NULL;
}

static char *record_of(const spectra_spectrum *spectrum, spectra_error *error) {
    char *text = NULL;
    size_t size = 0;
    spectra_writer *writer;
    FILE *stream = open_memstream(&text, &size);
    if (!stream) return NULL;
    const spectra_sink sink = cli_sink(stream);
    spectra_status status = spectra_writer_create(&writer, SPECTRA_FORMAT_MSP, &sink, NULL);
    if (status == SPECTRA_OK) {
        status = spectra_writer_write(writer, spectrum, error);
        if (status == SPECTRA_OK) status = spectra_writer_finish(writer);
        spectra_writer_free(writer);
    }
    if (fclose(stream) == 0 && status == SPECTRA_OK) return text;
    free(text);
    return NULL;
}

static spectra_status add_record(cli_case *about, const spectra_spectrum *spectrum, const char *path, uint64_t index,
                                 spectra_error *error) {
    cli_case_record *records = realloc(about->records, (about->count + 1) * sizeof *records);
    if (!records) return SPECTRA_E_MEMORY;
    about->records = records;
    cli_case_record *record = &records[about->count++];
    *record = (cli_case_record){
        .source = strdup(path), .index = index, .reading = reading_of(spectrum), .record = record_of(spectrum, error)};
    return record->source && record->reading && record->record ? SPECTRA_OK
           : error->status < 0                                 ? error->status
                                                               : SPECTRA_E_MEMORY;
}

/* A report that leaves out what could not be read would pass for one of the whole: it is refused. */
static int add_file(cli_case *about, const char *path, bool strict) {
    spectra_reader *reader;
    spectra_error error = {0};
    spectra_status status = cli_open_reader(&reader, path, strict, &error);
    if (status < 0) {
        cli_complain_error(path, &error);
        return CLI_BAD_INPUT;
    }
    for (uint64_t index = 0; status == SPECTRA_OK; index++) {
        const spectra_spectrum *spectrum;
        status = spectra_reader_next(reader, &spectrum, &error);
        if (status == SPECTRA_OK) status = add_record(about, spectrum, path, index, &error);
    }
    spectra_reader_free(reader);
    if (status == SPECTRA_END) return CLI_OK;
    if (status == SPECTRA_E_MEMORY) {
        cli_complain("not enough memory");
        return CLI_FAILED;
    }
    cli_complain_error(path, &error);
    cli_complain("no report is written of a case that cannot be read whole");
    return CLI_BAD_INPUT;
}

static bool add_options(cli_case *about, const cli_arguments *arguments, const cli_databases *databases) {
    about->options = calloc(arguments->given_count + 1u, sizeof *about->options);
    about->databases = calloc(databases->count + 1u, sizeof *about->databases);
    if (!about->options || !about->databases) return false;
    for (uint32_t i = 0; i < arguments->given_count; i++) {
        const cli_given *given = &arguments->given[i];
        char **option = &about->options[about->option_count];
        if (asprintf(option, "--%s%s%s", given->name, given->value ? "=" : "", given->value ? given->value : "") < 0) {
            *option = NULL;
            return false;
        }
        about->option_count++;
    }
    for (uint32_t i = 0; i < databases->count; i++) {
        about->databases[i] = strdup(databases->names[i]);
        if (!about->databases[i]) return false;
        about->database_count++;
    }
    return true;
}

static int write_file(const cli_case *about, const cli_databases *databases, const cli_arguments *arguments) {
    char temporary[CLI_PATH_SIZE];
    if (strcmp(arguments->output, "-") == 0) return cli_write_page(stdout, about, databases, arguments);
    FILE *stream = cli_begin_file(temporary, arguments->output);
    int status = stream ? cli_write_page(stream, about, databases, arguments) : CLI_FAILED;
    bool written = stream && cli_end_file(stream, temporary, arguments->output, status == CLI_OK && !ferror(stream));
    if (!stream || (status == CLI_OK && !written)) {
        cli_complain("cannot write %s", arguments->output);
        status = CLI_FAILED;
    }
    return status;
}

int cli_report(const cli_arguments *arguments) {
    cli_case about = {0};
    cli_databases databases = {0};
    int status = CLI_OK;
    if (arguments->report.replay) return cli_replay(arguments);
    for (int i = 0; i < arguments->file_count && status == CLI_OK; i++)
        status = add_file(&about, arguments->files[i], arguments->strict);
    if (status == CLI_OK && about.count == 0) {
        cli_complain("no spectrum is in what was given");
        status = CLI_BAD_INPUT;
    }
    if (status == CLI_OK && !cli_open_databases(&databases, arguments)) status = CLI_BAD_DATABASE;
    if (status == CLI_OK && !add_options(&about, arguments, &databases)) {
        cli_complain("not enough memory");
        status = CLI_FAILED;
    }
    if (status == CLI_OK) status = write_file(&about, &databases, arguments);
    cli_close_databases(&databases);
    cli_case_free(&about);
    return status;
}
