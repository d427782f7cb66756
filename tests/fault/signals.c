/* SPDX-License-Identifier: Apache-2.0 */
/* Profiles and transients in the sweep of failing memory. */
#include "fault/signals.h"

#include "fault/sweep.h"

/* 300 samples, and what is made of them. */
static void use_profile(uint8_t *bytes, size_t size) {
    static float samples[300];
    double shift;
    const spectra_profile profile = {.size = sizeof profile,
                                     .count = 300,
                                     .intensity = samples,
                                     .first_mz = 20,
                                     .step_mz = 0.1,
                                     .intensity_kind = SPECTRA_SAMPLES_FLOAT};
    const spectra_profile_options options = {.size = sizeof options, .ionisation = SPECTRA_IONISATION_EI, .wiener = 1};
    const spectra_profile_result *result;
    spectra_scratch scratch;
    for (int i = 0; i < 300; i++) samples[i] = (float)(i % 10 == 5 ? 1000 : i % 7);
    assert_true(CALLED(spectra_profile_required)(&profile, &options) <= size);
    CALLED(spectra_profile_fft_size)(&profile, &options);
    CALLED(spectra_scratch_init)(&scratch, bytes, size);
    assert_int_equal(CALLED(spectra_profile_find_peaks)(&result, &profile, &options, &scratch, NULL), SPECTRA_OK);
    CALLED(spectra_scratch_reset)(&scratch);
    assert_true(CALLED(spectra_profile_shift_required)(300) <= size);
    assert_int_equal(CALLED(spectra_profile_shift)(&shift, samples, samples, 300, 5, &scratch), SPECTRA_OK);
}

/* 300 samples of a transient, of which it makes a calibration and peaks. */
static void use_transient(uint8_t *bytes, size_t size) {
    static int16_t samples[300];
    const spectra_calibrant ions[] = {{300, 1000, 0.1}, {500, 600, 0.1}};
    spectra_mass_calibration calibration;
    const spectra_transient_result *result;
    spectra_scratch scratch;
    for (int i = 0; i < 300; i++) samples[i] = (int16_t)(i % 3 == 1 ? 1000 : i % 7);
    assert_int_equal(CALLED(spectra_mass_calibration_fit)(&calibration, SPECTRA_ANALYSER_ICR, ions, 2), SPECTRA_OK);
    assert_true(CALLED(spectra_mass_calibration_mz)(&calibration, 800, NULL) > 300);
    const spectra_transient transient = {.size = sizeof transient,
                                         .count = 300,
                                         .samples = samples,
                                         .kind = SPECTRA_SAMPLES_INT16,
                                         .sampling_rate = 3000,
                                         .calibration = &calibration};
    assert_true(CALLED(spectra_transient_required)(300, NULL) <= size);
    CALLED(spectra_transient_fft_size)(300);
    CALLED(spectra_scratch_init)(&scratch, bytes, size);
    assert_int_equal(CALLED(spectra_transient_find_peaks)(&result, &transient, NULL, &scratch, NULL), SPECTRA_OK);
}

/* Blanks, two samples, and what is left of the second. */
static void use_session(uint8_t *bytes, size_t size) {
    static float samples[300];
    static uint8_t memory[1u << 15];
    const spectra_profile scan = {.size = sizeof scan,
                                  .count = 300,
                                  .intensity = samples,
                                  .first_mz = 20,
                                  .step_mz = 0.1,
                                  .intensity_kind = SPECTRA_SAMPLES_FLOAT};
    spectra_session *session;
    const spectra_session_result *result;
    spectra_scratch scratch;
    for (int i = 0; i < 300; i++) samples[i] = (float)(i % 10 == 5 ? 1000 : i % 7);
    assert_true(CALLED(spectra_session_required)(&scan, NULL) <= sizeof memory);
    assert_int_equal(CALLED(spectra_session_begin)(&session, memory, sizeof memory, &scan, NULL, NULL), SPECTRA_OK);
    assert_int_equal(CALLED(spectra_session_add)(session, SPECTRA_SCAN_BLANK, &scan, NULL), SPECTRA_OK);
    assert_true(CALLED(spectra_session_peaks_required)(session) <= size);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(spectra_session_add(session, SPECTRA_SCAN_SAMPLE, &scan, NULL), SPECTRA_OK);
        spectra_scratch_init(&scratch, bytes, size);
        assert_int_equal(CALLED(spectra_session_find_peaks)(&result, session, &scratch, NULL), SPECTRA_OK);
        assert_int_equal(CALLED(spectra_session_next)(session, 0), SPECTRA_OK);
    }
}

void use_signals(void) {
    static uint8_t bytes[1u << 18];
    use_profile(bytes, sizeof bytes);
    use_transient(bytes, sizeof bytes);
    use_session(bytes, sizeof bytes);
}
