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

/* --- Keys that repeat --- */

#define NO_PAIR UINT32_MAX

/* Pairs of one key as a chain: `next` of each pair, and at the first one its last; NO_PAIR at the others. */
typedef struct key_chains {
    uint32_t *next, *last;
    size_t count;
} key_chains;

/* FNV-1a. */
static size_t hash_key(const char *key) {
    uint32_t hash = 2166136261u;
    for (; *key; key++) hash = (hash ^ (uint8_t)*key) * 16777619u;
    return hash;
}

static const char *key_at(const spectra_spectrum *spectrum, size_t index) {
    const char *key = "", *value;
    spectra_spectrum_metadata(spectrum, index, &key, &value);
    return key;
}

/* The slot of a key: that of the first pair that has it, or a free one. `mask` + 1 slots, half of them free. */
static size_t find_slot(const spectra_spectrum *spectrum, const uint32_t *slots, size_t mask, const char *key) {
    size_t slot = hash_key(key) & mask;
    while (slots[slot] != NO_PAIR && strcmp(key_at(spectrum, slots[slot]), key) != 0) slot = (slot + 1) & mask;
    return slot;
}

/* Chains in the writer's memory; false where it is short. */
static bool chain_keys(key_chains *chains, spectra_writer *writer, const spectra_spectrum *spectrum) {
    size_t count = spectra_spectrum_metadata_count(spectrum), slot_count = 16;
    while (slot_count < 2 * count) slot_count *= 2;
    uint32_t *slots = base_vector_reserve(&writer->chains, slot_count + 2 * count);
    if (!slots) return false;
    *chains = (key_chains){slots + slot_count, slots + slot_count + count, count};
    memset(slots, 0xff, (slot_count + 2 * count) * sizeof *slots);
    for (uint32_t i = 0; i < count; i++) {
        uint32_t *slot = &slots[find_slot(spectrum, slots, slot_count - 1, key_at(spectrum, i))];
        if (*slot == NO_PAIR)
            *slot = i;
        else
            chains->next[chains->last[*slot]] = i;
        chains->last[*slot] = i;
    }
    return true;
}

/* The value of a key, or an array of all of them where it repeats. */
static void put_values(spectra_writer *writer, const spectra_spectrum *spectrum, const key_chains *chains,
                       size_t index) {
    bool repeats = chains->next[index] != NO_PAIR;
    if (repeats) io_put_string(writer, "[");
    for (size_t i = index; i != NO_PAIR; i = chains->next[i]) {
        const char *key, *value;
        spectra_spectrum_metadata(spectrum, i, &key, &value);
        if (i != index) io_put_string(writer, ",");
        put_json_string(writer, value);
    }
    if (repeats) io_put_string(writer, "]");
}

static void put_metadata(spectra_writer *writer, const spectra_spectrum *spectrum) {
    key_chains chains;
    if (!chain_keys(&chains, writer, spectrum)) {
        writer->short_of_memory = true;
        return;
    }
    io_put_string(writer, "{");
    for (size_t i = 0; i < chains.count; i++) {
        if (chains.last[i] == NO_PAIR) continue;
        if (i > 0) io_put_string(writer, ",");
        put_json_string(writer, key_at(spectrum, i));
        io_put_string(writer, ":");
        put_values(writer, spectrum, &chains, i);
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
