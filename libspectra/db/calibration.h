/* SPDX-License-Identifier: Apache-2.0 */
/* Calibration of a database: how likely it is that the best candidate is right, fitted when the database was built. */
#ifndef DB_CALIBRATION_H
#define DB_CALIBRATION_H

#include "base/digest.h"
#include "db/db.h"

/* One track and polarity. Coefficients give log2 of the odds in 2^-16 from the best score and from its distance to the
   second compound, both in 2^-16, and a constant. */
typedef struct db_calibration {
    spectra_track track;
    spectra_polarity polarity;
    uint32_t queries;     /* it was fitted from */
    uint32_t least_peaks; /* the fewest peaks a query had, prepared */
    uint32_t least_score; /* the least best score there was, in 2^-30: at most DB_SCORE_ONE */
    int32_t structure[3];
    int32_t group[3];
    uint8_t digest[BASE_DIGEST_SIZE]; /* of a found one: of its row */
} db_calibration;

#define DB_SCORE_ONE (UINT32_C(1) << 30)
#define DB_CALIBRATIONS 6u /* tracks × polarities */

/* False where the database has none for the track and polarity. */
bool db_find_calibration(db_calibration *out, const spectra_database *database, spectra_track track,
                         spectra_polarity polarity);

/* Replaces what the builder embeds: at most DB_CALIBRATIONS of them, by rising track and polarity. */
void db_builder_calibrate(spectra_builder *builder, const db_calibration *rows, uint32_t count);

#endif
