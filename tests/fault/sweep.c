/* SPDX-License-Identifier: Apache-2.0 */
/* The sweep of failing memory, and how objects are described before and after it. */
#define _POSIX_C_SOURCE 200809L
#include "fault/sweep.h"

#include "fault/memory_faults.h"

char sweep_path[256];
uint64_t sweep_points, sweep_calls;

static const char *called[256];
static size_t called_count;

void sweep_note_call(const char *function) {
    for (size_t i = 0; i < called_count; i++)
        if (strcmp(called[i], function) == 0) return;
    if (called_count < COUNT_OF(called)) called[called_count++] = function;
}

void sweep_print_calls(void) {
    for (size_t i = 0; i < called_count; i++) printf("called %s\n", called[i]);
}

static void describe_by(fixed_bytes *out, const sweep_case *c, world *w) {
    const spectra_sink sink = {out, fixed_write};
    out->size = 0;
    c->describe(w, &sink);
}

void sweep_begin(world *w, const world *like, const sweep_case *c) {
    static fixed_bytes out;
    *w = *like;
    out.size = 0;
    w->out = &out;
    c->prepare(w);
}

void sweep_end(world *w) {
    spectra_reader_free(w->reader);
    spectra_writer_free(w->writer);
    spectra_spectrum_free(w->spectrum);
    spectra_database_close(w->database);
    spectra_builder_free(w->builder);
    free(w->image);
    free(w->text);
    unlink(sweep_path);
}

static fixed_bytes expected, before, after;

/* The same call once more, in peace. */
static spectra_status call_again(world *w, const world *like, const sweep_case *c, spectra_status failure) {
    if (c->left == SPENT) {
        assert_int_equal(c->call(w), failure);
        sweep_end(w);
        sweep_begin(w, like, c);
    }
    return c->call(w);
}

/* One run with a fault; false where the call was over before it came. */
static bool survives(const world *like, const sweep_case *c, fault_source source, uint64_t n, bool forever,
                     spectra_status wanted) {
    world w;
    int64_t live = fault_live_bytes(source);
    sweep_begin(&w, like, c);
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
        sweep_points++;
    }
    assert_int_equal(status, wanted);
    describe_by(&after, c, &w);
    assert_true(fixed_equal(&expected, &after));
    sweep_end(&w);
    assert_int_equal(fault_live_bytes(source), live);
    return hit;
}

/* All faults of one source. Returns how many requests the call makes in peace. */
static uint64_t sweep_source(const sweep_case *c, const world *like, fault_source source, spectra_status *wanted) {
    world w, of_source = *like;
    of_source.allocator = source == FAULT_ALLOCATOR ? &fault_allocator : NULL;
    sweep_begin(&w, &of_source, c);
    fault_arm(source, 0, false);
    *wanted = c->call(&w);
    fault_disarm();
    uint64_t requests = fault_requests(source);
    /* Of what has an allocator, only a file is mapped behind its back. */
    if (source == FAULT_ALLOCATOR) assert_in_range(fault_requests(FAULT_PROCESS), 0, like->file ? 0 : 1);
    describe_by(&expected, c, &w);
    sweep_end(&w);
    sweep_calls++;
    for (int forever = 0; forever <= 1; forever++) {
        uint64_t n = 1;
        while (survives(&of_source, c, source, n, forever, *wanted)) n++;
        assert_int_equal(n, requests + 1);
    }
    return requests;
}

spectra_status sweep_case_step(const sweep_case *c, const char *file, uint32_t step, uint64_t *requests) {
    const world like = {.file = file, .step = step};
    spectra_status status;
    *requests += sweep_source(c, &like, FAULT_ALLOCATOR, &status);
    if (fault_process_is_interposed) *requests += sweep_source(c, &like, FAULT_PROCESS, &status);
    return status;
}

void sweep_steps(const sweep_case *c, uint32_t steps) {
    uint64_t requests = 0;
    for (uint32_t step = 0; step < steps; step++)
        assert_int_equal(sweep_case_step(c, NULL, step, &requests), SPECTRA_OK);
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

void describe_spectrum(world *w, const spectra_sink *sink) {
    say_spectrum(sink, w->spectrum);
}

void describe_splash(world *w, const spectra_sink *sink) {
    say_spectrum(sink, w->spectrum);
    say(sink, w->splash);
}

void describe_record(world *w, const spectra_sink *sink) {
    say_spectrum(sink, w->record);
}

void describe_reader(world *w, const spectra_sink *sink) {
    say(sink, w->reader ? spectra_format_text(spectra_reader_format(w->reader)) : "no reader");
}

void describe_output(world *w, const spectra_sink *sink) {
    say(sink, w->writer ? "writer" : "no writer");
    assert_int_equal(sink->write(sink->context, w->out->bytes, w->out->size), SPECTRA_OK);
}

/* What the builder would write, which is all there is to know of it, and what it lent before. */
void describe_builder(world *w, const spectra_sink *sink) {
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

void describe_file(world *w, const spectra_sink *sink) {
    static char bytes[FIXTURE_BYTES];
    (void)w;
    FILE *file = fopen(sweep_path, "rb");
    assert_non_null(file);
    size_t size = fread(bytes, 1, sizeof bytes, file);
    assert_int_equal(fclose(file), 0);
    assert_int_equal(sink->write(sink->context, bytes, size), SPECTRA_OK);
}

void describe_database(world *w, const spectra_sink *sink) {
    uint8_t digest[32];
    if (!w->database) {
        say(sink, "no database");
        return;
    }
    spectra_database_digest(w->database, digest);
    assert_int_equal(sink->write(sink->context, (const char *)digest, sizeof digest), SPECTRA_OK);
}
