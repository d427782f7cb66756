/* SPDX-License-Identifier: Apache-2.0 */
/* What the steps of explaining a sample share: the sample, its spectra, and the compounds that may be in it. */
#ifndef IDENTIFY_MIXTURE_H
#define IDENTIFY_MIXTURE_H

#include "identify/identify.h"
#include "identify/nonnegative.h"
#include "search/search.h"
#include "spectra/mixture.h"

#define MIXTURE_PEAKS 2048u   /* of a measured spectrum, at most: the strongest */
#define MIXTURE_COMPOUNDS 64u /* that are weighed together, at most: a bit each */
/* Rows of a system, at most. */
#define MIXTURE_ROWS (MIXTURE_PEAKS + NONNEGATIVE_COLUMNS * NONNEGATIVE_COLUMN_ROWS)

/* Peaks as they are compared: m/z in µTh, ascending, whole Th where masses are integers; intensities of 2^24. */
typedef struct mixture_peaks {
    uint32_t *mz_uth, *value;
    uint32_t count;
} mixture_peaks;

/* A collision energy that can be compared. */
typedef struct mixture_energy {
    bool known;
    spectra_energy_unit unit;
    int64_t millionths;
} mixture_energy;

typedef struct mixture_query {
    const spectra_spectrum *spectrum;
    uint32_t index;
    mixture_energy energy;    /* as the record tells */
    mixture_energy reference; /* of the reference spectra it is compared with; not known: all of them */
    mixture_peaks peaks;
    int32_t shift_uth;
} mixture_query;

/* A substance that may be in the sample: its base peak is there at the lowest energy. */
typedef struct mixture_compound {
    uint32_t database, substance, entry;
    uint32_t rank; /* how much of its spectrum is there: larger first where there are too many */
} mixture_compound;

typedef struct mixture_case {
    search_run run;
    spectra_search_summary summary;
    spectra_mixture *result;
    identify_words against, warnings;
    spectra_tolerance tolerance;
    bool integers;
    mixture_query queries[SPECTRA_MIXTURE_SPECTRA]; /* by rising energy */
    uint32_t query_count;
    mixture_compound compounds[MIXTURE_COMPOUNDS];
    uint32_t compound_count;
} mixture_case;

/* The columns of one spectrum, which compound each belongs to, and the fit. */
typedef struct mixture_system {
    nonnegative_system fit;
    nonnegative_column columns[NONNEGATIVE_COLUMNS];
    uint8_t compound[NONNEGATIVE_COLUMNS];
} mixture_system;

/* mixture_peaks.c */

/* Of a prepared spectrum or a reference: the strongest `capacity` peaks without ringing. */
void mixture_take_peaks(mixture_peaks *out, uint32_t capacity, const uint32_t *mz_uth, const uint16_t *root,
                        uint32_t count);
/* Rounds masses to integers; intensities of one mass add. */
void mixture_round_masses(mixture_peaks *peaks);
/* Index of the peak nearest to an m/z and within the tolerance; count where there is none. */
uint32_t mixture_nearest(const mixture_peaks *peaks, uint32_t mz_uth, uint32_t tolerance_uth);
/* The peaks of a spectrum of a set. */
void mixture_take_reference(mixture_peaks *out, const mixture_case *the_case, const db_set *set,
                            const db_spectrum *spectrum);

/* mixture_candidates.c: which compounds are weighed. */
spectra_status mixture_find_candidates(mixture_case *the_case);

/* Visits the spectra that one of the sample is compared with, in the order of database and set. */
typedef spectra_status (*mixture_visit)(void *context, uint32_t database, const db_set *set,
                                        const db_spectrum *spectrum);
spectra_status mixture_walk(const mixture_case *the_case, const mixture_query *query, mixture_visit visit,
                            void *context);
/* Place among the compounds; their number where it is none of them. */
uint32_t mixture_compound_of(const mixture_case *the_case, uint32_t database, uint32_t substance);
uint32_t mixture_tolerance_at(const mixture_case *the_case, uint32_t mz_uth);

/* mixture_system.c: rows and columns of one spectrum, fitted. */
spectra_status mixture_build_system(mixture_system *out, mixture_case *the_case, const mixture_query *query);
size_t mixture_system_required(void);

/* mixture_evidence.c: components, and what is left unexplained. */
spectra_status mixture_judge(mixture_case *the_case);
size_t mixture_judge_required(void);

#endif
