/* SPDX-License-Identifier: Apache-2.0 */
/* Preloaded into a program under test: before main() it sets what another part of the process could have set, as
   SPECTRA_TEST_PROCESS says: "comma" (a locale whose numbers have a decimal comma), "flush" (subnormals become zero),
   "up", "down" or "zero" (rounding). New threads inherit all of it. Python, which drives some tests, is left alone. */
#define _POSIX_C_SOURCE 200809L
#include <fenv.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#if defined(__SSE2__)
#include <xmmintrin.h>
#endif

static int flush_subnormals(void) {
#if defined(__SSE2__)
    _mm_setcsr(_mm_getcsr() | 0x8040); /* FTZ and DAZ */
    return 1;
#else
    return 0;
#endif
}

static int set(const char *what) {
    if (strcmp(what, "comma") == 0) return setlocale(LC_ALL, "de_DE.UTF-8") != NULL;
    if (strcmp(what, "flush") == 0) return flush_subnormals();
    if (strcmp(what, "up") == 0) return fesetround(FE_UPWARD) == 0;
    if (strcmp(what, "down") == 0) return fesetround(FE_DOWNWARD) == 0;
    if (strcmp(what, "zero") == 0) return fesetround(FE_TOWARDZERO) == 0;
    return 0;
}

static int is_python(void) {
    char path[4096];
    ssize_t size = readlink("/proc/self/exe", path, sizeof path - 1);
    path[size < 0 ? 0 : size] = '\0';
    const char *name = strrchr(path, '/');
    return name && strncmp(name + 1, "python", 6) == 0;
}

__attribute__((constructor)) static void start(void) {
    const char *what = getenv("SPECTRA_TEST_PROCESS");
    if (what && !is_python() && !set(what)) {
        fprintf(stderr, "preload: cannot set \"%s\"\n", what);
        abort();
    }
}
