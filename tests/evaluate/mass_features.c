/* SPDX-License-Identifier: Apache-2.0 */
/* What speaks for each molecular mass of each spectrum of a file, for fit_mass_ei.py: the features that the library
   weighs, in 1/32, by the knowledge of the first database and the spectra of both, the query's own compound left out.
     mass-features KNOWLEDGE.spdb REFERENCES.spdb QUERIES
   A line of the record's DB# for each spectrum, then one of mass and features for each mass that is possible. */
#include <stdio.h>
#include <stdlib.h>

#include "identify/ei_analogue.h"
#include "spectra/spectra.h"

enum { MAX_PEAKS = 10000 };

typedef struct workplace {
    const spectra_database *databases[2];
    spectra_scratch scratch;
    ei_model model;
    ei_votes votes;
    ei_sum fragments[EI_TOTALS];
} workplace;

static void fail(const char *what, const spectra_error *error) {
    fprintf(stderr, "%s: %s\n", what, error->message);
    exit(1);
}

static void add_fragments(void *context, const ei_hypothesis *it) {
    ei_sum_add(&((ei_sum *)context)[it->total - EI_TOTAL_LOW], it->score[EI_MEMBERS]);
}

static void print_masses(const workplace *place) {
    ei_mass_view view;
    ei_mass_view_make(&view, &place->model, place->fragments, &place->votes);
    for (uint32_t i = 0; i < EI_TOTALS; i++) {
        int32_t x[EI_MASS_FEATURES];
        if (!ei_mass_features(x, &view, i)) continue;
        printf("%d", (int32_t)place->model.about.nominal_da + EI_TOTAL_LOW + (int32_t)i);
        for (uint32_t k = 0; k < EI_MASS_FEATURES; k++) printf(" %d", x[k]);
        printf("\n");
    }
}

static void take(workplace *place, const spectra_spectrum *spectrum) {
    spectra_error error = {0};
    spectra_recipe recipe;
    const spectra_prepared *prepared;
    spectra_identification result = {0};
    const spectra_search_options options = {.size = sizeof options, .exclude_own_compound = 1};
    const identify_case the_case = {.databases = place->databases,
                                    .database_count = 2,
                                    .spectrum = spectrum,
                                    .options = &options,
                                    .scratch = &place->scratch,
                                    .error = &error,
                                    .result = &result};
    const char *name = spectra_spectrum_field(spectrum, SPECTRA_FIELD_ACCESSION);
    spectra_scratch_reset(&place->scratch);
    spectra_recipe_nominal(&recipe);
    if (spectra_prepare(&prepared, spectrum, &recipe, &place->scratch, &error) < 0) fail("a spectrum", &error);
    if (!ei_model_make(&place->model, place->databases[0], 0, prepared)) fail("the first database", &error);
    for (uint32_t i = 0; i < EI_TOTALS; i++) place->fragments[i] = (ei_sum){0};
    ei_hypotheses(&place->model, add_fragments, place->fragments);
    if (ei_count_votes(&place->votes, &the_case, prepared, place->model.about.members) < 0) fail("votes", &error);
    printf("%s\n", name ? name : "");
    print_masses(place);
}

int main(int count, char **arguments) {
    spectra_error error = {.message = "usage: mass-features KNOWLEDGE.spdb REFERENCES.spdb QUERIES"};
    const spectra_reader_options options = {.size = sizeof options, .max_peaks = MAX_PEAKS};
    const size_t size = spectra_identify_required(MAX_PEAKS);
    spectra_reader *reader;
    const spectra_spectrum *spectrum;
    spectra_database *database;
    if (count != 4) fail(arguments[0], &error);
    workplace *place = calloc(1, sizeof *place);
    void *bytes = malloc(size);
    if (!place || !bytes) return 1;
    spectra_scratch_init(&place->scratch, bytes, size);
    for (int i = 0; i < 2; i++) {
        if (spectra_database_open(&database, arguments[1 + i], SPECTRA_OPEN_MAP, NULL, &error) < 0)
            fail(arguments[1 + i], &error);
        place->databases[i] = database;
    }
    if (spectra_reader_open(&reader, arguments[3], &options, NULL, &error) < 0) fail(arguments[3], &error);
    spectra_status status;
    while ((status = spectra_reader_next(reader, &spectrum, &error)) == SPECTRA_OK) take(place, spectrum);
    if (status < 0) fail(arguments[3], &error);
    return 0; /* and what it held goes with it */
}
