/* SPDX-License-Identifier: Apache-2.0 */
/* Prints a database as the library reads it, in the lines of read_spdb.py. */
#include <stdio.h>

#include "db/calibration.h"

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

static void print_peaks(const db_set *set, const db_spectrum *spectrum) {
    for (uint32_t i = spectrum->first_peak; i < spectrum->first_peak + spectrum->peak_count; i++) {
        if (set->nominal)
            printf("\t%u:%u:%u", (unsigned)set->nominal[i], (unsigned)set->root[i], (unsigned)set->weighted[i]);
        else
            printf("\t%u:%u", set->mz_uth[i], (unsigned)set->weight[i]);
    }
    printf("\n");
}

static int print_set(const spectra_database *database, spectra_track track, spectra_polarity polarity, int which) {
    static const char *const names[] = {"nominal", "windowed", "open"};
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
    return 0;
}

static int print_sets(const spectra_database *database) {
    int failed = 0;
    for (spectra_track track = SPECTRA_TRACK_EI; track <= SPECTRA_TRACK_INSOURCE; track++) {
        for (spectra_polarity polarity = SPECTRA_POLARITY_POSITIVE; polarity <= SPECTRA_POLARITY_NEGATIVE; polarity++)
            for (int which = DB_SET_NOMINAL; which <= DB_SET_OPEN; which++)
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
    failed |= print_sets(database);
    spectra_database_close(database);
    return failed;
}
