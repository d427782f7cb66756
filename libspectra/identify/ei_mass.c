/* SPDX-License-Identifier: Apache-2.0 */
/* The molecular mass of an analogue without being told: a logit for each mass from ten features, whose weights are
   parameters of the family. */
#include "identify/ei_analogue.h"

#define FEATURES 10u
static const char *const names[FEATURES] = {"mass.fragments", "mass.ion",   "mass.above", "mass.share", "mass.last",
                                            "mass.vote",      "mass.votes", "mass.m15",   "mass.even",  "mass.bad"};

/* Nothing is less likely by the fragments than e^-40. */
#define LEAST_FRAGMENTS (-40 * EI_LOG_ONE)

/* A peak's weight: ln 2I; 0 for none. */
static int32_t log_of_peak(uint32_t intensity) {
    return intensity > 0 ? ei_log(2 * (uint64_t)intensity) : 0;
}

static uint32_t intensity_at(const ei_model *model, int32_t mz) {
    return mz >= 0 && mz < (int32_t)EI_MZ ? model->intensity[mz] : 0;
}

/* What lies at an m/z and above. */
typedef struct ei_above {
    uint32_t sum[EI_MZ + 1];
    uint32_t largest[EI_MZ + 1];
} ei_above;

static void look_above(ei_above *above, const ei_model *model) {
    above->sum[EI_MZ] = above->largest[EI_MZ] = 0;
    for (uint32_t m = EI_MZ; m-- > 0;) {
        uint32_t intensity = model->intensity[m];
        above->sum[m] = above->sum[m + 1] + intensity;
        above->largest[m] = intensity > above->largest[m + 1] ? intensity : above->largest[m + 1];
    }
}

static uint32_t at(const uint32_t *values, int32_t mz) {
    return values[mz < 0 ? 0 : mz > (int32_t)EI_MZ ? (int32_t)EI_MZ : mz];
}

/* Features of one mass, in 1/32. */
static void read_features(int32_t x[FEATURES], const ei_model *model, const ei_above *above, const ei_votes *votes,
                          int32_t mass) {
    uint32_t bad = 0, total = above->sum[0] > 0 ? above->sum[0] : 1;
    for (int32_t loss = 4; loss < 13; loss++)
        if (intensity_at(model, mass - loss) > bad) bad = intensity_at(model, mass - loss);
    int32_t share = (int32_t)((uint64_t)at(above->sum, mass + 3) * 50 * EI_LOG_ONE / total);
    bool voted = mass > 0 && mass < (int32_t)EI_VOTE_MASSES;
    uint64_t sum = voted ? votes->sum[mass] : 0;
    x[1] = log_of_peak(intensity_at(model, mass));
    x[2] = log_of_peak(at(above->largest, mass + 3));
    x[3] = share < 10 * EI_LOG_ONE ? share : 10 * EI_LOG_ONE;
    x[4] = at(above->largest, mass + 1) == 0 ? EI_LOG_ONE : 0;
    x[5] = voted ? (int32_t)((uint64_t)votes->largest[mass] * EI_LOG_ONE >> 30) : 0;
    /* ln(Σ e^(12·(H − 1)) + 0.001): the votes are kept below by e^3. */
    x[6] = ei_log(sum + 53458) + 3 * EI_LOG_ONE - ei_log(EI_VOTE_ONE);
    x[7] = log_of_peak(intensity_at(model, mass - 15));
    x[8] = mass % 2 == 0 ? EI_LOG_ONE : 0;
    x[9] = log_of_peak(bad);
}

void ei_weigh_masses(ei_masses *masses, const ei_model *model, const ei_sum fragments[EI_TOTALS],
                     const ei_votes *votes) {
    ei_above above;
    int64_t weight[FEATURES];
    int32_t best = INT32_MIN / 2;
    for (uint32_t k = 0; k < FEATURES; k++) weight[k] = ei_parameter(model, names[k]);
    look_above(&above, model);
    for (uint32_t i = 0; i < EI_TOTALS; i++)
        if (ei_sum_log(&fragments[i]) > best) best = ei_sum_log(&fragments[i]);
    masses->largest = 0;
    for (uint32_t i = 0; i < EI_TOTALS; i++) {
        int32_t x[FEATURES], own = ei_sum_log(&fragments[i]);
        int32_t mass = (int32_t)model->about.nominal_da + EI_TOTAL_LOW + (int32_t)i;
        masses->log[i] = INT32_MIN / 2;
        if (fragments[i].sum == 0 || mass <= 0) continue;
        read_features(x, model, &above, votes, mass);
        x[0] = own - best < LEAST_FRAGMENTS ? LEAST_FRAGMENTS : own - best;
        int64_t logit = 0;
        for (uint32_t k = 0; k < FEATURES; k++) logit += weight[k] * x[k];
        masses->log[i] = (int32_t)(logit / 1000000);
        if (masses->log[i] > masses->log[masses->largest]) masses->largest = (int32_t)i;
    }
    ei_sum sum = {0};
    for (uint32_t i = 0; i < EI_TOTALS; i++)
        if (masses->log[i] > INT32_MIN / 2) ei_sum_add(&sum, masses->log[i]);
    for (uint32_t i = 0; i < EI_TOTALS; i++)
        if (masses->log[i] > INT32_MIN / 2) masses->log[i] -= ei_sum_log(&sum);
    int32_t largest = masses->log[masses->largest];
    masses->probability = largest > INT32_MIN / 2 ? ei_power(largest < 0 ? largest : 0) : 0;
}
