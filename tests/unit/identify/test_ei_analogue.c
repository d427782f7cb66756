/* SPDX-License-Identifier: Apache-2.0 */
/* Analogues that no database holds, from nominal masses: spectra put together from the family's listed ions, not
   measured. */
#include "unit/identify/library.h"

#define KNOWLEDGE TESTS_DIR "/../reference-spectra/knowledge"

/* Nominal gains at the sites of the family: aromatic end of the N1 substituent, aniline ring, acyl group. */
typedef struct gains {
    int a, d, e;
} gains;

typedef struct ion {
    int mz;
    const char *kept;
    double intensity;
} ion;

static const ion ions[] = {
    {42, "", 120},   {57, "E", 130},  {77, "D", 90},    {82, "", 60},    {91, "A", 160},   {93, "D", 40},
    {96, "", 60},    {105, "A", 220}, {118, "D", 40},   {132, "D", 90},  {146, "D", 690},  {158, "D", 70},
    {189, "D", 340}, {190, "D", 50},  {202, "DE", 130}, {216, "DE", 20}, {245, "DE", 999}, {246, "DE", 170},
};

static int shifted(const ion *it, const gains *gained) {
    return it->mz + (strchr(it->kept, 'A') ? gained->a : 0) + (strchr(it->kept, 'D') ? gained->d : 0) +
           (strchr(it->kept, 'E') ? gained->e : 0);
}

static spectra_spectrum *member(const gains *gained, const char *name, const char *inchikey, const char *formula) {
    spectra_spectrum *spectrum;
    double mz[COUNT_OF(ions)], intensity[COUNT_OF(ions)];
    for (size_t i = 0; i < COUNT_OF(ions); i++) {
        mz[i] = shifted(&ions[i], gained);
        intensity[i] = ions[i].intensity;
    }
    assert_int_equal(spectra_spectrum_create(&spectrum, NULL), SPECTRA_OK);
    sample_add_line(spectrum, "Name", name);
    sample_add_line(spectrum, "DB#", name);
    sample_add_line(spectrum, "Instrument_type", "EI-B");
    sample_add_line(spectrum, "InChIKey", inchikey);
    sample_add_line(spectrum, "Formula", formula);
    sample_add_line(spectrum, "Class", inchikey ? "fentanyl_type" : NULL);
    assert_int_equal(spectra_spectrum_set_peaks(spectrum, mz, intensity, COUNT_OF(ions), NULL), SPECTRA_OK);
    return spectrum;
}

static spectra_spectrum *other_drug(void) {
    static const double mz[] = {42, 51, 77, 82, 83, 94, 96, 97, 105, 122, 150, 152, 182, 183, 198, 272, 303, 304},
                        intensity[] = {150, 40, 180, 720, 250, 350, 260, 90,  220,
                                       70,  30, 30,  999, 110, 80,  60,  190, 40};
    spectra_spectrum *spectrum;
    assert_int_equal(spectra_spectrum_create(&spectrum, NULL), SPECTRA_OK);
    sample_add_line(spectrum, "Name", "drug");
    sample_add_line(spectrum, "DB#", "drug");
    sample_add_line(spectrum, "Instrument_type", "EI-B");
    sample_add_line(spectrum, "Formula", "C17H21NO4");
    assert_int_equal(spectra_spectrum_set_peaks(spectrum, mz, intensity, COUNT_OF(mz), NULL), SPECTRA_OK);
    return spectrum;
}

static library open_library(bool knowing) {
    static const struct {
        gains gained;
        const char *name, *inchikey, *formula;
    } known[] = {
        {{0, 0, 0}, "fentanyl", "AAAAAAAAAAAAAA-UHFFFAOYSA-N", "C22H28N2O"},
        {{14, 0, -14}, "methyl acetyl", "BBBBBBBBBBBBBB-UHFFFAOYSA-N", "C22H28N2O"},
        {{0, 18, -14}, "fluoro acetyl", "CCCCCCCCCCCCCC-UHFFFAOYSA-N", "C21H25FN2O"},
        {{0, 14, -14}, "tolyl acetyl", "DDDDDDDDDDDDDD-UHFFFAOYSA-N", "C22H28N2O"},
        {{0, 0, -14}, "acetyl", "EEEEEEEEEEEEEE-UHFFFAOYSA-N", "C21H26N2O"},
        {{0, 0, 14}, "butyryl", "FFFFFFFFFFFFFF-UHFFFAOYSA-N", "C23H30N2O"},
    };
    spectra_builder *builder = sample_builder();
    if (knowing) assert_int_equal(spectra_builder_add_knowledge(builder, KNOWLEDGE, NULL), SPECTRA_OK);
    add_spectrum(builder, other_drug());
    for (size_t i = 0; i < COUNT_OF(known); i++)
        add_spectrum(builder, member(&known[i].gained, known[i].name, known[i].inchikey, known[i].formula));
    return library_of(builder);
}

/* Takes the spectrum. */
static const spectra_identification *ask(const library *it, spectra_spectrum *spectrum, uint32_t mass_da) {
    const spectra_search_options options = {.size = sizeof options, .mass_da = mass_da};
    return ask_of(it, spectrum, &options);
}

static const gains chloro_acetyl = {0, 34, -14};

static void expect_chloro_acetyl(const spectra_identification *result) {
    assert_int_equal(result->verdict, SPECTRA_VERDICT_CLASS_ONLY);
    assert_string_equal(result->class_name, "fentanyl-related");
    assert_in_range(result->class_permille, 500, 999);
    const spectra_modification *modification = &result->modification;
    assert_string_equal(modification->parent, "fentanyl");
    assert_int_equal(modification->delta_uda, 20000000);
    const spectra_site_set *best = &modification->site_sets[0];
    assert_int_equal(best->count, 2);
    assert_string_equal(best->sites[0].label, "D");
    assert_int_equal(best->sites[0].delta_uda, 34000000);
    assert_string_equal(best->sites[0].formula, "H-1Cl+1");
    assert_string_equal(best->sites[1].label, "E");
    assert_int_equal(best->sites[1].delta_uda, -14000000);
    assert_in_range(best->permille, 500, 999);
    assert_in_range(modification->credible_count, 1, modification->site_set_count);
    assert_int_equal(result->molecular_mass.value_da, 356);
}

static void an_analogue_in_no_database_is_named_by_family_mass_and_sites(void **state) {
    (void)state;
    library known = open_library(true);
    const spectra_identification *result = ask(&known, member(&chloro_acetyl, "?", NULL, NULL), 356);
    expect_chloro_acetyl(result);
    assert_int_equal(result->molecular_mass.origin, SPECTRA_MASS_GIVEN);
    assert_int_equal(result->molecular_mass.permille, 1000);
    free(bytes);
    result = ask(&known, member(&chloro_acetyl, "?", NULL, NULL), 0);
    expect_chloro_acetyl(result);
    assert_int_equal(result->molecular_mass.origin, SPECTRA_MASS_INFERRED);
    assert_in_range(result->molecular_mass.permille, 100, 999);
    free(bytes);
    close_library(&known);
}

static void masses_are_listed_by_probability_until_they_hold_95_percent(void **state) {
    (void)state;
    library known = open_library(true);
    const spectra_molecular_mass *mass = &ask(&known, member(&chloro_acetyl, "?", NULL, NULL), 0)->molecular_mass;
    uint32_t held = 0;
    assert_in_range(mass->candidate_count, 1, 32);
    assert_int_equal(mass->candidates[0].value_da, mass->value_da);
    assert_int_equal(mass->candidates[0].permille, mass->permille);
    for (uint32_t i = 0; i < mass->candidate_count; i++) {
        if (i > 0) assert_true(mass->candidates[i].permille <= mass->candidates[i - 1].permille);
        for (uint32_t k = 0; k < i; k++)
            assert_int_not_equal(mass->candidates[k].value_da, mass->candidates[i].value_da);
        if (i < mass->credible_count) assert_true(held < 950);
        held += mass->candidates[i].permille;
        if (i + 1 == mass->credible_count) assert_true(held >= 950);
    }
    assert_int_equal(mass->credible_count > 0, held >= 950);
    free(bytes);
    mass = &ask(&known, member(&chloro_acetyl, "?", NULL, NULL), 356)->molecular_mass;
    assert_int_equal(mass->candidate_count, 0);
    free(bytes);
    close_library(&known);
}

static void the_evidence_for_the_family_is_told(void **state) {
    (void)state;
    library known = open_library(true);
    const spectra_class_evidence *evidence = &ask(&known, member(&chloro_acetyl, "?", NULL, NULL), 0)->class_evidence;
    assert_string_equal(evidence->family, "fentanyl-related");
    assert_true(evidence->fragments > 0 && evidence->logit >= evidence->threshold);
    assert_int_equal(evidence->references, 1);
    assert_true(evidence->likeness > evidence->mean_likeness && evidence->mean_likeness > 1 << 29);
    free(bytes);
    close_library(&known);
}

static void the_nearest_members_are_told_with_the_difference_of_the_masses(void **state) {
    (void)state;
    library known = open_library(true);
    const spectra_identification *result = ask(&known, member(&chloro_acetyl, "?", NULL, NULL), 356);
    uint32_t parents = 0;
    assert_int_equal(result->relative_count, 5);
    for (uint32_t i = 0; i < result->relative_count; i++) {
        const spectra_hit *hit = &result->relatives[i];
        if (i > 0) assert_true(hit->score <= hit[-1].score);
        assert_true(hit->has_delta_mass);
        spectra_entry entry;
        assert_int_equal(spectra_database_entry(known.database, hit->entry, &entry), SPECTRA_OK);
        assert_string_not_equal(entry.name, "drug");
        if (strcmp(entry.name, "fentanyl") != 0) continue;
        assert_int_equal(hit->delta_mass_uda, 20000000);
        parents++;
    }
    assert_int_equal(parents, 1);
    free(bytes);
    close_library(&known);
}

static void the_ions_that_say_so_are_told_with_what_they_keep(void **state) {
    (void)state;
    library known = open_library(true);
    const spectra_identification *result = ask(&known, member(&chloro_acetyl, "?", NULL, NULL), 356);
    bool base_peak = false;
    assert_in_range(result->explained_count, 10, 20);
    for (uint32_t i = 0; i < result->explained_count; i++) {
        const spectra_explained_ion *it = &result->explained[i];
        if (i > 0) assert_true(abs(it->contribution) <= abs(it[-1].contribution));
        if (it->parent_uth != 245000000) continue;
        base_peak = true;
        assert_int_equal(it->mz_uth, 265000000);
        assert_int_equal(it->permille, 1000);
        assert_string_equal(it->kept, "BCDE");
        assert_true(it->contribution > 0);
    }
    assert_true(base_peak);
    free(bytes);
    close_library(&known);
}

static void isotope_labels_are_no_modification_and_said(void **state) {
    (void)state;
    static const gains labelled = {0, 0, 5};
    library known = open_library(true);
    const spectra_identification *result = ask(&known, member(&labelled, "?", NULL, NULL), 341);
    bool said = false;
    assert_int_equal(result->modification.delta_uda, 5000000);
    assert_int_equal(result->modification.site_sets[0].count, 0);
    for (uint32_t i = 0; i < result->warning_count; i++)
        said |= strstr(result->warnings[i], "5 Da at site E as by isotope labels") != NULL;
    assert_true(said);
    free(bytes);
    close_library(&known);
}

/* No analogue of the family weighs that much: the family stands, its sites are not told. */
static void a_mass_out_of_the_question_leaves_the_sites_untold(void **state) {
    (void)state;
    library known = open_library(true);
    const spectra_identification *result = ask(&known, member(&chloro_acetyl, "?", NULL, NULL), 4095);
    assert_string_equal(result->class_name, "fentanyl-related");
    assert_int_equal(result->molecular_mass.value_da, 4095);
    assert_int_equal(result->modification.site_set_count, 0);
    assert_int_equal(result->explained_count, 0);
    free(bytes);
    close_library(&known);
}

static void another_drug_is_not_called_one_of_the_family(void **state) {
    (void)state;
    library known = open_library(true);
    const spectra_identification *result = ask(&known, other_drug(), 303);
    assert_true(!result->class_name || result->verdict != SPECTRA_VERDICT_CLASS_ONLY);
    assert_int_equal(result->class_permille, 0);
    assert_int_equal(result->modification.site_set_count, 0);
    assert_int_equal(result->relative_count, 0);
    assert_int_equal(result->molecular_mass.value_da, 303);
    assert_true(result->class_evidence.logit < result->class_evidence.threshold);
    free(bytes);
    close_library(&known);
}

static void without_knowledge_nothing_is_said_of_a_family(void **state) {
    (void)state;
    library ignorant = open_library(false);
    const spectra_identification *result = ask(&ignorant, member(&chloro_acetyl, "?", NULL, NULL), 356);
    assert_null(result->class_evidence.family);
    assert_int_equal(result->class_permille, 0);
    assert_int_equal(result->modification.site_set_count, 0);
    assert_int_equal(result->molecular_mass.value_da, 356);
    free(bytes);
    close_library(&ignorant);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_analogue_in_no_database_is_named_by_family_mass_and_sites),
        cmocka_unit_test(masses_are_listed_by_probability_until_they_hold_95_percent),
        cmocka_unit_test(the_evidence_for_the_family_is_told),
        cmocka_unit_test(the_nearest_members_are_told_with_the_difference_of_the_masses),
        cmocka_unit_test(the_ions_that_say_so_are_told_with_what_they_keep),
        cmocka_unit_test(isotope_labels_are_no_modification_and_said),
        cmocka_unit_test(a_mass_out_of_the_question_leaves_the_sites_untold),
        cmocka_unit_test(another_drug_is_not_called_one_of_the_family),
        cmocka_unit_test(without_knowledge_nothing_is_said_of_a_family),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
