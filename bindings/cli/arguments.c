/* SPDX-License-Identifier: Apache-2.0 */
/* The command line, taken apart: every word is understood or refused. */
#define _GNU_SOURCE
#include <getopt.h>
#include <string.h>

#include "values.h"

enum {
    OPTION_DB = 256,
    OPTION_TRACK,
    OPTION_TOLERANCE,
    OPTION_PRECURSOR_TOLERANCE,
    OPTION_EXCLUDE_ACCESSION,
    OPTION_EXCLUDE_OWN_COMPOUND,
    OPTION_MASS,
    OPTION_EXPLAIN,
    OPTION_GROUP,
    OPTION_FORMAT,
    OPTION_STRICT,
    OPTION_MODE,
    OPTION_MEASURE,
    OPTION_TOP,
    OPTION_THREADS,
    OPTION_MIN_SCORE,
    OPTION_ALL_SPECTRA,
    OPTION_SUBSTANCES,
    OPTION_KNOWLEDGE,
    OPTION_POSTINGS,
    OPTION_NEUTRAL_LOSS,
    OPTION_SECTIONS,
    OPTION_COVERAGE,
    OPTION_TO,
    OPTION_PROFILE,
    OPTION_FWHM,
    OPTION_ION,
    OPTION_AXIS,
    OPTION_MAX_OFFSET,
    OPTION_MAX_SLOPE,
    OPTION_PEAKS,
    OPTION_BASELINE,
    OPTION_WIENER,
    OPTION_ITERATIONS,
    OPTION_STEPS,
    OPTION_BLANK,
    OPTION_TARGETS,
    OPTION_CARRY_OVER,
    OPTION_LANG,
    OPTION_CASE,
    OPTION_REVIEWER,
    OPTION_DATE,
    OPTION_NOTE,
    OPTION_REPLAY,
    OPTION_PLOT,
    OPTION_PICTURE,
    OPTION_WIDTH,
    OPTION_HEIGHT,
    OPTION_DPI,
    OPTION_FROM,
    OPTION_TO_MZ,
    OPTION_LABELS,
    OPTION_RECORD,
    OPTION_TRANSIENT,
    OPTION_RATE,
    OPTION_CALIBRATION,
    OPTION_CALIBRANT,
    OPTION_APODISATION,
    OPTION_BETA,
    OPTION_THRESHOLD,
    OPTION_SATURATION
};

#define FOR(command) (1u << (command))
#define FOR_QUERIES (FOR(CLI_IDENTIFY) | FOR(CLI_SEARCH))
#define FOR_VERDICTS (FOR_QUERIES | FOR(CLI_REPORT))
#define FOR_PROFILES (FOR_QUERIES | FOR(CLI_PREPROCESS) | FOR(CLI_PLOT) | FOR(CLI_SCREEN))
#define FOR_PICTURES (FOR(CLI_IDENTIFY) | FOR(CLI_PLOT))

/* An option and the commands that know it. */
typedef struct option_row {
    const char *name;
    int code;
    int has_value;
    unsigned commands;
} option_row;

static const option_row rows[] = {
    {"db", OPTION_DB, required_argument, FOR_VERDICTS | FOR(CLI_SCREEN)},
    {"track", OPTION_TRACK, required_argument, FOR_PROFILES | FOR(CLI_BUILD) | FOR(CLI_REPORT)},
    {"tolerance", OPTION_TOLERANCE, required_argument, FOR_VERDICTS | FOR(CLI_PLOT) | FOR(CLI_SCREEN)},
    {"precursor-tolerance", OPTION_PRECURSOR_TOLERANCE, required_argument, FOR_VERDICTS},
    {"exclude-accession", OPTION_EXCLUDE_ACCESSION, required_argument, FOR_VERDICTS | FOR(CLI_SCREEN)},
    {"exclude-own-compound", OPTION_EXCLUDE_OWN_COMPOUND, no_argument, FOR_VERDICTS},
    {"mass", OPTION_MASS, required_argument, FOR_VERDICTS},
    {"explain", OPTION_EXPLAIN, no_argument, FOR(CLI_IDENTIFY)},
    {"group", OPTION_GROUP, no_argument, FOR(CLI_IDENTIFY)},
    {"format", OPTION_FORMAT, required_argument, FOR_QUERIES | FOR(CLI_SCREEN)},
    {"strict", OPTION_STRICT, no_argument, FOR_PROFILES | FOR(CLI_BUILD) | FOR(CLI_CONVERT) | FOR(CLI_REPORT)},
    {"mode", OPTION_MODE, required_argument, FOR(CLI_SEARCH)},
    {"measure", OPTION_MEASURE, required_argument, FOR(CLI_SEARCH)},
    {"threads", OPTION_THREADS, required_argument, FOR_QUERIES},
    {"top", OPTION_TOP, required_argument, FOR(CLI_SEARCH)},
    {"min-score", OPTION_MIN_SCORE, required_argument, FOR(CLI_SEARCH)},
    {"all-spectra", OPTION_ALL_SPECTRA, no_argument, FOR(CLI_SEARCH)},
    {"postings", OPTION_POSTINGS, required_argument, FOR(CLI_BUILD)},
    {"neutral-loss", OPTION_NEUTRAL_LOSS, no_argument, FOR(CLI_BUILD)},
    {"substances", OPTION_SUBSTANCES, required_argument, FOR(CLI_BUILD)},
    {"knowledge", OPTION_KNOWLEDGE, required_argument, FOR(CLI_BUILD)},
    {"sections", OPTION_SECTIONS, no_argument, FOR(CLI_INFO)},
    {"coverage", OPTION_COVERAGE, no_argument, FOR(CLI_INFO)},
    {"to", OPTION_TO, required_argument, FOR(CLI_CONVERT) | FOR(CLI_PREPROCESS)},
    {"output", 'o', required_argument,
     FOR(CLI_BUILD) | FOR(CLI_CONVERT) | FOR(CLI_PREPROCESS) | FOR(CLI_PLOT) | FOR(CLI_REPORT)},
#ifdef CLI_HAS_PLOT
    {"lang", OPTION_LANG, required_argument, FOR(CLI_REPORT)},
    {"case", OPTION_CASE, required_argument, FOR(CLI_REPORT)},
    {"reviewer", OPTION_REVIEWER, required_argument, FOR(CLI_REPORT)},
    {"date", OPTION_DATE, required_argument, FOR(CLI_REPORT)},
    {"note", OPTION_NOTE, required_argument, FOR(CLI_REPORT)},
    {"replay", OPTION_REPLAY, no_argument, FOR(CLI_REPORT)},
    {"plot", OPTION_PLOT, required_argument, FOR(CLI_IDENTIFY)},
    {"picture", OPTION_PICTURE, required_argument, FOR_PICTURES},
    {"width", OPTION_WIDTH, required_argument, FOR_PICTURES},
    {"height", OPTION_HEIGHT, required_argument, FOR_PICTURES},
    {"dpi", OPTION_DPI, required_argument, FOR_PICTURES},
    {"from", OPTION_FROM, required_argument, FOR_PICTURES},
    {"to", OPTION_TO_MZ, required_argument, FOR_PICTURES},
    {"labels", OPTION_LABELS, required_argument, FOR_PICTURES},
    {"record", OPTION_RECORD, required_argument, FOR(CLI_PLOT)},
#endif
    {"profile", OPTION_PROFILE, no_argument, FOR_QUERIES | FOR(CLI_PLOT)},
    {"fwhm", OPTION_FWHM, required_argument, FOR_PROFILES},
    {"ion", OPTION_ION, required_argument, FOR_PROFILES},
    {"axis", OPTION_AXIS, required_argument, FOR_PROFILES},
    {"max-offset", OPTION_MAX_OFFSET, required_argument, FOR_PROFILES},
    {"max-slope", OPTION_MAX_SLOPE, required_argument, FOR_PROFILES},
    {"peaks", OPTION_PEAKS, required_argument, FOR_PROFILES},
    {"baseline", OPTION_BASELINE, required_argument, FOR_PROFILES},
    {"wiener", OPTION_WIENER, no_argument, FOR_PROFILES},
    {"iterations", OPTION_ITERATIONS, required_argument, FOR_PROFILES},
    {"blank", OPTION_BLANK, required_argument, FOR(CLI_SCREEN)},
    {"targets", OPTION_TARGETS, required_argument, FOR(CLI_SCREEN)},
    {"carry-over", OPTION_CARRY_OVER, required_argument, FOR(CLI_SCREEN)},
    {"steps", OPTION_STEPS, required_argument, FOR(CLI_PREPROCESS)},
    {"transient", OPTION_TRANSIENT, required_argument, FOR(CLI_PREPROCESS)},
    {"rate", OPTION_RATE, required_argument, FOR(CLI_PREPROCESS)},
    {"calibration", OPTION_CALIBRATION, required_argument, FOR(CLI_PREPROCESS)},
    {"calibrant", OPTION_CALIBRANT, required_argument, FOR(CLI_PREPROCESS)},
    {"apodisation", OPTION_APODISATION, required_argument, FOR(CLI_PREPROCESS)},
    {"beta", OPTION_BETA, required_argument, FOR(CLI_PREPROCESS)},
    {"threshold", OPTION_THRESHOLD, required_argument, FOR(CLI_PREPROCESS)},
    {"saturation", OPTION_SATURATION, required_argument, FOR(CLI_PREPROCESS) | FOR(CLI_SCREEN)},
};
#define ROW_COUNT (sizeof rows / sizeof *rows)

static const cli_choice tracks[] = {
    {"ei", SPECTRA_TRACK_EI}, {"msms", SPECTRA_TRACK_MSMS}, {"insource", SPECTRA_TRACK_INSOURCE}, {NULL, 0}};
static const cli_choice axes[] = {{"none", SPECTRA_IONISATION_UNKNOWN},
                                  {"ei", SPECTRA_IONISATION_EI},
                                  {"protonated", SPECTRA_IONISATION_PROTONATED},
                                  {NULL, 0}};
static const cli_choice peaks[] = {{"comb", SPECTRA_PEAKS_COMB}, {"centroid", SPECTRA_PEAKS_CENTROID}, {NULL, 0}};
static const cli_choice baselines[] = {{"opening", SPECTRA_BASELINE_OPENING},
                                       {"high-pass", SPECTRA_BASELINE_HIGH_PASS},
                                       {"none", SPECTRA_BASELINE_NONE},
                                       {NULL, 0}};
static const cli_choice formats[] = {
    {"text", SPECTRA_REPORT_TEXT}, {"jsonl", SPECTRA_REPORT_JSONL}, {"tsv", SPECTRA_REPORT_TSV}, {NULL, 0}};
static const cli_choice modes[] = {{"identity", SPECTRA_SEARCH_IDENTITY},
                                   {"similarity", SPECTRA_SEARCH_SIMILARITY},
                                   {"reverse", SPECTRA_SEARCH_REVERSE},
                                   {"hybrid", SPECTRA_SEARCH_HYBRID},
                                   {NULL, 0}};
static const cli_choice measures[] = {{"match-factor", SPECTRA_MEASURE_MATCH_FACTOR},
                                      {"identity", SPECTRA_MEASURE_IDENTITY},
                                      {"entropy", SPECTRA_MEASURE_ENTROPY},
                                      {"cosine", SPECTRA_MEASURE_COSINE},
                                      {"weighted-cosine", SPECTRA_MEASURE_WEIGHTED_COSINE},
                                      {"modified-cosine", SPECTRA_MEASURE_MODIFIED_COSINE},
                                      {"neutral-loss", SPECTRA_MEASURE_NEUTRAL_LOSS},
                                      {"hybrid", SPECTRA_MEASURE_HYBRID},
                                      {NULL, 0}};
static const cli_choice postings[] = {{"default", SPECTRA_POSTINGS_DEFAULT},
                                      {"never", SPECTRA_POSTINGS_NEVER},
                                      {"always", SPECTRA_POSTINGS_ALWAYS},
                                      {NULL, 0}};
static const cli_choice targets[] = {{"msp", SPECTRA_FORMAT_MSP},
                                     {"mgf", SPECTRA_FORMAT_MGF},
                                     {"json", SPECTRA_FORMAT_JSON},
                                     {"records", SPECTRA_FORMAT_RECORD},
                                     {NULL, 0}};

static const cli_choice languages[] = {{"en", CLI_ENGLISH}, {"es", CLI_SPANISH}, {"fr", CLI_FRENCH}, {NULL, 0}};
static const cli_choice pictures[] = {{"png", CLI_PICTURE_PNG}, {"svg", CLI_PICTURE_SVG}, {NULL, 0}};

static bool take_profile_option(cli_arguments *a, int code, const char *word) {
    spectra_profile_options *options = &a->profile_options;
    switch (code) {
    case OPTION_PROFILE:
        a->profile = true;
        return true;
    case OPTION_FWHM:
        return cli_decimal(&options->fwhm, "fwhm", word, 0.05, 10, "0.05 to 10");
    case OPTION_ION:
        return cli_decimal(&options->ion_intensity, "ion", word, 1e-9, 1e9, "1e-9 to 1e9");
    case OPTION_AXIS:
        a->axis = word;
        return cli_choose(&options->ionisation, axes, "axis", word);
    case OPTION_MAX_OFFSET:
        return cli_decimal(&options->max_offset, "max-offset", word, 1e-3, 1.3, "0.001 to 1.3");
    case OPTION_MAX_SLOPE:
        return cli_decimal(&options->max_slope_ppm, "max-slope", word, 1, 1000, "1 to 1000");
    case OPTION_PEAKS:
        return cli_choose(&options->method, peaks, "peaks", word);
    case OPTION_BASELINE:
        return cli_choose(&options->baseline, baselines, "baseline", word);
    case OPTION_WIENER:
        options->wiener = 1;
        return true;
    case OPTION_ITERATIONS:
        return cli_count(&options->iterations, "iterations", word, 200);
    case OPTION_STEPS:
        a->steps = word;
        return true;
    case OPTION_BLANK:
        a->blank = word;
        return true;
    case OPTION_TARGETS:
        a->targets = word;
        return true;
    case OPTION_CARRY_OVER:
        return cli_decimal(&a->carry_over, "carry-over", word, 1e-9, 0.5, "1e-9 to 0.5");
    default:
        return false;
    }
}

static bool take_report_option(cli_report_options *r, int code, const char *word) {
    switch (code) {
    case OPTION_LANG:
        return cli_choose(&r->language, languages, "lang", word);
    case OPTION_CASE:
        r->case_id = word;
        return true;
    case OPTION_REVIEWER:
        r->reviewer = word;
        return true;
    case OPTION_DATE:
        r->date = word;
        return true;
    case OPTION_NOTE:
        r->note = word;
        return true;
    default:
        r->replay = true;
        return true;
    }
}

static bool take_picture_option(cli_picture_options *p, int code, const char *word) {
    switch (code) {
    case OPTION_PLOT:
        p->folder = word;
        return true;
    case OPTION_PICTURE:
        return cli_choose(&p->kind, pictures, "picture", word);
    case OPTION_WIDTH:
        return cli_decimal(&p->width, "width", word, 75, 3000, "75 to 3000");
    case OPTION_HEIGHT:
        return cli_decimal(&p->height, "height", word, 55, 3000, "55 to 3000");
    case OPTION_DPI:
        if (!cli_count(&p->dpi, "dpi", word, 1200)) return false;
        if (p->dpi < 36) cli_complain("--dpi takes at least 36, not %s", word);
        return p->dpi >= 36;
    case OPTION_FROM:
        return cli_decimal(&p->from_mz, "from", word, 0, 1e6, "0 to 1000000");
    case OPTION_TO_MZ:
        return cli_decimal(&p->to_mz, "to", word, 0.001, 1e6, "0.001 to 1000000");
    case OPTION_LABELS:
        return cli_count(&p->labels, "labels", word, 100);
    default:
        return cli_count(&p->record, "record", word, 1000000000);
    }
}

/* Read and checked where the transient is. */
static bool take_transient_option(cli_transient_words *t, int code, const char *word) {
    const struct {
        int code;
        const char **word;
    } places[] = {{OPTION_TRANSIENT, &t->kind},          {OPTION_RATE, &t->rate}, {OPTION_CALIBRATION, &t->calibration},
                  {OPTION_APODISATION, &t->apodisation}, {OPTION_BETA, &t->beta}, {OPTION_THRESHOLD, &t->threshold},
                  {OPTION_SATURATION, &t->saturation}};
    if (code == OPTION_CALIBRANT)
        return cli_add(t->calibrants, &t->calibrant_count, CLI_MAX_CALIBRANTS, "calibrant", word);
    for (size_t i = 0; i < sizeof places / sizeof *places; i++)
        if (places[i].code == code) *places[i].word = word;
    return true;
}

static bool take_option(cli_arguments *a, int code, const char *word) {
    switch (code) {
    case 'o':
        a->output = word;
        return true;
    case OPTION_DB:
        return cli_add(a->databases, &a->database_count, CLI_MAX_DATABASES, "db", word);
    case OPTION_TRACK:
        return cli_choose(&a->search.track, tracks, "track", word);
    case OPTION_TOLERANCE:
        return cli_tolerance(&a->search.tolerance, "tolerance", word);
    case OPTION_PRECURSOR_TOLERANCE:
        if (strcmp(word, "open") == 0) a->search.open = 1;
        return a->search.open || cli_tolerance(&a->search.precursor_tolerance, "precursor-tolerance", word);
    case OPTION_EXCLUDE_ACCESSION:
        return cli_add(a->prefixes, &a->search.exclude_accession_count, CLI_MAX_PREFIXES, "exclude-accession", word);
    case OPTION_EXCLUDE_OWN_COMPOUND:
        a->search.exclude_own_compound = 1;
        return true;
    case OPTION_MASS:
        return cli_count(&a->search.mass_da, "mass", word, 4095);
    case OPTION_EXPLAIN:
        a->explain = true;
        return true;
    case OPTION_GROUP:
        a->group = true;
        return true;
    case OPTION_FORMAT:
        return cli_choose(&a->format, formats, "format", word);
    case OPTION_STRICT:
        a->strict = true;
        return true;
    case OPTION_MODE:
        return cli_choose(&a->search.mode, modes, "mode", word);
    case OPTION_MEASURE:
        return cli_choose(&a->search.measure, measures, "measure", word);
    case OPTION_TOP:
        return cli_count(&a->top, "top", word, CLI_MAX_TOP);
    case OPTION_THREADS:
        return cli_count(&a->threads, "threads", word, CLI_MAX_THREADS);
    case OPTION_MIN_SCORE:
        return cli_min_score(&a->search.min_score, word);
    case OPTION_ALL_SPECTRA:
        a->search.all_spectra = 1;
        return true;
    case OPTION_POSTINGS:
        return cli_choose(&a->build.postings, postings, "postings", word);
    case OPTION_NEUTRAL_LOSS:
        a->build.loss_postings = 1;
        return true;
    case OPTION_SUBSTANCES:
        a->substances = word;
        return true;
    case OPTION_KNOWLEDGE:
        a->knowledge = word;
        return true;
    case OPTION_SECTIONS:
        a->sections = true;
        return true;
    case OPTION_COVERAGE:
        a->coverage = true;
        return true;
    case OPTION_TO:
        return cli_choose(&a->to, targets, "to", word);
    default:
        if (code >= OPTION_TRANSIENT) return take_transient_option(&a->transient, code, word);
        if (code >= OPTION_LANG && code < OPTION_PLOT) return take_report_option(&a->report, code, word);
        return code >= OPTION_PLOT ? take_picture_option(&a->picture, code, word) : take_profile_option(a, code, word);
    }
}

/* getopt's table of what this command knows. */
static void known_options(struct option *known, cli_command command) {
    size_t used = 0;
    for (size_t i = 0; i < ROW_COUNT; i++)
        if (rows[i].commands & FOR(command))
            known[used++] = (struct option){rows[i].name, rows[i].has_value, NULL, rows[i].code};
    known[used] = (struct option){NULL, 0, NULL, 0};
}

/* What a report says that it was asked, so that --replay can ask the same: not where to write and what is read. */
static bool remember(cli_arguments *a, int code, const char *word) {
    if (a->command != CLI_REPORT || code == 'o' || code == OPTION_DB || code == OPTION_REPLAY) return true;
    if (a->given_count == CLI_MAX_GIVEN) {
        cli_complain("more than %d options are given", CLI_MAX_GIVEN);
        return false;
    }
    for (size_t i = 0; i < ROW_COUNT; i++)
        if (rows[i].code == code && (rows[i].commands & FOR(CLI_REPORT)))
            a->given[a->given_count++] = (cli_given){rows[i].name, word};
    return true;
}

/* In our words: getopt's own depend on the locale. */
static bool refuse(int code, const char *word) {
    cli_complain(code == ':' ? "%s takes a value" : "%s is no option here", word);
    return false;
}

static bool check(const cli_arguments *a) {
    bool writes = a->command == CLI_CONVERT || a->command == CLI_PREPROCESS;
    bool single = a->command == CLI_INFO || a->report.replay || a->command == CLI_VERIFY || writes;
    if (a->file_count == 0)
        cli_complain("no file is given");
    else if (single && a->file_count > 1)
        cli_complain("one file is expected, not %d", a->file_count);
    else if (a->command == CLI_PLOT && a->file_count > 2)
        cli_complain("one or two files are expected, not %d", a->file_count);
    else if ((a->command == CLI_BUILD || a->command == CLI_PLOT || writes ||
              (a->command == CLI_REPORT && !a->report.replay)) &&
             !a->output)
        cli_complain("where to write is not given: -o FILE");
    else if (a->command != CLI_SEARCH && a->format == SPECTRA_REPORT_TSV)
        cli_complain("%s writes text or jsonl", a->command == CLI_SCREEN ? "screen" : "identify");
    else if (a->group && (a->picture.folder || a->explain))
        cli_complain("--group goes without --%s", a->explain ? "explain" : "plot");
    else if (a->picture.from_mz > 0 && a->picture.to_mz <= a->picture.from_mz)
        cli_complain("--to must lie above --from");
    else
        return true;
    return false;
}

bool cli_parse(cli_arguments *arguments, cli_command command, int argc, char **argv) {
    *arguments = (cli_arguments){.command = command,
                                 .top = 10,
                                 .threads = 1,
                                 .search = {.size = sizeof arguments->search},
                                 .build = {.size = sizeof arguments->build}};
    struct option known[ROW_COUNT + 1];
    known_options(known, command);
    static char program[] = "spectra";
    argv[0] = program;
    optind = 1;
    for (int code; (code = getopt_long(argc, argv, ":o:", known, NULL)) != -1;) {
        if (code == '?' || code == ':') return refuse(code, argv[optind - 1]);
        if (!take_option(arguments, code, optarg) || !remember(arguments, code, optarg)) return false;
    }
    arguments->search.exclude_accession = arguments->prefixes;
    arguments->files = argv + optind;
    arguments->file_count = argc - optind;
    return check(arguments);
}
