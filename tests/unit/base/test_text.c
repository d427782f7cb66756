/* SPDX-License-Identifier: Apache-2.0 */
/* Bounded text, errors with a place, digests. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/digest.h"
#include "base/error.h"
#include "base/text.h"

static void text_that_does_not_fit_is_cut_and_says_so(void **state) {
    (void)state;
    char bytes[8];
    base_text text;
    base_text_init(&text, bytes, sizeof bytes);
    base_text_string(&text, "1234567");
    assert_false(text.cut);
    base_text_string(&text, "8");
    assert_true(text.cut);
    assert_string_equal(bytes, "1234567");
    base_text_init(&text, NULL, 0);
    base_text_string(&text, "x");
    assert_true(text.cut);
}

static void whole_numbers_are_written_in_full(void **state) {
    (void)state;
    char bytes[32];
    base_text text;
    base_text_init(&text, bytes, sizeof bytes);
    base_text_unsigned(&text, 0);
    base_text_string(&text, " ");
    base_text_unsigned(&text, UINT64_MAX);
    assert_string_equal(bytes, "0 18446744073709551615");
}

static void an_error_carries_status_place_and_words(void **state) {
    (void)state;
    spectra_error error;
    assert_int_equal(base_fail(&error, SPECTRA_E_FORMAT, (base_place){3, 77}, "peak %u of %s%s", (uint64_t)2, "x",
                               (const char *)NULL),
                     SPECTRA_E_FORMAT);
    assert_int_equal(error.status, SPECTRA_E_FORMAT);
    assert_int_equal(error.line, 3);
    assert_int_equal(error.offset, 77);
    assert_string_equal(error.message, "peak 2 of x");
    assert_int_equal(base_fail(NULL, SPECTRA_E_IO, BASE_NO_PLACE, "nobody listens"), SPECTRA_E_IO);
}

static void every_status_has_words(void **state) {
    (void)state;
    for (spectra_status status = SPECTRA_E_UNSUPPORTED; status <= SPECTRA_END; status++)
        assert_string_not_equal(spectra_status_text(status), "unknown status");
    assert_string_equal(spectra_status_text(1234), "unknown status");
}

static void words_are_compared_without_case_and_locale(void **state) {
    (void)state;
    assert_true(base_equal_ignoring_case("FenTanyl", "fENtANYL"));
    assert_false(base_equal_ignoring_case("fentanyl", "fentany"));
    assert_false(base_equal_ignoring_case("fentany", "fentanyl"));
    assert_true(base_starts_with("MSBNK-LCSB-1", "MSBNK-LCSB-"));
    assert_false(base_starts_with("MSBNK", "MSBNK-"));
}

/* FIPS 180-4: the one-block example. */
static void the_digest_is_sha_256(void **state) {
    (void)state;
    uint8_t digest[BASE_DIGEST_SIZE], again[BASE_DIGEST_SIZE];
    char hex[BASE_DIGEST_HEX_SIZE];
    base_digest_of("abc", 3, digest);
    base_digest_hex(digest, hex);
    assert_string_equal(hex, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    base_digest in_parts;
    base_digest_init(&in_parts);
    base_digest_add(&in_parts, "a", 1);
    base_digest_add(&in_parts, "bc", 2);
    base_digest_finish(&in_parts, again);
    assert_memory_equal(digest, again, sizeof digest);
}

/* libsodium alone is the specification, whatever instructions the processor has. */
static void a_digest_taken_in_pieces_is_that_of_the_whole(void **state) {
    (void)state;
    static uint8_t bytes[1500];
    for (size_t i = 0; i < sizeof bytes; i++) bytes[i] = (uint8_t)(i * 167 >> 3);
    for (size_t first = 0; first < 200; first++) {
        uint8_t expected[BASE_DIGEST_SIZE], digest[BASE_DIGEST_SIZE];
        size_t size = sizeof bytes - first;
        crypto_hash_sha256(expected, bytes + first, size);
        base_digest_of(bytes + first, size, digest);
        assert_memory_equal(digest, expected, sizeof digest);
        base_digest in_parts;
        base_digest_init(&in_parts);
        base_digest_add(&in_parts, bytes + first, first);
        base_digest_add(&in_parts, bytes + 2 * first, 640);
        base_digest_add(&in_parts, bytes + 2 * first + 640, size - first - 640);
        base_digest_finish(&in_parts, digest);
        assert_memory_equal(digest, expected, sizeof digest);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_that_does_not_fit_is_cut_and_says_so),
        cmocka_unit_test(whole_numbers_are_written_in_full),
        cmocka_unit_test(an_error_carries_status_place_and_words),
        cmocka_unit_test(every_status_has_words),
        cmocka_unit_test(words_are_compared_without_case_and_locale),
        cmocka_unit_test(the_digest_is_sha_256),
        cmocka_unit_test(a_digest_taken_in_pieces_is_that_of_the_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
