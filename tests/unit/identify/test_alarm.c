/* SPDX-License-Identifier: Apache-2.0 */
/* Three states of an alarm, from verdicts made by hand. */
#include "spectra/alarm.h"
#include "unit/identify/library.h"

#define FENTANYL "PJMPHNIQZUBGLI-UHFFFAOYSA-N"
#define COCAINE "ZPUCINDJVBIVPJ-LJISPDSOSA-N"

static const spectra_substance substances[] = {
    {.name = "fentanyl", .inchikey = FENTANYL, .formula = "C22H28N2O", .substance_class = "fentanyl_type"},
    {.name = "cocaine", .inchikey = COCAINE, .formula = "C17H21NO4", .substance_class = "other_drug"},
    {.name = "twin",
     .inchikey = "AAAAAAAAAAAAAA-UHFFFAOYSA-N",
     .formula = "C17H21NO4",
     .substance_class = "other_drug"},
};

static library known;

static int open_library(void **state) {
    (void)state;
    spectra_builder *builder = sample_builder();
    for (size_t i = 0; i < COUNT_OF(substances); i++)
        assert_int_equal(spectra_builder_add_substance(builder, &substances[i], NULL), SPECTRA_OK);
    known = library_of(builder);
    return 0;
}

static int close(void **state) {
    (void)state;
    close_library(&known);
    return 0;
}

/* A verdict whose set has `count` of these substances and that names a class or none. */
static spectra_alarm judge(const uint32_t *set, uint32_t count, uint32_t unrepresented, const char *class_name) {
    static const char *const keys[] = {"ZPUCINDJVBIVPJ-UHFFFAOYSA-N"}; /* the block is what counts */
    static const char *const classes[] = {"fentanyl-related", "fentanyl_type"};
    const spectra_targets targets = {
        .size = sizeof targets, .inchikeys = keys, .inchikey_count = 1, .classes = classes, .class_count = 2};
    spectra_hit hits[3] = {0};
    spectra_substance_ref isomer = {0, unrepresented};
    for (uint32_t i = 0; i < count; i++) hits[i].substance = set[i];
    const spectra_identification identification = {.candidates = hits,
                                                   .candidate_count = count,
                                                   .set_count = count,
                                                   .unrepresented = &isomer,
                                                   .unrepresented_count = unrepresented != UINT32_MAX,
                                                   .class_name = class_name};
    const spectra_database *database = known.database;
    spectra_alarm alarm;
    assert_int_equal(spectra_alarm_judge(&alarm, &identification, &database, 1, &targets), SPECTRA_OK);
    return alarm;
}

static void one_target_among_the_set_is_an_alarm(void **state) {
    (void)state;
    spectra_alarm alarm = judge((uint32_t[]){2, 1}, 2, UINT32_MAX, NULL);
    assert_int_equal(alarm.state, SPECTRA_ALARM_TARGET);
    assert_int_equal(alarm.target_count, 1);
    assert_int_equal(alarm.set_count, 2);
    assert_int_equal(alarm.target.substance, 1);
    assert_null(alarm.class_name);
}

static void a_target_that_nobody_measured_is_an_alarm(void **state) {
    (void)state;
    spectra_alarm alarm = judge((uint32_t[]){2}, 1, 1, NULL);
    assert_int_equal(alarm.state, SPECTRA_ALARM_TARGET);
    assert_int_equal(alarm.set_count, 2);
}

static void a_targets_class_is_a_class_alarm(void **state) {
    (void)state;
    spectra_alarm alarm = judge(NULL, 0, UINT32_MAX, "fentanyl-related");
    assert_int_equal(alarm.state, SPECTRA_ALARM_CLASS);
    assert_string_equal(alarm.class_name, "fentanyl-related");
    alarm = judge((uint32_t[]){0}, 1, UINT32_MAX, NULL); /* by the class of the substance */
    assert_int_equal(alarm.state, SPECTRA_ALARM_CLASS);
    assert_string_equal(alarm.class_name, "fentanyl_type");
}

static void what_is_no_target_is_clear(void **state) {
    (void)state;
    assert_int_equal(judge((uint32_t[]){2}, 1, UINT32_MAX, NULL).state, SPECTRA_ALARM_CLEAR);
    assert_int_equal(judge(NULL, 0, UINT32_MAX, NULL).state, SPECTRA_ALARM_CLEAR);
    assert_int_equal(judge(NULL, 0, UINT32_MAX, "nitazene").state, SPECTRA_ALARM_CLEAR);
}

static void a_list_without_targets_or_with_what_is_none_is_refused(void **state) {
    (void)state;
    const char *no_key = "PJMPHNIQ";
    const spectra_identification nothing = {0};
    const spectra_database *database = known.database;
    spectra_targets targets = {.size = sizeof targets};
    spectra_alarm alarm;
    assert_int_equal(spectra_alarm_judge(&alarm, &nothing, &database, 1, &targets), SPECTRA_E_INVALID);
    targets.inchikeys = &no_key;
    targets.inchikey_count = 1;
    assert_int_equal(spectra_alarm_judge(&alarm, &nothing, &database, 1, &targets), SPECTRA_E_INVALID);
}

static void states_have_names(void **state) {
    (void)state;
    assert_string_equal(spectra_alarm_text(SPECTRA_ALARM_CLEAR), "clear");
    assert_string_equal(spectra_alarm_text(SPECTRA_ALARM_CLASS), "class alarm");
    assert_string_equal(spectra_alarm_text(SPECTRA_ALARM_TARGET), "alarm");
    assert_string_equal(spectra_alarm_text(7), "unknown");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_target_among_the_set_is_an_alarm),
        cmocka_unit_test(a_target_that_nobody_measured_is_an_alarm),
        cmocka_unit_test(a_targets_class_is_a_class_alarm),
        cmocka_unit_test(what_is_no_target_is_clear),
        cmocka_unit_test(a_list_without_targets_or_with_what_is_none_is_refused),
        cmocka_unit_test(states_have_names),
    };
    return cmocka_run_group_tests(tests, open_library, close);
}
