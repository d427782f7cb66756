/* SPDX-License-Identifier: Apache-2.0 */
/* The spectra of one sample, gathered from all files. */
#ifndef CLI_GROUP_H
#define CLI_GROUP_H

#include "answer.h"

typedef struct cli_group {
    const char *paths[SPECTRA_MIXTURE_SPECTRA];
    uint64_t indices[SPECTRA_MIXTURE_SPECTRA];
    spectra_spectrum *spectra[SPECTRA_MIXTURE_SPECTRA];
    uint32_t count;
} cli_group;

/* Takes the job's spectrum over; false where there is no room left. */
bool cli_group_add(cli_group *group, const cli_job *job);
/* Writes the answer; the job takes the verdict, or the error. At least one spectrum. */
void cli_group_answer(const cli_group *group, const spectra_report_query *about, const cli_arguments *arguments,
                      const spectra_sink *sink, cli_job *job);
void cli_group_free(cli_group *group);

#endif
