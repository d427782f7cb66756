/* SPDX-License-Identifier: Apache-2.0 */
/* A family's rows for MS/MS as rules: ions, places, deltas and the numbers that weigh them. */
#include "identify/msms.h"

#define ONE 1000000
#define MOST_WINDOW 1000000 /* 1 Da */

int64_t identify_msms_parameter(const identify_msms_search *search, const char *name, int64_t missing) {
    return db_parameter(search->knowing, search->family_index, SPECTRA_TRACK_MSMS, name, missing);
}

/* A parameter that makes sense from 0 to `most`; what lies beyond is cut. */
static uint32_t bounded(const identify_msms_search *search, const char *name, uint32_t missing, uint32_t most) {
    int64_t value = identify_msms_parameter(search, name, missing);
    return value < 0 ? 0 : value > most ? most : (uint32_t)value;
}

/* In units of score: a cost of 1 is `unit` millionths of a spectrum. */
static uint32_t cost_of(uint64_t cost, uint32_t unit) {
    uint64_t score = cost * unit / ONE * 65535 / ONE;
    return score > INT16_MAX ? INT16_MAX : (uint32_t)score;
}

/* The place of a set of sites; a new one where it is not known yet and there is room. */
static uint32_t place_of(identify_msms_rules *rules, uint32_t sites) {
    uint32_t place = 0;
    while (place < IDENTIFY_MSMS_PLACES && rules->sites[place] != 0 && rules->sites[place] != sites) place++;
    if (place < IDENTIFY_MSMS_PLACES) rules->sites[place] = sites;
    return place;
}

static bool load_deltas(identify_msms_search *search, uint32_t unit) {
    identify_msms_rules *rules = search->rules;
    for (uint32_t i = 0; i < db_knowledge_count(search->knowing, DB_SLOT_DELTAS); i++) {
        db_delta row;
        if (!db_delta_at(&row, search->knowing, i)) return false;
        if (row.family != search->family_index || row.track != SPECTRA_TRACK_MSMS) continue;
        uint32_t place = place_of(rules, row.sites);
        const identify_msms_delta delta = {(int32_t)row.mass_uda, cost_of(row.cost, unit), i};
        if (row.mass_uda > INT32_MAX || row.mass_uda < INT32_MIN || place == IDENTIFY_MSMS_PLACES ||
            !identify_msms_add_delta(rules, place, &delta))
            return false;
    }
    return rules->delta_count[0] > 0;
}

static uint32_t places_kept(const identify_msms_rules *rules, uint32_t sites) {
    uint32_t places = 0;
    for (uint32_t place = 0; place < IDENTIFY_MSMS_PLACES; place++)
        if (rules->sites[place] & sites) places |= 1u << place;
    return places;
}

static bool load_ions(identify_msms_search *search) {
    identify_msms_rules *rules = search->rules;
    for (uint32_t i = 0; i < db_knowledge_count(search->knowing, DB_SLOT_FRAGMENTS); i++) {
        db_fragment row;
        if (!db_fragment_at(&row, search->knowing, i)) return false;
        if (row.family != search->family_index || row.track != SPECTRA_TRACK_MSMS) continue;
        if (rules->ion_count == IDENTIFY_MSMS_IONS) return false;
        uint32_t weight = row.weight < ONE ? (uint32_t)((uint64_t)row.weight * 65536 / ONE) : 65536;
        rules->ion[rules->ion_count++] = (identify_msms_ion){row.mz_uth, places_kept(rules, row.kept), weight, i};
    }
    return rules->ion_count > 0;
}

/* Odds of e^sharpness for a whole spectrum, as log2 in 2^-24 for each unit of score: log2 e = 1.442695. */
static uint32_t sharpness_of(const identify_msms_search *search) {
    uint64_t nats = bounded(search, "sharpness", 20 * ONE, 1000 * ONE);
    return (uint32_t)(nats * 1442695 / ONE * (1 << 24) / ONE / 65535);
}

bool identify_msms_load_rules(identify_msms_search *search) {
    uint32_t unit = bounded(search, "cost", 60000, ONE);
    identify_msms_rules *rules = search->rules;
    *rules = (identify_msms_rules){
        .max_cost = cost_of(bounded(search, "cost.most", 4 * ONE, 100 * ONE), unit),
        .unlisted_cost = cost_of(bounded(search, "cost.unlisted", 4 * ONE, 100 * ONE), unit),
        .window_uda = bounded(search, "window.da", 3000, MOST_WINDOW),
        .window_ppm = bounded(search, "window.ppm", 5 * ONE, 1000 * ONE) / ONE,
        .margin_uth = bounded(search, "margin", 1600000, 100 * ONE),
        .sharpness = sharpness_of(search),
    };
    if (!load_deltas(search, unit) || !load_ions(search)) return false;
    const identify_msms_delta nothing = {0, 0, UINT32_MAX};
    for (uint32_t place = 0; place < IDENTIFY_MSMS_PLACES; place++)
        if (rules->delta_count[place] == 0) identify_msms_add_delta(rules, place, &nothing);
    return true;
}
