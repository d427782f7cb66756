/* SPDX-License-Identifier: Apache-2.0 */
/* The way from the spectra of a sample to its components: prepare, find candidates, weigh them together, tell. */
#include "identify/mixture.h"

#include <string.h>

#include "base/error.h"
#include "base/memory.h"
#include "base/numbers.h"

/* From this tolerance on masses are compared as integers. */
#define INTEGER_TOLERANCE_UTH 100000u
static const spectra_tolerance usual_tolerance = {.uth = 6000};

size_t spectra_mixture_required(size_t peak_count, uint32_t spectrum_count) {
    size_t prepared = spectra_prepare_required(peak_count), judge = mixture_judge_required();
    size_t each = 2 * base_scratch_cost(MIXTURE_PEAKS, sizeof(uint32_t));
    return base_scratch_cost(1, sizeof(spectra_mixture)) + base_scratch_cost(1, sizeof(mixture_case)) +
           2 * base_scratch_cost(IDENTIFY_WORDS, sizeof(char *)) + 2 * base_scratch_cost(IDENTIFY_WORDS_SIZE / 2, 1) +
           spectrum_count * each + (prepared > judge ? prepared : judge);
}

static spectra_status fail(const mixture_case *the_case, const char *message) {
    return base_fail(the_case->run.error, SPECTRA_E_INVALID, BASE_NO_PLACE, "%s", message);
}

static spectra_status fail_memory(const mixture_case *the_case) {
    return base_fail(the_case->run.error, SPECTRA_E_MEMORY, BASE_NO_PLACE, "the scratch is too small");
}

/* --- What is asked --- */

static spectra_status take_options(mixture_case *the_case, const spectra_search_options *options) {
    search_run *run = &the_case->run;
    spectra_status status = search_take_options(run, options);
    if (status < 0) return status;
    if (run->options.mode != SPECTRA_SEARCH_IDENTITY || (options && options->measure) || run->options.min_score)
        return fail(the_case, "an identification chooses mode, measure and least score itself");
    if (run->options.track != SPECTRA_TRACK_INSOURCE)
        return base_fail(run->error, SPECTRA_E_UNSUPPORTED, BASE_NO_PLACE,
                         "a sample is explained by in-source spectra, not by %s",
                         identify_track_text(run->options.track));
    bool given = run->options.tolerance.uth || run->options.tolerance.ppm;
    the_case->tolerance = given ? run->options.tolerance : usual_tolerance;
    return SPECTRA_OK;
}

/* All of one kind, so that one set of references explains them. */
static spectra_status check_alike(const mixture_case *the_case, const spectra_search_options *options) {
    spectra_polarity polarity = spectra_spectrum_polarity(the_case->queries[0].spectrum);
    for (uint32_t i = 0; i < the_case->query_count; i++) {
        const spectra_spectrum *spectrum = the_case->queries[i].spectrum;
        bool told = options && options->track;
        if (!told && spectra_spectrum_track(spectrum) != the_case->summary.track)
            return fail(the_case, "the spectra of a sample are of one kind: choose the track");
        if (spectra_spectrum_polarity(spectrum) != polarity)
            return fail(the_case, "the spectra of a sample are of one polarity");
    }
    return SPECTRA_OK;
}

static bool is_integer(double mz) {
    return mz < 4096 && base_micro(mz) % 1000000 == 0;
}

static bool has_integer_masses(const spectra_spectrum *spectrum) {
    const double *mz = spectra_spectrum_mz(spectrum);
    size_t count = spectra_spectrum_peak_count(spectrum), whole = 0;
    while (whole < count && is_integer(mz[whole])) whole++;
    return count > 0 && whole == count;
}

static void choose_masses(mixture_case *the_case) {
    bool measured = false;
    for (uint32_t i = 0; i < the_case->query_count; i++) measured |= has_integer_masses(the_case->queries[i].spectrum);
    the_case->integers = measured || the_case->tolerance.uth >= INTEGER_TOLERANCE_UTH;
    if (measured)
        identify_say(&the_case->warnings, "the masses of a spectrum are integers: all were compared as integers");
}

/* --- Preparation --- */

static bool take_words(identify_words *words, spectra_scratch *scratch) {
    words->sentence = base_scratch_take(scratch, IDENTIFY_WORDS, sizeof *words->sentence);
    char *bytes = base_scratch_take(scratch, IDENTIFY_WORDS_SIZE / 2, 1);
    if (!words->sentence || !bytes) return false;
    base_text_init(&words->text, bytes, IDENTIFY_WORDS_SIZE / 2);
    return true;
}

/* The recipe of the sets, which is that of all databases. */
static spectra_status find_recipe(spectra_recipe *recipe, const mixture_case *the_case) {
    *recipe = (spectra_recipe){0};
    for (uint32_t d = 0; d < the_case->run.database_count; d++) {
        db_set set;
        spectra_status status = search_find_set(&set, recipe, &the_case->run, d, DB_SET_FINE);
        if (status < 0 && status != SPECTRA_E_NOT_FOUND) return status;
    }
    if (recipe->kind == 0) spectrum_recipe_fine(recipe);
    return SPECTRA_OK;
}

static spectra_status prepare(mixture_case *the_case, mixture_query *query) {
    spectra_scratch *scratch = the_case->run.scratch;
    const spectra_prepared *prepared;
    spectra_recipe recipe;
    query->peaks.mz_uth = base_scratch_take(scratch, MIXTURE_PEAKS, sizeof *query->peaks.mz_uth);
    query->peaks.value = base_scratch_take(scratch, MIXTURE_PEAKS, sizeof *query->peaks.value);
    if (!query->peaks.mz_uth || !query->peaks.value) return fail_memory(the_case);
    spectra_status status = find_recipe(&recipe, the_case);
    if (status < 0) return status;
    size_t used = scratch->used;
    status = spectra_prepare(&prepared, query->spectrum, &recipe, scratch, the_case->run.error);
    if (status < 0) return status;
    the_case->summary.query_peaks += prepared->count;
    the_case->summary.out_of_range += prepared->out_of_range;
    mixture_take_peaks(&query->peaks, MIXTURE_PEAKS, prepared->mz_uth, prepared->root, prepared->count);
    if (the_case->integers) mixture_round_masses(&query->peaks);
    base_scratch_return(scratch, used);
    return SPECTRA_OK;
}

static spectra_status prepare_all(mixture_case *the_case) {
    spectra_status status = SPECTRA_OK;
    for (uint32_t i = 0; status == SPECTRA_OK && i < the_case->query_count; i++) {
        status = prepare(the_case, &the_case->queries[i]);
    }
    return status;
}

/* --- Verdict --- */

static spectra_verdict verdict_of(const mixture_case *the_case) {
    const spectra_mixture *result = the_case->result;
    if (the_case->compound_count == 0) return SPECTRA_VERDICT_NO_MATCH;
    if (result->component_count == 0) return SPECTRA_VERDICT_INCONCLUSIVE;
    for (uint32_t i = 0; i < result->component_count; i++)
        if (result->components[i].verdict != SPECTRA_VERDICT_SUPPORTED) return SPECTRA_VERDICT_NOT_DISTINGUISHED;
    return SPECTRA_VERDICT_SUPPORTED;
}

/* Below this share of the signal explained, in per mille, something else is in the sample. */
#define WELL_EXPLAINED 800u

static void tell(mixture_case *the_case) {
    const spectra_mixture *result = the_case->result;
    for (uint32_t i = 0; i < result->spectrum_count; i++) {
        const spectra_mixture_spectrum *spectrum = &result->spectra[i];
        if (spectrum->peaks > 0 && spectrum->explained_permille < WELL_EXPLAINED)
            identify_say(&the_case->against,
                         "of spectrum %u of the sample %u % of the signal is explained: it may hold substances that no "
                         "database searched has",
                         (uint64_t)spectrum->index + 1, (uint64_t)spectrum->explained_permille / 10);
        const spectra_spectrum *raw = the_case->run.spectrum;
        for (uint32_t k = 0; k < the_case->query_count; k++)
            if (the_case->queries[k].index == spectrum->index) raw = the_case->queries[k].spectrum;
        for (size_t k = 0; k < spectra_spectrum_warning_count(raw); k++)
            identify_say(&the_case->warnings, "input, spectrum %u of the sample: %s", (uint64_t)spectrum->index + 1,
                         spectra_spectrum_warning(raw, k));
    }
    if (the_case->summary.out_of_range > 0)
        identify_say(&the_case->warnings, "%u peaks lie beyond the m/z range of the comparison and were not used",
                     (uint64_t)the_case->summary.out_of_range);
    identify_say(&the_case->warnings, "shares are of the signal, not of the amount: substances differ in response");
}

static void hand_over(mixture_case *the_case) {
    spectra_mixture *result = the_case->result;
    result->verdict = verdict_of(the_case);
    result->search = the_case->summary;
    result->search.hit_count = the_case->compound_count;
    result->tolerance = the_case->tolerance;
    result->integer_masses = the_case->integers;
    result->candidate_count = the_case->compound_count;
    result->against = the_case->against.sentence;
    result->against_count = the_case->against.count;
    result->warnings = the_case->warnings.sentence;
    result->warning_count = the_case->warnings.count;
}

static spectra_status explain(mixture_case *the_case, const spectra_search_options *options) {
    spectra_status status = take_options(the_case, options);
    if (status == SPECTRA_OK) status = check_alike(the_case, options);
    if (status < 0) return status;
    choose_masses(the_case);
    status = prepare_all(the_case);
    if (status == SPECTRA_OK) status = mixture_find_candidates(the_case);
    if (status == SPECTRA_OK) status = mixture_judge(the_case);
    if (status == SPECTRA_E_MEMORY) return fail_memory(the_case);
    if (status == SPECTRA_E_CORRUPT)
        return base_fail(the_case->run.error, status, BASE_NO_PLACE,
                         "the database contradicts itself: run spectra db verify");
    if (status < 0) return status;
    tell(the_case);
    hand_over(the_case);
    return SPECTRA_OK;
}

static spectra_status begin(mixture_case **out, const spectra_spectrum *const *spectra, uint32_t spectrum_count,
                            const search_run *run) {
    mixture_case *the_case = base_scratch_take(run->scratch, 1, sizeof *the_case);
    if (!the_case) return base_fail(run->error, SPECTRA_E_MEMORY, BASE_NO_PLACE, "the scratch is too small");
    memset(the_case, 0, sizeof *the_case);
    the_case->run = *run;
    the_case->run.options.size = sizeof the_case->run.options;
    the_case->run.spectrum = spectra[0];
    the_case->run.summary = &the_case->summary;
    the_case->query_count = spectrum_count;
    for (uint32_t i = 0; i < spectrum_count; i++)
        the_case->queries[i] = (mixture_query){.spectrum = spectra[i], .index = i};
    the_case->result = base_scratch_take(run->scratch, 1, sizeof *the_case->result);
    if (!the_case->result || !take_words(&the_case->against, run->scratch) ||
        !take_words(&the_case->warnings, run->scratch))
        return fail_memory(the_case);
    memset(the_case->result, 0, sizeof *the_case->result);
    *out = the_case;
    return SPECTRA_OK;
}

spectra_status spectra_mixture_identify(const spectra_mixture **out, const spectra_database *const *databases,
                                        uint32_t database_count, const spectra_spectrum *const *spectra,
                                        uint32_t spectrum_count, const spectra_search_options *options,
                                        spectra_scratch *scratch, spectra_error *error) {
    bool given = out && databases && database_count > 0 && spectra && scratch;
    if (!given || spectrum_count == 0 || spectrum_count > SPECTRA_MIXTURE_SPECTRA)
        return base_fail(error, SPECTRA_E_INVALID, BASE_NO_PLACE,
                         "a sample needs a result, a database, 1 to %u spectra and a scratch",
                         (uint64_t)SPECTRA_MIXTURE_SPECTRA);
    for (uint32_t i = 0; i < spectrum_count; i++)
        if (!spectra[i]) return base_fail(error, SPECTRA_E_INVALID, BASE_NO_PLACE, "a spectrum is missing");
    const search_run run = {
        .databases = databases, .database_count = database_count, .scratch = scratch, .error = error};
    size_t used = scratch->used;
    mixture_case *the_case = NULL;
    spectra_status status = begin(&the_case, spectra, spectrum_count, &run);
    if (status == SPECTRA_OK) status = explain(the_case, options);
    if (status < 0) {
        base_scratch_return(scratch, used);
        return status;
    }
    *out = the_case->result;
    return SPECTRA_OK;
}
