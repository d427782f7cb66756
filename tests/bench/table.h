/* SPDX-License-Identifier: Apache-2.0 */
/* The table that a run prints and the rows it appends to results.csv. */
#ifndef BENCH_TABLE_H
#define BENCH_TABLE_H

#include <stdbool.h>

#include "samples.h"

/* What the row's value is, and which way is better. */
typedef enum bench_kind {
    BENCH_RATIO,  /* times faster than the baseline: more is better */
    BENCH_RATE,   /* in `unit`: more is better */
    BENCH_AMOUNT, /* in `unit`: less is better */
    BENCH_FACT    /* in `unit`: nothing is asked of it */
} bench_kind;

/* What PERFORMANCE asks; an aim of 0 is none. */
typedef struct bench_target {
    bench_kind kind;
    const char *unit;
    double must, aim;
} bench_target;

typedef struct bench_table {
    const char *csv;     /* path of results.csv to append to; NULL: print only */
    const char *commit;  /* what was built */
    const char *kernel;  /* in use */
    const char *library; /* what the next rows were measured on */
    bool judged;         /* the libraries have the sizes that the targets are meant for */
    unsigned short_of;   /* rows below their "must" */
} bench_table;

/* Prints the headings. */
void bench_table_begin(bench_table *table);
/* A row from two runs of the same work; sorts the samples. */
void bench_table_compare(bench_table *table, const char *work, const bench_target *target, bench_samples *baseline,
                         bench_samples *ours);
/* A row of one value; `samples` (may be NULL) are what it is the median of. */
void bench_table_value(bench_table *table, const char *work, const bench_target *target, double value,
                       bench_samples *samples);
/* A line below the row before it. */
void bench_table_note(const char *text);

#endif
