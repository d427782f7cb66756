/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as a file of spectra, of the format FUZZ_FORMAT or, where that is SPECTRA_FORMAT_UNKNOWN, of the one that
   the content tells. The length of the input chooses how it is read, so that an input is a plain file. Then:
   - reading comes to its end, with no more memory than eight times the input and 1 MiB, all of it given back;
   - an error has its place, and each call moves on;
   - what is read keeps the promises of spectra/spectrum.h;
   - what is written as MSP, as MGF or as the project's own record reads back the same, and JSON carries everything. */
#include <string.h>

#include "fuzz/fuzz.h"

#define WHOLE SIZE_MAX
#define MAX_INFLATED 65536u /* bytes */
/* Packed arrays hold more than the bytes they stand in: the memory is measured against this. */
#define MAX_PEAKS 4096u

/* --- Written and read back --- */

static spectra_status write_one(fuzz_output *output, const spectra_spectrum *spectrum, spectra_format format) {
    spectra_sink sink = {output, fuzz_output_write};
    fuzz_memory memory;
    spectra_writer *writer;
    spectra_error error;
    output->size = 0;
    fuzz_memory_init(&memory, SIZE_MAX);
    FUZZ_CHECK(spectra_writer_create(&writer, format, &sink, &memory.allocator) == SPECTRA_OK);
    spectra_status status = spectra_writer_write(writer, spectrum, &error);
    if (status == SPECTRA_OK) FUZZ_CHECK(spectra_writer_finish(writer) == SPECTRA_OK);
    spectra_writer_free(writer);
    fuzz_memory_check_empty(&memory);
    return status;
}

static bool same_text(const char *a, const char *b) {
    return a == b || (a && b && strcmp(a, b) == 0);
}

static void check_same_peaks(const spectra_spectrum *a, const spectra_spectrum *b) {
    size_t count = spectra_spectrum_peak_count(a);
    FUZZ_CHECK(spectra_spectrum_peak_count(b) == count);
    uint8_t digest_a[32], digest_b[32];
    spectra_spectrum_digest(a, digest_a);
    spectra_spectrum_digest(b, digest_b);
    FUZZ_CHECK(memcmp(digest_a, digest_b, sizeof digest_a) == 0);
    for (size_t i = 0; i < count; i++)
        FUZZ_CHECK(same_text(spectra_spectrum_annotation(a, i), spectra_spectrum_annotation(b, i)));
}

/* Whether the writer of own records says this pair in the first line instead. */
static bool is_first_line(const spectra_spectrum *spectrum, const char *key, const char *value) {
    return strcmp(key, "record") == 0 && same_text(value, spectra_spectrum_field(spectrum, SPECTRA_FIELD_ACCESSION));
}

/* All pairs of `a` stand at the end of those of `b`, whose first ones are what the format cannot do without. */
static void check_same_metadata(const spectra_spectrum *a, const spectra_spectrum *b, spectra_format format) {
    size_t i = spectra_spectrum_metadata_count(a), j = spectra_spectrum_metadata_count(b);
    const char *key, *value, *back_key, *back_value;
    const size_t moved_at_most = format == SPECTRA_FORMAT_RECORD ? 1 : 0;
    size_t moved = 0, first = i;
    for (size_t k = 0; k < i && moved < moved_at_most; k++) {
        FUZZ_CHECK(spectra_spectrum_metadata(a, k, &key, &value) == SPECTRA_OK);
        if (is_first_line(a, key, value)) first = k, moved++;
    }
    while (i-- > 0) {
        if (i == first) continue;
        FUZZ_CHECK(j-- > 0);
        FUZZ_CHECK(spectra_spectrum_metadata(a, i, &key, &value) == SPECTRA_OK);
        FUZZ_CHECK(spectra_spectrum_metadata(b, j, &back_key, &back_value) == SPECTRA_OK);
        FUZZ_CHECK(strcmp(key, back_key) == 0 && strcmp(value, back_value) == 0);
    }
    FUZZ_CHECK(j <= 5);
}

static void check_round_trip(const spectra_spectrum *spectrum, spectra_format format) {
    static fuzz_output output;
    if (write_one(&output, spectrum, format) != SPECTRA_OK) return;
    fuzz_input input = {output.bytes, output.size, 0, WHOLE};
    spectra_reader_options options = {.size = sizeof options, .format = format, .strict = 1};
    fuzz_memory memory;
    spectra_reader *reader;
    const spectra_spectrum *back;
    spectra_error error;
    fuzz_memory_init(&memory, SIZE_MAX);
    FUZZ_CHECK(spectra_reader_open_stream(&reader, fuzz_input_read, &input, &options, &memory.allocator, &error) ==
               SPECTRA_OK);
    FUZZ_CHECK(spectra_reader_next(reader, &back, &error) == SPECTRA_OK);
    check_same_peaks(spectrum, back);
    check_same_metadata(spectrum, back, format);
    FUZZ_CHECK(spectra_reader_next(reader, &back, &error) == SPECTRA_END);
    spectra_reader_free(reader);
    fuzz_memory_check_empty(&memory);
}

/* --- Reading --- */

static void check_spectrum(const spectra_spectrum *spectrum) {
    static fuzz_output json;
    fuzz_walk_spectrum(spectrum);
    check_round_trip(spectrum, SPECTRA_FORMAT_MSP);
    check_round_trip(spectrum, SPECTRA_FORMAT_MGF);
    check_round_trip(spectrum, SPECTRA_FORMAT_RECORD);
    FUZZ_CHECK(write_one(&json, spectrum, SPECTRA_FORMAT_JSON) == SPECTRA_OK);
}

/* Line and offset are the same place: as many line ends stand before it. The end of a last line that has none counts as
   one. */
static void check_place(const spectra_error *error, const uint8_t *bytes, size_t size) {
    uint64_t line = 1;
    FUZZ_CHECK(error->offset <= size);
    if (error->line == 0 || !bytes) return;
    for (size_t i = 0; i < error->offset; i++) line += bytes[i] == '\n';
    FUZZ_CHECK(error->line == line || (error->offset == size && error->line == line + 1));
}

/* `bytes` is NULL where they are not those that the places count in. */
static void check_error(const spectra_error *error, spectra_status status, const uint8_t *bytes, size_t size) {
    FUZZ_CHECK(error->status == status);
    FUZZ_CHECK(error->message[0] && memchr(error->message, '\0', sizeof error->message));
    check_place(error, bytes, size);
}

/* The bytes that are read: of gzip those inside, of which there are MAX_INFLATED at the most. */
static bool is_gzip(const uint8_t *bytes, size_t size) {
    return size >= 2 && bytes[0] == 0x1f && bytes[1] == 0x8b;
}

static void read_to_the_end(spectra_reader *reader, const uint8_t *bytes, size_t content_size) {
    const spectra_spectrum *spectrum;
    spectra_error error;
    spectra_status status;
    size_t calls = 0;
    while ((status = spectra_reader_next(reader, &spectrum, &error)) != SPECTRA_END) {
        FUZZ_CHECK(++calls <= content_size + 1);
        if (status == SPECTRA_OK) {
            check_spectrum(spectrum);
            continue;
        }
        FUZZ_CHECK(!spectrum);
        check_error(&error, status, bytes, content_size);
        if (status == SPECTRA_E_IO && !bytes) break;
        FUZZ_CHECK(status == SPECTRA_E_FORMAT || status == SPECTRA_E_LIMIT);
    }
    FUZZ_CHECK(spectra_reader_next(reader, &spectrum, &error) == status);
}

/* Which errors opening may end in: a format that is given is not looked for. */
static bool may_fail_with(spectra_status status, bool gzip) {
    if (status == SPECTRA_E_IO) return gzip;
    return FUZZ_FORMAT == SPECTRA_FORMAT_UNKNOWN && (status == SPECTRA_E_FORMAT || status == SPECTRA_E_UNSUPPORTED);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size) {
    static const spectra_reader_options ways[] = {
        {.size = sizeof *ways, .max_input_size = MAX_INFLATED, .max_peaks = MAX_PEAKS},
        {.size = sizeof *ways, .max_input_size = MAX_INFLATED, .max_peaks = MAX_PEAKS},
        {.size = sizeof *ways, .max_input_size = MAX_INFLATED, .max_peaks = MAX_PEAKS, .strict = 1},
        {.size = sizeof *ways, .max_input_size = 1000, .max_line_size = 40, .max_peaks = 4, .max_metadata = 4}};
    spectra_reader_options options = ways[size % 4];
    options.format = FUZZ_FORMAT;
    bool gzip = is_gzip(bytes, size);
    const uint8_t *content = gzip ? NULL : bytes; /* of gzip it is not at hand, and its reading may break off */
    size_t content_size = gzip ? MAX_INFLATED : size;
    fuzz_input input = {bytes, size, 0, size % 4 == 1 ? 5 : WHOLE};
    fuzz_memory memory;
    fuzz_memory_init(&memory, 8 * content_size + (1 << 20));
    spectra_reader *reader;
    spectra_error error = {0};
    spectra_status status =
        spectra_reader_open_stream(&reader, fuzz_input_read, &input, &options, &memory.allocator, &error);
    if (status == SPECTRA_OK) {
        read_to_the_end(reader, content, content_size);
    } else {
        FUZZ_CHECK(!reader && may_fail_with(status, gzip));
        check_error(&error, status, content, content_size);
    }
    spectra_reader_free(reader);
    fuzz_memory_check_empty(&memory);
    return 0;
}
