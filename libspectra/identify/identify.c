/* SPDX-License-Identifier: Apache-2.0 */
/* From ranked candidates to a verdict: resembles anything? enough? which cannot be told apart? what was never measured?
 */
#include "identify/identify.h"
#include "identify/ei_analogue.h"

#include <string.h>

#include "base/error.h"
#include "base/memory.h"
#include "db/knowledge.h"
#include "identify/thresholds.h"

const char *spectra_verdict_text(spectra_verdict verdict) {
    switch (verdict) {
    case SPECTRA_VERDICT_SUPPORTED:
        return "supported";
    case SPECTRA_VERDICT_NOT_DISTINGUISHED:
        return "not_distinguished";
    case SPECTRA_VERDICT_CLASS_ONLY:
        return "class_only";
    case SPECTRA_VERDICT_INCONCLUSIVE:
        return "inconclusive";
    case SPECTRA_VERDICT_NO_MATCH:
        return "no_match";
    default:
        return "unknown";
    }
}

const char *identify_track_text(spectra_track track) {
    switch (track) {
    case SPECTRA_TRACK_EI:
        return "EI";
    case SPECTRA_TRACK_MSMS:
        return "MS/MS";
    default:
        return "in-source";
    }
}

const spectra_database *identify_knowing_database(const identify_case *the_case) {
    for (uint32_t d = 0; d < the_case->database_count; d++)
        if (db_knowledge_count(the_case->databases[d], DB_SLOT_FAMILIES) > 0) return the_case->databases[d];
    return NULL;
}

size_t spectra_identify_required(size_t peak_count) {
    size_t search = spectra_search_required(peak_count);
    size_t peaks = identify_main_peaks_required(peak_count);
    size_t accurate = identify_msms_analogue_required(peak_count), nominal = identify_ei_analogue_required(peak_count);
    return (search > peaks ? search : peaks) + (accurate > nominal ? accurate : nominal) +
           base_scratch_cost(1, sizeof(spectra_identification)) +
           base_scratch_cost(IDENTIFY_CANDIDATES, sizeof(spectra_hit)) +
           base_scratch_cost(IDENTIFY_ISOMERS, sizeof(spectra_substance_ref)) +
           2 * base_scratch_cost(IDENTIFY_WORDS, sizeof(char *)) + 2 * base_scratch_cost(IDENTIFY_WORDS_SIZE / 2, 1);
}

static bool take_words(identify_words *words, spectra_scratch *scratch) {
    words->sentence = base_scratch_take(scratch, IDENTIFY_WORDS, sizeof *words->sentence);
    char *bytes = base_scratch_take(scratch, IDENTIFY_WORDS_SIZE / 2, 1);
    if (!words->sentence || !bytes) return false;
    base_text_init(&words->text, bytes, IDENTIFY_WORDS_SIZE / 2);
    return true;
}

void identify_say(identify_words *words, const char *format, ...) {
    if (words->count == IDENTIFY_WORDS || words->text.cut) return;
    if (words->count > 0) base_text_add(&words->text, "", 1);
    char *start = words->text.bytes + words->text.size;
    if (words->count == IDENTIFY_WORDS - 1) format = "more was found than is listed here";
    va_list arguments;
    va_start(arguments, format);
    base_text_format(&words->text, format, arguments);
    va_end(arguments);
    words->sentence[words->count++] = start;
}

static spectra_status take_room(identify_case *the_case) {
    spectra_scratch *scratch = the_case->scratch;
    the_case->result = base_scratch_take(scratch, 1, sizeof *the_case->result);
    the_case->candidates = base_scratch_take(scratch, IDENTIFY_CANDIDATES, sizeof(spectra_hit));
    the_case->unrepresented = base_scratch_take(scratch, IDENTIFY_ISOMERS, sizeof(spectra_substance_ref));
    if (!the_case->result || !the_case->candidates || !the_case->unrepresented ||
        !take_words(&the_case->against, scratch) || !take_words(&the_case->warnings, scratch))
        return base_fail(the_case->error, SPECTRA_E_MEMORY, BASE_NO_PLACE, "the scratch is too small");
    memset(the_case->result, 0, sizeof *the_case->result);
    return SPECTRA_OK;
}

static spectra_status find_candidates(identify_case *the_case) {
    spectra_search_options options = {.size = sizeof options};
    if (the_case->options && !base_take_options(&options, sizeof options, the_case->options))
        return base_fail(the_case->error, SPECTRA_E_INVALID, BASE_NO_PLACE, "search options of another size");
    if (options.mode != SPECTRA_SEARCH_IDENTITY || options.measure != SPECTRA_MEASURE_DEFAULT || options.min_score)
        return base_fail(the_case->error, SPECTRA_E_INVALID, BASE_NO_PLACE,
                         "an identification chooses mode, measure and least score itself");
    spectra_track track = options.track ? options.track : spectra_spectrum_track(the_case->spectrum);
    if (track == SPECTRA_TRACK_EI) options.measure = SPECTRA_MEASURE_IDENTITY;
    options.all_spectra = 0;
    spectra_identification *result = the_case->result;
    spectra_status status =
        spectra_search(the_case->candidates, IDENTIFY_CANDIDATES, &result->search, the_case->databases,
                       the_case->database_count, the_case->spectrum, &options, the_case->scratch, the_case->error);
    if (status < 0) return status;
    result->candidates = the_case->candidates;
    result->candidate_count = result->search.hit_count;
    return SPECTRA_OK;
}

static const identify_thresholds *thresholds_of(spectra_track track) {
    return &identify_thresholds_by_track[track - SPECTRA_TRACK_EI];
}

static bool mass_contradicts(const spectra_hit *hit, const spectra_search_summary *search) {
    return search->track == SPECTRA_TRACK_EI && hit->has_delta_mass && hit->delta_mass_uda != 0;
}

static uint32_t count_set(const spectra_identification *result, uint32_t margin) {
    uint32_t best = result->candidates[0].score, count = 1;
    while (count < result->candidate_count && best - result->candidates[count].score <= margin) count++;
    return count;
}

/* The best score plus its distance to the first candidate outside the set; the score again where nothing is outside,
   unless there may be more than were kept. */
static uint32_t evidence_of(const spectra_identification *result, uint32_t margin) {
    uint32_t best = result->candidates[0].score, size = count_set(result, margin);
    if (size < result->candidate_count) return 2 * best - result->candidates[size].score;
    return size < IDENTIFY_CANDIDATES ? 2 * best : best;
}

/* The first question: does anything resemble the query, and enough of it to go on? Too few peaks answer nothing, not
   even that nothing does. */
static spectra_verdict judge_resemblance(const spectra_identification *result, const identify_thresholds *limits) {
    if (result->search.query_peaks < limits->matched_peaks) return SPECTRA_VERDICT_INCONCLUSIVE;
    if (result->candidate_count == 0) return SPECTRA_VERDICT_NO_MATCH;
    const spectra_hit *best = &result->candidates[0];
    if (best->score < limits->resembles || best->matched_peaks == 0) return SPECTRA_VERDICT_NO_MATCH;
    if (evidence_of(result, limits->set_margin) < limits->group || best->matched_peaks < limits->matched_peaks ||
        mass_contradicts(best, &result->search))
        return SPECTRA_VERDICT_INCONCLUSIVE;
    return SPECTRA_VERDICT_NOT_DISTINGUISHED;
}

/* The name of the family that the substance's class belongs to, by the first database that knows families. */
static const char *family_of(const identify_case *the_case, const spectra_hit *hit) {
    const spectra_database *knowing = identify_knowing_database(the_case);
    spectra_substance substance;
    db_family family;
    if (!knowing || spectra_database_substance(the_case->databases[hit->database], hit->substance, &substance) < 0)
        return NULL;
    for (uint32_t i = 0; i < db_knowledge_count(knowing, DB_SLOT_FAMILIES); i++)
        if (db_family_at(&family, knowing, i) && base_starts_with(substance.substance_class, family.members))
            return family.name;
    return NULL;
}

static void name_class(identify_case *the_case) {
    spectra_identification *result = the_case->result;
    const char *name = family_of(the_case, &result->candidates[0]);
    for (uint32_t i = 1; name && i < result->set_count; i++)
        if (family_of(the_case, &result->candidates[i]) != name) name = NULL;
    result->class_name = name;
}

/* The second question: is one substance left, measured and unmeasured isomers considered? */
static void judge_set(identify_case *the_case, const identify_thresholds *limits) {
    spectra_identification *result = the_case->result;
    result->set_count = count_set(result, limits->set_margin);
    identify_find_isomers(the_case);
    name_class(the_case);
    if (result->set_count == IDENTIFY_CANDIDATES)
        identify_say(&the_case->warnings, "more substances than are listed may belong to the set");
    bool alone = result->set_count == 1 && result->unrepresented_count == 0;
    bool strong = evidence_of(result, limits->set_margin) >= limits->structure;
    if (alone && strong) result->verdict = SPECTRA_VERDICT_SUPPORTED;
    if (!strong)
        identify_say(&the_case->against, "at this score an isomer that no database searched holds cannot be excluded");
}

static void warn_about_input(identify_case *the_case) {
    const spectra_identification *result = the_case->result;
    identify_words *warnings = &the_case->warnings;
    for (size_t i = 0; i < spectra_spectrum_warning_count(the_case->spectrum); i++)
        identify_say(warnings, "input: %s", spectra_spectrum_warning(the_case->spectrum, i));
    if (result->search.out_of_range > 0)
        identify_say(warnings, "%u peaks lie beyond the m/z range of the comparison and were not used",
                     (uint64_t)result->search.out_of_range);
    if (result->search.track != SPECTRA_TRACK_EI &&
        spectra_spectrum_polarity(the_case->spectrum) == SPECTRA_POLARITY_UNKNOWN)
        identify_say(warnings, "the record does not state its polarity: compared with positive ions");
}

/* Why the best candidate carries no verdict. */
static void tell_shortfall(identify_case *the_case, const identify_thresholds *limits) {
    const spectra_identification *result = the_case->result;
    if (result->search.query_peaks < limits->matched_peaks)
        identify_say(&the_case->against, "peaks of the spectrum that can be compared: %u; a verdict needs %u",
                     (uint64_t)result->search.query_peaks, (uint64_t)limits->matched_peaks);
    if (result->candidate_count == 0) return;
    if (evidence_of(result, limits->set_margin) < limits->group)
        identify_say(&the_case->against,
                     "the best score and its distance to other substances are too small: spectra of "
                     "substances that no database holds often reach them");
    if (result->candidates[0].matched_peaks < limits->matched_peaks)
        identify_say(&the_case->against, "peaks that match: %u; a verdict needs %u",
                     (uint64_t)result->candidates[0].matched_peaks, (uint64_t)limits->matched_peaks);
    identify_tell_against(the_case);
}

static spectra_status judge(identify_case *the_case) {
    spectra_identification *result = the_case->result;
    const identify_thresholds *limits = thresholds_of(result->search.track);
    identify_find_probability(the_case);
    result->verdict = judge_resemblance(result, limits);
    if (result->verdict == SPECTRA_VERDICT_NOT_DISTINGUISHED) judge_set(the_case, limits);
    if (result->search.track != SPECTRA_TRACK_EI) {
        spectra_status status = identify_msms_analogue(the_case);
        if (status < 0) return status;
    }
    if (result->candidate_count > 0) {
        spectra_status status = identify_main_peaks(the_case);
        if (status < 0) return status;
    }
    if (result->verdict != SPECTRA_VERDICT_NO_MATCH) tell_shortfall(the_case, limits);
    if (result->search.track == SPECTRA_TRACK_EI && result->search.query_peaks >= limits->matched_peaks) {
        spectra_status status = identify_ei_analogue(the_case);
        if (status < 0) return status;
    }
    warn_about_input(the_case);
    identify_tell_coverage(the_case);
    return SPECTRA_OK;
}

static void hand_over(identify_case *the_case) {
    spectra_identification *result = the_case->result;
    result->unrepresented = the_case->unrepresented;
    result->against = the_case->against.sentence;
    result->against_count = the_case->against.count;
    result->warnings = the_case->warnings.sentence;
    result->warning_count = the_case->warnings.count;
}

spectra_status spectra_identify(const spectra_identification **out, const spectra_database *const *databases,
                                uint32_t database_count, const spectra_spectrum *spectrum,
                                const spectra_search_options *options, spectra_scratch *scratch, spectra_error *error) {
    if (!out || !databases || database_count == 0 || !spectrum || !scratch)
        return base_fail(error, SPECTRA_E_INVALID, BASE_NO_PLACE,
                         "an identification needs a result, a database, a spectrum and a scratch");
    identify_case the_case = {.databases = databases,
                              .database_count = database_count,
                              .spectrum = spectrum,
                              .options = options,
                              .scratch = scratch,
                              .error = error};
    size_t used = scratch->used;
    spectra_status status = take_room(&the_case);
    if (status == SPECTRA_OK) status = find_candidates(&the_case);
    if (status == SPECTRA_OK) status = judge(&the_case);
    if (status < 0) {
        base_scratch_return(scratch, used);
        return status;
    }
    hand_over(&the_case);
    *out = the_case.result;
    return SPECTRA_OK;
}
