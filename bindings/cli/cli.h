/* SPDX-License-Identifier: Apache-2.0 */
/* What the commands of the program share. Data goes to standard output, everything else to standard error. */
#ifndef CLI_H
#define CLI_H

#include <stdbool.h>
#include <stdio.h>

#include "spectra/spectra.h"

/* Exit statuses: scripts rely on them. */
enum {
    CLI_OK = 0,
    CLI_USAGE = 2,
    CLI_BAD_INPUT = 3,
    CLI_BAD_DATABASE = 4,
    CLI_FAILED = 5, /* memory or output */
    CLI_NO_MATCH = 10,
    CLI_INCONCLUSIVE = 11,
    CLI_DIFFERS = 12 /* a report is not what comes out today */
};

#define CLI_MAX_DATABASES 16
#define CLI_MAX_PREFIXES 64
#define CLI_MAX_TOP 10000
#define CLI_MAX_THREADS 64
#define CLI_PATH_SIZE 4096

typedef enum cli_command {
    CLI_IDENTIFY,
    CLI_SEARCH,
    CLI_BUILD,
    CLI_INFO,
    CLI_VERIFY,
    CLI_CONVERT,
    CLI_PREPROCESS,
    CLI_PLOT,
    CLI_SCREEN,
    CLI_REPORT
} cli_command;

#define CLI_MAX_CALIBRANTS 64

/* What the options say of a transient, as they are written. */
typedef struct cli_transient_words {
    const char *kind; /* NULL: the input is none */
    const char *rate, *calibration, *apodisation, *beta, *threshold, *saturation;
    const char *calibrants[CLI_MAX_CALIBRANTS];
    uint32_t calibrant_count;
} cli_transient_words;

/* How pictures are made; zero is the default of each. */
typedef struct cli_picture_options {
    const char *folder; /* of identify; NULL: no pictures are made */
    int32_t kind;       /* CLI_PICTURE_… */
    uint32_t dpi, labels, record;
    double width, height; /* in mm */
    double from_mz, to_mz;
} cli_picture_options;
enum { CLI_PICTURE_BY_ENDING, CLI_PICTURE_PNG, CLI_PICTURE_SVG };

/* What a report says beside the verdicts; NULL or zero where it is not given. */
typedef struct cli_report_options {
    int32_t language; /* CLI_ENGLISH… */
    bool replay;
    const char *case_id, *reviewer, *date, *note;
} cli_report_options;
enum { CLI_ENGLISH, CLI_SPANISH, CLI_FRENCH, CLI_LANGUAGES };

/* An option as it was given; value NULL where it has none. */
#define CLI_MAX_GIVEN 128
typedef struct cli_given {
    const char *name, *value;
} cli_given;

/* The command line, taken apart. */
typedef struct cli_arguments {
    cli_command command;
    char **files; /* what is no option */
    int file_count;
    const char *databases[CLI_MAX_DATABASES];
    uint32_t database_count;
    const char *prefixes[CLI_MAX_PREFIXES];
    spectra_search_options search;
    spectra_report_format format;
    uint32_t top;
    uint32_t threads;
    bool strict;
    bool explain;
    bool group; /* all spectra are of one sample */
    const char *output;
    const char *substances;
    const char *knowledge;
    spectra_builder_options build;
    spectra_format to;
    bool sections, coverage;
    bool profile; /* records are profiles */
    spectra_profile_options profile_options;
    const char *axis;  /* NULL: as the kind of spectrum tells */
    const char *steps; /* folder of the curves */
    cli_transient_words transient;
    cli_picture_options picture;
    const char *blank, *targets; /* files */
    double carry_over;           /* 0: the default */
    cli_report_options report;
    cli_given given[CLI_MAX_GIVEN]; /* of report */
    uint32_t given_count;
} cli_arguments;

/* Takes the words after the command apart; false after a message on standard error. */
bool cli_parse(cli_arguments *arguments, cli_command command, int argc, char **argv);

/* "spectra: …" on standard error. */
void cli_complain(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* The same with an error of the library and its place. */
void cli_complain_error(const char *file, const spectra_error *error);

/* Takes the place of standard streams that are closed, so that no file that is opened later becomes one: what is read
   from or written to them fails. False where the system has no descriptor left. */
bool cli_keep_streams_apart(void);
/* A number with a point before its decimals in every locale, which printf's is not. */
#define CLI_NUMBER_SIZE 40
const char *cli_number(char text[CLI_NUMBER_SIZE], double value, unsigned decimals);

/* A sink over a stdio stream. */
spectra_sink cli_sink(FILE *stream);

/* A file that appears whole or not at all: it is written beside its place, under a name of its own, reaches the disk
   and is renamed. NULL, or false, where that fails; `keep` false leaves what stood there. */
FILE *cli_begin_file(char temporary[CLI_PATH_SIZE], const char *path);
bool cli_end_file(FILE *stream, const char *temporary, const char *path, bool keep);

/* A reader over a file or, for "-", standard input. */
spectra_status cli_open_reader(spectra_reader **out, const char *path, bool strict, spectra_error *error);

/* Memory for profiles, reused from one to the next; begins as all zero. */
typedef struct cli_profiler {
    spectra_spectrum *spectrum;           /* with the peaks of the last profile */
    const spectra_profile_result *result; /* of it, in the scratch */
    uint8_t *bytes;                       /* of the scratch */
    size_t size;
    uint64_t index; /* of the profile, from 0 */
} cli_profiler;

/* The record's peaks taken as a profile: a spectrum with its metadata and the peaks found, the profiler's until the
   next call. Writes the curves where a folder for them is given. */
spectra_status cli_find_peaks(const spectra_spectrum **out, cli_profiler *profiler, const spectra_spectrum *record,
                              const cli_arguments *arguments, spectra_error *error);
void cli_profiler_free(cli_profiler *profiler);

/* What the ions were made by: as --axis says, else as the kind of spectrum tells. */
spectra_ionisation cli_ionisation_of(const spectra_spectrum *record, const cli_arguments *arguments);
/* Every peak is in its own unit of mass. */
bool cli_axis_is_sure(const spectra_profile_result *result);

/* Databases of --db or the usual one; begins as all zero. Opening complains by itself. */
typedef struct cli_databases {
    spectra_database *open[CLI_MAX_DATABASES];
    const char *names[CLI_MAX_DATABASES];
    uint32_t count;
} cli_databases;

bool cli_open_databases(cli_databases *databases, const cli_arguments *arguments);
void cli_close_databases(cli_databases *databases);

/* The transient in the only file given, and its peaks written. */
int cli_convert_transient(FILE *stream, const cli_arguments *arguments, spectra_format format);

/* Path of a file of the installation ("reference.spdb", "substances.tsv"): beside the program, else where it was
   installed; static storage, NULL where there is none. */
const char *cli_data_file(const char *name);

int cli_query(const cli_arguments *arguments); /* identify and search */
int cli_screen(const cli_arguments *arguments);
int cli_build(const cli_arguments *arguments);
int cli_info(const cli_arguments *arguments);
int cli_verify(const cli_arguments *arguments);
int cli_convert(const cli_arguments *arguments); /* convert and preprocess */
int cli_plot(const cli_arguments *arguments);
int cli_report(const cli_arguments *arguments);

/* The picture of an answer into the folder of --plot: the query against what is most like it. */
spectra_status cli_plot_answer(const spectra_report_query *query, const spectra_identification *identification,
                               const cli_arguments *arguments, uint64_t number, spectra_error *error);
/* The same picture as an SVG element. */
spectra_status cli_draw_answer(const spectra_sink *sink, const spectra_report_query *query,
                               const spectra_identification *identification, const cli_arguments *arguments);

#endif
