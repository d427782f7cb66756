/* SPDX-License-Identifier: Apache-2.0 */
/* The calibration section: rows by track and polarity, found in an open database. */
#include "db/calibration.h"

#include "base/bytes.h"
#include "db/inside.h"

static void read_row(db_calibration *out, const uint8_t *row) {
    *out = (db_calibration){
        .track = row[DB_CALIBRATION_TRACK],
        .polarity = row[DB_CALIBRATION_POLARITY],
        .queries = base_get32(row + DB_CALIBRATION_QUERIES),
        .least_peaks = base_get32(row + DB_CALIBRATION_LEAST_PEAKS),
        .least_score = base_get32(row + DB_CALIBRATION_LEAST_SCORE),
    };
    for (uint32_t k = 0; k < 3; k++) {
        out->structure[k] = (int32_t)base_get32(row + DB_CALIBRATION_STRUCTURE + 4 * k);
        out->group[k] = (int32_t)base_get32(row + DB_CALIBRATION_GROUP + 4 * k);
    }
}

bool db_find_calibration(db_calibration *out, const spectra_database *database, spectra_track track,
                         spectra_polarity polarity) {
    const db_view *view = &database->file[DB_SLOT_CALIBRATION];
    for (uint32_t i = 0; i < view->count; i++) {
        read_row(out, view->data + (size_t)i * DB_CALIBRATION_ROW_SIZE);
        if (out->track != track || out->polarity != polarity) continue;
        base_digest_of(view->data + (size_t)i * DB_CALIBRATION_ROW_SIZE, DB_CALIBRATION_ROW_SIZE, out->digest);
        return true;
    }
    return false;
}
