/* SPDX-License-Identifier: Apache-2.0 */
/* A verdict as one JSON object: docs/identification.schema.json is its contract. */
#include "report/report.h"

static void json_strings(io_output *out, const char *key, const char *const *strings, uint32_t count) {
    io_output_string(out, ",\"");
    io_output_string(out, key);
    io_output_string(out, "\":[");
    for (uint32_t i = 0; i < count; i++) {
        if (i > 0) io_output_string(out, ",");
        io_output_json(out, strings[i]);
    }
    io_output_string(out, "]");
}

/* A compound in a list of compounds: its InChIKey, else its name. */
static void json_compound(io_output *out, const spectra_substance *substance) {
    io_output_json(out, substance->inchikey[0] ? substance->inchikey : substance->name);
}

static void json_set(io_output *out, const spectra_report_query *query, const spectra_identification *it) {
    io_output_string(out, ",\"set\":[");
    for (uint32_t i = 0; i < it->set_count; i++) {
        spectra_substance substance;
        spectra_entry entry;
        report_lookup(query, &it->candidates[i], &substance, &entry);
        if (i > 0) io_output_string(out, ",");
        json_compound(out, &substance);
    }
    io_output_string(out, "],\"unrepresented_isomers\":[");
    for (uint32_t i = 0; i < it->unrepresented_count; i++) {
        spectra_substance substance;
        const spectra_substance_ref *ref = &it->unrepresented[i];
        if (spectra_database_substance(query->databases[ref->database], ref->substance, &substance) != SPECTRA_OK)
            continue;
        if (i > 0) io_output_string(out, ",");
        json_compound(out, &substance);
    }
    io_output_string(out, "]");
}

void report_json_permille(io_output *out, const char *key, uint32_t permille) {
    io_output_string(out, key);
    if (permille)
        io_output_fixed(out, permille, 3);
    else
        io_output_string(out, "null");
}

static void json_probability(io_output *out, const spectra_identification *it) {
    static const char *const domains[] = {"uncalibrated", "inside", "outside"};
    report_json_permille(out, ",\"probability\":{\"structure\":", it->structure_permille);
    report_json_permille(out, ",\"group\":", it->group_permille);
    io_output_string(out, "},\"calibration\":{");
    if (it->calibration == SPECTRA_CALIBRATION_INSIDE) {
        io_output_string(out, "\"id\":");
        report_json_digest(out, it->calibration_digest);
        io_output_string(out, ",");
    }
    io_output_string(out, "\"domain\":");
    io_output_json(out, domains[it->calibration]);
    io_output_string(out, "}");
}

void report_json_identification(io_output *out, const spectra_report_query *query, const spectra_identification *it) {
    io_output_string(out, "{");
    report_json_query(out, query);
    io_output_string(out, ",\"verdict\":");
    io_output_json(out, spectra_verdict_text(it->verdict));
    json_probability(out, it);
    io_output_string(out, ",\"candidates\":[");
    for (uint32_t i = 0; i < it->candidate_count; i++) {
        if (i > 0) io_output_string(out, ",");
        report_json_hit(out, query, &it->candidates[i], i + 1, i == 0 ? it->structure_permille : 0);
    }
    io_output_string(out, "]");
    if (it->set_count > 0) json_set(out, query, it);
    if (it->class_name) {
        io_output_string(out, ",\"class\":{\"name\":");
        io_output_json(out, it->class_name);
        io_output_string(out, ",\"probability\":null}");
    }
    json_strings(out, "against", it->against, it->against_count);
    json_strings(out, "warnings", it->warnings, it->warning_count);
    io_output_string(out, ",");
    report_json_origin(out, query, &it->search);
    io_output_string(out, "}\n");
}
