/* SPDX-License-Identifier: Apache-2.0 */
/** @file
   A session of a device: scans of blanks and of samples, added up; from the peaks of a sample is taken off what its
   blank and the sample before explain. What is left becomes a raw spectrum (spectra_spectrum_from_profile) and is
   identified as any other. All memory is the caller's. */
#ifndef SPECTRA_SESSION_H
#define SPECTRA_SESSION_H

#include "spectra/profile.h"

#ifdef __cplusplus
extern "C" {
#endif

/** A session. It belongs to one thread at a time and lives in the caller's memory: there is nothing to free. */
typedef struct spectra_session spectra_session;

/** What a scan was measured of. */
typedef int32_t spectra_scan;
enum {
    SPECTRA_SCAN_BLANK = 0, /**< all that is there without a sample: air, a clean swab, the instrument itself */
    SPECTRA_SCAN_SAMPLE = 1 /**< a sample, with all that the blank has */
};

/** Options; zero is the default of each. */
typedef struct spectra_session_options {
    uint32_t size;          /**< sizeof(spectra_session_options); a later version may be larger by what is zero */
    uint32_t reserved;      /**< 0 */
    double blank_variation; /**< standard deviation of a peak of the blank from one measurement to the next, as a share
                                 of it, up to 1; 0.2 */
    double carry_over;      /**< largest share of a sample that may be found in the next, up to 0.5; 0.05 */
} spectra_session_options;

/** What a result had that a user should know. */
enum {
    SPECTRA_SESSION_NO_BLANK = 1, /**< no blank was measured: nothing was taken off */
    SPECTRA_SESSION_CARRIED = 2   /**< peaks may be of the sample before: what is no more of it than `carry_over` cannot
                                       be told from it. Measure again after a blank */
};

/** What a sample has more than its blank. */
typedef struct spectra_session_result {
    /** Of all scans added up, with the peaks that are left. SPECTRA_PROFILE_NO_SIGNAL: none is, noise only. */
    const spectra_profile_result *profile;
    double carry_over;      /**< share of the sample before that was taken off */
    uint32_t scan_count;    /**< of the sample */
    uint32_t blank_count;   /**< scans of the blank */
    uint32_t blank_peaks;   /**< that were found and are those of the blank */
    uint32_t carried_peaks; /**< likewise, of the sample before */
    uint32_t warnings;      /**< SPECTRA_SESSION_… */
    uint32_t reserved;      /**< 0 */
} spectra_session_result;

/**
 * Begins a session.
 * @param out      borrowed: it is in `memory`, as long as that is. NULL unless SPECTRA_OK
 * @param memory   spectra_session_required bytes, aligned in any way; they must outlive the session
 * @param size     of `memory`, in bytes
 * @param scan     as all scans will be: its axis is copied, its intensities are not looked at
 * @param profile  how peaks are found; copied; NULL for all defaults
 * @param options  copied; NULL for all defaults
 * @return SPECTRA_OK; SPECTRA_E_INVALID; SPECTRA_E_LIMIT for too long an axis; SPECTRA_E_MEMORY where `memory` is too
 *         small
 * Thread safety: any number of threads, each with memory of its own.
 */
SPECTRA_API spectra_status spectra_session_begin(spectra_session **out, void *memory, size_t size,
                                                 const spectra_profile *scan, const spectra_profile_options *profile,
                                                 const spectra_session_options *options);

/**
 * The memory that a session takes: some 10 bytes a sample (18 where the axis is not even) and 48 for each peak that the
 * axis has room for.
 * @param scan     as all scans will be
 * @param profile  NULL for all defaults
 * @return in bytes; SIZE_MAX where it would be refused
 * Thread safety: any number of threads.
 */
SPECTRA_API size_t spectra_session_required(const spectra_profile *scan, const spectra_profile_options *profile);

/**
 * Adds a scan. A sample that is NaN in one scan is a gap in the sum; one that is saturated in one scan is so in the
 * sum.
 * @param session  changed where SPECTRA_OK
 * @param kind     what was measured
 * @param scan     with the axis that the session began with
 * @param error    nullable; its offset is the number of the sample
 * @return SPECTRA_OK; SPECTRA_E_FORMAT for infinite samples or another axis; SPECTRA_E_LIMIT after 2²⁰ scans;
 *         SPECTRA_E_INVALID
 * Thread safety: one thread at a time for each session.
 */
SPECTRA_API spectra_status spectra_session_add(spectra_session *session, spectra_scan kind, const spectra_profile *scan,
                                               spectra_error *error);

/**
 * Finds the peaks of the sample's scans so far and takes off what the blank and the sample before explain. Steps, in
 * this order: peaks of the sum (spectra_profile_find_peaks); of the blank's sum, down to one standard deviation; those
 * of the blank taken off, for as many scans; the share of the sample before by which most of it could be here (first
 * quartile of its peaks' ratios by intensity, at most `carry_over`), taken off. A peak of which something was taken off
 * stays where it is as many standard deviations above 0 as a peak must have, variation of the blank included.
 *
 * Of an ion that blank and sample both have, only what exceeds the variation of the blank is seen.
 * @param out      in the scratch: valid until it is reset or its bytes go, or the session's
 * @param session  with at least one scan of a sample
 * @param scratch  at least spectra_session_peaks_required bytes free; what it took is given back unless SPECTRA_OK
 * @param error    nullable
 * @return SPECTRA_OK (also without any peak); SPECTRA_E_NOT_FOUND without a scan of a sample; SPECTRA_E_FORMAT where
 *         sums are too large; SPECTRA_E_INVALID; SPECTRA_E_MEMORY where the scratch is too small
 * Thread safety: one thread at a time for each session.
 */
SPECTRA_API spectra_status spectra_session_find_peaks(const spectra_session_result **out, spectra_session *session,
                                                      spectra_scratch *scratch, spectra_error *error);

/**
 * The scratch that spectra_session_find_peaks takes at the most.
 * @param session  begun
 * @return in bytes; SIZE_MAX for NULL
 * Thread safety: any number of threads, while none changes the session.
 */
SPECTRA_API size_t spectra_session_peaks_required(const spectra_session *session);

/**
 * Ends a sample: its scans are forgotten, the peaks that were found in it are what the next one may carry over. The
 * blank stays; `forget_blank` begins it anew, and with it the next sample has none before.
 * @param session       changed
 * @param forget_blank  1: a new blank follows
 * @return SPECTRA_OK, SPECTRA_E_INVALID
 * Thread safety: one thread at a time for each session.
 */
SPECTRA_API spectra_status spectra_session_next(spectra_session *session, uint32_t forget_blank);

#ifdef __cplusplus
}
#endif
#endif
