/* SPDX-License-Identifier: Apache-2.0 */
/* The common part of the fuzz targets. Knows the public headers only. */
#include "fuzz/fuzz.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sanitizer/asan_interface.h>

_Noreturn void fuzz_fail(const char *condition, const char *file, int line) {
    fprintf(stderr, "%s:%d: does not hold: %s\n", file, line, condition);
    abort();
}

/* --- Memory --- */

/* Large blocks are kept for the next request of exactly their size: the buffers of a reader are then not mapped anew
   for each input. The sanitizer's guards around them stay where they are. */
#define KEPT_BLOCKS 8
#define KEPT_MIN_SIZE 16384

static struct kept_block {
    void *bytes;
    size_t size;
} kept[KEPT_BLOCKS];

static void *take_kept(size_t size) {
    for (size_t i = 0; i < KEPT_BLOCKS; i++) {
        void *bytes = kept[i].bytes;
        if (!bytes || kept[i].size != size) continue;
        kept[i].bytes = NULL;
        return bytes;
    }
    return malloc(size);
}

/* The block that was kept longest makes room. */
static void keep_or_free(void *bytes, size_t size) {
    static size_t next;
    if (size < KEPT_MIN_SIZE) {
        free(bytes);
        return;
    }
    free(kept[next].bytes);
    kept[next] = (struct kept_block){bytes, size};
    next = (next + 1) % KEPT_BLOCKS;
}

static void *allocate(void *context, size_t size) {
    fuzz_memory *memory = context;
    FUZZ_CHECK(size <= memory->bound - memory->live);
    void *bytes = take_kept(size);
    FUZZ_CHECK(bytes);
    memory->live += size;
    return bytes;
}

static void release(void *context, void *bytes, size_t size) {
    fuzz_memory *memory = context;
    FUZZ_CHECK(size <= memory->live);
    memory->live -= size;
    keep_or_free(bytes, size);
}

void fuzz_memory_init(fuzz_memory *memory, size_t bound) {
    *memory = (fuzz_memory){{memory, allocate, release}, 0, bound};
}

void fuzz_memory_check_empty(const fuzz_memory *memory) {
    FUZZ_CHECK(memory->live == 0);
}

/* All scratch is of one block, so that nothing is mapped anew for an input; what is beyond the size asked for is
 * poisoned. */
static struct {
    uint8_t *bytes;
    size_t capacity;
    bool taken;
} scratch_block;

void fuzz_take_scratch(spectra_scratch *scratch, size_t size) {
    FUZZ_CHECK(!scratch_block.taken);
    ASAN_UNPOISON_MEMORY_REGION(scratch_block.bytes, scratch_block.capacity);
    if (!scratch_block.bytes || size > scratch_block.capacity) {
        free(scratch_block.bytes);
        scratch_block.capacity = 2 * size + 64;
        scratch_block.bytes = malloc(scratch_block.capacity);
        FUZZ_CHECK(scratch_block.bytes);
    }
    ASAN_POISON_MEMORY_REGION(scratch_block.bytes + size, scratch_block.capacity - size);
    scratch_block.taken = true;
    spectra_scratch_init(scratch, scratch_block.bytes, size);
}

void fuzz_return_scratch(void) {
    scratch_block.taken = false;
}

/* --- Bytes --- */

spectra_status fuzz_input_read(void *context, uint8_t *bytes, size_t capacity, size_t *size) {
    fuzz_input *input = context;
    size_t left = input->size - input->position;
    *size = left < capacity ? left : capacity;
    if (*size > input->chunk) *size = input->chunk;
    if (*size > 0) memcpy(bytes, input->bytes + input->position, *size);
    input->position += *size;
    return SPECTRA_OK;
}

spectra_status fuzz_output_write(void *context, const char *bytes, size_t size) {
    fuzz_output *output = context;
    if (size > output->capacity - output->size) {
        output->capacity = 2 * (output->size + size);
        output->bytes = realloc(output->bytes, output->capacity);
        FUZZ_CHECK(output->bytes);
    }
    memcpy(output->bytes + output->size, bytes, size);
    output->size += size;
    return SPECTRA_OK;
}

uint64_t fuzz_take(fuzz_input *input, size_t size) {
    uint64_t value = 0;
    for (size_t i = 0; i < size && input->position < input->size; i++)
        value |= (uint64_t)input->bytes[input->position++] << 8 * i;
    return value;
}

/* --- Spectra --- */

#define LARGEST 1.7976931348623157e308

static bool is_finite(double value) {
    return value >= -LARGEST && value <= LARGEST;
}

static void walk_peaks(const spectra_spectrum *spectrum) {
    size_t count = spectra_spectrum_peak_count(spectrum);
    const double *mz = spectra_spectrum_mz(spectrum), *intensity = spectra_spectrum_intensity(spectrum);
    for (size_t i = 0; i < count; i++) {
        const char *annotation = spectra_spectrum_annotation(spectrum, i);
        FUZZ_CHECK(mz[i] > 0 && is_finite(mz[i]));
        FUZZ_CHECK(intensity[i] >= 0 && is_finite(intensity[i]));
        FUZZ_CHECK(i == 0 || mz[i - 1] <= mz[i]);
        FUZZ_CHECK(!annotation || strlen(annotation) > 0);
    }
    FUZZ_CHECK(!spectra_spectrum_annotation(spectrum, count));
}

static void walk_metadata(const spectra_spectrum *spectrum) {
    size_t count = spectra_spectrum_metadata_count(spectrum);
    const char *key, *value;
    for (size_t i = 0; i < count; i++) {
        FUZZ_CHECK(spectra_spectrum_metadata(spectrum, i, &key, &value) == SPECTRA_OK);
        FUZZ_CHECK(strlen(key) > 0 && value[strlen(value)] == '\0');
    }
    FUZZ_CHECK(spectra_spectrum_metadata(spectrum, count, &key, &value) == SPECTRA_E_NOT_FOUND);
    for (spectra_field field = 0; field < SPECTRA_FIELD_COUNT; field++) {
        const char *text = spectra_spectrum_field(spectrum, field);
        FUZZ_CHECK(!text || strlen(text) > 0);
    }
}

static void walk_conditions(const spectra_spectrum *spectrum) {
    spectra_collision_energy energy;
    spectra_column column;
    double value;
    if (spectra_spectrum_collision_energy(spectrum, &energy) == SPECTRA_OK) {
        FUZZ_CHECK(energy.count >= 1 && energy.count <= SPECTRA_ENERGY_MAX_VALUES);
        for (uint32_t i = 0; i < energy.count; i++) FUZZ_CHECK(is_finite(energy.value[i]));
    }
    FUZZ_CHECK(spectra_spectrum_retention_time(spectrum, &value) != SPECTRA_OK || is_finite(value));
    FUZZ_CHECK(spectra_spectrum_retention_index(spectrum, &value, &column) != SPECTRA_OK || is_finite(value));
    FUZZ_CHECK(spectra_spectrum_precursor_mz(spectrum, &value) != SPECTRA_OK || (value > 0 && is_finite(value)));
    FUZZ_CHECK((uint32_t)spectra_spectrum_track(spectrum) <= SPECTRA_TRACK_INSOURCE);
    FUZZ_CHECK((uint32_t)spectra_spectrum_polarity(spectrum) <= SPECTRA_POLARITY_NEGATIVE);
    spectra_spectrum_ms_level(spectrum);
    spectra_spectrum_charge(spectrum);
}

static void walk_names(const spectra_spectrum *spectrum) {
    const char *synonym;
    char splash[SPECTRA_SPLASH_SIZE];
    uint8_t digest[32];
    for (size_t i = 0; (synonym = spectra_spectrum_synonym(spectrum, i)) != NULL; i++) FUZZ_CHECK(strlen(synonym) > 0);
    spectra_status status = spectra_spectrum_splash(spectrum, splash);
    FUZZ_CHECK(status == SPECTRA_E_NOT_FOUND || (status == SPECTRA_OK && strlen(splash) == SPECTRA_SPLASH_SIZE - 1));
    spectra_spectrum_digest(spectrum, digest);
}

void fuzz_walk_spectrum(const spectra_spectrum *spectrum) {
    walk_peaks(spectrum);
    walk_metadata(spectrum);
    walk_conditions(spectrum);
    walk_names(spectrum);
    for (size_t i = 0; i < spectra_spectrum_warning_count(spectrum); i++)
        FUZZ_CHECK(strlen(spectra_spectrum_warning(spectrum, i)) > 0);
}
