/* SPDX-License-Identifier: Apache-2.0 */
/* MGF, as Mascot defines it and GNPS writes it:

       KEY=value          before the first record: common to all
       BEGIN IONS
       KEY=value          overrides what is common
       mz intensity       a third column is kept as annotation
       END IONS           closes it */
#include <string.h>

#include "base/numbers.h"
#include "io/reader.h"
#include "spectrum/fields.h"

#define COMMENT_MARKS "#;!/"

static bool begins_with_number(const io_line *line) {
    base_cursor cursor = io_line_cursor(line);
    io_skip_blanks(&cursor);
    int c = base_cursor_peek(&cursor);
    return (c >= '0' && c <= '9') || c == '.' || c == '+' || c == '-';
}

/* Moves behind the next BEGIN IONS; before the first one the common metadata are read. */
static spectra_status begin_record(spectra_reader *reader, io_line *line, spectra_error *error) {
    for (;;) {
        spectra_status status = io_next_content(reader, line, COMMENT_MARKS, error);
        if (status != SPECTRA_OK || io_line_is(line, "BEGIN IONS")) return status;
        io_pair pair;
        if (reader->begun || !io_split(&pair, line, '=')) {
            return base_fail(error, SPECTRA_E_FORMAT, line->place, "expected BEGIN IONS");
        }
        status = io_add_common_pair(reader, line, &pair, error);
        reader->begun = status == SPECTRA_E_LIMIT; /* to the first record */
        if (status < 0) return status;
    }
}

static bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

/* Whether one of the words behind the first is a number: "y3110.07 42 b2"; behind a digit, where that is asked for. */
static bool holds_number(const char *text, size_t size, bool behind_digit) {
    base_cursor cursor = base_cursor_over(text, size);
    double value;
    while (!base_cursor_at_end(&cursor)) {
        while (!base_cursor_at_end(&cursor) && !io_is_blank((char)base_cursor_peek(&cursor))) {
            base_cursor_advance(&cursor);
        }
        bool good = !behind_digit || (cursor.position > 0 && is_digit(text[cursor.position - 1]));
        io_skip_blanks(&cursor);
        base_cursor word = cursor;
        if (good && is_digit((char)base_cursor_peek(&word)) && base_parse_double(&word, &value) &&
            (base_cursor_at_end(&word) || io_is_blank((char)base_cursor_peek(&word)))) {
            return true;
        }
    }
    return false;
}

/* What stands behind the intensities. */
typedef struct third_columns {
    size_t count;
    bool may_hold_peak; /* a text looks like two lines run together */
} third_columns;

/* A third column is a charge, which is one word, or a text: of two lines run together more would be left. */
static spectra_status read_peak_line(spectra_reader *reader, const io_line *line, third_columns *third,
                                     spectra_error *error) {
    base_cursor cursor = io_line_cursor(line);
    io_skip_blanks(&cursor);
    char mark;
    spectra_status status = io_read_peak(reader, line, &cursor, "", "", &mark, error);
    io_skip_blanks(&cursor);
    if (status < 0 || base_cursor_at_end(&cursor)) return status;
    third->count++;
    if (base_cursor_peek(&cursor) == '"') {
        status = io_read_quoted(reader, line, &cursor, error);
        return status < 0 ? status : io_expect_line_end(line, &cursor, error);
    }
    if (!io_begins_free_text((char)base_cursor_peek(&cursor))) {
        base_cursor word = cursor;
        while (!base_cursor_at_end(&word) && !io_is_blank((char)base_cursor_peek(&word))) base_cursor_advance(&word);
        status = io_expect_line_end(line, &word, error);
        if (status < 0) return status;
    }
    third->may_hold_peak =
        third->may_hold_peak || holds_number(line->text + cursor.position, base_cursor_left(&cursor), false);
    return io_read_free_text(reader, line, &cursor, error);
}

static spectra_status read_ions(spectra_reader *reader, io_line *line, third_columns *third, spectra_error *error) {
    for (;;) {
        spectra_status status = io_next_of_record(reader, line, "END IONS", error);
        if (status < 0 || io_line_is(line, "END IONS")) return status;
        if (io_line_is(line, "BEGIN IONS")) {
            io_lines_give_back(&reader->lines);
            return base_fail(error, SPECTRA_E_FORMAT, line->place, "record without END IONS");
        }
        if (io_line_is_blank(line)) continue;
        status = begins_with_number(line) ? read_peak_line(reader, line, third, error)
                                          : io_add_line(reader, line, '=', error);
        if (status < 0) return status;
    }
}

static bool has_key(const spectra_spectrum *spectrum, size_t count, const char *wanted) {
    const char *key, *value;
    for (size_t i = 0; i < count; i++) {
        spectra_spectrum_metadata(spectrum, i, &key, &value);
        if (spectrum_keys_match(key, wanted)) return true;
    }
    return false;
}

/* Common metadata stand behind a record's own, and only where it has no such key. */
static spectra_status add_common(spectra_reader *reader, const io_line *line, spectra_error *error) {
    size_t own = spectra_spectrum_metadata_count(reader->spectrum);
    const char *key, *value;
    for (size_t i = 0; spectra_spectrum_metadata(reader->common, i, &key, &value) == SPECTRA_OK; i++) {
        if (has_key(reader->spectrum, own, key)) continue;
        io_line text = {value, strlen(value), true, line->place};
        spectra_status status = io_add_text(reader, key, strlen(key), &text, error);
        if (status < 0) return status;
    }
    return SPECTRA_OK;
}

/* --- What a lost line end leaves behind: nothing declares the number of peaks --- */

/* "m/z" or "m/z intensity", as PEPMASS may be. */
static bool is_peak(const char *text) {
    base_cursor cursor = base_cursor_over(text, strlen(text));
    double value;
    for (int i = 0; i < 2; i++) {
        if (!base_parse_double(&cursor, &value)) return false;
        if (base_cursor_at_end(&cursor)) return true;
        if (!io_is_blank((char)base_cursor_peek(&cursor))) return false;
        io_skip_blanks(&cursor);
    }
    return false;
}

/* Whether a line of metadata seems to go on with a peak: "SCANS=1110.0713 42888". */
static bool holds_peak(const char *key, const char *value) {
    if (spectrum_key_is(key, strlen(key), "pepmass")) return !is_peak(value);
    return holds_number(value, strlen(value), true);
}

static spectra_status warn(spectra_reader *reader, const char *text, spectra_error *error) {
    if (spectrum_add_warning(reader->spectrum, text)) return SPECTRA_OK;
    return base_fail(error, SPECTRA_E_MEMORY, BASE_NO_PLACE, "not enough memory");
}

/* Warns where a peak may have been lost to the line before it: metadata, or another peak, of which the second then
   looks like a third column. */
static spectra_status check_lines(spectra_reader *reader, const third_columns *third, spectra_error *error) {
    size_t pairs = spectra_spectrum_metadata_count(reader->spectrum);
    const char *key, *value;
    spectra_status status = SPECTRA_OK;
    if (pairs > 0) {
        spectra_spectrum_metadata(reader->spectrum, pairs - 1, &key, &value);
        if (holds_peak(key, value)) status = warn(reader, "the last line of metadata may hold a peak", error);
    }
    size_t peaks = spectra_spectrum_peak_count(reader->spectrum);
    if (status < 0 || third->count == 0) return status;
    if (third->may_hold_peak) return warn(reader, "an annotation may hold a peak", error);
    if (peaks == 1) return warn(reader, "the only peak has a third column", error);
    return third->count < peaks ? warn(reader, "only some peaks have a third column", error) : SPECTRA_OK;
}

static spectra_status read_record(spectra_reader *reader, spectra_error *error) {
    io_line line;
    third_columns third = {0, false};
    spectra_status status = begin_record(reader, &line, error);
    if (status != SPECTRA_OK) return status;
    reader->begun = true;
    base_place start = line.place;
    status = read_ions(reader, &line, &third, error);
    if (status < 0) return status;
    status = check_lines(reader, &third, error);
    if (status < 0) return status;
    status = add_common(reader, &line, error);
    return status < 0 ? status : spectrum_finish(reader->spectrum, start, error);
}

/* To the next BEGIN IONS; among the common metadata, to the next line. */
static spectra_status recover(spectra_reader *reader, spectra_error *error) {
    while (reader->begun) {
        io_line line;
        spectra_status status = io_lines_next(&reader->lines, &line, error);
        if (status == SPECTRA_E_LIMIT) continue;
        if (status != SPECTRA_OK) return status;
        if (io_line_is(&line, "BEGIN IONS")) {
            io_lines_give_back(&reader->lines);
            break;
        }
    }
    return SPECTRA_OK;
}

const io_format io_format_mgf = {read_record, recover, NULL};
