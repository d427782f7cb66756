/* SPDX-License-Identifier: Apache-2.0 */
/* Any peaks and any options against a fixed database: prepared by each recipe, searched and identified. The input is
   read from the front: what the query says of itself, the options, then its peaks, each in one of the ways of
   take_peak. */
#include <stdlib.h>
#include <string.h>

#include "base/numbers.h"
#include "db/inside.h"
#include "fuzz/databases.h"
#include "spectrum/prepared.h"
#include "spectrum/raw.h"

#define MAX_PEAKS 200u

/* --- The query --- */

static double take_double(fuzz_input *input) {
    return base_double_from_bits(fuzz_take(input, sizeof(uint64_t)));
}

/* A value that is likely to break arithmetic. */
static double take_edge(fuzz_input *input) {
    static const uint64_t bits[] = {
        0x0000000000000001, /* the smallest subnormal */
        0x000fffffffffffff, /* the largest */
        0x7fefffffffffffff, /* the largest double */
        0x0000000000000000, /* zero */
        0x8000000000000000, /* minus zero */
        0x40b0c6f7a0b5ed8d, /* 4294.967, about the last m/z that is kept */
        0x40affe0000000000, /* 4095, the last nominal m/z */
        0x40affeffffffffff, /* just below 4095.5 */
        0x7ff0000000000000, /* infinite */
        0x7ff8000000000000, /* no number */
        0x3ff0000000000000, /* 1 */
        0xbff0000000000000, /* −1 */
    };
    return base_double_from_bits(bits[fuzz_take(input, 1) % (sizeof bits / sizeof *bits)]);
}

static double take_value(fuzz_input *input, uint64_t way) {
    switch (way % 4) {
    case 0:
        return (double)fuzz_take(input, 1) * 2 + 40;
    case 1:
        return (double)fuzz_take(input, 4) / 1e6;
    case 2:
        return take_edge(input);
    default:
        return take_double(input);
    }
}

/* One byte says how m/z and intensity follow; a fifth way repeats the last m/z a little further up. */
static void take_peak(double *mz, double *intensity, fuzz_input *input, double last) {
    uint64_t way = fuzz_take(input, 1);
    *mz = way & 128 ? last + (double)fuzz_take(input, 1) / 1e6 : take_value(input, way & 3);
    *intensity = take_value(input, way >> 2);
}

static void set_peaks(spectra_spectrum *spectrum, fuzz_input *input) {
    double mz[MAX_PEAKS], intensity[MAX_PEAKS];
    size_t count = 0;
    while (count < MAX_PEAKS && input->position < input->size) {
        take_peak(&mz[count], &intensity[count], input, count > 0 ? mz[count - 1] : 100);
        /* A value that no spectrum may have is refused with all the others: once in a while is enough. */
        if (spectrum_peak_valid(mz[count], intensity[count]) || count % 16 == 15) count++;
    }
    spectra_error error;
    spectra_status status = spectra_spectrum_set_peaks(spectrum, mz, intensity, count, &error);
    FUZZ_CHECK(status == SPECTRA_OK || (status == SPECTRA_E_FORMAT && error.offset < count));
}

static void add_precursor(spectra_spectrum *spectrum, fuzz_input *input, uint64_t way) {
    char bytes[64];
    base_text text;
    double mz = take_value(input, way);
    if (!spectrum_peak_valid(mz, 0)) return;
    base_text_init(&text, bytes, sizeof bytes);
    base_text_double(&text, mz);
    FUZZ_CHECK(spectra_spectrum_add_metadata(spectrum, "PrecursorMZ", bytes) == SPECTRA_OK);
}

static spectra_spectrum *take_query(fuzz_input *input) {
    static const char *const types[] = {"MS2", "in-source", "MS1", ""};
    static const char *const instruments[] = {"EI-B", "LC-ESI-QTOF", "GC-EI-TOF", ""};
    static const char *const adducts[] = {"[M+H]+", "[M-H]-", "[2M+Na]+", "[M]2+"};
    static const char *const names[] = {"query", "first", "second", ""};
    static const char *const keys[] = {"", "AAAAAAAAAAAAAA-UHFFFAOYSA-N", "BBBBBBBBBBBBBB-UHFFFAOYSA-N", "no key"};
    spectra_spectrum *spectrum;
    uint64_t bits = fuzz_take(input, 2);
    FUZZ_CHECK(spectra_spectrum_create(&spectrum, NULL) == SPECTRA_OK);
    spectra_spectrum_add_metadata(spectrum, "Name", names[bits & 3]);
    spectra_spectrum_add_metadata(spectrum, "Spectrum_type", types[bits >> 2 & 3]);
    spectra_spectrum_add_metadata(spectrum, "Instrument_type", instruments[bits >> 4 & 3]);
    spectra_spectrum_add_metadata(spectrum, "InChIKey", keys[bits >> 6 & 3]);
    if (bits >> 8 & 1) spectra_spectrum_add_metadata(spectrum, "Formula", "C10H12N2O");
    if (bits >> 9 & 1) spectra_spectrum_add_metadata(spectrum, "Precursor_type", adducts[bits >> 10 & 3]);
    if (bits >> 12 & 1) add_precursor(spectrum, input, bits >> 13);
    set_peaks(spectrum, input);
    return spectrum;
}

/* --- The options --- */

static spectra_tolerance take_tolerance(fuzz_input *input) {
    uint64_t way = fuzz_take(input, 1);
    if (way % 4 == 0) return (spectra_tolerance){0, 0};
    uint32_t value = (uint32_t)fuzz_take(input, way & 4 ? 4 : 2);
    return way & 8 ? (spectra_tolerance){value, 0} : (spectra_tolerance){0, value};
}

static const char *const prefixes[] = {"F-1", "F", "Q-"};

static spectra_search_options take_options(fuzz_input *input) {
    uint64_t bits = fuzz_take(input, 3);
    spectra_search_options options = {.size = sizeof options};
    options.track = (spectra_track)(bits % 5);
    options.mode = (spectra_search_mode)(bits >> 3 & 3);
    options.measure = (spectra_measure)(((bits >> 5 & 7) + (bits >> 16 & 7)) % 11);
    options.open = bits >> 8 & 1;
    options.all_spectra = bits >> 9 & 1;
    options.exclude_own_compound = bits >> 10 & 1;
    options.tolerance = take_tolerance(input);
    options.precursor_tolerance = take_tolerance(input);
    if (bits >> 11 & 1) options.min_score = (uint32_t)fuzz_take(input, 4);
    if (bits >> 12 & 1) options.mass_da = (uint32_t)fuzz_take(input, bits >> 13 & 1 ? 1 : 4);
    options.exclude_accession_count = bits >> 14 & 1 ? bits >> 15 & 3 : 0;
    if (options.exclude_accession_count > 0) options.exclude_accession = prefixes;
    return options;
}

/* --- Preparing --- */

static void check_nominal(const spectra_prepared *prepared) {
    uint32_t largest = 0;
    for (uint32_t i = 0; i < prepared->count; i++) {
        FUZZ_CHECK(prepared->nominal[i] >= 1 && prepared->nominal[i] <= DB_MAX_NOMINAL && prepared->root[i] > 0);
        FUZZ_CHECK(i == 0 || prepared->nominal[i - 1] < prepared->nominal[i]);
        FUZZ_CHECK(prepared->weighted[i] <= 4095);
        if (prepared->root[i] > largest) largest = prepared->root[i];
    }
    FUZZ_CHECK(prepared->count == 0 || largest == 65535);
}

static void check_accurate(const spectra_prepared *prepared) {
    uint32_t sum = 0, largest = 0;
    for (uint32_t i = 0; i < prepared->count; i++) {
        FUZZ_CHECK(i == 0 || prepared->mz_uth[i - 1] < prepared->mz_uth[i]);
        FUZZ_CHECK(prepared->root[i] > 0);
        if (prepared->root[i] > largest) largest = prepared->root[i];
        sum += prepared->weight[i];
    }
    FUZZ_CHECK(prepared->count == 0 || (sum == 65535 && largest == 65535));
}

static void prepare(const spectra_spectrum *query, const spectra_recipe *recipe) {
    const spectra_prepared *prepared;
    spectra_scratch scratch;
    spectra_error error;
    size_t peaks = spectra_spectrum_peak_count(query);
    fuzz_take_scratch(&scratch, spectra_prepare_required(peaks));
    spectra_status status = spectra_prepare(&prepared, query, recipe, &scratch, &error);
    FUZZ_CHECK(status == SPECTRA_OK || status == SPECTRA_E_INVALID);
    if (status == SPECTRA_OK) {
        FUZZ_CHECK(spectra_prepared_peak_count(prepared) + spectra_prepared_out_of_range(prepared) <= peaks);
        if (recipe->kind == SPECTRA_RECIPE_NOMINAL) check_nominal(prepared);
        if (recipe->kind == SPECTRA_RECIPE_ACCURATE) check_accurate(prepared);
    }
    fuzz_return_scratch();
}

static void prepare_by_all(const spectra_spectrum *query, fuzz_input *input) {
    spectra_recipe recipe;
    spectra_recipe_nominal(&recipe);
    prepare(query, &recipe);
    spectra_recipe_windowed(&recipe);
    prepare(query, &recipe);
    uint64_t bits = fuzz_take(input, 1);
    spectra_recipe_open(&recipe);
    if (bits & 1) recipe.precursor_margin_uth = (uint32_t)fuzz_take(input, 4);
    if (bits & 2) recipe.noise_ppm = (uint32_t)fuzz_take(input, 4);
    if (bits & 4) recipe.merge_gap_uth = (uint32_t)fuzz_take(input, 3);
    prepare(query, &recipe);
}

/* --- Searching --- */

/* Fewer hits asked for are the first of these. */
static void search(const spectra_database *database, const spectra_spectrum *query,
                   const spectra_search_options *options) {
    spectra_hit hits[16], best;
    spectra_search_summary summary, short_summary;
    if (fuzz_search(hits, 16, &summary, database, query, options) != SPECTRA_OK) return;
    FUZZ_CHECK(fuzz_search(&best, 1, &short_summary, database, query, options) == SPECTRA_OK);
    FUZZ_CHECK(short_summary.hit_count == (summary.hit_count > 0 ? 1 : 0));
    FUZZ_CHECK(summary.hit_count == 0 || memcmp(&best, hits, sizeof best) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size) {
    static spectra_database *database;
    if (!database) {
        size_t file_size;
        const uint8_t *file = fuzz_database_file(&file_size);
        FUZZ_CHECK(spectra_database_open_memory(&database, file, file_size, NULL, NULL) == SPECTRA_OK);
    }
    /* The recipe and the options stand in the first bytes, the query in the others. */
    fuzz_input head = {bytes, size < 40 ? size : 40, 0, size};
    fuzz_input tail = {bytes + head.size, size - head.size, 0, size};
    spectra_search_options options = take_options(&head);
    spectra_spectrum *query = take_query(&tail);
    prepare_by_all(query, &head);
    search(database, query, &options);
    options.mode = SPECTRA_SEARCH_IDENTITY;
    options.measure = SPECTRA_MEASURE_DEFAULT;
    fuzz_identify(database, query, &options);
    const spectra_spectrum *sample[] = {query, query};
    fuzz_mix(database, sample, 2, &options);
    spectra_spectrum_free(query);
    return 0;
}
