/* SPDX-License-Identifier: Apache-2.0 */
/* The parts of the reasoning about an analogue by EI: votes over shifts, hypotheses, mass, and knowledge that lies. The
   spectra are put together from the family's listed ions, not measured. */
#include "unit/identify/library.h"

#include "identify/ei_analogue.h"
#include "identify/ei_votes.h"

#define KNOWLEDGE TESTS_DIR "/../reference-spectra/knowledge"

typedef struct peaks {
    double mz[16], intensity[16];
    size_t count;
} peaks;

/* The ions of fentanyl that are listed, each with a likely intensity. */
static const peaks fentanyl = {.mz = {42, 44, 57, 77, 91, 96, 105, 132, 146, 189, 202, 245, 246},
                               .intensity = {120, 90, 140, 60, 90, 80, 150, 80, 600, 350, 90, 999, 170},
                               .count = 13};
/* The same with 18 Da more in all that keep the aniline ring: a fluorine. */
static const peaks fluoro = {.mz = {42, 44, 57, 91, 95, 96, 105, 150, 164, 207, 220, 263, 264},
                             .intensity = {120, 90, 140, 90, 60, 80, 150, 80, 600, 350, 90, 999, 170},
                             .count = 13};
/* What a drug of another kind breaks into (cocaine). */
static const peaks other = {.mz = {42, 51, 68, 77, 82, 83, 94, 96, 105, 122, 182, 198, 272, 303},
                            .intensity = {200, 60, 50, 220, 990, 380, 300, 210, 270, 90, 800, 90, 80, 180},
                            .count = 14};

static spectra_spectrum *spectrum_of(const peaks *it, const char *inchikey, const char *formula, const char *klass) {
    spectra_spectrum *spectrum;
    assert_int_equal(spectra_spectrum_create(&spectrum, NULL), SPECTRA_OK);
    sample_add_line(spectrum, "Name", inchikey ? inchikey : "unknown");
    sample_add_line(spectrum, "DB#", inchikey);
    sample_add_line(spectrum, "Instrument_type", "EI-B");
    sample_add_line(spectrum, "InChIKey", inchikey);
    sample_add_line(spectrum, "Formula", formula);
    sample_add_line(spectrum, "Class", klass);
    assert_int_equal(spectra_spectrum_set_peaks(spectrum, it->mz, it->intensity, it->count, NULL), SPECTRA_OK);
    return spectrum;
}

static void add(spectra_builder *builder, const peaks *it, const char *inchikey, const char *formula,
                const char *klass) {
    add_spectrum(builder, spectrum_of(it, inchikey, formula, klass));
}

/* Fentanyl, four made-up members with more at the aniline ring, and another drug. */
static library open_library(const char *knowledge) {
    static const struct {
        const char *inchikey, *formula;
        double more;
    } members[] = {{"AAAAAAAAAAAAAA-UHFFFAOYSA-N", "C23H30N2O", 14},
                   {"BBBBBBBBBBBBBB-UHFFFAOYSA-N", "C23H30N2O2", 30},
                   {"CCCCCCCCCCCCCC-UHFFFAOYSA-N", "C22H27ClN2O", 34},
                   {"DDDDDDDDDDDDDD-UHFFFAOYSA-N", "C22H28N2O2", 16}};
    spectra_builder *builder = sample_builder();
    if (knowledge) assert_int_equal(spectra_builder_add_knowledge(builder, knowledge, NULL), SPECTRA_OK);
    add(builder, &fentanyl, "PJMPHNIQZUBGLI-UHFFFAOYSA-N", "C22H28N2O", "fentanyl_type");
    for (size_t i = 0; i < COUNT_OF(members); i++) {
        peaks it = fentanyl;
        for (size_t k = 0; k < it.count; k++)
            if (it.mz[k] > 106 || it.mz[k] == 77) it.mz[k] += members[i].more;
        add(builder, &it, members[i].inchikey, members[i].formula, "fentanyl_type");
    }
    add(builder, &other, "ZPUCINDJVBIVPJ-LJISPDSOSA-N", "C17H21NO4", "other_drug");
    return library_of(builder);
}

/* --- Votes --- */

static void count_votes(ei_votes *votes, const library *it, const peaks *query, bool exclude) {
    static uint8_t room[1 << 20];
    spectra_scratch scratch;
    spectra_recipe recipe;
    const spectra_prepared *prepared;
    const spectra_database *database = it->database;
    spectra_identification result = {.search = {.track = SPECTRA_TRACK_EI}};
    const spectra_search_options options = {.size = sizeof options, .exclude_own_compound = exclude};
    spectra_spectrum *spectrum = spectrum_of(query, "PJMPHNIQZUBGLI-UHFFFAOYSA-N", "C22H28N2O", NULL);
    spectra_scratch_init(&scratch, room, sizeof room);
    spectra_recipe_nominal(&recipe);
    assert_int_equal(spectra_prepare(&prepared, spectrum, &recipe, &scratch, NULL), SPECTRA_OK);
    identify_case the_case = {.databases = &database,
                              .database_count = 1,
                              .spectrum = spectrum,
                              .options = &options,
                              .scratch = &scratch,
                              .result = &result};
    assert_int_equal(ei_count_votes(votes, &the_case, prepared, "fentanyl"), SPECTRA_OK);
    spectra_spectrum_free(spectrum);
}

static void a_reference_moved_as_a_whole_votes_for_its_mass_and_the_move(void **state) {
    (void)state;
    static ei_votes votes;
    library known = open_library(KNOWLEDGE);
    peaks moved = fentanyl;
    for (size_t i = 0; i < moved.count; i++) moved.mz[i] += 21;
    count_votes(&votes, &known, &moved, false);
    for (uint32_t m = 0; m < EI_VOTE_MASSES; m++)
        if (m != 336 + 21) assert_true(votes.largest[m] < votes.largest[336 + 21]);
    assert_true(votes.largest[336 + 21] > EI_VOTE_ONE / 100 * 99);
    assert_int_equal(votes.relative_count, EI_RELATIVES);
    assert_true(votes.relatives[0].score > EI_VOTE_ONE / 100 * 99);
    assert_int_equal(votes.relatives[0].entry, 0);
    close_library(&known);
}

static void what_is_left_out_does_not_vote(void **state) {
    (void)state;
    static ei_votes votes;
    library known = open_library(KNOWLEDGE);
    peaks moved = fentanyl;
    for (size_t i = 0; i < moved.count; i++) moved.mz[i] += 21;
    count_votes(&votes, &known, &moved, true);
    assert_true(votes.largest[336 + 21] < EI_VOTE_ONE / 100 * 95);
    assert_int_equal(votes.relative_count, EI_RELATIVES - 1);
    for (uint32_t i = 0; i < votes.relative_count; i++) assert_int_not_equal(votes.relatives[i].entry, 0);
    close_library(&known);
}

/* --- Hypotheses --- */

static const spectra_prepared *prepare(const peaks *it, spectra_scratch *scratch) {
    spectra_recipe recipe;
    const spectra_prepared *prepared;
    spectra_spectrum *spectrum = spectrum_of(it, NULL, NULL, NULL);
    spectra_recipe_nominal(&recipe);
    assert_int_equal(spectra_prepare(&prepared, spectrum, &recipe, scratch, NULL), SPECTRA_OK);
    spectra_spectrum_free(spectrum);
    return prepared;
}

typedef struct tally {
    const ei_model *model;
    uint32_t count, by_sites[4], different;
} tally;

/* The fragments one by one, as METHODS has it, without the tables that make it quick. */
static int32_t evidence_of(const ei_model *model, const ei_hypothesis *it, int set) {
    int32_t sum = 0;
    for (uint32_t i = 0; i < model->fragment_count; i++) {
        int32_t mz = (int32_t)model->fragment[i].mz;
        for (uint32_t c = 0; c < it->count; c++)
            if (model->mask[model->fragment[i].mask] >> it->site[c] & 1) mz += it->da[c];
        sum += ei_evidence(model, &model->fragment[i], mz, set);
    }
    return sum;
}

static void check_hypothesis(void *context, const ei_hypothesis *it) {
    tally *seen = (tally *)context;
    int32_t total = 0;
    for (uint32_t c = 0; c < it->count; c++) total += it->da[c];
    assert_int_equal(total, it->total);
    assert_in_range(it->total - EI_TOTAL_LOW, 0, EI_TOTALS - 1);
    seen->by_sites[it->count]++;
    if (seen->count++ % 97 > 0) return;
    int32_t prior = it->score[EI_MEMBERS] - evidence_of(seen->model, it, EI_MEMBERS);
    assert_true(prior < 0);
    seen->different += prior != it->score[EI_OTHERS] - evidence_of(seen->model, it, EI_OTHERS);
}

static void a_hypothesis_is_worth_its_prior_and_each_fragment_where_it_is_moved_to(void **state) {
    (void)state;
    static ei_model model;
    static uint8_t room[1 << 20];
    spectra_scratch scratch;
    library known = open_library(KNOWLEDGE);
    spectra_scratch_init(&scratch, room, sizeof room);
    assert_true(ei_model_make(&model, known.database, 0, prepare(&fluoro, &scratch)));
    tally seen = {.model = &model};
    ei_hypotheses(&model, check_hypothesis, &seen);
    assert_int_equal(seen.by_sites[0], 1);
    assert_int_equal(seen.different, 0);
    /* Six sites, any shift but none; AO may be lost as one, in two ways. */
    assert_int_equal(seen.by_sites[1], 6 * (EI_FREE_COUNT - 1) + 2);
    assert_true(seen.by_sites[2] > seen.by_sites[1] && seen.by_sites[3] > seen.by_sites[1]);
    close_library(&known);
}

/* --- Mass --- */

static void a_molecular_ion_moves_the_mass(void **state) {
    (void)state;
    static ei_model model;
    static ei_votes votes;
    static ei_masses masses;
    static ei_sum fragments[EI_TOTALS];
    static uint8_t room[1 << 20];
    library known = open_library(KNOWLEDGE);
    for (uint32_t i = 0; i < EI_TOTALS; i++) ei_sum_add(&fragments[i], 0);
    for (int32_t mass = 340; mass < 400; mass += 14) {
        spectra_scratch scratch;
        peaks query = fluoro;
        int64_t sum = 0;
        query.mz[query.count] = mass;
        query.intensity[query.count++] = 200;
        spectra_scratch_init(&scratch, room, sizeof room);
        assert_true(ei_model_make(&model, known.database, 0, prepare(&query, &scratch)));
        ei_weigh_masses(&masses, &model, fragments, &votes);
        assert_int_equal(336 + EI_TOTAL_LOW + masses.largest, mass);
        for (uint32_t i = 0; i < EI_TOTALS; i++) sum += ei_power(masses.log[i]);
        assert_in_range(sum, (1 << 30) / 20 * 19, (1 << 30) / 20 * 21);
    }
    close_library(&known);
}

/* --- Logarithms --- */

static void sums_of_powers_are_kept_as_logarithms(void **state) {
    (void)state;
    ei_sum sum = {0};
    assert_int_equal(ei_log(1), 0);
    assert_int_equal(ei_power(0), 1 << 30);
    assert_int_equal(ei_sum_log(&sum), INT32_MIN / 2);
    for (int i = 0; i < 20; i++) ei_sum_add(&sum, i % 2 ? 1000 : -2000);
    assert_int_equal(ei_sum_log(&sum), 1000 + 74); /* 32·ln 10 = 73.7 */
}

/* --- Knowledge that lies --- */

static const sample_record records[] = {
    {"F-1", "first", "AAAAAAAAAAAAAA-UHFFFAOYSA-N", "C10H12N2O", "EI", NULL, NULL, "fentanyl_type", "D", 9, 1},
    {"F-2", "second", "BBBBBBBBBBBBBB-UHFFFAOYSA-N", "C11H14N2O", "EI", NULL, NULL, NULL, NULL, 7, 2},
};
static const sample_record wanted = {"Q-1", "query", NULL, NULL, "EI", NULL, NULL, NULL, NULL, 12, 3};

static uint8_t *made_up_file(size_t *size) {
    spectra_builder *builder = sample_builder();
    assert_int_equal(spectra_builder_add_knowledge(builder, SAMPLE_KNOWLEDGE, NULL), SPECTRA_OK);
    for (size_t i = 0; i < COUNT_OF(records); i++) assert_int_equal(sample_add(builder, &records[i], NULL), SPECTRA_OK);
    uint8_t *file = sample_file(builder, size);
    spectra_builder_free(builder);
    return file;
}

static void check_answer(const spectra_database *database, const spectra_spectrum *query) {
    const spectra_identification *result;
    spectra_status status = try_to_ask(&result, database, query, NULL);
    assert_true(status == SPECTRA_OK || status == SPECTRA_E_CORRUPT);
    if (status == SPECTRA_OK) {
        assert_true(result->molecular_mass.value_da <= 4096 + 260);
        assert_true(result->class_permille <= 999 && result->relative_count <= EI_RELATIVES);
        for (uint32_t i = 0; i < result->relative_count; i++)
            assert_in_range(result->relatives[i].entry, 0, COUNT_OF(records) - 1);
        for (uint32_t i = 0; i < result->modification.site_set_count; i++)
            assert_in_range(result->modification.site_sets[i].count, 0, SPECTRA_MODIFIED_SITES);
    }
    free(bytes);
}

/* Digests are not looked at when a database is opened: the content lies to the query itself. */
static void no_word_of_the_knowledge_leads_beyond_it(void **state) {
    (void)state;
    static const char *const sections[] = {"families",    "sites",       "fragments", "deltas",
                                           "intensities", "backgrounds", "parameters"};
    static const uint32_t lies[] = {0, 1, 255, 0x7fffffff, 0x80000000, 0xffffffff};
    size_t size;
    uint8_t *file = made_up_file(&size);
    spectra_spectrum *query = sample_spectrum(&wanted);
    spectra_database *database = sample_open(file, size);
    for (size_t s = 0; s < COUNT_OF(sections); s++) {
        spectra_section section = sample_section(database, sections[s], SPECTRA_TRACK_UNKNOWN);
        uint64_t end = section.size < 400 ? section.size : 400;
        for (uint64_t at = section.offset; at < section.offset + end; at += 4) {
            uint32_t truth = base_get32(file + at);
            for (size_t i = 0; i < COUNT_OF(lies); i++) {
                base_put32(file + at, lies[i]);
                check_answer(database, query);
            }
            base_put32(file + at, truth);
        }
    }
    spectra_database_close(database);
    spectra_spectrum_free(query);
    free(file);
}

static void a_made_up_family_is_named_by_its_own_parameters(void **state) {
    (void)state;
    size_t size;
    uint8_t *file = made_up_file(&size);
    spectra_database *database = sample_open(file, size);
    spectra_spectrum *query = sample_spectrum(&wanted);
    const spectra_identification *result;
    assert_int_equal(try_to_ask(&result, database, query, NULL), SPECTRA_OK);
    assert_string_equal(result->class_evidence.family, "made-up");
    assert_int_equal(result->class_evidence.threshold, 0);
    assert_int_equal(result->verdict, SPECTRA_VERDICT_CLASS_ONLY);
    assert_true(result->modification.site_set_count > 0);
    free(bytes);
    spectra_database_close(database);
    spectra_spectrum_free(query);
    free(file);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_reference_moved_as_a_whole_votes_for_its_mass_and_the_move),
        cmocka_unit_test(what_is_left_out_does_not_vote),
        cmocka_unit_test(a_hypothesis_is_worth_its_prior_and_each_fragment_where_it_is_moved_to),
        cmocka_unit_test(a_molecular_ion_moves_the_mass),
        cmocka_unit_test(sums_of_powers_are_kept_as_logarithms),
        cmocka_unit_test(no_word_of_the_knowledge_leads_beyond_it),
        cmocka_unit_test(a_made_up_family_is_named_by_its_own_parameters),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
