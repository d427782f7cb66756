/* SPDX-License-Identifier: Apache-2.0 */
/* SIMULATED profiles of 100,000 samples: baseline, noise, matched filter, centroids or comb. */
#include <stdio.h>
#include <stdlib.h>

#include "run.h"
#ifdef BENCH_HAS_FFTW
#include "spectra/fftw.h"
#endif

#define COUNT 100000u
#define PEAKS 400
#define LAST_MZ 600.0
#define ROUNDS 60

static uint64_t next_random(uint64_t *seed) {
    *seed = *seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return *seed >> 32;
}

/* The sum of twelve even numbers, less its mean: deviation 1. */
static double next_normal(uint64_t *seed) {
    double sum = -6;
    for (int i = 0; i < 12; i++) sum += (double)next_random(seed) / 4294967296.0;
    return sum;
}

/* (1 − (x/3w)²)⁶, which is near to a Gauss curve of deviation 0.87 w and needs no libm. */
static void add_peak(float *intensity, double step, double mz, double height, double width) {
    for (uint32_t i = (uint32_t)((mz - 3 * width) / step); i < COUNT && i * step < mz + 3 * width; i++) {
        double x = (i * step - mz) / (3 * width), y = 1 - x * x, square = y * y;
        if (y > 0) intensity[i] += (float)(height * square * square * square);
    }
}

/* Peaks at the masses of organic ions over a baseline that falls, and noise. */
static void simulate(float *intensity, double step, double width) {
    uint64_t seed = BENCH_SEED;
    for (uint32_t i = 0; i < COUNT; i++) intensity[i] = (float)(20 + 4000 / (i * step + 40) + 3 * next_normal(&seed));
    for (int i = 0; i < PEAKS; i++) {
        double mz = (double)(20 + next_random(&seed) % 570) * 1.0006;
        add_peak(intensity, step, mz, 10000.0 / (double)(1 + next_random(&seed) % 500), width);
    }
}

static void find(const spectra_profile_result **result, const spectra_profile *profile,
                 const spectra_profile_options *options, spectra_scratch *scratch) {
    spectra_error error = {0};
    spectra_scratch_reset(scratch);
    bench_check(spectra_profile_find_peaks(result, profile, options, scratch, &error), &error, "profile");
}

static void add_way(bench_run *run, const char *name, spectra_peak_method method, double width) {
    static const bench_target target = {BENCH_AMOUNT, "ms", 5, 0};
    const double step = LAST_MZ / COUNT;
    float *intensity = bench_allocate(COUNT, sizeof *intensity);
    const spectra_profile profile = {.size = sizeof profile,
                                     .count = COUNT,
                                     .intensity = intensity,
                                     .intensity_kind = SPECTRA_SAMPLES_FLOAT,
                                     .first_mz = 0,
                                     .step_mz = step};
    const spectra_profile_options options = {.size = sizeof options, .method = method};
    const spectra_profile_result *result = NULL;
    bench_samples samples = {0};
    char note[96];
    simulate(intensity, step, width);
    size_t size = spectra_profile_required(&profile, &options);
    spectra_scratch scratch;
    spectra_scratch_init(&scratch, bench_allocate(size, 1), size);
    spectra_fft_prepare(spectra_profile_fft_size(&profile, &options));
    find(&result, &profile, &options, &scratch);
    for (int i = 0; i < ROUNDS; i++) {
        double start = bench_cpu_seconds();
        find(&result, &profile, &options, &scratch);
        bench_samples_add(&samples, bench_cpu_since(start));
    }
    snprintf(note, sizeof note, "%u peaks, width %.3f Th, %zu kB of scratch", result->peak_count, result->fwhm,
             scratch.peak / 1000);
    bench_table_note(note);
    bench_table_value(&run->table, name, &target, 1e3 * bench_summarise(&samples).median, &samples);
    bench_samples_free(&samples);
    free(scratch.bytes);
    free(intensity);
}

/* Centroids of narrow peaks, and the comb of a unit's width. */
static void add_backend(bench_run *run) {
    static char name[48];
    snprintf(name, sizeof name, "transform %.30s", spectra_fft_registered()->name);
    run->table.library = name;
    add_way(run, "profile, centroids", SPECTRA_PEAKS_CENTROID, 0.05);
    add_way(run, "profile, comb", SPECTRA_PEAKS_COMB, 0.3);
}

void bench_rows_profile(bench_run *run) {
    if (!bench_wanted(run, "profile")) return;
    add_backend(run);
#ifdef BENCH_HAS_FFTW
    spectra_fft_register(spectra_fftw_backend());
    add_backend(run);
    spectra_fft_register(NULL);
#endif
}
