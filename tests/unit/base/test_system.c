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

static void replace(const char *text) {
    base_replacement file;
    spectra_error error;
    assert_int_equal(base_replacement_begin(&file, path, &error), SPECTRA_OK);
    assert_int_equal(base_replacement_add(&file, text, strlen(text), &error), SPECTRA_OK);
    assert_int_equal(base_replacement_finish(&file, &error), SPECTRA_OK);
}

static void expect_content(const char *name, const char *text) {
    const uint8_t *bytes;
    size_t size;
    spectra_error error;
    assert_int_equal(base_file_map(name, &bytes, &size, &error), SPECTRA_OK);
    assert_int_equal(size, strlen(text));
    if (size > 0) assert_memory_equal(bytes, text, size);
    base_file_unmap(bytes, size);
}

static void a_replaced_file_holds_all_parts_and_their_changes(void **state) {
    (void)state;
    base_replacement file;
    spectra_error error;
    replace("old content");
    assert_int_equal(base_replacement_begin(&file, path, &error), SPECTRA_OK);
    assert_int_equal(base_replacement_add(&file, "some ", 5, &error), SPECTRA_OK);
    assert_int_equal(base_replacement_add(&file, "content", 7, &error), SPECTRA_OK);
    assert_int_equal(base_replacement_change(&file, 1, "am", 2, &error), SPECTRA_OK);
    assert_int_equal(base_replacement_add(&file, "!", 1, &error), SPECTRA_OK);
    expect_content(path, "old content");
    assert_int_equal(base_replacement_finish(&file, &error), SPECTRA_OK);
    expect_content(path, "same content!");
}

static void an_abandoned_replacement_leaves_the_old_file(void **state) {
    (void)state;
    base_replacement file;
    spectra_error error;
    replace("old");
    assert_int_equal(base_replacement_begin(&file, path, &error), SPECTRA_OK);
    assert_int_equal(base_replacement_add(&file, "new", 3, &error), SPECTRA_OK);
    base_replacement_abandon(&file);
    expect_content(path, "old");
}

static void a_temporary_file_of_somebody_else_is_passed_over(void **state) {
    (void)state;
    char other[128];
    snprintf(other, sizeof other, "%s.tmp-%ld-0", path, (long)getpid());
    FILE *file = fopen(other, "wb");
    assert_non_null(file);
    assert_true(fputs("theirs", file) >= 0);
    assert_int_equal(fclose(file), 0);
    replace("ours");
    expect_content(path, "ours");
    expect_content(other, "theirs");
    assert_int_equal(unlink(other), 0);
}

static void a_file_that_cannot_be_written_is_an_error_and_leaves_nothing(void **state) {
    (void)state;
    base_replacement file;
    spectra_error error;
    assert_int_equal(base_replacement_begin(&file, "no-such-folder/data", &error), SPECTRA_E_IO);
    assert_non_null(strstr(error.message, "no-such-folder"));
    assert_int_equal(base_replacement_begin(&file, folder, &error), SPECTRA_OK);
    assert_int_equal(base_replacement_finish(&file, &error), SPECTRA_E_IO); /* a directory stands there */
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
    replace("");
    const uint8_t *bytes;
    size_t size;
    assert_int_equal(base_file_map(path, &bytes, &size, &error), SPECTRA_OK);
    assert_null(bytes);
    assert_int_equal(size, 0);
    base_file_unmap(bytes, size);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_replaced_file_holds_all_parts_and_their_changes),
        cmocka_unit_test(an_abandoned_replacement_leaves_the_old_file),
        cmocka_unit_test(a_temporary_file_of_somebody_else_is_passed_over),
        cmocka_unit_test(a_file_that_cannot_be_written_is_an_error_and_leaves_nothing),
        cmocka_unit_test(a_missing_file_and_a_directory_are_errors),
        cmocka_unit_test(an_empty_file_maps_to_nothing),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
