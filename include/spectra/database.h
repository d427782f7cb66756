/* SPDX-License-Identifier: Apache-2.0 */
/** @file
   The reference database: one read-only file of substances and their spectra (docs/FORMAT.md), and its builder.
 */
#ifndef SPECTRA_DATABASE_H
#define SPECTRA_DATABASE_H

#include "spectra/prepare.h"

#ifdef __cplusplus
extern "C" {
#endif

/** A database. Immutable once open: any number of threads may use one at the same time. */
typedef struct spectra_database spectra_database;

/** How a database comes into memory. */
typedef uint32_t spectra_open_mode;
enum {
    SPECTRA_OPEN_MAP = 0, /**< map the file read-only (default) */
    SPECTRA_OPEN_COPY = 1 /**< read it into memory of the allocator */
};

/**
 * Opens a database file: header and section table are checked, nothing else is read.
 * @param out        yours: close it with spectra_database_close. NULL unless SPECTRA_OK
 * @param path       UTF-8. While mapped, the file may be replaced by another, but not changed in place
 * @param mode       SPECTRA_OPEN_MAP or SPECTRA_OPEN_COPY
 * @param allocator  NULL for the C library's; must outlive the database
 * @param error      nullable
 * @return SPECTRA_OK, SPECTRA_E_IO, SPECTRA_E_CORRUPT, SPECTRA_E_VERSION, SPECTRA_E_MEMORY, SPECTRA_E_INVALID;
 *         SPECTRA_E_UNSUPPORTED on a big-endian machine, for now: arrays are used in place
 * Thread safety: any number of threads.
 */
SPECTRA_API spectra_status spectra_database_open(spectra_database **out, const char *path, spectra_open_mode mode,
                                                 const spectra_allocator *allocator, spectra_error *error);

/**
 * Opens a database that is already in memory (or in flash). As spectra_database_open in all else.
 * @param out        yours: close it with spectra_database_close. NULL unless SPECTRA_OK
 * @param bytes      aligned to 8; stay the caller's, and must outlive the database unchanged
 * @param size       in bytes
 * @param allocator  NULL for the C library's; must outlive the database
 * @param error      nullable
 * @return as spectra_database_open, but for SPECTRA_E_IO
 * Thread safety: any number of threads.
 */
SPECTRA_API spectra_status spectra_database_open_memory(spectra_database **out, const void *bytes, size_t size,
                                                        const spectra_allocator *allocator, spectra_error *error);

/**
 * What opening a database that is already in memory takes of a scratch's allocator (spectra_scratch_allocator).
 * @return in bytes
 * Thread safety: any number of threads.
 */
SPECTRA_API size_t spectra_database_required(void);

/**
 * Closes a database, and with it every text that was borrowed from it.
 * @param database  NULL is fine
 * Thread safety: one thread, when no other uses the database any more.
 */
SPECTRA_API void spectra_database_close(spectra_database *database);

/**
 * Proves the whole file: every digest, all padding, every offset, order and reference. It takes a little memory from
 * the allocator while it works.
 * @param database  open
 * @param error     nullable
 * @return SPECTRA_OK; SPECTRA_E_CORRUPT with the byte offset of what is wrong; SPECTRA_E_MEMORY; SPECTRA_E_INVALID
 * Thread safety: any number of threads.
 */
SPECTRA_API spectra_status spectra_database_verify(const spectra_database *database, spectra_error *error);

/**
 * The digest that names the database: the root of its block digests (SHA-256), from the header.
 * @param database  open, not NULL
 * @param digest    room for 32 bytes
 * Thread safety: any number of threads.
 */
SPECTRA_API void spectra_database_digest(const spectra_database *database, uint8_t digest[32]);

/**
 * Number of entries: spectra, in the order they were added.
 * @param database  open, not NULL
 * @return a count
 * Thread safety: any number of threads.
 */
SPECTRA_API uint32_t spectra_database_entry_count(const spectra_database *database);
/**
 * Number of substances, with or without a spectrum.
 * @param database  open, not NULL
 * @return a count
 * Thread safety: any number of threads.
 */
SPECTRA_API uint32_t spectra_database_substance_count(const spectra_database *database);

/** A compound. Text is borrowed from the database and never NULL: "" where unknown. */
typedef struct spectra_substance {
    const char *name;            /**< the usual one */
    const char *inchikey;        /**< of the neutral compound */
    const char *formula;         /**< e.g. C22H28N2O */
    const char *smiles;          /**< as its source writes it */
    const char *substance_class; /**< e.g. fentanyl_type, precursor, adulterant */
    const char *sites;           /**< modified sites of a fentanyl analogue, e.g. "DE" */
    const char *core;            /**< scaffold, e.g. 4-anilidopiperidine */
    const char *source;          /**< where the row comes from */
    int64_t exact_mass_uda;      /**< monoisotopic mass in µDa; 0 where unknown */
} spectra_substance;

/** A measurement of a compound. Text is borrowed from the database and never NULL: "" where unknown. */
typedef struct spectra_entry {
    const char *accession;        /**< the record's own identifier */
    const char *name;             /**< the record's own name for the compound */
    const char *inchikey;         /**< as the record states it */
    const char *source;           /**< collection it comes from */
    const char *licence;          /**< under which it is given */
    const char *author;           /**< who measured or contributed it */
    const char *instrument_type;  /**< e.g. GC-EI-Q */
    const char *instrument;       /**< make and model */
    const char *collision_energy; /**< as the record writes it */
    const char *adduct;           /**< e.g. [M+H]+ */
    uint32_t substance;           /**< index of its substance */
    spectra_track track;          /**< kind of measurement */
    spectra_polarity polarity;    /**< of the ions */
    uint32_t precursor_uth;       /**< precursor m/z in µTh; 0 where unknown */
} spectra_entry;

/**
 * Facts of a substance.
 * @param database  open
 * @param index     from 0, below spectra_database_substance_count
 * @param out       to be filled; its text is borrowed until the database is closed
 * @return SPECTRA_OK; SPECTRA_E_NOT_FOUND beyond the last; SPECTRA_E_CORRUPT; SPECTRA_E_INVALID
 * Thread safety: any number of threads.
 */
SPECTRA_API spectra_status spectra_database_substance(const spectra_database *database, uint32_t index,
                                                      spectra_substance *out);
/**
 * Facts of an entry.
 * @param database  open
 * @param index     from 0, below spectra_database_entry_count
 * @param out       to be filled; its text is borrowed until the database is closed
 * @return SPECTRA_OK; SPECTRA_E_NOT_FOUND beyond the last; SPECTRA_E_CORRUPT; SPECTRA_E_INVALID
 * Thread safety: any number of threads.
 */
SPECTRA_API spectra_status spectra_database_entry(const spectra_database *database, uint32_t index, spectra_entry *out);

/**
 * The peaks of an entry as the database keeps them: after preparing, so without what its recipe drops and merges.
 * @param database   open
 * @param entry      from 0, below spectra_database_entry_count
 * @param mz         room for `capacity` m/z in Th, ascending; EI: whole numbers
 * @param intensity  room for `capacity` intensities, as shares of the strongest peak, from 0 to 1
 * @param capacity   0 asks for the number alone
 * @param count      peaks that the entry has, at most 65535; above `capacity` the rest is not filled
 * @return SPECTRA_OK; SPECTRA_E_NOT_FOUND beyond the last entry; SPECTRA_E_UNSUPPORTED where an older version built the
 *         database and kept no intensities of accurate masses; SPECTRA_E_CORRUPT; SPECTRA_E_INVALID
 * Thread safety: any number of threads.
 */
SPECTRA_API spectra_status spectra_database_peaks(const spectra_database *database, uint32_t entry, double *mz,
                                                  double *intensity, size_t capacity, size_t *count);

/** One section of the file, for listing. */
typedef struct spectra_section {
    char name[24];             /**< what it holds, NUL-terminated */
    uint64_t offset;           /**< in bytes from the start of the file */
    uint64_t size;             /**< in bytes */
    uint64_t count;            /**< of elements */
    uint32_t version;          /**< of its layout */
    spectra_track track;       /**< UNKNOWN where it belongs to the whole file */
    spectra_polarity polarity; /**< UNKNOWN where it belongs to the whole file */
    uint32_t reserved;         /**< 0 */
} spectra_section;

/**
 * Number of sections.
 * @param database  open, not NULL
 * @return a count
 * Thread safety: any number of threads.
 */
SPECTRA_API uint32_t spectra_database_section_count(const spectra_database *database);
/**
 * A section, in the order of the file.
 * @param database  open
 * @param index     from 0, below spectra_database_section_count
 * @param out       to be filled
 * @return SPECTRA_OK; SPECTRA_E_NOT_FOUND beyond the last; SPECTRA_E_INVALID
 * Thread safety: any number of threads.
 */
SPECTRA_API spectra_status spectra_database_section(const spectra_database *database, uint32_t index,
                                                    spectra_section *out);

/* Building. A builder belongs to one thread. The same input in the same order gives the same bytes on any machine. */

/** A database in the making. It belongs to one thread. */
typedef struct spectra_builder spectra_builder;

/**
 * Starts a builder.
 * @param out        yours: free it with spectra_builder_free. NULL unless SPECTRA_OK
 * @param allocator  NULL for the C library's; must outlive the builder
 * @return SPECTRA_OK, SPECTRA_E_MEMORY, SPECTRA_E_INVALID
 * Thread safety: any number of threads.
 */
SPECTRA_API spectra_status spectra_builder_create(spectra_builder **out, const spectra_allocator *allocator);
/**
 * Frees a builder, and the bytes it has written into memory.
 * @param builder  NULL is fine
 * Thread safety: one thread at a time for each builder.
 */
SPECTRA_API void spectra_builder_free(spectra_builder *builder);

/** Which sets of accurate masses are written with postings, which find candidates without comparing with every
    spectrum. */
typedef int32_t spectra_postings;
enum {
    SPECTRA_POSTINGS_DEFAULT = 0, /**< those of 4096 spectra and more */
    SPECTRA_POSTINGS_NEVER = 1,   /**< none: the smallest file */
    SPECTRA_POSTINGS_ALWAYS = 2   /**< all */
};

/** What a builder can be told. Zero in a field means the default. */
typedef struct spectra_builder_options {
    uint32_t size;             /**< sizeof(spectra_builder_options); a later version may be larger by what is zero */
    spectra_postings postings; /**< which sets have them */
    uint32_t loss_postings;    /**< 1: MS/MS has them for hybrid searches, too: by m/z and by neutral loss */
} spectra_builder_options;

/**
 * Sets the options of what is written from now on.
 * @param builder  to be told
 * @param options  copied
 * @param error    nullable
 * @return SPECTRA_OK; SPECTRA_E_INVALID (unknown or contradictory)
 * Thread safety: one thread at a time for each builder.
 */
SPECTRA_API spectra_status spectra_builder_set_options(spectra_builder *builder, const spectra_builder_options *options,
                                                       spectra_error *error);

/**
 * Adds a compound. Compounds are told apart by the first block of the InChIKey plus formula, else by name: the first
 * row for a compound stays, a later one fills only what it left empty. An InChIKey without formula means the one
 * formula that its block is known with, if it is one; no InChIKey means the substance that has this name (case aside),
 * if only one has. Spectra join by the same rules; those whose compound no row names get a substance of their own, with
 * the class and sites their record states, else those of the first known compound with the same block.
 * Call it before adding spectra.
 * @param builder    to add to
 * @param substance  its text is copied; NULL counts as empty, a mass of 0 is taken from the formula
 * @param error      nullable
 * @return SPECTRA_OK, SPECTRA_E_MEMORY, SPECTRA_E_INVALID (neither InChIKey nor name), SPECTRA_E_LIMIT
 * Thread safety: one thread at a time for each builder.
 */
SPECTRA_API spectra_status spectra_builder_add_substance(spectra_builder *builder, const spectra_substance *substance,
                                                         spectra_error *error);

/**
 * Adds every row of a substances table (tab-separated, header line; reference-spectra/substances.tsv describes the
 * columns). Rows before one that is refused stay.
 * @param builder  to add to
 * @param path     UTF-8
 * @param error    nullable
 * @return as spectra_builder_add_substance; SPECTRA_E_FORMAT with the line; SPECTRA_E_IO
 * Thread safety: one thread at a time for each builder.
 */
SPECTRA_API spectra_status spectra_builder_add_substances_table(spectra_builder *builder, const char *path,
                                                                spectra_error *error);

/**
 * Adds what is known of families of compounds: families.tsv, sites.tsv, fragments.tsv, deltas.tsv, intensities.tsv,
 * backgrounds.tsv and parameters.tsv of a folder (reference-spectra/knowledge describes their columns). Knowledge that
 * was added before is replaced; after a failure the builder has none.
 * @param builder  to add to
 * @param folder   UTF-8
 * @param error    nullable
 * @return SPECTRA_OK; SPECTRA_E_FORMAT with the line of the table; SPECTRA_E_IO; SPECTRA_E_LIMIT; SPECTRA_E_MEMORY;
 *         SPECTRA_E_INVALID
 * Thread safety: one thread at a time for each builder.
 */
SPECTRA_API spectra_status spectra_builder_add_knowledge(spectra_builder *builder, const char *folder,
                                                         spectra_error *error);

/**
 * Adds a spectrum to the track that its record tells, or to `track` where it does not tell.
 * @param builder   to add to
 * @param spectrum  raw; what is needed of it is copied
 * @param track     SPECTRA_TRACK_UNKNOWN: only what the record tells
 * @param error     nullable
 * @return SPECTRA_OK; SPECTRA_E_INVALID where no track is known, the polarity of a spectrum other than EI is not, or
 *         neither InChIKey nor name is: the spectrum is left out and the error says why; SPECTRA_E_LIMIT (more than
 *         65535 peaks after preparation, among others); SPECTRA_E_MEMORY. The builder is unchanged unless SPECTRA_OK.
 * Thread safety: one thread at a time for each builder.
 */
SPECTRA_API spectra_status spectra_builder_add_spectrum(spectra_builder *builder, const spectra_spectrum *spectrum,
                                                        spectra_track track, spectra_error *error);

/**
 * Writes the database: to a temporary file beside `path`, synced, then renamed over it. Whatever fails, the old
 * file or the whole new one is at `path`, and success is told only of a new one that is safe on the disk.
 * @param builder  may be added to and written again
 * @param path     UTF-8
 * @param error    nullable
 * @return SPECTRA_OK, SPECTRA_E_IO, SPECTRA_E_MEMORY, SPECTRA_E_LIMIT, SPECTRA_E_INVALID
 * Thread safety: one thread at a time for each builder.
 */
SPECTRA_API spectra_status spectra_builder_write(spectra_builder *builder, const char *path, spectra_error *error);

/**
 * Writes the database into memory of the builder's allocator.
 * @param builder  may be added to and written again
 * @param bytes    aligned for spectra_database_open_memory; borrowed until the builder changes or goes
 * @param size     of them
 * @param error    nullable
 * @return SPECTRA_OK, SPECTRA_E_MEMORY, SPECTRA_E_LIMIT, SPECTRA_E_INVALID
 * Thread safety: one thread at a time for each builder.
 */
SPECTRA_API spectra_status spectra_builder_write_memory(spectra_builder *builder, const void **bytes, size_t *size,
                                                        spectra_error *error);

#ifdef __cplusplus
}
#endif
#endif
