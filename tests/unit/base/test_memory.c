/* SPDX-License-Identifier: Apache-2.0 */
/* Allocator, growing arrays and scratch. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/memory.h"
#include "unit/counted_memory.h"

static void sizes_that_wrap_are_refused(void **state) {
    (void)state;
    size_t product;
    assert_true(base_multiply(&product, 1u << 16, 3));
    assert_int_equal(product, 3u << 16);
    assert_false(base_multiply(&product, SIZE_MAX / 2 + 1, 2));
    assert_null(base_allocate_array(NULL, SIZE_MAX / 2 + 1, 2));
}

static void a_vector_keeps_what_was_appended_while_it_grows(void **state) {
    (void)state;
    counted_memory c = {0};
    spectra_allocator allocator = counted_allocator(&c);
    base_vector vector;
    base_vector_init(&vector, sizeof(uint32_t), &allocator);
    for (uint32_t i = 0; i < 1000; i++) assert_true(base_vector_append(&vector, &i, 1));
    assert_int_equal(vector.count, 1000);
    for (uint32_t i = 0; i < 1000; i++) assert_int_equal(((uint32_t *)vector.data)[i], i);
    base_vector_free(&vector);
    assert_int_equal(c.held, 0);
}

static void a_vector_is_unchanged_when_memory_is_refused(void **state) {
    (void)state;
    counted_memory c = {.refuse = 2};
    spectra_allocator allocator = counted_allocator(&c);
    base_vector vector;
    base_vector_init(&vector, 1, &allocator);
    char bytes[64] = "as it was";
    assert_true(base_vector_append(&vector, bytes, 10));
    assert_false(base_vector_append(&vector, bytes, sizeof bytes));
    assert_int_equal(vector.count, 10);
    assert_string_equal(vector.data, "as it was");
    base_vector_free(&vector);
    assert_int_equal(c.held, 0);
}

static void scratch_is_aligned_bounded_and_given_back(void **state) {
    (void)state;
    uint8_t bytes[1024];
    spectra_scratch scratch;
    spectra_scratch_init(&scratch, bytes + 1, sizeof bytes - 1);
    void *first = base_scratch_take(&scratch, 10, 7);
    assert_non_null(first);
    assert_int_equal((uintptr_t)first % 64, 0);
    size_t used = scratch.used;
    assert_non_null(base_scratch_take(&scratch, 1, 100));
    assert_null(base_scratch_take(&scratch, 1, 1000));
    assert_null(base_scratch_take(&scratch, SIZE_MAX, 2));
    base_scratch_return(&scratch, used);
    assert_int_equal(scratch.used, used);
    assert_true(scratch.peak >= used + 100);
    spectra_scratch_reset(&scratch);
    assert_int_equal(scratch.used, 0);
}

static void the_cost_of_scratch_is_enough_at_any_alignment(void **state) {
    (void)state;
    uint8_t bytes[512];
    for (size_t shift = 0; shift < 64; shift++) {
        spectra_scratch scratch;
        spectra_scratch_init(&scratch, bytes + shift, base_scratch_cost(50, 3));
        assert_non_null(base_scratch_take(&scratch, 50, 3));
    }
    assert_int_equal(base_scratch_cost(SIZE_MAX, 2), SIZE_MAX);
}

static void a_scratch_serves_as_an_allocator_that_gives_back_what_is_last(void **state) {
    (void)state;
    uint8_t bytes[512];
    spectra_scratch scratch;
    spectra_allocator allocator;
    spectra_scratch_init(&scratch, bytes, sizeof bytes);
    spectra_scratch_allocator(&allocator, &scratch);
    uint8_t *first = base_allocate(&allocator, 50), *second = base_allocate(&allocator, 60);
    assert_true(first && second && second >= first + 50);
    base_release(&allocator, first, 50);
    uint8_t *third = base_allocate(&allocator, 1);
    assert_true(third && third >= second + 60);
    spectra_scratch_reset(&scratch);
    first = base_allocate(&allocator, 50);
    second = base_allocate(&allocator, 60);
    base_release(&allocator, second, 60);
    assert_ptr_equal(base_allocate(&allocator, 70), second);
    assert_null(base_allocate(&allocator, sizeof bytes));
}

static void options_of_a_later_version_are_taken_where_their_surplus_is_zero(void **state) {
    (void)state;
    struct known {
        uint32_t size, field;
    } options = {0};
    uint32_t given[400] = {sizeof options, 7, 1};
    assert_true(base_take_options(&options, sizeof options, given));
    assert_true(options.size == sizeof options && options.field == 7);
    given[0] = sizeof options + 4; /* the 1 is a field of theirs */
    assert_false(base_take_options(&options, sizeof options, given));
    given[2] = 0;
    given[1] = 8;
    given[3] = 1; /* behind their end */
    assert_true(base_take_options(&options, sizeof options, given));
    assert_true(options.size == sizeof options && options.field == 8);
    given[0] = sizeof options - 1;
    assert_false(base_take_options(&options, sizeof options, given));
    given[3] = 0;
    given[0] = sizeof options + 1025; /* no version: a number by chance */
    assert_false(base_take_options(&options, sizeof options, given));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sizes_that_wrap_are_refused),
        cmocka_unit_test(a_vector_keeps_what_was_appended_while_it_grows),
        cmocka_unit_test(a_vector_is_unchanged_when_memory_is_refused),
        cmocka_unit_test(scratch_is_aligned_bounded_and_given_back),
        cmocka_unit_test(the_cost_of_scratch_is_enough_at_any_alignment),
        cmocka_unit_test(a_scratch_serves_as_an_allocator_that_gives_back_what_is_last),
        cmocka_unit_test(options_of_a_later_version_are_taken_where_their_surplus_is_zero),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
