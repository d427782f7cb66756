/* SPDX-License-Identifier: Apache-2.0 */
/* Builds a synthetic library:
       bench-library ei|msms SOURCE COUNT OUT [SEED]
   OUT ends in .spdb: a database through the public builder, and beside it OUT.facts: seconds inside the builder, of CPU
   and on the wall, and the most memory the process held in MB. OUT ends in .msp: the same spectra as text. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "generate.h"
#include "samples.h"

#define BATCH 500

typedef struct request {
    const bench_source *source;
    uint64_t seed;
    uint32_t count;
    const char *out;
} request;

/* CPU and wall time since a start, added up. */
typedef struct stopwatch {
    double cpu, wall, cpu_start, wall_start;
} stopwatch;

static void start(stopwatch *watch) {
    watch->cpu_start = bench_process_seconds();
    watch->wall_start = bench_wall_seconds();
}

static void stop(stopwatch *watch) {
    watch->cpu += bench_process_seconds() - watch->cpu_start;
    watch->wall += bench_wall_seconds() - watch->wall_start;
}

/* Spectra are made before the watch runs, many at a time: reading it takes as long as adding one of them. */
static void add_batch(spectra_builder *builder, const request *asked, uint32_t first, uint32_t count,
                      stopwatch *watch) {
    spectra_spectrum *batch[BATCH];
    spectra_error error = {0};
    for (uint32_t i = 0; i < count; i++) batch[i] = bench_library_spectrum(asked->source, asked->seed, first + i);
    start(watch);
    for (uint32_t i = 0; i < count; i++)
        bench_check(spectra_builder_add_spectrum(builder, batch[i], SPECTRA_TRACK_UNKNOWN, &error), &error, "builder");
    stop(watch);
    for (uint32_t i = 0; i < count; i++) spectra_spectrum_free(batch[i]);
}

static void write_facts(const request *asked, const stopwatch *watch) {
    char name[4096];
    snprintf(name, sizeof name, "%s.facts", asked->out);
    FILE *facts = fopen(name, "w");
    bool written = facts && fprintf(facts, "%.3f %.3f %.1f\n", watch->cpu, watch->wall, bench_peak_megabytes()) > 0;
    if (!written || fclose(facts) != 0) bench_check(SPECTRA_E_IO, NULL, name);
}

static void build(const request *asked) {
    spectra_builder *builder;
    spectra_error error = {0};
    stopwatch watch = {0};
    spectra_builder_options options = {.size = sizeof options, .loss_postings = 1};
    bench_check(spectra_builder_create(&builder, NULL), NULL, "builder");
    bench_check(spectra_builder_set_options(builder, &options, &error), &error, "builder");
    for (uint32_t first = 0; first < asked->count; first += BATCH) {
        uint32_t left = asked->count - first;
        add_batch(builder, asked, first, left < BATCH ? left : BATCH, &watch);
    }
    start(&watch);
    bench_check(spectra_builder_write(builder, asked->out, &error), &error, asked->out);
    stop(&watch);
    spectra_builder_free(builder);
    write_facts(asked, &watch);
}

static spectra_status write_bytes(void *context, const char *bytes, size_t size) {
    return fwrite(bytes, 1, size, (FILE *)context) == size ? SPECTRA_OK : SPECTRA_E_IO;
}

static void write_text(const request *asked) {
    FILE *file = fopen(asked->out, "wb");
    if (!file) bench_check(SPECTRA_E_IO, NULL, asked->out);
    spectra_sink sink = {file, write_bytes};
    spectra_writer *writer;
    spectra_error error = {0};
    bench_check(spectra_writer_create(&writer, SPECTRA_FORMAT_MSP, &sink, NULL), NULL, asked->out);
    for (uint32_t i = 0; i < asked->count; i++) {
        spectra_spectrum *spectrum = bench_library_spectrum(asked->source, asked->seed, i);
        bench_check(spectra_writer_write(writer, spectrum, &error), &error, asked->out);
        spectra_spectrum_free(spectrum);
    }
    bench_check(spectra_writer_finish(writer), NULL, asked->out);
    spectra_writer_free(writer);
    if (fclose(file) != 0) bench_check(SPECTRA_E_IO, NULL, asked->out);
}

int main(int argc, char **argv) {
    if (argc < 5 || argc > 6) {
        fputs("usage: bench-library ei|msms SOURCE COUNT OUT.spdb|OUT.msp [SEED]\n", stderr);
        return 2;
    }
    bench_source *source =
        bench_source_read(argv[2], strcmp(argv[1], "ei") == 0 ? SPECTRA_TRACK_EI : SPECTRA_TRACK_MSMS);
    request asked = {source, argc > 5 ? strtoull(argv[5], NULL, 10) : BENCH_SEED, (uint32_t)strtoul(argv[3], NULL, 10),
                     argv[4]};
    size_t size = strlen(asked.out);
    bool text = size > 4 && strcmp(asked.out + size - 4, ".msp") == 0;
    if (text) write_text(&asked);
    if (!text) build(&asked);
    bench_source_free(source);
    return 0;
}
