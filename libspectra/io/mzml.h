/* SPDX-License-Identifier: Apache-2.0 */
/* The inside of the mzML reader: what stands around the spectra, and what one of them holds. */
#ifndef IO_MZML_H
#define IO_MZML_H

#include "io/arrays.h"
#include "io/cv.h"

/* Parameters that many elements refer to by a name. Text is of offsets in `text`, NUL-terminated. */
typedef struct mzml_group {
    size_t id, first, count; /* its parameters */
} mzml_group;

typedef struct mzml_groups {
    base_vector text, groups, params; /* char, mzml_group, offsets of five texts each */
    bool open;                        /* the last one is being read */
} mzml_groups;

/* The index behind the spectra; it is checked, not used. */
typedef struct mzml_index {
    base_vector offsets;  /* uint64_t: where the spectra begin */
    uint64_t list_offset; /* where <indexList> begins */
    uint64_t gap_offset;  /* where the blanks before it do, which some writers mean */
    uint64_t number;      /* the one being read */
    size_t digits;
    size_t position; /* in the index of spectra */
    bool reading, of_spectra, wrong;
} mzml_index;

/* What is said of an array. */
typedef enum mzml_content { MZML_OTHER, MZML_MZ, MZML_INTENSITY } mzml_content;

typedef struct mzml_array {
    mzml_content content;
    io_packing packing;
    bool packing_known, open, filled, decoding;
    uint64_t encoded_length;
} mzml_array;

typedef struct io_mzml {
    io_xml xml;
    io_array decoder;
    base_vector mz, intensity; /* double */
    base_vector line;          /* char */
    mzml_groups groups;
    mzml_index index;
    uint64_t declared_count; /* of spectra */
    bool ended;              /* </mzML> was there */
    /* The next <spectrum> is looked for ahead, so that what is wrong behind the last one can be said beside it. */
    bool ahead;
    spectra_status ahead_status;
    spectra_error ahead_error;
    /* Of the spectrum being read. */
    uint64_t length, ref_count;
    bool has_mz, has_intensity, has_other, profile;
    mzml_array array;
} io_mzml;

/* --- What stands around the spectra --- */

void mzml_groups_init(mzml_groups *groups, const spectra_allocator *allocator);
void mzml_groups_free(mzml_groups *groups);
/* The group of an id, or NULL. */
const mzml_group *mzml_find_group(const mzml_groups *groups, cv_text id);
void mzml_group_param(cv_param *param, const mzml_groups *groups, const mzml_group *group, size_t i);

/* Moves on to the next <spectrum>: SPECTRA_OK; SPECTRA_END behind the file. */
spectra_status mzml_advance(spectra_reader *reader, io_mzml *mzml, spectra_error *error);

#endif
