/* SPDX-License-Identifier: Apache-2.0 */
/* spectra plot, and the pictures of spectra identify --plot. */
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "spectra/plot.h"

#define POINTS_PER_MM (72 / 25.4)
#define NOTE_SIZE 200

static int kind_of(const cli_arguments *arguments) {
    const char *dot = arguments->output ? strrchr(arguments->output, '.') : NULL;
    if (arguments->picture.kind != CLI_PICTURE_BY_ENDING) return arguments->picture.kind;
    if (arguments->picture.folder || (dot && strcmp(dot, ".png") == 0)) return CLI_PICTURE_PNG;
    return dot && strcmp(dot, ".svg") == 0 ? CLI_PICTURE_SVG : CLI_PICTURE_BY_ENDING;
}

static spectra_plot_options options_of(const cli_arguments *arguments) {
    const cli_picture_options *p = &arguments->picture;
    return (spectra_plot_options){.size = sizeof(spectra_plot_options),
                                  .tolerance = arguments->search.tolerance,
                                  .width = p->width * POINTS_PER_MM,
                                  .height = p->height * POINTS_PER_MM,
                                  .from_mz = p->from_mz,
                                  .to_mz = p->to_mz,
                                  .labels = p->labels};
}

/* --- What is drawn of a record --- */

static void name_record(spectra_plot_peaks *out, const spectra_spectrum *spectrum) {
    out->name = spectra_spectrum_field(spectrum, SPECTRA_FIELD_NAME);
    if (!out->name) out->name = spectra_spectrum_field(spectrum, SPECTRA_FIELD_ACCESSION);
    if (!out->name) out->name = "spectrum without a name";
    out->formula = spectra_spectrum_field(spectrum, SPECTRA_FIELD_FORMULA);
}

#define MOLECULAR_ION "M\xe2\x81\xba\xe2\x80\xa2"

/* EI spectra have no precursor: their molecular ion is marked where it is known. */
static void peaks_of_record(spectra_plot_peaks *out, const spectra_spectrum *spectrum) {
    *out = (spectra_plot_peaks){.mz = spectra_spectrum_mz(spectrum),
                                .intensity = spectra_spectrum_intensity(spectrum),
                                .count = spectra_spectrum_peak_count(spectrum)};
    name_record(out, spectrum);
    if (spectra_spectrum_track(spectrum) == SPECTRA_TRACK_EI) return;
    if (spectra_spectrum_precursor_mz(spectrum, &out->ion_mz) < 0) out->ion_mz = 0;
    out->ion = spectra_spectrum_field(spectrum, SPECTRA_FIELD_ADDUCT);
    if (!out->ion) out->ion = "precursor";
}

static spectra_status write_picture(const spectra_picture *picture, FILE *stream, int kind, uint32_t dpi) {
    const spectra_sink sink = cli_sink(stream);
    return kind == CLI_PICTURE_SVG ? spectra_picture_svg(picture, &sink) : spectra_picture_png(picture, dpi, &sink);
}

static bool write_file(const spectra_picture *picture, const char *path, int kind, uint32_t dpi) {
    char temporary[CLI_PATH_SIZE];
    if (strcmp(path, "-") == 0) return write_picture(picture, stdout, kind, dpi) == SPECTRA_OK;
    FILE *stream = cli_begin_file(temporary, path);
    return stream && cli_end_file(stream, temporary, path, write_picture(picture, stream, kind, dpi) == SPECTRA_OK);
}

/* --- spectra plot --- */

/* The record of a file, copied: it is the caller's to free. */
static int read_record(spectra_spectrum **out, const char *path, uint32_t number, const cli_arguments *arguments) {
    spectra_reader *reader;
    const spectra_spectrum *record = NULL;
    spectra_error error = {0};
    spectra_status status = cli_open_reader(&reader, path, arguments->strict, &error);
    if (status == SPECTRA_OK) {
        for (uint32_t i = 0; i < number && status == SPECTRA_OK; i++)
            status = spectra_reader_next(reader, &record, &error);
        if (status == SPECTRA_OK) status = spectra_spectrum_copy(out, record, NULL);
        spectra_reader_free(reader);
    }
    if (status == SPECTRA_OK) return CLI_OK;
    if (status == SPECTRA_END)
        cli_complain("%s: there is no record %u", path, number);
    else
        cli_complain_error(path, &error);
    return CLI_BAD_INPUT;
}

static double difference_of_precursors(const spectra_plot_peaks *query, const spectra_plot_peaks *reference) {
    double delta = query->ion_mz - reference->ion_mz;
    bool known = query->ion_mz > 0 && reference->ion_mz > 0;
    return known && (delta > 0.5 || delta < -0.5) ? delta : 0;
}

static spectra_status plot_records(spectra_picture **out, spectra_spectrum *const *records,
                                   const cli_arguments *arguments) {
    spectra_plot_options options = options_of(arguments);
    spectra_plot_peaks query, reference;
    peaks_of_record(&query, records[0]);
    if (!records[1]) return spectra_plot_spectrum(out, &query, &options);
    peaks_of_record(&reference, records[1]);
    options.nominal =
        spectra_spectrum_track(records[0]) == SPECTRA_TRACK_EI || arguments->search.track == SPECTRA_TRACK_EI;
    options.mass_errors = !options.nominal;
    options.delta_mz = difference_of_precursors(&query, &reference);
    return spectra_plot_mirror(out, &query, &reference, &options);
}

static spectra_status plot_profile(spectra_picture **out, const spectra_spectrum *record,
                                   const cli_arguments *arguments) {
    spectra_plot_options options = options_of(arguments);
    spectra_plot_peaks words = {0};
    cli_profiler profiler = {0};
    const spectra_spectrum *peaks;
    spectra_error error = {0};
    spectra_status status = cli_find_peaks(&peaks, &profiler, record, arguments, &error);
    name_record(&words, record);
    if (status == SPECTRA_OK)
        status = spectra_plot_profile(out, profiler.result, &words, &options);
    else
        cli_complain_error(arguments->files[0], &error);
    cli_profiler_free(&profiler);
    return status;
}

static int plot(spectra_spectrum *const *records, const cli_arguments *arguments, int kind) {
    spectra_picture *picture = NULL;
    spectra_status status =
        arguments->profile ? plot_profile(&picture, records[0], arguments) : plot_records(&picture, records, arguments);
    bool written = status == SPECTRA_OK && write_file(picture, arguments->output, kind, arguments->picture.dpi);
    spectra_picture_free(picture);
    if (status == SPECTRA_E_FORMAT) return CLI_BAD_INPUT;
    if (!written) cli_complain("cannot write %s", arguments->output);
    return written ? CLI_OK : CLI_FAILED;
}

int cli_plot(const cli_arguments *arguments) {
    spectra_spectrum *records[2] = {NULL, NULL};
    int kind = kind_of(arguments);
    if (kind == CLI_PICTURE_BY_ENDING) {
        cli_complain("the ending of %s tells no picture: choose one with --picture", arguments->output);
        return CLI_USAGE;
    }
    if (arguments->profile && arguments->file_count > 1) {
        cli_complain("a profile is drawn alone");
        return CLI_USAGE;
    }
    uint32_t number = arguments->picture.record ? arguments->picture.record : 1;
    int status = read_record(&records[0], arguments->files[0], number, arguments);
    if (status == CLI_OK && arguments->file_count > 1)
        status = read_record(&records[1], arguments->files[1], 1, arguments);
    if (status == CLI_OK) status = plot(records, arguments, kind);
    spectra_spectrum_free(records[0]);
    spectra_spectrum_free(records[1]);
    return status;
}

/* --- spectra identify --plot --- */

/* Peaks, words and ion of a hit's entry; the peaks are in one block that the caller frees. */
static spectra_status peaks_of_hit(spectra_plot_peaks *out, double **block, const spectra_report_query *query,
                                   const spectra_hit *hit) {
    const spectra_database *database = query->databases[hit->database];
    spectra_substance substance;
    spectra_entry entry;
    size_t count;
    spectra_status status = spectra_database_substance(database, hit->substance, &substance);
    if (status == SPECTRA_OK) status = spectra_database_entry(database, hit->entry, &entry);
    if (status == SPECTRA_OK) status = spectra_database_peaks(database, hit->entry, NULL, NULL, 0, &count);
    if (status < 0) return status;
    *block = malloc((2 * count + 1) * sizeof **block);
    if (!*block) return SPECTRA_E_MEMORY;
    *out = (spectra_plot_peaks){.mz = *block,
                                .intensity = *block + count,
                                .count = count,
                                .name = substance.name[0] ? substance.name : entry.name,
                                .formula = substance.formula,
                                .ion_mz = entry.precursor_uth / 1e6,
                                .ion = entry.adduct[0] ? entry.adduct : "precursor"};
    if (entry.track == SPECTRA_TRACK_EI) {
        out->ion_mz = (double)((substance.exact_mass_uda + 500000) / 1000000);
        out->ion = MOLECULAR_ION;
    }
    return spectra_database_peaks(database, hit->entry, *block, *block + count, count, &count);
}

/* "score 955 of 999; verdict: not distinguished" */
static void write_note(char note[NOTE_SIZE], const spectra_hit *hit, const spectra_identification *it) {
    char verdict[40];
    snprintf(verdict, sizeof verdict, "%s", spectra_verdict_text(it->verdict));
    for (char *c = verdict; *c; c++)
        if (*c == '_') *c = ' ';
    unsigned score = (unsigned)(((uint64_t)hit->score * 999 + SPECTRA_SCORE_ONE / 2) / SPECTRA_SCORE_ONE);
    bool relative = it->verdict == SPECTRA_VERDICT_CLASS_ONLY && it->relative_count > 0;
    snprintf(note, NOTE_SIZE, "%s %u of 999; verdict: %s", relative ? "a known relative, likeness" : "score", score,
             verdict);
}

/* What is most like the query: the first candidate, or of an analogue the relative most like it. */
static const spectra_hit *most_alike(const spectra_identification *it) {
    if (it->verdict == SPECTRA_VERDICT_CLASS_ONLY && it->relative_count > 0) return &it->relatives[0];
    return it->candidate_count > 0 ? &it->candidates[0] : NULL;
}

static spectra_status draw_answer(spectra_picture **out, const spectra_report_query *query,
                                  const spectra_identification *it, const cli_arguments *arguments, double **block) {
    spectra_plot_options options = options_of(arguments);
    spectra_plot_peaks unknown, reference;
    char note[NOTE_SIZE];
    peaks_of_record(&unknown, query->spectrum);
    options.nominal = it->search.track == SPECTRA_TRACK_EI;
    options.mass_errors = !options.nominal;
    if (options.nominal && it->molecular_mass.origin != SPECTRA_MASS_UNKNOWN) {
        unknown.ion_mz = it->molecular_mass.value_da;
        unknown.ion = it->molecular_mass.origin == SPECTRA_MASS_INFERRED ? "inferred " MOLECULAR_ION : MOLECULAR_ION;
    }
    const spectra_hit *hit = most_alike(it);
    if (!hit) return spectra_plot_spectrum(out, &unknown, &options);
    spectra_status status = peaks_of_hit(&reference, block, query, hit);
    if (status < 0) return status;
    write_note(note, hit, it);
    reference.note = note;
    options.delta_mz = difference_of_precursors(&unknown, &reference);
    return spectra_plot_mirror(out, &unknown, &reference, &options);
}

spectra_status cli_draw_answer(const spectra_sink *sink, const spectra_report_query *query,
                               const spectra_identification *identification, const cli_arguments *arguments) {
    spectra_picture *picture = NULL;
    double *block = NULL;
    spectra_status status = draw_answer(&picture, query, identification, arguments, &block);
    if (status == SPECTRA_OK) status = spectra_picture_svg(picture, sink);
    spectra_picture_free(picture);
    free(block);
    return status;
}

spectra_status cli_plot_answer(const spectra_report_query *query, const spectra_identification *identification,
                               const cli_arguments *arguments, uint64_t number, spectra_error *error) {
    char path[CLI_PATH_SIZE];
    spectra_picture *picture = NULL;
    double *block = NULL;
    int kind = kind_of(arguments);
    int size = snprintf(path, sizeof path, "%s/%llu.%s", arguments->picture.folder, (unsigned long long)number,
                        kind == CLI_PICTURE_SVG ? "svg" : "png");
    spectra_status status = draw_answer(&picture, query, identification, arguments, &block);
    if (status == SPECTRA_OK && (size >= CLI_PATH_SIZE || !write_file(picture, path, kind, arguments->picture.dpi)))
        status = SPECTRA_E_IO;
    if (status < 0) {
        *error = (spectra_error){.status = status};
        snprintf(error->message, sizeof error->message, "the picture %.180s cannot be made", path);
    }
    spectra_picture_free(picture);
    free(block);
    return status;
}
