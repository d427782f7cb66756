/* SPDX-License-Identifier: Apache-2.0 */
/* Host program that writes the tables of fixed-point arithmetic as a C source: spectra-tables OUTPUT_FILE.
   Integers only, so every machine writes the same file. Refuses to write an entry that it cannot prove rounded right.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#define CELLS 256
#define ENTROPY_ENTRIES 131072u
#define ENTROPY_FRACTION_BITS 8
#define ROOT_ENTRIES 1999u

/* log2 by squaring: LG_BITS steps give that many binary places. */
#define LG_BITS 56
/* log2(e) in Q62. */
#define LOG2_E_Q62 UINT64_C(6653256548922161246)

__extension__ typedef unsigned __int128 wide;

/* log2(x) in Q56 for x >= 1, never too large, and too small by less than LG_ERROR.
   The mantissa in [1, 2) is kept in Q63, cut downwards: a relative error below 2^-63 in each step, so below 2^-62 in
   the logarithm; what step j adds counts 2^-j, so all steps together stay below 2^-62. The places not computed are
   worth less than 2^-56. Together less than 2 in Q56. */
#define LG_ERROR 2
static uint64_t lg_q56(uint64_t x) {
    uint32_t exponent = 63;
    uint64_t mantissa = x;
    while (!(mantissa >> 63)) {
        mantissa <<= 1;
        exponent--;
    }
    uint64_t lg = exponent;
    for (int bit = 0; bit < LG_BITS; bit++) {
        wide square = (wide)mantissa * mantissa;
        uint64_t above_two = (uint64_t)(square >> 127);
        mantissa = (uint64_t)(square >> (63 + above_two));
        lg = lg << 1 | above_two;
    }
    return lg;
}

static uint64_t round_shift(wide value, int bits) {
    return (uint64_t)((value + ((wide)1 << (bits - 1))) >> bits);
}

/* The middle of cell i is (513 + 2i) / 512. */
static void write_lg_table(FILE *out) {
    fprintf(out, "const base_lg_cell base_lg_table[BASE_TABLE_CELLS] = {\n");
    for (uint32_t i = 0; i < CELLS; i++) {
        uint64_t middle = 513 + 2 * i;
        uint64_t lg = lg_q56(middle) - ((uint64_t)9 << LG_BITS);
        wide slope_q62 = (wide)LOG2_E_Q62 * 512 / middle;
        wide bend_q61 = slope_q62 * 512 / middle / 4;
        fprintf(out, "    {%" PRIu64 "u, %" PRIu64 "u, %" PRIu64 "u},\n", round_shift(lg, LG_BITS - 32),
                round_shift(slope_q62, 62 - 31), round_shift(bend_q61, 61 - 16));
    }
    fprintf(out, "};\n\n");
}

static uint64_t square_root(wide x) {
    uint64_t root = 0;
    for (int bit = 63; bit >= 0; bit--) {
        uint64_t trial = root | (uint64_t)1 << bit;
        if ((wide)trial * trial <= x) root = trial;
    }
    return root;
}

/* 2^−((2i + 1) / 512): a product of the roots 2^−(1/2), 2^−(1/4) … 2^−(1/512) for the bits of 2i + 1, in Q63. */
static void write_exp2_table(FILE *out) {
    uint64_t root[10] = {(uint64_t)1 << 62};
    for (int i = 1; i < 10; i++) root[i] = square_root((wide)root[i - 1] << 63);
    fprintf(out, "const uint32_t base_exp2_table[BASE_TABLE_CELLS] = {\n");
    for (uint32_t i = 0; i < CELLS; i++) {
        uint64_t product = (uint64_t)1 << 63;
        for (int bit = 0; bit < 9; bit++) {
            if ((2 * i + 1) >> bit & 1) product = (uint64_t)((wide)product * root[9 - bit] >> 63);
        }
        fprintf(out, "    %" PRIu64 "u,\n", round_shift(product, 31));
    }
    fprintf(out, "};\n\n");
}

/* round(x·log2 x·2^8): rounded from both ends of the interval that holds log2 x; where they differ there is no proof.
 */
static uint64_t entropy_entry(uint32_t x) {
    if (x == 0) return 0;
    int fraction = LG_BITS - ENTROPY_FRACTION_BITS;
    uint64_t lg = lg_q56(x);
    uint64_t low = round_shift((wide)x * lg, fraction);
    uint64_t high = round_shift((wide)x * (lg + LG_ERROR), fraction);
    if (low != high) {
        fprintf(stderr, "entropy table: entry %" PRIu32 " is too close to a half\n", x);
        exit(EXIT_FAILURE);
    }
    return low;
}

static void write_entropy_table(FILE *out) {
    fprintf(out, "const uint32_t base_entropy_table[131072] = {\n");
    for (uint32_t x = 0; x < ENTROPY_ENTRIES; x++) {
        fprintf(out, "%" PRIu64 "u,%c", entropy_entry(x), x % 8 == 7 ? '\n' : ' ');
    }
    fprintf(out, "};\n");
}

/* round(65535·√(x/999)) = floor((√(4·65535²·x/999) + 1) / 2). */
static void write_root_table(FILE *out) {
    fprintf(out, "\nconst uint32_t base_root_table[1999] = {\n");
    for (uint32_t x = 0; x < ROOT_ENTRIES; x++) {
        uint64_t twice = square_root((wide)4 * 65535 * 65535 * x / 999);
        fprintf(out, "%" PRIu64 "u,%c", (twice + 1) / 2, x % 8 == 7 ? '\n' : ' ');
    }
    fprintf(out, "};\n");
}

int main(int count, char **arguments) {
    if (count != 2) {
        fprintf(stderr, "usage: spectra-tables OUTPUT_FILE\n");
        return EXIT_FAILURE;
    }
    FILE *out = fopen(arguments[1], "w");
    if (!out) {
        perror(arguments[1]);
        return EXIT_FAILURE;
    }
    fprintf(out, "/* Made by base/tables_generate.c. */\n#include \"base/fixed.h\"\n#include \"base/tables.h\"\n\n");
    write_lg_table(out);
    write_exp2_table(out);
    write_entropy_table(out);
    write_root_table(out);
    int failed = ferror(out);
    if (fclose(out) != 0 || failed) {
        perror(arguments[1]);
        return EXIT_FAILURE;
    }
    return EXIT_SUCCESS;
}
