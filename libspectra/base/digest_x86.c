/* SPDX-License-Identifier: Apache-2.0 */
/* Whole blocks of SHA-256 by the processor's instructions for it. Compiled with -msha; only digest_sodium.c may
   call in here. */
#include <immintrin.h>

#include "base/digest.h"
#include "base/digest_rounds.h"

#define STATE_ABEF 0x1b /* the words that the instructions want in one vector */

static __m128i load(const void *bytes) {
    return _mm_loadu_si128((const __m128i *)bytes);
}

static void store(void *bytes, __m128i value) {
    _mm_storeu_si128((__m128i *)bytes, value);
}

/* The state as the instructions take it: words a, b, e, f and c, d, g, h, the first in the highest lane. */
typedef struct halves {
    __m128i abef, cdgh;
} halves;

static halves split(const uint32_t state[8]) {
    const __m128i badc = _mm_shuffle_epi32(load(state), 0xb1), hgfe = _mm_shuffle_epi32(load(state + 4), STATE_ABEF);
    return (halves){_mm_alignr_epi8(badc, hgfe, 8), _mm_blend_epi16(hgfe, badc, 0xf0)};
}

static void join(uint32_t state[8], halves now) {
    const __m128i feba = _mm_shuffle_epi32(now.abef, STATE_ABEF), dchg = _mm_shuffle_epi32(now.cdgh, 0xb1);
    store(state, _mm_blend_epi16(feba, dchg, 0xf0));
    store(state + 4, _mm_alignr_epi8(dchg, feba, 8));
}

static void add_block(halves *state, const uint8_t *bytes) {
    const __m128i big_endian = _mm_set_epi8(12, 13, 14, 15, 8, 9, 10, 11, 4, 5, 6, 7, 0, 1, 2, 3);
    __m128i abef = state->abef, cdgh = state->cdgh, schedule[4];
    for (int i = 0; i < 4; i++) schedule[i] = _mm_shuffle_epi8(load(bytes + 16 * i), big_endian);
#pragma GCC unroll 16
    for (int i = 0; i < DIGEST_ROUNDS / 4; i++) {
        const __m128i now = schedule[i % 4], next = schedule[(i + 1) % 4], last = schedule[(i + 3) % 4];
        const __m128i sum = _mm_add_epi32(now, load(digest_rounds + 4 * i));
        cdgh = _mm_sha256rnds2_epu32(cdgh, abef, sum);
        abef = _mm_sha256rnds2_epu32(abef, cdgh, _mm_shuffle_epi32(sum, 0x0e));
        const __m128i seventh = _mm_alignr_epi8(last, schedule[(i + 2) % 4], 4);
        schedule[i % 4] = _mm_sha256msg2_epu32(_mm_add_epi32(_mm_sha256msg1_epu32(now, next), seventh), last);
    }
    state->abef = _mm_add_epi32(state->abef, abef);
    state->cdgh = _mm_add_epi32(state->cdgh, cdgh);
}

void base_digest_blocks_x86(uint32_t state[8], const uint8_t *bytes, size_t count) {
    halves now = split(state);
    for (; count > 0; count--, bytes += BASE_DIGEST_BLOCK) add_block(&now, bytes);
    join(state, now);
}
