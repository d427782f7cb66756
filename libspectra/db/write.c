/* SPDX-License-Identifier: Apache-2.0 */
/* Makes the file of a builder: plans the sections, fills them, seals them with digests. Bytes depend on nothing but
   what was added, and its order. */
#include <assert.h>
#include <string.h>

#include "base/bytes.h"
#include "base/error.h"
#include "base/system.h"
#include "db/builder.h"

#define MAX_SECTIONS (DB_FILE_SLOTS + DB_GROUP_COUNT * DB_SET_SLOTS)

typedef struct planned_section {
    const db_kind *kind;
    uint32_t group; /* DB_GROUP_COUNT for a section of the file */
    uint64_t offset;
    uint64_t size;
    uint64_t count;
} planned_section;

typedef struct file_plan {
    planned_section sections[MAX_SECTIONS];
    uint32_t count;
    uint64_t most_in_block; /* postings that are sorted at once */
    uint64_t digest_offset;
    uint64_t file_size;
} file_plan;

static void plan_section(file_plan *plan, const db_kind *kind, uint32_t group, uint64_t count, uint64_t size) {
    assert(plan->count < MAX_SECTIONS);
    plan->sections[plan->count++] = (planned_section){.kind = kind, .group = group, .count = count, .size = size};
}

static void plan_set(file_plan *plan, const db_peaks *peaks, uint32_t group) {
    uint64_t counts[DB_SET_SLOTS] = {
        [DB_SLOT_RECIPE] = 1,
        [DB_SLOT_INDEX] = (uint64_t)peaks->rows.count + 1,
        [DB_SLOT_MZ] = peaks->mz.count,
        [DB_SLOT_WEIGHT] = peaks->weight.count,
        [DB_SLOT_WEIGHTED] = peaks->weighted.count,
        [DB_SLOT_ACCURATE_ROOT] = peaks->root.count,
    };
    for (uint32_t slot = 0; slot < DB_SLOT_POSTINGS; slot++) {
        const db_kind *kind = db_kind_in_set(&db_groups[group], slot);
        if (kind) plan_section(plan, kind, group, counts[slot], counts[slot] * kind->row_size);
    }
}

/* A set of fewer spectra is compared as a whole. The number was chosen, not measured. */
#define POSTINGS_WORTHWHILE 4096u

/* An open search goes by m/z, in the open sets; a hybrid one by m/z and by neutral loss, in the windowed ones. */
static bool has_postings(const spectra_builder *builder, uint32_t group) {
    bool wanted = db_groups[group].set == DB_SET_OPEN ||
                  (db_groups[group].set == DB_SET_WINDOWED && builder->options.loss_postings);
    if (!wanted || builder->options.postings == SPECTRA_POSTINGS_NEVER) return false;
    return builder->options.postings == SPECTRA_POSTINGS_ALWAYS ||
           builder->peaks[group].rows.count >= POSTINGS_WORTHWHILE;
}

static void plan_postings(file_plan *plan, const db_peaks *peaks, uint32_t group, bool by_loss) {
    db_posting_counts counts = db_count_postings(peaks, by_loss);
    uint32_t slot = by_loss ? DB_SLOT_LOSS_POSTINGS : DB_SLOT_POSTINGS;
    if (counts.offsets > UINT32_MAX) return;
    plan_section(plan, db_kind_in_set(&db_groups[group], slot), group, counts.words,
                 counts.words * DB_POSTING_ROW_SIZE);
    plan_section(plan, db_kind_in_set(&db_groups[group], slot + 1), group, counts.offsets,
                 counts.offsets * DB_CELL_ROW_SIZE);
    plan_section(plan, db_kind_in_set(&db_groups[group], slot + 2), group, counts.blocks,
                 counts.blocks * DB_BLOCK_ROW_SIZE);
    if (counts.most_in_block > plan->most_in_block) plan->most_in_block = counts.most_in_block;
}

static void plan_group(file_plan *plan, const spectra_builder *builder, uint32_t group) {
    const db_peaks *peaks = &builder->peaks[group];
    if (peaks->rows.count == 0) return;
    plan_set(plan, peaks, group);
    if (!has_postings(builder, group)) return;
    plan_postings(plan, peaks, group, false);
    if (db_groups[group].set == DB_SET_WINDOWED) plan_postings(plan, peaks, group, true);
}

/* 1. Which sections there are and where. A set without spectra has none, nor has knowledge that was not added. Sets
   are sorted. */
static void plan_file(file_plan *plan, const spectra_builder *builder) {
    const db_words *strings = &builder->strings;
    *plan = (file_plan){0};
    plan_section(plan, db_kind_of(DB_KIND_STRINGS), DB_GROUP_COUNT, strings->count, strings->text.count);
    plan_section(plan, db_kind_of(DB_KIND_SUBSTANCES), DB_GROUP_COUNT, builder->substances.count,
                 (uint64_t)builder->substances.count * DB_SUBSTANCE_ROW_SIZE);
    plan_section(plan, db_kind_of(DB_KIND_ENTRIES), DB_GROUP_COUNT, builder->entries.count,
                 (uint64_t)builder->entries.count * DB_ENTRY_ROW_SIZE);
    if (builder->calibration_count > 0)
        plan_section(plan, db_kind_of(DB_KIND_CALIBRATION), DB_GROUP_COUNT, builder->calibration_count,
                     (uint64_t)builder->calibration_count * DB_CALIBRATION_ROW_SIZE);
    for (uint32_t i = 0; i < DB_KNOWLEDGE_SLOTS; i++) {
        const base_vector *rows = &builder->knowledge[i];
        if (rows->count > 0)
            plan_section(plan, db_kind_of_file(DB_SLOT_FAMILIES + i), DB_GROUP_COUNT, rows->count,
                         (uint64_t)rows->count * rows->element_size);
    }
    for (uint32_t group = 0; group < DB_GROUP_COUNT; group++) plan_group(plan, builder, group);
    uint64_t end = DB_HEADER_SIZE + (uint64_t)plan->count * DB_SECTION_ROW_SIZE;
    for (uint32_t i = 0; i < plan->count; i++) {
        plan->sections[i].offset = db_align(end);
        end = plan->sections[i].offset + plan->sections[i].size;
    }
    plan->digest_offset = db_align(end);
    plan->file_size = plan->digest_offset + db_block_count(plan->digest_offset) * BASE_DIGEST_SIZE;
}

/* 2. */
static void write_header(uint8_t *file, const file_plan *plan) {
    memcpy(file, DB_MAGIC, DB_MAGIC_SIZE);
    base_put16(file + DB_HEADER_MAJOR, DB_MAJOR);
    base_put16(file + DB_HEADER_MINOR, DB_MINOR);
    base_put32(file + DB_HEADER_SECTION_COUNT, plan->count);
    base_put64(file + DB_HEADER_FILE_SIZE, plan->file_size);
    base_put64(file + DB_HEADER_DIGEST_OFFSET, plan->digest_offset);
    base_put32(file + DB_HEADER_BLOCK_SIZE, DB_BLOCK_SIZE);
}

static void write_section_row(uint8_t *row, const planned_section *section) {
    base_put16(row + DB_SECTION_KIND, section->kind->kind);
    base_put16(row + DB_SECTION_VERSION_FIELD, DB_SECTION_VERSION);
    if (section->group < DB_GROUP_COUNT) {
        row[DB_SECTION_TRACK] = db_groups[section->group].track;
        row[DB_SECTION_POLARITY] = db_groups[section->group].polarity;
        row[DB_SECTION_SET] = db_groups[section->group].set;
    }
    row[DB_SECTION_FLAGS] = section->kind->flags;
    base_put64(row + DB_SECTION_OFFSET, section->offset);
    base_put64(row + DB_SECTION_SIZE, section->size);
    base_put64(row + DB_SECTION_COUNT, section->count);
}

static void write_texts(uint8_t *row, const uint32_t *texts, size_t count) {
    for (size_t i = 0; i < count; i++) base_put32(row + 4 * i, texts[i]);
}

static void write_substances(uint8_t *out, const base_vector *rows) {
    const db_substance_row *row = (const db_substance_row *)rows->data;
    for (size_t i = 0; i < rows->count; i++, row++, out += DB_SUBSTANCE_ROW_SIZE) {
        write_texts(out, row->text, DB_SUBSTANCE_TEXTS);
        base_put64(out + DB_SUBSTANCE_EXACT_MASS, (uint64_t)row->exact_mass_uda);
        base_put32(out + DB_SUBSTANCE_MEASURED, row->measured);
    }
}

static void write_entries(uint8_t *out, const base_vector *rows) {
    const db_entry_row *row = (const db_entry_row *)rows->data;
    for (size_t i = 0; i < rows->count; i++, row++, out += DB_ENTRY_ROW_SIZE) {
        write_texts(out, row->text, DB_ENTRY_TEXTS);
        base_put32(out + DB_ENTRY_SUBSTANCE, row->substance);
        base_put32(out + DB_ENTRY_PRECURSOR, row->precursor_uth);
        out[DB_ENTRY_TRACK] = row->track;
        out[DB_ENTRY_POLARITY] = row->polarity;
    }
}

/* 3. */
static void write_section(uint8_t *out, const spectra_builder *builder, const planned_section *section) {
    if (section->group == DB_GROUP_COUNT) {
        if (section->kind->slot == DB_SLOT_STRINGS) memcpy(out, builder->strings.text.data, (size_t)section->size);
        if (section->kind->slot == DB_SLOT_SUBSTANCES) write_substances(out, &builder->substances);
        if (section->kind->slot == DB_SLOT_ENTRIES) write_entries(out, &builder->entries);
        if (section->kind->slot == DB_SLOT_CALIBRATION) db_write_calibrations(out, builder);
        if (section->kind->slot >= DB_SLOT_FAMILIES)
            memcpy(out, builder->knowledge[section->kind->slot - DB_SLOT_FAMILIES].data, (size_t)section->size);
        return;
    }
    const db_peaks *peaks = &builder->peaks[section->group];
    if (section->kind->slot == DB_SLOT_RECIPE) db_write_recipe(out, peaks);
    if (section->kind->slot == DB_SLOT_INDEX) db_write_index(out, peaks);
    if (section->kind->slot == DB_SLOT_MZ) db_write_peaks(out, peaks, &peaks->mz);
    if (section->kind->slot == DB_SLOT_WEIGHT) db_write_peaks(out, peaks, &peaks->weight);
    if (section->kind->slot == DB_SLOT_WEIGHTED) db_write_peaks(out, peaks, &peaks->weighted);
    if (section->kind->slot == DB_SLOT_ACCURATE_ROOT) db_write_peaks(out, peaks, &peaks->root);
}

static uint8_t *section_at(uint8_t *file, const file_plan *plan, uint32_t group, uint32_t slot) {
    uint32_t i = 0;
    while (plan->sections[i].group != group || plan->sections[i].kind->slot != slot) i++;
    assert(i < plan->count);
    return file + plan->sections[i].offset;
}

/* 4. Each key's three sections at once, where its first is planned: the peak arrays stand before them. */
static void write_all_postings(uint8_t *file, const file_plan *plan, const spectra_builder *builder, uint64_t *work) {
    for (uint32_t i = 0; i < plan->count; i++) {
        uint32_t group = plan->sections[i].group, slot = plan->sections[i].kind->slot;
        if (group == DB_GROUP_COUNT || (slot != DB_SLOT_POSTINGS && slot != DB_SLOT_LOSS_POSTINGS)) continue;
        const db_posting_parts parts = {.peaks = &builder->peaks[group],
                                        .by_loss = slot == DB_SLOT_LOSS_POSTINGS,
                                        .mz = section_at(file, plan, group, DB_SLOT_MZ),
                                        .weight = section_at(file, plan, group, DB_SLOT_WEIGHT),
                                        .words = section_at(file, plan, group, slot),
                                        .offsets = section_at(file, plan, group, slot + 1),
                                        .blocks = section_at(file, plan, group, slot + 2)};
        db_write_postings(&parts, work);
    }
}

/* 5. */
static void seal(uint8_t *file, uint64_t digest_offset) {
    for (uint64_t i = 0; i < db_block_count(digest_offset); i++)
        db_block_digest(file + digest_offset + i * BASE_DIGEST_SIZE, file, digest_offset, i);
    db_root_digest(file + DB_HEADER_ROOT, file, digest_offset);
}

static void fill_file(uint8_t *file, const file_plan *plan, const spectra_builder *builder, uint64_t *work) {
    memset(file, 0, (size_t)plan->file_size);
    write_header(file, plan);
    for (uint32_t i = 0; i < plan->count; i++) {
        write_section_row(file + DB_HEADER_SIZE + (size_t)i * DB_SECTION_ROW_SIZE, &plan->sections[i]);
        write_section(file + plan->sections[i].offset, builder, &plan->sections[i]);
    }
    write_all_postings(file, plan, builder, work);
    seal(file, plan->digest_offset);
}

static spectra_status make_file(uint8_t **out, size_t *size, spectra_builder *builder, spectra_error *error) {
    file_plan plan;
    for (uint32_t group = 0; group < DB_GROUP_COUNT; group++) db_sort_peaks(&builder->peaks[group]);
    plan_file(&plan, builder);
    size_t work_count = (size_t)plan.most_in_block;
    uint64_t *work = NULL;
    uint8_t *file =
        plan.file_size <= SIZE_MAX ? (uint8_t *)base_allocate(builder->allocator, (size_t)plan.file_size) : NULL;
    if (file && work_count > 0) work = (uint64_t *)base_allocate_array(builder->allocator, work_count, sizeof *work);
    if (!file || (work_count > 0 && !work)) {
        base_release(builder->allocator, file, (size_t)plan.file_size);
        return base_fail(error, SPECTRA_E_MEMORY, BASE_NO_PLACE, "no memory for a database of %u bytes",
                         plan.file_size);
    }
    fill_file(file, &plan, builder, work);
    base_release(builder->allocator, work, work_count * sizeof *work);
    *out = file;
    *size = (size_t)plan.file_size;
    return SPECTRA_OK;
}

spectra_status spectra_builder_write(spectra_builder *builder, const char *path, spectra_error *error) {
    if (!builder || !path) return base_fail(error, SPECTRA_E_INVALID, BASE_NO_PLACE, "a database is written to a path");
    uint8_t *file;
    size_t size;
    spectra_status status = make_file(&file, &size, builder, error);
    if (status < 0) return status;
    base_part part = {file, size};
    status = base_file_replace(path, &part, 1, error);
    base_release(builder->allocator, file, size);
    return status;
}

spectra_status spectra_builder_write_memory(spectra_builder *builder, const void **bytes, size_t *size,
                                            spectra_error *error) {
    if (!builder || !bytes || !size)
        return base_fail(error, SPECTRA_E_INVALID, BASE_NO_PLACE, "a database is written to somewhere");
    uint8_t *file;
    size_t file_size;
    spectra_status status = make_file(&file, &file_size, builder, error);
    if (status < 0) return status;
    base_release(builder->allocator, builder->file, builder->file_size);
    builder->file = file;
    builder->file_size = file_size;
    *bytes = file;
    *size = file_size;
    return SPECTRA_OK;
}
