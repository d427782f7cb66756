/* SPDX-License-Identifier: Apache-2.0 */
/* Which reference spectra a sample is compared with: those of the nearest collision energy, and of them the compounds
   whose base peak is there (METHODS section 5). */
#include <string.h>

#include "base/error.h"
#include "base/memory.h"
#include "base/numbers.h"
#include "identify/mixture.h"
#include "peaks/peaks.h"
#include "spectrum/fields.h"

/* Of the base peak a candidate's base peak has at least this: 0.1 %. */
#define LEAST_BASE (NONNEGATIVE_ONE / 1000)

uint32_t mixture_tolerance_at(const mixture_case *the_case, uint32_t mz_uth) {
    return the_case->integers ? 0 : peaks_tolerance_at(&the_case->tolerance, mz_uth);
}

/* --- Compounds --- */

static void compound_key(const mixture_case *the_case, uint32_t database, uint32_t substance,
                         char key[DB_COMPOUND_KEY_SIZE]) {
    spectra_substance about;
    key[0] = '\0';
    if (spectra_database_substance(the_case->run.databases[database], substance, &about) == SPECTRA_OK)
        db_compound_key(key, about.inchikey, about.formula, about.name);
}

static bool is_compound(const mixture_case *the_case, const mixture_compound *compound, uint32_t database,
                        uint32_t substance) {
    if (compound->database == database) return compound->substance == substance;
    char key[DB_COMPOUND_KEY_SIZE], other[DB_COMPOUND_KEY_SIZE];
    compound_key(the_case, database, substance, key);
    compound_key(the_case, compound->database, compound->substance, other);
    return strcmp(key, other) == 0;
}

uint32_t mixture_compound_of(const mixture_case *the_case, uint32_t database, uint32_t substance) {
    uint32_t i = 0;
    while (i < the_case->compound_count && !is_compound(the_case, &the_case->compounds[i], database, substance)) i++;
    return i;
}

/* The compounds of the highest ranks, the highest first, of equals the one that came first. */
static void offer(mixture_case *the_case, const mixture_compound *offered) {
    mixture_compound *compounds = the_case->compounds;
    uint32_t place = mixture_compound_of(the_case, offered->database, offered->substance);
    if (place < the_case->compound_count && compounds[place].rank >= offered->rank) return;
    if (place == MIXTURE_COMPOUNDS && compounds[--place].rank >= offered->rank) return;
    if (place == the_case->compound_count) the_case->compound_count++;
    for (; place > 0 && compounds[place - 1].rank < offered->rank; place--) compounds[place] = compounds[place - 1];
    compounds[place] = *offered;
}

/* --- Energies --- */

static bool same_unit(const mixture_energy *a, const mixture_energy *b) {
    return a->unit == b->unit || a->unit == SPECTRA_ENERGY_UNKNOWN || b->unit == SPECTRA_ENERGY_UNKNOWN;
}

static uint64_t distance(const mixture_energy *a, const mixture_energy *b) {
    int64_t away = a->millionths - b->millionths;
    return (uint64_t)(away < 0 ? -away : away);
}

static mixture_energy energy_of(const spectra_collision_energy *energy) {
    if (energy->shape != SPECTRA_ENERGY_SINGLE || !(energy->value[0] < 1e9)) return (mixture_energy){0};
    return (mixture_energy){true, energy->unit, base_micro(energy->value[0])};
}

static mixture_energy entry_energy(const spectra_database *database, uint32_t entry) {
    spectra_entry about;
    spectra_collision_energy energy;
    if (spectra_database_entry(database, entry, &about) != SPECTRA_OK ||
        !spectrum_parse_collision_energy(about.collision_energy, &energy))
        return (mixture_energy){0};
    return energy_of(&energy);
}

static void sort_by_energy(mixture_case *the_case) {
    for (uint32_t i = 1; i < the_case->query_count; i++) {
        mixture_query moved = the_case->queries[i];
        uint32_t place = i;
        for (; place > 0; place--) {
            const mixture_energy *before = &the_case->queries[place - 1].energy;
            bool later = moved.energy.known && (!before->known || before->millionths > moved.energy.millionths);
            if (!later) break;
            the_case->queries[place] = the_case->queries[place - 1];
        }
        the_case->queries[place] = moved;
    }
}

static void read_energies(mixture_case *the_case) {
    bool missing = false;
    for (uint32_t i = 0; i < the_case->query_count; i++) {
        spectra_collision_energy energy;
        mixture_query *query = &the_case->queries[i];
        if (spectra_spectrum_collision_energy(query->spectrum, &energy) == SPECTRA_OK)
            query->energy = energy_of(&energy);
        missing |= !query->energy.known;
    }
    if (missing)
        identify_say(&the_case->warnings, "a spectrum of the sample states no single collision energy: it was compared "
                                          "with reference spectra of every energy");
    sort_by_energy(the_case);
}

/* --- Walking --- */

static bool walked(const mixture_case *the_case, const mixture_query *query, uint32_t database, uint32_t entry) {
    if (search_excluded(&the_case->run, database, entry)) return false;
    if (!query->reference.known) return true;
    mixture_energy energy = entry_energy(the_case->run.databases[database], entry);
    return energy.known && same_unit(&energy, &query->reference) && distance(&energy, &query->reference) == 0;
}

static spectra_status walk_set(const mixture_case *the_case, const mixture_query *query, uint32_t database,
                               const db_set *set, mixture_visit visit, void *context) {
    spectra_status status = SPECTRA_OK;
    for (uint32_t i = 0; status == SPECTRA_OK && i < set->count; i++) {
        db_spectrum spectrum;
        if (!db_spectrum_at(&spectrum, set, i)) return SPECTRA_E_CORRUPT;
        if (walked(the_case, query, database, spectrum.entry)) status = visit(context, database, set, &spectrum);
    }
    return status;
}

static spectra_status find_set(db_set *set, const mixture_case *the_case, uint32_t database) {
    const spectra_search_summary *summary = &the_case->summary;
    const spectra_database *db = the_case->run.databases[database];
    spectra_status status = db_find_set(set, db, summary->track, summary->polarity, DB_SET_FINE);
    db_set open;
    if (status == SPECTRA_E_NOT_FOUND &&
        db_find_set(&open, db, summary->track, summary->polarity, DB_SET_OPEN) == SPECTRA_OK)
        return base_fail(the_case->run.error, SPECTRA_E_UNSUPPORTED, BASE_NO_PLACE,
                         "the database was built before it held what mixtures need: build it anew");
    if (status == SPECTRA_OK && !set->root)
        return base_fail(the_case->run.error, SPECTRA_E_UNSUPPORTED, BASE_NO_PLACE,
                         "the database was built before it held what mixtures need: build it anew");
    return status;
}

spectra_status mixture_walk(const mixture_case *the_case, const mixture_query *query, mixture_visit visit,
                            void *context) {
    bool found = false;
    for (uint32_t d = 0; d < the_case->run.database_count; d++) {
        db_set set;
        spectra_status status = find_set(&set, the_case, d);
        if (status == SPECTRA_E_NOT_FOUND) continue;
        if (status == SPECTRA_OK) status = walk_set(the_case, query, d, &set, visit, context);
        if (status < 0) return status;
        found = true;
    }
    return found
               ? SPECTRA_OK
               : base_fail(the_case->run.error, SPECTRA_E_NOT_FOUND, BASE_NO_PLACE,
                           "no database has %s spectra of this polarity", identify_track_text(the_case->summary.track));
}

/* --- Energy, shift, base peak --- */

typedef struct energy_choice {
    const mixture_case *the_case;
    mixture_energy wanted, nearest;
} energy_choice;

static spectra_status choose_energy(void *context, uint32_t database, const db_set *set, const db_spectrum *spectrum) {
    (void)set;
    energy_choice *choice = context;
    mixture_energy energy = entry_energy(choice->the_case->run.databases[database], spectrum->entry);
    if (!energy.known || !same_unit(&energy, &choice->wanted)) return SPECTRA_OK;
    uint64_t away = distance(&energy, &choice->wanted), least = distance(&choice->nearest, &choice->wanted);
    bool nearer = away < least || (away == least && energy.millionths < choice->nearest.millionths);
    if (!choice->nearest.known || nearer) choice->nearest = energy;
    return SPECTRA_OK;
}

static spectra_status find_energy(mixture_case *the_case, mixture_query *query) {
    energy_choice choice = {.the_case = the_case, .wanted = query->energy};
    if (!query->energy.known) return SPECTRA_OK;
    spectra_status status = mixture_walk(the_case, query, choose_energy, &choice);
    query->reference = choice.nearest;
    if (status == SPECTRA_OK && (!choice.nearest.known || distance(&choice.nearest, &choice.wanted) > 0))
        identify_say(&the_case->warnings,
                     "no reference spectrum has the collision energy of spectrum %u of the sample: "
                     "it was compared with %s",
                     (uint64_t)query->index + 1,
                     choice.nearest.known ? "those of the nearest" : "those of every energy");
    return status;
}

/* How far masses are off: the mode of measured − reference, over ±12 mTh, by a biweight kernel of 4 mTh half width,
   which is as wide as a normal one of 1.5 mTh. */
#define BIN_UTH 100
#define REACH_BINS 120
#define KERNEL_BINS 40
#define LEAST_SHIFT_ROOT 6554 /* 1 % of the base peak */
typedef struct shift_counts {
    const mixture_peaks *peaks;
    uint32_t count[2 * REACH_BINS + 1];
} shift_counts;

static spectra_status count_differences(void *context, uint32_t database, const db_set *set,
                                        const db_spectrum *spectrum) {
    (void)database;
    shift_counts *counts = context;
    const mixture_peaks *peaks = counts->peaks;
    const uint32_t reach = BIN_UTH * REACH_BINS;
    for (uint32_t i = spectrum->first_peak; i < spectrum->first_peak + spectrum->peak_count; i++) {
        if (set->root[i] < LEAST_SHIFT_ROOT) continue;
        uint32_t mz = set->mz_uth[i], k = mixture_nearest(peaks, mz, reach);
        while (k > 0 && k < peaks->count && mz - peaks->mz_uth[k - 1] <= reach && peaks->mz_uth[k - 1] <= mz) k--;
        for (; k < peaks->count && (int64_t)peaks->mz_uth[k] - mz <= (int64_t)reach; k++) {
            int64_t away = (int64_t)peaks->mz_uth[k] - mz + reach;
            if (away >= 0) counts->count[(away + BIN_UTH / 2) / BIN_UTH]++;
        }
    }
    return SPECTRA_OK;
}

static uint64_t density_at(const shift_counts *counts, int centre) {
    uint64_t sum = 0;
    for (int k = -KERNEL_BINS; k <= KERNEL_BINS; k++) {
        int at = centre + k;
        uint64_t weight = (uint64_t)(KERNEL_BINS * KERNEL_BINS - k * k);
        if (at >= 0 && at <= 2 * REACH_BINS) sum += counts->count[at] * weight * weight;
    }
    return sum;
}

static spectra_status correct_shift(mixture_case *the_case, mixture_query *query) {
    shift_counts counts = {.peaks = &query->peaks};
    uint64_t highest = 0;
    if (the_case->integers) return SPECTRA_OK;
    spectra_status status = mixture_walk(the_case, query, count_differences, &counts);
    for (int away = 0; away <= REACH_BINS; away++) /* of equals the smallest */
        for (int sign = -1; sign <= 1; sign += 2) {
            uint64_t density = density_at(&counts, REACH_BINS + sign * away);
            if (density <= highest) continue;
            highest = density;
            query->shift_uth = sign * away * BIN_UTH;
        }
    for (uint32_t i = 0; i < query->peaks.count; i++) {
        int64_t mz = (int64_t)query->peaks.mz_uth[i] - query->shift_uth;
        query->peaks.mz_uth[i] = (uint32_t)(mz < 0 ? 0 : mz > UINT32_MAX ? UINT32_MAX : mz);
    }
    return status;
}

typedef struct base_visit {
    mixture_case *the_case;
    const mixture_query *query;
} base_visit;

/* Offers the compound if its base peak is there; ranked by how much of the spectrum is. */
static spectra_status ask_for_base(void *context, uint32_t database, const db_set *set, const db_spectrum *spectrum) {
    const base_visit *visit = context;
    mixture_case *the_case = visit->the_case;
    const mixture_peaks *peaks = &visit->query->peaks;
    uint32_t mz[NONNEGATIVE_COLUMN_ROWS], value[NONNEGATIVE_COLUMN_ROWS], base = 0, found = 0;
    mixture_peaks reference = {mz, value, 0};
    db_entry_key key;
    if (!db_entry_key_at(&key, the_case->run.databases[database], spectrum->entry)) return SPECTRA_E_CORRUPT;
    mixture_take_reference(&reference, the_case, set, spectrum);
    uint64_t all = 1, there = 0;
    for (uint32_t i = 0; i < reference.count; i++) {
        uint32_t place = mixture_nearest(peaks, mz[i], mixture_tolerance_at(the_case, mz[i]));
        bool present = place < peaks->count;
        all += value[i];
        if (present) there += value[i];
        if (value[i] <= base) continue;
        base = value[i];
        found = present ? peaks->value[place] : 0;
    }
    if (found < LEAST_BASE) return SPECTRA_OK;
    const mixture_compound offered = {database, key.substance, spectrum->entry, (uint32_t)((there << 20) / all)};
    offer(the_case, &offered);
    return SPECTRA_OK;
}

spectra_status mixture_find_candidates(mixture_case *the_case) {
    read_energies(the_case);
    spectra_status status = SPECTRA_OK;
    for (uint32_t i = 0; status == SPECTRA_OK && i < the_case->query_count; i++) {
        status = find_energy(the_case, &the_case->queries[i]);
        if (status == SPECTRA_OK) status = correct_shift(the_case, &the_case->queries[i]);
    }
    base_visit visit = {the_case, &the_case->queries[0]};
    if (status == SPECTRA_OK) status = mixture_walk(the_case, visit.query, ask_for_base, &visit);
    if (the_case->compound_count == MIXTURE_COMPOUNDS)
        identify_say(&the_case->warnings,
                     "there may be more candidates than can be weighed together: the %u whose "
                     "spectra are there most were",
                     (uint64_t)MIXTURE_COMPOUNDS);
    return status;
}
