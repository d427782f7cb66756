/* SPDX-License-Identifier: Apache-2.0 */
/* How likely the best candidate is right, where the database's calibration covers the case. */
#include <string.h>

#include "db/calibration.h"
#include "identify/identify.h"
#include "identify/logistic.h"

void identify_features(int32_t x[2], uint32_t best, uint32_t second) {
    x[0] = (int32_t)(best >> 14);
    x[1] = (int32_t)((best - second) >> 14);
}

static uint32_t permille(const int32_t coefficients[3], const int32_t x[2]) {
    const logistic_model model = {coefficients[0], coefficients[1], coefficients[2]};
    return logistic_permille(logistic_probability(&model, x));
}

/* Fitted by the default search of one database: its candidates are then those that any other setting would change. */
static bool inside(const identify_case *the_case, const db_calibration *calibration) {
    const spectra_identification *result = the_case->result;
    const spectra_search_options *options = the_case->options;
    bool usual = !options || !(options->tolerance.uth || options->tolerance.ppm || options->precursor_tolerance.uth ||
                               options->precursor_tolerance.ppm || options->open);
    return usual && the_case->database_count == 1 && result->search.query_peaks >= calibration->least_peaks &&
           result->candidates[0].score >= calibration->least_score;
}

void identify_find_probability(identify_case *the_case) {
    spectra_identification *result = the_case->result;
    db_calibration calibration;
    for (uint32_t d = 0; d < the_case->database_count; d++) {
        if (!db_find_calibration(&calibration, the_case->databases[d], result->search.track, result->search.polarity))
            continue;
        result->calibration = SPECTRA_CALIBRATION_OUTSIDE;
        if (result->candidate_count == 0 || !inside(the_case, &calibration)) continue;
        int32_t x[2];
        uint32_t second = result->candidate_count > 1 ? result->candidates[1].score : 0;
        identify_features(x, result->candidates[0].score, second);
        result->calibration = SPECTRA_CALIBRATION_INSIDE;
        result->calibration_queries = calibration.queries;
        memcpy(result->calibration_digest, calibration.digest, sizeof calibration.digest);
        result->structure_permille = permille(calibration.structure, x);
        result->group_permille = permille(calibration.group, x);
    }
}
