/* SPDX-License-Identifier: Apache-2.0 */
/* A whole program: what are the spectra of two files consistent with? A thread for each file, one database for both.
   cc example.c $(pkg-config --cflags --libs spectra) -o example */
#include <spectra/spectra.h>
#include <stdio.h>
#include <stdlib.h>
#include <threads.h>

enum { MAX_PEAKS = 10000, MAX_HITS = 3 };
static spectra_database *database; /* opened once and shared: it never changes */

static spectra_status answer(const char *path, const spectra_spectrum *query, spectra_scratch *room,
                             spectra_error *error) {
    spectra_hit hits[MAX_HITS];
    spectra_search_summary summary;
    const spectra_identification *verdict; /* in the scratch: gone with the next reset */
    const spectra_database *searched = database;
    spectra_scratch_reset(room);
    spectra_status status = spectra_search(hits, MAX_HITS, &summary, &searched, 1, query, NULL, room, error);
    if (status == SPECTRA_OK) status = spectra_identify(&verdict, &searched, 1, query, NULL, room, error);
    if (status < 0) return status;
    const char *name = spectra_spectrum_field(query, SPECTRA_FIELD_NAME);
    printf("%s, %s: %s\n", path, name ? name : "no name", spectra_verdict_text(verdict->verdict));
    for (uint32_t i = 0; i < summary.hit_count; i++) {
        spectra_substance substance;
        if ((status = spectra_database_substance(searched, hits[i].substance, &substance)) < 0) return status;
        printf("%s: %.6f %s\n", path, (double)hits[i].score / SPECTRA_SCORE_ONE, substance.name);
    }
    return SPECTRA_OK;
}

static int answer_file(void *path) { /* up to the first record that cannot be read or answered */
    spectra_reader_options options = {.size = sizeof options, .max_peaks = MAX_PEAKS};
    size_t size = spectra_identify_required(MAX_PEAKS); /* enough for every spectrum that the reader lets through */
    void *bytes = malloc(size);
    spectra_scratch scratch;
    spectra_reader *reader;
    const spectra_spectrum *spectrum; /* the reader's: gone with the next one */
    spectra_error error = {0};
    spectra_scratch_init(&scratch, bytes, bytes ? size : 0);
    spectra_status status = spectra_reader_open(&reader, path, &options, NULL, &error);
    while (status == SPECTRA_OK && (status = spectra_reader_next(reader, &spectrum, &error)) == SPECTRA_OK)
        status = answer(path, spectrum, &scratch, &error);
    if (status < 0) fprintf(stderr, "%s, line %llu: %s\n", (char *)path, (unsigned long long)error.line, error.message);
    spectra_reader_free(reader);
    free(bytes);
    return status < 0;
}

int main(int count, char **arguments) {
    spectra_error error = {.message = "usage: example DATABASE FILE FILE"};
    if (count != 4 || spectra_database_open(&database, arguments[1], SPECTRA_OPEN_MAP, NULL, &error) < 0)
        return fprintf(stderr, "%s\n", error.message), 2;
    thrd_t other;
    if (thrd_create(&other, answer_file, arguments[3]) != thrd_success) return 1;
    int failed = answer_file(arguments[2]), other_failed = 1;
    thrd_join(other, &other_failed);
    spectra_database_close(database);
    return failed || other_failed;
}
