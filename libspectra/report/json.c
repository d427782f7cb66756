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

static void json_class(io_output *out, const spectra_identification *it) {
    if (!it->class_name) return;
    io_output_string(out, ",\"class\":{\"name\":");
    io_output_json(out, it->class_name);
    report_json_permille(out, ",\"probability\":", it->class_permille);
    io_output_string(out, "}");
}

static void json_site_set(io_output *out, const spectra_site_set *set) {
    io_output_string(out, "\"sites\":[");
    for (uint32_t i = 0; i < set->count; i++) {
        if (i > 0) io_output_string(out, ",");
        io_output_json(out, set->sites[i].label);
    }
    io_output_string(out, "],\"site_deltas\":[");
    for (uint32_t i = 0; i < set->count; i++) {
        if (i > 0) io_output_string(out, ",");
        report_mass(out, set->sites[i].delta_uda);
    }
    report_json_permille(out, "],\"probability\":", set->permille);
}

static void json_modification(io_output *out, const spectra_modification *modification) {
    if (modification->site_set_count == 0) return;
    io_output_string(out, ",\"modification\":{\"parent\":");
    io_output_json(out, modification->parent);
    io_output_string(out, ",\"delta_mass\":");
    report_mass(out, modification->delta_uda);
    io_output_string(out, ",\"delta_formula\":");
    report_delta_formula(out, modification->formula, true);
    report_json_permille(out, ",\"delta_formula_probability\":", modification->formula_permille);
    io_output_string(out, ",");
    json_site_set(out, &modification->site_sets[0]);
    io_output_string(out, ",\"credible\":");
    io_output_unsigned(out, modification->credible_count);
    io_output_string(out, ",\"alternatives\":[");
    for (uint32_t i = 1; i < modification->site_set_count; i++) {
        io_output_string(out, i > 1 ? ",{" : "{");
        json_site_set(out, &modification->site_sets[i]);
        io_output_string(out, "}");
    }
    io_output_string(out, "]}");
}

static void json_molecular_mass(io_output *out, const spectra_molecular_mass *mass) {
    if (mass->value_da == 0) return;
    io_output_string(out, ",\"molecular_mass\":{\"value\":");
    io_output_unsigned(out, mass->value_da);
    io_output_string(out, ",\"origin\":");
    io_output_json(out, report_mass_origin(mass->origin));
    report_json_permille(out, ",\"probability\":", mass->permille);
    if (mass->candidate_count > 0) {
        io_output_string(out, ",\"credible\":");
        io_output_unsigned(out, mass->credible_count);
        io_output_string(out, ",\"alternatives\":[");
        for (uint32_t i = 1; i < mass->candidate_count; i++) {
            io_output_string(out, i > 1 ? ",{\"value\":" : "{\"value\":");
            io_output_unsigned(out, mass->candidates[i].value_da);
            report_json_permille(out, ",\"probability\":", mass->candidates[i].permille);
            io_output_string(out, "}");
        }
        io_output_string(out, "]");
    }
    io_output_string(out, "}");
}

static void json_relatives(io_output *out, const spectra_report_query *query, const spectra_identification *it) {
    if (it->relative_count == 0) return;
    io_output_string(out, ",\"relatives\":[");
    for (uint32_t i = 0; i < it->relative_count; i++) {
        if (i > 0) io_output_string(out, ",");
        report_json_hit(out, query, &it->relatives[i], i + 1, 0);
    }
    io_output_string(out, "]");
}

static void json_explained(io_output *out, const spectra_identification *it) {
    io_output_string(out, ",\"explanation\":[");
    for (uint32_t i = 0; i < it->explained_count; i++) {
        const spectra_explained_ion *ion = &it->explained[i];
        io_output_string(out, i > 0 ? ",{\"mz\":" : "{\"mz\":");
        report_mass(out, ion->mz_uth);
        io_output_string(out, ",\"intensity\":");
        io_output_fixed(out, ion->permille, 3);
        io_output_string(out, ",\"fragment\":");
        io_output_json(out, ion->fragment);
        io_output_string(out, ",\"parent_mz\":");
        report_mass(out, ion->parent_uth);
        io_output_string(out, ",\"kept\":");
        io_output_json(out, ion->kept);
        io_output_string(out, ",\"contribution\":");
        io_output_fixed(out, ion->contribution, 3);
        io_output_string(out, ",\"error_mda\":");
        io_output_fixed(out, ion->error_uth, 3);
        io_output_string(out, "}");
    }
    io_output_string(out, "]");
}

static void json_likeness(io_output *out, const spectra_class_evidence *evidence, uint32_t likeness) {
    if (evidence->references)
        io_output_fixed(out, report_millionths(likeness), 6);
    else
        io_output_string(out, "null");
}

static void json_class_evidence(io_output *out, const spectra_class_evidence *evidence, spectra_track track) {
    if (!evidence->family) return;
    io_output_string(out, ",\"class_evidence\":{\"name\":");
    io_output_json(out, evidence->family);
    if (track == SPECTRA_TRACK_EI) {
        io_output_string(out, ",\"fragments\":");
        io_output_fixed(out, evidence->fragments, 3);
        io_output_string(out, ",\"mean_likeness\":");
        json_likeness(out, evidence, evidence->mean_likeness);
    } else {
        io_output_string(out, ",\"rule\":");
        io_output_fixed(out, evidence->rule, 6);
        io_output_string(out, ",\"explained_peaks\":");
        io_output_unsigned(out, evidence->explained);
    }
    io_output_string(out, ",\"likeness\":");
    json_likeness(out, evidence, evidence->likeness);
    io_output_string(out, ",\"logit\":");
    io_output_fixed(out, evidence->logit, 3);
    io_output_string(out, ",\"threshold\":");
    io_output_fixed(out, evidence->threshold, 3);
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
    json_class(out, it);
    json_modification(out, &it->modification);
    json_molecular_mass(out, &it->molecular_mass);
    json_relatives(out, query, it);
    if (query->explain) {
        json_class_evidence(out, &it->class_evidence, it->search.track);
        json_explained(out, it);
    }
    json_strings(out, "against", it->against, it->against_count);
    json_strings(out, "warnings", it->warnings, it->warning_count);
    io_output_string(out, ",");
    report_json_origin(out, query, &it->search);
    io_output_string(out, "}\n");
}
