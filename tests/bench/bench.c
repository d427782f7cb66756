/* SPDX-License-Identifier: Apache-2.0 */
/* Prints the table of docs/PERFORMANCE.md as this machine measures it. ./dev bench makes the libraries and calls it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "run.h"

/* Sizes that the targets are meant for. */
#define FULL_MSMS 1000000u
#define FULL_EI 13342u
#define FULL_EI_LARGE 350000u

static const char *option(int argc, char **argv, const char *name, const char *usual) {
    for (int i = 1; i + 1 < argc; i += 2)
        if (strcmp(argv[i], name) == 0) return argv[i + 1];
    return usual;
}

static uint32_t number(int argc, char **argv, const char *name, uint32_t usual) {
    const char *given = option(argc, argv, name, NULL);
    return given ? (uint32_t)strtoul(given, NULL, 10) : usual;
}

int main(int argc, char **argv) {
    bench_run run = {
        .table = {.csv = option(argc, argv, "--csv", NULL),
                  .commit = option(argc, argv, "--commit", "unknown"),
                  .kernel = kernels_active()->name},
        .folder = option(argc, argv, "--folder", "build/bench"),
        .program = option(argc, argv, "--program", "build/bin/spectra"),
        .only = option(argc, argv, "--only", NULL),
        .source = {[SPECTRA_TRACK_EI] = option(argc, argv, "--ei-source", "reference-spectra/ei.spectra"),
                   [SPECTRA_TRACK_MSMS] = option(argc, argv, "--msms-source", "reference-spectra/msms.spectra")},
        .msms_size = number(argc, argv, "--msms-size", FULL_MSMS),
        .ei_size = number(argc, argv, "--ei-size", FULL_EI),
        .ei_large_size = number(argc, argv, "--ei-large-size", FULL_EI_LARGE),
        .query_count = number(argc, argv, "--queries", 200),
        .rounds = number(argc, argv, "--rounds", 3),
    };
    run.table.judged = run.msms_size == FULL_MSMS && run.ei_size == FULL_EI && run.ei_large_size == FULL_EI_LARGE;
    bench_table_begin(&run.table);
    bench_rows_files(&run);
    bench_rows_msms(&run);
    bench_rows_ei(&run);
    bench_rows_profile(&run);
    if (run.table.judged) printf("%u rows fall short of what they must reach\n", run.table.short_of);
    return 0;
}
