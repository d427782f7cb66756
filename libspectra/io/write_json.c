/* SPDX-License-Identifier: Apache-2.0 */
/* A spectrum as a JSON object (RFC 8259): {"id":…,"metadata":{…},"peaks":[[m/z,intensity],…],"annotations":[…]}.
   Strings are valid UTF-8 in the spectrum already. */
#include <string.h>

#include "io/writer.h"

static void put_escaped(spectra_writer *writer, uint8_t byte) {
    static const char hex[] = "0123456789abcdef";
    static const char named[] = "\"\"\\\\\bb\ff\nn\rr\tt";
    for (size_t i = 0; named[i]; i += 2) {
        if ((uint8_t)named[i] == byte) {
            io_put(writer, (const char[]){'\\', named[i + 1]}, 2);
            return;
        }
    }
    io_put(writer, (const char[]){'\\', 'u', '0', '0', hex[byte >> 4], hex[byte & 15]}, 6);
}

static void put_json_string(spectra_writer *writer, const char *text) {
    io_put_string(writer, "\"");
    for (const char *plain = text; *plain;) {
        const char *end = plain;
        while (*end && (uint8_t)*end >= 0x20 && *end != '"' && *end != '\\') end++;
        io_put(writer, plain, (size_t)(end - plain));
        if (*end) put_escaped(writer, (uint8_t)*end++);
        plain = end;
    }
    io_put_string(writer, "\"");
}

/* The next pair with this key from `index` on; the number of pairs where there is none. */
static size_t find_key(const spectra_spectrum *spectrum, const char *wanted, size_t index) {
    const char *key, *value;
    while (spectra_spectrum_metadata(spectrum, index, &key, &value) == SPECTRA_OK && strcmp(key, wanted) != 0) index++;
    return index;
}

/* The value of a key, or an array of all of them where it repeats. */
static void put_values(spectra_writer *writer, const spectra_spectrum *spectrum, size_t index) {
    const char *key, *value;
    spectra_spectrum_metadata(spectrum, index, &key, &value);
    size_t count = spectra_spectrum_metadata_count(spectrum), next = find_key(spectrum, key, index + 1);
    bool repeats = next < count;
    if (repeats) io_put_string(writer, "[");
    put_json_string(writer, value);
    for (; next < count; next = find_key(spectrum, key, next + 1)) {
        spectra_spectrum_metadata(spectrum, next, &key, &value);
        io_put_string(writer, ",");
        put_json_string(writer, value);
    }
    if (repeats) io_put_string(writer, "]");
}

static void put_metadata(spectra_writer *writer, const spectra_spectrum *spectrum) {
    const char *key, *value;
    io_put_string(writer, "{");
    for (size_t i = 0; spectra_spectrum_metadata(spectrum, i, &key, &value) == SPECTRA_OK; i++) {
        if (find_key(spectrum, key, 0) < i) continue;
        if (i > 0) io_put_string(writer, ",");
        put_json_string(writer, key);
        io_put_string(writer, ":");
        put_values(writer, spectrum, i);
    }
    io_put_string(writer, "}");
}

static void put_peaks(spectra_writer *writer, const spectra_spectrum *spectrum) {
    const double *mz = spectra_spectrum_mz(spectrum), *intensity = spectra_spectrum_intensity(spectrum);
    io_put_string(writer, "[");
    for (size_t i = 0; i < spectra_spectrum_peak_count(spectrum); i++) {
        io_put_string(writer, i > 0 ? ",[" : "[");
        io_put_double(writer, mz[i]);
        io_put_string(writer, ",");
        io_put_double(writer, intensity[i]);
        io_put_string(writer, "]");
    }
    io_put_string(writer, "]");
}

static bool has_annotations(const spectra_spectrum *spectrum) {
    for (size_t i = 0; i < spectra_spectrum_peak_count(spectrum); i++) {
        if (spectra_spectrum_annotation(spectrum, i)) return true;
    }
    return false;
}

/* As many as peaks; null beside a peak without one. */
static void put_annotations(spectra_writer *writer, const spectra_spectrum *spectrum) {
    io_put_string(writer, ",\"annotations\":[");
    for (size_t i = 0; i < spectra_spectrum_peak_count(spectrum); i++) {
        const char *annotation = spectra_spectrum_annotation(spectrum, i);
        if (i > 0) io_put_string(writer, ",");
        if (annotation) {
            put_json_string(writer, annotation);
        } else {
            io_put_string(writer, "null");
        }
    }
    io_put_string(writer, "]");
}

void io_put_json(spectra_writer *writer, const spectra_spectrum *spectrum) {
    const char *id = spectra_spectrum_field(spectrum, SPECTRA_FIELD_ACCESSION);
    if (!id) id = spectra_spectrum_field(spectrum, SPECTRA_FIELD_NAME);
    io_put_string(writer, "\n{\"id\":");
    if (id) {
        put_json_string(writer, id);
    } else {
        io_put_string(writer, "null");
    }
    io_put_string(writer, ",\"metadata\":");
    put_metadata(writer, spectrum);
    io_put_string(writer, ",\"peaks\":");
    put_peaks(writer, spectrum);
    if (has_annotations(spectrum)) put_annotations(writer, spectrum);
    io_put_string(writer, "}");
}
