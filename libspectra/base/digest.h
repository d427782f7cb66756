/* SPDX-License-Identifier: Apache-2.0 */
/* SHA-256, by libsodium; whole blocks by the processor where it has instructions for them (docs/decisions/0001). The
   handheld library, which links nothing, has its own (digest_own.c). */
#ifndef BASE_DIGEST_H
#define BASE_DIGEST_H

#include <stddef.h>
#include <stdint.h>
#ifndef SPECTRA_EMBEDDED
#include <sodium/crypto_hash_sha256.h>
#endif

#define BASE_DIGEST_SIZE 32
#define BASE_DIGEST_HEX_SIZE 65
#define BASE_DIGEST_BLOCK 64u

#ifdef SPECTRA_EMBEDDED
typedef struct base_digest {
    uint32_t state[8];
    uint64_t size; /* bytes so far; the last of them, less than a block, stand in `rest` */
    uint8_t rest[BASE_DIGEST_BLOCK];
} base_digest;
#else
typedef crypto_hash_sha256_state base_digest;
#endif

void base_digest_init(base_digest *digest);
void base_digest_add(base_digest *digest, const void *bytes, size_t size);
void base_digest_finish(base_digest *digest, uint8_t out[BASE_DIGEST_SIZE]);
void base_digest_of(const void *bytes, size_t size, uint8_t out[BASE_DIGEST_SIZE]);
void base_digest_hex(const uint8_t digest[BASE_DIGEST_SIZE], char hex[BASE_DIGEST_HEX_SIZE]);
#ifdef KERNELS_HAVE_X86 /* only where the CPU has them */
void base_digest_blocks_x86(uint32_t state[8], const uint8_t *bytes, size_t count);
#endif

#endif
