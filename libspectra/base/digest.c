/* SPDX-License-Identifier: Apache-2.0 */
/* What is the same whoever computes SHA-256: the digest of bytes that stand together, and its text. */
#include "base/digest.h"

void base_digest_of(const void *bytes, size_t size, uint8_t out[BASE_DIGEST_SIZE]) {
    base_digest digest;
    base_digest_init(&digest);
    base_digest_add(&digest, bytes, size);
    base_digest_finish(&digest, out);
}

void base_digest_hex(const uint8_t digest[BASE_DIGEST_SIZE], char hex[BASE_DIGEST_HEX_SIZE]) {
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < BASE_DIGEST_SIZE; i++) {
        hex[2 * i] = digits[digest[i] >> 4];
        hex[2 * i + 1] = digits[digest[i] & 15];
    }
    hex[BASE_DIGEST_HEX_SIZE - 1] = '\0';
}
