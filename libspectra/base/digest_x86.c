/* SPDX-License-Identifier: Apache-2.0 */
/* Whole blocks of SHA-256 by the processor's instructions for it. Compiled with -msha; only digest.c may call in here.
 */
#include <immintrin.h>

#include "base/digest.h"

#define ROUNDS 64
#define STATE_ABEF 0x1b /* the words that the instructions want in one vector */

/* FIPS 180-4: the first 32 bits of the fractions of the cube roots of the first 64 primes. */
static const uint32_t round_constants[ROUNDS] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

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
    for (int i = 0; i < ROUNDS / 4; i++) {
        const __m128i now = schedule[i % 4], next = schedule[(i + 1) % 4], last = schedule[(i + 3) % 4];
        const __m128i sum = _mm_add_epi32(now, load(round_constants + 4 * i));
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
