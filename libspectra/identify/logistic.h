/* SPDX-License-Identifier: Apache-2.0 */
/* Logistic regression on two features, fitted and evaluated in integers: the same bits on every machine. */
#ifndef IDENTIFY_LOGISTIC_H
#define IDENTIFY_LOGISTIC_H

#include <stddef.h>
#include <stdint.h>

/* log2 of the odds in 2^-16: first·x0 + second·x1 + constant, features in 2^-16. */
typedef struct logistic_model {
    int32_t first, second, constant; /* 2^-16; none beyond LOGISTIC_MAX */
} logistic_model;
#define LOGISTIC_MAX 4194304 /* 64 */

typedef struct logistic_case {
    int32_t x[2];     /* 0 to 2^16 */
    uint32_t outcome; /* 0 or 1 */
} logistic_case;

/* Most likely model of the cases under a weak normal prior around 0. */
logistic_model logistic_fit(const logistic_case *cases, size_t count);

/* Probability in 2^-30 of log2 odds in 2^-24. */
uint32_t logistic_of(int64_t lg_odds);
/* Rounded to 1 to 999 thousandths: nothing that was fitted is certain. */
uint32_t logistic_permille(uint32_t probability);

/* Probability in 2^-30. */
uint32_t logistic_probability(const logistic_model *model, const int32_t x[2]);

#endif
