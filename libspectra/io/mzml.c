/* SPDX-License-Identifier: Apache-2.0 */
/* mzML 1.1, with or without its index: one spectrum after the other,

       <spectrum index= id= defaultArrayLength=N>    its parameters, scans, precursors become metadata
         <binaryDataArray encodedLength=>            two arrays of N numbers: m/z and intensity
           <binary>base64</binary>

   Parameters are told by accession. Inside a spectrum all that the schema does not know is an error, so that damage
   does not hide what was there. Chromatograms are not read. */
#include "io/mzml.h"

#include <string.h>

#define MAX_REFS 64u /* to groups, of one spectrum */

static io_mzml *state_of(const spectra_reader *reader) {
    return reader->state;
}

static spectra_status out_of_memory(spectra_error *error) {
    return base_fail(error, SPECTRA_E_MEMORY, BASE_NO_PLACE, "not enough memory");
}

static spectra_status create_state(spectra_reader *reader, spectra_error *error) {
    const spectra_allocator *allocator = reader->allocator;
    io_mzml *mzml = base_allocate(allocator, sizeof *mzml);
    if (!mzml) return out_of_memory(error);
    memset(mzml, 0, sizeof *mzml);
    io_xml_init(&mzml->xml, &reader->lines, allocator);
    io_array_init(&mzml->decoder, allocator);
    base_vector_init(&mzml->mz, sizeof(double), allocator);
    base_vector_init(&mzml->intensity, sizeof(double), allocator);
    base_vector_init(&mzml->line, sizeof(char), allocator);
    base_vector_init(&mzml->index.offsets, sizeof(uint64_t), allocator);
    mzml_groups_init(&mzml->groups, allocator);
    reader->state = mzml;
    return SPECTRA_OK;
}

static void free_state(spectra_reader *reader) {
    io_mzml *mzml = state_of(reader);
    if (!mzml) return;
    io_xml_free(&mzml->xml);
    io_array_free(&mzml->decoder);
    base_vector_free(&mzml->mz);
    base_vector_free(&mzml->intensity);
    base_vector_free(&mzml->line);
    base_vector_free(&mzml->index.offsets);
    mzml_groups_free(&mzml->groups);
    base_release(reader->allocator, mzml, sizeof *mzml);
}

/* --- Parameters --- */

/* What a term says of an array. */
typedef struct array_term {
    const char *accession;
    enum { SAYS_CONTENT, SAYS_NUMBER, SAYS_PACKING } says;
    int value; /* mzml_content, io_number or io_numpress */
    bool zlib;
} array_term;

static const array_term array_terms[] = {
    {"MS:1000514", SAYS_CONTENT, MZML_MZ, false},
    {"MS:1000515", SAYS_CONTENT, MZML_INTENSITY, false},
    {"MS:1000519", SAYS_NUMBER, IO_NUMBER_INT32, false},
    {"MS:1000521", SAYS_NUMBER, IO_NUMBER_FLOAT32, false},
    {"MS:1000522", SAYS_NUMBER, IO_NUMBER_INT64, false},
    {"MS:1000523", SAYS_NUMBER, IO_NUMBER_FLOAT64, false},
    {"MS:1000574", SAYS_PACKING, IO_NUMPRESS_NONE, true},
    {"MS:1000576", SAYS_PACKING, IO_NUMPRESS_NONE, false},
    {"MS:1002312", SAYS_PACKING, IO_NUMPRESS_LINEAR, false},
    {"MS:1002313", SAYS_PACKING, IO_NUMPRESS_PIC, false},
    {"MS:1002314", SAYS_PACKING, IO_NUMPRESS_SLOF, false},
    {"MS:1002746", SAYS_PACKING, IO_NUMPRESS_LINEAR, true},
    {"MS:1002747", SAYS_PACKING, IO_NUMPRESS_PIC, true},
    {"MS:1002748", SAYS_PACKING, IO_NUMPRESS_SLOF, true},
};

/* False where the term contradicts what was said before. */
static bool describe_array(mzml_array *array, const array_term *term) {
    switch (term->says) {
    case SAYS_CONTENT:
        if (array->content != MZML_OTHER) return false;
        array->content = (mzml_content)term->value;
        return true;
    case SAYS_NUMBER:
        if (array->packing.number != IO_NUMBER_NONE) return false;
        array->packing.number = (io_number)term->value;
        return true;
    default:
        if (array->packing_known) return false;
        array->packing_known = true;
        array->packing.numpress = (io_numpress)term->value;
        array->packing.zlib = term->zlib;
        return true;
    }
}

static spectra_status take_array_param(io_mzml *mzml, const cv_param *param, spectra_error *error) {
    for (size_t i = 0; i < sizeof array_terms / sizeof array_terms[0]; i++) {
        if (!cv_is(param, array_terms[i].accession)) continue;
        if (describe_array(&mzml->array, &array_terms[i])) return SPECTRA_OK;
        return base_fail(error, SPECTRA_E_FORMAT, mzml->xml.place, "an array is described twice");
    }
    return SPECTRA_OK;
}

static spectra_status take_param(spectra_reader *reader, io_mzml *mzml, const cv_param *param, spectra_error *error) {
    if (mzml->array.open) return take_array_param(mzml, param, error);
    if (cv_is(param, "MS:1000128")) mzml->profile = true;
    return cv_add(reader, &mzml->line, param, mzml->xml.place, error);
}

static spectra_status take_group(spectra_reader *reader, io_mzml *mzml, spectra_error *error) {
    const io_xml_attribute *ref = io_xml_find(&mzml->xml, "ref");
    const mzml_group *group = ref ? mzml_find_group(&mzml->groups, (cv_text){ref->value, ref->value_size}) : NULL;
    if (!group) return base_fail(error, SPECTRA_E_FORMAT, mzml->xml.place, "no such group of parameters");
    if (mzml->ref_count++ == MAX_REFS) {
        return base_fail(error, SPECTRA_E_LIMIT, mzml->xml.place, "more than %u groups of parameters",
                         (uint64_t)MAX_REFS);
    }
    spectra_status status = SPECTRA_OK;
    for (size_t i = 0; i < group->count && status == SPECTRA_OK; i++) {
        cv_param param;
        mzml_group_param(&param, &mzml->groups, group, i);
        status = take_param(reader, mzml, &param, error);
    }
    return status;
}

static spectra_status take_attributes(spectra_reader *reader, const io_xml *xml, spectra_error *error) {
    spectra_status status = SPECTRA_OK;
    for (uint32_t i = 0; i < xml->attribute_count && status == SPECTRA_OK; i++) {
        const io_xml_attribute *a = &xml->attributes[i];
        if (a->name_size == 18 && memcmp(a->name, "defaultArrayLength", 18) == 0) continue;
        status = cv_add_text(reader, (cv_text){a->name, a->name_size}, (cv_text){a->value, a->value_size}, xml->place,
                             error);
    }
    return status;
}

/* --- Arrays --- */

static spectra_status begin_array(io_mzml *mzml, spectra_error *error) {
    mzml->array = (mzml_array){.open = true};
    return io_xml_find_number(&mzml->xml, "encodedLength", &mzml->array.encoded_length, error);
}

/* The parameters of an array stand before its numbers. */
static spectra_status begin_numbers(io_mzml *mzml, spectra_error *error) {
    mzml_array *array = &mzml->array;
    base_place place = mzml->xml.place;
    if (!array->open || array->filled) return base_fail(error, SPECTRA_E_FORMAT, place, "numbers outside an array");
    array->filled = true;
    array->decoding = array->content != MZML_OTHER;
    if (!array->decoding) return SPECTRA_OK;
    bool *seen = array->content == MZML_MZ ? &mzml->has_mz : &mzml->has_intensity;
    if (*seen) return base_fail(error, SPECTRA_E_FORMAT, place, "two arrays of m/z or two of intensities");
    *seen = true;
    if (!array->packing_known) {
        return base_fail(error, SPECTRA_E_FORMAT, place, "array compressed in a way that is not stated or not known");
    }
    if (array->packing.number == IO_NUMBER_NONE && array->packing.numpress == IO_NUMPRESS_NONE) {
        return base_fail(error, SPECTRA_E_FORMAT, place, "array without a known type of its numbers");
    }
    base_vector *values = array->content == MZML_MZ ? &mzml->mz : &mzml->intensity;
    return io_array_begin(&mzml->decoder, array->packing, values, mzml->length, place, error);
}

static spectra_status end_numbers(io_mzml *mzml, spectra_error *error) {
    if (!mzml->array.decoding) return SPECTRA_OK;
    mzml->array.decoding = false;
    uint64_t length = mzml->decoder.base64.length;
    if (length != mzml->array.encoded_length) {
        return base_fail(error, SPECTRA_E_FORMAT, mzml->decoder.place, "%u characters of base64 where %u are declared",
                         length, mzml->array.encoded_length);
    }
    return io_array_end(&mzml->decoder, error);
}

static spectra_status end_array(io_mzml *mzml, spectra_error *error) {
    if (!mzml->array.filled) return base_fail(error, SPECTRA_E_FORMAT, mzml->xml.place, "array without its numbers");
    if (mzml->array.content == MZML_OTHER) mzml->has_other = true;
    mzml->array.open = false;
    return SPECTRA_OK;
}

/* --- Elements of a spectrum --- */

static bool is_known_element(const io_xml *xml) {
    static const char *const names[] = {"scanList",           "scan",       "scanWindowList",  "scanWindow",
                                        "precursorList",      "precursor",  "isolationWindow", "selectedIonList",
                                        "selectedIon",        "activation", "productList",     "product",
                                        "binaryDataArrayList"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (io_xml_is(xml, names[i])) return true;
    }
    return false;
}

static spectra_status refuse_element(io_mzml *mzml, spectra_error *error) {
    /* The end of this spectrum is lost: the next one is not. */
    if (io_xml_is(&mzml->xml, "spectrum")) mzml->xml.passed = 0;
    char name[IO_XML_MAX_NAME + 1] = "";
    memcpy(name, mzml->xml.text, mzml->xml.size);
    return base_fail(error, SPECTRA_E_FORMAT, mzml->xml.place, "unexpected element <%s> in a spectrum", name);
}

static spectra_status begin_element(spectra_reader *reader, io_mzml *mzml, spectra_error *error) {
    const io_xml *xml = &mzml->xml;
    if (io_xml_is(xml, "cvParam") || io_xml_is(xml, "userParam")) {
        cv_param param;
        spectra_status status = cv_read(&param, xml, error);
        return status < 0 ? status : take_param(reader, mzml, &param, error);
    }
    if (io_xml_is(xml, "referenceableParamGroupRef")) return take_group(reader, mzml, error);
    if (io_xml_is(xml, "binary")) return begin_numbers(mzml, error);
    if (io_xml_is(xml, "binaryDataArray") && !mzml->array.open) return begin_array(mzml, error);
    if (mzml->array.open || !is_known_element(xml)) return refuse_element(mzml, error);
    bool described = io_xml_is(xml, "scan") || io_xml_is(xml, "precursor");
    return described ? take_attributes(reader, xml, error) : SPECTRA_OK;
}

static spectra_status take_text(io_mzml *mzml, spectra_error *error) {
    const io_xml *xml = &mzml->xml;
    if (mzml->array.decoding) return io_array_add(&mzml->decoder, xml->text, xml->size, xml->place, error);
    if (mzml->array.filled || io_xml_is_blank(xml->text, xml->size)) return SPECTRA_OK;
    return base_fail(error, SPECTRA_E_FORMAT, xml->place, "unexpected text in a spectrum");
}

/* Everything up to </spectrum>. */
static spectra_status read_elements(spectra_reader *reader, io_mzml *mzml, spectra_error *error) {
    for (;;) {
        io_xml *xml = &mzml->xml;
        spectra_status status = io_xml_next(xml, error);
        if (status < 0) return status;
        if (xml->kind == IO_XML_END && io_xml_is(xml, "spectrum")) return SPECTRA_OK;
        if (xml->kind == IO_XML_START) status = begin_element(reader, mzml, error);
        if (xml->kind == IO_XML_TEXT) status = take_text(mzml, error);
        if (xml->kind == IO_XML_END && io_xml_is(xml, "binary")) status = end_numbers(mzml, error);
        if (xml->kind == IO_XML_END && io_xml_is(xml, "binaryDataArray")) status = end_array(mzml, error);
        if (status < 0) return status;
    }
}

/* --- A spectrum --- */

static spectra_status add_peaks(spectra_reader *reader, const io_mzml *mzml, base_place place, spectra_error *error) {
    if (mzml->length > 0 && (!mzml->has_mz || !mzml->has_intensity)) {
        return base_fail(error, SPECTRA_E_FORMAT, place, "spectrum without an array of %s",
                         mzml->has_mz ? "intensities" : "m/z");
    }
    spectra_status status = SPECTRA_OK;
    if (mzml->length > 0) {
        status = io_add_arrays(reader, mzml->mz.data, mzml->intensity.data, 1, (size_t)mzml->length, place, error);
    }
    if (status == SPECTRA_OK && mzml->profile) status = io_add_profile_warning(reader, error);
    return status < 0 ? status : spectrum_finish(reader->spectrum, place, error);
}

static spectra_status read_spectrum(spectra_reader *reader, io_mzml *mzml, spectra_error *error) {
    base_place place = mzml->xml.place;
    mzml->ref_count = 0;
    mzml->has_mz = mzml->has_intensity = mzml->has_other = mzml->profile = false;
    mzml->array = (mzml_array){0};
    spectra_status status = io_xml_find_number(&mzml->xml, "defaultArrayLength", &mzml->length, error);
    if (status < 0) return status;
    if (mzml->length > reader->options.max_peaks) {
        return base_fail(error, SPECTRA_E_LIMIT, place, "more than %u peaks", (uint64_t)reader->options.max_peaks);
    }
    status = take_attributes(reader, &mzml->xml, error);
    if (status == SPECTRA_OK) status = read_elements(reader, mzml, error);
    if (status == SPECTRA_OK) status = io_add_common(reader, place, error);
    return status < 0 ? status : add_peaks(reader, mzml, place, error);
}

static spectra_status add_warnings(spectra_reader *reader, const io_mzml *mzml, spectra_error *error) {
    const struct {
        bool holds;
        const char *text;
    } warnings[] = {
        {mzml->has_other, "arrays besides m/z and intensity are left out"},
        {mzml->index.wrong && mzml->ahead_status != SPECTRA_OK, "the file's index is wrong: it was not used"},
    };
    for (size_t i = 0; i < sizeof warnings / sizeof warnings[0]; i++) {
        if (warnings[i].holds && !spectrum_add_warning(reader->spectrum, warnings[i].text)) {
            return out_of_memory(error);
        }
    }
    return SPECTRA_OK;
}

static void look_ahead(spectra_reader *reader, io_mzml *mzml) {
    mzml->ahead = true;
    mzml->ahead_error = (spectra_error){0};
    mzml->ahead_status = mzml_advance(reader, mzml, &mzml->ahead_error);
}

static spectra_status read_record(spectra_reader *reader, spectra_error *error) {
    if (!reader->state) {
        spectra_status status = create_state(reader, error);
        if (status < 0) return status;
    }
    io_mzml *mzml = state_of(reader);
    if (!mzml->ahead) look_ahead(reader, mzml);
    mzml->ahead = false;
    if (mzml->ahead_status != SPECTRA_OK) {
        mzml->ahead = mzml->ahead_status == SPECTRA_END;
        if (error && mzml->ahead_status < 0) *error = mzml->ahead_error;
        return mzml->ahead_status;
    }
    spectra_status status = read_spectrum(reader, mzml, error);
    if (status < 0) return status;
    look_ahead(reader, mzml);
    return add_warnings(reader, mzml, error);
}

static spectra_status recover(spectra_reader *reader, spectra_error *error) {
    io_mzml *mzml = state_of(reader);
    mzml->ahead = false;
    mzml->groups.open = false;
    return io_xml_seek(&mzml->xml, "spectrum", error);
}

const io_format io_format_mzml = {read_record, recover, free_state};
