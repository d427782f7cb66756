/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as a database: opened, verified, walked and searched without a step outside them. Digests are as the input
   has them, so what verify accepts is a database to the last byte. */
#include <stdlib.h>
#include <string.h>

#include "fuzz/databases.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size) {
    spectra_database *database;
    spectra_error error = {0};
    /* malloc aligns to 8 as the call demands; the fuzzer's own buffer may not. */
    uint8_t *copy = malloc(size > 0 ? size : 1);
    FUZZ_CHECK(copy);
    if (size > 0) memcpy(copy, bytes, size);
    spectra_status status = spectra_database_open_memory(&database, copy, size, NULL, &error);
    if (status == SPECTRA_OK) {
        status = spectra_database_verify(database, &error);
        FUZZ_CHECK(status == SPECTRA_OK || (status == SPECTRA_E_CORRUPT && error.offset <= size));
        fuzz_use_database(database);
    } else {
        FUZZ_CHECK(!database && (status == SPECTRA_E_CORRUPT || status == SPECTRA_E_VERSION));
    }
    spectra_database_close(database);
    free(copy);
    return 0;
}
