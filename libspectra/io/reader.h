/* SPDX-License-Identifier: Apache-2.0 */
/* What the readers of the formats share: the reader itself, and how a record's lines become a spectrum. */
#ifndef IO_READER_H
#define IO_READER_H

#include "base/system.h"
#include "io/lines.h"
#include "spectrum/raw.h"

/* A format: reads the next record into reader->spectrum, after a bad one finds where the next may begin, and, where it
   is not NULL, frees what it keeps in reader->state. */
typedef struct io_format {
    spectra_status (*read)(spectra_reader *reader, spectra_error *error);
    spectra_status (*recover)(spectra_reader *reader, spectra_error *error);
    void (*free_state)(spectra_reader *reader);
} io_format;

extern const io_format io_format_msp, io_format_mgf, io_format_massbank, io_format_columns, io_format_record,
    io_format_mzml, io_format_jcamp, io_format_mzxml, io_format_andi;

struct spectra_reader {
    const spectra_allocator *allocator;
    spectra_reader_options options;
    spectra_format format;
    const io_format *functions;
    io_lines lines;
    base_file file;
    bool owns_file;
    bool begun;                 /* what stands before the first record is read */
    bool recovering;            /* the last record was bad */
    bool at_record;             /* … and the next line begins another one */
    spectra_status failed;      /* not SPECTRA_OK once the reader is of no further use */
    spectra_spectrum *spectrum; /* what is given out */
    void *state;                /* what a format keeps between records, or NULL */
    spectra_spectrum *common;   /* metadata that a file gives many of its spectra */
    size_t common_size;         /* bytes of the lines they stand in */
};

/* Tells the format by the first bytes of a stream. */
spectra_status io_sniff(spectra_format *format, const uint8_t *bytes, size_t size, spectra_error *error);

/* --- Lines --- */

bool io_is_blank(char c);
void io_skip_blanks(base_cursor *cursor);
bool io_line_is_blank(const io_line *line);
bool io_line_starts_with(const io_line *line, const char *prefix);
/* Whether a line, blanks around it aside, is this word or these words. */
bool io_line_is(const io_line *line, const char *words);

/* The next line that is neither blank nor a comment (begins with one of `marks`). */
spectra_status io_next_content(spectra_reader *reader, io_line *line, const char *marks, spectra_error *error);
/* The next line of a record: SPECTRA_E_FORMAT, "the file ends before <missing>", where there is none. */
spectra_status io_next_of_record(spectra_reader *reader, io_line *line, const char *missing, spectra_error *error);

/* --- Metadata --- */

/* A line cut at its first `mark`: the key without blanks around it, not empty; the value starts at value_position. */
typedef struct io_pair {
    const char *key;
    size_t key_size;
    size_t value_position;
} io_pair;

bool io_split(io_pair *pair, const io_line *line, char mark);
/* Adds a line "key<mark>value" to a spectrum, within the limit. */
spectra_status io_add_pair(spectra_reader *reader, spectra_spectrum *to, const io_line *line, const io_pair *pair,
                           spectra_error *error);
/* Splits and adds. */
spectra_status io_add_line(spectra_reader *reader, const io_line *line, char mark, spectra_error *error);
/* Adds to what is common to many spectra: so much of it, lest a small file becomes a large one. */
spectra_status io_add_common_pair(spectra_reader *reader, const io_line *line, const io_pair *pair,
                                  spectra_error *error);
/* Adds all that is common behind a spectrum's own; errors are told at `place`. */
spectra_status io_add_common(spectra_reader *reader, base_place place, spectra_error *error);
/* Adds a whole line under a key. */
spectra_status io_add_text(spectra_reader *reader, const char *key, size_t key_size, const io_line *line,
                           spectra_error *error);

/* --- Peaks --- */

/* The number of peaks that a line declares behind `position`, within the limit. */
spectra_status io_read_count(spectra_reader *reader, uint64_t *count, const io_line *line, size_t position,
                             spectra_error *error);

/* Reads and adds "m/z intensity": between the numbers blanks or one of `marks` or both; behind them a blank, one of
   `ends` or the end of the line. *mark is the mark that stood between, or ' '. */
spectra_status io_read_peak(spectra_reader *reader, const io_line *line, base_cursor *cursor, const char *marks,
                            const char *ends, char *mark, spectra_error *error);

/* Adds the peaks of two arrays, `stride` apart. Some writers fill up with m/z 0: those are left out, with a warning. */
spectra_status io_add_arrays(spectra_reader *reader, const double *mz, const double *intensity, size_t stride,
                             size_t count, base_place place, spectra_error *error);

spectra_status io_add_profile_warning(spectra_reader *reader, spectra_error *error);

/* Reads "…" at the cursor beside the last peak. */
spectra_status io_read_quoted(spectra_reader *reader, const io_line *line, base_cursor *cursor, spectra_error *error);

/* Whether a character, not a blank, may begin an annotation that is not in quotes. */
bool io_begins_free_text(char c);

/* Whether a line of text columns holds words, not numbers. */
bool io_is_heading(const io_line *line);

/* Adds the rest of the line beside the last peak. */
spectra_status io_read_free_text(spectra_reader *reader, const io_line *line, base_cursor *cursor,
                                 spectra_error *error);

/* SPECTRA_E_FORMAT where something other than blanks is left. */
spectra_status io_expect_line_end(const io_line *line, base_cursor *cursor, spectra_error *error);

/* SPECTRA_E_FORMAT where the record has not the number of peaks it declares. */
spectra_status io_check_count(const spectra_reader *reader, uint64_t declared, base_place place, spectra_error *error);

/* A record that no terminator closes and whose last line has no end. */
spectra_status io_end_not_verified(spectra_reader *reader, base_place place, spectra_error *error);

#endif
