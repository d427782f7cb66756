/* SPDX-License-Identifier: Apache-2.0 */
/* The molecular mass of an analogue without being told: a logit for each mass from ten features, whose weights are
   parameters of the family. */
#include "identify/ei_analogue.h"

static const char *const names[EI_MASS_FEATURES] = {"mass.fragments", "mass.ion",  "mass.above", "mass.share",
                                                    "mass.last",      "mass.vote", "mass.votes", "mass.m15",
                                                    "mass.even",      "mass.bad"};

/* Nothing is less likely by the fragments than e^-40. */
#define LEAST_FRAGMENTS (-40 * EI_LOG_ONE)

/* A peak's weight: ln 2I; 0 for none. */
static int32_t log_of_peak(uint32_t intensity) {
    return intensity > 0 ? ei_log(2 * (uint64_t)intensity) : 0;
}

static uint32_t intensity_at(const ei_model *model, int32_t mz) {
    return mz >= 0 && mz < (int32_t)EI_MZ ? model->intensity[mz] : 0;
}

static void look_above(ei_mass_view *view) {
    for (uint32_t m = EI_MZ; m-- > 0;) {
        uint32_t intensity = view->model->intensity[m];
        view->sum[m] = view->sum[m + 1] + intensity;
        view->largest[m] = intensity > view->largest[m + 1] ? intensity : view->largest[m + 1];
    }
}

static uint32_t at(const uint32_t *values, int32_t mz) {
    return values[mz < 0 ? 0 : mz > (int32_t)EI_MZ ? (int32_t)EI_MZ : mz];
}

void ei_mass_view_make(ei_mass_view *view, const ei_model *model, const ei_sum fragments[EI_TOTALS],
                       const ei_votes *votes) {
    *view = (ei_mass_view){.model = model, .fragments = fragments, .votes = votes, .best = INT32_MIN / 2};
    look_above(view);
    for (uint32_t i = 0; i < EI_TOTALS; i++)
        if (ei_sum_log(&fragments[i]) > view->best) view->best = ei_sum_log(&fragments[i]);
}

bool ei_mass_features(int32_t x[EI_MASS_FEATURES], const ei_mass_view *view, uint32_t place) {
    const ei_model *model = view->model;
    const int32_t mass = (int32_t)model->about.nominal_da + EI_TOTAL_LOW + (int32_t)place;
    if (view->fragments[place].sum == 0 || mass <= 0) return false;
    uint32_t bad = 0, total = view->sum[0] > 0 ? view->sum[0] : 1;
    for (int32_t loss = 4; loss < 13; loss++)
        if (intensity_at(model, mass - loss) > bad) bad = intensity_at(model, mass - loss);
    int32_t share = (int32_t)((uint64_t)at(view->sum, mass + 3) * 50 * EI_LOG_ONE / total);
    int32_t log = ei_sum_log(&view->fragments[place]) - view->best;
    bool voted = mass < (int32_t)EI_VOTE_MASSES;
    x[0] = log < LEAST_FRAGMENTS ? LEAST_FRAGMENTS : log;
    x[1] = log_of_peak(intensity_at(model, mass));
    x[2] = log_of_peak(at(view->largest, mass + 3));
    x[3] = share < 10 * EI_LOG_ONE ? share : 10 * EI_LOG_ONE;
    x[4] = at(view->largest, mass + 1) == 0 ? EI_LOG_ONE : 0;
    x[5] = voted ? (int32_t)((uint64_t)view->votes->largest[mass] * EI_LOG_ONE >> 30) : 0;
    /* ln(Σ e^(12·(H − 1)) + 0.001): the votes are kept below by e^3. */
    x[6] = ei_log((voted ? view->votes->sum[mass] : 0) + 53458) + 3 * EI_LOG_ONE - ei_log(EI_VOTE_ONE);
    x[7] = log_of_peak(intensity_at(model, mass - 15));
    x[8] = mass % 2 == 0 ? EI_LOG_ONE : 0;
    x[9] = log_of_peak(bad);
    return true;
}

void ei_weigh_masses(ei_masses *masses, const ei_model *model, const ei_sum fragments[EI_TOTALS],
                     const ei_votes *votes) {
    ei_mass_view view;
    int64_t weight[EI_MASS_FEATURES];
    ei_sum sum = {0};
    for (uint32_t k = 0; k < EI_MASS_FEATURES; k++) weight[k] = ei_parameter(model, names[k]);
    ei_mass_view_make(&view, model, fragments, votes);
    masses->largest = 0;
    for (uint32_t i = 0; i < EI_TOTALS; i++) {
        int32_t x[EI_MASS_FEATURES];
        int64_t logit = 0;
        masses->log[i] = INT32_MIN / 2;
        if (!ei_mass_features(x, &view, i)) continue;
        for (uint32_t k = 0; k < EI_MASS_FEATURES; k++) logit += weight[k] * x[k];
        masses->log[i] = (int32_t)(logit / 1000000);
        if (masses->log[i] > masses->log[masses->largest]) masses->largest = (int32_t)i;
        ei_sum_add(&sum, masses->log[i]);
    }
    for (uint32_t i = 0; i < EI_TOTALS; i++)
        if (masses->log[i] > INT32_MIN / 2) masses->log[i] -= ei_sum_log(&sum);
    int32_t largest = masses->log[masses->largest];
    masses->probability = largest > INT32_MIN / 2 ? ei_power(largest < 0 ? largest : 0) : 0;
}
