/* SPDX-License-Identifier: Apache-2.0 */
/* The list of the best hits. Knows ranks, compounds and exclusions; nothing of peaks.
   One compound per place: when a spectrum is offered, the list holds the best-so-far spectrum of the k best compounds;
   a compound outside it has no spectrum above the worst inside, so looking at the list alone is enough. */
#include <string.h>

#include "base/text.h"
#include "chem/chem.h"
#include "search/search.h"

static uint32_t rank_of(const search_top *top, const spectra_hit *hit) {
    return top->by_reverse ? hit->reverse_score : hit->score;
}

static bool better(const search_top *top, const spectra_hit *a, const spectra_hit *b) {
    uint32_t rank_a = rank_of(top, a);
    uint32_t rank_b = rank_of(top, b);
    if (rank_a != rank_b) return rank_a > rank_b;
    if (a->database != b->database) return a->database < b->database;
    return a->entry < b->entry;
}

static void compound_key(const search_run *run, const spectra_hit *hit, char key[DB_COMPOUND_KEY_SIZE]) {
    spectra_substance substance;
    key[0] = '\0';
    if (spectra_database_substance(run->databases[hit->database], hit->substance, &substance) == SPECTRA_OK)
        db_compound_key(key, substance.inchikey, substance.formula, substance.name);
}

static bool same_compound(const search_run *run, const spectra_hit *a, const spectra_hit *b) {
    if (a->database == b->database) return a->substance == b->substance;
    char key_a[DB_COMPOUND_KEY_SIZE], key_b[DB_COMPOUND_KEY_SIZE];
    compound_key(run, a, key_a);
    compound_key(run, b, key_b);
    return strcmp(key_a, key_b) == 0;
}

uint32_t search_top_least(const search_top *top) {
    if (top->count < top->capacity) return top->min_rank;
    uint32_t worst = rank_of(top, &top->hits[top->count - 1]);
    return worst > top->min_rank ? worst : top->min_rank;
}

bool search_top_wants(const search_top *top, uint32_t rank) {
    return rank >= search_top_least(top);
}

/* The place that an offered hit takes over: its compound's, a free one, or the worst. */
static uint32_t place_for(const search_top *top, const spectra_hit *hit) {
    if (!top->all_spectra) {
        for (uint32_t i = 0; i < top->count; i++)
            if (same_compound(top->run, &top->hits[i], hit)) return i;
    }
    return top->count < top->capacity ? top->count : top->count - 1;
}

void search_top_offer(search_top *top, const spectra_hit *hit) {
    if (top->capacity == 0 || !search_top_wants(top, rank_of(top, hit))) return;
    if (search_excluded(top->run, hit->database, hit->entry)) return;
    uint32_t place = place_for(top, hit);
    if (place < top->count && !better(top, hit, &top->hits[place])) return;
    if (place == top->count) top->count++;
    while (place > 0 && better(top, hit, &top->hits[place - 1])) {
        top->hits[place] = top->hits[place - 1];
        place--;
    }
    top->hits[place] = *hit;
}

static bool own_compound(const spectra_spectrum *query, const spectra_substance *substance) {
    char own[15], theirs[15];
    const char *inchikey = spectra_spectrum_field(query, SPECTRA_FIELD_INCHIKEY);
    if (inchikey && chem_inchikey_block(own, inchikey) && chem_inchikey_block(theirs, substance->inchikey))
        return strcmp(own, theirs) == 0;
    const char *name = spectra_spectrum_field(query, SPECTRA_FIELD_NAME);
    return name && base_equal_ignoring_case(name, substance->name);
}

bool search_excluded(const search_run *run, uint32_t database, uint32_t entry) {
    const spectra_search_options *options = &run->options;
    if (!options->exclude_own_compound && options->exclude_accession_count == 0) return false;
    const spectra_database *db = run->databases[database];
    db_entry_key key;
    if (!db_entry_key_at(&key, db, entry)) return true;
    const char *accession = db_string(db, key.accession);
    for (uint32_t i = 0; i < options->exclude_accession_count; i++)
        if (base_starts_with(accession, options->exclude_accession[i])) return true;
    spectra_substance substance;
    return options->exclude_own_compound && spectra_database_substance(db, key.substance, &substance) == SPECTRA_OK &&
           own_compound(run->spectrum, &substance);
}
