/* SPDX-License-Identifier: Apache-2.0 */
/* Which candidates the sample is not explained without. A group of candidates, at first one alone, is left out of the
   fit of every spectrum; isomers that cannot be told apart take each other's place, so a group that costs too little is
   asked again together with the isomer that took its place. */
#include <string.h>

#include "base/fixed.h"
#include "base/memory.h"
#include "identify/mixture.h"

/* METHODS section 5, fixed before the measured mixtures were counted (docs/decisions). */
#define LEAST_EVIDENCE (20 * NONNEGATIVE_CHI_SQUARE_ONE)
#define LEAST_EVIDENCE_OF_A_SET (30 * NONNEGATIVE_CHI_SQUARE_ONE)
/* Of it, without the ion of each spectrum that it rests on most: one ion alone is no component. */
#define LEAST_EVIDENCE_BESIDES (12 * NONNEGATIVE_CHI_SQUARE_ONE)
#define MOST_OF_A_SPECTRUM (200 * NONNEGATIVE_CHI_SQUARE_ONE)
#define SUPPORTING (4 * NONNEGATIVE_CHI_SQUARE_ONE)
#define LEAST_SHARE 2000u /* 0.2 %, in 10⁻⁶ */
#define MILLION 1000000u
#define GROUPS (2 * MIXTURE_COMPOUNDS)
#define PASSES 4 /* a set has so many members at most */

/* What is told of a spectrum, with the intensities of the unexplained peaks. */
typedef struct mixture_spectrum {
    spectra_mixture_spectrum about;
    uint32_t value[SPECTRA_MIXTURE_UNEXPLAINED];
} mixture_spectrum;

typedef uint64_t compound_mask;
_Static_assert(MIXTURE_COMPOUNDS <= 64, "a bit for each compound");

/* Candidates that are left out together. */
typedef struct group {
    compound_mask members;
    uint64_t evidence, besides; /* besides: without the ion that it rests on most in each spectrum */
    uint32_t supporting;
    uint64_t coefficient;             /* at the lowest energy */
    uint64_t everywhere;              /* over all spectra */
    uint64_t lowest;                  /* growth of χ² there */
    uint64_t gain[MIXTURE_COMPOUNDS]; /* coefficients that others gain by its absence, over all spectra */
} group;

typedef struct judging {
    mixture_case *the_case;
    mixture_system system;
    group groups[GROUPS];
    uint32_t group_count;
    compound_mask found;                     /* members of groups that are components */
    uint64_t coefficient[MIXTURE_COMPOUNDS]; /* at the lowest energy */
    uint64_t total;
    mixture_spectrum *spectra;
} judging;

static bool has(compound_mask members, uint32_t compound) {
    return members >> compound & 1;
}

static void add_gains(group *asked, const mixture_system *system, const uint64_t *left) {
    for (uint32_t k = 0; k < system->fit.column_count; k++) {
        uint64_t before = nonnegative_coefficient(&system->fit, k);
        if (left[k] > before) asked->gain[system->compound[k]] += left[k] - before;
    }
}

static void ask(group *asked, mixture_system *system, bool lowest) {
    uint8_t marked[NONNEGATIVE_COLUMNS] = {0};
    uint64_t left[NONNEGATIVE_COLUMNS], coefficient = 0;
    for (uint32_t k = 0; k < system->fit.column_count; k++) {
        marked[k] = has(asked->members, system->compound[k]);
        if (marked[k]) coefficient += nonnegative_coefficient(&system->fit, k);
    }
    if (lowest) asked->coefficient = coefficient;
    asked->everywhere += coefficient;
    if (coefficient == 0) return;
    nonnegative_growth growth = nonnegative_without(&system->fit, marked, left);
    asked->evidence += growth.all < MOST_OF_A_SPECTRUM ? growth.all : MOST_OF_A_SPECTRUM;
    asked->besides += growth.besides;
    asked->supporting += growth.all >= SUPPORTING;
    if (lowest) asked->lowest = growth.all;
    add_gains(asked, system, left);
}

/* --- What a spectrum leaves unexplained --- */

static uint32_t permille_of(uint64_t part, uint64_t whole) {
    uint64_t permille = whole > 0 ? (1000 * part + whole / 2) / whole : 0;
    return (uint32_t)(permille < 1000 ? permille : 1000);
}

static void list_unexplained(mixture_spectrum *out, uint32_t mz_uth, uint32_t value) {
    const spectra_main_peak peak = {mz_uth, permille_of(value, NONNEGATIVE_ONE), 0, 0};
    uint32_t place = out->about.unexplained_count;
    spectra_main_peak *listed = out->about.unexplained;
    if (place < SPECTRA_MIXTURE_UNEXPLAINED)
        out->about.unexplained_count++;
    else if (out->value[--place] >= value)
        return;
    for (; place > 0 && out->value[place - 1] < value; place--) {
        listed[place] = listed[place - 1];
        out->value[place] = out->value[place - 1];
    }
    listed[place] = peak;
    out->value[place] = value;
}

static void tell_spectrum(mixture_spectrum *out, const mixture_query *query, const nonnegative_system *fit) {
    uint64_t all = 0, explained = 0;
    out->about = (spectra_mixture_spectrum){.index = query->index,
                                            .compared = fit->column_count,
                                            .shift_uth = query->shift_uth,
                                            .peaks = query->peaks.count};
    for (uint32_t i = 0; i < query->peaks.count; i++) {
        uint64_t value = query->peaks.value[i], fitted = fit->fitted[i];
        all += value;
        explained += value < fitted ? value : fitted;
        if (value > fitted + 3 * (uint64_t)fit->sigma[i])
            list_unexplained(out, query->peaks.mz_uth[i], query->peaks.value[i]);
    }
    out->about.explained_permille = permille_of(explained, all);
}

static void take_coefficients(judging *it) {
    memset(it->coefficient, 0, sizeof it->coefficient);
    it->total = 0;
    for (uint32_t k = 0; k < it->system.fit.column_count; k++) {
        uint64_t coefficient = nonnegative_coefficient(&it->system.fit, k);
        it->coefficient[it->system.compound[k]] += coefficient;
        it->total += coefficient;
    }
}

/* Asks every group from `first` on, of every spectrum. */
static spectra_status ask_all(judging *it, uint32_t first) {
    spectra_scratch *scratch = it->the_case->run.scratch;
    for (uint32_t q = 0; q < it->the_case->query_count; q++) {
        const mixture_query *query = &it->the_case->queries[q];
        size_t used = scratch->used;
        spectra_status status = mixture_build_system(&it->system, it->the_case, query);
        if (status < 0) return status;
        if (first == 0) tell_spectrum(&it->spectra[q], query, &it->system.fit);
        if (first == 0 && q == 0) take_coefficients(it);
        for (uint32_t g = first; g < it->group_count; g++) ask(&it->groups[g], &it->system, q == 0);
        base_scratch_return(scratch, used);
    }
    return SPECTRA_OK;
}

/* --- Groups --- */

static uint32_t share_of(const judging *it, uint64_t coefficient) {
    return it->total > 0 ? (uint32_t)(coefficient * MILLION / it->total) : 0;
}

static bool has_share(const judging *it, const group *asked) {
    return share_of(it, asked->coefficient) >= LEAST_SHARE;
}

static bool is_single(compound_mask members) {
    return (members & (members - 1)) == 0;
}

static bool is_needed(const group *asked) {
    return asked->evidence >= (is_single(asked->members) ? LEAST_EVIDENCE : LEAST_EVIDENCE_OF_A_SET);
}

static bool has_evidence(const group *asked) {
    return is_needed(asked) && asked->besides >= LEAST_EVIDENCE_BESIDES;
}

static void note_found(judging *it, uint32_t first) {
    for (uint32_t g = first; g < it->group_count; g++)
        if (has_share(it, &it->groups[g]) && has_evidence(&it->groups[g])) it->found |= it->groups[g].members;
}

static const char *formula_of(const judging *it, uint32_t compound) {
    const mixture_compound *about = &it->the_case->compounds[compound];
    const spectra_database *database = it->the_case->run.databases[about->database];
    return db_string(database, db_substance_formula(database, about->substance));
}

/* Other substances resemble a remainder by chance; isomers have the same spectra for a reason. */
static bool is_isomer(const judging *it, compound_mask members, uint32_t compound) {
    const char *formula = formula_of(it, compound);
    for (uint32_t k = 0; k < it->the_case->compound_count; k++)
        if (has(members, k) && formula[0]) return strcmp(formula, formula_of(it, k)) == 0;
    return false;
}

/* The isomer of no component that took half of the group's place and more; MIXTURE_COMPOUNDS where none did. */
static uint32_t taker_of(const judging *it, const group *asked) {
    uint32_t best = MIXTURE_COMPOUNDS;
    uint64_t most = asked->everywhere / 2;
    for (uint32_t k = 0; k < it->the_case->compound_count; k++) {
        if (has(asked->members | it->found, k) || asked->gain[k] <= most) continue;
        if (!is_isomer(it, asked->members, k)) continue;
        most = asked->gain[k];
        best = k;
    }
    return best;
}

static bool is_asked(const judging *it, compound_mask members) {
    for (uint32_t g = 0; g < it->group_count; g++)
        if (it->groups[g].members == members) return true;
    return false;
}

/* Groups that cost too little, each with what took its place. */
static void widen(judging *it, uint32_t first, uint32_t end) {
    for (uint32_t g = first; g < end && it->group_count < GROUPS; g++) {
        const group *asked = &it->groups[g];
        if (!has_share(it, asked) || has_evidence(asked) || (asked->members & it->found)) continue;
        uint32_t taker = taker_of(it, asked);
        if (taker == MIXTURE_COMPOUNDS) continue;
        compound_mask members = asked->members | UINT64_C(1) << taker;
        if (!is_asked(it, members)) it->groups[it->group_count++] = (group){.members = members};
    }
}

/* Forgets groups of candidates that are not in the fit, so that there is room for wider ones. */
static void drop_absent(judging *it) {
    uint32_t kept = 0;
    for (uint32_t g = 0; g < it->group_count; g++)
        if (it->groups[g].coefficient > 0 || it->groups[g].evidence > 0) it->groups[kept++] = it->groups[g];
    it->group_count = kept;
}

/* The first pass also tells what each spectrum leaves, be there candidates or none. */
static spectra_status find_groups(judging *it) {
    for (uint32_t k = 0; k < it->the_case->compound_count; k++)
        it->groups[it->group_count++] = (group){.members = UINT64_C(1) << k};
    uint32_t first = 0;
    for (int pass = 0; pass == 0 || (pass < PASSES && first < it->group_count); pass++) {
        spectra_status status = ask_all(it, first);
        if (status < 0) return status;
        if (first == 0) drop_absent(it);
        note_found(it, first);
        uint32_t end = it->group_count;
        widen(it, first, end);
        first = end;
    }
    return SPECTRA_OK;
}

/* --- Components --- */

/* Of the members the one with most of the signal, of equals the first. */
static uint32_t leader_of(const judging *it, compound_mask members) {
    uint32_t best = MIXTURE_COMPOUNDS;
    for (uint32_t k = 0; k < it->the_case->compound_count; k++)
        if (has(members, k) && (best == MIXTURE_COMPOUNDS || it->coefficient[k] > it->coefficient[best])) best = k;
    return best;
}

/* χ² grows by x²/s² when a coefficient x of standard error s becomes 0: 1.96·s is 1.96·x/√growth. */
static void set_share(spectra_component *out, const judging *it, const group *asked) {
    uint64_t x = asked->coefficient, others = it->total - x, half = x;
    uint32_t root = base_sqrt(asked->lowest << 8); /* 2^-16 */
    if (root > 0) half = base_multiply_divide(x, UINT64_C(128451), root);
    uint64_t low = half < x ? x - half : 0, high = x + half;
    out->share_ppm = share_of(it, x);
    out->share_low_ppm = (uint32_t)base_multiply_divide(low, MILLION, low + others + 1);
    out->share_high_ppm = root > 0 ? (uint32_t)base_multiply_divide(high, MILLION, high + others + 1) : MILLION;
    if (out->share_low_ppm > out->share_ppm) out->share_low_ppm = out->share_ppm;
    if (out->share_high_ppm < out->share_ppm) out->share_high_ppm = out->share_ppm;
}

static spectra_status take_alternatives(spectra_component *out, const judging *it, compound_mask members,
                                        uint32_t leader) {
    const mixture_case *the_case = it->the_case;
    spectra_substance_ref *refs = base_scratch_take(the_case->run.scratch, PASSES, sizeof *refs);
    if (!refs) return SPECTRA_E_MEMORY;
    for (uint32_t k = 0; k < the_case->compound_count; k++)
        if (k != leader && has(members, k))
            refs[out->alternative_count++] =
                (spectra_substance_ref){the_case->compounds[k].database, the_case->compounds[k].substance};
    out->alternatives = refs;
    return SPECTRA_OK;
}

/* Isomers that nobody measured: asked as of the set of an identification. */
static spectra_status find_isomers(spectra_component *out, mixture_case *the_case) {
    spectra_hit hits[PASSES] = {{.database = out->database, .substance = out->substance}};
    for (uint32_t k = 0; k < out->alternative_count; k++)
        hits[k + 1] =
            (spectra_hit){.database = out->alternatives[k].database, .substance = out->alternatives[k].substance};
    spectra_identification set = {
        .search = the_case->summary, .candidates = hits, .set_count = 1 + out->alternative_count};
    spectra_substance_ref *refs = base_scratch_take(the_case->run.scratch, IDENTIFY_ISOMERS, sizeof *refs);
    if (!refs) return SPECTRA_E_MEMORY;
    identify_case asked = {.databases = the_case->run.databases,
                           .database_count = the_case->run.database_count,
                           .result = &set,
                           .unrepresented = refs,
                           .warnings = the_case->warnings};
    identify_find_isomers(&asked);
    the_case->warnings = asked.warnings;
    out->unrepresented = refs;
    out->unrepresented_count = set.unrepresented_count;
    return SPECTRA_OK;
}

static spectra_status fill_component(spectra_component *out, const judging *it, const group *asked) {
    uint32_t leader = leader_of(it, asked->members);
    const mixture_compound *compound = &it->the_case->compounds[leader];
    *out = (spectra_component){.database = compound->database,
                               .substance = compound->substance,
                               .entry = compound->entry,
                               .evidence = (uint32_t)(asked->evidence * 1000 / NONNEGATIVE_CHI_SQUARE_ONE),
                               .supporting = asked->supporting};
    set_share(out, it, asked);
    spectra_status status = take_alternatives(out, it, asked->members, leader);
    if (status == SPECTRA_OK) status = find_isomers(out, it->the_case);
    bool alone = out->alternative_count == 0 && out->unrepresented_count == 0;
    out->verdict = alone ? SPECTRA_VERDICT_SUPPORTED : SPECTRA_VERDICT_NOT_DISTINGUISHED;
    return status;
}

/* The component of the largest share that has not been listed; none of it twice. */
static const group *next_group(const judging *it, compound_mask listed) {
    const group *best = NULL;
    for (uint32_t g = 0; g < it->group_count; g++) {
        const group *asked = &it->groups[g];
        if ((asked->members & listed) || !has_share(it, asked) || !has_evidence(asked)) continue;
        if (!best || asked->coefficient > best->coefficient) best = asked;
    }
    return best;
}

/* What one ion alone speaks for is told, not listed. */
static void tell_single_ions(const judging *it, compound_mask listed) {
    for (uint32_t g = 0; g < it->group_count; g++) {
        const group *asked = &it->groups[g];
        if ((asked->members & listed) || !is_single(asked->members) || !has_share(it, asked) || !is_needed(asked))
            continue;
        const mixture_compound *about = &it->the_case->compounds[leader_of(it, asked->members)];
        spectra_substance named;
        if (spectra_database_substance(it->the_case->run.databases[about->database], about->substance, &named) < 0)
            continue;
        identify_say(&it->the_case->against, "one ion alone speaks for %s, which is no component by that", named.name);
    }
}

static spectra_status list_components(judging *it) {
    mixture_case *the_case = it->the_case;
    spectra_scratch *scratch = the_case->run.scratch;
    spectra_component *components = base_scratch_take(scratch, SPECTRA_MIXTURE_COMPONENTS, sizeof *components);
    if (!components) return SPECTRA_E_MEMORY;
    uint32_t count = 0;
    compound_mask listed = 0;
    for (const group *asked; count < SPECTRA_MIXTURE_COMPONENTS && (asked = next_group(it, listed)); count++) {
        spectra_status status = fill_component(&components[count], it, asked);
        if (status < 0) return status;
        listed |= asked->members;
    }
    tell_single_ions(it, listed);
    if (next_group(it, listed)) identify_say(&the_case->warnings, "more components were found than are listed");
    the_case->result->components = components;
    the_case->result->component_count = count;
    return SPECTRA_OK;
}

static spectra_status hand_spectra_over(const judging *it) {
    mixture_case *the_case = it->the_case;
    spectra_mixture_spectrum *spectra =
        base_scratch_take(the_case->run.scratch, the_case->query_count, sizeof *spectra);
    if (!spectra) return SPECTRA_E_MEMORY;
    for (uint32_t q = 0; q < the_case->query_count; q++) spectra[q] = it->spectra[q].about;
    the_case->result->spectra = spectra;
    the_case->result->spectrum_count = the_case->query_count;
    return SPECTRA_OK;
}

size_t mixture_judge_required(void) {
    return base_scratch_cost(1, sizeof(judging)) +
           base_scratch_cost(SPECTRA_MIXTURE_SPECTRA, sizeof(mixture_spectrum)) + mixture_system_required() +
           base_scratch_cost(SPECTRA_MIXTURE_COMPONENTS, sizeof(spectra_component)) +
           base_scratch_cost(SPECTRA_MIXTURE_SPECTRA, sizeof(spectra_mixture_spectrum)) +
           SPECTRA_MIXTURE_COMPONENTS * (base_scratch_cost(PASSES, sizeof(spectra_substance_ref)) +
                                         base_scratch_cost(IDENTIFY_ISOMERS, sizeof(spectra_substance_ref)));
}

spectra_status mixture_judge(mixture_case *the_case) {
    spectra_scratch *scratch = the_case->run.scratch;
    judging *it = base_scratch_take(scratch, 1, sizeof *it);
    mixture_spectrum *spectra = base_scratch_take(scratch, the_case->query_count, sizeof *spectra);
    if (!it || !spectra) return SPECTRA_E_MEMORY;
    memset(it, 0, sizeof *it);
    it->the_case = the_case;
    it->spectra = spectra;
    spectra_status status = find_groups(it);
    if (status == SPECTRA_OK) status = list_components(it);
    if (status == SPECTRA_OK) status = hand_spectra_over(it);
    return status;
}
