/* SPDX-License-Identifier: Apache-2.0 */
/* The measures as a table: what each is called, which kind of spectrum it is for, and what it is told when it cannot
   be had. */
#include "base/error.h"
#include "search/search.h"

#define ON(track) (1u << (track))
#define NOMINAL ON(SPECTRA_TRACK_EI)
#define ACCURATE (ON(SPECTRA_TRACK_MSMS) | ON(SPECTRA_TRACK_INSOURCE))

typedef struct measure_row {
    const char *name;
    uint32_t tracks;
} measure_row;

static const measure_row rows[] = {
    [SPECTRA_MEASURE_DEFAULT] = {"default", 0},
    [SPECTRA_MEASURE_MATCH_FACTOR] = {"match-factor", NOMINAL},
    [SPECTRA_MEASURE_IDENTITY] = {"identity", NOMINAL},
    [SPECTRA_MEASURE_ENTROPY] = {"entropy", ACCURATE},
};
#define ROW_COUNT (sizeof rows / sizeof rows[0])

static bool is_measure(spectra_measure measure) {
    return measure >= 0 && (size_t)measure < ROW_COUNT;
}

const char *spectra_measure_text(spectra_measure measure) {
    return is_measure(measure) ? rows[measure].name : "unknown";
}

static spectra_status fail(const search_run *run, const char *message) {
    return base_fail(run->error, SPECTRA_E_INVALID, BASE_NO_PLACE, "%s", message);
}

spectra_status search_choose_measure(search_run *run) {
    spectra_search_options *options = &run->options;
    bool nominal = options->track == SPECTRA_TRACK_EI;
    if (options->measure == SPECTRA_MEASURE_DEFAULT)
        options->measure = nominal ? SPECTRA_MEASURE_MATCH_FACTOR : SPECTRA_MEASURE_ENTROPY;
    if (!is_measure(options->measure) || !(rows[options->measure].tracks & ON(options->track)))
        return fail(run, "this measure does not fit the track: EI has match-factor and identity, "
                         "msms and insource have entropy");
    if (options->measure == SPECTRA_MEASURE_IDENTITY && options->mode != SPECTRA_SEARCH_IDENTITY)
        return fail(run, "the identity measure ranks identity searches only");
    if (options->mass_da > 0 && !nominal)
        return fail(run, "a nominal molecular mass is used for EI only; MS/MS takes the record's precursor");
    run->summary->mode = options->mode;
    run->summary->measure = options->measure;
    return SPECTRA_OK;
}
