/* SPDX-License-Identifier: Apache-2.0 */
/* Writes the valid database of these targets to standard output: what the target `database` starts from. */
#include <stdio.h>

#include "fuzz/databases.h"

int main(void) {
    size_t size;
    const uint8_t *file = fuzz_database_file(&size);
    FUZZ_CHECK(fwrite(file, 1, size, stdout) == size && fflush(stdout) == 0);
    return 0;
}
