/* SPDX-License-Identifier: Apache-2.0 */
/* A program of somebody else's that draws a spectrum. */
#include <stdio.h>

#include "spectra/plot.h"

static spectra_status write(void *context, const char *bytes, size_t size) {
    return fwrite(bytes, 1, size, (FILE *)context) == size ? SPECTRA_OK : SPECTRA_E_IO;
}

int main(void) {
    static const double mz[] = {91, 146, 245}, intensity[] = {12, 55, 100};
    const spectra_plot_peaks peaks = {.mz = mz, .intensity = intensity, .count = 3, .name = "three peaks"};
    const spectra_sink sink = {stdout, write};
    spectra_picture *picture;
    if (spectra_plot_spectrum(&picture, &peaks, NULL) != SPECTRA_OK) return 1;
    spectra_status status = spectra_picture_svg(picture, &sink);
    spectra_picture_free(picture);
    return status == SPECTRA_OK ? 0 : 1;
}
