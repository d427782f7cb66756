/* SPDX-License-Identifier: Apache-2.0 */
/* SHA-256, by libsodium. */
#include "base/digest.h"

void base_digest_init(base_digest *digest) {
    crypto_hash_sha256_init(digest);
}

void base_digest_add(base_digest *digest, const void *bytes, size_t size) {
    crypto_hash_sha256_update(digest, (const unsigned char *)bytes, size);
}

void base_digest_finish(base_digest *digest, uint8_t out[BASE_DIGEST_SIZE]) {
    crypto_hash_sha256_final(digest, out);
}

void base_digest_of(const void *bytes, size_t size, uint8_t out[BASE_DIGEST_SIZE]) {
    crypto_hash_sha256(out, (const unsigned char *)bytes, size);
}

void base_digest_hex(const uint8_t digest[BASE_DIGEST_SIZE], char hex[BASE_DIGEST_HEX_SIZE]) {
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < BASE_DIGEST_SIZE; i++) {
        hex[2 * i] = digits[digest[i] >> 4];
        hex[2 * i + 1] = digits[digest[i] & 15];
    }
    hex[BASE_DIGEST_HEX_SIZE - 1] = '\0';
}
