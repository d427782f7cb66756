/* SPDX-License-Identifier: Apache-2.0 */
/* Makes the file of a builder: plans the sections, fills them, seals them with digests. Bytes depend on nothing but
   what was added, and its order. */
#include <assert.h>
#include <string.h>

#include "base/bytes.h"
#include "base/error.h"
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
    db_posting_counts most; /* of any key: what is sorted at once, and kept for the next two sections */
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
        [DB_SLOT_MZ] = peaks->peak_count,
        [DB_SLOT_WEIGHT] = peaks->peak_count,
        [DB_SLOT_WEIGHTED] = peaks->peak_count,
        [DB_SLOT_ACCURATE_ROOT] = peaks->peak_count,
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

static void raise(uint64_t *most, uint64_t value) {
    if (*most < value) *most = value;
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
    raise(&plan->most.most_in_block, counts.most_in_block);
    raise(&plan->most.offsets, counts.offsets);
    raise(&plan->most.blocks, counts.blocks);
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
static void write_header(uint8_t *header, const file_plan *plan) {
    memcpy(header, DB_MAGIC, DB_MAGIC_SIZE);
    base_put16(header + DB_HEADER_MAJOR, DB_MAJOR);
    base_put16(header + DB_HEADER_MINOR, DB_MINOR);
    base_put32(header + DB_HEADER_SECTION_COUNT, plan->count);
    base_put64(header + DB_HEADER_FILE_SIZE, plan->file_size);
    base_put64(header + DB_HEADER_DIGEST_OFFSET, plan->digest_offset);
    base_put32(header + DB_HEADER_BLOCK_SIZE, DB_BLOCK_SIZE);
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

static void write_substances(db_output *output, const base_vector *rows) {
    const db_substance_row *row = (const db_substance_row *)rows->data;
    for (size_t i = 0; i < rows->count; i++, row++) {
        uint8_t *out = db_output_room(output, DB_SUBSTANCE_ROW_SIZE);
        write_texts(out, row->text, DB_SUBSTANCE_TEXTS);
        base_put64(out + DB_SUBSTANCE_EXACT_MASS, (uint64_t)row->exact_mass_uda);
        base_put32(out + DB_SUBSTANCE_MEASURED, row->measured);
    }
}

static void write_entries(db_output *output, const base_vector *rows) {
    const db_entry_row *row = (const db_entry_row *)rows->data;
    for (size_t i = 0; i < rows->count; i++, row++) {
        uint8_t *out = db_output_room(output, DB_ENTRY_ROW_SIZE);
        write_texts(out, row->text, DB_ENTRY_TEXTS);
        base_put32(out + DB_ENTRY_SUBSTANCE, row->substance);
        base_put32(out + DB_ENTRY_PRECURSOR, row->precursor_uth);
        out[DB_ENTRY_TRACK] = row->track;
        out[DB_ENTRY_POLARITY] = row->polarity;
    }
}

static void write_section_of_file(db_output *output, const spectra_builder *builder, const planned_section *section) {
    switch (section->kind->slot) {
    case DB_SLOT_STRINGS:
        db_output_bytes(output, builder->strings.text.data, (size_t)section->size);
        break;
    case DB_SLOT_SUBSTANCES:
        write_substances(output, &builder->substances);
        break;
    case DB_SLOT_ENTRIES:
        write_entries(output, &builder->entries);
        break;
    case DB_SLOT_CALIBRATION:
        db_write_calibrations(output, builder);
        break;
    default:
        db_output_bytes(output, builder->knowledge[section->kind->slot - DB_SLOT_FAMILIES].data, (size_t)section->size);
    }
}

static void write_section_of_set(db_output *output, const db_peaks *peaks, const planned_section *section,
                                 const db_posting_work *work) {
    const db_peak_arrays *arrays = peaks->arrays;
    const uint32_t slot = section->kind->slot;
    switch (slot) {
    case DB_SLOT_RECIPE:
        db_write_recipe(output, peaks);
        break;
    case DB_SLOT_INDEX:
        db_write_index(output, peaks);
        break;
    case DB_SLOT_POSTINGS:
    case DB_SLOT_LOSS_POSTINGS:
        db_write_postings(output, peaks, slot == DB_SLOT_LOSS_POSTINGS, work);
        break;
    case DB_SLOT_POSTING_CELLS:
    case DB_SLOT_LOSS_CELLS:
        db_output_bytes(output, work->offsets, (size_t)section->size);
        break;
    case DB_SLOT_POSTING_BLOCKS:
    case DB_SLOT_LOSS_BLOCKS:
        db_output_bytes(output, work->blocks, (size_t)section->size);
        break;
    default: {
        const base_vector *const values[] = {
            [DB_SLOT_MZ] = &arrays->mz,
            [DB_SLOT_WEIGHT] = &arrays->weight,
            [DB_SLOT_WEIGHTED] = &arrays->weighted,
            [DB_SLOT_ACCURATE_ROOT] = &arrays->root,
        };
        db_write_peaks(output, peaks, values[slot]);
    }
    }
}

/* 3. Section by section, in the order of the file. */
static spectra_status write_file(db_output *output, const file_plan *plan, const spectra_builder *builder,
                                 const db_posting_work *work) {
    for (uint32_t i = 0; i < plan->count; i++)
        write_section_row(db_output_room(output, DB_SECTION_ROW_SIZE), &plan->sections[i]);
    for (uint32_t i = 0; i < plan->count; i++) {
        const planned_section *section = &plan->sections[i];
        db_output_pad(output, section->offset);
        if (section->group == DB_GROUP_COUNT)
            write_section_of_file(output, builder, section);
        else
            write_section_of_set(output, &builder->peaks[section->group], section, work);
    }
    db_output_pad(output, plan->digest_offset);
    return db_output_finish(output);
}

/* What making a file needs beside the builder. */
typedef struct file_making {
    file_plan plan;
    db_output output;
    db_posting_work work;
} file_making;

static void free_making(file_making *making, const spectra_allocator *allocator) {
    const db_posting_counts *most = &making->plan.most;
    db_output_free(&making->output);
    base_release(allocator, making->work.keys, (size_t)most->most_in_block * sizeof *making->work.keys);
    base_release(allocator, making->work.room, (size_t)most->most_in_block * sizeof *making->work.room);
    base_release(allocator, making->work.offsets, (size_t)most->offsets * DB_CELL_ROW_SIZE);
    base_release(allocator, making->work.blocks, (size_t)most->blocks * DB_BLOCK_ROW_SIZE);
}

/* Memory for the work of postings: none where there are none. */
static bool take_work(db_posting_work *work, const db_posting_counts *most, const spectra_allocator *allocator) {
    if (most->blocks == 0) return true;
    if (most->most_in_block > SIZE_MAX || most->offsets > SIZE_MAX) return false;
    work->offsets = (uint8_t *)base_allocate_array(allocator, (size_t)most->offsets, DB_CELL_ROW_SIZE);
    work->blocks = (uint8_t *)base_allocate_array(allocator, (size_t)most->blocks, DB_BLOCK_ROW_SIZE);
    if (!work->offsets || !work->blocks) return false;
    if (most->most_in_block == 0) return true; /* spectra without peaks */
    work->keys = (uint64_t *)base_allocate_array(allocator, (size_t)most->most_in_block, sizeof *work->keys);
    work->room = (uint64_t *)base_allocate_array(allocator, (size_t)most->most_in_block, sizeof *work->room);
    base_expect_writing(allocator, work->keys, (size_t)most->most_in_block * sizeof *work->keys);
    base_expect_writing(allocator, work->room, (size_t)most->most_in_block * sizeof *work->room);
    return work->keys && work->room;
}

/* Everything that is asked of memory. */
static spectra_status begin_making(file_making *making, spectra_builder *builder, spectra_error *error) {
    bool ready = true;
    *making = (file_making){0};
    for (uint32_t group = 0; group < DB_GROUP_COUNT; group++) ready &= db_sort_peaks(&builder->peaks[group]);
    if (ready) plan_file(&making->plan, builder);
    ready = ready && making->plan.file_size <= SIZE_MAX &&
            db_output_init(&making->output, making->plan.digest_offset, builder->allocator) &&
            take_work(&making->work, &making->plan.most, builder->allocator);
    if (ready) {
        write_header(making->output.header, &making->plan);
        making->output.error = error;
        return SPECTRA_OK;
    }
    free_making(making, builder->allocator);
    return base_fail(error, SPECTRA_E_MEMORY, BASE_NO_PLACE, "no memory to make a database");
}

static spectra_status replace_file(file_making *making, const spectra_builder *builder, const char *path,
                                   spectra_error *error) {
    base_replacement file;
    spectra_status status = base_replacement_begin(&file, path, error);
    if (status < 0) return status;
    making->output.file = &file;
    status = write_file(&making->output, &making->plan, builder, &making->work);
    if (status == SPECTRA_OK) return base_replacement_finish(&file, error);
    base_replacement_abandon(&file);
    return status;
}

spectra_status spectra_builder_write(spectra_builder *builder, const char *path, spectra_error *error) {
    if (!builder || !path) return base_fail(error, SPECTRA_E_INVALID, BASE_NO_PLACE, "a database is written to a path");
    file_making making;
    spectra_status status = begin_making(&making, builder, error);
    if (status < 0) return status;
    status = replace_file(&making, builder, path, error);
    free_making(&making, builder->allocator);
    return status;
}

spectra_status spectra_builder_write_memory(spectra_builder *builder, const void **bytes, size_t *size,
                                            spectra_error *error) {
    if (!builder || !bytes || !size)
        return base_fail(error, SPECTRA_E_INVALID, BASE_NO_PLACE, "a database is written to somewhere");
    file_making making;
    spectra_status status = begin_making(&making, builder, error);
    if (status < 0) return status;
    const size_t file_size = (size_t)making.plan.file_size;
    uint8_t *file = (uint8_t *)base_allocate(builder->allocator, file_size);
    if (file) {
        making.output.memory = file;
        status = write_file(&making.output, &making.plan, builder, &making.work);
        assert(status == SPECTRA_OK);
    } else {
        status = base_fail(error, SPECTRA_E_MEMORY, BASE_NO_PLACE, "no memory for a database of %u bytes",
                           (uint64_t)file_size);
    }
    free_making(&making, builder->allocator);
    if (!file) return status;
    base_release(builder->allocator, builder->file, builder->file_size);
    builder->file = file;
    builder->file_size = file_size;
    *bytes = file;
    *size = file_size;
    return status;
}
