/* SPDX-License-Identifier: Apache-2.0 */
/* Builds a database: takes substances and spectra as they come and prepares spectra at once. substances.c joins
   compounds, peaksets.c keeps the peaks, write.c makes the file. */
#include <assert.h>
#include <string.h>

#include "base/bytes.h"
#include "base/error.h"
#include "base/numbers.h"
#include "db/builder.h"
#include "io/table.h"
#include "spectrum/prepared.h"

/* No compound is heavier, in Da: a number beyond is no mass. */
#define MAX_MASS 1e6

spectra_status spectra_builder_create(spectra_builder **out, const spectra_allocator *allocator) {
    if (!out) return SPECTRA_E_INVALID;
    *out = NULL;
    spectra_builder *builder = (spectra_builder *)base_allocate(allocator, sizeof *builder);
    if (!builder) return SPECTRA_E_MEMORY;
    *builder = (spectra_builder){.allocator = allocator};
    base_vector_init(&builder->substances, sizeof(db_substance_row), allocator);
    base_vector_init(&builder->entries, sizeof(db_entry_row), allocator);
    for (uint32_t i = 0; i < DB_KNOWLEDGE_SLOTS; i++)
        base_vector_init(&builder->knowledge[i], db_kind_of_file(DB_SLOT_FAMILIES + i)->row_size, allocator);
    for (uint32_t i = 0; i < DB_GROUP_COUNT; i++) {
        uint32_t first = 0;
        while (db_groups[first].track != db_groups[i].track || db_groups[first].polarity != db_groups[i].polarity)
            first++;
        db_peak_arrays_init(&builder->arrays[i], &db_groups[i], allocator);
        db_peaks_init(&builder->peaks[i], &builder->arrays[first], &db_groups[i], allocator);
    }
    bool ready = db_words_init(&builder->strings, allocator);
    ready &= db_words_init(&builder->keys, allocator);
    ready &= db_words_init(&builder->names, allocator);
    ready &= db_words_init(&builder->blocks, allocator);
    if (!ready) {
        spectra_builder_free(builder);
        return SPECTRA_E_MEMORY;
    }
    *out = builder;
    return SPECTRA_OK;
}

/* The file lent by spectra_builder_write_memory lasts until the builder changes. */
void db_builder_changes(spectra_builder *builder) {
    builder->calibration_count = 0;
    base_release(builder->allocator, builder->file, builder->file_size);
    builder->file = NULL;
    builder->file_size = 0;
}

void spectra_builder_free(spectra_builder *builder) {
    if (!builder) return;
    db_builder_changes(builder);
    base_release(builder->allocator, builder->work, builder->work_size);
    for (uint32_t i = 0; i < DB_KNOWLEDGE_SLOTS; i++) base_vector_free(&builder->knowledge[i]);
    for (uint32_t i = 0; i < DB_GROUP_COUNT; i++) {
        base_vector_free(&builder->peaks[i].rows);
        db_peak_arrays_free(&builder->arrays[i]);
    }
    db_words_free(&builder->strings);
    db_words_free(&builder->keys);
    db_words_free(&builder->names);
    db_words_free(&builder->blocks);
    base_vector_free(&builder->substances);
    base_vector_free(&builder->entries);
    base_release(builder->allocator, builder, sizeof *builder);
}

spectra_status spectra_builder_set_options(spectra_builder *builder, const spectra_builder_options *options,
                                           spectra_error *error) {
    spectra_builder_options taken;
    if (!builder || !options || !base_take_options(&taken, sizeof taken, options))
        return base_fail(error, SPECTRA_E_INVALID, BASE_NO_PLACE, "there are no builder options, or of another size");
    if (taken.postings < SPECTRA_POSTINGS_DEFAULT || taken.postings > SPECTRA_POSTINGS_ALWAYS ||
        taken.loss_postings > 1)
        return base_fail(error, SPECTRA_E_INVALID, BASE_NO_PLACE, "unknown kind of postings");
    if (taken.postings == SPECTRA_POSTINGS_NEVER && taken.loss_postings)
        return base_fail(error, SPECTRA_E_INVALID, BASE_NO_PLACE, "neutral-loss postings contradict having none");
    builder->options = taken;
    return SPECTRA_OK;
}

static const char *text_or_empty(const char *text) {
    return text ? text : "";
}

spectra_status spectra_builder_add_substance(spectra_builder *builder, const spectra_substance *substance,
                                             spectra_error *error) {
    if (!builder || !substance)
        return base_fail(error, SPECTRA_E_INVALID, BASE_NO_PLACE, "there is no substance to add");
    db_facts facts = {.exact_mass_uda = substance->exact_mass_uda};
    facts.text[DB_SUBSTANCE_NAME] = text_or_empty(substance->name);
    facts.text[DB_SUBSTANCE_INCHIKEY] = text_or_empty(substance->inchikey);
    db_take_formula(&facts, text_or_empty(substance->formula));
    facts.text[DB_SUBSTANCE_SMILES] = text_or_empty(substance->smiles);
    facts.text[DB_SUBSTANCE_CLASS] = text_or_empty(substance->substance_class);
    facts.text[DB_SUBSTANCE_SITES] = text_or_empty(substance->sites);
    facts.text[DB_SUBSTANCE_CORE] = text_or_empty(substance->core);
    facts.text[DB_SUBSTANCE_SOURCE] = text_or_empty(substance->source);
    if (facts.exact_mass_uda == 0) facts.exact_mass_uda = db_formula_mass(facts.text[DB_SUBSTANCE_FORMULA]);
    spectra_status status = db_reserve_substance(builder, &facts, error);
    if (status < 0) return status;
    db_builder_changes(builder);
    db_join_substance(builder, &facts);
    return SPECTRA_OK;
}

/* A mass in Da as text, to µDa; false where it is none. */
static bool parse_mass(int64_t *mass_uda, const char *text) {
    double mass;
    base_cursor cursor = base_cursor_over(text, strlen(text));
    if (!base_parse_double(&cursor, &mass) || !base_cursor_at_end(&cursor) || !(mass >= 0 && mass <= MAX_MASS))
        return false;
    *mass_uda = base_micro(mass);
    return true;
}

static spectra_status add_table_row(spectra_builder *builder, const io_table *table, spectra_error *error) {
    base_place place = {table->line, table->offset};
    spectra_substance substance = {
        .name = io_table_cell(table, "name"),
        .inchikey = io_table_cell(table, "inchikey"),
        .formula = io_table_cell(table, "formula"),
        .smiles = io_table_cell(table, "smiles"),
        .substance_class = io_table_cell(table, "class"),
        .sites = io_table_cell(table, "sites"),
        .core = io_table_cell(table, "core"),
        .source = io_table_cell(table, "source"),
    };
    const char *mass = io_table_cell(table, "exact_mass");
    if (*mass && !parse_mass(&substance.exact_mass_uda, mass))
        return base_fail(error, SPECTRA_E_FORMAT, place, "\"%s\" is no mass in Da", mass);
    spectra_status status = spectra_builder_add_substance(builder, &substance, error);
    if (status == SPECTRA_E_INVALID)
        return base_fail(error, SPECTRA_E_FORMAT, place, "the row has neither InChIKey nor name");
    return status;
}

spectra_status spectra_builder_add_substances_table(spectra_builder *builder, const char *path, spectra_error *error) {
    if (!builder || !path)
        return base_fail(error, SPECTRA_E_INVALID, BASE_NO_PLACE, "there is no table of substances to add");
    io_table table;
    spectra_status status = io_table_open(&table, path, builder->allocator, error);
    while (status == SPECTRA_OK) {
        status = io_table_next(&table, error);
        if (status == SPECTRA_OK) status = add_table_row(builder, &table, error);
    }
    io_table_close(&table);
    return status == SPECTRA_END ? SPECTRA_OK : status;
}

/* A spectrum on its way in: what it is, and what its track's recipes make of it (in the builder's work memory). */
typedef struct addition {
    spectra_track track;
    spectra_polarity polarity;
    uint32_t groups[2];
    const spectra_prepared *prepared[2];
    uint32_t count;
} addition;

/* 1. Which sets it belongs to. EI counts as positive whatever the record says or leaves out. */
static spectra_status classify(addition *added, const spectra_spectrum *spectrum, spectra_track track,
                               spectra_error *error) {
    added->track = spectra_spectrum_track(spectrum);
    if (added->track == SPECTRA_TRACK_UNKNOWN) added->track = track;
    if (added->track == SPECTRA_TRACK_UNKNOWN)
        return base_fail(error, SPECTRA_E_INVALID, BASE_NO_PLACE,
                         "neither the record nor the caller tells the kind of spectrum (EI, MS/MS, in-source)");
    added->polarity = spectra_spectrum_polarity(spectrum);
    if (added->track == SPECTRA_TRACK_EI) added->polarity = SPECTRA_POLARITY_POSITIVE;
    if (added->polarity == SPECTRA_POLARITY_UNKNOWN)
        return base_fail(error, SPECTRA_E_INVALID, BASE_NO_PLACE, "the record does not tell the polarity");
    return SPECTRA_OK;
}

static bool make_work(spectra_builder *builder, size_t peak_count) {
    size_t required;
    if (!base_multiply(&required, spectra_prepare_required(peak_count), 2)) return false;
    if (required <= builder->work_size) return true;
    base_release(builder->allocator, builder->work, builder->work_size);
    builder->work = (uint8_t *)base_allocate(builder->allocator, required);
    builder->work_size = builder->work ? required : 0;
    return builder->work != NULL;
}

static spectra_status prepare_for(spectra_builder *builder, addition *added, int set, const spectra_spectrum *spectrum,
                                  spectra_scratch *scratch, spectra_error *error) {
    uint32_t group = db_group_of(added->track, added->polarity, set);
    assert(group < DB_GROUP_COUNT && added->count < 2);
    const spectra_recipe *recipe = &builder->peaks[group].recipe;
    const spectra_prepared **out = &added->prepared[added->count];
    added->groups[added->count++] = group;
    if (added->count > 1 && spectrum_prepares_alike(added->prepared[0], spectrum, recipe)) {
        *out = added->prepared[0];
        return SPECTRA_OK;
    }
    return spectra_prepare(out, spectrum, recipe, scratch, error);
}

/* 2. By the recipe of each set; without a precursor there is no precursor window to stand in. */
static spectra_status prepare(spectra_builder *builder, addition *added, const spectra_spectrum *spectrum,
                              spectra_error *error) {
    if (!make_work(builder, spectra_spectrum_peak_count(spectrum)))
        return base_fail(error, SPECTRA_E_MEMORY, BASE_NO_PLACE, "no memory to prepare a spectrum");
    spectra_scratch scratch;
    spectra_scratch_init(&scratch, builder->work, builder->work_size);
    int set = added->track == SPECTRA_TRACK_EI ? DB_SET_NOMINAL : DB_SET_OPEN;
    spectra_status status = prepare_for(builder, added, set, spectrum, &scratch, error);
    if (status == SPECTRA_OK && added->track == SPECTRA_TRACK_MSMS && added->prepared[0]->precursor_uth != 0)
        status = prepare_for(builder, added, DB_SET_WINDOWED, spectrum, &scratch, error);
    if (status == SPECTRA_OK && added->track == SPECTRA_TRACK_INSOURCE)
        status = prepare_for(builder, added, DB_SET_FINE, spectrum, &scratch, error);
    return status;
}

static void take_fields(const char **texts, const spectra_field *fields, size_t count,
                        const spectra_spectrum *spectrum) {
    for (size_t i = 0; i < count; i++) texts[i] = text_or_empty(spectra_spectrum_field(spectrum, fields[i]));
}

/* 3. What the record says: of its measurement, and of its compound. */
static void read_entry_texts(const char *texts[DB_ENTRY_TEXTS], const spectra_spectrum *spectrum) {
    static const spectra_field fields[DB_ENTRY_TEXTS] = {
        [DB_ENTRY_ACCESSION] = SPECTRA_FIELD_ACCESSION,
        [DB_ENTRY_NAME] = SPECTRA_FIELD_NAME,
        [DB_ENTRY_INCHIKEY] = SPECTRA_FIELD_INCHIKEY,
        [DB_ENTRY_SOURCE] = SPECTRA_FIELD_SOURCE,
        [DB_ENTRY_LICENCE] = SPECTRA_FIELD_LICENCE,
        [DB_ENTRY_AUTHOR] = SPECTRA_FIELD_AUTHOR,
        [DB_ENTRY_INSTRUMENT_TYPE] = SPECTRA_FIELD_INSTRUMENT_TYPE,
        [DB_ENTRY_INSTRUMENT] = SPECTRA_FIELD_INSTRUMENT,
        [DB_ENTRY_COLLISION_ENERGY] = SPECTRA_FIELD_COLLISION_ENERGY,
        [DB_ENTRY_ADDUCT] = SPECTRA_FIELD_ADDUCT,
    };
    take_fields(texts, fields, DB_ENTRY_TEXTS, spectrum);
}

static void read_facts(db_facts *facts, const spectra_spectrum *spectrum) {
    static const spectra_field fields[DB_SUBSTANCE_SOURCE] = {
        [DB_SUBSTANCE_NAME] = SPECTRA_FIELD_NAME,       [DB_SUBSTANCE_INCHIKEY] = SPECTRA_FIELD_INCHIKEY,
        [DB_SUBSTANCE_FORMULA] = SPECTRA_FIELD_FORMULA, [DB_SUBSTANCE_SMILES] = SPECTRA_FIELD_SMILES,
        [DB_SUBSTANCE_CLASS] = SPECTRA_FIELD_CLASS,     [DB_SUBSTANCE_SITES] = SPECTRA_FIELD_SITES,
    };
    take_fields(facts->text, fields, DB_SUBSTANCE_CORE, spectrum);
    db_take_formula(facts, facts->text[DB_SUBSTANCE_FORMULA]);
    facts->text[DB_SUBSTANCE_CORE] = "";
    facts->text[DB_SUBSTANCE_SOURCE] = text_or_empty(spectra_spectrum_field(spectrum, SPECTRA_FIELD_SOURCE));
    facts->exact_mass_uda = db_formula_mass(facts->text[DB_SUBSTANCE_FORMULA]);
    const char *stated = spectra_spectrum_field(spectrum, SPECTRA_FIELD_EXACT_MASS);
    if (facts->exact_mass_uda == 0 && stated && !parse_mass(&facts->exact_mass_uda, stated)) facts->exact_mass_uda = 0;
}

/* Whether the peaks of a set are not those of the one before. */
static bool has_own_peaks(const addition *added, uint32_t i) {
    return i == 0 || added->prepared[i] != added->prepared[0];
}

static spectra_status reserve_peaks(spectra_builder *builder, const addition *added, spectra_error *error) {
    size_t count = 0;
    for (uint32_t i = 0; i < added->count; i++) {
        spectra_status status = db_reserve_peak_row(&builder->peaks[added->groups[i]], added->prepared[i], error);
        if (status < 0) return status;
        if (has_own_peaks(added, i)) count += added->prepared[i]->count;
    }
    return db_reserve_peaks(builder->peaks[added->groups[0]].arrays, count, error);
}

/* 4. Room for everything, so that nothing can fail once something has changed. */
static spectra_status reserve(spectra_builder *builder, const addition *added, const char *const *texts,
                              const db_facts *facts, spectra_error *error) {
    size_t size = 0;
    for (size_t i = 0; i < DB_ENTRY_TEXTS; i++) size += strlen(texts[i]) + 1;
    for (size_t i = 0; i < DB_SUBSTANCE_TEXTS; i++) size += strlen(facts->text[i]) + 1;
    spectra_status status = db_reserve_substance(builder, facts, error);
    if (status == SPECTRA_OK)
        status = db_reserve_words(&builder->strings, DB_ENTRY_TEXTS + DB_SUBSTANCE_TEXTS, size, error);
    if (status == SPECTRA_OK) status = db_reserve_row(&builder->entries, UINT32_MAX - 1, error);
    return status == SPECTRA_OK ? reserve_peaks(builder, added, error) : status;
}

/* 5. */
static void add(spectra_builder *builder, const addition *added, const char *const *texts, const db_facts *facts) {
    uint32_t entry = (uint32_t)builder->entries.count;
    db_entry_row row = {
        .substance = db_join_substance(builder, facts),
        .precursor_uth = added->prepared[0]->precursor_uth,
        .track = (uint8_t)added->track,
        .polarity = (uint8_t)added->polarity,
    };
    db_words_references(row.text, &builder->strings, texts, DB_ENTRY_TEXTS);
    db_substance_row *substance = (db_substance_row *)builder->substances.data + row.substance;
    substance->measured |= db_measured_bit(added->track, added->polarity);
    uint32_t first_peak = 0;
    for (uint32_t i = 0; i < added->count; i++) {
        db_peaks *peaks = &builder->peaks[added->groups[i]];
        if (has_own_peaks(added, i)) first_peak = db_add_peaks(peaks->arrays, added->prepared[i]);
        db_add_peak_row(peaks, added->prepared[i], entry, first_peak);
    }
    bool appended = base_vector_append(&builder->entries, &row, 1);
    assert(appended);
    (void)appended;
}

spectra_status spectra_builder_add_spectrum(spectra_builder *builder, const spectra_spectrum *spectrum,
                                            spectra_track track, spectra_error *error) {
    if (!builder || !spectrum || track < SPECTRA_TRACK_UNKNOWN || track > SPECTRA_TRACK_INSOURCE)
        return base_fail(error, SPECTRA_E_INVALID, BASE_NO_PLACE, "there is no spectrum, or no such track, to add");
    addition added = {0};
    const char *texts[DB_ENTRY_TEXTS];
    db_facts facts;
    spectra_status status = classify(&added, spectrum, track, error);
    if (status < 0) return status;
    read_entry_texts(texts, spectrum);
    read_facts(&facts, spectrum);
    db_expect_substance(builder, &facts);
    for (size_t i = 0; i < DB_ENTRY_TEXTS; i++) db_words_expect(&builder->strings, texts[i]);
    status = prepare(builder, &added, spectrum, error);
    if (status < 0) return status;
    status = reserve(builder, &added, texts, &facts, error);
    if (status < 0) return status;
    db_builder_changes(builder);
    add(builder, &added, texts, &facts);
    return SPECTRA_OK;
}
