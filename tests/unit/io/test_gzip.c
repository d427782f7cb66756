/* SPDX-License-Identifier: Apache-2.0 */
/* gzip around a file: read as the plain one is, and what is cut, damaged or endless is an error, never less content. */
#include "unit/counted_memory.h"
#include "unit/io/streams.h"

#include <zlib.h>

#include "io/source.h"

/* Appends a member that holds these bytes. */
static void add_member(bytes_out *out, const char *bytes, size_t size) {
    z_stream stream = {.next_in = (Bytef *)(uintptr_t)bytes, .avail_in = (uInt)size};
    assert_int_equal(deflateInit2(&stream, 9, Z_DEFLATED, MAX_WBITS + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
    size_t bound = deflateBound(&stream, (uLong)size);
    Bytef *compressed = malloc(bound);
    assert_non_null(compressed);
    stream.next_out = compressed;
    stream.avail_out = (uInt)bound;
    assert_int_equal(deflate(&stream, Z_FINISH), Z_STREAM_END);
    assert_int_equal(write_bytes(out, (const char *)compressed, bound - stream.avail_out), SPECTRA_OK);
    deflateEnd(&stream);
    free(compressed);
}

/* Many records, more than a reader looks ahead for the format. */
static char *make_large(size_t *size) {
    enum { RECORDS = 4000 };
    static const char record[] = "Name: %04d\nNum Peaks: 2\n77 %d\n105 1000\n\n";
    char *text = malloc(RECORDS * sizeof record * 2);
    assert_non_null(text);
    *size = 0;
    for (int i = 0; i < RECORDS; i++) *size += (size_t)sprintf(text + *size, record, i, i * 7919 % 1000);
    return text;
}

/* Reads to the end; the number of records, or the status where there is an error. */
static int64_t count_records(const char *bytes, size_t size, size_t chunk, const spectra_reader_options *options,
                             spectra_error *error) {
    bytes_in in = {bytes, size, 0, chunk};
    spectra_reader *reader;
    spectra_status status = spectra_reader_open_stream(&reader, read_bytes, &in, options, NULL, error);
    int64_t count = 0;
    const spectra_spectrum *spectrum;
    while (status == SPECTRA_OK) {
        status = spectra_reader_next(reader, &spectrum, error);
        if (status == SPECTRA_OK) count++;
    }
    if (status < 0 && reader) assert_int_equal(spectra_reader_next(reader, &spectrum, NULL), status); /* for good */
    spectra_reader_free(reader);
    return status < 0 ? status : count;
}

static void assert_fails(const char *bytes, size_t size, const char *reason) {
    spectra_error error = {0};
    assert_int_equal(count_records(bytes, size, 0, NULL, &error), SPECTRA_E_IO);
    if (!strstr(error.message, reason)) print_message("%s\n", error.message);
    assert_non_null(strstr(error.message, reason));
}

static void members_are_read_as_the_plain_text_is(void **state) {
    (void)state;
    size_t size;
    char *text = load_sample("msp_nist.msp", &size);
    for (size_t cut = 0; cut <= size; cut += 97) {
        for (size_t chunk = 0; chunk < 4; chunk++) {
            bytes_out gzip = {NULL, 0};
            add_member(&gzip, text, cut);
            add_member(&gzip, "", 0);
            add_member(&gzip, text + cut, size - cut);
            bytes_in plain = {text, size, 0, 0}, packed = {gzip.bytes, gzip.size, 0, chunk};
            spectra_reader *expected = open_bytes(&plain, NULL), *actual = open_bytes(&packed, NULL);
            for (int i = 0; i < 3; i++) {
                char *a = describe(next_good(expected)), *b = describe(next_good(actual));
                assert_string_equal(a, b);
                free(a);
                free(b);
            }
            assert_end(actual);
            spectra_reader_free(expected);
            spectra_reader_free(actual);
            free(gzip.bytes);
        }
    }
    free(text);
}

static void large_files_pass_through_in_pieces(void **state) {
    (void)state;
    size_t size;
    char *text = make_large(&size);
    bytes_out gzip = {NULL, 0};
    add_member(&gzip, text, size);
    assert_int_equal(count_records(gzip.bytes, gzip.size, 0, NULL, NULL), 4000);
    assert_int_equal(count_records(gzip.bytes, gzip.size, 1, NULL, NULL), 4000);
    free(gzip.bytes);
    free(text);
}

static void a_file_cut_short_is_an_error_wherever_it_is_cut(void **state) {
    (void)state;
    size_t size;
    char *text = make_large(&size);
    bytes_out gzip = {NULL, 0};
    add_member(&gzip, text, size);
    for (size_t length = 2; length < gzip.size; length += length < 64 || length + 64 > gzip.size ? 1 : 61)
        assert_fails(gzip.bytes, length, "cut short");
    free(gzip.bytes);
    free(text);
}

static void damage_is_an_error_with_its_place(void **state) {
    (void)state;
    size_t size;
    char *text = make_large(&size);
    bytes_out gzip = {NULL, 0};
    add_member(&gzip, text, size);
    gzip.bytes[gzip.size - 1] ^= 1;
    assert_fails(gzip.bytes, gzip.size, "gzip: incorrect length check");
    gzip.bytes[gzip.size - 1] ^= 1;
    gzip.bytes[gzip.size - 8] ^= 1;
    assert_fails(gzip.bytes, gzip.size, "gzip: incorrect data check");
    gzip.bytes[gzip.size - 8] ^= 1;
    write_bytes(&gzip, "more", 4);
    assert_fails(gzip.bytes, gzip.size, "gzip: incorrect header check");
    gzip.size -= 4;
    char place[64];
    spectra_error error = {0};
    gzip.bytes[gzip.size - 8] ^= 1;
    assert_int_equal(count_records(gzip.bytes, gzip.size, 0, NULL, &error), SPECTRA_E_IO);
    snprintf(place, sizeof place, "at its byte %u", (unsigned)gzip.size - 4);
    assert_non_null(strstr(error.message, place));
    assert_in_range(error.line, 10000, 20001); /* of the text: where reading ended */
    free(gzip.bytes);
    free(text);
}

static void gzip_inside_gzip_is_refused_by_name(void **state) {
    (void)state;
    bytes_out inner = {NULL, 0}, outer = {NULL, 0};
    add_member(&inner, "Name: a\nNum Peaks: 0\n", 21);
    add_member(&outer, inner.bytes, inner.size);
    spectra_error error = {0};
    assert_int_equal(count_records(outer.bytes, outer.size, 0, NULL, &error), SPECTRA_E_UNSUPPORTED);
    assert_string_equal(error.message, "gzip inside gzip is not read by this version");
    free(inner.bytes);
    free(outer.bytes);
}

static void what_is_inside_is_bounded_in_size_and_memory(void **state) {
    (void)state;
    enum { SIZE = 64 << 20 };
    char *blank_lines = malloc(SIZE);
    assert_non_null(blank_lines);
    memset(blank_lines, '\n', SIZE);
    memcpy(blank_lines, "Name: a\nNum Peaks: 0\n", 21);
    bytes_out gzip = {NULL, 0};
    add_member(&gzip, blank_lines, SIZE);
    spectra_reader_options options = {.size = sizeof options, .max_input_size = SIZE - 1};
    spectra_error error = {0};
    assert_int_equal(count_records(gzip.bytes, gzip.size, 0, &options, &error), SPECTRA_E_IO);
    assert_non_null(strstr(error.message, "max_input_size"));
    options.max_input_size = SIZE;
    assert_int_equal(count_records(gzip.bytes, gzip.size, 0, &options, NULL), 1);

    counted_memory m = {0};
    spectra_allocator allocator = counted_allocator(&m);
    bytes_in in = {gzip.bytes, gzip.size, 0, 0};
    spectra_reader *reader;
    assert_int_equal(spectra_reader_open_stream(&reader, read_bytes, &in, NULL, &allocator, NULL), SPECTRA_OK);
    next_good(reader);
    assert_end(reader);
    spectra_reader_free(reader);
    assert_int_equal(m.held, 0);
    assert_in_range(m.peak, 1, 1 << 20);
    free(gzip.bytes);
    free(blank_lines);
}

static void a_stream_that_fails_inside_is_an_io_error(void **state) {
    (void)state;
    bytes_out gzip = {NULL, 0};
    add_member(&gzip, "Name: a\nNum Peaks: 1\n1 1\n", 25);
    bytes_in in = {gzip.bytes, gzip.size / 2, 0, 0};
    spectra_reader *reader;
    spectra_error error = {0};
    assert_int_equal(spectra_reader_open_stream(&reader, read_then_fail, &in, NULL, NULL, &error), SPECTRA_E_IO);
    assert_string_equal(error.message, "reading failed");
    free(gzip.bytes);
}

/* zlib takes in more than it gives out where there is little room: what it holds back comes before the error. */
static void all_that_a_cut_file_tells_comes_before_the_error(void **state) {
    (void)state;
    enum { SIZE = 1000 };
    char letters[SIZE];
    memset(letters, 'a', sizeof letters);
    bytes_out gzip = {NULL, 0};
    add_member(&gzip, letters, sizeof letters);
    size_t most = 0;
    for (size_t cut = IO_SOURCE_MIN; cut < gzip.size; cut++) {
        bytes_in in = {gzip.bytes, cut, 0, 0};
        io_source source;
        uint8_t bytes[IO_SOURCE_MIN];
        size_t size, total = 0;
        spectra_status status;
        io_source_init(&source, read_bytes, &in, UINT64_MAX, NULL);
        while ((status = io_source_read(&source, bytes, sizeof bytes, &size, NULL)) == SPECTRA_OK && size > 0)
            total += size;
        assert_int_equal(status, SPECTRA_E_IO);
        if (total > most) most = total;
        io_source_free(&source);
    }
    assert_int_equal(most, SIZE);
    free(gzip.bytes);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(members_are_read_as_the_plain_text_is),
        cmocka_unit_test(large_files_pass_through_in_pieces),
        cmocka_unit_test(a_file_cut_short_is_an_error_wherever_it_is_cut),
        cmocka_unit_test(damage_is_an_error_with_its_place),
        cmocka_unit_test(gzip_inside_gzip_is_refused_by_name),
        cmocka_unit_test(what_is_inside_is_bounded_in_size_and_memory),
        cmocka_unit_test(a_stream_that_fails_inside_is_an_io_error),
        cmocka_unit_test(all_that_a_cut_file_tells_comes_before_the_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
