/* SPDX-License-Identifier: Apache-2.0 */
/* The shape of an InChIKey. Nothing of what it hashes. */
#include <string.h>

#include "chem/chem.h"

static bool all_capitals(const char *text, size_t count) {
    for (size_t i = 0; i < count; i++) {
        if (text[i] < 'A' || text[i] > 'Z') return false;
    }
    return true;
}

bool chem_inchikey_block(char block[15], const char *inchikey) {
    if (strlen(inchikey) != 27 || inchikey[14] != '-' || inchikey[25] != '-') return false;
    if (!all_capitals(inchikey, 14) || !all_capitals(inchikey + 15, 10) || !all_capitals(inchikey + 26, 1)) {
        return false;
    }
    memcpy(block, inchikey, 14);
    block[14] = '\0';
    return true;
}
