/* SPDX-License-Identifier: Apache-2.0 */
/* From raw doubles to verdicts: one hash over prepared spectra, one over the database made of them, one over hits and
   verdicts in it. Every machine, compiler, optimisation level and kernel must give them. */
#include "unit/db/sample.h"

#include "base/numbers.h"
#include "spectra/identify.h"

#define COMPOUNDS 60u
#define REPLICATES 6u
#define QUERIES 600u
#define PEAKS_MAX 80u
#define HITS_MAX 20u

#define PREPARED UINT64_C(0x68ce9b1d42cffbca)
#define DATABASE UINT64_C(0x953289e84e3e894f)
#define ANSWERS UINT64_C(0x3ace93b3912d8e47)

static void add(uint64_t *hash, uint64_t value) {
    *hash = (*hash ^ value) * UINT64_C(0x9e3779b97f4a7c15);
    *hash ^= *hash >> 29;
}

static uint64_t start(uint64_t seed) {
    return seed * UINT64_C(0x9e3779b97f4a7c15) + 1;
}

/* Whole multiples of a power of two: exact everywhere, and from subnormal to huge. */
static double intensity_of(uint64_t *random, uint32_t strength, int32_t scale) {
    uint64_t parts = strength + sample_random(random) % (strength / 4 + 1);
    if (scale < -1022) return base_double_from_bits(parts); /* subnormal: the integer is the bits */
    return (double)parts * base_double_from_bits((uint64_t)(scale + 1023) << 52);
}

/* A measurement of a compound: its peaks a little moved and stronger or weaker, some of them lost. */
static spectra_spectrum *measure(uint32_t compound, uint64_t noise, bool ei) {
    static const int32_t scales[] = {0, -40, 30, -1030, 900};
    double mz[PEAKS_MAX], intensity[PEAKS_MAX];
    uint64_t facts = start(compound / 2 + 1), random = start(noise + 1000); /* two compounds are alike */
    int32_t scale = scales[noise % COUNT_OF(scales)];
    size_t count = 0, peaks = 10 + (size_t)(sample_random(&facts) % (PEAKS_MAX - 10));
    uint32_t mz_uth = 40000000;
    for (size_t i = 0; i < peaks; i++) {
        mz_uth += (uint32_t)(sample_random(&facts) % 5000000);
        uint32_t strength = 8u << sample_random(&facts) % 17;
        uint32_t moved = mz_uth + (uint32_t)(sample_random(&random) % 8000);
        if (sample_random(&random) % 9 == 0) continue;
        mz[count] = base_from_micro(moved);
        intensity[count++] = intensity_of(&random, strength + (compound % 2) * 8, scale);
    }
    spectra_spectrum *spectrum;
    assert_int_equal(spectra_spectrum_create(&spectrum, NULL), SPECTRA_OK);
    assert_int_equal(spectra_spectrum_set_peaks(spectrum, mz, intensity, count, NULL), SPECTRA_OK);
    char precursor[32];
    base_text text;
    base_text_init(&text, precursor, sizeof precursor);
    base_text_fixed(&text, mz_uth / 100 * 100 + 1000000, 6);
    sample_add_line(spectrum, ei ? "Instrument_type" : "Spectrum_type", ei ? "EI-B" : "MS2");
    sample_add_line(spectrum, "Ion_mode", "P");
    sample_add_line(spectrum, "PrecursorMZ", precursor);
    return spectrum;
}

static void name(spectra_spectrum *spectrum, uint32_t compound) {
    char bytes[] = "compound AA";
    bytes[9] = (char)('A' + compound / 26);
    bytes[10] = (char)('A' + compound % 26);
    sample_add_line(spectrum, "Name", bytes);
    sample_add_line(spectrum, "DB#", bytes);
    sample_add_line(spectrum, "Formula", compound % 3 == 0 ? "C20H24N2O" : "C17H21NO4");
}

static void add_prepared(uint64_t *hash, const spectra_prepared *p) {
    add(hash, (uint64_t)p->count << 32 | p->precursor_uth);
    for (uint32_t i = 0; i < p->count; i++) {
        if (p->recipe.kind == SPECTRA_RECIPE_NOMINAL)
            add(hash, (uint64_t)p->nominal[i] << 32 | (uint32_t)p->root[i] << 16 | p->weighted[i]);
        else
            add(hash, (uint64_t)p->mz_uth[i] << 32 | (uint32_t)p->root[i] << 16 | p->weight[i]);
    }
}

static void expect(const char *what, uint64_t hash, uint64_t expected) {
    print_message("%s: %016llx\n", what, (unsigned long long)hash);
    assert_true(hash == expected);
}

static void raw_doubles_are_prepared_to_the_committed_hash(void **state) {
    (void)state;
    static _Alignas(64) uint8_t memory[1 << 18];
    uint64_t hash = 0;
    for (uint32_t i = 0; i < 6000; i++) {
        spectra_spectrum *spectrum = measure(i % COMPOUNDS, i, false);
        for (uint32_t kind = 0; kind < 3; kind++) {
            spectra_recipe recipe;
            spectra_scratch scratch;
            const spectra_prepared *prepared;
            (kind == 0 ? spectra_recipe_nominal : kind == 1 ? spectra_recipe_windowed : spectra_recipe_open)(&recipe);
            spectra_scratch_init(&scratch, memory, sizeof memory);
            assert_int_equal(spectra_prepare(&prepared, spectrum, &recipe, &scratch, NULL), SPECTRA_OK);
            add_prepared(&hash, prepared);
        }
        spectra_spectrum_free(spectrum);
    }
    expect("prepared", hash, PREPARED);
}

static uint8_t *build(size_t *size) {
    spectra_builder *builder = sample_builder();
    for (uint32_t i = 0; i < COMPOUNDS * REPLICATES; i++) {
        spectra_spectrum *spectrum = measure(i % COMPOUNDS, i, i % 2 == 0);
        name(spectrum, i % COMPOUNDS);
        assert_int_equal(spectra_builder_add_spectrum(builder, spectrum, SPECTRA_TRACK_UNKNOWN, NULL), SPECTRA_OK);
        spectra_spectrum_free(spectrum);
    }
    uint8_t *file = sample_file(builder, size);
    spectra_builder_free(builder);
    return file;
}

static uint64_t hash_of_bytes(const uint8_t *bytes, size_t size) {
    uint64_t hash = 0;
    for (size_t i = 0; i < size; i++) add(&hash, bytes[i]);
    return hash;
}

static void add_hit(uint64_t *hash, const spectra_hit *hit) {
    add(hash, (uint64_t)hit->entry << 32 | hit->score);
    add(hash, (uint64_t)hit->reverse_score << 32 | hit->match_factor);
    add(hash, (uint64_t)hit->matched_peaks << 32 | hit->reference_peaks);
    add(hash, (uint64_t)hit->delta_mass_uda);
}

static void add_search(uint64_t *hash, const spectra_database *database, const spectra_spectrum *spectrum, uint32_t i,
                       spectra_scratch *scratch) {
    spectra_hit hits[HITS_MAX];
    spectra_search_summary summary;
    const spectra_search_options options = {.size = sizeof options,
                                            .mode = (spectra_search_mode)(i / 2 % 3),
                                            .measure = i % 4 == 0 ? SPECTRA_MEASURE_IDENTITY : SPECTRA_MEASURE_DEFAULT,
                                            .all_spectra = i / 8 % 2,
                                            .open = i % 10 == 1};
    spectra_error error;
    spectra_status status = spectra_search(hits, HITS_MAX, &summary, &database, 1, spectrum, &options, scratch, &error);
    add(hash, (uint64_t)(uint32_t)status);
    if (status < 0) return;
    add(hash, summary.hit_count);
    for (uint32_t k = 0; k < summary.hit_count; k++) add_hit(hash, &hits[k]);
}

static void add_verdict(uint64_t *hash, const spectra_database *database, const spectra_spectrum *spectrum,
                        spectra_scratch *scratch) {
    const spectra_identification *verdict;
    assert_int_equal(spectra_identify(&verdict, &database, 1, spectrum, NULL, scratch, NULL), SPECTRA_OK);
    add(hash, (uint64_t)verdict->verdict << 32 | verdict->set_count);
    for (uint32_t k = 0; k < verdict->candidate_count; k++) add_hit(hash, &verdict->candidates[k]);
    add(hash, (uint64_t)verdict->against_count << 32 | verdict->unrepresented_count);
    for (uint32_t k = 0; k < verdict->query_peak_count; k++)
        add(hash, (uint64_t)verdict->query_peaks[k].mz_uth << 32 | verdict->query_peaks[k].permille);
}

static uint64_t hash_of_answers(const spectra_database *database) {
    size_t size = spectra_identify_required(PEAKS_MAX);
    uint8_t *memory = (uint8_t *)malloc(size);
    assert_non_null(memory);
    uint64_t hash = 0;
    for (uint32_t i = 0; i < QUERIES; i++) {
        spectra_scratch scratch;
        spectra_spectrum *spectrum = measure(i % (COMPOUNDS + 4), 5000 + i, i % 2 == 0); /* some are unknown */
        spectra_scratch_init(&scratch, memory, size);
        add_search(&hash, database, spectrum, i, &scratch);
        add_verdict(&hash, database, spectrum, &scratch);
        spectra_spectrum_free(spectrum);
    }
    free(memory);
    return hash;
}

static void database_and_answers_have_the_committed_hashes(void **state) {
    (void)state;
    const uint16_t one = 1;
    if (*(const uint8_t *)&one == 0) skip(); /* databases are not opened on big-endian machines yet */
    size_t size;
    uint8_t *file = build(&size);
    spectra_database *database = sample_open(file, size);
    assert_int_equal(spectra_database_verify(database, NULL), SPECTRA_OK);
    uint64_t hash = hash_of_bytes(file, size), answers = hash_of_answers(database);
    spectra_database_close(database);
    free(file);
    expect("database", hash, DATABASE);
    expect("answers", answers, ANSWERS);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(raw_doubles_are_prepared_to_the_committed_hash),
        cmocka_unit_test(database_and_answers_have_the_committed_hashes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
