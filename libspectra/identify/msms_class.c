/* SPDX-License-Identifier: Apache-2.0 */
/* Whether a fragment spectrum shows a family by itself: by the family's fragments, and by likeness to known members. */
#include "base/fixed.h"
#include "base/memory.h"
#include "base/text.h"
#include "identify/logistic.h"
#include "identify/msms.h"
#include "search/search.h"

#define ONE_Q16 65536
#define NEVER 1000000000 /* a threshold that nothing reaches */

size_t identify_msms_weigh_class_required(size_t peak_count) {
    return search_accurate_begin_required(peak_count);
}

static bool is_member(const identify_msms_search *search, uint32_t database, uint32_t substance) {
    return base_starts_with(db_substance_class(search->the_case->databases[database], substance),
                            search->family.members);
}

/* Below this the precursors are the same and nothing has moved. */
#define LEAST_SHIFT_UTH 10000

uint32_t identify_msms_likeness(const search_accurate_query *query, const kernels_accurate *reference,
                                uint32_t precursor_uth, uint32_t *matched) {
    int64_t shift = (int64_t)query->precursor_uth - precursor_uth;
    bool moved = shift < -LEAST_SHIFT_UTH || shift > LEAST_SHIFT_UTH;
    return search_accurate_score(query, reference, moved ? precursor_uth : query->precursor_uth, matched);
}

/* The members most like the query, and how many were compared. */
typedef struct member_list {
    search_top top;
    uint32_t compared;
} member_list;

/* Members of one database, whatever their precursor. */
static spectra_status compare_members(const identify_msms_search *search, const search_accurate_query *query,
                                      const db_set *set, uint32_t database, member_list *list) {
    for (uint32_t i = 0; i < set->count; i++) {
        db_spectrum spectrum;
        db_entry_key key;
        if (!db_spectrum_at(&spectrum, set, i) ||
            !db_entry_key_at(&key, search->the_case->databases[database], spectrum.entry))
            return SPECTRA_E_CORRUPT;
        if (!is_member(search, database, key.substance) || search_excluded(list->top.run, database, spectrum.entry))
            continue;
        list->compared++;
        kernels_accurate reference = {set->mz_uth + spectrum.first_peak, set->weight + spectrum.first_peak,
                                      spectrum.peak_count};
        spectra_hit hit = {.database = database,
                           .entry = spectrum.entry,
                           .substance = key.substance,
                           .reference_peaks = spectrum.peak_count,
                           .delta_mass_uda = (int64_t)query->precursor_uth - spectrum.precursor_uth,
                           .has_delta_mass = 1};
        hit.score = identify_msms_likeness(query, &reference, spectrum.precursor_uth, &hit.matched_peaks);
        search_top_offer(&list->top, &hit);
    }
    return SPECTRA_OK;
}

static search_run run_of(const identify_msms_search *search) {
    identify_case *the_case = search->the_case;
    search_run run = {.databases = the_case->databases,
                      .database_count = the_case->database_count,
                      .spectrum = the_case->spectrum,
                      .options = {.size = sizeof run.options},
                      .summary = &the_case->result->search,
                      .scratch = the_case->scratch,
                      .error = the_case->error};
    if (the_case->options) run.options = *the_case->options;
    run.options.track = the_case->result->search.track;
    return run;
}

/* Only MS/MS is compared with members: spectra without a selected precursor have no neutral losses. */
static spectra_status find_relatives(const identify_msms_search *search, member_list *list) {
    identify_case *the_case = search->the_case;
    search_accurate_query query;
    spectra_status status = search_accurate_begin(&query, search->prepared, SPECTRA_MEASURE_HYBRID,
                                                  search_tolerance(the_case->options), the_case->scratch);
    if (status < 0) return status;
    for (uint32_t d = 0; d < the_case->database_count; d++) {
        db_set set;
        spectra_recipe recipe = search->prepared->recipe;
        status = search_find_set(&set, &recipe, list->top.run, d, DB_SET_WINDOWED);
        if (status == SPECTRA_E_NOT_FOUND) continue;
        if (status == SPECTRA_OK) status = compare_members(search, &query, &set, d, list);
        if (status < 0) return status;
    }
    return SPECTRA_OK;
}

/* The first hypothesis by rows of the family: a delta that nobody listed is no evidence of it. */
static const identify_msms_hypothesis *best_listed(const identify_msms_search *search) {
    for (uint32_t i = 0; i < search->hypothesis_count; i++)
        if (!search->hypotheses[i].unlisted) return &search->hypotheses[i];
    return NULL;
}

static int64_t times(int64_t millionths, uint32_t q16) {
    return millionths * (int64_t)q16 / ONE_Q16;
}

/* Coefficients of two models: with members to compare with, and by fragments alone. */
static int64_t logit_of(const identify_msms_search *search, uint32_t score, uint32_t explained,
                        const uint32_t *likeness) {
    const char *const *names = likeness ? (const char *const[]){"class.rule", "class.explained", "class.constant"}
                                        : (const char *const[]){"alone.rule", "alone.explained", "alone.constant"};
    uint32_t root = base_sqrt((uint64_t)score << 16), share = explained * ONE_Q16 / (explained + 1);
    int64_t logit = identify_msms_parameter(search, names[2], -NEVER);
    logit += times(identify_msms_parameter(search, names[0], 0), root);
    logit += times(identify_msms_parameter(search, names[1], 0), share);
    if (likeness) logit += times(identify_msms_parameter(search, "class.likeness", 0), *likeness >> 14);
    return logit;
}

/* Of a logit in millionths, which is e's: log2 e = 1.442695. Odds beyond e^100 are no different. */
static uint32_t permille_of(int64_t logit) {
    const int64_t most = 100000000;
    int64_t bounded = logit < -most ? -most : logit > most ? most : logit;
    return logistic_permille(logistic_of(bounded * 1442695 / 1000000 * (1 << 24) / 1000000));
}

static int32_t thousandths(int64_t millionths) {
    int64_t bounded = millionths < -1000000000 ? -1000000000 : millionths > 1000000000 ? 1000000000 : millionths;
    return (int32_t)(bounded / 1000);
}

static void tell_class(const identify_msms_search *search, const member_list *list) {
    spectra_identification *result = search->the_case->result;
    const identify_msms_hypothesis *best = best_listed(search);
    uint32_t score = best && best->score > 0 ? (uint32_t)best->score : 0, explained = best ? best->explained : 0;
    uint32_t likeness = list->top.count > 0 ? list->top.hits[0].score : 0;
    int64_t logit = logit_of(search, score, explained, list->compared > 0 ? &likeness : NULL);
    const char *threshold = list->compared > 0 ? "class.threshold" : "alone.threshold";
    result->relatives = list->top.hits;
    result->relative_count = list->top.count;
    result->class_permille = permille_of(logit);
    result->class_evidence = (spectra_class_evidence){
        .family = search->family.name,
        .rule = (uint32_t)((uint64_t)score * 1000000 / 65535),
        .explained = explained,
        .likeness = likeness,
        .references = list->compared,
        .logit = thousandths(logit),
        .threshold = thousandths(identify_msms_parameter(search, threshold, NEVER)),
    };
}

spectra_status identify_msms_weigh_class(identify_msms_search *search) {
    search_run run = run_of(search);
    member_list list = {
        .top = {.hits = search->told->relative, .capacity = IDENTIFY_MSMS_RELATIVES, .min_rank = 1, .run = &run}};
    size_t used = search->the_case->scratch->used;
    spectra_status status = SPECTRA_OK;
    if (search->the_case->result->search.track == SPECTRA_TRACK_MSMS) status = find_relatives(search, &list);
    base_scratch_return(search->the_case->scratch, used);
    if (status == SPECTRA_OK) tell_class(search, &list);
    return status;
}
