/* SPDX-License-Identifier: Apache-2.0 */
/* Tables of knowledge become rows that are read in place; tables that contradict themselves are refused with the line,
   and rows that lie are passed over and found by verify. */
#include "base/memory.h"
#include "db/knowledge.h"
#include "unit/db/sample.h"

static spectra_database *open_sample(uint8_t **file) {
    size_t size;
    *file = sample_full_file(&size);
    return sample_open(*file, size);
}

static void close_sample(spectra_database *database, uint8_t *file) {
    spectra_database_close(database);
    free(file);
}

static void a_family_comes_back_with_its_sites(void **state) {
    (void)state;
    uint8_t *file;
    spectra_database *database = open_sample(&file);
    db_family family;
    db_site site;
    assert_true(db_family_at(&family, database, 0));
    assert_string_equal(family.name, "made-up");
    assert_string_equal(family.members, "fentanyl");
    assert_int_equal(family.mass_uda, 87068414);
    assert_int_equal(family.nominal_da, 87);
    assert_int_equal(family.site_count, 4);
    assert_true(db_site_at(&site, database, family.first_site + 1));
    assert_string_equal(site.code, "O");
    assert_string_equal(site.label, "B");
    assert_string_equal(site.words, "chain, far");
    assert_int_equal(site.weight, 100000);
    assert_true(db_family_at(&family, database, 1));
    assert_string_equal(family.formula, "");
    assert_int_equal(family.site_count, 0);
    assert_false(db_family_at(&family, database, 2));
    sample_verify(database);
    close_sample(database, file);
}

static void fragments_and_deltas_name_sites_by_bits(void **state) {
    (void)state;
    uint8_t *file;
    spectra_database *database = open_sample(&file);
    db_fragment fragment;
    db_delta delta;
    db_intensity intensity;
    assert_true(db_fragment_at(&fragment, database, 1));
    assert_int_equal(fragment.mz_uth, 44000000);
    assert_int_equal(fragment.kept, 7);
    assert_true(db_fragment_at(&fragment, database, 5));
    assert_string_equal(fragment.label, "C2H6N+");
    assert_int_equal(fragment.track, SPECTRA_TRACK_MSMS);
    assert_int_equal(fragment.mz_uth, 44049480);
    assert_int_equal(fragment.weight, 500000);
    assert_int_equal(fragment.group, 2);
    assert_true(db_delta_at(&delta, database, 4));
    assert_int_equal(delta.mass_uda, 5031384);
    assert_int_equal(delta.sites, 8);
    assert_true(delta.isotopologue);
    assert_true(db_intensity_at(&intensity, database, 3));
    assert_int_equal(intensity.fragment, 3);
    assert_int_equal(intensity.share[5], 500000);
    close_sample(database, file);
}

static void parameters_are_found_by_family_track_and_name(void **state) {
    (void)state;
    uint8_t *file;
    spectra_database *database = open_sample(&file);
    assert_int_equal(db_parameter(database, 0, SPECTRA_TRACK_EI, "prior.1", 0), 420000);
    assert_int_equal(db_parameter(database, 0, SPECTRA_TRACK_UNKNOWN, "below", 0), -1500000);
    assert_int_equal(db_parameter(database, 0, SPECTRA_TRACK_EI, "below", 17), 17);
    assert_int_equal(db_parameter(database, 1, SPECTRA_TRACK_EI, "prior.1", 17), 17);
    close_sample(database, file);
}

/* A lying field of the first row of a section; what verify and the reader say of it. */
typedef struct lie {
    const char *section;
    size_t at;
    uint32_t value;
    bool (*readable)(const spectra_database *database);
} lie;

static bool family_readable(const spectra_database *database) {
    db_family family;
    return db_family_at(&family, database, 0);
}
static bool site_readable(const spectra_database *database) {
    db_site site;
    return db_site_at(&site, database, 0);
}
static bool fragment_readable(const spectra_database *database) {
    db_fragment fragment;
    return db_fragment_at(&fragment, database, 0);
}
static bool delta_readable(const spectra_database *database) {
    db_delta delta;
    return db_delta_at(&delta, database, 0);
}
static bool intensity_readable(const spectra_database *database) {
    db_intensity intensity;
    return db_intensity_at(&intensity, database, 0);
}
static bool background_readable(const spectra_database *database) {
    db_background background;
    return db_background_at(&background, database, 0);
}

static void rows_that_lie_are_passed_over_and_found(void **state) {
    (void)state;
    static const lie lies[] = {
        {"families", DB_FAMILY_FIRST_SITE, 3, family_readable},
        {"families", DB_FAMILY_SITE_COUNT, 9, family_readable},
        {"families", DB_FAMILY_MASS + 4, 0x80000000u, family_readable},
        {"sites", DB_SITE_FAMILY, 2, site_readable},
        {"fragments", DB_FRAGMENT_FAMILY, 2, fragment_readable},
        {"fragments", DB_FRAGMENT_KEPT, 16, fragment_readable},
        {"fragments", DB_FRAGMENT_TRACK, 4, fragment_readable},
        {"deltas", DB_DELTA_SITES, 0, delta_readable},
        {"deltas", DB_DELTA_TRACK, 0, delta_readable},
        {"deltas", DB_DELTA_MASS + 4, 0x7fffffffu, delta_readable},
        {"intensities", DB_INTENSITY_FRAGMENT, 6, intensity_readable},
        {"intensities", DB_SHARES, 0, intensity_readable},
        {"backgrounds", DB_BACKGROUND_FAMILY, 2, background_readable},
        {"backgrounds", DB_BACKGROUND_MZ, 4096, background_readable},
    };
    size_t size;
    uint8_t *file = sample_full_file(&size);
    for (size_t i = 0; i < COUNT_OF(lies); i++) {
        uint8_t *copy = (uint8_t *)malloc(size);
        assert_non_null(copy);
        memcpy(copy, file, size);
        spectra_database *database = sample_open(copy, size);
        assert_true(lies[i].readable(database));
        base_put32(copy + sample_section(database, lies[i].section, SPECTRA_TRACK_UNKNOWN).offset + lies[i].at,
                   lies[i].value);
        sample_seal(copy, (size_t)base_get64(copy + DB_HEADER_DIGEST_OFFSET));
        assert_false(lies[i].readable(database));
        assert_int_equal(spectra_database_verify(database, NULL), SPECTRA_E_CORRUPT);
        close_sample(database, copy);
    }
    free(file);
}

static void verify_finds_what_reading_cannot_see(void **state) {
    (void)state;
    static const struct {
        const char *section;
        size_t at;
        uint32_t value;
    } wrong[] = {
        {"families", DB_FAMILY_RESERVED, 1}, {"families", DB_FAMILY_NAME, 0},  {"sites", DB_SITE_CODE, 0},
        {"sites", DB_SITE_CODE, 2},          {"fragments", DB_FRAGMENT_MZ, 0}, {"deltas", DB_DELTA_FLAGS, 2},
        {"deltas", DB_DELTA_RESERVED, 1},    {"intensities", DB_SHARES, 17},   {"parameters", DB_PARAMETER_FAMILY, 2}};
    size_t size;
    uint8_t *file = sample_full_file(&size);
    spectra_database *database = sample_open(file, size);
    for (size_t i = 0; i < COUNT_OF(wrong); i++) {
        uint8_t *field = file + sample_section(database, wrong[i].section, SPECTRA_TRACK_UNKNOWN).offset + wrong[i].at;
        uint32_t right = base_get32(field);
        base_put32(field, wrong[i].value);
        sample_seal(file, (size_t)base_get64(file + DB_HEADER_DIGEST_OFFSET));
        if (spectra_database_verify(database, NULL) != SPECTRA_E_CORRUPT) fail_msg("lie %zu is not found", i);
        base_put32(field, right);
    }
    sample_seal(file, (size_t)base_get64(file + DB_HEADER_DIGEST_OFFSET));
    sample_verify(database);
    close_sample(database, file);
}

/* The family keeps sites [first, first + 3) of four. */
static void a_site_outside_its_family_is_found(void **state) {
    (void)state;
    for (uint32_t first = 0; first < 2; first++) {
        size_t size;
        uint8_t *file = sample_full_file(&size);
        spectra_database *database = sample_open(file, size);
        uint64_t sites = sample_section(database, "sites", SPECTRA_TRACK_UNKNOWN).offset;
        spectra_error error = {0};
        uint8_t *row = file + sample_section(database, "families", SPECTRA_TRACK_UNKNOWN).offset;
        base_put32(row + DB_FAMILY_FIRST_SITE, first);
        base_put32(row + DB_FAMILY_SITE_COUNT, 3);
        sample_seal(file, (size_t)base_get64(file + DB_HEADER_DIGEST_OFFSET));
        assert_true(family_readable(database));
        assert_int_equal(spectra_database_verify(database, &error), SPECTRA_E_CORRUPT);
        assert_int_equal(error.offset, sites + (first == 0 ? 3 * DB_SITE_ROW_SIZE : 0));
        close_sample(database, file);
    }
}

static void there_is_no_row_behind_the_last(void **state) {
    (void)state;
    uint8_t *file;
    spectra_database *database = open_sample(&file);
    db_site site;
    db_fragment fragment;
    db_delta delta;
    db_intensity intensity;
    db_background background;
    assert_false(db_site_at(&site, database, db_knowledge_count(database, DB_SLOT_SITES)));
    assert_false(db_fragment_at(&fragment, database, db_knowledge_count(database, DB_SLOT_FRAGMENTS)));
    assert_false(db_delta_at(&delta, database, db_knowledge_count(database, DB_SLOT_DELTAS)));
    assert_false(db_intensity_at(&intensity, database, db_knowledge_count(database, DB_SLOT_INTENSITIES)));
    assert_false(db_background_at(&background, database, db_knowledge_count(database, DB_SLOT_BACKGROUNDS)));
    close_sample(database, file);
}

static void write_table(const char *name, const char *text) {
    FILE *out = fopen(name, "wb");
    assert_non_null(out);
    assert_int_equal(fwrite(text, 1, strlen(text), out), strlen(text));
    assert_int_equal(fclose(out), 0);
}

/* The sample's table, or its header with other lines. */
static void copy_table(const char *name, const char *instead) {
    char path[512], text[8192];
    snprintf(path, sizeof path, SAMPLE_KNOWLEDGE "/%s", name);
    FILE *in = fopen(path, "rb");
    assert_non_null(in);
    size_t size = fread(text, 1, sizeof text - 1, in);
    assert_int_equal(fclose(in), 0);
    text[size] = '\0';
    if (instead) {
        char *second = strchr(text, '\n') + 1;
        strcpy(second, instead);
    }
    write_table(name, text);
}

static void tables_that_contradict_themselves_are_refused(void **state) {
    (void)state;
    static const char *const names[] = {"families.tsv",    "sites.tsv",       "fragments.tsv", "deltas.tsv",
                                        "intensities.tsv", "backgrounds.tsv", "parameters.tsv"};
    static const struct {
        const char *name, *line, *column;
    } wrong[] = {{"families.tsv", "\tx\tx\t\n", "family"},
                 {"families.tsv", "made-up\tx\tx\tXx9\n", "formula"},
                 {"families.tsv", "a\tx\tx\t\na\tx\tx\t\n", "family"},
                 {"sites.tsv", "unknown\tA\tA\t.2\t\n", "family"},
                 {"sites.tsv", "made-up\tA\tA\t.2\t\nlisted\tA\tA\t.2\t\nmade-up\tB\tA\t.2\t\n", "family"},
                 {"sites.tsv", "made-up\tAA\tA\t.2\t\n", "site"},
                 {"sites.tsv", "made-up\tA\tA\t.2\t\nmade-up\tA\tA\t.2\t\n", "site"},
                 {"sites.tsv",
                  "made-up\tA\tA\t.1\t\nmade-up\tB\tA\t.1\t\nmade-up\tC\tA\t.1\t\nmade-up\tD\tA\t.1\t\nmade-up\tE\tA\t."
                  "1\t\nmade-up\tF\tA\t.1\t\nmade-up\tG\tA\t.1\t\nmade-up\tH\tA\t.1\t\nmade-up\tI\tA\t.1\t\n",
                  "site"},
                 {"sites.tsv", "made-up\tA\tA\t-1\t\n", "weight"},
                 {"sites.tsv", "made-up\tA\tA\tx\t\n", "weight"},
                 {"sites.tsv", "made-up\tA\tA\t1x\t\n", "weight"},
                 {"sites.tsv", "made-up\tA\tA\t5000\t\n", "weight"},
                 {"fragments.tsv", "unknown\tei\t\t42\tA\t\t\n", "family"},
                 {"fragments.tsv", "made-up\tuv\t\t42\tA\t\t\n", "track"},
                 {"fragments.tsv", "made-up\tei\t\t0\tA\t\t\n", "mz"},
                 {"fragments.tsv", "made-up\tei\t\tx\tA\t\t\n", "mz"},
                 {"fragments.tsv", "made-up\tei\t\t5000\tA\t\t\n", "mz"},
                 {"fragments.tsv", "made-up\tei\t\t42\tAX\t\t\n", "kept"},
                 {"fragments.tsv", "made-up\tei\t\t42\tA\t-1\t\n", "weight"},
                 {"fragments.tsv", "made-up\tei\t\t42\tA\t\tx\n", "group"},
                 {"deltas.tsv", "unknown\tei\tA\t\t14\t0\t\n", "family"},
                 {"deltas.tsv", "made-up\tuv\tA\t\t14\t0\t\n", "track"},
                 {"deltas.tsv", "made-up\tei\t\t\t14\t0\t\n", "sites"},
                 {"deltas.tsv", "made-up\tei\tX\t\t14\t0\t\n", "sites"},
                 {"deltas.tsv", "made-up\tei\tA\t\t1e9\t0\t\n", "mass"},
                 {"deltas.tsv", "made-up\tei\tA\t\t-1e9\t0\t\n", "mass"},
                 {"deltas.tsv", "made-up\tei\tA\t\t14\t-1\t\n", "cost"},
                 {"deltas.tsv", "made-up\tei\tA\t\t14\t0\tno\n", "isotopologue"},
                 {"intensities.tsv", "unknown\t42\tA\t999993\t1\t1\t1\t1\t1\t1\t1\n", "family"},
                 {"intensities.tsv", "made-up\t41\tA\t999993\t1\t1\t1\t1\t1\t1\t1\n", "mz"},
                 {"intensities.tsv", "made-up\tx\tA\t999993\t1\t1\t1\t1\t1\t1\t1\n", "mz"},
                 {"intensities.tsv", "listed\t42\t\t999993\t1\t1\t1\t1\t1\t1\t1\n", "mz"},
                 {"intensities.tsv", "made-up\t42\tX\t999993\t1\t1\t1\t1\t1\t1\t1\n", "kept"},
                 {"intensities.tsv", "made-up\t42\tA\t999992\t1\t1\t1\t1\t1\t1\t1\n", "absent"},
                 {"intensities.tsv", "made-up\t42\tA\t1000001\t1\t1\t1\t1\t1\t1\t1\n", "absent"},
                 {"intensities.tsv", "made-up\t42\tA\t999994\t0\t1\t1\t1\t1\t1\t1\n", "trace"},
                 {"backgrounds.tsv", "unknown\tothers\t42\t999993\t1\t1\t1\t1\t1\t1\t1\n", "family"},
                 {"backgrounds.tsv", "made-up\tsome\t42\t999993\t1\t1\t1\t1\t1\t1\t1\n", "set"},
                 {"backgrounds.tsv", "made-up\tothers\tx\t999993\t1\t1\t1\t1\t1\t1\t1\n", "mz"},
                 {"backgrounds.tsv", "made-up\tothers\t42x\t999993\t1\t1\t1\t1\t1\t1\t1\n", "mz"},
                 {"backgrounds.tsv", "made-up\tothers\t4096\t999993\t1\t1\t1\t1\t1\t1\t1\n", "mz"},
                 {"parameters.tsv", "unknown\tei\tx\t1\n", "family"},
                 {"parameters.tsv", "made-up\tuv\tx\t1\n", "track"},
                 {"parameters.tsv", "made-up\tei\tx\t\n", "value"},
                 {"parameters.tsv", "made-up\tei\tx\tx\n", "value"}};
    for (size_t i = 0; i < COUNT_OF(wrong); i++) {
        char message[64];
        spectra_error error = {0};
        spectra_builder *builder = sample_builder();
        for (size_t k = 0; k < COUNT_OF(names); k++)
            copy_table(names[k], strcmp(names[k], wrong[i].name) == 0 ? wrong[i].line : NULL);
        assert_int_equal(spectra_builder_add_knowledge(builder, ".", &error), SPECTRA_E_FORMAT);
        snprintf(message, sizeof message, "cannot stand in the column %s", wrong[i].column);
        if (!strstr(error.message, message)) fail_msg("%zu: %s", i, error.message);
        uint64_t line = 1; /* the header's; the last one is to blame */
        for (const char *end = wrong[i].line; (end = strchr(end, '\n')); end++) line++;
        assert_int_equal(error.line, line);
        spectra_builder_free(builder);
    }
    for (size_t k = 0; k < COUNT_OF(names); k++) remove(names[k]);
}

static void a_refused_folder_leaves_no_knowledge_and_another_replaces_it(void **state) {
    (void)state;
    spectra_builder *builder = sample_builder();
    size_t size;
    assert_int_equal(spectra_builder_add_knowledge(builder, SAMPLE_KNOWLEDGE, NULL), SPECTRA_OK);
    assert_int_equal(spectra_builder_add_knowledge(builder, SAMPLE_KNOWLEDGE, NULL), SPECTRA_OK);
    uint8_t *file = sample_file(builder, &size);
    spectra_database *database = sample_open(file, size);
    assert_int_equal(db_knowledge_count(database, DB_SLOT_FAMILIES), 2);
    close_sample(database, file);
    assert_int_equal(spectra_builder_add_knowledge(builder, TESTS_DIR "/data", NULL), SPECTRA_E_IO);
    file = sample_file(builder, &size);
    database = sample_open(file, size);
    assert_int_equal(db_knowledge_count(database, DB_SLOT_FAMILIES), 0);
    sample_verify(database);
    close_sample(database, file);
    assert_int_equal(spectra_builder_add_knowledge(builder, NULL, NULL), SPECTRA_E_INVALID);
    assert_int_equal(spectra_builder_add_knowledge(NULL, SAMPLE_KNOWLEDGE, NULL), SPECTRA_E_INVALID);
    char longest[5000];
    memset(longest, 'x', sizeof longest);
    longest[sizeof longest - 1] = '\0';
    assert_int_equal(spectra_builder_add_knowledge(builder, longest, NULL), SPECTRA_E_LIMIT);
    spectra_builder_free(builder);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_family_comes_back_with_its_sites),
        cmocka_unit_test(fragments_and_deltas_name_sites_by_bits),
        cmocka_unit_test(parameters_are_found_by_family_track_and_name),
        cmocka_unit_test(rows_that_lie_are_passed_over_and_found),
        cmocka_unit_test(verify_finds_what_reading_cannot_see),
        cmocka_unit_test(a_site_outside_its_family_is_found),
        cmocka_unit_test(there_is_no_row_behind_the_last),
        cmocka_unit_test(tables_that_contradict_themselves_are_refused),
        cmocka_unit_test(a_refused_folder_leaves_no_knowledge_and_another_replaces_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
