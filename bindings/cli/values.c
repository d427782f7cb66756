/* SPDX-License-Identifier: Apache-2.0 */
/* Values of options, from words: numbers, widths, choices. Each function complains by itself. */
#include "values.h"

#include <string.h>

bool cli_choose(int32_t *value, const cli_choice *choices, const char *option, const char *word) {
    char known[128] = "";
    for (const cli_choice *c = choices; c->word; c++) {
        if (strcmp(c->word, word) == 0) {
            *value = c->value;
            return true;
        }
        if (c != choices) strcat(known, ", ");
        strcat(known, c->word);
    }
    cli_complain("--%s: %s is none of %s", option, word, known);
    return false;
}

/* A number of at most nine digits before and nine behind the point. */
#define BILLION UINT64_C(1000000000)
typedef struct decimal {
    uint64_t whole, billionths;
} decimal;

static size_t digits(uint64_t *value, const char *word) {
    size_t size = 0;
    for (; size < 10 && word[size] >= '0' && word[size] <= '9'; size++)
        *value = *value * 10 + (uint64_t)(word[size] - '0');
    return size;
}

/* A number from the start of a word; what follows it is in *rest. Not by strtod, whose point depends on the locale. */
static bool number(decimal *value, const char **rest, const char *word) {
    *value = (decimal){0, 0};
    size_t before = digits(&value->whole, word), behind = 0;
    word += before;
    if (*word == '.') behind = digits(&value->billionths, ++word);
    *rest = word + behind;
    for (size_t i = behind; i < 9; i++) value->billionths *= 10;
    return before + behind > 0 && before < 10 && behind < 10;
}

bool cli_count(uint32_t *value, const char *option, const char *word, uint32_t most) {
    decimal read;
    const char *rest;
    if (number(&read, &rest, word) && !*rest && read.whole >= 1 && read.whole <= most && read.billionths == 0) {
        *value = (uint32_t)read.whole;
        return true;
    }
    cli_complain("--%s takes a whole number from 1 to %u, not %s", option, most, word);
    return false;
}

bool cli_tolerance(spectra_tolerance *out, const char *option, const char *word) {
    decimal value;
    const char *unit;
    bool good = number(&value, &unit, word);
    uint64_t uth = value.whole * 1000000 + (value.billionths + 500) / 1000;
    if (good && strcmp(unit, "da") == 0 && uth > 0 && uth <= 10000000) {
        out->uth = (uint32_t)uth;
        return true;
    }
    if (good && strcmp(unit, "ppm") == 0 && value.whole > 0 && value.whole <= 10000 && value.billionths == 0) {
        out->ppm = (uint32_t)value.whole;
        return true;
    }
    cli_complain("--%s takes a width such as 0.01da (up to 10da) or 20ppm (whole, up to 10000ppm), not %s", option,
                 word);
    return false;
}

bool cli_min_score(uint32_t *out, const char *word) {
    decimal value;
    const char *rest;
    if (number(&value, &rest, word) && !*rest && value.whole * BILLION + value.billionths <= BILLION) {
        uint64_t billionths = value.whole * BILLION + value.billionths;
        *out = (uint32_t)((billionths * SPECTRA_SCORE_ONE + BILLION - 1) / BILLION);
        return true;
    }
    cli_complain("--min-score takes a number from 0 to 1, not %s", word);
    return false;
}

bool cli_decimal(double *out, const char *option, const char *word, double least, double most, const char *range) {
    decimal value;
    const char *rest;
    if (number(&value, &rest, word) && !*rest) {
        *out = (double)value.whole + (double)value.billionths / (double)BILLION;
        if (*out >= least && *out <= most) return true;
    }
    cli_complain("--%s takes a number from %s, not %s", option, range, word);
    return false;
}

bool cli_add(const char **list, uint32_t *used, uint32_t most, const char *option, const char *word) {
    if (*used == most) {
        cli_complain("--%s is given more than %u times", option, most);
        return false;
    }
    list[(*used)++] = word;
    return true;
}
