/* SPDX-License-Identifier: Apache-2.0 */
/* Every step takes what the one before gives, a chunk at a time; only MS-Numpress is held as a whole. */
#include "io/arrays.h"

#include <string.h>

#include "base/bytes.h"
#include "base/numbers.h"

void io_array_init(io_array *array, const spectra_allocator *allocator) {
    memset(array, 0, sizeof *array);
    array->allocator = allocator;
    base_vector_init(&array->held, 1, allocator);
}

void io_array_free(io_array *array) {
    if (array->inflater_made) inflateEnd(&array->inflater);
    base_vector_free(&array->held);
}

static spectra_status fail(const io_array *array, const char *what, spectra_error *error) {
    return base_fail(error, SPECTRA_E_FORMAT, array->place, "%s", what);
}

static spectra_status out_of_memory(spectra_error *error) {
    return base_fail(error, SPECTRA_E_MEMORY, BASE_NO_PLACE, "not enough memory");
}

static spectra_status too_many(const io_array *array, spectra_error *error) {
    return base_fail(error, SPECTRA_E_FORMAT, array->place, "more than the declared %u numbers in an array",
                     array->max_count);
}

/* The inflater is made once and used for all arrays. */
static spectra_status begin_inflating(io_array *array, spectra_error *error) {
    array->inflated_all = false;
    if (array->inflater_made) {
        inflateReset(&array->inflater);
        return SPECTRA_OK;
    }
    io_zlib_use(&array->inflater, array->allocator);
    if (inflateInit2(&array->inflater, MAX_WBITS) != Z_OK) return out_of_memory(error);
    array->inflater_made = true;
    return SPECTRA_OK;
}

spectra_status io_array_begin(io_array *array, io_packing packing, base_vector *values, uint64_t max_count,
                              base_place place, spectra_error *error) {
    array->packing = packing;
    array->values = values;
    array->max_count = max_count;
    array->place = place;
    array->base64 = (io_base64){0};
    array->held.count = 0;
    values->count = 0;
    return packing.zlib ? begin_inflating(array, error) : SPECTRA_OK;
}

/* --- Numbers of a fixed width --- */

static size_t width_of(io_number number) {
    return number == IO_NUMBER_FLOAT32 || number == IO_NUMBER_INT32 ? 4 : 8;
}

/* By its bits, for arithmetic may flush what is subnormal in 32 bits and is not in 64. */
static double widen(uint32_t bits) {
    uint64_t sign = (uint64_t)(bits >> 31) << 63, exponent = bits >> 23 & 0xff, fraction = bits & 0x7fffff;
    if (exponent == 0) return (double)fraction * (sign ? -0x1p-149 : 0x1p-149);
    exponent = exponent == 0xff ? 0x7ff : exponent + 1023 - 127;
    return base_double_from_bits(sign | exponent << 52 | fraction << 29);
}

static uint64_t read_bits(const uint8_t *bytes, size_t width, bool big_endian) {
    if (!big_endian) return width == 4 ? base_get32(bytes) : base_get64(bytes);
    uint64_t bits = 0;
    for (size_t i = 0; i < width; i++) bits = bits << 8 | bytes[i];
    return bits;
}

static double to_double(io_number number, uint64_t bits) {
    switch (number) {
    case IO_NUMBER_FLOAT32:
        return widen((uint32_t)bits);
    case IO_NUMBER_FLOAT64:
        return base_double_from_bits(bits);
    case IO_NUMBER_INT32:
        return bits <= INT32_MAX ? (double)bits : (double)bits - 0x1p32;
    default:
        return bits <= INT64_MAX ? (double)bits : -(double)(UINT64_MAX - bits) - 1;
    }
}

static spectra_status add_numbers(io_array *array, const uint8_t *bytes, size_t count, spectra_error *error) {
    size_t width = width_of(array->packing.number);
    if (count > array->max_count - array->values->count) return too_many(array, error);
    double *out = base_vector_reserve(array->values, count);
    if (!out) return out_of_memory(error);
    for (size_t i = 0; i < count; i++) {
        out[i] = to_double(array->packing.number, read_bits(bytes + i * width, width, array->packing.big_endian));
    }
    array->values->count += count;
    return SPECTRA_OK;
}

static bool hold(io_array *array, const uint8_t *bytes, size_t size) {
    return size == 0 || base_vector_append(&array->held, bytes, size);
}

/* A number may be parted between this piece and the one before. */
static spectra_status take_fixed(io_array *array, const uint8_t *bytes, size_t size, spectra_error *error) {
    size_t width = width_of(array->packing.number), held = array->held.count;
    if (held > 0) {
        size_t missing = width - held < size ? width - held : size;
        if (!hold(array, bytes, missing)) return out_of_memory(error);
        bytes += missing;
        size -= missing;
        if (array->held.count < width) return SPECTRA_OK;
        array->held.count = 0;
        spectra_status status = add_numbers(array, array->held.data, 1, error);
        if (status < 0) return status;
    }
    spectra_status status = size < width ? SPECTRA_OK : add_numbers(array, bytes, size / width, error);
    if (status < 0) return status;
    return hold(array, bytes + size / width * width, size % width) ? SPECTRA_OK : out_of_memory(error);
}

/* Bytes behind base64 and zlib. */
static spectra_status take_bytes(io_array *array, const uint8_t *bytes, size_t size, spectra_error *error) {
    if (array->packing.numpress == IO_NUMPRESS_NONE) return take_fixed(array, bytes, size, error);
    if (size > IO_NUMPRESS_BYTES(array->max_count) - array->held.count) return too_many(array, error);
    return hold(array, bytes, size) ? SPECTRA_OK : out_of_memory(error);
}

/* --- Unpacking --- */

static spectra_status inflate_bytes(io_array *array, const uint8_t *bytes, size_t size, spectra_error *error) {
    z_stream *stream = &array->inflater;
    stream->next_in = (Bytef *)(uintptr_t)bytes;
    stream->avail_in = (uInt)size;
    bool full = true;
    while (stream->avail_in > 0 || full) {
        if (array->inflated_all)
            return stream->avail_in > 0 ? fail(array, "bytes behind zlib's end", error) : SPECTRA_OK;
        stream->next_out = array->inflated;
        stream->avail_out = IO_ARRAY_CHUNK;
        int result = inflate(stream, Z_NO_FLUSH);
        array->inflated_all = result == Z_STREAM_END;
        if (result == Z_MEM_ERROR) return out_of_memory(error);
        if (result != Z_OK && result != Z_STREAM_END && result != Z_BUF_ERROR) {
            return base_fail(error, SPECTRA_E_FORMAT, array->place, "zlib: %s", stream->msg ? stream->msg : "damaged");
        }
        full = stream->avail_out == 0;
        spectra_status status = take_bytes(array, array->inflated, IO_ARRAY_CHUNK - stream->avail_out, error);
        if (status < 0) return status;
    }
    return SPECTRA_OK;
}

static spectra_status add_chunk(io_array *array, const char *text, size_t size, base_place place,
                                spectra_error *error) {
    size_t count, position = 0;
    if (!io_base64_add(&array->base64, array->bytes, &count, text, size, &position)) {
        for (size_t i = 0; i < position; i++) place.line += text[i] == '\n';
        place.offset += position;
        return base_fail(error, SPECTRA_E_FORMAT, place, "unexpected character in base64");
    }
    if (count == 0) return SPECTRA_OK;
    return array->packing.zlib ? inflate_bytes(array, array->bytes, count, error)
                               : take_bytes(array, array->bytes, count, error);
}

spectra_status io_array_add(io_array *array, const char *text, size_t size, base_place place, spectra_error *error) {
    spectra_status status = SPECTRA_OK;
    for (size_t at = 0; at < size && status == SPECTRA_OK; at += IO_ARRAY_CHUNK) {
        size_t chunk = size - at < IO_ARRAY_CHUNK ? size - at : IO_ARRAY_CHUNK;
        status = add_chunk(array, text + at, chunk, place, error);
        for (size_t i = 0; i < chunk; i++) place.line += text[at + i] == '\n';
        place.offset += chunk;
    }
    return status;
}

static spectra_status end_numpress(io_array *array, spectra_error *error) {
    switch (io_numpress_decode(array->values, array->packing.numpress, array->held.data, array->held.count,
                               array->max_count)) {
    case IO_NUMPRESS_DONE:
        return SPECTRA_OK;
    case IO_NUMPRESS_TOO_MANY:
        return too_many(array, error);
    case IO_NUMPRESS_NO_MEMORY:
        return out_of_memory(error);
    default:
        return fail(array, "damaged MS-Numpress", error);
    }
}

spectra_status io_array_end(io_array *array, spectra_error *error) {
    if (!io_base64_is_complete(&array->base64)) return fail(array, "base64 cut short", error);
    if (array->packing.zlib && array->base64.length > 0 && !array->inflated_all) {
        return fail(array, "zlib: cut short", error);
    }
    if (array->packing.numpress != IO_NUMPRESS_NONE) {
        spectra_status status = end_numpress(array, error);
        if (status < 0) return status;
    } else if (array->held.count > 0) {
        return fail(array, "the last number of an array is cut short", error);
    }
    if (array->values->count == array->max_count) return SPECTRA_OK;
    return base_fail(error, SPECTRA_E_FORMAT, array->place, "%u numbers in an array where %u are declared",
                     array->values->count, array->max_count);
}
