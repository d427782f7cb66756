/* SPDX-License-Identifier: Apache-2.0 */
/* The handheld library's SHA-256 is libsodium's, for every length around its blocks and however the bytes come. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <sodium/crypto_hash_sha256.h>

#include "base/digest.h"

#define LARGEST 300

static void the_digest_is_that_of_libsodium(void **state) {
    (void)state;
    uint8_t bytes[LARGEST], own[BASE_DIGEST_SIZE], other[crypto_hash_sha256_BYTES];
    for (size_t i = 0; i < LARGEST; i++) bytes[i] = (uint8_t)(i * 167 + 13);
    for (size_t size = 0; size <= LARGEST; size++) {
        crypto_hash_sha256(other, bytes, size);
        for (size_t first = 0; first <= size; first += 1 + size / 7) {
            base_digest digest;
            memset(&digest, 0xff, sizeof digest);
            base_digest_init(&digest);
            base_digest_add(&digest, bytes, first);
            base_digest_add(&digest, bytes + first, size - first);
            base_digest_finish(&digest, own);
            assert_memory_equal(own, other, sizeof own);
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(the_digest_is_that_of_libsodium)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
