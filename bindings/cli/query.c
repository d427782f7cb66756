/* SPDX-License-Identifier: Apache-2.0 */
/* spectra identify, spectra search: each spectrum of each file against the databases. */
#include <stdlib.h>
#include <string.h>

#include "group.h"

#define JOBS_PER_THREAD 16

/* What a run of queries needs from beginning to end. Records are read one after another, answered by any thread, and
   their answers printed in the order they were read in. */
typedef struct query_run {
    const cli_arguments *arguments;
    spectra_sink sink;
    cli_databases databases;
    cli_worker *workers; /* arguments->threads of them */
    cli_job *jobs;
    uint32_t job_count, capacity;
    cli_profiler profiler;
    cli_group group; /* with --group */
    uint64_t started, readable, unreadable, refused;
    spectra_verdict last_verdict;
    bool file_lost; /* could not be opened or read to its end */
    bool failed;    /* output or memory: no use going on */
} query_run;

bool cli_open_databases(cli_databases *databases, const cli_arguments *arguments) {
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
        if (spectra_database_open(&databases->open[i], path, SPECTRA_OPEN_MAP, NULL, &error) < 0) {
            cli_complain_error(path, &error);
            return false;
        }
        databases->names[i] = path;
        databases->count++;
    }
    return true;
}

void cli_close_databases(cli_databases *databases) {
    for (uint32_t i = 0; i < databases->count; i++) spectra_database_close(databases->open[i]);
}

/* A line or object in the results; on standard error where their format has no room for one. */
static void report_failure(query_run *run, const cli_job *job) {
    if (run->arguments->format == SPECTRA_REPORT_TSV)
        cli_complain_error(job->path, &job->error);
    else
        run->failed =
            spectra_report_failure(&run->sink, run->arguments->format, job->path, job->index, &job->error) < 0;
}

static void print_job(query_run *run, const cli_job *job) {
    run->readable += job->kind == CLI_JOB_RECORD;
    run->unreadable += job->kind != CLI_JOB_RECORD;
    run->refused += job->kind == CLI_JOB_RECORD && job->error.status < 0;
    run->last_verdict = job->verdict;
    if (job->kind == CLI_JOB_BAD_FILE)
        cli_complain_error(job->path, &job->error);
    else if (job->error.status < 0)
        report_failure(run, job);
    else if (job->size > 0)
        run->failed |= run->sink.write(run->sink.context, job->text, job->size) < 0;
    run->failed |=
        job->error.status == SPECTRA_E_MEMORY || (run->arguments->picture.folder && job->error.status == SPECTRA_E_IO);
}

static spectra_report_query about_run(const query_run *run) {
    return (spectra_report_query){.databases = (const spectra_database *const *)run->databases.open,
                                  .database_names = run->databases.names,
                                  .database_count = run->databases.count,
                                  .explain = run->arguments->explain,
                                  .options = &run->arguments->search};
}

static void answer_jobs(query_run *run) {
    const spectra_report_query query = about_run(run);
    cli_answer(run->arguments, &query, run->jobs, run->job_count, run->workers);
    for (uint32_t i = 0; i < run->job_count; i++) {
        if (!run->failed) print_job(run, &run->jobs[i]);
        spectra_spectrum_free(run->jobs[i].spectrum);
    }
    run->job_count = 0;
}

static cli_job *begin_job(query_run *run, const char *path, uint64_t index) {
    cli_job *job = &run->jobs[run->job_count];
    *job = (cli_job){
        .path = path, .index = index, .number = run->started + 1, .text = job->text, .capacity = job->capacity};
    return job;
}

/* A spectrum of the sample waits for the others; what could not be read is told at once. */
static void gather(query_run *run, cli_job *job) {
    if (job->spectrum && !cli_group_add(&run->group, job)) {
        job->error = (spectra_error){.status = SPECTRA_E_LIMIT, .message = "a sample has at most 16 spectra"};
        spectra_spectrum_free(job->spectrum);
        job->spectrum = NULL;
    }
    if (!job->spectrum) print_job(run, job);
}

static void answer_group(query_run *run) {
    const spectra_report_query query = about_run(run);
    cli_job job;
    if (run->failed || run->group.count == 0) return;
    cli_group_answer(&run->group, &query, run->arguments, &run->sink, &job);
    print_job(run, &job);
}

static void end_job(query_run *run) {
    run->started++;
    if (run->arguments->group) {
        gather(run, &run->jobs[run->job_count]);
        return;
    }
    if (++run->job_count == run->capacity) answer_jobs(run);
}

/* The peaks of a profile take the place of its samples. */
static void take_record(cli_job *job, query_run *run, const spectra_spectrum *record) {
    spectra_status status = SPECTRA_OK;
    if (run->arguments->profile) status = cli_find_peaks(&record, &run->profiler, record, run->arguments, &job->error);
    if (status == SPECTRA_OK && spectra_spectrum_copy(&job->spectrum, record, NULL) < 0)
        job->error = (spectra_error){.status = SPECTRA_E_MEMORY, .message = "not enough memory"};
}

static void answer_records(query_run *run, spectra_reader *reader, const char *path) {
    for (uint64_t index = 0; !run->failed; index++) {
        const spectra_spectrum *record;
        cli_job *job = begin_job(run, path, index);
        spectra_status status = spectra_reader_next(reader, &record, &job->error);
        if (status == SPECTRA_END) return;
        if (status == SPECTRA_OK)
            take_record(job, run, record);
        else
            job->kind = CLI_JOB_BAD_RECORD;
        end_job(run);
        if (status < 0 && status != SPECTRA_E_FORMAT && status != SPECTRA_E_LIMIT) {
            run->file_lost = true;
            return;
        }
    }
}

static void answer_file(query_run *run, const char *path) {
    spectra_reader *reader;
    cli_job *job = begin_job(run, path, 0);
    if (cli_open_reader(&reader, path, run->arguments->strict, &job->error) < 0) {
        job->kind = CLI_JOB_BAD_FILE;
        run->file_lost = true;
        end_job(run);
        return;
    }
    answer_records(run, reader, path);
    spectra_reader_free(reader);
}

static int exit_status(const query_run *run) {
    if (run->failed) return CLI_FAILED;
    if (run->readable == 0 || run->file_lost || (run->arguments->strict && run->unreadable > 0)) return CLI_BAD_INPUT;
    if (run->refused > 0) return CLI_USAGE;
    if (run->arguments->command != CLI_IDENTIFY || run->readable + run->unreadable > 1) return CLI_OK;
    if (run->last_verdict == SPECTRA_VERDICT_NO_MATCH) return CLI_NO_MATCH;
    return run->last_verdict == SPECTRA_VERDICT_INCONCLUSIVE ? CLI_INCONCLUSIVE : CLI_OK;
}

static int answer_all(query_run *run) {
    if (!cli_open_databases(&run->databases, run->arguments)) return CLI_BAD_DATABASE;
    uint32_t threads = run->arguments->threads;
    run->capacity = threads > 1 ? JOBS_PER_THREAD * threads : 1;
    run->jobs = calloc(run->capacity, sizeof *run->jobs);
    run->workers = calloc(threads, sizeof *run->workers);
    if (!run->jobs || !run->workers) {
        cli_complain("not enough memory");
        return CLI_FAILED;
    }
    if (run->arguments->command == CLI_SEARCH) spectra_report_hits_header(&run->sink, run->arguments->format);
    for (int i = 0; i < run->arguments->file_count && !run->failed; i++) answer_file(run, run->arguments->files[i]);
    answer_jobs(run);
    answer_group(run);
    return exit_status(run);
}

int cli_query(const cli_arguments *arguments) {
    query_run run = {.arguments = arguments, .sink = cli_sink(stdout)};
    int status = answer_all(&run);
    for (uint32_t i = 0; run.jobs && i < run.capacity; i++) free(run.jobs[i].text);
    for (uint32_t i = 0; run.workers && i < arguments->threads; i++) cli_worker_free(&run.workers[i]);
    free(run.jobs);
    free(run.workers);
    cli_profiler_free(&run.profiler);
    cli_close_databases(&run.databases);
    cli_group_free(&run.group);
    return status;
}
