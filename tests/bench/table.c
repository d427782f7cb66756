/* SPDX-License-Identifier: Apache-2.0 */
/* Prints and appends rows. Knows numbers; nothing of what was measured. */
#include "table.h"

#include <stdio.h>
#include <string.h>

/* "model name" of the first processor, in `text`. */
static void read_processor(char text[128]) {
    char line[512];
    strcpy(text, "unknown");
    FILE *file = fopen("/proc/cpuinfo", "r");
    while (file && fgets(line, sizeof line, file)) {
        const char *name = strchr(line, ':');
        if (strncmp(line, "model name", 10) != 0 || !name) continue;
        snprintf(text, 128, "%s", name + 2);
        text[strcspn(text, "\n,\"")] = '\0';
        break;
    }
    if (file) fclose(file);
}

#if defined __clang__
#define COMPILER "clang " __clang_version__
#else
#define COMPILER "gcc " __VERSION__
#endif

void bench_table_begin(bench_table *table) {
    char processor[128];
    read_processor(processor);
    printf("%s; %s; kernel %s; commit %s\n", processor, COMPILER, table->kernel, table->commit);
    printf("%-44s%12s%12s%12s%12s%12s%10s%10s  %s\n", "work", "baseline", "median", "mean", "p95", "value", "must",
           "aim", "");
}

static bool reaches(const bench_target *target, double value, double wanted) {
    return target->kind == BENCH_AMOUNT ? value <= wanted : value >= wanted;
}

static const char *verdict(const bench_table *table, const bench_target *target, double value) {
    if (!table->judged || target->kind == BENCH_FACT) return "";
    if (!reaches(target, value, target->must)) return "falls short";
    if (target->aim > 0 && reaches(target, value, target->aim)) return "pass, aim reached";
    return "pass";
}

static void print_time(double seconds) {
    char text[32] = "-";
    if (seconds > 0 && seconds < 1e-3) snprintf(text, sizeof text, "%.1f µs", 1e6 * seconds);
    if (seconds >= 1e-3 && seconds < 1) snprintf(text, sizeof text, "%.2f ms", 1e3 * seconds);
    if (seconds >= 1) snprintf(text, sizeof text, "%.2f s", seconds);
    /* A µ has two bytes. */
    printf("%*s", strstr(text, "µ") ? 13 : 12, text);
}

static void print_value(double value, const char *unit, int width) {
    char text[32] = "-";
    if (value > 0)
        snprintf(text, sizeof text, value < 20 ? "%.2f%s%s" : "%.0f%s%s", value, *unit == 'x' ? "" : " ", unit);
    printf("%*s", width, text);
}

static void append(const bench_table *table, const char *work, const bench_target *target, double value,
                   const bench_summary *baseline, const bench_summary *ours) {
    char processor[128];
    FILE *file = fopen(table->csv, "a");
    if (!file) {
        perror(table->csv);
        return;
    }
    read_processor(processor);
    fprintf(file, "%s,%s,%s,%s,%s,\"%s\",%.7g,%.7g,%.7g,%.7g,%.5g,%s,%g,%g,\"%s\"\n", table->commit, processor,
            COMPILER, table->kernel, table->library, work, baseline->median, ours->median, ours->mean, ours->p95, value,
            target->unit, target->must, target->aim, verdict(table, target, value));
    fclose(file);
}

static void add_row(bench_table *table, const char *work, const bench_target *target, double value,
                    const bench_summary *baseline, const bench_summary *ours) {
    char label[128];
    const char *said = verdict(table, target, value);
    snprintf(label, sizeof label, "%s, %s", work, table->library);
    printf("%-44s", label);
    print_time(baseline->median);
    print_time(ours->median);
    print_time(ours->mean);
    print_time(ours->p95);
    print_value(value, target->unit, 12);
    print_value(target->must, target->unit, 10);
    print_value(target->aim, target->unit, 10);
    printf("  %s\n", said);
    fflush(stdout);
    table->short_of += strcmp(said, "falls short") == 0;
    if (table->csv) append(table, work, target, value, baseline, ours);
}

void bench_table_compare(bench_table *table, const char *work, const bench_target *target, bench_samples *baseline,
                         bench_samples *ours) {
    bench_summary theirs = bench_summarise(baseline), own = bench_summarise(ours);
    add_row(table, work, target, own.median > 0 ? theirs.median / own.median : 0, &theirs, &own);
}

void bench_table_value(bench_table *table, const char *work, const bench_target *target, double value,
                       bench_samples *samples) {
    bench_summary none = {0}, own = samples ? bench_summarise(samples) : none;
    add_row(table, work, target, value, &none, &own);
}

void bench_table_note(const char *text) {
    printf("    %s\n", text);
    fflush(stdout);
}
