/* SPDX-License-Identifier: Apache-2.0 */
/* Synthetic libraries: the spectra of a file, cleaned, then perturbed copies of them; and queries that resemble them.
   The same bytes for a seed on any machine. */
#ifndef BENCH_GENERATE_H
#define BENCH_GENERATE_H

#include <stdbool.h>
#include <stddef.h>

#include "spectra/spectra.h"

#define BENCH_SEED UINT64_C(20240501)

/* The cleaned spectra of a file that can stand in a track (EI or MS/MS of positive ions). */
typedef struct bench_source bench_source;

/* Reads a file of any format the library reads; exits with a message where that fails or nothing is left. */
bench_source *bench_source_read(const char *path, spectra_track track);
void bench_source_free(bench_source *source);
uint32_t bench_source_count(const bench_source *source);

/* Spectrum `index` of the library: below the source's count a cleaned spectrum of it, then perturbed copies. Yours. */
spectra_spectrum *bench_library_spectrum(const bench_source *source, uint64_t seed, uint32_t index);
/* Query `index`: some spectrum of the source as another measurement would show it. Yours. */
spectra_spectrum *bench_query_spectrum(const bench_source *source, uint64_t seed, uint32_t index);

/* Ends the program with a message where a call of the library failed. */
void bench_check(spectra_status status, const spectra_error *error, const char *what);
void *bench_allocate(size_t count, size_t size);

#endif
