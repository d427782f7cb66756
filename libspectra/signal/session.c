/* SPDX-License-Identifier: Apache-2.0 */
/* Scans of one instrument, added up: their memory, and the peaks of a sample less those of its blank and of the sample
   before. */
#include "spectra/session.h"

#include <string.h>

#include "signal/real.h"
#include "signal/signal.h"

#define MOST_SCANS 1048576u
#define BLANK_THRESHOLD 1.0 /* standard deviations: what is weaker is not taken off */
#define QUARTILE 0.25
#define SHARE_HALVINGS 16
#define COMB_REACH 0.25 /* in Th: peaks of one unit */

/* A peak of one scan's share, as blanks and earlier samples are kept. */
typedef struct kept_peak {
    double mz;
    float intensity, error;
} kept_peak;

typedef struct kept_peaks {
    kept_peak *peaks;
    uint32_t count;
} kept_peaks;

/* Scans added up. */
typedef struct scan_sum {
    float *intensity;
    uint8_t *saturated;
    uint32_t count; /* of scans */
} scan_sum;

struct spectra_session {
    spectra_profile_options profile; /* as given */
    spectra_session_options options; /* defaults filled in */
    double threshold;                /* of a peak */
    uint32_t sample_count;           /* of a scan */
    uint32_t capacity;               /* peaks of each list */
    double first_mz, step_mz, saturation;
    double *mz;            /* NULL: an even axis */
    scan_sum of[2];        /* by kind of scan */
    bool blank_is_found;   /* `blank` is that of all scans so far */
    kept_peaks blank, now; /* `now`: the sample less the blank */
    kept_peaks before;     /* the sample before, likewise */
};

/* --- Memory --- */

static bool take_options(spectra_session_options *o, const spectra_session_options *given) {
    *o = (spectra_session_options){0};
    if (given && !base_take_options(o, sizeof *o, given)) return false;
    if (o->blank_variation == 0) o->blank_variation = 0.2;
    if (o->carry_over == 0) o->carry_over = 0.05;
    return o->reserved == 0 && o->blank_variation > 0 && o->blank_variation <= 1 && o->carry_over > 0 &&
           o->carry_over <= 0.5;
}

static void take_list(kept_peaks *list, const spectra_session *session, spectra_scratch *room) {
    list->peaks = (kept_peak *)base_scratch_take(room, session->capacity, sizeof *list->peaks);
}

static bool take_arrays(spectra_session *session, bool even, spectra_scratch *room) {
    bool taken = true;
    for (int kind = 0; kind < 2; kind++) {
        scan_sum *sum = &session->of[kind];
        sum->intensity = (float *)base_scratch_take(room, session->sample_count, sizeof *sum->intensity);
        sum->saturated = (uint8_t *)base_scratch_take(room, session->sample_count, 1);
        taken = taken && sum->intensity && sum->saturated;
    }
    take_list(&session->blank, session, room);
    take_list(&session->now, session, room);
    take_list(&session->before, session, room);
    if (!even) session->mz = (double *)base_scratch_take(room, session->sample_count, sizeof *session->mz);
    return taken && session->blank.peaks && session->now.peaks && session->before.peaks && (even || session->mz);
}

size_t spectra_session_required(const spectra_profile *scan, const spectra_profile_options *profile) {
    signal_plan plan;
    if (signal_make_plan(&plan, scan, profile) < 0) return SIZE_MAX;
    size_t lists = 3 * base_scratch_cost(signal_peak_capacity(&plan), sizeof(kept_peak));
    size_t sums = 2 * (base_scratch_cost(scan->count, sizeof(float)) + base_scratch_cost(scan->count, 1));
    size_t axis = scan->mz ? base_scratch_cost(scan->count, sizeof(double)) : 0;
    return base_scratch_cost(1, sizeof(spectra_session)) + lists + sums + axis;
}

static void clear(scan_sum *sum, uint32_t count) {
    memset(sum->intensity, 0, count * sizeof *sum->intensity);
    memset(sum->saturated, 0, count);
    sum->count = 0;
}

spectra_status spectra_session_begin(spectra_session **out, void *memory, size_t size, const spectra_profile *scan,
                                     const spectra_profile_options *profile, const spectra_session_options *options) {
    signal_plan plan;
    spectra_scratch room;
    spectra_session begun = {.profile = {.size = sizeof begun.profile}};
    if (out) *out = NULL;
    if (!out || !memory || !take_options(&begun.options, options)) return SPECTRA_E_INVALID;
    spectra_status status = signal_make_plan(&plan, scan, profile);
    if (status < 0) return status;
    if (profile) begun.profile = *profile;
    begun.threshold = plan.options.threshold;
    begun.sample_count = scan->count;
    begun.capacity = signal_peak_capacity(&plan);
    begun.first_mz = scan->first_mz;
    begun.step_mz = scan->step_mz;
    begun.saturation = scan->saturation;
    spectra_scratch_init(&room, memory, size);
    spectra_session *session = (spectra_session *)base_scratch_take(&room, 1, sizeof *session);
    if (!session || !take_arrays(&begun, !scan->mz, &room)) return SPECTRA_E_MEMORY;
    for (uint32_t i = 0; begun.mz && i < scan->count; i++) begun.mz[i] = signal_sample_mz(scan, i);
    for (int kind = 0; kind < 2; kind++) clear(&begun.of[kind], begun.sample_count);
    *session = begun;
    *out = session;
    return SPECTRA_OK;
}

/* --- Scans --- */

static bool same_axis(const spectra_session *session, const spectra_profile *scan) {
    if (scan->count != session->sample_count || scan->saturation != session->saturation) return false;
    if (!scan->mz != !session->mz) return false;
    if (!scan->mz) return scan->first_mz == session->first_mz && scan->step_mz == session->step_mz;
    for (uint32_t i = 0; i < scan->count; i++)
        if (signal_sample_mz(scan, i) != session->mz[i]) return false;
    return true;
}

spectra_status spectra_session_add(spectra_session *session, spectra_scan kind, const spectra_profile *scan,
                                   spectra_error *error) {
    if (!session || !scan || (kind != SPECTRA_SCAN_BLANK && kind != SPECTRA_SCAN_SAMPLE))
        return base_fail(error, SPECTRA_E_INVALID, BASE_NO_PLACE, "a session takes scans of a blank or a sample");
    scan_sum *sum = &session->of[kind];
    if (scan->size != sizeof *scan || !scan->intensity || scan->intensity_kind < 0 ||
        scan->intensity_kind > SPECTRA_SAMPLES_INT32 ||
        (scan->mz && scan->mz_kind != SPECTRA_SAMPLES_DOUBLE && scan->mz_kind != SPECTRA_SAMPLES_FLOAT))
        return base_fail(error, SPECTRA_E_INVALID, BASE_NO_PLACE, "the scan cannot be used");
    if (!same_axis(session, scan))
        return base_fail(error, SPECTRA_E_FORMAT, BASE_NO_PLACE, "the scan has another axis than the session");
    if (sum->count == MOST_SCANS) return base_fail(error, SPECTRA_E_LIMIT, BASE_NO_PLACE, "there are too many scans");
    for (uint32_t i = 0; i < scan->count; i++) {
        double intensity = signal_sample_intensity(scan, i);
        if (intensity > 1e24 || intensity < -1e24)
            return base_fail(error, SPECTRA_E_FORMAT, (base_place){0, i}, "an intensity is too large");
    }
    for (uint32_t i = 0; i < scan->count; i++) {
        double intensity = signal_sample_intensity(scan, i);
        sum->intensity[i] += (float)intensity; /* NaN stays: not measured */
        sum->saturated[i] |= scan->saturation > 0 && intensity >= scan->saturation;
    }
    sum->count++;
    if (kind == SPECTRA_SCAN_BLANK) session->blank_is_found = false;
    return SPECTRA_OK;
}

/* What was saturated once is at least at the sum's saturation, which nothing else reaches. */
static spectra_profile profile_of(const spectra_session *session, const scan_sum *sum) {
    spectra_profile profile = {.size = sizeof profile,
                               .count = session->sample_count,
                               .mz = session->mz,
                               .intensity = sum->intensity,
                               .intensity_kind = SPECTRA_SAMPLES_FLOAT,
                               .first_mz = session->first_mz,
                               .step_mz = session->step_mz,
                               .saturation = session->saturation * sum->count};
    for (uint32_t i = 0; i < profile.count; i++)
        if (sum->saturated[i] && sum->intensity[i] < (float)profile.saturation)
            sum->intensity[i] = (float)profile.saturation;
    if (profile.saturation > 0) profile.saturation = (double)(float)profile.saturation;
    return profile;
}

/* --- Blank --- */

static spectra_status find_blank(spectra_session *session, spectra_scratch *scratch, spectra_error *error) {
    const scan_sum *sum = &session->of[SPECTRA_SCAN_BLANK];
    spectra_profile_options options = session->profile;
    const spectra_profile_result *result;
    size_t used = scratch->used;
    if (session->blank_is_found || sum->count == 0) return SPECTRA_OK;
    options.threshold = BLANK_THRESHOLD;
    const spectra_profile profile = profile_of(session, sum);
    spectra_status status = spectra_profile_find_peaks(&result, &profile, &options, scratch, error);
    if (status < 0) return status;
    session->blank.count = result->peak_count;
    for (uint32_t i = 0; i < result->peak_count; i++) {
        const spectra_profile_peak *peak = &result->peaks[i];
        session->blank.peaks[i] =
            (kept_peak){peak->mz, (float)(peak->intensity / sum->count), (float)(peak->intensity_error / sum->count)};
    }
    base_scratch_return(scratch, used);
    session->blank_is_found = true;
    return SPECTRA_OK;
}

/* --- What is taken off --- */

/* The first peak of a list, from `*from` on, that is at most `reach` below an m/z; lists and calls rise. */
static kept_peak sum_near(const kept_peaks *list, uint32_t *from, double mz, double reach) {
    kept_peak sum = {.mz = mz};
    double square = 0, intensity = 0;
    while (*from < list->count && list->peaks[*from].mz < mz - reach) ++*from;
    for (uint32_t i = *from; i < list->count && list->peaks[i].mz <= mz + reach; i++) {
        intensity += (double)list->peaks[i].intensity;
        square += (double)list->peaks[i].error * (double)list->peaks[i].error;
    }
    sum.intensity = (float)intensity;
    sum.error = (float)signal_sqrt(square);
    return sum;
}

/* What a list explains of each peak, times a factor. Drops the peaks of which too little is left; returns how many. */
static uint32_t take_off(const spectra_session *session, spectra_profile_peak *peaks, uint32_t *count,
                         const kept_peaks *list, double factor, double reach) {
    uint32_t kept = 0, from = 0, dropped = 0;
    for (uint32_t i = 0; i < *count; i++) {
        kept_peak explained = sum_near(list, &from, peaks[i].mz, reach);
        double off = factor * (double)explained.intensity, varies = off * session->options.blank_variation;
        double error = factor * (double)explained.error, square = peaks[i].intensity_error;
        if (off > 0) {
            square = signal_sqrt(square * square + error * error + varies * varies);
            peaks[i].intensity -= off;
            peaks[i].intensity_error = square;
        }
        if (off > 0 && !(peaks[i].intensity >= session->threshold * square))
            dropped++;
        else
            peaks[kept++] = peaks[i];
    }
    *count = kept;
    return dropped;
}

static void keep(kept_peaks *list, const spectra_profile_peak *peaks, uint32_t count, uint32_t scans) {
    list->count = count;
    for (uint32_t i = 0; i < count; i++)
        list->peaks[i] =
            (kept_peak){peaks[i].mz, (float)(peaks[i].intensity / scans), (float)(peaks[i].intensity_error / scans)};
}

/* The share of the sample before that could be here: the first quartile, by intensity, of what its peaks have here,
   since a new substance adds to some of them, and weak ones may not be seen. Peaks that would not be seen at the
   largest share tell nothing. `room` has space for all of them twice: ratios, then weights. */
static double share_of_before(const spectra_session *session, double reach, float *room) {
    const kept_peaks *before = &session->before, *now = &session->now;
    float *weights = room + session->capacity;
    double low = 0, high = session->options.carry_over, least = 0, all = 0;
    uint32_t count = 0, from = 0;
    for (uint32_t i = 0; i < now->count; i++)
        if (i == 0 || (double)now->peaks[i].error < least) least = (double)now->peaks[i].error;
    for (uint32_t i = 0; now->count > 0 && i < before->count; i++) {
        kept_peak peak = before->peaks[i];
        if ((double)peak.intensity * high < session->threshold * least) continue;
        room[count] = sum_near(now, &from, peak.mz, reach).intensity / peak.intensity;
        weights[count++] = peak.intensity;
        all += (double)peak.intensity;
    }
    for (int halving = 0; count > 0 && halving < SHARE_HALVINGS; halving++) {
        double middle = (low + high) / 2, below = 0;
        for (uint32_t i = 0; i < count; i++) below += (double)room[i] < middle ? (double)weights[i] : 0;
        if (below <= QUARTILE * all)
            low = middle;
        else
            high = middle;
    }
    return low;
}

/* --- Peaks --- */

typedef struct session_room {
    spectra_session_result *result;
    spectra_profile_result *profile;
    spectra_profile_peak *peaks;
    float *ratios;
} session_room;

static bool take_room(session_room *room, const spectra_session *session, spectra_scratch *scratch) {
    room->result = (spectra_session_result *)base_scratch_take(scratch, 1, sizeof *room->result);
    room->profile = (spectra_profile_result *)base_scratch_take(scratch, 1, sizeof *room->profile);
    room->peaks = (spectra_profile_peak *)base_scratch_take(scratch, session->capacity, sizeof *room->peaks);
    room->ratios = (float *)base_scratch_take(scratch, 2 * (size_t)session->capacity, sizeof *room->ratios);
    return room->result && room->profile && room->peaks && room->ratios;
}

size_t spectra_session_peaks_required(const spectra_session *session) {
    if (!session) return SIZE_MAX;
    const spectra_profile profile = profile_of(session, &session->of[SPECTRA_SCAN_SAMPLE]);
    return base_scratch_cost(1, sizeof(spectra_session_result)) + base_scratch_cost(1, sizeof(spectra_profile_result)) +
           base_scratch_cost(session->capacity, sizeof(spectra_profile_peak)) +
           base_scratch_cost(2 * (size_t)session->capacity, sizeof(float)) +
           spectra_profile_required(&profile, &session->profile);
}

static void subtract(session_room *room, spectra_session *session) {
    spectra_session_result *result = room->result;
    uint32_t scans = session->of[SPECTRA_SCAN_SAMPLE].count, count = room->profile->peak_count;
    bool comb = session->profile.method == SPECTRA_PEAKS_COMB;
    double reach = comb ? COMB_REACH : room->profile->fwhm / 2;
    result->scan_count = scans;
    result->blank_count = session->of[SPECTRA_SCAN_BLANK].count;
    if (result->blank_count == 0) result->warnings |= SPECTRA_SESSION_NO_BLANK;
    result->blank_peaks = take_off(session, room->peaks, &count, &session->blank, scans, reach);
    keep(&session->now, room->peaks, count, scans);
    result->carry_over = share_of_before(session, reach, room->ratios);
    if (result->carry_over > 0) {
        double factor = result->carry_over * scans;
        result->carried_peaks = take_off(session, room->peaks, &count, &session->before, factor, reach);
        result->warnings |= SPECTRA_SESSION_CARRIED;
    }
    room->profile->peak_count = count;
    if (count == 0) room->profile->warnings |= SPECTRA_PROFILE_NO_SIGNAL;
}

spectra_status spectra_session_find_peaks(const spectra_session_result **out, spectra_session *session,
                                          spectra_scratch *scratch, spectra_error *error) {
    session_room room;
    const spectra_profile_result *found;
    if (out) *out = NULL;
    if (!out || !session || !scratch)
        return base_fail(error, SPECTRA_E_INVALID, BASE_NO_PLACE, "peaks need a result, a session and a scratch");
    if (session->of[SPECTRA_SCAN_SAMPLE].count == 0)
        return base_fail(error, SPECTRA_E_NOT_FOUND, BASE_NO_PLACE, "no scan of a sample was added");
    size_t used = scratch->used;
    spectra_status status = SPECTRA_OK;
    if (!take_room(&room, session, scratch))
        status = base_fail(error, SPECTRA_E_MEMORY, BASE_NO_PLACE, "the scratch is too small");
    if (status == SPECTRA_OK) status = find_blank(session, scratch, error);
    const spectra_profile profile = profile_of(session, &session->of[SPECTRA_SCAN_SAMPLE]);
    if (status == SPECTRA_OK) status = spectra_profile_find_peaks(&found, &profile, &session->profile, scratch, error);
    if (status < 0) {
        base_scratch_return(scratch, used);
        return status;
    }
    *room.result = (spectra_session_result){.profile = room.profile};
    *room.profile = *found;
    memcpy(room.peaks, found->peaks, found->peak_count * sizeof *room.peaks);
    room.profile->peaks = room.peaks;
    subtract(&room, session);
    *out = room.result;
    return SPECTRA_OK;
}

spectra_status spectra_session_next(spectra_session *session, uint32_t forget_blank) {
    if (!session || forget_blank > 1) return SPECTRA_E_INVALID;
    kept_peaks spare = session->before;
    session->before = session->now;
    session->now = (kept_peaks){spare.peaks, 0};
    clear(&session->of[SPECTRA_SCAN_SAMPLE], session->sample_count);
    if (forget_blank) {
        clear(&session->of[SPECTRA_SCAN_BLANK], session->sample_count);
        session->blank.count = 0;
        session->before.count = 0;
    }
    return SPECTRA_OK;
}
