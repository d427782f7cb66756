/* SPDX-License-Identifier: Apache-2.0 */
/* Preparing spectra made at random: in nothing but the scratch, and the same in every unit of intensity and mode of the
   CPU. */
#define _POSIX_C_SOURCE 200809L
#include "base/numbers.h"
#include "c_library.h"
#include "unit/spectrum/prepare.h"

#if defined(__SSE2__)
#include <xmmintrin.h>
#endif

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

static uint64_t next_random(uint64_t *state) {
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}

#define PEAKS_MAX 300

static size_t random_peaks(double *mz, double *intensity, uint64_t *random) {
    size_t count = next_random(random) % (PEAKS_MAX + 1);
    double range = next_random(random) % 2 ? 300 : 6000, at = 10;
    for (size_t i = 0; i < count; i++) {
        at += (double)(next_random(random) % 1000) * range / 1000 / PEAKS_MAX;
        mz[i] = at;
        intensity[i] = (double)(next_random(random) % 1000000) / (double)(1 + next_random(random) % 1000);
    }
    return count;
}

static void recipe_at(spectra_recipe *recipe, int i) {
    if (i % 3 == 0) spectra_recipe_nominal(recipe);
    if (i % 3 == 1) spectra_recipe_windowed(recipe);
    if (i % 3 == 2) spectra_recipe_open(recipe);
}

static void assert_invariants(const spectra_prepared *prepared) {
    if (prepared->recipe.kind == SPECTRA_RECIPE_NOMINAL) {
        for (uint32_t i = 0; i < prepared->count; i++) {
            assert_in_range(prepared->nominal[i], i ? prepared->nominal[i - 1] + 1 : 1, 4095);
            assert_true(prepared->root[i] >= 1 && prepared->weighted[i] <= 4095);
        }
        return;
    }
    for (uint32_t i = 0; i < prepared->count; i++) {
        assert_true(prepared->weight[i] > 0 && prepared->root[i] > 0);
        if (i > 0) assert_true(prepared->mz_uth[i] - prepared->mz_uth[i - 1] > prepared->recipe.merge_gap_uth);
    }
    assert_int_equal(weight_sum(prepared), prepared->count > 0 ? 65535 : 0);
}

/* The bytes are a block of their own without alignment, so that a sanitizer sees a step beyond them. */
static void the_required_scratch_suffices_for_any_spectrum(void **state) {
    (void)state;
    uint64_t random = 4;
    for (int i = 0; i < 3000; i++) {
        double mz[PEAKS_MAX], intensity[PEAKS_MAX];
        size_t count = random_peaks(mz, intensity, &random), size = spectra_prepare_required(count);
        spectra_spectrum *raw = raw_of(mz, intensity, count, "250.1");
        spectra_recipe recipe;
        recipe_at(&recipe, i);
        const spectra_prepared *prepared;
        spectra_scratch scratch;
        uint8_t *block = malloc(size + 1);
        spectra_scratch_init(&scratch, block + 1, size);
        assert_int_equal(spectra_prepare(&prepared, raw, &recipe, &scratch, NULL), SPECTRA_OK);
        assert_invariants(prepared);
        free(block);
        spectra_spectrum_free(raw);
    }
    assert_true(spectra_prepare_required(SIZE_MAX) == SIZE_MAX);
}

static void too_little_scratch_is_an_error_and_is_given_back(void **state) {
    (void)state;
    uint64_t random = 5;
    double mz[PEAKS_MAX], intensity[PEAKS_MAX];
    size_t count;
    do count = random_peaks(mz, intensity, &random);
    while (count < 20 || count > 60);
    spectra_spectrum *raw = raw_of(mz, intensity, count, "250.1");
    int failed = 0;
    for (int i = 0; i < 3; i++) {
        for (size_t size = 0; size <= spectra_prepare_required(count); size += 8) {
            spectra_recipe recipe;
            recipe_at(&recipe, i);
            const spectra_prepared *prepared;
            spectra_scratch scratch;
            uint8_t *block = malloc(size + 1);
            spectra_scratch_init(&scratch, block, size);
            spectra_status status = spectra_prepare(&prepared, raw, &recipe, &scratch, NULL);
            assert_true(status == SPECTRA_OK || status == SPECTRA_E_MEMORY);
            if (status == SPECTRA_E_MEMORY) assert_int_equal(scratch.used, 0);
            failed += status == SPECTRA_E_MEMORY;
            free(block);
        }
    }
    assert_true(failed > 30);
    spectra_spectrum_free(raw);
}

static void assert_same(const spectra_prepared *a, const spectra_prepared *b) {
    assert_int_equal(a->count, b->count);
    if (a->count == 0) return;
    if (a->recipe.kind == SPECTRA_RECIPE_NOMINAL) {
        assert_memory_equal(a->nominal, b->nominal, a->count * sizeof *a->nominal);
        assert_memory_equal(a->root, b->root, a->count * sizeof *a->root);
        assert_memory_equal(a->weighted, b->weighted, a->count * sizeof *a->weighted);
    } else {
        assert_memory_equal(a->mz_uth, b->mz_uth, a->count * sizeof *a->mz_uth);
        assert_memory_equal(a->weight, b->weight, a->count * sizeof *a->weight);
        assert_memory_equal(a->root, b->root, a->count * sizeof *a->root);
    }
}

static double power_of_two(int exponent) {
    uint64_t bits = exponent >= -1022 ? (uint64_t)(1023 + exponent) << 52 : UINT64_C(1) << (1074 + exponent);
    return base_double_from_bits(bits);
}

/* A power of two leaves these whole numbers exact, even where some of them become subnormal. */
static void the_unit_of_intensity_does_not_matter(void **state) {
    (void)state;
    static const int exponents[] = {-1040, -1034, -1022, -900, -1, 1, 900};
    uint64_t random = 6;
    for (int i = 0; i < 60; i++) {
        double mz[PEAKS_MAX], intensity[PEAKS_MAX], scaled[PEAKS_MAX];
        size_t count = random_peaks(mz, intensity, &random);
        spectra_recipe recipe;
        recipe_at(&recipe, i);
        for (size_t k = 0; k < count; k++) intensity[k] = (double)(uint64_t)intensity[k];
        double power = power_of_two(exponents[i % (int)COUNT_OF(exponents)]);
        c_library saved = c_library_begin(); /* the test itself computes with subnormals */
        for (size_t k = 0; k < count; k++) scaled[k] = intensity[k] * power;
        c_library_end(&saved);
        spectra_spectrum *raw = raw_of(mz, intensity, count, "250.1"), *other = raw_of(mz, scaled, count, "250.1");
        const spectra_prepared *a, *b;
        spectra_scratch scratch;
        spectra_scratch_init(&scratch, memory, sizeof memory);
        assert_int_equal(spectra_prepare(&a, raw, &recipe, &scratch, NULL), SPECTRA_OK);
        assert_int_equal(spectra_prepare(&b, other, &recipe, &scratch, NULL), SPECTRA_OK);
        assert_same(a, b);
        spectra_spectrum_free(raw);
        spectra_spectrum_free(other);
    }
}

/* A library built for speed can set these flags for the whole process. */
static void flush_to_zero_and_rounding_mode_change_nothing(void **state) {
    (void)state;
#if defined(__SSE2__)
    const double mz[] = {50.04, 77.04, 105.03, 182.07}, intensity[] = {4e-320, 3e-318, 1e-317, 7e-319};
    for (int i = 0; i < 3; i++) {
        spectra_recipe recipe;
        recipe_at(&recipe, i);
        spectra_spectrum *raw = raw_of(mz, intensity, 4, "250.1");
        const spectra_prepared *plain, *flushed;
        spectra_scratch scratch;
        spectra_scratch_init(&scratch, memory, sizeof memory);
        assert_int_equal(spectra_prepare(&plain, raw, &recipe, &scratch, NULL), SPECTRA_OK);
        unsigned flags = _mm_getcsr();
        _mm_setcsr(flags | 0x8040 | 0x6000); /* FTZ, DAZ, round towards zero */
        spectra_status status = spectra_prepare(&flushed, raw, &recipe, &scratch, NULL);
        _mm_setcsr(flags);
        assert_int_equal(status, SPECTRA_OK);
        assert_int_equal(plain->count, i == 0 ? 4 : 3);
        assert_same(plain, flushed);
        spectra_spectrum_free(raw);
    }
#else
    skip();
#endif
}

/* malloc and its kin, counted, where nothing else (a sanitizer) has taken their place. */
#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) || __has_feature(memory_sanitizer)
#define MALLOC_TAKEN 1
#endif
#endif
#if defined(__GLIBC__) && !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__) && !defined(MALLOC_TAKEN)
#define COUNT_MALLOC 1
static size_t allocations;
extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *block, size_t size);
void *malloc(size_t size) {
    allocations++;
    return __libc_malloc(size);
}
void *calloc(size_t count, size_t size) {
    allocations++;
    return __libc_calloc(count, size);
}
void *realloc(void *block, size_t size) {
    allocations++;
    return __libc_realloc(block, size);
}
#endif

static void preparing_allocates_nothing(void **state) {
    (void)state;
#if defined(COUNT_MALLOC)
    uint64_t random = 7;
    size_t before = allocations;
    void *volatile block = malloc(1);
    free(block);
    assert_int_equal(allocations, before + 1);
    for (int i = 0; i < 60; i++) {
        double mz[PEAKS_MAX], intensity[PEAKS_MAX];
        size_t count = random_peaks(mz, intensity, &random);
        spectra_spectrum *raw = raw_of(mz, intensity, count, "250.1");
        spectra_recipe recipe;
        recipe_at(&recipe, i);
        const spectra_prepared *prepared;
        spectra_scratch scratch;
        spectra_scratch_init(&scratch, memory, sizeof memory);
        before = allocations;
        spectra_status status = spectra_prepare(&prepared, raw, &recipe, &scratch, NULL);
        assert_true(allocations == before);
        assert_int_equal(status, SPECTRA_OK);
        spectra_spectrum_free(raw);
    }
#else
    skip();
#endif
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_required_scratch_suffices_for_any_spectrum),
        cmocka_unit_test(too_little_scratch_is_an_error_and_is_given_back),
        cmocka_unit_test(the_unit_of_intensity_does_not_matter),
        cmocka_unit_test(flush_to_zero_and_rounding_mode_change_nothing),
        cmocka_unit_test(preparing_allocates_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
