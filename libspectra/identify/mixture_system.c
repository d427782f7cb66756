/* SPDX-License-Identifier: Apache-2.0 */
/* Rows and columns of one spectrum: a row for each measured peak and for each mass that only references have, a column
   for each reference spectrum of a candidate. */
#include <string.h>

#include "base/error.h"
#include "base/memory.h"
#include "identify/mixture.h"

/* Columns while they are filled: peaks of the reference first, then rows in their place. */
typedef struct column_room {
    uint32_t mz[NONNEGATIVE_COLUMNS][NONNEGATIVE_COLUMN_ROWS];
    uint32_t intensity[NONNEGATIVE_COLUMNS][NONNEGATIVE_COLUMN_ROWS];
    uint32_t row[NONNEGATIVE_COLUMNS][NONNEGATIVE_COLUMN_ROWS];
    uint32_t value[NONNEGATIVE_COLUMNS][NONNEGATIVE_COLUMN_ROWS];
    uint32_t peaks[NONNEGATIVE_COLUMNS]; /* of the reference */
    uint32_t next[NONNEGATIVE_COLUMNS];  /* of them, to be given a row of its own */
    uint32_t measured[MIXTURE_ROWS];
} column_room;

typedef struct system_making {
    mixture_case *the_case;
    const mixture_query *query;
    mixture_system *out;
    column_room *room;
    bool more; /* spectra than columns */
} system_making;

size_t mixture_system_required(void) {
    return base_scratch_cost(1, sizeof(column_room)) + nonnegative_required(MIXTURE_ROWS);
}

static spectra_status add_column(void *context, uint32_t database, const db_set *set, const db_spectrum *spectrum) {
    system_making *making = context;
    mixture_system *out = making->out;
    db_entry_key key;
    if (!db_entry_key_at(&key, making->the_case->run.databases[database], spectrum->entry)) return SPECTRA_E_CORRUPT;
    uint32_t compound = mixture_compound_of(making->the_case, database, key.substance);
    if (compound == making->the_case->compound_count) return SPECTRA_OK;
    uint32_t place = out->fit.column_count;
    making->more |= place == NONNEGATIVE_COLUMNS;
    if (making->more) return SPECTRA_OK;
    mixture_peaks peaks = {making->room->mz[place], making->room->intensity[place], 0};
    mixture_take_reference(&peaks, making->the_case, set, spectrum);
    if (peaks.count == 0) return SPECTRA_OK;
    making->room->peaks[place] = peaks.count;
    out->compound[place] = (uint8_t)compound;
    out->fit.column_count++;
    return SPECTRA_OK;
}

static uint32_t partner(const system_making *making, uint32_t mz) {
    return mixture_nearest(&making->query->peaks, mz, mixture_tolerance_at(making->the_case, mz));
}

/* Intensities that meet in a row add. */
static void add_entry(system_making *making, uint32_t place, uint32_t row, uint32_t value) {
    nonnegative_column *column = &making->out->columns[place];
    uint32_t *rows = making->room->row[place], *values = making->room->value[place];
    if (column->count == 0 || rows[column->count - 1] != row) {
        rows[column->count] = row;
        values[column->count++] = value;
        return;
    }
    uint64_t sum = (uint64_t)values[column->count - 1] + value;
    values[column->count - 1] = (uint32_t)(sum < NONNEGATIVE_MAX ? sum : NONNEGATIVE_MAX);
}

/* 1. Peaks that were measured, too. */
static void add_partners(system_making *making, uint32_t place) {
    const column_room *room = making->room;
    making->out->columns[place] = (nonnegative_column){room->row[place], room->value[place], 0};
    for (uint32_t i = 0; i < room->peaks[place]; i++) {
        uint32_t row = partner(making, room->mz[place][i]);
        if (row < making->query->peaks.count) add_entry(making, place, row, room->intensity[place][i]);
    }
}

/* The next peak of a column that has no partner. */
static void skip_partners(const system_making *making, uint32_t place) {
    uint32_t *next = &making->room->next[place];
    while (*next < making->room->peaks[place] &&
           partner(making, making->room->mz[place][*next]) < making->query->peaks.count)
        (*next)++;
}

/* The column whose next peak is the lowest; the number of columns where all are through. */
static uint32_t lowest(const system_making *making) {
    const column_room *room = making->room;
    uint32_t count = making->out->fit.column_count, best = count;
    for (uint32_t k = 0; k < count; k++) {
        if (room->next[k] == room->peaks[k]) continue;
        if (best == count || room->mz[k][room->next[k]] < room->mz[best][room->next[best]]) best = k;
    }
    return best;
}

/* 2. Peaks that only references have: those within a tolerance of the first share a row of 0. */
static void add_missing(system_making *making) {
    nonnegative_system *fit = &making->out->fit;
    column_room *room = making->room;
    uint64_t end = 0; /* m/z up to which a peak belongs to the last row; 0: there is none */
    memset(room->next, 0, sizeof room->next);
    for (uint32_t k = 0; k < fit->column_count; k++) skip_partners(making, k);
    for (uint32_t k; (k = lowest(making)) < fit->column_count; skip_partners(making, k)) {
        uint32_t mz = room->mz[k][room->next[k]];
        if (end == 0 || mz > end) {
            room->measured[fit->row_count++] = 0;
            end = (uint64_t)mz + mixture_tolerance_at(making->the_case, mz);
        }
        add_entry(making, k, fit->row_count - 1, room->intensity[k][room->next[k]]);
        room->next[k]++;
    }
}

/* n₀: 0.1 % of the base peak, or the smallest peak measured. */
static uint32_t noise_of(const mixture_peaks *peaks) {
    uint32_t smallest = UINT32_MAX;
    for (uint32_t i = 0; i < peaks->count; i++)
        if (peaks->value[i] < smallest) smallest = peaks->value[i];
    return smallest > NONNEGATIVE_LEAST_NOISE && peaks->count > 0 ? smallest : NONNEGATIVE_LEAST_NOISE;
}

spectra_status mixture_build_system(mixture_system *out, mixture_case *the_case, const mixture_query *query) {
    spectra_scratch *scratch = the_case->run.scratch;
    system_making making = {.the_case = the_case, .query = query, .out = out};
    *out = (mixture_system){.fit = {.row_count = query->peaks.count, .noise = noise_of(&query->peaks)}};
    making.room = base_scratch_take(scratch, 1, sizeof *making.room);
    if (!making.room)
        return base_fail(the_case->run.error, SPECTRA_E_MEMORY, BASE_NO_PLACE, "the scratch is too small");
    spectra_status status = mixture_walk(the_case, query, add_column, &making);
    if (status < 0) return status;
    if (making.more)
        identify_say(&the_case->warnings,
                     "the candidates have more reference spectra than can be weighed together: "
                     "the first %u were",
                     (uint64_t)NONNEGATIVE_COLUMNS);
    if (query->peaks.count > 0)
        memcpy(making.room->measured, query->peaks.value, query->peaks.count * sizeof *query->peaks.value);
    for (uint32_t k = 0; k < out->fit.column_count; k++) add_partners(&making, k);
    add_missing(&making);
    out->fit.measured = making.room->measured;
    out->fit.columns = out->columns;
    if (!nonnegative_begin(&out->fit, scratch))
        return base_fail(the_case->run.error, SPECTRA_E_MEMORY, BASE_NO_PLACE, "the scratch is too small");
    nonnegative_fit(&out->fit);
    return SPECTRA_OK;
}
