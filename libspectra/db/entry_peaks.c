/* SPDX-License-Identifier: Apache-2.0 */
/* The peaks of an entry as numbers for people: of the set that keeps the most of them. */
#include "db/db.h"

#define ROOT_ONE 65535.0

/* Entries of a nominal set stand by entry, those of others by (precursor, entry). */
static spectra_status find_spectrum(db_spectrum *out, const db_set *set, uint32_t entry, uint32_t precursor_uth) {
    for (uint32_t i = set->nominal ? 0 : db_lower_bound(set, precursor_uth); i < set->count; i++) {
        if (!db_spectrum_at(out, set, i)) return SPECTRA_E_CORRUPT;
        if (out->entry == entry) return SPECTRA_OK;
    }
    return SPECTRA_E_CORRUPT;
}

spectra_status spectra_database_peaks(const spectra_database *database, uint32_t entry, double *mz, double *intensity,
                                      size_t capacity, size_t *count) {
    if (!database || !count || (capacity > 0 && (!mz || !intensity))) return SPECTRA_E_INVALID;
    *count = 0;
    spectra_entry about;
    db_set set;
    db_spectrum spectrum;
    spectra_status status = spectra_database_entry(database, entry, &about);
    if (status < 0) return status;
    int kind = about.track == SPECTRA_TRACK_EI ? DB_SET_NOMINAL : DB_SET_OPEN;
    status = db_find_set(&set, database, about.track, about.polarity, kind);
    if (status < 0) return SPECTRA_E_CORRUPT;
    if (!set.root) return SPECTRA_E_UNSUPPORTED;
    status = find_spectrum(&spectrum, &set, entry, about.precursor_uth);
    if (status < 0) return status;
    *count = spectrum.peak_count;
    for (size_t i = 0; i < spectrum.peak_count && i < capacity; i++) {
        size_t at = spectrum.first_peak + i;
        double root = set.root[at] / ROOT_ONE;
        mz[i] = set.nominal ? (double)set.nominal[at] : set.mz_uth[at] / 1e6;
        intensity[i] = root * root;
    }
    return SPECTRA_OK;
}
