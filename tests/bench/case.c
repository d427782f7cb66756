/* SPDX-License-Identifier: Apache-2.0 */
/* One piece of work whose instructions are counted (instructions.py), in bench_counted and what it calls:
       bench-case read-msp FILE                   reads a file
       bench-case SEARCH DATABASE SOURCE COUNT    searches with so many queries made from the source */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "generate.h"

#define TOP 10

static const struct {
    const char *name;
    spectra_search_options options;
} searches[] = {
    {"open", {.track = SPECTRA_TRACK_MSMS, .mode = SPECTRA_SEARCH_SIMILARITY}},
    {"hybrid", {.track = SPECTRA_TRACK_MSMS, .mode = SPECTRA_SEARCH_HYBRID}},
    {"identity", {.track = SPECTRA_TRACK_MSMS, .precursor_tolerance = {.uth = 10000}}},
    {"ei-identity", {.track = SPECTRA_TRACK_EI, .measure = SPECTRA_MEASURE_IDENTITY}},
    {"ei-match-factor", {.track = SPECTRA_TRACK_EI, .measure = SPECTRA_MEASURE_MATCH_FACTOR}},
};

/* A search of `spectrum`, or with no database the reading of a file. */
typedef struct counted_work {
    const spectra_database *database;
    const spectra_spectrum *spectrum;
    spectra_search_options options;
    spectra_scratch scratch;
    const char *file;
} counted_work;

static uint32_t read_file(const char *path) {
    spectra_reader *reader;
    const spectra_spectrum *spectrum;
    uint32_t count = 0;
    bench_check(spectra_reader_open(&reader, path, NULL, NULL, NULL), NULL, path);
    while (spectra_reader_next(reader, &spectrum, NULL) == SPECTRA_OK) count++;
    spectra_reader_free(reader);
    return count;
}

/* Returns how many spectra were found or read. A name of its own, never inlined: counting goes by it. */
uint32_t bench_counted(counted_work *work);
__attribute__((noinline)) uint32_t bench_counted(counted_work *work) {
    if (!work->database) return read_file(work->file);
    spectra_hit hits[TOP];
    spectra_search_summary summary;
    spectra_error error = {0};
    bench_check(
        spectra_search(hits, TOP, &summary, &work->database, 1, work->spectrum, &work->options, &work->scratch, &error),
        &error, "search");
    return summary.hit_count;
}

static void search(const spectra_search_options *options, const char *database, const char *path, uint32_t count) {
    spectra_database *opened;
    spectra_error error = {0};
    bench_source *source = bench_source_read(path, options->track);
    bench_check(spectra_database_open(&opened, database, SPECTRA_OPEN_MAP, NULL, &error), &error, database);
    counted_work work = {.database = opened, .options = *options};
    work.options.size = sizeof work.options;
    uint32_t found = 0;
    for (uint32_t i = 0; i < count; i++) {
        spectra_spectrum *query = bench_query_spectrum(source, BENCH_SEED, i);
        size_t size = spectra_search_required(spectra_spectrum_peak_count(query));
        void *bytes = bench_allocate(size, 1);
        spectra_scratch_init(&work.scratch, bytes, size);
        work.spectrum = query;
        found += bench_counted(&work);
        spectra_spectrum_free(query);
        free(bytes);
    }
    printf("%u hits\n", found);
    spectra_database_close(opened);
    bench_source_free(source);
}

int main(int argc, char **argv) {
    if (argc == 3 && strcmp(argv[1], "read-msp") == 0) {
        counted_work work = {.file = argv[2]};
        printf("%u spectra\n", bench_counted(&work));
        return 0;
    }
    for (size_t i = 0; argc == 5 && i < sizeof searches / sizeof searches[0]; i++) {
        if (strcmp(argv[1], searches[i].name) != 0) continue;
        search(&searches[i].options, argv[2], argv[3], (uint32_t)strtoul(argv[4], NULL, 10));
        return 0;
    }
    fputs("usage: bench-case read-msp FILE | open|hybrid|identity|ei-identity|ei-match-factor DATABASE SOURCE COUNT\n",
          stderr);
    return 2;
}
