/* SPDX-License-Identifier: Apache-2.0 */
/* What the databases know of and never measured: isomers of the set, scaffolds without a single spectrum. */
#include <string.h>

#include "identify/identify.h"

#define CORES 16u

static bool substance_at(spectra_substance *out, const identify_case *the_case, uint32_t database, uint32_t index) {
    return spectra_database_substance(the_case->databases[database], index, out) == SPECTRA_OK;
}

/* Asked of every substance, so nothing else of it is touched. */
static bool has_formula(const identify_case *the_case, uint32_t database, uint32_t index, const char *formula) {
    const spectra_database *db = the_case->databases[database];
    return strcmp(db_string(db, db_substance_formula(db, index)), formula) == 0;
}

static bool measured_in(const identify_case *the_case, uint32_t database, uint32_t index) {
    const spectra_search_summary *search = &the_case->result->search;
    return db_substance_measured(the_case->databases[database], index, search->track, search->polarity);
}

static void key_of(char key[DB_COMPOUND_KEY_SIZE], const spectra_substance *substance) {
    db_compound_key(key, substance->inchikey, substance->formula, substance->name);
}

/* True where another of the databases has a spectrum of this compound. */
static bool measured_elsewhere(const identify_case *the_case, uint32_t database, const spectra_substance *substance) {
    char key[DB_COMPOUND_KEY_SIZE], other_key[DB_COMPOUND_KEY_SIZE];
    key_of(key, substance);
    for (uint32_t d = 0; d < the_case->database_count; d++) {
        uint32_t count = d == database ? 0 : spectra_database_substance_count(the_case->databases[d]);
        for (uint32_t i = 0; i < count; i++) {
            spectra_substance other;
            if (!has_formula(the_case, d, i, substance->formula) || !substance_at(&other, the_case, d, i)) continue;
            key_of(other_key, &other);
            if (strcmp(key, other_key) == 0 && measured_in(the_case, d, i)) return true;
        }
    }
    return false;
}

static bool listed_already(const identify_case *the_case, const spectra_substance *substance) {
    char key[DB_COMPOUND_KEY_SIZE], listed_key[DB_COMPOUND_KEY_SIZE];
    key_of(key, substance);
    for (uint32_t i = 0; i < the_case->result->unrepresented_count; i++) {
        spectra_substance listed;
        const spectra_substance_ref *ref = &the_case->unrepresented[i];
        if (!substance_at(&listed, the_case, ref->database, ref->substance)) continue;
        key_of(listed_key, &listed);
        if (strcmp(key, listed_key) == 0) return true;
    }
    return false;
}

static void find_isomers_of(identify_case *the_case, const char *formula) {
    spectra_identification *result = the_case->result;
    for (uint32_t d = 0; d < the_case->database_count; d++) {
        uint32_t count = spectra_database_substance_count(the_case->databases[d]);
        for (uint32_t i = 0; i < count; i++) {
            spectra_substance substance;
            if (!has_formula(the_case, d, i, formula) || !substance_at(&substance, the_case, d, i)) continue;
            if (measured_in(the_case, d, i) || measured_elsewhere(the_case, d, &substance) ||
                listed_already(the_case, &substance))
                continue;
            if (result->unrepresented_count == IDENTIFY_ISOMERS) {
                identify_say(&the_case->warnings, "more unmeasured isomers are known than are listed");
                return;
            }
            the_case->unrepresented[result->unrepresented_count++] = (spectra_substance_ref){d, i};
        }
    }
}

void identify_find_isomers(identify_case *the_case) {
    spectra_identification *result = the_case->result;
    for (uint32_t i = 0; i < result->set_count; i++) {
        spectra_substance substance, earlier;
        const spectra_hit *hit = &result->candidates[i];
        if (!substance_at(&substance, the_case, hit->database, hit->substance) || !substance.formula[0]) continue;
        bool seen = false;
        for (uint32_t k = 0; k < i && !seen; k++)
            seen = substance_at(&earlier, the_case, result->candidates[k].database, result->candidates[k].substance) &&
                   strcmp(earlier.formula, substance.formula) == 0;
        if (!seen) find_isomers_of(the_case, substance.formula);
    }
}

/* A scaffold: how many substances have it, and how many of them were measured. */
typedef struct core_count {
    const char *core;
    uint64_t known, measured;
} core_count;

static void count_core(core_count *cores, uint32_t *core_count_used, const char *core, bool measured) {
    uint32_t i = 0;
    while (i < *core_count_used && strcmp(cores[i].core, core) != 0) i++;
    if (i == CORES) return;
    if (i == *core_count_used) cores[(*core_count_used)++] = (core_count){.core = core};
    cores[i].known++;
    cores[i].measured += measured;
}

static void count_cores(const identify_case *the_case, uint32_t database, core_count *cores, uint32_t *used) {
    uint32_t count = spectra_database_substance_count(the_case->databases[database]);
    for (uint32_t i = 0; i < count; i++) {
        spectra_substance substance;
        if (substance_at(&substance, the_case, database, i) && substance.core[0])
            count_core(cores, used, substance.core, measured_in(the_case, database, i));
    }
}

static void tell_unmeasured(identify_case *the_case, uint32_t database) {
    uint64_t known = spectra_database_substance_count(the_case->databases[database]), unmeasured = 0;
    for (uint32_t i = 0; i < known; i++) unmeasured += !measured_in(the_case, database, i);
    const char *track = identify_track_text(the_case->result->search.track);
    if (unmeasured == 0) return;
    if (the_case->database_count == 1)
        identify_say(&the_case->warnings, "%u of the %u substances that the database knows have no %s spectrum in it",
                     unmeasured, known, track);
    else
        identify_say(&the_case->warnings, "%u of the %u substances that database %u knows have no %s spectrum in it",
                     unmeasured, known, (uint64_t)database + 1, track);
}

void identify_tell_coverage(identify_case *the_case) {
    core_count cores[CORES];
    uint32_t used = 0;
    for (uint32_t d = 0; d < the_case->database_count; d++) {
        tell_unmeasured(the_case, d);
        count_cores(the_case, d, cores, &used);
    }
    for (uint32_t i = 0; i < used; i++)
        if (cores[i].measured == 0)
            identify_say(&the_case->warnings, "not one %s spectrum of the scaffold %s (known substances: %u)",
                         identify_track_text(the_case->result->search.track), cores[i].core, cores[i].known);
}
