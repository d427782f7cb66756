/* SPDX-License-Identifier: Apache-2.0 */
/* Tells gzip (RFC 1952) by its first two bytes and inflates it piece by piece, member by member, by zlib. What is
   given out is counted; a member's checksum and length are proved by zlib when it ends. */
#include "io/source.h"

#include <assert.h>
#include <string.h>

#include "io/zlib.h"

#define GZIP_ONLY (MAX_WBITS + 16)

struct io_inflation {
    z_stream stream;
    uint8_t input[IO_SOURCE_MAX];
    uint64_t consumed; /* of the compressed bytes, before those in `input` */
    uint64_t produced;
    bool drained;     /* the stream has no more */
    bool inside;      /* a member has begun and not ended */
    bool first_taken; /* a first member has begun */
};

void io_source_init(io_source *source, spectra_read read, void *context, uint64_t max_inflated_size,
                    const spectra_allocator *allocator) {
    *source =
        (io_source){.read = read, .context = context, .allocator = allocator, .max_inflated_size = max_inflated_size};
}

void io_source_free(io_source *source) {
    if (!source->inflation) return;
    inflateEnd(&source->inflation->stream);
    base_release(source->allocator, source->inflation, sizeof *source->inflation);
    source->inflation = NULL;
}

static spectra_status read_stream(io_source *source, uint8_t *bytes, size_t capacity, size_t *size,
                                  spectra_error *error) {
    *size = 0;
    spectra_status status = source->read(source->context, bytes, capacity, size);
    if (status == SPECTRA_OK && *size <= capacity) return SPECTRA_OK;
    return base_fail(error, SPECTRA_E_IO, BASE_NO_PLACE, "reading failed");
}

/* --- Inflating --- */

/* The compressed bytes read so far become the input. */
static spectra_status begin_inflation(io_source *source, const uint8_t *bytes, size_t size, spectra_error *error) {
    io_inflation *inflation = base_allocate(source->allocator, sizeof *inflation);
    if (!inflation) return base_fail(error, SPECTRA_E_MEMORY, BASE_NO_PLACE, "not enough memory");
    assert(size <= IO_SOURCE_MAX);
    memset(inflation, 0, sizeof *inflation);
    memcpy(inflation->input, bytes, size);
    io_zlib_use(&inflation->stream, source->allocator);
    inflation->stream.next_in = inflation->input;
    inflation->stream.avail_in = (uInt)size;
    if (inflateInit2(&inflation->stream, GZIP_ONLY) != Z_OK) {
        base_release(source->allocator, inflation, sizeof *inflation);
        return base_fail(error, SPECTRA_E_MEMORY, BASE_NO_PLACE, "not enough memory");
    }
    source->inflation = inflation;
    return SPECTRA_OK;
}

static spectra_status fail_gzip(const io_inflation *inflation, spectra_status status, const char *what,
                                spectra_error *error) {
    uint64_t used = (uint64_t)(inflation->stream.next_in - inflation->input);
    return base_fail(error, status, BASE_NO_PLACE, "gzip: %s, at its byte %u", what, inflation->consumed + used);
}

/* More compressed bytes where all are used up. */
static spectra_status refill(io_source *source, spectra_error *error) {
    io_inflation *inflation = source->inflation;
    if (inflation->stream.avail_in > 0 || inflation->drained) return SPECTRA_OK;
    size_t size;
    spectra_status status = read_stream(source, inflation->input, IO_SOURCE_MAX, &size, error);
    if (status < 0) return status;
    inflation->consumed += (uint64_t)(inflation->stream.next_in - inflation->input);
    inflation->stream.next_in = inflation->input;
    inflation->stream.avail_in = (uInt)size;
    inflation->drained = size == 0;
    return SPECTRA_OK;
}

/* One call of zlib; *size bytes come out, perhaps none. */
static spectra_status inflate_some(io_inflation *inflation, uint8_t *bytes, size_t capacity, size_t *size,
                                   spectra_error *error) {
    if (!inflation->inside && inflation->first_taken) inflateReset(&inflation->stream);
    inflation->inside = inflation->first_taken = true;
    inflation->stream.next_out = bytes;
    inflation->stream.avail_out = (uInt)capacity;
    int result = inflate(&inflation->stream, Z_NO_FLUSH);
    *size = capacity - inflation->stream.avail_out;
    if (result == Z_STREAM_END) inflation->inside = false;
    if (result == Z_OK || result == Z_STREAM_END || result == Z_BUF_ERROR) return SPECTRA_OK;
    if (result == Z_MEM_ERROR) return fail_gzip(inflation, SPECTRA_E_MEMORY, "not enough memory", error);
    return fail_gzip(inflation, SPECTRA_E_IO, inflation->stream.msg ? inflation->stream.msg : "damaged", error);
}

/* Goes on until bytes come out or the last member has ended, behind which nothing else may stand. */
static spectra_status read_inflated(io_source *source, uint8_t *bytes, size_t capacity, size_t *size,
                                    spectra_error *error) {
    io_inflation *inflation = source->inflation;
    *size = 0;
    while (*size == 0) {
        spectra_status status = refill(source, error);
        if (status < 0) return status;
        bool dry = inflation->stream.avail_in == 0; /* zlib may still hold something back */
        if (dry && !inflation->inside) return SPECTRA_OK;
        status = inflate_some(inflation, bytes, capacity, size, error);
        if (status < 0) return status;
        if (dry && *size == 0 && inflation->inside) return fail_gzip(inflation, SPECTRA_E_IO, "cut short", error);
    }
    inflation->produced += *size;
    if (inflation->produced <= source->max_inflated_size) return SPECTRA_OK;
    return fail_gzip(inflation, SPECTRA_E_IO, "more is inside than max_input_size allows", error);
}

/* The first bytes, as many as tell gzip. */
static spectra_status begin(io_source *source, uint8_t *bytes, size_t capacity, size_t *size, spectra_error *error) {
    *size = 0;
    size_t more = 1;
    while (*size < IO_SOURCE_MIN && more > 0) {
        spectra_status status = read_stream(source, bytes + *size, capacity - *size, &more, error);
        if (status < 0) return status;
        *size += more;
    }
    source->begun = true;
    if (*size < IO_SOURCE_MIN || bytes[0] != 0x1f || bytes[1] != 0x8b) return SPECTRA_OK;
    spectra_status status = begin_inflation(source, bytes, *size, error);
    return status < 0 ? status : read_inflated(source, bytes, capacity, size, error);
}

spectra_status io_source_read(io_source *source, uint8_t *bytes, size_t capacity, size_t *size, spectra_error *error) {
    assert(capacity >= IO_SOURCE_MIN && capacity <= IO_SOURCE_MAX);
    if (!source->begun) return begin(source, bytes, capacity, size, error);
    if (source->inflation) return read_inflated(source, bytes, capacity, size, error);
    return read_stream(source, bytes, capacity, size, error);
}
