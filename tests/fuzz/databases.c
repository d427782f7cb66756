/* SPDX-License-Identifier: Apache-2.0 */
/* Databases for the fuzz targets, made as the unit tests of db/ make theirs, and what every answer must keep to. */
#include "fuzz/databases.h"

#include "unit/db/walk.h"

/* --- Files --- */

static const sample_record records[] = {
    {"F-1", "first", "AAAAAAAAAAAAAA-UHFFFAOYSA-N", "C10H12N2O", "EI", NULL, NULL, "fentanyl_type", "D", 9, 1},
    {"F-2", "second", "BBBBBBBBBBBBBB-UHFFFAOYSA-N", "C11H14N2O", "EI", NULL, NULL, NULL, NULL, 7, 2},
    {"F-3", "first", "AAAAAAAAAAAAAA-UHFFFAOYSA-N", "C10H12N2O", "MS2", "P", "177.1022", NULL, NULL, 9, 3},
    {"F-4", "second", "BBBBBBBBBBBBBB-UHFFFAOYSA-N", "C11H14N2O", "MS2", "P", "191.1179", NULL, NULL, 6, 4},
    {"F-5", "third", NULL, NULL, "MS2", "N", NULL, NULL, NULL, 5, 5},
    {"F-6", "second", "BBBBBBBBBBBBBB-UHFFFAOYSA-N", "C11H14N2O", "in-source", "P", "191.1179", NULL, NULL, 6, 6},
};

/* The spectra that are looked for: one of each kind, like an entry and not the same. */
static const sample_record wanted[] = {
    {"Q-1", "query", NULL, NULL, "EI", NULL, NULL, NULL, NULL, 12, 1},
    {"Q-2", "query", NULL, NULL, "MS2", "P", "177.1022", NULL, NULL, 12, 3},
    {"Q-3", "query", NULL, NULL, "in-source", "P", "191.1179", NULL, NULL, 8, 6},
};

static uint8_t *build_file(size_t *size) {
    const spectra_substance isomer = {.name = "never measured",
                                      .inchikey = "CCCCCCCCCCCCCC-UHFFFAOYSA-N",
                                      .formula = "C10H12N2O",
                                      .substance_class = "fentanyl_type"};
    spectra_builder *builder = sample_builder();
    FUZZ_CHECK(spectra_builder_add_substance(builder, &isomer, NULL) == SPECTRA_OK);
    FUZZ_CHECK(spectra_builder_add_knowledge(builder, SAMPLE_KNOWLEDGE, NULL) == SPECTRA_OK);
    sample_ask_for_postings(builder);
    for (size_t i = 0; i < COUNT_OF(records); i++) FUZZ_CHECK(sample_add(builder, &records[i], NULL) == SPECTRA_OK);
    uint8_t *file = sample_file(builder, size);
    spectra_builder_free(builder);
    return file;
}

const uint8_t *fuzz_database_file(size_t *size) {
    static uint8_t *file;
    static size_t file_size;
    if (!file) file = build_file(&file_size);
    *size = file_size;
    return file;
}

void fuzz_seal(uint8_t *file, size_t digest_offset) {
    sample_seal(file, digest_offset);
}

/* --- Questions --- */

enum { QUESTIONS = 3 * COUNT_OF(wanted) };

static void check_hits(const spectra_hit *hits, uint32_t capacity, const spectra_search_summary *summary,
                       const spectra_database *database, bool reverse) {
    uint32_t last = UINT32_MAX;
    FUZZ_CHECK(summary->hit_count <= capacity && summary->hit_count <= summary->compared);
    for (uint32_t i = 0; i < summary->hit_count; i++) {
        uint32_t score = reverse ? hits[i].reverse_score : hits[i].score;
        FUZZ_CHECK(hits[i].database == 0 && hits[i].entry < spectra_database_entry_count(database));
        FUZZ_CHECK(hits[i].substance < spectra_database_substance_count(database));
        FUZZ_CHECK(score <= last);
        last = score;
    }
}

spectra_status fuzz_search(spectra_hit *hits, uint32_t capacity, spectra_search_summary *summary,
                           const spectra_database *database, const spectra_spectrum *query,
                           const spectra_search_options *options) {
    spectra_scratch scratch;
    spectra_error error;
    fuzz_take_scratch(&scratch, spectra_search_required(spectra_spectrum_peak_count(query)));
    spectra_status status = spectra_search(hits, capacity, summary, &database, 1, query, options, &scratch, &error);
    FUZZ_CHECK(scratch.used == 0 && status != SPECTRA_E_MEMORY && status <= SPECTRA_OK);
    bool reverse = options && options->mode == SPECTRA_SEARCH_REVERSE;
    if (status == SPECTRA_OK) check_hits(hits, capacity, summary, database, reverse);
    fuzz_return_scratch();
    return status;
}

static void check_identification(const spectra_identification *answer, const spectra_database *database) {
    size_t read = 0;
    FUZZ_CHECK((uint32_t)answer->verdict <= SPECTRA_VERDICT_NO_MATCH);
    FUZZ_CHECK(answer->set_count <= answer->candidate_count);
    FUZZ_CHECK(answer->verdict != SPECTRA_VERDICT_SUPPORTED || answer->unrepresented_count == 0);
    FUZZ_CHECK(answer->query_peak_count <= SPECTRA_MAIN_PEAKS && answer->reference_peak_count <= SPECTRA_MAIN_PEAKS);
    for (uint32_t i = 0; i < answer->candidate_count; i++)
        FUZZ_CHECK(answer->candidates[i].entry < spectra_database_entry_count(database));
    for (uint32_t i = 0; i < answer->unrepresented_count; i++)
        FUZZ_CHECK(answer->unrepresented[i].substance < spectra_database_substance_count(database));
    for (uint32_t i = 0; i < answer->against_count; i++) read += strlen(answer->against[i]);
    for (uint32_t i = 0; i < answer->warning_count; i++) read += strlen(answer->warnings[i]);
    FUZZ_CHECK(read >= answer->against_count + answer->warning_count);
}

spectra_status fuzz_identify(const spectra_database *database, const spectra_spectrum *query,
                             const spectra_search_options *options) {
    const spectra_identification *answer;
    spectra_scratch scratch;
    spectra_error error;
    fuzz_take_scratch(&scratch, spectra_identify_required(spectra_spectrum_peak_count(query)));
    spectra_status status = spectra_identify(&answer, &database, 1, query, options, &scratch, &error);
    FUZZ_CHECK(status != SPECTRA_E_MEMORY && status <= SPECTRA_OK);
    if (status == SPECTRA_OK) check_identification(answer, database);
    fuzz_return_scratch();
    return status;
}

static void check_mixture(const spectra_mixture *answer, const spectra_database *database) {
    FUZZ_CHECK(answer->component_count <= SPECTRA_MIXTURE_COMPONENTS);
    for (uint32_t i = 0; i < answer->component_count; i++) {
        const spectra_component *component = &answer->components[i];
        FUZZ_CHECK(component->substance < spectra_database_substance_count(database));
        FUZZ_CHECK(component->share_low_ppm <= component->share_ppm && component->share_ppm <= 1000000);
        FUZZ_CHECK(component->share_ppm <= component->share_high_ppm && component->share_high_ppm <= 1000000);
        FUZZ_CHECK(component->evidence <= 200000 * answer->spectrum_count);
        FUZZ_CHECK(component->verdict != SPECTRA_VERDICT_SUPPORTED || component->alternative_count == 0);
    }
    for (uint32_t i = 0; i < answer->spectrum_count; i++)
        FUZZ_CHECK(answer->spectra[i].explained_permille <= 1000 &&
                   answer->spectra[i].unexplained_count <= SPECTRA_MIXTURE_UNEXPLAINED);
}

spectra_status fuzz_mix(const spectra_database *database, const spectra_spectrum *const *spectra, uint32_t count,
                        const spectra_search_options *options) {
    const spectra_mixture *answer;
    spectra_scratch scratch;
    spectra_error error;
    size_t most = 0;
    for (uint32_t i = 0; i < count; i++)
        if (spectra_spectrum_peak_count(spectra[i]) > most) most = spectra_spectrum_peak_count(spectra[i]);
    fuzz_take_scratch(&scratch, spectra_mixture_required(most, count));
    spectra_status status = spectra_mixture_identify(&answer, &database, 1, spectra, count, options, &scratch, &error);
    FUZZ_CHECK(status != SPECTRA_E_MEMORY && status <= SPECTRA_OK);
    if (status == SPECTRA_OK) check_mixture(answer, database);
    fuzz_return_scratch();
    return status;
}

/* Question 0 is the verdict on EI, the others take turns. */
static void ask(const spectra_database *database, uint32_t question) {
    static spectra_spectrum *queries[COUNT_OF(wanted)];
    const spectra_search_options similar = {
        .size = sizeof similar, .mode = SPECTRA_SEARCH_SIMILARITY, .open = 1, .all_spectra = 1};
    spectra_hit hits[COUNT_OF(records)];
    spectra_search_summary summary;
    size_t kind = question % COUNT_OF(wanted);
    if (!queries[kind]) queries[kind] = sample_spectrum(&wanted[kind]);
    if (question < COUNT_OF(wanted))
        fuzz_identify(database, queries[kind], NULL);
    else if (question < 2 * COUNT_OF(wanted))
        fuzz_mix(database, (const spectra_spectrum *const *)&queries[kind], 1, NULL);
    else
        fuzz_search(hits, COUNT_OF(hits), &summary, database, queries[kind], &similar);
}

void fuzz_use_database(const spectra_database *database) {
    sample_walk(database);
    for (uint32_t question = 0; question < QUESTIONS; question++) ask(database, question);
}

void fuzz_use_database_once(const spectra_database *database, uint32_t choice) {
    sample_walk(database);
    ask(database, choice % 64 == 0 ? 0 : 1 + choice % 64 % (QUESTIONS - 1));
}
