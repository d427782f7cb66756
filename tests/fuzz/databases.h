/* SPDX-License-Identifier: Apache-2.0 */
/* Small databases and what is done to any that opens, for the fuzz targets of db/, search/ and identify/. */
#ifndef TESTS_FUZZ_DATABASES_H
#define TESTS_FUZZ_DATABASES_H

#include "fuzz/fuzz.h"
#include "spectra/mixture.h"

/* A valid database of a few spectra of every peak set, with postings, about 30 KB. Built once; free nothing. */
const uint8_t *fuzz_database_file(size_t *size);

/* The digests of a file are made right again; its digest section must be where the header says. */
void fuzz_seal(uint8_t *file, size_t digest_offset);

/* Walks all that a database offers, then searches and identifies a spectrum of each kind in it. */
void fuzz_use_database(const spectra_database *database);
/* The same with one of these questions, as any number chooses: the verdict on EI, which takes longer than all the
   others together, once in 64 numbers. */
void fuzz_use_database_once(const spectra_database *database, uint32_t choice);

/* Searches with these options, NULL for all defaults, and checks what every answer must keep to. */
spectra_status fuzz_search(spectra_hit *hits, uint32_t capacity, spectra_search_summary *summary,
                           const spectra_database *database, const spectra_spectrum *query,
                           const spectra_search_options *options);
/* The same for a verdict. */
spectra_status fuzz_identify(const spectra_database *database, const spectra_spectrum *query,
                             const spectra_search_options *options);
/* The same for a sample of several spectra. */
spectra_status fuzz_mix(const spectra_database *database, const spectra_spectrum *const *spectra, uint32_t count,
                        const spectra_search_options *options);

#endif
