/* SPDX-License-Identifier: Apache-2.0 */
/* spectra identify, spectra search: each spectrum of each file against the databases. */
#include <stdlib.h>
#include <string.h>

#include "cli.h"

/* What a run of queries needs from beginning to end. */
typedef struct query_run {
    const cli_arguments *arguments;
    spectra_sink sink;
    spectra_database *databases[CLI_MAX_DATABASES];
    const char *names[CLI_MAX_DATABASES];
    uint32_t database_count;
    spectra_hit *hits;
    uint8_t *bytes; /* of the scratch */
    size_t size;
    cli_profiler profiler;
    uint64_t readable, unreadable, refused;
    spectra_verdict last_verdict;
    bool failed; /* output or memory: no use going on */
} query_run;

static bool open_databases(query_run *run) {
    const cli_arguments *arguments = run->arguments;
    const char *usual = getenv("SPECTRA_DATABASE");
    if (!usual) usual = cli_data_file("reference.spdb");
    uint32_t count = arguments->database_count > 0 ? arguments->database_count : 1;
    for (uint32_t i = 0; i < count; i++) {
        const char *path = arguments->database_count > 0 ? arguments->databases[i] : usual;
        if (!path) {
            cli_complain("the reference database is not installed: name one with --db");
            return false;
        }
        spectra_error error = {0};
        if (spectra_database_open(&run->databases[i], path, SPECTRA_OPEN_MAP, NULL, &error) < 0) {
            cli_complain_error(path, &error);
            return false;
        }
        run->names[i] = path;
        run->database_count++;
    }
    return true;
}

/* The scratch grows with the largest spectrum met. */
static bool provide_scratch(query_run *run, spectra_scratch *scratch, size_t peak_count) {
    size_t needed = spectra_identify_required(peak_count);
    if (needed > run->size) {
        free(run->bytes);
        run->bytes = malloc(needed);
        run->size = run->bytes ? needed : 0;
    }
    spectra_scratch_init(scratch, run->bytes, run->size);
    return run->bytes != NULL;
}

static spectra_status identify(query_run *run, const spectra_report_query *query, spectra_scratch *scratch,
                               spectra_error *error) {
    const spectra_identification *identification;
    spectra_status status = spectra_identify(&identification, query->databases, query->database_count, query->spectrum,
                                             query->options, scratch, error);
    if (status < 0) return status;
    run->last_verdict = identification->verdict;
    run->failed = spectra_report_identification(&run->sink, run->arguments->format, query, identification) < 0;
    return SPECTRA_OK;
}

static spectra_status search(query_run *run, const spectra_report_query *query, spectra_scratch *scratch,
                             spectra_error *error) {
    spectra_search_summary summary;
    spectra_status status = spectra_search(run->hits, run->arguments->top, &summary, query->databases,
                                           query->database_count, query->spectrum, query->options, scratch, error);
    if (status < 0) return status;
    run->failed = spectra_report_hits(&run->sink, run->arguments->format, query, run->hits, &summary) < 0;
    return SPECTRA_OK;
}

/* A line or object in the results; on standard error where their format has no room for one. */
static void report_failure(query_run *run, const char *path, uint64_t index, const spectra_error *error) {
    if (run->arguments->format == SPECTRA_REPORT_TSV)
        cli_complain_error(path, error);
    else
        run->failed = spectra_report_failure(&run->sink, run->arguments->format, path, index, error) < 0;
}

static void refuse(query_run *run, const char *path, uint64_t index, const spectra_error *error) {
    run->readable++;
    run->refused++;
    report_failure(run, path, index, error);
    run->failed |= error->status == SPECTRA_E_MEMORY;
}

static void answer(query_run *run, const char *path, uint64_t index, const spectra_spectrum *spectrum) {
    spectra_report_query query = {.spectrum = spectrum,
                                  .source = path,
                                  .index = index,
                                  .databases = (const spectra_database *const *)run->databases,
                                  .database_names = run->names,
                                  .database_count = run->database_count,
                                  .explain = run->arguments->explain,
                                  .options = &run->arguments->search};
    spectra_scratch scratch;
    spectra_error error = {.status = SPECTRA_E_MEMORY, .message = "not enough memory"};
    spectra_status status = error.status;
    if (provide_scratch(run, &scratch, spectra_spectrum_peak_count(spectrum)))
        status = run->arguments->command == CLI_IDENTIFY ? identify(run, &query, &scratch, &error)
                                                         : search(run, &query, &scratch, &error);
    if (status < 0)
        refuse(run, path, index, &error);
    else
        run->readable++;
}

/* The peaks of a profile in place of its samples. */
static void answer_record(query_run *run, const char *path, uint64_t index, const spectra_spectrum *record) {
    spectra_error error = {0};
    if (run->arguments->profile && cli_find_peaks(&record, &run->profiler, record, run->arguments, &error) < 0)
        refuse(run, path, index, &error);
    else
        answer(run, path, index, record);
}

static void answer_file(query_run *run, const char *path) {
    spectra_reader *reader;
    if (!cli_open_reader(&reader, path, run->arguments->strict)) {
        run->unreadable++;
        return;
    }
    for (uint64_t index = 0; !run->failed; index++) {
        const spectra_spectrum *spectrum;
        spectra_error error = {0};
        spectra_status status = spectra_reader_next(reader, &spectrum, &error);
        if (status == SPECTRA_END) break;
        if (status == SPECTRA_OK) {
            answer_record(run, path, index, spectrum);
            continue;
        }
        run->unreadable++;
        report_failure(run, path, index, &error);
        run->failed |= status == SPECTRA_E_MEMORY;
        if (status != SPECTRA_E_FORMAT && status != SPECTRA_E_LIMIT) break;
    }
    spectra_reader_free(reader);
}

static int exit_status(const query_run *run) {
    if (run->failed) return CLI_FAILED;
    if (run->readable == 0 || (run->arguments->strict && run->unreadable > 0)) return CLI_BAD_INPUT;
    if (run->refused > 0) return CLI_USAGE;
    if (run->arguments->command != CLI_IDENTIFY || run->readable + run->unreadable > 1) return CLI_OK;
    if (run->last_verdict == SPECTRA_VERDICT_NO_MATCH) return CLI_NO_MATCH;
    return run->last_verdict == SPECTRA_VERDICT_INCONCLUSIVE ? CLI_INCONCLUSIVE : CLI_OK;
}

static int answer_all(query_run *run) {
    if (!open_databases(run)) return CLI_BAD_DATABASE;
    run->hits = malloc(run->arguments->top * sizeof *run->hits);
    if (!run->hits) {
        cli_complain("not enough memory");
        return CLI_FAILED;
    }
    if (run->arguments->command == CLI_SEARCH) spectra_report_hits_header(&run->sink, run->arguments->format);
    for (int i = 0; i < run->arguments->file_count && !run->failed; i++) answer_file(run, run->arguments->files[i]);
    return exit_status(run);
}

int cli_query(const cli_arguments *arguments) {
    query_run run = {.arguments = arguments, .sink = cli_sink(stdout)};
    int status = answer_all(&run);
    free(run.hits);
    free(run.bytes);
    cli_profiler_free(&run.profiler);
    for (uint32_t i = 0; i < run.database_count; i++) spectra_database_close(run.databases[i]);
    return status;
}
