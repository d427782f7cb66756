/* SPDX-License-Identifier: Apache-2.0 */
/* The case report as a whole: every record answered, and one page written of them. It fetches nothing and runs nothing:
   its policy of content forbids both. */
#define _GNU_SOURCE
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "report.h"

static const char head[] =
    "<meta charset=\"utf-8\">\n"
    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; "
    "img-src data:\">\n"
    "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
    "<link rel=\"icon\" href=\"data:,\">\n";

/* Okabe and Ito's blue for what is marked, and a bar beside it: never colour alone. */
static const char style[] =
    "<style>\n"
    "body{font:15px/1.45 system-ui,'Helvetica Neue',Arial,sans-serif;color:#111;background:#fff;max-width:62rem;"
    "margin:2rem auto;padding:0 1.25rem}\n"
    "h1{font-size:1.6rem;margin:0}h2{font-size:1.25rem;border-bottom:2px solid #0072b2;margin:2.2rem 0 .8rem}\n"
    "h3{font-size:1rem;margin:1.3rem 0 .3rem}p{margin:.35rem 0}ul,ol{margin:.3rem 0;padding-left:1.4rem}\n"
    "table{border-collapse:collapse;width:100%;margin:.4rem 0}th,td{text-align:left;vertical-align:top;"
    "padding:.25rem .5rem;border-bottom:1px solid #ccc;overflow-wrap:anywhere}\n"
    ".facts th{width:30%;font-weight:600}.list{font-size:.9rem}.list th,.list td{overflow-wrap:break-word}"
    ".list td:first-child,.list td:nth-child(3){white-space:nowrap}.list td:nth-child(2),.list td:last-child"
    "{overflow-wrap:anywhere}.list td:nth-child(2){min-width:12.5rem}\n"
    "tr.set td:first-child{border-left:4px solid #0072b2;font-weight:700}\n"
    ".verdict{border:1px solid #0072b2;border-left-width:6px;padding:.5rem .9rem;margin:.6rem 0}\n"
    "figure{margin:.8rem 0}svg{width:100%;height:auto}figcaption,small,footer{font-size:.82rem;color:#444}\n"
    "code,pre{font:.78rem/1.35 ui-monospace,'DejaVu Sans Mono',monospace;overflow-wrap:anywhere;white-space:pre-wrap}\n"
    ".columns{columns:2}.lines{white-space:pre-line}.sign td{height:3rem}\n"
    "@page{size:A4;margin:16mm 15mm}\n"
    "@media print{body{font-size:10pt;max-width:none;margin:0;padding:0}h1{font-size:16pt}h2{font-size:13pt}"
    "section+section{break-before:page}h2,h3{break-after:avoid}figure,tr,.verdict,li{break-inside:avoid}"
    "svg{max-height:76mm}.list{font-size:8.5pt}.list small{font-size:6.8pt}.list td:nth-child(2){min-width:44mm}"
    ".list th,.list td{padding:.15rem .35rem}"
    "thead{display:table-header-group}}\n"
    "</style>\n";

/* The page in the making. */
typedef struct page_state {
    const cli_case *about;
    const cli_databases *databases;
    const cli_arguments *arguments;
    FILE *sections, *summary;
    char **verdicts; /* JSON, one line each, by record */
} page_state;

typedef struct memory_source {
    const char *at;
    size_t left;
} memory_source;

static spectra_status read_memory(void *context, uint8_t *bytes, size_t capacity, size_t *size) {
    memory_source *source = context;
    *size = source->left < capacity ? source->left : capacity;
    memcpy(bytes, source->at, *size);
    source->at += *size;
    source->left -= *size;
    return SPECTRA_OK;
}

static void say(FILE *page, const page_state *state, page_word word, const char *value) {
    PAGE_SAY(page, state->arguments->report.language, word, value);
}

/* One line of JSON without its end. */
static char *verdict_json(const spectra_report_query *query, const spectra_identification *it) {
    char *text = NULL;
    size_t size = 0;
    FILE *stream = open_memstream(&text, &size);
    if (!stream) return NULL;
    const spectra_sink sink = cli_sink(stream);
    spectra_status status = spectra_report_identification(&sink, SPECTRA_REPORT_JSONL, query, it);
    if (fclose(stream) != 0 || status < 0) {
        free(text);
        return NULL;
    }
    if (size > 0 && text[size - 1] == '\n') text[size - 1] = '\0';
    return text;
}

static void write_summary(const page_state *state, const cli_case_answer *a) {
    static const page_word words[] = {WORD_SUPPORTED, WORD_NOT_DISTINGUISHED, WORD_CLASS_ONLY, WORD_INCONCLUSIVE,
                                      WORD_NO_MATCH};
    const char *name = spectra_spectrum_field(a->query->spectrum, SPECTRA_FIELD_NAME);
    char number[24];
    fprintf(state->summary, "<tr><td><a href=\"#s%zu\">%zu</a></td><td>", a->number, a->number);
    snprintf(number, sizeof number, "%llu", (unsigned long long)a->query->index + 1);
    PAGE_SAY(state->summary, state->arguments->report.language, WORD_SOURCE_VALUE, a->query->source, number);
    fputs(name ? "<br><small>" : "", state->summary);
    page_text(state->summary, name ? name : "");
    fputs(name ? "</small></td><td>" : "</td><td>", state->summary);
    say(state->summary, state, words[a->it->verdict], NULL);
    fputs("</td><td>", state->summary);
    uint32_t shown = a->it->set_count < 5 ? a->it->set_count : 5;
    for (uint32_t i = 0; i < shown; i++) {
        spectra_substance substance;
        const spectra_hit *hit = &a->it->candidates[i];
        if (spectra_database_substance(a->query->databases[hit->database], hit->substance, &substance) != SPECTRA_OK)
            continue;
        fputs(i > 0 ? "; " : "", state->summary);
        page_text(state->summary, substance.name[0] ? substance.name : substance.inchikey);
    }
    fputs(shown < a->it->set_count ? "; …" : "", state->summary);
    if (shown == 0 && a->it->class_name) page_text(state->summary, a->it->class_name);
    fputs("</td></tr>\n", state->summary);
}

static spectra_status answer(page_state *state, size_t which, const spectra_spectrum *spectrum, spectra_error *error) {
    const cli_case_record *record = &state->about->records[which];
    const spectra_report_query query = {.spectrum = spectrum,
                                        .source = record->source,
                                        .index = record->index,
                                        .databases = (const spectra_database *const *)state->databases->open,
                                        .database_names = state->databases->names,
                                        .database_count = state->databases->count,
                                        .explain = 1,
                                        .options = &state->arguments->search};
    const spectra_identification *it;
    spectra_scratch scratch;
    size_t size = spectra_identify_required(spectra_spectrum_peak_count(spectrum));
    uint8_t *bytes = malloc(size);
    if (!bytes) return SPECTRA_E_MEMORY;
    spectra_scratch_init(&scratch, bytes, size);
    spectra_status status =
        spectra_identify(&it, query.databases, query.database_count, spectrum, query.options, &scratch, error);
    if (status == SPECTRA_OK) {
        const cli_case_answer a = {&query, it, state->arguments, record, which + 1};
        state->verdicts[which] = verdict_json(&query, it);
        write_summary(state, &a);
        status = cli_write_answer(state->sections, &a);
        if (!state->verdicts[which]) status = SPECTRA_E_MEMORY;
    }
    free(bytes);
    return status;
}

/* What is answered is what the report keeps, read anew. */
static int answer_record(page_state *state, size_t which) {
    const cli_case_record *record = &state->about->records[which];
    memory_source source = {record->record, strlen(record->record)};
    const spectra_reader_options options = {.size = sizeof options};
    const spectra_spectrum *spectrum;
    spectra_reader *reader;
    spectra_error error = {0};
    spectra_status status = spectra_reader_open_stream(&reader, read_memory, &source, &options, NULL, &error);
    if (status == SPECTRA_OK) {
        status = spectra_reader_next(reader, &spectrum, &error);
        if (status == SPECTRA_OK) status = answer(state, which, spectrum, &error);
        spectra_reader_free(reader);
    }
    if (status == SPECTRA_OK) return CLI_OK;
    cli_complain("%s, record %llu: no answer: %s", record->source, (unsigned long long)record->index + 1,
                 error.message[0] ? error.message : "not enough memory");
    return status == SPECTRA_E_MEMORY ? CLI_FAILED : status == SPECTRA_E_INVALID ? CLI_USAGE : CLI_BAD_INPUT;
}

static void row(FILE *page, const page_state *state, page_word word, const char *value) {
    fputs("<tr><th>", page);
    say(page, state, word, NULL);
    fputs("</th><td>", page);
    if (value)
        page_text(page, value);
    else
        say(page, state, WORD_NOT_GIVEN, NULL);
    fputs("</td></tr>\n", page);
}

static void write_front(FILE *page, const page_state *state) {
    const cli_report_options *report = &state->arguments->report;
    fputs("<h1>", page);
    say(page, state, WORD_TITLE, NULL);
    fputs("</h1>\n<p>", page);
    say(page, state, WORD_SUBTITLE, NULL);
    fputs("</p>\n<table class=\"facts\">\n", page);
    row(page, state, WORD_CASE, report->case_id);
    row(page, state, WORD_REVIEWER, report->reviewer);
    row(page, state, WORD_DATE, report->date);
    if (report->note) row(page, state, WORD_NOTE, report->note);
    fputs("</table>\n", page);
}

static void write_limits(FILE *page, const page_state *state) {
    static const page_word limits[] = {WORD_LIMIT_TECHNIQUE, WORD_LIMIT_PERSON,      WORD_LIMIT_ISOMERS,
                                       WORD_LIMIT_DATABASE,  WORD_LIMIT_PROBABILITY, WORD_LIMIT_MIXTURE};
    fputs("<section>\n<h2>", page);
    say(page, state, WORD_LIMITS, NULL);
    fputs("</h2>\n<ul>\n", page);
    for (size_t i = 0; i < sizeof limits / sizeof *limits; i++) {
        fputs("<li>", page);
        say(page, state, limits[i], NULL);
        fputs("</li>\n", page);
    }
    fputs("</ul>\n", page);
}

static void write_digest(FILE *page, const uint8_t digest[32]) {
    fputs("<code>SHA-256 ", page);
    for (size_t i = 0; i < 32; i++) fprintf(page, "%02x", digest[i]);
    fputs("</code>", page);
}

/* The settings as the verdict states them, and their digest. */
static void write_settings(FILE *page, const page_state *state, size_t which) {
    const char *key, *value = NULL;
    size_t key_size, size = 0;
    uint8_t digest[crypto_hash_sha256_BYTES];
    char number[24];
    for (size_t i = 0; (value = json_member(state->verdicts[which], i, &key, &key_size, &size)) != NULL; i++)
        if (key_size == 8 && memcmp(key, "settings", 8) == 0) break;
    char *settings = value ? strndup(value, size) : NULL;
    if (!settings) return;
    snprintf(number, sizeof number, "%zu", which + 1);
    fputs("<tr><th>", page);
    say(page, state, WORD_SETTINGS, number);
    fputs("</th><td><code>", page);
    page_text(page, settings);
    fputs("</code><br>", page);
    crypto_hash_sha256(digest, (const uint8_t *)settings, size);
    write_digest(page, digest);
    fputs("</td></tr>\n", page);
    free(settings);
}

static void write_origin(FILE *page, const page_state *state) {
    fputs("<h2>", page);
    say(page, state, WORD_ORIGIN, NULL);
    fputs("</h2>\n<table class=\"facts\">\n", page);
    for (uint32_t i = 0; i < state->databases->count; i++) {
        uint8_t digest[32];
        spectra_database_digest(state->databases->open[i], digest);
        fputs("<tr><th>", page);
        say(page, state, WORD_DATABASE, NULL);
        fputs("</th><td>", page);
        page_text(page, state->databases->names[i]);
        fputs("<br>", page);
        write_digest(page, digest);
        fputs("</td></tr>\n", page);
    }
    row(page, state, WORD_LIBRARY, spectra_version());
    for (size_t i = 0; i < state->about->count; i++) write_settings(page, state, i);
    fputs("<tr><th>", page);
    say(page, state, WORD_OPTIONS, NULL);
    fputs("</th><td><code>", page);
    for (size_t i = 0; i < state->about->option_count; i++) {
        fputs(i > 0 ? " " : "", page);
        page_text(page, state->about->options[i]);
    }
    fputs("</code></td></tr>\n</table>\n<p>", page);
    say(page, state, WORD_REPLAY, NULL);
    fputs("</p>\n<table class=\"facts sign\">\n<tr><th>", page);
    say(page, state, WORD_REVIEWER, NULL);
    fputs("</th><th>", page);
    say(page, state, WORD_DATE, NULL);
    fputs("</th><th>", page);
    say(page, state, WORD_SIGNATURE, NULL);
    fputs("</th></tr>\n<tr><td></td><td></td><td></td></tr>\n</table>\n</section>\n", page);
}

static void write_strings(FILE *page, const char *key, char *const *strings, size_t count) {
    fprintf(page, "\"%s\":[\n", key);
    for (size_t i = 0; i < count; i++) {
        page_json_string(page, strings[i]);
        fputs(i + 1 < count ? ",\n" : "\n", page);
    }
    fputs("],\n", page);
}

/* One thing on each line: replay.c reads it by lines. */
static void write_data(FILE *page, const page_state *state) {
    const cli_case *about = state->about;
    fputs("<script type=\"application/json\" id=\"spectra-report\">\n{\"report\":1,\n", page);
    write_strings(page, "options", about->options, about->option_count);
    write_strings(page, "databases", about->databases, about->database_count);
    fputs("\"spectra\":[\n", page);
    for (size_t i = 0; i < about->count; i++) {
        const cli_case_record *record = &about->records[i];
        fputs("{\"source\":", page);
        page_json_string(page, record->source);
        fprintf(page, ",\n\"index\":%llu,\n\"reading\":", (unsigned long long)record->index);
        page_json_string(page, record->reading);
        fputs(",\n\"record\":", page);
        page_json_string(page, record->record);
        fputs(",\n\"verdict\":", page);
        page_json(page, state->verdicts[i]);
        fputs(i + 1 < about->count ? "},\n" : "}\n", page);
    }
    fputs("]}\n</script>\n", page);
}

static void write_all(FILE *page, const page_state *state, const char *summary, const char *sections) {
    const page_word columns[] = {WORD_RANK, WORD_SOURCE, WORD_RESULT, WORD_SUBSTANCE};
    fprintf(page, "<!DOCTYPE html>\n<html lang=\"%s\">\n<head>\n%s<title>",
            page_words[WORD_LANGUAGE][state->arguments->report.language], head);
    say(page, state, WORD_TITLE, NULL);
    if (state->arguments->report.case_id) {
        fputs(" – ", page);
        page_text(page, state->arguments->report.case_id);
    }
    fprintf(page, "</title>\n%s</head>\n<body>\n", style);
    write_front(page, state);
    fputs("<h2>", page);
    say(page, state, WORD_SUMMARY, NULL);
    fputs("</h2>\n<table class=\"list\">\n<thead><tr>", page);
    for (size_t i = 0; i < sizeof columns / sizeof *columns; i++) {
        fputs("<th>", page);
        say(page, state, columns[i], NULL);
        fputs("</th>", page);
    }
    fprintf(page, "</tr></thead>\n<tbody>\n%s</tbody></table>\n%s", summary, sections);
    write_limits(page, state);
    write_origin(page, state);
    write_data(page, state);
    fputs("</body>\n</html>\n", page);
}

int cli_write_page(FILE *page, const cli_case *about, const cli_databases *databases, const cli_arguments *arguments) {
    char *summary = NULL, *sections = NULL;
    size_t summary_size = 0, sections_size = 0;
    int status = CLI_OK;
    page_state state = {.about = about, .databases = databases, .arguments = arguments};
    state.verdicts = calloc(about->count + 1, sizeof *state.verdicts);
    state.summary = open_memstream(&summary, &summary_size);
    state.sections = open_memstream(&sections, &sections_size);
    bool ready = state.verdicts && state.summary && state.sections;
    for (size_t i = 0; ready && i < about->count && status == CLI_OK; i++) status = answer_record(&state, i);
    if (state.summary && fclose(state.summary) != 0) ready = false;
    if (state.sections && fclose(state.sections) != 0) ready = false;
    if (ready && status == CLI_OK) write_all(page, &state, summary, sections);
    if (!ready) {
        cli_complain("not enough memory");
        status = CLI_FAILED;
    }
    for (size_t i = 0; state.verdicts && i < about->count; i++) free(state.verdicts[i]);
    free(state.verdicts);
    free(summary);
    free(sections);
    return status;
}
