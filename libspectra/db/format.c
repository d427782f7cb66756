/* SPDX-License-Identifier: Apache-2.0 */
/* Kinds of section and peak sets as tables, and the digests that cover a file. Works on plain bytes. */
#include "db/format.h"

#include <assert.h>
#include <string.h>

const db_group db_groups[DB_GROUP_COUNT] = {
    {SPECTRA_TRACK_EI, SPECTRA_POLARITY_POSITIVE, DB_SET_NOMINAL},
    {SPECTRA_TRACK_MSMS, SPECTRA_POLARITY_POSITIVE, DB_SET_WINDOWED},
    {SPECTRA_TRACK_MSMS, SPECTRA_POLARITY_POSITIVE, DB_SET_OPEN},
    {SPECTRA_TRACK_MSMS, SPECTRA_POLARITY_NEGATIVE, DB_SET_WINDOWED},
    {SPECTRA_TRACK_MSMS, SPECTRA_POLARITY_NEGATIVE, DB_SET_OPEN},
    {SPECTRA_TRACK_INSOURCE, SPECTRA_POLARITY_POSITIVE, DB_SET_OPEN},
    {SPECTRA_TRACK_INSOURCE, SPECTRA_POLARITY_POSITIVE, DB_SET_FINE},
    {SPECTRA_TRACK_INSOURCE, SPECTRA_POLARITY_NEGATIVE, DB_SET_OPEN},
    {SPECTRA_TRACK_INSOURCE, SPECTRA_POLARITY_NEGATIVE, DB_SET_FINE},
};

static const db_kind kinds[] = {
    {DB_KIND_STRINGS, DB_SCOPE_FILE, DB_SLOT_STRINGS, 0, 0, "strings"},
    {DB_KIND_SUBSTANCES, DB_SCOPE_FILE, DB_SLOT_SUBSTANCES, 0, DB_SUBSTANCE_ROW_SIZE, "substances"},
    {DB_KIND_ENTRIES, DB_SCOPE_FILE, DB_SLOT_ENTRIES, 0, DB_ENTRY_ROW_SIZE, "entries"},
    {DB_KIND_CALIBRATION, DB_SCOPE_FILE, DB_SLOT_CALIBRATION, DB_SECTION_OPTIONAL, DB_CALIBRATION_ROW_SIZE,
     "calibration"},
    {DB_KIND_FAMILIES, DB_SCOPE_FILE, DB_SLOT_FAMILIES, DB_SECTION_OPTIONAL, DB_FAMILY_ROW_SIZE, "families"},
    {DB_KIND_SITES, DB_SCOPE_FILE, DB_SLOT_SITES, DB_SECTION_OPTIONAL, DB_SITE_ROW_SIZE, "sites"},
    {DB_KIND_FRAGMENTS, DB_SCOPE_FILE, DB_SLOT_FRAGMENTS, DB_SECTION_OPTIONAL, DB_FRAGMENT_ROW_SIZE, "fragments"},
    {DB_KIND_DELTAS, DB_SCOPE_FILE, DB_SLOT_DELTAS, DB_SECTION_OPTIONAL, DB_DELTA_ROW_SIZE, "deltas"},
    {DB_KIND_INTENSITIES, DB_SCOPE_FILE, DB_SLOT_INTENSITIES, DB_SECTION_OPTIONAL, DB_SHARES_ROW_SIZE, "intensities"},
    {DB_KIND_BACKGROUNDS, DB_SCOPE_FILE, DB_SLOT_BACKGROUNDS, DB_SECTION_OPTIONAL, DB_SHARES_ROW_SIZE, "backgrounds"},
    {DB_KIND_PARAMETERS, DB_SCOPE_FILE, DB_SLOT_PARAMETERS, DB_SECTION_OPTIONAL, DB_PARAMETER_ROW_SIZE, "parameters"},
    {DB_KIND_RECIPE, DB_SCOPE_SET, DB_SLOT_RECIPE, 0, DB_RECIPE_ROW_SIZE, "recipe"},
    {DB_KIND_NOMINAL_INDEX, DB_SCOPE_NOMINAL, DB_SLOT_INDEX, 0, DB_NOMINAL_ROW_SIZE, "index"},
    {DB_KIND_NOMINAL_MZ, DB_SCOPE_NOMINAL, DB_SLOT_MZ, 0, 2, "m/z"},
    {DB_KIND_ROOT, DB_SCOPE_NOMINAL, DB_SLOT_WEIGHT, 0, 2, "root"},
    {DB_KIND_WEIGHTED, DB_SCOPE_NOMINAL, DB_SLOT_WEIGHTED, 0, 2, "weighted"},
    {DB_KIND_ACCURATE_INDEX, DB_SCOPE_ACCURATE, DB_SLOT_INDEX, 0, DB_ACCURATE_ROW_SIZE, "index"},
    {DB_KIND_ACCURATE_MZ, DB_SCOPE_ACCURATE, DB_SLOT_MZ, 0, 4, "m/z"},
    {DB_KIND_WEIGHT, DB_SCOPE_ACCURATE, DB_SLOT_WEIGHT, 0, 2, "weight"},
    {DB_KIND_ACCURATE_ROOT, DB_SCOPE_ACCURATE, DB_SLOT_ACCURATE_ROOT, DB_SECTION_OPTIONAL, 2, "root"},
    {DB_KIND_POSTINGS, DB_SCOPE_ACCURATE, DB_SLOT_POSTINGS, DB_SECTION_OPTIONAL, DB_POSTING_ROW_SIZE, "postings"},
    {DB_KIND_POSTING_CELLS, DB_SCOPE_ACCURATE, DB_SLOT_POSTING_CELLS, DB_SECTION_OPTIONAL, DB_CELL_ROW_SIZE,
     "posting cells"},
    {DB_KIND_POSTING_BLOCKS, DB_SCOPE_ACCURATE, DB_SLOT_POSTING_BLOCKS, DB_SECTION_OPTIONAL, DB_BLOCK_ROW_SIZE,
     "posting blocks"},
    {DB_KIND_LOSS_POSTINGS, DB_SCOPE_WINDOWED, DB_SLOT_LOSS_POSTINGS, DB_SECTION_OPTIONAL, DB_POSTING_ROW_SIZE,
     "loss postings"},
    {DB_KIND_LOSS_CELLS, DB_SCOPE_WINDOWED, DB_SLOT_LOSS_CELLS, DB_SECTION_OPTIONAL, DB_CELL_ROW_SIZE, "loss cells"},
    {DB_KIND_LOSS_BLOCKS, DB_SCOPE_WINDOWED, DB_SLOT_LOSS_BLOCKS, DB_SECTION_OPTIONAL, DB_BLOCK_ROW_SIZE,
     "loss blocks"},
};
#define KIND_COUNT (sizeof kinds / sizeof kinds[0])

uint32_t db_group_of(spectra_track track, spectra_polarity polarity, int set) {
    uint32_t i = 0;
    while (i < DB_GROUP_COUNT &&
           (db_groups[i].track != track || db_groups[i].polarity != polarity || db_groups[i].set != set))
        i++;
    return i;
}

const db_kind *db_kind_of(uint16_t kind) {
    for (size_t i = 0; i < KIND_COUNT; i++)
        if (kinds[i].kind == kind) return &kinds[i];
    return NULL;
}

const db_kind *db_kind_of_file(uint32_t slot) {
    const db_kind *kind = kinds; /* those of the file stand first */
    while (kind->slot != slot) kind++;
    assert(kind->scope == DB_SCOPE_FILE);
    return kind;
}

const db_kind *db_kind_in_set(const db_group *group, uint32_t slot) {
    uint8_t form = group->set == DB_SET_NOMINAL ? DB_SCOPE_NOMINAL : DB_SCOPE_ACCURATE;
    for (size_t i = 0; i < KIND_COUNT; i++) {
        uint8_t scope = kinds[i].scope;
        bool belongs =
            scope == form || scope == DB_SCOPE_SET || (scope == DB_SCOPE_WINDOWED && group->set == DB_SET_WINDOWED);
        if (kinds[i].slot == slot && belongs) return &kinds[i];
    }
    return NULL;
}

uint32_t db_measured_bit(spectra_track track, spectra_polarity polarity) {
    if (track < SPECTRA_TRACK_EI || track > SPECTRA_TRACK_INSOURCE) return 0;
    if (polarity < SPECTRA_POLARITY_POSITIVE || polarity > SPECTRA_POLARITY_NEGATIVE) return 0;
    return 1u << (2 * (track - SPECTRA_TRACK_EI) + (polarity - SPECTRA_POLARITY_POSITIVE));
}

uint64_t db_align(uint64_t offset) {
    return (offset + DB_SECTION_ALIGNMENT - 1) / DB_SECTION_ALIGNMENT * DB_SECTION_ALIGNMENT;
}

uint64_t db_block_count(uint64_t digest_offset) {
    assert(digest_offset >= DB_HEADER_SIZE);
    uint64_t size = digest_offset - DB_HEADER_SIZE;
    return size / DB_BLOCK_SIZE + (size % DB_BLOCK_SIZE != 0);
}

void db_block_digest(uint8_t digest[BASE_DIGEST_SIZE], const uint8_t *file, uint64_t digest_offset, uint64_t i) {
    assert(i < db_block_count(digest_offset));
    uint64_t start = DB_HEADER_SIZE + i * DB_BLOCK_SIZE;
    uint64_t left = digest_offset - start;
    base_digest_of(file + start, (size_t)(left < DB_BLOCK_SIZE ? left : DB_BLOCK_SIZE), digest);
}

void db_root_digest(uint8_t digest[BASE_DIGEST_SIZE], const uint8_t *header, const uint8_t *digests, uint64_t count) {
    static const uint8_t zero[BASE_DIGEST_SIZE] = {0};
    base_digest state;
    base_digest_init(&state);
    base_digest_add(&state, header, DB_HEADER_ROOT);
    base_digest_add(&state, zero, sizeof zero);
    base_digest_add(&state, digests, (size_t)count * BASE_DIGEST_SIZE);
    base_digest_finish(&state, digest);
}
