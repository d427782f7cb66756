/* SPDX-License-Identifier: Apache-2.0 */
/* The case report: one HTML page that depends on its case and the databases alone, so that a replay can write it again
   and compare the bytes. */
#ifndef CLI_REPORT_H
#define CLI_REPORT_H

#include "cli.h"
#include "page_words.h"

/* A record as the report keeps it: what is answered is read from `record`, so that a replay has the same. */
typedef struct cli_case_record {
    char *source;
    uint64_t index;
    char *reading; /* warnings of the reader, a line each */
    char *record;  /* as MSP */
    char *verdict; /* replay: the JSON that was recorded */
} cli_case_record;

/* What a page is made from. */
typedef struct cli_case {
    cli_case_record *records;
    size_t count;
    char **options; /* "--name=value" */
    size_t option_count;
    char **databases; /* as they were named */
    size_t database_count;
} cli_case;

/* A record answered. */
typedef struct cli_case_answer {
    const spectra_report_query *query;
    const spectra_identification *it;
    const cli_arguments *arguments;
    const cli_case_record *record;
    size_t number; /* among the case's, from 1 */
} cli_case_answer;

/* Writes the page; complains by itself. */
int cli_write_page(FILE *page, const cli_case *about, const cli_databases *databases, const cli_arguments *arguments);
/* The part of one answer. */
spectra_status cli_write_answer(FILE *page, const cli_case_answer *answer);

/* Memory of a case is its own. */
void cli_case_free(cli_case *about);
int cli_replay(const cli_arguments *arguments);

/* --- Text that is safe in a page --- */

/* Nothing of it is markup; what is no UTF-8, or turns the direction of writing, is replaced. */
void page_text(FILE *page, const char *text);
/* A JSON string that is safe in a script element. */
void page_json_string(FILE *page, const char *text);
/* JSON, likewise. */
void page_json(FILE *page, const char *json);
/* Words of the table; %1 to %4 in them stand for the values, NULL where there are fewer. */
void page_say(FILE *page, int32_t language, page_word word, const char *const values[4]);
#define PAGE_SAY(page, language, word, ...) page_say(page, language, word, (const char *const[4]){__VA_ARGS__})

/* The value of a key of an object on one line, its size in *size; NULL where it has none. `at` 0 is the first. */
const char *json_member(const char *json, size_t at, const char **key, size_t *key_size, size_t *size);

#endif
