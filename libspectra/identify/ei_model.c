/* SPDX-License-Identifier: Apache-2.0 */
/* A family's knowledge and one query: what each fragment would add at each shift. */
#include "identify/ei_model.h"

#include <string.h>

#include "base/fixed.h"

/* A fragment adds between these. */
#define LEAST (-5 * EI_LOG_ONE / 2)
#define MOST (5 * EI_LOG_ONE)
/* e^-23 is less than 2^-33: it changes no sum. */
#define NEGLIGIBLE (23 * EI_LOG_ONE)
/* Lower edges of the classes of intensity, of 999: a peak has 1 at least, so the first is the absent one. */
static const uint32_t edges[DB_SHARE_COUNT] = {0, 1, 3, 10, 35, 110, 350, 700};

/* 32·ln 2 in Q24. */
#define LOG_PER_BIT INT64_C(372130559)
/* log2(e)/32 in Q24, times 2^10. */
#define BITS_PER_LOG UINT64_C(774541002)

int32_t ei_log(uint64_t x) {
    return (int32_t)(((int64_t)base_lg(x) * LOG_PER_BIT / (1 << 24) + (1 << 23)) / (1 << 24));
}

int32_t ei_log_millionths(uint64_t millionths) {
    return ei_log(millionths > 0 ? millionths : 1) - ei_log(1000000);
}

uint32_t ei_power(int64_t x) {
    if (x < -32 * EI_LOG_ONE) return 0;
    return base_exp2_negative((uint64_t)-x * BITS_PER_LOG >> 10);
}

void ei_sum_add(ei_sum *sum, int32_t logarithm) {
    if (sum->sum == 0) {
        *sum = (ei_sum){logarithm, UINT64_C(1) << 30};
    } else if (logarithm <= sum->largest) {
        if (logarithm < sum->largest - NEGLIGIBLE) return;
        sum->sum += ei_power((int64_t)logarithm - sum->largest);
    } else {
        uint32_t factor = ei_power((int64_t)sum->largest - logarithm);
        sum->sum = base_multiply_divide(sum->sum, factor, UINT64_C(1) << 30) + (UINT64_C(1) << 30);
        sum->largest = logarithm;
    }
}

int32_t ei_sum_log(const ei_sum *sum) {
    return sum->sum == 0 ? INT32_MIN / 2 : sum->largest + ei_log(sum->sum) - ei_log(UINT64_C(1) << 30);
}

static uint32_t class_of(uint32_t intensity) {
    uint32_t i = DB_SHARE_COUNT - 1;
    while (edges[i] > intensity) i--;
    return i;
}

/* 1. What the query shows at each m/z. Below its first m/z nothing is known. */
static void observe(ei_model *model, const spectra_prepared *prepared) {
    uint32_t weakest = UINT32_MAX;
    for (uint32_t m = 0; m < EI_MZ; m++) model->seen[m] = m < prepared->first_mz ? EI_OUT : EI_ABSENT;
    for (uint32_t i = 0; i < prepared->count; i++) {
        uint64_t root = prepared->root[i];
        uint32_t intensity = (uint32_t)((root * root * 999 + UINT64_C(65535) * 65535 / 2) / (UINT64_C(65535) * 65535));
        if (intensity < weakest) weakest = intensity;
        if (prepared->nominal[i] >= EI_MZ) continue;
        model->intensity[prepared->nominal[i]] = (uint16_t)intensity;
        model->seen[prepared->nominal[i]] = (int8_t)class_of(intensity);
    }
    model->hidden = 1;
    while (model->hidden < DB_SHARE_COUNT && edges[model->hidden] < weakest) model->hidden++;
}

static uint64_t hidden_share(const ei_model *model, const uint32_t share[DB_SHARE_COUNT]) {
    uint64_t sum = 0;
    for (uint32_t i = 0; i < model->hidden; i++) sum += share[i];
    return sum;
}

/* Shares become logarithms; an m/z without a row is as the one below it, or as the first. */
static bool take_logarithms(int32_t shares[EI_MZ]) {
    uint32_t first = 0;
    while (first < EI_MZ && shares[first] == 0) first++;
    if (first == EI_MZ) return false;
    int32_t last = shares[first];
    for (uint32_t m = 0; m < EI_MZ; m++) {
        if (shares[m] > 0) last = shares[m];
        shares[m] = ei_log_millionths((uint64_t)last);
    }
    return true;
}

/* 2. How usual that is. */
static bool read_backgrounds(ei_model *model) {
    for (uint32_t i = 0; i < db_knowledge_count(model->database, DB_SLOT_BACKGROUNDS); i++) {
        db_background row;
        if (!db_background_at(&row, model->database, i) || row.family != model->family || row.mz >= EI_MZ) continue;
        int8_t seen = model->seen[row.mz];
        model->log_background[row.others ? EI_OTHERS : EI_MEMBERS][row.mz] =
            (int32_t)(seen < 0 ? hidden_share(model, row.share) : row.share[seen]);
    }
    return take_logarithms(model->log_background[EI_MEMBERS]) && take_logarithms(model->log_background[EI_OTHERS]);
}

static uint32_t number_of_mask(ei_model *model, uint32_t kept) {
    uint32_t i = 0;
    while (i < model->mask_count && model->mask[i] != kept) i++;
    if (i == EI_MASKS) return i;
    if (i == model->mask_count) model->mask[model->mask_count++] = kept;
    return i;
}

/* 3. The fragments whose intensities were learned. */
static void read_fragments(ei_model *model) {
    for (uint32_t i = 0; i < db_knowledge_count(model->database, DB_SLOT_INTENSITIES); i++) {
        db_intensity learned;
        db_fragment fragment;
        if (!db_intensity_at(&learned, model->database, i) ||
            !db_fragment_at(&fragment, model->database, learned.fragment) || fragment.family != model->family ||
            fragment.mz_uth / 1000000 >= EI_MZ || model->fragment_count == EI_FRAGMENTS)
            continue;
        uint32_t mask = number_of_mask(model, fragment.kept);
        if (mask == EI_MASKS) continue;
        ei_fragment *out = &model->fragment[model->fragment_count++];
        *out = (ei_fragment){.index = learned.fragment, .mz = fragment.mz_uth / 1000000, .mask = mask};
        for (uint32_t k = 0; k < DB_SHARE_COUNT; k++) out->log_share[k] = ei_log_millionths(learned.share[k]);
        out->log_share[DB_SHARE_COUNT] = ei_log_millionths(hidden_share(model, learned.share));
    }
}

int32_t ei_evidence(const ei_model *model, const ei_fragment *fragment, int32_t mz, int set) {
    if (mz <= 0 || mz >= (int32_t)EI_MZ || model->seen[mz] == EI_OUT) return 0;
    int8_t seen = model->seen[mz];
    int32_t added =
        fragment->log_share[seen == EI_ABSENT ? (int32_t)DB_SHARE_COUNT : seen] - model->log_background[set][mz];
    return added < LEAST ? LEAST : added > MOST ? MOST : added;
}

/* 4. */
static void add_up(ei_model *model) {
    for (uint32_t i = 0; i < model->fragment_count; i++) {
        const ei_fragment *fragment = &model->fragment[i];
        for (int set = 0; set < EI_SETS; set++)
            for (uint32_t s = 0; s < EI_SHIFTS; s++)
                model->evidence[set][fragment->mask][s] +=
                    ei_evidence(model, fragment, (int32_t)fragment->mz + (int32_t)s - EI_SHIFT_ZERO, set);
    }
}

static int16_t nominal_of(int64_t mass_uda) {
    return (int16_t)((mass_uda + (mass_uda < 0 ? -500000 : 500000)) / 1000000);
}

static void add_delta(ei_model *model, const db_delta *delta) {
    uint32_t first = 0;
    int16_t da = nominal_of(delta->mass_uda);
    while (!(delta->sites >> first & 1)) first++;
    ei_site *site = &model->site[first];
    if (delta->sites != 1u << first) {
        if (model->joint_count < EI_JOINT_DELTAS)
            model->joint[model->joint_count++] = (ei_joint){delta->sites, first, da};
    } else if (site->delta_count < EI_SITE_DELTAS && da != 0 && da >= EI_FREE_LOW && da <= EI_FREE_HIGH) {
        site->delta[site->delta_count++] = (ei_delta){da, delta->isotopologue, delta->cost};
        site->listed[da - EI_FREE_LOW] = true;
        site->isotopologue[da - EI_FREE_LOW] |= delta->isotopologue;
    }
}

/* 5. How likely a modified site has gained a mass: a flat part, and the table by 1/(1 + slope·rank). */
static void weigh_site(ei_site *site, uint64_t flat, uint64_t slope) {
    uint64_t weight[EI_FREE_COUNT] = {0}, sum = 0;
    for (uint32_t i = 0; i < site->delta_count; i++) {
        uint64_t part = UINT64_C(1000000000000) / (1000000 + slope * site->delta[i].rank / 1000000);
        weight[site->delta[i].da - EI_FREE_LOW] += part;
        sum += part;
    }
    for (uint32_t i = 0; i < EI_FREE_COUNT; i++) {
        uint64_t share = flat * 1000 / EI_FREE_COUNT; /* in 10^-9 */
        if (sum > 0) share += (1000000 - flat) * 1000 * weight[i] / sum;
        site->prior[i] = ei_log(share > 0 ? share : 1) - ei_log(1000000000);
    }
}

int64_t ei_parameter(const ei_model *model, const char *name) {
    int64_t value = db_parameter(model->database, model->family, SPECTRA_TRACK_EI, name, 0);
    return value > 1000000000 || value < -1000000000 ? 0 : value;
}

static uint64_t parameter(const ei_model *model, const char *name, int64_t missing) {
    int64_t value = db_parameter(model->database, model->family, SPECTRA_TRACK_EI, name, missing);
    return value < 0 ? 0 : value > 1000000 ? 1000000 : (uint64_t)value;
}

static bool read_sites(ei_model *model) {
    uint32_t count = model->about.site_count;
    for (uint32_t i = 0; i < count; i++) {
        db_site site, earlier;
        if (!db_site_at(&site, model->database, model->about.first_site + i) || site.weight > 1000000) return false;
        model->site[i].weight = site.weight;
        while (model->site[i].label < i &&
               (!db_site_at(&earlier, model->database, model->about.first_site + model->site[i].label) ||
                strcmp(earlier.label, site.label) != 0))
            model->site[i].label++;
    }
    for (uint32_t i = 0; i < db_knowledge_count(model->database, DB_SLOT_DELTAS); i++) {
        db_delta delta;
        if (db_delta_at(&delta, model->database, i) && delta.family == model->family && delta.track == SPECTRA_TRACK_EI)
            add_delta(model, &delta);
    }
    uint64_t flat = parameter(model, "delta.flat", 250000), slope = parameter(model, "delta.rank", 150000);
    for (uint32_t i = 0; i < count; i++) weigh_site(&model->site[i], flat, slope);
    static const char *const names[4] = {"prior.0", "prior.1", "prior.2", "prior.3"};
    for (uint32_t k = 0; k < 4; k++) model->prior_of_count[k] = ei_log_millionths(parameter(model, names[k], 250000));
    model->prior_of_joint = ei_log_millionths(parameter(model, "prior.joint", 20000));
    return count > 0;
}

bool ei_model_make(ei_model *model, const spectra_database *database, uint32_t family,
                   const spectra_prepared *prepared) {
    memset(model, 0, sizeof *model);
    model->database = database;
    model->family = family;
    if (prepared->count == 0 || !db_family_at(&model->about, database, family) || !read_sites(model)) return false;
    observe(model, prepared);
    read_fragments(model);
    if (model->fragment_count == 0 || !read_backgrounds(model)) return false;
    add_up(model);
    return true;
}
