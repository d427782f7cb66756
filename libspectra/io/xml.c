/* SPDX-License-Identifier: Apache-2.0 */
/* Tags are looked at whole, text as it comes. A '<' ends every search for the end of a tag, so that damage costs the
   bytes up to the next tag and no more. */
#include "io/xml.h"

#include <string.h>

#include "base/numbers.h"

void io_xml_init(io_xml *xml, io_lines *lines, const spectra_allocator *allocator) {
    memset(xml, 0, sizeof *xml);
    xml->lines = lines;
    base_vector_init(&xml->resolved, sizeof(char), allocator);
}

void io_xml_free(io_xml *xml) {
    base_vector_free(&xml->resolved);
}

/* --- Characters --- */

static bool is_blank(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static bool begins_name(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == ':' || (unsigned char)c >= 0x80;
}

static bool goes_on_in_name(char c) {
    return begins_name(c) || (c >= '0' && c <= '9') || c == '-' || c == '.';
}

bool io_xml_is_blank(const char *text, size_t size) {
    for (size_t i = 0; i < size; i++) {
        if (!is_blank(text[i])) return false;
    }
    return true;
}

/* --- A tag: what stands between '<' and '>' --- */

typedef struct tag {
    base_cursor cursor; /* over all of it, from '<' to '>' */
    base_place place;
} tag;

static spectra_status fail_in(const tag *t, spectra_status status, const char *what, spectra_error *error) {
    base_place place = t->place;
    for (size_t i = 0; i < t->cursor.position; i++) place.line += t->cursor.bytes[i] == '\n';
    place.offset += t->cursor.position;
    return base_fail(error, status, place, "%s", what);
}

static bool skip_blanks(tag *t) {
    size_t begin = t->cursor.position;
    while (is_blank((char)base_cursor_peek(&t->cursor))) base_cursor_advance(&t->cursor);
    return t->cursor.position > begin;
}

/* A name of size 0 where there is none. */
static void read_name(tag *t, const char **name, size_t *size) {
    size_t begin = t->cursor.position;
    if (begins_name((char)base_cursor_peek(&t->cursor))) {
        while (goes_on_in_name((char)base_cursor_peek(&t->cursor))) base_cursor_advance(&t->cursor);
    }
    *name = (const char *)t->cursor.bytes + begin;
    *size = t->cursor.position - begin;
}

/* --- Values --- */

/* A character as UTF-8; nothing where it is none of XML. */
static size_t write_utf8(char *out, uint64_t c) {
    if (c == 0 || c > 0x10ffff || (c >= 0xd800 && c < 0xe000)) return 0;
    if (c < 0x80) {
        out[0] = (char)c;
        return 1;
    }
    size_t size = c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
    static const uint8_t heads[] = {0, 0, 0xc0, 0xe0, 0xf0};
    for (size_t i = size - 1; i > 0; i--, c >>= 6) out[i] = (char)(0x80 | (c & 0x3f));
    out[0] = (char)(heads[size] | c);
    return size;
}

/* "#38;" or "#x26;", behind the ampersand; at least as long as what it stands for. */
static size_t read_reference(base_cursor *cursor, char *out) {
    uint64_t value = 0;
    bool hexadecimal = base_cursor_accept(cursor, 'x');
    size_t begin = cursor->position;
    for (;; base_cursor_advance(cursor)) {
        int c = base_cursor_peek(cursor);
        uint64_t digit = c >= '0' && c <= '9'                  ? (uint64_t)(c - '0')
                         : hexadecimal && c >= 'a' && c <= 'f' ? (uint64_t)(c - 'a' + 10)
                         : hexadecimal && c >= 'A' && c <= 'F' ? (uint64_t)(c - 'A' + 10)
                                                               : 16;
        if (digit == 16) break;
        value = value > 0x10ffff ? value : value * (hexadecimal ? 16 : 10) + digit;
    }
    if (cursor->position == begin || !base_cursor_accept(cursor, ';')) return 0;
    return write_utf8(out, value);
}

/* What stands behind an ampersand; the number of bytes written, 0 for what is unknown. */
static size_t read_entity(base_cursor *cursor, char *out) {
    static const struct {
        const char *name;
        char character;
    } entities[] = {{"amp;", '&'}, {"lt;", '<'}, {"gt;", '>'}, {"quot;", '"'}, {"apos;", '\''}};
    if (base_cursor_accept(cursor, '#')) return read_reference(cursor, out);
    for (size_t i = 0; i < sizeof entities / sizeof entities[0]; i++) {
        size_t size = strlen(entities[i].name);
        if (base_cursor_left(cursor) < size || memcmp(cursor->bytes + cursor->position, entities[i].name, size) != 0) {
            continue;
        }
        cursor->position += size;
        *out = entities[i].character;
        return 1;
    }
    return 0;
}

/* Whether a value stands for itself: no entity, and no line end or tab, which are blanks in it. */
static bool is_plain(const char *value, size_t size) {
    for (size_t i = 0; i < size; i++) {
        if (value[i] == '&' || (is_blank(value[i]) && value[i] != ' ')) return false;
    }
    return true;
}

/* The value with its entities resolved. All of a tag together are shorter than it, so that what is reserved for the
   first stays where it is. */
static spectra_status resolve(io_xml *xml, tag *t, io_xml_attribute *attribute, spectra_error *error) {
    if (is_plain(attribute->value, attribute->value_size)) return SPECTRA_OK;
    if (!base_vector_reserve(&xml->resolved, t->cursor.size - xml->resolved.count)) {
        return base_fail(error, SPECTRA_E_MEMORY, BASE_NO_PLACE, "not enough memory");
    }
    base_cursor from = base_cursor_over(attribute->value, attribute->value_size);
    char *out = (char *)xml->resolved.data + xml->resolved.count;
    size_t size = 0;
    while (!base_cursor_at_end(&from)) {
        char c = (char)base_cursor_peek(&from);
        base_cursor_advance(&from);
        if (c != '&') {
            out[size++] = is_blank(c) ? ' ' : c;
            continue;
        }
        size_t more = read_entity(&from, out + size);
        if (more == 0) return fail_in(t, SPECTRA_E_FORMAT, "unknown entity in the value before", error);
        size += more;
    }
    xml->resolved.count += size;
    attribute->value = out;
    attribute->value_size = size;
    return SPECTRA_OK;
}

static spectra_status read_value(io_xml *xml, tag *t, io_xml_attribute *attribute, spectra_error *error) {
    skip_blanks(t);
    if (!base_cursor_accept(&t->cursor, '=')) return fail_in(t, SPECTRA_E_FORMAT, "expected '='", error);
    skip_blanks(t);
    int quote = base_cursor_peek(&t->cursor);
    if (quote != '"' && quote != '\'') return fail_in(t, SPECTRA_E_FORMAT, "expected a value in quotes", error);
    base_cursor_advance(&t->cursor);
    const uint8_t *begin = t->cursor.bytes + t->cursor.position;
    const uint8_t *end = memchr(begin, quote, base_cursor_left(&t->cursor));
    if (!end) return fail_in(t, SPECTRA_E_FORMAT, "value without its closing quote", error);
    attribute->value = (const char *)begin;
    attribute->value_size = (size_t)(end - begin);
    t->cursor.position += attribute->value_size + 1;
    return resolve(xml, t, attribute, error);
}

static spectra_status read_attribute(io_xml *xml, tag *t, spectra_error *error) {
    if (xml->attribute_count == IO_XML_MAX_ATTRIBUTES) {
        return fail_in(t, SPECTRA_E_LIMIT, "more than 32 attributes", error);
    }
    io_xml_attribute *attribute = &xml->attributes[xml->attribute_count];
    read_name(t, &attribute->name, &attribute->name_size);
    if (attribute->name_size == 0) return fail_in(t, SPECTRA_E_FORMAT, "expected an attribute", error);
    for (uint32_t i = 0; i < xml->attribute_count; i++) {
        const io_xml_attribute *other = &xml->attributes[i];
        if (other->name_size == attribute->name_size && memcmp(other->name, attribute->name, other->name_size) == 0) {
            return fail_in(t, SPECTRA_E_FORMAT, "the same attribute twice", error);
        }
    }
    xml->attribute_count++;
    return read_value(xml, t, attribute, error);
}

/* --- Events --- */

static spectra_status open_element(io_xml *xml, const tag *t, spectra_error *error) {
    if (xml->size == 0 || xml->size > IO_XML_MAX_NAME) return fail_in(t, SPECTRA_E_FORMAT, "expected a name", error);
    if (xml->depth == IO_XML_MAX_DEPTH) return fail_in(t, SPECTRA_E_LIMIT, "elements nested too deeply", error);
    memcpy(xml->names[xml->depth], xml->text, xml->size);
    xml->names[xml->depth][xml->size] = '\0';
    xml->depth++;
    return SPECTRA_OK;
}

static spectra_status read_start_tag(io_xml *xml, tag *t, spectra_error *error) {
    xml->kind = IO_XML_START;
    xml->attribute_count = 0;
    xml->resolved.count = 0;
    read_name(t, &xml->text, &xml->size);
    spectra_status status = open_element(xml, t, error);
    while (status == SPECTRA_OK) {
        bool parted = skip_blanks(t);
        xml->empty = base_cursor_accept(&t->cursor, '/');
        if (base_cursor_left(&t->cursor) == 1) return SPECTRA_OK;
        if (xml->empty || !parted) return fail_in(t, SPECTRA_E_FORMAT, "unexpected character in a tag", error);
        status = read_attribute(xml, t, error);
    }
    return status;
}

static spectra_status read_end_tag(io_xml *xml, tag *t, spectra_error *error) {
    xml->kind = IO_XML_END;
    base_cursor_advance(&t->cursor);
    read_name(t, &xml->text, &xml->size);
    skip_blanks(t);
    if (xml->size == 0 || base_cursor_left(&t->cursor) != 1) {
        return fail_in(t, SPECTRA_E_FORMAT, "unexpected character in a tag", error);
    }
    if (xml->depth == 0 && xml->fragment) return SPECTRA_OK;
    const char *open = xml->depth > 0 ? xml->names[xml->depth - 1] : "";
    if (!io_xml_is(xml, open)) {
        return base_fail(error, SPECTRA_E_FORMAT, xml->place, xml->depth > 0 ? "expected </%s>" : "unexpected end tag",
                         open);
    }
    xml->depth--;
    return SPECTRA_OK;
}

/* Up to the next tag; none of XML's characters is a NUL, and one is told where it stands. */
static spectra_status read_text(io_xml *xml, const uint8_t *bytes, size_t seen, spectra_error *error) {
    const uint8_t *end = memchr(bytes, '<', seen);
    xml->kind = IO_XML_TEXT;
    xml->text = (const char *)bytes;
    xml->size = xml->passed = end ? (size_t)(end - bytes) : seen;
    const uint8_t *nul = memchr(bytes, '\0', xml->size);
    if (!nul) return SPECTRA_OK;
    io_lines_pass(xml->lines, (size_t)(nul - bytes));
    xml->passed = 1;
    xml->place = xml->lines->place;
    return base_fail(error, SPECTRA_E_FORMAT, xml->place, "NUL byte in text");
}

/* The end of <a/>. */
static void end_empty_element(io_xml *xml) {
    xml->empty = false;
    xml->kind = IO_XML_END;
    xml->depth--;
    xml->text = xml->names[xml->depth];
    xml->size = strlen(xml->text);
}

/* Where the tag ends, looking ahead as far as needed: its size, '<' and '>' included. */
static spectra_status measure_tag(io_xml *xml, const uint8_t **bytes, size_t *size, spectra_error *error) {
    char quote = 0;
    for (size_t at = 1, seen = 0;; at++) {
        if (at >= seen) {
            spectra_status status = io_lines_look(xml->lines, at + 1, bytes, &seen, error);
            if (status < 0) return status;
            if (at >= seen) return base_fail(error, SPECTRA_E_FORMAT, xml->place, "the file ends inside a tag");
        }
        char c = (char)(*bytes)[at];
        if (c == '<' || c == '\0') return base_fail(error, SPECTRA_E_FORMAT, xml->place, "tag without its end");
        if (at >= xml->lines->max_line_size) {
            return base_fail(error, SPECTRA_E_LIMIT, xml->place, "tag of more than %u bytes",
                             (uint64_t)xml->lines->max_line_size);
        }
        if (quote) {
            if (c == quote) quote = 0;
        } else if (c == '"' || c == '\'') {
            quote = c;
        } else if (c == '>') {
            *size = at + 1;
            return SPECTRA_OK;
        }
    }
}

static spectra_status read_tag(io_xml *xml, spectra_error *error) {
    const uint8_t *bytes = NULL;
    size_t size = 0;
    spectra_status status = measure_tag(xml, &bytes, &size, error);
    if (status == SPECTRA_OK) {
        tag t = {base_cursor_over(bytes, size), xml->place};
        t.cursor.position = 1;
        xml->passed = size;
        status = bytes[1] == '/' ? read_end_tag(xml, &t, error) : read_start_tag(xml, &t, error);
    } else {
        xml->passed = 1;
    }
    return status;
}

/* Moves before the next `mark`, or, where there is none, to the end: SPECTRA_END. */
static spectra_status pass_to(io_xml *xml, const char *mark, spectra_error *error) {
    size_t mark_size = strlen(mark);
    for (;;) {
        const uint8_t *bytes;
        size_t seen;
        spectra_status status = io_lines_look(xml->lines, mark_size, &bytes, &seen, error);
        if (status < 0) return status;
        const uint8_t *at = bytes, *end = seen >= mark_size ? bytes + seen - mark_size + 1 : bytes;
        while (at < end && (at = memchr(at, mark[0], (size_t)(end - at))) != NULL) {
            if (memcmp(at, mark, mark_size) == 0) break;
            at++;
        }
        if (at && at < end) {
            io_lines_pass(xml->lines, (size_t)(at - bytes));
            return SPECTRA_OK;
        }
        bool over = seen < mark_size;
        io_lines_pass(xml->lines, over ? seen : (size_t)(end - bytes));
        if (over) return SPECTRA_END;
    }
}

/* A comment or a processing instruction. */
static spectra_status pass_over(io_xml *xml, const char *end, spectra_error *error) {
    spectra_status status = pass_to(xml, end, error);
    if (status == SPECTRA_END) return base_fail(error, SPECTRA_E_FORMAT, xml->place, "the file ends before %s", end);
    if (status == SPECTRA_OK) io_lines_pass(xml->lines, strlen(end));
    return status;
}

/* What begins with '<'. *passed_over where it is no event. */
static spectra_status read_markup(io_xml *xml, bool *passed_over, spectra_error *error) {
    const uint8_t *bytes;
    size_t seen;
    *passed_over = false;
    spectra_status status = io_lines_look(xml->lines, 4, &bytes, &seen, error);
    if (status < 0) return status;
    if (seen >= 2 && bytes[1] == '?') {
        *passed_over = true;
        return pass_over(xml, "?>", error);
    }
    if (seen < 2 || bytes[1] != '!') return read_tag(xml, error);
    if (seen >= 4 && memcmp(bytes, "<!--", 4) == 0) {
        *passed_over = true;
        io_lines_pass(xml->lines, 4);
        return pass_over(xml, "-->", error);
    }
    xml->passed = 1;
    return base_fail(error, SPECTRA_E_FORMAT, xml->place, "a DOCTYPE or CDATA, which are not read");
}

static spectra_status end_file(io_xml *xml, spectra_error *error) {
    xml->kind = IO_XML_END_OF_FILE;
    if (xml->depth == 0) return SPECTRA_OK;
    return base_fail(error, SPECTRA_E_FORMAT, xml->place, "the file ends before </%s>", xml->names[xml->depth - 1]);
}

spectra_status io_xml_next(io_xml *xml, spectra_error *error) {
    io_lines_pass(xml->lines, xml->passed);
    xml->passed = 0;
    if (xml->empty) {
        end_empty_element(xml);
        return SPECTRA_OK;
    }
    for (bool passed_over = true; passed_over;) {
        const uint8_t *bytes;
        size_t seen;
        spectra_status status = io_lines_look(xml->lines, 1, &bytes, &seen, error);
        if (status < 0) return status;
        xml->place = xml->lines->place;
        if (seen == 0) return end_file(xml, error);
        if (bytes[0] != '<') return read_text(xml, bytes, seen, error);
        status = read_markup(xml, &passed_over, error);
        if (status < 0) return status;
    }
    return SPECTRA_OK;
}

/* Behind "<spectrum" of "<spectrumList" stands no end of the name. */
static bool ends_name(int c) {
    return is_blank((char)c) || c == '>' || c == '/';
}

spectra_status io_xml_seek(io_xml *xml, const char *name, spectra_error *error) {
    char mark[IO_XML_MAX_NAME + 2] = "<";
    size_t size = strlen(name) + 1;
    memcpy(mark + 1, name, size);
    io_lines_pass(xml->lines, xml->passed);
    xml->passed = 0;
    xml->empty = false;
    xml->fragment = true;
    xml->depth = 0;
    for (;;) {
        const uint8_t *bytes;
        size_t seen;
        spectra_status status = pass_to(xml, mark, error);
        if (status == SPECTRA_OK) status = io_lines_look(xml->lines, size + 1, &bytes, &seen, error);
        if (status != SPECTRA_OK || (seen > size && ends_name(bytes[size]))) return status;
        io_lines_pass(xml->lines, size);
    }
}

/* --- What an event holds --- */

bool io_xml_is(const io_xml *xml, const char *name) {
    return strlen(name) == xml->size && memcmp(xml->text, name, xml->size) == 0;
}

bool io_xml_is_inside(const io_xml *xml, const char *name) {
    return xml->depth > 1 && strcmp(xml->names[xml->depth - 2], name) == 0;
}

const io_xml_attribute *io_xml_find(const io_xml *xml, const char *name) {
    size_t size = strlen(name);
    for (uint32_t i = 0; i < xml->attribute_count; i++) {
        const io_xml_attribute *attribute = &xml->attributes[i];
        if (attribute->name_size == size && memcmp(attribute->name, name, size) == 0) return attribute;
    }
    return NULL;
}

bool io_xml_has_value(const io_xml_attribute *attribute, const char *value) {
    return attribute && attribute->value_size == strlen(value) &&
           memcmp(attribute->value, value, attribute->value_size) == 0;
}

spectra_status io_xml_find_number(const io_xml *xml, const char *name, uint64_t *value, spectra_error *error) {
    const io_xml_attribute *attribute = io_xml_find(xml, name);
    if (!attribute) return base_fail(error, SPECTRA_E_FORMAT, xml->place, "element without %s", name);
    base_cursor cursor = base_cursor_over(attribute->value, attribute->value_size);
    if (base_parse_unsigned(&cursor, value) && base_cursor_at_end(&cursor)) return SPECTRA_OK;
    return base_fail(error, SPECTRA_E_FORMAT, xml->place, "%s is no whole number", name);
}
