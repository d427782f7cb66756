/* SPDX-License-Identifier: Apache-2.0 */
/* Which keys answer to which field, and what counts as a value. Knows text only. */
#ifndef SPECTRUM_FIELDS_H
#define SPECTRUM_FIELDS_H

#include <stdbool.h>
#include <stddef.h>

#include "spectra/spectrum.h"

/* One spelling of a field: lower case, letters and digits only. Where a tag leads the value ("CH$LINK: INCHIKEY …")
   it is the end of the key. A fallback answers only where no other spelling does. */
typedef struct spectrum_alias {
    const char *key;
    spectra_field field;
    bool fallback;
} spectrum_alias;

/* In the order of strcmp. */
extern const spectrum_alias spectrum_aliases[];
extern const size_t spectrum_alias_count;

/* The alias of a key followed by a tag (none: size 0), or NULL. */
const spectrum_alias *spectrum_find_alias(const char *key, size_t key_size, const char *tag, size_t tag_size);

/* The field of a key that needs no tag; SPECTRA_FIELD_COUNT where there is none. */
spectra_field spectrum_field_of_key(const char *key, size_t key_size);

/* Whether the letters and digits of a key, case ignored, are those of `folded`, which is written so. */
bool spectrum_key_is(const char *key, size_t key_size, const char *folded);

/* Whether two keys have the same letters and digits, case ignored. */
bool spectrum_keys_match(const char *a, const char *b);

/* Whether a text says anything for a field. */
bool spectrum_is_value(spectra_field field, const char *text);

/* The collision energy that a text states; false, and unknown, where it is not read. */
bool spectrum_parse_collision_energy(const char *text, spectra_collision_energy *energy);

/* A precursor m/z in Th at the start of a text: a positive number with nothing but a blank behind it. */
bool spectrum_parse_precursor(const char *text, double *mz);

#endif
