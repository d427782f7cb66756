/* SPDX-License-Identifier: Apache-2.0 */
/* JCAMP-DX for mass spectrometry: labels "##LABEL= value", which lines without a label continue; "$$" begins a comment.

       ##TITLE= …              begins a block; blocks may stand in one of DATA TYPE= LINK
       ##NPOINTS= N
       ##PEAK TABLE= (XY..XY)  or XYDATA, DATA TABLE: pairs of numbers up to the next label
       ##END=                  some writers leave it out

   Runs have many tables in a block, each behind a SCAN_NUMBER or a PAGE; what stands before the first of these belongs
   to all. A label that is not known may be a damaged one: what stands behind a table and begins nothing is an error. */
#include <string.h>

#include "base/numbers.h"
#include "io/reader.h"
#include "spectrum/fields.h"

typedef struct io_jcamp {
    bool inside;    /* a block is open */
    bool linked;    /* it holds other blocks only */
    bool paged;     /* tables stand behind a page or scan number */
    bool filled;    /* a table was there since the block or page began */
    bool waiting;   /* labels are there that await a table */
    bool in_common; /* the last label went to all spectra of the block */
    bool counted;   /* NPOINTS is there */
    uint64_t count;
    size_t key_size; /* of the last label; 0: its lines are not kept */
    char key[128];
} io_jcamp;

static io_jcamp *state_of(const spectra_reader *reader) {
    return reader->state;
}

static void free_state(spectra_reader *reader) {
    if (reader->state) base_release(reader->allocator, reader->state, sizeof(io_jcamp));
}

static spectra_status create_state(spectra_reader *reader, spectra_error *error) {
    reader->state = base_allocate(reader->allocator, sizeof(io_jcamp));
    if (!reader->state) return base_fail(error, SPECTRA_E_MEMORY, BASE_NO_PLACE, "not enough memory");
    memset(reader->state, 0, sizeof(io_jcamp));
    return SPECTRA_OK;
}

static spectra_status fail(const io_line *line, const char *what, spectra_error *error) {
    return base_fail(error, SPECTRA_E_FORMAT, line->place, "%s", what);
}

/* --- Lines --- */

static const char *find(const char *text, size_t size, const char *two) {
    for (size_t i = 0; i + 1 < size; i++) {
        if (text[i] == two[0] && text[i + 1] == two[1]) return text + i;
    }
    return NULL;
}

/* The next line that is not blank, without its comment. A label inside a line is one that lost the end before it. */
static spectra_status next_line(spectra_reader *reader, io_line *line, spectra_error *error) {
    for (;;) {
        spectra_status status = io_lines_next(&reader->lines, line, error);
        if (status != SPECTRA_OK) return status;
        size_t front = line->size < 2 ? line->size : 2;
        if (find(line->text + front, line->size - front, "##")) return fail(line, "a label inside a line", error);
        const char *comment = find(line->text, line->size, "$$");
        if (comment) line->size = (size_t)(comment - line->text);
        if (!io_line_is_blank(line)) return SPECTRA_OK;
    }
}

/* Whether a label is one of the standard's: case, blanks and marks do not count; "$" and "." begin others. */
static bool is_label(const io_pair *pair, const char *folded) {
    return pair->key[0] != '$' && pair->key[0] != '.' && spectrum_key_is(pair->key, pair->key_size, folded);
}

static bool is_one_of(const io_pair *pair, const char *const *folded, size_t count) {
    for (size_t i = 0; i < count; i++) {
        if (is_label(pair, folded[i])) return true;
    }
    return false;
}

static bool begins_page(const io_pair *pair) {
    return is_label(pair, "scannumber") || is_label(pair, "page");
}

static bool value_is(const io_line *line, const io_pair *pair, const char *folded) {
    return spectrum_key_is(line->text + pair->value_position, line->size - pair->value_position, folded);
}

/* --- The table --- */

/* Pairs, one or several a line: blanks, ',' or ';' between the numbers and between the pairs. */
static spectra_status read_pairs(spectra_reader *reader, const io_line *line, spectra_error *error) {
    base_cursor cursor = io_line_cursor(line);
    io_skip_blanks(&cursor);
    while (!base_cursor_at_end(&cursor)) {
        char mark;
        spectra_status status = io_read_peak(reader, line, &cursor, ",;", ",;", &mark, error);
        if (status < 0) return status;
        io_skip_blanks(&cursor);
        if (!base_cursor_accept(&cursor, ';')) base_cursor_accept(&cursor, ',');
        io_skip_blanks(&cursor);
    }
    return SPECTRA_OK;
}

/* "(XY..XY)", perhaps with "PEAKS" behind it. */
static bool has_known_form(const io_line *line, const io_pair *pair) {
    static const char *const forms[] = {"(XY..XY)", "(XY..XY),PEAKS"};
    char form[20];
    size_t size = 0;
    for (size_t i = pair->value_position; i < line->size; i++) {
        if (io_is_blank(line->text[i])) continue;
        if (size == sizeof form - 1) return false;
        form[size++] = line->text[i];
    }
    form[size] = '\0';
    return strcmp(form, forms[0]) == 0 || strcmp(form, forms[1]) == 0;
}

static spectra_status warn(spectra_reader *reader, const char *text, spectra_error *error) {
    if (spectrum_add_warning(reader->spectrum, text)) return SPECTRA_OK;
    return base_fail(error, SPECTRA_E_MEMORY, BASE_NO_PLACE, "not enough memory");
}

static spectra_status check_end(spectra_reader *reader, const io_jcamp *jcamp, bool closed, bool ended,
                                spectra_error *error) {
    base_place place = reader->lines.place;
    spectra_status status = SPECTRA_OK;
    if (jcamp->counted) status = io_check_count(reader, jcamp->count, place, error);
    if (status == SPECTRA_OK && !jcamp->counted) status = warn(reader, "no number of peaks is declared", error);
    bool verified = closed || (jcamp->counted && ended);
    return status < 0 || verified ? status : io_end_not_verified(reader, place, error);
}

static spectra_status read_table(spectra_reader *reader, io_jcamp *jcamp, const io_line *label, const io_pair *pair,
                                 spectra_error *error) {
    base_place start = label->place;
    if (!has_known_form(label, pair)) return fail(label, "a table of another form than (XY..XY)", error);
    io_line line = *label;
    spectra_status status = next_line(reader, &line, error);
    bool ended = label->ended;
    for (; status == SPECTRA_OK && line.text[0] != '#'; status = next_line(reader, &line, error)) {
        ended = line.ended;
        status = read_pairs(reader, &line, error);
        if (status < 0) return status;
    }
    if (status < 0) return status;
    bool closed = status == SPECTRA_OK;
    if (closed) io_lines_give_back(&reader->lines);
    jcamp->filled = true;
    jcamp->waiting = false;
    status = check_end(reader, jcamp, closed, ended, error);
    jcamp->counted = false;
    if (status == SPECTRA_OK) status = io_add_common(reader, start, error);
    return status < 0 ? status : spectrum_finish(reader->spectrum, start, error);
}

/* --- Labels --- */

/* Adds a line to the spectrum, or, before the first page, to all of the block. */
static spectra_status add_pair(spectra_reader *reader, io_jcamp *jcamp, const io_line *line, const io_pair *pair,
                               spectra_error *error) {
    jcamp->waiting = true;
    return jcamp->in_common ? io_add_common_pair(reader, line, pair, error)
                            : io_add_pair(reader, reader->spectrum, line, pair, error);
}

static spectra_status continue_value(spectra_reader *reader, io_jcamp *jcamp, const io_line *line,
                                     spectra_error *error) {
    if (line->text[0] == '#') return fail(line, "a line begins with a single '#'", error);
    if (jcamp->key_size == 0) return fail(line, "a line without a label", error);
    const io_pair pair = {jcamp->key, jcamp->key_size, 0};
    return add_pair(reader, jcamp, line, &pair, error);
}

static spectra_status keep_label(spectra_reader *reader, io_jcamp *jcamp, const io_line *line, const io_pair *pair,
                                 spectra_error *error) {
    if (pair->key_size > sizeof jcamp->key) return fail(line, "label too long", error);
    memcpy(jcamp->key, pair->key, pair->key_size);
    jcamp->key_size = pair->key_size;
    jcamp->in_common = !jcamp->paged;
    return add_pair(reader, jcamp, line, pair, error);
}

/* "1", "1.0", "1, 1": numbers are as they stand. */
static bool are_ones(const io_line *line, const io_pair *pair) {
    base_cursor cursor = io_line_cursor(line);
    cursor.position = pair->value_position;
    for (;;) {
        double factor;
        io_skip_blanks(&cursor);
        if (base_cursor_at_end(&cursor)) return true;
        if (base_cursor_accept(&cursor, ',')) continue;
        if (!base_parse_double(&cursor, &factor) || factor != 1) return false;
    }
}

static spectra_status begin_block(spectra_reader *reader, io_jcamp *jcamp, const io_line *line, const io_pair *pair,
                                  spectra_error *error) {
    *jcamp = (io_jcamp){.inside = true};
    spectrum_clear(reader->common);
    reader->common_size = 0;
    return keep_label(reader, jcamp, line, pair, error);
}

/* A block or a page ends, or the file: labels that found no table are told. */
static spectra_status expect_nothing_waiting(spectra_reader *reader, io_jcamp *jcamp, spectra_error *error) {
    bool waiting = jcamp->waiting && !jcamp->linked;
    jcamp->waiting = false;
    if (!waiting) return SPECTRA_OK;
    return base_fail(error, SPECTRA_E_FORMAT, reader->lines.place, "labels without a table of peaks");
}

static spectra_status take_label(spectra_reader *reader, io_jcamp *jcamp, const io_line *line, const io_pair *pair,
                                 spectra_error *error) {
    static const char *const factors[] = {"xfactor", "yfactor", "factor"};
    bool page = begins_page(pair);
    if (!jcamp->inside) return fail(line, "expected TITLE", error);
    if (jcamp->filled && !(page && jcamp->paged)) return fail(line, "an unexpected label behind a table", error);
    if (is_label(pair, "datatype")) {
        jcamp->linked = value_is(line, pair, "link");
        if (!jcamp->linked && !value_is(line, pair, "massspectrum")) {
            return base_fail(error, SPECTRA_E_FORMAT, line->place, "a block of another kind than MASS SPECTRUM");
        }
    }
    if (is_one_of(pair, factors, sizeof factors / sizeof factors[0]) && !are_ones(line, pair)) {
        return fail(line, "a factor other than 1 is not read", error);
    }
    if (page) jcamp->paged = true;
    if (page) jcamp->filled = false;
    if (!is_label(pair, "npoints")) return keep_label(reader, jcamp, line, pair, error);
    jcamp->counted = jcamp->waiting = true;
    jcamp->key_size = 0;
    return io_read_count(reader, &jcamp->count, line, pair->value_position, error);
}

/* Whether a value says how a table is laid out. */
static bool is_form(const io_line *line, const io_pair *pair) {
    base_cursor cursor = io_line_cursor(line);
    cursor.position = pair->value_position;
    io_skip_blanks(&cursor);
    return base_cursor_accept(&cursor, '(') && base_cursor_accept(&cursor, 'X');
}

/* One label. *record where it was a table, so that the spectrum is complete. */
static spectra_status read_label(spectra_reader *reader, io_jcamp *jcamp, const io_line *line, bool *record,
                                 spectra_error *error) {
    static const char *const tables[] = {"xydata", "peaktable", "datatable", "xypoints"};
    io_line label = {line->text + 2, line->size - 2, line->ended, {line->place.line, line->place.offset + 2}};
    io_pair pair;
    *record = false;
    if (!io_split(&pair, &label, '=')) {
        bool comment = label.size > 0 && label.text[0] == '=';
        jcamp->key_size = 0;
        return comment ? SPECTRA_OK : fail(line, "expected a label and its value", error);
    }
    if (is_label(&pair, "title")) {
        spectra_status status = expect_nothing_waiting(reader, jcamp, error);
        if (status < 0) io_lines_give_back(&reader->lines);
        return status < 0 ? status : begin_block(reader, jcamp, &label, &pair, error);
    }
    if (is_label(&pair, "end") || is_label(&pair, "endntuples")) {
        if (is_label(&pair, "end")) jcamp->inside = jcamp->filled = false;
        jcamp->key_size = 0;
        return expect_nothing_waiting(reader, jcamp, error);
    }
    bool table = is_one_of(&pair, tables, sizeof tables / sizeof tables[0]);
    if (!table && !is_form(&label, &pair)) return take_label(reader, jcamp, &label, &pair, error);
    if (!table || !jcamp->inside || jcamp->filled) return fail(line, "an unexpected table", error);
    *record = true;
    return read_table(reader, jcamp, &label, &pair, error);
}

static spectra_status read_record(spectra_reader *reader, spectra_error *error) {
    spectra_status status = reader->state ? SPECTRA_OK : create_state(reader, error);
    io_jcamp *jcamp = state_of(reader);
    bool record = false;
    while (status == SPECTRA_OK && !record) {
        io_line line;
        status = next_line(reader, &line, error);
        if (status == SPECTRA_END) {
            status = expect_nothing_waiting(reader, jcamp, error);
            return status < 0 ? status : SPECTRA_END;
        }
        if (status < 0) return status;
        bool labelled = io_line_starts_with(&line, "##");
        status =
            labelled ? read_label(reader, jcamp, &line, &record, error) : continue_value(reader, jcamp, &line, error);
    }
    return status;
}

/* To the next block or page. */
static spectra_status recover(spectra_reader *reader, spectra_error *error) {
    io_jcamp *jcamp = state_of(reader);
    jcamp->waiting = jcamp->counted = false;
    jcamp->filled = true;
    jcamp->key_size = 0;
    for (;;) {
        io_line line;
        spectra_status status = io_lines_next(&reader->lines, &line, error);
        if (status == SPECTRA_E_LIMIT) continue;
        if (status != SPECTRA_OK) return status;
        if (!io_line_starts_with(&line, "##")) continue;
        io_line label = {line.text + 2, line.size - 2, line.ended, line.place};
        io_pair pair;
        if (!io_split(&pair, &label, '=')) continue;
        if (is_label(&pair, "end")) jcamp->inside = false;
        if (is_label(&pair, "title") || (begins_page(&pair) && jcamp->paged)) {
            io_lines_give_back(&reader->lines);
            return SPECTRA_OK;
        }
    }
}

const io_format io_format_jcamp = {read_record, recover, free_state};
