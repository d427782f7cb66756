/* SPDX-License-Identifier: Apache-2.0 */
/* The raw spectrum: peaks, metadata, the fields they answer, and what kind of measurement a record tells of. */
#include "base/digest.h"
#include "spectrum/encoding.h"
#include "spectrum/fields.h"
#include "spectrum/raw.h"
#include "unit/counted_memory.h"
#include "unit/spectrum/made.h"

/* --- Peaks --- */

static void peaks_are_sorted_stably_with_a_warning(void **state) {
    spectra_spectrum *spectrum = *state;
    const double mz[] = {188, 105, 188, 146}, intensity[] = {4, 1, 5, 2};
    const double sorted_mz[] = {105, 146, 188, 188}, sorted_intensity[] = {1, 2, 4, 5};
    assert_int_equal(spectra_spectrum_set_peaks(spectrum, mz, intensity, 4, NULL), SPECTRA_OK);
    assert_memory_equal(spectra_spectrum_mz(spectrum), sorted_mz, sizeof sorted_mz);
    assert_memory_equal(spectra_spectrum_intensity(spectrum), sorted_intensity, sizeof sorted_intensity);
    assert_int_equal(spectra_spectrum_warning_count(spectrum), 1);
    assert_string_equal(spectra_spectrum_warning(spectrum, 0), "peaks were not in order of m/z: sorted");
    assert_int_equal(spectra_spectrum_set_peaks(spectrum, sorted_mz, intensity, 4, NULL), SPECTRA_OK);
    assert_int_equal(spectra_spectrum_warning_count(spectrum), 0);
    assert_null(spectra_spectrum_warning(spectrum, 0));
}

static void annotations_follow_their_peaks(void **state) {
    spectra_spectrum *spectrum = *state;
    assert_true(spectrum_add_peak(spectrum, 188, 4));
    assert_true(spectrum_add_annotation(spectrum, "C13H18N+", 8));
    assert_true(spectrum_add_peak(spectrum, 105, 1));
    assert_true(spectrum_add_peak(spectrum, 77, 1));
    assert_true(spectrum_add_annotation(spectrum, "C6H5+", 5));
    assert_true(spectrum_add_peak(spectrum, 42, 1));
    assert_int_equal(spectrum_finish(spectrum, BASE_NO_PLACE, NULL), SPECTRA_OK);
    assert_null(spectra_spectrum_annotation(spectrum, 0));
    assert_string_equal(spectra_spectrum_annotation(spectrum, 1), "C6H5+");
    assert_null(spectra_spectrum_annotation(spectrum, 2));
    assert_string_equal(spectra_spectrum_annotation(spectrum, 3), "C13H18N+");
    assert_null(spectra_spectrum_annotation(spectrum, 4));
}

static void a_copy_has_all_and_outlives_what_it_was_made_from(void **state) {
    (void)state;
    spectra_spectrum *spectrum, *copy, *empty;
    const char *key, *value;
    assert_int_equal(spectra_spectrum_create(&spectrum, NULL), SPECTRA_OK);
    assert_int_equal(spectra_spectrum_copy(&empty, spectrum, NULL), SPECTRA_OK);
    assert_true(spectrum_add_peak(spectrum, 188, 4));
    assert_true(spectrum_add_annotation(spectrum, "C13H18N+", 8));
    assert_true(spectrum_add_peak(spectrum, 105, 1));
    assert_int_equal(spectra_spectrum_add_metadata(spectrum, "Name", "G\xfcnther"), SPECTRA_OK);
    assert_true(spectrum_add_warning(spectrum, "odd"));
    assert_int_equal(spectrum_finish(spectrum, BASE_NO_PLACE, NULL), SPECTRA_OK);
    assert_int_equal(spectra_spectrum_copy(&copy, spectrum, NULL), SPECTRA_OK);
    spectra_spectrum_free(spectrum);
    assert_int_equal(spectra_spectrum_peak_count(copy), 2);
    assert_true(spectra_spectrum_mz(copy)[0] == 105 && spectra_spectrum_intensity(copy)[1] == 4);
    assert_string_equal(spectra_spectrum_annotation(copy, 1), "C13H18N+");
    assert_string_equal(spectra_spectrum_field(copy, SPECTRA_FIELD_NAME), "G\xc3\xbcnther");
    assert_int_equal(spectra_spectrum_metadata(copy, 0, &key, &value), SPECTRA_OK);
    assert_string_equal(key, "Name");
    assert_int_equal(spectra_spectrum_warning_count(copy), 3);
    assert_string_equal(spectra_spectrum_warning(copy, 0), "odd");
    assert_int_equal(spectra_spectrum_add_metadata(empty, "Name", "still usable"), SPECTRA_OK);
    assert_string_equal(spectra_spectrum_field(empty, SPECTRA_FIELD_NAME), "still usable");
    assert_int_equal(spectra_spectrum_copy(NULL, copy, NULL), SPECTRA_E_INVALID);
    spectra_spectrum_free(empty);
    assert_int_equal(spectra_spectrum_copy(&empty, NULL, NULL), SPECTRA_E_INVALID);
    assert_null(empty);
    spectra_spectrum_free(copy);
}

static void impossible_peaks_are_refused_and_change_nothing(void **state) {
    spectra_spectrum *spectrum = *state;
    const double zero = 0, infinity = 1 / zero, nan = zero / zero;
    const double good_mz[] = {105}, good_intensity[] = {1};
    assert_int_equal(spectra_spectrum_set_peaks(spectrum, good_mz, good_intensity, 1, NULL), SPECTRA_OK);
    const double bad[][2] = {{0, 1}, {-1, 1}, {infinity, 1}, {nan, 1}, {1, -1}, {1, infinity}, {1, nan}};
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        const double mz[] = {42, bad[i][0]}, intensity[] = {7, bad[i][1]};
        spectra_error error;
        assert_int_equal(spectra_spectrum_set_peaks(spectrum, mz, intensity, 2, &error), SPECTRA_E_FORMAT);
        assert_int_equal(error.offset, 1);
        assert_int_equal(spectra_spectrum_peak_count(spectrum), 1);
        assert_true(spectra_spectrum_mz(spectrum)[0] == 105);
        assert_false(spectrum_peak_valid(bad[i][0], bad[i][1]));
    }
    assert_int_equal(spectra_spectrum_set_peaks(spectrum, NULL, good_intensity, 1, NULL), SPECTRA_E_INVALID);
    assert_int_equal(spectra_spectrum_set_peaks(NULL, good_mz, good_intensity, 1, NULL), SPECTRA_E_INVALID);
}

static void a_finished_spectrum_has_no_impossible_peak(void **state) {
    spectra_spectrum *spectrum = *state;
    assert_true(spectrum_add_peak(spectrum, 105, 1));
    assert_true(spectrum_add_peak(spectrum, 106, -1));
    spectra_error error;
    assert_int_equal(spectrum_finish(spectrum, (base_place){7, 99}, &error), SPECTRA_E_FORMAT);
    assert_int_equal(error.line, 7);
    assert_int_equal(error.offset, 99);
}

static void digest_is_that_of_little_endian_pairs(void **state) {
    spectra_spectrum *spectrum = *state;
    const double mz[] = {188.5, 105}, intensity[] = {-0.0, 1};
    static const uint8_t bytes[] = {0, 0, 0, 0, 0, 0x40, 0x5a, 0x40, 0, 0, 0, 0, 0, 0, 0xf0, 0x3f,
                                    0, 0, 0, 0, 0, 0x90, 0x67, 0x40, 0, 0, 0, 0, 0, 0, 0,    0};
    uint8_t digest[32], expected[32];
    assert_int_equal(spectra_spectrum_set_peaks(spectrum, mz, intensity, 2, NULL), SPECTRA_OK);
    spectra_spectrum_digest(spectrum, digest);
    base_digest_of(bytes, sizeof bytes, expected);
    assert_memory_equal(digest, expected, sizeof digest);
}

static void a_cleared_spectrum_is_empty(void **state) {
    spectra_spectrum *spectrum = *state;
    assert_true(spectrum_add_peak(spectrum, 105, 1));
    assert_true(spectrum_add_annotation(spectrum, "x", 1));
    assert_true(spectrum_add_warning(spectrum, "odd"));
    add(spectrum, "Name", "f\xe9ntanyl");
    spectrum_clear(spectrum);
    assert_int_equal(spectra_spectrum_peak_count(spectrum), 0);
    assert_int_equal(spectra_spectrum_metadata_count(spectrum), 0);
    assert_int_equal(spectra_spectrum_warning_count(spectrum), 0);
    assert_null(spectra_spectrum_annotation(spectrum, 0));
    assert_null(spectra_spectrum_field(spectrum, SPECTRA_FIELD_NAME));
}

/* --- Metadata and fields --- */

static void metadata_are_kept_word_for_word(void **state) {
    spectra_spectrum *spectrum = *state;
    const char *key, *value;
    add(spectrum, " Odd Key#", "\t a  value, \"quoted\" = N/A \t");
    add(spectrum, "Synon", "");
    add(spectrum, "Synon", "x");
    assert_int_equal(spectra_spectrum_metadata_count(spectrum), 3);
    assert_int_equal(spectra_spectrum_metadata(spectrum, 0, &key, &value), SPECTRA_OK);
    assert_string_equal(key, "Odd Key#");
    assert_string_equal(value, "a  value, \"quoted\" = N/A");
    assert_int_equal(spectra_spectrum_metadata(spectrum, 1, &key, &value), SPECTRA_OK);
    assert_string_equal(key, "Synon");
    assert_string_equal(value, "");
    assert_int_equal(spectra_spectrum_metadata(spectrum, 3, &key, &value), SPECTRA_E_NOT_FOUND);
    assert_int_equal(spectra_spectrum_add_metadata(spectrum, " ", "x"), SPECTRA_E_INVALID);
}

static void every_spelling_answers_to_its_field(void **state) {
    static const struct {
        const char *key, *value;
        spectra_field field;
        const char *answer;
    } cases[] = {
        {"Name", "fentanyl", SPECTRA_FIELD_NAME, "fentanyl"},
        {"TITLE", "scan 7", SPECTRA_FIELD_NAME, "scan 7"},
        {"CH$NAME", "fentanyl", SPECTRA_FIELD_NAME, "fentanyl"},
        {"DB#", "17", SPECTRA_FIELD_ACCESSION, "17"},
        {"record", "OWN-1", SPECTRA_FIELD_ACCESSION, "OWN-1"},
        {"SPECTRUMID", "CCMSLIB1", SPECTRA_FIELD_ACCESSION, "CCMSLIB1"},
        {"ACCESSION", "ML000251", SPECTRA_FIELD_ACCESSION, "ML000251"},
        {"CH$LINK", "INCHIKEY PJMPHNIQZUBGLI-UHFFFAOYSA-N", SPECTRA_FIELD_INCHIKEY, "PJMPHNIQZUBGLI-UHFFFAOYSA-N"},
        {"CH$LINK", "CAS 437-38-7", SPECTRA_FIELD_CAS, "437-38-7"},
        {"METB InChIKey", "X", SPECTRA_FIELD_INCHIKEY, "X"},
        {"STDINCHI", "InChI=1S/ClH/h1H", SPECTRA_FIELD_INCHI, "InChI=1S/ClH/h1H"},
        {"CASNO", "437387", SPECTRA_FIELD_CAS, "437387"},
        {"CAS#", "437-38-7;  NIST#: 4711", SPECTRA_FIELD_CAS, "437-38-7"},
        {"NIST#", "4711; CAS#: 437-38-7", SPECTRA_FIELD_CAS, "437-38-7"},
        {"PRECURSORMZ", "337.2274", SPECTRA_FIELD_PRECURSOR_MZ, "337.2274"},
        {"PEPMASS", "337.2274 1234", SPECTRA_FIELD_PRECURSOR_MZ, "337.2274 1234"},
        {"MS$FOCUSED_ION", "PRECURSOR_M/Z 199.0167", SPECTRA_FIELD_PRECURSOR_MZ, "199.0167"},
        {"Precursor_type", "[M+H]+", SPECTRA_FIELD_ADDUCT, "[M+H]+"},
        {"MS$FOCUSED_ION", "PRECURSOR_TYPE  [M-H]-", SPECTRA_FIELD_ADDUCT, "[M-H]-"},
        {"AC$MASS_SPECTROMETRY", "ION_MODE NEGATIVE", SPECTRA_FIELD_POLARITY, "NEGATIVE"},
        {"AC$MASS_SPECTROMETRY", "MS_TYPE MS2", SPECTRA_FIELD_SPECTRUM_TYPE, "MS2"},
        {"MSLEVEL", "2", SPECTRA_FIELD_SPECTRUM_TYPE, "2"},
        {"INSTRUMENTTYPE", "EI-B", SPECTRA_FIELD_INSTRUMENT_TYPE, "EI-B"},
        {"SOURCE_INSTRUMENT", "DI-ESI-Orbitrap", SPECTRA_FIELD_INSTRUMENT_TYPE, "DI-ESI-Orbitrap"},
        {"AC$INSTRUMENT", "TQD", SPECTRA_FIELD_INSTRUMENT, "TQD"},
        {"COLLISIONENERGY", "35HCD", SPECTRA_FIELD_COLLISION_ENERGY, "35HCD"},
        {"AC$CHROMATOGRAPHY", "RETENTION_TIME 10.3 min", SPECTRA_FIELD_RETENTION_TIME, "10.3 min"},
        {"RI", "986,97", SPECTRA_FIELD_RETENTION_INDEX, "986,97"},
        {"License", "CC0", SPECTRA_FIELD_LICENCE, "CC0"},
        {"ModType", "D", SPECTRA_FIELD_SITES, "D"},
        {"PK$SPLASH", "splash10-x", SPECTRA_FIELD_SPLASH, "splash10-x"},
        {"track", "ei", SPECTRA_FIELD_TRACK, "ei"},
    };
    spectra_spectrum *spectrum = *state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        spectrum_clear(spectrum);
        add(spectrum, cases[i].key, cases[i].value);
        const char *answer = spectra_spectrum_field(spectrum, cases[i].field);
        assert_non_null(answer);
        assert_string_equal(answer, cases[i].answer);
    }
}

static void the_alias_table_is_in_order(void **state) {
    (void)state;
    for (size_t i = 1; i < spectrum_alias_count; i++) {
        assert_true(strcmp(spectrum_aliases[i - 1].key, spectrum_aliases[i].key) < 0);
    }
    assert_int_equal(spectrum_field_of_key("Precursor_MZ", 12), SPECTRA_FIELD_PRECURSOR_MZ);
    assert_int_equal(spectrum_field_of_key("Num Peaks", 9), SPECTRA_FIELD_COUNT);
}

static void the_first_value_that_says_something_wins(void **state) {
    spectra_spectrum *spectrum = *state;
    add(spectrum, "SMILES", "N/A");
    add(spectrum, "SMILES", "");
    add(spectrum, "SMILES", "NA");
    add(spectrum, "SMILES", "n/a");
    assert_null(spectra_spectrum_field(spectrum, SPECTRA_FIELD_SMILES));
    add(spectrum, "SMILES", "C");
    add(spectrum, "SMILES", "CC");
    assert_string_equal(spectra_spectrum_field(spectrum, SPECTRA_FIELD_SMILES), "C");
    add(spectrum, "Formula", "Na"); /* sodium, not "not available" */
    assert_string_equal(spectra_spectrum_field(spectrum, SPECTRA_FIELD_FORMULA), "Na");
    add(spectrum, "Charge", "0");
    assert_null(spectra_spectrum_field(spectrum, SPECTRA_FIELD_CHARGE));
    add(spectrum, "Charge", "10+");
    assert_string_equal(spectra_spectrum_field(spectrum, SPECTRA_FIELD_CHARGE), "10+");
}

static void comments_answer_only_what_no_line_does(void **state) {
    spectra_spectrum *spectrum = *state;
    add(spectrum, "Comments",
        "\"accession=JP1\" \"author=KOGA M, \"UOEH\"\" \"license=CC0\" \"ion type=[M]+*\" \"no pair\" \"SMILES=C=C\"");
    add(spectrum, "DB#", "JP000001");
    assert_string_equal(spectra_spectrum_field(spectrum, SPECTRA_FIELD_ACCESSION), "JP000001");
    assert_string_equal(spectra_spectrum_field(spectrum, SPECTRA_FIELD_AUTHOR), "KOGA M, \"UOEH\"");
    assert_string_equal(spectra_spectrum_field(spectrum, SPECTRA_FIELD_LICENCE), "CC0");
    assert_string_equal(spectra_spectrum_field(spectrum, SPECTRA_FIELD_ADDUCT), "[M]+*");
    assert_string_equal(spectra_spectrum_field(spectrum, SPECTRA_FIELD_SMILES), "C=C");
}

static void titles_are_names_only_where_there_is_no_name(void **state) {
    spectra_spectrum *spectrum = *state;
    add(spectrum, "TITLE", "scan 7");
    add(spectrum, "NAME", "fentanyl");
    assert_string_equal(spectra_spectrum_field(spectrum, SPECTRA_FIELD_NAME), "fentanyl");
}

static void other_text_is_taken_as_windows_1252(void **state) {
    spectra_spectrum *spectrum = *state;
    const char *key, *value;
    add(spectrum, "Author", "Kondi\xc4\x87");
    assert_int_equal(spectra_spectrum_warning_count(spectrum), 0);
    add(spectrum, "Author", "J\xf6rg \x80 \x8d");
    assert_int_equal(spectra_spectrum_metadata(spectrum, 1, &key, &value), SPECTRA_OK);
    assert_string_equal(value, "J\xc3\xb6rg \xe2\x82\xac \xc2\x8d");
    assert_int_equal(spectra_spectrum_warning_count(spectrum), 1);
    assert_string_equal(spectra_spectrum_warning(spectrum, 0), "text is not UTF-8: read as Windows-1252");
}

static void only_well_formed_utf8_is_utf8(void **state) {
    (void)state;
    static const char *const good[] = {
        "", "a", "\xc2\x80", "\xe0\xa0\x80", "\xed\x9f\xbf", "\xf0\x90\x80\x80", "\xf4\x8f\xbf\xbf"};
    static const char *const bad[] = {"\x80",
                                      "\xc1\xbf",
                                      "\xe0\x9f\xbf",
                                      "\xed\xa0\x80",
                                      "\xe2\x82",
                                      "\xf0\x8f\xbf\xbf",
                                      "\xf4\x90\x80\x80",
                                      "\xf5\x80\x80\x80",
                                      "\xc3(",
                                      "\xe2\x82(",
                                      "\xff"};
    for (size_t i = 0; i < COUNT_OF(good); i++) assert_true(spectrum_is_utf8(good[i], strlen(good[i])));
    for (size_t i = 0; i < COUNT_OF(bad); i++) assert_false(spectrum_is_utf8(bad[i], strlen(bad[i])));
}

/* --- Kind of measurement --- */

typedef struct kind_case {
    const char *text; /* "key=value|key=value" */
    int32_t expected;
} kind_case;

static void the_track_is_what_the_record_tells(void **state) {
    static const kind_case cases[] = {
        {"Instrument_type=EI-B|Spectrum_type=MS", SPECTRA_TRACK_EI},
        {"Instrument_type=GC-EI-TOF", SPECTRA_TRACK_EI},
        {"Instrument_type=EI (70 eV, unit resolution)", SPECTRA_TRACK_EI},
        {"Instrument_type=EI", SPECTRA_TRACK_EI},
        {"Instrument_type=GC Orbitrap|Ionization=EI|Spectrum_type=in-source", SPECTRA_TRACK_EI},
        {"Ionization=Electron ionization", SPECTRA_TRACK_EI},
        {"Instrument_type=GC-EI-QQ|Spectrum_type=MS2", SPECTRA_TRACK_MSMS},
        {"Instrument_type=DART-TOF, in-source CID|Precursor_type=[M+H]+|PrecursorMZ=323.2", SPECTRA_TRACK_INSOURCE},
        {"Instrument_type=SIMULATED in-source: LC-ESI MS2", SPECTRA_TRACK_INSOURCE},
        {"Spectrum_type=in-source", SPECTRA_TRACK_INSOURCE},
        {"Instrument_type=LC-ESI-QFT", SPECTRA_TRACK_MSMS},
        {"Instrument_type=LC-ESI-QFT|Spectrum_type=MS", SPECTRA_TRACK_UNKNOWN},
        {"Instrument_type=LC-ESI-QFT|ms level=MS1", SPECTRA_TRACK_UNKNOWN},
        {"Spectrum_type=MS2", SPECTRA_TRACK_MSMS},
        {"Spectrum_type=MS/MS", SPECTRA_TRACK_MSMS},
        {"Spectrum_type=MSn", SPECTRA_TRACK_MSMS},
        {"MSLEVEL=2", SPECTRA_TRACK_MSMS},
        {"MSLEVEL=1|Instrument_type=ESI", SPECTRA_TRACK_UNKNOWN},
        {"PrecursorMZ=337.2|Precursor_type=[M+H]+", SPECTRA_TRACK_MSMS},
        {"PrecursorMZ=337.2|Charge=1+", SPECTRA_TRACK_MSMS},
        {"PEPMASS=810.79 1838", SPECTRA_TRACK_MSMS},
        {"PrecursorMZ=0|Precursor_type=[M+H]+", SPECTRA_TRACK_UNKNOWN},
        {"PrecursorMZ=337.2", SPECTRA_TRACK_UNKNOWN},
        {"Instrument_type=SEIKO", SPECTRA_TRACK_UNKNOWN},
        {"Name=fentanyl", SPECTRA_TRACK_UNKNOWN},
        {"Instrument_type=EI|track=msms", SPECTRA_TRACK_MSMS},
        {"track=EI", SPECTRA_TRACK_EI},
        {"track=insource", SPECTRA_TRACK_INSOURCE},
        {"track=something|Instrument_type=EI", SPECTRA_TRACK_EI},
    };
    spectra_spectrum *spectrum = *state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        fill(spectrum, cases[i].text);
        if (spectra_spectrum_track(spectrum) != cases[i].expected) print_message("%s\n", cases[i].text);
        assert_int_equal(spectra_spectrum_track(spectrum), cases[i].expected);
    }
}

static void the_polarity_is_what_the_record_tells(void **state) {
    static const kind_case cases[] = {
        {"Ion_mode=P", SPECTRA_POLARITY_POSITIVE},
        {"Ion_mode=N", SPECTRA_POLARITY_NEGATIVE},
        {"IONMODE=Positive", SPECTRA_POLARITY_POSITIVE},
        {"IONMODE=negative", SPECTRA_POLARITY_NEGATIVE},
        {"polarity=+", SPECTRA_POLARITY_POSITIVE},
        {"polarity=-", SPECTRA_POLARITY_NEGATIVE},
        {"IONMODE=n/a|Charge=1-", SPECTRA_POLARITY_NEGATIVE},
        {"Precursor_type=[M+H]+", SPECTRA_POLARITY_POSITIVE},
        {"Precursor_type=[M+CH3COO]-", SPECTRA_POLARITY_NEGATIVE},
        {"Precursor_type=[M]+*", SPECTRA_POLARITY_POSITIVE},
        {"Precursor_type=[M]+.", SPECTRA_POLARITY_POSITIVE},
        {"Precursor_type=M+H", SPECTRA_POLARITY_UNKNOWN},
        {"Charge=2+ and 3+", SPECTRA_POLARITY_POSITIVE},
        {"Charge=-1", SPECTRA_POLARITY_NEGATIVE},
        {"Charge=2", SPECTRA_POLARITY_UNKNOWN},
        {"Charge=1+ or 1-", SPECTRA_POLARITY_UNKNOWN},
        {"Instrument_type=EI", SPECTRA_POLARITY_POSITIVE},
        {"Name=negative", SPECTRA_POLARITY_UNKNOWN},
    };
    spectra_spectrum *spectrum = *state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        fill(spectrum, cases[i].text);
        if (spectra_spectrum_polarity(spectrum) != cases[i].expected) print_message("%s\n", cases[i].text);
        assert_int_equal(spectra_spectrum_polarity(spectrum), cases[i].expected);
    }
}

static void the_precursor_is_stated_or_follows_from_formula_and_adduct(void **state) {
    spectra_spectrum *spectrum = *state;
    double mz = 0;
    fill(spectrum, "PEPMASS=337.2 1234|Formula=C22H28N2O|Adduct=[M+H]+");
    assert_int_equal(spectra_spectrum_precursor_mz(spectrum, &mz), SPECTRA_OK);
    assert_true(mz == 337.2);
    fill(spectrum, "PrecursorMZ=0|Formula=C22H28N2O|Adduct=[M+H]+");
    assert_int_equal(spectra_spectrum_precursor_mz(spectrum, &mz), SPECTRA_OK);
    assert_true(mz > 337.22743 && mz < 337.22745);
    fill(spectrum, "PrecursorMZ=337,2"); /* a decimal comma is no number, and no guess */
    assert_int_equal(spectra_spectrum_precursor_mz(spectrum, &mz), SPECTRA_E_NOT_FOUND);
    fill(spectrum, "Formula=C22H28N2O");
    assert_int_equal(spectra_spectrum_precursor_mz(spectrum, &mz), SPECTRA_E_NOT_FOUND);
    fill(spectrum, "Formula=what|Adduct=[M+H]+");
    assert_int_equal(spectra_spectrum_precursor_mz(spectrum, &mz), SPECTRA_E_NOT_FOUND);
    assert_int_equal(spectra_spectrum_precursor_mz(spectrum, NULL), SPECTRA_E_INVALID);
}

/* --- Memory --- */

/* Every call that needs memory, with little of it: clean status, nothing changed, nothing lost. */
static void short_memory_leaves_the_spectrum_as_it_was(void **state) {
    (void)state;
    int failures = 0;
    for (size_t refuse = 1; refuse <= 16; refuse++) {
        counted_memory memory = {.refuse = refuse, .from_then_on = true};
        spectra_allocator allocator = counted_allocator(&memory);
        spectra_spectrum *spectrum;
        if (spectra_spectrum_create(&spectrum, &allocator) == SPECTRA_OK) {
            const double mz[] = {188, 105}, intensity[] = {1, 2};
            size_t peaks = spectra_spectrum_set_peaks(spectrum, mz, intensity, 2, NULL) == SPECTRA_OK ? 2 : 0;
            assert_int_equal(spectra_spectrum_peak_count(spectrum), peaks);
            size_t pairs = spectra_spectrum_add_metadata(spectrum, "Name", "fentanyl") == SPECTRA_OK ? 1 : 0;
            assert_int_equal(spectra_spectrum_metadata_count(spectrum), pairs);
            assert_int_equal(spectra_spectrum_field(spectrum, SPECTRA_FIELD_NAME) != NULL, pairs);
            size_t warnings = spectra_spectrum_warning_count(spectrum);
            bool warned = spectrum_add_warning(spectrum, "odd");
            assert_int_equal(spectra_spectrum_warning_count(spectrum), warnings + (warned ? 1 : 0));
            if (peaks == 0 || pairs == 0 || !warned) failures++;
            spectra_spectrum_free(spectrum);
        }
        assert_int_equal(memory.held, 0);
    }
    assert_true(failures > 2);
}

/* All arrays grow as far as they can: peaks out of order, and the warnings of a profile. */
static void a_spectrum_takes_no_more_than_it_says(void **state) {
    (void)state;
    static uint8_t bytes[1 << 16];
    const size_t counts[] = {1, 15, 16, 17, 500};
    const spectra_profile_result profile = {.warnings = UINT32_MAX};
    double mz[500], intensity[500];
    for (size_t i = 0; i < 500; i++) {
        mz[i] = (double)(600 - i);
        intensity[i] = 1;
    }
    for (size_t i = 0; i < 5; i++) {
        spectra_scratch scratch;
        spectra_allocator allocator;
        spectra_spectrum *spectrum;
        spectra_scratch_init(&scratch, bytes + 1, spectra_spectrum_required(counts[i]));
        spectra_scratch_allocator(&allocator, &scratch);
        assert_int_equal(spectra_spectrum_create(&spectrum, &allocator), SPECTRA_OK);
        for (int again = 0; again < 3; again++)
            assert_int_equal(spectra_spectrum_set_peaks(spectrum, mz, intensity, counts[i], NULL), SPECTRA_OK);
        assert_int_equal(spectra_spectrum_from_profile(spectrum, &profile), SPECTRA_OK);
        assert_int_equal(spectra_spectrum_set_peaks(spectrum, mz, intensity, counts[i], NULL), SPECTRA_OK);
    }
    assert_int_equal(spectra_spectrum_required(SIZE_MAX), SIZE_MAX);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(peaks_are_sorted_stably_with_a_warning, make_spectrum, free_spectrum),
        cmocka_unit_test_setup_teardown(annotations_follow_their_peaks, make_spectrum, free_spectrum),
        cmocka_unit_test(a_copy_has_all_and_outlives_what_it_was_made_from),
        cmocka_unit_test_setup_teardown(impossible_peaks_are_refused_and_change_nothing, make_spectrum, free_spectrum),
        cmocka_unit_test_setup_teardown(a_finished_spectrum_has_no_impossible_peak, make_spectrum, free_spectrum),
        cmocka_unit_test_setup_teardown(digest_is_that_of_little_endian_pairs, make_spectrum, free_spectrum),
        cmocka_unit_test_setup_teardown(a_cleared_spectrum_is_empty, make_spectrum, free_spectrum),
        cmocka_unit_test_setup_teardown(metadata_are_kept_word_for_word, make_spectrum, free_spectrum),
        cmocka_unit_test_setup_teardown(every_spelling_answers_to_its_field, make_spectrum, free_spectrum),
        cmocka_unit_test(the_alias_table_is_in_order),
        cmocka_unit_test_setup_teardown(the_first_value_that_says_something_wins, make_spectrum, free_spectrum),
        cmocka_unit_test_setup_teardown(comments_answer_only_what_no_line_does, make_spectrum, free_spectrum),
        cmocka_unit_test_setup_teardown(titles_are_names_only_where_there_is_no_name, make_spectrum, free_spectrum),
        cmocka_unit_test_setup_teardown(other_text_is_taken_as_windows_1252, make_spectrum, free_spectrum),
        cmocka_unit_test(only_well_formed_utf8_is_utf8),
        cmocka_unit_test_setup_teardown(the_track_is_what_the_record_tells, make_spectrum, free_spectrum),
        cmocka_unit_test_setup_teardown(the_polarity_is_what_the_record_tells, make_spectrum, free_spectrum),
        cmocka_unit_test_setup_teardown(the_precursor_is_stated_or_follows_from_formula_and_adduct, make_spectrum,
                                        free_spectrum),
        cmocka_unit_test(short_memory_leaves_the_spectrum_as_it_was),
        cmocka_unit_test(a_spectrum_takes_no_more_than_it_says),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
