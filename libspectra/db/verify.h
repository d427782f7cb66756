/* SPDX-License-Identifier: Apache-2.0 */
/* The two halves of verifying a database: the file as a whole, and each peak set. */
#ifndef DB_VERIFY_H
#define DB_VERIFY_H

#include "db/inside.h"

/* Fails with SPECTRA_E_CORRUPT at a byte of the file. */
spectra_status db_verify_fail(const spectra_database *database, const uint8_t *at, const char *what,
                              spectra_error *error);

/* Recipe, index and peaks of one group of db_groups, against the entries, which were verified before. */
spectra_status db_verify_group(const spectra_database *database, uint32_t group, spectra_error *error);

#endif
