/* SPDX-License-Identifier: Apache-2.0 */
/* From a raw spectrum to a prepared one, in the numbered steps of the two recipes. Works in the caller's scratch only.
   Doubles are taken apart into mantissa and exponent and never calculated with: rounding mode, fused operations and
   flush-to-zero of the process cannot change a bit, and the smallest intensities a double holds still count. */
#include <assert.h>

#include "base/error.h"
#include "base/fixed.h"
#include "base/memory.h"
#include "base/numbers.h"
#include "peaks/peaks.h"
#include "spectrum/prepared.h"

#define NOMINAL_MAX 4095u
#define BASE_NOMINAL UINT64_C(999)
#define BASE_ROOT UINT64_C(65535)
#define BASE_WEIGHTED UINT64_C(4095)
#define BASE_INTENSITY (UINT64_C(1) << 20)

/* u = I^.53·m^1.3, exponents in Q16. */
#define INTENSITY_EXPONENT UINT64_C(34734)
#define MZ_EXPONENT UINT64_C(85197)

/* mantissa × 2^exponent, the mantissa with 53 bits. */
typedef struct magnitude {
    uint64_t mantissa;
    int32_t exponent;
} magnitude;

/* The bits of an intensity order intensities as the numbers do; those of −0 are those of 0. */
static uint64_t intensity_bits(double intensity) {
    return base_double_bits(intensity) & (UINT64_MAX >> 1);
}

/* Takes apart a positive, finite number given by its bits; a subnormal one gets its full mantissa. */
static magnitude magnitude_of(uint64_t bits) {
    const uint64_t hidden = UINT64_C(1) << 52;
    int32_t exponent = (int32_t)(bits >> 52);
    magnitude out = {bits & (hidden - 1), exponent > 0 ? exponent : 1};
    if (exponent > 0) out.mantissa |= hidden;
    assert(out.mantissa > 0 && exponent < 2047);
    for (; out.mantissa < hidden; out.mantissa <<= 1) out.exponent--;
    return out;
}

/* A floor of a floor; factor < 2^62, for mantissas differ by less than a factor of 2. */
static uint64_t share_of(uint64_t part_bits, uint64_t whole_bits, uint64_t factor) {
    if (part_bits == 0) return 0;
    magnitude part = magnitude_of(part_bits), whole = magnitude_of(whole_bits);
    int32_t shift = whole.exponent - part.exponent;
    assert(shift >= 0);
    return shift < 64 ? base_multiply_divide(part.mantissa, factor, whole.mantissa) >> shift : 0;
}

uint64_t spectrum_share(double part, double whole, uint32_t factor) {
    return share_of(intensity_bits(part), intensity_bits(whole), factor);
}

/* Nominal mass */

typedef struct nominal_peaks {
    uint16_t *nominal, *root, *weighted;
    uint64_t *intensity; /* bits of the double; from step 2 on integers, base peak 999 */
    uint64_t *lg;
} nominal_peaks;

/* At most one peak for each m/z. */
static size_t nominal_capacity(size_t peak_count) {
    return peak_count < NOMINAL_MAX ? peak_count : NOMINAL_MAX;
}

static bool take_nominal(nominal_peaks *peaks, size_t peak_count, spectra_scratch *scratch) {
    size_t capacity = nominal_capacity(peak_count);
    peaks->nominal = base_scratch_take(scratch, capacity, sizeof *peaks->nominal);
    peaks->root = base_scratch_take(scratch, capacity, sizeof *peaks->root);
    peaks->weighted = base_scratch_take(scratch, capacity, sizeof *peaks->weighted);
    return peaks->nominal && peaks->root && peaks->weighted;
}

static bool take_nominal_work(nominal_peaks *peaks, size_t peak_count, spectra_scratch *scratch) {
    size_t capacity = nominal_capacity(peak_count);
    peaks->intensity = base_scratch_take(scratch, capacity, sizeof *peaks->intensity);
    peaks->lg = base_scratch_take(scratch, capacity, sizeof *peaks->lg);
    return peaks->intensity && peaks->lg;
}

/* m/z to the nearest integer, a half upwards; 0 where that is not in 1..4095. */
static uint32_t nominal_mz(double mz) {
    if (!(mz < 4096)) return 0;
    uint64_t nominal = (uint64_t)(base_micro(mz) + 500000) / 1000000;
    return nominal <= NOMINAL_MAX ? (uint32_t)nominal : 0;
}

/* Step 1: one peak per integer m/z, the strongest. A peak of intensity 0 is no peak, but the scan had begun there. */
static void read_nominal(spectra_prepared *out, const nominal_peaks *peaks, const spectra_spectrum *spectrum) {
    const double *mz = spectra_spectrum_mz(spectrum), *intensity = spectra_spectrum_intensity(spectrum);
    size_t peak_count = spectra_spectrum_peak_count(spectrum);
    for (size_t i = 0; i < peak_count; i++) {
        uint32_t nominal = nominal_mz(mz[i]);
        uint64_t bits = intensity_bits(intensity[i]);
        out->out_of_range += nominal == 0;
        if (nominal == 0) continue;
        if (out->first_mz == 0) out->first_mz = nominal;
        if (bits == 0) continue;
        if (out->count == 0 || peaks->nominal[out->count - 1] != nominal) {
            peaks->nominal[out->count] = (uint16_t)nominal;
            peaks->intensity[out->count++] = bits;
        } else if (peaks->intensity[out->count - 1] < bits) {
            peaks->intensity[out->count - 1] = bits;
        }
    }
}

/* Step 2: integers of 999, as NIST has them, a half upwards; what rounds to 0 is no peak. */
static uint32_t scale_to_999(const nominal_peaks *peaks, size_t count) {
    uint64_t largest = spectrum_largest(peaks->intensity, count);
    uint32_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        uint64_t intensity = (share_of(peaks->intensity[i], largest, 2 * BASE_NOMINAL) + 1) / 2;
        if (intensity == 0) continue;
        peaks->nominal[kept] = peaks->nominal[i];
        peaks->intensity[kept++] = intensity;
    }
    return kept;
}

/* Step 3 of the nominal recipe, step 6 of the accurate one: root = round(65535·√(I/base)) =
   floor((√(4·65535²·I/base) + 1) / 2); I is at most base, and base at most 2^20. */
static void take_roots(uint16_t *root, const uint64_t *intensity, size_t count, uint64_t base) {
    for (size_t i = 0; i < count; i++) {
        uint32_t twice = base_sqrt(4 * BASE_ROOT * BASE_ROOT * intensity[i] / base);
        root[i] = (uint16_t)((twice + 1) / 2);
    }
}

/* Step 4: weighted = round(4095·u/max u), from lg u in Q40: below 2^6·2^24·2^16 in size. */
static void weight_by_mz(const nominal_peaks *peaks, size_t count) {
    uint64_t largest = 0;
    for (size_t i = 0; i < count; i++) {
        peaks->lg[i] = INTENSITY_EXPONENT * base_lg(peaks->intensity[i]) + MZ_EXPONENT * base_lg(peaks->nominal[i]);
        if (peaks->lg[i] > largest) largest = peaks->lg[i];
    }
    for (size_t i = 0; i < count; i++) {
        uint64_t part = base_exp2_negative((largest - peaks->lg[i]) >> 16); /* Q30 */
        peaks->weighted[i] = (uint16_t)((BASE_WEIGHTED * part + (1 << 29)) >> 30);
    }
}

static spectra_status prepare_nominal(spectra_prepared *out, const spectra_spectrum *spectrum,
                                      spectra_scratch *scratch) {
    nominal_peaks peaks;
    size_t peak_count = spectra_spectrum_peak_count(spectrum);
    if (!take_nominal(&peaks, peak_count, scratch)) return SPECTRA_E_MEMORY;
    size_t kept = scratch->used;
    if (!take_nominal_work(&peaks, peak_count, scratch)) return SPECTRA_E_MEMORY;
    read_nominal(out, &peaks, spectrum);
    out->count = scale_to_999(&peaks, out->count);
    take_roots(peaks.root, peaks.intensity, out->count, BASE_NOMINAL);
    weight_by_mz(&peaks, out->count);
    base_scratch_return(scratch, kept);
    out->nominal = peaks.nominal;
    out->root = peaks.root;
    out->weighted = peaks.weighted;
    return SPECTRA_OK;
}

/* Accurate mass */

typedef struct accurate_peaks {
    uint32_t *mz_uth;
    uint16_t *weight, *root;
    uint64_t *intensity; /* bits of the double; from step 2 on integers, base peak 2^20 */
    uint64_t *work;
    uint32_t *order;
    uint8_t *mark;
} accurate_peaks;

static bool take_accurate(accurate_peaks *peaks, size_t peak_count, spectra_scratch *scratch) {
    peaks->mz_uth = base_scratch_take(scratch, peak_count, sizeof *peaks->mz_uth);
    peaks->weight = base_scratch_take(scratch, peak_count, sizeof *peaks->weight);
    peaks->root = base_scratch_take(scratch, peak_count, sizeof *peaks->root);
    return peaks->mz_uth && peaks->weight && peaks->root;
}

static bool take_accurate_work(accurate_peaks *peaks, size_t peak_count, spectra_scratch *scratch) {
    peaks->intensity = base_scratch_take(scratch, peak_count, sizeof *peaks->intensity);
    peaks->work = base_scratch_take(scratch, peak_count, sizeof *peaks->work);
    peaks->order = base_scratch_take(scratch, peak_count, sizeof *peaks->order);
    peaks->mark = base_scratch_take(scratch, peak_count, sizeof *peaks->mark);
    return peaks->intensity && peaks->work && peaks->order && peaks->mark;
}

static uint32_t mz_uth_of(double mz, bool *fits) {
    int64_t uth = mz < PEAKS_MAX_MZ + 1 ? base_micro(mz) : INT64_MAX;
    *fits = uth <= UINT32_MAX;
    return *fits ? (uint32_t)uth : 0;
}

/* Step 1: m/z to µTh, without what that cannot hold and what lies at `end` or above. */
static size_t read_accurate(spectra_prepared *out, const accurate_peaks *peaks, const spectra_spectrum *spectrum,
                            uint64_t end) {
    const double *mz = spectra_spectrum_mz(spectrum), *intensity = spectra_spectrum_intensity(spectrum);
    size_t peak_count = spectra_spectrum_peak_count(spectrum), count = 0;
    for (size_t i = 0; i < peak_count; i++) {
        bool fits;
        uint32_t uth = mz_uth_of(mz[i], &fits);
        out->out_of_range += !fits;
        if (!fits || uth >= end) continue;
        peaks->mz_uth[count] = uth;
        peaks->intensity[count++] = intensity_bits(intensity[i]);
    }
    return count;
}

/* share_of by a factor of 2^21, in two digits of a long division. */
static uint64_t share_of_base(uint64_t part_bits, magnitude whole) {
    if (part_bits == 0) return 0;
    magnitude part = magnitude_of(part_bits);
    int32_t shift = whole.exponent - part.exponent;
    uint64_t digit = (part.mantissa << 11) / whole.mantissa, rest = (part.mantissa << 11) % whole.mantissa;
    assert(shift >= 0 && 2 * BASE_INTENSITY == UINT64_C(1) << 21);
    return shift < 64 ? (digit << 10 | (rest << 10) / whole.mantissa) >> shift : 0;
}

/* Step 2: what is below the noise goes, the rest becomes integers, round(2^20·I/I_max); what rounds to 0 goes too. The
   share in 2^-21 tells of nearly all peaks which side of the noise they are on. */
static size_t drop_noise(const accurate_peaks *peaks, size_t count, uint32_t noise_ppm) {
    uint64_t largest = spectrum_largest(peaks->intensity, count), limit = noise_ppm * 2 * BASE_INTENSITY / 1000000;
    size_t kept = 0;
    if (largest == 0) return 0;
    const magnitude whole = magnitude_of(largest);
    for (size_t i = 0; i < count; i++) {
        uint64_t share = share_of_base(peaks->intensity[i], whole), value = (share + 1) / 2;
        bool below = share == limit ? share_of(peaks->intensity[i], largest, 1000000) < noise_ppm : share < limit;
        if (below || value == 0) continue;
        peaks->mz_uth[kept] = peaks->mz_uth[i];
        peaks->intensity[kept++] = value;
    }
    return kept;
}

/* Step 4: merged peaks can be stronger than 2^20; the base peak becomes 2^20 again. */
static void rescale(const accurate_peaks *peaks, size_t count) {
    uint64_t largest = spectrum_largest(peaks->intensity, count);
    for (size_t i = 0; i < count; i++) {
        peaks->intensity[i] = (base_multiply_divide(peaks->intensity[i], 2 * BASE_INTENSITY, largest) + 1) / 2;
    }
}

/* Step 7: of a thousand peaks and more some weigh nothing; without them at most 65535 are left. */
static size_t drop_weightless(const accurate_peaks *peaks, size_t count) {
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        if (peaks->weight[i] == 0) continue;
        peaks->mz_uth[kept] = peaks->mz_uth[i];
        peaks->root[kept] = peaks->root[i];
        peaks->weight[kept++] = peaks->weight[i];
    }
    return kept;
}

/* First m/z that the precursor margin cuts off. */
static uint64_t end_of(uint32_t precursor_uth, uint32_t margin) {
    if (margin == 0) return UINT64_MAX;
    return precursor_uth > margin ? precursor_uth - margin : 0;
}

bool spectrum_prepares_alike(const spectra_prepared *prepared, const spectra_spectrum *spectrum,
                             const spectra_recipe *recipe) {
    const spectra_recipe *other = &prepared->recipe;
    size_t peak_count = spectra_spectrum_peak_count(spectrum);
    if (recipe->kind != SPECTRA_RECIPE_ACCURATE || other->kind != recipe->kind || other->precursor_margin_uth != 0 ||
        other->noise_ppm != recipe->noise_ppm || other->merge_gap_uth != recipe->merge_gap_uth)
        return false;
    if (peak_count == 0) return true;
    bool fits;
    uint32_t last_uth = mz_uth_of(spectra_spectrum_mz(spectrum)[peak_count - 1], &fits);
    return fits && last_uth < end_of(prepared->precursor_uth, recipe->precursor_margin_uth);
}

/* Step 3 is the merging of peaks/, step 5 the weighting of weights.c. */
static spectra_status prepare_accurate(spectra_prepared *out, const spectra_spectrum *spectrum,
                                       spectra_scratch *scratch) {
    accurate_peaks peaks;
    size_t peak_count = spectra_spectrum_peak_count(spectrum);
    if (!take_accurate(&peaks, peak_count, scratch)) return SPECTRA_E_MEMORY;
    size_t kept = scratch->used;
    if (!take_accurate_work(&peaks, peak_count, scratch)) return SPECTRA_E_MEMORY;
    size_t count = read_accurate(out, &peaks, spectrum, end_of(out->precursor_uth, out->recipe.precursor_margin_uth));
    count = drop_noise(&peaks, count, out->recipe.noise_ppm);
    count = peaks_merge_close(peaks.mz_uth, peaks.intensity, count, out->recipe.merge_gap_uth, peaks.order, peaks.mark);
    rescale(&peaks, count);
    spectrum_entropy_weights(peaks.weight, peaks.intensity, peaks.work, count);
    take_roots(peaks.root, peaks.intensity, count, BASE_INTENSITY);
    out->count = (uint32_t)drop_weightless(&peaks, count);
    base_scratch_return(scratch, kept);
    out->mz_uth = peaks.mz_uth;
    out->weight = peaks.weight;
    out->root = peaks.root;
    return SPECTRA_OK;
}

/* 0 where the record tells none that µTh can hold. */
static uint32_t precursor_of(const spectra_spectrum *spectrum) {
    double mz;
    bool fits;
    if (spectra_spectrum_precursor_mz(spectrum, &mz) != SPECTRA_OK || !(mz > 0)) return 0;
    return mz_uth_of(mz, &fits);
}

static spectra_status start(spectra_prepared *out, const spectra_spectrum *spectrum, const spectra_recipe *recipe,
                            spectra_error *error) {
    *out = (spectra_prepared){.recipe = *recipe, .precursor_uth = precursor_of(spectrum)};
    if (recipe->precursor_margin_uth > 0 && out->precursor_uth == 0) {
        return base_fail(error, SPECTRA_E_INVALID, BASE_NO_PLACE, "the recipe needs a precursor m/z");
    }
    return SPECTRA_OK;
}

spectra_status spectra_prepare(const spectra_prepared **out, const spectra_spectrum *spectrum,
                               const spectra_recipe *recipe, spectra_scratch *scratch, spectra_error *error) {
    if (!out || !spectrum || !recipe || !scratch || !spectrum_recipe_valid(recipe)) {
        return base_fail(error, SPECTRA_E_INVALID, BASE_NO_PLACE, "argument missing or recipe invalid");
    }
    if (spectra_spectrum_peak_count(spectrum) > PEAKS_MAX_MERGED) {
        return base_fail(error, SPECTRA_E_LIMIT, BASE_NO_PLACE, "more than %u peaks", (uint64_t)PEAKS_MAX_MERGED);
    }
    size_t used = scratch->used;
    spectra_prepared *prepared = base_scratch_take(scratch, 1, sizeof *prepared);
    spectra_status status = prepared ? start(prepared, spectrum, recipe, error) : SPECTRA_E_MEMORY;
    if (status == SPECTRA_OK) {
        status = recipe->kind == SPECTRA_RECIPE_NOMINAL ? prepare_nominal(prepared, spectrum, scratch)
                                                        : prepare_accurate(prepared, spectrum, scratch);
    }
    if (status == SPECTRA_OK) {
        *out = prepared;
        return status;
    }
    base_scratch_return(scratch, used);
    if (status != SPECTRA_E_MEMORY) return status;
    return base_fail(error, SPECTRA_E_MEMORY, BASE_NO_PLACE, "the scratch is too small to prepare the spectrum");
}

/* What prepare_accurate takes: prepare_nominal takes fewer arrays, and less for a peak. */
size_t spectra_prepare_required(size_t peak_count) {
    static const size_t element[] = {sizeof(uint32_t), sizeof(uint16_t), sizeof(uint16_t), sizeof(uint64_t),
                                     sizeof(uint64_t), sizeof(uint32_t), sizeof(uint8_t)};
    size_t required = base_scratch_cost(1, sizeof(spectra_prepared));
    for (size_t i = 0; i < sizeof element / sizeof element[0]; i++) {
        size_t cost = base_scratch_cost(peak_count, element[i]);
        required = cost > SIZE_MAX - required ? SIZE_MAX : required + cost;
    }
    return required;
}

size_t spectra_prepared_peak_count(const spectra_prepared *prepared) {
    return prepared->count;
}

size_t spectra_prepared_out_of_range(const spectra_prepared *prepared) {
    return prepared->out_of_range;
}
