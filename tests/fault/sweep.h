/* SPDX-License-Identifier: Apache-2.0 */
/* The sweep of failing memory: a case is objects, one call on them, and all that they say. Each request of the call
   fails, once and from then on; the status, the objects and what is held are compared. */
#ifndef TESTS_FAULT_SWEEP_H
#define TESTS_FAULT_SWEEP_H

#include "fault/fixture.h"
#include "unit/io/streams.h"

typedef struct world {
    const spectra_allocator *allocator;
    const char *file; /* of tests/data */
    uint32_t step;
    spectra_spectrum *spectrum;
    spectra_reader *reader;
    const spectra_spectrum *record;
    spectra_writer *writer;
    fixed_bytes *out;
    spectra_builder *builder;
    const void *lent;
    size_t lent_size;
    spectra_database *database;
    uint8_t *image;
    size_t image_size;
    bytes_in in;
    char *text;
    char splash[SPECTRA_SPLASH_SIZE];
    spectra_error error;
} world;

/* What a failure leaves behind. */
typedef enum aftermath {
    UNCHANGED,
    PARTLY_DONE, /* and the same call again completes it */
    SPENT        /* the object is of no further use and says so */
} aftermath;

typedef struct sweep_case {
    void (*prepare)(world *w);
    spectra_status (*call)(world *w);
    void (*describe)(world *w, const spectra_sink *sink);
    aftermath left;
    bool tells; /* the call fills an error */
} sweep_case;

/* The file in the folder of the test that a case may write. */
extern char sweep_path[256];

/* A case of a file of tests/data, or of none, and a step; returns what the call says in peace. Adds its requests. */
spectra_status sweep_case_step(const sweep_case *c, const char *file, uint32_t step, uint64_t *requests);
/* A case that allocates in one of its steps at least, and succeeds in all of them. */
void sweep_steps(const sweep_case *c, uint32_t steps);
/* Objects like these, as a case prepares them, and their end. */
void sweep_begin(world *w, const world *like, const sweep_case *c);
void sweep_end(world *w);

/* A function that is called with faults armed, whose name is kept. */
#define CALLED(function) (sweep_note_call(#function), function)
void sweep_note_call(const char *function);
/* A line "called NAME" for each. */
void sweep_print_calls(void);

/* Fault points so far, and the calls they are of. */
extern uint64_t sweep_points, sweep_calls;

void describe_spectrum(world *w, const spectra_sink *sink);
void describe_splash(world *w, const spectra_sink *sink);
void describe_record(world *w, const spectra_sink *sink);
void describe_reader(world *w, const spectra_sink *sink);
void describe_output(world *w, const spectra_sink *sink);
void describe_builder(world *w, const spectra_sink *sink);
void describe_file(world *w, const spectra_sink *sink);
void describe_database(world *w, const spectra_sink *sink);

#endif
