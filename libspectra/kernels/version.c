/* SPDX-License-Identifier: Apache-2.0 */
/* Which library this is, for reports and for whoever links it. */
#include "spectra/version.h"

#include "kernels/kernels.h"

#define TEXT_OF(number) #number
#define DOTTED(major, minor, patch) TEXT_OF(major) "." TEXT_OF(minor) "." TEXT_OF(patch)

const char *spectra_version(void) {
    return DOTTED(SPECTRA_VERSION_MAJOR, SPECTRA_VERSION_MINOR, SPECTRA_VERSION_PATCH);
}

const char *spectra_kernel(void) {
    return kernels_active()->name;
}
