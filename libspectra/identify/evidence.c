/* SPDX-License-Identifier: Apache-2.0 */
/* The strongest peaks of both sides and whether the other side has them; what of it speaks against the candidate. */
#include <string.h>

#include "base/memory.h"
#include "base/numbers.h"
#include "chem/chem.h"
#include "identify/identify.h"
#include "peaks/peaks.h"
#include "search/search.h"

#define NOMINAL_UTH 1000000u

/* One side of the comparison, whatever its track: m/z in µTh and a weight that grows with intensity. */
typedef struct side {
    const uint16_t *nominal; /* NULL for accurate mass */
    const uint32_t *mz_uth;
    const uint16_t *weight;
    uint32_t count;
} side;

static uint32_t mz_at(const side *peaks, uint32_t i) {
    return peaks->nominal ? peaks->nominal[i] * NOMINAL_UTH : peaks->mz_uth[i];
}

static side query_side(const spectra_prepared *prepared) {
    bool nominal = prepared->recipe.kind == SPECTRA_RECIPE_NOMINAL;
    return (side){nominal ? prepared->nominal : NULL, prepared->mz_uth, nominal ? prepared->root : prepared->weight,
                  prepared->count};
}

static side reference_side(const db_set *set, const db_spectrum *spectrum) {
    bool nominal = set->recipe.kind == SPECTRA_RECIPE_NOMINAL;
    return (side){nominal ? set->nominal + spectrum->first_peak : NULL,
                  nominal ? NULL : set->mz_uth + spectrum->first_peak,
                  (nominal ? set->root : set->weight) + spectrum->first_peak, spectrum->peak_count};
}

/* True where a peak of `peaks` lies in the inclusive window. */
static bool has_peak(const side *peaks, uint32_t low, uint32_t high) {
    for (uint32_t i = 0; i < peaks->count; i++)
        if (mz_at(peaks, i) >= low && mz_at(peaks, i) <= high) return true;
    return false;
}

static void window_of(uint32_t *low, uint32_t *high, const side *peaks, uint32_t mz_uth,
                      const spectra_tolerance *tolerance) {
    *low = *high = mz_uth;
    if (!peaks->nominal) peaks_windows(low, high, &mz_uth, 1, tolerance);
}

/* The strongest peaks, descending; equal ones by m/z. */
static uint32_t strongest(spectra_main_peak *out, const side *peaks, const side *other,
                          const spectra_tolerance *tolerance) {
    uint32_t chosen[SPECTRA_MAIN_PEAKS], count = 0;
    for (uint32_t i = 0; i < peaks->count; i++) {
        uint32_t place = count;
        while (place > 0 && peaks->weight[i] > peaks->weight[chosen[place - 1]]) place--;
        if (place == SPECTRA_MAIN_PEAKS) continue;
        if (count < SPECTRA_MAIN_PEAKS) count++;
        memmove(chosen + place + 1, chosen + place, (count - 1 - place) * sizeof *chosen);
        chosen[place] = i;
    }
    for (uint32_t k = 0; k < count; k++) {
        uint32_t low, high, mz = mz_at(peaks, chosen[k]);
        window_of(&low, &high, peaks, mz, tolerance);
        out[k] = (spectra_main_peak){.mz_uth = mz, .matched = has_peak(other, low, high)};
    }
    return count;
}

/* The bits of intensities order them as the numbers do, and a process that flushes subnormals cannot change that. */
static double base_peak(const double *intensity, size_t count) {
    uint64_t largest = 0;
    for (size_t i = 0; i < count; i++)
        if (base_double_bits(intensity[i]) > largest) largest = base_double_bits(intensity[i]);
    return base_double_from_bits(largest);
}

void identify_set_intensities(spectra_main_peak *peaks, uint32_t count, const spectra_spectrum *spectrum,
                              uint32_t reach_uth) {
    const double *mz = spectra_spectrum_mz(spectrum), *intensity = spectra_spectrum_intensity(spectrum);
    size_t total = spectra_spectrum_peak_count(spectrum);
    double base = base_peak(intensity, total);
    for (size_t i = 0; i < total; i++) {
        if (mz[i] > PEAKS_MAX_MZ) break;
        uint32_t permille = (uint32_t)((spectrum_share(intensity[i], base, 2000) + 1) / 2);
        int64_t at = base_micro(mz[i]);
        for (uint32_t k = 0; k < count; k++) {
            int64_t distance = at - (int64_t)peaks[k].mz_uth;
            if (distance >= -(int64_t)reach_uth && distance < (int64_t)reach_uth && permille > peaks[k].permille)
                peaks[k].permille = permille;
        }
    }
}

/* Entries stand by (precursor, entry), nominal ones by entry. */
static bool find_reference(db_spectrum *out, const db_set *set, const spectra_database *database, uint32_t entry) {
    spectra_entry about;
    if (spectra_database_entry(database, entry, &about) != SPECTRA_OK) return false;
    uint32_t i = set->recipe.kind == SPECTRA_RECIPE_NOMINAL ? 0 : db_lower_bound(set, about.precursor_uth);
    for (; i < set->count && db_spectrum_at(out, set, i); i++)
        if (out->entry == entry) return true;
    return false;
}

size_t identify_main_peaks_required(size_t peak_count) {
    return spectra_prepare_required(peak_count);
}

spectra_status identify_main_peaks(identify_case *the_case) {
    spectra_identification *result = the_case->result;
    const spectra_hit *best = &result->candidates[0];
    const spectra_database *database = the_case->databases[best->database];
    db_set set;
    db_spectrum spectrum;
    spectra_status status =
        db_find_set(&set, database, result->search.track, result->search.polarity, search_set_kind(&result->search));
    if (status < 0) return status;
    if (!find_reference(&spectrum, &set, database, best->entry)) return SPECTRA_E_CORRUPT;
    size_t used = the_case->scratch->used;
    const spectra_prepared *prepared;
    status = spectra_prepare(&prepared, the_case->spectrum, &set.recipe, the_case->scratch, the_case->error);
    if (status < 0) return status;
    side query = query_side(prepared), reference = reference_side(&set, &spectrum);
    const spectra_tolerance *tolerance = search_tolerance(the_case->options);
    result->query_peak_count = strongest(result->query_peaks, &query, &reference, tolerance);
    result->reference_peak_count = strongest(result->reference_peaks, &reference, &query, tolerance);
    uint32_t reach = query.nominal ? NOMINAL_UTH / 2 : set.recipe.merge_gap_uth;
    identify_set_intensities(result->query_peaks, result->query_peak_count, the_case->spectrum, reach);
    base_scratch_return(the_case->scratch, used);
    return SPECTRA_OK;
}

static void add_mz(base_text *text, uint32_t mz_uth, bool nominal) {
    if (text->size > 0) base_text_string(text, ", ");
    if (nominal)
        base_text_unsigned(text, mz_uth / NOMINAL_UTH);
    else
        base_text_fixed(text, (mz_uth + 50) / 100, 4);
}

/* The m/z of the unmatched among the main peaks; returns how many. */
static uint32_t list_unmatched(base_text *text, const spectra_main_peak *peaks, uint32_t count, bool nominal) {
    uint32_t unmatched = 0;
    for (uint32_t i = 0; i < count; i++) {
        if (peaks[i].matched) continue;
        add_mz(text, peaks[i].mz_uth, nominal);
        unmatched++;
    }
    return unmatched;
}

static void tell_unmatched(identify_case *the_case) {
    const spectra_identification *result = the_case->result;
    bool nominal = result->search.track == SPECTRA_TRACK_EI;
    char bytes[256];
    base_text list;
    base_text_init(&list, bytes, sizeof bytes);
    uint32_t count = list_unmatched(&list, result->query_peaks, result->query_peak_count, nominal);
    if (count > 0)
        identify_say(&the_case->against, "%u of the %u main peaks of the query are not in the best reference: m/z %s",
                     (uint64_t)count, (uint64_t)result->query_peak_count, bytes);
    base_text_init(&list, bytes, sizeof bytes);
    count = list_unmatched(&list, result->reference_peaks, result->reference_peak_count, nominal);
    if (count > 0)
        identify_say(&the_case->against, "%u of the %u main peaks of the best reference are not in the query: m/z %s",
                     (uint64_t)count, (uint64_t)result->reference_peak_count, bytes);
}

/* EI: what lies above M + 2 at 2 % of the base peak or more does not come from the candidate (3 isotopes allowed). */
static void tell_above_molecule(identify_case *the_case, const spectra_substance *substance) {
    chem_formula formula;
    if (the_case->result->search.track != SPECTRA_TRACK_EI || !chem_formula_parse(&formula, substance->formula)) return;
    int64_t limit = chem_nominal_da(&formula) + 3;
    const double *mz = spectra_spectrum_mz(the_case->spectrum);
    const double *intensity = spectra_spectrum_intensity(the_case->spectrum);
    size_t count = spectra_spectrum_peak_count(the_case->spectrum), above = 0;
    double base = base_peak(intensity, count);
    for (size_t i = 0; i < count; i++)
        if (mz[i] > (double)limit + 0.5 && spectrum_share(intensity[i], base, 50) > 0) above++;
    if (above > 0)
        identify_say(&the_case->against,
                     "%u peaks of 2 % or more lie above the molecular mass of %s (%u): another substance, a mixture "
                     "or a derivative",
                     (uint64_t)above, substance->name, (uint64_t)(limit - 3));
}

static void tell_mass(identify_case *the_case, const spectra_hit *best, const spectra_substance *substance) {
    if (the_case->result->search.track != SPECTRA_TRACK_EI || !best->has_delta_mass || best->delta_mass_uda == 0)
        return;
    uint64_t given = the_case->options->mass_da;
    uint64_t theirs = (uint64_t)((int64_t)given - best->delta_mass_uda / 1000000);
    identify_say(&the_case->against, "the molecular mass given is %u, that of %s is %u", given, substance->name,
                 theirs);
}

/* METHODS and ARCHITECTURE section 7: mass spectra of this family do not place a substituent on its ring. */
static void tell_positions(identify_case *the_case, const spectra_substance *substance) {
    if (!base_starts_with(substance->core, "4-anilid")) return;
    const char *ring = strchr(substance->sites, 'D')   ? "the aniline ring (site D)"
                       : strchr(substance->sites, 'A') ? "the aromatic ring of the N1 substituent (site A)"
                                                       : NULL;
    if (ring)
        identify_say(&the_case->against, "the place of a substituent on %s is not told by the spectrum alone", ring);
}

void identify_tell_against(identify_case *the_case) {
    const spectra_hit *best = &the_case->result->candidates[0];
    spectra_substance substance;
    if (spectra_database_substance(the_case->databases[best->database], best->substance, &substance) != SPECTRA_OK)
        return;
    tell_mass(the_case, best, &substance);
    tell_above_molecule(the_case, &substance);
    tell_unmatched(the_case);
    tell_positions(the_case, &substance);
}
