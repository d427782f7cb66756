/* SPDX-License-Identifier: Apache-2.0 */
/* ANDI/MS (ASTM E2077), which is netCDF classic, the highest byte first: a header of dimensions, attributes and
   variables, then their values. Of each scan `scan_index` and `point_count` tell where its `mass_values` and
   `intensity_values` are.

   A variable stands by itself or, where its first dimension has no fixed length, in records with the others of that
   kind. So a scan lies in several places, and the file is held in memory as a whole. Nothing else in it shows that a
   byte is missing, behind which every number is another one: a file shorter than its header says is not read. */
#include <string.h>

#include "base/numbers.h"
#include "base/text.h"
#include "io/reader.h"

#define MAX_DIMENSIONS 256u

enum { TAG_DIMENSIONS = 10, TAG_VARIABLES = 11, TAG_ATTRIBUTES = 12 };
enum { TYPE_CHAR = 2, TYPE_COUNT = 7 };

static const uint8_t type_sizes[TYPE_COUNT] = {0, 1, 1, 2, 4, 4, 8};

/* A variable of numbers: `count` of them, `step` bytes apart; a number is read × scale + offset. */
typedef struct andi_variable {
    uint64_t begin, step, count;
    uint32_t type; /* 0: there is none */
    double scale, offset;
} andi_variable;

typedef enum andi_role {
    ANDI_MASS,
    ANDI_INTENSITY,
    ANDI_INDEX,
    ANDI_POINTS,
    ANDI_TIME,
    ANDI_SCAN,
    ANDI_ROLES
} andi_role;

static const char *const role_names[ANDI_ROLES] = {"mass_values", "intensity_values",      "scan_index",
                                                   "point_count", "scan_acquisition_time", "actual_scan_number"};

typedef struct io_andi {
    base_cursor cursor; /* over the whole file; in its header */
    bool wide;          /* offsets of 64 bits */
    uint64_t lengths[MAX_DIMENSIONS];
    uint32_t dimension_count;
    uint64_t record_count, record_size, record_variables, last_record_size;
    uint64_t end; /* of what the header describes */
    andi_variable variables[ANDI_ROLES];
    bool in_records[ANDI_ROLES], profile;
    uint64_t scan, point; /* the next scan, and where the last one ended */
    base_vector values;   /* double: m/z and intensity by turns */
} io_andi;

/* The bytes of a name or a value of the header. */
typedef struct andi_text {
    const char *bytes;
    size_t size;
} andi_text;

static void free_state(spectra_reader *reader) {
    io_andi *andi = reader->state;
    if (!andi) return;
    base_vector_free(&andi->values);
    base_release(reader->allocator, andi, sizeof *andi);
}

static spectra_status out_of_memory(spectra_error *error) {
    return base_fail(error, SPECTRA_E_MEMORY, BASE_NO_PLACE, "not enough memory");
}

static spectra_status fail(const spectra_reader *reader, uint64_t position, const char *what, spectra_error *error) {
    return base_fail(error, SPECTRA_E_FORMAT, (base_place){0, reader->lines.place.offset + position}, "%s", what);
}

static spectra_status fail_here(const spectra_reader *reader, spectra_error *error) {
    const io_andi *andi = reader->state;
    return fail(reader, andi->cursor.position, "damaged header of netCDF", error);
}

/* --- Numbers --- */

static uint32_t get32(const uint8_t *p) {
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static uint64_t get64(const uint8_t *p) {
    return (uint64_t)get32(p) << 32 | get32(p + 4);
}

static double number_at(const uint8_t *p, uint32_t type) {
    uint32_t bits;
    float single;
    switch (type) {
    case 3:
        bits = (uint32_t)p[0] << 8 | p[1];
        return (double)bits - (bits >> 15 ? 65536.0 : 0.0);
    case 4:
        bits = get32(p);
        return (double)bits - (bits >> 31 ? 4294967296.0 : 0.0);
    case 5:
        bits = get32(p);
        memcpy(&single, &bits, sizeof single);
        return (double)single;
    default:
        return base_double_from_bits(get64(p));
    }
}

static bool is_number_type(uint32_t type) {
    return type > TYPE_CHAR && type < TYPE_COUNT;
}

static double value_of(const io_andi *andi, andi_role role, uint64_t i) {
    const andi_variable *v = &andi->variables[role];
    return number_at(andi->cursor.bytes + v->begin + i * v->step, v->type) * v->scale + v->offset;
}

/* --- The header --- */

static bool take32(io_andi *andi, uint32_t *value) {
    if (base_cursor_left(&andi->cursor) < 4) return false;
    *value = get32(andi->cursor.bytes + andi->cursor.position);
    andi->cursor.position += 4;
    return true;
}

static bool take_offset(io_andi *andi, uint64_t *value) {
    uint32_t high = 0, low;
    if ((andi->wide && !take32(andi, &high)) || !take32(andi, &low)) return false;
    *value = (uint64_t)high << 32 | low;
    return true;
}

/* `size` bytes and what fills them up to a multiple of four. */
static bool take_bytes(io_andi *andi, uint64_t size, andi_text *text) {
    uint64_t filled = (size + 3) / 4 * 4;
    if (filled > base_cursor_left(&andi->cursor)) return false;
    *text = (andi_text){(const char *)andi->cursor.bytes + andi->cursor.position, (size_t)size};
    andi->cursor.position += (size_t)filled;
    return true;
}

static bool take_name(io_andi *andi, andi_text *name) {
    uint32_t size;
    return take32(andi, &size) && take_bytes(andi, size, name);
}

static bool text_is(andi_text text, const char *word) {
    return text.size == strlen(word) && memcmp(text.bytes, word, text.size) == 0;
}

static bool text_has(andi_text text, const char *word) {
    size_t size = strlen(word);
    for (size_t i = 0; i + size <= text.size; i++) {
        if (memcmp(text.bytes + i, word, size) == 0) return true;
    }
    return false;
}

/* A list's tag and its number of elements; both are zero where there is none. */
static bool take_list(io_andi *andi, uint32_t tag, uint32_t *count) {
    uint32_t found;
    return take32(andi, &found) && take32(andi, count) && (found == tag || (found == 0 && *count == 0));
}

typedef struct andi_attribute {
    andi_text name, value;
    uint32_t type, count;
} andi_attribute;

static bool take_attribute(io_andi *andi, andi_attribute *a) {
    return take_name(andi, &a->name) && take32(andi, &a->type) && take32(andi, &a->count) && a->type > 0 &&
           a->type < TYPE_COUNT && take_bytes(andi, (uint64_t)a->count * type_sizes[a->type], &a->value);
}

static bool take_dimensions(io_andi *andi) {
    if (!take_list(andi, TAG_DIMENSIONS, &andi->dimension_count) || andi->dimension_count > MAX_DIMENSIONS)
        return false;
    for (uint32_t i = 0; i < andi->dimension_count; i++) {
        andi_text name;
        uint32_t length;
        if (!take_name(andi, &name) || !take32(andi, &length)) return false;
        andi->lengths[i] = length;
    }
    return true;
}

static bool is_plain_name(andi_text name) {
    for (size_t i = 0; i < name.size; i++) {
        char c = name.bytes[i];
        bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
        if (!plain) return false;
    }
    return name.size > 0;
}

/* Texts about the whole file. What the standard says of ions and peaks is given its common name. */
static spectra_status take_global(spectra_reader *reader, const andi_attribute *a, spectra_error *error) {
    io_andi *andi = reader->state;
    if (a->type != TYPE_CHAR || a->value.size == 0) return SPECTRA_OK;
    const char *nul = memchr(a->value.bytes, '\0', a->value.size);
    io_line line = {a->value.bytes,
                    nul ? (size_t)(nul - a->value.bytes) : a->value.size,
                    true,
                    {0, reader->lines.place.offset + andi->cursor.position}};
    io_pair pair = {a->name.bytes, a->name.size, 0};
    if (io_line_is_blank(&line)) return SPECTRA_OK;
    andi_text value = {line.text, line.size};
    if (text_is(a->name, "experiment_type")) andi->profile = text_has(value, "Continuum");
    if (text_is(a->name, "test_ionization_mode") && text_has(value, "Electron Impact"))
        pair = (io_pair){"Ionization", 10, 0};
    if (text_is(a->name, "test_ionization_polarity")) pair = (io_pair){"Ion_mode", 8, 0};
    return io_add_common_pair(reader, &line, &pair, error);
}

static spectra_status take_globals(spectra_reader *reader, spectra_error *error) {
    io_andi *andi = reader->state;
    uint32_t count;
    if (!take_list(andi, TAG_ATTRIBUTES, &count)) return fail_here(reader, error);
    for (uint32_t i = 0; i < count; i++) {
        andi_attribute a;
        if (!take_attribute(andi, &a) || !is_plain_name(a.name)) return fail_here(reader, error);
        spectra_status status = take_global(reader, &a, error);
        if (status < 0) return status;
    }
    return SPECTRA_OK;
}

/* scale_factor and add_offset of a variable. */
static bool take_factors(io_andi *andi, andi_variable *v) {
    uint32_t count;
    if (!take_list(andi, TAG_ATTRIBUTES, &count)) return false;
    for (uint32_t i = 0; i < count; i++) {
        andi_attribute a;
        if (!take_attribute(andi, &a)) return false;
        bool scale = text_is(a.name, "scale_factor"), offset = text_is(a.name, "add_offset");
        if (!scale && !offset) continue;
        if (!is_number_type(a.type) || a.count != 1) return false;
        double value = number_at((const uint8_t *)a.value.bytes, a.type);
        if (scale) v->scale = value;
        if (offset) v->offset = value;
    }
    return true;
}

/* The number of values, of one record where they stand in records; false where it is absurd. */
static bool take_shape(io_andi *andi, uint64_t *count, bool *in_records) {
    uint32_t rank, id;
    if (!take32(andi, &rank)) return false;
    *count = 1;
    *in_records = false;
    for (uint32_t i = 0; i < rank; i++) {
        if (!take32(andi, &id) || id >= andi->dimension_count) return false;
        uint64_t length = andi->lengths[id];
        if (length == 0 && i > 0) return false;
        if (length == 0) *in_records = true;
        if (length > 0) *count *= length;
        if (*count > UINT32_MAX) return false;
    }
    return true;
}

static bool take_variable(io_andi *andi) {
    andi_text name;
    andi_variable v = {.scale = 1};
    uint32_t stated_size;
    bool in_records;
    if (!take_name(andi, &name) || !take_shape(andi, &v.count, &in_records) || !take_factors(andi, &v) ||
        !take32(andi, &v.type) || v.type == 0 || v.type >= TYPE_COUNT || !take32(andi, &stated_size) ||
        !take_offset(andi, &v.begin) || v.begin > andi->cursor.size)
        return false;
    v.step = type_sizes[v.type];
    uint64_t size = v.count * v.step, filled = (size + 3) / 4 * 4;
    if (in_records) {
        andi->record_variables++;
        andi->record_size += filled;
        andi->last_record_size = size;
    } else if (v.begin + size > andi->end) {
        andi->end = v.begin + size;
    }
    for (size_t role = 0; role < ANDI_ROLES; role++) {
        if (!text_is(name, role_names[role])) continue;
        if (andi->variables[role].type != 0 || !is_number_type(v.type)) return false;
        andi->variables[role] = v;
        andi->in_records[role] = in_records;
    }
    return andi->record_size <= INT32_MAX;
}

/* Records, and so the end of the file, are known behind the last variable. A single variable's are not filled up. */
static bool settle_records(io_andi *andi) {
    if (andi->record_variables == 1) andi->record_size = andi->last_record_size;
    uint64_t size = andi->record_count * andi->record_size;
    for (size_t role = 0; role < ANDI_ROLES; role++) {
        andi_variable *v = &andi->variables[role];
        if (v->type == 0 || !andi->in_records[role]) continue;
        if (v->count != 1) return false;
        v->count = andi->record_count;
        v->step = andi->record_size;
        uint64_t last = v->begin + size - andi->record_size + type_sizes[v->type];
        if (v->count > 0 && last > andi->end) andi->end = last;
    }
    return true;
}

static spectra_status take_variables(spectra_reader *reader, spectra_error *error) {
    io_andi *andi = reader->state;
    uint32_t count;
    if (!take_list(andi, TAG_VARIABLES, &count)) return fail_here(reader, error);
    for (uint32_t i = 0; i < count; i++) {
        if (!take_variable(andi)) return fail_here(reader, error);
    }
    return settle_records(andi) ? SPECTRA_OK : fail_here(reader, error);
}

static spectra_status check_variables(const spectra_reader *reader, spectra_error *error) {
    const io_andi *andi = reader->state;
    const andi_variable *v = andi->variables;
    if (v[ANDI_MASS].type == 0) return fail(reader, 0, "netCDF without mass_values: no spectra are in it", error);
    for (size_t role = ANDI_INTENSITY; role <= ANDI_POINTS; role++) {
        if (v[role].type == 0) return fail(reader, 0, "ANDI/MS without one of its arrays", error);
    }
    bool equal = v[ANDI_MASS].count == v[ANDI_INTENSITY].count && v[ANDI_INDEX].count == v[ANDI_POINTS].count;
    for (size_t role = ANDI_TIME; role < ANDI_ROLES; role++) {
        equal = equal && (v[role].type == 0 || v[role].count == v[ANDI_INDEX].count);
    }
    if (!equal) return fail(reader, 0, "arrays of unequal length", error);
    if (andi->end <= andi->cursor.size) return SPECTRA_OK;
    base_place place = {0, reader->lines.place.offset + andi->cursor.size};
    return base_fail(error, SPECTRA_E_FORMAT, place, "the file ends %u bytes before what its header describes",
                     andi->end - andi->cursor.size);
}

/* --- The file --- */

static spectra_status load(spectra_reader *reader, spectra_error *error) {
    io_andi *andi = reader->state;
    uint64_t most = reader->options.max_input_size;
    size_t wanted = most < SIZE_MAX ? (size_t)most + 1 : SIZE_MAX, size;
    const uint8_t *bytes;
    spectra_status status = io_lines_look(&reader->lines, wanted, &bytes, &size, error);
    if (status < 0) return status;
    andi->cursor = base_cursor_over(bytes, size);
    if (size <= most) return SPECTRA_OK;
    return base_fail(error, SPECTRA_E_LIMIT, (base_place){0, reader->lines.place.offset}, "more than %u bytes", most);
}

static spectra_status read_header(spectra_reader *reader, spectra_error *error) {
    io_andi *andi = reader->state;
    uint32_t magic, records;
    if (!take32(andi, &magic) || (magic != 0x43444601u && magic != 0x43444602u) || !take32(andi, &records) ||
        records == UINT32_MAX)
        return fail_here(reader, error);
    andi->wide = magic == 0x43444602u;
    andi->record_count = records;
    if (!take_dimensions(andi)) return fail_here(reader, error);
    spectra_status status = take_globals(reader, error);
    if (status == SPECTRA_OK) status = take_variables(reader, error);
    return status < 0 ? status : check_variables(reader, error);
}

static spectra_status begin(spectra_reader *reader, spectra_error *error) {
    io_andi *andi = base_allocate(reader->allocator, sizeof *andi);
    if (!andi) return out_of_memory(error);
    memset(andi, 0, sizeof *andi);
    base_vector_init(&andi->values, sizeof(double), reader->allocator);
    reader->state = andi;
    spectra_status status = load(reader, error);
    if (status == SPECTRA_OK) status = read_header(reader, error);
    reader->begun = status == SPECTRA_OK;
    return status;
}

/* --- A scan --- */

static spectra_status add_number(spectra_reader *reader, andi_role role, const char *key, const char *unit,
                                 base_place place, spectra_error *error) {
    const io_andi *andi = reader->state;
    if (andi->variables[role].type == 0) return SPECTRA_OK;
    double value = value_of(andi, role, andi->scan);
    if (!(value >= 0 && value < 1e300)) return SPECTRA_OK; /* -9999: not known */
    char bytes[400];
    base_text text;
    base_text_init(&text, bytes, sizeof bytes);
    base_text_double(&text, value);
    base_text_string(&text, unit);
    const io_line line = {bytes, text.size, true, place};
    return io_add_text(reader, key, strlen(key), &line, error);
}

static spectra_status add_peaks(spectra_reader *reader, uint64_t first, size_t count, base_place place,
                                spectra_error *error) {
    io_andi *andi = reader->state;
    if (count == 0) return SPECTRA_OK;
    andi->values.count = 0;
    double *values = base_vector_reserve(&andi->values, 2 * count);
    if (!values) return out_of_memory(error);
    for (size_t i = 0; i < count; i++) {
        values[2 * i] = value_of(andi, ANDI_MASS, first + i);
        values[2 * i + 1] = value_of(andi, ANDI_INTENSITY, first + i);
    }
    return io_add_arrays(reader, values, values + 1, 2, count, place, error);
}

/* The points of a scan, which stand behind those of the one before: so a small file is not read as a large one. */
static spectra_status find_points(spectra_reader *reader, uint64_t *first, uint64_t *count, base_place place,
                                  spectra_error *error) {
    io_andi *andi = reader->state;
    double index = value_of(andi, ANDI_INDEX, andi->scan), points = value_of(andi, ANDI_POINTS, andi->scan);
    double all = (double)andi->variables[ANDI_MASS].count;
    *first = *count = 0;
    if (base_double_bits(points) == 0) return SPECTRA_OK;
    if (!(points > 0 && points <= all && index >= (double)andi->point && index <= all - points))
        return base_fail(error, SPECTRA_E_FORMAT, place, "a scan outside the arrays or inside the one before");
    *first = (uint64_t)index;
    *count = (uint64_t)points;
    andi->point = *first + *count;
    if (*count <= reader->options.max_peaks) return SPECTRA_OK;
    return base_fail(error, SPECTRA_E_LIMIT, place, "more than %u peaks", (uint64_t)reader->options.max_peaks);
}

static spectra_status read_scan(spectra_reader *reader, base_place place, spectra_error *error) {
    io_andi *andi = reader->state;
    uint64_t first, count;
    spectra_status status = find_points(reader, &first, &count, place, error);
    if (status == SPECTRA_OK) status = add_number(reader, ANDI_SCAN, "Scan", "", place, error);
    if (status == SPECTRA_OK) status = add_number(reader, ANDI_TIME, "Retention_time", " s", place, error);
    if (status == SPECTRA_OK) status = io_add_common(reader, place, error);
    if (status == SPECTRA_OK) status = add_peaks(reader, first, (size_t)count, place, error);
    if (status == SPECTRA_OK && andi->profile) status = io_add_profile_warning(reader, error);
    return status < 0 ? status : spectrum_finish(reader->spectrum, place, error);
}

static spectra_status read_record(spectra_reader *reader, spectra_error *error) {
    spectra_status status = reader->begun ? SPECTRA_OK : begin(reader, error);
    if (status < 0) return status;
    io_andi *andi = reader->state;
    const andi_variable *index = &andi->variables[ANDI_INDEX];
    if (andi->scan == index->count) return SPECTRA_END;
    base_place place = {0, reader->lines.place.offset + index->begin + andi->scan * index->step};
    status = read_scan(reader, place, error);
    andi->scan++;
    return status;
}

/* Behind a bad scan comes the next one; behind a bad header nothing. */
static spectra_status recover(spectra_reader *reader, spectra_error *error) {
    (void)error;
    return reader->begun ? SPECTRA_OK : SPECTRA_END;
}

const io_format io_format_andi = {read_record, recover, free_state};
