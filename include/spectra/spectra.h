/* SPDX-License-Identifier: Apache-2.0 */
/** @file
   All of libspectra: mass spectra in, ranked and honest answers out. */
#ifndef SPECTRA_SPECTRA_H
#define SPECTRA_SPECTRA_H

#include "spectra/alarm.h"
#include "spectra/database.h"
#include "spectra/fft.h"
#include "spectra/identify.h"
#include "spectra/io.h"
#include "spectra/memory.h"
#include "spectra/mixture.h"
#include "spectra/prepare.h"
#include "spectra/profile.h"
#include "spectra/report.h"
#include "spectra/search.h"
#include "spectra/session.h"
#include "spectra/spectrum.h"
#include "spectra/status.h"
#include "spectra/tolerance.h"
#include "spectra/transient.h"
#include "spectra/version.h"

#endif
