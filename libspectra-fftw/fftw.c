/* SPDX-License-Identifier: GPL-3.0-or-later */
/* FFTW behind libspectra's seam. FFTW plans in one thread at a time and transforms in any number: plans are made under
   a lock, published once, and found without it. */
#include "spectra/fftw.h"

#include <fftw3.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

/* Both directions of one size. */
typedef struct plan_pair {
    uint32_t count;
    fftwf_plan forward, inverse;
} plan_pair;

static pthread_mutex_t planner = PTHREAD_MUTEX_INITIALIZER;
static _Atomic(plan_pair *) plans[SPECTRA_FFTW_MAX_PLANS]; /* filled from the front */

/* The place of the size's plans, or the first free one; SPECTRA_FFTW_MAX_PLANS where there is neither. */
static size_t place_of(uint32_t count) {
    for (size_t i = 0; i < SPECTRA_FFTW_MAX_PLANS; i++) {
        const plan_pair *pair = atomic_load_explicit(&plans[i], memory_order_acquire);
        if (!pair || pair->count == count) return i;
    }
    return SPECTRA_FFTW_MAX_PLANS;
}

static void free_pair(plan_pair *pair) {
    if (pair->forward) fftwf_destroy_plan(pair->forward);
    if (pair->inverse) fftwf_destroy_plan(pair->inverse);
    free(pair);
}

/* In place, on memory as aligned as fftwf_malloc's; NULL where memory is short. */
static plan_pair *make_pair(uint32_t count) {
    plan_pair *pair = (plan_pair *)calloc(1, sizeof *pair);
    float *data = fftwf_alloc_real((size_t)count + 2);
    if (pair && data) {
        pair->count = count;
        pair->forward = fftwf_plan_dft_r2c_1d((int)count, data, (fftwf_complex *)data, FFTW_ESTIMATE);
        pair->inverse = fftwf_plan_dft_c2r_1d((int)count, (fftwf_complex *)data, data, FFTW_ESTIMATE);
    }
    fftwf_free(data);
    if (pair && pair->forward && pair->inverse) return pair;
    if (pair) free_pair(pair);
    return NULL;
}

static spectra_status prepare(void *context, uint32_t count) {
    (void)context;
    spectra_status status = SPECTRA_OK;
    pthread_mutex_lock(&planner);
    size_t place = place_of(count);
    if (place == SPECTRA_FFTW_MAX_PLANS) {
        status = SPECTRA_E_LIMIT;
    } else if (!atomic_load(&plans[place])) {
        plan_pair *pair = make_pair(count);
        if (!pair) status = SPECTRA_E_MEMORY;
        atomic_store_explicit(&plans[place], pair, memory_order_release);
    }
    pthread_mutex_unlock(&planner);
    return status;
}

static const void *find(void *context, uint32_t count) {
    (void)context;
    size_t place = place_of(count);
    return place < SPECTRA_FFTW_MAX_PLANS ? atomic_load_explicit(&plans[place], memory_order_acquire) : NULL;
}

static void forward(const void *plan, float *data) {
    fftwf_execute_dft_r2c(((const plan_pair *)plan)->forward, data, (fftwf_complex *)data);
}

static void inverse(const void *plan, float *data) {
    fftwf_execute_dft_c2r(((const plan_pair *)plan)->inverse, (fftwf_complex *)data, data);
}

const spectra_fft_backend *spectra_fftw_backend(void) {
    static const spectra_fft_backend backend = {.size = sizeof backend,
                                                .name = "FFTW 3, single precision",
                                                .licence = "GPL-3.0-or-later",
                                                .prepare = prepare,
                                                .find = find,
                                                .forward = forward,
                                                .inverse = inverse};
    return &backend;
}

spectra_status spectra_fftw_import_wisdom(const char *wisdom) {
    if (!wisdom) return SPECTRA_E_INVALID;
    pthread_mutex_lock(&planner);
    int taken = fftwf_import_wisdom_from_string(wisdom);
    pthread_mutex_unlock(&planner);
    return taken ? SPECTRA_OK : SPECTRA_E_FORMAT;
}

void spectra_fftw_release(void) {
    pthread_mutex_lock(&planner);
    for (size_t i = 0; i < SPECTRA_FFTW_MAX_PLANS; i++) {
        plan_pair *pair = atomic_exchange(&plans[i], NULL);
        if (pair) free_pair(pair);
    }
    fftwf_cleanup();
    pthread_mutex_unlock(&planner);
}
