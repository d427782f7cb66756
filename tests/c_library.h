/* SPDX-License-Identifier: Apache-2.0 */
/* The C library as a witness: between begin and end it is in the "C" locale and the CPU in its usual mode, whatever
   tests/portability has set the process to. The code under test is called outside. The including file defines
   _POSIX_C_SOURCE 200809L before its first header. */
#ifndef TESTS_C_LIBRARY_H
#define TESTS_C_LIBRARY_H

#include <fenv.h>
#include <locale.h>

typedef struct c_library {
    fenv_t arithmetic;
    locale_t locale, plain;
} c_library;

static inline c_library c_library_begin(void) {
    c_library saved;
    fegetenv(&saved.arithmetic);
    fesetenv(FE_DFL_ENV);
    saved.plain = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    saved.locale = uselocale(saved.plain);
    return saved;
}

static inline void c_library_end(const c_library *saved) {
    uselocale(saved->locale);
    freelocale(saved->plain);
    fesetenv(&saved->arithmetic);
}

#endif
