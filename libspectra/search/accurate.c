/* SPDX-License-Identifier: Apache-2.0 */
/* Search of the accurate-mass tracks: inside a precursor window, or over all spectra. */
#include "search/accurate.h"

#include "base/error.h"
#include "base/numbers.h"
#include "peaks/peaks.h"
#include "search/pair.h"

/* Peaks that are asked for ahead: most spectra have fewer, and the processor goes on by itself. */
#define EXPECTED_PEAKS 64u

typedef struct accurate_query {
    search_accurate_query pair;
    uint32_t precursor_low, precursor_high;
    bool windowed;
} accurate_query;

size_t search_accurate_required(size_t peak_count) {
    return spectra_prepare_required(peak_count) + search_accurate_begin_required(peak_count) +
           search_open_required(peak_count) + search_window_required();
}

static spectra_status prepare_query(accurate_query *query, const search_run *run, const spectra_recipe *recipe) {
    const spectra_prepared *prepared;
    spectra_status status = spectra_prepare(&prepared, run->spectrum, recipe, run->scratch, run->error);
    if (status < 0) return status;
    run->summary->query_peaks = prepared->count;
    run->summary->out_of_range = prepared->out_of_range;
    return search_accurate_begin(&query->pair, prepared, run->options.measure, search_tolerance(&run->options),
                                 run->scratch);
}

static void set_delta_mass(spectra_hit *hit, const accurate_query *query, const db_spectrum *spectrum) {
    if (query->pair.precursor_uth == 0 || spectrum->precursor_uth == 0) return;
    hit->has_delta_mass = 1;
    hit->delta_mass_uda = (int64_t)query->pair.precursor_uth - (int64_t)spectrum->precursor_uth;
}

void search_accurate_expect(const search_accurate_set *in, uint32_t i) {
    db_spectrum spectrum;
    const db_set *set = in->set;
    if (!db_spectrum_at(&spectrum, set, i)) return;
    for (uint32_t k = 0; k < spectrum.peak_count && k < EXPECTED_PEAKS; k += 16) {
        __builtin_prefetch(set->mz_uth + spectrum.first_peak + k);
        __builtin_prefetch(set->weight + spectrum.first_peak + k);
    }
    db_expect_entry(in->run->databases[in->database], spectrum.entry);
}

/* A spectrum that cannot enter the list costs nothing but its score: its entry stands elsewhere and is not touched. */
spectra_status search_accurate_compare(const search_accurate_set *in, uint32_t i, search_top *top) {
    const search_run *run = in->run;
    const accurate_query *query = in->query;
    const db_set *set = in->set;
    db_spectrum spectrum;
    db_entry_key key;
    if (!db_spectrum_at(&spectrum, set, i)) return SPECTRA_E_CORRUPT;
    const uint16_t *weight = search_compares_roots(query->pair.measure) ? set->root : set->weight;
    kernels_accurate reference = {set->mz_uth + spectrum.first_peak, weight + spectrum.first_peak, spectrum.peak_count};
    spectra_hit hit = {.database = in->database, .entry = spectrum.entry, .reference_peaks = spectrum.peak_count};
    hit.score = search_accurate_score(&query->pair, &reference, spectrum.precursor_uth, &hit.matched_peaks);
    if (!top->by_reverse && !search_top_wants(top, hit.score)) return SPECTRA_OK;
    if (!db_entry_key_at(&key, run->databases[in->database], spectrum.entry)) return SPECTRA_E_CORRUPT;
    hit.substance = key.substance;
    hit.reverse_score = search_accurate_reverse(&query->pair, &reference);
    set_delta_mass(&hit, query, &spectrum);
    search_top_offer(top, &hit);
    return SPECTRA_OK;
}

static spectra_status scan(const search_accurate_set *in, uint32_t first, uint32_t end, search_top *top) {
    for (uint32_t i = first; i < end; i++) {
        spectra_status status = search_accurate_compare(in, i, top);
        if (status < 0) return status;
    }
    return SPECTRA_OK;
}

/* The way that is quickest, of those that give the same. */
static spectra_status walk(const search_accurate_set *in, search_top *top) {
    const accurate_query *query = in->query;
    const search_accurate_query *pair = &query->pair;
    /* Bounds are of scores: a reverse score may be larger. */
    bool hybrid = pair->measure == SPECTRA_MEASURE_HYBRID && !top->by_reverse;
    bool summed = pair->measure == SPECTRA_MEASURE_ENTROPY && !top->by_reverse;
    bool posted = in->set->by_mz.block_count > 0 && (summed || (hybrid && in->set->by_loss.block_count > 0));
    uint32_t first = 0, end = in->set->count;
    if (query->windowed) {
        first = db_lower_bound(in->set, query->precursor_low);
        end = query->precursor_high == UINT32_MAX ? end : db_lower_bound(in->set, query->precursor_high + 1);
    }
    in->run->summary->compared += end > first ? end - first : 0;
    bool few = first >= end || end - first <= top->capacity; /* they may all enter */
    if (posted && !few && !query->windowed) return search_open(in, &pair->windows, pair->precursor_uth, hybrid, top);
    return summed && !few ? search_window(in, &pair->windows, first, end, top) : scan(in, first, end, top);
}

/* MS/MS looks inside the precursor window unless another mode or an open search is asked for; in-source spectra have no
   selected precursor, so theirs counts only where a tolerance is given. */
static bool wants_window(const search_run *run) {
    const spectra_search_options *options = &run->options;
    if (options->open || options->mode == SPECTRA_SEARCH_SIMILARITY || options->mode == SPECTRA_SEARCH_HYBRID)
        return false;
    return options->track == SPECTRA_TRACK_MSMS || options->precursor_tolerance.uth || options->precursor_tolerance.ppm;
}

static spectra_status find_window(accurate_query *query, const search_run *run) {
    double precursor;
    query->windowed = wants_window(run);
    if (!query->windowed) return SPECTRA_OK;
    if (spectra_spectrum_precursor_mz(run->spectrum, &precursor) != SPECTRA_OK || precursor > PEAKS_MAX_MZ)
        return base_fail(run->error, SPECTRA_E_INVALID, BASE_NO_PLACE,
                         "the spectrum states no precursor m/z: state one, or search without a precursor window "
                         "(option open)");
    uint32_t precursor_uth = (uint32_t)base_micro(precursor);
    peaks_windows(&query->precursor_low, &query->precursor_high, &precursor_uth, 1,
                  search_precursor_tolerance(&run->options));
    run->summary->used_precursor = 1;
    return SPECTRA_OK;
}

static spectra_status fail_rootless(const search_run *run) {
    return base_fail(run->error, SPECTRA_E_UNSUPPORTED, BASE_NO_PLACE,
                     "the database was built before it held what %s needs: build it anew, or search by entropy",
                     spectra_measure_text(run->options.measure));
}

spectra_status search_accurate(const search_run *run, search_top *top) {
    accurate_query query = {0};
    spectra_status status = find_window(&query, run);
    if (status < 0) return status;
    spectra_recipe recipe = {0};
    for (uint32_t d = 0; d < run->database_count; d++) {
        db_set set;
        bool first = recipe.kind == 0;
        status = search_find_set(&set, &recipe, run, d, search_set_kind(run->summary));
        if (status == SPECTRA_E_NOT_FOUND) continue;
        if (status == SPECTRA_OK && !set.root && search_compares_roots(run->options.measure))
            status = fail_rootless(run);
        if (status == SPECTRA_OK && first) status = prepare_query(&query, run, &recipe);
        const search_accurate_set in = {run, &query, &set, d};
        if (status == SPECTRA_OK) status = walk(&in, top);
        if (status < 0) return status;
    }
    return recipe.kind == 0 ? SPECTRA_E_NOT_FOUND : SPECTRA_OK;
}
