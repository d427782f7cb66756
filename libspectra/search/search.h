/* SPDX-License-Identifier: Apache-2.0 */
/* What the parts of a search share: the query with its databases, the list of the best, and what is left out. */
#ifndef SEARCH_SEARCH_H
#define SEARCH_SEARCH_H

#include <stdbool.h>

#include "db/db.h"
#include "spectra/search.h"

/* One search on its way: options with their defaults filled in, and where hits go. */
typedef struct search_run {
    const spectra_database *const *databases;
    uint32_t database_count;
    const spectra_spectrum *spectrum;
    spectra_search_options options;
    spectra_search_summary *summary;
    spectra_scratch *scratch;
    spectra_error *error;
} search_run;

/* The best hits so far, best first; at most one per compound unless all_spectra. Larger rank is better, ties go to
   the lower database, then the lower entry. Offering every spectrum in any order leaves the same list. */
typedef struct search_top {
    spectra_hit *hits;
    uint32_t capacity;
    uint32_t count;
    bool by_reverse;
    bool all_spectra;
    uint32_t min_rank; /* at least 1: what has nothing in common with the query is no hit */
    const search_run *run;
} search_top;

/* The least rank that can still enter: what surely has a lower one need not be scored. */
uint32_t search_top_least(const search_top *top);
/* False where a hit of this rank cannot enter: the caller may skip it. */
bool search_top_wants(const search_top *top, uint32_t rank);
/* Takes a hit if it is among the best and not excluded by the options. */
void search_top_offer(search_top *top, const spectra_hit *hit);

/* True where the options leave this entry out. */
bool search_excluded(const search_run *run, uint32_t database, uint32_t entry);

/* Copies the options and fills in track, measure and what the measure needs; the summary tells them. */
spectra_status search_take_options(search_run *run, const spectra_search_options *options);
/* Fills in the measure that ranks; SPECTRA_E_INVALID with advice where it does not fit track or mode. */
spectra_status search_choose_measure(search_run *run);
/* Accurate m/z: the measure takes roots of intensities, not entropy weights. */
bool search_compares_roots(spectra_measure measure);
/* The measure lets peaks match moved by the difference of the two compounds. */
bool search_shifts(spectra_measure measure);
/* Nominal mass of a formula as text; false where there is none. */
bool search_nominal_mass(int32_t *mass_da, const char *formula_text);

/* The tracks. Both find the run's sets, prepare the query by their recipe, walk and fill `top`. */
spectra_status search_nominal(const search_run *run, search_top *top);
spectra_status search_accurate(const search_run *run, search_top *top);
size_t search_nominal_required(size_t peak_count);
size_t search_accurate_required(size_t peak_count);

/* The run's set in one database: SPECTRA_E_NOT_FOUND where it has none, SPECTRA_E_RECIPE where it differs from
   `recipe` (kind 0: not known yet, it is filled in). */
spectra_status search_find_set(db_set *out, spectra_recipe *recipe, const search_run *run, uint32_t database, int set);

/* The set that a finished search looked into. */
int search_set_kind(const spectra_search_summary *summary);

/* The tolerances in force: as given, else the defaults. NULL options are all defaults. */
const spectra_tolerance *search_tolerance(const spectra_search_options *options);
const spectra_tolerance *search_precursor_tolerance(const spectra_search_options *options);

#endif
