/* SPDX-License-Identifier: Apache-2.0 */
/* The recipes and their names. Knows the limits of peaks/, nothing of a spectrum. */
#include "base/bytes.h"
#include "base/digest.h"
#include "peaks/peaks.h"
#include "spectrum/prepared.h"

/* Changes whenever prepare.c comes to prepare otherwise by the same recipe. */
#define PREPARATION "spectra recipe 1"

void spectra_recipe_nominal(spectra_recipe *recipe) {
    *recipe = (spectra_recipe){.kind = SPECTRA_RECIPE_NOMINAL};
}

void spectra_recipe_windowed(spectra_recipe *recipe) {
    spectra_recipe_open(recipe);
    recipe->precursor_margin_uth = 1600000;
}

void spectra_recipe_open(spectra_recipe *recipe) {
    *recipe = (spectra_recipe){.kind = SPECTRA_RECIPE_ACCURATE, .noise_ppm = 10000, .merge_gap_uth = 20000};
}

void spectrum_recipe_fine(spectra_recipe *recipe) {
    spectra_recipe_open(recipe);
    recipe->noise_ppm = 200;
}

bool spectrum_recipe_valid(const spectra_recipe *recipe) {
    switch (recipe->kind) {
    case SPECTRA_RECIPE_NOMINAL:
        return recipe->precursor_margin_uth == 0 && recipe->noise_ppm == 0 && recipe->merge_gap_uth == 0;
    case SPECTRA_RECIPE_ACCURATE:
        return recipe->noise_ppm <= 1000000 && recipe->merge_gap_uth <= PEAKS_MAX_GAP_UTH;
    default:
        return false;
    }
}

uint64_t spectra_recipe_fingerprint(const spectra_recipe *recipe) {
    uint8_t fields[16], digest_bytes[BASE_DIGEST_SIZE];
    base_put32(fields, recipe->kind);
    base_put32(fields + 4, recipe->precursor_margin_uth);
    base_put32(fields + 8, recipe->noise_ppm);
    base_put32(fields + 12, recipe->merge_gap_uth);
    base_digest digest;
    base_digest_init(&digest);
    base_digest_add(&digest, PREPARATION, sizeof PREPARATION - 1);
    base_digest_add(&digest, fields, sizeof fields);
    base_digest_finish(&digest, digest_bytes);
    return base_get64(digest_bytes);
}
