/* SPDX-License-Identifier: Apache-2.0 */
/* Prints a database as the library reads it, in the lines of read_spdb.py. */
#include <stdio.h>

#include "base/bytes.h"
#include "db/calibration.h"
#include "db/inside.h"
#include "db/knowledge.h"
#include "db/postings.h"

static const char *track_name(spectra_track track) {
    return track == SPECTRA_TRACK_EI ? "ei" : track == SPECTRA_TRACK_MSMS ? "msms" : "insource";
}

static const char *polarity_name(spectra_polarity polarity) {
    return polarity == SPECTRA_POLARITY_POSITIVE ? "positive" : "negative";
}

static void print_digest(const spectra_database *database) {
    uint8_t digest[32];
    spectra_database_digest(database, digest);
    printf("database\t");
    for (size_t i = 0; i < sizeof digest; i++) printf("%02x", digest[i]);
    printf("\n");
}

/* As in the file: bit 2·(track − 1) + (polarity − 1). */
static unsigned measured(const spectra_database *database, uint32_t substance) {
    unsigned bits = 0;
    for (spectra_track track = SPECTRA_TRACK_EI; track <= SPECTRA_TRACK_INSOURCE; track++) {
        for (spectra_polarity polarity = SPECTRA_POLARITY_POSITIVE; polarity <= SPECTRA_POLARITY_NEGATIVE; polarity++)
            if (db_substance_measured(database, substance, track, polarity))
                bits |= 1u << (2 * (track - 1) + (polarity - 1));
    }
    return bits;
}

static int print_substance(const spectra_database *database, uint32_t i) {
    spectra_substance s;
    if (spectra_database_substance(database, i, &s) != SPECTRA_OK) return 1;
    printf("substance\t%u\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%lld\t%u\n", i, s.name, s.inchikey, s.formula, s.smiles,
           s.substance_class, s.sites, s.core, s.source, (long long)s.exact_mass_uda, measured(database, i));
    return 0;
}

static int print_entry(const spectra_database *database, uint32_t i) {
    spectra_entry e;
    if (spectra_database_entry(database, i, &e) != SPECTRA_OK) return 1;
    printf("entry\t%u\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%u\t%u\t%s\t%s\n", i, e.accession, e.name, e.inchikey,
           e.source, e.licence, e.author, e.instrument_type, e.instrument, e.collision_energy, e.adduct, e.substance,
           e.precursor_uth, track_name(e.track), polarity_name(e.polarity));
    return 0;
}

static void print_calibration(const spectra_database *database, spectra_track track, spectra_polarity polarity) {
    db_calibration c;
    if (!db_find_calibration(&c, database, track, polarity)) return;
    printf("calibration\t%s\t%s\t%u\t%u\t%u", track_name(track), polarity_name(polarity), c.queries, c.least_peaks,
           c.least_score);
    for (int k = 0; k < 3; k++) printf("\t%d", (int)c.structure[k]);
    for (int k = 0; k < 3; k++) printf("\t%d", (int)c.group[k]);
    printf("\n");
}

static uint32_t count_of(const spectra_database *database, uint32_t slot) {
    return db_knowledge_count(database, slot);
}

static void print_shares(const uint32_t share[DB_SHARE_COUNT]) {
    for (size_t i = 0; i < DB_SHARE_COUNT; i++) printf("\t%u", share[i]);
    printf("\n");
}

static int print_families(const spectra_database *database) {
    int failed = 0;
    db_family f;
    db_site s;
    for (uint32_t i = 0; i < count_of(database, DB_SLOT_FAMILIES); i++) {
        if (!db_family_at(&f, database, i)) return 1;
        printf("family\t%u\t%s\t%s\t%s\t%s\t%lld\t%u\t%u\t%u\n", i, f.name, f.members, f.parent, f.formula,
               (long long)f.mass_uda, f.nominal_da, f.first_site, f.site_count);
    }
    for (uint32_t i = 0; i < count_of(database, DB_SLOT_SITES); i++) {
        failed |= !db_site_at(&s, database, i);
        printf("site\t%u\t%u\t%s\t%s\t%s\t%u\n", i, s.family, s.code, s.label, s.words, s.weight);
    }
    return failed;
}

static int print_rules(const spectra_database *database) {
    db_fragment f;
    db_delta d;
    for (uint32_t i = 0; i < count_of(database, DB_SLOT_FRAGMENTS); i++) {
        if (!db_fragment_at(&f, database, i)) return 1;
        printf("fragment\t%u\t%u\t%d\t%s\t%u\t%u\t%u\t%u\n", i, f.family, f.track, f.label, f.mz_uth, f.kept, f.weight,
               f.group);
    }
    for (uint32_t i = 0; i < count_of(database, DB_SLOT_DELTAS); i++) {
        if (!db_delta_at(&d, database, i)) return 1;
        printf("delta\t%u\t%u\t%d\t%u\t%s\t%lld\t%u\t%d\n", i, d.family, d.track, d.sites, d.formula,
               (long long)d.mass_uda, d.cost, d.isotopologue);
    }
    return 0;
}

static int print_learned(const spectra_database *database) {
    db_intensity n;
    db_background b;
    for (uint32_t i = 0; i < count_of(database, DB_SLOT_INTENSITIES); i++) {
        if (!db_intensity_at(&n, database, i)) return 1;
        printf("intensity\t%u\t%u", i, n.fragment);
        print_shares(n.share);
    }
    for (uint32_t i = 0; i < count_of(database, DB_SLOT_BACKGROUNDS); i++) {
        if (!db_background_at(&b, database, i)) return 1;
        printf("background\t%u\t%u\t%u\t%d", i, b.family, b.mz, b.others);
        print_shares(b.share);
    }
    return 0;
}

/* Parameters are asked for by name: the rows themselves give the names. */
static void print_parameters(const spectra_database *database) {
    const db_view *view = &database->file[DB_SLOT_PARAMETERS];
    for (uint32_t i = 0; i < view->count; i++) {
        const uint8_t *row = view->data + (size_t)i * DB_PARAMETER_ROW_SIZE;
        uint32_t family = base_get32(row + DB_PARAMETER_FAMILY), track = base_get32(row + DB_PARAMETER_TRACK);
        const char *name = db_string(database, base_get32(row + DB_PARAMETER_NAME));
        printf("parameter\t%u\t%u\t%u\t%s\t%lld\n", i, family, track, name,
               (long long)db_parameter(database, family, (spectra_track)track, name, 0));
    }
}

/* Older files have no roots of accurate m/z. */
static void print_accurate_peak(const db_set *set, uint32_t i) {
    printf("\t%u:%u", set->mz_uth[i], (unsigned)set->weight[i]);
    if (set->root) printf(":%u", (unsigned)set->root[i]);
}

static void print_peaks(const db_set *set, const db_spectrum *spectrum) {
    for (uint32_t i = spectrum->first_peak; i < spectrum->first_peak + spectrum->peak_count; i++) {
        if (set->nominal)
            printf("\t%u:%u:%u", (unsigned)set->nominal[i], (unsigned)set->root[i], (unsigned)set->weighted[i]);
        else
            print_accurate_peak(set, i);
    }
    printf("\n");
}

static void print_postings(const db_postings *postings, const char *key, const char *name) {
    for (uint32_t block = 0; block < postings->block_count; block++) {
        const uint8_t *row = postings->blocks + (size_t)block * DB_BLOCK_ROW_SIZE;
        uint32_t cells =
            base_get32(row + DB_BLOCK_ROW_SIZE + DB_BLOCK_FIRST_OFFSET) - base_get32(row + DB_BLOCK_FIRST_OFFSET) - 1;
        db_range all = {0, 0};
        if (!db_posting_range(&all, postings, block, 0, UINT64_C(1) << 40)) return;
        printf("postings\t%s\t%s\t%u\t%u\t%u\t%u\n", key, name, block, base_get32(row + DB_BLOCK_FIRST_CELL), cells,
               all.end - all.first);
    }
}

static int print_set(const spectra_database *database, spectra_track track, spectra_polarity polarity, int which) {
    static const char *const names[] = {"nominal", "windowed", "open", "fine"};
    db_set set;
    char name[48];
    spectra_status status = db_find_set(&set, database, track, polarity, which);
    if (status == SPECTRA_E_NOT_FOUND) return 0;
    if (status != SPECTRA_OK) return 1;
    snprintf(name, sizeof name, "%s %s %s", track_name(track), polarity_name(polarity), names[which]);
    printf("set\t%s\t%u\t%u\t%u\t%u\t%u\n", name, set.recipe.kind, set.recipe.precursor_margin_uth,
           set.recipe.noise_ppm, set.recipe.merge_gap_uth, set.count);
    for (uint32_t i = 0; i < set.count; i++) {
        db_spectrum spectrum;
        if (!db_spectrum_at(&spectrum, &set, i)) return 1;
        printf("spectrum\t%s\t%u\t%u", name, spectrum.entry, spectrum.first_peak);
        if (set.nominal)
            printf("\t%u\t%llu\t%llu", spectrum.first_mz, (unsigned long long)spectrum.root_norm,
                   (unsigned long long)spectrum.weighted_norm);
        else
            printf("\t%u", spectrum.precursor_uth);
        print_peaks(&set, &spectrum);
    }
    print_postings(&set.by_mz, "m/z", name);
    print_postings(&set.by_loss, "loss", name);
    return 0;
}

static int print_sets(const spectra_database *database) {
    int failed = 0;
    for (spectra_track track = SPECTRA_TRACK_EI; track <= SPECTRA_TRACK_INSOURCE; track++) {
        for (spectra_polarity polarity = SPECTRA_POLARITY_POSITIVE; polarity <= SPECTRA_POLARITY_NEGATIVE; polarity++)
            for (int which = DB_SET_NOMINAL; which <= DB_SET_FINE; which++)
                failed |= print_set(database, track, polarity, which);
    }
    return failed;
}

int main(int argc, char **argv) {
    spectra_database *database;
    if (argc != 2 || spectra_database_open(&database, argv[1], SPECTRA_OPEN_MAP, NULL, NULL) != SPECTRA_OK) return 2;
    int failed = 0;
    print_digest(database);
    for (uint32_t i = 0; i < spectra_database_substance_count(database); i++) failed |= print_substance(database, i);
    for (uint32_t i = 0; i < spectra_database_entry_count(database); i++) failed |= print_entry(database, i);
    for (spectra_track track = SPECTRA_TRACK_EI; track <= SPECTRA_TRACK_INSOURCE; track++)
        for (spectra_polarity polarity = SPECTRA_POLARITY_POSITIVE; polarity <= SPECTRA_POLARITY_NEGATIVE; polarity++)
            print_calibration(database, track, polarity);
    failed |= print_families(database) | print_rules(database) | print_learned(database);
    print_parameters(database);
    failed |= print_sets(database);
    spectra_database_close(database);
    return failed;
}
