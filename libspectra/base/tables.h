/* SPDX-License-Identifier: Apache-2.0 */
/* The generated tables that only base/fixed.c reads; tables_generate.c makes them at build time. */
#ifndef BASE_TABLES_H
#define BASE_TABLES_H

#include <stdint.h>

/* [1, 2) and (1/2, 1] in cells of 1/256; values are those of a cell's middle. */
#define BASE_TABLE_CELLS 256

/* log2 around the middle m of a cell: lg(m + d) = lg + slope·d − bend·d². */
typedef struct base_lg_cell {
    uint32_t lg;    /* log2 m, Q32 */
    uint32_t slope; /* log2(e) / m, Q31 */
    uint32_t bend;  /* log2(e) / 2m², Q16 */
} base_lg_cell;

extern const base_lg_cell base_lg_table[BASE_TABLE_CELLS];

/* 2^−x for x in the middle of a cell, Q32. */
extern const uint32_t base_exp2_table[BASE_TABLE_CELLS];

#endif
