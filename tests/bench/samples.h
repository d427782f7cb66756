/* SPDX-License-Identifier: Apache-2.0 */
/* Times: clocks, and what a row of the table says of many of them. */
#ifndef BENCH_SAMPLES_H
#define BENCH_SAMPLES_H

#include <stddef.h>

/* CPU time of the calling thread, in seconds: what others do on the machine counts less than on the wall. */
double bench_cpu_seconds(void);
/* CPU time since `start`, without what reading the clock costs (a microsecond or so, which short searches would feel).
 */
double bench_cpu_since(double start);
/* CPU time of all threads of the process, in seconds. */
double bench_process_seconds(void);
/* Time on the wall, in seconds. */
double bench_wall_seconds(void);
/* The most memory that this process held so far, in MB. */
double bench_peak_megabytes(void);

/* Seconds, as they come. */
typedef struct bench_samples {
    double *seconds;
    size_t count, capacity;
} bench_samples;

void bench_samples_add(bench_samples *samples, double seconds);
void bench_samples_free(bench_samples *samples);

typedef struct bench_summary {
    double median, mean, p95; /* seconds; 0 where there are no samples */
} bench_summary;

/* Sorts the samples. */
bench_summary bench_summarise(bench_samples *samples);

#endif
