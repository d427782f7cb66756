/* SPDX-License-Identifier: Apache-2.0 */
/* SPLASH, the hashed name of a spectrum (Wohlgemuth et al., Nat. Biotechnol. 34, 1099 (2016)), version 10:

       splash10-0udi-0490000000-4425acda10ed7d4709bd
                |    |          SHA-256 of all peaks "m/z:intensity", m/z in µTh, intensities of 100, both cut off
                |    histogram of all peaks, ten bins of 100 Th, wrapped around, in tenths
                the same of the ten strongest above 10 %, bins of 5 Th, in thirds, as a number to the base of 36

   Doubles, as the specification has it: quotients, products and sums in the order of the peaks, nothing else. */
#include <string.h>

#include "base/digest.h"
#include "base/memory.h"
#include "base/text.h"
#include "peaks/peaks.h"
#include "spectrum/raw.h"

#define NUMBER_SIZE 48
#define BINS 10
#define WIDE_BIN 100
#define NARROW_BIN 5
#define STRONGEST 10
#define PREFIX_DIGITS 4
#define HASH_DIGITS 20
#define SCALE 100
#define STRONG 10 /* of SCALE */
#define UTH 1e6
#define EPSILON 1e-7 /* of the specification: what it adds before it cuts off */
/* Beyond it µTh do not fit 64 bits. */
#define MAX_MZ 9e12
/* Below it intensities would count that a process may flush to zero. */
#define MIN_BASE 1e-280

/* Peaks in ascending m/z, intensities relative to `base`. */
typedef struct splash_peaks {
    const double *mz, *intensity;
    size_t count;
    double base;
} splash_peaks;

static double relative(const splash_peaks *peaks, size_t i) {
    return peaks->intensity[i] / peaks->base * SCALE;
}

/* --- The two histograms --- */

static size_t bin_of(double mz, double width) {
    return (size_t)((uint64_t)(mz / width) % BINS);
}

/* The bins as digits of a number to the base of `radix`. */
static void scale_bins(uint32_t digits[BINS], const double bins[BINS], uint32_t radix) {
    double largest = 0;
    for (size_t i = 0; i < BINS; i++) largest = bins[i] > largest ? bins[i] : largest;
    for (size_t i = 0; i < BINS; i++) digits[i] = (uint32_t)(EPSILON + (radix - 1) * bins[i] / largest);
}

static void add_wide_histogram(base_text *out, const splash_peaks *peaks) {
    double bins[BINS] = {0};
    uint32_t digits[BINS];
    for (size_t i = 0; i < peaks->count; i++) bins[bin_of(peaks->mz[i], WIDE_BIN)] += relative(peaks, i);
    scale_bins(digits, bins, BINS);
    for (size_t i = 0; i < BINS; i++) base_text_unsigned(out, digits[i]);
}

/* The strongest peaks that are strong enough, the strongest first and of equals the one of lower m/z. */
static size_t find_strongest(size_t strongest[STRONGEST], const splash_peaks *peaks) {
    size_t count = 0;
    for (size_t i = 0; i < peaks->count; i++) {
        double intensity = relative(peaks, i);
        if (!(intensity + EPSILON >= STRONG)) continue;
        size_t at = count;
        while (at > 0 && relative(peaks, strongest[at - 1]) < intensity) at--;
        if (at == STRONGEST) continue;
        if (count < STRONGEST) count++;
        memmove(strongest + at + 1, strongest + at, (count - 1 - at) * sizeof *strongest);
        strongest[at] = i;
    }
    return count;
}

static void add_prefix(base_text *out, const splash_peaks *peaks) {
    static const char figures[] = "0123456789abcdefghijklmnopqrstuvwxyz";
    size_t strongest[STRONGEST], count = find_strongest(strongest, peaks);
    double bins[BINS] = {0};
    uint32_t digits[BINS], value = 0;
    for (size_t i = 0; i < count; i++) {
        bins[bin_of(peaks->mz[strongest[i]], NARROW_BIN)] += relative(peaks, strongest[i]);
    }
    scale_bins(digits, bins, 3);
    for (size_t i = 0; i < BINS; i++) value = value * 3 + digits[i];
    char text[PREFIX_DIGITS];
    for (size_t i = PREFIX_DIGITS; i-- > 0; value /= 36) text[i] = figures[value % 36];
    base_text_add(out, text, sizeof text);
}

/* --- The hash --- */

static void hash_peak(base_digest *digest, double mz, double intensity, bool first) {
    char bytes[NUMBER_SIZE];
    base_text text;
    base_text_init(&text, bytes, sizeof bytes);
    if (!first) base_text_string(&text, " ");
    base_text_unsigned(&text, (uint64_t)((mz + EPSILON) * UTH));
    base_text_string(&text, ":");
    base_text_unsigned(&text, (uint64_t)(intensity + EPSILON));
    base_digest_add(digest, bytes, text.size);
}

/* Peaks [first, end) of one m/z, in falling intensity. */
static bool hash_equal_mz(base_digest *digest, const splash_peaks *peaks, size_t first, size_t end,
                          const spectra_allocator *allocator) {
    size_t count = end - first;
    double *falling = base_allocate_array(allocator, count, 2 * sizeof *falling);
    uint32_t *order = base_allocate_array(allocator, count, 2 * sizeof *order);
    bool good = falling && order;
    if (good) {
        for (size_t i = 0; i < count; i++) falling[i] = falling[count + i] = -relative(peaks, first + i);
        peaks_sort(falling, falling + count, order, count);
        for (size_t i = 0; i < count; i++) hash_peak(digest, peaks->mz[first], -falling[i], first + i == 0);
    }
    base_release(allocator, order, count * 2 * sizeof *order);
    base_release(allocator, falling, count * 2 * sizeof *falling);
    return good;
}

static bool add_hash(base_text *out, const splash_peaks *peaks, const spectra_allocator *allocator) {
    base_digest state;
    base_digest_init(&state);
    for (size_t i = 0, end; i < peaks->count; i = end) {
        for (end = i + 1; end < peaks->count && peaks->mz[end] <= peaks->mz[i]; end++) {
        }
        if (end == i + 1) {
            hash_peak(&state, peaks->mz[i], relative(peaks, i), i == 0);
        } else if (!hash_equal_mz(&state, peaks, i, end, allocator)) {
            return false;
        }
    }
    uint8_t digest[BASE_DIGEST_SIZE];
    char hex[BASE_DIGEST_HEX_SIZE];
    base_digest_finish(&state, digest);
    base_digest_hex(digest, hex);
    base_text_add(out, hex, HASH_DIGITS);
    return true;
}

spectra_status spectra_spectrum_splash(const spectra_spectrum *spectrum, char splash[SPECTRA_SPLASH_SIZE]) {
    if (!spectrum || !splash) return SPECTRA_E_INVALID;
    splash[0] = '\0';
    splash_peaks peaks = {.mz = spectra_spectrum_mz(spectrum),
                          .intensity = spectra_spectrum_intensity(spectrum),
                          .count = spectra_spectrum_peak_count(spectrum)};
    for (size_t i = 0; i < peaks.count; i++)
        peaks.base = peaks.intensity[i] > peaks.base ? peaks.intensity[i] : peaks.base;
    if (!(peaks.base >= MIN_BASE) || peaks.mz[peaks.count - 1] > MAX_MZ) return SPECTRA_E_NOT_FOUND;
    base_text out;
    base_text_init(&out, splash, SPECTRA_SPLASH_SIZE);
    base_text_string(&out, "splash10-");
    add_prefix(&out, &peaks);
    base_text_string(&out, "-");
    add_wide_histogram(&out, &peaks);
    base_text_string(&out, "-");
    if (add_hash(&out, &peaks, spectrum_allocator(spectrum))) return SPECTRA_OK;
    splash[0] = '\0';
    return SPECTRA_E_MEMORY;
}
