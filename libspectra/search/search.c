/* SPDX-License-Identifier: Apache-2.0 */
/* The way into a search: fills in what the options leave open, refuses what contradicts, hands over to the track. */
#include "search/search.h"

#include <string.h>

#include "base/error.h"
#include "base/memory.h"

spectra_status search_find_set(db_set *out, spectra_recipe *recipe, const search_run *run, uint32_t database, int set) {
    spectra_status status = db_find_set(out, run->databases[database], run->options.track, run->summary->polarity, set);
    if (status == SPECTRA_E_CORRUPT)
        return base_fail(run->error, status, BASE_NO_PLACE, "the database contradicts itself: run spectra db verify");
    if (status < 0) return status;
    if (recipe->kind == 0) *recipe = out->recipe;
    if (memcmp(recipe, &out->recipe, sizeof *recipe) == 0) return SPECTRA_OK;
    return base_fail(run->error, SPECTRA_E_RECIPE, BASE_NO_PLACE,
                     "the databases were prepared by different recipes and cannot be ranked together");
}

int search_set_kind(const spectra_search_summary *summary) {
    if (summary->track == SPECTRA_TRACK_EI) return DB_SET_NOMINAL;
    bool needs_precursor = summary->used_precursor || search_shifts(summary->measure);
    return summary->track == SPECTRA_TRACK_MSMS && needs_precursor ? DB_SET_WINDOWED : DB_SET_OPEN;
}

static bool is_given(const spectra_tolerance *tolerance) {
    return tolerance->uth > 0 || tolerance->ppm > 0;
}

const spectra_tolerance *search_tolerance(const spectra_search_options *options) {
    static const spectra_tolerance usual = {.uth = 10000};
    return options && is_given(&options->tolerance) ? &options->tolerance : &usual;
}

const spectra_tolerance *search_precursor_tolerance(const spectra_search_options *options) {
    static const spectra_tolerance usual = {.ppm = 20};
    return options && is_given(&options->precursor_tolerance) ? &options->precursor_tolerance : &usual;
}

static spectra_status fail_invalid(const search_run *run, const char *message) {
    return base_fail(run->error, SPECTRA_E_INVALID, BASE_NO_PLACE, "%s", message);
}

static spectra_status check_options(search_run *run, const spectra_search_options *options) {
    if (!options) return SPECTRA_OK;
    if (!base_take_options(&run->options, sizeof run->options, options))
        return fail_invalid(run, "search options of another size");
    if (options->exclude_accession_count > 0 && !options->exclude_accession)
        return fail_invalid(run, "accessions to exclude are counted but not given");
    for (uint32_t i = 0; i < options->exclude_accession_count; i++)
        if (!options->exclude_accession[i] || !options->exclude_accession[i][0])
            return fail_invalid(run, "an empty accession to exclude would leave out everything");
    if (options->mode < SPECTRA_SEARCH_IDENTITY || options->mode > SPECTRA_SEARCH_HYBRID)
        return fail_invalid(run, "unknown search mode");
    if (options->mass_da > KERNELS_NOMINAL_MASK) return fail_invalid(run, "a nominal molecular mass is at most 4095");
    if (options->min_score > SPECTRA_SCORE_ONE) return fail_invalid(run, "the least score is above 1");
    if (options->open && is_given(&options->precursor_tolerance))
        return fail_invalid(run, "a precursor tolerance contradicts a search without precursor window");
    return SPECTRA_OK;
}

static spectra_status choose_track(search_run *run) {
    if (run->options.track == SPECTRA_TRACK_UNKNOWN) run->options.track = spectra_spectrum_track(run->spectrum);
    if (run->options.track < SPECTRA_TRACK_EI || run->options.track > SPECTRA_TRACK_INSOURCE)
        return fail_invalid(run, "the record does not tell what kind of spectrum it is: choose the track "
                                 "(option track: ei, msms or insource)");
    run->summary->track = run->options.track;
    run->summary->polarity = SPECTRA_POLARITY_POSITIVE;
    if (run->options.track != SPECTRA_TRACK_EI && spectra_spectrum_polarity(run->spectrum) == SPECTRA_POLARITY_NEGATIVE)
        run->summary->polarity = SPECTRA_POLARITY_NEGATIVE;
    return SPECTRA_OK;
}

/* EI: the difference of nominal masses where both are known. */
static void set_nominal_deltas(const search_run *run, spectra_hit *hits, uint32_t count) {
    if (run->options.mass_da == 0) return;
    for (uint32_t i = 0; i < count; i++) {
        spectra_substance substance;
        int32_t mass_da;
        const spectra_database *database = run->databases[hits[i].database];
        if (spectra_database_substance(database, hits[i].substance, &substance) != SPECTRA_OK) continue;
        if (!search_nominal_mass(&mass_da, substance.formula)) continue;
        hits[i].has_delta_mass = 1;
        hits[i].delta_mass_uda = ((int64_t)run->options.mass_da - mass_da) * 1000000;
    }
}

static spectra_status explain(const search_run *run, spectra_status status) {
    if (status == SPECTRA_E_MEMORY) return base_fail(run->error, status, BASE_NO_PLACE, "the scratch is too small");
    if (status == SPECTRA_E_CORRUPT)
        return base_fail(run->error, status, BASE_NO_PLACE, "the database contradicts itself: run spectra db verify");
    if (status == SPECTRA_E_NOT_FOUND)
        return base_fail(run->error, status, BASE_NO_PLACE, "no database has %s spectra of this polarity",
                         run->options.track == SPECTRA_TRACK_EI     ? "EI"
                         : run->options.track == SPECTRA_TRACK_MSMS ? "MS/MS"
                                                                    : "in-source");
    return status;
}

spectra_status search_take_options(search_run *run, const spectra_search_options *options) {
    spectra_status status = check_options(run, options);
    if (status == SPECTRA_OK) status = choose_track(run);
    return status == SPECTRA_OK ? search_choose_measure(run) : status;
}

static spectra_status run_search(search_run *run, const spectra_search_options *options, spectra_hit *hits,
                                 uint32_t capacity) {
    spectra_status status = search_take_options(run, options);
    if (status < 0) return status;
    search_top top = {.hits = hits,
                      .capacity = capacity,
                      .by_reverse = run->options.mode == SPECTRA_SEARCH_REVERSE,
                      .all_spectra = run->options.all_spectra != 0,
                      .min_rank = run->options.min_score > 0 ? run->options.min_score : 1,
                      .run = run};
    size_t used = run->scratch->used;
    bool nominal = run->options.track == SPECTRA_TRACK_EI;
    status = nominal ? search_nominal(run, &top) : search_accurate(run, &top);
    base_scratch_return(run->scratch, used);
    if (status < 0) return explain(run, status);
    if (nominal) set_nominal_deltas(run, hits, top.count);
    run->summary->hit_count = top.count;
    return SPECTRA_OK;
}

spectra_status spectra_search(spectra_hit *hits, uint32_t capacity, spectra_search_summary *summary,
                              const spectra_database *const *databases, uint32_t database_count,
                              const spectra_spectrum *spectrum, const spectra_search_options *options,
                              spectra_scratch *scratch, spectra_error *error) {
    if (!hits || capacity == 0 || !summary || !databases || database_count == 0 || !spectrum || !scratch)
        return base_fail(error, SPECTRA_E_INVALID, BASE_NO_PLACE,
                         "a search needs room for hits, a summary, a database, a spectrum and a scratch");
    *summary = (spectra_search_summary){0};
    search_run run = {.databases = databases,
                      .database_count = database_count,
                      .spectrum = spectrum,
                      .options = {.size = sizeof run.options},
                      .summary = summary,
                      .scratch = scratch,
                      .error = error};
    return run_search(&run, options, hits, capacity);
}

size_t spectra_search_required(size_t peak_count) {
    size_t nominal = search_nominal_required(peak_count);
    size_t accurate = search_accurate_required(peak_count);
    return nominal > accurate ? nominal : accurate;
}
