/* SPDX-License-Identifier: Apache-2.0 */
/* A set of words, each kept once and found by a hash table: the strings of a database, and the keys by which a builder
   finds substances. Knows nothing of what the words mean. */
#ifndef DB_WORDS_H
#define DB_WORDS_H

#include "base/memory.h"

/* `reference` is the word's byte offset in the text. A free slot has reference 0, which is the word "". */
typedef struct db_word {
    uint32_t reference;
    uint32_t value; /* the caller's; 0 in a fresh word */
    uint32_t hash;
} db_word;

typedef struct db_words {
    base_vector text; /* NUL-terminated words, the first of them "" */
    db_word *slots;   /* open addressing, at most three quarters full; slot_count is 0 or a power of two */
    size_t slot_count;
    size_t count; /* words, "" among them */
    const spectra_allocator *allocator;
} db_words;

/* False where memory is short. */
bool db_words_init(db_words *words, const spectra_allocator *allocator);
void db_words_free(db_words *words);

/* Room for `count` further words of `size` bytes together, their NULs counted. SPECTRA_OK, SPECTRA_E_MEMORY, or
   SPECTRA_E_LIMIT where references would not fit 32 bits; the words stay as they are. */
spectra_status db_words_reserve(db_words *words, size_t count, size_t size);

/* The word, or NULL where it was not added; "" is never found. */
db_word *db_words_find(const db_words *words, const char *text);

/* Asks the processor to have ready where a word is looked for. */
void db_words_expect(const db_words *words, const char *text);

/* The word, added where it is new: there must be room for it. Not for "". Valid until the next reserve. */
db_word *db_words_add(db_words *words, const char *text);

/* Its reference; 0 for "". */
uint32_t db_words_reference(db_words *words, const char *text);

/* Those of several words, added where they are new, as one by one. */
#define DB_WORDS_AT_ONCE 16u
void db_words_references(uint32_t *references, db_words *words, const char *const *texts, size_t count);

/* The text of a reference. */
const char *db_words_text(const db_words *words, uint32_t reference);

#endif
