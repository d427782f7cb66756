/* SPDX-License-Identifier: Apache-2.0 */
/* What the steps of an identification share: the case, its evidence, and the words it is told in. */
#ifndef IDENTIFY_IDENTIFY_H
#define IDENTIFY_IDENTIFY_H

#include <stdbool.h>

#include "base/text.h"
#include "db/db.h"
#include "spectra/identify.h"

/* Candidates kept; a set that cannot be told apart is at most this large, and says so when it is full. */
#define IDENTIFY_CANDIDATES 60u
#define IDENTIFY_ISOMERS 64u
#define IDENTIFY_WORDS 24u        /* of each kind */
#define IDENTIFY_WORDS_SIZE 16384 /* bytes, of both kinds together */

/* Sentences in the scratch; what does not fit is left out and the last one says so. */
typedef struct identify_words {
    const char **sentence;
    uint32_t count;
    base_text text; /* the bytes of all sentences, each with its NUL */
} identify_words;

/* Appends a sentence; %s and %u as in base_fail. */
void identify_say(identify_words *words, const char *format, ...);

typedef struct identify_case {
    const spectra_database *const *databases;
    uint32_t database_count;
    const spectra_spectrum *spectrum;
    const spectra_search_options *options; /* NULL for all defaults */
    spectra_scratch *scratch;
    spectra_error *error;
    spectra_identification *result;
    spectra_hit *candidates;
    spectra_substance_ref *unrepresented;
    identify_words against, warnings;
} identify_case;

/* The first database that knows families of compounds, or NULL. */
const spectra_database *identify_knowing_database(const identify_case *the_case);

/* Strongest peaks of the query and of the best candidate's reference, and which of them the other side has. */
spectra_status identify_main_peaks(identify_case *the_case);
size_t identify_main_peaks_required(size_t peak_count);

/* Relative intensity of each peak as measured, within reach_uth of it: prepared weights are no intensities. */
void identify_set_intensities(spectra_main_peak *peaks, uint32_t count, const spectra_spectrum *spectrum,
                              uint32_t reach_uth);

/* Isomers of the set without a spectrum in the track; and what else the databases cannot see. */
void identify_find_isomers(identify_case *the_case);
void identify_tell_coverage(identify_case *the_case);

/* MS/MS: family, mass and modified sites of an analogue, by its fragments. After the set is judged. */
spectra_status identify_msms_analogue(identify_case *the_case);
size_t identify_msms_analogue_required(size_t peak_count);

/* What speaks against the best candidate. */
void identify_tell_against(identify_case *the_case);

/* What a calibration rests on, in 2^-16: the best score, and its distance to the second compound's (0: there is none).
 */
void identify_features(int32_t x[2], uint32_t best, uint32_t second);
/* How likely the best candidate is right, where a calibration covers the case. */
void identify_find_probability(identify_case *the_case);

/* How a track is called in a sentence: "EI", "MS/MS", "in-source". */
const char *identify_track_text(spectra_track track);

#endif
