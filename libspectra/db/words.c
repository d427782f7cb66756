/* SPDX-License-Identifier: Apache-2.0 */
/* A set of words in an open-addressing hash table over one text. */
#include "db/words.h"

#include <assert.h>
#include <string.h>

/* FNV-1a with the halves folded: the table uses the low bits. */
static uint64_t hash_of(const char *text) {
    uint64_t hash = 14695981039346656037u;
    for (; *text; text++) hash = (hash ^ (uint8_t)*text) * 1099511628211u;
    return hash ^ hash >> 32;
}

bool db_words_init(db_words *words, const spectra_allocator *allocator) {
    *words = (db_words){.count = 1, .allocator = allocator};
    base_vector_init(&words->text, 1, allocator);
    return base_vector_append(&words->text, "", 1);
}

void db_words_free(db_words *words) {
    base_release(words->allocator, words->slots, words->slot_count * sizeof words->slots[0]);
    base_vector_free(&words->text);
}

const char *db_words_text(const db_words *words, uint32_t reference) {
    return (const char *)words->text.data + reference;
}

/* The slot of a word, or the free one where it belongs. */
static db_word *slot_of(const db_words *words, const char *text) {
    size_t mask = words->slot_count - 1;
    size_t i = (size_t)hash_of(text) & mask;
    while (words->slots[i].reference != 0 && strcmp(db_words_text(words, words->slots[i].reference), text) != 0)
        i = (i + 1) & mask;
    return &words->slots[i];
}

static bool grow(db_words *words, size_t slot_count) {
    db_word *slots = (db_word *)base_allocate_array(words->allocator, slot_count, sizeof *slots);
    if (!slots) return false;
    memset(slots, 0, slot_count * sizeof *slots);
    db_words old = *words;
    words->slots = slots;
    words->slot_count = slot_count;
    for (size_t i = 0; i < old.slot_count; i++)
        if (old.slots[i].reference != 0) *slot_of(words, db_words_text(words, old.slots[i].reference)) = old.slots[i];
    base_release(old.allocator, old.slots, old.slot_count * sizeof *slots);
    return true;
}

spectra_status db_words_reserve(db_words *words, size_t count, size_t size) {
    if (size > UINT32_MAX - words->text.count || count > UINT32_MAX - words->count) return SPECTRA_E_LIMIT;
    if (!base_vector_reserve(&words->text, size)) return SPECTRA_E_MEMORY;
    size_t needed = words->count + count, slot_count = words->slot_count ? words->slot_count : 64;
    while (slot_count / 2 < needed) {
        if (slot_count > SIZE_MAX / 2) return SPECTRA_E_MEMORY;
        slot_count *= 2;
    }
    return slot_count == words->slot_count || grow(words, slot_count) ? SPECTRA_OK : SPECTRA_E_MEMORY;
}

db_word *db_words_find(const db_words *words, const char *text) {
    if (words->slot_count == 0 || !*text) return NULL;
    db_word *slot = slot_of(words, text);
    return slot->reference != 0 ? slot : NULL;
}

db_word *db_words_add(db_words *words, const char *text) {
    assert(*text && words->count < words->slot_count / 2);
    db_word *slot = slot_of(words, text);
    if (slot->reference != 0) return slot;
    slot->reference = (uint32_t)words->text.count;
    bool added = base_vector_append(&words->text, text, strlen(text) + 1);
    assert(added);
    (void)added;
    words->count++;
    return slot;
}

uint32_t db_words_reference(db_words *words, const char *text) {
    return *text ? db_words_add(words, text)->reference : 0;
}
