/* SPDX-License-Identifier: Apache-2.0 */
/* What search/ and identify/ may ask of an open database. docs/FORMAT.md gives the bytes. */
#ifndef DB_DB_H
#define DB_DB_H

#include <stdbool.h>

#include "kernels/kernels.h"
#include "spectra/database.h"
#include "spectrum/prepared.h"

/* Peak sets of a track: prepared by one recipe each. */
enum {
    DB_SET_NOMINAL = 0,  /* EI */
    DB_SET_WINDOWED = 1, /* MS/MS, for search inside a precursor window; spectra without precursor are not in it */
    DB_SET_OPEN = 2,     /* MS/MS and in-source, all spectra */
    DB_SET_FINE = 3 /* in-source, all spectra, with the weak peaks that mixtures are told by; older files lack it */
};

/* Postings of a set of accurate masses, see db/postings.h: block_count is 0 where it has none. */
typedef struct db_postings {
    const uint8_t *blocks;   /* rows, one more than block_count */
    const uint32_t *offsets; /* of the cells, into words */
    const uint32_t *words;
    uint32_t block_count, offset_count, count;
} db_postings;

/* One set, ready to be walked: borrowed from the database. Spectra of DB_SET_NOMINAL stand in entry order, those of
   the others by (precursor, entry). */
typedef struct db_set {
    spectra_recipe recipe;
    uint32_t count;       /* spectra */
    uint32_t peak_count;  /* of all spectra */
    uint32_t entry_count; /* of the database: no spectrum of the set belongs to an entry beyond */
    const uint8_t *index;
    const uint16_t *nominal, *weighted; /* DB_SET_NOMINAL */
    const uint32_t *mz_uth;             /* the others */
    const uint16_t *weight;
    const uint16_t *root;       /* NULL where an older file has none of accurate m/z */
    db_postings by_mz, by_loss; /* the others, and there not always */
} db_set;

/* One spectrum of a set. Its peaks are [first_peak, first_peak + peak_count) of the set's arrays: checked. */
typedef struct db_spectrum {
    uint32_t entry;
    uint32_t first_peak;
    uint32_t peak_count;    /* at most 65535 */
    uint32_t precursor_uth; /* 0 where unknown; not for DB_SET_NOMINAL */
    uint32_t first_mz;      /* DB_SET_NOMINAL: where the scan began */
    uint64_t root_norm;     /* DB_SET_NOMINAL: Σ (root >> 4)² */
    uint64_t weighted_norm; /* DB_SET_NOMINAL: Σ weighted² */
} db_spectrum;

/* SPECTRA_OK, SPECTRA_E_NOT_FOUND, SPECTRA_E_CORRUPT. */
spectra_status db_find_set(db_set *out, const spectra_database *database, spectra_track track,
                           spectra_polarity polarity, int set);

/* False where the bytes lie (offsets out of range or falling, an entry that is not there). i < set->count. */
bool db_spectrum_at(db_spectrum *out, const db_set *set, uint32_t i);
/* Asks the processor to have ready what that reads. */
void db_expect_spectrum(const db_set *set, uint32_t i);

/* Rows of DB_SET_NOMINAL side by side: spectrum k of them has the peaks [first_peak[k], first_peak[k + 1]). */
#define DB_ROWS 128u
typedef struct db_nominal_rows {
    uint64_t root_norm[DB_ROWS], weighted_norm[DB_ROWS];
    uint32_t first_peak[DB_ROWS + 1];
    uint16_t first_mz[DB_ROWS];
} db_nominal_rows;

/* Reads `count` rows from `first` on, at most DB_ROWS and all of the set. False where one of them lies, as
   db_spectrum_at has it. */
bool db_nominal_rows_at(db_nominal_rows *out, const db_set *set, uint32_t first, uint32_t count);

/* first_peak[k] of `count` spectra from `first` on, and of the one behind them; not for DB_SET_NOMINAL. False where one
   of them lies, as db_spectrum_at has it, but for its entry. */
bool db_first_peaks_at(uint32_t *first_peak, const db_set *set, uint32_t first, uint32_t count);

/* First index i with precursor_uth >= value; not for DB_SET_NOMINAL. */
uint32_t db_lower_bound(const db_set *set, uint32_t precursor_uth);

/* Index of an entry's substance and track without touching its text; false where the bytes lie. */
typedef struct db_entry_key {
    uint32_t substance;
    uint32_t accession; /* string reference */
    spectra_track track;
    spectra_polarity polarity;
} db_entry_key;
bool db_entry_key_at(db_entry_key *out, const spectra_database *database, uint32_t entry);
/* Asks the processor to have ready what that reads. */
void db_expect_entry(const spectra_database *database, uint32_t entry);

/* Text of a string reference, "" where it lies. */
const char *db_string(const spectra_database *database, uint32_t reference);

/* String reference of a substance's formula (equal text has an equal reference); 0 is "". */
uint32_t db_substance_formula(const spectra_database *database, uint32_t substance);

/* The class of a substance as its record or table names it; "" where there is none. */
const char *db_substance_class(const spectra_database *database, uint32_t substance);

/* True where some spectrum of this substance stands in the track and polarity. */
bool db_substance_measured(const spectra_database *database, uint32_t substance, spectra_track track,
                           spectra_polarity polarity);

/* The key that tells compounds apart: first block of the InChIKey + '/' + formula, else the name in lower case.
   Cut at the buffer's size. */
#define DB_COMPOUND_KEY_SIZE 256
void db_compound_key(char key[DB_COMPOUND_KEY_SIZE], const char *inchikey, const char *formula, const char *name);

#endif
