/* SPDX-License-Identifier: Apache-2.0 */
/* Every way in which an analogue may differ from its parent at up to three sites. */
#include <string.h>

#include "identify/ei_model.h"

/* The sites that are modified in a row of hypotheses, and what all of these have in common. */
typedef struct ei_choice {
    ei_model *model;
    ei_visit *visit;
    void *context;
    uint32_t site[3];
    uint32_t count;
    uint32_t joint; /* mask that the first site stands for; 0: itself */
    int32_t prior;
} ei_choice;

/* Fragments that keep the same of the chosen sites are shifted alike: one look-up for all of them. */
static void make_patterns(const ei_choice *choice) {
    ei_model *model = choice->model;
    memset(model->pattern, 0, sizeof model->pattern);
    for (uint32_t k = 0; k < model->mask_count; k++) {
        uint32_t kept = 0;
        for (uint32_t c = 0; c < choice->count; c++) kept |= (model->mask[k] >> choice->site[c] & 1) << c;
        for (int set = 0; set < EI_SETS; set++)
            for (uint32_t s = 0; s < EI_SHIFTS; s++) model->pattern[set][kept][s] += model->evidence[set][k][s];
    }
}

static void try_one(const ei_choice *choice, const int32_t da[3], int32_t prior) {
    const ei_model *model = choice->model;
    int32_t shift[8] = {0};
    ei_hypothesis it = {.count = choice->count, .score = {prior, prior}};
    for (uint32_t p = 1; p < 1u << choice->count; p++) {
        uint32_t top = p >= 4 ? 2 : p >= 2 ? 1 : 0;
        shift[p] = shift[p ^ 1u << top] + da[top];
    }
    it.total = shift[(1u << choice->count) - 1];
    if (it.total < EI_TOTAL_LOW || it.total > EI_TOTAL_HIGH) return;
    for (uint32_t p = 0; p < 1u << choice->count; p++) {
        int32_t place = shift[p] + EI_SHIFT_ZERO;
        if (place < 0 || place >= (int32_t)EI_SHIFTS) return;
        for (int set = 0; set < EI_SETS; set++) it.score[set] += model->pattern[set][p][place];
    }
    for (uint32_t c = 0; c < choice->count; c++) {
        it.site[c] = choice->site[c];
        it.da[c] = da[c];
        if (c == 0 && choice->joint)
            it.modified |= choice->joint;
        else if (!model->site[choice->site[c]].isotopologue[da[c] - EI_FREE_LOW])
            it.modified |= 1u << choice->site[c];
    }
    choice->visit(choice->context, &it);
}

static int32_t prior_at(const ei_choice *choice, uint32_t c, int32_t da) {
    return choice->model->site[choice->site[c]].prior[da - EI_FREE_LOW];
}

static bool listed_at(const ei_choice *choice, uint32_t c, int32_t da) {
    return choice->model->site[choice->site[c]].listed[da - EI_FREE_LOW];
}

/* One site, any shift. */
static void try_single(const ei_choice *choice) {
    for (int32_t x = EI_FREE_LOW; x <= EI_FREE_HIGH; x++) {
        const int32_t da[3] = {x};
        if (x != 0) try_one(choice, da, choice->prior + prior_at(choice, 0, x));
    }
}

/* Two sites, one of them at least by its table. */
static void try_pair(const ei_choice *choice) {
    int32_t listed[EI_FREE_COUNT]; /* of the second */
    uint32_t listed_count = 0;
    for (int32_t y = EI_FREE_LOW; y <= EI_FREE_HIGH; y++)
        if (listed_at(choice, 1, y)) listed[listed_count++] = y;
    for (int32_t x = EI_FREE_LOW; x <= EI_FREE_HIGH; x++) {
        uint32_t count = listed_at(choice, 0, x) ? EI_FREE_COUNT : listed_count;
        for (uint32_t i = 0; x != 0 && i < count; i++) {
            const int32_t da[3] = {x, count == EI_FREE_COUNT ? EI_FREE_LOW + (int32_t)i : listed[i]};
            if (da[1] != 0) try_one(choice, da, choice->prior + prior_at(choice, 0, x) + prior_at(choice, 1, da[1]));
        }
    }
}

/* Three sites by their tables; one isotopologue among them at the most. */
static void try_triple(const ei_choice *choice) {
    const ei_site *a = &choice->model->site[choice->site[0]], *b = &choice->model->site[choice->site[1]],
                  *c = &choice->model->site[choice->site[2]];
    for (uint32_t i = 0; i < a->delta_count; i++) {
        for (uint32_t j = 0; j < b->delta_count; j++) {
            if (a->delta[i].isotopologue && b->delta[j].isotopologue) continue;
            bool labelled = a->delta[i].isotopologue || b->delta[j].isotopologue;
            for (uint32_t k = 0; k < c->delta_count; k++) {
                const int32_t da[3] = {a->delta[i].da, b->delta[j].da, c->delta[k].da};
                if (labelled && c->delta[k].isotopologue) continue;
                try_one(choice, da,
                        choice->prior + prior_at(choice, 0, da[0]) + prior_at(choice, 1, da[1]) +
                            prior_at(choice, 2, da[2]));
            }
        }
    }
}

/* Two places under one label are never both modified. */
static bool allowed(const ei_model *model, const uint32_t *site, uint32_t count) {
    for (uint32_t i = 0; i < count; i++)
        for (uint32_t j = 0; j < i; j++)
            if (model->site[site[i]].label == model->site[site[j]].label) return false;
    return true;
}

static uint64_t weight_of(const ei_model *model, const uint32_t *site, uint32_t count) {
    uint64_t weight = 1000000;
    for (uint32_t i = 0; i < count; i++) weight = weight * model->site[site[i]].weight / 1000000;
    return weight;
}

/* The next choice of `count` sites, rising; false after the last. */
static bool next_choice(uint32_t *site, uint32_t count, uint32_t site_count) {
    uint32_t i = count;
    while (i > 0 && site[i - 1] == site_count - count + i - 1) i--;
    if (i == 0) return false;
    site[i - 1]++;
    for (; i < count; i++) site[i] = site[i - 1] + 1;
    return true;
}

static uint64_t sum_of_weights(const ei_model *model, uint32_t count) {
    uint32_t site[3] = {0, 1, 2};
    uint64_t sum = 0;
    if (count > model->about.site_count) return 0;
    do {
        if (allowed(model, site, count)) sum += weight_of(model, site, count);
    } while (next_choice(site, count, model->about.site_count));
    return sum;
}

static void try_choices(ei_choice *choice, uint32_t count) {
    static void (*const tries[])(const ei_choice *) = {NULL, try_single, try_pair, try_triple};
    const ei_model *model = choice->model;
    uint64_t sum = sum_of_weights(model, count);
    uint32_t site[3] = {0, 1, 2};
    if (sum == 0) return;
    do {
        if (!allowed(model, site, count)) continue;
        memcpy(choice->site, site, sizeof site);
        choice->count = count;
        choice->prior = model->prior_of_count[count] + ei_log_millionths(weight_of(model, site, count) * 1000000 / sum);
        make_patterns(choice);
        tries[count](choice);
    } while (next_choice(site, count, model->about.site_count));
}

/* Several sites replaced as one, alone and with one further site by its table. */
static void try_joint(ei_choice *choice, const ei_joint *joint) {
    const ei_model *model = choice->model;
    uint32_t site[3] = {joint->first};
    int32_t da[3] = {joint->da};
    uint64_t singles = sum_of_weights(model, 1), pairs = sum_of_weights(model, 2);
    memcpy(choice->site, site, sizeof site);
    choice->joint = joint->sites;
    choice->count = 1;
    make_patterns(choice);
    if (singles > 0)
        try_one(choice, da,
                model->prior_of_count[1] + model->prior_of_joint +
                    ei_log_millionths(weight_of(model, site, 1) * 1000000 / singles));
    choice->count = 2;
    for (uint32_t other = 0; pairs > 0 && other < model->about.site_count; other++) {
        if (joint->sites >> other & 1 || !allowed(model, (uint32_t[]){joint->first, other}, 2)) continue;
        choice->site[1] = site[1] = other;
        int32_t prior = model->prior_of_count[2] + model->prior_of_joint +
                        ei_log_millionths(weight_of(model, site, 2) * 1000000 / pairs);
        make_patterns(choice);
        for (uint32_t i = 0; i < model->site[other].delta_count; i++) {
            da[1] = model->site[other].delta[i].da;
            try_one(choice, da, prior + prior_at(choice, 1, da[1]));
        }
    }
    choice->joint = 0;
}

void ei_hypotheses(ei_model *model, ei_visit *visit, void *context) {
    static const int32_t none[3] = {0};
    ei_choice choice = {.model = model, .visit = visit, .context = context};
    make_patterns(&choice);
    try_one(&choice, none, model->prior_of_count[0]);
    for (uint32_t count = 1; count <= 3; count++) try_choices(&choice, count);
    for (uint32_t i = 0; i < model->joint_count; i++) try_joint(&choice, &model->joint[i]);
}
