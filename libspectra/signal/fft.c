/* SPDX-License-Identifier: Apache-2.0 */
/* Which backend transforms, and the library's own: Stockham's self-sorting transform of radix 4, 2, 3 and 5 on half as
   many complex numbers, split into those of real samples (Van Loan 1992, sections 1.7 and 4.3). */
#include "signal/fft.h"

#include <stdatomic.h>
#include <string.h>

#include "signal/real.h"

#define GROUP 64u

/* sin and cos of fifths and thirds of a turn. */
#define SIN_3 0.866025403784438646763f
#define COS_5 0.309016994374947424102f
#define COS_25 (-0.809016994374947424102f)
#define SIN_5 0.951056516295153572116f
#define SIN_25 0.587785252292473129169f

static const spectra_fft_backend own = {.size = sizeof own, .name = "built-in", .licence = "Apache-2.0"};
static _Atomic(const spectra_fft_backend *) registered = &own;

spectra_status spectra_fft_register(const spectra_fft_backend *backend) {
    if (backend && (backend->size != sizeof *backend || !backend->name || !backend->licence || !backend->prepare ||
                    !backend->find || !backend->forward || !backend->inverse))
        return SPECTRA_E_INVALID;
    atomic_store(&registered, backend ? backend : &own);
    return SPECTRA_OK;
}

const spectra_fft_backend *spectra_fft_registered(void) {
    return atomic_load(&registered);
}

uint32_t spectra_fft_size(uint32_t at_least) {
    uint32_t best = 0;
    for (uint64_t fives = 2; fives <= SPECTRA_FFT_MAX_COUNT; fives *= 5)
        for (uint64_t threes = fives; threes <= SPECTRA_FFT_MAX_COUNT; threes *= 3) {
            uint64_t size = threes;
            while (size < at_least) size *= 2;
            if (size <= SPECTRA_FFT_MAX_COUNT && (best == 0 || size < best)) best = (uint32_t)size;
        }
    return best;
}

spectra_status spectra_fft_prepare(uint32_t count) {
    if (count == 0 || spectra_fft_size(count) != count) return SPECTRA_E_INVALID;
    const spectra_fft_backend *backend = spectra_fft_registered();
    return backend->prepare ? backend->prepare(backend->context, count) : SPECTRA_OK;
}

size_t signal_fft_required(uint32_t count) {
    return base_scratch_cost(count, sizeof(float)) * 2 + base_scratch_cost(count / 2 + 4, sizeof(float));
}

/* exp(−2πi·k/whole) for k below `count`, each the product of that of its group's first and one of GROUP. */
static void fill_roots(float *roots, uint32_t count, uint32_t whole) {
    double cosines[GROUP], sines[GROUP], c, s;
    for (uint32_t k = 0; k < GROUP && k < count; k++) signal_turn(&cosines[k], &sines[k], k, whole);
    for (uint32_t first = 0; first < count; first += GROUP) {
        signal_turn(&c, &s, first, whole);
        for (uint32_t k = 0; k < GROUP && k < count - first; k++) {
            roots[2 * (first + k)] = (float)(c * cosines[k] - s * sines[k]);
            roots[2 * (first + k) + 1] = (float)-(s * cosines[k] + c * sines[k]);
        }
    }
}

spectra_status signal_fft_init(signal_fft *fft, uint32_t count, spectra_scratch *scratch) {
    const spectra_fft_backend *backend = spectra_fft_registered();
    *fft = (signal_fft){.count = count};
    if (backend->find) fft->plan = backend->find(backend->context, count);
    if (fft->plan) {
        fft->backend = backend;
        return SPECTRA_OK;
    }
    fft->work = (float *)base_scratch_take(scratch, count, sizeof(float));
    fft->roots = (float *)base_scratch_take(scratch, count, sizeof(float));
    fft->split = (float *)base_scratch_take(scratch, count / 2 + 4, sizeof(float));
    if (!fft->work || !fft->roots || !fft->split) return SPECTRA_E_MEMORY;
    fill_roots(fft->roots, count / 2, count / 2);
    fill_roots(fft->split, count / 4 + 1, count);
    return SPECTRA_OK;
}

/* --- The stages: `length` is that of the transforms left, `stride` how many are interleaved --- */

typedef struct complex_number {
    float re, im;
} complex_number;

/* y = (re + i·im)·w */
static void put(float *y, float re, float im, complex_number w) {
    y[0] = re * w.re - im * w.im;
    y[1] = re * w.im + im * w.re;
}

static complex_number root(const float *roots, size_t k) {
    return (complex_number){roots[2 * k], roots[2 * k + 1]};
}

static void stage_2(float *restrict y, const float *restrict x, size_t length, size_t stride, const float *roots) {
    size_t part = length / 2, far = 2 * stride * part;
    for (size_t p = 0; p < part; p++) {
        complex_number w = root(roots, p * stride);
        const float *a = x + 2 * stride * p;
        float *b = y + 4 * stride * p;
        for (size_t q = 0; q < 2 * stride; q += 2) {
            b[q] = a[q] + a[far + q];
            b[q + 1] = a[q + 1] + a[far + q + 1];
            put(b + 2 * stride + q, a[q] - a[far + q], a[q + 1] - a[far + q + 1], w);
        }
    }
}

static void stage_3(float *restrict y, const float *restrict x, size_t length, size_t stride, const float *roots) {
    size_t part = length / 3, far = 2 * stride * part;
    for (size_t p = 0; p < part; p++) {
        complex_number w1 = root(roots, p * stride), w2 = root(roots, 2 * p * stride);
        const float *a = x + 2 * stride * p;
        float *b = y + 6 * stride * p;
        for (size_t q = 0; q < 2 * stride; q += 2) {
            float sr = a[far + q] + a[2 * far + q], si = a[far + q + 1] + a[2 * far + q + 1];
            float dr = SIN_3 * (a[far + q] - a[2 * far + q]), di = SIN_3 * (a[far + q + 1] - a[2 * far + q + 1]);
            float mr = a[q] - 0.5f * sr, mi = a[q + 1] - 0.5f * si;
            b[q] = a[q] + sr;
            b[q + 1] = a[q + 1] + si;
            put(b + 2 * stride + q, mr + di, mi - dr, w1);
            put(b + 4 * stride + q, mr - di, mi + dr, w2);
        }
    }
}

/* One butterfly of four; a and b point at the first of each. */
static inline void butterfly_4(float *restrict b, const float *restrict a, size_t far, size_t near,
                               const complex_number *w) {
    float er = a[0] + a[2 * far], ei = a[1] + a[2 * far + 1];
    float fr = a[0] - a[2 * far], fi = a[1] - a[2 * far + 1];
    float gr = a[far] + a[3 * far], gi = a[far + 1] + a[3 * far + 1];
    float hr = a[far] - a[3 * far], hi = a[far + 1] - a[3 * far + 1];
    b[0] = er + gr;
    b[1] = ei + gi;
    put(b + near, fr + hi, fi - hr, w[0]);
    put(b + 2 * near, er - gr, ei - gi, w[1]);
    put(b + 3 * near, fr - hi, fi + hr, w[2]);
}

static void stage_4(float *restrict y, const float *restrict x, size_t length, size_t stride, const float *roots) {
    size_t part = length / 4, far = 2 * stride * part;
    for (size_t p = 0; p < part; p++) {
        const complex_number w[] = {root(roots, p * stride), root(roots, 2 * p * stride), root(roots, 3 * p * stride)};
        for (size_t q = 0; q < 2 * stride; q += 2)
            butterfly_4(y + 8 * stride * p + q, x + 2 * stride * p + q, far, 2 * stride, w);
    }
}

/* The first stage: its inner loop has one turn, so that the outer one is what can be made vectors of. */
static void first_stage_4(float *restrict y, const float *restrict x, size_t length, const float *roots) {
    size_t part = length / 4, far = 2 * part;
    for (size_t p = 0; p < part; p++) {
        const complex_number w[] = {root(roots, p), root(roots, 2 * p), root(roots, 3 * p)};
        butterfly_4(y + 8 * p, x + 2 * p, far, 2, w);
    }
}

/* One butterfly of five; a and b point at the first of each. */
static void butterfly_5(float *restrict b, const float *restrict a, size_t far, size_t near, const complex_number *w) {
    float s1r = a[far] + a[4 * far], s1i = a[far + 1] + a[4 * far + 1];
    float d1r = a[far] - a[4 * far], d1i = a[far + 1] - a[4 * far + 1];
    float s2r = a[2 * far] + a[3 * far], s2i = a[2 * far + 1] + a[3 * far + 1];
    float d2r = a[2 * far] - a[3 * far], d2i = a[2 * far + 1] - a[3 * far + 1];
    float m1r = a[0] + COS_5 * s1r + COS_25 * s2r, m1i = a[1] + COS_5 * s1i + COS_25 * s2i;
    float m2r = a[0] + COS_25 * s1r + COS_5 * s2r, m2i = a[1] + COS_25 * s1i + COS_5 * s2i;
    float n1r = SIN_5 * d1r + SIN_25 * d2r, n1i = SIN_5 * d1i + SIN_25 * d2i;
    float n2r = SIN_25 * d1r - SIN_5 * d2r, n2i = SIN_25 * d1i - SIN_5 * d2i;
    b[0] = a[0] + s1r + s2r;
    b[1] = a[1] + s1i + s2i;
    put(b + near, m1r + n1i, m1i - n1r, w[0]);
    put(b + 2 * near, m2r + n2i, m2i - n2r, w[1]);
    put(b + 3 * near, m2r - n2i, m2i + n2r, w[2]);
    put(b + 4 * near, m1r - n1i, m1i + n1r, w[3]);
}

static void stage_5(float *restrict y, const float *restrict x, size_t length, size_t stride, const float *roots) {
    size_t part = length / 5, far = 2 * stride * part;
    for (size_t p = 0; p < part; p++) {
        complex_number w[4];
        for (size_t k = 0; k < 4; k++) w[k] = root(roots, (k + 1) * p * stride);
        for (size_t q = 0; q < 2 * stride; q += 2)
            butterfly_5(y + 10 * stride * p + q, x + 2 * stride * p + q, far, 2 * stride, w);
    }
}

/* Complex transform of count/2 numbers in `data`, which end there too. */
static void transform(const signal_fft *fft, float *data) {
    static void (*const stages[])(float *restrict, const float *restrict, size_t, size_t,
                                  const float *) = {[2] = stage_2, [3] = stage_3, [4] = stage_4, [5] = stage_5};
    float *from = data, *to = fft->work;
    for (size_t length = fft->count / 2, stride = 1; length > 1;) {
        size_t radix = length % 4 == 0 ? 4 : length % 2 == 0 ? 2 : length % 3 == 0 ? 3 : 5;
        if (radix == 4 && stride == 1)
            first_stage_4(to, from, length, fft->roots);
        else
            stages[radix](to, from, length, stride, fft->roots);
        length /= radix;
        stride *= radix;
        float *swapped = from;
        from = to;
        to = swapped;
    }
    if (from != data) memcpy(data, from, (size_t)fft->count * sizeof *data);
}

/* --- Real samples --- */

/* Terms of the half-length transform to those of the samples: X = E + w·O, E and O the even and odd samples'. */
static void split_terms(const signal_fft *fft, float *data) {
    size_t half = fft->count / 2;
    float first = data[0], second = data[1];
    data[0] = first + second;
    data[1] = 0;
    data[2 * half] = first - second;
    data[2 * half + 1] = 0;
    for (size_t k = 1; k <= half / 2; k++) {
        float *a = data + 2 * k, *b = data + 2 * (half - k);
        complex_number w = root(fft->split, k);
        float er = 0.5f * (a[0] + b[0]), ei = 0.5f * (a[1] - b[1]);
        float odd_re = 0.5f * (a[1] + b[1]), odd_im = 0.5f * (b[0] - a[0]);
        float tr = odd_re * w.re - odd_im * w.im, ti = odd_re * w.im + odd_im * w.re;
        a[0] = er + tr;
        a[1] = ei + ti;
        b[0] = er - tr;
        b[1] = ti - ei;
    }
}

/* The way back, conjugated, so that the forward transform is the inverse one. */
static void join_terms(const signal_fft *fft, float *data) {
    size_t half = fft->count / 2;
    float first = data[0], last = data[2 * half];
    data[0] = first + last;
    data[1] = last - first;
    for (size_t k = 1; k <= half / 2; k++) {
        float *a = data + 2 * k, *b = data + 2 * (half - k);
        complex_number w = root(fft->split, k);
        float er = a[0] + b[0], ei = a[1] - b[1];
        float tr = a[0] - b[0], ti = a[1] + b[1];
        float odd_re = tr * w.re + ti * w.im, odd_im = ti * w.re - tr * w.im;
        a[0] = er - odd_im;
        a[1] = -(ei + odd_re);
        b[0] = er + odd_im;
        b[1] = ei - odd_re;
    }
}

void signal_fft_forward(const signal_fft *fft, float *data) {
    if (fft->backend) {
        fft->backend->forward(fft->plan, data);
        return;
    }
    transform(fft, data);
    split_terms(fft, data);
}

void signal_fft_inverse(const signal_fft *fft, float *data) {
    if (fft->backend) {
        fft->backend->inverse(fft->plan, data);
    } else {
        join_terms(fft, data);
        transform(fft, data);
    }
    float scale = 1.0f / (float)fft->count, sign = fft->backend ? scale : -scale;
    for (size_t i = 0; i < fft->count; i += 2) {
        data[i] *= scale;
        data[i + 1] *= sign;
    }
}
