/* SPDX-License-Identifier: Apache-2.0 */
/* One spectrum's answer, and many at once: jobs that any thread may take, each with an output of its own. */
#ifndef CLI_ANSWER_H
#define CLI_ANSWER_H

#include <pthread.h>

#include "cli.h"

typedef enum cli_job_kind { CLI_JOB_RECORD, CLI_JOB_BAD_RECORD, CLI_JOB_BAD_FILE } cli_job_kind;

/* A record on its way: read, answered, printed. */
typedef struct cli_job {
    cli_job_kind kind;
    const char *path;
    uint64_t index;             /* of the record in its file */
    uint64_t number;            /* of the record among all of the run, from 1 */
    spectra_spectrum *spectrum; /* its own copy; NULL where there is nothing to answer */
    spectra_error error;        /* of status 0 where there is an answer */
    spectra_verdict verdict;    /* of an identification */
    char *text;                 /* the answer as it will be printed; its memory is kept from job to job */
    size_t size, capacity;
} cli_job;

/* What a thread needs for itself, kept from job to job; begins as all zero. */
typedef struct cli_worker {
    struct job_queue *queue;
    pthread_t thread;
    spectra_hit *hits;
    uint8_t *bytes; /* of the scratch */
    size_t size;
} cli_worker;

/* Answers all jobs by arguments->threads threads, each with its worker; the caller is the first. `query` is what is the
   same for all of them. An answer depends on its job alone. */
void cli_answer(const cli_arguments *arguments, const spectra_report_query *query, cli_job *jobs, uint32_t count,
                cli_worker *workers);
void cli_worker_free(cli_worker *worker);

#endif
