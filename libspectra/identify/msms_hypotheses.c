/* SPDX-License-Identifier: Apache-2.0 */
/* Spreads a mass difference over the places of a parent and counts what of the spectrum each way explains. */
#include <assert.h>
#include <string.h>

#include "base/fixed.h"
#include "identify/msms.h"

#define UNLISTED 255u

bool identify_msms_add_delta(identify_msms_rules *rules, uint32_t place, const identify_msms_delta *delta) {
    identify_msms_delta *list = rules->delta[place];
    uint32_t i = rules->delta_count[place];
    if (i == IDENTIFY_MSMS_DELTAS) return false;
    for (; i > 0; i--) {
        const identify_msms_delta *before = &list[i - 1];
        if (before->mass_uda < delta->mass_uda) break;
        if (before->mass_uda == delta->mass_uda && before->cost <= delta->cost) break;
        list[i] = *before;
    }
    list[i] = *delta;
    rules->delta_count[place]++;
    return true;
}

static uint32_t window_at(const identify_msms_rules *rules, uint32_t mz_uth) {
    return rules->window_uda + (uint32_t)((uint64_t)mz_uth * rules->window_ppm / 1000000);
}

uint32_t identify_msms_ion_mz(const identify_msms_rules *rules, uint32_t ion,
                              const identify_msms_hypothesis *hypothesis, uint32_t precursor_uth) {
    int64_t mz = rules->ion[ion].mz_uth;
    for (uint32_t place = 0; place < IDENTIFY_MSMS_PLACES; place++)
        if (rules->ion[ion].kept >> place & 1) mz += hypothesis->mass_uda[place];
    return mz > 0 && mz + rules->margin_uth < precursor_uth ? (uint32_t)mz : 0;
}

static uint32_t first_from(const kernels_accurate *peaks, uint32_t mz_uth) {
    size_t low = 0, high = peaks->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (peaks->mz_uth[middle] < mz_uth) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return (uint32_t)low;
}

uint32_t identify_msms_find_peak(const identify_msms_rules *rules, const kernels_accurate *peaks, uint32_t mz_uth) {
    uint32_t above = first_from(peaks, mz_uth), nearest = UINT32_MAX, distance = window_at(rules, mz_uth);
    if (above < peaks->count && peaks->mz_uth[above] - mz_uth <= distance) {
        nearest = above;
        distance = peaks->mz_uth[above] - mz_uth;
    }
    if (above > 0 && mz_uth - peaks->mz_uth[above - 1] <= distance) nearest = above - 1;
    return nearest;
}

/* The best ion of each peak that is explained. */
typedef struct explained_peaks {
    uint32_t peak[IDENTIFY_MSMS_IONS], weight[IDENTIFY_MSMS_IONS];
    uint32_t count;
} explained_peaks;

static void explain_peak(explained_peaks *explained, uint32_t peak, uint32_t weight) {
    uint32_t i = 0;
    while (i < explained->count && explained->peak[i] != peak) i++;
    if (i == explained->count) {
        explained->peak[i] = peak;
        explained->weight[i] = 0;
        explained->count++;
    }
    if (weight > explained->weight[i]) explained->weight[i] = weight;
}

static void score(identify_msms_hypothesis *hypothesis, const identify_msms_rules *rules, const kernels_accurate *peaks,
                  uint32_t precursor_uth) {
    explained_peaks explained = {.count = 0};
    for (uint32_t ion = 0; ion < rules->ion_count; ion++) {
        uint32_t mz = identify_msms_ion_mz(rules, ion, hypothesis, precursor_uth);
        uint32_t peak = mz > 0 ? identify_msms_find_peak(rules, peaks, mz) : UINT32_MAX;
        if (peak != UINT32_MAX) explain_peak(&explained, peak, rules->ion[ion].weight);
    }
    uint64_t sum = 0;
    for (uint32_t i = 0; i < explained.count; i++)
        sum += (uint64_t)peaks->weight[explained.peak[i]] * explained.weight[i];
    hypothesis->explained = explained.count;
    hypothesis->score = (int32_t)(sum >> 16) - (int32_t)hypothesis->cost;
}

/* One way on its way: deltas of the places chosen so far, and what is left for the others. */
typedef struct enumeration {
    identify_msms_hypothesis *out;
    uint32_t count;
    bool overflow;
    const identify_msms_rules *rules;
    const kernels_accurate *peaks;
    uint32_t precursor_uth;
    int64_t window;
    identify_msms_hypothesis way;
} enumeration;

static void choose(enumeration *all, uint32_t place, uint32_t i) {
    const identify_msms_delta *delta = &all->rules->delta[place][i];
    all->way.delta[place] = (uint8_t)i;
    all->way.mass_uda[place] = delta->mass_uda;
    all->way.modified = (uint8_t)(all->way.modified & ~(1u << place));
    if (delta->mass_uda != 0) all->way.modified = (uint8_t)(all->way.modified | 1u << place);
}

static void keep(enumeration *all) {
    if (all->count == IDENTIFY_MSMS_HYPOTHESES) {
        all->overflow = true;
        return;
    }
    score(&all->way, all->rules, all->peaks, all->precursor_uth);
    all->out[all->count++] = all->way;
}

static uint32_t first_delta_from(const identify_msms_rules *rules, uint32_t place, int64_t mass_uda) {
    uint32_t low = 0, high = rules->delta_count[place];
    while (low < high) {
        uint32_t middle = (low + high) / 2;
        if (rules->delta[place][middle].mass_uda < mass_uda) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

/* The last place takes what the others leave. */
static void close_sum(enumeration *all, int64_t left_uda, uint32_t cost) {
    const uint32_t last = IDENTIFY_MSMS_PLACES - 1;
    const identify_msms_rules *rules = all->rules;
    for (uint32_t i = first_delta_from(rules, last, left_uda - all->window);
         i < rules->delta_count[last] && rules->delta[last][i].mass_uda <= left_uda + all->window; i++) {
        if (cost + rules->delta[last][i].cost > rules->max_cost) continue;
        choose(all, last, i);
        all->way.cost = cost + rules->delta[last][i].cost;
        keep(all);
    }
}

static void enumerate(enumeration *all, int64_t delta_uda) {
    const identify_msms_rules *rules = all->rules;
    for (uint32_t i = 0; i < rules->delta_count[0]; i++) {
        choose(all, 0, i);
        int64_t left = delta_uda - rules->delta[0][i].mass_uda;
        for (uint32_t j = 0; j < rules->delta_count[1]; j++) {
            uint32_t cost = rules->delta[0][i].cost + rules->delta[1][j].cost;
            if (cost > rules->max_cost) continue;
            choose(all, 1, j);
            int64_t rest = left - rules->delta[1][j].mass_uda;
            for (uint32_t k = 0; k < rules->delta_count[2] && !all->overflow; k++) {
                if (cost + rules->delta[2][k].cost > rules->max_cost) continue;
                choose(all, 2, k);
                close_sum(all, rest - rules->delta[2][k].mass_uda, cost + rules->delta[2][k].cost);
            }
        }
    }
}

static bool has_set(const enumeration *all, uint32_t modified) {
    for (uint32_t i = 0; i < all->count; i++)
        if (all->out[i].modified == modified) return true;
    return false;
}

/* Everything at one place, where no row says so: labels, and groups that nobody listed. */
static void add_unlisted(enumeration *all, int64_t delta_uda) {
    bool unmodified = delta_uda >= -all->window && delta_uda <= all->window;
    if (unmodified || delta_uda > INT32_MAX || delta_uda < INT32_MIN) return;
    for (uint32_t place = 0; place < IDENTIFY_MSMS_PLACES; place++) {
        if (has_set(all, 1u << place) || all->rules->delta_count[place] < 2) continue;
        all->way = (identify_msms_hypothesis){
            .cost = all->rules->unlisted_cost, .unlisted = true, .modified = (uint8_t)(1u << place)};
        memset(all->way.delta, UNLISTED, sizeof all->way.delta);
        all->way.mass_uda[place] = (int32_t)delta_uda;
        keep(all);
    }
}

static uint32_t count_places(uint32_t mask) {
    uint32_t count = 0;
    for (; mask > 0; mask &= mask - 1) count++;
    return count;
}

/* Equal score and cost: fewer places, then later ones (aniline ring before piperidine), then the order of the rows. */
static bool ranks_before(const identify_msms_hypothesis *a, const identify_msms_hypothesis *b) {
    if (a->score != b->score) return a->score > b->score;
    if (a->cost != b->cost) return a->cost < b->cost;
    uint32_t places_a = count_places(a->modified), places_b = count_places(b->modified);
    if (places_a != places_b) return places_a > places_b;
    if (a->modified != b->modified) return a->modified > b->modified;
    return memcmp(a->delta, b->delta, sizeof a->delta) < 0;
}

static void sift_down(identify_msms_hypothesis *heap, uint32_t at, uint32_t count) {
    for (uint32_t child; (child = 2 * at + 1) < count; at = child) {
        if (child + 1 < count && ranks_before(&heap[child], &heap[child + 1])) child++;
        if (!ranks_before(&heap[at], &heap[child])) return;
        identify_msms_hypothesis moved = heap[at];
        heap[at] = heap[child];
        heap[child] = moved;
    }
}

static void sort_best_first(identify_msms_hypothesis *list, uint32_t count) {
    for (uint32_t i = count / 2; i-- > 0;) sift_down(list, i, count);
    for (uint32_t end = count; end-- > 1;) {
        identify_msms_hypothesis worst = list[0];
        list[0] = list[end];
        list[end] = worst;
        sift_down(list, 0, end);
    }
}

uint32_t identify_msms_find_hypotheses(identify_msms_hypothesis *out, const identify_msms_rules *rules,
                                       const kernels_accurate *peaks, int64_t delta_uda, uint32_t precursor_uth) {
    enumeration all = {.out = out,
                       .rules = rules,
                       .peaks = peaks,
                       .precursor_uth = precursor_uth,
                       .window = window_at(rules, precursor_uth)};
    enumerate(&all, delta_uda);
    add_unlisted(&all, delta_uda);
    if (all.overflow) return 0;
    sort_best_first(out, all.count);
    return all.count;
}

uint32_t identify_msms_odds(const identify_msms_rules *rules, const identify_msms_hypothesis *best,
                            const identify_msms_hypothesis *hypothesis) {
    assert(best->score >= hypothesis->score);
    return base_exp2_negative((uint64_t)((int64_t)best->score - hypothesis->score) * rules->sharpness);
}

static void sort_sets(identify_msms_set *sets, uint32_t count) {
    for (uint32_t i = 1; i < count; i++) {
        identify_msms_set moving = sets[i];
        uint32_t j = i;
        for (; j > 0 && sets[j - 1].probability < moving.probability; j--) sets[j] = sets[j - 1];
        sets[j] = moving;
    }
}

uint32_t identify_msms_weigh_sets(identify_msms_set out[IDENTIFY_MSMS_SETS], const identify_msms_rules *rules,
                                  const identify_msms_hypothesis *hypotheses, uint32_t count) {
    uint64_t odds[IDENTIFY_MSMS_SETS] = {0}, total = 0;
    uint32_t sets = 0;
    for (uint32_t i = 0; i < count; i++) {
        uint32_t share = identify_msms_odds(rules, &hypotheses[0], &hypotheses[i]), s = 0;
        while (s < sets && out[s].modified != hypotheses[i].modified) s++;
        if (s == sets) out[sets++].modified = hypotheses[i].modified;
        odds[s] += share;
        total += share;
    }
    for (uint32_t s = 0; s < sets; s++) out[s].probability = (uint32_t)base_multiply_divide(odds[s], 1u << 30, total);
    sort_sets(out, sets);
    return sets;
}
