/* SPDX-License-Identifier: Apache-2.0 */
/* A verdict in the words of a laboratory: what it is consistent with, what cannot be told apart, what speaks against.
 */
#include <string.h>

#include "base/digest.h"
#include "report/report.h"
#include "spectra/version.h"

#define LISTED 10u /* candidates beyond the set that are shown */

static void pad(io_output *out, size_t used, size_t width) {
    while (used++ < width) io_output_string(out, " ");
}

/* Characters of UTF-8 text, as columns on a terminal. */
static size_t columns(const char *text) {
    size_t count = 0;
    for (; *text; text++) count += ((uint8_t)*text & 0xc0) != 0x80;
    return count;
}

static void cell(io_output *out, const char *text, size_t width) {
    io_output_string(out, text);
    pad(out, columns(text), width);
}

static void number_cell(io_output *out, uint64_t value, size_t width) {
    size_t digits = 1;
    for (uint64_t rest = value; rest >= 10; rest /= 10) digits++;
    pad(out, digits, width);
    io_output_unsigned(out, value);
    io_output_string(out, "  ");
}

void report_text_title(io_output *out, const spectra_report_query *query) {
    io_output_string(out, query->source);
    io_output_string(out, ", record ");
    io_output_unsigned(out, query->index + 1);
    const char *name = spectra_spectrum_field(query->spectrum, SPECTRA_FIELD_NAME);
    if (!name) name = report_query_id(query);
    if (name[0]) {
        io_output_string(out, ": ");
        io_output_string(out, name);
    }
    io_output_string(out, "\n");
}

void report_text_hit_header(io_output *out, const spectra_search_summary *search) {
    io_output_string(out, "    #  score  ");
    bool match_factor = search->measure == SPECTRA_MEASURE_MATCH_FACTOR || search->measure == SPECTRA_MEASURE_IDENTITY;
    io_output_string(out, search->track == SPECTRA_TRACK_EI ? "   MF" : "");
    io_output_string(out, match_factor ? "   RMF" : "  rev.");
    io_output_string(out, "  peaks matched  substance                             formula        class           "
                          "reference\n");
}

void report_text_hit(io_output *out, const spectra_report_query *query, const spectra_search_summary *search,
                     const spectra_hit *hit, uint32_t rank) {
    spectra_substance substance;
    spectra_entry entry;
    report_lookup(query, hit, &substance, &entry);
    number_cell(out, rank, 5);
    number_cell(out, report_of_999(hit->score), 5);
    if (search->track == SPECTRA_TRACK_EI) {
        number_cell(out, report_match_factor(hit->match_factor), 5);
        number_cell(out, report_match_factor(hit->reverse_score), 4);
    } else {
        number_cell(out, report_of_999(hit->reverse_score), 6);
    }
    number_cell(out, hit->matched_peaks, 3);
    io_output_string(out, "of ");
    number_cell(out, hit->reference_peaks, 4);
    io_output_string(out, "  ");
    cell(out, report_name(&substance, &entry), 36);
    io_output_string(out, "  ");
    cell(out, substance.formula, 13);
    io_output_string(out, "  ");
    cell(out, substance.substance_class, 14);
    io_output_string(out, "  ");
    io_output_string(out, entry.accession);
    io_output_string(out, "\n");
}

static void text_verdict(io_output *out, const spectra_identification *it) {
    switch (it->verdict) {
    case SPECTRA_VERDICT_SUPPORTED:
        io_output_string(out, "  SUPPORTED: the spectrum is consistent with one substance of those measured.\n");
        break;
    case SPECTRA_VERDICT_NOT_DISTINGUISHED:
        io_output_string(out, "  NOT DISTINGUISHED: the spectrum is consistent with ");
        if (it->set_count > 1) {
            io_output_string(out, "each of ");
            io_output_unsigned(out, it->set_count);
            io_output_string(out, " substances, which these data cannot tell apart.\n");
        } else {
            io_output_string(out, "the first candidate; an isomer of it is not excluded.\n");
        }
        break;
    case SPECTRA_VERDICT_INCONCLUSIVE:
        io_output_string(out, it->candidate_count > 0
                                  ? "  INCONCLUSIVE: something resembles the spectrum, too little to say more.\n"
                                  : "  INCONCLUSIVE: the spectrum holds too little to compare.\n");
        break;
    case SPECTRA_VERDICT_CLASS_ONLY:
        io_output_string(out, "  CLASS ONLY: the spectrum is consistent with a compound that is ");
        io_output_string(out, it->class_name);
        io_output_string(out, ",\n  and with none of those measured.\n");
        break;
    default:
        io_output_string(out, "  NO MATCH: nothing in the databases searched resembles the spectrum.\n");
        break;
    }
}

static void text_probability(io_output *out, const spectra_identification *it) {
    if (it->candidate_count == 0) return;
    if (it->calibration == SPECTRA_CALIBRATION_NONE) {
        io_output_string(out, "  No probability is given: scores of this track are not calibrated.\n");
    } else if (it->calibration == SPECTRA_CALIBRATION_OUTSIDE) {
        io_output_string(out, "  No probability is given: the case is outside what the database was calibrated for.\n");
    } else {
        io_output_string(out, "  Probability that the first candidate is the right substance: ");
        io_output_fixed(out, it->structure_permille, 3);
        io_output_string(out, "; that its formula is right: ");
        io_output_fixed(out, it->group_permille, 3);
        io_output_string(out, ".\n  Both assume that a substance is in this database as often as not; fitted from ");
        io_output_unsigned(out, it->calibration_queries);
        io_output_string(out, " degraded copies of its spectra.\n");
    }
}

static void text_candidates(io_output *out, const spectra_report_query *query, const spectra_identification *it) {
    if (it->candidate_count == 0) return;
    io_output_string(out, "\n");
    report_text_hit_header(out, &it->search);
    uint32_t shown = it->set_count + LISTED;
    for (uint32_t i = 0; i < it->candidate_count && i < shown; i++) {
        if (i == it->set_count)
            io_output_string(out, i > 0 ? "    further candidates, less alike:\n"
                                        : "    nearest candidates, none of them supported:\n");
        report_text_hit(out, query, &it->search, &it->candidates[i], i + 1);
    }
    io_output_string(out,
                     it->search.track == SPECTRA_TRACK_EI
                         ? "    score: identity score E4 of 999; MF, RMF: NIST match factor, reverse match factor\n"
                         : "    score: spectral entropy similarity of 999; rev.: the same without foreign peaks\n");
}

static void text_isomers(io_output *out, const spectra_report_query *query, const spectra_identification *it) {
    if (it->unrepresented_count == 0) return;
    io_output_string(out, "\n  Isomers that are known and have no spectrum here, so that nothing excludes them:\n");
    for (uint32_t i = 0; i < it->unrepresented_count; i++) {
        spectra_substance substance;
        const spectra_substance_ref *ref = &it->unrepresented[i];
        if (spectra_database_substance(query->databases[ref->database], ref->substance, &substance) != SPECTRA_OK)
            continue;
        io_output_string(out, "    - ");
        io_output_string(out, substance.name);
        io_output_string(out, " (");
        io_output_string(out, substance.formula);
        io_output_string(out, ")\n");
    }
}

static void text_mz(io_output *out, uint32_t mz_uth, bool nominal) {
    if (nominal)
        io_output_unsigned(out, mz_uth / 1000000);
    else
        io_output_fixed(out, (mz_uth + 50) / 100, 4);
}

/* Peaks that the other side has, or those that it has not; with intensities where they are known. */
static void text_peaks(io_output *out, const char *label, const spectra_main_peak *peaks, uint32_t count, bool matched,
                       bool nominal) {
    io_output_string(out, label);
    uint32_t listed = 0;
    for (uint32_t i = 0; i < count; i++) {
        if ((peaks[i].matched != 0) != matched) continue;
        io_output_string(out, listed++ > 0 ? ", " : "");
        text_mz(out, peaks[i].mz_uth, nominal);
        if (peaks[i].permille == 0) continue;
        io_output_string(out, " (");
        io_output_unsigned(out, (peaks[i].permille + 5) / 10);
        io_output_string(out, " %)");
    }
    io_output_string(out, listed > 0 ? "\n" : "none\n");
}

static void text_main_peaks(io_output *out, const spectra_identification *it) {
    if (it->query_peak_count == 0) return;
    bool nominal = it->search.track == SPECTRA_TRACK_EI;
    io_output_string(out, "\n  Main peaks of the query against the first candidate (m/z, share of the base peak)\n");
    text_peaks(out, "    found in it:             ", it->query_peaks, it->query_peak_count, true, nominal);
    text_peaks(out, "    not in it:               ", it->query_peaks, it->query_peak_count, false, nominal);
    text_peaks(out, "    its own, not in query:   ", it->reference_peaks, it->reference_peak_count, false, nominal);
}

void report_text_sentences(io_output *out, const char *title, const char *const *sentences, uint32_t count) {
    if (count == 0) return;
    io_output_string(out, title);
    for (uint32_t i = 0; i < count; i++) {
        io_output_string(out, "    - ");
        io_output_string(out, sentences[i]);
        io_output_string(out, "\n");
    }
}

static void text_digest(io_output *out, const uint8_t digest[BASE_DIGEST_SIZE]) {
    char hex[BASE_DIGEST_HEX_SIZE];
    base_digest_hex(digest, hex);
    io_output_string(out, hex);
    io_output_string(out, "\n");
}

void report_text_technique(io_output *out) {
    io_output_string(out, "\n  A mass spectrum is one technique: another, independent one is needed to identify.\n\n");
}

void report_text_digest(io_output *out, const spectra_report_query *query) {
    uint8_t digest[BASE_DIGEST_SIZE];
    io_output_string(out, "  query     SHA-256 ");
    spectra_spectrum_digest(query->spectrum, digest);
    text_digest(out, digest);
}

void report_text_origin(io_output *out, const spectra_report_query *query, const spectra_search_summary *search) {
    uint8_t digest[BASE_DIGEST_SIZE];
    for (uint32_t i = 0; i < query->database_count; i++) {
        io_output_string(out, "  database  SHA-256 ");
        spectra_database_digest(query->databases[i], digest);
        text_digest(out, digest);
        io_output_string(out, "            ");
        io_output_string(out, query->database_names[i]);
        io_output_string(out, "\n");
    }
    io_output_string(out, "  library   ");
    io_output_string(out, spectra_version());
    io_output_string(out, "\n  settings  ");
    report_json_settings(out, query, search);
    io_output_string(out, "\n\n");
}

void report_text_identification(io_output *out, const spectra_report_query *query, const spectra_identification *it) {
    report_text_title(out, query);
    io_output_string(out, "  ");
    io_output_string(out, it->search.track == SPECTRA_TRACK_EI     ? "EI"
                          : it->search.track == SPECTRA_TRACK_MSMS ? "MS/MS"
                                                                   : "in-source");
    io_output_string(out, it->search.polarity == SPECTRA_POLARITY_NEGATIVE ? ", negative ions, " : ", positive ions, ");
    io_output_unsigned(out, it->search.query_peaks);
    io_output_string(out, " peaks; compared with ");
    io_output_unsigned(out, it->search.compared);
    io_output_string(out, it->search.used_precursor ? " reference spectra inside the precursor window\n\n"
                                                    : " reference spectra\n\n");
    text_verdict(out, it);
    text_probability(out, it);
    if (it->set_count == 0) report_text_analogue(out, query, it);
    text_candidates(out, query, it);
    text_isomers(out, query, it);
    text_main_peaks(out, it);
    if (it->set_count > 0) report_text_analogue(out, query, it);
    report_text_sentences(out, "\n  What speaks against it\n", it->against, it->against_count);
    report_text_sentences(out, "\n  What limits it\n", it->warnings, it->warning_count);
    report_text_technique(out);
    report_text_digest(out, query);
    report_text_origin(out, query, &it->search);
}
