/* SPDX-License-Identifier: Apache-2.0 */
/* A whole program: what are the spectra of two files consistent with? A thread for each file, one database for both.
   cc example.c $(pkg-config --cflags --libs spectra) -o example
   ./example share/spectra/reference.spdb one.msp other.msp */
#include <stdio.h>
#include <stdlib.h>
#include <threads.h>

#include <spectra/spectra.h>

enum { MAX_PEAKS = 10000, MAX_HITS = 3 };

typedef struct job {
    const spectra_database *database; /* shared: it never changes */
    const char *path;
} job;

static spectra_status answer(const job *job, const spectra_spectrum *spectrum, spectra_scratch *scratch,
                             spectra_error *error) {
    spectra_hit hits[MAX_HITS];
    spectra_search_summary summary;
    const spectra_identification *verdict; /* in the scratch: gone with the next reset */
    spectra_scratch_reset(scratch);
    spectra_status status = spectra_search(hits, MAX_HITS, &summary, &job->database, 1, spectrum, NULL, scratch, error);
    if (status < 0) return status;
    status = spectra_identify(&verdict, &job->database, 1, spectrum, NULL, scratch, error);
    if (status < 0) return status;
    const char *name = spectra_spectrum_field(spectrum, SPECTRA_FIELD_NAME);
    printf("%s, %s: %s\n", job->path, name ? name : "no name", spectra_verdict_text(verdict->verdict));
    for (uint32_t i = 0; i < summary.hit_count; i++) {
        spectra_substance substance;
        status = spectra_database_substance(job->database, hits[i].substance, &substance);
        if (status < 0) return status;
        printf("%s: %.6f %s\n", job->path, (double)hits[i].score / SPECTRA_SCORE_ONE, substance.name);
    }
    return SPECTRA_OK;
}

/* Ends at the first record that cannot be read or answered. */
static int answer_file(void *argument) {
    const job *job = argument;
    spectra_reader_options options = {.size = sizeof options, .max_peaks = MAX_PEAKS};
    spectra_reader *reader = NULL;
    const spectra_spectrum *spectrum; /* the reader's: gone with the next one */
    spectra_error error = {0};
    spectra_scratch scratch;
    size_t size = spectra_identify_required(MAX_PEAKS);
    void *bytes = malloc(size); /* enough for every spectrum that the reader lets through */
    spectra_scratch_init(&scratch, bytes, bytes ? size : 0);
    spectra_status status = spectra_reader_open(&reader, job->path, &options, NULL, &error);
    while (status == SPECTRA_OK) {
        status = spectra_reader_next(reader, &spectrum, &error);
        if (status == SPECTRA_OK) status = answer(job, spectrum, &scratch, &error);
    }
    if (status < 0) fprintf(stderr, "%s, line %llu: %s\n", job->path, (unsigned long long)error.line, error.message);
    spectra_reader_free(reader);
    free(bytes);
    return status < 0;
}

int main(int count, char **arguments) {
    if (count != 4) return fprintf(stderr, "usage: example DATABASE FILE FILE\n"), 2;
    spectra_database *database;
    spectra_error error = {0};
    if (spectra_database_open(&database, arguments[1], SPECTRA_OPEN_MAP, NULL, &error) < 0)
        return fprintf(stderr, "%s: %s\n", arguments[1], error.message), 1;
    job jobs[2] = {{database, arguments[2]}, {database, arguments[3]}};
    thrd_t other;
    if (thrd_create(&other, answer_file, &jobs[1]) != thrd_success) return 1;
    int failed = answer_file(&jobs[0]), other_failed = 1;
    thrd_join(other, &other_failed);
    spectra_database_close(database);
    return failed || other_failed;
}
