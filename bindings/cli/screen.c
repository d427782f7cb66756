/* SPDX-License-Identifier: Apache-2.0 */
/* spectra screen: each file is a sample, its records are scans; scans are added up, the blank and the sample before are
   taken off, what is left is identified and looked up among the targets. */
#include <stdlib.h>
#include <string.h>

#include "cli.h"

#define MOST_TARGETS 1024

/* What a run needs from beginning to end. */
typedef struct screen_run {
    const cli_arguments *arguments;
    cli_databases databases;
    char *text; /* of the file of targets */
    const char *inchikeys[MOST_TARGETS], *classes[MOST_TARGETS];
    spectra_targets targets;
    spectra_session *session;
    void *memory;
    double saturation;
    spectra_track track; /* of the first scan */
    spectra_ionisation ionisation;
    void *bytes; /* of the scratch */
    size_t size;
} screen_run;

/* What is said of a sample. */
typedef struct screen_answer {
    const char *path;
    const spectra_session_result *peaks;
    const spectra_identification *identification; /* NULL: noise only */
    spectra_alarm alarm;
    const char *name; /* of the target, or of the best of the set; NULL without */
} screen_answer;

static int lost(const char *path, const char *why) {
    cli_complain("%s: %s", path, why);
    return CLI_BAD_INPUT;
}

static int out_of_memory(void) {
    cli_complain("not enough memory");
    return CLI_FAILED;
}

static bool provide_bytes(screen_run *run, size_t needed) {
    if (needed <= run->size) return true;
    free(run->bytes);
    run->bytes = malloc(needed);
    run->size = run->bytes ? needed : 0;
    return run->bytes != NULL;
}

/* --- Targets --- */

static bool is_inchikey(const char *word) {
    return strlen(word) == 27 && word[14] == '-' && word[25] == '-';
}

static char *read_all(const char *path) {
    FILE *file = fopen(path, "rb");
    char *text = file ? malloc(1u << 20) : NULL;
    size_t size = text ? fread(text, 1, 1u << 20, file) : 0;
    bool whole = text && !ferror(file) && size < 1u << 20;
    if (file) fclose(file);
    if (whole) text[size] = '\0';
    if (whole) return text;
    free(text);
    return NULL;
}

static bool add_target(screen_run *run, const char *word) {
    spectra_targets *targets = &run->targets;
    if (targets->inchikey_count == MOST_TARGETS || targets->class_count == MOST_TARGETS) return false;
    if (is_inchikey(word))
        run->inchikeys[targets->inchikey_count++] = word;
    else
        run->classes[targets->class_count++] = word;
    return true;
}

/* A line each: an InChIKey or a class, and what follows a tab is for people. The family of fentanyl without a file. */
static int take_targets(screen_run *run) {
    const char *path = run->arguments->targets;
    run->targets = (spectra_targets){.size = sizeof run->targets, .inchikeys = run->inchikeys, .classes = run->classes};
    if (!path) return add_target(run, "fentanyl-related") ? CLI_OK : CLI_FAILED;
    run->text = read_all(path);
    if (!run->text) return lost(path, "cannot be read, or is longer than 1 MB");
    for (char *line = run->text; *line;) {
        size_t size = strcspn(line, "\r\n"), word = strcspn(line, "\t\r\n");
        char *next = line + size + strspn(line + size, "\r\n");
        line[word] = '\0';
        if (word > 0 && *line != '#' && !add_target(run, line)) return lost(path, "there are too many targets");
        line = next;
    }
    if (run->targets.inchikey_count + run->targets.class_count == 0) return lost(path, "there is no target");
    return CLI_OK;
}

/* --- Scans --- */

static spectra_profile scan_of(const screen_run *run, const spectra_spectrum *record) {
    return (spectra_profile){.size = sizeof(spectra_profile),
                             .count = (uint32_t)spectra_spectrum_peak_count(record),
                             .mz = spectra_spectrum_mz(record),
                             .intensity = spectra_spectrum_intensity(record),
                             .saturation = run->saturation};
}

/* As the first scan is, all others are. */
static int begin_session(screen_run *run, const spectra_spectrum *record, const spectra_profile *scan,
                         const char *path) {
    spectra_profile_options profile = run->arguments->profile_options;
    const spectra_session_options options = {.size = sizeof options, .carry_over = run->arguments->carry_over};
    run->track = run->arguments->search.track ? run->arguments->search.track : spectra_spectrum_track(record);
    profile.size = sizeof profile;
    profile.ionisation = cli_ionisation_of(record, run->arguments);
    size_t size = spectra_session_required(scan, &profile);
    if (size == SIZE_MAX) return lost(path, "too few samples or too long an axis for a profile");
    run->memory = malloc(size);
    if (!run->memory) return out_of_memory();
    spectra_fft_prepare(spectra_profile_fft_size(scan, &profile));
    spectra_status status = spectra_session_begin(&run->session, run->memory, size, scan, &profile, &options);
    return status == SPECTRA_OK ? CLI_OK : lost(path, spectra_status_text(status));
}

static int add_scan(screen_run *run, spectra_scan kind, const spectra_spectrum *record, const char *path) {
    spectra_error error;
    const spectra_profile scan = scan_of(run, record);
    int status = run->session ? CLI_OK : begin_session(run, record, &scan, path);
    if (status != CLI_OK) return status;
    return spectra_session_add(run->session, kind, &scan, &error) == SPECTRA_OK ? CLI_OK : lost(path, error.message);
}

static int add_file(screen_run *run, spectra_scan kind, const char *path) {
    spectra_reader *reader;
    spectra_error error = {0};
    const spectra_spectrum *record;
    int status = CLI_OK;
    if (cli_open_reader(&reader, path, run->arguments->strict, &error) < 0) {
        cli_complain_error(path, &error);
        return CLI_BAD_INPUT;
    }
    spectra_status read = spectra_reader_next(reader, &record, &error);
    for (; status == CLI_OK && read == SPECTRA_OK; read = spectra_reader_next(reader, &record, &error))
        status = add_scan(run, kind, record, path);
    if (status == CLI_OK && read < 0) {
        cli_complain_error(path, &error);
        status = CLI_BAD_INPUT;
    }
    spectra_reader_free(reader);
    return status;
}

/* --- Answers --- */

static void write_json_text(const char *text) {
    putchar('"');
    for (; *text; text++) {
        if (*text == '"' || *text == '\\') putchar('\\');
        if ((unsigned char)*text < 0x20)
            printf("\\u%04x", (unsigned)*text);
        else
            putchar(*text);
    }
    putchar('"');
}

static void write_json(const screen_answer *answer) {
    char share[CLI_NUMBER_SIZE];
    fputs("{\"sample\":", stdout);
    write_json_text(answer->path);
    printf(",\"state\":\"%s\",\"noise_only\":%s", spectra_alarm_text(answer->alarm.state),
           answer->identification ? "false" : "true");
    if (answer->identification) printf(",\"verdict\":\"%s\"", spectra_verdict_text(answer->identification->verdict));
    if (answer->name) {
        fputs(answer->alarm.state == SPECTRA_ALARM_TARGET ? ",\"target\":" : ",\"best\":", stdout);
        write_json_text(answer->name);
    }
    if (answer->alarm.class_name) {
        fputs(",\"class\":", stdout);
        write_json_text(answer->alarm.class_name);
    }
    const spectra_session_result *peaks = answer->peaks;
    printf(",\"targets\":%u,\"set\":%u,\"peaks\":%u,\"scans\":%u,\"blank_scans\":%u,\"blank_peaks\":%u,"
           "\"carried_peaks\":%u,\"carry_over\":%s,\"saturated\":%s}\n",
           answer->alarm.target_count, answer->alarm.set_count, peaks->profile->peak_count, peaks->scan_count,
           peaks->blank_count, peaks->blank_peaks, peaks->carried_peaks, cli_number(share, peaks->carry_over, 4),
           peaks->profile->warnings & SPECTRA_PROFILE_SATURATED ? "true" : "false");
}

static void write_text(const screen_answer *answer) {
    const spectra_session_result *peaks = answer->peaks;
    printf("%s: %s", answer->path, spectra_alarm_text(answer->alarm.state));
    if (!answer->identification) fputs(", noise only", stdout);
    if (answer->alarm.class_name) printf(", %s", answer->alarm.class_name);
    if (answer->identification) {
        printf(" (%s", spectra_verdict_text(answer->identification->verdict));
        if (answer->name) printf(": %s", answer->name);
        if (answer->alarm.set_count > 1) printf(", one of %u", answer->alarm.set_count);
        putchar(')');
    }
    printf("; %u peaks of %u scans, %u of the blank, %u carried over\n", peaks->profile->peak_count, peaks->scan_count,
           peaks->blank_peaks, peaks->carried_peaks);
    if (peaks->warnings & SPECTRA_SESSION_CARRIED) {
        char share[CLI_NUMBER_SIZE];
        printf("    up to %s %% of the sample before may be in it: measure again after a blank\n",
               cli_number(share, 100 * peaks->carry_over, 1));
    }
    if (peaks->profile->warnings & SPECTRA_PROFILE_SATURATED) puts("    the detector was saturated");
    if (peaks->warnings & SPECTRA_SESSION_NO_BLANK) puts("    no blank was measured");
}

static void name_substance(screen_answer *answer, const screen_run *run) {
    spectra_substance substance;
    const spectra_identification *identification = answer->identification;
    spectra_substance_ref ref = answer->alarm.target;
    if (answer->alarm.target_count == 0 && identification->set_count == 0) return;
    if (answer->alarm.target_count == 0)
        ref = (spectra_substance_ref){identification->candidates[0].database, identification->candidates[0].substance};
    if (spectra_database_substance(run->databases.open[ref.database], ref.substance, &substance) == SPECTRA_OK)
        answer->name = substance.name;
}

static int identify(screen_answer *answer, screen_run *run, const spectra_spectrum *spectrum,
                    spectra_scratch *scratch) {
    spectra_search_options options = run->arguments->search;
    const spectra_database *const *databases = (const spectra_database *const *)run->databases.open;
    spectra_error error = {0};
    options.track = run->track;
    if (spectra_identify(&answer->identification, databases, run->databases.count, spectrum, &options, scratch,
                         &error) < 0)
        return lost(answer->path, error.message);
    if (spectra_alarm_judge(&answer->alarm, answer->identification, databases, run->databases.count, &run->targets) < 0)
        return lost(run->arguments->targets ? run->arguments->targets : answer->path, "a target is no InChIKey");
    name_substance(answer, run);
    return CLI_OK;
}

static int answer_peaks(screen_answer *answer, screen_run *run, spectra_scratch *scratch) {
    spectra_spectrum *spectrum = NULL;
    int status = CLI_OK;
    if (answer->peaks->profile->peak_count > 0) {
        if (!cli_axis_is_sure(answer->peaks->profile))
            return lost(answer->path,
                        "the mass axis may be off by more than half a unit; --axis none takes it as it is");
        if (spectra_spectrum_create(&spectrum, NULL) < 0 ||
            spectra_spectrum_from_profile(spectrum, answer->peaks->profile) < 0)
            status = out_of_memory();
        if (status == CLI_OK) status = identify(answer, run, spectrum, scratch);
    }
    if (status == CLI_OK && run->arguments->format == SPECTRA_REPORT_JSONL) write_json(answer);
    if (status == CLI_OK && run->arguments->format == SPECTRA_REPORT_TEXT) write_text(answer);
    spectra_spectrum_free(spectrum);
    return status;
}

static int screen_sample(screen_run *run, const char *path) {
    screen_answer answer = {.path = path};
    spectra_scratch scratch;
    spectra_error error = {0};
    int status = add_file(run, SPECTRA_SCAN_SAMPLE, path);
    if (status != CLI_OK) return status;
    if (!run->session) return lost(path, "there is no scan");
    /* The spectrum has no more peaks than the profile has room for, which its scratch is larger than. */
    size_t needed = spectra_session_peaks_required(run->session);
    if (!provide_bytes(run, needed + spectra_identify_required(needed / sizeof(spectra_profile_peak))))
        return out_of_memory();
    spectra_scratch_init(&scratch, run->bytes, run->size);
    if (spectra_session_find_peaks(&answer.peaks, run->session, &scratch, &error) < 0) return lost(path, error.message);
    status = answer_peaks(&answer, run, &scratch);
    spectra_session_next(run->session, 0);
    return status;
}

static int screen_all(screen_run *run) {
    const cli_arguments *arguments = run->arguments;
    const char *word = arguments->transient.saturation;
    if (word &&
        (spectra_parse_number(&run->saturation, word, strlen(word)) != strlen(word) || !(run->saturation > 0))) {
        cli_complain("--saturation takes a number above 0, not %s", word);
        return CLI_USAGE;
    }
    int status = take_targets(run), worst = CLI_OK;
    if (status != CLI_OK) return status;
    if (!cli_open_databases(&run->databases, arguments)) return CLI_BAD_DATABASE;
    if (arguments->blank) status = add_file(run, SPECTRA_SCAN_BLANK, arguments->blank);
    for (int i = 0; status == CLI_OK && i < arguments->file_count; i++) {
        int one = screen_sample(run, arguments->files[i]);
        if (one != CLI_OK) worst = one;
    }
    return status == CLI_OK ? worst : status;
}

int cli_screen(const cli_arguments *arguments) {
    screen_run *run = calloc(1, sizeof *run);
    if (!run) return out_of_memory();
    run->arguments = arguments;
    int status = screen_all(run);
    cli_close_databases(&run->databases);
    free(run->text);
    free(run->memory);
    free(run->bytes);
    free(run);
    return status;
}
