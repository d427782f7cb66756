/* SPDX-License-Identifier: Apache-2.0 */
/* Every prefix of a file, and the file without each of its bytes: nothing is silently shorter or altered.

   A record of a prefix is that of the whole file, or carries a warning. A deleted byte leaves the other records as they
   were; the record it stood in is there unchanged, or gives an error, or carries a warning, or differs in one token: a
   number, an annotation, or a line of metadata (of which two become one where the byte was the line end between them).

       sweep FILE…        totals for each file; status 1 if there is a violation
       sweep --self-test  readers that lose warnings or errors are caught */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "spectra/io.h"

/* A file above it is swept in pieces of whole records, each as a file of its own. */
#define PIECE_SIZE 32768u
/* A file is refused by what stands in front: of longer prefixes no more is looked at. */
#define REFUSED_LENGTHS 66000u
#define SHOWN_VIOLATIONS 5
/* Pairs that one deletion may change: a tag of MassBank with the lines that continue it. */
#define MAX_CHANGED 64

/* What a broken reader would lose, for the self-test. */
static bool lose_warnings, lose_errors;

/* --- Memory that grows and is used again --- */

typedef struct arena {
    char *bytes;
    size_t count, capacity;
} arena;

static size_t store(arena *a, const void *bytes, size_t size) {
    if (a->capacity - a->count < size) {
        a->capacity = 2 * (a->capacity + size);
        a->bytes = realloc(a->bytes, a->capacity);
        if (!a->bytes) abort();
    }
    size_t offset = a->count;
    if (size > 0) memcpy(a->bytes + offset, bytes, size);
    a->count += size;
    return offset;
}

/* --- Reading --- */

/* Tokens are pairs and peaks, in this order: offsets of two texts; m/z, intensity and the offset of an annotation. */
typedef struct token {
    double mz, intensity;
    size_t text[2];
} token;

typedef struct record {
    size_t first, pairs, peaks; /* of its tokens */
    bool warned;
} record;

typedef struct reading {
    arena texts, tokens, records;
    size_t count;
    size_t errors;
} reading;

typedef struct bytes_in {
    const char *bytes;
    size_t left;
} bytes_in;

static spectra_status read_bytes(void *context, uint8_t *bytes, size_t capacity, size_t *size) {
    bytes_in *in = context;
    *size = in->left < capacity ? in->left : capacity;
    if (*size > 0) memcpy(bytes, in->bytes, *size);
    in->bytes += *size;
    in->left -= *size;
    return SPECTRA_OK;
}

static const record *record_at(const reading *r, size_t i) {
    return (const record *)(const void *)r->records.bytes + i;
}

static const token *token_at(const reading *r, const record *of, size_t i) {
    return (const token *)(const void *)r->tokens.bytes + of->first + i;
}

static const char *text_of(const reading *r, const token *t, size_t i) {
    return r->texts.bytes + t->text[i];
}

static size_t store_text(reading *r, const char *text) {
    return store(&r->texts, text ? text : "", text ? strlen(text) + 1 : 1);
}

static void keep(reading *r, const spectra_spectrum *spectrum) {
    record kept = {.first = r->tokens.count / sizeof(token),
                   .pairs = spectra_spectrum_metadata_count(spectrum),
                   .peaks = spectra_spectrum_peak_count(spectrum),
                   .warned = !lose_warnings && spectra_spectrum_warning_count(spectrum) > 0};
    const char *key, *value;
    for (size_t i = 0; spectra_spectrum_metadata(spectrum, i, &key, &value) == SPECTRA_OK; i++) {
        token pair = {.text = {store_text(r, key), store_text(r, value)}};
        store(&r->tokens, &pair, sizeof pair);
    }
    for (size_t i = 0; i < kept.peaks; i++) {
        token peak = {.mz = spectra_spectrum_mz(spectrum)[i], .intensity = spectra_spectrum_intensity(spectrum)[i]};
        peak.text[0] = peak.text[1] = store_text(r, spectra_spectrum_annotation(spectrum, i));
        store(&r->tokens, &peak, sizeof peak);
    }
    store(&r->records, &kept, sizeof kept);
    r->count++;
}

/* False where the bytes are no format that is read. */
static bool read_all(reading *r, const char *bytes, size_t size) {
    r->texts.count = r->tokens.count = r->records.count = r->count = r->errors = 0;
    bytes_in in = {bytes, size};
    spectra_reader *reader;
    const spectra_spectrum *spectrum;
    spectra_status status = spectra_reader_open_stream(&reader, read_bytes, &in, NULL, NULL, NULL);
    bool opened = status == SPECTRA_OK;
    if (!opened) r->errors++;
    while (status == SPECTRA_OK || status == SPECTRA_E_FORMAT) {
        if (!reader) break;
        status = spectra_reader_next(reader, &spectrum, NULL);
        if (status == SPECTRA_OK) keep(r, spectrum);
        if (status < 0) r->errors++;
    }
    spectra_reader_free(reader);
    if (lose_errors) r->errors = 0;
    return opened;
}

/* --- Where a byte is deleted --- */

/* What stands before the first record of MGF, XML and JCAMP-DX belongs to all records; a comment without its end goes
   on with the next line. */
typedef enum kind_of_place { ELSEWHERE, IN_PROLOGUE, ENDS_COMMENT, ENDS_LINE } kind_of_place;

static kind_of_place place_of(const char *bytes, size_t at) {
    bool labelled = strncmp(bytes, "##", 2) == 0;
    const char *first = strstr(bytes, "<mzXML") ? "<scan " : *bytes == '<' ? "<spectrum " : "BEGIN IONS";
    const char *begin = strstr(bytes, labelled ? "##NPOINTS" : first);
    size_t line = at;
    while (line > 0 && bytes[line - 1] != '\n') line--;
    if (bytes[at] == '\n' && at > line && strchr("#;!/", bytes[line])) return ENDS_COMMENT;
    if (begin && at < (size_t)(begin - bytes)) return IN_PROLOGUE;
    return bytes[at] == '\n' || bytes[at] == '\r' ? ENDS_LINE : ELSEWHERE;
}

/* --- Comparing --- */

static bool same_token(const reading *a, const token *x, const reading *b, const token *y) {
    return memcmp(&x->mz, &y->mz, sizeof x->mz) == 0 && memcmp(&x->intensity, &y->intensity, sizeof x->mz) == 0 &&
           strcmp(text_of(a, x, 0), text_of(b, y, 0)) == 0 && strcmp(text_of(a, x, 1), text_of(b, y, 1)) == 0;
}

/* Tokens [from, from + count) of both records. */
static size_t same_run(const reading *a, const record *x, const reading *b, const record *y, size_t from,
                       size_t count) {
    size_t i = 0;
    while (i < count && same_token(a, token_at(a, x, from + i), b, token_at(b, y, from + i))) i++;
    return i;
}

static bool same_record(const reading *a, size_t i, const reading *b, size_t j) {
    const record *x = record_at(a, i), *y = record_at(b, j);
    return x->pairs == y->pairs && x->peaks == y->peaks &&
           same_run(a, x, b, y, 0, x->pairs + x->peaks) == x->pairs + x->peaks;
}

/* Pairs of a record that another has not: up to MAX_CHANGED, the number may be greater. */
typedef struct changes {
    const token *pair[MAX_CHANGED];
    size_t count;
} changes;

static void find_missing(changes *out, const reading *a, const record *x, const reading *b, const record *y) {
    out->count = 0;
    for (size_t i = 0, next = 0; i < x->pairs; i++) {
        size_t at = next;
        while (at < y->pairs && !same_token(a, token_at(a, x, i), b, token_at(b, y, at))) at++;
        if (at < y->pairs) {
            next = at + 1;
        } else {
            if (out->count < MAX_CHANGED) out->pair[out->count] = token_at(a, x, i);
            out->count++;
        }
    }
}

/* From `skip` on all with one key, and with the values of the others: a tag that the lines behind it continue. */
static bool differ_in_a_tag(const reading *a, const changes *gone, size_t skip, const reading *b, const changes *come) {
    size_t less = gone->count - come->count; /* joined lines in front */
    for (size_t i = skip; i < gone->count; i++) {
        const token *old = gone->pair[i], *new = come->pair[i - less];
        if (strcmp(text_of(a, old, 0), text_of(a, gone->pair[skip], 0)) != 0) return false;
        if (strcmp(text_of(b, new, 0), text_of(b, come->pair[skip - less], 0)) != 0) return false;
        if (strcmp(text_of(a, old, 1), text_of(b, new, 1)) != 0) return false;
    }
    return true;
}

/* Two lines without the end of the first: between their values at most a key, ": " and a carriage return. */
static bool are_joined(const reading *a, const token *first, const token *second, const reading *b,
                       const token *joined) {
    const char *front = text_of(a, first, 1), *back = text_of(a, second, 1), *text = text_of(b, joined, 1);
    size_t values = strlen(front) + strlen(back), size = strlen(text);
    return strcmp(text_of(a, first, 0), text_of(b, joined, 0)) == 0 && size >= values &&
           size <= values + strlen(text_of(a, second, 0)) + 3 && strncmp(text, front, strlen(front)) == 0 &&
           strcmp(text + size - strlen(back), back) == 0;
}

/* Takes out what is common to all records of an MGF file and comes to light where a key that hid it is gone. */
static void drop_common(const reading *a, const changes *gone, const reading *b, changes *come) {
    for (size_t i = 0; come->count > 1 && i < gone->count; i++) {
        const char *last = text_of(b, come->pair[come->count - 1], 0);
        if (strcmp(text_of(a, gone->pair[i], 0), last) == 0 && strcmp(last, text_of(b, come->pair[0], 0)) != 0) {
            come->count--;
            return;
        }
    }
}

/* One line edited, or a tag with the lines that continue it; two lines joined; a line lost in a comment. */
static bool differs_in_a_line(const reading *a, const record *x, const reading *b, const record *y,
                              kind_of_place place) {
    if (x->peaks != y->peaks) return false;
    for (size_t i = 0; i < x->peaks; i++) {
        if (!same_token(a, token_at(a, x, x->pairs + i), b, token_at(b, y, y->pairs + i))) return false;
    }
    changes gone, come;
    find_missing(&gone, a, x, b, y);
    find_missing(&come, b, y, a, x);
    if (gone.count > MAX_CHANGED || come.count > MAX_CHANGED) return false;
    if (gone.count == 0) return come.count == 1 && place == IN_PROLOGUE;
    drop_common(a, &gone, b, &come);
    if (come.count == 0) return gone.count == 1 && place == ENDS_COMMENT;
    if (gone.count == come.count) return gone.count == 1 || differ_in_a_tag(a, &gone, 0, b, &come);
    return gone.count == come.count + 1 && are_joined(a, gone.pair[0], gone.pair[1], b, come.pair[0]) &&
           differ_in_a_tag(a, &gone, 2, b, &come);
}

/* In its m/z, its intensity or its annotation, and in no more. */
static bool is_edited(const reading *a, const token *old, const reading *b, const token *new) {
    return (old->mz != new->mz) + (old->intensity != new->intensity) +
               (strcmp(text_of(a, old, 0), text_of(b, new, 0)) != 0) ==
           1;
}

/* One peak of each that the other has not: another m/z may have moved it. */
static bool differs_in_a_peak(const reading *a, const record *x, const reading *b, const record *y) {
    const token *old = NULL, *new = NULL;
    if (x->pairs != y->pairs || x->peaks != y->peaks) return false;
    if (same_run(a, x, b, y, 0, x->pairs) < x->pairs) return false;
    for (size_t i = 0, j = 0; i < x->peaks || j < y->peaks;) {
        const token *one = token_at(a, x, x->pairs + i), *other = token_at(b, y, y->pairs + j);
        bool both = i < x->peaks && j < y->peaks;
        if (both && same_token(a, one, b, other)) {
            i++, j++;
        } else if (both && one->mz == other->mz && !old && !new) {
            old = one, new = other;
            i++, j++;
        } else if (j == y->peaks || (i < x->peaks && one->mz < other->mz)) {
            if (old) return false;
            old = one;
            i++;
        } else {
            if (new) return false;
            new = other;
            j++;
        }
    }
    return old && new &&is_edited(a, old, b, new);
}

static bool differs_in_one_token(const reading *a, size_t i, const reading *b, size_t j, kind_of_place place) {
    const record *x = record_at(a, i), *y = record_at(b, j);
    return differs_in_a_line(a, x, b, y, place) || differs_in_a_peak(a, x, b, y);
}

/* --- The sweeps --- */

typedef struct tally {
    const char *file;
    uint64_t prefixes, deletions, altered_with_warning, altered_in_one_token, with_error, violations;
} tally;

static void violate(tally *t, const char *what, size_t at) {
    if (t->violations++ < SHOWN_VIOLATIONS && !lose_warnings && !lose_errors)
        printf("%s: %s at byte %zu\n", t->file, what, at);
}

static void check_prefix(tally *t, const reading *whole, const reading *cut, size_t length) {
    t->prefixes++;
    t->with_error += cut->errors > 0;
    if (cut->count > whole->count) violate(t, "more records in a prefix", length);
    for (size_t i = 0; i < cut->count && i < whole->count; i++) {
        if (same_record(whole, i, cut, i)) continue;
        if (!record_at(cut, i)->warned) violate(t, "record silently altered in a prefix", length);
        t->altered_with_warning++;
    }
}

/* The records that are not those of the whole file: `lost` from `first` on, in whose place `found` stand. */
static void check_middle(tally *t, const reading *whole, const reading *without, size_t first, size_t lost,
                         size_t found, size_t at, kind_of_place place) {
    bool nothing = without->errors > 0 && without->count == 0; /* without its first line a file may be none */
    if (lost > 1 + (place == ENDS_LINE) && place != IN_PROLOGUE && place != ENDS_COMMENT && !nothing)
        violate(t, "other records altered by a deletion", at);
    if (without->errors > 0 || lost == 0) return;
    if (found != lost) violate(t, "record silently lost by a deletion", at);
    for (size_t i = first; found == lost && i < first + lost; i++) {
        if (record_at(without, i)->warned) {
            t->altered_with_warning++;
        } else if (differs_in_one_token(whole, i, without, i, place)) {
            t->altered_in_one_token++;
        } else {
            violate(t, "record silently altered by a deletion", at);
        }
    }
}

static void check_deletion(tally *t, const reading *whole, const reading *without, const char *bytes, size_t at) {
    size_t front = 0, back = 0, less = whole->count < without->count ? whole->count : without->count;
    while (front < less && same_record(whole, front, without, front)) front++;
    while (front + back < less && same_record(whole, whole->count - 1 - back, without, without->count - 1 - back)) {
        back++;
    }
    t->deletions++;
    t->with_error += without->errors > 0;
    if (without->count > whole->count) {
        violate(t, "more records without a byte", at);
        return;
    }
    size_t lost = whole->count - front - back, found = without->count - front - back;
    check_middle(t, whole, without, front, lost, found, at, place_of(bytes, at));
}

/* Behind a deleted byte gzip gives what it gave, or an error, after records that are those of the whole. */
static void check_packed_deletion(tally *t, const reading *whole, const reading *without, size_t at) {
    check_prefix(t, whole, without, at);
    t->prefixes--;
    t->deletions++;
    if (without->errors == 0 && without->count != whole->count) violate(t, "records silently lost in gzip", at);
}

/* Prefixes and the rest of a file stand in memory of their own size: a sanitizer sees what is read beyond. */
static char *copy_without(const char *bytes, size_t size, size_t at) {
    char *copy = malloc(size);
    if (!copy) abort();
    memcpy(copy, bytes, at);
    if (at < size) memcpy(copy + at, bytes + at + 1, size - at - 1);
    return copy;
}

static void sweep_piece(tally *t, const char *bytes, size_t size) {
    static reading whole, altered;
    bool packed = size > 1 && memcmp(bytes, "\x1f\x8b", 2) == 0;
    read_all(&whole, bytes, size);
    for (size_t length = 0; length < size; length++) {
        char *prefix = copy_without(bytes, length + 1, length);
        read_all(&altered, prefix, length);
        check_prefix(t, &whole, &altered, length);
        free(prefix);
    }
    for (size_t at = 0; at < size; at++) {
        char *rest = copy_without(bytes, size, at);
        read_all(&altered, rest, size - 1);
        if (packed)
            check_packed_deletion(t, &whole, &altered, at);
        else
            check_deletion(t, &whole, &altered, bytes, at);
        free(rest);
    }
}

/* What begins like a file that is refused is refused too, or what is read of it carries a warning. */
static void sweep_refused(tally *t, const char *bytes, size_t size) {
    static reading cut;
    for (size_t length = 0; length < size && length < REFUSED_LENGTHS; length++) {
        read_all(&cut, bytes, length);
        t->prefixes++;
        t->with_error += cut.errors > 0;
        for (size_t i = 0; i < cut.count; i++) {
            if (!record_at(&cut, i)->warned) violate(t, "record silently read from a refused file", length);
        }
    }
}

/* The size of the first piece: up to a line BEGIN IONS behind PIECE_SIZE, or everything. */
static size_t piece_size(const char *bytes, size_t size) {
    if (size <= 2 * PIECE_SIZE) return size;
    const char *next = strstr(bytes + PIECE_SIZE, "\nBEGIN IONS");
    return next ? (size_t)(next - bytes) + 1 : size;
}

/* Returns whether the file holds records. */
static bool sweep_bytes(tally *t, const char *bytes, size_t size) {
    static reading whole;
    if (!read_all(&whole, bytes, size) || whole.count == 0) {
        sweep_refused(t, bytes, size);
        return false;
    }
    for (size_t at = 0; at < size;) {
        size_t piece = piece_size(bytes + at, size - at);
        char *own = malloc(piece + 1);
        if (!own) abort();
        memcpy(own, bytes + at, piece);
        own[piece] = '\0';
        sweep_piece(t, own, piece);
        free(own);
        at += piece;
    }
    return true;
}

static bool sweep_file(tally *t, const char *path) {
    const char *slash = strrchr(path, '/');
    t->file = slash ? slash + 1 : path;
    FILE *file = fopen(path, "rb");
    if (!file || fseek(file, 0, SEEK_END) != 0) return false;
    long end = ftell(file);
    char *bytes = end < 0 ? NULL : malloc((size_t)end + 1);
    bool good = bytes && fseek(file, 0, SEEK_SET) == 0 && fread(bytes, 1, (size_t)end, file) == (size_t)end;
    fclose(file);
    if (good) {
        bytes[end] = '\0';
        bool records = sweep_bytes(t, bytes, (size_t)end);
        printf("%-60s %8llu prefixes %8llu deletions %8llu errors %8llu warned %8llu one token %llu violations%s\n",
               t->file, (unsigned long long)t->prefixes, (unsigned long long)t->deletions,
               (unsigned long long)t->with_error, (unsigned long long)t->altered_with_warning,
               (unsigned long long)t->altered_in_one_token, (unsigned long long)t->violations,
               records ? "" : " (refused)");
    }
    free(bytes);
    return good;
}

/* A good reader passes, one that loses warnings or errors does not. */
static int self_test(void) {
    static const char text[] = "Name: a\nNum Peaks: 2\n1 10\n2 20\n\nName: b\nNum Peaks: 1\n3 93";
    uint64_t violations[3];
    for (int broken = 0; broken < 3; broken++) {
        tally t = {.file = "self-test"};
        lose_warnings = broken == 1;
        lose_errors = broken == 2;
        sweep_bytes(&t, text, sizeof text - 1);
        violations[broken] = t.violations;
    }
    printf("violations: %llu, without warnings %llu, without errors %llu\n", (unsigned long long)violations[0],
           (unsigned long long)violations[1], (unsigned long long)violations[2]);
    return violations[0] == 0 && violations[1] > 0 && violations[2] > 0 ? 0 : 1;
}

int main(int argc, char **argv) {
    if (argc == 2 && strcmp(argv[1], "--self-test") == 0) return self_test();
    tally total = {0};
    for (int i = 1; i < argc; i++) {
        tally t = {0};
        if (!sweep_file(&t, argv[i])) {
            printf("%s: cannot be read\n", argv[i]);
            return 2;
        }
        total.prefixes += t.prefixes;
        total.deletions += t.deletions;
        total.violations += t.violations;
    }
    printf("%llu prefixes, %llu deletions, %llu violations\n", (unsigned long long)total.prefixes,
           (unsigned long long)total.deletions, (unsigned long long)total.violations);
    return total.violations > 0 || total.prefixes == 0 ? 1 : 0;
}
