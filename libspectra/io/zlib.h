/* SPDX-License-Identifier: Apache-2.0 */
/* zlib with this library's allocators. */
#ifndef IO_ZLIB_H
#define IO_ZLIB_H

#include <zlib.h>

#include "spectra/memory.h"

/* The stream, zeroed, takes its memory from here: to be called before it is initialised. */
void io_zlib_use(z_stream *stream, const spectra_allocator *allocator);

#endif
