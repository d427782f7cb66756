/* SPDX-License-Identifier: Apache-2.0 */
/* What reading and writing the project's own records have in common. */
#ifndef IO_RECORD_H
#define IO_RECORD_H

/* The first line of a file; the number is the version of the format. */
#define IO_RECORD_NAME "spectra-records "
#define IO_RECORD_HEADER IO_RECORD_NAME "1"

#endif
