/* SPDX-License-Identifier: Apache-2.0 */
/* Tells a format by the first bytes of its content. What is not read is refused by its name, never misread. */
#include <string.h>

#include "base/numbers.h"
#include "io/reader.h"
#include "io/record.h"
#include "spectrum/fields.h"

/* --- Looking at the window --- */

/* The next line of the window, which may be cut by its end; false when there is none. */
static bool next_line(base_cursor *window, io_line *line) {
    if (base_cursor_at_end(window)) return false;
    const uint8_t *begin = window->bytes + window->position;
    const uint8_t *end = memchr(begin, '\n', base_cursor_left(window));
    size_t size = end ? (size_t)(end - begin) : base_cursor_left(window);
    *line = (io_line){.text = (const char *)begin, .size = size, .ended = end != NULL};
    if (size > 0 && begin[size - 1] == '\r') line->size--;
    window->position += size + (end ? 1 : 0);
    return true;
}

/* JCAMP-DX: "##LABEL=". */
static bool is_labelled(const io_line *line) {
    return io_line_starts_with(line, "##") && line->size > 2 && !io_is_blank(line->text[2]) && line->text[2] != '#' &&
           memchr(line->text, '=', line->size);
}

/* The next line that is neither blank nor a comment, without blanks in front. */
static bool next_content(base_cursor *window, io_line *line) {
    while (next_line(window, line)) {
        while (line->size > 0 && io_is_blank(line->text[0])) {
            line->text++;
            line->size--;
        }
        if (line->size > 0 && (line->text[0] != '#' || is_labelled(line))) return true;
    }
    return false;
}

/* Two numbers, blanks, ',' or ';' between them, and no more. */
static bool parse_row(const io_line *line, double *first, double *second) {
    base_cursor cursor = io_line_cursor(line);
    io_skip_blanks(&cursor);
    if (!base_parse_double(&cursor, first)) return false;
    io_skip_blanks(&cursor);
    if (!base_cursor_accept(&cursor, ',')) base_cursor_accept(&cursor, ';');
    io_skip_blanks(&cursor);
    if (!base_parse_double(&cursor, second)) return false;
    io_skip_blanks(&cursor);
    return base_cursor_at_end(&cursor);
}

/* --- What is not read --- */

typedef struct signature {
    const char *bytes;
    size_t size;
    const char *name;
} signature;

static const char *find_binary(const uint8_t *bytes, size_t size) {
    static const signature signatures[] = {
        {"\x1f\x8b", 2, "gzip inside gzip"}, {"CDF\x05", 4, "netCDF-5"},     {"\x89HDF\r\n\x1a\n", 8, "HDF5"},
        {"\xff\xfe", 2, "UTF-16 text"},      {"\xfe\xff", 2, "UTF-16 text"},
    };
    for (size_t i = 0; i < sizeof signatures / sizeof signatures[0]; i++) {
        const signature *s = &signatures[i];
        if (size >= s->size && memcmp(bytes, s->bytes, s->size) == 0) return s->name;
    }
    return NULL;
}

/* netCDF classic: spectra where its header names their variable, else a chromatogram or something else. */
static bool is_netcdf(const uint8_t *bytes, size_t size) {
    return size >= 4 && (memcmp(bytes, "CDF\x01", 4) == 0 || memcmp(bytes, "CDF\x02", 4) == 0);
}

static bool names_masses(const uint8_t *bytes, size_t size) {
    static const char name[] = "mass_values";
    for (size_t i = 0; i + sizeof name - 1 <= size; i++) {
        if (memcmp(bytes + i, name, sizeof name - 1) == 0) return true;
    }
    return false;
}

/* What a file of XML is, by its first element. */
typedef struct xml_root {
    const char *element, *name;
    spectra_format format; /* SPECTRA_FORMAT_UNKNOWN: not read */
} xml_root;

static bool goes_on_with(const base_cursor *cursor, const char *text) {
    size_t size = strlen(text);
    return base_cursor_left(cursor) >= size && memcmp(cursor->bytes + cursor->position, text, size) == 0;
}

/* By what stands behind the first '<' that begins a name. */
static xml_root find_xml(base_cursor window) {
    static const xml_root roots[] = {
        {"indexedmzML", "mzML", SPECTRA_FORMAT_MZML},       {"mzML", "mzML", SPECTRA_FORMAT_MZML},
        {"mzXML", "mzXML", SPECTRA_FORMAT_MZXML},           {"mzData", "mzData", SPECTRA_FORMAT_UNKNOWN},
        {"mzSpecLib", "mzSpecLib", SPECTRA_FORMAT_UNKNOWN}, {"!DOCTYPE", "XML with a DOCTYPE", SPECTRA_FORMAT_UNKNOWN},
    };
    const xml_root other = {"", "XML", SPECTRA_FORMAT_UNKNOWN};
    while (!base_cursor_at_end(&window)) {
        if (!base_cursor_accept(&window, '<')) {
            base_cursor_advance(&window);
            continue;
        }
        for (size_t i = 0; i < sizeof roots / sizeof roots[0]; i++) {
            if (goes_on_with(&window, roots[i].element)) return roots[i];
        }
        int c = base_cursor_peek(&window);
        if (c != '?' && c != '!') return other;
    }
    return other;
}

/* Sequest: the first line is the mass of [M+H]+ and a small whole charge, then m/z rise from below that mass. */
static bool is_dta(const io_line *first, base_cursor window) {
    double mass, charge, mz, intensity, last = 0;
    base_cursor cursor = io_line_cursor(first);
    if (!parse_row(first, &mass, &charge) || charge < 1 || charge > 9) return false;
    if (memchr(first->text, ',', first->size) || memchr(first->text, ';', first->size)) return false;
    base_parse_double(&cursor, &mass);
    io_skip_blanks(&cursor);
    uint64_t whole;
    if (!base_parse_unsigned(&cursor, &whole) || io_expect_line_end(first, &cursor, NULL) < 0) return false;
    io_line line;
    while (next_content(&window, &line)) {
        bool row = parse_row(&line, &mz, &intensity);
        if (!line.ended && last > 0) break; /* perhaps cut by the window */
        if (!row || mz < last || (last == 0 && mz >= mass)) return false;
        last = mz;
    }
    return last > 0;
}

static const char *find_foreign_text(const base_cursor *window, const io_line *first) {
    if (first->text[0] == '{' || first->text[0] == '[') return "JSON";
    return is_dta(first, *window) ? "Sequest dta" : NULL;
}

/* --- What is read --- */

/* BEGIN IONS, or lines KEY=VALUE before it. */
static bool is_mgf(io_line line, base_cursor window) {
    do {
        if (io_line_is(&line, "BEGIN IONS")) return true;
        io_pair pair;
        bool comment = line.size == 0 || strchr("#;!/", line.text[0]);
        if (!comment && !io_line_is_blank(&line) && !io_split(&pair, &line, '=')) return false;
    } while (next_line(&window, &line));
    return false;
}

/* Lines "key: value": a known key first, or Num Peaks among them. */
static bool is_msp(io_line line, base_cursor window) {
    io_pair pair;
    if (!io_split(&pair, &line, ':')) return false;
    if (spectrum_find_alias(pair.key, pair.key_size, "", 0)) return true;
    do {
        if (io_split(&pair, &line, ':') && spectrum_key_is(pair.key, pair.key_size, "numpeaks")) return true;
    } while (next_line(&window, &line));
    return false;
}

/* A line of numbers, though perhaps bad ones, or headings and then two numbers. */
static bool is_columns(const io_line *first, base_cursor window) {
    static const char numeric[] = "0123456789.,;+-eE \t";
    double mz, intensity;
    io_line second;
    if (io_is_heading(first)) return next_content(&window, &second) && parse_row(&second, &mz, &intensity);
    base_cursor cursor = io_line_cursor(first);
    while (!base_cursor_at_end(&cursor) && memchr(numeric, base_cursor_peek(&cursor), sizeof numeric - 1)) {
        base_cursor_advance(&cursor);
    }
    int c = first->text[0];
    return base_cursor_at_end(&cursor) && ((c >= '0' && c <= '9') || c == '.');
}

static spectra_format find_text(const io_line *first, base_cursor window) {
    if (io_line_starts_with(first, "ACCESSION:")) return SPECTRA_FORMAT_MASSBANK;
    if (io_line_starts_with(first, "##")) return SPECTRA_FORMAT_JCAMP;
    if (is_mgf(*first, window)) return SPECTRA_FORMAT_MGF;
    if (is_msp(*first, window)) return SPECTRA_FORMAT_MSP;
    return is_columns(first, window) ? SPECTRA_FORMAT_TEXT : SPECTRA_FORMAT_UNKNOWN;
}

static spectra_status refuse(const char *name, spectra_error *error) {
    return base_fail(error, SPECTRA_E_UNSUPPORTED, BASE_NO_PLACE, "%s is not read by this version", name);
}

static spectra_status sniff_record(spectra_format *format, const io_line *first, spectra_error *error) {
    *format = SPECTRA_FORMAT_RECORD;
    if (io_line_is(first, IO_RECORD_HEADER)) return SPECTRA_OK;
    return refuse("another version of spectra-records", error);
}

static spectra_status sniff_xml(spectra_format *format, base_cursor window, spectra_error *error) {
    xml_root root = find_xml(window);
    *format = root.format;
    return root.format == SPECTRA_FORMAT_UNKNOWN ? refuse(root.name, error) : SPECTRA_OK;
}

spectra_status io_sniff(spectra_format *format, const uint8_t *bytes, size_t size, spectra_error *error) {
    *format = SPECTRA_FORMAT_UNKNOWN;
    const char *binary = find_binary(bytes, size);
    if (binary) return refuse(binary, error);
    if (is_netcdf(bytes, size)) {
        if (!names_masses(bytes, size)) return refuse("netCDF without mass_values (a chromatogram)", error);
        *format = SPECTRA_FORMAT_ANDI;
        return SPECTRA_OK;
    }
    base_cursor window = base_cursor_over(bytes, size);
    io_line first;
    if (next_line(&window, &first) && io_line_starts_with(&first, IO_RECORD_NAME)) {
        return sniff_record(format, &first, error);
    }
    window.position = 0;
    if (next_content(&window, &first)) {
        if (first.text[0] == '<') return sniff_xml(format, base_cursor_over(bytes, size), error);
        const char *foreign = find_foreign_text(&window, &first);
        if (foreign) return refuse(foreign, error);
        *format = find_text(&first, window);
    }
    if (*format != SPECTRA_FORMAT_UNKNOWN) return SPECTRA_OK;
    return base_fail(error, SPECTRA_E_FORMAT, BASE_NO_PLACE, "no known format");
}
