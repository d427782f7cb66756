/* SPDX-License-Identifier: Apache-2.0 */
/* A set of words in an open-addressing hash table over one text. */
#include "db/words.h"

#include <assert.h>
#include <string.h>

/* A multiplication for each eight bytes, folded: the table uses the low bits. */
static uint32_t hash_of(const char *text, size_t size) {
    uint64_t hash = size;
    for (; size > 0; size -= size < 8 ? size : 8, text += 8) {
        uint64_t part = 0;
        memcpy(&part, text, size < 8 ? size : 8);
        hash = (hash ^ part) * UINT64_C(0x9e3779b97f4a7c15);
        hash ^= hash >> 32;
    }
    return (uint32_t)hash;
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
static db_word *slot_of(const db_words *words, const char *text, uint32_t hash) {
    size_t mask = words->slot_count - 1, i = hash & mask;
    for (; words->slots[i].reference != 0; i = (i + 1) & mask)
        if (words->slots[i].hash == hash && strcmp(db_words_text(words, words->slots[i].reference), text) == 0) break;
    return &words->slots[i];
}

/* One for a word that differs from all that there are. */
static db_word *free_slot(const db_words *words, uint32_t hash) {
    size_t mask = words->slot_count - 1, i = hash & mask;
    while (words->slots[i].reference != 0) i = (i + 1) & mask;
    return &words->slots[i];
}

static bool grow(db_words *words, size_t slot_count) {
    db_word *slots = (db_word *)base_allocate_array(words->allocator, slot_count, sizeof *slots);
    if (!slots) return false;
    base_expect_writing(words->allocator, slots, slot_count * sizeof *slots);
    memset(slots, 0, slot_count * sizeof *slots);
    db_words old = *words;
    words->slots = slots;
    words->slot_count = slot_count;
    for (size_t i = 0; i < old.slot_count; i++)
        if (old.slots[i].reference != 0) *free_slot(words, old.slots[i].hash) = old.slots[i];
    base_release(old.allocator, old.slots, old.slot_count * sizeof *slots);
    return true;
}

spectra_status db_words_reserve(db_words *words, size_t count, size_t size) {
    if (size > UINT32_MAX - words->text.count || count > UINT32_MAX - words->count) return SPECTRA_E_LIMIT;
    if (!base_vector_reserve(&words->text, size)) return SPECTRA_E_MEMORY;
    size_t needed = words->count + count, slot_count = words->slot_count ? words->slot_count : 64;
    while (slot_count / 4 * 3 < needed) {
        if (slot_count > SIZE_MAX / 2) return SPECTRA_E_MEMORY;
        slot_count *= 2;
    }
    return slot_count == words->slot_count || grow(words, slot_count) ? SPECTRA_OK : SPECTRA_E_MEMORY;
}

db_word *db_words_find(const db_words *words, const char *text) {
    if (words->slot_count == 0 || !*text) return NULL;
    db_word *slot = slot_of(words, text, hash_of(text, strlen(text)));
    return slot->reference != 0 ? slot : NULL;
}

void db_words_expect(const db_words *words, const char *text) {
    if (words->slot_count == 0) return;
    __builtin_prefetch(&words->slots[hash_of(text, strlen(text)) & (words->slot_count - 1)]);
}

static db_word *add(db_words *words, const char *text, size_t size, uint32_t hash) {
    assert(*text && words->count < words->slot_count / 4 * 3);
    db_word *slot = slot_of(words, text, hash);
    if (slot->reference != 0) return slot;
    slot->reference = (uint32_t)words->text.count;
    slot->hash = hash;
    bool added = base_vector_append(&words->text, text, size + 1);
    assert(added);
    (void)added;
    words->count++;
    return slot;
}

db_word *db_words_add(db_words *words, const char *text) {
    size_t size = strlen(text);
    return add(words, text, size, hash_of(text, size));
}

uint32_t db_words_reference(db_words *words, const char *text) {
    return *text ? db_words_add(words, text)->reference : 0;
}

/* Slots and texts lie anywhere in memory: all are asked for before the first is waited for. */
void db_words_references(uint32_t *references, db_words *words, const char *const *texts, size_t count) {
    size_t size[DB_WORDS_AT_ONCE], mask = words->slot_count - 1;
    uint32_t hash[DB_WORDS_AT_ONCE];
    assert(count <= DB_WORDS_AT_ONCE && words->slot_count > 0);
    for (size_t i = 0; i < count; i++) {
        size[i] = strlen(texts[i]);
        hash[i] = hash_of(texts[i], size[i]);
        __builtin_prefetch(&words->slots[hash[i] & mask]);
    }
    for (size_t i = 0; i < count; i++) __builtin_prefetch(db_words_text(words, words->slots[hash[i] & mask].reference));
    for (size_t i = 0; i < count; i++)
        references[i] = size[i] > 0 ? add(words, texts[i], size[i], hash[i])->reference : 0;
}
