/* SPDX-License-Identifier: Apache-2.0 */
/* Terms of the PSI-MS vocabulary beside a spectrum, by accession: which key of ours one answers to, and its unit. */
#ifndef IO_CV_H
#define IO_CV_H

#include "io/reader.h"
#include "io/xml.h"

typedef struct cv_text {
    const char *text;
    size_t size;
} cv_text;

/* A cvParam, or, without accession, a userParam. Borrowed from where it was read. */
typedef struct cv_param {
    cv_text accession, name, value, unit, unit_name;
} cv_param;

/* The parameter of a start tag. SPECTRA_E_FORMAT without a name or, but for userParam, an accession. */
spectra_status cv_read(cv_param *param, const io_xml *xml, spectra_error *error);

bool cv_is(const cv_param *param, const char *accession);

/* Adds "key: value unit" to the reader's spectrum: the key by the accession where that is known, else the name.
   `line` is room that is used again. */
spectra_status cv_add(spectra_reader *reader, base_vector *line, const cv_param *param, base_place place,
                      spectra_error *error);

/* Adds any text as a pair. */
spectra_status cv_add_text(spectra_reader *reader, cv_text key, cv_text value, base_place place, spectra_error *error);

#endif
