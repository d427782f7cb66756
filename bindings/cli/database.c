/* SPDX-License-Identifier: Apache-2.0 */
/* spectra db build, info and verify. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"

/* Records of one input file. */
typedef struct build_tally {
    uint64_t added, unreadable, left_out;
    bool failed;
} build_tally;

static void leave_out(build_tally *tally, const char *path, const spectra_spectrum *spectrum,
                      const spectra_error *error) {
    const char *id = spectra_spectrum_field(spectrum, SPECTRA_FIELD_ACCESSION);
    if (!id) id = spectra_spectrum_field(spectrum, SPECTRA_FIELD_NAME);
    cli_complain("%s: record %" PRIu64 " (%s) left out: %s", path,
                 tally->added + tally->unreadable + tally->left_out + 1, id ? id : "no name", error->message);
    tally->left_out++;
}

static void add_file(build_tally *tally, spectra_builder *builder, const char *path, const cli_arguments *arguments) {
    spectra_reader *reader;
    spectra_error error = {0};
    if (cli_open_reader(&reader, path, arguments->strict, &error) < 0) {
        cli_complain_error(path, &error);
        tally->failed = true;
        return;
    }
    while (!tally->failed) {
        const spectra_spectrum *spectrum;
        error = (spectra_error){0};
        spectra_status status = spectra_reader_next(reader, &spectrum, &error);
        if (status == SPECTRA_END) break;
        if (status != SPECTRA_OK) {
            cli_complain_error(path, &error);
            tally->unreadable++;
        } else {
            status = spectra_builder_add_spectrum(builder, spectrum, arguments->search.track, &error);
            if (status == SPECTRA_OK)
                tally->added++;
            else
                leave_out(tally, path, spectrum, &error);
        }
        tally->failed = status == SPECTRA_E_MEMORY || status == SPECTRA_E_IO;
    }
    spectra_reader_free(reader);
}

static bool add_substances(spectra_builder *builder, const cli_arguments *arguments) {
    const char *path = arguments->substances ? arguments->substances : cli_data_file("substances.tsv");
    spectra_error error = {0};
    if (!path) {
        cli_complain(
            "warning: no table of substances is installed: isomers and classes are known from the records alone");
        return true;
    }
    if (spectra_builder_add_substances_table(builder, path, &error) == SPECTRA_OK) return true;
    cli_complain_error(path, &error);
    return false;
}

static bool add_knowledge(spectra_builder *builder, const cli_arguments *arguments) {
    const char *path = arguments->knowledge ? arguments->knowledge : cli_data_file("knowledge");
    spectra_error error = {0};
    if (!path) {
        cli_complain("warning: no knowledge is installed: an analogue that is in no database is not recognised");
        return true;
    }
    if (spectra_builder_add_knowledge(builder, path, &error) == SPECTRA_OK) return true;
    cli_complain_error(path, &error);
    return false;
}

static bool set_options(spectra_builder *builder, const cli_arguments *arguments) {
    spectra_error error = {0};
    if (spectra_builder_set_options(builder, &arguments->build, &error) == SPECTRA_OK) return true;
    cli_complain("%s", error.message);
    return false;
}

static int build(spectra_builder *builder, const cli_arguments *arguments) {
    build_tally total = {0};
    if (!set_options(builder, arguments)) return CLI_USAGE;
    if (!add_substances(builder, arguments) || !add_knowledge(builder, arguments)) return CLI_BAD_INPUT;
    for (int i = 0; i < arguments->file_count && !total.failed; i++) {
        build_tally tally = {0};
        add_file(&tally, builder, arguments->files[i], arguments);
        printf("%s: %" PRIu64 " records, %" PRIu64 " added, %" PRIu64 " unreadable, %" PRIu64 " left out\n",
               arguments->files[i], tally.added + tally.unreadable + tally.left_out, tally.added, tally.unreadable,
               tally.left_out);
        total.added += tally.added;
        total.unreadable += tally.unreadable;
        total.failed = tally.failed;
    }
    if (total.failed || total.added == 0 || (arguments->strict && total.unreadable > 0)) {
        cli_complain("no database was written");
        return CLI_BAD_INPUT;
    }
    spectra_error error = {0};
    if (spectra_builder_calibrate(builder, &error) == SPECTRA_OK &&
        spectra_builder_write(builder, arguments->output, &error) == SPECTRA_OK)
        return CLI_OK;
    cli_complain_error(arguments->output, &error);
    return CLI_FAILED;
}

int cli_build(const cli_arguments *arguments) {
    spectra_builder *builder;
    if (spectra_builder_create(&builder, NULL) < 0) {
        cli_complain("not enough memory");
        return CLI_FAILED;
    }
    int status = build(builder, arguments);
    spectra_builder_free(builder);
    return status;
}

static spectra_database *open_database(const cli_arguments *arguments) {
    spectra_database *database;
    spectra_error error = {0};
    if (spectra_database_open(&database, arguments->files[0], SPECTRA_OPEN_MAP, NULL, &error) == SPECTRA_OK)
        return database;
    cli_complain_error(arguments->files[0], &error);
    return NULL;
}

int cli_verify(const cli_arguments *arguments) {
    spectra_database *database = open_database(arguments);
    if (!database) return CLI_BAD_DATABASE;
    spectra_error error = {0};
    spectra_status status = spectra_database_verify(database, &error);
    if (status == SPECTRA_OK)
        printf("%s: verified: %" PRIu32 " spectra, %" PRIu32 " substances\n", arguments->files[0],
               spectra_database_entry_count(database), spectra_database_substance_count(database));
    else
        cli_complain("%s: byte %" PRIu64 ": %s", arguments->files[0], error.offset, error.message);
    spectra_database_close(database);
    return status == SPECTRA_OK ? CLI_OK : CLI_BAD_DATABASE;
}

/* The kinds of spectrum a database can hold, as columns. */
enum { KIND_EI, KIND_MSMS_POSITIVE, KIND_MSMS_NEGATIVE, KIND_INSOURCE_POSITIVE, KIND_INSOURCE_NEGATIVE, KIND_COUNT };
static const char *const kind_names[KIND_COUNT] = {"EI", "MS/MS +", "MS/MS -", "in-source +", "in-source -"};

static int kind_of(const spectra_entry *entry) {
    bool negative = entry->polarity == SPECTRA_POLARITY_NEGATIVE;
    if (entry->track == SPECTRA_TRACK_EI) return KIND_EI;
    if (entry->track == SPECTRA_TRACK_MSMS) return negative ? KIND_MSMS_NEGATIVE : KIND_MSMS_POSITIVE;
    return negative ? KIND_INSOURCE_NEGATIVE : KIND_INSOURCE_POSITIVE;
}

typedef uint32_t kind_counts[KIND_COUNT];

/* Spectra of each substance by kind; the row behind the last substance counts all. NULL where memory or bytes fail. */
static kind_counts *count_spectra(const spectra_database *database) {
    uint32_t substances = spectra_database_substance_count(database);
    kind_counts *counts = calloc((size_t)substances + 1, sizeof *counts);
    for (uint32_t i = 0; counts && i < spectra_database_entry_count(database); i++) {
        spectra_entry entry;
        if (spectra_database_entry(database, i, &entry) != SPECTRA_OK || entry.substance >= substances) {
            free(counts);
            return NULL;
        }
        counts[entry.substance][kind_of(&entry)]++;
        counts[substances][kind_of(&entry)]++;
    }
    return counts;
}

static void print_coverage(const spectra_database *database, kind_counts *counts) {
    printf("substance\tclass\tformula\tinchikey");
    for (int k = 0; k < KIND_COUNT; k++) printf("\t%s", kind_names[k]);
    putchar('\n');
    for (uint32_t i = 0; i < spectra_database_substance_count(database); i++) {
        spectra_substance substance;
        if (spectra_database_substance(database, i, &substance) != SPECTRA_OK) continue;
        printf("%s\t%s\t%s\t%s", substance.name, substance.substance_class, substance.formula, substance.inchikey);
        for (int k = 0; k < KIND_COUNT; k++) printf("\t%" PRIu32, counts[i][k]);
        putchar('\n');
    }
}

static void print_sections(const spectra_database *database) {
    printf("section\ttrack\tpolarity\tversion\toffset\tsize\tcount\n");
    for (uint32_t i = 0; i < spectra_database_section_count(database); i++) {
        spectra_section section;
        if (spectra_database_section(database, i, &section) != SPECTRA_OK) continue;
        printf("%s\t%" PRId32 "\t%" PRId32 "\t%" PRIu32 "\t%" PRIu64 "\t%" PRIu64 "\t%" PRIu64 "\n", section.name,
               section.track, section.polarity, section.version, section.offset, section.size, section.count);
    }
}

static uint32_t count_measured(const spectra_database *database, kind_counts *counts) {
    uint32_t measured = 0;
    for (uint32_t i = 0; i < spectra_database_substance_count(database); i++) {
        uint32_t any = 0;
        for (int k = 0; k < KIND_COUNT; k++) any |= counts[i][k];
        measured += any > 0;
    }
    return measured;
}

static void print_summary(const char *path, const spectra_database *database, kind_counts *counts) {
    uint8_t digest[32];
    spectra_database_digest(database, digest);
    printf("file\t%s\ndigest\t", path);
    for (size_t i = 0; i < sizeof digest; i++) printf("%02x", digest[i]);
    uint32_t substances = spectra_database_substance_count(database);
    printf("\nspectra\t%" PRIu32 "\n", spectra_database_entry_count(database));
    for (int k = 0; k < KIND_COUNT; k++)
        if (counts[substances][k] > 0) printf("spectra, %s\t%" PRIu32 "\n", kind_names[k], counts[substances][k]);
    printf("substances\t%" PRIu32 "\nsubstances with a spectrum\t%" PRIu32 "\n", substances,
           count_measured(database, counts));
}

int cli_info(const cli_arguments *arguments) {
    spectra_database *database = open_database(arguments);
    if (!database) return CLI_BAD_DATABASE;
    kind_counts *counts = count_spectra(database);
    if (!counts)
        cli_complain("%s: entries cannot be read: run spectra db verify", arguments->files[0]);
    else if (arguments->coverage)
        print_coverage(database, counts);
    else if (arguments->sections)
        print_sections(database);
    else
        print_summary(arguments->files[0], database, counts);
    free(counts);
    spectra_database_close(database);
    return counts ? CLI_OK : CLI_BAD_DATABASE;
}
