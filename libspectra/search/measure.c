/* SPDX-License-Identifier: Apache-2.0 */
/* The measures as a table: what each is called, what it compares, and what a search is told that it cannot have. */
#include "base/error.h"
#include "base/numbers.h"
#include "chem/chem.h"
#include "peaks/peaks.h"
#include "search/search.h"

#define ON(track) (1u << (track))
#define EI ON(SPECTRA_TRACK_EI)
#define MSMS ON(SPECTRA_TRACK_MSMS)
#define INSOURCE ON(SPECTRA_TRACK_INSOURCE)

typedef struct measure_row {
    const char *name;
    uint32_t tracks;
    bool compares_roots; /* of accurate m/z; else entropy weights */
    bool shifts;         /* peaks match moved by the difference of the two compounds, too: it has to be known */
} measure_row;

static const measure_row rows[] = {
    [SPECTRA_MEASURE_DEFAULT] = {"default", 0, false, false},
    [SPECTRA_MEASURE_MATCH_FACTOR] = {"match-factor", EI, false, false},
    [SPECTRA_MEASURE_IDENTITY] = {"identity", EI, false, false},
    [SPECTRA_MEASURE_ENTROPY] = {"entropy", MSMS | INSOURCE, false, false},
    [SPECTRA_MEASURE_COSINE] = {"cosine", EI | MSMS | INSOURCE, true, false},
    [SPECTRA_MEASURE_WEIGHTED_COSINE] = {"weighted-cosine", EI, false, false},
    [SPECTRA_MEASURE_MODIFIED_COSINE] = {"modified-cosine", MSMS, true, true},
    [SPECTRA_MEASURE_NEUTRAL_LOSS] = {"neutral-loss", MSMS, true, true},
    [SPECTRA_MEASURE_HYBRID] = {"hybrid", EI | MSMS, false, true},
};
#define ROW_COUNT (sizeof rows / sizeof rows[0])

static bool is_measure(spectra_measure measure) {
    return measure >= 0 && (size_t)measure < ROW_COUNT;
}

const char *spectra_measure_text(spectra_measure measure) {
    return is_measure(measure) ? rows[measure].name : "unknown";
}

bool search_compares_roots(spectra_measure measure) {
    return rows[measure].compares_roots;
}

bool search_shifts(spectra_measure measure) {
    return rows[measure].shifts;
}

static spectra_status fail(const search_run *run, const char *message) {
    return base_fail(run->error, SPECTRA_E_INVALID, BASE_NO_PLACE, "%s", message);
}

static spectra_measure usual(const spectra_search_options *options) {
    if (options->mode == SPECTRA_SEARCH_HYBRID) return SPECTRA_MEASURE_HYBRID;
    return options->track == SPECTRA_TRACK_EI ? SPECTRA_MEASURE_MATCH_FACTOR : SPECTRA_MEASURE_ENTROPY;
}

static spectra_status check_track(const search_run *run) {
    const spectra_search_options *options = &run->options;
    if (!is_measure(options->measure)) return fail(run, "unknown measure");
    if (!(rows[options->measure].tracks & ON(options->track)))
        return fail(run,
                    "this measure does not fit the track: EI has match-factor, identity, cosine, weighted-cosine and "
                    "hybrid; msms has entropy, cosine, modified-cosine, neutral-loss and hybrid; insource has entropy "
                    "and cosine");
    if (options->mass_da > 0 && options->track != SPECTRA_TRACK_EI)
        return fail(run, "a nominal molecular mass is used for EI only; MS/MS takes the record's precursor");
    return SPECTRA_OK;
}

static spectra_status check_mode(const search_run *run) {
    const spectra_search_options *options = &run->options;
    if (options->measure == SPECTRA_MEASURE_IDENTITY && options->mode != SPECTRA_SEARCH_IDENTITY)
        return fail(run, "the identity measure ranks identity searches only");
    if (options->mode == SPECTRA_SEARCH_HYBRID && !rows[options->measure].shifts)
        return fail(run, "a hybrid search ranks by hybrid, modified-cosine or neutral-loss");
    return SPECTRA_OK;
}

bool search_nominal_mass(int32_t *mass_da, const char *formula_text) {
    chem_formula formula;
    if (!formula_text || !chem_formula_parse(&formula, formula_text)) return false;
    *mass_da = chem_nominal_da(&formula);
    return *mass_da > 0;
}

/* What the query is shifted against: its precursor, or for EI its nominal molecular mass. */
static spectra_status check_shift(search_run *run) {
    double precursor;
    int32_t mass_da;
    if (!rows[run->options.measure].shifts) return SPECTRA_OK;
    if (run->options.track == SPECTRA_TRACK_EI) {
        if (run->options.mass_da > 0) return SPECTRA_OK;
        if (!search_nominal_mass(&mass_da, spectra_spectrum_field(run->spectrum, SPECTRA_FIELD_FORMULA)))
            return fail(run, "hybrid compares molecular masses and the record tells none: give the nominal one "
                             "(option mass), or search by match-factor");
        run->options.mass_da = (uint32_t)mass_da;
        return SPECTRA_OK;
    }
    if (spectra_spectrum_precursor_mz(run->spectrum, &precursor) != SPECTRA_OK || precursor > PEAKS_MAX_MZ)
        return fail(run, "this measure compares precursors and the record states no precursor m/z: state one, or "
                         "search by entropy or cosine");
    return SPECTRA_OK;
}

spectra_status search_choose_measure(search_run *run) {
    if (run->options.measure == SPECTRA_MEASURE_DEFAULT) run->options.measure = usual(&run->options);
    spectra_status status = check_track(run);
    if (status == SPECTRA_OK) status = check_mode(run);
    if (status == SPECTRA_OK) status = check_shift(run);
    run->summary->mode = run->options.mode;
    run->summary->measure = run->options.measure;
    return status;
}
