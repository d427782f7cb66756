/* SPDX-License-Identifier: Apache-2.0 */
/* Clocks and medians. */
#include "samples.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>

static double read_clock(clockid_t clock) {
    struct timespec now;
    clock_gettime(clock, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

double bench_cpu_seconds(void) {
    return read_clock(CLOCK_THREAD_CPUTIME_ID);
}

#define CLOCK_READINGS 1001

/* The median time between two readings. */
static double clock_cost(void) {
    static double cost = -1;
    bench_samples readings = {0};
    if (cost >= 0) return cost;
    for (int i = 0; i < CLOCK_READINGS; i++) {
        double start = bench_cpu_seconds();
        bench_samples_add(&readings, bench_cpu_seconds() - start);
    }
    cost = bench_summarise(&readings).median;
    bench_samples_free(&readings);
    return cost;
}

double bench_cpu_since(double start) {
    double end = bench_cpu_seconds();
    return end - start - clock_cost();
}

double bench_process_seconds(void) {
    return read_clock(CLOCK_PROCESS_CPUTIME_ID);
}

double bench_wall_seconds(void) {
    return read_clock(CLOCK_MONOTONIC);
}

double bench_peak_megabytes(void) {
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return (double)usage.ru_maxrss * 1024 / 1e6;
}

void bench_samples_add(bench_samples *samples, double seconds) {
    if (samples->count == samples->capacity) {
        samples->capacity = 2 * samples->capacity + 256;
        samples->seconds = realloc(samples->seconds, samples->capacity * sizeof(double));
        if (!samples->seconds) exit(1);
    }
    samples->seconds[samples->count++] = seconds;
}

void bench_samples_free(bench_samples *samples) {
    free(samples->seconds);
    *samples = (bench_samples){0};
}

static int compare_seconds(const void *a, const void *b) {
    double left = *(const double *)a, right = *(const double *)b;
    return (left > right) - (left < right);
}

bench_summary bench_summarise(bench_samples *samples) {
    size_t count = samples->count;
    if (count == 0) return (bench_summary){0};
    qsort(samples->seconds, count, sizeof(double), compare_seconds);
    double sum = 0;
    for (size_t i = 0; i < count; i++) sum += samples->seconds[i];
    return (bench_summary){samples->seconds[count / 2], sum / (double)count, samples->seconds[count * 95 / 100]};
}
