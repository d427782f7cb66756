/* SPDX-License-Identifier: Apache-2.0 */
/* No query allocates: search, identification and reports on a mapped database, in one thread and in two, while every
   malloc and mmap of the process is counted. */
#define _POSIX_C_SOURCE 200809L
#include "fault/fixture.h"

#include <pthread.h>

#include "fault/memory_faults.h"

#define ROUNDS 500
#define MAX_THREADS 2

static char folder[] = "no-allocation-XXXXXX";
static char path[256];
static spectra_database *database;

/* What one thread works with; all of it is made before counting begins. */
typedef struct worker {
    pthread_barrier_t *start, *stop;
    spectra_spectrum *queries[FIXTURE_QUERIES];
    spectra_scratch scratches[FIXTURE_QUERIES];
    fixed_bytes *expected; /* FIXTURE_QUERIES of them */
    fixed_bytes answer;
    uint64_t wrong;
} worker;

static void *work(void *context) {
    worker *w = (worker *)context;
    pthread_barrier_wait(w->start);
    for (int i = 0; i < ROUNDS * FIXTURE_QUERIES; i++) {
        int kind = i % FIXTURE_QUERIES;
        spectra_status status = fixture_answer(&w->answer, database, w->queries[kind], kind, &w->scratches[kind]);
        w->wrong += status != SPECTRA_OK || !fixed_equal(&w->answer, &w->expected[kind]);
    }
    pthread_barrier_wait(w->stop);
    return NULL;
}

static void prepare_worker(worker *w) {
    for (int i = 0; i < FIXTURE_QUERIES; i++) {
        w->queries[i] = fixture_query(i);
        w->scratches[i] = fixture_scratch(w->queries[i]);
        assert_int_equal(fixture_answer(&w->expected[i], database, w->queries[i], i, &w->scratches[i]), SPECTRA_OK);
        assert_true(w->expected[i].size > 1000);
    }
}

static void free_worker(worker *w) {
    for (int i = 0; i < FIXTURE_QUERIES; i++) {
        free(w->scratches[i].bytes);
        spectra_spectrum_free(w->queries[i]);
    }
}

static void query_in(unsigned threads) {
    static worker workers[MAX_THREADS];
    static fixed_bytes expected[FIXTURE_QUERIES];
    pthread_t ids[MAX_THREADS];
    pthread_barrier_t start, stop;
    assert_int_equal(pthread_barrier_init(&start, NULL, threads + 1), 0);
    assert_int_equal(pthread_barrier_init(&stop, NULL, threads + 1), 0);
    for (unsigned i = 0; i < threads; i++) {
        workers[i] = (worker){.start = &start, .stop = &stop, .expected = expected};
        prepare_worker(&workers[i]);
        assert_int_equal(pthread_create(&ids[i], NULL, work, &workers[i]), 0);
    }
    fault_arm(FAULT_PROCESS, 1, true);
    pthread_barrier_wait(&start);
    pthread_barrier_wait(&stop);
    fault_disarm();
    for (unsigned i = 0; i < threads; i++) {
        pthread_join(ids[i], NULL);
        assert_int_equal(workers[i].wrong, 0);
        free_worker(&workers[i]);
    }
    assert_int_equal(fault_requests(FAULT_PROCESS), 0);
    print_message("%u thread(s): %u queries of %d kinds, 0 allocations\n", threads, threads * ROUNDS * FIXTURE_QUERIES,
                  FIXTURE_QUERIES);
    pthread_barrier_destroy(&start);
    pthread_barrier_destroy(&stop);
}

static void a_query_allocates_nothing(void **state) {
    (void)state;
    query_in(1);
}

static void queries_in_two_threads_allocate_nothing(void **state) {
    (void)state;
    query_in(2);
}

static void *allocate_a_little(void *context) {
    void *volatile memory = malloc(1);
    free(memory);
    return context;
}

/* Else the other tests could not fail. */
static void an_allocation_in_any_thread_is_counted(void **state) {
    (void)state;
    spectra_spectrum *spectrum = NULL;
    pthread_t id;
    fault_arm(FAULT_PROCESS, 0, false);
    spectra_status status = spectra_spectrum_create(&spectrum, NULL);
    uint64_t here = fault_requests(FAULT_PROCESS);
    int created = pthread_create(&id, NULL, allocate_a_little, NULL);
    if (created == 0) pthread_join(id, NULL);
    fault_disarm();
    spectra_spectrum_free(spectrum);
    assert_int_equal(status, SPECTRA_OK);
    assert_int_equal(created, 0);
    assert_int_equal(here, 2);
    assert_true(fault_requests(FAULT_PROCESS) > here);
}

static int open_database(void **state) {
    (void)state;
    if (!mkdtemp(folder)) return -1;
    fixture_path(path, folder, "data");
    spectra_builder *builder = sample_full_builder();
    sample_ask_for_postings(builder);
    spectra_status status = spectra_builder_write(builder, path, NULL);
    spectra_builder_free(builder);
    if (status < 0) return -1;
    return spectra_database_open(&database, path, SPECTRA_OPEN_MAP, NULL, NULL);
}

static int close_database(void **state) {
    (void)state;
    spectra_database_close(database);
    unlink(path);
    return rmdir(folder);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_allocation_in_any_thread_is_counted),
        cmocka_unit_test(a_query_allocates_nothing),
        cmocka_unit_test(queries_in_two_threads_allocate_nothing),
    };
    return cmocka_run_group_tests(tests, open_database, close_database);
}
