/* SPDX-License-Identifier: Apache-2.0 */
/* The project's own records (docs/RECORDS.md): a first line that names format and version, then
   record: … / key: value … / peaks: N / N peaks / end. Blank lines and comments stand between records only. */
#include <string.h>

#include "io/reader.h"
#include "io/record.h"

static const char record_key[] = "record:", peaks_key[] = "peaks:";

static spectra_status read_header(spectra_reader *reader, spectra_error *error) {
    io_line line;
    spectra_status status = io_next_of_record(reader, &line, IO_RECORD_HEADER, error);
    if (status < 0) return status;
    if (!io_line_is(&line, IO_RECORD_HEADER)) {
        return base_fail(error, SPECTRA_E_FORMAT, line.place, "the first line is not \"%s\"", IO_RECORD_HEADER);
    }
    reader->begun = true;
    return SPECTRA_OK;
}

/* The next line of a record: neither blank nor a comment, and not the first one of another record. */
static spectra_status next_line(spectra_reader *reader, io_line *line, const char *missing, spectra_error *error) {
    spectra_status status = io_next_of_record(reader, line, missing, error);
    if (status < 0) return status;
    const char *reason = NULL;
    if (io_line_is_blank(line)) reason = "blank line";
    if (line->size > 0 && line->text[0] == '#') reason = "comment";
    if (io_line_starts_with(line, record_key)) {
        io_lines_give_back(&reader->lines);
        reason = "another record";
    }
    if (!reason) return SPECTRA_OK;
    return base_fail(error, SPECTRA_E_FORMAT, line->place, "%s before %s", reason, missing);
}

static spectra_status check_first_line(const io_line *line, spectra_error *error) {
    if (!io_line_starts_with(line, record_key)) {
        return base_fail(error, SPECTRA_E_FORMAT, line->place, "expected \"record:\"");
    }
    base_cursor cursor = io_line_cursor(line);
    cursor.position = sizeof record_key - 1;
    io_skip_blanks(&cursor);
    if (!base_cursor_at_end(&cursor)) return SPECTRA_OK;
    return base_fail(error, SPECTRA_E_FORMAT, line->place, "record without an accession");
}

/* From the line "record:" up to "peaks:". */
static spectra_status read_metadata(spectra_reader *reader, io_line *line, uint64_t *declared, spectra_error *error) {
    spectra_status status = check_first_line(line, error);
    while (status == SPECTRA_OK && !io_line_starts_with(line, peaks_key)) {
        status = io_add_line(reader, line, ':', error);
        if (status == SPECTRA_OK) status = next_line(reader, line, "the line \"peaks:\"", error);
    }
    if (status < 0) return status;
    return io_read_count(reader, declared, line, sizeof peaks_key - 1, error);
}

static spectra_status read_peak_line(spectra_reader *reader, const io_line *line, spectra_error *error) {
    base_cursor cursor = io_line_cursor(line);
    char mark;
    spectra_status status = io_read_peak(reader, line, &cursor, "", "", &mark, error);
    if (status < 0) return status;
    io_skip_blanks(&cursor);
    if (base_cursor_peek(&cursor) == '"') status = io_read_quoted(reader, line, &cursor, error);
    return status < 0 ? status : io_expect_line_end(line, &cursor, error);
}

static spectra_status read_peaks(spectra_reader *reader, io_line *line, uint64_t declared, spectra_error *error) {
    for (;;) {
        spectra_status status = next_line(reader, line, "the line \"end\"", error);
        if (status < 0) return status;
        if (io_line_is(line, "end")) return io_check_count(reader, declared, line->place, error);
        status = read_peak_line(reader, line, error);
        if (status < 0) return status;
    }
}

static spectra_status read_record(spectra_reader *reader, spectra_error *error) {
    io_line line;
    uint64_t declared;
    spectra_status status = reader->begun ? SPECTRA_OK : read_header(reader, error);
    if (status < 0) return status;
    status = io_next_content(reader, &line, "#", error);
    if (status != SPECTRA_OK) return status;
    base_place start = line.place;
    status = read_metadata(reader, &line, &declared, error);
    if (status < 0) return status;
    status = read_peaks(reader, &line, declared, error);
    return status < 0 ? status : spectrum_finish(reader->spectrum, start, error);
}

/* To the next line "record:"; without the first line of the file nothing in it can be trusted. */
static spectra_status recover(spectra_reader *reader, spectra_error *error) {
    for (;;) {
        io_line line;
        spectra_status status = io_lines_next(&reader->lines, &line, error);
        if (status == SPECTRA_E_LIMIT) continue;
        if (status != SPECTRA_OK) return status;
        if (reader->begun && io_line_starts_with(&line, record_key)) {
            io_lines_give_back(&reader->lines);
            return SPECTRA_OK;
        }
    }
}

const io_format io_format_record = {read_record, recover, NULL};
