/* SPDX-License-Identifier: Apache-2.0 */
/* Two columns of text: m/z and intensity, one spectrum a file, '#' comments, a line of headings at the most. Between
   the columns blanks, a comma or a semicolon, the same in all lines. Nothing says that the file is complete. */
#include "io/reader.h"

/* One peak; `separator` is what stands between the columns of the lines before, 0 on the first. */
static spectra_status read_row(spectra_reader *reader, const io_line *line, char *separator, spectra_error *error) {
    base_cursor cursor = io_line_cursor(line);
    io_skip_blanks(&cursor);
    char mark;
    spectra_status status = io_read_peak(reader, line, &cursor, ",;", "", &mark, error);
    if (status < 0) return status;
    if (*separator && mark != *separator) {
        return base_fail(error, SPECTRA_E_FORMAT, line->place,
                         "columns are separated otherwise than in the lines before");
    }
    *separator = mark;
    return io_expect_line_end(line, &cursor, error);
}

static spectra_status read_file(spectra_reader *reader, spectra_error *error) {
    io_line line;
    spectra_status status = io_next_content(reader, &line, "#", error);
    if (status != SPECTRA_OK) return status;
    base_place start = line.place;
    if (io_is_heading(&line)) status = io_next_content(reader, &line, "#", error);
    if (status == SPECTRA_END) return base_fail(error, SPECTRA_E_FORMAT, start, "headings and no peaks");
    char separator = '\0';
    while (status == SPECTRA_OK) {
        status = read_row(reader, &line, &separator, error);
        if (status < 0) return status;
        status = io_next_content(reader, &line, "#", error);
    }
    if (status < 0) return status;
    status = io_end_not_verified(reader, reader->lines.place, error);
    return status < 0 ? status : spectrum_finish(reader->spectrum, start, error);
}

/* There is no other spectrum: to the end. */
static spectra_status recover(spectra_reader *reader, spectra_error *error) {
    io_line line;
    spectra_status status = SPECTRA_OK;
    while (status == SPECTRA_OK || status == SPECTRA_E_LIMIT) status = io_lines_next(&reader->lines, &line, error);
    return status;
}

const io_format io_format_columns = {read_file, recover, NULL};
