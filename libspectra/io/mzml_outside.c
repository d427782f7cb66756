/* SPDX-License-Identifier: Apache-2.0 */
/* mzML around its spectra: groups of parameters, the ionisation of the instrument, how many spectra there are, and the
   index, whose offsets are compared with where the spectra begin. Elements of no use here are passed over. */
#include <string.h>

#include "io/mzml.h"

#define MAX_GROUPS 256u
#define MAX_GROUP_PARAMS 64u
#define MAX_GROUP_TEXT 4096u
#define PARAM_TEXTS 5u

static spectra_status out_of_memory(spectra_error *error) {
    return base_fail(error, SPECTRA_E_MEMORY, BASE_NO_PLACE, "not enough memory");
}

/* --- Groups --- */

void mzml_groups_init(mzml_groups *groups, const spectra_allocator *allocator) {
    base_vector_init(&groups->text, sizeof(char), allocator);
    base_vector_init(&groups->groups, sizeof(mzml_group), allocator);
    base_vector_init(&groups->params, PARAM_TEXTS * sizeof(size_t), allocator);
}

void mzml_groups_free(mzml_groups *groups) {
    base_vector_free(&groups->text);
    base_vector_free(&groups->groups);
    base_vector_free(&groups->params);
}

static cv_text text_at(const mzml_groups *groups, size_t offset) {
    const char *text = (const char *)groups->text.data + offset;
    return (cv_text){text, strlen(text)};
}

const mzml_group *mzml_find_group(const mzml_groups *groups, cv_text id) {
    const mzml_group *group = groups->groups.data;
    for (size_t i = 0; i < groups->groups.count; i++) {
        cv_text other = text_at(groups, group[i].id);
        if (other.size == id.size && memcmp(other.text, id.text, id.size) == 0) return &group[i];
    }
    return NULL;
}

void mzml_group_param(cv_param *param, const mzml_groups *groups, const mzml_group *group, size_t i) {
    const size_t *offsets = (const size_t *)groups->params.data + (group->first + i) * PARAM_TEXTS;
    *param = (cv_param){text_at(groups, offsets[0]), text_at(groups, offsets[1]), text_at(groups, offsets[2]),
                        text_at(groups, offsets[3]), text_at(groups, offsets[4])};
}

static bool store(mzml_groups *groups, size_t *offset, cv_text text) {
    *offset = groups->text.count;
    return (text.size == 0 || base_vector_append(&groups->text, text.text, text.size)) &&
           base_vector_append(&groups->text, "", 1);
}

static spectra_status begin_group(io_mzml *mzml, spectra_error *error) {
    mzml_groups *groups = &mzml->groups;
    const io_xml_attribute *id = io_xml_find(&mzml->xml, "id");
    if (!id) return base_fail(error, SPECTRA_E_FORMAT, mzml->xml.place, "group of parameters without an id");
    if (groups->groups.count == MAX_GROUPS || id->value_size > MAX_GROUP_TEXT) {
        return base_fail(error, SPECTRA_E_LIMIT, mzml->xml.place, "too many groups of parameters, or too long an id");
    }
    mzml_group group = {.first = groups->params.count};
    if (!store(groups, &group.id, (cv_text){id->value, id->value_size}) ||
        !base_vector_append(&groups->groups, &group, 1)) {
        return out_of_memory(error);
    }
    groups->open = true;
    return SPECTRA_OK;
}

static spectra_status add_to_group(io_mzml *mzml, spectra_error *error) {
    mzml_groups *groups = &mzml->groups;
    mzml_group *group = (mzml_group *)groups->groups.data + groups->groups.count - 1;
    cv_param param;
    size_t offsets[PARAM_TEXTS];
    spectra_status status = cv_read(&param, &mzml->xml, error);
    if (status < 0) return status;
    const cv_text texts[] = {param.accession, param.name, param.value, param.unit, param.unit_name};
    size_t size = groups->text.count - group->id;
    for (size_t i = 0; i < PARAM_TEXTS; i++) size += texts[i].size + 1;
    if (group->count == MAX_GROUP_PARAMS || size > 2 * MAX_GROUP_TEXT) {
        return base_fail(error, SPECTRA_E_LIMIT, mzml->xml.place, "too many or too long parameters in a group");
    }
    for (size_t i = 0; i < PARAM_TEXTS; i++) {
        if (!store(groups, &offsets[i], texts[i])) return out_of_memory(error);
    }
    if (!base_vector_append(&groups->params, offsets, 1)) return out_of_memory(error);
    group->count++;
    return SPECTRA_OK;
}

/* Of the instrument only the ionisation by electrons is kept: it tells the track of all spectra. */
static spectra_status add_instrument(spectra_reader *reader, io_mzml *mzml, spectra_error *error) {
    cv_param param;
    spectra_status status = cv_read(&param, &mzml->xml, error);
    if (status < 0 || !cv_is(&param, "MS:1000389") || spectra_spectrum_metadata_count(reader->common) > 0) {
        return status;
    }
    return spectrum_add_pair(reader->common, "Ionization", 10, "EI", 2) ? SPECTRA_OK : out_of_memory(error);
}

/* --- The index --- */

/* A digit too many is beyond any offset: the number stays at what no file reaches. */
static void add_digits(mzml_index *index, const char *text, size_t size) {
    for (size_t i = 0; i < size; i++) {
        bool digit = text[i] >= '0' && text[i] <= '9';
        if (!digit || index->number > UINT64_MAX / 10 - 1) index->wrong = true;
        index->number = index->wrong ? 0 : index->number * 10 + (uint64_t)(text[i] - '0');
        index->digits++;
    }
}

static void check_offset(mzml_index *index) {
    if (!index->of_spectra) return;
    const uint64_t *offsets = index->offsets.data;
    bool right =
        index->position < index->offsets.count && index->digits > 0 && offsets[index->position] == index->number;
    index->position++;
    if (!right) index->wrong = true;
}

static void begin_index_element(io_mzml *mzml) {
    mzml_index *index = &mzml->index;
    const io_xml *xml = &mzml->xml;
    if (io_xml_is(xml, "indexList")) index->list_offset = xml->place.offset;
    if (io_xml_is(xml, "index")) {
        index->of_spectra = io_xml_has_value(io_xml_find(xml, "name"), "spectrum");
        index->position = 0;
    }
    index->reading = io_xml_is(xml, "offset") || io_xml_is(xml, "indexListOffset");
    index->number = 0;
    index->digits = 0;
}

static void end_index_element(io_mzml *mzml) {
    mzml_index *index = &mzml->index;
    const io_xml *xml = &mzml->xml;
    index->reading = false;
    if (io_xml_is(xml, "offset")) check_offset(index);
    if (io_xml_is(xml, "index") && index->of_spectra && index->position != index->offsets.count) index->wrong = true;
    if (!io_xml_is(xml, "indexListOffset")) return;
    if (index->digits == 0 || index->number < index->gap_offset || index->number > index->list_offset) {
        index->wrong = true;
    }
}

/* --- Events --- */

static spectra_status begin_element(spectra_reader *reader, io_mzml *mzml, spectra_error *error) {
    const io_xml *xml = &mzml->xml;
    begin_index_element(mzml);
    if (io_xml_is(xml, "referenceableParamGroup")) return begin_group(mzml, error);
    if (io_xml_is(xml, "spectrumList")) return io_xml_find_number(xml, "count", &mzml->declared_count, error);
    if (!io_xml_is(xml, "cvParam") && !io_xml_is(xml, "userParam")) {
        bool ref = io_xml_is(xml, "referenceableParamGroupRef");
        if (!mzml->groups.open && (ref || !io_xml_is_inside(xml, "source"))) return SPECTRA_OK;
        return base_fail(error, SPECTRA_E_FORMAT, xml->place, "unexpected element among parameters");
    }
    return mzml->groups.open ? add_to_group(mzml, error) : add_instrument(reader, mzml, error);
}

static spectra_status end_element(io_mzml *mzml, spectra_error *error) {
    const io_xml *xml = &mzml->xml;
    end_index_element(mzml);
    if (io_xml_is(xml, "referenceableParamGroup")) mzml->groups.open = false;
    if (io_xml_is(xml, "mzML")) {
        mzml->ended = true;
        mzml->index.gap_offset = xml->place.offset + xml->passed;
    }
    if (!io_xml_is(xml, "spectrumList") || xml->fragment || mzml->declared_count == mzml->index.offsets.count) {
        return SPECTRA_OK;
    }
    return base_fail(error, SPECTRA_E_FORMAT, xml->place, "%u spectra where %u are declared",
                     (uint64_t)mzml->index.offsets.count, mzml->declared_count);
}

/* Text stands in few elements; elsewhere it is a tag that has lost its '<'. */
static spectra_status take_text(io_mzml *mzml, spectra_error *error) {
    static const char *const elements[] = {"binary", "offset", "indexListOffset", "fileChecksum"};
    const io_xml *xml = &mzml->xml;
    if (mzml->index.reading) add_digits(&mzml->index, xml->text, xml->size);
    if (io_xml_is_blank(xml->text, xml->size) || xml->fragment) return SPECTRA_OK;
    for (size_t i = 0; i < sizeof elements / sizeof elements[0]; i++) {
        if (xml->depth > 0 && strcmp(xml->names[xml->depth - 1], elements[i]) == 0) return SPECTRA_OK;
    }
    return base_fail(error, SPECTRA_E_FORMAT, xml->place, "unexpected text between elements");
}

/* Behind damage that was told, an end that is missing is not told once more. */
static spectra_status end_file(const io_mzml *mzml, spectra_error *error) {
    if (mzml->ended || mzml->xml.fragment) return SPECTRA_END;
    return base_fail(error, SPECTRA_E_FORMAT, mzml->xml.place, "the file ends before </mzML>");
}

spectra_status mzml_advance(spectra_reader *reader, io_mzml *mzml, spectra_error *error) {
    io_xml *xml = &mzml->xml;
    for (;;) {
        spectra_status status = io_xml_next(xml, error);
        if (status < 0) return status;
        if (xml->kind == IO_XML_END_OF_FILE) return end_file(mzml, error);
        if (xml->kind == IO_XML_START && io_xml_is(xml, "spectrum")) {
            uint64_t offset = xml->place.offset;
            return base_vector_append(&mzml->index.offsets, &offset, 1) ? SPECTRA_OK : out_of_memory(error);
        }
        if (xml->kind == IO_XML_START) status = begin_element(reader, mzml, error);
        if (xml->kind == IO_XML_END) status = end_element(mzml, error);
        if (xml->kind == IO_XML_TEXT) status = take_text(mzml, error);
        if (status < 0) return status;
    }
}
