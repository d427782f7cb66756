/* SPDX-License-Identifier: Apache-2.0 */
/* Between the interposed functions of the C library and the counters. */
#ifndef TESTS_FAULT_INTERPOSED_H
#define TESTS_FAULT_INTERPOSED_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

/* Counts a request of the process; true where it is to fail. */
bool fault_refuses_process(bool map);
/* Bytes taken, or given back where negative. */
void fault_count_process(int64_t bytes);

#endif
