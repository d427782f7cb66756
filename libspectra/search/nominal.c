/* SPDX-License-Identifier: Apache-2.0 */
/* Search of the EI track: every reference by match factor, or the candidates of two cosines by the identity score. */
#include <assert.h>
#include <string.h>

#include "base/fixed.h"
#include "base/memory.h"
#include "search/search.h"

/* METHODS: candidates are the best 30 by (.5, 0) and the best 30 by (.53, 1.3) weights; E4 orders them. */
#define CANDIDATES 30u
#define CELLS KERNELS_NOMINAL_CELLS

/* The query as the kernels want it. */
typedef struct nominal_query {
    kernels_nominal peaks;
    const uint16_t *weighted;
    uint32_t first_mz;
    uint32_t *cell;      /* a | b << 16 for each nominal m/z */
    uint32_t *root_norm; /* √Σ a² from each m/z upwards, in 2^-8 */
    uint32_t *weighted_norm;
} nominal_query;

/* Room for the entropy term: both sides' weights in the range that both spectra cover. */
typedef struct entropy_room {
    uint16_t *query_weight, *reference_weight;
    uint32_t *query_mz, *reference_mz;
    uint64_t *value, *work;
} entropy_room;

size_t search_nominal_required(size_t peak_count) {
    return spectra_prepare_required(peak_count) + 3 * base_scratch_cost(CELLS + 1, sizeof(uint32_t)) +
           2 * base_scratch_cost(CELLS, sizeof(uint16_t)) + 2 * base_scratch_cost(CELLS, sizeof(uint32_t)) +
           2 * base_scratch_cost(CELLS, sizeof(uint64_t)) + 2 * base_scratch_cost(CANDIDATES, sizeof(spectra_hit));
}

uint32_t search_root(uint64_t squares) {
    assert(squares < (uint64_t)1 << 48);
    return base_sqrt(squares << 16);
}

uint32_t search_cosine(uint64_t dot, uint32_t root_a, uint32_t root_b) {
    uint64_t norms = (uint64_t)root_a * root_b; /* in 2^-16 */
    if (norms == 0) return 0;
    unsigned shift = 0;
    while (norms >> shift >= (uint64_t)1 << 33) shift++;
    assert(dot < (uint64_t)1 << 48);
    uint64_t numerator = dot << 16 >> shift;
    uint64_t denominator = norms >> shift;
    return numerator >= denominator ? SPECTRA_SCORE_ONE : (uint32_t)((numerator << 30) / denominator);
}

static spectra_status make_query(nominal_query *out, const spectra_prepared *prepared, spectra_scratch *scratch) {
    out->peaks = (kernels_nominal){prepared->nominal, prepared->root, prepared->count};
    out->weighted = prepared->weighted;
    out->first_mz = prepared->first_mz;
    out->cell = base_scratch_take(scratch, CELLS + 1, sizeof *out->cell);
    out->root_norm = base_scratch_take(scratch, CELLS + 1, sizeof *out->root_norm);
    out->weighted_norm = base_scratch_take(scratch, CELLS + 1, sizeof *out->weighted_norm);
    if (!out->cell || !out->root_norm || !out->weighted_norm) return SPECTRA_E_MEMORY;
    memset(out->cell, 0, (CELLS + 1) * sizeof *out->cell);
    for (uint32_t i = 0; i < prepared->count; i++)
        out->cell[prepared->nominal[i]] = (uint32_t)prepared->root[i] >> 4 | (uint32_t)prepared->weighted[i] << 16;
    uint64_t roots = 0, weights = 0;
    uint32_t root_norm = 0, weighted_norm = 0;
    for (uint32_t m = CELLS + 1; m-- > 0;) {
        uint32_t a = out->cell[m] & 0xffff, b = out->cell[m] >> 16;
        if (out->cell[m] != 0) {
            roots += (uint64_t)a * a;
            weights += (uint64_t)b * b;
            root_norm = search_root(roots);
            weighted_norm = search_root(weights);
        }
        out->root_norm[m] = root_norm;
        out->weighted_norm[m] = weighted_norm;
    }
    return SPECTRA_OK;
}

static spectra_status make_room(entropy_room *room, spectra_scratch *scratch) {
    room->query_weight = base_scratch_take(scratch, CELLS, sizeof *room->query_weight);
    room->reference_weight = base_scratch_take(scratch, CELLS, sizeof *room->reference_weight);
    room->query_mz = base_scratch_take(scratch, CELLS, sizeof *room->query_mz);
    room->reference_mz = base_scratch_take(scratch, CELLS, sizeof *room->reference_mz);
    room->value = base_scratch_take(scratch, CELLS, sizeof *room->value);
    room->work = base_scratch_take(scratch, CELLS, sizeof *room->work);
    bool all = room->query_weight && room->reference_weight && room->query_mz && room->reference_mz && room->value &&
               room->work;
    return all ? SPECTRA_OK : SPECTRA_E_MEMORY;
}

static kernels_nominal reference_peaks(const db_set *set, const db_spectrum *spectrum) {
    return (kernels_nominal){set->nominal + spectrum->first_peak, set->root + spectrum->first_peak,
                             spectrum->peak_count};
}

/* Number of leading peaks below `start`. */
static size_t peaks_below(const kernels_nominal *peaks, uint32_t start) {
    size_t below = 0;
    while (below < peaks->count && peaks->nominal[below] < start) below++;
    return below;
}

/* The two cosines over the range that both spectra cover: m/z from the larger of the first ones scanned. */
typedef struct range_cosines {
    uint32_t start;
    uint32_t root;     /* weights (.5, 0), in 2^-30 */
    uint32_t weighted; /* weights (.53, 1.3), in 2^-30 */
} range_cosines;

static range_cosines compare_in_range(const nominal_query *query, const db_set *set, const db_spectrum *spectrum) {
    kernels_nominal reference = reference_peaks(set, spectrum);
    const uint16_t *weighted = set->weighted + spectrum->first_peak;
    uint32_t start = query->first_mz > spectrum->first_mz ? query->first_mz : spectrum->first_mz;
    start &= KERNELS_NOMINAL_MASK;
    size_t below = peaks_below(&reference, start);
    uint64_t root_norm = spectrum->root_norm, weighted_norm = spectrum->weighted_norm;
    for (size_t i = 0; i < below; i++) {
        uint64_t a = reference.root[i] >> 4, b = weighted[i];
        root_norm -= a * a;
        weighted_norm -= b * b;
    }
    uint64_t sums[2];
    kernels_active()->nominal_dots(sums, reference.nominal + below, reference.root + below, weighted + below,
                                   reference.count - below, query->cell);
    const uint64_t sane = ((uint64_t)1 << 48) - 1; /* a file that lies about its norms gets a wrong score, no more */
    return (range_cosines){start, search_cosine(sums[0], query->root_norm[start], search_root(root_norm & sane)),
                           search_cosine(sums[1], query->weighted_norm[start], search_root(weighted_norm & sane))};
}

/* Entropy weights of the peaks from `start` upwards; returns their number. */
static size_t weights_from(const kernels_nominal *peaks, uint32_t start, uint16_t *weight, uint32_t *mz,
                           entropy_room *room) {
    size_t count = 0;
    for (size_t i = 0; i < peaks->count && count < CELLS; i++) {
        uint64_t intensity = ((uint64_t)peaks->root[i] * peaks->root[i]) >> 12; /* the base peak is 2^20 */
        if (peaks->nominal[i] < start || intensity == 0) continue;
        mz[count] = peaks->nominal[i];
        room->value[count++] = intensity;
    }
    spectrum_entropy_weights(weight, room->value, room->work, count);
    return count;
}

static uint32_t entropy_in_range(const nominal_query *query, const kernels_nominal *reference, uint32_t start,
                                 entropy_room *room) {
    size_t query_count = weights_from(&query->peaks, start, room->query_weight, room->query_mz, room);
    size_t count = weights_from(reference, start, room->reference_weight, room->reference_mz, room);
    kernels_accurate weighted = {room->reference_mz, room->reference_weight, count};
    uint32_t matched;
    uint64_t sum = kernels_entropy_scalar(room->query_weight, room->query_mz, room->query_mz, query_count, &weighted,
                                          &matched, NULL);
    return (uint32_t)((sum << 30) / KERNELS_ENTROPY_FULL);
}

/* E4 = cos(.5, 0) + cos(.53, 1.3) + 1.5·C + 1.5·entropy over its full scale of 5, with the composite
   C = (N_U·cos(.5, 0) + N_C·F_R)/(N_U + N_C): METHODS section 2. */
static uint32_t identity_score(const nominal_query *query, const db_set *set, const db_spectrum *spectrum,
                               entropy_room *room, uint32_t *common) {
    kernels_nominal reference = reference_peaks(set, spectrum);
    range_cosines cosines = compare_in_range(query, set, spectrum);
    uint64_t ratio = kernels_ratio_scalar(&query->peaks, &reference, cosines.start, common);
    uint64_t in_range = query->peaks.count - peaks_below(&query->peaks, cosines.start);
    uint64_t peaks = in_range + *common;
    uint64_t composite = peaks == 0 ? 0 : (in_range * cosines.root + *common * ratio) / peaks;
    uint64_t entropy = entropy_in_range(query, &reference, cosines.start, room);
    return (uint32_t)((2 * ((uint64_t)cosines.root + cosines.weighted) + 3 * (composite + entropy)) / 10);
}

static void describe_match(spectra_hit *hit, const kernels_match *match) {
    hit->match_factor = match->match_factor;
    hit->reverse_score = match->reverse_match_factor;
    hit->matched_peaks = match->matched;
}

static bool begin_hit(spectra_hit *hit, db_spectrum *spectrum, const search_run *run, const db_set *set,
                      uint32_t database, uint32_t i) {
    db_entry_key key;
    if (!db_spectrum_at(spectrum, set, i) || !db_entry_key_at(&key, run->databases[database], spectrum->entry))
        return false;
    *hit = (spectra_hit){.database = database,
                         .entry = spectrum->entry,
                         .substance = key.substance,
                         .reference_peaks = spectrum->peak_count};
    run->summary->compared++;
    return true;
}

static spectra_status scan_match_factor(const search_run *run, const nominal_query *query, const db_set *set,
                                        uint32_t database, search_top *top) {
    bool similarity = run->options.mode == SPECTRA_SEARCH_SIMILARITY;
    for (uint32_t i = 0; i < set->count; i++) {
        spectra_hit hit;
        db_spectrum spectrum;
        if (!begin_hit(&hit, &spectrum, run, set, database, i)) return SPECTRA_E_CORRUPT;
        kernels_nominal reference = reference_peaks(set, &spectrum);
        kernels_match match;
        kernels_match_factor_scalar(&match, &query->peaks, &reference);
        describe_match(&hit, &match);
        hit.score = similarity ? match.similarity : match.match_factor;
        search_top_offer(top, &hit);
    }
    return SPECTRA_OK;
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

static spectra_status scan_candidates(const search_run *run, const nominal_query *query, const db_set *set,
                                      uint32_t database, candidate_lists *lists) {
    for (uint32_t i = 0; i < set->count; i++) {
        spectra_hit hit;
        db_spectrum spectrum;
        if (!begin_hit(&hit, &spectrum, run, set, database, i)) return SPECTRA_E_CORRUPT;
        range_cosines cosines = compare_in_range(query, set, &spectrum);
        hit.score = cosines.root;
        search_top_offer(&lists->by_root, &hit);
        hit.score = cosines.weighted;
        search_top_offer(&lists->by_weighted, &hit);
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

static spectra_status score_candidates(const search_run *run, const nominal_query *query, const search_top *list,
                                       const search_top *other, entropy_room *room, search_top *top) {
    for (uint32_t i = 0; i < list->count; i++) {
        spectra_hit hit = list->hits[i];
        if (other && contains(other, &hit)) continue;
        db_set set;
        spectra_recipe recipe = {0};
        db_spectrum spectrum;
        spectra_status status = search_find_set(&set, &recipe, run, hit.database, DB_SET_NOMINAL);
        if (status < 0) return status;
        if (!find_spectrum(&spectrum, &set, hit.entry)) return SPECTRA_E_CORRUPT;
        kernels_nominal reference = reference_peaks(&set, &spectrum);
        kernels_match match;
        kernels_match_factor_scalar(&match, &query->peaks, &reference);
        describe_match(&hit, &match);
        hit.score = identity_score(query, &set, &spectrum, room, &hit.matched_peaks);
        search_top_offer(top, &hit);
    }
    return SPECTRA_OK;
}

static spectra_status prepare_query(nominal_query *query, const search_run *run, const spectra_recipe *recipe) {
    const spectra_prepared *prepared;
    spectra_status status = spectra_prepare(&prepared, run->spectrum, recipe, run->scratch, run->error);
    if (status < 0) return status;
    run->summary->query_peaks = prepared->count;
    run->summary->out_of_range = prepared->out_of_range;
    return make_query(query, prepared, run->scratch);
}

spectra_status search_nominal(const search_run *run, search_top *top) {
    bool by_identity = run->options.measure == SPECTRA_MEASURE_IDENTITY;
    nominal_query query;
    candidate_lists lists;
    entropy_room room;
    spectra_recipe recipe = {0};
    spectra_status status = SPECTRA_OK;
    for (uint32_t d = 0; d < run->database_count; d++) {
        db_set set;
        bool first = recipe.kind == 0;
        status = search_find_set(&set, &recipe, run, d, DB_SET_NOMINAL);
        if (status == SPECTRA_E_NOT_FOUND) continue;
        if (status == SPECTRA_OK && first) {
            status = prepare_query(&query, run, &recipe);
            if (status == SPECTRA_OK && by_identity) status = begin_candidates(&lists, run);
        }
        if (status < 0) return status;
        if (by_identity)
            status = scan_candidates(run, &query, &set, d, &lists);
        else
            status = scan_match_factor(run, &query, &set, d, top);
        if (status < 0) return status;
    }
    if (recipe.kind == 0) return SPECTRA_E_NOT_FOUND;
    if (!by_identity) return SPECTRA_OK;
    status = make_room(&room, run->scratch);
    if (status == SPECTRA_OK) status = score_candidates(run, &query, &lists.by_root, NULL, &room, top);
    if (status == SPECTRA_OK) status = score_candidates(run, &query, &lists.by_weighted, &lists.by_root, &room, top);
    return status;
}
