/* SPDX-License-Identifier: Apache-2.0 */
/* The way of a profile's peaks into a raw spectrum: from here on nothing tells them from any others. */
#include <string.h>

#include "base/text.h"
#include "spectrum/raw.h"

static const struct {
    uint32_t bit;
    const char *words;
} warnings[] = {{SPECTRA_PROFILE_AXIS_UNDETERMINED, "the mass axis could not be determined and may be off"},
                {SPECTRA_PROFILE_SATURATED, "the detector was saturated"},
                {SPECTRA_PROFILE_GAPS, "parts were not measured"},
                {SPECTRA_PROFILE_NO_SIGNAL, "no peak stands above the noise"}};

static void describe(base_text *text, uint32_t bits) {
    base_text_string(text, "profile");
    for (size_t i = 0, told = 0; i < sizeof warnings / sizeof *warnings; i++) {
        if (!(bits & warnings[i].bit)) continue;
        base_text_string(text, told++ == 0 ? ": " : "; ");
        base_text_string(text, warnings[i].words);
    }
}

spectra_status spectra_spectrum_from_profile(spectra_spectrum *spectrum, const spectra_profile_result *result) {
    char bytes[256];
    base_text text;
    if (!spectrum || !result) return SPECTRA_E_INVALID;
    base_text_init(&text, bytes, sizeof bytes);
    describe(&text, result->warnings);
    if (!spectrum_reserve_peaks(spectrum, result->peak_count)) return SPECTRA_E_MEMORY;
    if (result->warnings != 0 && !spectrum_add_warning(spectrum, bytes)) return SPECTRA_E_MEMORY;
    spectrum_clear_peaks(spectrum);
    for (uint32_t i = 0; i < result->peak_count; i++)
        spectrum_add_peak(spectrum, result->peaks[i].mz, result->peaks[i].intensity);
    return SPECTRA_OK;
}
