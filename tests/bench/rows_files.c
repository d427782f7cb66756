/* SPDX-License-Identifier: Apache-2.0 */
/* Files: what building took, how large they are, a new process's first answer, reading text. */
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "run.h"

extern char **environ;

#define STARTS 30
#define READS 15

static double megabytes(const char *path) {
    struct stat facts;
    return stat(path, &facts) == 0 ? (double)facts.st_size / 1e6 : 0;
}

/* --- Building --- */

static void add_build(bench_run *run, const char *path) {
    static const bench_target seconds = {BENCH_AMOUNT, "s", 5, 1.5}, memory = {BENCH_AMOUNT, "MB", 1000, 600},
                              wall = {BENCH_FACT, "s", 0, 0};
    char name[4200];
    double cpu_seconds, wall_seconds, peak;
    snprintf(name, sizeof name, "%s.facts", path);
    FILE *facts = fopen(name, "r");
    bool read = facts && fscanf(facts, "%lf %lf %lf", &cpu_seconds, &wall_seconds, &peak) == 3;
    if (facts) fclose(facts);
    if (!read) return;
    bench_table_value(&run->table, "build, CPU", &seconds, cpu_seconds, NULL);
    bench_table_value(&run->table, "build, on the wall", &wall, wall_seconds, NULL);
    bench_table_value(&run->table, "build, peak memory", &memory, peak, NULL);
}

/* --- Size --- */

/* What open search alone needs, and hybrid search, which finds neutral losses; strings and entries are counted apart.
 */
static void add_sizes(bench_run *run, const char *path) {
    static const bench_target one = {BENCH_AMOUNT, "MB", 220, 140}, both = {BENCH_AMOUNT, "MB", 300, 200},
                              fact = {BENCH_FACT, "MB", 0, 0};
    spectra_database *database;
    spectra_section section;
    bench_check(spectra_database_open(&database, path, SPECTRA_OPEN_MAP, NULL, NULL), NULL, path);
    double text = 0, open = 0, windowed = 0;
    for (uint32_t i = 0; spectra_database_section(database, i, &section) == SPECTRA_OK; i++) {
        double size = (double)section.size / 1e6;
        if (section.track == SPECTRA_TRACK_UNKNOWN) text += size;
        if (strncmp(section.name, "open ", 5) == 0) open += size;
        if (strncmp(section.name, "windowed ", 9) == 0) windowed += size;
    }
    spectra_database_close(database);
    bench_table_value(&run->table, "size, open recipe", &one, open, NULL);
    bench_table_value(&run->table, "size, windowed, with losses", &both, windowed, NULL);
    bench_table_value(&run->table, "size of the file", &fact, megabytes(path), NULL);
    bench_table_value(&run->table, "of it strings, substances, entries", &fact, text, NULL);
}

/* --- A new process --- */

static spectra_status write_bytes(void *context, const char *bytes, size_t size) {
    return fwrite(bytes, 1, size, (FILE *)context) == size ? SPECTRA_OK : SPECTRA_E_IO;
}

static void write_query(const bench_run *run, const char *path) {
    bench_source *source = bench_source_read(run->source[SPECTRA_TRACK_MSMS], SPECTRA_TRACK_MSMS);
    spectra_spectrum *query = bench_query_spectrum(source, BENCH_SEED, 0);
    FILE *file = fopen(path, "wb");
    spectra_sink sink = {file, write_bytes};
    spectra_writer *writer;
    if (!file) bench_check(SPECTRA_E_IO, NULL, path);
    bench_check(spectra_writer_create(&writer, SPECTRA_FORMAT_MSP, &sink, NULL), NULL, path);
    bench_check(spectra_writer_write(writer, query, NULL), NULL, path);
    bench_check(spectra_writer_finish(writer), NULL, path);
    spectra_writer_free(writer);
    fclose(file);
    spectra_spectrum_free(query);
    bench_source_free(source);
}

/* Seconds on the wall from the start of the program to its end; its peak memory in MB, which counts from that of this
   process: these rows come first. */
static double run_program(char *const *arguments, double *peak) {
    posix_spawn_file_actions_t quiet;
    pid_t child;
    int status;
    struct rusage usage;
    posix_spawn_file_actions_init(&quiet);
    posix_spawn_file_actions_addopen(&quiet, 1, "/dev/null", 0x1, 0);
    double start = bench_wall_seconds();
    if (posix_spawn(&child, arguments[0], &quiet, NULL, arguments, environ) != 0 ||
        wait4(child, &status, 0, &usage) != child || status != 0)
        bench_check(SPECTRA_E_IO, NULL, arguments[0]);
    double seconds = bench_wall_seconds() - start;
    posix_spawn_file_actions_destroy(&quiet);
    *peak = (double)usage.ru_maxrss * 1024 / 1e6;
    return seconds;
}

static void add_start(bench_run *run, char *path) {
    static const bench_target target = {BENCH_AMOUNT, "ms", 20, 5}, memory = {BENCH_FACT, "MB", 0, 0};
    char query[4096];
    double peak = 0;
    bench_samples samples = {0};
    snprintf(query, sizeof query, "%s/query.msp", run->folder);
    write_query(run, query);
    char program[4096], search[] = "search", db[] = "--db", top[] = "--top", ten[] = "10";
    snprintf(program, sizeof program, "%s", run->program);
    char *arguments[] = {program, search, db, path, top, ten, query, NULL};
    for (int i = 0; i < STARTS; i++) {
        double seconds = run_program(arguments, &peak);
        if (i > 0) bench_samples_add(&samples, seconds);
    }
    double median = bench_summarise(&samples).median;
    bench_table_value(&run->table, "new process, one identity query", &target, 1e3 * median, &samples);
    bench_table_value(&run->table, "its peak memory", &memory, peak, NULL);
    bench_samples_free(&samples);
}

/* --- Reading text --- */

static void add_reading(bench_run *run) {
    static const bench_target target = {BENCH_RATE, "MB/s", 100, 300};
    char path[4096], text[128];
    bench_samples samples = {0};
    uint32_t count = 0;
    snprintf(path, sizeof path, "%s/msms-10000.msp", run->folder);
    for (int i = 0; i < READS; i++) {
        spectra_reader *reader;
        const spectra_spectrum *spectrum;
        double start = bench_cpu_seconds();
        bench_check(spectra_reader_open(&reader, path, NULL, NULL, NULL), NULL, path);
        for (count = 0; spectra_reader_next(reader, &spectrum, NULL) == SPECTRA_OK;) count++;
        spectra_reader_free(reader);
        bench_samples_add(&samples, bench_cpu_since(start));
    }
    snprintf(text, sizeof text, "%u spectra, %.2f MB", count, megabytes(path));
    bench_table_note(text);
    run->table.library = "10000 spectra";
    bench_table_value(&run->table, "read MSP", &target, megabytes(path) / bench_summarise(&samples).median, &samples);
    bench_samples_free(&samples);
}

void bench_rows_files(bench_run *run) {
    char path[4096], name[32];
    snprintf(name, sizeof name, "msms %u", run->msms_size);
    run->table.library = name;
    bench_library_path(path, run, SPECTRA_TRACK_MSMS, run->msms_size);
    if (bench_wanted(run, "build")) add_build(run, path);
    if (bench_wanted(run, "size")) add_sizes(run, path);
    if (bench_wanted(run, "process")) add_start(run, path);
    if (bench_wanted(run, "read")) add_reading(run);
}
