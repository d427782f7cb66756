/* SPDX-License-Identifier: Apache-2.0 */
/* What a device does, in fixed memory. Knows the public headers and no C library but string.h. */
#include "device.h"

#include <string.h>

#include <spectra/spectra.h>

#define MAX_PEAKS 512
#define LINE_SIZE 2048

typedef struct line {
    char text[LINE_SIZE];
    size_t size;
} line;

static void add(line *out, const char *text) {
    for (; *text && out->size + 1 < LINE_SIZE; text++) out->text[out->size++] = *text;
    out->text[out->size] = '\0';
}

static void add_number(line *out, uint32_t value) {
    char digits[12];
    size_t at = sizeof digits;
    digits[--at] = '\0';
    do digits[--at] = (char)('0' + value % 10);
    while (value /= 10);
    add(out, " ");
    add(out, digits + at);
}

/* The verdict as the host compares it: word, probabilities, family, mass, size of the set, then each candidate's
   accession and score. */
static spectra_status describe(line *out, const spectra_database *database, const spectra_identification *result) {
    out->size = 0;
    add(out, spectra_verdict_text(result->verdict));
    add_number(out, result->structure_permille);
    add_number(out, result->group_permille);
    add_number(out, result->class_name ? result->class_permille : 0);
    add_number(out, result->molecular_mass.value_da);
    add_number(out, result->set_count);
    for (uint32_t i = 0; i < result->candidate_count; i++) {
        spectra_entry entry;
        spectra_status status = spectra_database_entry(database, result->candidates[i].entry, &entry);
        if (status < 0) return status;
        add(out, " ");
        add(out, entry.accession);
        add_number(out, result->candidates[i].score);
    }
    add(out, "\n");
    return SPECTRA_OK;
}

static spectra_status answer(line *out, spectra_spectrum *spectrum, const spectra_database *database,
                             const device_query *query, spectra_scratch *scratch) {
    const spectra_search_options options = {.size = sizeof options, .track = SPECTRA_TRACK_EI};
    const spectra_identification *result;
    spectra_scratch_reset(scratch);
    spectra_status status = spectra_spectrum_set_peaks(spectrum, query->mz, query->intensity, query->peak_count, NULL);
    if (status == SPECTRA_OK) status = spectra_identify(&result, &database, 1, spectrum, &options, scratch, NULL);
    return status == SPECTRA_OK ? describe(out, database, result) : status;
}

size_t device_run(uint8_t *room, size_t size, void (*put)(const char *text)) {
    const size_t kept = spectra_database_required() + spectra_spectrum_required(MAX_PEAKS);
    spectra_scratch objects, scratch;
    spectra_allocator allocator;
    spectra_database *database = NULL;
    spectra_spectrum *spectrum = NULL;
    if (kept > size) return 0;
    memset(room, 0xff, size);
    spectra_scratch_init(&objects, room, kept);
    spectra_scratch_init(&scratch, room + kept, size - kept);
    spectra_scratch_allocator(&allocator, &objects);
    if (spectra_database_open_memory(&database, device_database, device_database_size, &allocator, NULL) < 0 ||
        spectra_spectrum_create(&spectrum, &allocator) < 0)
        return 0;
    line out;
    for (size_t i = 0; i < device_query_count; i++) {
        if (answer(&out, spectrum, database, &device_queries[i], &scratch) < 0) return 0;
        put(out.text);
    }
    return kept + scratch.peak;
}
