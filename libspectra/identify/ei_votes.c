/* SPDX-License-Identifier: Apache-2.0 */
/* Votes of the measured spectra (METHODS section 3): the likeness of the query to each of them at every shift at once,
   H(d) = Σ q(m)·max(l(m), l(m − d)) over the query's 60 strongest peaks, weights √I of unit norm. */
#include "identify/ei_votes.h"

#include <string.h>

#include "base/fixed.h"
#include "chem/chem.h"
#include "identify/ei_model.h"
#include "search/search.h"

/* A likeness below this says nothing of a mass: 0.3. */
#define LEAST_VOTE 322122547u
#define WEIGHT_ONE 16384u
/* Nominal m/z stand below this. */
#define MZ_END 4096u
/* Votes are e^(12·(H − 5/4)). */
#define VOTE_SLOPE 12u
#define VOTE_TOP (EI_VOTE_ONE + EI_VOTE_ONE / 4)

/* The strongest peaks of a spectrum, by m/z; weights in 2^-14. */
typedef struct vote_peaks {
    uint32_t count;
    uint16_t mz[EI_VOTE_PEAKS];
    int16_t weight[EI_VOTE_PEAKS];
} vote_peaks;

/* The root that the weakest of the strongest peaks has; how many with precisely that one are taken is `*ties`. */
static uint16_t least_root(const uint16_t *root, uint32_t count, uint32_t *ties) {
    uint32_t low = 1, high = 65536; /* the most that EI_VOTE_PEAKS peaks reach: low has enough, high has not */
    *ties = EI_VOTE_PEAKS;
    if (count <= EI_VOTE_PEAKS) return 1;
    while (high - low > 1) {
        uint32_t middle = (low + high) / 2, reach = 0;
        for (uint32_t i = 0; i < count; i++) reach += root[i] >= middle;
        if (reach >= EI_VOTE_PEAKS)
            low = middle;
        else
            high = middle;
    }
    uint32_t above = 0;
    for (uint32_t i = 0; i < count; i++) above += root[i] > low;
    *ties = above < EI_VOTE_PEAKS ? EI_VOTE_PEAKS - above : 0;
    return (uint16_t)low;
}

static void take_strongest(vote_peaks *out, const uint16_t *mz, const uint16_t *root, uint32_t count) {
    uint32_t ties;
    uint16_t least = least_root(root, count, &ties);
    uint16_t kept[EI_VOTE_PEAKS];
    uint64_t squares = 0;
    out->count = 0;
    for (uint32_t i = 0; i < count && out->count < EI_VOTE_PEAKS; i++) {
        if (root[i] < least || (root[i] == least && ties == 0) || mz[i] >= MZ_END) continue;
        if (root[i] == least) ties--;
        out->mz[out->count] = mz[i];
        kept[out->count++] = root[i];
        squares += (uint64_t)root[i] * root[i];
    }
    uint64_t norm = base_sqrt(squares);
    for (uint32_t i = 0; i < out->count; i++)
        out->weight[i] = (int16_t)(((uint64_t)kept[i] * WEIGHT_ONE + norm / 2) / (norm > 0 ? norm : 1));
}

/* A walk over the spectra: the query, and room for one reference. */
typedef struct vote_walk {
    const identify_case *the_case;
    const search_run *run;
    const char *members;
    ei_votes *votes;
    vote_peaks query, reference;
    /* The reference's weights by falling m/z, so that a shift that grows walks upwards; zero between two references. */
    int16_t falling[MZ_END + 2 * EI_VOTE_SHIFT];
    int32_t product[EI_VOTE_SHIFTS];
    uint32_t likeness[EI_VOTE_SHIFTS];
} vote_walk;

#define FALLING(mz) (MZ_END - 1 + EI_VOTE_SHIFT - (mz))

static void compare_at_all_shifts(vote_walk *walk) {
    const vote_peaks *query = &walk->query, *reference = &walk->reference;
    for (uint32_t k = 0; k < reference->count; k++) walk->falling[FALLING(reference->mz[k])] = reference->weight[k];
    memset(walk->product, 0, sizeof walk->product);
    for (uint32_t j = 0; j < query->count; j++) {
        const int16_t *shifted = walk->falling + FALLING(query->mz[j]) - EI_VOTE_SHIFT;
        int16_t own = shifted[EI_VOTE_SHIFT], weight = query->weight[j];
        for (uint32_t d = 0; d < EI_VOTE_SHIFTS; d++) {
            int16_t larger = shifted[d] > own ? shifted[d] : own;
            walk->product[d] += weight * larger;
        }
    }
    for (uint32_t d = 0; d < EI_VOTE_SHIFTS; d++) walk->likeness[d] = (uint32_t)walk->product[d] * 4;
    for (uint32_t k = 0; k < reference->count; k++) walk->falling[FALLING(reference->mz[k])] = 0;
}

static void vote_for_masses(vote_walk *walk, int32_t mass) {
    for (uint32_t d = 0; d < EI_VOTE_SHIFTS; d++) {
        int32_t place = mass + (int32_t)d - EI_VOTE_SHIFT;
        uint32_t likeness = walk->likeness[d];
        if (likeness <= LEAST_VOTE || place <= 0 || place >= (int32_t)EI_VOTE_MASSES) continue;
        if (likeness > walk->votes->largest[place]) walk->votes->largest[place] = likeness;
        uint64_t below = likeness < VOTE_TOP ? VOTE_TOP - likeness : 0;
        walk->votes->sum[place] += ei_power(-(int64_t)(below * (VOTE_SLOPE * EI_LOG_ONE) >> 30));
    }
}

static void keep_best(uint32_t best[EI_RELATIVES], uint32_t likeness) {
    for (uint32_t i = 0; i < EI_RELATIVES; i++) {
        if (likeness <= best[i]) continue;
        uint32_t next = best[i];
        best[i] = likeness;
        likeness = next;
    }
}

/* A member of the family: how like it is at its best shift. */
static void add_member(vote_walk *walk, search_top *top, uint32_t database, uint32_t entry, uint32_t substance) {
    uint32_t best = 0;
    for (uint32_t d = 1; d < EI_VOTE_SHIFTS; d++)
        if (walk->likeness[d] > walk->likeness[best]) best = d;
    uint32_t score = walk->likeness[best] < SPECTRA_SCORE_ONE ? walk->likeness[best] : SPECTRA_SCORE_ONE;
    keep_best(walk->votes->best, score);
    const spectra_hit hit = {.database = database,
                             .entry = entry,
                             .substance = substance,
                             .score = score,
                             .reverse_score = score,
                             .reference_peaks = walk->reference.count};
    search_top_offer(top, &hit);
}

static spectra_status walk_set(vote_walk *walk, search_top *top, uint32_t database, const db_set *set) {
    const spectra_database *db = walk->the_case->databases[database];
    for (uint32_t i = 0; i < set->count; i++) {
        db_spectrum spectrum;
        db_entry_key key;
        spectra_substance substance;
        chem_formula formula;
        if (!db_spectrum_at(&spectrum, set, i) || !db_entry_key_at(&key, db, spectrum.entry) ||
            spectra_database_substance(db, key.substance, &substance) != SPECTRA_OK)
            return SPECTRA_E_CORRUPT;
        if (search_excluded(walk->run, database, spectrum.entry)) continue;
        take_strongest(&walk->reference, set->nominal + spectrum.first_peak, set->root + spectrum.first_peak,
                       spectrum.peak_count);
        compare_at_all_shifts(walk);
        if (chem_formula_parse(&formula, substance.formula)) vote_for_masses(walk, chem_nominal_da(&formula));
        if (base_starts_with(substance.substance_class, walk->members))
            add_member(walk, top, database, spectrum.entry, key.substance);
    }
    return SPECTRA_OK;
}

spectra_status ei_count_votes(ei_votes *votes, const identify_case *the_case, const spectra_prepared *prepared,
                              const char *members) {
    spectra_search_options options = {.size = sizeof options};
    if (the_case->options) options = *the_case->options;
    spectra_search_summary summary = the_case->result->search;
    const search_run run = {.databases = the_case->databases,
                            .database_count = the_case->database_count,
                            .spectrum = the_case->spectrum,
                            .options = options,
                            .summary = &summary,
                            .scratch = the_case->scratch,
                            .error = the_case->error};
    vote_walk walk = {.the_case = the_case, .run = &run, .members = members, .votes = votes};
    search_top top = {.hits = votes->relatives, .capacity = EI_RELATIVES, .min_rank = 1, .run = &run};
    memset(votes, 0, sizeof *votes);
    take_strongest(&walk.query, prepared->nominal, prepared->root, prepared->count);
    spectra_status status = SPECTRA_OK;
    for (uint32_t d = 0; status == SPECTRA_OK && d < the_case->database_count; d++) {
        db_set set;
        status = db_find_set(&set, the_case->databases[d], SPECTRA_TRACK_EI, SPECTRA_POLARITY_POSITIVE, DB_SET_NOMINAL);
        if (status == SPECTRA_OK) status = walk_set(&walk, &top, d, &set);
        if (status == SPECTRA_E_NOT_FOUND) status = SPECTRA_OK;
    }
    votes->relative_count = top.count;
    return status;
}
