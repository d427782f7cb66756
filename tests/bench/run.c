/* SPDX-License-Identifier: Apache-2.0 */
/* Compares one piece of work with its baseline, query by query, and two threads with one. */
#include "run.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Scores agree where they differ by no more: ours are quantised, the baseline's are floats. */
#define SCORE_SLACK 1e-3

bool bench_wanted(const bench_run *run, const char *group) {
    return !run->only || strcmp(group, run->only) == 0;
}

/* --- Libraries --- */

void bench_library_path(char path[4096], const bench_run *run, spectra_track track, uint32_t size) {
    snprintf(path, 4096, "%s/%s-%u.spdb", run->folder, track == SPECTRA_TRACK_EI ? "ei" : "msms", size);
}

void bench_library_open(bench_library *library, const bench_run *run, spectra_track track, uint32_t size) {
    char path[4096];
    spectra_error error = {0};
    bench_library_path(path, run, track, size);
    *library = (bench_library){.track = track, .query_count = run->query_count};
    bench_check(spectra_database_open(&library->opened, path, SPECTRA_OPEN_MAP, NULL, &error), &error, path);
    library->database = library->opened;
    bench_source *source = bench_source_read(run->source[track], track);
    library->queries = bench_allocate(run->query_count, sizeof *library->queries);
    size_t most = 0;
    for (uint32_t i = 0; i < run->query_count; i++) {
        library->queries[i] = bench_query_spectrum(source, BENCH_SEED, i);
        size_t count = spectra_spectrum_peak_count(library->queries[i]);
        most = count > most ? count : most;
    }
    bench_source_free(source);
    library->work_size = spectra_search_required(most);
    library->work = bench_allocate(library->work_size, 1);
    library->baseline_work = bench_allocate(library->work_size, 1);
}

void bench_library_close(bench_library *library) {
    for (uint32_t i = 0; i < library->query_count; i++) spectra_spectrum_free(library->queries[i]);
    free(library->queries);
    free(library->work);
    free(library->baseline_work);
    spectra_database_close(library->opened);
}

/* --- One query --- */

static void search(bench_hits *out, const bench_library *library, const bench_work *work, uint32_t i, void *bytes) {
    spectra_hit hits[BENCH_TOP];
    spectra_search_summary summary;
    spectra_scratch scratch;
    spectra_error error = {0};
    spectra_scratch_init(&scratch, bytes, library->work_size);
    bench_check(spectra_search(hits, BENCH_TOP, &summary, &library->database, 1, library->queries[i], &work->options,
                               &scratch, &error),
                &error, work->name);
    out->count = summary.hit_count;
    for (uint32_t k = 0; k < summary.hit_count; k++)
        out->hit[k] = (bench_hit){hits[k].entry, (float)hits[k].score / (float)SPECTRA_SCORE_ONE};
}

static void search_baseline(bench_hits *out, const bench_library *library, const bench_work *work, uint32_t i) {
    spectra_recipe recipe;
    const spectra_prepared *prepared;
    spectra_scratch scratch;
    spectra_error error = {0};
    if (work->set == DB_SET_NOMINAL) spectra_recipe_nominal(&recipe);
    if (work->set == DB_SET_WINDOWED) spectra_recipe_windowed(&recipe);
    if (work->set == DB_SET_OPEN) spectra_recipe_open(&recipe);
    spectra_scratch_init(&scratch, library->baseline_work, library->work_size);
    bench_check(spectra_prepare(&prepared, library->queries[i], &recipe, &scratch, &error), &error, work->name);
    work->baseline(out, work->context, prepared);
}

/* --- Both sides --- */

static bool same_scores(const bench_hits *a, const bench_hits *b) {
    for (uint32_t k = 0; k < a->count || k < b->count; k++) {
        float left = k < a->count ? a->hit[k].score : 0, right = k < b->count ? b->hit[k].score : 0;
        if (left - right > SCORE_SLACK || right - left > SCORE_SLACK) return false;
    }
    return true;
}

/* Also the first run of each side, which warms pages and caches. */
static void check_answers(const bench_library *library, const bench_work *work) {
    uint32_t same = 0, same_first = 0;
    char text[160];
    for (uint32_t i = 0; i < library->query_count; i++) {
        bench_hits ours, theirs;
        search(&ours, library, work, i, library->work);
        search_baseline(&theirs, library, work, i);
        bool first = ours.count == theirs.count && (ours.count == 0 || ours.hit[0].entry == theirs.hit[0].entry);
        same += same_scores(&ours, &theirs);
        same_first += first;
    }
    snprintf(text, sizeof text, "%s: the ten best scores agree for %u of %u queries, the first hit is the same for %u",
             work->same_measure ? "checked" : "another measure than the baseline's", same, library->query_count,
             same_first);
    bench_table_note(text);
    if (!work->same_measure || 100 * same >= 99 * library->query_count) return;
    fputs("the baseline does other work than the library\n", stderr);
    exit(1);
}

void bench_compare(bench_run *run, const bench_library *library, const bench_work *work) {
    bench_samples baseline = {0}, ours = {0};
    bench_hits hits;
    check_answers(library, work);
    for (uint32_t round = 0; round < run->rounds; round++) {
        for (uint32_t i = 0; i < library->query_count; i++) {
            double start = bench_cpu_seconds();
            search_baseline(&hits, library, work, i);
            bench_samples_add(&baseline, bench_cpu_since(start));
        }
        for (uint32_t i = 0; i < library->query_count; i++) {
            double start = bench_cpu_seconds();
            search(&hits, library, work, i, library->work);
            bench_samples_add(&ours, bench_cpu_since(start));
        }
    }
    bench_table_compare(&run->table, work->name, &work->target, &baseline, &ours);
    bench_samples_free(&baseline);
    bench_samples_free(&ours);
}

/* --- Two threads --- */

typedef struct share {
    const bench_library *library;
    const bench_work *work;
    uint32_t first, step;
} share;

static void *do_share(void *context) {
    const share *mine = context;
    bench_hits hits;
    void *bytes = bench_allocate(mine->library->work_size, 1);
    for (uint32_t i = mine->first; i < mine->library->query_count; i += mine->step)
        search(&hits, mine->library, mine->work, i, bytes);
    free(bytes);
    return NULL;
}

static double time_threads(const bench_library *library, const bench_work *work, uint32_t threads) {
    pthread_t thread[2];
    share shares[2];
    double start = bench_wall_seconds();
    for (uint32_t t = 0; t < threads; t++) {
        shares[t] = (share){library, work, t, threads};
        if (pthread_create(&thread[t], NULL, do_share, &shares[t]) != 0) exit(1);
    }
    for (uint32_t t = 0; t < threads; t++) pthread_join(thread[t], NULL);
    return bench_wall_seconds() - start;
}

void bench_two_threads(bench_run *run, const bench_library *library, const bench_work *work) {
    static const bench_target target = {BENCH_RATIO, "x", 1.8, 1.95};
    bench_samples one = {0}, two = {0};
    for (uint32_t round = 0; round < run->rounds; round++) {
        bench_samples_add(&one, time_threads(library, work, 1));
        bench_samples_add(&two, time_threads(library, work, 2));
    }
    bench_table_compare(&run->table, work->name, &target, &one, &two);
    bench_samples_free(&one);
    bench_samples_free(&two);
}
