/* SPDX-License-Identifier: Apache-2.0 */
/* Fits by walking downhill on a lattice that gets finer: the loss is convex, every step is compared in integers. */
#include "identify/logistic.h"

#include "base/fixed.h"

#define Q30 (UINT32_C(1) << 30)
#define LG_Q30 (UINT64_C(30) << 24)

static int64_t log_odds(const logistic_model *model, const int32_t x[2]) {
    return ((int64_t)model->first * x[0] + (int64_t)model->second * x[1]) / 65536 + model->constant;
}

/* 2^(−|z|) in Q30. */
static uint32_t smaller_odds(int64_t z) {
    return base_exp2_negative((uint64_t)(z < 0 ? -z : z) << 8);
}

uint32_t logistic_of(int64_t lg_odds) {
    uint64_t odds = base_exp2_negative((uint64_t)(lg_odds < 0 ? -lg_odds : lg_odds));
    uint64_t larger = ((uint64_t)Q30 << 30) / (Q30 + odds);
    return (uint32_t)(lg_odds < 0 ? Q30 - larger : larger);
}

uint32_t logistic_permille(uint32_t probability) {
    uint32_t rounded = (uint32_t)(((uint64_t)probability * 1000 + Q30 / 2) >> 30);
    return rounded < 1 ? 1 : rounded > 999 ? 999 : rounded;
}

uint32_t logistic_probability(const logistic_model *model, const int32_t x[2]) {
    return logistic_of(log_odds(model, x) * 256);
}

/* −log2 of the probability of what came out, in Q24, over all cases; and −log2 of the prior, a normal distribution of
   standard deviation 8 for each coefficient. */
static uint64_t loss_of(const logistic_model *model, const logistic_case *cases, size_t count) {
    uint64_t loss = 0;
    for (size_t i = 0; i < count; i++) {
        int64_t z = log_odds(model, cases[i].x);
        int64_t wrong = cases[i].outcome ? -z : z;
        loss += base_lg((uint64_t)Q30 + smaller_odds(z)) - LG_Q30;
        if (wrong > 0) loss += (uint64_t)wrong << 8;
    }
    const int64_t all[3] = {model->first, model->second, model->constant};
    for (int k = 0; k < 3; k++) loss += (uint64_t)(all[k] * all[k]) / 22713; /* (x/2^16)²/128/ln 2 in Q24 */
    return loss;
}

static int32_t moved(int32_t from, int direction, int32_t step) {
    int64_t to = (int64_t)from + (int64_t)direction * step;
    return to > LOGISTIC_MAX ? LOGISTIC_MAX : to < -LOGISTIC_MAX ? -LOGISTIC_MAX : (int32_t)to;
}

/* Takes the best of the 26 neighbours; 0 where none is better. */
static int walk(logistic_model *model, uint64_t *loss, int32_t step, const logistic_case *cases, size_t count) {
    logistic_model best = *model;
    uint64_t least = *loss;
    for (int k = 0; k < 27; k++) {
        logistic_model to = {moved(model->first, k % 3 - 1, step), moved(model->second, k / 3 % 3 - 1, step),
                             moved(model->constant, k / 9 - 1, step)};
        uint64_t there = loss_of(&to, cases, count);
        if (there >= least) continue;
        best = to;
        least = there;
    }
    int better = least < *loss;
    *model = best;
    *loss = least;
    return better;
}

logistic_model logistic_fit(const logistic_case *cases, size_t count) {
    logistic_model model = {0, 0, 0};
    uint64_t loss = loss_of(&model, cases, count);
    for (int32_t step = 1 << 18; step >= 1 << 8; step /= 2)
        while (walk(&model, &loss, step, cases, count)) continue;
    return model;
}
