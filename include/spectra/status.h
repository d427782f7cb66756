/* SPDX-License-Identifier: Apache-2.0 */
/** @file
   Status codes, and an error with its place. Every fallible call of the library returns a spectra_status. */
#ifndef SPECTRA_STATUS_H
#define SPECTRA_STATUS_H

#include <stddef.h>
#include <stdint.h>

/** Marks what the shared library shows. */
#if defined(_WIN32)
#define SPECTRA_API
#else
#define SPECTRA_API __attribute__((visibility("default")))
#endif

#ifdef __cplusplus
extern "C" {
#endif

/** 0 is success, positive a normal end, negative an error. */
typedef int32_t spectra_status;

enum {
    SPECTRA_OK = 0,             /**< done */
    SPECTRA_END = 1,            /**< nothing more to read: a normal end */
    SPECTRA_E_INVALID = -1,     /**< an argument or an option is bad or contradictory */
    SPECTRA_E_MEMORY = -2,      /**< the allocator refused, or the scratch is too small */
    SPECTRA_E_IO = -3,          /**< the operating system or a callback failed to read or write */
    SPECTRA_E_FORMAT = -4,      /**< input does not follow its format; the error carries the place */
    SPECTRA_E_LIMIT = -5,       /**< a run-time limit was reached */
    SPECTRA_E_CORRUPT = -6,     /**< a database's bytes contradict themselves or their digests */
    SPECTRA_E_VERSION = -7,     /**< a database of a major version this library does not read */
    SPECTRA_E_RECIPE = -8,      /**< query and library were prepared by different recipes */
    SPECTRA_E_NOT_FOUND = -9,   /**< what was asked for is not there */
    SPECTRA_E_UNSUPPORTED = -10 /**< recognised, and not offered by this version */
};

/**
 * What went wrong and where. Calls that meet untrusted input fill one when they fail; NULL may be passed instead.
 * It holds no memory: keep it, copy it, or let it go.
 */
typedef struct spectra_error {
    spectra_status status; /**< what the call returned */
    uint32_t reserved;     /**< 0 */
    uint64_t line;         /**< from 1; 0 where there is no place */
    uint64_t offset;       /**< in bytes from 0; 0 where there is no place */
    char message[240];     /**< UTF-8, NUL-terminated */
} spectra_error;

/**
 * The name of a status in plain words, e.g. "corrupt database".
 * @param status  any value
 * @return text of static storage, never NULL
 * Thread safety: any number of threads.
 */
SPECTRA_API const char *spectra_status_text(spectra_status status);

#ifdef __cplusplus
}
#endif
#endif
