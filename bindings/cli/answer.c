/* SPDX-License-Identifier: Apache-2.0 */
/* Searches and identifies jobs, by one thread or several. Threads share the databases and take the next job that nobody
   has; what they print goes into the job. */
#include "answer.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

typedef struct job_queue {
    const cli_arguments *arguments;
    const spectra_report_query *query;
    cli_job *jobs;
    uint32_t count;
    atomic_uint next;
} job_queue;

static spectra_status append(void *context, const char *bytes, size_t size) {
    cli_job *job = context;
    if (size > job->capacity - job->size) {
        size_t capacity = 2 * job->capacity + size;
        char *text = realloc(job->text, capacity);
        if (!text) return SPECTRA_E_MEMORY;
        job->text = text;
        job->capacity = capacity;
    }
    memcpy(job->text + job->size, bytes, size);
    job->size += size;
    return SPECTRA_OK;
}

/* The scratch grows with the largest spectrum met. */
static bool provide_memory(cli_worker *worker, uint32_t top, size_t peak_count) {
    size_t needed = spectra_identify_required(peak_count);
    if (!worker->hits) worker->hits = malloc(top * sizeof *worker->hits);
    if (needed > worker->size) {
        free(worker->bytes);
        worker->bytes = malloc(needed);
        worker->size = worker->bytes ? needed : 0;
    }
    return worker->hits && worker->bytes;
}

static spectra_status identify(cli_job *job, const spectra_report_query *query, const cli_arguments *arguments,
                               spectra_scratch *scratch) {
    const spectra_sink sink = {job, append};
    const spectra_identification *identification;
    spectra_status status = spectra_identify(&identification, query->databases, query->database_count, query->spectrum,
                                             query->options, scratch, &job->error);
    if (status < 0) return status;
    job->verdict = identification->verdict;
#ifdef CLI_HAS_PLOT
    if (arguments->picture.folder) {
        status = cli_plot_answer(query, identification, arguments, job->number, &job->error);
        if (status < 0) return status;
    }
#endif
    return spectra_report_identification(&sink, arguments->format, query, identification);
}

static spectra_status search(cli_job *job, const spectra_report_query *query, const cli_arguments *arguments,
                             spectra_hit *hits, spectra_scratch *scratch) {
    const spectra_sink sink = {job, append};
    spectra_search_summary summary;
    spectra_status status = spectra_search(hits, arguments->top, &summary, query->databases, query->database_count,
                                           query->spectrum, query->options, scratch, &job->error);
    if (status < 0) return status;
    return spectra_report_hits(&sink, arguments->format, query, hits, &summary);
}

static void answer(cli_job *job, const job_queue *queue, cli_worker *worker) {
    const cli_arguments *arguments = queue->arguments;
    spectra_report_query query = *queue->query;
    query.spectrum = job->spectrum;
    query.source = job->path;
    query.index = job->index;
    spectra_scratch scratch;
    spectra_status status = SPECTRA_E_MEMORY;
    if (provide_memory(worker, arguments->top, spectra_spectrum_peak_count(job->spectrum))) {
        spectra_scratch_init(&scratch, worker->bytes, worker->size);
        status = arguments->command == CLI_IDENTIFY ? identify(job, &query, arguments, &scratch)
                                                    : search(job, &query, arguments, worker->hits, &scratch);
    }
    if (status < 0 && job->error.status == SPECTRA_OK)
        job->error = (spectra_error){.status = status, .message = "not enough memory"};
}

static void *take_jobs(void *context) {
    cli_worker *worker = context;
    job_queue *queue = worker->queue;
    for (uint32_t i; (i = atomic_fetch_add(&queue->next, 1)) < queue->count;)
        if (queue->jobs[i].spectrum) answer(&queue->jobs[i], queue, worker);
    return NULL;
}

/* Where a thread cannot be started, those that run do its share. */
void cli_answer(const cli_arguments *arguments, const spectra_report_query *query, cli_job *jobs, uint32_t count,
                cli_worker *workers) {
    job_queue queue = {.arguments = arguments, .query = query, .jobs = jobs, .count = count};
    uint32_t running = 1;
    for (uint32_t i = 0; i < arguments->threads; i++) workers[i].queue = &queue;
    while (running < arguments->threads && running < count &&
           pthread_create(&workers[running].thread, NULL, take_jobs, &workers[running]) == 0)
        running++;
    take_jobs(&workers[0]);
    while (running > 1) pthread_join(workers[--running].thread, NULL);
}

void cli_worker_free(cli_worker *worker) {
    free(worker->hits);
    free(worker->bytes);
}
