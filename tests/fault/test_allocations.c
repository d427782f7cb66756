/* SPDX-License-Identifier: Apache-2.0 */
/* Every allocation of every public call fails, once and from then on: a clean status, no leak, objects as they were
   and fit for the same call again. Calls that allocate nothing are shown to. check_public.py holds the names that are
   called here against the headers. */
#define _POSIX_C_SOURCE 200809L
#include <dirent.h>

#include "fault/memory_faults.h"
#include "fault/signals.h"
#include "fault/sweep.h"

/* --- Spectra --- */

#define POISON(type) ((type *)(uintptr_t)16) /* an out-parameter that a failing call must have set to NULL */

static void prepare_nothing(world *w) {
    (void)w;
}

static spectra_status call_spectrum_create(world *w) {
    w->spectrum = POISON(spectra_spectrum);
    return CALLED(spectra_spectrum_create)(&w->spectrum, w->allocator);
}

static void prepare_spectrum(world *w) {
    const double mz[] = {50, 60}, intensity[] = {1, 2};
    assert_int_equal(spectra_spectrum_create(&w->spectrum, w->allocator), SPECTRA_OK);
    assert_int_equal(spectra_spectrum_add_metadata(w->spectrum, "Name", "as it was"), SPECTRA_OK);
    for (uint32_t i = 0; i < w->step; i++)
        assert_int_equal(spectra_spectrum_add_metadata(w->spectrum, "Synon", "x"), SPECTRA_OK);
    assert_int_equal(spectra_spectrum_set_peaks(w->spectrum, mz, intensity, 2, NULL), SPECTRA_OK);
}

static spectra_status call_set_peaks(world *w) {
    double mz[600], intensity[600];
    for (int i = 0; i < 600; i++) {
        mz[i] = 700.5 - i;
        intensity[i] = i;
    }
    return CALLED(spectra_spectrum_set_peaks)(w->spectrum, mz, intensity, 600, &w->error);
}

static spectra_status call_add_metadata(world *w) {
    return CALLED(spectra_spectrum_add_metadata)(w->spectrum, "Comments",
                                                 "\"SMILES=CC\" \"author=G\xfc\" CAS#: 50-00-0");
}

/* The copy takes the place of what it was made from. */
static spectra_status call_copy(world *w) {
    spectra_spectrum *copy = POISON(spectra_spectrum);
    spectra_status status = CALLED(spectra_spectrum_copy)(&copy, w->spectrum, w->allocator);
    assert_int_equal(copy != NULL, status == SPECTRA_OK);
    if (!copy) return status;
    CALLED(spectra_spectrum_free)(w->spectrum);
    w->spectrum = copy;
    return status;
}

/* Peaks of equal m/z, whose order the digest does not leave to the record. */
static void prepare_equal_peaks(world *w) {
    double mz[100], intensity[100];
    for (int i = 0; i < 100; i++) {
        mz[i] = 50 + i / 10;
        intensity[i] = i;
    }
    assert_int_equal(spectra_spectrum_create(&w->spectrum, w->allocator), SPECTRA_OK);
    assert_int_equal(spectra_spectrum_set_peaks(w->spectrum, mz, intensity, 100, NULL), SPECTRA_OK);
}

static spectra_status call_from_transient(world *w) {
    static const spectra_profile_peak peaks[40] = {{.mz = 50, .intensity = 1}, {.mz = 51, .intensity = 2}};
    static const spectra_transient_result result = {
        .peaks = peaks, .peak_count = 2, .warnings = SPECTRA_TRANSIENT_SATURATED};
    return CALLED(spectra_spectrum_from_transient)(w->spectrum, &result);
}

static spectra_status call_from_profile(world *w) {
    static const spectra_profile_peak peaks[40] = {{.mz = 50, .intensity = 1}, {.mz = 51, .intensity = 2}};
    static const spectra_profile_result result = {
        .peak_count = 2, .peaks = peaks, .warnings = SPECTRA_PROFILE_SATURATED | SPECTRA_PROFILE_GAPS};
    return CALLED(spectra_spectrum_from_profile)(w->spectrum, &result);
}

static spectra_status call_splash(world *w) {
    return CALLED(spectra_spectrum_splash)(w->spectrum, w->splash);
}

static void spectra_survive(void **state) {
    (void)state;
    static const sweep_case create = {prepare_nothing, call_spectrum_create, describe_spectrum, UNCHANGED, false};
    static const sweep_case set_peaks = {prepare_spectrum, call_set_peaks, describe_spectrum, UNCHANGED, true};
    static const sweep_case add_metadata = {prepare_spectrum, call_add_metadata, describe_spectrum, UNCHANGED, false};
    static const sweep_case copy = {prepare_spectrum, call_copy, describe_spectrum, UNCHANGED, false};
    static const sweep_case splash = {prepare_equal_peaks, call_splash, describe_splash, UNCHANGED, false};
    static const sweep_case from_profile = {prepare_spectrum, call_from_profile, describe_spectrum, UNCHANGED, false};
    sweep_steps(&from_profile, 40);
    static const sweep_case from_transient = {prepare_spectrum, call_from_transient, describe_spectrum, UNCHANGED,
                                              false};
    sweep_steps(&from_transient, 40);
    sweep_steps(&create, 1);
    sweep_steps(&copy, 1);
    sweep_steps(&splash, 1);
    sweep_steps(&set_peaks, 1);
    sweep_steps(&add_metadata, 40);
}

/* --- Readers --- */

static void prepare_file(world *w) {
    w->text = load_sample(w->file, &w->in.size);
    w->in.bytes = w->text;
    w->in.chunk = 100;
}

static spectra_status call_open_stream(world *w) {
    w->reader = POISON(spectra_reader);
    w->in.position = 0;
    return CALLED(spectra_reader_open_stream)(&w->reader, read_bytes, &w->in, NULL, w->allocator, &w->error);
}

static spectra_status call_open_file(world *w) {
    char name[1024];
    assert_true(snprintf(name, sizeof name, "%s/data/%s", TESTS_DIR, w->file) < (int)sizeof name);
    w->reader = POISON(spectra_reader);
    return CALLED(spectra_reader_open)(&w->reader, name, NULL, w->allocator, &w->error);
}

/* A reader in front of record `step`. */
static void prepare_reader(world *w) {
    prepare_file(w);
    assert_int_equal(spectra_reader_open_stream(&w->reader, read_bytes, &w->in, NULL, w->allocator, NULL), SPECTRA_OK);
    for (uint32_t i = 0; i < w->step; i++) spectra_reader_next(w->reader, &w->record, NULL);
    w->record = NULL;
}

static spectra_status call_next(world *w) {
    return CALLED(spectra_reader_next)(w->reader, &w->record, &w->error);
}

#define SWEPT_RECORDS 32 /* of a file at the most: each is reached by reading those before it */

static void sweep_file(const char *name) {
    static const sweep_case open_stream = {prepare_file, call_open_stream, describe_reader, UNCHANGED, true};
    static const sweep_case open_file = {prepare_file, call_open_file, describe_reader, UNCHANGED, true};
    static const sweep_case next = {prepare_reader, call_next, describe_record, SPENT, true};
    uint64_t requests = 0;
    spectra_status status = sweep_case_step(&open_stream, name, 0, &requests);
    assert_int_equal(sweep_case_step(&open_file, name, 0, &requests), status);
    assert_true(requests > 0);
    if (status < 0) return;
    for (uint32_t step = 0; status != SPECTRA_END && step < SWEPT_RECORDS; step++)
        status = sweep_case_step(&next, name, step, &requests);
}

/* All samples, whatever their format, compressed or not. */
static void readers_survive(void **state) {
    (void)state;
    uint32_t files = 0;
    DIR *data = opendir(TESTS_DIR "/data");
    assert_non_null(data);
    for (struct dirent *entry = readdir(data); entry; entry = readdir(data)) {
        if (entry->d_name[0] == '.') continue;
        sweep_file(entry->d_name);
        files++;
    }
    closedir(data);
    assert_true(files > 10);
}

/* --- Writers --- */

static spectra_sink sink_of(world *w) {
    return (spectra_sink){w->out, fixed_write};
}

static spectra_format format_of(uint32_t step) {
    static const spectra_format written[] = {SPECTRA_FORMAT_MSP, SPECTRA_FORMAT_MGF, SPECTRA_FORMAT_RECORD,
                                             SPECTRA_FORMAT_JSON};
    return written[step % COUNT_OF(written)];
}

static spectra_status call_writer_create(world *w) {
    spectra_sink sink = sink_of(w);
    w->writer = POISON(spectra_writer);
    return CALLED(spectra_writer_create)(&w->writer, format_of(w->step), &sink, w->allocator);
}

/* A new writer, and from step 4 on one that has written before. */
static void prepare_writer(world *w) {
    spectra_sink sink = sink_of(w);
    w->spectrum = sample_spectrum(&sample_records[9]);
    assert_int_equal(spectra_writer_create(&w->writer, format_of(w->step), &sink, w->allocator), SPECTRA_OK);
    if (w->step < 4) return;
    assert_int_equal(spectra_writer_write(w->writer, w->spectrum, NULL), SPECTRA_OK);
    spectra_spectrum_free(w->spectrum);
    w->spectrum = sample_spectrum(&sample_records[1]);
}

static spectra_status call_write(world *w) {
    return CALLED(spectra_writer_write)(w->writer, w->spectrum, &w->error);
}

static spectra_status call_finish(world *w) {
    return CALLED(spectra_writer_finish)(w->writer);
}

static void writers_survive(void **state) {
    (void)state;
    static const sweep_case create = {prepare_nothing, call_writer_create, describe_output, UNCHANGED, false};
    static const sweep_case write = {prepare_writer, call_write, describe_output, UNCHANGED, true};
    static const sweep_case finish = {prepare_writer, call_finish, describe_output, UNCHANGED, false};
    sweep_steps(&create, 4);
    sweep_steps(&write, 8);
    sweep_steps(&finish, 8);
}

/* --- Builders --- */

static spectra_status call_builder_create(world *w) {
    w->builder = POISON(spectra_builder);
    return CALLED(spectra_builder_create)(&w->builder, w->allocator);
}

static spectra_substance substance_number(uint32_t i, char name[32]) {
    snprintf(name, 32, "substance %u", (unsigned)i);
    return (spectra_substance){.name = name, .formula = "C2H6O", .substance_class = name + 4, .source = "made up"};
}

/* A builder that holds `step` substances and, in every other step, has lent its file. */
static void prepare_builder(world *w) {
    char name[32];
    assert_int_equal(spectra_builder_create(&w->builder, w->allocator), SPECTRA_OK);
    for (uint32_t i = 0; i < w->step; i++) {
        spectra_substance substance = substance_number(i, name);
        assert_int_equal(spectra_builder_add_substance(w->builder, &substance, NULL), SPECTRA_OK);
    }
    if (w->step % 2 == 1)
        assert_int_equal(spectra_builder_write_memory(w->builder, &w->lent, &w->lent_size, NULL), SPECTRA_OK);
}

static spectra_status call_add_substance(world *w) {
    char name[32];
    spectra_substance substance = substance_number(w->step, name);
    spectra_status status = CALLED(spectra_builder_add_substance)(w->builder, &substance, &w->error);
    if (status == SPECTRA_OK) w->lent = NULL; /* taken back */
    return status;
}

static spectra_status call_add_table(world *w) {
    return CALLED(spectra_builder_add_substances_table)(w->builder, SUBSTANCES_TABLE, &w->error);
}

static spectra_status call_add_knowledge(world *w) {
    return CALLED(spectra_builder_add_knowledge)(w->builder, SAMPLE_KNOWLEDGE, &w->error);
}

/* A builder with the sample records before `step`, and that record apart. */
static void prepare_records(world *w) {
    assert_int_equal(spectra_builder_create(&w->builder, w->allocator), SPECTRA_OK);
    for (uint32_t i = 0; i < w->step; i++)
        assert_int_equal(sample_add(w->builder, &sample_records[i % COUNT_OF(sample_records)], NULL), SPECTRA_OK);
    w->spectrum = sample_spectrum(&sample_records[w->step % COUNT_OF(sample_records)]);
}

static spectra_status call_add_spectrum(world *w) {
    return CALLED(spectra_builder_add_spectrum)(w->builder, w->spectrum, SPECTRA_TRACK_UNKNOWN, &w->error);
}

/* All records in a builder, an older database at the sweep_path. */
static void prepare_replacement(world *w) {
    spectra_builder *older = sample_builder();
    assert_int_equal(sample_add(older, &sample_records[0], NULL), SPECTRA_OK);
    assert_int_equal(spectra_builder_write(older, sweep_path, NULL), SPECTRA_OK);
    spectra_builder_free(older);
    w->step = COUNT_OF(sample_records);
    prepare_records(w);
    sample_ask_for_postings(w->builder);
}

static spectra_status call_builder_write(world *w) {
    return CALLED(spectra_builder_write)(w->builder, sweep_path, &w->error);
}

static spectra_status call_write_memory(world *w) {
    const void *bytes = NULL;
    size_t size;
    spectra_status status = CALLED(spectra_builder_write_memory)(w->builder, &bytes, &size, &w->error);
    if (status == SPECTRA_OK && w->lent) {
        w->lent = bytes;
        w->lent_size = size;
    }
    return status;
}

/* As many spectra of EI as a calibration needs, with few peaks each. */
static void prepare_calibration(world *w) {
    assert_int_equal(spectra_builder_create(&w->builder, w->allocator), SPECTRA_OK);
    for (uint32_t i = 0; i < 100; i++) {
        char name[32];
        snprintf(name, sizeof name, "compound %u", (unsigned)i);
        const sample_record record = {.name = name, .kind = "EI", .peaks = 3 + i % 5, .seed = i + 1};
        assert_int_equal(sample_add(w->builder, &record, NULL), SPECTRA_OK);
    }
}

static spectra_status call_calibrate(world *w) {
    return CALLED(spectra_builder_calibrate)(w->builder, &w->error);
}

static void builders_survive(void **state) {
    (void)state;
    static const sweep_case create = {prepare_nothing, call_builder_create, describe_builder, UNCHANGED, false};
    static const sweep_case add_substance = {prepare_builder, call_add_substance, describe_builder, UNCHANGED, true};
    static const sweep_case add_table = {prepare_builder, call_add_table, describe_builder, PARTLY_DONE, true};
    static const sweep_case add_knowledge = {prepare_builder, call_add_knowledge, describe_builder, PARTLY_DONE, true};
    static const sweep_case add_spectrum = {prepare_records, call_add_spectrum, describe_builder, UNCHANGED, true};
    static const sweep_case write = {prepare_replacement, call_builder_write, describe_file, UNCHANGED, true};
    static const sweep_case write_memory = {prepare_builder, call_write_memory, describe_builder, UNCHANGED, true};
    static const sweep_case calibrate = {prepare_calibration, call_calibrate, describe_builder, UNCHANGED, true};
    sweep_steps(&create, 1);
    sweep_steps(&calibrate, 1);
    sweep_steps(&add_substance, 34);
    sweep_steps(&add_table, 1);
    sweep_steps(&add_knowledge, 1);
    sweep_steps(&add_spectrum, 2 * COUNT_OF(sample_records));
    sweep_steps(&write, 1);
    sweep_steps(&write_memory, 2);
}

/* --- Databases --- */

static void prepare_database_file(world *w) {
    spectra_builder *builder = sample_full_builder();
    assert_int_equal(spectra_builder_write(builder, sweep_path, NULL), SPECTRA_OK);
    w->image = sample_file(builder, &w->image_size);
    sample_ask_for_postings(builder);
    spectra_builder_free(builder);
}

static spectra_status call_database_open(world *w) {
    spectra_open_mode mode = w->step == 0 ? SPECTRA_OPEN_MAP : SPECTRA_OPEN_COPY;
    w->database = POISON(spectra_database);
    return CALLED(spectra_database_open)(&w->database, sweep_path, mode, w->allocator, &w->error);
}

static spectra_status call_open_memory(world *w) {
    w->database = POISON(spectra_database);
    return CALLED(spectra_database_open_memory)(&w->database, w->image, w->image_size, w->allocator, &w->error);
}

static void prepare_database(world *w) {
    prepare_database_file(w);
    assert_int_equal(spectra_database_open(&w->database, sweep_path, SPECTRA_OPEN_MAP, w->allocator, NULL), SPECTRA_OK);
}

static spectra_status call_verify(world *w) {
    return CALLED(spectra_database_verify)(w->database, &w->error);
}

static void databases_survive(void **state) {
    (void)state;
    static const sweep_case open = {prepare_database_file, call_database_open, describe_database, UNCHANGED, true};
    static const sweep_case open_memory = {prepare_database_file, call_open_memory, describe_database, UNCHANGED, true};
    static const sweep_case verify = {prepare_database, call_verify, describe_database, UNCHANGED, true};
    sweep_steps(&open, 2);
    sweep_steps(&open_memory, 1);
    sweep_steps(&verify, 1);
}

/* --- Calls that allocate nothing: queries, answers about objects, the end of objects --- */

static void ask_spectrum(const spectra_spectrum *spectrum) {
    const char *key, *value;
    double number;
    uint8_t digest[32];
    spectra_collision_energy energy;
    spectra_column column;
    CALLED(spectra_spectrum_peak_count)(spectrum);
    CALLED(spectra_spectrum_mz)(spectrum);
    CALLED(spectra_spectrum_intensity)(spectrum);
    CALLED(spectra_spectrum_annotation)(spectrum, 0);
    CALLED(spectra_spectrum_metadata_count)(spectrum);
    CALLED(spectra_spectrum_metadata)(spectrum, 0, &key, &value);
    CALLED(spectra_spectrum_field)(spectrum, SPECTRA_FIELD_NAME);
    CALLED(spectra_spectrum_synonym)(spectrum, 0);
    CALLED(spectra_spectrum_precursor_mz)(spectrum, &number);
    CALLED(spectra_spectrum_ms_level)(spectrum);
    CALLED(spectra_spectrum_charge)(spectrum);
    CALLED(spectra_spectrum_collision_energy)(spectrum, &energy);
    CALLED(spectra_spectrum_retention_time)(spectrum, &number);
    CALLED(spectra_spectrum_retention_index)(spectrum, &number, &column);
    CALLED(spectra_spectrum_track)(spectrum);
    CALLED(spectra_spectrum_polarity)(spectrum);
    CALLED(spectra_spectrum_warning_count)(spectrum);
    CALLED(spectra_spectrum_warning)(spectrum, 0);
    CALLED(spectra_spectrum_digest)(spectrum, digest);
}

static void ask_database(const spectra_database *database) {
    uint8_t digest[32];
    spectra_substance substance;
    spectra_entry entry;
    spectra_section section;
    double mz[4], intensity[4];
    size_t count;
    CALLED(spectra_database_digest)(database, digest);
    CALLED(spectra_database_entry_count)(database);
    CALLED(spectra_database_substance_count)(database);
    CALLED(spectra_database_substance)(database, 0, &substance);
    CALLED(spectra_database_entry)(database, 0, &entry);
    CALLED(spectra_database_peaks)(database, 0, mz, intensity, 4, &count);
    CALLED(spectra_database_section_count)(database);
    CALLED(spectra_database_section)(database, 0, &section);
}

static void ask_library(void) {
    CALLED(spectra_status_text)(SPECTRA_OK);
    CALLED(spectra_version)();
    CALLED(spectra_kernel)();
    CALLED(spectra_fft_register)(NULL);
    CALLED(spectra_fft_registered)();
    CALLED(spectra_fft_size)(1000);
    CALLED(spectra_fft_prepare)(1000);
    CALLED(spectra_format_text)(SPECTRA_FORMAT_MSP);
    double number;
    CALLED(spectra_parse_number)(&number, "12", 2);
    CALLED(spectra_measure_text)(SPECTRA_MEASURE_ENTROPY);
    CALLED(spectra_verdict_text)(SPECTRA_VERDICT_SUPPORTED);
    spectra_allocator allocator;
    spectra_scratch scratch;
    spectra_scratch_init(&scratch, NULL, 0);
    CALLED(spectra_scratch_allocator)(&allocator, &scratch);
    CALLED(spectra_spectrum_required)(1);
    CALLED(spectra_database_required)();
}

static void prepare_spectrum_by_each_recipe(const spectra_spectrum *spectrum, spectra_scratch *scratch) {
    spectra_recipe recipe[3];
    const spectra_prepared *prepared;
    CALLED(spectra_recipe_nominal)(&recipe[0]);
    CALLED(spectra_recipe_windowed)(&recipe[1]);
    CALLED(spectra_recipe_open)(&recipe[2]);
    for (int i = 0; i < 3; i++) {
        CALLED(spectra_recipe_fingerprint)(&recipe[i]);
        CALLED(spectra_scratch_reset)(scratch);
        if (CALLED(spectra_prepare)(&prepared, spectrum, &recipe[i], scratch, NULL) != SPECTRA_OK) continue;
        CALLED(spectra_prepared_peak_count)(prepared);
        CALLED(spectra_prepared_out_of_range)(prepared);
    }
    CALLED(spectra_prepare_required)(100);
}

static spectra_status take_pairs(void *context, const spectra_pair *pairs, uint32_t count) {
    (void)pairs;
    *(uint32_t *)context += count;
    return SPECTRA_OK;
}

static void find_pairs(const spectra_database *database) {
    static uint8_t bytes[1 << 22];
    const spectra_pairs_options options = {.size = sizeof options, .min_score = 1};
    spectra_scratch scratch;
    uint32_t count = 0;
    spectra_scratch_init(&scratch, bytes, sizeof bytes);
    assert_true(CALLED(spectra_search_pairs_required)(database) <= sizeof bytes);
    assert_int_equal(CALLED(spectra_search_pairs)(database, &options, take_pairs, &count, &scratch, NULL), SPECTRA_OK);
    assert_true(count > 0);
}

static void look_for_targets(const spectra_database *database, const spectra_spectrum *spectrum, int kind,
                             spectra_scratch *scratch) {
    static const char *const family[] = {"fentanyl-related"};
    const spectra_targets targets = {.size = sizeof targets, .classes = family, .class_count = 1};
    const spectra_search_options options = fixture_options(kind);
    const spectra_identification *identification;
    spectra_alarm alarm;
    spectra_scratch_reset(scratch);
    assert_int_equal(spectra_identify(&identification, &database, 1, spectrum, &options, scratch, NULL), SPECTRA_OK);
    assert_int_equal(CALLED(spectra_alarm_judge)(&alarm, identification, &database, 1, &targets), SPECTRA_OK);
    CALLED(spectra_alarm_text)(alarm.state);
}

/* Search, identification and reports, whose answers are compared elsewhere: here their names are kept. */
static spectra_status query_once(world *w, const spectra_spectrum *spectrum, int kind, spectra_scratch *scratch) {
    const spectra_sink sink = sink_of(w);
    const spectra_error error = {.status = SPECTRA_E_FORMAT, .message = "made up"};
    sweep_note_call("spectra_search");
    sweep_note_call("spectra_identify");
    sweep_note_call("spectra_similarity");
    sweep_note_call("spectra_report_hits");
    sweep_note_call("spectra_report_identification");
    sweep_note_call("spectra_mixture_identify");
    sweep_note_call("spectra_report_mixture");
    spectra_status status = fixture_answer(w->out, w->database, spectrum, kind, scratch);
    CALLED(spectra_search_required)(100);
    find_pairs(w->database);
    look_for_targets(w->database, spectrum, kind, scratch);
    CALLED(spectra_identify_required)(100);
    CALLED(spectra_mixture_required)(100, 1);
    CALLED(spectra_similarity_required)(100, 100);
    CALLED(spectra_report_hits_header)(&sink, SPECTRA_REPORT_TSV);
    CALLED(spectra_report_failure)(&sink, SPECTRA_REPORT_JSONL, "file", 0, &error);
    return status;
}

static void free_all(world *w) {
    CALLED(spectra_reader_free)(w->reader);
    CALLED(spectra_writer_free)(w->writer);
    CALLED(spectra_builder_set_options)(w->builder, &(const spectra_builder_options){.size = 0}, NULL);
    CALLED(spectra_builder_free)(w->builder);
    CALLED(spectra_database_close)(w->database);
    CALLED(spectra_spectrum_free)(w->spectrum);
    w->reader = NULL;
    w->writer = NULL;
    w->builder = NULL;
    w->database = NULL;
    w->spectrum = NULL;
}

static void run_quiet(fault_source source) {
    world w;
    const world like = {.file = "records.spectra", .allocator = source == FAULT_ALLOCATOR ? &fault_allocator : NULL};
    static const sweep_case reader = {prepare_reader, NULL, NULL, UNCHANGED, false};
    sweep_begin(&w, &like, &reader);
    prepare_database(&w);
    prepare_writer(&w);
    assert_int_equal(spectra_builder_create(&w.builder, w.allocator), SPECTRA_OK);
    spectra_spectrum *queries[FIXTURE_QUERIES];
    spectra_scratch scratches[FIXTURE_QUERIES];
    for (int i = 0; i < FIXTURE_QUERIES; i++) {
        queries[i] = fixture_query(i);
        scratches[i] = fixture_scratch(queries[i]);
    }
    fault_arm(source, 1, true);
    ask_library();
    use_signals();
    ask_database(w.database);
    CALLED(spectra_reader_format)(w.reader);
    bool answered = true;
    for (int i = 0; i < FIXTURE_QUERIES; i++) {
        CALLED(spectra_scratch_init)(&scratches[i], scratches[i].bytes, scratches[i].size);
        ask_spectrum(queries[i]);
        prepare_spectrum_by_each_recipe(queries[i], &scratches[i]);
        answered &= query_once(&w, queries[i], i, &scratches[i]) == SPECTRA_OK;
    }
    free_all(&w);
    fault_disarm();
    assert_true(answered);
    assert_int_equal(fault_requests(FAULT_ALLOCATOR), 0);
    assert_int_equal(fault_requests(FAULT_PROCESS), 0);
    for (int i = 0; i < FIXTURE_QUERIES; i++) {
        free(scratches[i].bytes);
        spectra_spectrum_free(queries[i]);
    }
    sweep_end(&w);
}

static void what_needs_no_memory_asks_for_none(void **state) {
    (void)state;
    run_quiet(FAULT_ALLOCATOR);
    if (fault_process_is_interposed) run_quiet(FAULT_PROCESS);
}

static char folder[] = "allocations-XXXXXX";

static int make_folder(void **state) {
    (void)state;
    if (!mkdtemp(folder)) return -1;
    fixture_path(sweep_path, folder, "data");
    return 0;
}

/* Fails, and the tests with it, where a file was left behind. */
static int remove_folder(void **state) {
    (void)state;
    return rmdir(folder);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(spectra_survive),   cmocka_unit_test(readers_survive),
        cmocka_unit_test(writers_survive),   cmocka_unit_test(builders_survive),
        cmocka_unit_test(databases_survive), cmocka_unit_test(what_needs_no_memory_asks_for_none),
    };
    int failures = cmocka_run_group_tests(tests, make_folder, remove_folder);
    sweep_print_calls();
    if (failures == 0)
        printf("figure 5: %llu fault points in %llu calls%s, 0 false statuses, 0 leaks, 0 changed objects\n",
               (unsigned long long)sweep_points, (unsigned long long)sweep_calls,
               fault_process_is_interposed ? "" : " (the allocator's alone)");
    return failures;
}
