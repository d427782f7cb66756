/* SPDX-License-Identifier: Apache-2.0 */
/* From a transient to its peaks: the order of the steps, their memory, and the checks of what comes from outside. */
#include <string.h>

#include "signal/lobes.h"
#include "signal/real.h"
#include "signal/signal.h"

#define LEAST_COUNT 64u
#define MOST_COUNT (SPECTRA_FFT_MAX_COUNT / 2)
#define MOST_PEAKS 1048576u
#define MZ_QUANTA 1e6                 /* in a Th */
#define DIP 0.5                       /* of the threshold: what a peak falls by on its sides */
#define RAYLEIGH_MEDIAN 1.17741002252 /* in standard deviations of either part of a term: √(2·ln 2) */
/* Of the strongest magnitude, what rounding leaves beside it: a transient without noise has no other. */
#define LEAST_NOISE 1e-6

/* --- What comes from outside --- */

static bool take_options(spectra_transient_options *o, const spectra_transient_options *given) {
    *o = (spectra_transient_options){0};
    if (given && !base_take_options(o, sizeof *o, given)) return false;
    if (o->max_peaks == 0) o->max_peaks = 20000;
    if (o->kaiser_beta == 0) o->kaiser_beta = 10;
    if (o->threshold == 0) o->threshold = 6;
    if (o->min_mz == 0) o->min_mz = 10;
    if (o->max_mz == 0) o->max_mz = 10000;
    return o->apodisation >= 0 && o->apodisation <= SPECTRA_APODISATION_NONE && o->max_peaks <= MOST_PEAKS &&
           o->reserved == 0 && o->kaiser_beta >= 4 && o->kaiser_beta <= 20 && o->threshold >= 1 &&
           o->threshold <= 1e6 && o->min_mz >= 1 && o->max_mz > o->min_mz && o->max_mz <= 1e6;
}

static bool is_finite(double value) {
    return value > -1e300 && value < 1e300;
}

static bool calibration_valid(const spectra_mass_calibration *c) {
    return c && c->size == sizeof *c && c->analyser >= 0 && c->analyser <= SPECTRA_ANALYSER_ORBITRAP && c->a > 0 &&
           is_finite(c->a) && is_finite(c->b) && (c->b == 0 || c->analyser == SPECTRA_ANALYSER_ICR) &&
           c->a_variance >= 0 && is_finite(c->a_variance) && c->b_variance >= 0 && is_finite(c->b_variance) &&
           is_finite(c->covariance);
}

static bool transient_valid(const spectra_transient *t) {
    return t && t->size == sizeof *t && t->reserved == 0 && spectra_transient_fft_size(t->count) > 0 && t->samples &&
           t->kind >= 0 && t->kind <= SPECTRA_SAMPLES_INT32 && t->sampling_rate >= 1e-3 && t->sampling_rate <= 1e12 &&
           t->saturation >= 0 && calibration_valid(t->calibration);
}

static spectra_status check_samples(const spectra_transient *transient, spectra_error *error) {
    for (uint32_t i = 0; i < transient->count; i++) {
        double sample = signal_number_at(transient->samples, transient->kind, i);
        if (!(sample <= 1e30 && sample >= -1e30))
            return base_fail(error, SPECTRA_E_FORMAT, (base_place){0, i},
                             "a sample of a transient is no number or too large");
    }
    return SPECTRA_OK;
}

/* --- Memory --- */

uint32_t spectra_transient_fft_size(uint32_t count) {
    return count >= LEAST_COUNT && count <= MOST_COUNT ? spectra_fft_size(2 * count) : 0;
}

/* Maxima are at least two bins apart. */
static uint32_t peak_capacity(uint32_t fft_count, const spectra_transient_options *options) {
    return options->max_peaks < fft_count / 4 ? options->max_peaks : fft_count / 4;
}

size_t spectra_transient_required(uint32_t count, const spectra_transient_options *options) {
    spectra_transient_options all;
    uint32_t fft_count = spectra_transient_fft_size(count);
    if (fft_count == 0 || !take_options(&all, options)) return SIZE_MAX;
    size_t capacity = peak_capacity(fft_count, &all);
    const size_t costs[] = {signal_fft_required(fft_count),
                            base_scratch_cost((size_t)fft_count + 2, sizeof(float)),
                            base_scratch_cost(capacity, sizeof(spectra_profile_peak)),
                            base_scratch_cost(capacity, sizeof(spectra_frequency)),
                            base_scratch_cost(capacity, sizeof(signal_maximum)),
                            base_scratch_cost(1, sizeof(spectra_transient_result))};
    size_t sum = 0;
    for (size_t i = 0; i < sizeof costs / sizeof *costs; i++) {
        if (costs[i] > SIZE_MAX - sum) return SIZE_MAX;
        sum += costs[i];
    }
    return sum;
}

/* What the steps hand to each other. */
typedef struct transient_work {
    const spectra_transient *transient;
    spectra_transient_options options;
    signal_window window;
    signal_fft fft;
    float *data;          /* fft.count + 2: samples, then terms, then magnitudes and, behind them, room */
    uint32_t first, last; /* bins between max_mz and min_mz that have two neighbours */
    uint32_t capacity;    /* of the next three */
    signal_maximum *maxima;
    spectra_profile_peak *peaks;
    spectra_frequency *frequencies;
} transient_work;

/* --- Steps --- */

/* Apodised samples, from −1 to 1, and zeros behind; returns what a magnitude is multiplied by to be an amplitude. */
static double load(const transient_work *work, uint32_t *warnings) {
    const spectra_transient *t = work->transient;
    double sum = 0, largest = 0, weights = 0;
    for (uint32_t i = 0; i < t->count; i++) {
        double sample = signal_number_at(t->samples, t->kind, i), size = sample < 0 ? -sample : sample;
        sum += sample;
        if (size > largest) largest = size;
    }
    if (t->saturation > 0 && largest >= t->saturation) *warnings |= SPECTRA_TRANSIENT_SATURATED;
    double scale = largest > 1e-300 ? 1 / largest : 0, mean = sum / t->count;
    for (uint32_t i = 0; i < t->count; i++) {
        double weight = signal_window_at(&work->window, i, t->count);
        work->data[i] = (float)((signal_number_at(t->samples, t->kind, i) - mean) * scale * weight);
        weights += weight;
    }
    memset(work->data + t->count, 0, (work->fft.count + 2 - t->count) * sizeof *work->data);
    return 2 / weights * largest;
}

/* In place: the first half of `data`. */
static void take_magnitudes(const transient_work *work, double scale) {
    float *data = work->data;
    for (uint32_t k = 0; k <= work->fft.count / 2; k++) {
        double re = data[2 * k], im = data[2 * k + 1];
        data[k] = (float)(signal_sqrt(re * re + im * im) * scale);
    }
}

static double bin_width(const transient_work *work) {
    return work->transient->sampling_rate / work->fft.count;
}

/* The first bin whose m/z is at most so much. */
static uint32_t bin_below(const transient_work *work, double mz) {
    uint32_t low = 1, high = work->fft.count / 2;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        double there = spectra_mass_calibration_mz(work->transient->calibration, middle * bin_width(work), NULL);
        if (there > 0 && there <= mz)
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

/* Standard deviation of either part of a term where no ion is; so much noise adds to the amplitude of an ion. */
static double measure_noise(const transient_work *work) {
    const float *magnitude = work->data + work->first;
    float *room = work->data + work->fft.count / 2 + 1, strongest = 0;
    uint32_t count = work->last - work->first + 1;
    for (uint32_t i = 0; i < count; i++)
        if (magnitude[i] > strongest) strongest = magnitude[i];
    double noise = (double)signal_quantile(magnitude, count, 0.5, room) / RAYLEIGH_MEDIAN,
           least = strongest * LEAST_NOISE;
    return noise > least ? noise : least;
}

/* Maxima from the last bin to the first: at least `threshold` high, and on both sides the curve falls by `dip` before
   it rises above them. Noise on the slope of a strong peak has no such sides. */
typedef struct maximum_scan {
    const transient_work *work;
    double threshold, dip;
    uint32_t next, top; /* the bin to be looked at, the highest since the curve rose */
    double lowest;      /* since it fell */
    bool rising;
} maximum_scan;

static maximum_scan begin_scan(const transient_work *work, double threshold, double dip) {
    return (maximum_scan){.work = work, .threshold = threshold, .dip = dip, .next = work->last + 1, .lowest = 1e300};
}

/* Its bin; 0 behind the last one. */
static uint32_t next_maximum(maximum_scan *scan) {
    const float *m = scan->work->data;
    while (scan->next + 1 >= scan->work->first) { /* the neighbour of the first, too */
        uint32_t k = scan->next--;
        if (m[k] < scan->lowest) scan->lowest = m[k];
        if (scan->rising ? m[k] > m[scan->top] : m[k] >= scan->lowest + scan->dip) {
            scan->rising = true;
            scan->top = k;
        }
        if (!scan->rising || m[k] > m[scan->top] - scan->dip) continue;
        scan->rising = false;
        scan->lowest = m[k];
        if (m[scan->top] >= scan->threshold && scan->top <= scan->work->last) return scan->top;
    }
    return 0;
}

/* By rising m/z; the strongest, where there are too many. */
static uint32_t find_maxima(const transient_work *work, double threshold, double dip, uint32_t *warnings) {
    float *room = work->data + work->fft.count / 2 + 1;
    uint32_t count = 0, found = 0;
    maximum_scan scan = begin_scan(work, threshold, dip);
    for (uint32_t k; (k = next_maximum(&scan)) > 0;) room[found++] = work->data[k];
    if (found > work->capacity) {
        *warnings |= SPECTRA_TRANSIENT_PEAKS_LEFT_OUT;
        double share = (double)(found - work->capacity) / (found - 1);
        threshold = (double)signal_quantile(room, found, share, room + found); /* at most every other bin is one */
    }
    scan = begin_scan(work, threshold, dip);
    for (uint32_t k; count < work->capacity && (k = next_maximum(&scan)) > 0;)
        work->maxima[count++] = (signal_maximum){.bin = k, .height = (double)work->data[k]};
    return count;
}

/* From a bin to frequency, m/z and amplitude, with their errors. */
static void refine(const transient_work *work, uint32_t i, const signal_lobes *lobes, double noise) {
    spectra_profile_peak *peak = &work->peaks[i];
    uint32_t k = work->maxima[i].bin;
    signal_top top = signal_top_of(work->data + k);
    double lobe = work->maxima[i].lobes;
    spectra_frequency *frequency = &work->frequencies[i];
    frequency->value = (k + top.vertex) * bin_width(work);
    frequency->error = signal_vertex_error(lobes, &top, noise, lobe) * bin_width(work);
    double calibration_error;
    *peak = (spectra_profile_peak){0};
    peak->mz = spectra_mass_calibration_mz(work->transient->calibration, frequency->value, &calibration_error);
    double order = work->transient->calibration->analyser == SPECTRA_ANALYSER_ICR ? 1 : 2;
    double own = order * peak->mz * frequency->error / frequency->value;
    peak->mz_error = signal_sqrt(own * own + calibration_error * calibration_error);
    peak->intensity = top.height;
    peak->intensity_error = signal_sqrt(noise * noise + lobe * lobe / 2);
    peak->flags = lobe * lobe / 2 > noise * noise ? SPECTRA_PEAK_DISTURBED : 0;
}

static void find_peaks(spectra_transient_result *result, transient_work *work) {
    const spectra_transient *t = work->transient;
    uint32_t warnings = 0, count = 0;
    double scale = load(work, &warnings);
    signal_fft_forward(&work->fft, work->data);
    take_magnitudes(work, scale);
    work->first = bin_below(work, work->options.max_mz);
    work->last = bin_below(work, work->options.min_mz);
    if (work->last >= work->fft.count / 2) work->last = work->fft.count / 2 - 1;
    if (work->first < work->last) {
        signal_lobes lobes;
        signal_lobes_init(&lobes, &work->window, (double)t->count / work->fft.count);
        result->noise = measure_noise(work);
        double threshold = result->noise * work->options.threshold;
        if (threshold > 0) count = find_maxima(work, threshold, threshold * DIP, &warnings);
        count = signal_drop_lobes(&lobes, work->maxima, count);
        signal_add_disturbances(&lobes, work->maxima, count);
        for (uint32_t i = 0; i < count; i++) refine(work, i, &lobes, result->noise);
        signal_quantise(work->peaks, count, MZ_QUANTA);
    }
    for (uint32_t i = 0; (warnings & SPECTRA_TRANSIENT_SATURATED) && i < count; i++)
        work->peaks[i].flags |= SPECTRA_PEAK_SATURATED;
    result->peak_count = count;
    result->peaks = work->peaks;
    result->frequencies = work->frequencies;
    result->bin_count = work->fft.count / 2 + 1;
    result->magnitude = work->data;
    result->bin_width = bin_width(work);
    result->warnings = count == 0 ? warnings | SPECTRA_TRANSIENT_NO_SIGNAL : warnings;
}

spectra_status spectra_transient_find_peaks(const spectra_transient_result **out, const spectra_transient *transient,
                                            const spectra_transient_options *options, spectra_scratch *scratch,
                                            spectra_error *error) {
    transient_work work = {.transient = transient};
    if (out) *out = NULL;
    if (!out || !scratch || !transient_valid(transient) || !take_options(&work.options, options))
        return base_fail(error, SPECTRA_E_INVALID, BASE_NO_PLACE, "the transient or its options cannot be used");
    spectra_status status = check_samples(transient, error);
    if (status < 0) return status;
    size_t used = scratch->used;
    uint32_t fft_count = spectra_transient_fft_size(transient->count);
    signal_window_init(&work.window, work.options.apodisation, work.options.kaiser_beta);
    work.capacity = peak_capacity(fft_count, &work.options);
    spectra_transient_result *result = (spectra_transient_result *)base_scratch_take(scratch, 1, sizeof *result);
    work.peaks = (spectra_profile_peak *)base_scratch_take(scratch, work.capacity, sizeof *work.peaks);
    work.maxima = (signal_maximum *)base_scratch_take(scratch, work.capacity, sizeof *work.maxima);
    work.frequencies = (spectra_frequency *)base_scratch_take(scratch, work.capacity, sizeof *work.frequencies);
    work.data = (float *)base_scratch_take(scratch, (size_t)fft_count + 2, sizeof *work.data);
    if (!result || !work.peaks || !work.maxima || !work.frequencies || !work.data ||
        signal_fft_init(&work.fft, fft_count, scratch) < 0) {
        base_scratch_return(scratch, used);
        return base_fail(error, SPECTRA_E_MEMORY, BASE_NO_PLACE, "the scratch is too small");
    }
    *result = (spectra_transient_result){0};
    find_peaks(result, &work);
    *out = result;
    return SPECTRA_OK;
}
