/* SPDX-License-Identifier: Apache-2.0 */
/* The part of XML 1.0 that formats of spectra use, one event after the other over a stream: elements, attributes, text,
   the five entities and character references; comments and processing instructions are passed over; a DOCTYPE and CDATA
   are refused. Time is linear in the bytes; memory is that of the longest tag. Knows no format. */
#ifndef IO_XML_H
#define IO_XML_H

#include "io/lines.h"

#define IO_XML_MAX_ATTRIBUTES 32u
#define IO_XML_MAX_DEPTH 32u
#define IO_XML_MAX_NAME 63u

typedef enum io_xml_kind { IO_XML_START, IO_XML_END, IO_XML_TEXT, IO_XML_END_OF_FILE } io_xml_kind;

typedef struct io_xml_attribute {
    const char *name, *value; /* the value with its entities resolved; no NUL at the end */
    size_t name_size, value_size;
} io_xml_attribute;

typedef struct io_xml {
    io_lines *lines;
    base_vector resolved; /* values that held entities */
    /* The event; what it points at is borrowed until the next. */
    io_xml_kind kind;
    base_place place;
    const char *text; /* the name of an element, or a piece of text as it stands: an element may have several */
    size_t size;
    uint32_t attribute_count;
    io_xml_attribute attributes[IO_XML_MAX_ATTRIBUTES];
    /* Between events. */
    size_t passed; /* bytes of the last event that are still unread */
    bool empty;    /* it was <a/>: its end comes next */
    bool fragment; /* behind damage: which elements are open is not known */
    uint32_t depth;
    char names[IO_XML_MAX_DEPTH][IO_XML_MAX_NAME + 1]; /* of the open elements */
} io_xml;

void io_xml_init(io_xml *xml, io_lines *lines, const spectra_allocator *allocator);
void io_xml_free(io_xml *xml);

/* The next event. At least one byte is moved over, or the event is an end. SPECTRA_E_FORMAT, SPECTRA_E_LIMIT,
   SPECTRA_E_IO, SPECTRA_E_MEMORY; after the first two io_xml_seek finds a place to go on. */
spectra_status io_xml_next(io_xml *xml, spectra_error *error);

/* Moves before the next start tag of this name, whatever stands before it; SPECTRA_END where there is none. */
spectra_status io_xml_seek(io_xml *xml, const char *name, spectra_error *error);

/* Whether the event's element has this name. */
bool io_xml_is(const io_xml *xml, const char *name);

/* Whether the element of a start tag stands in one of this name. */
bool io_xml_is_inside(const io_xml *xml, const char *name);

/* The attribute of this name of a start tag, or NULL. */
const io_xml_attribute *io_xml_find(const io_xml *xml, const char *name);

/* Whether an attribute, perhaps NULL, has this value. */
bool io_xml_has_value(const io_xml_attribute *attribute, const char *value);

/* Whether a piece of text is blank. */
bool io_xml_is_blank(const char *text, size_t size);

/* The attribute as a whole number: SPECTRA_E_FORMAT where there is none such. */
spectra_status io_xml_find_number(const io_xml *xml, const char *name, uint64_t *value, spectra_error *error);

#endif
