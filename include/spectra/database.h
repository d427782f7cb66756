/* SPDX-License-Identifier: Apache-2.0 */
/* The reference database: one read-only file of substances and their spectra (docs/FORMAT.md), and its builder. */
#ifndef SPECTRA_DATABASE_H
#define SPECTRA_DATABASE_H

#include "spectra/prepare.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Immutable once open: any number of threads may use one at the same time. */
typedef struct spectra_database spectra_database;

typedef uint32_t spectra_open_mode;
enum {
    SPECTRA_OPEN_MAP = 0, /**< map the file read-only (default) */
    SPECTRA_OPEN_COPY = 1 /**< read it into memory of the allocator */
};

/**
 * Opens a database file: header and section table are checked, nothing else is read. Free with spectra_database_close.
 * @param path       UTF-8
 * @param allocator  NULL for the C library's; must outlive the database
 * @return SPECTRA_OK, SPECTRA_E_IO, SPECTRA_E_CORRUPT, SPECTRA_E_VERSION, SPECTRA_E_MEMORY, SPECTRA_E_INVALID;
 *         SPECTRA_E_UNSUPPORTED on a big-endian machine, for now: arrays are used in place
 */
SPECTRA_API spectra_status spectra_database_open(spectra_database **out, const char *path, spectra_open_mode mode,
                                                 const spectra_allocator *allocator, spectra_error *error);

/**
 * Opens a database that is already in memory (or in flash).
 * @param bytes  aligned to 8; stay the caller's, and must outlive the database unchanged
 */
SPECTRA_API spectra_status spectra_database_open_memory(spectra_database **out, const void *bytes, size_t size,
                                                        const spectra_allocator *allocator, spectra_error *error);

/** Closes a database; NULL is fine. No other thread may still be using it. */
SPECTRA_API void spectra_database_close(spectra_database *database);

/**
 * Proves the whole file: every digest, all padding, every offset, order and reference.
 * @return SPECTRA_OK; SPECTRA_E_CORRUPT with the byte offset of what is wrong; SPECTRA_E_MEMORY
 */
SPECTRA_API spectra_status spectra_database_verify(const spectra_database *database, spectra_error *error);

/** The digest that names the database: the root of its block digests, from the header. */
SPECTRA_API void spectra_database_digest(const spectra_database *database, uint8_t digest[32]);

/** Number of entries: spectra, in the order they were added. */
SPECTRA_API uint32_t spectra_database_entry_count(const spectra_database *database);
/** Number of substances, with or without a spectrum. */
SPECTRA_API uint32_t spectra_database_substance_count(const spectra_database *database);

/** A compound. Text is borrowed from the database and never NULL: "" where unknown. */
typedef struct spectra_substance {
    const char *name;
    const char *inchikey;
    const char *formula;
    const char *smiles;
    const char *substance_class; /**< e.g. fentanyl_type, precursor, adulterant */
    const char *sites;           /**< modified sites of a fentanyl analogue, e.g. "DE" */
    const char *core;            /**< scaffold, e.g. 4-anilidopiperidine */
    const char *source;          /**< where the row comes from */
    int64_t exact_mass_uda;      /**< monoisotopic mass in µDa; 0 where unknown */
} spectra_substance;

/** A measurement of a compound. Text is borrowed from the database and never NULL: "" where unknown. */
typedef struct spectra_entry {
    const char *accession;
    const char *name; /**< the record's own name for the compound */
    const char *inchikey;
    const char *source;
    const char *licence;
    const char *author;
    const char *instrument_type;
    const char *instrument;
    const char *collision_energy; /**< as the record writes it */
    const char *adduct;
    uint32_t substance; /**< index of its substance */
    spectra_track track;
    spectra_polarity polarity;
    uint32_t precursor_uth; /**< precursor m/z in µTh; 0 where unknown */
} spectra_entry;

/** @return SPECTRA_OK; SPECTRA_E_NOT_FOUND beyond the last; SPECTRA_E_CORRUPT */
SPECTRA_API spectra_status spectra_database_substance(const spectra_database *database, uint32_t index,
                                                      spectra_substance *out);
/** @return SPECTRA_OK; SPECTRA_E_NOT_FOUND beyond the last; SPECTRA_E_CORRUPT */
SPECTRA_API spectra_status spectra_database_entry(const spectra_database *database, uint32_t index, spectra_entry *out);

/** One section of the file, for listing. */
typedef struct spectra_section {
    char name[24];
    uint64_t offset, size, count;
    uint32_t version;
    spectra_track track;
    spectra_polarity polarity;
    uint32_t reserved;
} spectra_section;

SPECTRA_API uint32_t spectra_database_section_count(const spectra_database *database);
/** @return SPECTRA_OK; SPECTRA_E_NOT_FOUND beyond the last */
SPECTRA_API spectra_status spectra_database_section(const spectra_database *database, uint32_t index,
                                                    spectra_section *out);

/* Building. A builder belongs to one thread. The same input in the same order gives the same bytes on any machine. */

typedef struct spectra_builder spectra_builder;

/** Starts a builder; free it with spectra_builder_free. */
SPECTRA_API spectra_status spectra_builder_create(spectra_builder **out, const spectra_allocator *allocator);
SPECTRA_API void spectra_builder_free(spectra_builder *builder);

/**
 * Adds a compound. Compounds are told apart by the first block of the InChIKey plus formula, else by name: the first
 * row for a compound stays, a later one fills only what it left empty. An InChIKey without formula means the one
 * formula that its block is known with, if it is one; no InChIKey means the substance that has this name (case aside),
 * if only one has. Spectra join by the same rules; those whose compound no row names get a substance of their own, with
 * the class and sites their record states, else those of the first known compound with the same block.
 * Call it before adding spectra. Text is copied; NULL counts as empty.
 * @return SPECTRA_OK, SPECTRA_E_MEMORY, SPECTRA_E_INVALID (neither InChIKey nor name), SPECTRA_E_LIMIT
 */
SPECTRA_API spectra_status spectra_builder_add_substance(spectra_builder *builder, const spectra_substance *substance,
                                                         spectra_error *error);

/**
 * Adds every row of a substances table (tab-separated, header line; reference-spectra/substances.tsv describes the
 * columns). @return as above, SPECTRA_E_FORMAT with the line, SPECTRA_E_IO
 */
SPECTRA_API spectra_status spectra_builder_add_substances_table(spectra_builder *builder, const char *path,
                                                                spectra_error *error);

/**
 * Adds a spectrum to the track that its record tells, or to `track` where it does not tell.
 * @return SPECTRA_OK; SPECTRA_E_INVALID where no track is known, the polarity of a spectrum other than EI is not, or
 *         neither InChIKey nor name is: the spectrum is left out and the error says why; SPECTRA_E_LIMIT (more than
 *         65535 peaks after preparation, among others); SPECTRA_E_MEMORY. The builder is unchanged unless SPECTRA_OK.
 */
SPECTRA_API spectra_status spectra_builder_add_spectrum(spectra_builder *builder, const spectra_spectrum *spectrum,
                                                        spectra_track track, spectra_error *error);

/** Writes the database: to a temporary file beside `path`, synced, then renamed over it. */
SPECTRA_API spectra_status spectra_builder_write(spectra_builder *builder, const char *path, spectra_error *error);

/** Writes the database into memory of the builder's allocator: borrowed until the builder changes or goes. */
SPECTRA_API spectra_status spectra_builder_write_memory(spectra_builder *builder, const void **bytes, size_t *size,
                                                        spectra_error *error);

#ifdef __cplusplus
}
#endif
#endif
