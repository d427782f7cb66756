/* SPDX-License-Identifier: Apache-2.0 */
/* SHA-256, by libsodium; whole blocks by the processor where it has instructions for them. */
#include "base/digest.h"

#ifdef KERNELS_HAVE_X86
#include <cpuid.h>
#include <stdatomic.h>
#include <stdbool.h>

/* clang 14's __builtin_cpu_supports does not know these instructions. */
static bool ask_processor(void) {
    uint32_t a, b, c, d;
    if (!__get_cpuid(1, &a, &b, &c, &d) || !(c & bit_SSSE3) || !(c & bit_SSE4_1)) return false;
    return __get_cpuid_count(7, 0, &a, &b, &c, &d) && b & bit_SHA;
}

/* Asked once: on a virtual machine the question takes as long as some blocks. */
static bool has_instructions(void) {
    static atomic_int known; /* 1: it has them; 2: it has not */
    int answer = atomic_load_explicit(&known, memory_order_relaxed);
    if (answer == 0) {
        answer = ask_processor() ? 1 : 2;
        atomic_store_explicit(&known, answer, memory_order_relaxed);
    }
    return answer == 1;
}

/* How many bytes of whole blocks were taken, where the blocks before were whole, too. */
static size_t add_blocks(base_digest *digest, const uint8_t *bytes, size_t size) {
    size_t whole = size - size % BASE_DIGEST_BLOCK;
    if (whole == 0 || digest->count / 8 % BASE_DIGEST_BLOCK != 0 || !has_instructions()) return 0;
    base_digest_blocks_x86(digest->state, bytes, whole / BASE_DIGEST_BLOCK);
    digest->count += 8 * (uint64_t)whole; /* bits */
    return whole;
}
#else
static size_t add_blocks(base_digest *digest, const uint8_t *bytes, size_t size) {
    (void)digest, (void)bytes, (void)size;
    return 0;
}
#endif

void base_digest_init(base_digest *digest) {
    crypto_hash_sha256_init(digest);
}

void base_digest_add(base_digest *digest, const void *bytes, size_t size) {
    size_t taken = add_blocks(digest, (const uint8_t *)bytes, size);
    crypto_hash_sha256_update(digest, (const unsigned char *)bytes + taken, size - taken);
}

void base_digest_finish(base_digest *digest, uint8_t out[BASE_DIGEST_SIZE]) {
    crypto_hash_sha256_final(digest, out);
}
