/* SPDX-License-Identifier: Apache-2.0 */
/* From an EI spectrum to a family, a mass and modified sites: is it a member? how heavy? modified where? why? */
#include "identify/ei_analogue.h"

#include <string.h>

#include "base/memory.h"
#include "chem/chem.h"
#include "identify/logistic.h"

#define LABEL_SETS (1u << DB_MAX_SITES)
#define SITE_SETS 8u
#define MASSES 32u
#define EXPLAINED 20u
#define KEPT_SIZE 16u
/* Site sets and masses are listed until they hold this much, and while they hold more than the least. */
#define CREDIBLE_PERMILLE 950u
#define LEAST_PERMILLE 10u
/* A molecular ion is observed from this intensity of 999 upwards. */
#define OBSERVED_INTENSITY 5u

/* All hypotheses with the same labelled sites. */
typedef struct site_cell {
    ei_sum sum;
    int32_t best_score;
    ei_hypothesis best;
} site_cell;

/* One family held against the query; everything is in the scratch. */
typedef struct ei_reasoning {
    identify_case *the_case;
    const spectra_prepared *prepared;
    ei_model *model;
    ei_votes *votes;
    ei_masses *masses;
    ei_sum *fragments; /* by total shift, against members */
    ei_sum membership; /* of all hypotheses, against other compounds */
    site_cell *cells;
    spectra_site_set *sets;
    spectra_mass_candidate *mass;
    spectra_explained_ion *explained;
    char (*kept)[KEPT_SIZE];
    int32_t logit;
    int32_t given; /* total shift by the mass given; INT32_MIN: not given */
} ei_reasoning;

size_t identify_ei_analogue_required(size_t peak_count) {
    return spectra_prepare_required(peak_count) + base_scratch_cost(1, sizeof(ei_model)) +
           base_scratch_cost(1, sizeof(ei_votes)) + base_scratch_cost(1, sizeof(ei_masses)) +
           base_scratch_cost(EI_TOTALS, sizeof(ei_sum)) + base_scratch_cost(LABEL_SETS, sizeof(site_cell)) +
           base_scratch_cost(SITE_SETS, sizeof(spectra_site_set)) +
           base_scratch_cost(MASSES, sizeof(spectra_mass_candidate)) +
           base_scratch_cost(EXPLAINED, sizeof(spectra_explained_ion)) + base_scratch_cost(EXPLAINED, KEPT_SIZE);
}

static bool take_room(ei_reasoning *why, spectra_scratch *scratch) {
    why->sets = base_scratch_take(scratch, SITE_SETS, sizeof *why->sets);
    why->mass = base_scratch_take(scratch, MASSES, sizeof *why->mass);
    why->explained = base_scratch_take(scratch, EXPLAINED, sizeof *why->explained);
    why->kept = base_scratch_take(scratch, EXPLAINED, KEPT_SIZE);
    why->votes = base_scratch_take(scratch, 1, sizeof *why->votes);
    why->model = base_scratch_take(scratch, 1, sizeof *why->model);
    why->masses = base_scratch_take(scratch, 1, sizeof *why->masses);
    why->fragments = base_scratch_take(scratch, EI_TOTALS, sizeof *why->fragments);
    why->cells = base_scratch_take(scratch, LABEL_SETS, sizeof *why->cells);
    return why->sets && why->mass && why->explained && why->kept && why->votes && why->model && why->masses &&
           why->fragments && why->cells;
}

/* --- Is it a member? --- */

static void weigh(void *context, const ei_hypothesis *it) {
    ei_reasoning *why = (ei_reasoning *)context;
    ei_sum_add(&why->membership, it->score[EI_OTHERS]);
    ei_sum_add(&why->fragments[it->total - EI_TOTAL_LOW], it->score[EI_MEMBERS]);
}

static int32_t clamped_log(const ei_sum *sum) {
    const int32_t low = -60 * EI_LOG_ONE, high = 90 * EI_LOG_ONE, log = ei_sum_log(sum);
    return log < low ? low : log > high ? high : log;
}

static uint32_t mean_likeness(const ei_votes *votes) {
    uint64_t sum = 0;
    for (uint32_t i = 0; i < EI_RELATIVES; i++) sum += votes->best[i];
    return (uint32_t)(sum / EI_RELATIVES);
}

/* METHODS section 3: what the fragments say against other compounds, and the likeness to members at any shift. */
static int32_t membership_logit(const ei_reasoning *why) {
    int64_t best = (int64_t)why->votes->best[0] * EI_LOG_ONE, mean = (int64_t)mean_likeness(why->votes) * EI_LOG_ONE;
    int64_t logit = ei_parameter(why->model, "class.fragments") * clamped_log(&why->membership) +
                    ei_parameter(why->model, "class.best") * (best >> 10) / (1 << 20) +
                    ei_parameter(why->model, "class.mean") * (mean >> 10) / (1 << 20) +
                    ei_parameter(why->model, "class.offset") * EI_LOG_ONE;
    return (int32_t)(logit / 1000000);
}

static spectra_status hold_against(ei_reasoning *why, const spectra_database *database, uint32_t family,
                                   bool *possible) {
    why->membership = (ei_sum){0};
    memset(why->fragments, 0, EI_TOTALS * sizeof *why->fragments);
    *possible = ei_model_make(why->model, database, family, why->prepared);
    if (!*possible) return SPECTRA_OK;
    ei_hypotheses(why->model, weigh, why);
    spectra_status status = ei_count_votes(why->votes, why->the_case, why->prepared, why->model->about.members);
    why->logit = membership_logit(why);
    return status;
}

/* The family that the spectrum speaks for most, the first of the table among equal ones; false where the databases know
   none. */
static spectra_status choose_family(ei_reasoning *why, const spectra_database *database, bool *found) {
    uint32_t best = 0, last = 0;
    int32_t best_logit = INT32_MIN;
    bool possible;
    *found = false;
    for (uint32_t i = db_knowledge_count(database, DB_SLOT_FAMILIES); i-- > 0;) {
        spectra_status status = hold_against(why, database, i, &possible);
        if (status < 0) return status;
        last = i;
        if (!possible || (*found && why->logit < best_logit)) continue;
        *found = true;
        best = i;
        best_logit = why->logit;
    }
    return *found && last != best ? hold_against(why, database, best, &possible) : SPECTRA_OK;
}

static int32_t thousandths(int64_t log) {
    return (int32_t)(log * 1000 / EI_LOG_ONE);
}

/* Without a threshold a family is never named. */
static void tell_evidence(const ei_reasoning *why) {
    int64_t threshold =
        db_parameter(why->model->database, why->model->family, SPECTRA_TRACK_EI, "class.threshold", INT64_MAX) / 1000;
    why->the_case->result->class_evidence = (spectra_class_evidence){
        .family = why->model->about.name,
        .fragments = thousandths(clamped_log(&why->membership)),
        .likeness = why->votes->best[0],
        .mean_likeness = mean_likeness(why->votes),
        .references = why->votes->relative_count > 0,
        .logit = thousandths(why->logit),
        .threshold = threshold > INT32_MAX   ? INT32_MAX
                     : threshold < INT32_MIN ? INT32_MIN
                                             : (int32_t)threshold,
    };
}

/* Of a logit, which is e's: log2 e in 2^-24. */
static uint32_t permille_of(int32_t logit) {
    return logistic_permille(logistic_of((int64_t)logit * 24204406 / EI_LOG_ONE));
}

/* --- How heavy? --- */

/* The most probable place after `last`, the lower one among equals; EI_TOTALS where none is left. */
static uint32_t next_mass(const ei_masses *masses, uint32_t last) {
    uint32_t next = EI_TOTALS;
    for (uint32_t i = 0; i < EI_TOTALS; i++) {
        bool after = masses->log[i] < masses->log[last] || (masses->log[i] == masses->log[last] && i > last);
        if (after && (next == EI_TOTALS || masses->log[i] > masses->log[next])) next = i;
    }
    return next;
}

static uint32_t mass_at(const ei_reasoning *why, uint32_t place) {
    return (uint32_t)((int32_t)why->model->about.nominal_da + EI_TOTAL_LOW + (int32_t)place);
}

/* Most probable first. */
static void list_masses(ei_reasoning *why, spectra_molecular_mass *mass) {
    uint32_t held = 0;
    mass->candidates = why->mass;
    for (uint32_t i = (uint32_t)why->masses->largest; i < EI_TOTALS && mass->candidate_count < MASSES;
         i = next_mass(why->masses, i)) {
        int32_t log = why->masses->log[i];
        uint32_t permille = logistic_permille(ei_power(log < 0 ? log : 0));
        if (held >= CREDIBLE_PERMILLE && permille < LEAST_PERMILLE) break;
        why->mass[mass->candidate_count++] = (spectra_mass_candidate){mass_at(why, i), permille};
        if (held < CREDIBLE_PERMILLE) mass->credible_count++;
        held += permille;
    }
    if (held < CREDIBLE_PERMILLE) mass->credible_count = 0;
}

static void tell_mass(ei_reasoning *why) {
    spectra_molecular_mass *mass = &why->the_case->result->molecular_mass;
    if (why->given != INT32_MIN) return;
    ei_weigh_masses(why->masses, why->model, why->fragments, why->votes);
    if (why->masses->probability == 0) return;
    uint32_t value = mass_at(why, (uint32_t)why->masses->largest);
    bool observed = value < EI_MZ && why->model->intensity[value] >= OBSERVED_INTENSITY;
    *mass = (spectra_molecular_mass){.value_da = value,
                                     .origin = observed ? SPECTRA_MASS_OBSERVED : SPECTRA_MASS_INFERRED,
                                     .permille = logistic_permille(why->masses->probability)};
    list_masses(why, mass);
}

/* The difference to each relative is that of the masses, not the shift at which the spectra are most alike. */
static void tell_relatives(ei_reasoning *why) {
    spectra_identification *result = why->the_case->result;
    for (uint32_t i = 0; i < why->votes->relative_count; i++) {
        spectra_hit *hit = &why->votes->relatives[i];
        spectra_substance substance;
        chem_formula formula;
        hit->has_delta_mass = spectra_database_substance(why->the_case->databases[hit->database], hit->substance,
                                                         &substance) == SPECTRA_OK &&
                              chem_formula_parse(&formula, substance.formula);
        if (hit->has_delta_mass)
            hit->delta_mass_uda = ((int64_t)result->molecular_mass.value_da - chem_nominal_da(&formula)) * 1000000;
    }
    result->relatives = why->votes->relatives;
    result->relative_count = why->votes->relative_count;
}

/* --- Modified where? --- */

static uint32_t labels_of(const ei_model *model, uint32_t sites) {
    uint32_t labels = 0;
    for (uint32_t i = 0; i < model->about.site_count; i++)
        if (sites >> i & 1) labels |= 1u << model->site[i].label;
    return labels;
}

static void gather(void *context, const ei_hypothesis *it) {
    ei_reasoning *why = (ei_reasoning *)context;
    int32_t place = it->total - EI_TOTAL_LOW, score = it->score[EI_MEMBERS];
    if (why->given != INT32_MIN) {
        if (it->total != why->given) return;
    } else {
        if (why->masses->log[place] < -30 * EI_LOG_ONE) return;
        score += why->masses->log[place] - ei_sum_log(&why->fragments[place]);
    }
    site_cell *cell = &why->cells[labels_of(why->model, it->modified)];
    if (cell->sum.sum == 0 || score > cell->best_score) {
        cell->best_score = score;
        cell->best = *it;
    }
    ei_sum_add(&cell->sum, score);
}

/* The usual formula for a difference at a site; "" where the table has none. */
static const char *formula_at(const ei_model *model, uint32_t site, int32_t da) {
    for (uint32_t i = 0; i < db_knowledge_count(model->database, DB_SLOT_DELTAS); i++) {
        db_delta delta;
        if (!db_delta_at(&delta, model->database, i) || delta.family != model->family ||
            delta.track != SPECTRA_TRACK_EI || !(delta.sites >> site & 1))
            continue;
        int64_t off = delta.mass_uda - (int64_t)da * 1000000;
        if (off > -500000 && off < 500000) return delta.formula;
    }
    return "";
}

static int32_t da_at(const ei_hypothesis *it, uint32_t site) {
    for (uint32_t c = 0; c < it->count; c++)
        if (it->site[c] == site) return it->da[c];
    return 0;
}

static void describe(spectra_site_set *out, const ei_model *model, const ei_hypothesis *it) {
    out->count = 0;
    for (uint32_t i = 0; i < model->about.site_count && out->count < SPECTRA_MODIFIED_SITES; i++) {
        db_site site;
        if (!(it->modified >> i & 1) || !db_site_at(&site, model->database, model->about.first_site + i)) continue;
        int32_t da = da_at(it, i);
        out->sites[out->count++] =
            (spectra_modified_site){site.label, site.words, da ? formula_at(model, i, da) : "", (int64_t)da * 1000000};
    }
}

static uint32_t best_cell(const ei_reasoning *why) {
    uint32_t best = LABEL_SETS;
    for (uint32_t i = 0; i < LABEL_SETS; i++)
        if (why->cells[i].sum.sum > 0 &&
            (best == LABEL_SETS || ei_sum_log(&why->cells[i].sum) > ei_sum_log(&why->cells[best].sum)))
            best = i;
    return best;
}

static void tell_label(ei_reasoning *why, const ei_hypothesis *it) {
    for (uint32_t c = 0; c < it->count; c++) {
        db_site site;
        if (it->modified >> it->site[c] & 1 ||
            !db_site_at(&site, why->model->database, why->model->about.first_site + it->site[c]))
            continue;
        identify_say(&why->the_case->warnings,
                     "the difference in mass includes %u Da at site %s as by isotope labels, which are no modification",
                     (uint64_t)it->da[c], site.label);
    }
}

/* Most probable first. Returns the best hypothesis; its cell is emptied as all that were listed. */
static bool tell_sites(ei_reasoning *why, ei_hypothesis *best) {
    spectra_modification *modification = &why->the_case->result->modification;
    ei_sum all = {0};
    uint32_t held = 0;
    memset(why->cells, 0, LABEL_SETS * sizeof *why->cells);
    ei_hypotheses(why->model, gather, why);
    for (uint32_t i = 0; i < LABEL_SETS; i++)
        if (why->cells[i].sum.sum > 0) ei_sum_add(&all, ei_sum_log(&why->cells[i].sum));
    modification->site_sets = why->sets;
    while (modification->site_set_count < SITE_SETS) {
        uint32_t i = best_cell(why);
        if (i == LABEL_SETS) break;
        site_cell *cell = &why->cells[i];
        int32_t share = ei_sum_log(&cell->sum) - ei_sum_log(&all);
        uint32_t permille = logistic_permille(ei_power(share < 0 ? share : 0));
        if (modification->site_set_count > 0 && held >= CREDIBLE_PERMILLE && permille < LEAST_PERMILLE) break;
        if (modification->site_set_count == 0) *best = cell->best;
        describe(&why->sets[modification->site_set_count], why->model, &cell->best);
        why->sets[modification->site_set_count++].permille = permille;
        if (held < CREDIBLE_PERMILLE) modification->credible_count++;
        held += permille;
        cell->sum.sum = 0;
    }
    if (modification->site_set_count == 0) return false;
    modification->parent = why->model->about.parent;
    modification->delta_uda = (int64_t)best->total * 1000000;
    modification->formula = why->sets[0].count == 1 && best->count == 1 ? why->sets[0].sites[0].formula : "";
    tell_label(why, best);
    return true;
}

/* --- Why? --- */

static int32_t magnitude(int32_t x) {
    return x < 0 ? -x : x;
}

static void name_kept(char kept[KEPT_SIZE], const ei_model *model, uint32_t mask) {
    base_text text;
    base_text_init(&text, kept, KEPT_SIZE);
    for (uint32_t i = 0; i < model->about.site_count; i++) {
        db_site site;
        if (!(mask >> i & 1) || (model->site[i].label != i && mask >> model->site[i].label & 1)) continue;
        if (db_site_at(&site, model->database, model->about.first_site + i)) base_text_string(&text, site.label);
    }
}

/* What the best hypothesis expects, by the weight of each ion; equal ones in the order of the table. */
static void explain(ei_reasoning *why, const ei_hypothesis *it) {
    const ei_model *model = why->model;
    spectra_identification *result = why->the_case->result;
    uint32_t place[EXPLAINED], count = 0;
    int32_t mz[EI_FRAGMENTS], added[EI_FRAGMENTS];
    for (uint32_t i = 0; i < model->fragment_count; i++) {
        mz[i] = (int32_t)model->fragment[i].mz;
        for (uint32_t c = 0; c < it->count; c++)
            if (model->mask[model->fragment[i].mask] >> it->site[c] & 1) mz[i] += it->da[c];
        added[i] = ei_evidence(model, &model->fragment[i], mz[i], EI_MEMBERS);
        uint32_t k = count;
        if (added[i] == 0) continue;
        while (k > 0 && magnitude(added[i]) > magnitude(added[place[k - 1]])) k--;
        if (k == EXPLAINED) continue;
        if (count < EXPLAINED) count++;
        memmove(place + k + 1, place + k, (count - 1 - k) * sizeof *place);
        place[k] = i;
    }
    for (uint32_t k = 0; k < count; k++) {
        const ei_fragment *fragment = &model->fragment[place[k]];
        db_fragment about;
        if (!db_fragment_at(&about, model->database, fragment->index)) continue;
        name_kept(why->kept[k], model, about.kept);
        uint32_t intensity = model->intensity[mz[place[k]]];
        why->explained[result->explained_count++] =
            (spectra_explained_ion){.mz_uth = (uint32_t)mz[place[k]] * 1000000,
                                    .permille = intensity > 0 ? (intensity * 1000 + 499) / 999 : 0,
                                    .fragment = about.label,
                                    .kept = why->kept[k],
                                    .parent_uth = about.mz_uth,
                                    .contribution = added[place[k]] * 1000 / EI_LOG_ONE};
    }
    result->explained = why->explained;
}

/* --- The verdict --- */

static bool settles(const spectra_identification *result) {
    return result->verdict == SPECTRA_VERDICT_SUPPORTED || result->verdict == SPECTRA_VERDICT_NOT_DISTINGUISHED;
}

/* A set of measured substances that names the same family, or none, stands; the family alone is less than that. */
static bool name_family(ei_reasoning *why) {
    spectra_identification *result = why->the_case->result;
    if (settles(result)) {
        if (!result->class_name || strcmp(result->class_name, why->model->about.name) != 0) return false;
    } else {
        if (result->class_evidence.logit < result->class_evidence.threshold) return false;
        result->class_name = why->model->about.name;
        result->verdict = SPECTRA_VERDICT_CLASS_ONLY;
    }
    result->class_permille = permille_of(why->logit);
    return true;
}

static void conclude(ei_reasoning *why) {
    ei_hypothesis best = {0};
    tell_evidence(why);
    if (!name_family(why)) return;
    tell_mass(why);
    if (why->the_case->result->molecular_mass.value_da == 0) return;
    tell_relatives(why);
    if (tell_sites(why, &best)) explain(why, &best);
}

static spectra_status reason(ei_reasoning *why, const spectra_database *database) {
    identify_case *the_case = why->the_case;
    spectra_recipe recipe;
    bool found = false;
    spectra_recipe_nominal(&recipe);
    spectra_status status =
        spectra_prepare(&why->prepared, the_case->spectrum, &recipe, the_case->scratch, the_case->error);
    if (status == SPECTRA_OK) status = choose_family(why, database, &found);
    if (status < 0 || !found) return status;
    if (the_case->options && the_case->options->mass_da)
        why->given = (int32_t)the_case->options->mass_da - (int32_t)why->model->about.nominal_da;
    conclude(why);
    return SPECTRA_OK;
}

spectra_status identify_ei_analogue(identify_case *the_case) {
    const spectra_database *database = identify_knowing_database(the_case);
    uint32_t mass = the_case->options ? the_case->options->mass_da : 0;
    if (mass)
        the_case->result->molecular_mass =
            (spectra_molecular_mass){.value_da = mass, .origin = SPECTRA_MASS_GIVEN, .permille = 1000};
    if (!database) return SPECTRA_OK;
    ei_reasoning why = {.the_case = the_case, .given = INT32_MIN};
    if (!take_room(&why, the_case->scratch)) return SPECTRA_E_MEMORY;
    size_t used = the_case->scratch->used;
    spectra_status status = reason(&why, database);
    base_scratch_return(the_case->scratch, used);
    return status;
}
