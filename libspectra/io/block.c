/* SPDX-License-Identifier: Apache-2.0 */
/* The lines that all formats share: "key: value", a declared count, "m/z intensity", an annotation. Knows lines and
   spectra; not which format asks. */
#include <string.h>

#include "base/numbers.h"
#include "io/reader.h"

/* --- Lines --- */

bool io_is_blank(char c) {
    return c == ' ' || c == '\t';
}

void io_skip_blanks(base_cursor *cursor) {
    while (!base_cursor_at_end(cursor) && io_is_blank((char)base_cursor_peek(cursor))) base_cursor_advance(cursor);
}

bool io_line_is_blank(const io_line *line) {
    base_cursor cursor = io_line_cursor(line);
    io_skip_blanks(&cursor);
    return base_cursor_at_end(&cursor);
}

bool io_line_starts_with(const io_line *line, const char *prefix) {
    size_t size = strlen(prefix);
    return line->size >= size && memcmp(line->text, prefix, size) == 0;
}

bool io_line_is(const io_line *line, const char *words) {
    size_t begin = 0, end = line->size;
    while (begin < end && io_is_blank(line->text[begin])) begin++;
    while (end > begin && io_is_blank(line->text[end - 1])) end--;
    return end - begin == strlen(words) && memcmp(line->text + begin, words, end - begin) == 0;
}

spectra_status io_next_content(spectra_reader *reader, io_line *line, const char *marks, spectra_error *error) {
    for (;;) {
        spectra_status status = io_lines_next(&reader->lines, line, error);
        if (status != SPECTRA_OK) return status;
        bool comment = line->size > 0 && line->text[0] && strchr(marks, line->text[0]);
        if (!comment && !io_line_is_blank(line)) return SPECTRA_OK;
    }
}

spectra_status io_next_of_record(spectra_reader *reader, io_line *line, const char *missing, spectra_error *error) {
    spectra_status status = io_lines_next(&reader->lines, line, error);
    if (status != SPECTRA_END) return status;
    return base_fail(error, SPECTRA_E_FORMAT, reader->lines.place, "the file ends before %s", missing);
}

/* --- Metadata --- */

/* What a spectrum cuts off around a key; inside a line a carriage return may be left. */
static bool stands_around(char c) {
    return io_is_blank(c) || c == '\r';
}

bool io_split(io_pair *pair, const io_line *line, char mark) {
    const char *at = line->size > 0 ? memchr(line->text, mark, line->size) : NULL;
    if (!at) return false;
    pair->value_position = (size_t)(at - line->text) + 1;
    pair->key = line->text;
    while (pair->key < at && stands_around(*pair->key)) pair->key++;
    while (at > pair->key && stands_around(at[-1])) at--;
    pair->key_size = (size_t)(at - pair->key);
    return pair->key_size > 0;
}

static spectra_status check_text(const io_line *line, spectra_error *error) {
    const char *nul = line->size > 0 ? memchr(line->text, '\0', line->size) : NULL;
    if (!nul) return SPECTRA_OK;
    base_place place = {line->place.line, line->place.offset + (uint64_t)(nul - line->text)};
    return base_fail(error, SPECTRA_E_FORMAT, place, "NUL byte in text");
}

static spectra_status out_of_memory(spectra_error *error) {
    return base_fail(error, SPECTRA_E_MEMORY, BASE_NO_PLACE, "not enough memory");
}

static spectra_status add(spectra_reader *reader, spectra_spectrum *to, const io_line *line, const io_pair *pair,
                          const char *value, size_t value_size, spectra_error *error) {
    spectra_status status = check_text(line, error);
    if (status < 0) return status;
    if (spectra_spectrum_metadata_count(to) >= reader->options.max_metadata) {
        return base_fail(error, SPECTRA_E_LIMIT, line->place, "more than %u lines of metadata",
                         (uint64_t)reader->options.max_metadata);
    }
    return spectrum_add_pair(to, pair->key, pair->key_size, value, value_size) ? SPECTRA_OK : out_of_memory(error);
}

spectra_status io_add_pair(spectra_reader *reader, spectra_spectrum *to, const io_line *line, const io_pair *pair,
                           spectra_error *error) {
    return add(reader, to, line, pair, line->text + pair->value_position, line->size - pair->value_position, error);
}

spectra_status io_add_line(spectra_reader *reader, const io_line *line, char mark, spectra_error *error) {
    io_pair pair;
    if (!io_split(&pair, line, mark)) {
        return base_fail(error, SPECTRA_E_FORMAT, line->place, "expected a key and its value");
    }
    return io_add_pair(reader, reader->spectrum, line, &pair, error);
}

#define MAX_COMMON_LINES 256u
#define MAX_COMMON_SIZE 65536u

spectra_status io_add_common_pair(spectra_reader *reader, const io_line *line, const io_pair *pair,
                                  spectra_error *error) {
    if (line->size > MAX_COMMON_SIZE - reader->common_size ||
        spectra_spectrum_metadata_count(reader->common) >= MAX_COMMON_LINES) {
        return base_fail(error, SPECTRA_E_LIMIT, line->place, "more than %u lines or %u bytes common to all records",
                         (uint64_t)MAX_COMMON_LINES, (uint64_t)MAX_COMMON_SIZE);
    }
    reader->common_size += line->size;
    return io_add_pair(reader, reader->common, line, pair, error);
}

spectra_status io_add_common(spectra_reader *reader, base_place place, spectra_error *error) {
    const char *key, *value;
    for (size_t i = 0; spectra_spectrum_metadata(reader->common, i, &key, &value) == SPECTRA_OK; i++) {
        io_line line = {value, strlen(value), true, place};
        spectra_status status = io_add_text(reader, key, strlen(key), &line, error);
        if (status < 0) return status;
    }
    return SPECTRA_OK;
}

spectra_status io_add_text(spectra_reader *reader, const char *key, size_t key_size, const io_line *line,
                           spectra_error *error) {
    io_pair pair = {key, key_size, 0};
    return io_add_pair(reader, reader->spectrum, line, &pair, error);
}

/* --- Peaks --- */

spectra_status io_read_count(spectra_reader *reader, uint64_t *count, const io_line *line, size_t position,
                             spectra_error *error) {
    base_cursor cursor = io_line_cursor(line);
    cursor.position = position;
    io_skip_blanks(&cursor);
    base_place place = io_line_at(line, &cursor);
    if (!base_parse_unsigned(&cursor, count)) {
        return base_fail(error, SPECTRA_E_FORMAT, place, "the number of peaks is no whole number");
    }
    spectra_status status = io_expect_line_end(line, &cursor, error);
    if (status < 0) return status;
    if (*count <= reader->options.max_peaks) return SPECTRA_OK;
    return base_fail(error, SPECTRA_E_LIMIT, place, "more than %u peaks", (uint64_t)reader->options.max_peaks);
}

/* Whether a character is one of the few of `marks`. */
static bool is_one_of(int c, const char *marks) {
    while (*marks && *marks != c) marks++;
    return *marks != 0;
}

/* A number and nothing else up to a blank, one of `ends` or the end of the line. */
static spectra_status read_number(double *value, const io_line *line, base_cursor *cursor, const char *ends,
                                  const char *what, spectra_error *error) {
    base_place place = io_line_at(line, cursor);
    if (!base_parse_double(cursor, value)) return base_fail(error, SPECTRA_E_FORMAT, place, "expected %s", what);
    char next = base_cursor_at_end(cursor) ? ' ' : (char)base_cursor_peek(cursor);
    if (io_is_blank(next) || is_one_of(next, ends)) return SPECTRA_OK;
    const char *hint = next == ',' ? " (a decimal comma?)" : "";
    return base_fail(error, SPECTRA_E_FORMAT, io_line_at(line, cursor), "unexpected character in %s%s", what, hint);
}

/* Moves over blanks and one of `marks` between two numbers. */
static char skip_gap(base_cursor *cursor, const char *marks) {
    char mark = ' ';
    io_skip_blanks(cursor);
    if (is_one_of(base_cursor_peek(cursor), marks)) {
        mark = (char)base_cursor_peek(cursor);
        base_cursor_advance(cursor);
        io_skip_blanks(cursor);
    }
    return mark;
}

static spectra_status add_peak(spectra_reader *reader, double mz, double intensity, base_place place,
                               spectra_error *error) {
    if (!spectrum_peak_valid(mz, intensity)) {
        return base_fail(error, SPECTRA_E_FORMAT, place, "m/z must be positive and intensity not negative");
    }
    if (spectra_spectrum_peak_count(reader->spectrum) >= reader->options.max_peaks) {
        return base_fail(error, SPECTRA_E_LIMIT, place, "more than %u peaks", (uint64_t)reader->options.max_peaks);
    }
    return spectrum_add_peak(reader->spectrum, mz, intensity) ? SPECTRA_OK : out_of_memory(error);
}

spectra_status io_read_peak(spectra_reader *reader, const io_line *line, base_cursor *cursor, const char *marks,
                            const char *ends, char *mark, spectra_error *error) {
    double mz, intensity;
    base_place place = io_line_at(line, cursor);
    spectra_status status = read_number(&mz, line, cursor, marks, "m/z", error);
    if (status < 0) return status;
    *mark = skip_gap(cursor, marks);
    status = read_number(&intensity, line, cursor, ends, "intensity", error);
    if (status < 0) return status;
    return add_peak(reader, mz, intensity, place, error);
}

static spectra_status add_warning(spectra_reader *reader, const char *text, spectra_error *error) {
    return spectrum_add_warning(reader->spectrum, text) ? SPECTRA_OK : out_of_memory(error);
}

spectra_status io_add_arrays(spectra_reader *reader, const double *mz, const double *intensity, size_t stride,
                             size_t count, base_place place, spectra_error *error) {
    bool zeros = false;
    if (!spectrum_reserve_peaks(reader->spectrum, count)) return out_of_memory(error);
    for (size_t i = 0; i < count; i++) {
        double x = mz[i * stride], y = intensity[i * stride];
        if (base_double_bits(x) == 0) {
            zeros = true;
            continue;
        }
        if (!spectrum_peak_valid(x, y)) {
            return base_fail(error, SPECTRA_E_FORMAT, place, "peak %u: m/z must be positive and intensity not negative",
                             (uint64_t)i + 1);
        }
        if (!spectrum_add_peak(reader->spectrum, x, y)) return out_of_memory(error);
    }
    return zeros ? add_warning(reader, "peaks at m/z 0 are left out", error) : SPECTRA_OK;
}

spectra_status io_add_profile_warning(spectra_reader *reader, spectra_error *error) {
    return add_warning(reader, "a profile: its rows are samples, not peaks", error);
}

static spectra_status add_annotation(spectra_reader *reader, const io_line *line, const char *text, size_t size,
                                     spectra_error *error) {
    spectra_status status = check_text(line, error);
    if (status < 0 || size == 0) return status;
    return spectrum_add_annotation(reader->spectrum, text, size) ? SPECTRA_OK : out_of_memory(error);
}

spectra_status io_read_quoted(spectra_reader *reader, const io_line *line, base_cursor *cursor, spectra_error *error) {
    base_place place = io_line_at(line, cursor);
    base_cursor_advance(cursor);
    const char *text = line->text + cursor->position;
    const char *end = base_cursor_left(cursor) > 0 ? memchr(text, '"', base_cursor_left(cursor)) : NULL;
    if (!end) return base_fail(error, SPECTRA_E_FORMAT, place, "annotation without its closing quote");
    cursor->position += (size_t)(end - text) + 1;
    return add_annotation(reader, line, text, (size_t)(end - text), error);
}

bool io_begins_free_text(char c) {
    return !(c >= '0' && c <= '9') && (c == '\0' || !strchr(".,:;+-\"", c));
}

bool io_is_heading(const io_line *line) {
    base_cursor cursor = io_line_cursor(line);
    io_skip_blanks(&cursor);
    return base_cursor_peek(&cursor) == '"' || io_begins_free_text((char)base_cursor_peek(&cursor));
}

spectra_status io_read_free_text(spectra_reader *reader, const io_line *line, base_cursor *cursor,
                                 spectra_error *error) {
    size_t begin = cursor->position, end = line->size;
    while (end > begin && io_is_blank(line->text[end - 1])) end--;
    cursor->position = line->size;
    return add_annotation(reader, line, line->text + begin, end - begin, error);
}

spectra_status io_expect_line_end(const io_line *line, base_cursor *cursor, spectra_error *error) {
    io_skip_blanks(cursor);
    if (base_cursor_at_end(cursor)) return SPECTRA_OK;
    return base_fail(error, SPECTRA_E_FORMAT, io_line_at(line, cursor), "unexpected text at the end of the line");
}

spectra_status io_check_count(const spectra_reader *reader, uint64_t declared, base_place place, spectra_error *error) {
    uint64_t count = spectra_spectrum_peak_count(reader->spectrum);
    if (count == declared) return SPECTRA_OK;
    return base_fail(error, SPECTRA_E_FORMAT, place, "%u peaks where %u are declared", count, declared);
}

spectra_status io_end_not_verified(spectra_reader *reader, base_place place, spectra_error *error) {
    static const char text[] = "end not verified";
    if (reader->options.strict) return base_fail(error, SPECTRA_E_FORMAT, place, "%s", text);
    return spectrum_add_warning(reader->spectrum, text) ? SPECTRA_OK : out_of_memory(error);
}
