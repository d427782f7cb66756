/* SPDX-License-Identifier: Apache-2.0 */
/* How a query, a hit and a database are named, in text and in JSON alike. */
#include <string.h>

#include "base/digest.h"
#include "report/report.h"
#include "search/search.h"
#include "spectra/version.h"

const char *report_query_id(const spectra_report_query *query) {
    const char *id = spectra_spectrum_field(query->spectrum, SPECTRA_FIELD_ACCESSION);
    if (!id) id = spectra_spectrum_field(query->spectrum, SPECTRA_FIELD_NAME);
    return id ? id : "";
}

const char *report_track(spectra_track track) {
    switch (track) {
    case SPECTRA_TRACK_EI:
        return "ei";
    case SPECTRA_TRACK_MSMS:
        return "msms";
    case SPECTRA_TRACK_INSOURCE:
        return "insource";
    default:
        return "unknown";
    }
}

int64_t report_millionths(uint32_t score) {
    return (int64_t)(((uint64_t)score * 1000000 + SPECTRA_SCORE_ONE / 2) / SPECTRA_SCORE_ONE);
}

uint64_t report_of_999(uint32_t score) {
    return ((uint64_t)score * 999 + SPECTRA_SCORE_ONE / 2) / SPECTRA_SCORE_ONE;
}

uint64_t report_match_factor(uint32_t score) {
    uint64_t printed = (uint64_t)score * 1000 / SPECTRA_SCORE_ONE; /* x − ½ rounded to the nearest is x rounded down */
    return printed < 999 ? printed : 999;
}

void report_lookup(const spectra_report_query *query, const spectra_hit *hit, spectra_substance *substance,
                   spectra_entry *entry) {
    const spectra_database *database = query->databases[hit->database];
    if (spectra_database_substance(database, hit->substance, substance) != SPECTRA_OK)
        *substance = (spectra_substance){"", "", "", "", "", "", "", "", 0};
    if (spectra_database_entry(database, hit->entry, entry) != SPECTRA_OK)
        *entry = (spectra_entry){"", "", "", "", "", "", "", "", "", "", 0, 0, 0, 0};
}

const char *report_name(const spectra_substance *substance, const spectra_entry *entry) {
    if (substance->name[0]) return substance->name;
    return entry->name[0] ? entry->name : entry->accession;
}

void report_json_digest(io_output *out, const uint8_t digest[BASE_DIGEST_SIZE]) {
    char hex[BASE_DIGEST_HEX_SIZE];
    base_digest_hex(digest, hex);
    io_output_json(out, hex);
}

void report_json_query(io_output *out, const spectra_report_query *query) {
    uint8_t digest[BASE_DIGEST_SIZE];
    spectra_spectrum_digest(query->spectrum, digest);
    io_output_string(out, "\"query\":{\"id\":");
    io_output_json(out, report_query_id(query));
    io_output_string(out, ",\"source\":");
    io_output_json(out, query->source);
    io_output_string(out, ",\"index\":");
    io_output_unsigned(out, query->index);
    io_output_string(out, ",\"digest\":");
    report_json_digest(out, digest);
    io_output_string(out, "}");
}

static void json_databases(io_output *out, const spectra_report_query *query) {
    io_output_string(out, "\"database\":[");
    for (uint32_t i = 0; i < query->database_count; i++) {
        uint8_t digest[BASE_DIGEST_SIZE];
        spectra_database_digest(query->databases[i], digest);
        io_output_string(out, i > 0 ? ",{\"file\":" : "{\"file\":");
        io_output_json(out, query->database_names[i]);
        io_output_string(out, ",\"digest\":");
        report_json_digest(out, digest);
        io_output_string(out, "}");
    }
    io_output_string(out, "]");
}

static void json_tolerance(io_output *out, const char *key, const spectra_tolerance *tolerance) {
    io_output_string(out, ",\"");
    io_output_string(out, key);
    io_output_string(out, "\":\"");
    if (tolerance->ppm)
        io_output_unsigned(out, tolerance->ppm);
    else
        io_output_fixed(out, tolerance->uth, 6);
    io_output_string(out, tolerance->ppm ? "ppm\"" : "da\"");
}

static void json_accurate_settings(io_output *out, const spectra_search_options *options,
                                   const spectra_search_summary *search) {
    json_tolerance(out, "tolerance", search_tolerance(options));
    if (search->used_precursor)
        json_tolerance(out, "precursor_tolerance", search_precursor_tolerance(options));
    else
        io_output_string(out, ",\"precursor_tolerance\":\"open\"");
}

static void json_exclusions(io_output *out, const spectra_search_options *options) {
    if (options->exclude_own_compound) io_output_string(out, ",\"exclude_own_compound\":true");
    if (options->exclude_accession_count == 0) return;
    io_output_string(out, ",\"exclude_accession\":[");
    for (uint32_t i = 0; i < options->exclude_accession_count; i++) {
        if (i > 0) io_output_string(out, ",");
        io_output_json(out, options->exclude_accession[i]);
    }
    io_output_string(out, "]");
}

void report_json_settings(io_output *out, const spectra_report_query *query, const spectra_search_summary *search) {
    static const spectra_search_options usual = {.size = sizeof usual};
    static const char *const modes[] = {"identity", "similarity", "reverse", "hybrid"};
    const spectra_search_options *options = query->options ? query->options : &usual;
    io_output_string(out, "{\"track\":");
    io_output_json(out, report_track(search->track));
    io_output_string(out, ",\"mode\":");
    io_output_json(out, modes[search->mode]);
    io_output_string(out, ",\"measure\":");
    io_output_json(out, spectra_measure_text(search->measure));
    if (search->track != SPECTRA_TRACK_EI) json_accurate_settings(out, options, search);
    if (options->mass_da) {
        io_output_string(out, ",\"mass\":");
        io_output_unsigned(out, options->mass_da);
    }
    json_exclusions(out, options);
    io_output_string(out, "}");
}

void report_json_origin(io_output *out, const spectra_report_query *query, const spectra_search_summary *search) {
    json_databases(out, query);
    io_output_string(out, ",\"library\":");
    io_output_json(out, spectra_version());
    io_output_string(out, ",\"settings\":");
    report_json_settings(out, query, search);
}

static void json_text(io_output *out, const char *key, const char *value) {
    io_output_string(out, ",\"");
    io_output_string(out, key);
    io_output_string(out, "\":");
    io_output_json(out, value);
}

void report_json_hit(io_output *out, const spectra_report_query *query, const spectra_hit *hit, uint32_t rank,
                     uint32_t permille) {
    spectra_substance substance;
    spectra_entry entry;
    report_lookup(query, hit, &substance, &entry);
    io_output_string(out, "{\"rank\":");
    io_output_unsigned(out, rank);
    json_text(out, "accession", entry.accession);
    json_text(out, "substance", report_name(&substance, &entry));
    json_text(out, "inchikey", substance.inchikey);
    json_text(out, "formula", substance.formula);
    io_output_string(out, ",\"score\":");
    io_output_fixed(out, report_millionths(hit->score), 6);
    io_output_string(out, ",\"reverse_score\":");
    io_output_fixed(out, report_millionths(hit->reverse_score), 6);
    if (hit->match_factor) {
        io_output_string(out, ",\"match_factor\":");
        io_output_unsigned(out, report_match_factor(hit->match_factor));
    }
    report_json_permille(out, ",\"probability\":", permille);
    io_output_string(out, ",\"matched_peaks\":");
    io_output_unsigned(out, hit->matched_peaks);
    if (hit->has_delta_mass) {
        io_output_string(out, ",\"delta_mass\":");
        io_output_fixed(out, hit->delta_mass_uda, 6);
    }
    json_text(out, "database", query->database_names[hit->database]);
    io_output_string(out, "}");
}
