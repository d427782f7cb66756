/* SPDX-License-Identifier: Apache-2.0 */
/* Search of the EI track: every reference by the measure, or the candidates of two cosines by the identity score. */
#include <assert.h>

#include "base/memory.h"
#include "search/bound.h"
#include "search/pair.h"
#include "search/search.h"
#include "search/waiting.h"

/* METHODS: candidates are the best 30 by (.5, 0) and the best 30 by (.53, 1.3) weights; E4 orders them. */
#define CANDIDATES 30u

size_t search_nominal_required(size_t peak_count) {
    return spectra_prepare_required(peak_count) + search_nominal_begin_required() +
           2 * base_scratch_cost(CANDIDATES, sizeof(spectra_hit)) + 2 * bound_required() +
           base_scratch_cost(1, sizeof(bound_block)) + search_waiting_required();
}

/* The query, its bounds (of the match factor, or of the two cosines), the block of spectra they are held against, and
   those of them that may score enough. */
typedef struct nominal_walk {
    search_nominal_query query;
    bound_query bounds[2];
    bound_block *block;
    search_waiting waiting;
} nominal_walk;

/* Query − reference; 0 where the reference's is not known. */
static int32_t delta_of(const search_run *run, const spectra_hit *hit) {
    spectra_substance substance;
    int32_t mass_da;
    const spectra_database *database = run->databases[hit->database];
    if (spectra_database_substance(database, hit->substance, &substance) != SPECTRA_OK ||
        !search_nominal_mass(&mass_da, substance.formula))
        return 0;
    return (int32_t)run->options.mass_da - mass_da;
}

static search_nominal_reference reference_of(const db_set *set, const db_spectrum *spectrum) {
    uint32_t first = spectrum->first_peak;
    return (search_nominal_reference){.peaks = {set->nominal + first, set->root + first, spectrum->peak_count},
                                      .weighted = set->weighted + first,
                                      .first_mz = spectrum->first_mz,
                                      .root_norm = spectrum->root_norm,
                                      .weighted_norm = spectrum->weighted_norm};
}

static void take_score(spectra_hit *hit, const search_score *score) {
    hit->score = score->score;
    hit->reverse_score = score->reverse_score;
    hit->match_factor = score->match_factor;
    hit->matched_peaks = score->matched;
}

static bool begin_hit(spectra_hit *hit, const db_spectrum *spectrum, const search_run *run, uint32_t database) {
    db_entry_key key;
    if (!db_entry_key_at(&key, run->databases[database], spectrum->entry)) return false;
    *hit = (spectra_hit){.database = database,
                         .entry = spectrum->entry,
                         .substance = key.substance,
                         .reference_peaks = spectrum->peak_count};
    return true;
}

static bool wants(const search_top *top, const search_score *score) {
    return search_top_wants(top, top->by_reverse ? score->reverse_score : score->score);
}

static void offer_scored(search_top *top, spectra_hit *hit, search_score *score, const search_nominal_query *query,
                         const search_nominal_reference *reference) {
    search_nominal_complete(score, query, reference);
    take_score(hit, score);
    search_top_offer(top, hit);
}

/* Of a spectrum that cannot enter the list only the measure that ranks is computed, and its entry, which stands
   elsewhere, is touched for its mass alone. */
static spectra_status offer_match(const search_run *run, const search_nominal_query *query, const db_set *set,
                                  uint32_t database, uint32_t i, search_top *top) {
    spectra_hit hit;
    db_spectrum spectrum;
    const bool by_mass = query->measure == SPECTRA_MEASURE_HYBRID;
    if (!db_spectrum_at(&spectrum, set, i)) return SPECTRA_E_CORRUPT;
    if (by_mass && !begin_hit(&hit, &spectrum, run, database)) return SPECTRA_E_CORRUPT;
    search_nominal_reference reference = reference_of(set, &spectrum);
    if (by_mass) reference.delta_da = delta_of(run, &hit);
    search_score score = search_nominal_score(query, &reference);
    if (!wants(top, &score)) return SPECTRA_OK;
    if (!by_mass && !begin_hit(&hit, &spectrum, run, database)) return SPECTRA_E_CORRUPT;
    offer_scored(top, &hit, &score, query, &reference);
    return SPECTRA_OK;
}

/* A reverse score has no useful bound: what it leaves out of the query is what the bound lives on. Nor has hybrid. */
static spectra_status score_all(const search_run *run, const nominal_walk *walk, const db_set *set, uint32_t database,
                                search_top *top) {
    run->summary->compared += set->count;
    for (uint32_t i = 0; i < set->count; i++) {
        spectra_status status = offer_match(run, &walk->query, set, database, i, top);
        if (status < 0) return status;
    }
    return SPECTRA_OK;
}

static bool match_reaches(const bound_query *bound, const db_set *set, uint32_t i, const search_top *top) {
    db_spectrum spectrum;
    if (!db_spectrum_at(&spectrum, set, i)) return true; /* an error that offer_match tells */
    const search_nominal_reference reference = reference_of(set, &spectrum);
    return bound_match_reaches(bound, &reference.peaks, search_top_least(top));
}

static spectra_status offer_waiting(const search_run *run, nominal_walk *walk, const db_set *set, uint32_t database,
                                    search_top *top) {
    const bound_query *bound = &walk->bounds[0];
    search_waiting_spectrum next;
    search_waiting_order(&walk->waiting);
    while (search_waiting_take(&next, &walk->waiting, bound_least(bound, search_top_least(top)))) {
        if (bound->weight == BOUND_MASS && !match_reaches(bound, set, next.spectrum, top)) continue;
        spectra_status status = offer_match(run, &walk->query, set, database, next.spectrum, top);
        if (status < 0) return status;
    }
    return SPECTRA_OK;
}

static spectra_status scan_bounded(const search_run *run, nominal_walk *walk, const db_set *set, uint32_t database,
                                   search_top *top) {
    bound_block *block = walk->block;
    const bound_query *bound = &walk->bounds[0];
    for (uint32_t first = 0; first < set->count; first += block->count) {
        if (!bound_read(block, set, first)) return SPECTRA_E_CORRUPT;
        run->summary->compared += block->count;
        bound_run(&walk->bounds[0], block);
        for (uint32_t i = 0; (i = bound_next(bound, block, i, search_top_least(top))) < block->count; i++) {
            const search_waiting_spectrum found = {bound_of(bound, block, i), first + i};
            if (!search_waiting_add(&walk->waiting, found)) continue;
            spectra_status status = offer_waiting(run, walk, set, database, top);
            if (status < 0) return status;
        }
    }
    return offer_waiting(run, walk, set, database, top);
}

/* The two candidate lists of the identity score: every spectrum counts for itself. */
typedef struct candidate_lists {
    search_top by_root;
    search_top by_weighted;
} candidate_lists;

static spectra_status begin_candidates(candidate_lists *lists, const search_run *run) {
    search_top list = {.capacity = CANDIDATES, .all_spectra = true, .min_rank = 1, .run = run};
    lists->by_root = list;
    lists->by_weighted = list;
    lists->by_root.hits = base_scratch_take(run->scratch, CANDIDATES, sizeof(spectra_hit));
    lists->by_weighted.hits = base_scratch_take(run->scratch, CANDIDATES, sizeof(spectra_hit));
    return lists->by_root.hits && lists->by_weighted.hits ? SPECTRA_OK : SPECTRA_E_MEMORY;
}

static spectra_status offer_candidate(const search_run *run, const search_nominal_query *query, const db_set *set,
                                      uint32_t database, uint32_t i, candidate_lists *lists) {
    spectra_hit hit;
    db_spectrum spectrum;
    if (!db_spectrum_at(&spectrum, set, i)) return SPECTRA_E_CORRUPT;
    search_nominal_reference reference = reference_of(set, &spectrum);
    search_range_cosines cosines = search_nominal_cosines(query, &reference);
    if (!search_top_wants(&lists->by_root, cosines.root) && !search_top_wants(&lists->by_weighted, cosines.weighted))
        return SPECTRA_OK;
    if (!begin_hit(&hit, &spectrum, run, database)) return SPECTRA_E_CORRUPT;
    hit.score = cosines.root;
    search_top_offer(&lists->by_root, &hit);
    hit.score = cosines.weighted;
    search_top_offer(&lists->by_weighted, &hit);
    return SPECTRA_OK;
}

static spectra_status scan_candidates(const search_run *run, nominal_walk *walk, const db_set *set, uint32_t database,
                                      candidate_lists *lists) {
    bound_block *block = walk->block;
    for (uint32_t first = 0; first < set->count; first += block->count) {
        if (!bound_read(block, set, first)) return SPECTRA_E_CORRUPT;
        run->summary->compared += block->count;
        bound_run(&walk->bounds[0], block);
        bound_run(&walk->bounds[1], block);
        uint32_t by_root = 0, by_weighted = 0;
        for (uint32_t i = 0; i < block->count; i++) {
            if (by_root <= i) by_root = bound_next(&walk->bounds[0], block, i, search_top_least(&lists->by_root));
            if (by_weighted <= i)
                by_weighted = bound_next(&walk->bounds[1], block, i, search_top_least(&lists->by_weighted));
            i = by_root < by_weighted ? by_root : by_weighted;
            if (i == block->count) break;
            spectra_status status = offer_candidate(run, &walk->query, set, database, first + i, lists);
            if (status < 0) return status;
        }
    }
    return SPECTRA_OK;
}

static bool contains(const search_top *list, const spectra_hit *hit) {
    for (uint32_t i = 0; i < list->count; i++)
        if (list->hits[i].database == hit->database && list->hits[i].entry == hit->entry) return true;
    return false;
}

/* The nominal set stands in entry order, so the place of an entry is found by halving. */
static bool find_spectrum(db_spectrum *out, const db_set *set, uint32_t entry) {
    uint32_t low = 0, high = set->count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (!db_spectrum_at(out, set, middle)) return false;
        if (out->entry == entry) return true;
        if (out->entry < entry)
            low = middle + 1;
        else
            high = middle;
    }
    return false;
}

static spectra_status score_candidates(const search_run *run, const search_nominal_query *query, const search_top *list,
                                       const search_top *other, search_top *top) {
    for (uint32_t i = 0; i < list->count; i++) {
        spectra_hit hit = list->hits[i];
        if (other && contains(other, &hit)) continue;
        db_set set;
        spectra_recipe recipe = {0};
        db_spectrum spectrum;
        spectra_status status = search_find_set(&set, &recipe, run, hit.database, DB_SET_NOMINAL);
        if (status < 0) return status;
        if (!find_spectrum(&spectrum, &set, hit.entry)) return SPECTRA_E_CORRUPT;
        search_nominal_reference reference = reference_of(&set, &spectrum);
        search_score score = search_nominal_score(query, &reference);
        if (wants(top, &score)) offer_scored(top, &hit, &score, query, &reference);
    }
    return SPECTRA_OK;
}

static spectra_status make_bounds(nominal_walk *walk, const spectra_prepared *prepared, const search_run *run) {
    walk->block = base_scratch_take(run->scratch, 1, sizeof *walk->block);
    if (!walk->block || !search_waiting_begin(&walk->waiting, run->scratch)) return SPECTRA_E_MEMORY;
    const bool similarity = run->options.mode == SPECTRA_SEARCH_SIMILARITY;
    switch (run->options.measure) {
    case SPECTRA_MEASURE_HYBRID:
        return SPECTRA_OK;
    case SPECTRA_MEASURE_COSINE:
        return bound_make(&walk->bounds[0], prepared, BOUND_ROOT, run->scratch);
    case SPECTRA_MEASURE_WEIGHTED_COSINE:
        return bound_make(&walk->bounds[0], prepared, BOUND_WEIGHTED, run->scratch);
    case SPECTRA_MEASURE_MATCH_FACTOR:
        return bound_make(&walk->bounds[0], prepared, similarity ? BOUND_PLAIN : BOUND_MASS, run->scratch);
    default:
        assert(run->options.measure == SPECTRA_MEASURE_IDENTITY);
    }
    spectra_status status = bound_make(&walk->bounds[0], prepared, BOUND_ROOT, run->scratch);
    return status < 0 ? status : bound_make(&walk->bounds[1], prepared, BOUND_WEIGHTED, run->scratch);
}

static spectra_status prepare_query(nominal_walk *walk, const search_run *run, const spectra_recipe *recipe) {
    const spectra_prepared *prepared;
    spectra_status status = spectra_prepare(&prepared, run->spectrum, recipe, run->scratch, run->error);
    if (status < 0) return status;
    run->summary->query_peaks = prepared->count;
    run->summary->out_of_range = prepared->out_of_range;
    status = make_bounds(walk, prepared, run);
    return status < 0
               ? status
               : search_nominal_begin(&walk->query, prepared, run->options.measure, run->options.mode, run->scratch);
}

spectra_status search_nominal(const search_run *run, search_top *top) {
    bool by_identity = run->options.measure == SPECTRA_MEASURE_IDENTITY;
    nominal_walk walk;
    candidate_lists lists;
    spectra_recipe recipe = {0};
    spectra_status status = SPECTRA_OK;
    for (uint32_t d = 0; d < run->database_count; d++) {
        db_set set;
        bool first = recipe.kind == 0;
        status = search_find_set(&set, &recipe, run, d, DB_SET_NOMINAL);
        if (status == SPECTRA_E_NOT_FOUND) continue;
        if (status == SPECTRA_OK && first) {
            status = prepare_query(&walk, run, &recipe);
            if (status == SPECTRA_OK && by_identity) status = begin_candidates(&lists, run);
        }
        if (status < 0) return status;
        if (by_identity)
            status = scan_candidates(run, &walk, &set, d, &lists);
        else if (top->by_reverse || walk.query.measure == SPECTRA_MEASURE_HYBRID)
            status = score_all(run, &walk, &set, d, top);
        else
            status = scan_bounded(run, &walk, &set, d, top);
        if (status < 0) return status;
    }
    if (recipe.kind == 0) return SPECTRA_E_NOT_FOUND;
    if (!by_identity) return SPECTRA_OK;
    status = score_candidates(run, &walk.query, &lists.by_root, NULL, top);
    if (status == SPECTRA_OK) status = score_candidates(run, &walk.query, &lists.by_weighted, &lists.by_root, top);
    return status;
}
