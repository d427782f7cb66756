/* SPDX-License-Identifier: Apache-2.0 */
/* The raw spectrum: growing arrays and one arena for every string, kept from record to record. Knows keys and values;
   nothing of files. What the fields mean is told in kind.c. */
#include "spectrum/raw.h"

#include <assert.h>
#include <float.h>
#include <string.h>

#include "base/bytes.h"
#include "base/digest.h"
#include "base/numbers.h"
#include "peaks/peaks.h"
#include "spectrum/encoding.h"
#include "spectrum/fields.h"

#define MAX_PEAKS 2147483647u
#define LEAST_ROOM 16u    /* elements of the smallest array that a base_vector takes */
#define WARNING_ROOM 512u /* bytes of the warning that a profile leaves, with room to spare */

/* Offsets into the arena. */
typedef struct text_pair {
    size_t key;
    size_t value;
} text_pair;

/* Where the answer to a field comes from; the first that has one is asked. */
enum { FROM_LINE, FROM_ELSEWHERE, ORIGIN_COUNT };

struct spectra_spectrum {
    const spectra_allocator *allocator;
    base_vector mz, intensity; /* double, one each per peak */
    base_vector annotations;   /* size_t, offsets; shorter than the peaks where the last ones have none */
    base_vector order;         /* uint32_t, what sorting needs; never counted */
    base_vector text;          /* char, NUL-terminated strings; offset 0 is the empty one and stands for none */
    base_vector pairs;         /* text_pair */
    base_vector warnings;      /* size_t, offsets */
    size_t field[ORIGIN_COUNT][SPECTRA_FIELD_COUNT];
    bool unordered; /* the peaks came in another order */
    bool recoded;   /* some text was no UTF-8 */
};

spectra_status spectra_spectrum_create(spectra_spectrum **out, const spectra_allocator *allocator) {
    if (!out) return SPECTRA_E_INVALID;
    *out = NULL;
    spectra_spectrum *spectrum = base_allocate(allocator, sizeof *spectrum);
    if (!spectrum) return SPECTRA_E_MEMORY;
    spectrum->allocator = allocator;
    base_vector_init(&spectrum->mz, sizeof(double), allocator);
    base_vector_init(&spectrum->intensity, sizeof(double), allocator);
    base_vector_init(&spectrum->annotations, sizeof(size_t), allocator);
    base_vector_init(&spectrum->order, sizeof(uint32_t), allocator);
    base_vector_init(&spectrum->text, sizeof(char), allocator);
    base_vector_init(&spectrum->pairs, sizeof(text_pair), allocator);
    base_vector_init(&spectrum->warnings, sizeof(size_t), allocator);
    if (!base_vector_append(&spectrum->text, "", 1)) {
        spectra_spectrum_free(spectrum);
        return SPECTRA_E_MEMORY;
    }
    spectrum_clear(spectrum);
    *out = spectrum;
    return SPECTRA_OK;
}

/* Each array once. Those of text and warnings grow once more for the warning of a profile. */
size_t spectra_spectrum_required(size_t peak_count) {
    const size_t count = peak_count < LEAST_ROOM ? LEAST_ROOM : peak_count;
    const size_t cost[] = {base_scratch_cost(1, sizeof(spectra_spectrum)),
                           base_scratch_cost(count, sizeof(double)),
                           base_scratch_cost(count, sizeof(double)),
                           base_scratch_cost(count, 2 * sizeof(uint32_t)),
                           base_scratch_cost(LEAST_ROOM, sizeof(size_t)),
                           base_scratch_cost(LEAST_ROOM, 1),
                           base_scratch_cost(WARNING_ROOM, 1)};
    size_t sum = 0;
    for (size_t i = 0; i < sizeof cost / sizeof *cost; i++) sum = cost[i] > SIZE_MAX - sum ? SIZE_MAX : sum + cost[i];
    return sum;
}

void spectra_spectrum_free(spectra_spectrum *spectrum) {
    if (!spectrum) return;
    base_vector_free(&spectrum->mz);
    base_vector_free(&spectrum->intensity);
    base_vector_free(&spectrum->annotations);
    base_vector_free(&spectrum->order);
    base_vector_free(&spectrum->text);
    base_vector_free(&spectrum->pairs);
    base_vector_free(&spectrum->warnings);
    base_release(spectrum->allocator, spectrum, sizeof *spectrum);
}

static bool copy_vector(base_vector *out, const base_vector *of) {
    return base_vector_append(out, of->data, of->count);
}

/* Everything refers to the text by offset, so the arrays are copied as they stand. */
static bool copy_arrays(spectra_spectrum *out, const spectra_spectrum *of) {
    out->text.count = 0; /* its empty string comes with the others */
    return copy_vector(&out->mz, &of->mz) && copy_vector(&out->intensity, &of->intensity) &&
           copy_vector(&out->annotations, &of->annotations) && copy_vector(&out->text, &of->text) &&
           copy_vector(&out->pairs, &of->pairs) && copy_vector(&out->warnings, &of->warnings);
}

spectra_status spectra_spectrum_copy(spectra_spectrum **out, const spectra_spectrum *of,
                                     const spectra_allocator *allocator) {
    if (out) *out = NULL;
    if (!out || !of) return SPECTRA_E_INVALID;
    spectra_spectrum *copy;
    spectra_status status = spectra_spectrum_create(&copy, allocator);
    if (status < 0) return status;
    if (!copy_arrays(copy, of)) {
        spectra_spectrum_free(copy);
        return SPECTRA_E_MEMORY;
    }
    memcpy(copy->field, of->field, sizeof copy->field);
    copy->unordered = of->unordered;
    copy->recoded = of->recoded;
    *out = copy;
    return SPECTRA_OK;
}

void spectrum_clear_peaks(spectra_spectrum *spectrum) {
    spectrum->mz.count = 0;
    spectrum->intensity.count = 0;
    spectrum->annotations.count = 0;
    spectrum->unordered = false;
}

void spectrum_clear(spectra_spectrum *spectrum) {
    spectrum_clear_peaks(spectrum);
    spectrum->text.count = 1;
    spectrum->pairs.count = 0;
    spectrum->warnings.count = 0;
    memset(spectrum->field, 0, sizeof spectrum->field);
    spectrum->recoded = false;
}

const spectra_allocator *spectrum_allocator(const spectra_spectrum *spectrum) {
    return spectrum->allocator;
}

/* --- Peaks --- */

/* A subnormal m/z is none, and an intensity is judged by its bits: so a process that flushes subnormals agrees. */
bool spectrum_peak_valid(double mz, double intensity) {
    uint64_t bits = base_double_bits(intensity);
    return mz >= DBL_MIN && mz <= DBL_MAX && (bits <= base_double_bits(DBL_MAX) || bits == UINT64_C(1) << 63);
}

bool spectrum_add_peak(spectra_spectrum *spectrum, double mz, double intensity) {
    /* −0 becomes 0: one digest for one measurement. By bits, for arithmetic may flush what is subnormal. */
    if (base_double_bits(intensity) == UINT64_C(1) << 63) intensity = 0;
    if (spectrum->mz.count >= MAX_PEAKS) return false;
    double *next_mz = base_vector_reserve(&spectrum->mz, 1), *next = base_vector_reserve(&spectrum->intensity, 1);
    if (!next_mz || !next) return false;
    *next_mz = mz;
    *next = intensity;
    spectrum->mz.count++;
    spectrum->intensity.count++;
    return true;
}

static bool in_order(const double *mz, size_t count) {
    for (size_t i = 1; i < count; i++) {
        if (!(mz[i - 1] <= mz[i])) return false;
    }
    return true;
}

/* Annotations follow their peaks, in place along the cycles of `order`, which gives the old index of each and is used
 * up.
 */
static void reorder_annotations(size_t *annotations, uint32_t *order, size_t count) {
    for (size_t start = 0; start < count; start++) {
        size_t first = annotations[start], to = start;
        for (size_t from = order[to]; from != start; from = order[to]) {
            annotations[to] = annotations[from];
            order[to] = (uint32_t)to;
            to = from;
        }
        annotations[to] = first;
        order[to] = (uint32_t)to;
    }
}

/* Peaks behind the last annotated one have none. */
static bool annotate_all(spectra_spectrum *spectrum) {
    size_t missing = spectrum->mz.count - spectrum->annotations.count;
    size_t *end = base_vector_reserve(&spectrum->annotations, missing);
    if (!end) return false;
    memset(end, 0, missing * sizeof *end);
    spectrum->annotations.count += missing;
    return true;
}

static bool sort_peaks(spectra_spectrum *spectrum) {
    size_t count = spectrum->mz.count;
    if (in_order(spectrum->mz.data, count)) return true;
    uint32_t *order = base_vector_reserve(&spectrum->order, 2 * count);
    if (!order) return false;
    bool annotated = spectrum->annotations.count > 0;
    if (annotated && !annotate_all(spectrum)) return false;
    peaks_sort(spectrum->mz.data, spectrum->intensity.data, order, count);
    spectrum->unordered = true;
    if (annotated) reorder_annotations(spectrum->annotations.data, order, count);
    return true;
}

spectra_status spectrum_finish(spectra_spectrum *spectrum, base_place place, spectra_error *error) {
    const double *mz = spectrum->mz.data, *intensity = spectrum->intensity.data;
    for (size_t i = 0; i < spectrum->mz.count; i++) {
        if (!spectrum_peak_valid(mz[i], intensity[i])) {
            return base_fail(error, SPECTRA_E_FORMAT, place, "peak %u is out of range", (uint64_t)i + 1);
        }
    }
    if (!sort_peaks(spectrum)) return base_fail(error, SPECTRA_E_MEMORY, BASE_NO_PLACE, "not enough memory");
    return SPECTRA_OK;
}

/* Room for `count` elements altogether. */
static bool reserve_all(base_vector *vector, size_t count) {
    return count <= vector->count || base_vector_reserve(vector, count - vector->count);
}

bool spectrum_reserve_peaks(spectra_spectrum *spectrum, size_t count) {
    return reserve_all(&spectrum->mz, count) && reserve_all(&spectrum->intensity, count);
}

static spectra_status check_peaks(const double *mz, const double *intensity, size_t count, spectra_error *error) {
    for (size_t i = 0; i < count; i++) {
        if (!spectrum_peak_valid(mz[i], intensity[i])) {
            return base_fail(error, SPECTRA_E_FORMAT, (base_place){0, i},
                             "m/z must be positive, intensity not negative, both finite");
        }
    }
    return SPECTRA_OK;
}

spectra_status spectra_spectrum_set_peaks(spectra_spectrum *spectrum, const double *mz, const double *intensity,
                                          size_t count, spectra_error *error) {
    if (!spectrum || (count > 0 && (!mz || !intensity))) {
        return base_fail(error, SPECTRA_E_INVALID, BASE_NO_PLACE, "no spectrum or no peaks given");
    }
    if (count > MAX_PEAKS) return base_fail(error, SPECTRA_E_LIMIT, BASE_NO_PLACE, "too many peaks");
    spectra_status status = check_peaks(mz, intensity, count, error);
    if (status < 0) return status;
    if (!spectrum_reserve_peaks(spectrum, count) ||
        !base_vector_reserve(&spectrum->order, in_order(mz, count) ? 0 : 2 * count)) {
        return base_fail(error, SPECTRA_E_MEMORY, BASE_NO_PLACE, "not enough memory");
    }
    spectrum_clear_peaks(spectrum);
    for (size_t i = 0; i < count; i++) spectrum_add_peak(spectrum, mz[i], intensity[i]);
    sort_peaks(spectrum);
    return SPECTRA_OK;
}

size_t spectra_spectrum_peak_count(const spectra_spectrum *spectrum) {
    return spectrum ? spectrum->mz.count : 0;
}

const double *spectra_spectrum_mz(const spectra_spectrum *spectrum) {
    return spectrum ? spectrum->mz.data : NULL;
}

const double *spectra_spectrum_intensity(const spectra_spectrum *spectrum) {
    return spectrum ? spectrum->intensity.data : NULL;
}

void spectra_spectrum_digest(const spectra_spectrum *spectrum, uint8_t digest[32]) {
    base_digest state;
    base_digest_init(&state);
    const double *mz = spectra_spectrum_mz(spectrum), *intensity = spectra_spectrum_intensity(spectrum);
    for (size_t i = 0; i < spectra_spectrum_peak_count(spectrum); i++) {
        uint8_t bytes[16];
        base_put64(bytes, base_double_bits(mz[i]));
        base_put64(bytes + 8, base_double_bits(intensity[i]));
        base_digest_add(&state, bytes, sizeof bytes);
    }
    base_digest_finish(&state, digest);
}

/* --- Text --- */

static const char *text_at(const spectra_spectrum *spectrum, size_t offset) {
    return (const char *)spectrum->text.data + offset;
}

/* Bytes that one string and its NUL take at the most, converted if need be; false where that is beyond a size. */
static bool text_bound(size_t *bound, const char *text, size_t size) {
    if (!base_multiply(bound, size, spectrum_is_utf8(text, size) ? 1 : SPECTRUM_UTF8_MAX) || *bound == SIZE_MAX) {
        return false;
    }
    *bound += 1;
    return true;
}

/* Appends a string for which room is reserved; its offset. */
static size_t store(spectra_spectrum *spectrum, const char *text, size_t size) {
    size_t offset = spectrum->text.count;
    char *out = (char *)spectrum->text.data + offset;
    if (spectrum_is_utf8(text, size)) {
        if (size > 0) memcpy(out, text, size);
    } else {
        size = spectrum_from_windows_1252(out, text, size);
        spectrum->recoded = true;
    }
    out[size] = '\0';
    spectrum->text.count += size + 1;
    assert(spectrum->text.count <= spectrum->text.capacity);
    return offset;
}

static bool add_text(spectra_spectrum *spectrum, const char *text, size_t size, size_t *offset) {
    size_t bound;
    if (!text_bound(&bound, text, size) || !base_vector_reserve(&spectrum->text, bound)) return false;
    *offset = store(spectrum, text, size);
    return true;
}

bool spectrum_add_annotation(spectra_spectrum *spectrum, const char *text, size_t size) {
    size_t count = spectrum->mz.count, held = spectrum->annotations.count;
    assert(count > 0);
    size_t *added = base_vector_reserve(&spectrum->annotations, count - held);
    size_t offset;
    if (!added || !add_text(spectrum, text, size, &offset)) return false;
    memset(added, 0, (count - held) * sizeof(size_t));
    spectrum->annotations.count = count;
    ((size_t *)spectrum->annotations.data)[count - 1] = offset;
    return true;
}

const char *spectra_spectrum_annotation(const spectra_spectrum *spectrum, size_t index) {
    if (!spectrum || index >= spectrum->annotations.count) return NULL;
    size_t offset = ((const size_t *)spectrum->annotations.data)[index];
    return offset ? text_at(spectrum, offset) : NULL;
}

bool spectrum_add_warning(spectra_spectrum *spectrum, const char *text) {
    size_t *slot = base_vector_reserve(&spectrum->warnings, 1);
    if (!slot || !add_text(spectrum, text, strlen(text), slot)) return false;
    spectrum->warnings.count++;
    return true;
}

size_t spectra_spectrum_warning_count(const spectra_spectrum *spectrum) {
    if (!spectrum) return 0;
    return spectrum->warnings.count + (spectrum->unordered ? 1 : 0) + (spectrum->recoded ? 1 : 0);
}

const char *spectra_spectrum_warning(const spectra_spectrum *spectrum, size_t index) {
    if (index >= spectra_spectrum_warning_count(spectrum)) return NULL;
    if (index < spectrum->warnings.count) {
        return text_at(spectrum, ((const size_t *)spectrum->warnings.data)[index]);
    }
    bool second = index > spectrum->warnings.count;
    return spectrum->unordered && !second ? "peaks were not in order of m/z: sorted"
                                          : "text is not UTF-8: read as Windows-1252";
}

/* --- Metadata and fields --- */

static bool is_blank(char c) {
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static void trim(const char **text, size_t *size) {
    while (*size > 0 && is_blank((*text)[0])) {
        (*text)++;
        (*size)--;
    }
    while (*size > 0 && is_blank((*text)[*size - 1])) (*size)--;
}

/* The first value that says something stays. */
static void answer(spectra_spectrum *spectrum, const spectrum_alias *alias, bool elsewhere, size_t value) {
    size_t *slot = &spectrum->field[elsewhere || alias->fallback ? FROM_ELSEWHERE : FROM_LINE][alias->field];
    if (*slot == 0 && spectrum_is_value(alias->field, text_at(spectrum, value))) *slot = value;
}

/* Copies a part of a value, which becomes a string of its own. Room is reserved: the parts of a value and their NULs
   take no more than the value does. */
static size_t store_part(spectra_spectrum *spectrum, const char *part, size_t size) {
    trim(&part, &size);
    return store(spectrum, part, size);
}

/* The size of a value before a second field on its line ("1886-75-5;  NIST#: 7302"), which then starts at *next. */
static size_t size_before_second_field(const char *value, const char **next) {
    for (const char *mark = strchr(value, ';'); mark; mark = strchr(mark + 1, ';')) {
        const char *key = mark + 1 + strspn(mark + 1, " ");
        size_t letters = strspn(key, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");
        if (letters > 0 && strncmp(key + letters, "#:", 2) == 0) {
            *next = key;
            return (size_t)(mark - value);
        }
    }
    *next = NULL;
    return strlen(value);
}

/* Answers with the fields of a line; `alias` is that of the first, or NULL. Most lines have but one. */
static void answer_line(spectra_spectrum *spectrum, const spectrum_alias *alias, size_t offset) {
    const char *value = text_at(spectrum, offset), *next;
    if (!strchr(value, ';')) {
        if (alias) answer(spectrum, alias, false, offset);
        return;
    }
    size_t size = size_before_second_field(value, &next);
    if (alias && !next) answer(spectrum, alias, false, offset);
    if (alias && next) answer(spectrum, alias, false, store_part(spectrum, value, size));
    while (next) {
        const char *key = next;
        value = strchr(key, ':') + 1;
        alias = spectrum_find_alias(key, (size_t)(value - key), "", 0);
        size = size_before_second_field(value, &next);
        if (alias) answer(spectrum, alias, false, store_part(spectrum, value, size));
    }
}

/* The pair that a quote opens inside a comment: "key=value" or key="value". `mark` is its '=', NULL where there is
   none; the value is [*value, end). */
static const char *find_quoted_key(const char *text, const char *quote, const char *end, const char **mark,
                                   const char **value) {
    const char *key = quote + 1;
    *mark = memchr(key, '=', (size_t)(end - key));
    *value = *mark ? *mark + 1 : end;
    if (quote == text || quote[-1] != '=') return key;
    *mark = quote - 1;
    *value = quote + 1;
    for (key = *mark; key > text && !is_blank(key[-1]);) key--;
    return key;
}

/* Answers with the pairs inside a comment, as MoNA ("key=value") and NIST (key="value") write them. */
static void answer_comment(spectra_spectrum *spectrum, size_t offset) {
    const char *text = text_at(spectrum, offset), *quote = strchr(text, '"');
    while (quote) {
        const char *end = strchr(quote + 1, '"'), *mark, *value;
        while (end && end[1] && !is_blank(end[1])) end = strchr(end + 1, '"');
        if (!end) return;
        const char *key = find_quoted_key(text, quote, end, &mark, &value);
        const spectrum_alias *alias = mark ? spectrum_find_alias(key, (size_t)(mark - key), "", 0) : NULL;
        if (alias) answer(spectrum, alias, true, store_part(spectrum, value, (size_t)(end - value)));
        quote = strchr(end + 1, '"');
    }
}

/* MassBank: "AC$MASS_SPECTROMETRY: ION_MODE NEGATIVE", the tag is part of the key. */
static void answer_tagged(spectra_spectrum *spectrum, const text_pair *pair) {
    const char *key = text_at(spectrum, pair->key), *value = text_at(spectrum, pair->value);
    size_t tag = strcspn(value, " \t");
    const spectrum_alias *alias = spectrum_find_alias(key, strlen(key), value, tag);
    if (alias) answer(spectrum, alias, false, pair->value + tag + strspn(value + tag, " \t"));
}

static void answer_pair(spectra_spectrum *spectrum, const text_pair *pair) {
    const char *key = text_at(spectrum, pair->key);
    const spectrum_alias *alias = spectrum_find_alias(key, pair->value - pair->key - 1, "", 0);
    if (!alias && strchr(key, '$')) {
        answer_tagged(spectrum, pair);
        return;
    }
    answer_line(spectrum, alias, pair->value);
    if (alias && alias->field == SPECTRA_FIELD_COMMENT) answer_comment(spectrum, pair->value);
}

bool spectrum_add_pair(spectra_spectrum *spectrum, const char *key, size_t key_size, const char *value,
                       size_t value_size) {
    trim(&key, &key_size);
    trim(&value, &value_size);
    size_t key_bound, value_bound;
    if (!text_bound(&key_bound, key, key_size) || !text_bound(&value_bound, value, value_size)) return false;
    /* The value twice more: for the parts of it that answer to fields of their own, by lines and by comments. */
    if (value_bound > (SIZE_MAX - key_bound) / 3) return false;
    text_pair *pair = base_vector_reserve(&spectrum->pairs, 1);
    if (!pair || !base_vector_reserve(&spectrum->text, key_bound + 3 * value_bound)) return false;
    pair->key = store(spectrum, key, key_size);
    pair->value = store(spectrum, value, value_size);
    spectrum->pairs.count++;
    answer_pair(spectrum, pair);
    return true;
}

spectra_status spectra_spectrum_add_metadata(spectra_spectrum *spectrum, const char *key, const char *value) {
    if (!spectrum || !key || !value || key[strspn(key, " \t\r\n")] == '\0') return SPECTRA_E_INVALID;
    return spectrum_add_pair(spectrum, key, strlen(key), value, strlen(value)) ? SPECTRA_OK : SPECTRA_E_MEMORY;
}

size_t spectra_spectrum_metadata_count(const spectra_spectrum *spectrum) {
    return spectrum ? spectrum->pairs.count : 0;
}

spectra_status spectra_spectrum_metadata(const spectra_spectrum *spectrum, size_t index, const char **key,
                                         const char **value) {
    if (!spectrum || !key || !value) return SPECTRA_E_INVALID;
    if (index >= spectrum->pairs.count) return SPECTRA_E_NOT_FOUND;
    const text_pair *pair = (const text_pair *)spectrum->pairs.data + index;
    *key = text_at(spectrum, pair->key);
    *value = text_at(spectrum, pair->value);
    return SPECTRA_OK;
}

const char *spectra_spectrum_field(const spectra_spectrum *spectrum, spectra_field field) {
    if (!spectrum || field < 0 || field >= SPECTRA_FIELD_COUNT) return NULL;
    size_t offset = spectrum->field[FROM_LINE][field];
    if (offset == 0) offset = spectrum->field[FROM_ELSEWHERE][field];
    return offset ? text_at(spectrum, offset) : NULL;
}

/* Whether a pair gives a further name: "Synon" and the like, or a name behind the first. MoNA's "Synon: $:05" are
 * codes.
 */
static bool is_synonym(const spectra_spectrum *spectrum, const char *key, const char *value) {
    spectra_field field = spectrum_field_of_key(key, strlen(key));
    if (!spectrum_is_value(field, value) || strncmp(value, "$:", 2) == 0) return false;
    if (field == SPECTRA_FIELD_SYNONYM) return true;
    return field == SPECTRA_FIELD_NAME && value != spectra_spectrum_field(spectrum, SPECTRA_FIELD_NAME) &&
           !spectrum_find_alias(key, strlen(key), "", 0)->fallback;
}

const char *spectra_spectrum_synonym(const spectra_spectrum *spectrum, size_t index) {
    const char *key, *value;
    for (size_t i = 0; spectra_spectrum_metadata(spectrum, i, &key, &value) == SPECTRA_OK; i++) {
        if (is_synonym(spectrum, key, value) && index-- == 0) return value;
    }
    return NULL;
}
