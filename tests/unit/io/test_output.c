/* SPDX-License-Identifier: Apache-2.0 */
/* Text towards a sink: JSON's escapes, and a sink that fails. Numbers out of a text. */
#include "io/output.h"
#include "unit/io/streams.h"

static void strings_are_escaped_as_json_asks(void **state) {
    (void)state;
    bytes_out out = {NULL, 0};
    const spectra_sink sink = {&out, write_bytes};
    io_output output;
    io_output_begin(&output, &sink);
    io_output_json(&output, "a\"b\\c\nd\re\tf\x01g\x7fh\xc3\xa9");
    assert_int_equal(io_output_end(&output), SPECTRA_OK);
    assert_string_equal(out.bytes, "\"a\\\"b\\\\c\\nd\\re\\tf\\u0001g\\u007fh\xc3\xa9\"");
    free(out.bytes);
}

static spectra_status refuse_bytes(void *context, const char *bytes, size_t size) {
    (void)bytes, (void)size;
    ++*(int *)context;
    return SPECTRA_E_LIMIT;
}

static void a_sink_that_has_failed_is_not_asked_again(void **state) {
    (void)state;
    int asked = 0;
    const spectra_sink sink = {&asked, refuse_bytes};
    io_output output;
    io_output_begin(&output, &sink);
    for (int i = 0; i < 10000; i++) io_output_string(&output, "text");
    assert_int_equal(io_output_end(&output), SPECTRA_E_LIMIT);
    assert_int_equal(asked, 1);
}

static void a_number_ends_where_it_ends(void **state) {
    (void)state;
    double value = -1;
    assert_int_equal(spectra_parse_number(&value, "12.5e-1;7", 9), 7);
    assert_true(value == 1.25);
    assert_int_equal(spectra_parse_number(&value, "5.4732433e13", 12), 12);
    assert_true(value == 5.4732433e13);
    assert_int_equal(spectra_parse_number(&value, "0.1", 2), 2); /* no further than `size` */
    assert_true(value == 0);
    value = 3;
    assert_int_equal(spectra_parse_number(&value, "nan", 3), 0);
    assert_int_equal(spectra_parse_number(&value, "1e999", 5), 0);
    assert_int_equal(spectra_parse_number(&value, "", 0), 0);
    assert_true(value == 3);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(strings_are_escaped_as_json_asks),
        cmocka_unit_test(a_sink_that_has_failed_is_not_asked_again),
        cmocka_unit_test(a_number_ends_where_it_ends),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
