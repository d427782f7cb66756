/* SPDX-License-Identifier: Apache-2.0 */
/* What the ways through a set of accurate masses share: comparing one spectrum, exactly. */
#ifndef SEARCH_ACCURATE_H
#define SEARCH_ACCURATE_H

#include "search/search.h"

/* A set that is searched. */
typedef struct search_accurate_set {
    const search_run *run;
    const struct accurate_query *query;
    const db_set *set;
    uint32_t database;
} search_accurate_set;

/* Asks the processor to have ready what comparing with spectrum i will read; its index row should be there. */
void search_accurate_expect(const search_accurate_set *in, uint32_t i);
/* Scores spectrum i of the set and offers it. */
spectra_status search_accurate_compare(const search_accurate_set *in, uint32_t i, search_top *top);

/* Fills `top` with what comparing with every spectrum of the set by entropy, or by the hybrid measure, would: by its
   postings, which it has; for hybrid by both keys. */
spectra_status search_open(const search_accurate_set *in, const kernels_windows *windows, uint32_t precursor_uth,
                           bool hybrid, search_top *top);
size_t search_open_required(size_t peak_count);

/* Fills `top` with what comparing with the spectra [first, end) of the set by entropy would. */
spectra_status search_window(const search_accurate_set *in, const kernels_windows *windows, uint32_t first,
                             uint32_t end, search_top *top);
size_t search_window_required(void);

#endif
