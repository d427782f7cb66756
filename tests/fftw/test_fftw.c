/* SPDX-License-Identifier: Apache-2.0 */
#include "unit/signal/profiles.h"

#include <fftw3.h>
#include <pthread.h>

#include "signal/fft.h"
#include "spectra/fftw.h"

/* How far a term may be from that of the other backend, in units of the root mean square of all. */
#define TOLERANCE 5e-6

static void fill(float *data, uint32_t count, uint64_t seed) {
    for (uint32_t i = 0; i < count; i++) data[i] = (float)signals_normal(&seed);
}

static double largest_difference(const float *a, const float *b, size_t count) {
    double largest = 0;
    for (size_t i = 0; i < count; i++) largest = fmax(largest, fabs((double)a[i] - (double)b[i]));
    return largest;
}

/* One size by both, there and back. The sum of squares of `count` samples of deviation 1 is about `count`, as is the
   mean square of the terms. */
static double disagreement(uint32_t count) {
    spectra_scratch scratch = signals_scratch(signal_fft_required(count) + 2 * base_scratch_cost(count + 2, 4));
    float *a = (float *)base_scratch_take(&scratch, count + 2, sizeof *a);
    float *b = (float *)base_scratch_take(&scratch, count + 2, sizeof *b);
    signal_fft own, other;
    assert_int_equal(spectra_fft_register(NULL), SPECTRA_OK);
    assert_int_equal(signal_fft_init(&own, count, &scratch), SPECTRA_OK);
    assert_int_equal(spectra_fft_register(spectra_fftw_backend()), SPECTRA_OK);
    assert_int_equal(spectra_fft_prepare(count), SPECTRA_OK);
    assert_int_equal(signal_fft_init(&other, count, &scratch), SPECTRA_OK);
    assert_null(own.backend);
    assert_ptr_equal(other.backend, spectra_fftw_backend());
    fill(a, count, count);
    fill(b, count, count);
    signal_fft_forward(&own, a);
    signal_fft_forward(&other, b);
    double terms = largest_difference(a, b, count + 2) / sqrt(count);
    signal_fft_inverse(&own, a);
    signal_fft_inverse(&other, b);
    double samples = largest_difference(a, b, count);
    free(scratch.bytes);
    return fmax(terms, samples);
}

static void both_backends_agree(void **state) {
    (void)state;
    double largest = 0;
    for (uint32_t count = 2; count < 3000000; count = spectra_fft_size(count + count / 3 + 1)) {
        double found = disagreement(count);
        assert_true(found < TOLERANCE);
        largest = fmax(largest, found);
        if (count % 3 == 0) spectra_fftw_release();
    }
    print_message("largest difference %.2g of the root mean square\n", largest);
    spectra_fftw_release();
}

static void a_size_without_a_plan_is_left_to_the_own_backend(void **state) {
    (void)state;
    spectra_scratch scratch = signals_scratch(signal_fft_required(480));
    signal_fft fft;
    assert_int_equal(spectra_fft_register(spectra_fftw_backend()), SPECTRA_OK);
    assert_int_equal(signal_fft_init(&fft, 480, &scratch), SPECTRA_OK);
    assert_null(fft.backend);
    free(scratch.bytes);
}

static void plans_have_a_limit(void **state) {
    (void)state;
    uint32_t count = 2;
    assert_int_equal(spectra_fft_register(spectra_fftw_backend()), SPECTRA_OK);
    for (int i = 0; i < SPECTRA_FFTW_MAX_PLANS; i++, count = spectra_fft_size(count + 1))
        assert_int_equal(spectra_fft_prepare(count), SPECTRA_OK);
    assert_int_equal(spectra_fft_prepare(count), SPECTRA_E_LIMIT);
    assert_int_equal(spectra_fft_prepare(2), SPECTRA_OK);
    spectra_fftw_release();
    assert_int_equal(spectra_fft_prepare(count), SPECTRA_OK);
    spectra_fftw_release();
}

static void wisdom_that_is_none_is_refused(void **state) {
    (void)state;
    assert_int_equal(spectra_fftw_import_wisdom(NULL), SPECTRA_E_INVALID);
    assert_int_equal(spectra_fftw_import_wisdom("(no wisdom)"), SPECTRA_E_FORMAT);
}

static void wisdom_of_this_fftw_is_taken(void **state) {
    (void)state;
    assert_int_equal(spectra_fft_prepare(1000), SPECTRA_OK);
    char *wisdom = fftwf_export_wisdom_to_string();
    assert_non_null(wisdom);
    assert_int_equal(spectra_fftw_import_wisdom(wisdom), SPECTRA_OK);
    free(wisdom);
    spectra_fftw_release();
}

/* Peaks by one backend. */
static void find_by(const spectra_fft_backend *backend, made_profile *made, const spectra_profile_options *options) {
    assert_int_equal(spectra_fft_register(backend), SPECTRA_OK);
    if (backend) {
        uint32_t size = spectra_profile_fft_size(&made->profile, options);
        assert_int_equal(spectra_fft_prepare(size), SPECTRA_OK);
        assert_non_null(backend->find(backend->context, size));
    }
    assert_int_equal(find_peaks(made, options), SPECTRA_OK);
}

/* What the comment of spectra_profile_find_peaks states: a quantum of intensity or m/z, no peak more or less where none
   is at the threshold. */
static void both_backends_find_the_same_peaks(void **state) {
    (void)state;
    uint32_t compared = 0, differing = 0;
    for (uint64_t seed = 0; seed < 12; seed++) {
        made_profile *own = make_profile(0.4, 3e-4), *other = make_profile(0.4, 3e-4);
        spectra_profile_options options = {.size = sizeof options, .fwhm = seed % 2 ? 0.7 : 1.5};
        options.method = seed % 3 == 2 ? SPECTRA_PEAKS_CENTROID : SPECTRA_PEAKS_COMB;
        options.baseline = seed % 4 == 3 ? SPECTRA_BASELINE_HIGH_PASS : SPECTRA_BASELINE_OPENING;
        options.wiener = seed % 5 == 4;
        add_pattern(own, options.fwhm);
        add_noise(own, 3, seed);
        add_pattern(other, options.fwhm);
        add_noise(other, 3, seed);
        find_by(NULL, own, &options);
        find_by(spectra_fftw_backend(), other, &options);
        assert_int_equal(own->result->peak_count, other->result->peak_count);
        double quantum = 0;
        for (uint32_t i = 0; i < own->result->peak_count; i++)
            quantum = fmax(quantum, own->result->peaks[i].intensity / 65536);
        for (uint32_t i = 0; i < own->result->peak_count; i++, compared++) {
            const spectra_profile_peak *a = &own->result->peaks[i], *b = &other->result->peaks[i];
            assert_true(fabs(a->mz - b->mz) < 1.5e-4 && fabs(a->intensity - b->intensity) < 1.5 * quantum);
            differing += fabs(a->intensity - b->intensity) > 0.5 * quantum;
        }
        free_profile(own);
        free_profile(other);
    }
    print_message("%u peaks, %u of them by one quantum apart\n", compared, differing);
    spectra_fftw_release();
}

/* Threads that plan and transform at once; the thread sanitizer watches. */
static void *plan_and_transform(void *context) {
    uint32_t first = *(const uint32_t *)context;
    for (uint32_t count = first; count < 4000; count = spectra_fft_size(count + 50)) {
        spectra_scratch scratch = signals_scratch(signal_fft_required(count) + 2 * base_scratch_cost(count + 2, 4));
        float *data = (float *)base_scratch_take(&scratch, count + 2, sizeof *data);
        float *samples = (float *)base_scratch_take(&scratch, count + 2, sizeof *data);
        signal_fft fft;
        fill(data, count, count);
        fill(samples, count, count);
        if (spectra_fft_prepare(count) != SPECTRA_OK || signal_fft_init(&fft, count, &scratch) != SPECTRA_OK)
            return context;
        signal_fft_forward(&fft, data);
        signal_fft_inverse(&fft, data);
        if (!(largest_difference(data, samples, count) < 1e-5)) return context;
        free(scratch.bytes);
    }
    return NULL;
}

static void threads_plan_and_transform_together(void **state) {
    (void)state;
    static uint32_t firsts[] = {2, 2, 30, 48};
    pthread_t threads[COUNT_OF(firsts)];
    assert_int_equal(spectra_fft_register(spectra_fftw_backend()), SPECTRA_OK);
    for (size_t i = 0; i < COUNT_OF(firsts); i++)
        assert_int_equal(pthread_create(&threads[i], NULL, plan_and_transform, &firsts[i]), 0);
    for (size_t i = 0; i < COUNT_OF(firsts); i++) {
        void *failed;
        pthread_join(threads[i], &failed);
        assert_null(failed);
    }
    spectra_fftw_release();
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(both_backends_agree),
        cmocka_unit_test(a_size_without_a_plan_is_left_to_the_own_backend),
        cmocka_unit_test(plans_have_a_limit),
        cmocka_unit_test(wisdom_that_is_none_is_refused),
        cmocka_unit_test(wisdom_of_this_fftw_is_taken),
        cmocka_unit_test(both_backends_find_the_same_peaks),
        cmocka_unit_test(threads_plan_and_transform_together),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
