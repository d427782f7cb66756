/* SPDX-License-Identifier: Apache-2.0 */
/* What a record says of its conditions, as numbers with units: collision energy, retention time, retention index.
   Reads fields. A text that can be read in two ways is not read: the field keeps it for whoever knows better. */
#include <string.h>

#include "base/numbers.h"
#include "base/text.h"
#include "spectrum/fields.h"

#define WORD_SIZE 24

static bool is_letter(int c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

static bool is_digit(int c) {
    return c >= '0' && c <= '9';
}

static void skip_blanks(base_cursor *cursor) {
    while (base_cursor_accept(cursor, ' ') || base_cursor_accept(cursor, '\t')) {
    }
}

/* The letters at the cursor, or one '%'; too long a word comes out cut and means nothing. */
static void read_word(base_cursor *cursor, char word[WORD_SIZE]) {
    base_text text;
    base_text_init(&text, word, WORD_SIZE);
    bool letters = is_letter(base_cursor_peek(cursor));
    do {
        char c = (char)base_cursor_peek(cursor);
        base_text_add(&text, &c, 1);
        base_cursor_advance(cursor);
    } while (letters && is_letter(base_cursor_peek(cursor)));
}

/* A number without a sign, times a scale: a '-' before one stands for "to". */
static bool read_number(base_cursor *cursor, uint32_t scale, double *value) {
    int c = base_cursor_peek(cursor);
    return (is_digit(c) || c == '.') && base_parse_scaled(cursor, scale, value);
}

/* --- Collision energy --- */

/* What a word in a collision energy means. Weak units count only where the record states no other: HCD is a method,
   and its bare numbers are normalised. */
typedef enum meaning { MEANS_NOTHING, MEANS_UNIT, MEANS_WEAK_UNIT, MEANS_RANGE } meaning;

typedef struct energy_word {
    const char *word;
    meaning means;
    spectra_energy_unit unit;
    uint32_t scale;
} energy_word;

static const energy_word energy_words[] = {
    {"%", MEANS_UNIT, SPECTRA_ENERGY_NORMALISED, 1},
    {"nce", MEANS_UNIT, SPECTRA_ENERGY_NORMALISED, 1},
    {"nominal", MEANS_UNIT, SPECTRA_ENERGY_NORMALISED, 1},
    {"normalized", MEANS_UNIT, SPECTRA_ENERGY_NORMALISED, 1},
    {"normalised", MEANS_UNIT, SPECTRA_ENERGY_NORMALISED, 1},
    {"hcd", MEANS_WEAK_UNIT, SPECTRA_ENERGY_NORMALISED, 1},
    {"ev", MEANS_UNIT, SPECTRA_ENERGY_EV, 1},
    {"kev", MEANS_UNIT, SPECTRA_ENERGY_EV, 1000},
    {"v", MEANS_UNIT, SPECTRA_ENERGY_VOLT, 1},
    {"volt", MEANS_UNIT, SPECTRA_ENERGY_VOLT, 1},
    {"volts", MEANS_UNIT, SPECTRA_ENERGY_VOLT, 1},
    {"kv", MEANS_UNIT, SPECTRA_ENERGY_VOLT, 1000},
    {"to", MEANS_RANGE, SPECTRA_ENERGY_UNKNOWN, 1},
    {"ramp", MEANS_NOTHING, SPECTRA_ENERGY_UNKNOWN, 1},
    {"ramped", MEANS_NOTHING, SPECTRA_ENERGY_UNKNOWN, 1},
    {"stepped", MEANS_NOTHING, SPECTRA_ENERGY_UNKNOWN, 1},
    {"and", MEANS_NOTHING, SPECTRA_ENERGY_UNKNOWN, 1},
    {"or", MEANS_NOTHING, SPECTRA_ENERGY_UNKNOWN, 1},
    {"with", MEANS_NOTHING, SPECTRA_ENERGY_UNKNOWN, 1},
    {"ce", MEANS_NOTHING, SPECTRA_ENERGY_UNKNOWN, 1},
    {"cid", MEANS_NOTHING, SPECTRA_ENERGY_UNKNOWN, 1},
    {"collision", MEANS_NOTHING, SPECTRA_ENERGY_UNKNOWN, 1},
    {"energy", MEANS_NOTHING, SPECTRA_ENERGY_UNKNOWN, 1},
    {"energies", MEANS_NOTHING, SPECTRA_ENERGY_UNKNOWN, 1},
};

/* What is read so far. */
typedef struct energy_reading {
    spectra_collision_energy *energy;
    base_cursor numbers[SPECTRA_ENERGY_MAX_VALUES]; /* where they begin: their unit comes later */
    bool stated;                                    /* the unit is; a weak one is not */
    uint32_t range;                                 /* "a-b" so many times */
    bool joined;                                    /* "a,b" without a blank: a list, or a decimal comma */
    uint32_t scale;
} energy_reading;

static const energy_word *find_energy_word(const char *word) {
    for (size_t i = 0; i < sizeof energy_words / sizeof energy_words[0]; i++) {
        if (base_equal_ignoring_case(word, energy_words[i].word)) return &energy_words[i];
    }
    return NULL;
}

/* False where two units contradict each other. */
static bool take_unit(energy_reading *reading, const energy_word *word) {
    if (word->means == MEANS_WEAK_UNIT && reading->stated) return true;
    if (reading->stated && (reading->energy->unit != word->unit || reading->scale != word->scale)) return false;
    reading->energy->unit = word->unit;
    reading->scale = word->scale;
    reading->stated = word->means == MEANS_UNIT;
    return true;
}

static bool take_number(energy_reading *reading, base_cursor *cursor) {
    double value;
    uint32_t *count = &reading->energy->count;
    if (*count == SPECTRA_ENERGY_MAX_VALUES) return false;
    reading->numbers[(*count)++] = *cursor;
    return read_number(cursor, 1, &value);
}

static bool take_mark(energy_reading *reading, base_cursor *cursor) {
    int mark = base_cursor_peek(cursor);
    base_cursor_advance(cursor);
    if (mark == '-') reading->range++;
    if (mark == ',' && is_digit(base_cursor_peek(cursor))) reading->joined = true;
    return mark > 0 && strchr("-,;()[]=:/.", mark);
}

/* Up to the end, or to a word of something else behind a number and its unit ("20 eV FT-MS", "30 V orifice 90"). */
static bool read_energy(energy_reading *reading, base_cursor *cursor) {
    for (skip_blanks(cursor); !base_cursor_at_end(cursor); skip_blanks(cursor)) {
        int c = base_cursor_peek(cursor);
        bool good;
        if (is_letter(c) || c == '%') {
            char text[WORD_SIZE];
            read_word(cursor, text);
            const energy_word *word = find_energy_word(text);
            if (!word) return reading->energy->count > 0 && reading->energy->unit != SPECTRA_ENERGY_UNKNOWN;
            good = word->unit == SPECTRA_ENERGY_UNKNOWN || take_unit(reading, word);
            if (word->means == MEANS_RANGE) reading->range++;
        } else {
            good = is_digit(c) ? take_number(reading, cursor) : take_mark(reading, cursor);
        }
        if (!good) return false;
    }
    return true;
}

/* In the unit that was found. */
static bool set_values(energy_reading *reading) {
    for (uint32_t i = 0; i < reading->energy->count; i++) {
        if (!read_number(&reading->numbers[i], reading->scale, &reading->energy->value[i])) return false;
    }
    return true;
}

/* One number, from one to another, or several. */
static bool find_shape(const energy_reading *reading) {
    spectra_collision_energy *energy = reading->energy;
    if (energy->count == 0 || (energy->count == 1 && reading->range > 0)) return false;
    energy->shape = SPECTRA_ENERGY_SEVERAL;
    if (energy->count == 1) energy->shape = SPECTRA_ENERGY_SINGLE;
    if (energy->count == 2 && reading->range == 1) energy->shape = SPECTRA_ENERGY_RANGE;
    if (energy->count <= 2 && reading->joined) return false;
    return energy->shape != SPECTRA_ENERGY_RANGE || energy->value[0] <= energy->value[1];
}

bool spectrum_parse_collision_energy(const char *text, spectra_collision_energy *energy) {
    *energy = (spectra_collision_energy){.unit = SPECTRA_ENERGY_UNKNOWN};
    energy_reading reading = {.energy = energy, .scale = 1};
    base_cursor cursor = base_cursor_over(text, strlen(text));
    if (read_energy(&reading, &cursor) && set_values(&reading) && find_shape(&reading)) return true;
    *energy = (spectra_collision_energy){.unit = SPECTRA_ENERGY_UNKNOWN};
    return false;
}

spectra_status spectra_spectrum_collision_energy(const spectra_spectrum *spectrum, spectra_collision_energy *energy) {
    if (!spectrum || !energy) return SPECTRA_E_INVALID;
    const char *text = spectra_spectrum_field(spectrum, SPECTRA_FIELD_COLLISION_ENERGY);
    return spectrum_parse_collision_energy(text ? text : "", energy) ? SPECTRA_OK : SPECTRA_E_NOT_FOUND;
}

/* --- Retention --- */

/* Whether the key that answers a field has these letters and digits: some keys state a unit. */
static bool answered_by(const spectra_spectrum *spectrum, const char *answer, const char *folded) {
    const char *key, *value;
    for (size_t i = 0; spectra_spectrum_metadata(spectrum, i, &key, &value) == SPECTRA_OK; i++) {
        if (value == answer) return spectrum_key_is(key, strlen(key), folded);
    }
    return false;
}

/* Seconds in a unit of time; 0 for other words. */
static uint32_t seconds_in(const char *word) {
    static const struct {
        const char *word;
        uint32_t seconds;
    } units[] = {{"s", 1},    {"sec", 1},   {"secs", 1},    {"second", 1},  {"seconds", 1},
                 {"min", 60}, {"mins", 60}, {"minute", 60}, {"minutes", 60}};
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
        if (base_equal_ignoring_case(word, units[i].word)) return units[i].seconds;
    }
    return 0;
}

spectra_status spectra_spectrum_retention_time(const spectra_spectrum *spectrum, double *seconds) {
    if (!spectrum || !seconds) return SPECTRA_E_INVALID;
    const char *text = spectra_spectrum_field(spectrum, SPECTRA_FIELD_RETENTION_TIME);
    if (!text) return SPECTRA_E_NOT_FOUND;
    base_cursor cursor = base_cursor_over(text, strlen(text)), number = cursor;
    double value;
    uint32_t unit = 0;
    if (!read_number(&cursor, 1, &value)) return SPECTRA_E_NOT_FOUND;
    skip_blanks(&cursor);
    if (is_letter(base_cursor_peek(&cursor))) {
        char word[WORD_SIZE];
        read_word(&cursor, word);
        unit = seconds_in(word);
        base_cursor_accept(&cursor, '.');
    } else if (answered_by(spectrum, text, "rtinseconds")) {
        unit = 1;
    }
    skip_blanks(&cursor);
    if (unit == 0 || !base_cursor_at_end(&cursor) || !read_number(&number, unit, &value)) return SPECTRA_E_NOT_FOUND;
    *seconds = value;
    return SPECTRA_OK;
}

/* NIST writes the kind of column before the index: "SemiStdNP=1286/10/21". */
static bool read_nist_column(base_cursor *cursor, spectra_column *column) {
    static const struct {
        const char *word;
        spectra_column column;
    } columns[] = {{"SemiStdNP", SPECTRA_COLUMN_SEMI_STANDARD_NON_POLAR},
                   {"StdNP", SPECTRA_COLUMN_STANDARD_NON_POLAR},
                   {"StdPolar", SPECTRA_COLUMN_STANDARD_POLAR}};
    char word[WORD_SIZE];
    read_word(cursor, word);
    for (size_t i = 0; i < sizeof columns / sizeof columns[0]; i++) {
        if (base_equal_ignoring_case(word, columns[i].word)) *column = columns[i].column;
    }
    return *column != SPECTRA_COLUMN_UNKNOWN && base_cursor_accept(cursor, '=');
}

/* "Semi-standard non-polar, TG-5…" and the like; the name of a product does not tell. */
static spectra_column column_of_field(const char *text) {
    static const struct {
        const char *begin;
        spectra_column column;
    } columns[] = {{"semistandardnonpolar", SPECTRA_COLUMN_SEMI_STANDARD_NON_POLAR},
                   {"standardnonpolar", SPECTRA_COLUMN_STANDARD_NON_POLAR},
                   {"standardpolar", SPECTRA_COLUMN_STANDARD_POLAR}};
    for (size_t i = 0; text && i < sizeof columns / sizeof columns[0]; i++) {
        if (spectrum_key_is(text, strcspn(text, ",;("), columns[i].begin)) return columns[i].column;
    }
    return SPECTRA_COLUMN_UNKNOWN;
}

spectra_status spectra_spectrum_retention_index(const spectra_spectrum *spectrum, double *index,
                                                spectra_column *column) {
    if (!spectrum || !index || !column) return SPECTRA_E_INVALID;
    *column = SPECTRA_COLUMN_UNKNOWN;
    const char *text = spectra_spectrum_field(spectrum, SPECTRA_FIELD_RETENTION_INDEX);
    if (!text) return SPECTRA_E_NOT_FOUND;
    base_cursor cursor = base_cursor_over(text, strlen(text));
    bool by_nist = is_letter(base_cursor_peek(&cursor));
    if (by_nist && !read_nist_column(&cursor, column)) return SPECTRA_E_NOT_FOUND;
    double value;
    if (!read_number(&cursor, 1, &value)) return SPECTRA_E_NOT_FOUND;
    int next = base_cursor_peek(&cursor);
    bool ends = base_cursor_at_end(&cursor) || (by_nist && (next == '/' || next == ' '));
    if (!ends) return SPECTRA_E_NOT_FOUND;
    *index = value;
    if (!by_nist) *column = column_of_field(spectra_spectrum_field(spectrum, SPECTRA_FIELD_COLUMN));
    return SPECTRA_OK;
}
