/* SPDX-License-Identifier: Apache-2.0 */
/* What is said of an analogue: its family, its mass, where it differs from the parent, and the ions that say so. */
#include <string.h>

#include "report/report.h"

static void percent(io_output *out, uint32_t permille) {
    io_output_fixed(out, permille, 1);
    io_output_string(out, " %");
}

static void signed_mass(io_output *out, int64_t delta_uda) {
    if (delta_uda > 0) io_output_string(out, "+");
    report_mass(out, delta_uda);
    io_output_string(out, " Da");
}

/* A nominal difference fits many formulas: the usual one is given as an example. */
static void delta(io_output *out, int64_t delta_uda, const char *formula) {
    signed_mass(out, delta_uda);
    if (!formula[0]) return;
    io_output_string(out, delta_uda % 1000000 == 0 ? " (as by " : " (");
    report_delta_formula(out, formula, false);
    io_output_string(out, ")");
}

static void text_class(io_output *out, const spectra_identification *it) {
    if (!it->class_name) return;
    io_output_string(out, "  Family: consistent with a compound that is ");
    io_output_string(out, it->class_name);
    if (it->class_permille > 0) {
        io_output_string(out, "; probability by this spectrum ");
        percent(out, it->class_permille);
    }
    io_output_string(out, "\n");
}

static void text_other_masses(io_output *out, const spectra_molecular_mass *mass) {
    const uint32_t most = 4;
    for (uint32_t i = 1; i < mass->candidate_count && i <= most; i++) {
        io_output_string(out, i > 1 ? ", " : "; else ");
        io_output_unsigned(out, mass->candidates[i].value_da);
        io_output_string(out, " Da (");
        percent(out, mass->candidates[i].permille);
        io_output_string(out, ")");
    }
    if (mass->candidate_count > most + 1) {
        io_output_string(out, ", and ");
        io_output_unsigned(out, mass->candidate_count - most - 1);
        io_output_string(out, " less likely");
    }
}

static void text_mass(io_output *out, const spectra_molecular_mass *mass) {
    static const char *const origins[] = {"", "given", "the molecular ion is observed",
                                          "inferred from fragments and relatives"};
    if (mass->value_da == 0) return;
    io_output_string(out, "  Molecular mass: ");
    io_output_unsigned(out, mass->value_da);
    io_output_string(out, " Da, ");
    io_output_string(out, origins[mass->origin]);
    if (mass->origin != SPECTRA_MASS_GIVEN && mass->permille > 0) {
        io_output_string(out, "; probability ");
        percent(out, mass->permille);
    }
    text_other_masses(out, mass);
    io_output_string(out, "\n");
}

static void text_site(io_output *out, const spectra_modified_site *site) {
    io_output_string(out, "      ");
    io_output_string(out, site->label);
    io_output_string(out, "  ");
    io_output_string(out, site->words);
    io_output_string(out, ": ");
    if (site->delta_uda != 0)
        delta(out, site->delta_uda, site->formula);
    else
        io_output_string(out, "replaced together with the site above");
    io_output_string(out, "\n");
}

static void text_site_set(io_output *out, const spectra_site_set *set) {
    io_output_string(out, "    ");
    percent(out, set->permille);
    io_output_string(out, set->count > 0 ? " modified at\n" : " not modified at any site\n");
    for (uint32_t i = 0; i < set->count; i++) text_site(out, &set->sites[i]);
}

static void text_modification(io_output *out, const spectra_modification *modification) {
    if (modification->site_set_count == 0) return;
    io_output_string(out, "\n  Against ");
    io_output_string(out, modification->parent);
    io_output_string(out, ": ");
    delta(out, modification->delta_uda, modification->formula);
    if (modification->formula_permille > 0) {
        io_output_string(out, ", formula ");
        percent(out, modification->formula_permille);
    }
    io_output_string(out, "; where it is modified, with probabilities (the first ");
    io_output_unsigned(out, modification->credible_count);
    io_output_string(out, " hold 95 %)\n");
    for (uint32_t i = 0; i < modification->site_set_count; i++) text_site_set(out, &modification->site_sets[i]);
    io_output_string(out,
                     "    The place of a substituent on its ring is not told, nor is one chain from its isomers.\n");
}

static void text_relatives(io_output *out, const spectra_report_query *query, const spectra_identification *it) {
    if (it->relative_count == 0) return;
    io_output_string(out,
                     "\n  Nearest known members of the family, whatever their mass (likeness of 999, difference)\n");
    for (uint32_t i = 0; i < it->relative_count; i++) {
        spectra_substance substance;
        spectra_entry entry;
        report_lookup(query, &it->relatives[i], &substance, &entry);
        io_output_string(out, "    ");
        io_output_unsigned(out, report_of_999(it->relatives[i].score));
        io_output_string(out, "  ");
        io_output_string(out, report_name(&substance, &entry));
        if (it->relatives[i].has_delta_mass) {
            io_output_string(out, "  ");
            signed_mass(out, it->relatives[i].delta_mass_uda);
        }
        io_output_string(out, "\n");
    }
}

static void text_mz(io_output *out, uint32_t mz_uth) {
    if (mz_uth % 1000000 == 0)
        io_output_unsigned(out, mz_uth / 1000000);
    else
        io_output_fixed(out, ((int64_t)mz_uth + 50) / 100, 4);
}

static void text_error(io_output *out, int32_t error_uth) {
    if (error_uth == 0) return;
    io_output_string(out, error_uth > 0 ? ", +" : ", ");
    io_output_fixed(out, error_uth, 3);
    io_output_string(out, " mDa");
}

static void text_ion(io_output *out, const spectra_explained_ion *ion) {
    io_output_string(out, "    m/z ");
    text_mz(out, ion->mz_uth);
    if (ion->permille > 0) {
        io_output_string(out, " found (");
        percent(out, ion->permille);
        io_output_string(out, " of the base peak");
        text_error(out, ion->error_uth);
        io_output_string(out, ")");
    } else {
        io_output_string(out, " absent");
    }
    io_output_string(out, ": ");
    io_output_string(out, ion->fragment);
    io_output_string(out, ion->fragment[0] ? ", m/z " : "m/z ");
    text_mz(out, ion->parent_uth);
    io_output_string(out, " of the parent, keeps ");
    io_output_string(out, ion->kept[0] ? ion->kept : "no site");
    if (ion->contribution != 0) {
        io_output_string(out, ion->contribution > 0 ? "; for it, +" : "; against it, ");
        io_output_fixed(out, ion->contribution, 3);
    }
    io_output_string(out, "\n");
}

static void text_explained(io_output *out, const spectra_identification *it) {
    if (it->explained_count == 0) return;
    io_output_string(out,
                     "\n  Ions that the first of these expects (last figure: what each adds to the logarithm of the "
                     "odds)\n");
    for (uint32_t i = 0; i < it->explained_count; i++) text_ion(out, &it->explained[i]);
}

void report_text_analogue(io_output *out, const spectra_report_query *query, const spectra_identification *it) {
    if (it->set_count > 0 && it->class_name) io_output_string(out, "\n");
    text_class(out, it);
    text_mass(out, &it->molecular_mass);
    text_modification(out, &it->modification);
    text_relatives(out, query, it);
    if (query->explain) text_explained(out, it);
}
