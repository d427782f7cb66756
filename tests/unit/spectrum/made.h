/* SPDX-License-Identifier: Apache-2.0 */
/* A spectrum for each test, and what is put into it. */
#ifndef TESTS_UNIT_SPECTRUM_MADE_H
#define TESTS_UNIT_SPECTRUM_MADE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "spectrum/raw.h"

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

static inline int make_spectrum(void **state) {
    return spectra_spectrum_create((spectra_spectrum **)state, NULL);
}

static inline int free_spectrum(void **state) {
    spectra_spectrum_free(*state);
    return 0;
}

static inline void add(spectra_spectrum *spectrum, const char *key, const char *value) {
    assert_int_equal(spectra_spectrum_add_metadata(spectrum, key, value), SPECTRA_OK);
}

/* These metadata and nothing else: "key=value|key=value". */
static inline void fill(spectra_spectrum *spectrum, const char *text) {
    char copy[256];
    assert_true(strlen(text) < sizeof copy);
    strcpy(copy, text);
    spectrum_clear(spectrum);
    for (char *key = copy; key && *key;) {
        char *value = strchr(key, '='), *next = strchr(key, '|');
        *value++ = '\0';
        if (next) *next++ = '\0';
        add(spectrum, key, value);
        key = next;
    }
}

#endif
