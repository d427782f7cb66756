/* SPDX-License-Identifier: Apache-2.0 */
/* Seldom paths of db/: missing arguments, files that cannot be read to their end, sections of other versions, sets
   that are gone, rows that reach too far, what compounds have from each other. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

#include "unit/db/sample.h"

/* Reading and measuring of files, made to fail: this program's own functions come before the C library's. */
static enum files { SOUND, FAILING, ENDED, UNMEASURED } files = SOUND;

ssize_t read(int descriptor, void *bytes, size_t size) {
    ssize_t (*real)(int, void *, size_t);
    void *symbol = dlsym(RTLD_NEXT, "read");
    memcpy(&real, &symbol, sizeof real);
    if (files == FAILING) errno = EIO;
    if (files == FAILING || files == ENDED) return files == ENDED ? 0 : -1;
    return real(descriptor, bytes, size);
}

int fstat(int descriptor, struct stat *about) {
    int (*real)(int, struct stat *);
    void *symbol = dlsym(RTLD_NEXT, "fstat");
    memcpy(&real, &symbol, sizeof real);
    if (files == UNMEASURED) errno = EIO;
    return files == UNMEASURED ? -1 : real(descriptor, about);
}

static void arguments_that_are_missing_are_refused(void **state) {
    (void)state;
    size_t size;
    const void *bytes;
    spectra_database *database;
    spectra_builder *builder = sample_full_builder();
    spectra_spectrum *spectrum = sample_spectrum(&sample_records[0]);
    assert_int_equal(spectra_builder_add_spectrum(NULL, spectrum, 0, NULL), SPECTRA_E_INVALID);
    assert_int_equal(spectra_builder_add_spectrum(builder, NULL, 0, NULL), SPECTRA_E_INVALID);
    assert_int_equal(spectra_builder_add_spectrum(builder, spectrum, (spectra_track)-1, NULL), SPECTRA_E_INVALID);
    assert_int_equal(spectra_builder_add_spectrum(builder, spectrum, SPECTRA_TRACK_INSOURCE + 1, NULL),
                     SPECTRA_E_INVALID);
    assert_int_equal(spectra_builder_write_memory(NULL, &bytes, &size, NULL), SPECTRA_E_INVALID);
    assert_int_equal(spectra_builder_write_memory(builder, NULL, &size, NULL), SPECTRA_E_INVALID);
    assert_int_equal(spectra_builder_write_memory(builder, &bytes, NULL, NULL), SPECTRA_E_INVALID);
    assert_int_equal(spectra_database_open_memory(NULL, &size, sizeof size, NULL, NULL), SPECTRA_E_INVALID);
    assert_int_equal(spectra_database_open_memory(&database, NULL, 0, NULL, NULL), SPECTRA_E_INVALID);
    assert_int_equal(spectra_database_open_memory(&database, (uint8_t *)&size + 1, 4, NULL, NULL), SPECTRA_E_INVALID);
    assert_null(database);
    spectra_spectrum_free(spectrum);
    spectra_builder_free(builder);
}

static void a_file_that_cannot_be_read_whole_is_no_database(void **state) {
    (void)state;
    static const struct {
        enum files files;
        spectra_open_mode mode;
        spectra_status status;
    } cases[] = {{SOUND, SPECTRA_OPEN_COPY, SPECTRA_OK},
                 {FAILING, SPECTRA_OPEN_COPY, SPECTRA_E_IO},
                 {ENDED, SPECTRA_OPEN_COPY, SPECTRA_E_CORRUPT},
                 {UNMEASURED, SPECTRA_OPEN_COPY, SPECTRA_E_IO},
                 {UNMEASURED, SPECTRA_OPEN_MAP, SPECTRA_E_IO}};
    char path[] = "edges-XXXXXX";
    int descriptor = mkstemp(path);
    assert_true(descriptor >= 0);
    close(descriptor);
    spectra_builder *builder = sample_full_builder();
    assert_int_equal(spectra_builder_write(builder, path, NULL), SPECTRA_OK);
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        spectra_database *database;
        files = cases[i].files;
        spectra_status status = spectra_database_open(&database, path, cases[i].mode, NULL, NULL);
        files = SOUND;
        assert_int_equal(status, cases[i].status);
        assert_true((database != NULL) == (status == SPECTRA_OK));
        spectra_database_close(database);
    }
    spectra_builder_free(builder);
    unlink(path);
}

static uint8_t *row_at(uint8_t *file, uint32_t i) {
    return file + DB_HEADER_SIZE + (size_t)i * DB_SECTION_ROW_SIZE;
}

/* Later versions of the sections of a set, all or only the first, that an older reader may leave aside. */
static void renew(uint8_t *file, spectra_track track, int set, bool all) {
    uint32_t count = base_get32(file + DB_HEADER_SECTION_COUNT);
    for (uint32_t i = 0; i < count; i++) {
        uint8_t *row = row_at(file, i);
        if (row[DB_SECTION_TRACK] != track || row[DB_SECTION_SET] != set) continue;
        base_put16(row + DB_SECTION_VERSION_FIELD, DB_SECTION_VERSION + 1);
        row[DB_SECTION_FLAGS] = DB_SECTION_OPTIONAL;
        if (!all) return;
    }
}

static void a_later_version_of_a_section_is_listed_by_its_number(void **state) {
    (void)state;
    size_t size;
    uint8_t *file = sample_full_file(&size);
    renew(file, SPECTRA_TRACK_EI, DB_SET_NOMINAL, false);
    spectra_database *database = sample_open(file, size);
    assert_int_equal(sample_section(database, "kind 16", SPECTRA_TRACK_EI).version, DB_SECTION_VERSION + 1);
    spectra_database_close(database);
    free(file);
}

static void a_set_whose_entries_are_there_may_not_be_gone(void **state) {
    (void)state;
    size_t size;
    spectra_error error;
    uint8_t *file = sample_full_file(&size);
    renew(file, SPECTRA_TRACK_EI, DB_SET_NOMINAL, true);
    sample_seal(file, base_get64(file + DB_HEADER_DIGEST_OFFSET));
    spectra_database *database = sample_open(file, size);
    db_set set;
    assert_int_equal(db_find_set(&set, database, SPECTRA_TRACK_EI, SPECTRA_POLARITY_POSITIVE, DB_SET_NOMINAL),
                     SPECTRA_E_NOT_FOUND);
    assert_int_equal(spectra_database_verify(database, &error), SPECTRA_E_CORRUPT);
    assert_string_equal(error.message, "a peak set is missing or not whole");
    spectra_database_close(database);
    free(file);
}

static void strings_without_a_byte_are_found(void **state) {
    (void)state;
    size_t size;
    spectra_error error;
    spectra_builder *builder = sample_builder();
    uint8_t *file = sample_file(builder, &size);
    spectra_builder_free(builder);
    assert_int_equal(base_get16(row_at(file, 0)), DB_KIND_STRINGS);
    base_put64(row_at(file, 0) + DB_SECTION_SIZE, 0);
    base_put64(row_at(file, 0) + DB_SECTION_COUNT, 0);
    sample_seal(file, base_get64(file + DB_HEADER_DIGEST_OFFSET));
    spectra_database *database = sample_open(file, size);
    assert_int_equal(spectra_database_verify(database, &error), SPECTRA_E_CORRUPT);
    assert_string_equal(error.message, "strings do not begin and end with NUL");
    spectra_database_close(database);
    free(file);
}

static void an_accurate_spectrum_may_have_no_peak(void **state) {
    (void)state;
    const sample_record bare = {
        "T-0", "bare", NULL, "C4H8O2", "MS2", "P", "89.0597", NULL, NULL, 0, 1,
    };
    size_t size;
    spectra_builder *builder = sample_builder();
    assert_int_equal(sample_add(builder, &bare, NULL), SPECTRA_OK);
    uint8_t *file = sample_file(builder, &size);
    spectra_builder_free(builder);
    spectra_database *database = sample_open(file, size);
    assert_int_equal(spectra_database_verify(database, NULL), SPECTRA_OK);
    spectra_database_close(database);
    free(file);
}

/* One row that claims the peaks of all the others; more than a spectrum can have. */
static void a_row_of_too_many_peaks_is_no_spectrum(void **state) {
    (void)state;
    enum { COUNT = 160, PEAKS = 500 };
    sample_record record = {
        "T-0", "long", NULL, "C4H8O2", "MS2", "P", "890.0597", NULL, NULL, PEAKS, 1,
    };
    spectra_builder *builder = sample_builder();
    for (record.seed = 1; record.seed <= COUNT; record.seed++)
        assert_int_equal(sample_add(builder, &record, NULL), SPECTRA_OK);
    size_t size;
    uint8_t *file = sample_file(builder, &size);
    spectra_builder_free(builder);
    spectra_database *database = sample_open(file, size);
    db_set set;
    db_spectrum spectrum;
    assert_int_equal(db_find_set(&set, database, SPECTRA_TRACK_MSMS, SPECTRA_POLARITY_POSITIVE, DB_SET_OPEN),
                     SPECTRA_OK);
    assert_true(set.peak_count > DB_SPECTRUM_MAX_PEAKS + 1);
    uint8_t *following = file + (set.index - file) + DB_ACCURATE_ROW_SIZE + DB_INDEX_FIRST_PEAK;
    assert_true(db_spectrum_at(&spectrum, &set, 0));
    base_put32(following, DB_SPECTRUM_MAX_PEAKS);
    assert_true(db_spectrum_at(&spectrum, &set, 0));
    base_put32(following, DB_SPECTRUM_MAX_PEAKS + 1);
    assert_false(db_spectrum_at(&spectrum, &set, 0));
    spectra_database_close(database);
    free(file);
}

static spectra_database *database_of(const spectra_substance *rows, size_t count, uint8_t **file) {
    size_t size;
    spectra_builder *builder = sample_builder();
    for (size_t i = 0; i < count; i++)
        assert_int_equal(spectra_builder_add_substance(builder, &rows[i], NULL), SPECTRA_OK);
    *file = sample_file(builder, &size);
    spectra_builder_free(builder);
    return sample_open(*file, size);
}

static void a_form_of_a_skeleton_keeps_the_sites_that_it_states(void **state) {
    (void)state;
    const spectra_substance rows[] = {
        {.name = "plain",
         .inchikey = "AAAAAAAAAAAAAA-UHFFFAOYSA-N",
         .formula = "C10H12N2O",
         .substance_class = "made_up",
         .sites = "D",
         .core = "a ring"},
        {.name = "labelled", .inchikey = "AAAAAAAAAAAAAA-BBBBBBBBSA-N", .formula = "C10H7[2H]5N2O", .sites = "E"}};
    uint8_t *file;
    spectra_substance labelled;
    spectra_database *database = database_of(rows, COUNT_OF(rows), &file);
    assert_int_equal(spectra_database_substance(database, 1, &labelled), SPECTRA_OK);
    assert_string_equal(labelled.sites, "E");
    assert_string_equal(labelled.substance_class, "made_up");
    assert_string_equal(labelled.core, "a ring");
    spectra_database_close(database);
    free(file);
}

/* It does not have the form of one, so it tells no compound. */
static void a_word_that_is_no_inchikey_is_not_taken_over(void **state) {
    (void)state;
    const spectra_substance rows[] = {{.name = "ethanol"},
                                      {.name = "ethanol", .inchikey = "not known", .formula = "C2H6O"}};
    uint8_t *file;
    spectra_substance ethanol;
    spectra_database *database = database_of(rows, COUNT_OF(rows), &file);
    assert_int_equal(spectra_database_substance_count(database), 1);
    assert_int_equal(spectra_database_substance(database, 0, &ethanol), SPECTRA_OK);
    assert_string_equal(ethanol.inchikey, "");
    assert_string_equal(ethanol.formula, "C2H6O");
    spectra_database_close(database);
    free(file);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(arguments_that_are_missing_are_refused),
        cmocka_unit_test(a_file_that_cannot_be_read_whole_is_no_database),
        cmocka_unit_test(a_later_version_of_a_section_is_listed_by_its_number),
        cmocka_unit_test(a_set_whose_entries_are_there_may_not_be_gone),
        cmocka_unit_test(strings_without_a_byte_are_found),
        cmocka_unit_test(an_accurate_spectrum_may_have_no_peak),
        cmocka_unit_test(a_row_of_too_many_peaks_is_no_spectrum),
        cmocka_unit_test(a_form_of_a_skeleton_keeps_the_sites_that_it_states),
        cmocka_unit_test(a_word_that_is_no_inchikey_is_not_taken_over),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
