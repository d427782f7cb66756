/* SPDX-License-Identifier: Apache-2.0 */
/* Lines of a stream: ends, places, limits, whatever the chunks. */
#include "unit/io/streams.h"

#include "io/lines.h"

static void init(io_lines *lines, spectra_read read, void *context, uint32_t max_line_size) {
    io_source source;
    io_source_init(&source, read, context, UINT64_MAX, NULL);
    io_lines_init(lines, &source, max_line_size);
}

typedef struct expected_line {
    const char *text;
    bool ended;
    uint64_t line, offset;
} expected_line;

static void check_lines(const char *text, size_t chunk, const expected_line *expected, size_t count) {
    bytes_in in = over_text(text);
    in.chunk = chunk;
    io_lines lines;
    io_line line;
    init(&lines, read_bytes, &in, 100);
    for (size_t i = 0; i < count; i++) {
        for (int twice = 0; twice < 2; twice++) {
            if (twice) io_lines_give_back(&lines);
            assert_int_equal(io_lines_next(&lines, &line, NULL), SPECTRA_OK);
            assert_int_equal(line.size, strlen(expected[i].text));
            assert_memory_equal(line.text, expected[i].text, line.size);
            assert_int_equal(line.ended, expected[i].ended);
            assert_int_equal(line.place.line, expected[i].line);
            assert_int_equal(line.place.offset, expected[i].offset);
        }
    }
    assert_int_equal(io_lines_next(&lines, &line, NULL), SPECTRA_END);
    assert_int_equal(io_lines_next(&lines, &line, NULL), SPECTRA_END);
    assert_int_equal(lines.place.offset, strlen(text));
    io_lines_free(&lines);
}

static void lines_come_with_their_ends_and_places(void **state) {
    (void)state;
    static const expected_line expected[] = {
        {"ab", true, 1, 0}, {"", true, 2, 3}, {"c\rd", true, 3, 5}, {"", true, 4, 10}, {"e", false, 5, 12}};
    for (size_t chunk = 1; chunk < 15; chunk++) {
        check_lines("ab\n\r\nc\rd\r\n\r\ne", chunk, expected, COUNT_OF(expected));
    }
    check_lines("", 0, NULL, 0);
    check_lines("a\n", 0, (const expected_line[]){{"a", true, 1, 0}}, 1);
    check_lines("a\r", 0, (const expected_line[]){{"a", false, 1, 0}}, 1);
}

static void a_line_that_is_too_long_is_passed_over(void **state) {
    (void)state;
    static const char text[] = "abcdef\nabcdefg\nabc\nabcdefghijklmnopqrst";
    for (size_t chunk = 1; chunk < 40; chunk++) {
        bytes_in in = over_text(text);
        in.chunk = chunk;
        io_lines lines;
        io_line line;
        spectra_error error;
        init(&lines, read_bytes, &in, 6);
        assert_int_equal(io_lines_next(&lines, &line, NULL), SPECTRA_OK);
        assert_int_equal(io_lines_next(&lines, &line, &error), SPECTRA_E_LIMIT);
        assert_int_equal(error.line, 2);
        assert_int_equal(error.offset, 7);
        assert_int_equal(io_lines_next(&lines, &line, NULL), SPECTRA_OK);
        assert_int_equal(line.size, 3);
        assert_int_equal(line.place.line, 3);
        assert_int_equal(line.place.offset, 15);
        assert_int_equal(io_lines_next(&lines, &line, NULL), SPECTRA_E_LIMIT);
        assert_int_equal(io_lines_next(&lines, &line, NULL), SPECTRA_END);
        io_lines_free(&lines);
    }
}

/* Gives the same byte for ever. */
static spectra_status read_endless(void *context, uint8_t *bytes, size_t capacity, size_t *size) {
    uint64_t *left = context;
    memset(bytes, 'a', capacity);
    *size = *left > 0 ? capacity : 0;
    *left -= *left > 0 ? 1 : 0;
    return SPECTRA_OK;
}

static void memory_ends_with_the_limit_of_a_line(void **state) {
    (void)state;
    uint64_t chunks = 1000; /* 64 MB in one line */
    io_lines lines;
    io_line line;
    init(&lines, read_endless, &chunks, 1000);
    assert_int_equal(io_lines_next(&lines, &line, NULL), SPECTRA_E_LIMIT);
    assert_true(lines.buffer.capacity <= 1 << 18);
    assert_int_equal(io_lines_next(&lines, &line, NULL), SPECTRA_END);
    io_lines_free(&lines);
}

static spectra_status read_failing(void *context, uint8_t *bytes, size_t capacity, size_t *size) {
    (void)context, (void)bytes, (void)capacity;
    *size = 0;
    return SPECTRA_E_FORMAT;
}

static spectra_status read_lying(void *context, uint8_t *bytes, size_t capacity, size_t *size) {
    (void)context, (void)bytes;
    *size = capacity + 1;
    return SPECTRA_OK;
}

static void a_stream_that_fails_or_lies_is_an_io_error(void **state) {
    (void)state;
    static const spectra_read reads[] = {read_failing, read_lying};
    for (size_t i = 0; i < COUNT_OF(reads); i++) {
        io_lines lines;
        io_line line;
        init(&lines, reads[i], NULL, 100);
        assert_int_equal(io_lines_next(&lines, &line, NULL), SPECTRA_E_IO);
        io_lines_free(&lines);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_come_with_their_ends_and_places),
        cmocka_unit_test(a_line_that_is_too_long_is_passed_over),
        cmocka_unit_test(memory_ends_with_the_limit_of_a_line),
        cmocka_unit_test(a_stream_that_fails_or_lies_is_an_io_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
