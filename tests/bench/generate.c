/* SPDX-License-Identifier: Apache-2.0 */
/* Makes spectra. Each depends on the seed and its own number alone; no libm, which differs from machine to machine. */
#include "generate.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NOISE_FLOOR 0.01     /* of the base peak: what a recipe drops anyway */
#define PRECURSOR_MARGIN 1.6 /* Th, likewise */
#define MZ_JITTER 3e-6       /* standard deviation */
#define INTENSITY_SIGMA 0.3  /* of ln intensity */
#define DROPPED_PER_CENT 10
#define TEXTS 6

/* What a substituted compound can have more: the numbers are the most of each. */
static const struct {
    double mass; /* Da */
    uint32_t most;
    const char *name;
} additions[] = {{14.0156501, 5, "CH2"}, {15.9949146, 3, "O"}, {18.0105647, 2, "H2O"}};
#define ADDITIONS (sizeof additions / sizeof additions[0])

/* Metadata that a library spectrum keeps of its source. */
static const struct {
    spectra_field field;
    const char *key;
} kept[TEXTS] = {{SPECTRA_FIELD_NAME, "Name"},
                 {SPECTRA_FIELD_FORMULA, "Formula"},
                 {SPECTRA_FIELD_ADDUCT, "Precursor_type"},
                 {SPECTRA_FIELD_INSTRUMENT_TYPE, "Instrument_type"},
                 {SPECTRA_FIELD_COLLISION_ENERGY, "Collision_energy"},
                 {SPECTRA_FIELD_LICENCE, "License"}};

typedef struct source_spectrum {
    size_t first_peak, peak_count;
    double precursor; /* Th; 0 for EI */
    char *text[TEXTS];
} source_spectrum;

struct bench_source {
    spectra_track track;
    source_spectrum *spectra;
    uint32_t count, capacity;
    double *mz, *intensity;
    size_t peak_count, peak_capacity;
};

void bench_check(spectra_status status, const spectra_error *error, const char *what) {
    if (status >= 0) return;
    fprintf(stderr, "%s: %s\n", what, error && error->message[0] ? error->message : spectra_status_text(status));
    exit(1);
}

void *bench_allocate(size_t count, size_t size) {
    void *memory = calloc(count ? count : 1, size);
    if (!memory) bench_check(SPECTRA_E_MEMORY, NULL, "bench");
    return memory;
}

static void *enlarge(void *memory, size_t count, size_t size) {
    memory = realloc(memory, count * size);
    if (!memory) bench_check(SPECTRA_E_MEMORY, NULL, "bench");
    return memory;
}

/* --- The source --- */

/* What is kept for each spectrum: nothing below the noise floor, nothing at the precursor or above. Returns the number
   of peaks. */
static size_t add_cleaned_peaks(bench_source *source, const spectra_spectrum *spectrum, double end) {
    size_t count = spectra_spectrum_peak_count(spectrum), kept_count = 0;
    const double *mz = spectra_spectrum_mz(spectrum), *intensity = spectra_spectrum_intensity(spectrum);
    double base = 0;
    for (size_t i = 0; i < count; i++) base = intensity[i] > base ? intensity[i] : base;
    if (source->peak_count + count > source->peak_capacity) {
        source->peak_capacity = 2 * (source->peak_count + count);
        source->mz = enlarge(source->mz, source->peak_capacity, sizeof(double));
        source->intensity = enlarge(source->intensity, source->peak_capacity, sizeof(double));
    }
    for (size_t i = 0; i < count; i++) {
        if (!(mz[i] < end) || !(intensity[i] >= NOISE_FLOOR * base) || intensity[i] <= 0) continue;
        source->mz[source->peak_count + kept_count] = mz[i];
        source->intensity[source->peak_count + kept_count++] = intensity[i];
    }
    return kept_count;
}

static char *copy_text(const char *text) {
    size_t size = text ? strlen(text) + 1 : 1;
    char *copy = bench_allocate(size, 1);
    if (text) memcpy(copy, text, size);
    return copy;
}

static void add_to_source(bench_source *source, const spectra_spectrum *spectrum) {
    source_spectrum added = {.first_peak = source->peak_count};
    double end = 4095;
    if (source->track == SPECTRA_TRACK_MSMS) {
        if (spectra_spectrum_precursor_mz(spectrum, &added.precursor) != SPECTRA_OK) return;
        end = added.precursor - PRECURSOR_MARGIN;
    }
    added.peak_count = add_cleaned_peaks(source, spectrum, end);
    if (added.peak_count == 0) return;
    for (size_t i = 0; i < TEXTS; i++) added.text[i] = copy_text(spectra_spectrum_field(spectrum, kept[i].field));
    source->peak_count += added.peak_count;
    if (source->count == source->capacity) {
        source->capacity = 2 * source->capacity + 1024;
        source->spectra = enlarge(source->spectra, source->capacity, sizeof *source->spectra);
    }
    source->spectra[source->count++] = added;
}

bench_source *bench_source_read(const char *path, spectra_track track) {
    bench_source *source = bench_allocate(1, sizeof *source);
    source->track = track;
    spectra_reader *reader;
    spectra_error error = {0};
    bench_check(spectra_reader_open(&reader, path, NULL, NULL, &error), &error, path);
    const spectra_spectrum *spectrum;
    for (;;) {
        spectra_status status = spectra_reader_next(reader, &spectrum, &error);
        if (status == SPECTRA_END) break;
        if (status == SPECTRA_E_FORMAT || status == SPECTRA_E_LIMIT) continue;
        bench_check(status, &error, path);
        bool fits = spectra_spectrum_track(spectrum) == track &&
                    spectra_spectrum_polarity(spectrum) != SPECTRA_POLARITY_NEGATIVE;
        if (fits) add_to_source(source, spectrum);
    }
    spectra_reader_free(reader);
    if (source->count == 0) bench_check(SPECTRA_E_NOT_FOUND, NULL, path);
    return source;
}

void bench_source_free(bench_source *source) {
    for (uint32_t i = 0; i < source->count; i++)
        for (size_t j = 0; j < TEXTS; j++) free(source->spectra[i].text[j]);
    free(source->spectra);
    free(source->mz);
    free(source->intensity);
    free(source);
}

uint32_t bench_source_count(const bench_source *source) {
    return source->count;
}

/* --- Chance --- */

/* SplitMix64 (Steele et al. 2014). */
static uint64_t next_random(uint64_t *state) {
    uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return z ^ z >> 31;
}

static uint32_t random_below(uint64_t *state, uint32_t bound) {
    return (uint32_t)((next_random(state) >> 32) * bound >> 32);
}

/* Standard normal, nearly: the sum of twelve uniform numbers. */
static double random_normal(uint64_t *state) {
    double sum = -6;
    for (int i = 0; i < 12; i++) sum += (double)(next_random(state) >> 11) * 0x1p-53;
    return sum;
}

/* (1 + x/1024)^1024, which is e^x well enough. */
static double exponential(double x) {
    double power = 1 + x / 1024;
    for (int i = 0; i < 10; i++) power *= power;
    return power;
}

/* --- Perturbing --- */

/* Which additions a copy has; some spectra of a compound share them and are one compound again. */
typedef struct addition_counts {
    uint32_t of[ADDITIONS];
} addition_counts;

static double mass_of(const addition_counts *counts, uint32_t sites) {
    double mass = 0;
    for (size_t i = 0; i < ADDITIONS; i++)
        if (sites >> i & 1) mass += counts->of[i] * additions[i].mass;
    return mass;
}

/* To so many parts of a unit, as files give numbers; positive ones. */
static double rounded(double value, double parts) {
    return (double)(uint64_t)(value * parts + 0.5) / parts;
}

/* Each addition stands somewhere: a fragment has the atoms around it or not. */
static size_t perturb(double *mz, double *intensity, const bench_source *source, const source_spectrum *from,
                      const addition_counts *counts, uint64_t *state) {
    size_t count = 0;
    for (size_t i = 0; i < from->peak_count; i++) {
        uint32_t sites = random_below(state, 1u << ADDITIONS);
        double jitter = random_normal(state), noise = random_normal(state);
        if (random_below(state, 100) < DROPPED_PER_CENT) continue;
        double shifted = source->mz[from->first_peak + i] + mass_of(counts, sites);
        mz[count] = rounded(shifted * (1 + MZ_JITTER * jitter), 1e5);
        intensity[count++] =
            rounded(source->intensity[from->first_peak + i] * exponential(INTENSITY_SIGMA * noise), 1e4);
    }
    return count;
}

static void add_text(spectra_spectrum *spectrum, const char *key, const char *value) {
    if (value[0]) bench_check(spectra_spectrum_add_metadata(spectrum, key, value), NULL, key);
}

/* A name that spectra of the same source compound with the same additions share. */
static void add_texts(spectra_spectrum *spectrum, const bench_source *source, const source_spectrum *from,
                      const addition_counts *counts, const char *accession) {
    char text[512];
    double precursor = from->precursor + mass_of(counts, UINT32_MAX);
    size_t used = (size_t)snprintf(text, 400, "%s", from->text[0]);
    if (used > 399) used = 399;
    for (size_t i = 0; i < ADDITIONS; i++)
        if (counts->of[i] > 0)
            used += (size_t)snprintf(text + used, sizeof text - used, " +%u%s", counts->of[i], additions[i].name);
    add_text(spectrum, "Name", text);
    bool same_compound = mass_of(counts, UINT32_MAX) == 0;
    for (size_t i = 1; i < TEXTS; i++)
        if (same_compound || kept[i].field != SPECTRA_FIELD_FORMULA) add_text(spectrum, kept[i].key, from->text[i]);
    add_text(spectrum, "Ion_mode", "P");
    if (source->track == SPECTRA_TRACK_MSMS) {
        snprintf(text, sizeof text, "%.5f", precursor);
        add_text(spectrum, "PrecursorMZ", text);
        add_text(spectrum, "Spectrum_type", "MS2");
    } else {
        add_text(spectrum, "Ionization", "EI");
    }
    add_text(spectrum, "DB#", accession);
}

static spectra_spectrum *make(const bench_source *source, const source_spectrum *from, const addition_counts *counts,
                              uint64_t *state, const char *accession) {
    spectra_spectrum *spectrum;
    spectra_error error = {0};
    double *mz = bench_allocate(from->peak_count, sizeof *mz);
    double *intensity = bench_allocate(from->peak_count, sizeof *intensity);
    bench_check(spectra_spectrum_create(&spectrum, NULL), NULL, accession);
    size_t count = perturb(mz, intensity, source, from, counts, state);
    add_texts(spectrum, source, from, counts, accession);
    bench_check(spectra_spectrum_set_peaks(spectrum, mz, intensity, count, &error), &error, accession);
    free(mz);
    free(intensity);
    return spectrum;
}

static spectra_spectrum *copy(const bench_source *source, const source_spectrum *from, const char *accession) {
    static const addition_counts none;
    spectra_spectrum *spectrum;
    spectra_error error = {0};
    bench_check(spectra_spectrum_create(&spectrum, NULL), NULL, accession);
    add_texts(spectrum, source, from, &none, accession);
    bench_check(spectra_spectrum_set_peaks(spectrum, source->mz + from->first_peak,
                                           source->intensity + from->first_peak, from->peak_count, &error),
                &error, accession);
    return spectrum;
}

spectra_spectrum *bench_library_spectrum(const bench_source *source, uint64_t seed, uint32_t index) {
    char accession[32];
    const source_spectrum *from = &source->spectra[index % source->count];
    snprintf(accession, sizeof accession, "SYNTHETIC-%08u", index);
    if (index < source->count) return copy(source, from, accession);
    uint64_t state = seed ^ (uint64_t)index << 32;
    addition_counts counts;
    for (size_t i = 0; i < ADDITIONS; i++) counts.of[i] = random_below(&state, additions[i].most + 1);
    return make(source, from, &counts, &state, accession);
}

spectra_spectrum *bench_query_spectrum(const bench_source *source, uint64_t seed, uint32_t index) {
    static const addition_counts none;
    char accession[32];
    uint64_t state = ~seed ^ (uint64_t)index << 32;
    const source_spectrum *from = &source->spectra[random_below(&state, source->count)];
    snprintf(accession, sizeof accession, "QUERY-%08u", index);
    return make(source, from, &none, &state, accession);
}
