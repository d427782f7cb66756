/* SPDX-License-Identifier: Apache-2.0 */
/* Knowledge on its way into a database: seven tables of a folder, each row at once as the bytes of the file. */
#include <string.h>

#include "base/bytes.h"
#include "base/error.h"
#include "base/numbers.h"
#include "chem/chem.h"
#include "db/builder.h"
#include "db/knowledge.h"
#include "io/table.h"

#define MAX_PATH_SIZE 4096u
/* No figure of a table is larger. */
#define MAX_FIGURE 1e6

/* A table being read: the row is zero but for what the row's function fills in. */
typedef struct knowledge_row {
    spectra_builder *builder;
    const io_table *table;
    uint8_t *bytes;
    spectra_error *error;
} knowledge_row;

static spectra_status refuse(const knowledge_row *row, const char *column) {
    base_place place = {row->table->line, row->table->offset};
    return base_fail(row->error, SPECTRA_E_FORMAT, place, "\"%s\" cannot stand in the column %s",
                     io_table_cell(row->table, column), (const char *)column);
}

static base_vector *rows_of(spectra_builder *builder, uint32_t slot) {
    return &builder->knowledge[slot - DB_SLOT_FAMILIES];
}

static uint8_t *row_at(spectra_builder *builder, uint32_t slot, size_t i) {
    base_vector *rows = rows_of(builder, slot);
    return (uint8_t *)rows->data + i * rows->element_size;
}

static void put_text(const knowledge_row *row, size_t at, const char *column) {
    base_put32(row->bytes + at, db_words_reference(&row->builder->strings, io_table_cell(row->table, column)));
}

/* A decimal number in millionths; an empty cell is 0. */
static bool read_millionths(int64_t *value, const knowledge_row *row, const char *column) {
    const char *text = io_table_cell(row->table, column);
    base_cursor cursor = base_cursor_over(text, strlen(text));
    double number = 0;
    if (*text && (!base_parse_double(&cursor, &number) || !base_cursor_at_end(&cursor))) return false;
    if (!(number >= -MAX_FIGURE && number <= MAX_FIGURE)) return false;
    *value = base_micro(number);
    return true;
}

/* The same where nothing below 0 makes sense. */
static bool put_millionths(const knowledge_row *row, size_t at, const char *column) {
    int64_t value;
    if (!read_millionths(&value, row, column) || value < 0 || value > UINT32_MAX) return false;
    base_put32(row->bytes + at, (uint32_t)value);
    return true;
}

static bool read_whole(uint64_t *value, const knowledge_row *row, const char *column, uint64_t most) {
    const char *text = io_table_cell(row->table, column);
    base_cursor cursor = base_cursor_over(text, strlen(text));
    return base_parse_unsigned(&cursor, value) && base_cursor_at_end(&cursor) && *value <= most;
}

/* The family that a row names; false where there is none of that name. */
static bool find_family(uint32_t *family, const knowledge_row *row) {
    const char *name = io_table_cell(row->table, "family");
    for (uint32_t i = 0; i < rows_of(row->builder, DB_SLOT_FAMILIES)->count; i++) {
        uint32_t known = base_get32(row_at(row->builder, DB_SLOT_FAMILIES, i) + DB_FAMILY_NAME);
        *family = i;
        if (strcmp(db_words_text(&row->builder->strings, known), name) == 0) return true;
    }
    return false;
}

static bool put_track(const knowledge_row *row, size_t at) {
    static const char *const words[] = {"", "ei", "msms", "insource"};
    const char *cell = io_table_cell(row->table, "track");
    for (uint32_t track = 0; track < sizeof words / sizeof *words; track++) {
        if (strcmp(words[track], cell) != 0) continue;
        base_put32(row->bytes + at, track);
        return true;
    }
    return false;
}

/* The sites that a cell names by their codes, as bits in the order of the family's sites. */
static bool read_sites(uint32_t *mask, const knowledge_row *row, uint32_t family, const char *column) {
    const uint8_t *about = row_at(row->builder, DB_SLOT_FAMILIES, family);
    uint32_t first = base_get32(about + DB_FAMILY_FIRST_SITE), count = base_get32(about + DB_FAMILY_SITE_COUNT);
    *mask = 0;
    for (const char *code = io_table_cell(row->table, column); *code; code++) {
        uint32_t i = 0;
        while (i < count &&
               db_words_text(&row->builder->strings,
                             base_get32(row_at(row->builder, DB_SLOT_SITES, first + i) + DB_SITE_CODE))[0] != *code)
            i++;
        if (i == count) return false;
        *mask |= 1u << i;
    }
    return true;
}

static spectra_status family_row(const knowledge_row *row) {
    uint32_t known;
    chem_formula formula;
    const char *text = io_table_cell(row->table, "formula");
    if (!*io_table_cell(row->table, "family") || find_family(&known, row)) return refuse(row, "family");
    if (*text && !chem_formula_parse(&formula, text)) return refuse(row, "formula");
    put_text(row, DB_FAMILY_NAME, "family");
    put_text(row, DB_FAMILY_MEMBERS, "members");
    put_text(row, DB_FAMILY_PARENT, "parent");
    put_text(row, DB_FAMILY_FORMULA, "formula");
    if (!*text) return SPECTRA_OK;
    base_put64(row->bytes + DB_FAMILY_MASS, (uint64_t)chem_monoisotopic_uda(&formula));
    base_put32(row->bytes + DB_FAMILY_NOMINAL, (uint32_t)chem_nominal_da(&formula));
    return SPECTRA_OK;
}

/* Sites of a family stand together: the row counts itself in its family's. */
static spectra_status site_row(const knowledge_row *row) {
    uint32_t family, known, index = (uint32_t)rows_of(row->builder, DB_SLOT_SITES)->count;
    if (!find_family(&family, row)) return refuse(row, "family");
    uint8_t *about = row_at(row->builder, DB_SLOT_FAMILIES, family);
    uint32_t first = base_get32(about + DB_FAMILY_FIRST_SITE), count = base_get32(about + DB_FAMILY_SITE_COUNT);
    if (count > 0 && first + count != index) return refuse(row, "family");
    const char *code = io_table_cell(row->table, "site");
    if (strlen(code) != 1 || count == DB_MAX_SITES || read_sites(&known, row, family, "site"))
        return refuse(row, "site");
    if (!put_millionths(row, DB_SITE_WEIGHT, "weight")) return refuse(row, "weight");
    base_put32(row->bytes + DB_SITE_FAMILY, family);
    put_text(row, DB_SITE_CODE, "site");
    put_text(row, DB_SITE_LABEL, "label");
    put_text(row, DB_SITE_WORDS, "words");
    base_put32(about + DB_FAMILY_FIRST_SITE, index - count);
    base_put32(about + DB_FAMILY_SITE_COUNT, count + 1);
    return SPECTRA_OK;
}

static spectra_status fragment_row(const knowledge_row *row) {
    uint32_t family, kept;
    uint64_t group = 0;
    int64_t mz;
    if (!find_family(&family, row)) return refuse(row, "family");
    if (!put_track(row, DB_FRAGMENT_TRACK)) return refuse(row, "track");
    if (!read_millionths(&mz, row, "mz") || mz <= 0 || mz > UINT32_MAX) return refuse(row, "mz");
    if (!read_sites(&kept, row, family, "kept")) return refuse(row, "kept");
    if (!put_millionths(row, DB_FRAGMENT_WEIGHT, "weight")) return refuse(row, "weight");
    if (*io_table_cell(row->table, "group") && !read_whole(&group, row, "group", UINT32_MAX))
        return refuse(row, "group");
    base_put32(row->bytes + DB_FRAGMENT_FAMILY, family);
    put_text(row, DB_FRAGMENT_LABEL, "fragment");
    base_put32(row->bytes + DB_FRAGMENT_MZ, (uint32_t)mz);
    base_put32(row->bytes + DB_FRAGMENT_KEPT, kept);
    base_put32(row->bytes + DB_FRAGMENT_GROUP, (uint32_t)group);
    return SPECTRA_OK;
}

static spectra_status delta_row(const knowledge_row *row) {
    uint32_t family, sites;
    int64_t mass;
    if (!find_family(&family, row)) return refuse(row, "family");
    if (!put_track(row, DB_DELTA_TRACK)) return refuse(row, "track");
    if (!read_sites(&sites, row, family, "sites") || sites == 0) return refuse(row, "sites");
    if (!read_millionths(&mass, row, "mass")) return refuse(row, "mass");
    if (!put_millionths(row, DB_DELTA_COST, "cost")) return refuse(row, "cost");
    const char *isotopologue = io_table_cell(row->table, "isotopologue");
    if (*isotopologue && strcmp(isotopologue, "yes") != 0) return refuse(row, "isotopologue");
    base_put32(row->bytes + DB_DELTA_FAMILY, family);
    base_put32(row->bytes + DB_DELTA_SITES, sites);
    put_text(row, DB_DELTA_FORMULA, "delta");
    base_put64(row->bytes + DB_DELTA_MASS, (uint64_t)mass);
    base_put32(row->bytes + DB_DELTA_FLAGS, *isotopologue ? DB_DELTA_ISOTOPOLOGUE : 0);
    return SPECTRA_OK;
}

/* Eight shares in millionths that make up the whole. */
static spectra_status put_shares(const knowledge_row *row) {
    static const char *const columns[DB_SHARE_COUNT] = {"absent", "trace", "3", "10", "35", "110", "350", "700"};
    uint64_t share, sum = 0;
    for (size_t i = 0; i < DB_SHARE_COUNT; i++) {
        if (!read_whole(&share, row, columns[i], DB_SHARE_ONE) || share == 0) return refuse(row, columns[i]);
        base_put32(row->bytes + DB_SHARES + 4 * i, (uint32_t)share);
        sum += share;
    }
    return sum == DB_SHARE_ONE ? SPECTRA_OK : refuse(row, columns[0]);
}

/* Of the fragment with this track, m/z and kept sites. */
static spectra_status intensity_row(const knowledge_row *row) {
    uint32_t family, kept, i = 0;
    int64_t mz;
    if (!find_family(&family, row)) return refuse(row, "family");
    if (!read_millionths(&mz, row, "mz")) return refuse(row, "mz");
    if (!read_sites(&kept, row, family, "kept")) return refuse(row, "kept");
    size_t count = rows_of(row->builder, DB_SLOT_FRAGMENTS)->count;
    for (; i < count; i++) {
        const uint8_t *fragment = row_at(row->builder, DB_SLOT_FRAGMENTS, i);
        if (base_get32(fragment + DB_FRAGMENT_FAMILY) == family &&
            base_get32(fragment + DB_FRAGMENT_TRACK) == SPECTRA_TRACK_EI &&
            base_get32(fragment + DB_FRAGMENT_MZ) == mz && base_get32(fragment + DB_FRAGMENT_KEPT) == kept)
            break;
    }
    if (i == count) return refuse(row, "mz");
    base_put32(row->bytes + DB_INTENSITY_FRAGMENT, i);
    return put_shares(row);
}

static spectra_status background_row(const knowledge_row *row) {
    uint32_t family;
    uint64_t mz;
    const char *set = io_table_cell(row->table, "set");
    if (!find_family(&family, row)) return refuse(row, "family");
    if (!read_whole(&mz, row, "mz", DB_MAX_NOMINAL)) return refuse(row, "mz");
    if (strcmp(set, "members") != 0 && strcmp(set, "others") != 0) return refuse(row, "set");
    base_put32(row->bytes + DB_BACKGROUND_FAMILY, family);
    base_put16(row->bytes + DB_BACKGROUND_MZ, (uint16_t)mz);
    base_put16(row->bytes + DB_BACKGROUND_SET, strcmp(set, "others") == 0 ? DB_BACKGROUND_OTHERS : 0);
    return put_shares(row);
}

static spectra_status parameter_row(const knowledge_row *row) {
    uint32_t family;
    int64_t value;
    if (!find_family(&family, row)) return refuse(row, "family");
    if (!put_track(row, DB_PARAMETER_TRACK)) return refuse(row, "track");
    if (!*io_table_cell(row->table, "value") || !read_millionths(&value, row, "value")) return refuse(row, "value");
    base_put32(row->bytes + DB_PARAMETER_FAMILY, family);
    put_text(row, DB_PARAMETER_NAME, "parameter");
    base_put64(row->bytes + DB_PARAMETER_VALUE, (uint64_t)value);
    return SPECTRA_OK;
}

/* In the order in which they refer to each other. */
static const struct {
    const char *file;
    uint32_t slot;
    spectra_status (*fill)(const knowledge_row *row);
} tables[DB_KNOWLEDGE_SLOTS] = {
    {"families.tsv", DB_SLOT_FAMILIES, family_row},          {"sites.tsv", DB_SLOT_SITES, site_row},
    {"fragments.tsv", DB_SLOT_FRAGMENTS, fragment_row},      {"deltas.tsv", DB_SLOT_DELTAS, delta_row},
    {"intensities.tsv", DB_SLOT_INTENSITIES, intensity_row}, {"backgrounds.tsv", DB_SLOT_BACKGROUNDS, background_row},
    {"parameters.tsv", DB_SLOT_PARAMETERS, parameter_row},
};

static spectra_status add_row(spectra_builder *builder, size_t i, const io_table *table, spectra_error *error) {
    base_vector *rows = rows_of(builder, tables[i].slot);
    size_t size = 0;
    for (uint32_t k = 0; k < table->column_count; k++) size += strlen(table->cells[k]) + 1;
    spectra_status status = db_reserve_words(&builder->strings, table->column_count, size, error);
    if (status == SPECTRA_OK) status = db_reserve_row(rows, UINT32_MAX - 1, error);
    if (status < 0) return status;
    knowledge_row row = {builder, table, (uint8_t *)rows->data + rows->count * rows->element_size, error};
    memset(row.bytes, 0, rows->element_size);
    status = tables[i].fill(&row);
    if (status == SPECTRA_OK) rows->count++;
    return status;
}

static spectra_status add_table(spectra_builder *builder, size_t i, const char *folder, spectra_error *error) {
    char path[MAX_PATH_SIZE];
    base_text text;
    base_text_init(&text, path, sizeof path);
    base_text_string(&text, folder);
    base_text_string(&text, "/");
    base_text_string(&text, tables[i].file);
    if (text.cut) return base_fail(error, SPECTRA_E_LIMIT, BASE_NO_PLACE, "the path of %s is too long", tables[i].file);
    io_table table;
    spectra_status status = io_table_open(&table, path, builder->allocator, error);
    while (status == SPECTRA_OK) {
        status = io_table_next(&table, error);
        if (status == SPECTRA_OK) status = add_row(builder, i, &table, error);
    }
    io_table_close(&table);
    return status == SPECTRA_END ? SPECTRA_OK : status;
}

static void forget(spectra_builder *builder) {
    for (uint32_t i = 0; i < DB_KNOWLEDGE_SLOTS; i++) builder->knowledge[i].count = 0;
}

spectra_status spectra_builder_add_knowledge(spectra_builder *builder, const char *folder, spectra_error *error) {
    if (!builder || !folder)
        return base_fail(error, SPECTRA_E_INVALID, BASE_NO_PLACE, "there is no folder of knowledge to add");
    db_builder_changes(builder);
    forget(builder);
    spectra_status status = SPECTRA_OK;
    for (size_t i = 0; status == SPECTRA_OK && i < DB_KNOWLEDGE_SLOTS; i++)
        status = add_table(builder, i, folder, error);
    if (status < 0) forget(builder);
    return status;
}
