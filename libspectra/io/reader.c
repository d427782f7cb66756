/* SPDX-License-Identifier: Apache-2.0 */
/* The reader that users hold: opens a file or a stream, tells its format, and goes on behind a bad record. */
#include "io/reader.h"

#include <string.h>

#define SNIFF_SIZE 65536u
#define MAX_LINE_SIZE (4u << 20)
#define MAX_PEAKS 2000000u
#define MAX_METADATA 10000u
#define PEAKS_CEILING 2147483647u
#define MAX_INPUT_SIZE (UINT64_C(8) << 30)

const char *spectra_format_text(spectra_format format) {
    switch (format) {
    case SPECTRA_FORMAT_MSP:
        return "MSP";
    case SPECTRA_FORMAT_MGF:
        return "MGF";
    case SPECTRA_FORMAT_MASSBANK:
        return "MassBank record";
    case SPECTRA_FORMAT_TEXT:
        return "two columns";
    case SPECTRA_FORMAT_RECORD:
        return "spectra-records";
    case SPECTRA_FORMAT_JSON:
        return "JSON";
    case SPECTRA_FORMAT_MZML:
        return "mzML";
    case SPECTRA_FORMAT_JCAMP:
        return "JCAMP-DX";
    case SPECTRA_FORMAT_MZXML:
        return "mzXML";
    case SPECTRA_FORMAT_ANDI:
        return "ANDI/MS";
    default:
        return "unknown format";
    }
}

static const io_format *functions_of(spectra_format format) {
    switch (format) {
    case SPECTRA_FORMAT_MSP:
        return &io_format_msp;
    case SPECTRA_FORMAT_MGF:
        return &io_format_mgf;
    case SPECTRA_FORMAT_MASSBANK:
        return &io_format_massbank;
    case SPECTRA_FORMAT_TEXT:
        return &io_format_columns;
    case SPECTRA_FORMAT_RECORD:
        return &io_format_record;
    case SPECTRA_FORMAT_MZML:
        return &io_format_mzml;
    case SPECTRA_FORMAT_JCAMP:
        return &io_format_jcamp;
    case SPECTRA_FORMAT_MZXML:
        return &io_format_mzxml;
    case SPECTRA_FORMAT_ANDI:
        return &io_format_andi;
    default:
        return NULL;
    }
}

/* --- Opening --- */

static spectra_status resolve_options(spectra_reader_options *out, const spectra_reader_options *given,
                                      spectra_error *error) {
    *out = (spectra_reader_options){.size = sizeof *out};
    if (given && !base_take_options(out, sizeof *out, given)) {
        return base_fail(error, SPECTRA_E_INVALID, BASE_NO_PLACE, "options of another size");
    }
    if (out->max_line_size == 0) out->max_line_size = MAX_LINE_SIZE;
    if (out->max_peaks == 0) out->max_peaks = MAX_PEAKS;
    if (out->max_metadata == 0) out->max_metadata = MAX_METADATA;
    if (out->max_input_size == 0) out->max_input_size = MAX_INPUT_SIZE;
    if (out->strict > 1 || out->max_peaks > PEAKS_CEILING) {
        return base_fail(error, SPECTRA_E_INVALID, BASE_NO_PLACE, "option out of range");
    }
    if (out->format == SPECTRA_FORMAT_JSON) {
        return base_fail(error, SPECTRA_E_UNSUPPORTED, BASE_NO_PLACE, "JSON is written, not read");
    }
    if (out->format == SPECTRA_FORMAT_UNKNOWN || functions_of(out->format)) return SPECTRA_OK;
    return base_fail(error, SPECTRA_E_INVALID, BASE_NO_PLACE, "no such format");
}

static spectra_status create(spectra_reader **out, spectra_read read, void *context,
                             const spectra_reader_options *options, const spectra_allocator *allocator,
                             spectra_error *error) {
    spectra_reader_options resolved;
    spectra_status status = resolve_options(&resolved, options, error);
    if (status < 0) return status;
    spectra_reader *reader = base_allocate(allocator, sizeof *reader);
    if (!reader) return base_fail(error, SPECTRA_E_MEMORY, BASE_NO_PLACE, "not enough memory");
    *reader = (spectra_reader){.allocator = allocator, .options = resolved};
    io_source source;
    io_source_init(&source, read, context, resolved.max_input_size, allocator);
    io_lines_init(&reader->lines, &source, resolved.max_line_size);
    status = spectra_spectrum_create(&reader->spectrum, allocator);
    if (status == SPECTRA_OK) status = spectra_spectrum_create(&reader->common, allocator);
    if (status == SPECTRA_OK) {
        *out = reader;
        return SPECTRA_OK;
    }
    spectra_reader_free(reader);
    return base_fail(error, status, BASE_NO_PLACE, "not enough memory");
}

/* Passes over a byte order mark and settles the format. */
static spectra_status find_format(spectra_reader *reader, spectra_error *error) {
    static const uint8_t mark[] = {0xef, 0xbb, 0xbf};
    const uint8_t *bytes;
    size_t size;
    spectra_status status = io_lines_look(&reader->lines, SNIFF_SIZE, &bytes, &size, error);
    if (status < 0) return status;
    if (size >= sizeof mark && memcmp(bytes, mark, sizeof mark) == 0) {
        io_lines_skip(&reader->lines, sizeof mark);
        bytes += sizeof mark;
        size -= sizeof mark;
    }
    reader->format = reader->options.format;
    if (reader->format == SPECTRA_FORMAT_UNKNOWN) status = io_sniff(&reader->format, bytes, size, error);
    reader->functions = functions_of(reader->format);
    return status;
}

/* Gives the reader out, or frees it where its stream is nothing that is read. */
static spectra_status start(spectra_reader **out, spectra_reader *reader, spectra_error *error) {
    spectra_status status = find_format(reader, error);
    if (status < 0) {
        spectra_reader_free(reader);
        return status;
    }
    *out = reader;
    return SPECTRA_OK;
}

static spectra_status read_file(void *context, uint8_t *bytes, size_t capacity, size_t *size) {
    return base_file_read(context, bytes, capacity, size);
}

spectra_status spectra_reader_open(spectra_reader **out, const char *path, const spectra_reader_options *options,
                                   const spectra_allocator *allocator, spectra_error *error) {
    if (out) *out = NULL;
    if (!out || !path) return base_fail(error, SPECTRA_E_INVALID, BASE_NO_PLACE, "no path or no place for a reader");
    spectra_reader *reader;
    spectra_status status = create(&reader, read_file, NULL, options, allocator, error);
    if (status < 0) return status;
    status = base_file_open(&reader->file, path, error);
    if (status < 0) {
        spectra_reader_free(reader);
        return status;
    }
    reader->owns_file = true;
    reader->lines.source.context = &reader->file;
    return start(out, reader, error);
}

spectra_status spectra_reader_open_stream(spectra_reader **out, spectra_read read, void *context,
                                          const spectra_reader_options *options, const spectra_allocator *allocator,
                                          spectra_error *error) {
    if (out) *out = NULL;
    if (!out || !read) return base_fail(error, SPECTRA_E_INVALID, BASE_NO_PLACE, "no stream or no place for a reader");
    spectra_reader *reader;
    spectra_status status = create(&reader, read, context, options, allocator, error);
    if (status < 0) return status;
    return start(out, reader, error);
}

void spectra_reader_free(spectra_reader *reader) {
    if (!reader) return;
    if (reader->owns_file) base_file_close(&reader->file);
    if (reader->functions && reader->functions->free_state) reader->functions->free_state(reader);
    io_lines_free(&reader->lines);
    spectra_spectrum_free(reader->spectrum);
    spectra_spectrum_free(reader->common);
    base_release(reader->allocator, reader, sizeof *reader);
}

spectra_format spectra_reader_format(const spectra_reader *reader) {
    return reader ? reader->format : SPECTRA_FORMAT_UNKNOWN;
}

/* --- Reading --- */

/* Goes on behind a bad record, if the last one was, and reads the next. */
static spectra_status read_next(spectra_reader *reader, spectra_error *error) {
    if (reader->recovering) {
        spectra_status status = reader->functions->recover(reader, error);
        if (status != SPECTRA_OK) return status;
    }
    reader->recovering = false;
    reader->at_record = false;
    return reader->functions->read(reader, error);
}

/* A deleted or altered byte inside a number cannot be seen otherwise. */
static spectra_status check_splash(spectra_reader *reader, spectra_error *error) {
    const char *stated = spectra_spectrum_field(reader->spectrum, SPECTRA_FIELD_SPLASH);
    char splash[SPECTRA_SPLASH_SIZE];
    spectra_status status = stated ? spectra_spectrum_splash(reader->spectrum, splash) : SPECTRA_OK;
    if (!stated || (status == SPECTRA_OK && strcmp(stated, splash) == 0)) return SPECTRA_OK;
    if (status != SPECTRA_E_MEMORY &&
        spectrum_add_warning(reader->spectrum, "the stated SPLASH does not agree with the peaks")) {
        return SPECTRA_OK;
    }
    return base_fail(error, SPECTRA_E_MEMORY, BASE_NO_PLACE, "not enough memory");
}

spectra_status spectra_reader_next(spectra_reader *reader, const spectra_spectrum **out, spectra_error *error) {
    if (out) *out = NULL;
    if (!reader || !out) return base_fail(error, SPECTRA_E_INVALID, BASE_NO_PLACE, "no reader");
    if (reader->failed < 0)
        return base_fail(error, reader->failed, reader->lines.place, "the reader has failed before");
    spectrum_clear(reader->spectrum);
    spectra_status status = read_next(reader, error);
    if (status == SPECTRA_OK) status = check_splash(reader, error);
    if (status == SPECTRA_OK) *out = reader->spectrum;
    bool bad_record = status == SPECTRA_E_FORMAT || status == SPECTRA_E_LIMIT;
    if (status < 0 && !bad_record) reader->failed = status;
    if (status != SPECTRA_END) reader->recovering = bad_record;
    return status;
}
