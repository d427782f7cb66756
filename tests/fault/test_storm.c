/* SPDX-License-Identifier: Apache-2.0 */
/* Threads search and identify while another replaces the database file and swaps the open database: every answer is
   that of the generation that was asked. `test_storm [QUERIES SWAPS THREADS]`. */
#define _POSIX_C_SOURCE 200809L
#include "fault/fixture.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>

#define GENERATIONS 4
#define MAX_THREADS 16
#define OWN_OPENING_EVERY 64 /* answers of a thread between two for which it opens the file itself */
#define QUERIES_OF_ANSWER 2  /* a search and an identification */

static uint64_t query_goal = 20000, swap_goal = 100;
static unsigned thread_count = 2;

static char folder[] = "storm-XXXXXX";
static char path[256];

/* What the file can hold, and the answers that it then gives. */
typedef struct generation {
    spectra_builder *builder;
    uint8_t digest[32];
    fixed_bytes answers[FIXTURE_QUERIES];
} generation;

static generation generations[GENERATIONS];

/* An open database and how many use it; the last one closes it. */
typedef struct opened {
    spectra_database *database;
    const generation *of;
    uint64_t users;
} opened;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static opened *current;
static _Atomic uint64_t queries, wrong;
static atomic_bool swapping;

static const generation *generation_of(const spectra_database *database) {
    uint8_t digest[32];
    spectra_database_digest(database, digest);
    for (int i = 0; i < GENERATIONS; i++)
        if (memcmp(generations[i].digest, digest, sizeof digest) == 0) return &generations[i];
    return NULL;
}

/* The file as it stands; NULL where it is none of the generations. */
static opened *open_file(void) {
    opened *o = (opened *)malloc(sizeof *o);
    if (!o) return NULL;
    *o = (opened){.users = 1};
    if (spectra_database_open(&o->database, path, SPECTRA_OPEN_MAP, NULL, NULL) == SPECTRA_OK)
        o->of = generation_of(o->database);
    if (o->of) return o;
    spectra_database_close(o->database);
    free(o);
    return NULL;
}

static opened *acquire(void) {
    pthread_mutex_lock(&lock);
    opened *o = current;
    o->users++;
    pthread_mutex_unlock(&lock);
    return o;
}

static void release(opened *o) {
    pthread_mutex_lock(&lock);
    bool last = --o->users == 0;
    pthread_mutex_unlock(&lock);
    if (!last) return;
    spectra_database_close(o->database);
    free(o);
}

static void swap(opened *newer) {
    pthread_mutex_lock(&lock);
    opened *older = current;
    current = newer;
    pthread_mutex_unlock(&lock);
    if (older) release(older);
}

typedef struct worker {
    pthread_t id;
    spectra_spectrum *queries[FIXTURE_QUERIES];
    spectra_scratch scratches[FIXTURE_QUERIES];
    fixed_bytes answer;
} worker;

static worker workers[MAX_THREADS];

static void *ask(void *context) {
    worker *w = (worker *)context;
    for (uint64_t i = 0; swapping || queries < query_goal; i++) {
        int kind = (int)(i % FIXTURE_QUERIES);
        opened *o = i % OWN_OPENING_EVERY == 0 ? open_file() : acquire();
        bool right =
            o && fixture_answer(&w->answer, o->database, w->queries[kind], kind, &w->scratches[kind]) == SPECTRA_OK &&
            fixed_equal(&w->answer, &o->of->answers[kind]);
        if (o) release(o);
        wrong += !right;
        queries += QUERIES_OF_ANSWER;
    }
    return NULL;
}

/* Swaps are spread over the queries. */
static void swap_all(void) {
    for (uint64_t i = 0; i < swap_goal; i++) {
        while (queries < i * query_goal / swap_goal) sched_yield();
        assert_int_equal(spectra_builder_write(generations[i % GENERATIONS].builder, path, NULL), SPECTRA_OK);
        opened *newer = open_file();
        assert_non_null(newer);
        assert_ptr_equal(newer->of, &generations[i % GENERATIONS]);
        swap(newer);
    }
}

static void every_answer_is_that_of_the_generation_asked(void **state) {
    (void)state;
    assert_int_equal(spectra_builder_write(generations[0].builder, path, NULL), SPECTRA_OK);
    swap(open_file());
    assert_non_null(current);
    swapping = true;
    for (unsigned i = 0; i < thread_count; i++)
        assert_int_equal(pthread_create(&workers[i].id, NULL, ask, &workers[i]), 0);
    swap_all();
    swapping = false;
    for (unsigned i = 0; i < thread_count; i++) pthread_join(workers[i].id, NULL);
    release(current);
    current = NULL;
    printf("figure 7: %llu queries in %u threads during %llu database swaps, %llu wrong answers\n",
           (unsigned long long)queries, thread_count, (unsigned long long)swap_goal, (unsigned long long)wrong);
    assert_int_equal(wrong, 0);
}

static void *write_repeatedly(void *context) {
    const generation *of = (const generation *)context;
    for (int i = 0; i < 50; i++) wrong += spectra_builder_write(of->builder, path, NULL) != SPECTRA_OK;
    return NULL;
}

static void two_writers_of_one_file_never_tear_it(void **state) {
    (void)state;
    pthread_t writers[2];
    wrong = 0;
    assert_int_equal(spectra_builder_write(generations[0].builder, path, NULL), SPECTRA_OK);
    for (int i = 0; i < 2; i++)
        assert_int_equal(pthread_create(&writers[i], NULL, write_repeatedly, &generations[i]), 0);
    for (int i = 0; i < 200; i++) {
        opened *o = open_file();
        wrong += !o || spectra_database_verify(o->database, NULL) != SPECTRA_OK;
        if (o) release(o);
    }
    for (int i = 0; i < 2; i++) pthread_join(writers[i], NULL);
    assert_int_equal(wrong, 0);
}

/* Generation i lacks one of the records that the queries find, and has one of its own. */
static void make_generation(generation *g, uint32_t number) {
    const sample_record own = {"G", "of this generation", NULL, "C9H13N", "EI", NULL, NULL, NULL, NULL, 20 + number, 1};
    g->builder = sample_builder();
    for (uint32_t i = 0; i < COUNT_OF(sample_records); i++)
        if (i != number) assert_int_equal(sample_add(g->builder, &sample_records[i], NULL), SPECTRA_OK);
    assert_int_equal(sample_add(g->builder, &own, NULL), SPECTRA_OK);
    size_t size;
    uint8_t *file = sample_file(g->builder, &size);
    spectra_database *database = sample_open(file, size);
    spectra_database_digest(database, g->digest);
    for (int kind = 0; kind < FIXTURE_QUERIES; kind++)
        assert_int_equal(
            fixture_answer(&g->answers[kind], database, workers[0].queries[kind], kind, &workers[0].scratches[kind]),
            SPECTRA_OK);
    spectra_database_close(database);
    free(file);
}

static int prepare(void **state) {
    (void)state;
    if (!mkdtemp(folder)) return -1;
    fixture_path(path, folder, "data");
    for (unsigned i = 0; i < thread_count; i++) {
        for (int kind = 0; kind < FIXTURE_QUERIES; kind++) {
            workers[i].queries[kind] = fixture_query(kind);
            workers[i].scratches[kind] = fixture_scratch(workers[i].queries[kind]);
        }
    }
    for (uint32_t i = 0; i < GENERATIONS; i++) {
        make_generation(&generations[i], i);
        for (uint32_t j = 0; j < i; j++) /* else a wrong generation would go unseen */
            assert_false(fixed_equal(&generations[i].answers[FIXTURE_EI], &generations[j].answers[FIXTURE_EI]));
    }
    return 0;
}

static int clean_up(void **state) {
    (void)state;
    for (unsigned i = 0; i < thread_count; i++) {
        for (int kind = 0; kind < FIXTURE_QUERIES; kind++) {
            free(workers[i].scratches[kind].bytes);
            spectra_spectrum_free(workers[i].queries[kind]);
        }
    }
    for (int i = 0; i < GENERATIONS; i++) spectra_builder_free(generations[i].builder);
    unlink(path);
    return rmdir(folder); /* fails, and the test with it, where a temporary file was left behind */
}

int main(int argc, char **argv) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_answer_is_that_of_the_generation_asked),
        cmocka_unit_test(two_writers_of_one_file_never_tear_it),
    };
    if (argc == 4) {
        query_goal = strtoull(argv[1], NULL, 10);
        swap_goal = strtoull(argv[2], NULL, 10);
        thread_count = (unsigned)strtoul(argv[3], NULL, 10);
    }
    if ((argc != 1 && argc != 4) || swap_goal == 0 || thread_count == 0 || thread_count > MAX_THREADS) return 2;
    return cmocka_run_group_tests(tests, prepare, clean_up);
}
