/* SPDX-License-Identifier: Apache-2.0 */
/* MSP in the styles of NIST, MassBank, MoNA, RIKEN, SWGDRUG, Golm and MS-DIAL:

       Name: …            any order, any keys
       Num Peaks: N
       41 27; 42 3;       exactly N pairs: "mz int", "mz:int", several a line; an annotation behind a pair
                          a blank line, the next record or the end of the file closes it */
#include <string.h>

#include "io/reader.h"
#include "spectrum/fields.h"

static bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

/* Whether a line begins with a key, as that of a record's first line does and a line of peaks does not. */
static bool is_key_line(const io_line *line, io_pair *pair) {
    if (line->size > 0 && is_digit(line->text[0])) return false;
    return io_split(pair, line, ':') && !is_digit(pair->key[0]) && !strchr(".+-#", pair->key[0]);
}

/* Whether a line can only be the beginning of a record, though the one before is not complete. */
static bool is_known_key_line(const io_line *line) {
    io_pair pair;
    return is_key_line(line, &pair) && spectrum_find_alias(pair.key, pair.key_size, "", 0);
}

/* Everything up to the declared number of peaks; `line` is the first of the record. */
static spectra_status read_metadata(spectra_reader *reader, io_line *line, uint64_t *declared, spectra_error *error) {
    base_place start = line->place;
    for (;;) {
        io_pair pair;
        if (io_line_is_blank(line)) {
            io_lines_give_back(&reader->lines);
            return base_fail(error, SPECTRA_E_FORMAT, start, "record without Num Peaks");
        }
        if (io_split(&pair, line, ':') && spectrum_key_is(pair.key, pair.key_size, "numpeaks")) {
            return io_read_count(reader, declared, line, pair.value_position, error);
        }
        if (line->text[0] == '#') {
            return base_fail(error, SPECTRA_E_FORMAT, line->place, "comment inside a record");
        }
        spectra_status status = io_add_line(reader, line, ':', error);
        if (status < 0) return status;
        status = io_next_of_record(reader, line, "Num Peaks", error);
        if (status < 0) return status;
    }
}

static spectra_status read_annotation(spectra_reader *reader, const io_line *line, base_cursor *cursor,
                                      spectra_error *error) {
    io_skip_blanks(cursor);
    if (base_cursor_at_end(cursor)) return SPECTRA_OK;
    char next = (char)base_cursor_peek(cursor);
    if (next == '"') return io_read_quoted(reader, line, cursor, error);
    if (!io_begins_free_text(next)) return SPECTRA_OK;
    io_line rest = {.text = line->text + cursor->position, .size = base_cursor_left(cursor)};
    if (is_known_key_line(&rest)) {
        return base_fail(error, SPECTRA_E_FORMAT, io_line_at(line, cursor), "a record begins in a line of peaks");
    }
    return io_read_free_text(reader, line, cursor, error);
}

static spectra_status read_peak_line(spectra_reader *reader, const io_line *line, uint64_t declared,
                                     spectra_error *error) {
    base_cursor cursor = io_line_cursor(line);
    for (io_skip_blanks(&cursor); !base_cursor_at_end(&cursor); io_skip_blanks(&cursor)) {
        if (spectra_spectrum_peak_count(reader->spectrum) == declared) {
            return base_fail(error, SPECTRA_E_FORMAT, io_line_at(line, &cursor), "more than the declared %u peaks",
                             declared);
        }
        char mark;
        spectra_status status = io_read_peak(reader, line, &cursor, ":", ";", &mark, error);
        if (status < 0) return status;
        status = read_annotation(reader, line, &cursor, error);
        if (status < 0) return status;
        io_skip_blanks(&cursor);
        base_cursor_accept(&cursor, ';');
    }
    return SPECTRA_OK;
}

static spectra_status read_peaks(spectra_reader *reader, io_line *line, uint64_t declared, spectra_error *error) {
    while (spectra_spectrum_peak_count(reader->spectrum) < declared) {
        spectra_status status = io_lines_next(&reader->lines, line, error);
        if (status < 0) return status;
        if (status == SPECTRA_END) return io_check_count(reader, declared, reader->lines.place, error);
        bool known = is_known_key_line(line);
        if (io_line_is_blank(line) || known) {
            io_lines_give_back(&reader->lines);
            reader->at_record = known;
            return io_check_count(reader, declared, line->place, error);
        }
        status = read_peak_line(reader, line, declared, error);
        if (status < 0) return status;
    }
    return SPECTRA_OK;
}

/* What stands behind the last peak must be a blank line, another record, a comment or the end of the file. */
static spectra_status close_record(spectra_reader *reader, const io_line *last, uint64_t declared,
                                   spectra_error *error) {
    bool ended = last->ended;
    io_line line;
    io_pair pair;
    spectra_status status = io_lines_next(&reader->lines, &line, error);
    if (status < 0) return status;
    if (status == SPECTRA_END) {
        return ended ? SPECTRA_OK : io_end_not_verified(reader, reader->lines.place, error);
    }
    if (io_line_is_blank(&line)) return SPECTRA_OK;
    if (line.text[0] != '#' && !is_key_line(&line, &pair)) return read_peak_line(reader, &line, declared, error);
    io_lines_give_back(&reader->lines);
    return SPECTRA_OK;
}

static spectra_status read_record(spectra_reader *reader, spectra_error *error) {
    io_line line;
    uint64_t declared;
    spectra_status status = io_next_content(reader, &line, "#", error);
    if (status != SPECTRA_OK) return status;
    base_place start = line.place;
    status = read_metadata(reader, &line, &declared, error);
    if (status < 0) return status;
    status = read_peaks(reader, &line, declared, error);
    if (status < 0) return status;
    status = close_record(reader, &line, declared, error);
    return status < 0 ? status : spectrum_finish(reader->spectrum, start, error);
}

/* To the next key line behind a blank one; a known key that cut the bad record short is there already. */
static spectra_status recover(spectra_reader *reader, spectra_error *error) {
    bool may_begin = reader->at_record;
    for (;;) {
        io_line line;
        io_pair pair;
        spectra_status status = io_lines_next(&reader->lines, &line, error);
        if (status == SPECTRA_E_LIMIT) continue;
        if (status != SPECTRA_OK) return status;
        if (io_line_is_blank(&line)) {
            may_begin = true;
        } else if (may_begin && is_key_line(&line, &pair)) {
            io_lines_give_back(&reader->lines);
            return SPECTRA_OK;
        } else if (line.text[0] != '#') {
            may_begin = false;
        }
    }
}

const io_format io_format_msp = {read_record, recover, NULL};
