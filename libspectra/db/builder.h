/* SPDX-License-Identifier: Apache-2.0 */
/* The inside of a builder: rows as they will be written, words, and the peaks of each set in the order they came.
   Every addition first makes room, which may fail and changes nothing, and is then carried out, which cannot. */
#ifndef DB_BUILDER_H
#define DB_BUILDER_H

#include "chem/chem.h"
#include "db/calibration.h"
#include "db/format.h"
#include "db/output.h"
#include "db/words.h"

/* A substance as it will be written. */
typedef struct db_substance_row {
    uint32_t text[DB_SUBSTANCE_TEXTS];
    uint32_t measured;
    int64_t exact_mass_uda;
} db_substance_row;

typedef struct db_entry_row {
    uint32_t text[DB_ENTRY_TEXTS];
    uint32_t substance;
    uint32_t precursor_uth;
    uint8_t track;
    uint8_t polarity;
} db_entry_row;

/* A spectrum of a set; its peaks stand at first_peak of the arrays. */
typedef struct db_peak_row {
    uint32_t entry;
    uint32_t precursor_uth; /* 0 in a nominal set, which stands in entry order */
    uint32_t first_peak;
    uint16_t peak_count;
    uint16_t first_mz; /* nominal */
} db_peak_row;

/* Peaks of all sets of a track and polarity: where two recipes make the same of a spectrum, it stands here once. */
typedef struct db_peak_arrays {
    base_vector mz;       /* uint16_t nominal, else uint32_t in µTh */
    base_vector weight;   /* uint16_t; the root of a nominal set */
    base_vector weighted; /* uint16_t; nominal only */
    base_vector root;     /* uint16_t; accurate only */
} db_peak_arrays;

typedef struct db_peaks {
    base_vector rows;    /* db_peak_row */
    uint64_t peak_count; /* of all rows */
    db_peak_arrays *arrays;
    spectra_recipe recipe;
} db_peaks;

struct spectra_builder {
    const spectra_allocator *allocator;
    db_words strings;
    base_vector substances; /* db_substance_row */
    base_vector entries;    /* db_entry_row */
    /* How substances are found; the values are index + 1. */
    db_words keys;                             /* by compound key */
    db_words names;                            /* by name in lower case; with DB_SEVERAL where several have it */
    db_words blocks;                           /* by first block of the InChIKey, of those with a formula; likewise */
    base_vector knowledge[DB_KNOWLEDGE_SLOTS]; /* rows as bytes of the file */
    db_peaks peaks[DB_GROUP_COUNT];
    db_peak_arrays arrays[DB_GROUP_COUNT];        /* of the first set of each track and polarity */
    db_calibration calibrations[DB_CALIBRATIONS]; /* of what has been added: gone when more is */
    uint32_t calibration_count;
    spectra_builder_options options;
    uint8_t *work; /* scratch of preparing */
    size_t work_size;
    uint8_t *file; /* what spectra_builder_write_memory lent */
    size_t file_size;
};
#define DB_SEVERAL 0x80000000u
#define DB_MAX_SUBSTANCES 0x7ffffffeu

/* What is said about a compound: by a row of a table, or by a spectrum's record. No NULL among the texts. */
typedef struct db_facts {
    const char *text[DB_SUBSTANCE_TEXTS];
    int64_t exact_mass_uda; /* 0 where unknown */
    char hill[CHEM_FORMULA_SIZE];
} db_facts;

/* Takes a formula over: in Hill's order, so that one formula is one text, where it is plain. */
void db_take_formula(db_facts *facts, const char *formula);

/* Monoisotopic mass of a formula in µDa; 0 where it is none. */
int64_t db_formula_mass(const char *formula);

/* Room to join the facts; fails with SPECTRA_E_INVALID where they name no compound. */
spectra_status db_reserve_substance(spectra_builder *builder, const db_facts *facts, spectra_error *error);
/* Asks the processor to have ready where that looks for it. */
void db_expect_substance(const spectra_builder *builder, const db_facts *facts);
/* Index of the substance of these facts, which is new or takes what it lacks from them. Needs the room. */
uint32_t db_join_substance(spectra_builder *builder, const db_facts *facts);

void db_peaks_init(db_peaks *peaks, db_peak_arrays *arrays, const db_group *group, const spectra_allocator *allocator);
void db_peak_arrays_init(db_peak_arrays *arrays, const db_group *group, const spectra_allocator *allocator);
void db_peak_arrays_free(db_peak_arrays *arrays);
/* Room for so many further peaks, and for the row of a prepared spectrum. */
spectra_status db_reserve_peaks(db_peak_arrays *arrays, size_t count, spectra_error *error);
spectra_status db_reserve_peak_row(db_peaks *peaks, const spectra_prepared *prepared, spectra_error *error);
/* Adds the peaks and returns where the first of them stands; adds the row. Both need the room. */
uint32_t db_add_peaks(db_peak_arrays *arrays, const spectra_prepared *prepared);
void db_add_peak_row(db_peaks *peaks, const spectra_prepared *prepared, uint32_t entry, uint32_t first_peak);
/* Brings the rows into the order of the file: by (precursor, entry). False where memory is short: they stay. */
bool db_sort_peaks(db_peaks *peaks);
/* Rows are walked in another order than their peaks came: asks for those of a row some way behind this one. */
void db_expect_peaks(const db_peaks *peaks, const base_vector *values, size_t row);

/* Write sections. */
void db_write_calibrations(db_output *output, const spectra_builder *builder);
void db_write_recipe(db_output *output, const db_peaks *peaks);
void db_write_index(db_output *output, const db_peaks *peaks);
void db_write_peaks(db_output *output, const db_peaks *peaks, const base_vector *values);

/* Drops what was told of the content so far: the file lent and the calibration. */
void db_builder_changes(spectra_builder *builder);

/* Rows of the three sections of postings by one key; blocks with the row that closes. */
typedef struct db_posting_counts {
    uint64_t words, offsets, blocks;
    uint64_t most_in_block; /* words */
} db_posting_counts;
/* Of a sorted set. */
db_posting_counts db_count_postings(const db_peaks *peaks, bool by_loss);

/* Writes the first of the three sections; what the other two hold is kept for them. */
typedef struct db_posting_work {
    uint64_t *keys, *room; /* most_in_block each */
    uint8_t *offsets;      /* as in the file: so many rows */
    uint8_t *blocks;
} db_posting_work;
void db_write_postings(db_output *output, const db_peaks *peaks, bool by_loss, const db_posting_work *work);

/* Room for `count` strings of `size` bytes with their NULs, and the failure in words. */
spectra_status db_reserve_words(db_words *words, size_t count, size_t size, spectra_error *error);
/* Room for one more element of an array of rows, indices of which stay below `limit`. */
spectra_status db_reserve_row(base_vector *rows, size_t limit, spectra_error *error);

#endif
