/* SPDX-License-Identifier: Apache-2.0 */
/* MassBank records:

       ACCESSION: …       then TAG: value and TAG: SUBTAG value; lines that begin with two blanks go on
       PK$NUM_PEAK: N
       PK$PEAK: m/z int. rel.int.
         126.9955 23797 14
       //                 closes it; the absolute intensity is read */
#include <string.h>

#include "base/numbers.h"
#include "io/reader.h"

#define CONTINUATION "  "

static bool is_end(const io_line *line) {
    return io_line_is(line, "//");
}

/* The record is cut short: by its end or by the next one, which come again when the reader recovers. */
static spectra_status cut_short(spectra_reader *reader, const io_line *line, const char *missing,
                                spectra_error *error) {
    io_lines_give_back(&reader->lines);
    return base_fail(error, SPECTRA_E_FORMAT, line->place, "the record ends before %s", missing);
}

/* A line "TAG: value", or one that continues the last pair's tag. */
static spectra_status read_tag(spectra_reader *reader, const io_line *line, spectra_error *error) {
    if (!io_line_starts_with(line, CONTINUATION)) return io_add_line(reader, line, ':', error);
    const char *key, *value;
    size_t count = spectra_spectrum_metadata_count(reader->spectrum);
    spectra_spectrum_metadata(reader->spectrum, count - 1, &key, &value);
    char copy[64];
    base_text text;
    base_text_init(&text, copy, sizeof copy);
    base_text_string(&text, key);
    if (text.cut) return base_fail(error, SPECTRA_E_FORMAT, line->place, "tag too long to be continued");
    return io_add_text(reader, copy, text.size, line, error);
}

/* Everything up to PK$PEAK. */
static spectra_status read_metadata(spectra_reader *reader, io_line *line, uint64_t *declared, spectra_error *error) {
    static const char count_tag[] = "PK$NUM_PEAK:";
    bool counted = false;
    while (!io_line_starts_with(line, "PK$PEAK:")) {
        spectra_status status;
        if (io_line_starts_with(line, count_tag)) {
            status = io_read_count(reader, declared, line, sizeof count_tag - 1, error);
            counted = true;
        } else {
            status = read_tag(reader, line, error);
        }
        if (status < 0) return status;
        status = io_next_of_record(reader, line, "PK$PEAK", error);
        if (status < 0) return status;
        if (is_end(line) || io_line_starts_with(line, "ACCESSION:")) return cut_short(reader, line, "PK$PEAK", error);
    }
    if (!counted) return base_fail(error, SPECTRA_E_FORMAT, line->place, "record without PK$NUM_PEAK");
    if (io_line_is(line, "PK$PEAK: m/z int. rel.int.")) return SPECTRA_OK;
    return base_fail(error, SPECTRA_E_FORMAT, line->place, "columns other than m/z int. rel.int.");
}

static spectra_status read_peak_line(spectra_reader *reader, const io_line *line, spectra_error *error) {
    base_cursor cursor = io_line_cursor(line);
    io_skip_blanks(&cursor);
    char mark;
    spectra_status status = io_read_peak(reader, line, &cursor, "", "", &mark, error);
    if (status < 0) return status;
    io_skip_blanks(&cursor);
    double relative;
    base_place place = io_line_at(line, &cursor);
    if (!base_parse_double(&cursor, &relative)) {
        return base_fail(error, SPECTRA_E_FORMAT, place, "expected relative intensity");
    }
    return io_expect_line_end(line, &cursor, error);
}

static spectra_status read_peaks(spectra_reader *reader, io_line *line, uint64_t declared, spectra_error *error) {
    for (;;) {
        spectra_status status = io_next_of_record(reader, line, "//", error);
        if (status < 0) return status;
        if (is_end(line)) return io_check_count(reader, declared, line->place, error);
        if (io_line_starts_with(line, "ACCESSION:")) return cut_short(reader, line, "//", error);
        status = read_peak_line(reader, line, error);
        if (status < 0) return status;
    }
}

static spectra_status read_record(spectra_reader *reader, spectra_error *error) {
    io_line line;
    uint64_t declared = 0;
    spectra_status status = io_next_content(reader, &line, "#", error);
    if (status != SPECTRA_OK) return status;
    base_place start = line.place;
    if (!io_line_starts_with(&line, "ACCESSION:")) {
        return base_fail(error, SPECTRA_E_FORMAT, start, "expected ACCESSION");
    }
    status = read_metadata(reader, &line, &declared, error);
    if (status < 0) return status;
    status = read_peaks(reader, &line, declared, error);
    reader->at_record = status < 0 && is_end(&line);
    return status < 0 ? status : spectrum_finish(reader->spectrum, start, error);
}

/* Behind the next //, or to the next ACCESSION. */
static spectra_status recover(spectra_reader *reader, spectra_error *error) {
    while (!reader->at_record) {
        io_line line;
        spectra_status status = io_lines_next(&reader->lines, &line, error);
        if (status == SPECTRA_E_LIMIT) continue;
        if (status != SPECTRA_OK) return status;
        bool accession = io_line_starts_with(&line, "ACCESSION:");
        if (accession) io_lines_give_back(&reader->lines);
        reader->at_record = accession || is_end(&line);
    }
    return SPECTRA_OK;
}

const io_format io_format_massbank = {read_record, recover, NULL};
