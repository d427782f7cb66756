/* SPDX-License-Identifier: Apache-2.0 */
/** @file
   Verdicts and hits as text a chemist reads and as JSON or tab-separated lines that programs read. */
#ifndef SPECTRA_REPORT_H
#define SPECTRA_REPORT_H

#include "spectra/identify.h"
#include "spectra/io.h"
#include "spectra/mixture.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Who reads a report. */
typedef int32_t spectra_report_format;
enum {
    SPECTRA_REPORT_TEXT = 0,  /**< for a person */
    SPECTRA_REPORT_JSONL = 1, /**< one object on one line */
    SPECTRA_REPORT_TSV = 2    /**< hits only */
};

/** Where a query came from, and what it was compared with. Everything is the caller's and only read. */
typedef struct spectra_report_query {
    const spectra_spectrum *spectrum;         /**< the query, raw */
    const char *source;                       /**< file name or "-" */
    uint64_t index;                           /**< of the record in its source, from 0 */
    const spectra_database *const *databases; /**< that were searched, in that order */
    const char *const *database_names;        /**< file of each database as the user knows it */
    uint32_t database_count;                  /**< at least 1 */
    uint32_t explain;                         /**< 1: a verdict lists the ions that it rests on */
    const spectra_search_options *options;    /**< as given; NULL for all defaults */
} spectra_report_query;

/**
 * Writes the header line of SPECTRA_REPORT_TSV; nothing for the other formats.
 * @param sink    takes the text
 * @param format  of the hits that follow
 * @return SPECTRA_OK, SPECTRA_E_INVALID, or what the sink says
 * Thread safety: any number of threads, each with a sink of its own.
 */
SPECTRA_API spectra_status spectra_report_hits_header(const spectra_sink *sink, spectra_report_format format);

/**
 * Writes ranked hits.
 * @param sink     takes the text
 * @param format   any
 * @param query    what was searched
 * @param hits     summary->hit_count of them, best first
 * @param summary  as spectra_search filled it
 * @return SPECTRA_OK, SPECTRA_E_INVALID, or what the sink says
 * Thread safety: any number of threads, each with a sink of its own.
 */
SPECTRA_API spectra_status spectra_report_hits(const spectra_sink *sink, spectra_report_format format,
                                               const spectra_report_query *query, const spectra_hit *hits,
                                               const spectra_search_summary *summary);

/**
 * Writes a verdict as text or JSON (docs/identification.schema.json).
 * @param sink            takes the text
 * @param format          SPECTRA_REPORT_TEXT or SPECTRA_REPORT_JSONL
 * @param query           what was identified
 * @param identification  as spectra_identify made it, its scratch not reset since
 * @return SPECTRA_OK, SPECTRA_E_INVALID, or what the sink says
 * Thread safety: any number of threads, each with a sink of its own.
 */
SPECTRA_API spectra_status spectra_report_identification(const spectra_sink *sink, spectra_report_format format,
                                                         const spectra_report_query *query,
                                                         const spectra_identification *identification);

/**
 * Writes what a sample is made of as text or JSON (docs/identification.schema.json).
 * @param sink     takes the text
 * @param format   SPECTRA_REPORT_TEXT or SPECTRA_REPORT_JSONL
 * @param queries  one for each spectrum, in the order they were handed over
 * @param mixture  as spectra_mixture_identify made it, its scratch not reset since
 * @return SPECTRA_OK, SPECTRA_E_INVALID, or what the sink says
 * Thread safety: any number of threads, each with a sink of its own.
 */
SPECTRA_API spectra_status spectra_report_mixture(const spectra_sink *sink, spectra_report_format format,
                                                  const spectra_report_query *queries, const spectra_mixture *mixture);

/**
 * Writes, for a record that could not be read or searched, one line or object with its error and place.
 * @param sink    takes the text
 * @param format  SPECTRA_REPORT_TEXT or SPECTRA_REPORT_JSONL
 * @param source  file name or "-"
 * @param index   of the record in its source, from 0
 * @param error   as the call that failed filled it
 * @return SPECTRA_OK, SPECTRA_E_INVALID, or what the sink says
 * Thread safety: any number of threads, each with a sink of its own.
 */
SPECTRA_API spectra_status spectra_report_failure(const spectra_sink *sink, spectra_report_format format,
                                                  const char *source, uint64_t index, const spectra_error *error);

#ifdef __cplusplus
}
#endif
#endif
