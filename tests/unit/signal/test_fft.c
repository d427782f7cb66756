/* SPDX-License-Identifier: Apache-2.0 */
#include "unit/signal/signals.h"

#include "signal/fft.h"

/* Every size up to 200, and larger ones of each radix. */
static uint32_t next_size(uint32_t count) {
    static const uint32_t larger[] = {243 * 2, 256, 500, 625 * 2, 960, 1024, 1920};
    if (count < 200) return spectra_fft_size(count + 2);
    for (size_t i = 0; i < COUNT_OF(larger); i++)
        if (larger[i] > count) return larger[i];
    return 0;
}

static float *take_samples(spectra_scratch *scratch, uint32_t count, uint64_t seed) {
    float *data = (float *)base_scratch_take(scratch, count + 2, sizeof *data);
    assert_non_null(data);
    for (uint32_t i = 0; i < count; i++) data[i] = (float)signals_normal(&seed);
    return data;
}

/* By the definition, in double precision. */
static double largest_difference(const float *terms, const float *samples, uint32_t count) {
    double largest = 0;
    for (uint32_t k = 0; k <= count / 2; k++) {
        double re = 0, im = 0;
        for (uint32_t j = 0; j < count; j++) {
            double angle = -6.283185307179586 * (double)((uint64_t)j * k % count) / count;
            re += samples[j] * cos(angle);
            im += samples[j] * sin(angle);
        }
        largest = fmax(largest, fmax(fabs(terms[2 * k] - re), fabs(terms[2 * k + 1] - im)));
    }
    return largest;
}

static void transforms_agree_with_the_definition(void **state) {
    (void)state;
    for (uint32_t count = 2; count > 0; count = next_size(count)) {
        spectra_scratch scratch = signals_scratch(signal_fft_required(count) + 2 * base_scratch_cost(count + 2, 4));
        signal_fft fft;
        assert_int_equal(signal_fft_init(&fft, count, &scratch), SPECTRA_OK);
        float *data = take_samples(&scratch, count, count), *samples = take_samples(&scratch, count, count);
        signal_fft_forward(&fft, data);
        assert_true(largest_difference(data, samples, count) < 1e-6 * sqrt(count) * 3);
        signal_fft_inverse(&fft, data);
        for (uint32_t i = 0; i < count; i++) assert_true(fabsf(data[i] - samples[i]) < 3e-6f);
        free(scratch.bytes);
    }
}

/* A hash over the bits: the same from every compiler and on every CPU. */
static uint64_t hash_of_transform(uint32_t count) {
    spectra_scratch scratch = signals_scratch(signal_fft_required(count) + base_scratch_cost(count + 2, 4));
    signal_fft fft;
    assert_int_equal(signal_fft_init(&fft, count, &scratch), SPECTRA_OK);
    float *data = (float *)base_scratch_take(&scratch, count + 2, sizeof *data);
    uint64_t seed = count, hash = UINT64_C(14695981039346656037);
    for (uint32_t i = 0; i < count; i++) data[i] = (float)(signals_uniform(&seed) - 0.5);
    signal_fft_forward(&fft, data);
    for (uint32_t i = 0; i < count + 2; i++) {
        uint32_t bits;
        memcpy(&bits, &data[i], sizeof bits);
        hash = (hash ^ bits) * UINT64_C(1099511628211);
    }
    free(scratch.bytes);
    return hash;
}

static void the_own_backend_gives_the_same_bits_everywhere(void **state) {
    (void)state;
    assert_true(hash_of_transform(3600) == UINT64_C(0xe0efde4d4fb301d6));
    assert_true(hash_of_transform(8192) == UINT64_C(0x7e7d6a3641ce44ae));
}

static void sizes_are_even_and_without_large_factors(void **state) {
    (void)state;
    static const uint32_t expected[][2] = {{0, 2},
                                           {1, 2},
                                           {2, 2},
                                           {3, 4},
                                           {7, 8},
                                           {11, 12},
                                           {13, 16},
                                           {127, 128},
                                           {129, 144},
                                           {5001, 5120},
                                           {67108864, 67108864},
                                           {67108865, 0}};
    for (size_t i = 0; i < COUNT_OF(expected); i++) assert_int_equal(spectra_fft_size(expected[i][0]), expected[i][1]);
    assert_int_equal(spectra_fft_prepare(14), SPECTRA_E_INVALID);
    assert_int_equal(spectra_fft_prepare(0), SPECTRA_E_INVALID);
    assert_int_equal(spectra_fft_prepare(16), SPECTRA_OK);
}

static void scratch_of_the_size_asked_for_suffices(void **state) {
    (void)state;
    size_t needed = signal_fft_required(960);
    spectra_scratch scratch = signals_scratch(needed + 1);
    signal_fft fft;
    spectra_scratch_init(&scratch, scratch.bytes, needed);
    assert_int_equal(signal_fft_init(&fft, 960, &scratch), SPECTRA_OK);
    spectra_scratch_init(&scratch, scratch.bytes, needed / 2);
    assert_int_equal(signal_fft_init(&fft, 960, &scratch), SPECTRA_E_MEMORY);
    free(scratch.bytes);
}

static void an_incomplete_backend_is_refused(void **state) {
    (void)state;
    spectra_fft_backend backend = *spectra_fft_registered();
    assert_string_equal(backend.name, "built-in");
    assert_string_equal(backend.licence, "Apache-2.0");
    assert_int_equal(spectra_fft_register(&backend), SPECTRA_E_INVALID);
    assert_string_equal(spectra_fft_registered()->name, "built-in");
    assert_int_equal(spectra_fft_register(NULL), SPECTRA_OK);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(transforms_agree_with_the_definition),
        cmocka_unit_test(the_own_backend_gives_the_same_bits_everywhere),
        cmocka_unit_test(sizes_are_even_and_without_large_factors),
        cmocka_unit_test(scratch_of_the_size_asked_for_suffices),
        cmocka_unit_test(an_incomplete_backend_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
