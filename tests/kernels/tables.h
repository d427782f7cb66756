/* SPDX-License-Identifier: Apache-2.0 */
/* The kernels' tables by name, whatever runs by default. */
#ifndef TESTS_KERNELS_TABLES_H
#define TESTS_KERNELS_TABLES_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "kernels/kernels.h"

/* Skips the test where this build or CPU has no such table. */
static inline const kernels_table *table_or_skip(const char *name) {
    const kernels_table *table = kernels_named(name);
    if (!table) {
        print_message("no %s kernels in this build or CPU\n", name);
        skip();
    }
    assert_string_equal(table->name, name);
    return table;
}

#endif
