/* SPDX-License-Identifier: Apache-2.0 */
/* The part of a case report that tells of one spectrum. Words come from the table alone, and what a record or a
   database says goes through page_text. */
#include <stdlib.h>
#include <string.h>

#include "report.h"

#define LISTED 10u /* candidates beyond the set that are shown */

static void heading(FILE *page, const cli_case_answer *a, page_word word) {
    fputs("<h3>", page);
    page_say(page, a->arguments->report.language, word, (const char *const[4]){NULL});
    fputs("</h3>\n", page);
}

static void say(FILE *page, const cli_case_answer *a, page_word word, const char *first, const char *second) {
    PAGE_SAY(page, a->arguments->report.language, word, first, second);
}

static void paragraph(FILE *page, const cli_case_answer *a, page_word word, const char *first, const char *second) {
    fputs("<p>", page);
    say(page, a, word, first, second);
    fputs("</p>\n", page);
}

static void item(FILE *page, const cli_case_answer *a, page_word word, uint64_t value) {
    char text[24];
    snprintf(text, sizeof text, "%llu", (unsigned long long)value);
    fputs("<li>", page);
    say(page, a, word, text, NULL);
    fputs("</li>\n", page);
}

static void row_begin(FILE *page, const cli_case_answer *a, page_word word) {
    fputs("<tr><th>", page);
    say(page, a, word, NULL, NULL);
    fputs("</th><td>", page);
}

static void row_text(FILE *page, const cli_case_answer *a, page_word word, const char *value) {
    if (!value) return;
    row_begin(page, a, word);
    page_text(page, value);
    fputs("</td></tr>\n", page);
}

static const char *permille(char text[8], uint32_t value) {
    snprintf(text, 8, "0.%03u", (unsigned)value % 1000);
    return value == 0 ? "–" : value >= 1000 ? "1.000" : text;
}

/* In 2⁻³⁰ to three decimals. */
static const char *score_text(char text[8], uint32_t score) {
    unsigned thousandths = (unsigned)(((uint64_t)score * 1000 + SPECTRA_SCORE_ONE / 2) / SPECTRA_SCORE_ONE);
    snprintf(text, 8, "%u.%03u", thousandths / 1000 % 10, thousandths % 1000);
    return text;
}

static const char *name_of(const spectra_report_query *query, const spectra_hit *hit, spectra_substance *substance,
                           spectra_entry *entry) {
    const spectra_database *database = query->databases[hit->database];
    if (spectra_database_substance(database, hit->substance, substance) != SPECTRA_OK)
        *substance = (spectra_substance){"", "", "", "", "", "", "", "", 0};
    if (spectra_database_entry(database, hit->entry, entry) != SPECTRA_OK)
        *entry = (spectra_entry){"", "", "", "", "", "", "", "", "", "", 0, 0, 0, 0};
    if (substance->name[0]) return substance->name;
    return entry->name[0] ? entry->name : entry->accession;
}

/* --- What was measured, and what was done to it --- */

static void write_measured(FILE *page, const cli_case_answer *a) {
    const spectra_spectrum *spectrum = a->query->spectrum;
    const spectra_search_summary *search = &a->it->search;
    char number[24];
    uint8_t digest[32];
    heading(page, a, WORD_MEASURED);
    fputs("<table class=\"facts\">\n", page);
    row_begin(page, a, WORD_SOURCE);
    snprintf(number, sizeof number, "%llu", (unsigned long long)a->query->index + 1);
    say(page, a, WORD_SOURCE_VALUE, a->query->source, number);
    fputs("</td></tr>\n", page);
    row_text(page, a, WORD_NAME, spectra_spectrum_field(spectrum, SPECTRA_FIELD_NAME));
    row_text(page, a, WORD_ACCESSION, spectra_spectrum_field(spectrum, SPECTRA_FIELD_ACCESSION));
    row_begin(page, a, WORD_KIND);
    say(page, a,
        search->track == SPECTRA_TRACK_EI     ? WORD_EI
        : search->track == SPECTRA_TRACK_MSMS ? WORD_MSMS
                                              : WORD_INSOURCE,
        NULL, NULL);
    fputs("; ", page);
    say(page, a, search->polarity == SPECTRA_POLARITY_NEGATIVE ? WORD_NEGATIVE : WORD_POSITIVE, NULL, NULL);
    fputs("</td></tr>\n", page);
    snprintf(number, sizeof number, "%llu", (unsigned long long)spectra_spectrum_peak_count(spectrum));
    row_text(page, a, WORD_PEAKS, number);
    row_text(page, a, WORD_PRECURSOR, spectra_spectrum_field(spectrum, SPECTRA_FIELD_PRECURSOR_MZ));
    row_text(page, a, WORD_ADDUCT, spectra_spectrum_field(spectrum, SPECTRA_FIELD_ADDUCT));
    row_text(page, a, WORD_ENERGY, spectra_spectrum_field(spectrum, SPECTRA_FIELD_COLLISION_ENERGY));
    row_text(page, a, WORD_INSTRUMENT, spectra_spectrum_field(spectrum, SPECTRA_FIELD_INSTRUMENT));
    const char *time = spectra_spectrum_field(spectrum, SPECTRA_FIELD_RETENTION_TIME);
    row_begin(page, a, WORD_RETENTION_TIME);
    if (time)
        page_text(page, time);
    else
        say(page, a, WORD_NO_RETENTION, NULL, NULL);
    fputs("</td></tr>\n", page);
    row_text(page, a, WORD_RETENTION_INDEX, spectra_spectrum_field(spectrum, SPECTRA_FIELD_RETENTION_INDEX));
    row_begin(page, a, WORD_DIGEST);
    fputs("<code>", page);
    spectra_spectrum_digest(spectrum, digest);
    for (size_t i = 0; i < sizeof digest; i++) fprintf(page, "%02x", digest[i]);
    fputs("</code></td></tr>\n</table>\n", page);
}

static void write_steps(FILE *page, const cli_case_answer *a) {
    const spectra_search_summary *search = &a->it->search;
    bool nominal = search->track == SPECTRA_TRACK_EI;
    heading(page, a, WORD_STEPS);
    fputs("<ol>\n", page);
    item(page, a, WORD_STEP_READ, spectra_spectrum_peak_count(a->query->spectrum));
    if (search->out_of_range > 0) item(page, a, WORD_STEP_OUT_OF_RANGE, search->out_of_range);
    item(page, a, nominal ? WORD_STEP_NOMINAL : WORD_STEP_ACCURATE, search->query_peaks);
    item(page, a, search->used_precursor ? WORD_STEP_WINDOW : WORD_STEP_COMPARED, search->compared);
    item(page, a, nominal ? WORD_STEP_EI_SCORE : WORD_STEP_ENTROPY, 0);
    if (a->it->calibration == SPECTRA_CALIBRATION_INSIDE)
        item(page, a, WORD_STEP_CALIBRATED, a->it->calibration_queries);
    else
        item(page, a, a->it->calibration == SPECTRA_CALIBRATION_NONE ? WORD_STEP_UNCALIBRATED : WORD_STEP_OUTSIDE, 0);
    fputs("</ol>\n", page);
}

/* --- The verdict --- */

static void write_verdict(FILE *page, const cli_case_answer *a) {
    static const page_word words[] = {WORD_SUPPORTED, WORD_NOT_DISTINGUISHED, WORD_CLASS_ONLY, WORD_INCONCLUSIVE,
                                      WORD_NO_MATCH};
    const spectra_identification *it = a->it;
    spectra_substance substance;
    spectra_entry entry;
    const char *first = it->candidate_count > 0 ? name_of(a->query, &it->candidates[0], &substance, &entry) : "";
    char structure[8], group[8];
    fputs("<div class=\"verdict\"><p><strong>", page);
    say(page, a, words[it->verdict], NULL, NULL);
    fputs(".</strong> ", page);
    snprintf(group, sizeof group, "%u", (unsigned)it->set_count % 100000);
    switch (it->verdict) {
    case SPECTRA_VERDICT_SUPPORTED:
        say(page, a, WORD_SAYS_SUPPORTED, first, NULL);
        break;
    case SPECTRA_VERDICT_NOT_DISTINGUISHED:
        if (it->set_count > 1)
            say(page, a, WORD_SAYS_SET, group, first);
        else
            say(page, a, WORD_SAYS_ISOMERS, first, NULL);
        break;
    case SPECTRA_VERDICT_CLASS_ONLY:
        say(page, a, WORD_SAYS_CLASS, it->class_name, NULL);
        break;
    default:
        say(page, a, it->verdict == SPECTRA_VERDICT_NO_MATCH ? WORD_SAYS_NO_MATCH : WORD_SAYS_INCONCLUSIVE, NULL, NULL);
    }
    fputs("</p>\n", page);
    if (it->candidate_count > 0 && it->calibration == SPECTRA_CALIBRATION_INSIDE)
        paragraph(page, a, WORD_PROBABILITY, permille(structure, it->structure_permille),
                  permille(group, it->group_permille));
    else
        paragraph(page, a, WORD_NO_PROBABILITY, NULL, NULL);
    fputs("</div>\n", page);
}

static spectra_status write_picture(FILE *page, const cli_case_answer *a) {
    const spectra_sink sink = cli_sink(page);
    fputs("<figure>\n", page);
    spectra_status status = cli_draw_answer(&sink, a->query, a->it, a->arguments);
    fputs("<figcaption>", page);
    say(page, a, WORD_PICTURE, NULL, NULL);
    fputs("</figcaption></figure>\n", page);
    return status;
}

static void cell(FILE *page, const char *text) {
    fputs("<td>", page);
    page_text(page, text);
    fputs("</td>", page);
}

static void write_candidate(FILE *page, const cli_case_answer *a, uint32_t rank) {
    const spectra_hit *hit = &a->it->candidates[rank];
    spectra_substance substance;
    spectra_entry entry;
    const char *name = name_of(a->query, hit, &substance, &entry);
    char text[8], matched[12], of[12];
    fprintf(page, "<tr%s><td>%u</td><td>", rank < a->it->set_count ? " class=\"set\"" : "", (unsigned)rank + 1);
    page_text(page, name);
    fputs("<br><small>", page);
    page_text(page, substance.inchikey);
    fputs("</small></td>", page);
    cell(page, substance.formula);
    cell(page, score_text(text, hit->score));
    cell(page, score_text(text, hit->reverse_score));
    snprintf(matched, sizeof matched, "%u", (unsigned)hit->matched_peaks);
    snprintf(of, sizeof of, "%u", (unsigned)hit->reference_peaks);
    fputs("<td>", page);
    say(page, a, WORD_OF, matched, of);
    fputs("</td>", page);
    cell(page, permille(text, rank == 0 ? a->it->structure_permille : 0));
    cell(page, entry.accession);
    fputs("</tr>\n", page);
}

static void write_candidates(FILE *page, const cli_case_answer *a) {
    static const page_word columns[] = {WORD_RANK,    WORD_SUBSTANCE, WORD_FORMULA, WORD_SCORE,
                                        WORD_REVERSE, WORD_MATCHED,   WORD_CHANCE,  WORD_REFERENCE};
    uint32_t count = a->it->candidate_count, shown = a->it->set_count + LISTED;
    char more[12];
    heading(page, a, WORD_CANDIDATES);
    if (count == 0) {
        paragraph(page, a, WORD_NO_CANDIDATES, NULL, NULL);
        return;
    }
    fputs("<table class=\"list\">\n<thead><tr>", page);
    for (size_t i = 0; i < sizeof columns / sizeof *columns; i++) {
        fputs("<th>", page);
        say(page, a, columns[i], NULL, NULL);
        fputs("</th>", page);
    }
    fputs("</tr></thead>\n<tbody>\n", page);
    for (uint32_t i = 0; i < count && i < shown; i++) write_candidate(page, a, i);
    fputs("</tbody></table>\n", page);
    if (a->it->set_count > 0) paragraph(page, a, WORD_IN_SET, NULL, NULL);
    snprintf(more, sizeof more, "%u", (unsigned)(count > shown ? count - shown : 0));
    if (count > shown) paragraph(page, a, WORD_MORE_CANDIDATES, more, NULL);
}

/* --- What could not be told apart --- */

static void write_set(FILE *page, const cli_case_answer *a) {
    const spectra_identification *it = a->it;
    heading(page, a, WORD_SET);
    if (it->set_count == 0) {
        paragraph(page, a, WORD_SET_NONE, NULL, NULL);
        return;
    }
    if (it->set_count == 1) paragraph(page, a, WORD_SET_ONE, NULL, NULL);
    fputs(it->set_count > 1 ? "<ul>\n" : "", page);
    for (uint32_t i = 0; it->set_count > 1 && i < it->set_count; i++) {
        spectra_substance substance;
        spectra_entry entry;
        fputs("<li>", page);
        page_text(page, name_of(a->query, &it->candidates[i], &substance, &entry));
        fputs("</li>\n", page);
    }
    fputs(it->set_count > 1 ? "</ul>\n" : "", page);
    paragraph(page, a, it->unrepresented_count > 0 ? WORD_ISOMERS : WORD_ISOMERS_NONE, NULL, NULL);
    fputs(it->unrepresented_count > 0 ? "<ul class=\"columns\">\n" : "", page);
    for (uint32_t i = 0; i < it->unrepresented_count; i++) {
        const spectra_substance_ref *ref = &it->unrepresented[i];
        spectra_substance substance;
        if (spectra_database_substance(a->query->databases[ref->database], ref->substance, &substance) != SPECTRA_OK)
            continue;
        fputs("<li>", page);
        page_text(page, substance.name[0] ? substance.name : substance.inchikey);
        fputs("</li>\n", page);
    }
    fputs(it->unrepresented_count > 0 ? "</ul>\n" : "", page);
}

/* --- Family --- */

static void write_sites(FILE *page, const cli_case_answer *a, const spectra_site_set *set) {
    char text[8];
    for (uint32_t i = 0; i < set->count; i++) {
        fputs(i > 0 ? " + " : "", page);
        page_text(page, set->sites[i].label);
        fputs(" (", page);
        page_text(page, set->sites[i].words);
        fputs(")", page);
    }
    if (set->count == 0) say(page, a, WORD_NO_SITE, NULL, NULL);
    fprintf(page, ": %s<br>", permille(text, set->permille));
}

static void write_modification(FILE *page, const cli_case_answer *a) {
    const spectra_modification *m = &a->it->modification;
    char mass[CLI_NUMBER_SIZE];
    if (m->site_set_count == 0) return;
    fputs("<tr><th>", page);
    say(page, a, WORD_DIFFERENCE, m->parent, NULL);
    fputs("</th><td>", page);
    page_text(page, cli_number(mass, (double)m->delta_uda / 1e6, m->delta_uda % 1000000 == 0 ? 0 : 4));
    if (m->formula[0]) {
        fputs("; ", page);
        page_text(page, m->formula);
    }
    fputs("</td></tr>\n", page);
    row_begin(page, a, WORD_SITES);
    for (uint32_t i = 0; i < m->site_set_count && i < (m->credible_count > 0 ? m->credible_count : 1); i++)
        write_sites(page, a, &m->site_sets[i]);
    fputs("</td></tr>\n", page);
}

static void write_relatives(FILE *page, const cli_case_answer *a) {
    if (a->it->relative_count == 0) return;
    row_begin(page, a, WORD_RELATIVES);
    for (uint32_t i = 0; i < a->it->relative_count; i++) {
        spectra_substance substance;
        spectra_entry entry;
        const spectra_hit *hit = &a->it->relatives[i];
        char text[8], mass[CLI_NUMBER_SIZE];
        page_text(page, name_of(a->query, hit, &substance, &entry));
        fprintf(page, ": %s", score_text(text, hit->score));
        if (hit->has_delta_mass)
            fprintf(page, " (%s Da)",
                    cli_number(mass, (double)hit->delta_mass_uda / 1e6, hit->delta_mass_uda % 1000000 == 0 ? 0 : 4));
        fputs("<br>", page);
    }
    fputs("</td></tr>\n", page);
}

static void write_analogue(FILE *page, const cli_case_answer *a) {
    static const page_word origins[] = {WORD_NOT_GIVEN, WORD_MASS_GIVEN, WORD_MASS_OBSERVED, WORD_MASS_INFERRED};
    const spectra_molecular_mass *mass = &a->it->molecular_mass;
    char text[8];
    if (!a->it->class_name && mass->value_da == 0) return;
    heading(page, a, WORD_ANALOGUE);
    fputs("<table class=\"facts\">\n", page);
    if (a->it->class_name) {
        row_begin(page, a, WORD_FAMILY);
        page_text(page, a->it->class_name);
        fprintf(page, ": %s</td></tr>\n", permille(text, a->it->class_permille));
    }
    if (mass->value_da > 0) {
        row_begin(page, a, WORD_MASS);
        fprintf(page, "%u (", (unsigned)mass->value_da);
        say(page, a, origins[mass->origin], NULL, NULL);
        fprintf(page, "): %s</td></tr>\n", permille(text, mass->permille));
    }
    write_modification(page, a);
    write_relatives(page, a);
    fputs("</table>\n", page);
}

/* --- What remains --- */

static void write_peaks(FILE *page, const cli_case_answer *a, const spectra_main_peak *peaks, uint32_t count) {
    uint32_t listed = 0;
    for (uint32_t i = 0; i < count; i++) {
        char mz[CLI_NUMBER_SIZE];
        if (peaks[i].matched) continue;
        fputs(listed++ > 0 ? ", " : "", page);
        page_text(page, cli_number(mz, peaks[i].mz_uth / 1e6, a->it->search.track == SPECTRA_TRACK_EI ? 0 : 4));
        if (peaks[i].permille) fprintf(page, "&nbsp;(%u&nbsp;%%)", (unsigned)(peaks[i].permille + 5) / 10);
    }
    if (listed == 0) say(page, a, WORD_UNEXPLAINED_NONE, NULL, NULL);
}

static void write_unexplained(FILE *page, const cli_case_answer *a) {
    if (a->it->query_peak_count == 0) return;
    heading(page, a, WORD_UNEXPLAINED);
    fputs("<p>", page);
    say(page, a, WORD_UNEXPLAINED_SAYS, NULL, NULL);
    fputs(" ", page);
    write_peaks(page, a, a->it->query_peaks, a->it->query_peak_count);
    if (a->it->reference_peak_count > 0) {
        fputs(".</p>\n<p>", page);
        say(page, a, WORD_ABSENT_SAYS, NULL, NULL);
        fputs(" ", page);
        write_peaks(page, a, a->it->reference_peaks, a->it->reference_peak_count);
    }
    fputs(".</p>\n", page);
}

/* The library's sentences, and behind them lines of the reader. */
static void write_sentences(FILE *page, const cli_case_answer *a, page_word title, const char *const *sentences,
                            uint32_t count, const char *lines) {
    heading(page, a, title);
    if (count == 0 && !*lines) {
        paragraph(page, a, WORD_AGAINST_NONE, NULL, NULL);
        return;
    }
    if (page_words[WORD_LIBRARY_WORDS][a->arguments->report.language][0])
        paragraph(page, a, WORD_LIBRARY_WORDS, NULL, NULL);
    fputs("<ul>\n", page);
    for (uint32_t i = 0; i < count; i++) {
        fputs("<li>", page);
        page_text(page, sentences[i]);
        fputs("</li>\n", page);
    }
    if (*lines) {
        fputs("<li class=\"lines\">", page);
        page_text(page, lines);
        fputs("</li>\n", page);
    }
    fputs("</ul>\n", page);
}

/* --- What the database cannot see --- */

static spectra_status write_blind(FILE *page, const cli_case_answer *a, uint32_t which) {
    const spectra_database *database = a->query->databases[which];
    uint32_t substances = spectra_database_substance_count(database), spectra = 0, measured = 0;
    uint8_t *seen = calloc((size_t)substances + 1, 1);
    char text[3][12];
    if (!seen) return SPECTRA_E_MEMORY;
    for (uint32_t i = 0; i < spectra_database_entry_count(database); i++) {
        spectra_entry entry;
        if (spectra_database_entry(database, i, &entry) != SPECTRA_OK || entry.substance >= substances) continue;
        if (entry.track != a->it->search.track) continue;
        if ((entry.polarity == SPECTRA_POLARITY_NEGATIVE) != (a->it->search.polarity == SPECTRA_POLARITY_NEGATIVE))
            continue;
        spectra++;
        measured += !seen[entry.substance];
        seen[entry.substance] = 1;
    }
    free(seen);
    snprintf(text[0], sizeof *text, "%u", (unsigned)spectra);
    snprintf(text[1], sizeof *text, "%u", (unsigned)measured);
    snprintf(text[2], sizeof *text, "%u", (unsigned)(substances - measured));
    fputs("<p>", page);
    PAGE_SAY(page, a->arguments->report.language, WORD_BLIND_HOLDS, a->query->database_names[which], text[0], text[1]);
    fputs(" ", page);
    say(page, a, WORD_BLIND_WITHOUT, text[2], NULL);
    fputs("</p>\n", page);
    return SPECTRA_OK;
}

spectra_status cli_write_answer(FILE *page, const cli_case_answer *a) {
    char number[24];
    snprintf(number, sizeof number, "%llu", (unsigned long long)a->number);
    fprintf(page, "<section id=\"s%s\">\n<h2>", number);
    say(page, a, WORD_SPECTRUM, number, NULL);
    fputs("</h2>\n", page);
    write_verdict(page, a);
    spectra_status status = write_picture(page, a);
    write_candidates(page, a);
    write_set(page, a);
    write_analogue(page, a);
    write_unexplained(page, a);
    write_sentences(page, a, WORD_AGAINST, a->it->against, a->it->against_count, "");
    write_sentences(page, a, WORD_WARNINGS, a->it->warnings, a->it->warning_count, a->record->reading);
    heading(page, a, WORD_BLIND);
    for (uint32_t i = 0; i < a->query->database_count && status == SPECTRA_OK; i++) status = write_blind(page, a, i);
    write_measured(page, a);
    write_steps(page, a);
    fputs("</section>\n", page);
    return status;
}
