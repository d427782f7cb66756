/* SPDX-License-Identifier: Apache-2.0 */
/* The parts of verifying a database: the file as a whole, its knowledge, and each peak set. */
#ifndef DB_VERIFY_H
#define DB_VERIFY_H

#include "db/inside.h"

/* Fails with SPECTRA_E_CORRUPT at a byte of the file. */
spectra_status db_verify_fail(const spectra_database *database, const uint8_t *at, const char *what,
                              spectra_error *error);

/* A string reference leads to the beginning of a string. */
spectra_status db_verify_text(const spectra_database *database, const uint8_t *at, spectra_error *error);

/* What the database knows of families of compounds. */
spectra_status db_verify_knowledge(const spectra_database *database, spectra_error *error);

/* Recipe, index and peaks of one group of db_groups, against the entries, which were verified before. */
spectra_status db_verify_group(const spectra_database *database, uint32_t group, spectra_error *error);

/* Postings of a set that was verified before. */
spectra_status db_verify_postings(const spectra_database *database, const db_set *set, spectra_error *error);

#endif
