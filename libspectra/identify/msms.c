/* SPDX-License-Identifier: Apache-2.0 */
/* An analogue that no database holds, from its fragments: the molecule's mass, the family, and where it is modified. */
#include <string.h>

#include "base/error.h"
#include "base/memory.h"
#include "base/numbers.h"
#include "chem/chem.h"
#include "identify/msms.h"
#include "peaks/peaks.h"
#include "search/search.h"

size_t identify_msms_analogue_required(size_t peak_count) {
    return base_scratch_cost(1, sizeof(identify_msms_told)) + base_scratch_cost(1, sizeof(identify_msms_rules)) +
           base_scratch_cost(IDENTIFY_MSMS_HYPOTHESES, sizeof(identify_msms_hypothesis)) +
           spectra_prepare_required(peak_count) + base_scratch_cost(peak_count, sizeof(uint16_t)) +
           identify_msms_weigh_class_required(peak_count);
}

static void set_precursor(identify_msms_search *search, uint32_t precursor_uth, int64_t added_nda) {
    search->precursor_uth = precursor_uth;
    search->molecule_uda = (int64_t)precursor_uth - (added_nda + 500) / 1000;
}

/* A protonated molecule is sought among this many peaks of this weight (2 %) or more. */
#define MOST_TRIED 8u
#define LEAST_WEIGHT 1311u

/* Mass of the molecule behind a singly charged precursor; without an adduct the ion is taken for [M+H]+. In-source
   spectra have no selected precursor: where none is stated it is sought later. */
static bool find_molecule(identify_msms_search *search) {
    const spectra_spectrum *spectrum = search->the_case->spectrum;
    const char *text = spectra_spectrum_field(spectrum, SPECTRA_FIELD_ADDUCT);
    chem_adduct adduct;
    double precursor;
    search->origin = text ? SPECTRA_MASS_GIVEN : SPECTRA_MASS_INFERRED;
    if (!chem_adduct_parse(&adduct, text ? text : "[M+H]+") || adduct.molecules != 1 || adduct.charge != 1)
        return false;
    if (spectra_spectrum_precursor_mz(spectrum, &precursor) != SPECTRA_OK) {
        search->origin = SPECTRA_MASS_OBSERVED;
        return search->the_case->result->search.track == SPECTRA_TRACK_INSOURCE;
    }
    if (precursor > PEAKS_MAX_MZ) return false;
    set_precursor(search, (uint32_t)base_micro(precursor), adduct.added_nda);
    return search->molecule_uda > 0;
}

/* The recipe of fragments inside a precursor window: the databases' own, so that members can be compared. */
static spectra_status choose_recipe(spectra_recipe *recipe, const identify_msms_search *search) {
    const identify_case *the_case = search->the_case;
    const spectra_search_summary *about = &the_case->result->search;
    for (uint32_t d = 0; d < the_case->database_count && about->track == SPECTRA_TRACK_MSMS; d++) {
        db_set set;
        spectra_status status =
            db_find_set(&set, the_case->databases[d], about->track, about->polarity, DB_SET_WINDOWED);
        if (status == SPECTRA_OK) *recipe = set.recipe;
        if (status != SPECTRA_E_NOT_FOUND) return status;
    }
    spectra_recipe_windowed(recipe);
    if (search->origin == SPECTRA_MASS_OBSERVED) spectra_recipe_open(recipe);
    return SPECTRA_OK;
}

static spectra_status prepare(identify_msms_search *search) {
    identify_case *the_case = search->the_case;
    spectra_recipe recipe;
    spectra_status status = choose_recipe(&recipe, search);
    if (status == SPECTRA_OK)
        status = spectra_prepare(&search->prepared, the_case->spectrum, &recipe, the_case->scratch, the_case->error);
    if (status < 0) return status;
    search->peaks = (kernels_accurate){search->prepared->mz_uth, search->prepared->weight, search->prepared->count};
    search->scaled = base_scratch_take(the_case->scratch, search->prepared->count, sizeof *search->scaled);
    return search->scaled ? SPECTRA_OK : SPECTRA_E_MEMORY;
}

/* What is told stays; the rest is room to work in. */
static spectra_status take_told(identify_msms_search *search) {
    search->told = base_scratch_take(search->the_case->scratch, 1, sizeof *search->told);
    return search->told ? SPECTRA_OK : SPECTRA_E_MEMORY;
}

static spectra_status take_room(identify_msms_search *search) {
    spectra_scratch *scratch = search->the_case->scratch;
    search->rules = base_scratch_take(scratch, 1, sizeof *search->rules);
    search->hypotheses = base_scratch_take(scratch, IDENTIFY_MSMS_HYPOTHESES, sizeof *search->hypotheses);
    return search->rules && search->hypotheses ? SPECTRA_OK : SPECTRA_E_MEMORY;
}

static void find_hypotheses(identify_msms_search *search) {
    search->hypothesis_count =
        identify_msms_find_hypotheses(search->hypotheses, search->rules, &search->peaks,
                                      search->molecule_uda - search->family.mass_uda, search->precursor_uth);
}

/* Peak i as the protonated molecule; the peaks below it are its fragments. */
static void suppose_precursor(identify_msms_search *search, uint32_t i) {
    static const int64_t proton_nda = 1007276467;
    const spectra_prepared *all = search->prepared;
    uint32_t count = 0;
    set_precursor(search, all->mz_uth[i], proton_nda);
    while (count < i && all->mz_uth[count] + (uint64_t)search->rules->margin_uth < all->mz_uth[i]) count++;
    search->peaks = (kernels_accurate){all->mz_uth, all->weight, count};
}

/* Its fragments' weights brought back to a sum of 65535 (rounded down one by one). */
static void scale_fragments(identify_msms_search *search) {
    uint64_t sum = 0;
    for (size_t i = 0; i < search->peaks.count; i++) sum += search->peaks.weight[i];
    for (size_t i = 0; i < search->peaks.count; i++)
        search->scaled[i] = (uint16_t)(sum > 0 ? search->peaks.weight[i] * UINT64_C(65535) / sum : 0);
    search->peaks.weight = search->scaled;
}

/* Among the heaviest peaks that carry something, the one that with what it explains below it makes up most. */
static void seek_precursor(identify_msms_search *search) {
    const spectra_prepared *all = search->prepared;
    uint32_t best = all->count - 1;
    int64_t most = -1;
    for (uint32_t i = all->count, tried = 0; i-- > 0 && tried < MOST_TRIED;) {
        if (all->weight[i] < LEAST_WEIGHT) continue;
        tried++;
        suppose_precursor(search, i);
        find_hypotheses(search);
        int64_t explained = search->hypothesis_count > 0 ? search->hypotheses[0].score : 0;
        if (explained + all->weight[i] <= most) continue;
        most = explained + all->weight[i];
        best = i;
    }
    suppose_precursor(search, best);
    scale_fragments(search);
}

/* SPECTRA_END where the family has no rules for MS/MS. */
static spectra_status ask_family(identify_msms_search *search, uint32_t index) {
    search->family_index = index;
    if (!db_family_at(&search->family, search->knowing, index) || !identify_msms_load_rules(search)) return SPECTRA_END;
    if (search->origin == SPECTRA_MASS_OBSERVED) seek_precursor(search);
    find_hypotheses(search);
    return identify_msms_weigh_class(search);
}

static int64_t surplus(const spectra_identification *result) {
    return (int64_t)result->class_evidence.logit - result->class_evidence.threshold;
}

/* The family that the set belongs to, else the one that the spectrum shows best, else the first of the table; it is
   the last one asked. */
static spectra_status ask_families(identify_msms_search *search) {
    const spectra_identification *result = search->the_case->result;
    uint32_t best = UINT32_MAX;
    int64_t most = INT64_MIN;
    for (uint32_t i = db_knowledge_count(search->knowing, DB_SLOT_FAMILIES); i-- > 0;) {
        spectra_status status = ask_family(search, i);
        if (status < 0) return status;
        bool named = status == SPECTRA_OK && result->class_name && strcmp(result->class_name, search->family.name) == 0;
        if (named) return SPECTRA_OK;
        if (status == SPECTRA_END) continue;
        int64_t shown = surplus(result) < 0 ? -1 : surplus(result);
        if (shown < most) continue;
        most = shown;
        best = i;
    }
    if (best == UINT32_MAX) return SPECTRA_END;
    return best == search->family_index ? SPECTRA_OK : ask_family(search, best);
}

/* A set that is named says what it is; else the spectrum may show the family by itself. */
static bool judge_class(const identify_msms_search *search) {
    spectra_identification *result = search->the_case->result;
    if (result->set_count == 0 && surplus(result) >= 0) {
        result->verdict = SPECTRA_VERDICT_CLASS_ONLY;
        result->class_name = search->family.name;
    }
    return result->class_name && strcmp(result->class_name, search->family.name) == 0;
}

/* Rules that were never held against a measured spectrum of their family name it without odds. */
static void withhold_probability(const identify_msms_search *search) {
    spectra_identification *result = search->the_case->result;
    if (identify_msms_parameter(search, "unmeasured", 0) == 0) return;
    result->class_permille = 0;
    identify_say(
        &search->the_case->warnings,
        "what is told of %s compounds rests on listed ions, never held against a measured spectrum of one: the "
        "family has no probability, those of places and formula are not calibrated",
        search->family.name);
}

/* What was only weighed is not told. */
static void forget_family(spectra_identification *result) {
    result->class_permille = 0;
    result->relatives = NULL;
    result->relative_count = 0;
}

static spectra_status look_for_analogue(identify_msms_search *search) {
    spectra_status status = take_room(search);
    if (status == SPECTRA_OK) status = prepare(search);
    if (status < 0 || search->prepared->count < IDENTIFY_MSMS_LEAST_PEAKS) return status;
    status = ask_families(search);
    if (status != SPECTRA_OK) return status < 0 ? status : SPECTRA_OK;
    if (judge_class(search)) {
        withhold_probability(search);
        identify_msms_tell(search);
    } else {
        forget_family(search->the_case->result);
    }
    return SPECTRA_OK;
}

spectra_status identify_msms_analogue(identify_case *the_case) {
    identify_msms_search search = {.the_case = the_case, .knowing = identify_knowing_database(the_case)};
    if (!search.knowing || the_case->result->search.polarity != SPECTRA_POLARITY_POSITIVE || !find_molecule(&search))
        return SPECTRA_OK;
    spectra_status status = take_told(&search);
    size_t used = the_case->scratch->used;
    if (status == SPECTRA_OK) status = look_for_analogue(&search);
    base_scratch_return(the_case->scratch, used);
    if (status != SPECTRA_E_MEMORY) return status;
    return base_fail(the_case->error, status, BASE_NO_PLACE, "the scratch is too small");
}
