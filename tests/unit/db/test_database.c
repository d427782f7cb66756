/* SPDX-License-Identifier: Apache-2.0 */
/* What goes into a builder comes out of the database: entries, substances, sets, peaks, in each way of opening. */
#include "spectrum/prepared.h"
#include "unit/counted_memory.h"
#include "unit/db/sample.h"

#define PATH "test_database.spdb"

static void check_entry(const spectra_database *database, uint32_t index, const sample_record *record) {
    spectra_entry entry;
    spectra_substance substance;
    assert_int_equal(spectra_database_entry(database, index, &entry), SPECTRA_OK);
    assert_string_equal(entry.accession, record->accession);
    assert_string_equal(entry.name, record->name);
    assert_string_equal(entry.inchikey, record->inchikey ? record->inchikey : "");
    assert_string_equal(entry.licence, "");
    assert_int_equal(spectra_database_substance(database, entry.substance, &substance), SPECTRA_OK);
    assert_string_equal(substance.name, record->name);
    assert_string_equal(substance.formula, record->formula ? record->formula : "");
}

static void check_sample(const spectra_database *database) {
    assert_int_equal(spectra_database_entry_count(database), COUNT_OF(sample_records));
    assert_int_equal(spectra_database_substance_count(database), 5);
    for (uint32_t i = 0; i < COUNT_OF(sample_records); i++) check_entry(database, i, &sample_records[i]);
    spectra_entry entry;
    spectra_substance substance;
    assert_int_equal(spectra_database_entry(database, COUNT_OF(sample_records), &entry), SPECTRA_E_NOT_FOUND);
    assert_int_equal(spectra_database_substance(database, 5, &substance), SPECTRA_E_NOT_FOUND);
    sample_verify(database);
}

static void entries_come_back_from_memory_map_and_copy(void **state) {
    (void)state;
    spectra_builder *builder = sample_full_builder();
    assert_int_equal(spectra_builder_write(builder, PATH, NULL), SPECTRA_OK);
    size_t size;
    uint8_t *file = sample_file(builder, &size);
    spectra_builder_free(builder);
    spectra_database *databases[3];
    databases[0] = sample_open(file, size);
    assert_int_equal(spectra_database_open(&databases[1], PATH, SPECTRA_OPEN_MAP, NULL, NULL), SPECTRA_OK);
    assert_int_equal(spectra_database_open(&databases[2], PATH, SPECTRA_OPEN_COPY, NULL, NULL), SPECTRA_OK);
    remove(PATH);
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(databases[i]->size, size);
        assert_memory_equal(databases[i]->bytes, file, size);
        check_sample(databases[i]);
        spectra_database_close(databases[i]);
    }
    free(file);
}

static void a_missing_file_and_bad_arguments_are_told_apart(void **state) {
    (void)state;
    spectra_database *database;
    spectra_error error;
    _Alignas(8) uint8_t bytes[512] = {0};
    assert_int_equal(spectra_database_open(&database, "no/such/file", SPECTRA_OPEN_MAP, NULL, &error), SPECTRA_E_IO);
    assert_int_equal(spectra_database_open(&database, "no/such/file", SPECTRA_OPEN_COPY, NULL, &error), SPECTRA_E_IO);
    assert_null(database);
    assert_int_equal(spectra_database_open(&database, PATH, 2, NULL, &error), SPECTRA_E_INVALID);
    assert_int_equal(spectra_database_open(&database, NULL, SPECTRA_OPEN_MAP, NULL, &error), SPECTRA_E_INVALID);
    assert_int_equal(spectra_database_open_memory(&database, bytes + 1, 400, NULL, &error), SPECTRA_E_INVALID);
    assert_int_equal(spectra_database_open_memory(&database, bytes, 400, NULL, &error), SPECTRA_E_CORRUPT);
    assert_string_equal(error.message, "this is no spectra database");
}

static void missing_arguments_are_refused(void **state) {
    (void)state;
    size_t size;
    const void *bytes;
    spectra_substance substance;
    spectra_entry entry;
    spectra_section section;
    spectra_builder *builder = sample_full_builder();
    uint8_t *file = sample_file(builder, &size);
    spectra_database *database = sample_open(file, size);
    assert_int_equal(spectra_database_open(NULL, PATH, SPECTRA_OPEN_MAP, NULL, NULL), SPECTRA_E_INVALID);
    assert_int_equal(spectra_database_open_memory(NULL, file, size, NULL, NULL), SPECTRA_E_INVALID);
    assert_int_equal(spectra_database_verify(NULL, NULL), SPECTRA_E_INVALID);
    assert_int_equal(spectra_database_substance(NULL, 0, &substance), SPECTRA_E_INVALID);
    assert_int_equal(spectra_database_substance(database, 0, NULL), SPECTRA_E_INVALID);
    assert_int_equal(spectra_database_entry(NULL, 0, &entry), SPECTRA_E_INVALID);
    assert_int_equal(spectra_database_entry(database, 0, NULL), SPECTRA_E_INVALID);
    assert_int_equal(spectra_database_section(NULL, 0, &section), SPECTRA_E_INVALID);
    assert_int_equal(spectra_database_section(database, 0, NULL), SPECTRA_E_INVALID);
    assert_int_equal(spectra_builder_create(NULL, NULL), SPECTRA_E_INVALID);
    assert_int_equal(spectra_builder_add_substance(NULL, &substance, NULL), SPECTRA_E_INVALID);
    assert_int_equal(spectra_builder_add_substance(builder, NULL, NULL), SPECTRA_E_INVALID);
    assert_int_equal(spectra_builder_add_substances_table(builder, NULL, NULL), SPECTRA_E_INVALID);
    assert_int_equal(spectra_builder_add_substances_table(NULL, PATH, NULL), SPECTRA_E_INVALID);
    assert_int_equal(spectra_builder_add_spectrum(builder, NULL, SPECTRA_TRACK_EI, NULL), SPECTRA_E_INVALID);
    assert_int_equal(spectra_builder_write(NULL, PATH, NULL), SPECTRA_E_INVALID);
    assert_int_equal(spectra_builder_write(builder, NULL, NULL), SPECTRA_E_INVALID);
    assert_int_equal(spectra_builder_write_memory(builder, NULL, &size, NULL), SPECTRA_E_INVALID);
    assert_int_equal(spectra_builder_write_memory(builder, &bytes, NULL, NULL), SPECTRA_E_INVALID);
    spectra_database_close(NULL);
    spectra_builder_free(NULL);
    spectra_database_close(database);
    spectra_builder_free(builder);
    free(file);
}

static void the_same_input_gives_the_same_bytes(void **state) {
    (void)state;
    size_t size_a, size_b;
    uint8_t *a = sample_full_file(&size_a), *b = sample_full_file(&size_b);
    assert_int_equal(size_a, size_b);
    assert_memory_equal(a, b, size_a);
    free(a);
    free(b);
}

static void another_order_gives_other_numbers_and_a_valid_database(void **state) {
    (void)state;
    spectra_builder *builder = sample_builder();
    size_t count = COUNT_OF(sample_records), size;
    for (size_t i = 0; i < count; i++)
        assert_int_equal(sample_add(builder, &sample_records[count - 1 - i], NULL), SPECTRA_OK);
    uint8_t *file = sample_file(builder, &size);
    spectra_builder_free(builder);
    spectra_database *database = sample_open(file, size);
    for (uint32_t i = 0; i < count; i++) check_entry(database, i, &sample_records[count - 1 - i]);
    sample_verify(database);
    spectra_database_close(database);
    free(file);
}

static void what_is_added_after_writing_is_in_the_next_file(void **state) {
    (void)state;
    spectra_builder *builder = sample_builder();
    size_t size, whole_size;
    for (size_t i = 0; i < COUNT_OF(sample_records); i++) {
        free(sample_file(builder, &size));
        assert_int_equal(sample_add(builder, &sample_records[i], NULL), SPECTRA_OK);
    }
    uint8_t *file = sample_file(builder, &size);
    spectra_builder *at_once = sample_builder();
    for (size_t i = 0; i < COUNT_OF(sample_records); i++) sample_add(at_once, &sample_records[i], NULL);
    uint8_t *whole = sample_file(at_once, &whole_size);
    assert_int_equal(size, whole_size);
    assert_memory_equal(file, whole, size);
    spectra_builder_free(builder);
    spectra_builder_free(at_once);
    free(file);
    free(whole);
}

static void an_empty_builder_writes_a_valid_database(void **state) {
    (void)state;
    spectra_builder *builder = sample_builder();
    size_t size;
    db_set set;
    uint8_t *file = sample_file(builder, &size);
    spectra_database *database = sample_open(file, size);
    assert_int_equal(spectra_database_entry_count(database), 0);
    assert_int_equal(db_find_set(&set, database, SPECTRA_TRACK_EI, SPECTRA_POLARITY_POSITIVE, DB_SET_NOMINAL),
                     SPECTRA_E_NOT_FOUND);
    sample_verify(database);
    spectra_database_close(database);
    spectra_builder_free(builder);
    free(file);
}

static void the_digest_names_the_content(void **state) {
    (void)state;
    uint8_t digests[2][32];
    sample_record record = sample_records[0];
    for (size_t i = 0; i < 2; i++, record.seed++) {
        size_t size;
        spectra_builder *builder = sample_builder();
        assert_int_equal(sample_add(builder, &record, NULL), SPECTRA_OK);
        uint8_t *file = sample_file(builder, &size);
        spectra_database *database = sample_open(file, size);
        spectra_database_digest(database, digests[i]);
        assert_memory_equal(digests[i], file + 224, 32);
        spectra_database_close(database);
        spectra_builder_free(builder);
        free(file);
    }
    assert_memory_not_equal(digests[0], digests[1], 32);
}

/* The entries of a set, in its order. */
static void check_members(const spectra_database *database, spectra_track track, spectra_polarity polarity, int kind,
                          const uint32_t *entries, uint32_t count) {
    db_set set;
    db_spectrum spectrum;
    assert_int_equal(db_find_set(&set, database, track, polarity, kind), SPECTRA_OK);
    assert_int_equal(set.count, count);
    for (uint32_t i = 0; i < count; i++) {
        assert_true(db_spectrum_at(&spectrum, &set, i));
        assert_int_equal(spectrum.entry, entries[i]);
    }
}

static void spectra_stand_in_the_sets_of_their_track_by_precursor_and_entry(void **state) {
    (void)state;
    static const uint32_t ei[] = {0, 5, 9}, windowed[] = {2, 1, 6}, open[] = {7, 2, 1, 6}, negative[] = {3},
                          insource[] = {4}, insource_negative[] = {8};
    size_t size;
    uint8_t *file = sample_full_file(&size);
    spectra_database *database = sample_open(file, size);
    check_members(database, SPECTRA_TRACK_EI, SPECTRA_POLARITY_POSITIVE, DB_SET_NOMINAL, ei, 3);
    check_members(database, SPECTRA_TRACK_MSMS, SPECTRA_POLARITY_POSITIVE, DB_SET_WINDOWED, windowed, 3);
    check_members(database, SPECTRA_TRACK_MSMS, SPECTRA_POLARITY_POSITIVE, DB_SET_OPEN, open, 4);
    check_members(database, SPECTRA_TRACK_MSMS, SPECTRA_POLARITY_NEGATIVE, DB_SET_WINDOWED, negative, 1);
    check_members(database, SPECTRA_TRACK_MSMS, SPECTRA_POLARITY_NEGATIVE, DB_SET_OPEN, negative, 1);
    check_members(database, SPECTRA_TRACK_INSOURCE, SPECTRA_POLARITY_POSITIVE, DB_SET_OPEN, insource, 1);
    check_members(database, SPECTRA_TRACK_INSOURCE, SPECTRA_POLARITY_NEGATIVE, DB_SET_OPEN, insource_negative, 1);
    check_members(database, SPECTRA_TRACK_INSOURCE, SPECTRA_POLARITY_POSITIVE, DB_SET_FINE, insource, 1);
    check_members(database, SPECTRA_TRACK_INSOURCE, SPECTRA_POLARITY_NEGATIVE, DB_SET_FINE, insource_negative, 1);
    db_set set;
    assert_int_equal(db_find_set(&set, database, SPECTRA_TRACK_EI, SPECTRA_POLARITY_NEGATIVE, DB_SET_NOMINAL),
                     SPECTRA_E_NOT_FOUND);
    assert_int_equal(db_find_set(&set, database, SPECTRA_TRACK_EI, SPECTRA_POLARITY_POSITIVE, DB_SET_OPEN),
                     SPECTRA_E_NOT_FOUND);
    spectra_database_close(database);
    free(file);
}

static void the_lower_bound_is_the_first_of_a_precursor(void **state) {
    (void)state;
    size_t size;
    uint8_t *file = sample_full_file(&size);
    spectra_database *database = sample_open(file, size);
    db_set set;
    assert_int_equal(db_find_set(&set, database, SPECTRA_TRACK_MSMS, SPECTRA_POLARITY_POSITIVE, DB_SET_OPEN),
                     SPECTRA_OK);
    assert_int_equal(db_lower_bound(&set, 0), 0);
    assert_int_equal(db_lower_bound(&set, 1), 1);
    assert_int_equal(db_lower_bound(&set, 177102200), 1);
    assert_int_equal(db_lower_bound(&set, 177102201), 2);
    assert_int_equal(db_lower_bound(&set, 191117900), 2);
    assert_int_equal(db_lower_bound(&set, 191117901), 4);
    assert_int_equal(db_lower_bound(&set, UINT32_MAX), 4);
    spectra_database_close(database);
    free(file);
}

static void check_peaks(const db_set *set, const db_spectrum *spectrum, const spectra_prepared *prepared) {
    size_t count = prepared->count;
    assert_int_equal(spectrum->peak_count, count);
    if (set->nominal) {
        assert_memory_equal(set->nominal + spectrum->first_peak, prepared->nominal, count * sizeof(uint16_t));
        assert_memory_equal(set->root + spectrum->first_peak, prepared->root, count * sizeof(uint16_t));
        assert_memory_equal(set->weighted + spectrum->first_peak, prepared->weighted, count * sizeof(uint16_t));
        assert_int_equal(spectrum->first_mz, prepared->first_mz);
    } else {
        assert_memory_equal(set->mz_uth + spectrum->first_peak, prepared->mz_uth, count * sizeof(uint32_t));
        assert_memory_equal(set->weight + spectrum->first_peak, prepared->weight, count * sizeof(uint16_t));
        assert_memory_equal(set->root + spectrum->first_peak, prepared->root, count * sizeof(uint16_t));
        assert_int_equal(spectrum->precursor_uth, prepared->precursor_uth);
    }
}

static void peaks_of_a_set_are_what_its_recipe_makes_of_the_record(void **state) {
    (void)state;
    size_t size, compared = 0;
    uint8_t *file = sample_full_file(&size);
    spectra_database *database = sample_open(file, size);
    for (uint32_t group = 0; group < DB_GROUP_COUNT; group++) {
        db_set set;
        db_spectrum spectrum;
        assert_int_equal(db_group_set(&set, database, group), SPECTRA_OK);
        for (uint32_t i = 0; i < set.count; i++) {
            static uint8_t work[1 << 18];
            spectra_scratch scratch;
            spectra_scratch_init(&scratch, work, sizeof work);
            assert_true(db_spectrum_at(&spectrum, &set, i));
            spectra_spectrum *raw = sample_spectrum(&sample_records[spectrum.entry]);
            const spectra_prepared *prepared;
            assert_int_equal(spectra_prepare(&prepared, raw, &set.recipe, &scratch, NULL), SPECTRA_OK);
            check_peaks(&set, &spectrum, prepared);
            compared += prepared->count;
            spectra_spectrum_free(raw);
        }
    }
    assert_in_range(compared, 100, 2000);
    spectra_database_close(database);
    free(file);
}

static void ei_is_positive_whatever_the_record_says(void **state) {
    (void)state;
    sample_record record = sample_records[0];
    record.polarity = "NEGATIVE";
    spectra_builder *builder = sample_builder();
    size_t size;
    spectra_entry entry;
    assert_int_equal(sample_add(builder, &record, NULL), SPECTRA_OK);
    uint8_t *file = sample_file(builder, &size);
    spectra_database *database = sample_open(file, size);
    assert_int_equal(spectra_database_entry(database, 0, &entry), SPECTRA_OK);
    assert_int_equal(entry.track, SPECTRA_TRACK_EI);
    assert_int_equal(entry.polarity, SPECTRA_POLARITY_POSITIVE);
    sample_verify(database);
    spectra_database_close(database);
    spectra_builder_free(builder);
    free(file);
}

static void a_spectrum_that_does_not_tell_what_it_is_changes_nothing(void **state) {
    (void)state;
    spectra_builder *builder = sample_full_builder();
    spectra_error error;
    size_t before_size, after_size;
    uint8_t *before = sample_file(builder, &before_size);
    sample_record no_polarity = sample_records[1], no_track = sample_records[0], no_name = sample_records[0];
    no_polarity.polarity = NULL;
    no_track.kind = "unheard of";
    no_track.name = "also new";
    no_name.name = no_name.inchikey = NULL;
    assert_int_equal(sample_add(builder, &no_polarity, &error), SPECTRA_E_INVALID);
    assert_string_equal(error.message, "the record does not tell the polarity");
    assert_int_equal(sample_add(builder, &no_track, &error), SPECTRA_E_INVALID);
    assert_non_null(strstr(error.message, "kind of spectrum"));
    assert_int_equal(sample_add(builder, &no_name, &error), SPECTRA_E_INVALID);
    assert_non_null(strstr(error.message, "which compound"));
    uint8_t *after = sample_file(builder, &after_size);
    assert_int_equal(before_size, after_size);
    assert_memory_equal(before, after, before_size);
    spectra_builder_free(builder);
    free(before);
    free(after);
}

static void the_given_track_counts_where_the_record_tells_none(void **state) {
    (void)state;
    sample_record record = sample_records[1];
    record.kind = "unheard of";
    spectra_builder *builder = sample_builder();
    spectra_spectrum *spectrum = sample_spectrum(&record);
    sample_record told = sample_records[0];
    spectra_spectrum *ei = sample_spectrum(&told);
    spectra_entry entry;
    size_t size;
    assert_int_equal(spectra_builder_add_spectrum(builder, spectrum, SPECTRA_TRACK_INSOURCE, NULL), SPECTRA_OK);
    assert_int_equal(spectra_builder_add_spectrum(builder, ei, SPECTRA_TRACK_INSOURCE, NULL), SPECTRA_OK);
    assert_int_equal(spectra_builder_add_spectrum(builder, ei, 4, NULL), SPECTRA_E_INVALID);
    uint8_t *file = sample_file(builder, &size);
    spectra_database *database = sample_open(file, size);
    assert_int_equal(spectra_database_entry(database, 0, &entry), SPECTRA_OK);
    assert_int_equal(entry.track, SPECTRA_TRACK_INSOURCE);
    assert_int_equal(spectra_database_entry(database, 1, &entry), SPECTRA_OK);
    assert_int_equal(entry.track, SPECTRA_TRACK_EI);
    spectra_database_close(database);
    spectra_spectrum_free(spectrum);
    spectra_spectrum_free(ei);
    spectra_builder_free(builder);
    free(file);
}

static void a_substance_knows_what_was_measured_of_it(void **state) {
    (void)state;
    size_t size;
    uint8_t *file = sample_full_file(&size);
    spectra_database *database = sample_open(file, size);
    db_entry_key key;
    assert_false(db_entry_key_at(&key, database, COUNT_OF(sample_records)));
    assert_true(db_entry_key_at(&key, database, 1));
    assert_true(db_substance_measured(database, key.substance, SPECTRA_TRACK_EI, SPECTRA_POLARITY_POSITIVE));
    assert_true(db_substance_measured(database, key.substance, SPECTRA_TRACK_MSMS, SPECTRA_POLARITY_POSITIVE));
    assert_true(db_substance_measured(database, key.substance, SPECTRA_TRACK_INSOURCE, SPECTRA_POLARITY_POSITIVE));
    assert_false(db_substance_measured(database, key.substance, SPECTRA_TRACK_MSMS, SPECTRA_POLARITY_NEGATIVE));
    assert_false(db_substance_measured(database, 0, SPECTRA_TRACK_EI, SPECTRA_POLARITY_POSITIVE));
    assert_false(db_substance_measured(database, 99, SPECTRA_TRACK_EI, SPECTRA_POLARITY_POSITIVE));
    assert_string_equal(db_string(database, key.accession), "T-2");
    assert_string_equal(db_string(database, db_substance_formula(database, key.substance)), "C11H14N2O");
    assert_string_equal(db_string(database, UINT32_MAX), "");
    assert_int_equal(db_substance_formula(database, 99), 0);
    spectra_database_close(database);
    free(file);
}

static void sections_are_listed_by_name_in_file_order(void **state) {
    (void)state;
    static const char *const names[] = {
        "strings",       "substances",      "entries",       "calibration",      "families",        "sites",
        "fragments",     "deltas",          "intensities",   "backgrounds",      "parameters",      "nominal recipe",
        "nominal index", "nominal m/z",     "nominal root",  "nominal weighted", "windowed recipe", "windowed index",
        "windowed m/z",  "windowed weight", "windowed root", "open recipe",      "open index",      "open m/z",
        "open weight",   "open root",
    };
    size_t size;
    uint8_t *file = sample_full_file(&size);
    spectra_database *database = sample_open(file, size);
    spectra_section section;
    uint64_t end = 0;
    assert_int_equal(spectra_database_section_count(database), 4 + 7 + 5 + 8 * 5);
    for (uint32_t i = 0; i < spectra_database_section_count(database); i++) {
        assert_int_equal(spectra_database_section(database, i, &section), SPECTRA_OK);
        if (i < COUNT_OF(names)) assert_string_equal(section.name, names[i]);
        assert_true(section.offset >= end && section.offset % 64 == 0);
        end = section.offset + section.size;
    }
    section = sample_section(database, "entries", SPECTRA_TRACK_UNKNOWN);
    assert_int_equal(section.count, COUNT_OF(sample_records));
    section = sample_section(database, "nominal index", SPECTRA_TRACK_EI);
    assert_int_equal(section.count, 4);
    assert_int_equal(section.size, 4 * 32);
    assert_int_equal(spectra_database_section(database, 4 + 7 + 5 + 8 * 5, &section), SPECTRA_E_NOT_FOUND);
    spectra_database_close(database);
    free(file);
}

/* Adds all records; where memory is refused, once more with memory. */
static spectra_status build_stingily(counted_memory *self, const uint8_t *expected, size_t expected_size) {
    spectra_allocator allocator = counted_allocator(self);
    spectra_builder *builder;
    const void *bytes;
    size_t size;
    bool refused = false;
    spectra_status status = spectra_builder_create(&builder, &allocator);
    if (status < 0) return status;
    for (size_t i = 0; i < COUNT_OF(sample_records); i++) {
        status = sample_add(builder, &sample_records[i], NULL);
        if (status == SPECTRA_OK) continue;
        assert_int_equal(status, SPECTRA_E_MEMORY);
        refused = true;
        self->from_then_on = false;
        assert_int_equal(sample_add(builder, &sample_records[i], NULL), SPECTRA_OK);
    }
    status = spectra_builder_write_memory(builder, &bytes, &size, NULL);
    if (status == SPECTRA_E_MEMORY) {
        refused = true;
        self->from_then_on = false;
        status = spectra_builder_write_memory(builder, &bytes, &size, NULL);
    }
    assert_int_equal(status, SPECTRA_OK);
    assert_int_equal(size, expected_size);
    assert_memory_equal(bytes, expected, size);
    spectra_builder_free(builder);
    return refused ? SPECTRA_E_MEMORY : SPECTRA_OK;
}

static void a_refused_allocation_leaves_the_builder_as_it_was(void **state) {
    (void)state;
    spectra_builder *builder = sample_builder();
    size_t size, runs = 0;
    for (size_t i = 0; i < COUNT_OF(sample_records); i++) sample_add(builder, &sample_records[i], NULL);
    uint8_t *expected = sample_file(builder, &size);
    spectra_builder_free(builder);
    for (int from_then_on = 0; from_then_on < 2; from_then_on++) {
        spectra_status status = SPECTRA_E_MEMORY;
        for (size_t refuse = 1; status != SPECTRA_OK; refuse++, runs++) {
            counted_memory self = {.refuse = refuse, .from_then_on = from_then_on};
            status = build_stingily(&self, expected, size);
            assert_int_equal(self.held, 0);
        }
    }
    assert_true(runs > 60);
    free(expected);
}

static void opening_and_verifying_without_memory_fail_cleanly(void **state) {
    (void)state;
    size_t size;
    uint8_t *file = sample_full_file(&size);
    counted_memory self = {.refuse = 1};
    spectra_allocator allocator = counted_allocator(&self);
    spectra_database *database;
    assert_int_equal(spectra_database_open_memory(&database, file, size, &allocator, NULL), SPECTRA_E_MEMORY);
    self.refuse = 3;
    assert_int_equal(spectra_database_open_memory(&database, file, size, &allocator, NULL), SPECTRA_OK);
    assert_int_equal(spectra_database_verify(database, NULL), SPECTRA_E_MEMORY);
    sample_verify(database);
    spectra_database_close(database);
    assert_int_equal(self.held, 0);
    free(file);
}

static void a_database_that_cannot_be_made_or_placed_is_not_written(void **state) {
    (void)state;
    counted_memory self = {0};
    spectra_allocator allocator = counted_allocator(&self);
    spectra_builder *builder;
    spectra_database *database;
    assert_int_equal(spectra_builder_create(&builder, &allocator), SPECTRA_OK);
    self.refuse = self.requests + 1;
    assert_int_equal(spectra_builder_write(builder, PATH, NULL), SPECTRA_E_MEMORY);
    assert_int_equal(spectra_database_open(&database, PATH, SPECTRA_OPEN_MAP, NULL, NULL), SPECTRA_E_IO);
    assert_int_equal(spectra_builder_write(builder, "no/such/folder.spdb", NULL), SPECTRA_E_IO);
    spectra_builder_free(builder);
    assert_int_equal(self.held, 0);
}

/* The strongest peak has 1, m/z ascend, and each set's peaks are those of its entry. */
static void the_peaks_of_an_entry_are_shares_of_its_strongest(void **state) {
    (void)state;
    spectra_builder *builder = sample_full_builder();
    size_t size, count;
    uint8_t *file = sample_file(builder, &size);
    spectra_database *database = sample_open(file, size);
    double mz[200], intensity[200];
    for (uint32_t i = 0; i < COUNT_OF(sample_records); i++) {
        assert_int_equal(spectra_database_peaks(database, i, mz, intensity, 200, &count), SPECTRA_OK);
        assert_true(count <= sample_records[i].peaks && (count > 0) == (sample_records[i].peaks > 0));
        double most = 0;
        for (size_t k = 0; k < count; k++) {
            assert_true(intensity[k] > 0 && (k == 0 || mz[k] > mz[k - 1]));
            most = intensity[k] > most ? intensity[k] : most;
        }
        assert_true(most == (count > 0 ? 1.0 : 0.0));
    }
    intensity[1] = 7;
    assert_int_equal(spectra_database_peaks(database, 0, mz, intensity, 1, &count), SPECTRA_OK);
    assert_true(count > 1 && intensity[1] == 7);
    assert_int_equal(spectra_database_peaks(database, 0, NULL, NULL, 0, &count), SPECTRA_OK);
    assert_int_equal(spectra_database_peaks(database, 10, mz, intensity, 1, &count), SPECTRA_E_NOT_FOUND);
    assert_int_equal(spectra_database_peaks(database, 0, NULL, intensity, 1, &count), SPECTRA_E_INVALID);
    spectra_database_close(database);
    free(file);
    spectra_builder_free(builder);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_peaks_of_an_entry_are_shares_of_its_strongest),
        cmocka_unit_test(entries_come_back_from_memory_map_and_copy),
        cmocka_unit_test(a_missing_file_and_bad_arguments_are_told_apart),
        cmocka_unit_test(missing_arguments_are_refused),
        cmocka_unit_test(the_same_input_gives_the_same_bytes),
        cmocka_unit_test(another_order_gives_other_numbers_and_a_valid_database),
        cmocka_unit_test(what_is_added_after_writing_is_in_the_next_file),
        cmocka_unit_test(an_empty_builder_writes_a_valid_database),
        cmocka_unit_test(the_digest_names_the_content),
        cmocka_unit_test(spectra_stand_in_the_sets_of_their_track_by_precursor_and_entry),
        cmocka_unit_test(the_lower_bound_is_the_first_of_a_precursor),
        cmocka_unit_test(peaks_of_a_set_are_what_its_recipe_makes_of_the_record),
        cmocka_unit_test(ei_is_positive_whatever_the_record_says),
        cmocka_unit_test(a_spectrum_that_does_not_tell_what_it_is_changes_nothing),
        cmocka_unit_test(the_given_track_counts_where_the_record_tells_none),
        cmocka_unit_test(a_substance_knows_what_was_measured_of_it),
        cmocka_unit_test(sections_are_listed_by_name_in_file_order),
        cmocka_unit_test(a_refused_allocation_leaves_the_builder_as_it_was),
        cmocka_unit_test(a_database_that_cannot_be_made_or_placed_is_not_written),
        cmocka_unit_test(opening_and_verifying_without_memory_fail_cleanly),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
