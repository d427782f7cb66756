/* SPDX-License-Identifier: Apache-2.0 */
/* Sorts 64-bit keys by some of their bits. Knows arrays only. */
#ifndef DB_KEYS_H
#define DB_KEYS_H

#include <stddef.h>
#include <stdint.h>

/* Brings `count` keys into the order of their bits [low, low + bits), those of equal bits as they came, at most
   UINT32_MAX of them. `keys` and `room` are used in turn: returns the one that has them in the end. */
uint64_t *db_sort_keys(uint64_t *keys, uint64_t *room, size_t count, unsigned low, unsigned bits);

#endif
