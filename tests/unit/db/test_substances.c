/* SPDX-License-Identifier: Apache-2.0 */
/* Which rows and records become one substance, and what it takes from each. */
#include "unit/db/sample.h"

#define TABLE "test_substances.tsv"
#define KEY_A "AAAAAAAAAAAAAA-UHFFFAOYSA-N"
#define KEY_A_STEREO "AAAAAAAAAAAAAA-RQPSZBQSSA-N"
#define KEY_B "BBBBBBBBBBBBBB-UHFFFAOYSA-N"

static void add_row(spectra_builder *builder, const char *name, const char *inchikey, const char *formula,
                    const char *substance_class) {
    const spectra_substance row = {
        .name = name, .inchikey = inchikey, .formula = formula, .substance_class = substance_class};
    assert_int_equal(spectra_builder_add_substance(builder, &row, NULL), SPECTRA_OK);
}

static void add_record(spectra_builder *builder, const char *name, const char *inchikey, const char *formula,
                       const char *substance_class) {
    const sample_record record = {.name = name,
                                  .inchikey = inchikey,
                                  .formula = formula,
                                  .kind = "EI",
                                  .substance_class = substance_class,
                                  .peaks = 3};
    assert_int_equal(sample_add(builder, &record, NULL), SPECTRA_OK);
}

/* What was built; ends the builder. */
typedef struct result {
    uint8_t *file;
    spectra_database *database;
} result;

static result finish(spectra_builder *builder) {
    size_t size;
    result built = {.file = sample_file(builder, &size)};
    spectra_builder_free(builder);
    built.database = sample_open(built.file, size);
    sample_verify(built.database);
    return built;
}

static void end(result built) {
    spectra_database_close(built.database);
    free(built.file);
}

static spectra_substance substance_at(result built, uint32_t index) {
    spectra_substance substance;
    assert_int_equal(spectra_database_substance(built.database, index, &substance), SPECTRA_OK);
    return substance;
}

static uint32_t substance_of(result built, uint32_t entry) {
    db_entry_key key;
    assert_true(db_entry_key_at(&key, built.database, entry));
    return key.substance;
}

static void block_and_formula_make_a_compound(void **state) {
    (void)state;
    spectra_builder *builder = sample_builder();
    add_record(builder, "one", KEY_A, "C10H12N2O", NULL);
    add_record(builder, "another name", KEY_A_STEREO, "C10H12N2O", NULL);
    add_record(builder, "one-d5", KEY_A, "C10H7D5N2O", NULL);
    add_record(builder, "one", KEY_B, "C10H12N2O", NULL);
    add_record(builder, "in another order", KEY_A, "H12C10ON2", NULL);
    result built = finish(builder);
    assert_int_equal(spectra_database_substance_count(built.database), 3);
    assert_int_equal(substance_of(built, 1), substance_of(built, 0));
    assert_int_not_equal(substance_of(built, 2), substance_of(built, 0));
    assert_int_not_equal(substance_of(built, 3), substance_of(built, 0));
    assert_int_equal(substance_of(built, 4), substance_of(built, 0));
    assert_string_equal(substance_at(built, substance_of(built, 1)).name, "one");
    end(built);
}

static void the_first_row_stays_and_later_ones_fill_what_it_left_empty(void **state) {
    (void)state;
    spectra_builder *builder = sample_builder();
    const spectra_substance first = {.name = "one", .inchikey = KEY_A, .formula = "C4H8O2", .sites = "D"};
    const spectra_substance second = {.name = "two",
                                      .inchikey = KEY_A_STEREO,
                                      .formula = "C4H8O2",
                                      .smiles = "CCOC(C)=O",
                                      .substance_class = "made_up",
                                      .sites = "E",
                                      .core = "none",
                                      .source = "test"};
    assert_int_equal(spectra_builder_add_substance(builder, &first, NULL), SPECTRA_OK);
    assert_int_equal(spectra_builder_add_substance(builder, &second, NULL), SPECTRA_OK);
    result built = finish(builder);
    spectra_substance substance = substance_at(built, 0);
    assert_int_equal(spectra_database_substance_count(built.database), 1);
    assert_string_equal(substance.name, "one");
    assert_string_equal(substance.inchikey, KEY_A);
    assert_string_equal(substance.sites, "D");
    assert_string_equal(substance.smiles, "CCOC(C)=O");
    assert_string_equal(substance.substance_class, "made_up");
    assert_string_equal(substance.core, "none");
    assert_string_equal(substance.source, "test");
    assert_int_equal(substance.exact_mass_uda, 88052429); /* C4H8O2 */
    end(built);
}

static void a_record_without_inchikey_joins_the_substance_of_its_name(void **state) {
    (void)state;
    spectra_builder *builder = sample_builder();
    add_row(builder, "Made-Up Fentanyl", KEY_A, "C10H12N2O", "made_up");
    add_record(builder, "made-up fentanyl", NULL, NULL, NULL);
    add_record(builder, "MADE-UP FENTANYL", "no InChIKey", NULL, NULL);
    add_record(builder, "made-up fentanyls", NULL, NULL, NULL);
    add_record(builder, "Made-Up Fentanyls", NULL, NULL, NULL);
    result built = finish(builder);
    assert_int_equal(spectra_database_substance_count(built.database), 2);
    assert_int_equal(substance_of(built, 0), 0);
    assert_int_equal(substance_of(built, 1), 0);
    assert_int_equal(substance_of(built, 2), 1);
    assert_int_equal(substance_of(built, 3), 1);
    end(built);
}

static void a_substance_gets_a_name_later_but_never_another_formula(void **state) {
    (void)state;
    spectra_builder *builder = sample_builder();
    add_row(builder, NULL, KEY_A, NULL, NULL);
    add_row(builder, "late name", KEY_A, NULL, NULL);
    add_record(builder, "Late Name", NULL, "C4H8O2", NULL);
    add_row(builder, "no key", NULL, NULL, NULL);
    add_record(builder, "No Key", NULL, "C4H8O2", NULL);
    result built = finish(builder);
    assert_int_equal(spectra_database_substance_count(built.database), 2);
    assert_int_equal(substance_of(built, 0), 0);
    assert_string_equal(substance_at(built, 0).name, "late name");
    assert_string_equal(substance_at(built, 0).formula, "");
    assert_int_equal(substance_of(built, 1), 1);
    assert_string_equal(substance_at(built, 1).formula, "C4H8O2");
    assert_int_equal(substance_at(built, 1).exact_mass_uda, 88052429);
    end(built);
}

static void a_name_that_several_substances_have_joins_none_of_them(void **state) {
    (void)state;
    spectra_builder *builder = sample_builder();
    add_row(builder, "twin", KEY_A, "C10H12N2O", NULL);
    add_row(builder, "Twin", KEY_B, "C10H12N2O", NULL);
    add_record(builder, "twin", NULL, NULL, NULL);
    result built = finish(builder);
    assert_int_equal(substance_of(built, 0), 2);
    end(built);
}

static void long_names_that_differ_late_are_not_joined_to_a_key(void **state) {
    (void)state;
    char name[400];
    memset(name, 'x', sizeof name);
    name[399] = '\0';
    spectra_builder *builder = sample_builder();
    add_row(builder, name, KEY_A, "C10H12N2O", NULL);
    add_record(builder, name, NULL, NULL, NULL);
    name[398] = 'y';
    add_record(builder, name, NULL, NULL, NULL);
    result built = finish(builder);
    assert_int_equal(substance_of(built, 0), 0);
    assert_int_equal(substance_of(built, 1), 1);
    end(built);
}

static void an_inchikey_without_formula_joins_the_only_formula_of_its_block(void **state) {
    (void)state;
    spectra_builder *builder = sample_builder();
    add_row(builder, "one", KEY_A, "C10H12N2O", NULL);
    add_record(builder, "other name", KEY_A_STEREO, NULL, NULL);
    add_record(builder, "one-d5", KEY_A, "C10H7D5N2O", NULL);
    add_record(builder, "one or one-d5", KEY_A, NULL, NULL);
    add_record(builder, "the same", KEY_A, NULL, NULL);
    result built = finish(builder);
    assert_int_equal(substance_of(built, 0), 0);
    assert_int_equal(substance_of(built, 1), 1);
    assert_int_equal(substance_of(built, 2), 2);
    assert_int_equal(substance_of(built, 3), 2);
    assert_string_equal(substance_at(built, 0).formula, "C10H12N2O");
    assert_string_equal(substance_at(built, 2).formula, "");
    end(built);
}

static void class_and_sites_come_from_the_row_else_from_the_record(void **state) {
    (void)state;
    spectra_builder *builder = sample_builder();
    add_row(builder, "row", KEY_A, "C10H12N2O", "of_the_row");
    add_record(builder, "row", KEY_A, "C10H12N2O", "of_the_record");
    const sample_record record = {
        .name = "alone", .kind = "EI", .substance_class = "of_the_record", .sites = "DE", .peaks = 3};
    assert_int_equal(sample_add(builder, &record, NULL), SPECTRA_OK);
    result built = finish(builder);
    assert_string_equal(substance_at(built, 0).substance_class, "of_the_row");
    assert_string_equal(substance_at(built, 1).substance_class, "of_the_record");
    assert_string_equal(substance_at(built, 1).sites, "DE");
    end(built);
}

static void a_labelled_form_has_the_class_of_its_block_unless_it_states_one(void **state) {
    (void)state;
    spectra_builder *builder = sample_builder();
    add_row(builder, "row", KEY_A, "C10H12N2O", "of_the_row");
    add_record(builder, "row-d3", KEY_A, "C10H9D3N2O", NULL);
    add_record(builder, "row-d5", KEY_A, "C10H7D5N2O", "labelled");
    result built = finish(builder);
    assert_string_equal(substance_at(built, substance_of(built, 0)).substance_class, "of_the_row");
    assert_string_equal(substance_at(built, substance_of(built, 1)).substance_class, "labelled");
    end(built);
}

static void the_mass_is_that_of_the_formula_else_the_stated_one(void **state) {
    (void)state;
    static const struct {
        const char *formula, *stated;
        int64_t mass_uda;
    } cases[] = {
        {"C4H8O2", "99.9", 88052429},
        {NULL, "88.0525", 88052500},
        {NULL, "88.0525 Da", 0},
        {NULL, "-88", 0},
        {NULL, "2e6", 0},
        {NULL, NULL, 0},
    };
    spectra_builder *builder = sample_builder();
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        char name[] = {(char)('a' + i), '\0'};
        const sample_record record = {.name = name, .formula = cases[i].formula, .kind = "EI", .peaks = 3};
        spectra_spectrum *spectrum = sample_spectrum(&record);
        sample_add_line(spectrum, "ExactMass", cases[i].stated);
        assert_int_equal(spectra_builder_add_spectrum(builder, spectrum, SPECTRA_TRACK_UNKNOWN, NULL), SPECTRA_OK);
        spectra_spectrum_free(spectrum);
    }
    result built = finish(builder);
    for (uint32_t i = 0; i < COUNT_OF(cases); i++)
        assert_int_equal(substance_at(built, i).exact_mass_uda, cases[i].mass_uda);
    end(built);
}

static void a_substance_without_key_and_name_is_refused(void **state) {
    (void)state;
    spectra_builder *builder = sample_builder();
    const spectra_substance nameless = {.formula = "C4H8O2", .inchikey = "not an InChIKey"};
    spectra_error error;
    assert_int_equal(spectra_builder_add_substance(builder, &nameless, &error), SPECTRA_E_INVALID);
    spectra_builder_free(builder);
}

/* A thousand times as many as a slow look-up could bear in the time of a test. */
static void many_substances_are_found_again(void **state) {
    (void)state;
    enum { COUNT = 40000 };
    spectra_builder *builder = sample_builder();
    char name[32];
    for (uint32_t i = 0; i < 2 * COUNT; i++) {
        snprintf(name, sizeof name, "%s %u", i < COUNT ? "Compound" : "compound", i % COUNT);
        add_row(builder, name, NULL, NULL, NULL);
    }
    result built = finish(builder);
    assert_int_equal(spectra_database_substance_count(built.database), COUNT);
    assert_string_equal(substance_at(built, COUNT - 1).name, "Compound 39999");
    end(built);
}

static void write_table(const char *text, size_t size) {
    FILE *file = fopen(TABLE, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(text, 1, size, file), size);
    assert_int_equal(fclose(file), 0);
}

static void a_table_fills_substances_by_the_names_of_its_columns(void **state) {
    (void)state;
    static const char text[] = "source\tname\tunheard of\texact_mass\tinchikey\tformula\tsmiles\tclass\tsites\tcore\n"
                               "made up\tone\tx\t88.05243\t" KEY_A "\tC4H8O2\tCCOC(C)=O\tnone\tDE\tring\n"
                               "made up\ttwo\tx\t\t\t\t\t\t\t\n";
    write_table(text, strlen(text));
    spectra_builder *builder = sample_builder();
    assert_int_equal(spectra_builder_add_substances_table(builder, TABLE, NULL), SPECTRA_OK);
    result built = finish(builder);
    spectra_substance one = substance_at(built, 0), two = substance_at(built, 1);
    assert_int_equal(spectra_database_substance_count(built.database), 2);
    assert_string_equal(one.source, "made up");
    assert_string_equal(one.name, "one");
    assert_int_equal(one.exact_mass_uda, 88052430);
    assert_string_equal(one.inchikey, KEY_A);
    assert_string_equal(one.formula, "C4H8O2");
    assert_string_equal(one.smiles, "CCOC(C)=O");
    assert_string_equal(one.substance_class, "none");
    assert_string_equal(one.sites, "DE");
    assert_string_equal(one.core, "ring");
    assert_string_equal(two.name, "two");
    assert_string_equal(two.inchikey, "");
    assert_int_equal(two.exact_mass_uda, 0);
    end(built);
    remove(TABLE);
}

static void a_bad_table_is_refused_with_its_line(void **state) {
    (void)state;
    static const struct {
        const char *text;
        uint64_t line;
    } tables[] = {
        {"name\texact_mass\none\t1\ntwo\tabc\n", 3}, {"name\texact_mass\none\t-1\n", 2},
        {"name\texact_mass\none\t1 Da\n", 2},        {"name\texact_mass\none\t1\n\t2\n", 3},
        {"name\texact_mass\none\t1\ntwo\n", 3},      {"name\texact_mass\none\t1", 2},
        {"inchikey\nnot an InChIKey\n", 2},
    };
    for (size_t i = 0; i < COUNT_OF(tables); i++) {
        spectra_builder *builder = sample_builder();
        spectra_error error;
        write_table(tables[i].text, strlen(tables[i].text));
        assert_int_equal(spectra_builder_add_substances_table(builder, TABLE, &error), SPECTRA_E_FORMAT);
        assert_int_equal(error.line, tables[i].line);
        spectra_builder_free(builder);
    }
    remove(TABLE);
    spectra_builder *builder = sample_builder();
    assert_int_equal(spectra_builder_add_substances_table(builder, TABLE, NULL), SPECTRA_E_IO);
    spectra_builder_free(builder);
}

static void a_compound_key_is_block_and_formula_else_the_name(void **state) {
    (void)state;
    char key[DB_COMPOUND_KEY_SIZE];
    db_compound_key(key, KEY_A, "C4H8O2", "Name");
    assert_string_equal(key, "AAAAAAAAAAAAAA/C4H8O2");
    db_compound_key(key, KEY_A, NULL, "Name");
    assert_string_equal(key, "AAAAAAAAAAAAAA/");
    db_compound_key(key, "", "C4H8O2", "4-ANPP \xc3\x84");
    assert_string_equal(key, "4-anpp \xc3\x84");
    db_compound_key(key, NULL, NULL, NULL);
    assert_string_equal(key, "");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(block_and_formula_make_a_compound),
        cmocka_unit_test(the_first_row_stays_and_later_ones_fill_what_it_left_empty),
        cmocka_unit_test(a_record_without_inchikey_joins_the_substance_of_its_name),
        cmocka_unit_test(a_substance_gets_a_name_later_but_never_another_formula),
        cmocka_unit_test(a_name_that_several_substances_have_joins_none_of_them),
        cmocka_unit_test(long_names_that_differ_late_are_not_joined_to_a_key),
        cmocka_unit_test(an_inchikey_without_formula_joins_the_only_formula_of_its_block),
        cmocka_unit_test(class_and_sites_come_from_the_row_else_from_the_record),
        cmocka_unit_test(a_labelled_form_has_the_class_of_its_block_unless_it_states_one),
        cmocka_unit_test(the_mass_is_that_of_the_formula_else_the_stated_one),
        cmocka_unit_test(a_substance_without_key_and_name_is_refused),
        cmocka_unit_test(many_substances_are_found_again),
        cmocka_unit_test(a_table_fills_substances_by_the_names_of_its_columns),
        cmocka_unit_test(a_bad_table_is_refused_with_its_line),
        cmocka_unit_test(a_compound_key_is_block_and_formula_else_the_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
