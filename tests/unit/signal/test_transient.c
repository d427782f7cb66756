/* SPDX-License-Identifier: Apache-2.0 */
#include "spectra/spectra.h"
#include "unit/signal/signals.h"

#define RATE 1e6
#define K 5.4732433e13 /* Orbitrap: m/z 337 at 403 kHz */

/* A transient of ions that last, and what was found in it. */
typedef struct made_transient {
    double *samples;
    uint32_t count;
    spectra_mass_calibration calibration;
    spectra_transient transient;
    spectra_transient_options options;
    spectra_scratch scratch;
    const spectra_transient_result *result;
} made_transient;

static made_transient *make_transient(uint32_t count) {
    made_transient *made = calloc(1, sizeof *made);
    made->samples = calloc(count, sizeof *made->samples);
    made->count = count;
    made->calibration =
        (spectra_mass_calibration){.size = sizeof made->calibration, .analyser = SPECTRA_ANALYSER_ORBITRAP, .a = K};
    made->transient = (spectra_transient){.size = sizeof made->transient,
                                          .count = count,
                                          .samples = made->samples,
                                          .sampling_rate = RATE,
                                          .calibration = &made->calibration};
    made->options = (spectra_transient_options){.size = sizeof made->options, .min_mz = 220};
    made->scratch = signals_scratch(spectra_transient_required(count, &made->options));
    return made;
}

static void free_transient(made_transient *made) {
    free(made->scratch.bytes);
    free(made->samples);
    free(made);
}

static double bin_of(const made_transient *made) {
    return RATE / made->count;
}

static void add_ion(made_transient *made, double frequency, double amplitude, double phase) {
    for (uint32_t i = 0; i < made->count; i++)
        made->samples[i] += amplitude * cos(6.283185307179586 * fmod(frequency / RATE * i, 1) + phase);
}

/* Of such a deviation that a Hann-weighted amplitude has the noise given. */
static void add_noise(made_transient *made, double noise, uint64_t seed) {
    double deviation = noise * sqrt(made->count / 3.0);
    for (uint32_t i = 0; i < made->count; i++) made->samples[i] += deviation * signals_normal(&seed);
}

static spectra_status find_peaks(made_transient *made) {
    spectra_scratch_reset(&made->scratch);
    return spectra_transient_find_peaks(&made->result, &made->transient, &made->options, &made->scratch, NULL);
}

/* The place of the peak nearest to a frequency, at most a bin away; fails where there is none. */
static uint32_t peak_near(const made_transient *made, double frequency) {
    for (uint32_t i = 0; i < made->result->peak_count; i++)
        if (fabs(made->result->frequencies[i].value - frequency) < bin_of(made)) return i;
    fail_msg("no peak at %g Hz", frequency);
    return 0;
}

static void ions_are_found_with_their_masses_and_amplitudes(void **state) {
    (void)state;
    static const double frequencies[] = {201234.5, 288001.3, 350077.7, 403000.1};
    made_transient *made = make_transient(32768);
    for (size_t i = 0; i < COUNT_OF(frequencies); i++) add_ion(made, frequencies[i], 10 * (double)(i + 1), (double)i);
    add_noise(made, 0.05, 1);
    for (spectra_apodisation window = SPECTRA_APODISATION_HANN; window <= SPECTRA_APODISATION_KAISER; window++) {
        made->options.apodisation = window;
        assert_int_equal(find_peaks(made), SPECTRA_OK);
        assert_int_equal(made->result->peak_count, COUNT_OF(frequencies));
        for (size_t i = 0; i < COUNT_OF(frequencies); i++) {
            const spectra_profile_peak *peak = &made->result->peaks[COUNT_OF(frequencies) - 1 - i];
            double mz = K / (frequencies[i] * frequencies[i]);
            assert_true(fabs(peak->mz / mz - 1) < 2e-6);
            assert_true(fabs(peak->intensity / (10 * (double)(i + 1)) - 1) < 0.02);
            assert_int_equal(peak->flags, 0);
        }
    }
    free_transient(made);
}

/* Twenty ions in each of twenty transients. */
static void errors_are_those_that_are_made(void **state) {
    (void)state;
    for (spectra_apodisation window = SPECTRA_APODISATION_HANN; window <= SPECTRA_APODISATION_NONE; window++)
        for (double noise = 0.001; noise < 0.2; noise *= 30) {
            double pulls = 0, heights = 0;
            uint64_t seed = 77;
            for (int run = 0; run < 20; run++) {
                made_transient *made = make_transient(16384);
                double frequency[20];
                made->options.apodisation = window;
                for (int i = 0; i < 20; i++) {
                    /* Too far apart for side lobes, but without a window. */
                    frequency[i] = 160000 + 14000 * i + 200 * signals_uniform(&seed);
                    if (window != SPECTRA_APODISATION_NONE || i == 9)
                        add_ion(made, frequency[i], 1, 6 * signals_uniform(&seed));
                }
                add_noise(made, noise, seed);
                assert_int_equal(find_peaks(made), SPECTRA_OK);
                for (int i = 0; i < 20; i++) {
                    int ion = window == SPECTRA_APODISATION_NONE ? 9 : i;
                    uint32_t at = peak_near(made, frequency[ion]);
                    double pull =
                        (made->result->frequencies[at].value - frequency[ion]) / made->result->frequencies[at].error;
                    double height = (made->result->peaks[at].intensity - 1) / made->result->peaks[at].intensity_error;
                    pulls += pull * pull / 400;
                    heights += height * height / 400;
                }
                free_transient(made);
            }
            assert_true(pulls > 0.5 && pulls < 2);
            /* What the parabola leaves of scalloping is more than weak noise: 0.2 %, without a window 3 %. */
            if (noise > 0.01 && window != SPECTRA_APODISATION_NONE) assert_true(heights > 0.5 && heights < 2);
        }
}

static void noise_alone_is_no_signal(void **state) {
    (void)state;
    uint32_t peaks = 0;
    for (uint64_t seed = 0; seed < 20; seed++) {
        made_transient *made = make_transient(16384);
        add_noise(made, 3, seed);
        assert_int_equal(find_peaks(made), SPECTRA_OK);
        assert_true(fabs(made->result->noise / 3 - 1) < 0.05);
        if (made->result->peak_count == 0) assert_int_equal(made->result->warnings, SPECTRA_TRANSIENT_NO_SIGNAL);
        peaks += made->result->peak_count;
        free_transient(made);
    }
    assert_int_equal(peaks, 0);
}

/* An ion of SNR 100,000 has side lobes above the noise for hundreds of bins. */
static void side_lobes_are_no_peaks_and_decay_makes_them_none(void **state) {
    (void)state;
    for (int decaying = 0; decaying < 2; decaying++)
        for (uint64_t seed = 0; seed < 10; seed++) {
            made_transient *made = make_transient(16384);
            add_ion(made, 300000 + 6.1 * (double)seed, 1, (double)seed);
            for (uint32_t i = 0; decaying && i < made->count; i++) made->samples[i] *= exp(-3.0 * i / made->count);
            add_noise(made, 1e-5, seed);
            for (spectra_apodisation window = SPECTRA_APODISATION_HANN; window <= SPECTRA_APODISATION_KAISER;
                 window++) {
                made->options.apodisation = window;
                assert_int_equal(find_peaks(made), SPECTRA_OK);
                assert_int_equal(made->result->peak_count, 1);
            }
            free_transient(made);
        }
}

/* 8 bins away from one a hundred times as strong: METHODS' case. */
static void a_strong_neighbour_disturbs_and_a_kaiser_window_helps(void **state) {
    (void)state;
    double square[2] = {0}, pulls[2] = {0};
    for (uint64_t run = 0; run < 100; run++) {
        made_transient *made = make_transient(16384);
        uint64_t seed = run;
        double frequency = 300000 + bin_of(made) * signals_uniform(&seed);
        add_ion(made, frequency, 1, 6.28 * signals_uniform(&seed));
        add_ion(made, frequency + 8 * bin_of(made), 100, 6.28 * signals_uniform(&seed));
        add_noise(made, 0.01, run);
        for (spectra_apodisation window = SPECTRA_APODISATION_HANN; window <= SPECTRA_APODISATION_KAISER; window++) {
            made->options.apodisation = window;
            assert_int_equal(find_peaks(made), SPECTRA_OK);
            assert_int_equal(made->result->peak_count, 2);
            uint32_t at = peak_near(made, frequency);
            double off = made->result->frequencies[at].value - frequency;
            double pull = off / made->result->frequencies[at].error;
            square[window] += off * off / 100;
            pulls[window] += pull * pull / 100;
            if (window == SPECTRA_APODISATION_HANN)
                assert_int_equal(made->result->peaks[at].flags, SPECTRA_PEAK_DISTURBED);
        }
        free_transient(made);
    }
    assert_true(square[SPECTRA_APODISATION_HANN] > 25 * square[SPECTRA_APODISATION_KAISER]);
    assert_true(pulls[0] > 0.4 && pulls[0] < 2.5 && pulls[1] > 0.4 && pulls[1] < 2.5);
}

static void what_is_twice_as_strong_is_found_twice_as_strong(void **state) {
    (void)state;
    made_transient *made = make_transient(8192);
    add_ion(made, 250000, 5, 1);
    add_ion(made, 333333, 2, 2);
    add_noise(made, 0.01, 5);
    assert_int_equal(find_peaks(made), SPECTRA_OK);
    assert_int_equal(made->result->peak_count, 2);
    const spectra_profile_peak before[2] = {made->result->peaks[0], made->result->peaks[1]};
    for (uint32_t i = 0; i < made->count; i++) made->samples[i] = 2 * made->samples[i] + 1000; /* and an offset */
    assert_int_equal(find_peaks(made), SPECTRA_OK);
    for (int i = 0; i < 2; i++) {
        assert_true(fabs(made->result->peaks[i].intensity / before[i].intensity - 2) < 1e-4);
        assert_true(fabs(made->result->peaks[i].mz - before[i].mz) < 2e-6);
    }
    free_transient(made);
}

static void every_kind_of_number_gives_the_same_peaks(void **state) {
    (void)state;
    static int16_t shorts[8192];
    static int32_t longs[8192];
    static float floats[8192];
    static uint16_t counts[8192];
    made_transient *made = make_transient(8192);
    spectra_profile_peak expected[2];
    const struct {
        const void *samples;
        spectra_samples kind;
    } ways[] = {{made->samples, SPECTRA_SAMPLES_DOUBLE},
                {floats, SPECTRA_SAMPLES_FLOAT},
                {shorts, SPECTRA_SAMPLES_INT16},
                {longs, SPECTRA_SAMPLES_INT32},
                {counts, SPECTRA_SAMPLES_UINT16}};
    add_ion(made, 250000, 5000, 1);
    add_ion(made, 333333, 2000, 2);
    add_noise(made, 10, 6);
    for (uint32_t i = 0; i < made->count; i++) {
        made->samples[i] = floor(made->samples[i]);
        shorts[i] = (int16_t)made->samples[i];
        longs[i] = (int32_t)made->samples[i];
        floats[i] = (float)made->samples[i];
        counts[i] = (uint16_t)(made->samples[i] + 20000); /* the mean is taken off */
    }
    for (size_t way = 0; way < COUNT_OF(ways); way++) {
        made->transient.samples = ways[way].samples;
        made->transient.kind = ways[way].kind;
        assert_int_equal(find_peaks(made), SPECTRA_OK);
        assert_int_equal(made->result->peak_count, 2);
        for (int i = 0; i < 2; i++) {
            if (way == 0) expected[i] = made->result->peaks[i];
            assert_true(fabs(made->result->peaks[i].mz - expected[i].mz) < 3e-6);
            assert_true(fabs(made->result->peaks[i].intensity / expected[i].intensity - 1) < 3e-5);
        }
    }
    free_transient(made);
}

static void what_leaves_is_in_whole_quanta(void **state) {
    (void)state;
    made_transient *made = make_transient(8192);
    double strongest = 0;
    for (int i = 0; i < 9; i++) add_ion(made, 200123.4 + 20000 * i, 3 + i, i);
    add_noise(made, 0.05, 7);
    assert_int_equal(find_peaks(made), SPECTRA_OK);
    assert_int_equal(made->result->peak_count, 9);
    for (uint32_t i = 0; i < 9; i++) strongest = fmax(strongest, made->result->peaks[i].intensity);
    for (uint32_t i = 0; i < 9; i++) {
        double quanta = made->result->peaks[i].intensity / exp2(floor(log2(strongest)) - 16);
        double millionths = made->result->peaks[i].mz * 1e6;
        assert_true(quanta == floor(quanta) && quanta >= 1 && quanta <= 131072);
        assert_true(fabs(millionths - floor(millionths + 0.5)) < 1e-6 * millionths);
        assert_true(i == 0 || made->result->peaks[i].mz > made->result->peaks[i - 1].mz);
    }
    free_transient(made);
}

static void the_strongest_peaks_are_kept_where_there_are_too_many(void **state) {
    (void)state;
    made_transient *made = make_transient(16384);
    for (int i = 0; i < 20; i++) add_ion(made, 180000 + 13000 * i, 1 + 0.1 * i, i);
    add_noise(made, 0.001, 8);
    made->options.max_peaks = 7;
    assert_int_equal(find_peaks(made), SPECTRA_OK);
    assert_int_equal(made->result->peak_count, 7);
    assert_int_equal(made->result->warnings, SPECTRA_TRANSIENT_PEAKS_LEFT_OUT);
    for (int i = 0; i < 7; i++) assert_true(made->result->peaks[i].intensity > 2.2);
    free_transient(made);
}

static void saturation_is_told(void **state) {
    (void)state;
    made_transient *made = make_transient(8192);
    add_ion(made, 250000, 1000, 1);
    for (uint32_t i = 0; i < made->count; i++) made->samples[i] = fmin(fmax(made->samples[i], -500), 500);
    made->transient.saturation = 500;
    assert_int_equal(find_peaks(made), SPECTRA_OK);
    assert_true(made->result->warnings & SPECTRA_TRANSIENT_SATURATED);
    assert_true(made->result->peaks[peak_near(made, 250000)].flags & SPECTRA_PEAK_SATURATED);
    free_transient(made);
}

static void what_cannot_be_a_transient_is_refused(void **state) {
    (void)state;
    made_transient *made = make_transient(1000);
    const spectra_transient good = made->transient;
    const spectra_mass_calibration calibration = made->calibration;
    spectra_error error;
    made->samples[77] = (double)NAN;
    assert_int_equal(spectra_transient_find_peaks(&made->result, &good, NULL, &made->scratch, &error),
                     SPECTRA_E_FORMAT);
    assert_int_equal(error.offset, 77);
    made->samples[77] = -1e31;
    assert_int_equal(find_peaks(made), SPECTRA_E_FORMAT);
    made->samples[77] = 0;
    for (int kind = 0; kind < 12; kind++) {
        made->transient = good;
        made->calibration = calibration;
        if (kind == 0) made->transient.size = 1;
        if (kind == 1) made->transient.count = 1;
        if (kind == 2) made->transient.samples = NULL;
        if (kind == 3) made->transient.kind = 6;
        if (kind == 4) made->transient.sampling_rate = 0;
        if (kind == 5) made->transient.saturation = (double)NAN;
        if (kind == 6) made->transient.calibration = NULL;
        if (kind == 7) made->calibration.a = -1;
        if (kind == 8) made->calibration.b = 1; /* of an Orbitrap */
        if (kind == 9) made->calibration.analyser = 2;
        if (kind == 10) made->calibration.a = (double)INFINITY;
        if (kind == 11) made->transient.count = UINT32_MAX;
        assert_int_equal(find_peaks(made), SPECTRA_E_INVALID);
    }
    free_transient(made);
}

static void bad_options_are_refused(void **state) {
    (void)state;
    const spectra_transient_options good = {.size = sizeof good},
                                    bad[] = {
                                        {.size = 1},
                                        {.size = sizeof good, .apodisation = 3},
                                        {.size = sizeof good, .max_peaks = 1048577},
                                        {.size = sizeof good, .reserved = 1},
                                        {.size = sizeof good, .kaiser_beta = 21},
                                        {.size = sizeof good, .threshold = 0.5},
                                        {.size = sizeof good, .min_mz = 300, .max_mz = 200},
                                        {.size = sizeof good, .max_mz = (double)NAN},
                                    };
    made_transient *made = make_transient(1000);
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        made->options = bad[i];
        assert_int_equal(find_peaks(made), SPECTRA_E_INVALID);
        assert_true(spectra_transient_required(1000, &bad[i]) == SIZE_MAX);
    }
    assert_true(spectra_transient_required(1000, &good) < 100000);
    assert_true(spectra_transient_required(63, NULL) == SIZE_MAX);
    assert_int_equal(spectra_transient_fft_size(63), 0);
    assert_int_equal(spectra_transient_fft_size(64), 128);
    free_transient(made);
}

static void odd_transients_do_no_harm(void **state) {
    (void)state;
    for (spectra_apodisation window = SPECTRA_APODISATION_HANN; window <= SPECTRA_APODISATION_NONE; window++)
        for (int kind = 0; kind < 7; kind++) {
            made_transient *made = make_transient(kind == 6 ? 64 : 1024);
            made->options.apodisation = window;
            for (uint32_t i = 0; i < made->count; i++) {
                if (kind == 1) made->samples[i] = 1e30;
                if (kind == 2) made->samples[i] = i % 2 ? 1e30 : -1e30;
                if (kind == 3) made->samples[i] = i == 500 ? 1e-310 : 0;
                if (kind == 4) made->samples[i] = i == 500;
                if (kind == 5) made->samples[i] = i % 4 < 2 ? 1 : -1;
                if (kind == 6) made->samples[i] = i % 7;
            }
            assert_int_equal(find_peaks(made), SPECTRA_OK);
            if (kind == 0 || kind == 3) assert_int_equal(made->result->warnings, SPECTRA_TRANSIENT_NO_SIGNAL);
            for (uint32_t i = 0; i < made->result->peak_count; i++) {
                const spectra_profile_peak *peak = &made->result->peaks[i];
                assert_true(peak->mz > 0 && peak->mz < 1e6 && peak->mz_error >= 0 && peak->mz_error < 1e6);
                assert_true(peak->intensity > 0 && peak->intensity < 1e38);
            }
            free_transient(made);
        }
}

static void scratch_of_the_size_asked_for_suffices_and_less_is_given_back(void **state) {
    (void)state;
    made_transient *made = make_transient(4097);
    add_ion(made, 250000, 5, 1);
    size_t needed = spectra_transient_required(made->count, &made->options);
    for (size_t part = 0; part <= 8; part++) {
        uint8_t *bytes = malloc(needed + 64);
        spectra_scratch scratch;
        spectra_scratch_init(&scratch, bytes + 1, needed * part / 8);
        assert_int_equal(spectra_transient_find_peaks(&made->result, &made->transient, &made->options, &scratch, NULL),
                         part == 8 ? SPECTRA_OK : SPECTRA_E_MEMORY);
        if (part < 8) assert_int_equal(scratch.used, 0);
        free(bytes);
    }
    free_transient(made);
}

/* 280 MB: 28 bytes a sample and 1.3 MB of peaks. */
static void ten_million_samples_take_what_is_said(void **state) {
    (void)state;
    enum { COUNT = 10000000 };
    if (sizeof(void *) < 8) skip();
    int16_t *samples = malloc(COUNT * sizeof *samples);
    for (uint32_t i = 0; i < COUNT; i++) samples[i] = (int16_t)(i * 3 % 7 > 3 ? 100 : -100); /* 3/7 of the rate */
    const spectra_mass_calibration calibration = {
        .size = sizeof calibration, .analyser = SPECTRA_ANALYSER_ORBITRAP, .a = K};
    const spectra_transient transient = {.size = sizeof transient,
                                         .count = COUNT,
                                         .samples = samples,
                                         .kind = SPECTRA_SAMPLES_INT16,
                                         .sampling_rate = RATE,
                                         .calibration = &calibration};
    const spectra_transient_result *result;
    size_t needed = spectra_transient_required(COUNT, NULL);
    assert_true(needed < (size_t)28 * COUNT + 1800000);
    spectra_scratch scratch = signals_scratch(needed);
    assert_int_equal(spectra_transient_find_peaks(&result, &transient, NULL, &scratch, NULL), SPECTRA_OK);
    assert_true(result->peak_count >= 1);
    assert_true(fabs(result->frequencies[0].value - RATE * 3 / 7) < 1e-3);
    free(scratch.bytes);
    free(samples);
}

/* --- Calibration --- */

static void frequencies_have_the_masses_of_their_function(void **state) {
    (void)state;
    const spectra_mass_calibration icr = {.size = sizeof icr, .a = 1.075e8, .b = -2e8, .a_variance = 100};
    const spectra_mass_calibration orbitrap = {
        .size = sizeof orbitrap, .analyser = SPECTRA_ANALYSER_ORBITRAP, .a = K, .a_variance = K * K * 1e-12};
    double error;
    assert_true(fabs(spectra_mass_calibration_mz(&icr, 300000, &error) - (1.075e8 / 3e5 - 2e8 / 9e10)) < 1e-9);
    assert_true(fabs(error - 10 / 3e5) < 1e-12);
    assert_true(fabs(spectra_mass_calibration_mz(&orbitrap, 300000, &error) - K / 9e10) < 1e-9);
    assert_true(fabs(error / (K / 9e10) - 1e-6) < 1e-12);
    assert_true(spectra_mass_calibration_mz(&icr, 3, NULL) == 0); /* m/z falls with the frequency below 3.7 Hz */
    assert_true(spectra_mass_calibration_mz(&icr, 4, NULL) > 0);
    assert_true(spectra_mass_calibration_mz(&orbitrap, 0, NULL) == 0);
    assert_true(spectra_mass_calibration_mz(&orbitrap, (double)NAN, NULL) == 0);
}

static void ions_that_determine_nothing_are_refused(void **state) {
    (void)state;
    const spectra_calibrant ions[] = {
        {300, 358000, 0}, {300, 358001, 0}, {500, 215000, 0}, {500, 215000, 0.1}, {300, 358000, 0.1}};
    spectra_mass_calibration fit;
    assert_int_equal(spectra_mass_calibration_fit(&fit, SPECTRA_ANALYSER_ICR, ions, 0), SPECTRA_E_NOT_FOUND);
    assert_int_equal(spectra_mass_calibration_fit(&fit, SPECTRA_ANALYSER_ICR, ions, 1), SPECTRA_E_NOT_FOUND);
    assert_int_equal(spectra_mass_calibration_fit(&fit, SPECTRA_ANALYSER_ICR, ions, 2), SPECTRA_E_NOT_FOUND);
    assert_int_equal(spectra_mass_calibration_fit(&fit, SPECTRA_ANALYSER_ICR, ions + 1, 2), SPECTRA_E_NOT_FOUND);
    assert_int_equal(spectra_mass_calibration_fit(&fit, SPECTRA_ANALYSER_ICR, ions, 3), SPECTRA_OK);
    assert_int_equal(spectra_mass_calibration_fit(&fit, SPECTRA_ANALYSER_ICR, ions + 3, 2), SPECTRA_OK);
    assert_int_equal(spectra_mass_calibration_fit(&fit, SPECTRA_ANALYSER_ORBITRAP, ions, 1), SPECTRA_E_NOT_FOUND);
    assert_int_equal(spectra_mass_calibration_fit(&fit, SPECTRA_ANALYSER_ORBITRAP, ions + 3, 1), SPECTRA_OK);
    assert_int_equal(spectra_mass_calibration_fit(&fit, SPECTRA_ANALYSER_ICR, ions, 4), SPECTRA_E_INVALID);
    assert_int_equal(spectra_mass_calibration_fit(&fit, 2, ions, 3), SPECTRA_E_INVALID);
    const spectra_calibrant odd[] = {{300, 0, 0}, {(double)NAN, 1000, 0}, {300, 1000, -1}, {300, 1000, 2000}};
    for (size_t i = 0; i < COUNT_OF(odd); i++)
        assert_int_equal(spectra_mass_calibration_fit(&fit, SPECTRA_ANALYSER_ORBITRAP, &odd[i], 1), SPECTRA_E_INVALID);
    /* Heavier ions at higher frequencies: no field does that. */
    const spectra_calibrant turned[] = {{300, 100000, 1}, {900, 200000, 1}};
    assert_int_equal(spectra_mass_calibration_fit(&fit, SPECTRA_ANALYSER_ICR, turned, 2), SPECTRA_E_NOT_FOUND);
}

/* The errors of a fit hold those of the m/z that it gives, at and between its ions. */
static void a_fit_is_as_wrong_as_it_says(void **state) {
    (void)state;
    double pulls = 0;
    uint64_t seed = 4;
    for (int run = 0; run < 400; run++) {
        spectra_calibrant ions[6];
        spectra_mass_calibration fit;
        for (int i = 0; i < 6; i++) {
            ions[i].mz = 150 + 150 * i;
            ions[i].frequency_error = 0.02;
            double exact = 1.075e8 / ions[i].mz;
            exact -= 2e8 / exact / ions[i].mz; /* b/f², first order */
            ions[i].frequency = exact + 0.02 * signals_normal(&seed);
        }
        assert_int_equal(spectra_mass_calibration_fit(&fit, SPECTRA_ANALYSER_ICR, ions, 6), SPECTRA_OK);
        double error, frequency = 1.075e8 / 420 - 2e8 / 1.075e8,
                      mz = spectra_mass_calibration_mz(&fit, frequency, &error);
        double pull = (mz - 420) / error;
        pulls += pull * pull / 400;
    }
    assert_true(pulls > 0.6 && pulls < 1.4);
}

static void a_spectrum_takes_the_peaks_and_the_warnings(void **state) {
    (void)state;
    made_transient *made = make_transient(8192);
    spectra_spectrum *spectrum;
    add_ion(made, 250000, 5, 1);
    add_ion(made, 333333, 2, 2);
    add_noise(made, 0.01, 5);
    made->options.max_peaks = 1;
    assert_int_equal(find_peaks(made), SPECTRA_OK);
    assert_int_equal(spectra_spectrum_create(&spectrum, NULL), SPECTRA_OK);
    assert_int_equal(spectra_spectrum_from_transient(spectrum, made->result), SPECTRA_OK);
    assert_int_equal(spectra_spectrum_peak_count(spectrum), 1);
    assert_true(spectra_spectrum_mz(spectrum)[0] == made->result->peaks[0].mz);
    assert_true(spectra_spectrum_intensity(spectrum)[0] == made->result->peaks[0].intensity);
    assert_string_equal(spectra_spectrum_warning(spectrum, 0), "transient: the weakest peaks were left out");
    assert_int_equal(spectra_spectrum_from_transient(NULL, made->result), SPECTRA_E_INVALID);
    assert_int_equal(spectra_spectrum_from_transient(spectrum, NULL), SPECTRA_E_INVALID);
    spectra_spectrum_free(spectrum);
    free_transient(made);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ions_are_found_with_their_masses_and_amplitudes),
        cmocka_unit_test(errors_are_those_that_are_made),
        cmocka_unit_test(noise_alone_is_no_signal),
        cmocka_unit_test(side_lobes_are_no_peaks_and_decay_makes_them_none),
        cmocka_unit_test(a_strong_neighbour_disturbs_and_a_kaiser_window_helps),
        cmocka_unit_test(what_is_twice_as_strong_is_found_twice_as_strong),
        cmocka_unit_test(every_kind_of_number_gives_the_same_peaks),
        cmocka_unit_test(what_leaves_is_in_whole_quanta),
        cmocka_unit_test(the_strongest_peaks_are_kept_where_there_are_too_many),
        cmocka_unit_test(saturation_is_told),
        cmocka_unit_test(what_cannot_be_a_transient_is_refused),
        cmocka_unit_test(bad_options_are_refused),
        cmocka_unit_test(odd_transients_do_no_harm),
        cmocka_unit_test(scratch_of_the_size_asked_for_suffices_and_less_is_given_back),
        cmocka_unit_test(ten_million_samples_take_what_is_said),
        cmocka_unit_test(frequencies_have_the_masses_of_their_function),
        cmocka_unit_test(ions_that_determine_nothing_are_refused),
        cmocka_unit_test(a_fit_is_as_wrong_as_it_says),
        cmocka_unit_test(a_spectrum_takes_the_peaks_and_the_warnings),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
