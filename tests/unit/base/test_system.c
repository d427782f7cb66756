/* SPDX-License-Identifier: Apache-2.0 */
/* Files: read, mapped, replaced whole. */
#define _POSIX_C_SOURCE 200809L
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/system.h"

static char folder[] = "files-XXXXXX";
static char path[64];

static int make_folder(void **state) {
    (void)state;
    if (!mkdtemp(folder)) return -1;
    snprintf(path, sizeof path, "%s/data", folder);
    return 0;
}

static int remove_folder(void **state) {
    (void)state;
    unlink(path);
    return rmdir(folder); /* fails, and the test with it, where a temporary file was left behind */
}

static void a_replaced_file_holds_all_parts(void **state) {
    (void)state;
    const base_part parts[] = {{"old ", 4}, {"content", 7}};
    spectra_error error;
    assert_int_equal(base_file_replace(path, parts, 2, &error), SPECTRA_OK);
    const base_part newer[] = {{"new", 3}};
    assert_int_equal(base_file_replace(path, newer, 1, &error), SPECTRA_OK);
    const uint8_t *bytes;
    size_t size;
    assert_int_equal(base_file_map(path, &bytes, &size, &error), SPECTRA_OK);
    assert_int_equal(size, 3);
    assert_memory_equal(bytes, "new", 3);
    base_file_unmap(bytes, size);
}

static void a_temporary_file_of_somebody_else_is_passed_over(void **state) {
    (void)state;
    char other[128];
    snprintf(other, sizeof other, "%s.tmp-%ld-0", path, (long)getpid());
    FILE *file = fopen(other, "wb");
    assert_non_null(file);
    assert_true(fputs("theirs", file) >= 0);
    assert_int_equal(fclose(file), 0);
    const base_part parts[] = {{"ours", 4}};
    spectra_error error;
    assert_int_equal(base_file_replace(path, parts, 1, &error), SPECTRA_OK);
    const uint8_t *bytes;
    size_t size;
    assert_int_equal(base_file_map(other, &bytes, &size, &error), SPECTRA_OK);
    assert_int_equal(size, 6);
    assert_memory_equal(bytes, "theirs", 6);
    base_file_unmap(bytes, size);
    assert_int_equal(unlink(other), 0);
}

static void a_file_that_cannot_be_written_is_an_error_and_leaves_nothing(void **state) {
    (void)state;
    const base_part parts[] = {{"x", 1}};
    spectra_error error;
    assert_int_equal(base_file_replace("no-such-folder/data", parts, 1, &error), SPECTRA_E_IO);
    assert_non_null(strstr(error.message, "no-such-folder"));
    assert_int_equal(base_file_replace(folder, parts, 1, &error), SPECTRA_E_IO); /* a directory stands there */
}

static void a_missing_file_and_a_directory_are_errors(void **state) {
    (void)state;
    base_file file;
    spectra_error error;
    assert_int_equal(base_file_open(&file, "no-such-file", &error), SPECTRA_E_IO);
    assert_int_equal(base_file_open(&file, folder, &error), SPECTRA_E_IO);
    assert_non_null(strstr(error.message, "directory"));
}

static void an_empty_file_maps_to_nothing(void **state) {
    (void)state;
    spectra_error error;
    assert_int_equal(base_file_replace(path, NULL, 0, &error), SPECTRA_OK);
    const uint8_t *bytes;
    size_t size;
    assert_int_equal(base_file_map(path, &bytes, &size, &error), SPECTRA_OK);
    assert_null(bytes);
    assert_int_equal(size, 0);
    base_file_unmap(bytes, size);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_replaced_file_holds_all_parts),
        cmocka_unit_test(a_temporary_file_of_somebody_else_is_passed_over),
        cmocka_unit_test(a_file_that_cannot_be_written_is_an_error_and_leaves_nothing),
        cmocka_unit_test(a_missing_file_and_a_directory_are_errors),
        cmocka_unit_test(an_empty_file_maps_to_nothing),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
