/* SPDX-License-Identifier: Apache-2.0 */
/* A device with a database in its flash and queries that were stored: what the programs of this folder share. */
#ifndef EMBEDDED_DEVICE_H
#define EMBEDDED_DEVICE_H

#include <stddef.h>
#include <stdint.h>

/* The database, linked in. */
extern const uint8_t device_database[];
extern const uint32_t device_database_size;

/* Queries of nominal mass. */
typedef struct device_query {
    const double *mz, *intensity;
    size_t peak_count;
} device_query;
extern const device_query device_queries[];
extern const size_t device_query_count;

/* Identifies every query, out of `size` bytes at `room` and nothing else, and puts out a line for each. Returns how
   many bytes were used, 0 where something failed. */
size_t device_run(uint8_t *room, size_t size, void (*put)(const char *text));

#endif
