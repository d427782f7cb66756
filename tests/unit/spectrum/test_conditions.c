/* SPDX-License-Identifier: Apache-2.0 */
/* Collision energies, retention, stage, charge and synonyms as records write them; what is not told stays unknown. */
#include "unit/spectrum/made.h"

static void collision_energies_have_the_unit_that_is_stated(void **state) {
    spectra_spectrum *spectrum = *state;
    static const struct {
        const char *text;
        spectra_energy_unit unit;
        spectra_energy_shape shape;
        uint32_t count;
        double first, last;
    } cases[] = {
        {"45", SPECTRA_ENERGY_UNKNOWN, SPECTRA_ENERGY_SINGLE, 1, 45, 45},
        {"45 CID", SPECTRA_ENERGY_UNKNOWN, SPECTRA_ENERGY_SINGLE, 1, 45, 45},
        {"CE10", SPECTRA_ENERGY_UNKNOWN, SPECTRA_ENERGY_SINGLE, 1, 10, 10},
        {"35 % (nominal)", SPECTRA_ENERGY_NORMALISED, SPECTRA_ENERGY_SINGLE, 1, 35, 35},
        {"35% (nominal)", SPECTRA_ENERGY_NORMALISED, SPECTRA_ENERGY_SINGLE, 1, 35, 35},
        {"45 (nominal)", SPECTRA_ENERGY_NORMALISED, SPECTRA_ENERGY_SINGLE, 1, 45, 45},
        {"45  (nominal)", SPECTRA_ENERGY_NORMALISED, SPECTRA_ENERGY_SINGLE, 1, 45, 45},
        {"45 NCE", SPECTRA_ENERGY_NORMALISED, SPECTRA_ENERGY_SINGLE, 1, 45, 45},
        {"NCE=35%", SPECTRA_ENERGY_NORMALISED, SPECTRA_ENERGY_SINGLE, 1, 35, 35},
        {"HCD 35%", SPECTRA_ENERGY_NORMALISED, SPECTRA_ENERGY_SINGLE, 1, 35, 35},
        {"35HCD", SPECTRA_ENERGY_NORMALISED, SPECTRA_ENERGY_SINGLE, 1, 35, 35},
        {"HCD 30 eV", SPECTRA_ENERGY_EV, SPECTRA_ENERGY_SINGLE, 1, 30, 30},
        {"30 eV HCD", SPECTRA_ENERGY_EV, SPECTRA_ENERGY_SINGLE, 1, 30, 30},
        {"10 eV", SPECTRA_ENERGY_EV, SPECTRA_ENERGY_SINGLE, 1, 10, 10},
        {"10eV", SPECTRA_ENERGY_EV, SPECTRA_ENERGY_SINGLE, 1, 10, 10},
        {"0 eV", SPECTRA_ENERGY_EV, SPECTRA_ENERGY_SINGLE, 1, 0, 0},
        {"20 eV FT-MS II", SPECTRA_ENERGY_EV, SPECTRA_ENERGY_SINGLE, 1, 20, 20},
        {"20 eV IT-MS", SPECTRA_ENERGY_EV, SPECTRA_ENERGY_SINGLE, 1, 20, 20},
        {"30 V", SPECTRA_ENERGY_VOLT, SPECTRA_ENERGY_SINGLE, 1, 30, 30},
        {"40.0V", SPECTRA_ENERGY_VOLT, SPECTRA_ENERGY_SINGLE, 1, 40, 40},
        {"30 V (simulated)", SPECTRA_ENERGY_VOLT, SPECTRA_ENERGY_SINGLE, 1, 30, 30},
        {"25 V orifice 90", SPECTRA_ENERGY_VOLT, SPECTRA_ENERGY_SINGLE, 1, 25, 25},
        {"1 kV", SPECTRA_ENERGY_VOLT, SPECTRA_ENERGY_SINGLE, 1, 1000, 1000},
        {"1.001 to 4.07 keV", SPECTRA_ENERGY_EV, SPECTRA_ENERGY_RANGE, 2, 1001, 4070},
        {"Ramp 20%-70% (nominal)", SPECTRA_ENERGY_NORMALISED, SPECTRA_ENERGY_RANGE, 2, 20, 70},
        {"Ramp 21.1-31.6 eV", SPECTRA_ENERGY_EV, SPECTRA_ENERGY_RANGE, 2, 21.1, 31.6},
        {"10 to 40 eV", SPECTRA_ENERGY_EV, SPECTRA_ENERGY_RANGE, 2, 10, 40},
        {"20-30", SPECTRA_ENERGY_UNKNOWN, SPECTRA_ENERGY_RANGE, 2, 20, 30},
        {"15, 30, 45, 60, 70 or 90 (nominal)", SPECTRA_ENERGY_NORMALISED, SPECTRA_ENERGY_SEVERAL, 6, 15, 90},
        {"15,30,45 NCE", SPECTRA_ENERGY_NORMALISED, SPECTRA_ENERGY_SEVERAL, 3, 15, 45},
        {"(NCE 20-30-40%)", SPECTRA_ENERGY_NORMALISED, SPECTRA_ENERGY_SEVERAL, 3, 20, 40},
        {"30% (nominal) with stepped collision energies 20% and 40%", SPECTRA_ENERGY_NORMALISED, SPECTRA_ENERGY_SEVERAL,
         3, 30, 40},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        spectra_collision_energy energy;
        spectrum_clear(spectrum);
        add(spectrum, "Collision_energy", cases[i].text);
        spectra_status status = spectra_spectrum_collision_energy(spectrum, &energy);
        if (status != SPECTRA_OK || energy.unit != cases[i].unit || energy.shape != cases[i].shape)
            print_message("%s\n", cases[i].text);
        assert_int_equal(status, SPECTRA_OK);
        assert_int_equal(energy.unit, cases[i].unit);
        assert_int_equal(energy.shape, cases[i].shape);
        assert_int_equal(energy.count, cases[i].count);
        assert_true(energy.value[0] == cases[i].first && energy.value[energy.count - 1] == cases[i].last);
    }
}

static void an_energy_that_can_be_read_in_two_ways_is_not_read(void **state) {
    spectra_spectrum *spectrum = *state;
    static const char *const texts[] = {"",
                                        "N/A",
                                        "low",
                                        "eV",
                                        "12,5 eV",
                                        "10 frogs",
                                        "NCE=35% 30eV",
                                        "1 kV 20 V",
                                        "scaled 35 (m/z=100) to 60 (m/z=1000)",
                                        "45-60mz or 30 (mz>500) nominal units",
                                        "45 CE +- 15 CES",
                                        "-30 V",
                                        "70-20%",
                                        "1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 eV",
                                        "1e999 eV",
                                        "1e308 keV"};
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        spectra_collision_energy energy = {.count = 7};
        spectrum_clear(spectrum);
        add(spectrum, "Collision_energy", texts[i]);
        spectra_status status = spectra_spectrum_collision_energy(spectrum, &energy);
        if (status != SPECTRA_E_NOT_FOUND) print_message("%s\n", texts[i]);
        assert_int_equal(status, SPECTRA_E_NOT_FOUND);
        assert_int_equal(energy.count, 0);
    }
    spectra_collision_energy energy;
    assert_int_equal(spectra_spectrum_collision_energy(NULL, &energy), SPECTRA_E_INVALID);
}

static void retention_times_are_seconds_where_the_unit_is_stated(void **state) {
    spectra_spectrum *spectrum = *state;
    static const struct {
        const char *text;
        double seconds; /* 0: not read */
    } cases[] = {
        {"Retention_time=10.3 min", 618},
        {"Retention_time=10.3 min.", 618},
        {"Retention_time=617 sec", 617},
        {"Retention_time=617  sec", 617},
        {"AC$CHROMATOGRAPHY=RETENTION_TIME 4.15 minutes", 249},
        {"RTINSECONDS=25", 25},
        {"RTINSECONDS=25 min", 1500},
        {"RETENTIONTIME=7.66", 0},
        {"Retention_time=N/A min", 0},
        {"Retention_time=5, 6 min", 0},
        {"Retention_time=5 min and 6 min", 0},
        {"Retention_time=5-6 min", 0},
        {"Retention_time=5,6 min", 0},
        {"RTINSECONDS=20-30", 0},
        {"Retention_time=3 hours", 0},
        {"Retention_time=1e308 min", 0},
        {"Name=a", 0},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        fill(spectrum, cases[i].text);
        double seconds = 0;
        spectra_status status = spectra_spectrum_retention_time(spectrum, &seconds);
        if (seconds != cases[i].seconds) print_message("%s\n", cases[i].text);
        assert_int_equal(status, cases[i].seconds > 0 ? SPECTRA_OK : SPECTRA_E_NOT_FOUND);
        assert_true(seconds == cases[i].seconds);
    }
}

static void retention_indices_come_with_their_kind_of_column(void **state) {
    spectra_spectrum *spectrum = *state;
    static const struct {
        const char *text;
        double index; /* 0: not read */
        spectra_column column;
    } cases[] = {
        {"Retention_index=1817", 1817, SPECTRA_COLUMN_UNKNOWN},
        {"RI=986.97", 986.97, SPECTRA_COLUMN_UNKNOWN},
        {"RI=986,97", 0, SPECTRA_COLUMN_UNKNOWN},
        {"RI=about 900", 0, SPECTRA_COLUMN_UNKNOWN},
        {"Retention_index=1817|Column=Semi-standard non-polar, TG-5SILMS", 1817,
         SPECTRA_COLUMN_SEMI_STANDARD_NON_POLAR},
        {"Retention_index=1817|Column=standard polar", 1817, SPECTRA_COLUMN_STANDARD_POLAR},
        {"Retention_index=1817|Column=Rtx-5Sil MS", 1817, SPECTRA_COLUMN_UNKNOWN},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        fill(spectrum, cases[i].text);
        double index = 0;
        spectra_column column = SPECTRA_COLUMN_STANDARD_POLAR;
        spectra_status status = spectra_spectrum_retention_index(spectrum, &index, &column);
        if (index != cases[i].index || column != cases[i].column) print_message("%s\n", cases[i].text);
        assert_int_equal(status, cases[i].index > 0 ? SPECTRA_OK : SPECTRA_E_NOT_FOUND);
        assert_true(index == cases[i].index);
        assert_int_equal(column, cases[i].column);
    }
}

static void nist_writes_several_indices_and_the_first_counts(void **state) {
    spectra_spectrum *spectrum = *state;
    double index;
    spectra_column column;
    spectra_spectrum_add_metadata(spectrum, "Retention_index", "SemiStdNP=1286/10/21 StdNP=1265/7/33 StdPolar=1830");
    assert_int_equal(spectra_spectrum_retention_index(spectrum, &index, &column), SPECTRA_OK);
    assert_true(index == 1286);
    assert_int_equal(column, SPECTRA_COLUMN_SEMI_STANDARD_NON_POLAR);
}

typedef struct number_case {
    const char *text;
    int32_t expected;
} number_case;

static void the_stage_is_what_the_record_tells(void **state) {
    spectra_spectrum *spectrum = *state;
    static const number_case cases[] = {
        {"Spectrum_type=MS", 1}, {"Spectrum_type=MS1", 1}, {"MSLEVEL=1", 1},         {"Spectrum_type=MS2", 2},
        {"MSLEVEL=2", 2},        {"Spectrum_type=MS3", 3}, {"Spectrum_type=MSn", 2}, {"Spectrum_type=MS/MS", 2},
        {"Spectrum_type=x", 0},  {"Name=MS2", 0},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        fill(spectrum, cases[i].text);
        if ((int32_t)spectra_spectrum_ms_level(spectrum) != cases[i].expected) print_message("%s\n", cases[i].text);
        assert_int_equal(spectra_spectrum_ms_level(spectrum), cases[i].expected);
    }
}

static void the_charge_has_a_sign_or_is_not_told(void **state) {
    spectra_spectrum *spectrum = *state;
    static const number_case cases[] = {
        {"Charge=2+", 2},
        {"Charge=+1", 1},
        {"Charge=1-", -1},
        {"Charge=-2", -2},
        {"Charge=2", 0},
        {"Charge=1|Ion_mode=N", -1},
        {"Charge=1|Ion_mode=P", 1},
        {"Charge=2+ and 3+", 0},
        {"Charge=many", 0},
        {"Charge=99999999999+", 0},
        {"Charge=0|Precursor_type=[M+H]+", 1},
        {"Precursor_type=[M-2H]2-", -2},
        {"Precursor_type=M+H", 0},
        {"Name=1+", 0},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        fill(spectrum, cases[i].text);
        if (spectra_spectrum_charge(spectrum) != cases[i].expected) print_message("%s\n", cases[i].text);
        assert_int_equal(spectra_spectrum_charge(spectrum), cases[i].expected);
    }
}

static void synonyms_are_all_names_behind_the_first(void **state) {
    spectra_spectrum *spectrum = *state;
    fill(spectrum, "Synon=N-phenyl|CH$NAME=Fentanyl|Synon=$:05MS2|CH$NAME=Phentanyl|Synonym=|TITLE=scan|Synonyms=b");
    static const char *const expected[] = {"N-phenyl", "Phentanyl", "b"};
    for (size_t i = 0; i < COUNT_OF(expected); i++) {
        assert_non_null(spectra_spectrum_synonym(spectrum, i));
        assert_string_equal(spectra_spectrum_synonym(spectrum, i), expected[i]);
    }
    assert_null(spectra_spectrum_synonym(spectrum, COUNT_OF(expected)));
    assert_null(spectra_spectrum_synonym(NULL, 0));
    assert_string_equal(spectra_spectrum_field(spectrum, SPECTRA_FIELD_SYNONYM), "N-phenyl");
}

/* NIST's GC-Orbitrap libraries: the key stands before the quotes. */
static void keys_before_quotes_in_a_comment_answer(void **state) {
    spectra_spectrum *spectrum = *state;
    static const char text[] = "ColumnType=\"Semi-standard non-polar, TG-5\" Native_InChI=\"InChI=1S/H2O/h1H2\" "
                               "  Contributor=\"Some \"One\"\"   \"license=CC0\"";
    spectra_spectrum_add_metadata(spectrum, "Comments", text);
    assert_string_equal(spectra_spectrum_field(spectrum, SPECTRA_FIELD_COLUMN), "Semi-standard non-polar, TG-5");
    assert_string_equal(spectra_spectrum_field(spectrum, SPECTRA_FIELD_AUTHOR), "Some \"One\"");
    assert_string_equal(spectra_spectrum_field(spectrum, SPECTRA_FIELD_LICENCE), "CC0");
    assert_null(spectra_spectrum_field(spectrum, SPECTRA_FIELD_INCHI)); /* that of another compound */
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(collision_energies_have_the_unit_that_is_stated, make_spectrum, free_spectrum),
        cmocka_unit_test_setup_teardown(an_energy_that_can_be_read_in_two_ways_is_not_read, make_spectrum,
                                        free_spectrum),
        cmocka_unit_test_setup_teardown(retention_times_are_seconds_where_the_unit_is_stated, make_spectrum,
                                        free_spectrum),
        cmocka_unit_test_setup_teardown(retention_indices_come_with_their_kind_of_column, make_spectrum, free_spectrum),
        cmocka_unit_test_setup_teardown(nist_writes_several_indices_and_the_first_counts, make_spectrum, free_spectrum),
        cmocka_unit_test_setup_teardown(the_stage_is_what_the_record_tells, make_spectrum, free_spectrum),
        cmocka_unit_test_setup_teardown(the_charge_has_a_sign_or_is_not_told, make_spectrum, free_spectrum),
        cmocka_unit_test_setup_teardown(synonyms_are_all_names_behind_the_first, make_spectrum, free_spectrum),
        cmocka_unit_test_setup_teardown(keys_before_quotes_in_a_comment_answer, make_spectrum, free_spectrum),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
