/* SPDX-License-Identifier: Apache-2.0 */
/* Damaged and lying databases: verify finds every damage, and whatever the bytes say nothing outside them is read
   (the sanitizers watch that: each file lies in memory exactly as long as it is). */
#include "unit/db/sample.h"
#include "unit/db/walk.h"

static void every_flipped_bit_is_found_and_none_leads_outside(void **state) {
    (void)state;
    size_t size;
    uint64_t sum = 0;
    uint8_t *file = sample_full_file(&size);
    assert_in_range(size, 8192, 65536);
    for (size_t bit = 0; bit < 8 * size; bit++) {
        spectra_database *database;
        file[bit / 8] ^= (uint8_t)(1u << bit % 8);
        if (spectra_database_open_memory(&database, file, size, NULL, NULL) == SPECTRA_OK) {
            sum += sample_walk(database);
            if (spectra_database_verify(database, NULL) != SPECTRA_E_CORRUPT) fail_msg("bit %zu is not missed", bit);
            spectra_database_close(database);
        }
        file[bit / 8] ^= (uint8_t)(1u << bit % 8);
    }
    assert_true(sum > 0);
    free(file);
}

static void every_other_length_is_refused(void **state) {
    (void)state;
    size_t size;
    uint8_t *file = sample_full_file(&size);
    for (size_t length = 1; length < size + 64; length++) {
        spectra_database *database;
        uint8_t *cut = (uint8_t *)calloc(length, 1);
        assert_non_null(cut);
        memcpy(cut, file, length < size ? length : size);
        spectra_status expected = length == size ? SPECTRA_OK : SPECTRA_E_CORRUPT;
        assert_int_equal(spectra_database_open_memory(&database, cut, length, NULL, NULL), expected);
        spectra_database_close(database);
        free(cut);
    }
    free(file);
}

static void cut_and_empty_files_are_refused_by_map_and_copy(void **state) {
    (void)state;
    static const char path[] = "test_database_cut.spdb";
    size_t size;
    uint8_t *file = sample_full_file(&size);
    const size_t lengths[] = {0, 1, 255, 256, size - 1};
    for (size_t i = 0; i < COUNT_OF(lengths); i++) {
        FILE *out = fopen(path, "wb");
        assert_non_null(out);
        assert_int_equal(fwrite(file, 1, lengths[i], out), lengths[i]);
        assert_int_equal(fclose(out), 0);
        for (spectra_open_mode mode = SPECTRA_OPEN_MAP; mode <= SPECTRA_OPEN_COPY; mode++) {
            spectra_database *database;
            assert_int_equal(spectra_database_open(&database, path, mode, NULL, NULL), SPECTRA_E_CORRUPT);
            assert_null(database);
        }
    }
    remove(path);
    free(file);
}

/* Values that are likely to break arithmetic, or any. */
static uint32_t nasty_value(uint64_t *random) {
    static const uint32_t values[] = {0, 1, 0x7fffffff, 0x80000000, 0xfffffffe, 0xffffffff, 65535, 65536};
    uint64_t draw = sample_random(random);
    return draw % 3 == 0 ? (uint32_t)(draw >> 20) : values[draw / 3 % COUNT_OF(values)];
}

static void lie_somewhere(uint8_t *file, uint64_t from, uint64_t to, uint64_t *random) {
    uint64_t at = from + sample_random(random) % (to - from);
    if (sample_random(random) % 2 == 0 && to - from >= 4) {
        base_put32(file + (at & ~UINT64_C(3)), nasty_value(random));
    } else {
        file[at] ^= (uint8_t)(1u << sample_random(random) % 8);
    }
}

static void lying_content_under_valid_digests_leads_nowhere_outside(void **state) {
    (void)state;
    size_t size;
    uint64_t random = 1, sum = 0, opened = 0;
    uint8_t *file = sample_full_file(&size), *lying = (uint8_t *)malloc(size);
    assert_non_null(lying);
    uint64_t digest_offset = base_get64(file + 24), table_end = 256 + 32 * (uint64_t)base_get32(file + 12);
    for (int round = 0; round < 30000; round++) {
        spectra_database *database;
        memcpy(lying, file, size);
        bool in_table = round % 4 == 0;
        for (uint64_t lies = 1 + sample_random(&random) % 6; lies > 0; lies--)
            lie_somewhere(lying, in_table ? 8 : table_end, in_table ? table_end : digest_offset, &random);
        sample_seal(lying, digest_offset);
        if (spectra_database_open_memory(&database, lying, size, NULL, NULL) < 0) continue;
        sum += sample_walk(database);
        sum += spectra_database_verify(database, NULL) == SPECTRA_OK;
        spectra_database_close(database);
        opened++;
    }
    assert_true(sum > 0 && opened > 20000);
    free(lying);
    free(file);
}

/* What verify says of a file whose digests are right and whose section holds `value` (of `width` bytes) at `offset`. */
typedef struct told_lie {
    const char *section;
    spectra_track track;
    uint32_t offset;
    uint32_t width;
    uint64_t value;
    const char *message;
} told_lie;

static void check_lie(const uint8_t *file, size_t size, const told_lie *lie) {
    spectra_error error = {0};
    uint8_t *lying = (uint8_t *)malloc(size);
    assert_non_null(lying);
    memcpy(lying, file, size);
    spectra_database *database = sample_open(lying, size);
    uint64_t place = sample_section(database, lie->section, lie->track).offset + lie->offset;
    for (uint32_t i = 0; i < lie->width; i++) lying[place + i] = (uint8_t)(lie->value >> 8 * i);
    sample_seal(lying, base_get64(file + 24));
    if (spectra_database_verify(database, &error) != SPECTRA_E_CORRUPT || strcmp(error.message, lie->message) != 0)
        fail_msg("%s + %u: expected \"%s\", not \"%s\"", lie->section, lie->offset, lie->message, error.message);
    spectra_section section = sample_section(database, lie->section, lie->track);
    assert_in_range(error.offset, section.offset, section.offset + section.size);
    spectra_database_close(database);
    free(lying);
}

static void verify_sees_through_valid_digests(void **state) {
    (void)state;
    enum { NONE = SPECTRA_TRACK_UNKNOWN, EI = SPECTRA_TRACK_EI, MSMS = SPECTRA_TRACK_MSMS };
    static const told_lie lies[] = {
        {"strings", NONE, 0, 1, 'x', "strings do not begin and end with NUL"},
        {"strings", NONE, 3, 1, 0, "strings are not as many as the section table says"},
        {"substances", NONE, 0, 4, 2, "a reference leads to no string"},
        {"substances", NONE, 4, 4, 0xffffffff, "a reference leads to no string"},
        {"substances", NONE, 44, 4, 1, "a reserved field is not zero"},
        {"substances", NONE, 40, 4, 1, "a substance was not measured as it says"},
        {"substances", NONE, 48 + 40, 4, 0, "a substance was not measured as it says"},
        {"entries", NONE, 0, 4, 2, "a reference leads to no string"},
        {"entries", NONE, 40, 4, 5, "an entry without substance, track or polarity"},
        {"entries", NONE, 48, 1, 4, "an entry without substance, track or polarity"},
        {"entries", NONE, 49, 1, 0, "an entry without substance, track or polarity"},
        {"entries", NONE, 49, 1, 2, "an entry without substance, track or polarity"},
        {"entries", NONE, 50, 1, 1, "a reserved field is not zero"},
        {"calibration", NONE, 0, 1, 0, "a calibration of no track, or out of order or range"},
        {"calibration", NONE, 0, 1, SPECTRA_TRACK_INSOURCE, "a calibration of no track, or out of order or range"},
        {"calibration", NONE, 2, 2, 1, "a reserved field is not zero"},
        {"calibration", NONE, 4, 4, 0, "a calibration of no track, or out of order or range"},
        {"calibration", NONE, 12, 4, (1u << 30) + 1, "a calibration of no track, or out of order or range"},
        {"calibration", NONE, 48 + 40, 8, 1, "a reserved field is not zero"},
        {"nominal recipe", EI, 16, 1, 0, "a recipe differs from its fingerprint"},
        {"windowed recipe", MSMS, 4, 4, 1500000, "a recipe differs from its fingerprint"},
        {"nominal index", EI, 4, 4, 1, "the first spectrum does not begin at the first peak"},
        {"nominal index", EI, 36, 4, 0xffffffff, "an index row leads out of its arrays"},
        {"nominal index", EI, 68, 4, 29, "an index row leads out of its arrays"},
        {"nominal index", EI, 0, 4, 10, "an index row leads out of its arrays"},
        {"nominal index", EI, 0, 4, 1, "an entry stands in a set that is not its own"},
        {"nominal index", EI, 0, 4, 5, "index rows are not in order"},
        {"nominal index", EI, 0, 4, 9, "index rows are not in order"},
        {"nominal index", EI, 8, 2, 0, "the scan begins behind the first peak"},
        {"nominal index", EI, 8, 2, 41, "the scan begins behind the first peak"},
        {"nominal index", EI, 10, 2, 1, "the smallest root is another"},
        {"nominal index", EI, 12, 1, 1, "a reserved field is not zero"},
        {"nominal index", EI, 16, 1, 1, "a norm is wrong"},
        {"nominal index", EI, 24, 1, 1, "a norm is wrong"},
        {"nominal index", EI, 96, 4, 1, "the closing row is wrong"},
        {"nominal index", EI, 127, 1, 1, "the closing row is wrong"},
        {"nominal m/z", EI, 0, 2, 0, "m/z do not ascend or are out of range"},
        {"nominal m/z", EI, 2, 2, 40, "m/z do not ascend or are out of range"},
        {"nominal m/z", EI, 58, 2, 4096, "m/z do not ascend or are out of range"},
        {"nominal root", EI, 0, 2, 0, "a root is zero"},
        {"nominal weighted", EI, 0, 2, 4096, "a weight is out of range"},
        {"open index", MSMS, 8, 4, 1, "index and entry differ in the precursor"},
        {"open index", MSMS, 12, 1, 1, "a reserved field is not zero"},
        {"open index", MSMS, 32, 4, 6, "index rows are not in order"},
        {"open m/z", MSMS, 4, 4, 1, "m/z do not ascend"},
        {"open weight", MSMS, 0, 2, 0, "weights do not sum to 65535"},
        {"open root", MSMS, 0, 2, 0, "a root is zero"},
    };
    size_t size;
    uint8_t *file = sample_full_file(&size);
    for (size_t i = 0; i < COUNT_OF(lies); i++) check_lie(file, size, &lies[i]);
    free(file);
}

/* Row of the section table that begins with this kind. */
static uint8_t *table_row(uint8_t *file, uint16_t kind) {
    for (uint32_t i = 0; i < base_get32(file + 12); i++)
        if (base_get16(file + 256 + 32 * (size_t)i) == kind) return file + 256 + 32 * (size_t)i;
    fail_msg("no section of kind %u", kind);
    return file;
}

/* Opens and verifies after sealing; the message is left in *error. */
static spectra_status judge(uint8_t *file, size_t size, spectra_error *error) {
    spectra_database *database;
    sample_seal(file, base_get64(file + 24));
    *error = (spectra_error){0};
    spectra_status status = spectra_database_open_memory(&database, file, size, NULL, error);
    if (status == SPECTRA_OK) {
        sample_walk(database);
        status = spectra_database_verify(database, error);
    }
    spectra_database_close(database);
    return status;
}

static void a_set_that_lost_an_entry_or_a_section_is_found(void **state) {
    (void)state;
    size_t size;
    spectra_error error;
    /* The negative in-source entry becomes a negative MS/MS one that no set of these has. */
    uint8_t *file = sample_full_file(&size);
    uint8_t *entries = file + base_get64(table_row(file, DB_KIND_ENTRIES) + 8);
    uint8_t *substances = file + base_get64(table_row(file, DB_KIND_SUBSTANCES) + 8);
    uint32_t substance = base_get32(entries + 8 * 52 + 40);
    entries[8 * 52 + 48] = SPECTRA_TRACK_MSMS;
    base_put32(substances + 48 * substance + 40, db_measured_bit(SPECTRA_TRACK_MSMS, SPECTRA_POLARITY_POSITIVE) |
                                                     db_measured_bit(SPECTRA_TRACK_MSMS, SPECTRA_POLARITY_NEGATIVE));
    assert_int_equal(judge(file, size, &error), SPECTRA_E_CORRUPT);
    assert_string_equal(error.message, "not every entry stands in its set");
    free(file);
    /* A section of a set becomes unknown and optional. */
    file = sample_full_file(&size);
    uint8_t *row = table_row(file, DB_KIND_WEIGHTED);
    base_put16(row, 0x7777);
    row[7] = 1;
    assert_int_equal(judge(file, size, &error), SPECTRA_E_CORRUPT);
    assert_string_equal(error.message, "a peak set is missing or not whole");
    free(file);
}

/* The section is there no longer for who does not know its kind. */
static void make_unknown(uint8_t *file, uint16_t kind) {
    uint8_t *row = table_row(file, kind);
    base_put16(row, 0x7777);
    row[7] = DB_SECTION_OPTIONAL;
}

static void make_empty(uint8_t *file, uint16_t kind) {
    uint8_t *row = table_row(file, kind);
    base_put64(row + 16, 0);
    base_put64(row + 24, 0);
}

/* Ends the file. */
static void check_nominal_set_is_corrupt(uint8_t *file, size_t size) {
    db_set set;
    spectra_database *database = sample_open(file, size);
    assert_int_equal(db_find_set(&set, database, SPECTRA_TRACK_EI, SPECTRA_POLARITY_POSITIVE, DB_SET_NOMINAL),
                     SPECTRA_E_CORRUPT);
    spectra_database_close(database);
    free(file);
}

static void a_set_that_does_not_fit_together_is_corrupt(void **state) {
    (void)state;
    static const uint16_t kinds[] = {DB_KIND_RECIPE, DB_KIND_NOMINAL_INDEX, DB_KIND_NOMINAL_MZ, DB_KIND_ROOT,
                                     DB_KIND_WEIGHTED};
    size_t size;
    for (size_t i = 0; i < COUNT_OF(kinds); i++) {
        uint8_t *lacking = sample_full_file(&size), *uneven = sample_full_file(&size);
        make_unknown(lacking, kinds[i]);
        check_nominal_set_is_corrupt(lacking, size);
        make_empty(uneven, kinds[i]);
        check_nominal_set_is_corrupt(uneven, size);
    }
    uint8_t *without_arrays = sample_full_file(&size);
    for (size_t i = 2; i < COUNT_OF(kinds); i++) make_unknown(without_arrays, kinds[i]);
    check_nominal_set_is_corrupt(without_arrays, size);
    uint8_t *other_recipe = sample_full_file(&size);
    base_put32(other_recipe + base_get64(table_row(other_recipe, DB_KIND_RECIPE) + 8), SPECTRA_RECIPE_ACCURATE);
    check_nominal_set_is_corrupt(other_recipe, size);
}

static void a_base_peak_below_full_scale_is_found(void **state) {
    (void)state;
    static const uint16_t kinds[] = {DB_KIND_ROOT, DB_KIND_ACCURATE_ROOT};
    for (size_t i = 0; i < COUNT_OF(kinds); i++) {
        size_t size;
        spectra_error error;
        uint8_t *file = sample_full_file(&size);
        uint8_t *root = file + base_get64(table_row(file, kinds[i]) + 8);
        while (base_get16(root) != 65535) root += 2;
        base_put16(root, 65534);
        assert_int_equal(judge(file, size, &error), SPECTRA_E_CORRUPT);
        assert_string_equal(error.message, "no root reaches 65535");
        free(file);
    }
}

/* As files were before there were roots of accurate m/z. */
static void an_accurate_set_may_lack_roots_but_not_some_of_them(void **state) {
    (void)state;
    size_t size;
    spectra_error error;
    db_set set;
    uint8_t *file = sample_full_file(&size);
    assert_int_equal(table_row(file, DB_KIND_ACCURATE_ROOT)[7], DB_SECTION_OPTIONAL);
    make_unknown(file, DB_KIND_ACCURATE_ROOT);
    assert_int_equal(judge(file, size, &error), SPECTRA_OK);
    spectra_database *database = sample_open(file, size);
    assert_int_equal(db_find_set(&set, database, SPECTRA_TRACK_MSMS, SPECTRA_POLARITY_POSITIVE, DB_SET_WINDOWED),
                     SPECTRA_OK);
    assert_null(set.root);
    spectra_database_close(database);
    free(file);
    file = sample_full_file(&size);
    make_empty(file, DB_KIND_ACCURATE_ROOT);
    database = sample_open(file, size);
    assert_int_equal(db_find_set(&set, database, SPECTRA_TRACK_MSMS, SPECTRA_POLARITY_POSITIVE, DB_SET_WINDOWED),
                     SPECTRA_E_CORRUPT);
    spectra_database_close(database);
    free(file);
}

static void a_peak_that_no_spectrum_has_is_found(void **state) {
    (void)state;
    static const uint16_t kinds[] = {DB_KIND_NOMINAL_MZ, DB_KIND_ROOT, DB_KIND_WEIGHTED};
    size_t size;
    spectra_error error;
    uint8_t *file = sample_full_file(&size);
    for (size_t i = 0; i < COUNT_OF(kinds); i++) {
        uint8_t *row = table_row(file, kinds[i]);
        assert_int_not_equal(base_get64(row + 16) % 64, 0); /* the peak takes the place of padding */
        base_put64(row + 16, base_get64(row + 16) + 2);
        base_put64(row + 24, base_get64(row + 24) + 1);
    }
    assert_int_equal(judge(file, size, &error), SPECTRA_E_CORRUPT);
    assert_string_equal(error.message, "the closing row is wrong");
    free(file);
}

/* A file with one section of a kind nobody knows behind all others. */
static uint8_t *file_with_unknown_section(size_t *size, uint8_t flags) {
    size_t old_size;
    uint8_t *old = sample_full_file(&old_size);
    uint32_t count = base_get32(old + 12);
    uint64_t old_end = base_get64(old + 24), content = 256 + 32 * (uint64_t)count;
    uint64_t shift = content % 64 == 0 ? 64 : 0; /* a row more moves everything, or takes the place of padding */
    uint64_t digest_offset = old_end + shift + 64;
    *size = (size_t)(digest_offset + 32);
    uint8_t *file = (uint8_t *)calloc(*size, 1);
    assert_non_null(file);
    memcpy(file, old, (size_t)content);
    memcpy(file + content + shift, old + content, (size_t)(old_end - content));
    for (uint32_t i = 0; i < count; i++) {
        uint8_t *row = file + 256 + 32 * (size_t)i;
        base_put64(row + 8, base_get64(row + 8) + shift);
    }
    uint8_t *row = file + content;
    base_put16(row, 0x7777);
    base_put16(row + 2, 3);
    row[7] = flags;
    base_put64(row + 8, old_end + shift);
    base_put64(row + 16, 5);
    memcpy(file + old_end + shift, "hello", 5);
    base_put32(file + 12, count + 1);
    base_put64(file + 16, *size);
    base_put64(file + 24, digest_offset);
    free(old);
    return file;
}

static void an_unknown_section_is_ignored_where_it_is_optional(void **state) {
    (void)state;
    size_t size;
    spectra_error error;
    uint8_t *file = file_with_unknown_section(&size, DB_SECTION_OPTIONAL);
    assert_int_equal(judge(file, size, &error), SPECTRA_OK);
    spectra_database *database = sample_open(file, size);
    spectra_section section;
    section = sample_section(database, "kind 30583", SPECTRA_TRACK_UNKNOWN);
    assert_int_equal(section.size, 5);
    assert_int_equal(section.version, 3);
    spectra_database_close(database);
    /* Padding behind the last section is padding all the same. */
    file[base_get64(file + 24) - 1] = 1;
    assert_int_equal(judge(file, size, &error), SPECTRA_E_CORRUPT);
    assert_string_equal(error.message, "padding is not zero");
    assert_int_equal(error.offset, base_get64(file + 24) - 1);
    free(file);
}

static void an_unknown_section_that_is_required_is_refused(void **state) {
    (void)state;
    size_t size;
    spectra_error error;
    uint8_t *file = file_with_unknown_section(&size, 0);
    assert_int_equal(judge(file, size, &error), SPECTRA_E_VERSION);
    free(file);
    file = sample_full_file(&size);
    base_put16(table_row(file, DB_KIND_ENTRIES) + 2, 2);
    assert_int_equal(judge(file, size, &error), SPECTRA_E_VERSION);
    free(file);
}

static void a_higher_major_version_is_refused_and_a_higher_minor_is_not(void **state) {
    (void)state;
    size_t size;
    spectra_error error;
    uint8_t *file = sample_full_file(&size);
    base_put16(file + 10, 7);
    assert_int_equal(judge(file, size, &error), SPECTRA_OK);
    base_put16(file + 8, 1);
    assert_int_equal(judge(file, size, &error), SPECTRA_E_VERSION);
    free(file);
}

/* One field of header or section table that open must refuse, whatever the digests say. */
static void check_refused(size_t offset, uint32_t width, uint64_t value, const char *message) {
    size_t size;
    spectra_error error;
    spectra_database *database;
    uint8_t *file = sample_full_file(&size);
    for (uint32_t i = 0; i < width; i++) file[offset + i] = (uint8_t)(value >> 8 * i);
    sample_seal(file, size - 32);
    assert_int_equal(spectra_database_open_memory(&database, file, size, NULL, &error), SPECTRA_E_CORRUPT);
    assert_string_equal(error.message, message);
    free(file);
}

static void places_that_cannot_be_are_refused_on_opening(void **state) {
    (void)state;
    size_t size;
    uint8_t *file = sample_full_file(&size);
    const size_t strings = 256, substances = 288, root = (size_t)(table_row(file, DB_KIND_ROOT) - file),
                 weighted = (size_t)(table_row(file, DB_KIND_WEIGHTED) - file);
    free(file);
    check_refused(3, 1, 'B', "this is no spectra database");
    check_refused(16, 8, 1, "the file is not as long as its header says");
    check_refused(24, 8, 192, "the digest section begins at an impossible place");
    check_refused(24, 8, UINT64_MAX - 63, "the digest section begins at an impossible place");
    check_refused(24, 8, 1025, "the digest section begins at an impossible place");
    check_refused(24, 8, 1024, "the digest section does not fit the file");
    check_refused(32, 4, 65535, "the digest block size is not 65536");
    check_refused(12, 4, UINT32_MAX, "the section table is longer than the file");
    check_refused(12, 4, 2, "strings, substances or entries are missing");
    check_refused(strings + 7, 1, 2, "unknown flags of a section");
    check_refused(strings + 8, 1, 1, "a section is not aligned");
    check_refused(strings + 8, 8, 256, "a section overlaps the one before it");
    check_refused(substances + 8, 8, 1280, "a section overlaps the one before it");
    check_refused(strings + 8, 8, UINT64_MAX - 63, "a section ends beyond the file");
    check_refused(strings + 16, 8, UINT64_MAX, "a section ends beyond the file");
    check_refused(strings + 24, 8, UINT64_C(1) << 32, "size and count of a section contradict each other");
    check_refused(substances + 24, 8, 6, "size and count of a section contradict each other");
    check_refused(substances + 4, 1, 1, "a section of a set that does not exist");
    check_refused(root + 5, 1, 2, "a section of a set that does not exist");
    check_refused(root + 4, 3, 0x020102, "a section of a set that does not exist");
    check_refused(weighted, 2, DB_KIND_ROOT, "a section is there twice");
}

static void reserved_bytes_and_padding_are_zero(void **state) {
    (void)state;
    size_t size;
    spectra_error error;
    uint8_t *file = sample_full_file(&size);
    uint8_t *row = table_row(file, DB_KIND_STRINGS);
    size_t behind = (size_t)(base_get64(row + 8) + base_get64(row + 16));
    assert_int_not_equal(behind % 64, 0);
    const size_t places[] = {36, 223, behind};
    for (size_t i = 0; i < COUNT_OF(places); i++) {
        file[places[i]] = 1;
        assert_int_equal(judge(file, size, &error), SPECTRA_E_CORRUPT);
        assert_string_equal(error.message, "padding is not zero");
        assert_int_equal(error.offset, places[i]);
        file[places[i]] = 0;
    }
    assert_int_equal(judge(file, size, &error), SPECTRA_OK);
    free(file);
}

static void damage_is_named_with_its_block(void **state) {
    (void)state;
    spectra_builder *builder = sample_full_builder();
    sample_record record = sample_records[0];
    char name[32];
    for (uint32_t i = 0; i < 200; i++) {
        snprintf(name, sizeof name, "long %u", i);
        record.name = name;
        record.inchikey = NULL;
        record.peaks = 512;
        assert_int_equal(sample_add(builder, &record, NULL), SPECTRA_OK);
    }
    size_t size;
    spectra_error error;
    uint8_t *file = sample_file(builder, &size);
    spectra_builder_free(builder);
    assert_true(size > 4 * 65536);
    spectra_database *database = sample_open(file, size);
    sample_verify(database);
    file[256 + 2 * 65536 + 17] ^= 1;
    assert_int_equal(spectra_database_verify(database, &error), SPECTRA_E_CORRUPT);
    assert_string_equal(error.message, "a block differs from its digest");
    assert_int_equal(error.offset, 256 + 2 * 65536);
    file[256 + 2 * 65536 + 17] ^= 1;
    file[size - 1] ^= 1;
    assert_int_equal(spectra_database_verify(database, &error), SPECTRA_E_CORRUPT);
    assert_string_equal(error.message, "header or block digests differ from the root digest");
    spectra_database_close(database);
    free(file);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_flipped_bit_is_found_and_none_leads_outside),
        cmocka_unit_test(every_other_length_is_refused),
        cmocka_unit_test(cut_and_empty_files_are_refused_by_map_and_copy),
        cmocka_unit_test(lying_content_under_valid_digests_leads_nowhere_outside),
        cmocka_unit_test(verify_sees_through_valid_digests),
        cmocka_unit_test(a_set_that_lost_an_entry_or_a_section_is_found),
        cmocka_unit_test(a_set_that_does_not_fit_together_is_corrupt),
        cmocka_unit_test(a_base_peak_below_full_scale_is_found),
        cmocka_unit_test(an_accurate_set_may_lack_roots_but_not_some_of_them),
        cmocka_unit_test(a_peak_that_no_spectrum_has_is_found),
        cmocka_unit_test(an_unknown_section_is_ignored_where_it_is_optional),
        cmocka_unit_test(an_unknown_section_that_is_required_is_refused),
        cmocka_unit_test(a_higher_major_version_is_refused_and_a_higher_minor_is_not),
        cmocka_unit_test(places_that_cannot_be_are_refused_on_opening),
        cmocka_unit_test(reserved_bytes_and_padding_are_zero),
        cmocka_unit_test(damage_is_named_with_its_block),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
