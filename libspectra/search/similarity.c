/* SPDX-License-Identifier: Apache-2.0 */
/* Two raw spectra by a measure, without a database: as a search compares one query with one reference. */
#include "base/error.h"
#include "base/memory.h"
#include "search/pair.h"
#include "search/search.h"

typedef struct prepared_pair {
    const spectra_prepared *query, *reference;
} prepared_pair;

/* As the set is prepared that a search by this measure looks into; without a precursor window, the open one. */
static void usual_recipe(spectra_recipe *recipe, const search_run *run) {
    switch (search_set_kind(run->summary)) {
    case DB_SET_NOMINAL:
        spectra_recipe_nominal(recipe);
        break;
    case DB_SET_WINDOWED:
        spectra_recipe_windowed(recipe);
        break;
    default:
        spectra_recipe_open(recipe);
    }
}

static spectra_status prepare(prepared_pair *pair, const search_run *run, const spectra_spectrum *reference,
                              const spectra_recipe *given) {
    spectra_recipe recipe;
    usual_recipe(&recipe, run);
    if (given && (given->kind == SPECTRA_RECIPE_NOMINAL) != (recipe.kind == SPECTRA_RECIPE_NOMINAL))
        return base_fail(run->error, SPECTRA_E_RECIPE, BASE_NO_PLACE, "the recipe is not one for this track");
    if (given) recipe = *given;
    spectra_status status = spectra_prepare(&pair->query, run->spectrum, &recipe, run->scratch, run->error);
    if (status < 0) return status;
    return spectra_prepare(&pair->reference, reference, &recipe, run->scratch, run->error);
}

static uint64_t twelve_bit_squares(const uint16_t *value, uint32_t count, unsigned shift) {
    uint64_t sum = 0;
    for (uint32_t i = 0; i < count; i++) sum += (uint64_t)(value[i] >> shift) * (value[i] >> shift);
    return sum;
}

static spectra_status compare_nominal(spectra_hit *out, const search_run *run, const prepared_pair *pair,
                                      const spectra_spectrum *spectrum) {
    search_nominal_query query;
    spectra_status status =
        search_nominal_begin(&query, pair->query, run->options.measure, run->options.mode, run->scratch);
    if (status < 0) return status;
    const spectra_prepared *prepared = pair->reference;
    search_nominal_reference reference = {.peaks = {prepared->nominal, prepared->root, prepared->count},
                                          .weighted = prepared->weighted,
                                          .first_mz = prepared->first_mz,
                                          .root_norm = twelve_bit_squares(prepared->root, prepared->count, 4),
                                          .weighted_norm = twelve_bit_squares(prepared->weighted, prepared->count, 0)};
    int32_t mass_da;
    if (run->options.mass_da > 0 &&
        search_nominal_mass(&mass_da, spectra_spectrum_field(spectrum, SPECTRA_FIELD_FORMULA))) {
        reference.delta_da = (int32_t)run->options.mass_da - mass_da;
        out->delta_mass_uda = (int64_t)reference.delta_da * 1000000;
        out->has_delta_mass = 1;
    }
    search_score score = search_nominal_score(&query, &reference);
    search_nominal_complete(&score, &query, &reference);
    out->score = score.score;
    out->reverse_score = score.reverse_score;
    out->match_factor = score.match_factor;
    out->matched_peaks = score.matched;
    return SPECTRA_OK;
}

static spectra_status compare_accurate(spectra_hit *out, const search_run *run, const prepared_pair *pair) {
    search_accurate_query query;
    spectra_status status =
        search_accurate_begin(&query, pair->query, run->options.measure, search_tolerance(&run->options), run->scratch);
    if (status < 0) return status;
    const spectra_prepared *prepared = pair->reference;
    const uint16_t *weight = search_compares_roots(run->options.measure) ? prepared->root : prepared->weight;
    kernels_accurate reference = {prepared->mz_uth, weight, prepared->count};
    out->score = search_accurate_score(&query, &reference, prepared->precursor_uth, &out->matched_peaks);
    out->reverse_score = search_accurate_reverse(&query, &reference);
    if (query.precursor_uth > 0 && prepared->precursor_uth > 0) {
        out->delta_mass_uda = (int64_t)query.precursor_uth - (int64_t)prepared->precursor_uth;
        out->has_delta_mass = 1;
    }
    return SPECTRA_OK;
}

static spectra_status compare(spectra_hit *out, search_run *run, const spectra_spectrum *reference,
                              const spectra_search_options *options, const spectra_recipe *recipe) {
    prepared_pair pair;
    spectra_status status = search_take_options(run, options);
    if (status == SPECTRA_OK) status = prepare(&pair, run, reference, recipe);
    if (status < 0) return status;
    out->reference_peaks = pair.reference->count;
    return run->options.track == SPECTRA_TRACK_EI ? compare_nominal(out, run, &pair, reference)
                                                  : compare_accurate(out, run, &pair);
}

spectra_status spectra_similarity(spectra_hit *out, const spectra_spectrum *query, const spectra_spectrum *reference,
                                  const spectra_search_options *options, const spectra_recipe *recipe,
                                  spectra_scratch *scratch, spectra_error *error) {
    if (!out || !query || !reference || !scratch)
        return base_fail(error, SPECTRA_E_INVALID, BASE_NO_PLACE, "a comparison needs two spectra and a scratch");
    spectra_search_summary summary = {0};
    search_run run = {.spectrum = query,
                      .options = {.size = sizeof run.options},
                      .summary = &summary,
                      .scratch = scratch,
                      .error = error};
    *out = (spectra_hit){0};
    size_t used = scratch->used;
    spectra_status status = compare(out, &run, reference, options, recipe);
    base_scratch_return(scratch, used);
    if (status == SPECTRA_E_MEMORY) return base_fail(error, status, BASE_NO_PLACE, "the scratch is too small");
    return status;
}

size_t spectra_similarity_required(size_t query_peak_count, size_t reference_peak_count) {
    return spectra_search_required(query_peak_count) + spectra_prepare_required(reference_peak_count);
}
