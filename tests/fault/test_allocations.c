/* SPDX-License-Identifier: Apache-2.0 */
/* Every allocation of every public call fails, once and from then on: a clean status, no leak, objects as they were
   and fit for the same call again. Calls that allocate nothing are shown to. check_public.py holds the names that are
   called here against the headers. */
#define _POSIX_C_SOURCE 200809L
#include "fault/fixture.h"

#include <dirent.h>

#include "fault/memory_faults.h"
#include "unit/io/streams.h"

/* --- What was called with faults armed --- */

static const char *called[256];
static size_t called_count;

static void note_call(const char *function) {
    for (size_t i = 0; i < called_count; i++)
        if (strcmp(called[i], function) == 0) return;
    if (called_count < COUNT_OF(called)) called[called_count++] = function;
}

/* A function, whose name is kept. */
#define CALLED(function) (note_call(#function), function)

/* --- A case: objects, one call on them, and all that they say --- */

typedef struct world {
    const spectra_allocator *allocator;
    const char *file; /* of tests/data */
    uint32_t step;
    spectra_spectrum *spectrum;
    spectra_reader *reader;
    const spectra_spectrum *record;
    spectra_writer *writer;
    fixed_bytes *out;
    spectra_builder *builder;
    const void *lent;
    size_t lent_size;
    spectra_database *database;
    uint8_t *image;
    size_t image_size;
    bytes_in in;
    char *text;
    char splash[SPECTRA_SPLASH_SIZE];
    spectra_error error;
} world;

/* What a failure leaves behind. */
typedef enum aftermath {
    UNCHANGED,
    PARTLY_DONE, /* and the same call again completes it */
    SPENT        /* the object is of no further use and says so */
} aftermath;

typedef struct sweep_case {
    void (*prepare)(world *w);
    spectra_status (*call)(world *w);
    void (*describe)(world *w, const spectra_sink *sink);
    aftermath left;
    bool tells; /* the call fills an error */
} sweep_case;

static char folder[] = "allocations-XXXXXX";
static char path[256];
static uint64_t points, results;

static void describe_by(fixed_bytes *out, const sweep_case *c, world *w) {
    const spectra_sink sink = {out, fixed_write};
    out->size = 0;
    c->describe(w, &sink);
}

static void begin(world *w, const world *like, const sweep_case *c) {
    static fixed_bytes out;
    *w = *like;
    out.size = 0;
    w->out = &out;
    c->prepare(w);
}

static void end(world *w) {
    spectra_reader_free(w->reader);
    spectra_writer_free(w->writer);
    spectra_spectrum_free(w->spectrum);
    spectra_database_close(w->database);
    spectra_builder_free(w->builder);
    free(w->image);
    free(w->text);
    unlink(path);
}

static fixed_bytes expected, before, after;

/* The same call once more, in peace. */
static spectra_status call_again(world *w, const world *like, const sweep_case *c, spectra_status failure) {
    if (c->left == SPENT) {
        assert_int_equal(c->call(w), failure);
        end(w);
        begin(w, like, c);
    }
    return c->call(w);
}

/* One run with a fault; false where the call was over before it came. */
static bool survives(const world *like, const sweep_case *c, fault_source source, uint64_t n, bool forever,
                     spectra_status wanted) {
    world w;
    int64_t live = fault_live_bytes(source);
    begin(&w, like, c);
    describe_by(&before, c, &w);
    fault_arm(source, n, forever);
    spectra_status status = c->call(&w);
    fault_disarm();
    bool hit = fault_was_hit();
    if (hit) {
        assert_int_equal(status, fault_hit_a_map() ? SPECTRA_E_IO : SPECTRA_E_MEMORY);
        assert_int_equal(w.error.status, c->tells ? status : SPECTRA_OK);
        describe_by(&after, c, &w);
        if (c->left == UNCHANGED) assert_true(fixed_equal(&before, &after));
        status = call_again(&w, like, c, status);
        points++;
    }
    assert_int_equal(status, wanted);
    describe_by(&after, c, &w);
    assert_true(fixed_equal(&expected, &after));
    end(&w);
    assert_int_equal(fault_live_bytes(source), live);
    return hit;
}

/* All faults of one source. Returns how many requests the call makes in peace. */
static uint64_t sweep_source(const sweep_case *c, const world *like, fault_source source, spectra_status *wanted) {
    world w, of_source = *like;
    of_source.allocator = source == FAULT_ALLOCATOR ? &fault_allocator : NULL;
    begin(&w, &of_source, c);
    fault_arm(source, 0, false);
    *wanted = c->call(&w);
    fault_disarm();
    uint64_t requests = fault_requests(source);
    /* Of what has an allocator, only a file is mapped behind its back. */
    if (source == FAULT_ALLOCATOR) assert_in_range(fault_requests(FAULT_PROCESS), 0, like->file ? 0 : 1);
    describe_by(&expected, c, &w);
    end(&w);
    results++;
    for (int forever = 0; forever <= 1; forever++) {
        uint64_t n = 1;
        while (survives(&of_source, c, source, n, forever, *wanted)) n++;
        assert_int_equal(n, requests + 1);
    }
    return requests;
}

static spectra_status sweep(const sweep_case *c, const char *file, uint32_t step, uint64_t *requests) {
    const world like = {.file = file, .step = step};
    spectra_status status;
    *requests += sweep_source(c, &like, FAULT_ALLOCATOR, &status);
    if (fault_process_is_interposed) *requests += sweep_source(c, &like, FAULT_PROCESS, &status);
    return status;
}

/* A case that allocates in one of its steps at least, and succeeds in all of them. */
static void sweep_steps(const sweep_case *c, uint32_t steps) {
    uint64_t requests = 0;
    for (uint32_t step = 0; step < steps; step++) assert_int_equal(sweep(c, NULL, step, &requests), SPECTRA_OK);
    assert_true(requests > 0);
}

/* --- Descriptions --- */

static void say(const spectra_sink *sink, const char *text) {
    assert_int_equal(sink->write(sink->context, text, strlen(text)), SPECTRA_OK);
}

static void say_spectrum(const spectra_sink *sink, const spectra_spectrum *spectrum) {
    if (!spectrum) {
        say(sink, "no spectrum");
        return;
    }
    spectra_writer *writer;
    assert_int_equal(spectra_writer_create(&writer, SPECTRA_FORMAT_JSON, sink, NULL), SPECTRA_OK);
    assert_int_equal(spectra_writer_write(writer, spectrum, NULL), SPECTRA_OK);
    assert_int_equal(spectra_writer_finish(writer), SPECTRA_OK);
    spectra_writer_free(writer);
    for (size_t i = 0; i < spectra_spectrum_warning_count(spectrum); i++)
        say(sink, spectra_spectrum_warning(spectrum, i));
}

static void describe_spectrum(world *w, const spectra_sink *sink) {
    say_spectrum(sink, w->spectrum);
}

static void describe_splash(world *w, const spectra_sink *sink) {
    say_spectrum(sink, w->spectrum);
    say(sink, w->splash);
}

static void describe_record(world *w, const spectra_sink *sink) {
    say_spectrum(sink, w->record);
}

static void describe_reader(world *w, const spectra_sink *sink) {
    say(sink, w->reader ? spectra_format_text(spectra_reader_format(w->reader)) : "no reader");
}

static void describe_output(world *w, const spectra_sink *sink) {
    say(sink, w->writer ? "writer" : "no writer");
    assert_int_equal(sink->write(sink->context, w->out->bytes, w->out->size), SPECTRA_OK);
}

/* What the builder would write, which is all there is to know of it, and what it lent before. */
static void describe_builder(world *w, const spectra_sink *sink) {
    if (!w->builder) {
        say(sink, "no builder");
        return;
    }
    const void *bytes;
    size_t size;
    if (w->lent) assert_int_equal(sink->write(sink->context, (const char *)w->lent, w->lent_size), SPECTRA_OK);
    assert_int_equal(spectra_builder_write_memory(w->builder, &bytes, &size, NULL), SPECTRA_OK);
    assert_int_equal(sink->write(sink->context, (const char *)bytes, size), SPECTRA_OK);
    if (w->lent) {
        w->lent = bytes;
        w->lent_size = size;
    }
}

static void describe_file(world *w, const spectra_sink *sink) {
    static char bytes[FIXTURE_BYTES];
    (void)w;
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    size_t size = fread(bytes, 1, sizeof bytes, file);
    assert_int_equal(fclose(file), 0);
    assert_int_equal(sink->write(sink->context, bytes, size), SPECTRA_OK);
}

static void describe_database(world *w, const spectra_sink *sink) {
    uint8_t digest[32];
    if (!w->database) {
        say(sink, "no database");
        return;
    }
    spectra_database_digest(w->database, digest);
    assert_int_equal(sink->write(sink->context, (const char *)digest, sizeof digest), SPECTRA_OK);
}

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

static spectra_status call_splash(world *w) {
    return CALLED(spectra_spectrum_splash)(w->spectrum, w->splash);
}

static void spectra_survive(void **state) {
    (void)state;
    static const sweep_case create = {prepare_nothing, call_spectrum_create, describe_spectrum, UNCHANGED, false};
    static const sweep_case set_peaks = {prepare_spectrum, call_set_peaks, describe_spectrum, UNCHANGED, true};
    static const sweep_case add_metadata = {prepare_spectrum, call_add_metadata, describe_spectrum, UNCHANGED, false};
    static const sweep_case splash = {prepare_equal_peaks, call_splash, describe_splash, UNCHANGED, false};
    sweep_steps(&create, 1);
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
    spectra_status status = sweep(&open_stream, name, 0, &requests);
    assert_int_equal(sweep(&open_file, name, 0, &requests), status);
    assert_true(requests > 0);
    if (status < 0) return;
    for (uint32_t step = 0; status != SPECTRA_END && step < SWEPT_RECORDS; step++)
        status = sweep(&next, name, step, &requests);
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

/* All records in a builder, an older database at the path. */
static void prepare_replacement(world *w) {
    spectra_builder *older = sample_builder();
    assert_int_equal(sample_add(older, &sample_records[0], NULL), SPECTRA_OK);
    assert_int_equal(spectra_builder_write(older, path, NULL), SPECTRA_OK);
    spectra_builder_free(older);
    w->step = COUNT_OF(sample_records);
    prepare_records(w);
}

static spectra_status call_builder_write(world *w) {
    return CALLED(spectra_builder_write)(w->builder, path, &w->error);
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

static void builders_survive(void **state) {
    (void)state;
    static const sweep_case create = {prepare_nothing, call_builder_create, describe_builder, UNCHANGED, false};
    static const sweep_case add_substance = {prepare_builder, call_add_substance, describe_builder, UNCHANGED, true};
    static const sweep_case add_table = {prepare_builder, call_add_table, describe_builder, PARTLY_DONE, true};
    static const sweep_case add_spectrum = {prepare_records, call_add_spectrum, describe_builder, UNCHANGED, true};
    static const sweep_case write = {prepare_replacement, call_builder_write, describe_file, UNCHANGED, true};
    static const sweep_case write_memory = {prepare_builder, call_write_memory, describe_builder, UNCHANGED, true};
    sweep_steps(&create, 1);
    sweep_steps(&add_substance, 34);
    sweep_steps(&add_table, 1);
    sweep_steps(&add_spectrum, 2 * COUNT_OF(sample_records));
    sweep_steps(&write, 1);
    sweep_steps(&write_memory, 2);
}

/* --- Databases --- */

static void prepare_database_file(world *w) {
    spectra_builder *builder = sample_full_builder();
    assert_int_equal(spectra_builder_write(builder, path, NULL), SPECTRA_OK);
    w->image = sample_file(builder, &w->image_size);
    spectra_builder_free(builder);
}

static spectra_status call_database_open(world *w) {
    spectra_open_mode mode = w->step == 0 ? SPECTRA_OPEN_MAP : SPECTRA_OPEN_COPY;
    w->database = POISON(spectra_database);
    return CALLED(spectra_database_open)(&w->database, path, mode, w->allocator, &w->error);
}

static spectra_status call_open_memory(world *w) {
    w->database = POISON(spectra_database);
    return CALLED(spectra_database_open_memory)(&w->database, w->image, w->image_size, w->allocator, &w->error);
}

static void prepare_database(world *w) {
    prepare_database_file(w);
    assert_int_equal(spectra_database_open(&w->database, path, SPECTRA_OPEN_MAP, w->allocator, NULL), SPECTRA_OK);
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
    CALLED(spectra_database_digest)(database, digest);
    CALLED(spectra_database_entry_count)(database);
    CALLED(spectra_database_substance_count)(database);
    CALLED(spectra_database_substance)(database, 0, &substance);
    CALLED(spectra_database_entry)(database, 0, &entry);
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
    CALLED(spectra_measure_text)(SPECTRA_MEASURE_ENTROPY);
    CALLED(spectra_verdict_text)(SPECTRA_VERDICT_SUPPORTED);
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

/* Search, identification and reports, whose answers are compared elsewhere: here their names are kept. */
static spectra_status query_once(world *w, const spectra_spectrum *spectrum, int kind, spectra_scratch *scratch) {
    const spectra_sink sink = sink_of(w);
    const spectra_error error = {.status = SPECTRA_E_FORMAT, .message = "made up"};
    note_call("spectra_search");
    note_call("spectra_identify");
    note_call("spectra_report_hits");
    note_call("spectra_report_identification");
    spectra_status status = fixture_answer(w->out, w->database, spectrum, kind, scratch);
    CALLED(spectra_search_required)(100);
    CALLED(spectra_identify_required)(100);
    CALLED(spectra_report_hits_header)(&sink, SPECTRA_REPORT_TSV);
    CALLED(spectra_report_failure)(&sink, SPECTRA_REPORT_JSONL, "file", 0, &error);
    return status;
}

static void free_all(world *w) {
    CALLED(spectra_reader_free)(w->reader);
    CALLED(spectra_writer_free)(w->writer);
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
    begin(&w, &like, &reader);
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
    end(&w);
}

static void what_needs_no_memory_asks_for_none(void **state) {
    (void)state;
    run_quiet(FAULT_ALLOCATOR);
    if (fault_process_is_interposed) run_quiet(FAULT_PROCESS);
}

static int make_folder(void **state) {
    (void)state;
    if (!mkdtemp(folder)) return -1;
    fixture_path(path, folder, "data");
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
    for (size_t i = 0; i < called_count; i++) printf("called %s\n", called[i]);
    if (failures == 0)
        printf("figure 5: %llu fault points in %llu calls%s, 0 false statuses, 0 leaks, 0 changed objects\n",
               (unsigned long long)points, (unsigned long long)results,
               fault_process_is_interposed ? "" : " (the allocator's alone)");
    return failures;
}
