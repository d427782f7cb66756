/* SPDX-License-Identifier: Apache-2.0 */
/* The bytes of a database file as docs/FORMAT.md gives them: sizes, offsets, kinds of section. Reader, verifier and
   builder share them; nothing here opens or allocates anything. */
#ifndef DB_FORMAT_H
#define DB_FORMAT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/digest.h"
#include "db/db.h"

/* Header. */
#define DB_MAGIC "\x89SPD\r\n\x1a\n"
#define DB_MAGIC_SIZE 8u
#define DB_MAJOR 0u
#define DB_MINOR 0u
#define DB_HEADER_SIZE 256u
#define DB_BLOCK_SIZE 65536u
#define DB_SECTION_ALIGNMENT 64u
enum {
    DB_HEADER_MAJOR = 8,
    DB_HEADER_MINOR = 10,
    DB_HEADER_SECTION_COUNT = 12,
    DB_HEADER_FILE_SIZE = 16,
    DB_HEADER_DIGEST_OFFSET = 24,
    DB_HEADER_BLOCK_SIZE = 32,
    DB_HEADER_RESERVED = 36,
    DB_HEADER_ROOT = 224
};

/* Section table: one row each, right behind the header. */
#define DB_SECTION_ROW_SIZE 32u
#define DB_SECTION_OPTIONAL 1u
#define DB_SECTION_VERSION 1u
enum {
    DB_SECTION_KIND = 0,
    DB_SECTION_VERSION_FIELD = 2,
    DB_SECTION_TRACK = 4,
    DB_SECTION_POLARITY = 5,
    DB_SECTION_SET = 6,
    DB_SECTION_FLAGS = 7,
    DB_SECTION_OFFSET = 8,
    DB_SECTION_SIZE = 16,
    DB_SECTION_COUNT = 24
};

enum {
    DB_KIND_STRINGS = 0x01,
    DB_KIND_SUBSTANCES = 0x02,
    DB_KIND_ENTRIES = 0x03,
    DB_KIND_FAMILIES = 0x04,
    DB_KIND_SITES = 0x05,
    DB_KIND_FRAGMENTS = 0x06,
    DB_KIND_DELTAS = 0x07,
    DB_KIND_INTENSITIES = 0x08,
    DB_KIND_BACKGROUNDS = 0x09,
    DB_KIND_PARAMETERS = 0x0a,
    DB_KIND_RECIPE = 0x10,
    DB_KIND_NOMINAL_INDEX = 0x11,
    DB_KIND_NOMINAL_MZ = 0x12,
    DB_KIND_ROOT = 0x13,
    DB_KIND_WEIGHTED = 0x14,
    DB_KIND_ACCURATE_INDEX = 0x21,
    DB_KIND_ACCURATE_MZ = 0x22,
    DB_KIND_WEIGHT = 0x23,
    DB_KIND_ACCURATE_ROOT = 0x24,
    DB_KIND_POSTINGS = 0x30,
    DB_KIND_POSTING_CELLS = 0x31,
    DB_KIND_POSTING_BLOCKS = 0x32,
    DB_KIND_LOSS_POSTINGS = 0x38,
    DB_KIND_LOSS_CELLS = 0x39,
    DB_KIND_LOSS_BLOCKS = 0x3a,
    DB_KIND_CALIBRATION = 0x41
};

/* Substance row: eight string references, then the rest. */
enum {
    DB_SUBSTANCE_NAME,
    DB_SUBSTANCE_INCHIKEY,
    DB_SUBSTANCE_FORMULA,
    DB_SUBSTANCE_SMILES,
    DB_SUBSTANCE_CLASS,
    DB_SUBSTANCE_SITES,
    DB_SUBSTANCE_CORE,
    DB_SUBSTANCE_SOURCE,
    DB_SUBSTANCE_TEXTS
};
#define DB_SUBSTANCE_ROW_SIZE 48u
enum { DB_SUBSTANCE_EXACT_MASS = 32, DB_SUBSTANCE_MEASURED = 40, DB_SUBSTANCE_RESERVED = 44 };

/* Entry row: ten string references, then the rest. */
enum {
    DB_ENTRY_ACCESSION,
    DB_ENTRY_NAME,
    DB_ENTRY_INCHIKEY,
    DB_ENTRY_SOURCE,
    DB_ENTRY_LICENCE,
    DB_ENTRY_AUTHOR,
    DB_ENTRY_INSTRUMENT_TYPE,
    DB_ENTRY_INSTRUMENT,
    DB_ENTRY_COLLISION_ENERGY,
    DB_ENTRY_ADDUCT,
    DB_ENTRY_TEXTS
};
#define DB_ENTRY_ROW_SIZE 52u
enum {
    DB_ENTRY_SUBSTANCE = 40,
    DB_ENTRY_PRECURSOR = 44,
    DB_ENTRY_TRACK = 48,
    DB_ENTRY_POLARITY = 49,
    DB_ENTRY_RESERVED = 50
};

/* Calibration row: what it belongs to, what it was fitted from, and two times three coefficients. */
#define DB_CALIBRATION_ROW_SIZE 48u
enum {
    DB_CALIBRATION_TRACK = 0,
    DB_CALIBRATION_POLARITY = 1,
    DB_CALIBRATION_RESERVED = 2,
    DB_CALIBRATION_QUERIES = 4,
    DB_CALIBRATION_LEAST_PEAKS = 8,
    DB_CALIBRATION_LEAST_SCORE = 12,
    DB_CALIBRATION_STRUCTURE = 16,
    DB_CALIBRATION_GROUP = 28,
    DB_CALIBRATION_RESERVED_END = 40
};
/* Knowledge rows. */
#define DB_FAMILY_ROW_SIZE 40u
enum {
    DB_FAMILY_NAME = 0,
    DB_FAMILY_MEMBERS = 4,
    DB_FAMILY_PARENT = 8,
    DB_FAMILY_FORMULA = 12,
    DB_FAMILY_MASS = 16,
    DB_FAMILY_NOMINAL = 24,
    DB_FAMILY_FIRST_SITE = 28,
    DB_FAMILY_SITE_COUNT = 32,
    DB_FAMILY_RESERVED = 36
};
#define DB_SITE_ROW_SIZE 24u
enum {
    DB_SITE_FAMILY = 0,
    DB_SITE_CODE = 4,
    DB_SITE_LABEL = 8,
    DB_SITE_WORDS = 12,
    DB_SITE_WEIGHT = 16,
    DB_SITE_RESERVED = 20
};
#define DB_FRAGMENT_ROW_SIZE 32u
enum {
    DB_FRAGMENT_FAMILY = 0,
    DB_FRAGMENT_TRACK = 4,
    DB_FRAGMENT_LABEL = 8,
    DB_FRAGMENT_MZ = 12,
    DB_FRAGMENT_KEPT = 16,
    DB_FRAGMENT_WEIGHT = 20,
    DB_FRAGMENT_GROUP = 24,
    DB_FRAGMENT_RESERVED = 28
};
#define DB_DELTA_ROW_SIZE 40u
enum {
    DB_DELTA_FAMILY = 0,
    DB_DELTA_TRACK = 4,
    DB_DELTA_SITES = 8,
    DB_DELTA_FORMULA = 12,
    DB_DELTA_MASS = 16,
    DB_DELTA_COST = 24,
    DB_DELTA_FLAGS = 28,
    DB_DELTA_RESERVED = 32
};
#define DB_DELTA_ISOTOPOLOGUE 1u
/* Shares of eight classes of intensity follow at the same place in both rows. */
#define DB_SHARES_ROW_SIZE 40u
enum {
    DB_INTENSITY_FRAGMENT = 0,
    DB_INTENSITY_RESERVED = 4,
    DB_BACKGROUND_FAMILY = 0,
    DB_BACKGROUND_MZ = 4,
    DB_BACKGROUND_SET = 6,
    DB_SHARES = 8
};
#define DB_BACKGROUND_OTHERS 1u
#define DB_PARAMETER_ROW_SIZE 24u
enum {
    DB_PARAMETER_FAMILY = 0,
    DB_PARAMETER_TRACK = 4,
    DB_PARAMETER_NAME = 8,
    DB_PARAMETER_RESERVED = 12,
    DB_PARAMETER_VALUE = 16
};

#define DB_RECIPE_ROW_SIZE 24u
enum {
    DB_RECIPE_KIND = 0,
    DB_RECIPE_PRECURSOR_MARGIN = 4,
    DB_RECIPE_NOISE = 8,
    DB_RECIPE_MERGE_GAP = 12,
    DB_RECIPE_FINGERPRINT = 16
};

/* Index rows of both forms begin alike. */
#define DB_NOMINAL_ROW_SIZE 32u
#define DB_ACCURATE_ROW_SIZE 16u
enum {
    DB_INDEX_ENTRY = 0,
    DB_INDEX_FIRST_PEAK = 4,
    DB_NOMINAL_FIRST_MZ = 8,
    DB_NOMINAL_SMALLEST_ROOT = 10,
    DB_NOMINAL_RESERVED = 12,
    DB_NOMINAL_ROOT_NORM = 16,
    DB_NOMINAL_WEIGHTED_NORM = 24,
    DB_ACCURATE_PRECURSOR = 8,
    DB_ACCURATE_RESERVED = 12
};
#define DB_SPECTRUM_MAX_PEAKS 65535u
#define DB_MAX_NOMINAL 4095u

/* The peak sets a file may have: what is measured alike and prepared alike. In file order. */
#define DB_GROUP_COUNT 9u
typedef struct db_group {
    uint8_t track;
    uint8_t polarity;
    uint8_t set;
} db_group;
extern const db_group db_groups[DB_GROUP_COUNT];

/* Index into db_groups, or DB_GROUP_COUNT where there is no such set. */
uint32_t db_group_of(spectra_track track, spectra_polarity polarity, int set);

#define DB_POSTING_ROW_SIZE 4u
#define DB_CELL_ROW_SIZE 4u
#define DB_BLOCK_ROW_SIZE 8u
enum { DB_BLOCK_FIRST_CELL = 0, DB_BLOCK_FIRST_OFFSET = 4 };

/* What a known kind of section belongs to: the file, every peak set, the sets of one form, or the windowed sets. */
enum { DB_SCOPE_FILE, DB_SCOPE_SET, DB_SCOPE_NOMINAL, DB_SCOPE_ACCURATE, DB_SCOPE_WINDOWED };

/* Where its view stands in an open database: by slot among the file's, by slot among a set's. What a file must have
   comes first; calibration and knowledge may be missing. */
enum {
    DB_SLOT_STRINGS,
    DB_SLOT_SUBSTANCES,
    DB_SLOT_ENTRIES,
    DB_REQUIRED_SLOTS,
    DB_SLOT_CALIBRATION = DB_REQUIRED_SLOTS,
    DB_SLOT_FAMILIES,
    DB_SLOT_SITES,
    DB_SLOT_FRAGMENTS,
    DB_SLOT_DELTAS,
    DB_SLOT_INTENSITIES,
    DB_SLOT_BACKGROUNDS,
    DB_SLOT_PARAMETERS,
    DB_FILE_SLOTS
};
#define DB_KNOWLEDGE_SLOTS ((uint32_t)DB_FILE_SLOTS - (uint32_t)DB_SLOT_FAMILIES)
enum {
    DB_SLOT_RECIPE,
    DB_SLOT_INDEX,
    DB_SLOT_MZ,
    DB_SLOT_WEIGHT,        /* root in a nominal set */
    DB_SLOT_WEIGHTED,      /* nominal sets */
    DB_SLOT_ACCURATE_ROOT, /* the others; older files lack it */
    DB_SLOT_POSTINGS,      /* not of nominal sets, from here on: three for each key */
    DB_SLOT_POSTING_CELLS,
    DB_SLOT_POSTING_BLOCKS,
    DB_SLOT_LOSS_POSTINGS,
    DB_SLOT_LOSS_CELLS,
    DB_SLOT_LOSS_BLOCKS,
    DB_SET_SLOTS
};

typedef struct db_kind {
    uint16_t kind;
    uint8_t scope;
    uint8_t slot;
    uint8_t flags;     /* of its row in the section table */
    uint32_t row_size; /* bytes; 0 where rows differ in size */
    const char *name;
} db_kind;

/* NULL for a kind that this version does not know. */
const db_kind *db_kind_of(uint16_t kind);
/* The kind that fills a slot of the file. */
const db_kind *db_kind_of_file(uint32_t slot);
/* The kind that fills a set's slot, or NULL where the set has no such section. */
const db_kind *db_kind_in_set(const db_group *group, uint32_t slot);

/* Bit of the substance row's mask of what was measured; 0 for a track or polarity that is none. */
uint32_t db_measured_bit(spectra_track track, spectra_polarity polarity);

/* The next section boundary: offset itself or the first multiple of 64 above. */
uint64_t db_align(uint64_t offset);
/* Digest blocks that cover [DB_HEADER_SIZE, digest_offset). */
uint64_t db_block_count(uint64_t digest_offset);
/* SHA-256 of block i of the bytes before digest_offset. */
void db_block_digest(uint8_t digest[BASE_DIGEST_SIZE], const uint8_t *file, uint64_t digest_offset, uint64_t i);
/* SHA-256 over the header with its root field zero, then the digests of the blocks. */
void db_root_digest(uint8_t digest[BASE_DIGEST_SIZE], const uint8_t *header, const uint8_t *digests, uint64_t count);

#endif
