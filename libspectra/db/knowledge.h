/* SPDX-License-Identifier: Apache-2.0 */
/* What a database knows of families of compounds: their sites, the ions they break into, the masses a site may gain,
   and what was learned of intensities. Used in place; docs/FORMAT.md gives the bytes.

   Rows are asked for one by one; false means that there is none of that number, or that the bytes lie. Numbers of
   families, fragments and sites that a row refers to are in range, and masks name sites that the family has. */
#ifndef DB_KNOWLEDGE_H
#define DB_KNOWLEDGE_H

#include "db/format.h"

#define DB_MAX_SITES 8u
#define DB_SHARE_COUNT 8u
#define DB_SHARE_ONE 1000000u

/* A family. One without sites is a plain list of substances. */
typedef struct db_family {
    const char *name;    /* as a verdict says it: "fentanyl-related" */
    const char *members; /* how the class of its substances begins: "fentanyl" */
    const char *parent;  /* the unmodified compound: "fentanyl" */
    const char *formula; /* of the parent; "" in a plain list */
    int64_t mass_uda;    /* of the parent, monoisotopic */
    uint32_t nominal_da;
    uint32_t first_site, site_count; /* among all sites; bit i of a mask is site first_site + i */
} db_family;

/* A place of the parent that an analogue may differ at. */
typedef struct db_site {
    const char *code;  /* one letter, of its own */
    const char *label; /* what a report calls it; several sites may share one */
    const char *words; /* in plain words */
    uint32_t weight;   /* how often it is modified, in millionths */
    uint32_t family;
} db_site;

/* An ion of the parent. */
typedef struct db_fragment {
    const char *label; /* how it is called, a formula where it has one */
    uint32_t family;
    spectra_track track;
    uint32_t mz_uth; /* of the unmodified parent; a whole number of Th for EI */
    uint32_t kept;   /* mask of sites whose modification it carries */
    uint32_t weight; /* in millionths */
    uint32_t group;  /* ions of one kind of fragmentation share a number */
} db_fragment;

/* A mass that sites may gain or lose. */
typedef struct db_delta {
    const char *formula; /* signed counts, "CH2", "C-1H-2"; "" where several would fit */
    uint32_t family;
    spectra_track track;
    uint32_t sites; /* mask; several where they are one to the method */
    int64_t mass_uda;
    uint32_t cost;     /* in millionths: EI, the rank among the site's deltas; MS/MS, see METHODS */
    bool isotopologue; /* a label with heavy isotopes */
} db_delta;

/* How intense an ion is: shares of eight classes (absent or below 0.5; from 0.5, 3, 10, 35, 110, 350, 700 of 999). */
typedef struct db_intensity {
    uint32_t fragment;
    uint32_t share[DB_SHARE_COUNT]; /* in millionths, none of them 0 */
} db_intensity;

/* How intense any peak at an m/z is. */
typedef struct db_background {
    uint32_t family;
    uint32_t mz;
    bool others; /* of compounds outside the family, else of its members */
    uint32_t share[DB_SHARE_COUNT];
} db_background;

bool db_family_at(db_family *out, const spectra_database *database, uint32_t i);
bool db_site_at(db_site *out, const spectra_database *database, uint32_t i);
bool db_fragment_at(db_fragment *out, const spectra_database *database, uint32_t i);
bool db_delta_at(db_delta *out, const spectra_database *database, uint32_t i);
bool db_intensity_at(db_intensity *out, const spectra_database *database, uint32_t i);
bool db_background_at(db_background *out, const spectra_database *database, uint32_t i);

/* A number that a family's reasoning in a track needs, in millionths; `missing` where the database has none. */
int64_t db_parameter(const spectra_database *database, uint32_t family, spectra_track track, const char *name,
                     int64_t missing);

/* Number of rows of a knowledge section, by its slot (db/format.h). */
uint32_t db_knowledge_count(const spectra_database *database, uint32_t slot);

#endif
