/* SPDX-License-Identifier: Apache-2.0 */
/* The way of a profile's or a transient's peaks into a raw spectrum: from here on nothing tells them from any others.
 */
#include <string.h>

#include "base/text.h"
#include "spectrum/raw.h"

typedef struct warning_words {
    uint32_t bit;
    const char *words;
} warning_words;

static const warning_words of_profiles[] = {
    {SPECTRA_PROFILE_AXIS_UNDETERMINED, "the mass axis could not be determined and may be off"},
    {SPECTRA_PROFILE_SATURATED, "the detector was saturated"},
    {SPECTRA_PROFILE_GAPS, "parts were not measured"},
    {SPECTRA_PROFILE_NO_SIGNAL, "no peak stands above the noise"}};

static const warning_words of_transients[] = {
    {SPECTRA_TRANSIENT_SATURATED, "the converter was saturated, and peaks may be harmonics"},
    {SPECTRA_TRANSIENT_NO_SIGNAL, "no peak stands above the noise"},
    {SPECTRA_TRANSIENT_PEAKS_LEFT_OUT, "the weakest peaks were left out"}};
#define COUNT_OF(array) (sizeof(array) / sizeof *(array))

static void describe(base_text *text, const char *what, const warning_words *warnings, size_t count, uint32_t bits) {
    base_text_string(text, what);
    for (size_t i = 0, told = 0; i < count; i++) {
        if (!(bits & warnings[i].bit)) continue;
        base_text_string(text, told++ == 0 ? ": " : "; ");
        base_text_string(text, warnings[i].words);
    }
}

/* `warning` NULL: there is none. */
static spectra_status take_peaks(spectra_spectrum *spectrum, const spectra_profile_peak *peaks, uint32_t count,
                                 const char *warning) {
    if (!spectrum_reserve_peaks(spectrum, count)) return SPECTRA_E_MEMORY;
    if (warning && !spectrum_add_warning(spectrum, warning)) return SPECTRA_E_MEMORY;
    spectrum_clear_peaks(spectrum);
    for (uint32_t i = 0; i < count; i++) spectrum_add_peak(spectrum, peaks[i].mz, peaks[i].intensity);
    return SPECTRA_OK;
}

spectra_status spectra_spectrum_from_profile(spectra_spectrum *spectrum, const spectra_profile_result *result) {
    char bytes[256];
    base_text text;
    if (!spectrum || !result) return SPECTRA_E_INVALID;
    base_text_init(&text, bytes, sizeof bytes);
    describe(&text, "profile", of_profiles, COUNT_OF(of_profiles), result->warnings);
    return take_peaks(spectrum, result->peaks, result->peak_count, result->warnings != 0 ? bytes : NULL);
}

spectra_status spectra_spectrum_from_transient(spectra_spectrum *spectrum, const spectra_transient_result *result) {
    char bytes[256];
    base_text text;
    if (!spectrum || !result) return SPECTRA_E_INVALID;
    base_text_init(&text, bytes, sizeof bytes);
    describe(&text, "transient", of_transients, COUNT_OF(of_transients), result->warnings);
    return take_peaks(spectrum, result->peaks, result->peak_count, result->warnings != 0 ? bytes : NULL);
}
