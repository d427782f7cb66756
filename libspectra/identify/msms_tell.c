/* SPDX-License-Identifier: Apache-2.0 */
/* What the hypotheses of an analogue say: delta mass and formula, sets of sites with their odds, the ions behind it. */
#include <string.h>

#include "base/fixed.h"
#include "chem/chem.h"
#include "identify/msms.h"

#define ONE_Q30 (UINT64_C(1) << 30)
#define CREDIBLE 950u      /* permille */
#define LEAST_PERMILLE 10u /* of a set beyond the credible ones */

static uint32_t permille_of(uint64_t part, uint64_t whole) {
    return (uint32_t)((part * 2000 / whole + 1) / 2);
}

static char *begin(base_text *text) {
    if (text->size > 0) base_text_add(text, "", 1);
    return text->bytes + text->size;
}

static const char *end(const base_text *text, const char *start) {
    return text->cut || text->bytes + text->size == start ? "" : start;
}

/* Labels of the sites of some places, each once: "AB", "CDE". */
static const char *labels_of(const identify_msms_search *search, base_text *text, uint32_t places) {
    char *start = begin(text);
    for (uint32_t i = 0; i < search->family.site_count; i++) {
        db_site site;
        bool kept = false;
        for (uint32_t place = 0; place < IDENTIFY_MSMS_PLACES; place++)
            if (places >> place & 1 && search->rules->sites[place] >> i & 1) kept = true;
        if (kept && db_site_at(&site, search->knowing, search->family.first_site + i) && !strstr(start, site.label))
            base_text_string(text, site.label);
    }
    return end(text, start);
}

static const char *words_of(const identify_msms_search *search, base_text *text, uint32_t place) {
    char *start = begin(text);
    for (uint32_t i = 0; i < search->family.site_count; i++) {
        db_site site;
        if (!(search->rules->sites[place] >> i & 1) ||
            !db_site_at(&site, search->knowing, search->family.first_site + i))
            continue;
        if (text->bytes + text->size > start) base_text_string(text, " or ");
        base_text_string(text, site.words);
    }
    return end(text, start);
}

static const char *formula_at(const identify_msms_search *search, const identify_msms_hypothesis *hypothesis,
                              uint32_t place) {
    if (hypothesis->unlisted) return "";
    db_delta row;
    uint32_t index = search->rules->delta[place][hypothesis->delta[place]].row;
    return db_delta_at(&row, search->knowing, index) ? row.formula : "";
}

static void tell_set(spectra_site_set *out, const identify_msms_search *search, base_text *text,
                     const identify_msms_hypothesis *hypothesis) {
    out->count = 0;
    for (uint32_t place = 0; place < IDENTIFY_MSMS_PLACES; place++) {
        if (!(hypothesis->modified >> place & 1)) continue;
        out->sites[out->count++] = (spectra_modified_site){.label = labels_of(search, text, 1u << place),
                                                           .words = words_of(search, text, place),
                                                           .formula = formula_at(search, hypothesis, place),
                                                           .delta_uda = hypothesis->mass_uda[place]};
    }
}

static const identify_msms_hypothesis *best_of_set(const identify_msms_search *search, uint32_t modified) {
    const identify_msms_hypothesis *hypothesis = search->hypotheses;
    while (hypothesis->modified != modified) hypothesis++;
    return hypothesis;
}

static void tell_sets(identify_msms_search *search, base_text *text) {
    spectra_modification *modification = &search->the_case->result->modification;
    identify_msms_set set[IDENTIFY_MSMS_SETS];
    uint32_t count = identify_msms_weigh_sets(set, search->rules, search->hypotheses, search->hypothesis_count);
    uint64_t sum = 0;
    for (uint32_t i = 0; i < count; i++) {
        uint32_t permille = permille_of(set[i].probability, ONE_Q30);
        bool credible = permille_of(sum, ONE_Q30) < CREDIBLE;
        if (!credible && permille < LEAST_PERMILLE) break;
        tell_set(&search->told->set[i], search, text, best_of_set(search, set[i].modified));
        search->told->set[i].permille = permille;
        sum += set[i].probability;
        modification->site_set_count = i + 1;
        if (credible) modification->credible_count = i + 1;
    }
    modification->site_sets = search->told->set;
}

/* The formula of all places together; false where a place has none. */
static bool sum_formula(chem_formula *sum, const identify_msms_search *search,
                        const identify_msms_hypothesis *hypothesis) {
    *sum = (chem_formula){.charge = 0};
    if (hypothesis->unlisted) return false;
    for (uint32_t place = 0; place < IDENTIFY_MSMS_PLACES; place++)
        if (!chem_delta_add(sum, formula_at(search, hypothesis, place))) return false;
    return true;
}

/* The best hypothesis's formula, and the odds of all that have the same against all. */
static void tell_formula(identify_msms_search *search, base_text *text) {
    spectra_modification *modification = &search->the_case->result->modification;
    const identify_msms_hypothesis *best = search->hypotheses;
    chem_formula formula, other;
    modification->formula = "";
    if (!sum_formula(&formula, search, best)) return;
    uint64_t same = 0, all = 0;
    for (uint32_t i = 0; i < search->hypothesis_count; i++) {
        uint64_t odds = identify_msms_odds(search->rules, best, &search->hypotheses[i]);
        all += odds;
        if (sum_formula(&other, search, &search->hypotheses[i]) && memcmp(&formula, &other, sizeof formula) == 0)
            same += odds;
    }
    char *start = begin(text);
    chem_delta_write(text, &formula);
    modification->formula = end(text, start);
    modification->formula_permille = permille_of(same, all);
}

/* Nominal mass: the parent's and that of the difference; without a formula the accurate mass less its usual defect. */
static void tell_mass(identify_msms_search *search) {
    spectra_molecular_mass *mass = &search->the_case->result->molecular_mass;
    chem_formula formula;
    int64_t nominal = (search->molecule_uda - search->molecule_uda / 2000 + 500000) / 1000000;
    if (search->hypothesis_count > 0 && sum_formula(&formula, search, search->hypotheses))
        nominal = (int64_t)search->family.nominal_da + chem_nominal_da(&formula);
    mass->value_da = nominal > 0 ? (uint32_t)nominal : 0;
    mass->origin = search->origin;
    mass->permille = search->origin == SPECTRA_MASS_GIVEN ? 1000 : search->the_case->result->class_permille;
    if (search->origin == SPECTRA_MASS_INFERRED)
        identify_say(&search->the_case->warnings, "the record states no adduct: the precursor is taken for [M+H]+");
}

/* What a peak adds to the logarithm of the odds: its share of the score by the sharpness in nats (× ln 2). */
static int32_t contribution_of(const identify_msms_search *search, uint32_t ion, uint32_t peak) {
    uint64_t score = (uint64_t)search->peaks.weight[peak] * search->rules->ion[ion].weight >> 16;
    return (int32_t)((score * search->rules->sharpness >> 10) * 693147 / 1000 >> 14);
}

static spectra_explained_ion explain(const identify_msms_search *search, base_text *text, uint32_t ion, uint32_t mz) {
    const identify_msms_ion *rule = &search->rules->ion[ion];
    db_fragment row;
    spectra_explained_ion out = {.mz_uth = mz, .fragment = "", .parent_uth = rule->mz_uth};
    if (db_fragment_at(&row, search->knowing, rule->row)) out.fragment = row.label;
    out.kept = labels_of(search, text, rule->kept);
    uint32_t peak = identify_msms_find_peak(search->rules, &search->peaks, mz);
    if (peak == UINT32_MAX) return out;
    spectra_main_peak found = {.mz_uth = search->peaks.mz_uth[peak]};
    identify_set_intensities(&found, 1, search->the_case->spectrum, search->prepared->recipe.merge_gap_uth);
    out.permille = found.permille > 0 ? found.permille : 1;
    out.error_uth = (int32_t)((int64_t)found.mz_uth - mz);
    out.contribution = contribution_of(search, ion, peak);
    return out;
}

/* Found ions by what they add, then the absent ones in the order of the rows. */
static void insert_ion(spectra_explained_ion *list, uint32_t count, const spectra_explained_ion *ion) {
    uint32_t i = count;
    for (; i > 0 && list[i - 1].contribution < ion->contribution; i--) list[i] = list[i - 1];
    list[i] = *ion;
}

static void tell_ions(identify_msms_search *search, base_text *text) {
    spectra_identification *result = search->the_case->result;
    for (uint32_t i = 0; i < search->rules->ion_count; i++) {
        uint32_t mz = identify_msms_ion_mz(search->rules, i, search->hypotheses, search->precursor_uth);
        if (mz == 0) continue;
        const spectra_explained_ion ion = explain(search, text, i, mz);
        insert_ion(search->told->ion, result->explained_count++, &ion);
    }
    result->explained = search->told->ion;
}

void identify_msms_tell(identify_msms_search *search) {
    base_text text;
    base_text_init(&text, search->told->text, sizeof search->told->text);
    tell_mass(search);
    if (search->hypothesis_count == 0) return;
    spectra_modification *modification = &search->the_case->result->modification;
    modification->parent = search->family.parent;
    modification->delta_uda = search->molecule_uda - search->family.mass_uda;
    tell_formula(search, &text);
    tell_sets(search, &text);
    tell_ions(search, &text);
}
