/* SPDX-License-Identifier: Apache-2.0 */
/* What a sample is made of, for a person and as one JSON object (docs/identification.schema.json). */
#include "spectra/mixture.h"
#include "report/report.h"

static void substance_of(spectra_substance *out, const spectra_report_query *query, uint32_t database, uint32_t index) {
    if (spectra_database_substance(query->databases[database], index, out) != SPECTRA_OK)
        *out = (spectra_substance){"", "", "", "", "", "", "", "", 0};
}

static void key_of(io_output *out, const spectra_substance *substance) {
    io_output_json(out, substance->inchikey[0] ? substance->inchikey : substance->name);
}

static void json_refs(io_output *out, const char *key, const spectra_report_query *query,
                      const spectra_substance_ref *refs, uint32_t count) {
    io_output_string(out, key);
    for (uint32_t i = 0; i < count; i++) {
        spectra_substance substance;
        substance_of(&substance, query, refs[i].database, refs[i].substance);
        if (i > 0) io_output_string(out, ",");
        key_of(out, &substance);
    }
    io_output_string(out, "]");
}

static void json_share(io_output *out, const char *key, uint32_t ppm) {
    io_output_string(out, key);
    io_output_fixed(out, ppm, 6);
}

static void json_component(io_output *out, const spectra_report_query *query, const spectra_component *component) {
    const spectra_hit hit = {
        .database = component->database, .substance = component->substance, .entry = component->entry};
    spectra_substance substance;
    spectra_entry entry;
    report_lookup(query, &hit, &substance, &entry);
    io_output_string(out, "{\"substance\":");
    io_output_json(out, report_name(&substance, &entry));
    io_output_string(out, ",\"inchikey\":");
    io_output_json(out, substance.inchikey);
    io_output_string(out, ",\"formula\":");
    io_output_json(out, substance.formula);
    json_share(out, ",\"share\":", component->share_ppm);
    json_share(out, ",\"share_low\":", component->share_low_ppm);
    json_share(out, ",\"share_high\":", component->share_high_ppm);
    io_output_string(out, ",\"evidence\":");
    io_output_fixed(out, component->evidence, 3);
    io_output_string(out, ",\"supporting_spectra\":");
    io_output_unsigned(out, component->supporting);
    io_output_string(out, ",\"verdict\":");
    io_output_json(out, spectra_verdict_text(component->verdict));
    json_refs(out, ",\"alternatives\":[", query, component->alternatives, component->alternative_count);
    json_refs(out, ",\"unrepresented_isomers\":[", query, component->unrepresented, component->unrepresented_count);
    io_output_string(out, "}");
}

static void json_spectrum(io_output *out, const spectra_report_query *query, const spectra_mixture_spectrum *spectrum) {
    io_output_string(out, "{");
    report_json_query(out, query);
    io_output_string(out, ",\"compared\":");
    io_output_unsigned(out, spectrum->compared);
    io_output_string(out, ",\"shift_mda\":");
    io_output_fixed(out, spectrum->shift_uth, 3);
    io_output_string(out, ",\"explained\":");
    io_output_fixed(out, spectrum->explained_permille, 3);
    io_output_string(out, ",\"unexplained\":[");
    for (uint32_t i = 0; i < spectrum->unexplained_count; i++) {
        io_output_string(out, i > 0 ? ",{\"mz\":" : "{\"mz\":");
        report_mass(out, spectrum->unexplained[i].mz_uth);
        io_output_string(out, ",\"intensity\":");
        io_output_fixed(out, spectrum->unexplained[i].permille, 3);
        io_output_string(out, "}");
    }
    io_output_string(out, "]}");
}

static void json_sentences(io_output *out, const char *key, const char *const *sentences, uint32_t count) {
    io_output_string(out, key);
    for (uint32_t i = 0; i < count; i++) {
        if (i > 0) io_output_string(out, ",");
        io_output_json(out, sentences[i]);
    }
    io_output_string(out, "]");
}

/* The query as it would be asked again: the tolerance is not the usual one of a search. */
static void take_options(spectra_search_options *options, spectra_report_query *replayed,
                         const spectra_report_query *query, const spectra_mixture *it) {
    *replayed = *query;
    *options = query->options ? *query->options : (spectra_search_options){.size = sizeof *options};
    options->tolerance = it->tolerance;
    replayed->options = options;
}

static void json_mixture(io_output *out, const spectra_report_query *queries, const spectra_mixture *it) {
    spectra_search_options options;
    spectra_report_query replayed;
    io_output_string(out, "{\"group\":[");
    for (uint32_t i = 0; i < it->spectrum_count; i++) {
        if (i > 0) io_output_string(out, ",");
        json_spectrum(out, &queries[it->spectra[i].index], &it->spectra[i]);
    }
    io_output_string(out, "],\"verdict\":");
    io_output_json(out, spectra_verdict_text(it->verdict));
    io_output_string(out, ",\"components\":[");
    for (uint32_t i = 0; i < it->component_count; i++) {
        if (i > 0) io_output_string(out, ",");
        json_component(out, queries, &it->components[i]);
    }
    io_output_string(out, "],\"considered\":");
    io_output_unsigned(out, it->candidate_count);
    json_sentences(out, ",\"against\":[", it->against, it->against_count);
    json_sentences(out, ",\"warnings\":[", it->warnings, it->warning_count);
    io_output_string(out, it->integer_masses ? ",\"integer_masses\":true," : ",\"integer_masses\":false,");
    take_options(&options, &replayed, queries, it);
    report_json_origin(out, &replayed, &it->search);
    io_output_string(out, "}\n");
}

/* --- Text --- */

static void percent(io_output *out, uint32_t ppm) {
    io_output_fixed(out, ((int64_t)ppm + 500) / 1000, 1);
}

static void text_verdict(io_output *out, const spectra_mixture *it) {
    switch (it->verdict) {
    case SPECTRA_VERDICT_SUPPORTED:
        io_output_string(out, "  SUPPORTED: the sample is consistent with these substances together.\n");
        break;
    case SPECTRA_VERDICT_NOT_DISTINGUISHED:
        io_output_string(out, "  NOT DISTINGUISHED: the sample is consistent with these substances together; one of "
                              "them at\n  least could be another.\n");
        break;
    case SPECTRA_VERDICT_INCONCLUSIVE:
        io_output_string(out, "  INCONCLUSIVE: no candidate has enough evidence.\n");
        break;
    default:
        io_output_string(out, "  NO MATCH: no reference spectrum is a candidate.\n");
        break;
    }
}

static void text_names(io_output *out, const char *words, const spectra_report_query *query,
                       const spectra_substance_ref *refs, uint32_t count) {
    if (count == 0) return;
    io_output_string(out, words);
    for (uint32_t i = 0; i < count; i++) {
        spectra_substance substance;
        substance_of(&substance, query, refs[i].database, refs[i].substance);
        if (i > 0) io_output_string(out, ", ");
        io_output_string(out, substance.name[0] ? substance.name : substance.inchikey);
    }
    io_output_string(out, "\n");
}

static void text_component(io_output *out, const spectra_report_query *query, const spectra_component *component,
                           uint32_t spectrum_count) {
    const spectra_hit hit = {
        .database = component->database, .substance = component->substance, .entry = component->entry};
    spectra_substance substance;
    spectra_entry entry;
    report_lookup(query, &hit, &substance, &entry);
    io_output_string(out, "    ");
    io_output_string(out, report_name(&substance, &entry));
    io_output_string(out, "  ");
    percent(out, component->share_ppm);
    io_output_string(out, " % of the signal (");
    percent(out, component->share_low_ppm);
    io_output_string(out, " to ");
    percent(out, component->share_high_ppm);
    io_output_string(out, "), evidence ");
    io_output_fixed(out, ((int64_t)component->evidence + 50) / 100, 1);
    io_output_string(out, " by ");
    io_output_unsigned(out, component->supporting);
    io_output_string(out, " of ");
    io_output_unsigned(out, spectrum_count);
    io_output_string(out, " spectra\n");
    text_names(out, "      or, which these data cannot tell apart: ", query, component->alternatives,
               component->alternative_count);
    text_names(out, "      isomers that were never measured: ", query, component->unrepresented,
               component->unrepresented_count);
}

static void text_spectrum(io_output *out, const spectra_report_query *query, const spectra_mixture_spectrum *spectrum) {
    const char *energy = spectra_spectrum_field(query->spectrum, SPECTRA_FIELD_COLLISION_ENERGY);
    io_output_string(out, "    ");
    io_output_string(out, query->source);
    io_output_string(out, ", record ");
    io_output_unsigned(out, query->index + 1);
    if (energy) io_output_string(out, ", ");
    if (energy) io_output_string(out, energy);
    io_output_string(out, ": explained ");
    io_output_fixed(out, spectrum->explained_permille, 1);
    io_output_string(out, " %");
    if (spectrum->shift_uth != 0) {
        io_output_string(out, ", masses off by ");
        io_output_fixed(out, spectrum->shift_uth, 3);
        io_output_string(out, " mDa");
    }
    if (spectrum->unexplained_count > 0) io_output_string(out, "; not explained: m/z ");
    for (uint32_t i = 0; i < spectrum->unexplained_count; i++) {
        if (i > 0) io_output_string(out, ", ");
        if (spectrum->unexplained[i].mz_uth % 1000000 == 0)
            io_output_unsigned(out, spectrum->unexplained[i].mz_uth / 1000000);
        else
            io_output_fixed(out, ((int64_t)spectrum->unexplained[i].mz_uth + 50) / 100, 4);
    }
    io_output_string(out, "\n");
}

static void text_mixture(io_output *out, const spectra_report_query *queries, const spectra_mixture *it) {
    spectra_search_options options;
    spectra_report_query replayed;
    io_output_string(out, queries[0].source);
    io_output_string(out, ": one sample, spectra: ");
    io_output_unsigned(out, it->spectrum_count);
    io_output_string(out, "\n");
    text_verdict(out, it);
    if (it->component_count > 0) io_output_string(out, "\n");
    for (uint32_t i = 0; i < it->component_count; i++)
        text_component(out, queries, &it->components[i], it->spectrum_count);
    io_output_string(out, "\n  Spectra\n");
    for (uint32_t i = 0; i < it->spectrum_count; i++)
        text_spectrum(out, &queries[it->spectra[i].index], &it->spectra[i]);
    report_text_sentences(out, "\n  What speaks against it\n", it->against, it->against_count);
    report_text_sentences(out, "\n  What limits it\n", it->warnings, it->warning_count);
    take_options(&options, &replayed, queries, it);
    report_text_technique(out);
    for (uint32_t i = 0; i < it->spectrum_count; i++) report_text_digest(out, &queries[i]);
    report_text_origin(out, &replayed, &it->search);
}

spectra_status spectra_report_mixture(const spectra_sink *sink, spectra_report_format format,
                                      const spectra_report_query *queries, const spectra_mixture *mixture) {
    if (!sink || !sink->write || !queries || !mixture) return SPECTRA_E_INVALID;
    for (uint32_t i = 0; i < mixture->spectrum_count; i++)
        if (!report_is_complete(&queries[i])) return SPECTRA_E_INVALID;
    io_output out;
    io_output_begin(&out, sink);
    if (format == SPECTRA_REPORT_TEXT)
        text_mixture(&out, queries, mixture);
    else if (format == SPECTRA_REPORT_JSONL)
        json_mixture(&out, queries, mixture);
    else
        return SPECTRA_E_INVALID;
    return io_output_end(&out);
}
