/* SPDX-License-Identifier: Apache-2.0 */
/* spectra preprocess --transient: samples of an FT-ICR or Orbitrap instrument in, the peaks found in them out. */
#include <stdlib.h>
#include <string.h>

#include "cli.h"

#define MOST_SAMPLES (SPECTRA_FFT_MAX_COUNT / 2)
#define CALIBRANT_PPM 100

/* Everything that is allocated on the way. */
typedef struct transient_run {
    const cli_arguments *arguments;
    const char *path;
    double *samples;
    size_t count, capacity;
    void *bytes; /* of the scratch */
    spectra_mass_calibration calibration;
    spectra_transient transient;
    spectra_transient_options options;
    const spectra_transient_result *result;
} transient_run;

/* --- Numbers --- */

/* A number at the start of a word, or NULL; its end. */
static const char *read_number(double *value, const char *word) {
    size_t size = spectra_parse_number(value, word, strlen(word));
    return size > 0 ? word + size : NULL;
}

/* A whole word from `least` to `most`, which are `range` in words; `what` is the option. */
static bool number_option(double *value, const char *what, const char *word, double least, double most,
                          const char *range) {
    const char *end = word ? read_number(value, word) : NULL;
    if (!word || (end && *end == '\0' && *value >= least && *value <= most)) return true;
    cli_complain("--%s takes a number from %s, not %s", what, range, word);
    return false;
}

/* --- Options --- */

static const char *const kinds[] = {"float32", "float64", "int16", "int32", "text"};
enum { KIND_FLOAT32, KIND_FLOAT64, KIND_INT16, KIND_INT32, KIND_TEXT, KIND_COUNT };

static int choose(const char *option, const char *word, const char *const *words, int count) {
    for (int i = 0; i < count; i++)
        if (strcmp(words[i], word) == 0) return i;
    cli_complain("--%s does not know %s", option, word);
    return -1;
}

static bool take_calibration(transient_run *run, const char *word) {
    spectra_mass_calibration *c = &run->calibration;
    *c = (spectra_mass_calibration){.size = sizeof *c};
    bool icr = strncmp(word, "icr:", 4) == 0, orbitrap = strncmp(word, "orbitrap:", 9) == 0;
    c->analyser = orbitrap ? SPECTRA_ANALYSER_ORBITRAP : SPECTRA_ANALYSER_ICR;
    const char *rest = icr || orbitrap ? read_number(&c->a, strchr(word, ':') + 1) : NULL;
    if (rest && icr && *rest == ',') rest = read_number(&c->b, rest + 1);
    if (rest && *rest == '\0' && c->a > 0 && c->a < 1e300 && c->b > -1e300 && c->b < 1e300) return true;
    cli_complain("--calibration takes icr:A,B or orbitrap:A, not %s", word);
    return false;
}

static bool take_options(transient_run *run) {
    static const char *const windows[] = {"hann", "kaiser", "none"};
    const cli_transient_words *words = &run->arguments->transient;
    if (!words->rate || !words->calibration) {
        cli_complain("a transient needs --rate and --calibration");
        return false;
    }
    run->options.size = sizeof run->options;
    run->transient.size = sizeof run->transient;
    if (words->apodisation) {
        int window = choose("apodisation", words->apodisation, windows, 3);
        if (window < 0) return false;
        run->options.apodisation = window;
    }
    return take_calibration(run, words->calibration) &&
           number_option(&run->transient.sampling_rate, "rate", words->rate, 1e-3, 1e12, "0.001 to 1e12") &&
           number_option(&run->options.kaiser_beta, "beta", words->beta, 4, 20, "4 to 20") &&
           number_option(&run->options.threshold, "threshold", words->threshold, 1, 1e6, "1 to 1e6") &&
           number_option(&run->transient.saturation, "saturation", words->saturation, 1e-300, 1e300, "1e-300 to 1e300");
}

/* --- Samples --- */

static int lost(const transient_run *run, const char *why) {
    cli_complain("%s: %s", run->path, why);
    return CLI_BAD_INPUT;
}

static bool add_sample(transient_run *run, double sample) {
    if (run->count == run->capacity) {
        size_t capacity = run->capacity > 0 ? 2 * run->capacity : 65536;
        double *samples = realloc(run->samples, capacity * sizeof *samples);
        if (!samples) return false;
        run->samples = samples;
        run->capacity = capacity;
    }
    run->samples[run->count++] = sample;
    return true;
}

/* Bytes of the file are little-endian, whatever this machine is. */
static double decode(const uint8_t *bytes, size_t width, int kind) {
    uint64_t bits = 0;
    for (size_t i = 0; i < width; i++) bits |= (uint64_t)bytes[i] << 8 * i;
    if (kind == KIND_INT16) return (int16_t)(uint16_t)bits;
    if (kind == KIND_INT32) return (int32_t)(uint32_t)bits;
    uint32_t half = (uint32_t)bits;
    float single;
    double whole;
    memcpy(&single, &half, sizeof single);
    memcpy(&whole, &bits, sizeof whole);
    return kind == KIND_FLOAT32 ? (double)single : whole;
}

static int read_binary(transient_run *run, FILE *file, int kind) {
    static uint8_t block[65536];
    static const size_t widths[] = {4, 8, 2, 4};
    size_t width = widths[kind], used;
    while ((used = fread(block, 1, sizeof block, file)) > 0) {
        if (used % width != 0) return lost(run, "the last sample is cut short");
        for (size_t i = 0; i < used; i += width) {
            if (run->count == MOST_SAMPLES) return lost(run, "more than 33554432 samples");
            if (!add_sample(run, decode(block + i, width, kind))) return CLI_FAILED;
        }
    }
    return CLI_OK;
}

/* The last number of a line: of two columns the first is time. False where it holds something else. */
static bool last_number(double *value, const char *line) {
    const char *const between = " \t,;\r\n";
    for (line += strspn(line, between); *line; line += strspn(line, between)) {
        const char *end = read_number(value, line);
        if (!end || (*end && !strchr(between, *end))) return false;
        line = end;
    }
    return true;
}

/* The first line may name the columns. */
static int read_text(transient_run *run, FILE *file) {
    char line[256], message[80];
    for (uint64_t number = 1; fgets(line, sizeof line, file); number++) {
        double value;
        if (line[strspn(line, " \t,;\r\n")] == '\0') continue;
        if (!strchr(line, '\n') && !feof(file)) return lost(run, "a line is too long for a number");
        if (!last_number(&value, line)) {
            if (number == 1) continue;
            snprintf(message, sizeof message, "line %llu is no number", (unsigned long long)number);
            return lost(run, message);
        }
        if (run->count == MOST_SAMPLES) return lost(run, "more than 33554432 samples");
        if (!add_sample(run, value)) return CLI_FAILED;
    }
    return CLI_OK;
}

static int read_samples(transient_run *run, int kind) {
    FILE *file = strcmp(run->path, "-") == 0 ? stdin : fopen(run->path, "rb");
    if (!file) return lost(run, "cannot be opened");
    int status = kind == KIND_TEXT ? read_text(run, file) : read_binary(run, file, kind);
    if (status == CLI_OK && ferror(file)) status = lost(run, "cannot be read");
    if (file != stdin) fclose(file);
    run->transient.count = (uint32_t)run->count;
    run->transient.samples = run->samples;
    run->transient.calibration = &run->calibration;
    if (status == CLI_FAILED) cli_complain("not enough memory");
    return status;
}

/* --- Peaks --- */

static int find_peaks(transient_run *run) {
    spectra_scratch scratch;
    spectra_error error = {0};
    size_t needed = spectra_transient_required(run->transient.count, &run->options);
    if (needed == SIZE_MAX) return lost(run, "fewer than 64 samples");
    if (!run->bytes) run->bytes = malloc(needed);
    if (!run->bytes) {
        cli_complain("not enough memory");
        return CLI_FAILED;
    }
    spectra_fft_prepare(spectra_transient_fft_size(run->transient.count));
    spectra_scratch_init(&scratch, run->bytes, needed);
    if (spectra_transient_find_peaks(&run->result, &run->transient, &run->options, &scratch, &error) == SPECTRA_OK)
        return CLI_OK;
    cli_complain("%s: sample %llu: %s", run->path, (unsigned long long)error.offset, error.message);
    return CLI_BAD_INPUT;
}

/* The place of the strongest peak near an m/z; peak_count where there is none. */
static uint32_t strongest_near(const spectra_transient_result *result, double mz) {
    uint32_t best = result->peak_count;
    for (uint32_t i = 0; i < result->peak_count; i++) {
        double away = (result->peaks[i].mz / mz - 1) * 1e6;
        if (away > CALIBRANT_PPM || away < -CALIBRANT_PPM) continue;
        if (best == result->peak_count || result->peaks[i].intensity > result->peaks[best].intensity) best = i;
    }
    return best;
}

static void tell_fit(const spectra_mass_calibration *fit) {
    bool icr = fit->analyser == SPECTRA_ANALYSER_ICR;
    char a[CLI_NUMBER_SIZE], b[CLI_NUMBER_SIZE], rms[CLI_NUMBER_SIZE];
    /* Mantissa of twelve decimals: more than the fit is good for. */
    int exponent = 0;
    double mantissa = fit->a;
    for (; mantissa >= 10; mantissa /= 10) exponent++;
    cli_complain("calibration from %u ions: %s:%se%d%s%s, rms %s ppm", fit->ion_count, icr ? "icr" : "orbitrap",
                 cli_number(a, mantissa, 12), exponent, icr ? "," : "", icr ? cli_number(b, fit->b, 3) : "",
                 cli_number(rms, fit->rms_ppm, 3));
}

/* The calibration from the ions that --calibrant names, and the peaks by it. */
static int calibrate(transient_run *run) {
    const cli_transient_words *words = &run->arguments->transient;
    spectra_calibrant ions[CLI_MAX_CALIBRANTS];
    for (uint32_t i = 0; i < words->calibrant_count; i++) {
        ions[i] = (spectra_calibrant){0};
        if (!number_option(&ions[i].mz, "calibrant", words->calibrants[i], 1, 1e6, "1 to 1e6")) return CLI_USAGE;
        uint32_t at = strongest_near(run->result, ions[i].mz);
        if (at == run->result->peak_count) {
            cli_complain("%s: no peak within %d ppm of the calibrant %s", run->path, CALIBRANT_PPM,
                         words->calibrants[i]);
            return CLI_BAD_INPUT;
        }
        ions[i].frequency = run->result->frequencies[at].value;
        ions[i].frequency_error = run->result->frequencies[at].error;
    }
    spectra_status status =
        spectra_mass_calibration_fit(&run->calibration, run->calibration.analyser, ions, words->calibrant_count);
    if (status < 0) return lost(run, "the calibrants do not determine the calibration");
    tell_fit(&run->calibration);
    return find_peaks(run);
}

/* One row a bin. */
static bool write_magnitudes(const transient_run *run) {
    char path[CLI_PATH_SIZE], text[CLI_NUMBER_SIZE];
    int size = snprintf(path, sizeof path, "%s/0.csv", run->arguments->steps);
    FILE *file = size > 0 && (size_t)size < sizeof path ? fopen(path, "wb") : NULL;
    if (!file) return false;
    fputs("frequency,mz,amplitude\n", file);
    for (uint32_t k = 1; k < run->result->bin_count; k++) {
        double frequency = k * run->result->bin_width;
        double mz = spectra_mass_calibration_mz(&run->calibration, frequency, NULL);
        fputs(cli_number(text, frequency, 6), file);
        fputc(',', file);
        fputs(cli_number(text, mz, 6), file);
        fputc(',', file);
        fputs(cli_number(text, (double)run->result->magnitude[k], 9), file);
        fputc('\n', file);
    }
    bool good = !ferror(file);
    return fclose(file) == 0 && good;
}

static const char *name_of(const char *path) {
    const char *slash = strrchr(path, '/');
    if (strcmp(path, "-") == 0) return "standard input";
    return slash ? slash + 1 : path;
}

static int write_peaks(const transient_run *run, FILE *stream, spectra_format format) {
    spectra_sink sink = cli_sink(stream);
    spectra_spectrum *spectrum = NULL;
    spectra_writer *writer = NULL;
    spectra_error error;
    bool good = spectra_spectrum_create(&spectrum, NULL) == SPECTRA_OK &&
                spectra_spectrum_add_metadata(spectrum, "Name", name_of(run->path)) == SPECTRA_OK &&
                spectra_spectrum_from_transient(spectrum, run->result) == SPECTRA_OK &&
                spectra_writer_create(&writer, format, &sink, NULL) == SPECTRA_OK &&
                spectra_writer_write(writer, spectrum, &error) == SPECTRA_OK &&
                spectra_writer_finish(writer) == SPECTRA_OK;
    for (size_t i = 0; good && i < spectra_spectrum_warning_count(spectrum); i++)
        cli_complain("%s: warning: %s", run->path, spectra_spectrum_warning(spectrum, i));
    spectra_writer_free(writer);
    spectra_spectrum_free(spectrum);
    return good ? CLI_OK : CLI_FAILED;
}

static int convert(transient_run *run, FILE *stream, spectra_format format) {
    int kind = choose("transient", run->arguments->transient.kind, kinds, KIND_COUNT);
    if (kind < 0 || !take_options(run)) return CLI_USAGE;
    int status = read_samples(run, kind);
    if (status == CLI_OK) status = find_peaks(run);
    if (status == CLI_OK && run->arguments->transient.calibrant_count > 0) status = calibrate(run);
    if (status == CLI_OK && run->arguments->steps && !write_magnitudes(run)) {
        cli_complain("the curve cannot be written to the folder of --steps");
        status = CLI_FAILED;
    }
    return status == CLI_OK ? write_peaks(run, stream, format) : status;
}

int cli_convert_transient(FILE *stream, const cli_arguments *arguments, spectra_format format) {
    transient_run run = {.arguments = arguments, .path = arguments->files[0]};
    int status = convert(&run, stream, format);
    free(run.samples);
    free(run.bytes);
    return status;
}
