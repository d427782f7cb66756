/* SPDX-License-Identifier: Apache-2.0 */
/* The key that tells compounds apart. Text only. */
#include "base/text.h"
#include "chem/chem.h"
#include "db/db.h"

static void lower_case(char *text) {
    for (; *text; text++)
        if (*text >= 'A' && *text <= 'Z') *text = (char)(*text + ('a' - 'A'));
}

void db_compound_key(char key[DB_COMPOUND_KEY_SIZE], const char *inchikey, const char *formula, const char *name) {
    char block[15];
    base_text text;
    base_text_init(&text, key, DB_COMPOUND_KEY_SIZE);
    if (inchikey && chem_inchikey_block(block, inchikey)) {
        base_text_string(&text, block);
        base_text_string(&text, "/");
        if (formula) base_text_string(&text, formula);
    } else {
        if (name) base_text_string(&text, name);
        lower_case(key);
    }
}
