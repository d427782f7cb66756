/* SPDX-License-Identifier: Apache-2.0 */
/* The few terms that answer to fields; all others keep the name that the file gives them. */
#include "io/cv.h"

#include <string.h>

/* The key, and the unit that a value without one has. A term that is said by being there has its value here. */
static const struct {
    const char *accession, *key, *value, *unit;
} terms[] = {
    {"MS:1000016", "Retention_time", NULL, NULL},   {"MS:1000041", "Charge", NULL, NULL},
    {"MS:1000045", "Collision_energy", NULL, NULL}, {"MS:1000129", "Ion_mode", "negative", NULL},
    {"MS:1000130", "Ion_mode", "positive", NULL},   {"MS:1000138", "Collision_energy", NULL, "NCE"},
    {"MS:1000389", "Ionization", "EI", NULL},       {"MS:1000511", "MS_level", NULL, NULL},
    {"MS:1000744", "Precursor_mz", NULL, NULL},
};

/* Units as our fields spell them; what goes without saying is empty. */
static const struct {
    const char *accession, *unit;
} units[] = {{"UO:0000010", "s"},  {"UO:0000028", "ms"}, {"UO:0000031", "min"}, {"UO:0000187", "%"},
             {"UO:0000266", "eV"}, {"MS:1000040", ""},   {"MS:1000131", ""}};

static bool equals(cv_text text, const char *other) {
    return text.size == strlen(other) && memcmp(text.text, other, text.size) == 0;
}

bool cv_is(const cv_param *param, const char *accession) {
    return equals(param->accession, accession);
}

static cv_text value_of(const io_xml *xml, const char *name) {
    const io_xml_attribute *attribute = io_xml_find(xml, name);
    return attribute ? (cv_text){attribute->value, attribute->value_size} : (cv_text){"", 0};
}

/* Without blanks at its ends, and without the colons behind it that some writers leave in a name. */
static cv_text trim(cv_text name) {
    while (name.size > 0 && (name.text[name.size - 1] == ' ' || name.text[name.size - 1] == ':')) name.size--;
    while (name.size > 0 && name.text[0] == ' ') name = (cv_text){name.text + 1, name.size - 1};
    return name;
}

/* "MS:" and seven digits; of other vocabularies two letters or more and a colon. So damage to one is seen. */
static bool is_accession(cv_text text) {
    size_t letters = 0, digits = 0;
    while (letters < text.size && (text.text[letters] | 0x20) >= 'a' && (text.text[letters] | 0x20) <= 'z') letters++;
    if (letters < 2 || letters == text.size || text.text[letters] != ':') return false;
    if (memcmp(text.text, "MS", 2) != 0 || letters > 2) return true;
    while (letters + 1 + digits < text.size && text.text[letters + 1 + digits] >= '0' &&
           text.text[letters + 1 + digits] <= '9') {
        digits++;
    }
    return digits == 7 && text.size == letters + 1 + digits;
}

spectra_status cv_read(cv_param *param, const io_xml *xml, spectra_error *error) {
    *param = (cv_param){.accession = value_of(xml, "accession"),
                        .name = trim(value_of(xml, "name")),
                        .value = value_of(xml, "value"),
                        .unit = value_of(xml, "unitAccession"),
                        .unit_name = value_of(xml, "unitName")};
    bool user = io_xml_is(xml, "userParam");
    if (user) param->accession.size = 0;
    if (param->name.size > 0 && (user || is_accession(param->accession))) return SPECTRA_OK;
    return base_fail(error, SPECTRA_E_FORMAT, xml->place, "parameter without a good %s",
                     param->name.size > 0 ? "accession" : "name");
}

static cv_text text_of(const char *text) {
    return (cv_text){text, strlen(text)};
}

static cv_text find_unit(const cv_param *param) {
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
        if (equals(param->unit, units[i].accession)) return text_of(units[i].unit);
    }
    return param->unit_name;
}

spectra_status cv_add_text(spectra_reader *reader, cv_text key, cv_text value, base_place place, spectra_error *error) {
    io_line line = {value.text, value.size, true, place};
    return io_add_text(reader, key.text, key.size, &line, error);
}

spectra_status cv_add(spectra_reader *reader, base_vector *line, const cv_param *param, base_place place,
                      spectra_error *error) {
    cv_text key = param->name, value = param->value, unit = find_unit(param);
    for (size_t i = 0; i < sizeof terms / sizeof terms[0]; i++) {
        if (!cv_is(param, terms[i].accession)) continue;
        key = text_of(terms[i].key);
        if (terms[i].value) value = text_of(terms[i].value);
        if (terms[i].unit && unit.size == 0) unit = text_of(terms[i].unit);
    }
    line->count = 0;
    if (value.size == 0 || unit.size == 0) return cv_add_text(reader, key, value, place, error);
    if (!base_vector_append(line, value.text, value.size) || !base_vector_append(line, " ", 1) ||
        !base_vector_append(line, unit.text, unit.size)) {
        return base_fail(error, SPECTRA_E_MEMORY, BASE_NO_PLACE, "not enough memory");
    }
    return cv_add_text(reader, key, (cv_text){line->data, line->count}, place, error);
}
