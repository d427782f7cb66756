/* SPDX-License-Identifier: Apache-2.0 */
/* Values of options, from words. Each function returns false after a message on standard error. */
#ifndef CLI_VALUES_H
#define CLI_VALUES_H

#include "cli.h"

/* A word and what it stands for; a list of them ends with one that has none. */
typedef struct cli_choice {
    const char *word;
    int32_t value;
} cli_choice;

bool cli_choose(int32_t *value, const cli_choice *choices, const char *option, const char *word);
/* A whole number from 1 to `most`. */
bool cli_count(uint32_t *value, const char *option, const char *word, uint32_t most);
bool cli_tolerance(spectra_tolerance *out, const char *option, const char *word);
bool cli_min_score(uint32_t *out, const char *word);
/* `range` is least and most in words. */
bool cli_decimal(double *out, const char *option, const char *word, double least, double most, const char *range);
/* One more word of an option that may be repeated. */
bool cli_add(const char **list, uint32_t *used, uint32_t most, const char *option, const char *word);

#endif
