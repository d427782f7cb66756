/* SPDX-License-Identifier: Apache-2.0 */
/* The calibration section: rows by track and polarity, kept by the builder and written. */
#include <assert.h>
#include <string.h>

#include "base/bytes.h"
#include "db/builder.h"
#include "db/calibration.h"

void db_builder_calibrate(spectra_builder *builder, const db_calibration *rows, uint32_t count) {
    assert(count <= DB_CALIBRATIONS);
    db_builder_changes(builder);
    memcpy(builder->calibrations, rows, count * sizeof *rows);
    builder->calibration_count = count;
}

void db_write_calibrations(db_output *output, const spectra_builder *builder) {
    for (uint32_t i = 0; i < builder->calibration_count; i++) {
        const db_calibration *row = &builder->calibrations[i];
        uint8_t *out = db_output_room(output, DB_CALIBRATION_ROW_SIZE);
        out[DB_CALIBRATION_TRACK] = (uint8_t)row->track;
        out[DB_CALIBRATION_POLARITY] = (uint8_t)row->polarity;
        base_put32(out + DB_CALIBRATION_QUERIES, row->queries);
        base_put32(out + DB_CALIBRATION_LEAST_PEAKS, row->least_peaks);
        base_put32(out + DB_CALIBRATION_LEAST_SCORE, row->least_score);
        for (uint32_t k = 0; k < 3; k++) {
            base_put32(out + DB_CALIBRATION_STRUCTURE + 4 * k, (uint32_t)row->structure[k]);
            base_put32(out + DB_CALIBRATION_GROUP + 4 * k, (uint32_t)row->group[k]);
        }
    }
}
