/* SPDX-License-Identifier: Apache-2.0 */
/* Fits a database's probabilities from its own spectra: degraded copies are searched, and what is found is counted once
   as it is and once as if their compound were not in the database. */
#include <string.h>

#include "base/error.h"
#include "base/fixed.h"
#include "base/memory.h"
#include "base/text.h"
#include "chem/chem.h"
#include "db/builder.h"
#include "identify/degrade.h"
#include "identify/identify.h"
#include "identify/logistic.h"
#include "spectrum/raw.h"

#define QUERIES 1000u      /* copies that are searched, at the most, for each track and polarity */
#define COPIES 4u          /* of one spectrum, at the most */
#define LEAST_SPECTRA 100u /* a track with fewer stays uncalibrated */

/* One track and polarity. */
typedef struct calibration_run {
    const spectra_database *database;
    db_set set;
    spectra_search_options options;
    spectra_spectrum *query;
    spectra_hit *hits; /* IDENTIFY_CANDIDATES of them */
    degraded_peak *peaks;
    double *mz, *intensity;
    logistic_case *structure, *group; /* two for each query */
    size_t case_count;
    db_calibration *row;
    spectra_scratch scratch;
    spectra_error *error;
} calibration_run;

static size_t most_peaks(const db_set *set) {
    size_t most = 0;
    db_spectrum spectrum;
    for (uint32_t i = 0; i < set->count; i++)
        if (db_spectrum_at(&spectrum, set, i) && spectrum.peak_count > most) most = spectrum.peak_count;
    return most + DEGRADE_FOREIGN;
}

static size_t room_for(size_t peak_count) {
    return spectra_search_required(peak_count) + base_scratch_cost(IDENTIFY_CANDIDATES, sizeof(spectra_hit)) +
           base_scratch_cost(peak_count, sizeof(degraded_peak)) + 2 * base_scratch_cost(peak_count, sizeof(double)) +
           2 * base_scratch_cost((size_t)2 * QUERIES, sizeof(logistic_case));
}

/* Cannot fail: the scratch has room_for the peaks. */
static void take_room(calibration_run *run, size_t peak_count) {
    run->hits = base_scratch_take(&run->scratch, IDENTIFY_CANDIDATES, sizeof *run->hits);
    run->peaks = base_scratch_take(&run->scratch, peak_count, sizeof *run->peaks);
    run->mz = base_scratch_take(&run->scratch, peak_count, sizeof *run->mz);
    run->intensity = base_scratch_take(&run->scratch, peak_count, sizeof *run->intensity);
    run->structure = base_scratch_take(&run->scratch, (size_t)2 * QUERIES, sizeof *run->structure);
    run->group = base_scratch_take(&run->scratch, (size_t)2 * QUERIES, sizeof *run->group);
}

static spectra_status state_precursor(spectra_spectrum *query, uint32_t precursor_uth) {
    char bytes[16];
    base_text text;
    if (precursor_uth == 0) return SPECTRA_OK;
    base_text_init(&text, bytes, sizeof bytes);
    base_text_unsigned(&text, precursor_uth / 1000000);
    base_text_string(&text, ".");
    for (uint32_t digit = 100000; digit > precursor_uth % 1000000 && digit > 1; digit /= 10)
        base_text_string(&text, "0");
    base_text_unsigned(&text, precursor_uth % 1000000);
    return spectra_spectrum_add_metadata(query, "PrecursorMZ", bytes);
}

/* 1. The copy as a raw spectrum; without peaks where everything went missing. */
static spectra_status make_query(calibration_run *run, const db_spectrum *spectrum, uint32_t copy) {
    uint32_t precursor_uth;
    size_t count = identify_degrade(run->peaks, &precursor_uth, &run->set, spectrum, copy);
    for (size_t i = 0; i < count; i++) {
        run->mz[i] = run->peaks[i].mz_uth / 1e6;
        run->intensity[i] = base_exp2_negative((uint64_t)run->peaks[i].weakness << 8);
    }
    spectrum_clear(run->query);
    bool negative = run->row->polarity == SPECTRA_POLARITY_NEGATIVE;
    spectra_status status = spectra_spectrum_add_metadata(run->query, "Ion_mode", negative ? "negative" : "positive");
    if (status == SPECTRA_OK) status = state_precursor(run->query, precursor_uth);
    if (status == SPECTRA_OK)
        status = spectra_spectrum_set_peaks(run->query, run->mz, run->intensity, count, run->error);
    return status;
}

/* As an exclusion of the own compound tells it: the same first block of the InChIKey, else the same substance. */
static bool same_compound(const calibration_run *run, uint32_t substance, uint32_t own) {
    spectra_substance a, b;
    char block_a[15], block_b[15];
    if (substance == own) return true;
    return spectra_database_substance(run->database, substance, &a) == SPECTRA_OK &&
           spectra_database_substance(run->database, own, &b) == SPECTRA_OK &&
           chem_inchikey_block(block_a, a.inchikey) && chem_inchikey_block(block_b, b.inchikey) &&
           strcmp(block_a, block_b) == 0;
}

static bool same_formula(const calibration_run *run, uint32_t substance, uint32_t own) {
    uint32_t formula = db_substance_formula(run->database, own);
    return substance == own || (formula != 0 && formula == db_substance_formula(run->database, substance));
}

/* 3. */
static void count_case(calibration_run *run, uint32_t best, uint32_t second_score, uint32_t own, bool right) {
    const spectra_hit *hit = &run->hits[best];
    logistic_case one;
    identify_features(one.x, hit->score, second_score);
    one.outcome = right;
    run->structure[run->case_count] = one;
    one.outcome = same_formula(run, hit->substance, own);
    run->group[run->case_count++] = one;
    if (hit->score < run->row->least_score) run->row->least_score = hit->score;
}

static void count_cases(calibration_run *run, uint32_t hit_count, uint32_t own) {
    uint32_t others[2], found = 0;
    for (uint32_t i = 0; i < hit_count && found < 2; i++)
        if (!same_compound(run, run->hits[i].substance, own)) others[found++] = i;
    if (hit_count > 0) count_case(run, 0, hit_count > 1 ? run->hits[1].score : 0, own, run->hits[0].substance == own);
    if (found > 0) count_case(run, others[0], found > 1 ? run->hits[others[1]].score : 0, own, false);
}

/* 2. */
static spectra_status ask(calibration_run *run, const db_spectrum *spectrum, uint32_t copy) {
    spectra_search_summary summary;
    db_entry_key key;
    if (!db_entry_key_at(&key, run->database, spectrum->entry)) return SPECTRA_E_CORRUPT;
    spectra_status status = make_query(run, spectrum, copy);
    if (status < 0) return status;
    status = spectra_search(run->hits, IDENTIFY_CANDIDATES, &summary, &run->database, 1, run->query, &run->options,
                            &run->scratch, run->error);
    if (status < 0) return status;
    if (summary.query_peaks == 0) return SPECTRA_OK;
    run->row->queries++;
    if (summary.query_peaks < run->row->least_peaks) run->row->least_peaks = summary.query_peaks;
    count_cases(run, summary.hit_count, key.substance);
    return SPECTRA_OK;
}

static void take_model(int32_t out[3], const logistic_case *cases, size_t count) {
    logistic_model model = logistic_fit(cases, count);
    out[0] = model.first;
    out[1] = model.second;
    out[2] = model.constant;
}

static spectra_status fit(calibration_run *run) {
    uint32_t count = run->set.count < QUERIES ? run->set.count : QUERIES;
    uint32_t copies = QUERIES / count < COPIES ? QUERIES / count : COPIES;
    for (uint32_t i = 0; i < count; i++) {
        db_spectrum spectrum;
        uint32_t at = (uint32_t)((uint64_t)i * run->set.count / count);
        if (!db_spectrum_at(&spectrum, &run->set, at)) return SPECTRA_E_CORRUPT;
        for (uint32_t copy = 0; copy < copies; copy++) {
            spectra_status status = ask(run, &spectrum, copy);
            if (status < 0) return status;
        }
    }
    take_model(run->row->structure, run->structure, run->case_count);
    take_model(run->row->group, run->group, run->case_count);
    return SPECTRA_OK;
}

static spectra_status calibrate_set(calibration_run *run, const spectra_allocator *allocator) {
    size_t peak_count = most_peaks(&run->set), size = room_for(peak_count);
    uint8_t *work = base_allocate(allocator, size);
    spectra_status status = work ? spectra_spectrum_create(&run->query, allocator) : SPECTRA_E_MEMORY;
    if (status == SPECTRA_OK) {
        spectra_scratch_init(&run->scratch, work, size);
        take_room(run, peak_count);
        status = fit(run);
    }
    spectra_spectrum_free(run->query);
    base_release(allocator, work, size);
    return status;
}

/* In-source spectra have no precursor and a library of few compounds: they stay uncalibrated. */
static const struct {
    spectra_track track;
    spectra_polarity polarity;
    int set;
    spectra_measure measure;
} calibrated[] = {
    {SPECTRA_TRACK_EI, SPECTRA_POLARITY_POSITIVE, DB_SET_NOMINAL, SPECTRA_MEASURE_IDENTITY},
    {SPECTRA_TRACK_MSMS, SPECTRA_POLARITY_POSITIVE, DB_SET_WINDOWED, SPECTRA_MEASURE_ENTROPY},
    {SPECTRA_TRACK_MSMS, SPECTRA_POLARITY_NEGATIVE, DB_SET_WINDOWED, SPECTRA_MEASURE_ENTROPY},
};

static spectra_status calibrate(db_calibration *rows, uint32_t *count, const spectra_database *database,
                                const spectra_allocator *allocator, spectra_error *error) {
    for (size_t i = 0; i < sizeof calibrated / sizeof calibrated[0]; i++) {
        calibration_run run = {.database = database, .row = &rows[*count], .error = error};
        spectra_status status =
            db_find_set(&run.set, database, calibrated[i].track, calibrated[i].polarity, calibrated[i].set);
        if (status == SPECTRA_E_NOT_FOUND || (status == SPECTRA_OK && run.set.count < LEAST_SPECTRA)) continue;
        if (status < 0) return status;
        run.options = (spectra_search_options){
            .size = sizeof run.options, .track = calibrated[i].track, .measure = calibrated[i].measure};
        *run.row = (db_calibration){.track = calibrated[i].track,
                                    .polarity = calibrated[i].polarity,
                                    .least_peaks = UINT32_MAX,
                                    .least_score = SPECTRA_SCORE_ONE};
        status = calibrate_set(&run, allocator);
        if (status < 0) return status;
        (*count)++;
    }
    return SPECTRA_OK;
}

spectra_status spectra_builder_calibrate(spectra_builder *builder, spectra_error *error) {
    const void *bytes;
    size_t size;
    spectra_database *database;
    db_calibration rows[DB_CALIBRATIONS];
    uint32_t count = 0;
    if (!builder) return base_fail(error, SPECTRA_E_INVALID, BASE_NO_PLACE, "there is no builder to calibrate");
    spectra_status status = spectra_builder_write_memory(builder, &bytes, &size, error);
    if (status < 0) return status;
    const spectra_allocator *allocator = builder->allocator;
    status = spectra_database_open_memory(&database, bytes, size, allocator, error);
    if (status < 0) return status;
    status = calibrate(rows, &count, database, allocator, error);
    spectra_database_close(database);
    if (status == SPECTRA_E_MEMORY)
        return base_fail(error, status, BASE_NO_PLACE, "no memory to calibrate the database");
    if (status == SPECTRA_OK) db_builder_calibrate(builder, rows, count);
    return status;
}
