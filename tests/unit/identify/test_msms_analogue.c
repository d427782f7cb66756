/* SPDX-License-Identifier: Apache-2.0 */
/* Analogues that no database holds, from fragments: spectra put together from the family's listed ions, not measured.
 */
#include "unit/identify/library.h"

#define KNOWLEDGE TESTS_DIR "/../reference-spectra/knowledge"
#define CHLORO 33.961028
#define METHYLENE 14.015650

typedef struct ions {
    const char *precursor, *adduct, *polarity, *inchikey;
    double mz[8];
    size_t count;
} ions;

/* para-Chloro acetyl fentanyl: chlorine on the aniline ring, acetyl in place of propionyl. */
static const ions chloro_acetyl = {
    .precursor = "357.17282",
    .adduct = "[M+H]+",
    .polarity = "P",
    .mz = {84.08078, 105.06988, 134.09643, 188.14338, 216.13829 + CHLORO - METHYLENE, 281.20123 + CHLORO},
    .count = 6};
/* What a drug of another kind breaks into (cocaine). */
static const ions other_drug = {.precursor = "304.15433",
                                .adduct = "[M+H]+",
                                .polarity = "P",
                                .mz = {82.06513, 105.03349, 150.09134, 182.11756},
                                .count = 4};
static const ions fentanyl = {.precursor = "337.22744",
                              .adduct = "[M+H]+",
                              .polarity = "P",
                              .inchikey = "PJMPHNIQZUBGLI-UHFFFAOYSA-N",
                              .mz = {84.08078, 105.06988, 134.09643, 188.14338, 216.13829},
                              .count = 5};

/* N-Pyrrolidino protonitazene: pyrrolidine at N, propoxy in place of ethoxy at R. */
static const ions nitazene = {.precursor = "409.22342",
                              .adduct = "[M+H]+",
                              .polarity = "P",
                              .mz = {44.04948, 70.06513, 72.04439, 98.09643, 107.04914, 149.09609},
                              .count = 6};

static spectra_spectrum *spectrum_of(const ions *it, const char *substance_class) {
    static const double intensity[8] = {120, 600, 90, 999, 260, 340, 50, 40};
    spectra_spectrum *spectrum;
    assert_int_equal(spectra_spectrum_create(&spectrum, NULL), SPECTRA_OK);
    sample_add_line(spectrum, "Name", "simulated");
    sample_add_line(spectrum, "DB#", "S-1");
    sample_add_line(spectrum, "Spectrum_type", it->precursor ? "MS2" : "in-source");
    sample_add_line(spectrum, "InChIKey", it->inchikey);
    sample_add_line(spectrum, "Ion_mode", it->polarity);
    sample_add_line(spectrum, "PrecursorMZ", it->precursor);
    sample_add_line(spectrum, "Precursor_type", it->adduct);
    sample_add_line(spectrum, "Class", substance_class);
    assert_int_equal(spectra_spectrum_set_peaks(spectrum, it->mz, intensity, it->count, NULL), SPECTRA_OK);
    return spectrum;
}

/* A drug, and where that is asked for fentanyl. */
static library open_library(const char *knowledge, const char *fentanyl_class, bool insource) {
    spectra_builder *builder = sample_builder();
    if (knowledge) assert_int_equal(spectra_builder_add_knowledge(builder, knowledge, NULL), SPECTRA_OK);
    const struct {
        const ions *it;
        const char *substance_class;
    } known[] = {{&other_drug, "other_drug"}, {&fentanyl, fentanyl_class}};
    for (size_t i = 0; i < (fentanyl_class ? 2 : 1); i++) {
        ions it = *known[i].it;
        if (insource) it.precursor = NULL;
        add_spectrum(builder, spectrum_of(&it, known[i].substance_class));
    }
    return library_of(builder);
}

static const spectra_identification *ask(const library *it, const ions *query, const spectra_search_options *options) {
    return ask_of(it, spectrum_of(query, NULL), options);
}

static void expect_chloro_acetyl(const spectra_identification *result) {
    assert_int_equal(result->verdict, SPECTRA_VERDICT_CLASS_ONLY);
    assert_string_equal(result->class_name, "fentanyl-related");
    assert_in_range(result->class_permille, 900, 1000);
    const spectra_modification *modification = &result->modification;
    assert_string_equal(modification->parent, "fentanyl");
    assert_in_range(modification->delta_uda, 19945000, 19946000);
    assert_string_equal(modification->formula, "C-1H-3Cl+1");
    assert_in_range(modification->formula_permille, 900, 1000);
    const spectra_site_set *best = &modification->site_sets[0];
    assert_int_equal(best->count, 2);
    assert_string_equal(best->sites[0].label, "D");
    assert_string_equal(best->sites[0].words, "aniline ring");
    assert_string_equal(best->sites[0].formula, "Cl+1H-1");
    assert_string_equal(best->sites[1].label, "E");
    assert_string_equal(best->sites[1].formula, "C-1H-2");
    assert_in_range(best->permille, 500, 1000);
    assert_in_range(modification->credible_count, 1, modification->site_set_count);
    assert_int_equal(result->molecular_mass.value_da, 356);
}

static void an_analogue_in_no_database_is_named_by_family_mass_and_sites(void **state) {
    (void)state;
    library drugs = open_library(KNOWLEDGE, NULL, false);
    const spectra_identification *result = ask(&drugs, &chloro_acetyl, NULL);
    expect_chloro_acetyl(result);
    assert_int_equal(result->molecular_mass.origin, SPECTRA_MASS_GIVEN);
    assert_int_equal(result->molecular_mass.permille, 1000);
    assert_int_equal(result->relative_count, 0);
    assert_int_equal(result->class_evidence.references, 0);
    free(bytes);
    close_library(&drugs);
}

static void the_ions_that_say_so_are_told_with_what_they_keep_and_what_is_absent(void **state) {
    (void)state;
    library drugs = open_library(KNOWLEDGE, NULL, false);
    const spectra_identification *result = ask(&drugs, &chloro_acetyl, NULL);
    const spectra_explained_ion *ion = result->explained;
    assert_int_equal(result->explained_count, 26);
    assert_int_equal(ion[0].mz_uth, 188143380);
    assert_string_equal(ion[0].fragment, "C13H18N+");
    assert_string_equal(ion[0].kept, "ABC");
    assert_int_equal(ion[0].permille, 1000);
    assert_true(ion[0].contribution > 0);
    uint32_t shifted = 0, absent = 0;
    for (uint32_t i = 0; i < result->explained_count; i++) {
        if (i > 0) assert_true(ion[i].contribution <= ion[i - 1].contribution);
        assert_int_equal(ion[i].permille == 0, ion[i].contribution == 0);
        absent += ion[i].permille == 0;
        if (ion[i].permille == 260) {
            shifted++;
            assert_int_equal(ion[i].parent_uth, 216138290);
            assert_string_equal(ion[i].kept, "CDE");
            assert_in_range(ion[i].error_uth + 100, 0, 200);
        }
    }
    assert_int_equal(shifted, 1);
    assert_in_range(absent, 15, 20);
    free(bytes);
    close_library(&drugs);
}

static void a_known_member_is_told_as_a_relative_and_left_out_when_asked(void **state) {
    (void)state;
    library with_fentanyl = open_library(KNOWLEDGE, "fentanyl_type", false);
    const spectra_identification *result = ask(&with_fentanyl, &chloro_acetyl, NULL);
    expect_chloro_acetyl(result);
    assert_int_equal(result->relative_count, 1);
    assert_int_equal(result->relatives[0].delta_mass_uda, 357172820 - 337227440);
    assert_int_equal(result->relatives[0].matched_peaks, 5);
    assert_int_equal(result->class_evidence.references, 1);
    assert_int_equal(result->class_evidence.likeness, result->relatives[0].score);
    free(bytes);
    const spectra_search_options alone = {.size = sizeof alone, .exclude_own_compound = 1};
    ions same_compound = chloro_acetyl;
    same_compound.inchikey = fentanyl.inchikey;
    result = ask(&with_fentanyl, &same_compound, &alone);
    expect_chloro_acetyl(result);
    assert_int_equal(result->class_evidence.references, 0);
    free(bytes);
    close_library(&with_fentanyl);
}

static void a_set_of_the_family_says_what_it_is_against_the_parent(void **state) {
    (void)state;
    library with_fentanyl = open_library(KNOWLEDGE, "fentanyl_type", false);
    const spectra_identification *result = ask(&with_fentanyl, &fentanyl, NULL);
    assert_true(result->set_count == 1);
    assert_true(result->verdict == SPECTRA_VERDICT_SUPPORTED || result->verdict == SPECTRA_VERDICT_NOT_DISTINGUISHED);
    assert_string_equal(result->class_name, "fentanyl-related");
    assert_in_range(result->class_permille, 900, 1000);
    assert_int_equal(result->modification.site_sets[0].count, 0);
    assert_string_equal(result->modification.formula, "");
    assert_int_equal(result->modification.formula_permille, 1000);
    free(bytes);
    close_library(&with_fentanyl);
}

static void another_drug_is_not_called_one_of_the_family(void **state) {
    (void)state;
    library with_fentanyl = open_library(KNOWLEDGE, "fentanyl_type", false);
    const spectra_search_options alone = {.size = sizeof alone, .exclude_own_compound = 1};
    ions unknown = other_drug;
    unknown.precursor = "318.16998";
    const spectra_identification *result = ask(&with_fentanyl, &unknown, &alone);
    assert_null(result->class_name);
    assert_int_equal(result->class_permille, 0);
    assert_int_equal(result->relative_count, 0);
    assert_int_equal(result->modification.site_set_count, 0);
    assert_int_equal(result->explained_count, 0);
    assert_int_equal(result->molecular_mass.value_da, 0);
    assert_string_equal(result->class_evidence.family, "fentanyl-related");
    assert_true(result->class_evidence.logit < result->class_evidence.threshold);
    free(bytes);
    close_library(&with_fentanyl);
}

static bool is_said(const spectra_identification *result, const char *words) {
    bool said = false;
    for (uint32_t i = 0; i < result->warning_count; i++) said |= strstr(result->warnings[i], words) != NULL;
    return said;
}

static void another_family_is_named_by_its_tables_and_without_odds_where_none_was_measured(void **state) {
    (void)state;
    library drugs = open_library(KNOWLEDGE, "fentanyl_type", false);
    const spectra_identification *result = ask(&drugs, &nitazene, NULL);
    const spectra_site_set *best = &result->modification.site_sets[0];
    assert_int_equal(result->verdict, SPECTRA_VERDICT_CLASS_ONLY);
    assert_string_equal(result->class_name, "nitazene-related");
    assert_int_equal(result->class_permille, 0);
    assert_true(is_said(result, "never held against a measured spectrum"));
    assert_string_equal(result->modification.parent, "etonitazene");
    assert_string_equal(result->modification.formula, "C+1");
    assert_int_equal(best->count, 2);
    assert_string_equal(best->sites[0].label, "N");
    assert_string_equal(best->sites[0].formula, "H-2");
    assert_string_equal(best->sites[1].label, "R");
    assert_string_equal(best->sites[1].formula, "C+1H+2");
    free(bytes);
    result = ask(&drugs, &chloro_acetyl, NULL);
    expect_chloro_acetyl(result);
    assert_false(is_said(result, "never held against a measured spectrum"));
    free(bytes);
    close_library(&drugs);
}

static void the_molecule_is_found_behind_other_adducts(void **state) {
    (void)state;
    static const char *const adducts[][2] = {{"379.15477", "[M+Na]+"}, {"374.19937", "[M+NH4]+"}};
    library drugs = open_library(KNOWLEDGE, NULL, false);
    for (size_t i = 0; i < COUNT_OF(adducts); i++) {
        ions query = chloro_acetyl;
        query.precursor = adducts[i][0];
        query.adduct = adducts[i][1];
        expect_chloro_acetyl(ask(&drugs, &query, NULL));
        free(bytes);
    }
    close_library(&drugs);
}

static void a_missing_adduct_is_inferred_and_said(void **state) {
    (void)state;
    library drugs = open_library(KNOWLEDGE, NULL, false);
    ions query = chloro_acetyl;
    query.adduct = NULL;
    const spectra_identification *result = ask(&drugs, &query, NULL);
    expect_chloro_acetyl(result);
    assert_int_equal(result->molecular_mass.origin, SPECTRA_MASS_INFERRED);
    assert_int_equal(result->molecular_mass.permille, result->class_permille);
    assert_true(is_said(result, "states no adduct"));
    free(bytes);
    close_library(&drugs);
}

/* In-source spectra select no precursor: the protonated molecule is one of the peaks, and there may be others. */
static void a_protonated_molecule_is_sought_among_the_peaks(void **state) {
    (void)state;
    library drugs = open_library(KNOWLEDGE, NULL, true);
    ions query = chloro_acetyl;
    query.precursor = NULL;
    query.mz[6] = 357.17282;
    query.mz[7] = 391.2845;
    query.count = 8;
    const spectra_identification *result = ask(&drugs, &query, NULL);
    expect_chloro_acetyl(result);
    assert_int_equal(result->molecular_mass.origin, SPECTRA_MASS_OBSERVED);
    free(bytes);
    close_library(&drugs);
}

static void expect_silence(const library *it, const ions *query) {
    const spectra_identification *result = ask(it, query, NULL);
    assert_null(result->class_name);
    assert_null(result->class_evidence.family);
    assert_int_equal(result->modification.site_set_count, 0);
    free(bytes);
}

static void ions_of_several_molecules_or_charges_say_nothing(void **state) {
    (void)state;
    library drugs = open_library(KNOWLEDGE, NULL, false);
    static const char *const adducts[] = {"[2M+H]+", "[M+2H]2+", "M+H"};
    for (size_t i = 0; i < COUNT_OF(adducts); i++) {
        ions query = chloro_acetyl;
        query.adduct = adducts[i];
        expect_silence(&drugs, &query);
    }
    close_library(&drugs);
}

static void without_knowledge_nothing_is_said_of_a_family(void **state) {
    (void)state;
    library ignorant = open_library(NULL, "fentanyl_type", false);
    expect_silence(&ignorant, &chloro_acetyl);
    close_library(&ignorant);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_analogue_in_no_database_is_named_by_family_mass_and_sites),
        cmocka_unit_test(the_ions_that_say_so_are_told_with_what_they_keep_and_what_is_absent),
        cmocka_unit_test(a_known_member_is_told_as_a_relative_and_left_out_when_asked),
        cmocka_unit_test(a_set_of_the_family_says_what_it_is_against_the_parent),
        cmocka_unit_test(another_drug_is_not_called_one_of_the_family),
        cmocka_unit_test(another_family_is_named_by_its_tables_and_without_odds_where_none_was_measured),
        cmocka_unit_test(the_molecule_is_found_behind_other_adducts),
        cmocka_unit_test(a_missing_adduct_is_inferred_and_said),
        cmocka_unit_test(a_protonated_molecule_is_sought_among_the_peaks),
        cmocka_unit_test(ions_of_several_molecules_or_charges_say_nothing),
        cmocka_unit_test(without_knowledge_nothing_is_said_of_a_family),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
