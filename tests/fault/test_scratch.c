/* SPDX-License-Identifier: Apache-2.0 */
/* Scratch of exactly the size that is asked for suffices; a smaller one gives the same answer or SPECTRA_E_MEMORY, and
   is as it was. The scratch ends where its memory ends, so that a step beyond it is seen by a sanitizer. */
#define _POSIX_C_SOURCE 200809L
#include "fault/fixture.h"

static uint8_t *file;
static spectra_database *database;

/* A call that works in a scratch and tells its answer. */
typedef spectra_status (*scratch_call)(fixed_bytes *answer, const spectra_spectrum *spectrum, int kind,
                                       spectra_scratch *scratch);

static spectra_status prepare(fixed_bytes *answer, const spectra_spectrum *spectrum, int kind,
                              spectra_scratch *scratch) {
    const spectra_prepared *prepared;
    spectra_recipe recipe;
    if (kind == FIXTURE_EI) spectra_recipe_nominal(&recipe);
    if (kind == FIXTURE_MSMS) spectra_recipe_windowed(&recipe);
    if (kind == FIXTURE_OPEN || kind == FIXTURE_INSOURCE) spectra_recipe_open(&recipe);
    spectra_status status = spectra_prepare(&prepared, spectrum, &recipe, scratch, NULL);
    if (status < 0) return status;
    uint64_t facts[] = {spectra_prepared_peak_count(prepared), spectra_prepared_out_of_range(prepared)};
    return fixed_write(answer, (const char *)facts, sizeof facts);
}

static spectra_status search(fixed_bytes *answer, const spectra_spectrum *spectrum, int kind,
                             spectra_scratch *scratch) {
    spectra_hit hits[8] = {0};
    spectra_search_summary summary;
    spectra_search_options options = fixture_options(kind);
    spectra_status status = spectra_search(hits, COUNT_OF(hits), &summary, (const spectra_database *const *)&database,
                                           1, spectrum, &options, scratch, NULL);
    if (status < 0) return status;
    return fixed_write(answer, (const char *)hits, sizeof hits);
}

static spectra_status identify(fixed_bytes *answer, const spectra_spectrum *spectrum, int kind,
                               spectra_scratch *scratch) {
    static const char *const name = "sample";
    const spectra_identification *identification;
    spectra_search_options options = fixture_options(kind);
    const spectra_database *const databases[] = {database};
    spectra_status status = spectra_identify(&identification, databases, 1, spectrum, &options, scratch, NULL);
    if (status < 0) return status;
    const spectra_sink sink = {answer, fixed_write};
    const spectra_report_query query = {.spectrum = spectrum,
                                        .source = "sample",
                                        .databases = databases,
                                        .database_names = &name,
                                        .database_count = 1,
                                        .options = &options};
    return spectra_report_identification(&sink, SPECTRA_REPORT_JSONL, &query, identification);
}

/* One call with `size` bytes of scratch, as badly aligned as can be, that end where their memory ends. */
static spectra_status call_with(fixed_bytes *answer, scratch_call call, int kind, size_t size) {
    spectra_spectrum *spectrum = fixture_query(kind);
    void *bytes;
    spectra_scratch scratch;
    assert_int_equal(posix_memalign(&bytes, 64, size + 1), 0);
    spectra_scratch_init(&scratch, (uint8_t *)bytes + 1, size);
    answer->size = 0;
    spectra_status status = call(answer, spectrum, kind, &scratch);
    if (status < 0) assert_int_equal(scratch.used, 0);
    assert_true(scratch.peak <= size);
    free(bytes);
    spectra_spectrum_free(spectrum);
    return status;
}

/* Up to the size that is needed all fail, from there on all give the same. */
static void sweep_sizes(scratch_call call, int kind, size_t required) {
    static fixed_bytes expected, answer;
    size_t enough = SIZE_MAX, tried = 0;
    assert_int_equal(call_with(&expected, call, kind, required), SPECTRA_OK);
    for (size_t size = 0; size <= required; size += size + 512 < required && size > 512 ? 61 : 1) {
        spectra_status status = call_with(&answer, call, kind, size);
        tried++;
        if (status == SPECTRA_OK && enough == SIZE_MAX) enough = size;
        assert_int_equal(status, size < enough ? SPECTRA_E_MEMORY : SPECTRA_OK);
        if (status == SPECTRA_OK) assert_true(fixed_equal(&expected, &answer));
    }
    assert_true(enough > 0 && enough <= required);
    print_message("kind %d: %zu sizes, required %zu, needed %zu\n", kind, tried, required, enough);
}

static size_t peaks_of(int kind) {
    spectra_spectrum *spectrum = fixture_query(kind);
    size_t count = spectra_spectrum_peak_count(spectrum);
    spectra_spectrum_free(spectrum);
    return count;
}

static void preparing_fits_its_scratch(void **state) {
    (void)state;
    for (int kind = 0; kind < FIXTURE_QUERIES; kind++)
        sweep_sizes(prepare, kind, spectra_prepare_required(peaks_of(kind)));
}

static void a_search_fits_its_scratch(void **state) {
    (void)state;
    for (int kind = 0; kind < FIXTURE_QUERIES; kind++)
        sweep_sizes(search, kind, spectra_search_required(peaks_of(kind)));
}

static void an_identification_fits_its_scratch(void **state) {
    (void)state;
    for (int kind = 0; kind < FIXTURE_QUERIES; kind++)
        sweep_sizes(identify, kind, spectra_identify_required(peaks_of(kind)));
}

static int open_database(void **state) {
    (void)state;
    size_t size;
    file = sample_full_file(&size);
    database = sample_open(file, size);
    return 0;
}

static int close_database(void **state) {
    (void)state;
    spectra_database_close(database);
    free(file);
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(preparing_fits_its_scratch),
        cmocka_unit_test(a_search_fits_its_scratch),
        cmocka_unit_test(an_identification_fits_its_scratch),
    };
    return cmocka_run_group_tests(tests, open_database, close_database);
}
