/* SPDX-License-Identifier: Apache-2.0 */
/* spectra report --replay: reads the data inside a report, computes all of it again and compares. The file may say
   anything: what is not as a report is written is refused. */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>

#include "report.h"

#define MOST_BYTES ((size_t)1 << 28)
#define SHOWN 120 /* bytes of a value that differs */

/* --- JSON, as far as page.c writes it --- */

static size_t string_size(const char *text) { /* with its quotes; 0 where it has no end */
    for (size_t i = 1; text[0] == '"' && text[i]; i++) {
        if (text[i] == '"') return i + 1;
        if (text[i] == '\\' && text[i + 1]) i++;
    }
    return 0;
}

static size_t value_size(const char *text) {
    size_t at = 0, depth = 0;
    for (; text[at]; at++) {
        if (text[at] == '"') {
            size_t size = string_size(text + at);
            if (size == 0) return 0;
            at += size - 1;
        } else if (text[at] == '{' || text[at] == '[') {
            depth++;
        } else if (depth == 0 && strchr(",]}", text[at])) {
            break;
        } else if (text[at] == '}' || text[at] == ']') {
            depth--;
        }
    }
    return at;
}

const char *json_member(const char *json, size_t at, const char **key, size_t *key_size, size_t *size) {
    if (*json != '{') return NULL;
    for (json++; *json == '"'; at--) {
        size_t quoted = string_size(json);
        if (quoted == 0 || json[quoted] != ':') return NULL;
        const char *value = json + quoted + 1;
        *size = value_size(value);
        if (at == 0) {
            *key = json + 1;
            *key_size = quoted - 2;
            return value;
        }
        json = value + *size;
        if (*json != ',') return NULL;
        json++;
    }
    return NULL;
}

static int hex_digit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* "\\u00xx", all that page_json_string writes; 0 where it is none. */
static char unescape(const char *text) {
    int high = 0, low = 0;
    if (strncmp(text, "\\u00", 4) != 0 || (high = hex_digit(text[4])) < 0 || (low = hex_digit(text[5])) < 0) return 0;
    return high < 8 ? (char)(high * 16 + low) : 0;
}

/* The caller's to free; NULL where it is no string. Only `all` escapes, or those of markup alone. */
static char *decode(const char *text, size_t size, bool all) {
    char *out = malloc(size + 1), *end = out;
    for (size_t i = 0; out && i < size; i++) {
        char plain = text[i] == '\\' ? unescape(text + i) : 0;
        if (plain && (all || strchr("<>&", plain))) {
            *end++ = plain;
            i += 5;
        } else if (text[i] == '\\' && all) {
            free(out);
            return NULL;
        } else {
            *end++ = text[i];
            if (text[i] == '\\' && i + 1 < size) *end++ = text[++i];
        }
    }
    if (out) *end = '\0';
    return out;
}

/* --- Lines of the data --- */

typedef struct line_reader {
    char *next; /* NULL behind the last */
} line_reader;

static char *take_line(line_reader *lines) {
    char *line = lines->next;
    if (!line) return NULL;
    char *end = strchr(line, '\n');
    if (!end) return NULL;
    *end = '\0';
    lines->next = end + 1;
    return line;
}

/* What follows `start` in a line, without a comma at its end; NULL where it begins otherwise. */
static const char *behind(char *line, const char *start) {
    size_t size = strlen(start);
    if (!line || strncmp(line, start, size) != 0) return NULL;
    size_t length = strlen(line);
    if (length > size && line[length - 1] == ',') line[length - 1] = '\0';
    return line + size;
}

static char *take_string(const char *text) {
    if (!text) return NULL;
    size_t size = string_size(text);
    return size > 0 && !text[size] ? decode(text + 1, size - 2, true) : NULL;
}

static bool take_strings(line_reader *lines, const char *start, char ***out, size_t *count, size_t most) {
    const char *line = behind(take_line(lines), start);
    if (!line || *line) return false;
    *out = calloc(most + 1, sizeof **out);
    while (*out && (line = behind(take_line(lines), "")) != NULL) {
        if (strcmp(line, "]") == 0) return true;
        if (*count == most || !((*out)[*count] = take_string(line))) return false;
        ++*count;
    }
    return false;
}

static bool take_record(line_reader *lines, char *first, cli_case *about) {
    cli_case_record *records = realloc(about->records, (about->count + 1) * sizeof *records);
    if (!records) return false;
    about->records = records;
    cli_case_record *record = &records[about->count++];
    *record = (cli_case_record){.source = take_string(behind(first, "{\"source\":"))};
    const char *index = behind(take_line(lines), "\"index\":");
    for (; index && *index >= '0' && *index <= '9'; index++)
        record->index = record->index * 10 + (uint64_t)(*index - '0');
    record->reading = take_string(behind(take_line(lines), "\"reading\":"));
    record->record = take_string(behind(take_line(lines), "\"record\":"));
    const char *verdict = behind(take_line(lines), "\"verdict\":");
    size_t size = verdict ? strlen(verdict) : 0;
    if (size > 1) record->verdict = decode(verdict, size - 1, false); /* without the record's own brace */
    return index && !*index && record->source && record->reading && record->record && record->verdict;
}

static bool read_case(cli_case *about, char *page) {
    static const char start[] = "\n<script type=\"application/json\" id=\"spectra-report\">\n{\"report\":1,\n";
    char *data = strstr(page, start);
    if (!data) return false;
    line_reader lines = {data + sizeof start - 1};
    if (!take_strings(&lines, "\"options\":[", &about->options, &about->option_count, CLI_MAX_GIVEN)) return false;
    if (!take_strings(&lines, "\"databases\":[", &about->databases, &about->database_count, CLI_MAX_DATABASES))
        return false;
    const char *line = behind(take_line(&lines), "\"spectra\":[");
    if (!line || *line) return false;
    for (char *next; (next = take_line(&lines)) != NULL && strcmp(next, "]}") != 0;)
        if (!take_record(&lines, next, about)) return false;
    return about->count > 0 && about->database_count > 0;
}

/* --- Comparing --- */

static void show(const char *word, const char *value, size_t size) {
    printf("    %s ", word);
    for (size_t i = 0; i < size && i < SHOWN; i++)
        putchar((uint8_t)value[i] < 0x20 || value[i] == 0x7f ? '?' : value[i]);
    printf("%s\n", size > SHOWN ? "…" : size == 0 ? "nothing" : "");
}

static const char *find_member(const char *json, const char *name, size_t name_size, size_t *size) {
    const char *key, *value;
    size_t key_size;
    for (size_t i = 0; (value = json_member(json, i, &key, &key_size, size)) != NULL; i++)
        if (key_size == name_size && memcmp(key, name, name_size) == 0) return value;
    *size = 0;
    return "";
}

/* Keys whose values differ; each is shown as recorded and as it is now. With `missing`, only those that `other` lacks.
 */
static void show_differences(const char *recorded, const char *now, bool missing) {
    const char *from = missing ? now : recorded, *to = missing ? recorded : now, *key, *value;
    size_t key_size, size, other_size;
    for (size_t i = 0; (value = json_member(from, i, &key, &key_size, &size)) != NULL; i++) {
        const char *other = find_member(to, key, key_size, &other_size);
        if (missing ? other_size > 0 : size == other_size && memcmp(value, other, size) == 0) continue;
        show("differs:", key, key_size);
        show("  recorded", missing ? other : value, missing ? other_size : size);
        show("  now     ", missing ? value : other, missing ? size : other_size);
    }
}

static int compare(const cli_case *recorded, const cli_case *now, const char *path) {
    size_t different = 0;
    for (size_t i = 0; i < recorded->count && i < now->count; i++) {
        const cli_case_record *was = &recorded->records[i], *is = &now->records[i];
        if (strcmp(was->verdict, is->verdict) == 0) continue;
        different++;
        printf("%s: spectrum %zu: the verdict differs\n", path, i + 1);
        show_differences(was->verdict, is->verdict, false);
        show_differences(was->verdict, is->verdict, true);
    }
    if (different == 0) printf("%s: the data are equal; the page shows something else\n", path);
    return CLI_DIFFERS;
}

/* --- The file --- */

static char *read_file(const char *path) {
    FILE *stream = fopen(path, "rb");
    if (!stream) return NULL;
    char *text = NULL, *more;
    size_t size = 0, capacity = 0, got = 1;
    while (got > 0 && size < MOST_BYTES) {
        if (capacity - size < 65536) {
            capacity = 2 * capacity + 131072;
            more = realloc(text, capacity);
            if (!more) break;
            text = more;
        }
        got = fread(text + size, 1, capacity - size - 1, stream);
        size += got;
    }
    bool good = got == 0 && !ferror(stream) && text && !memchr(text, '\0', size);
    fclose(stream);
    if (good) {
        text[size] = '\0';
        return text;
    }
    free(text);
    return NULL;
}

/* The options as they were given; false after a message. */
static bool parse_options(cli_arguments *again, const cli_case *about, char **words) {
    static char program[] = "report", output[] = "-o", nowhere[] = "-", end[] = "--", file[] = "-";
    int count = 0;
    words[count++] = program;
    for (size_t i = 0; i < about->option_count; i++) words[count++] = about->options[i];
    words[count++] = output;
    words[count++] = nowhere;
    words[count++] = end;
    words[count++] = file;
    words[count] = NULL;
    return cli_parse(again, CLI_REPORT, count, words);
}

/* The page of today over the same databases, or those named instead. NULL after a message. */
static char *write_again(const cli_case *about, const cli_arguments *arguments, int *status) {
    char *words[CLI_MAX_GIVEN + 8], *text = NULL;
    cli_arguments again;
    cli_databases databases = {0};
    size_t size = 0;
    *status = CLI_USAGE;
    if (!parse_options(&again, about, words)) return NULL;
    again.database_count = (uint32_t)about->database_count;
    for (size_t i = 0; i < about->database_count; i++)
        again.databases[i] = i < arguments->database_count ? arguments->databases[i] : about->databases[i];
    *status = CLI_BAD_DATABASE;
    FILE *stream = NULL;
    if (cli_open_databases(&databases, &again)) {
        for (size_t i = 0; i < about->database_count; i++) databases.names[i] = about->databases[i];
        stream = open_memstream(&text, &size);
        *status = stream ? cli_write_page(stream, about, &databases, &again) : CLI_FAILED;
        if (stream && fclose(stream) != 0) *status = CLI_FAILED;
    }
    cli_close_databases(&databases);
    if (*status == CLI_OK) return text;
    free(text);
    return NULL;
}

int cli_replay(const cli_arguments *arguments) {
    const char *path = arguments->files[0];
    cli_case recorded = {0}, now = {0};
    int status = CLI_BAD_INPUT;
    char *page = read_file(path), *parsed = page ? strdup(page) : NULL, *again = NULL;
    if (!page)
        cli_complain("%s: cannot be read", path);
    else if (!parsed || !read_case(&recorded, parsed))
        cli_complain("%s: is no report of this program, or its data were changed", path);
    else
        again = write_again(&recorded, arguments, &status);
    if (again && strcmp(again, page) == 0)
        printf("%s: equal: %zu verdicts and every byte of the page\n", path, recorded.count);
    else if (again)
        status = read_case(&now, again) ? compare(&recorded, &now, path) : CLI_FAILED;
    cli_case_free(&recorded);
    cli_case_free(&now);
    free(page);
    free(parsed);
    free(again);
    return status;
}
