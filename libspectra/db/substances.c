/* SPDX-License-Identifier: Apache-2.0 */
/* Which compound is meant: the rules by which rows of a table and records of spectra become one substance. */
#include <assert.h>
#include <string.h>

#include "base/error.h"
#include "base/text.h"
#include "chem/chem.h"
#include "db/builder.h"

#define NO_SUBSTANCE UINT32_MAX

void db_take_formula(db_facts *facts, const char *formula) {
    facts->text[DB_SUBSTANCE_FORMULA] = chem_formula_hill(facts->hill, formula) ? facts->hill : formula;
}

int64_t db_formula_mass(const char *formula) {
    chem_formula parsed;
    return chem_formula_parse(&parsed, formula) ? chem_monoisotopic_uda(&parsed) : 0;
}

static db_substance_row *row_at(const spectra_builder *builder, uint32_t index) {
    assert(index < builder->substances.count);
    return (db_substance_row *)builder->substances.data + index;
}

/* The substance behind a word that only one has; NO_SUBSTANCE where it is unknown or several have it. */
static uint32_t only_one(const db_word *word) {
    return word && !(word->value & DB_SEVERAL) ? word->value - 1 : NO_SUBSTANCE;
}

static uint32_t find_by_name(const spectra_builder *builder, const char *name) {
    char key[DB_COMPOUND_KEY_SIZE];
    db_compound_key(key, NULL, NULL, name);
    uint32_t found = only_one(db_words_find(&builder->names, key));
    if (found == NO_SUBSTANCE) return found;
    /* The key of a long name is cut. */
    const char *known = db_words_text(&builder->strings, row_at(builder, found)->text[DB_SUBSTANCE_NAME]);
    return base_equal_ignoring_case(known, name) ? found : NO_SUBSTANCE;
}

/* An InChIKey without formula means the one formula its block is known with; no InChIKey, the name of a substance. */
static uint32_t find_substance(const spectra_builder *builder, const db_facts *facts) {
    char key[DB_COMPOUND_KEY_SIZE], block[15];
    const char *formula = facts->text[DB_SUBSTANCE_FORMULA];
    bool has_block = chem_inchikey_block(block, facts->text[DB_SUBSTANCE_INCHIKEY]);
    if (has_block && !*formula) {
        uint32_t found = only_one(db_words_find(&builder->blocks, block));
        if (found != NO_SUBSTANCE) return found;
    }
    db_compound_key(key, facts->text[DB_SUBSTANCE_INCHIKEY], formula, facts->text[DB_SUBSTANCE_NAME]);
    const db_word *word = db_words_find(&builder->keys, key);
    if (word) return word->value - 1;
    return has_block ? NO_SUBSTANCE : find_by_name(builder, facts->text[DB_SUBSTANCE_NAME]);
}

void db_expect_substance(const spectra_builder *builder, const db_facts *facts) {
    char block[15];
    if (chem_inchikey_block(block, facts->text[DB_SUBSTANCE_INCHIKEY])) db_words_expect(&builder->blocks, block);
}

/* The substance stands behind the word from now on, perhaps beside the first that did. It comes once for each word. */
static void register_word(db_words *words, const char *text, uint32_t index) {
    if (!*text) return;
    db_word *word = db_words_add(words, text);
    word->value = word->value == 0 ? index + 1 : word->value | DB_SEVERAL;
}

static void register_name(spectra_builder *builder, uint32_t index, const char *name) {
    char key[DB_COMPOUND_KEY_SIZE];
    db_compound_key(key, NULL, NULL, name);
    register_word(&builder->names, key, index);
}

/* Class, sites and scaffold are facts of the skeleton that the block stands for: a labelled form of a known compound
   has them from it where nobody says otherwise. */
static void inherit_from_block(spectra_builder *builder, db_substance_row *row, const char *block) {
    static const uint8_t inherited[] = {DB_SUBSTANCE_CLASS, DB_SUBSTANCE_SITES, DB_SUBSTANCE_CORE};
    const db_word *word = db_words_find(&builder->blocks, block);
    if (!word || row->text[DB_SUBSTANCE_CLASS] != 0) return;
    const db_substance_row *first = row_at(builder, (word->value & ~DB_SEVERAL) - 1);
    for (size_t i = 0; i < sizeof inherited; i++)
        if (row->text[inherited[i]] == 0) row->text[inherited[i]] = first->text[inherited[i]];
}

static uint32_t add_substance(spectra_builder *builder, const db_facts *facts) {
    char key[DB_COMPOUND_KEY_SIZE], block[15];
    uint32_t index = (uint32_t)builder->substances.count;
    db_substance_row row = {.exact_mass_uda = facts->exact_mass_uda};
    for (size_t i = 0; i < DB_SUBSTANCE_TEXTS; i++) row.text[i] = db_words_reference(&builder->strings, facts->text[i]);
    db_compound_key(key, facts->text[DB_SUBSTANCE_INCHIKEY], facts->text[DB_SUBSTANCE_FORMULA],
                    facts->text[DB_SUBSTANCE_NAME]);
    db_words_add(&builder->keys, key)->value = index + 1;
    register_name(builder, index, facts->text[DB_SUBSTANCE_NAME]);
    bool has_block = chem_inchikey_block(block, facts->text[DB_SUBSTANCE_INCHIKEY]);
    if (has_block) inherit_from_block(builder, &row, block);
    bool added = base_vector_append(&builder->substances, &row, 1);
    assert(added);
    (void)added;
    if (has_block && *facts->text[DB_SUBSTANCE_FORMULA]) register_word(&builder->blocks, block, index);
    return index;
}

/* A formula is part of what tells a compound with an InChIKey apart: there it never changes. */
static void fill_substance(spectra_builder *builder, uint32_t index, const db_facts *facts) {
    db_substance_row *row = row_at(builder, index);
    for (size_t i = 0; i < DB_SUBSTANCE_TEXTS; i++) {
        if (row->text[i] != 0 || !*facts->text[i] || i == DB_SUBSTANCE_INCHIKEY) continue;
        if (i == DB_SUBSTANCE_FORMULA && row->text[DB_SUBSTANCE_INCHIKEY] != 0) continue;
        row->text[i] = db_words_reference(&builder->strings, facts->text[i]);
        if (i == DB_SUBSTANCE_NAME) register_name(builder, index, facts->text[i]);
    }
    if (row->exact_mass_uda == 0) row->exact_mass_uda = facts->exact_mass_uda;
}

spectra_status db_reserve_words(db_words *words, size_t count, size_t size, spectra_error *error) {
    spectra_status status = db_words_reserve(words, count, size);
    if (status == SPECTRA_E_LIMIT)
        return base_fail(error, status, BASE_NO_PLACE, "a database holds no more than 4 GiB of text");
    return status < 0 ? base_fail(error, status, BASE_NO_PLACE, "no memory for text") : SPECTRA_OK;
}

spectra_status db_reserve_row(base_vector *rows, size_t limit, spectra_error *error) {
    if (rows->count >= limit)
        return base_fail(error, SPECTRA_E_LIMIT, BASE_NO_PLACE, "a database holds no more than %u rows of a kind",
                         (uint64_t)limit);
    if (!base_vector_reserve(rows, 1))
        return base_fail(error, SPECTRA_E_MEMORY, BASE_NO_PLACE, "no memory for another row");
    return SPECTRA_OK;
}

spectra_status db_reserve_substance(spectra_builder *builder, const db_facts *facts, spectra_error *error) {
    char block[15];
    if (!*facts->text[DB_SUBSTANCE_NAME] && !chem_inchikey_block(block, facts->text[DB_SUBSTANCE_INCHIKEY]))
        return base_fail(error, SPECTRA_E_INVALID, BASE_NO_PLACE, "neither InChIKey nor name says which compound");
    size_t size = 0;
    for (size_t i = 0; i < DB_SUBSTANCE_TEXTS; i++) size += strlen(facts->text[i]) + 1;
    spectra_status status = db_reserve_words(&builder->strings, DB_SUBSTANCE_TEXTS, size, error);
    if (status == SPECTRA_OK) status = db_reserve_words(&builder->keys, 1, DB_COMPOUND_KEY_SIZE, error);
    if (status == SPECTRA_OK) status = db_reserve_words(&builder->names, 1, DB_COMPOUND_KEY_SIZE, error);
    if (status == SPECTRA_OK) status = db_reserve_words(&builder->blocks, 1, sizeof block, error);
    if (status == SPECTRA_OK) status = db_reserve_row(&builder->substances, DB_MAX_SUBSTANCES, error);
    return status;
}

uint32_t db_join_substance(spectra_builder *builder, const db_facts *facts) {
    uint32_t index = find_substance(builder, facts);
    if (index == NO_SUBSTANCE) return add_substance(builder, facts);
    fill_substance(builder, index, facts);
    return index;
}
