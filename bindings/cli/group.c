/* SPDX-License-Identifier: Apache-2.0 */
/* spectra identify --group: all spectra are of one sample and are answered together. */
#include "group.h"

#include <stdlib.h>

bool cli_group_add(cli_group *group, const cli_job *job) {
    if (group->count == SPECTRA_MIXTURE_SPECTRA) return false;
    group->paths[group->count] = job->path;
    group->indices[group->count] = job->index;
    group->spectra[group->count++] = job->spectrum;
    return true;
}

static spectra_status answer(const cli_group *group, const spectra_report_query *about, const cli_arguments *arguments,
                             const spectra_sink *sink, spectra_scratch *scratch, cli_job *job) {
    spectra_report_query queries[SPECTRA_MIXTURE_SPECTRA];
    const spectra_mixture *mixture;
    spectra_status status = spectra_mixture_identify(&mixture, about->databases, about->database_count,
                                                     (const spectra_spectrum *const *)group->spectra, group->count,
                                                     about->options, scratch, &job->error);
    if (status < 0) return status;
    for (uint32_t i = 0; i < group->count; i++) {
        queries[i] = *about;
        queries[i].spectrum = group->spectra[i];
        queries[i].source = group->paths[i];
        queries[i].index = group->indices[i];
    }
    job->verdict = mixture->verdict;
    return spectra_report_mixture(sink, arguments->format, queries, mixture);
}

void cli_group_answer(const cli_group *group, const spectra_report_query *about, const cli_arguments *arguments,
                      const spectra_sink *sink, cli_job *job) {
    size_t most = 0;
    for (uint32_t i = 0; i < group->count; i++) {
        size_t peaks = spectra_spectrum_peak_count(group->spectra[i]);
        if (peaks > most) most = peaks;
    }
    size_t size = spectra_mixture_required(most, group->count);
    uint8_t *bytes = malloc(size);
    spectra_status status = SPECTRA_E_MEMORY;
    *job = (cli_job){.kind = CLI_JOB_RECORD, .path = group->paths[0], .index = group->indices[0]};
    if (bytes) {
        spectra_scratch scratch;
        spectra_scratch_init(&scratch, bytes, size);
        status = answer(group, about, arguments, sink, &scratch, job);
    }
    if (status < 0 && job->error.status == SPECTRA_OK)
        job->error = (spectra_error){.status = status, .message = "not enough memory, or the output is lost"};
    free(bytes);
}

void cli_group_free(cli_group *group) {
    for (uint32_t i = 0; i < group->count; i++) spectra_spectrum_free(group->spectra[i]);
    group->count = 0;
}
