/* SPDX-License-Identifier: Apache-2.0 */
/* SHA-256 (FIPS 180-4) in plain C, for the handheld library alone: it links nothing (docs/decisions/0001). */
#include <string.h>

#include "base/digest.h"
#include "base/digest_rounds.h"

#define LENGTH_AT (BASE_DIGEST_BLOCK - 8) /* where the last block has the length of the message */

static uint32_t rotate(uint32_t word, int by) {
    return word >> by | word << (32 - by);
}

static uint32_t get(const uint8_t *bytes) {
    return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | bytes[3];
}

static void put(uint8_t *bytes, uint32_t word) {
    for (int i = 0; i < 4; i++) bytes[i] = (uint8_t)(word >> (24 - 8 * i));
}

/* Words 16 to 63 of the schedule take the place of the first 16, one after the other. */
static uint32_t next_word(uint32_t word[16], int round) {
    const uint32_t second = word[(round + 14) % 16], fifteenth = word[(round + 1) % 16];
    word[round % 16] += (rotate(fifteenth, 7) ^ rotate(fifteenth, 18) ^ fifteenth >> 3) + word[(round + 9) % 16] +
                        (rotate(second, 17) ^ rotate(second, 19) ^ second >> 10);
    return word[round % 16];
}

static void add_block(uint32_t state[8], const uint8_t *bytes) {
    uint32_t word[16], s[8];
    memcpy(s, state, sizeof s);
    for (int i = 0; i < 16; i++) word[i] = get(bytes + 4 * i);
    for (int round = 0; round < DIGEST_ROUNDS; round++) {
        const uint32_t now = round < 16 ? word[round] : next_word(word, round);
        const uint32_t first = s[7] + (rotate(s[4], 6) ^ rotate(s[4], 11) ^ rotate(s[4], 25)) +
                               ((s[4] & s[5]) ^ (~s[4] & s[6])) + digest_rounds[round] + now;
        const uint32_t second =
            (rotate(s[0], 2) ^ rotate(s[0], 13) ^ rotate(s[0], 22)) + ((s[0] & s[1]) ^ (s[0] & s[2]) ^ (s[1] & s[2]));
        memmove(s + 1, s, 7 * sizeof *s);
        s[4] += first;
        s[0] = first + second;
    }
    for (int i = 0; i < 8; i++) state[i] += s[i];
}

void base_digest_init(base_digest *digest) {
    static const uint32_t start[8] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                      0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
    memcpy(digest->state, start, sizeof start);
    digest->size = 0;
}

void base_digest_add(base_digest *digest, const void *bytes, size_t size) {
    const uint8_t *next = (const uint8_t *)bytes;
    while (size > 0) {
        const size_t filled = (size_t)(digest->size % BASE_DIGEST_BLOCK), room = BASE_DIGEST_BLOCK - filled;
        const size_t taken = size < room ? size : room;
        memcpy(digest->rest + filled, next, taken);
        digest->size += taken;
        if (taken == room) add_block(digest->state, digest->rest);
        next += taken;
        size -= taken;
    }
}

void base_digest_finish(base_digest *digest, uint8_t out[BASE_DIGEST_SIZE]) {
    static const uint8_t padding[BASE_DIGEST_BLOCK] = {0x80};
    uint8_t length[8];
    put(length, (uint32_t)(digest->size >> 29));
    put(length + 4, (uint32_t)(digest->size << 3));
    const size_t filled = (size_t)(digest->size % BASE_DIGEST_BLOCK);
    base_digest_add(digest, padding, (filled < LENGTH_AT ? LENGTH_AT : LENGTH_AT + BASE_DIGEST_BLOCK) - filled);
    base_digest_add(digest, length, sizeof length);
    for (int i = 0; i < 8; i++) put(out + 4 * i, digest->state[i]);
}
