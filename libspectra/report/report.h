/* SPDX-License-Identifier: Apache-2.0 */
/* What the reports share: how a query, a hit and a database are named in text and in JSON. */
#ifndef REPORT_REPORT_H
#define REPORT_REPORT_H

#include <stdbool.h>

#include "base/digest.h"
#include "io/output.h"
#include "spectra/report.h"

/* All that a report reads of a query is there. */
bool report_is_complete(const spectra_report_query *query);

/* The record's own id where it has one (DB#, else its name), else "". */
const char *report_query_id(const spectra_report_query *query);

/* The name of a track as the command line spells it. */
const char *report_track(spectra_track track);

/* Score in 2^-30 to the nearest millionth and to the nearest thousandth of 999 (for a person). */
int64_t report_millionths(uint32_t score);
uint64_t report_of_999(uint32_t score);

/* The NIST match factor as it is printed: 1000·score − ½, rounded, at most 999. */
uint64_t report_match_factor(uint32_t score);

/* A mass or m/z in millionths: a whole number as one, else with six decimals. */
void report_mass(io_output *out, int64_t millionths);
/* A difference of formulas in signed counts ("C+1H+2", "C-1F+1") as a chemist writes it: CH2, +F -C; JSON: a string,
   null where it is empty. */
void report_delta_formula(io_output *out, const char *formula, bool json);
/* "given", "observed", "inferred" */
const char *report_mass_origin(spectra_mass_origin origin);

/* "query":{…} with id, source, index, digest. */
void report_json_query(io_output *out, const spectra_report_query *query);
/* "database":[…],"library":"…","settings":{…} */
void report_json_origin(io_output *out, const spectra_report_query *query, const spectra_search_summary *search);
/* {"track":…}: what a replay needs to be told. */
void report_json_settings(io_output *out, const spectra_report_query *query, const spectra_search_summary *search);
/* {"rank":…} for one hit. */
/* The probability is null where permille is 0. */
void report_json_hit(io_output *out, const spectra_report_query *query, const spectra_hit *hit, uint32_t rank,
                     uint32_t permille);
void report_json_digest(io_output *out, const uint8_t digest[BASE_DIGEST_SIZE]);
/* A key (with what stands before its value) and a probability of three decimals, null for 0. */
void report_json_permille(io_output *out, const char *key, uint32_t permille);

/* The substance and entry of a hit; all "" where the database lies. */
void report_lookup(const spectra_report_query *query, const spectra_hit *hit, spectra_substance *substance,
                   spectra_entry *entry);

/* The name a person reads: the substance's, else the record's, else its accession. */
const char *report_name(const spectra_substance *substance, const spectra_entry *entry);

/* Family, mass, sites and relatives; with query->explain the ions that say so. */
void report_text_analogue(io_output *out, const spectra_report_query *query, const spectra_identification *it);
void report_text_identification(io_output *out, const spectra_report_query *query,
                                const spectra_identification *identification);
void report_json_identification(io_output *out, const spectra_report_query *query,
                                const spectra_identification *identification);

/* A table row for a person; the header that goes with it. */
void report_text_hit_header(io_output *out, const spectra_search_summary *search);
void report_text_hit(io_output *out, const spectra_report_query *query, const spectra_search_summary *search,
                     const spectra_hit *hit, uint32_t rank);
/* A title and its sentences, nothing where there is none. */
void report_text_sentences(io_output *out, const char *title, const char *const *sentences, uint32_t count);
/* That one technique is not enough; the digest of a query; databases, library and settings. */
void report_text_technique(io_output *out);
void report_text_digest(io_output *out, const spectra_report_query *query);
void report_text_origin(io_output *out, const spectra_report_query *query, const spectra_search_summary *search);
/* "file, record 3: Name" */
void report_text_title(io_output *out, const spectra_report_query *query);

#endif
