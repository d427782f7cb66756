/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as a profile or a transient: options, axis and samples. Whatever comes is refused, or gives peaks that are
   in order, finite and fit for a spectrum, within the scratch that was asked for. */
#include <string.h>

#include "fuzz/fuzz.h"
#include "spectra/spectra.h"

#define MOST_SAMPLES 512u
#define MOST_SCRATCH ((size_t)1 << 20) /* else an input takes a tenth of a second */

static double take_double(fuzz_input *input) {
    uint64_t bits = fuzz_take(input, 8);
    double value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

/* Some bits of a number that options may have, or, now and then, of any. */
static double take_option(fuzz_input *input, double unit) {
    uint64_t byte = fuzz_take(input, 1);
    return byte == 255 ? take_double(input) : (double)byte * unit;
}

typedef union numbers {
    double double_values[MOST_SAMPLES];
    uint8_t bytes[8 * MOST_SAMPLES];
} numbers;

static size_t width_of(spectra_samples kind) {
    static const size_t widths[] = {8, 4, 2, 4, 2, 4};
    return kind >= 0 && kind <= SPECTRA_SAMPLES_INT32 ? widths[kind] : 8;
}

/* The bytes that are left, as samples of a kind, as often as it takes. */
static void fill(numbers *out, fuzz_input *input, uint32_t count, spectra_samples kind) {
    size_t size = count * width_of(kind), left = input->size - input->position;
    for (size_t i = 0; i < size; i++) out->bytes[i] = left > 0 ? input->bytes[input->position + i % left] : 0;
}

static void check_peaks(const spectra_profile_peak *peaks, uint32_t count) {
    for (uint32_t i = 0; i < count; i++) {
        const spectra_profile_peak *peak = &peaks[i];
        FUZZ_CHECK(peak->mz > 0 && peak->mz <= 1e6 + 1 && peak->intensity > 0 && peak->intensity < 1e40);
        FUZZ_CHECK(peak->mz_error >= 0 && peak->intensity_error >= 0);
        FUZZ_CHECK(i == 0 || peaks[i - 1].mz <= peak->mz);
    }
}

static void check_spectrum(const spectra_profile_result *profile, const spectra_transient_result *transient) {
    spectra_spectrum *spectrum;
    FUZZ_CHECK(spectra_spectrum_create(&spectrum, NULL) == SPECTRA_OK);
    if (profile) FUZZ_CHECK(spectra_spectrum_from_profile(spectrum, profile) == SPECTRA_OK);
    if (transient) FUZZ_CHECK(spectra_spectrum_from_transient(spectrum, transient) == SPECTRA_OK);
    fuzz_walk_spectrum(spectrum);
    spectra_spectrum_free(spectrum);
}

static void check_refusal(spectra_status status, const spectra_scratch *scratch) {
    FUZZ_CHECK(status == SPECTRA_E_INVALID || status == SPECTRA_E_FORMAT || status == SPECTRA_E_LIMIT);
    FUZZ_CHECK(scratch->used == 0);
}

/* --- Profiles --- */

static void take_axis(spectra_profile *profile, numbers *mz, fuzz_input *input) {
    uint64_t way = fuzz_take(input, 1) % 4;
    profile->first_mz = take_option(input, 1);
    profile->step_mz = take_option(input, 0.01);
    if (way == 0) return;
    profile->mz = mz;
    double place = profile->first_mz;
    for (uint32_t i = 0; i < profile->count; i++) {
        mz->double_values[i] = place;
        /* Even with gaps; any steps; any numbers. */
        if (way == 1) place += profile->step_mz * (i % 97 == 96 ? 200 : 1);
        if (way == 2) place += (double)(1 + fuzz_take(input, 1)) * 0.01;
        if (way == 3) place = take_double(input);
    }
}

static void try_profile(fuzz_input *input) {
    static numbers mz, intensity;
    spectra_profile profile = {.size = sizeof profile, .intensity = &intensity};
    spectra_profile_options options = {.size = sizeof options};
    options.ionisation = (spectra_ionisation)(fuzz_take(input, 1) % 4);
    options.method = (spectra_peak_method)(fuzz_take(input, 1) % 3);
    options.baseline = (spectra_baseline)(fuzz_take(input, 1) % 4);
    options.wiener = (uint32_t)fuzz_take(input, 1) % 3;
    options.iterations = (uint32_t)fuzz_take(input, 1) % 8;
    options.fwhm = take_option(input, 0.05);
    options.ion_intensity = take_option(input, 0.1);
    options.threshold = take_option(input, 0.1);
    options.max_offset = take_option(input, 0.01);
    options.max_slope_ppm = take_option(input, 10);
    profile.count = (uint32_t)fuzz_take(input, 2) % MOST_SAMPLES;
    profile.intensity_kind = (spectra_samples)(fuzz_take(input, 1) % 7);
    profile.saturation = take_option(input, 100);
    take_axis(&profile, &mz, input);
    fill(&intensity, input, profile.count, profile.intensity_kind);
    const spectra_profile_result *result;
    spectra_scratch scratch;
    size_t needed = spectra_profile_required(&profile, &options);
    if (needed != SIZE_MAX && needed > MOST_SCRATCH) return;
    fuzz_take_scratch(&scratch, needed == SIZE_MAX ? 0 : needed);
    spectra_status status = spectra_profile_find_peaks(&result, &profile, &options, &scratch, NULL);
    if (status == SPECTRA_OK) {
        check_peaks(result->peaks, result->peak_count);
        check_spectrum(result, NULL);
    } else {
        check_refusal(status, &scratch);
    }
    fuzz_return_scratch();
}

/* --- Transients --- */

static void try_fit(spectra_mass_calibration *calibration, fuzz_input *input) {
    spectra_calibrant ions[4];
    uint32_t count = (uint32_t)fuzz_take(input, 1) % 5;
    for (uint32_t i = 0; i < count; i++)
        ions[i] = (spectra_calibrant){take_option(input, 7), take_option(input, 3000), take_option(input, 0.01)};
    spectra_mass_calibration fit;
    spectra_status status = spectra_mass_calibration_fit(&fit, calibration->analyser, ions, count);
    FUZZ_CHECK(status == SPECTRA_OK || status == SPECTRA_E_INVALID || status == SPECTRA_E_NOT_FOUND);
    if (status == SPECTRA_OK) *calibration = fit;
}

static void try_transient(fuzz_input *input) {
    static numbers samples;
    spectra_mass_calibration calibration = {.size = sizeof calibration};
    spectra_transient_options options = {.size = sizeof options};
    spectra_transient transient = {.size = sizeof transient, .samples = &samples, .calibration = &calibration};
    calibration.analyser = (spectra_analyser)(fuzz_take(input, 1) % 3);
    calibration.a = take_option(input, 1e6);
    calibration.b = take_option(input, 1e6);
    try_fit(&calibration, input);
    options.apodisation = (spectra_apodisation)(fuzz_take(input, 1) % 4);
    options.max_peaks = (uint32_t)fuzz_take(input, 1);
    options.kaiser_beta = take_option(input, 0.1);
    options.threshold = take_option(input, 0.1);
    options.min_mz = take_option(input, 1);
    options.max_mz = take_option(input, 100);
    transient.count = (uint32_t)fuzz_take(input, 2) % MOST_SAMPLES;
    transient.kind = (spectra_samples)(fuzz_take(input, 1) % 7);
    transient.sampling_rate = take_option(input, 1e4);
    transient.saturation = take_option(input, 100);
    fill(&samples, input, transient.count, transient.kind);
    const spectra_transient_result *result;
    spectra_scratch scratch;
    size_t needed = spectra_transient_required(transient.count, &options);
    fuzz_take_scratch(&scratch, needed == SIZE_MAX ? 0 : needed);
    spectra_status status = spectra_transient_find_peaks(&result, &transient, &options, &scratch, NULL);
    if (status == SPECTRA_OK) {
        check_peaks(result->peaks, result->peak_count);
        check_spectrum(NULL, result);
    } else {
        check_refusal(status, &scratch);
    }
    fuzz_return_scratch();
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size) {
    fuzz_input input = {bytes, size, 0, SIZE_MAX};
    if (fuzz_take(&input, 1) % 2 == 0)
        try_profile(&input);
    else
        try_transient(&input);
    return 0;
}
