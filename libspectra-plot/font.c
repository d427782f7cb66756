/* SPDX-License-Identifier: Apache-2.0 */
/* The letters, and the small language they are written in:
     M x y, L x y    begin a stroke there, go on there in a straight line
     Q x y x y       go on by a parabola: control point, end
     A x y a b s n   go on along an ellipse around x, y of half axes a, b: from quarter s (0 east, 1 north, 2 west,
                     3 south) by n quarters, anticlockwise where n is positive
     O x y a b       a whole ellipse */
#include "font.h"

#include <stddef.h>

typedef struct font_glyph {
    uint16_t character, advance;
    const char *strokes;
} font_glyph;

/* By character. */
static const font_glyph glyphs[] = {
    {' ', 17, ""},
    {'!', 17, "M8 42L8 13M8 2L8 1"},
    {'"', 21, "M7 42L7 30M15 42L15 30"},
    {'#', 33, "M9 0L14 42M20 0L25 42M3 28L31 28M2 13L30 13"},
    {'$', 33, "M28 33Q25 40 16 40Q5 40 5 31Q5 23 16 21Q29 19 29 10Q29 1 16 1Q5 1 3 10M16 46L16 -5"},
    {'%', 53, "O 13 32 9 10O 40 10 9 10M42 42L11 0"},
    {'&', 41, "M37 0L13 27Q8 34 13 39Q18 43 23 39Q28 33 22 28L12 22Q4 17 5 10Q7 0 17 0Q30 0 34 20"},
    {'\'', 11, "M6 42L6 30"},
    {'(', 20, "M16 44Q6 32 6 16Q6 0 16 -11"},
    {')', 20, "M4 44Q14 32 14 16Q14 0 4 -11"},
    {'*', 23, "M11 42L11 26M4 38L18 30M18 38L4 30"},
    {'+', 35, "M17 31L17 5M4 18L30 18"},
    {',', 17, "M9 3L9 1L6 -7"},
    {'-', 20, "M4 16L16 16"},
    {'.', 17, "M8 2L8 1"},
    {'/', 17, "M1 -3L16 44"},
    {'0', 33, "O 16 21 11 21"},
    {'1', 33, "M8 33L18 42L18 0"},
    {'2', 33, "M5 32A16 31 11 11 2 -2Q27 24 19 16L4 0L28 0"},
    {'3', 33, "M5 35Q8 42 16 42A16 32 10 10 1 -2L12 22M16 22A16 11 12 11 1 -2Q6 0 4 8"},
    {'4', 33, "M22 0L22 42L3 12L30 12"},
    {'5', 33, "M26 42L9 42L7 21Q11 27 16 27A16 13 12 14 1 -2Q6 -1 4 7"},
    {'6', 33, "O 16 13 12 13M4 14Q4 42 18 42Q25 42 27 35"},
    {'7', 33, "M4 42L28 42Q14 24 11 0"},
    {'8', 33, "O 16 32 10 10O 16 11 12 11"},
    {'9', 33, "O 16 29 12 13M28 29Q28 0 15 0Q7 0 5 7"},
    {':', 17, "M8 2L8 1M8 28L8 27"},
    {';', 17, "M9 3L9 1L6 -7M8 28L8 27"},
    {'<', 35, "M30 30L5 18L30 6"},
    {'=', 35, "M4 24L30 24M4 12L30 12"},
    {'>', 35, "M5 30L30 18L5 6"},
    {'?', 33, "M5 33A16 32 11 10 2 -2Q27 25 20 21Q16 18 16 12M16 2L16 1"},
    {'@', 61, "O 29 17 10 11M42 29L38 10Q38 5 43 5Q53 8 53 20Q53 42 31 42A31 17 25 25 1 2Q12 -9 31 -9Q38 -9 44 -6"},
    {'A', 40, "M2 0L20 42L38 0M8 14L32 14"},
    {'B', 40, "M6 0L6 42L22 42A22 32 10 10 1 -2L6 22M22 22A22 11 13 11 1 -2L6 0"},
    {'C', 43, "M39 32Q35 42 23 42A23 21 18 21 1 2Q35 0 39 11"},
    {'D', 43, "M6 0L6 42L20 42A20 21 18 21 1 -2L6 0"},
    {'E', 40, "M36 0L6 0L6 42L35 42M6 22L32 22"},
    {'F', 37, "M6 0L6 42L34 42M6 22L30 22"},
    {'G', 47, "M41 32Q36 42 24 42A24 21 19 21 1 2Q36 0 42 9L42 20L26 20"},
    {'H', 43, "M6 0L6 42M37 0L37 42M6 22L37 22"},
    {'I', 17, "M8 0L8 42"},
    {'J', 30, "M24 42L24 12Q24 0 14 0Q4 0 4 13"},
    {'K', 40, "M6 0L6 42M35 42L6 14M15 23L37 0"},
    {'L', 33, "M6 42L6 0L31 0"},
    {'M', 50, "M6 0L6 42L25 4L44 42L44 0"},
    {'N', 43, "M6 0L6 42L37 0L37 42"},
    {'O', 47, "O 23 21 19 21"},
    {'P', 40, "M6 0L6 42L23 42A23 31 12 11 1 -2L6 20"},
    {'Q', 47, "O 23 21 19 21M28 10L41 -2"},
    {'R', 43, "M6 0L6 42L24 42A24 32 11 10 1 -2L6 22M24 22Q33 21 34 11L37 0"},
    {'S', 40, "M34 32Q31 42 20 42Q7 42 7 32Q7 24 20 22Q36 19 36 10Q36 0 20 0Q6 0 4 11"},
    {'T', 37, "M2 42L35 42M18 0L18 42"},
    {'U', 43, "M6 42L6 16A21 16 15 16 2 2L36 42"},
    {'V', 40, "M2 42L20 0L38 42"},
    {'W', 57, "M2 42L15 0L28 42L42 0L55 42"},
    {'X', 40, "M4 0L36 42M4 42L36 0"},
    {'Y', 40, "M3 42L20 20L37 42M20 20L20 0"},
    {'Z', 37, "M4 42L33 42L3 0L34 0"},
    {'[', 17, "M14 44L6 44L6 -11L14 -11"},
    {'\\', 17, "M1 44L16 -3"},
    {']', 17, "M3 44L11 44L11 -11L3 -11"},
    {'^', 28, "M4 24L14 42L24 24"},
    {'_', 33, "M0 -8L33 -8"},
    {'`', 20, "M6 43L13 35"},
    {'a', 33, "M6 22Q8 30 16 30Q26 30 26 20L26 5Q26 0 30 0M26 17Q24 17 15 15Q5 14 5 8Q5 0 13 0Q24 0 26 10"},
    {'b', 33, "M5 0L5 42O 17 15 12 15"},
    {'c', 30, "M26 21Q24 30 15 30A15 15 11 15 1 2Q24 0 26 9"},
    {'d', 33, "M28 0L28 42O 16 15 12 15"},
    {'e', 33, "M4 16L28 16Q28 30 16 30A16 15 12 15 1 2Q25 0 27 8"},
    {'f', 17, "M16 42Q8 43 8 35L8 0M2 29L15 29"},
    {'g', 33, "O 16 15 12 15M28 29L28 -2Q28 -12 16 -12Q7 -12 5 -6"},
    {'h', 33, "M5 0L5 42M5 18Q7 30 17 30Q27 30 27 19L27 0"},
    {'i', 13, "M6 0L6 29M6 40L6 39"},
    {'j', 13, "M7 29L7 -4Q7 -12 0 -11M7 40L7 39"},
    {'k', 30, "M5 0L5 42M25 29L5 10M13 18L27 0"},
    {'l', 13, "M6 0L6 42"},
    {'m', 50, "M5 0L5 29M5 18Q6 30 16 30Q25 30 25 19L25 0M25 18Q26 30 36 30Q45 30 45 19L45 0"},
    {'n', 33, "M5 0L5 29M5 18Q7 30 17 30Q27 30 27 19L27 0"},
    {'o', 33, "O 16 15 12 15"},
    {'p', 33, "M5 29L5 -12O 17 15 12 15"},
    {'q', 33, "M28 29L28 -12O 16 15 12 15"},
    {'r', 20, "M5 0L5 29M5 17Q7 30 18 29"},
    {'s', 30, "M25 22Q23 30 14 30Q5 30 5 23Q5 17 14 16Q26 14 26 8Q26 0 15 0Q5 0 4 8"},
    {'t', 17, "M8 38L8 7Q8 -1 15 1M2 29L15 29"},
    {'u', 33, "M5 29L5 11Q5 0 15 0Q25 0 27 12M27 29L27 0"},
    {'v', 30, "M3 29L15 0L27 29"},
    {'w', 43, "M2 29L12 0L21 29L31 0L41 29"},
    {'x', 30, "M4 0L26 29M4 29L26 0"},
    {'y', 30, "M3 29L15 1M27 29L15 1Q11 -12 4 -11"},
    {'z', 30, "M4 29L26 29L3 0L27 0"},
    {'{', 20, "M17 44Q10 44 10 37L10 23Q10 16 4 16Q10 16 10 10L10 -4Q10 -11 17 -11"},
    {'|', 16, "M8 44L8 -11"},
    {'}', 20, "M3 44Q10 44 10 37L10 23Q10 16 16 16Q10 16 10 10L10 -4Q10 -11 3 -11"},
    {'~', 35, "M4 15Q8 24 17 18Q26 12 30 21"},
    {0xa1, 17, "M8 29L8 -12M8 29L8 28"},
    {0xab, 30, "M14 25L6 15L14 5M25 25L17 15L25 5"},
    {0xb0, 24, "O 12 34 7 8"},
    {0xb1, 35, "M17 35L17 11M4 23L30 23M4 3L30 3"},
    {0xb2, 21, "M4 37Q5 43 11 43Q18 42 16 35L4 22L18 22"},
    {0xb3, 21, "M4 40Q12 46 16 40Q17 34 10 34Q18 34 17 27Q12 19 4 24"},
    {0xb5, 33, "M5 29L5 -12M5 10Q6 0 15 0Q25 0 27 12M27 29L27 0"},
    {0xb7, 17, "M8 18L8 17"},
    {0xb9, 21, "M6 38L12 43L12 22"},
    {0xbb, 30, "M5 25L13 15L5 5M16 25L24 15L16 5"},
    {0xbf, 33, "M28 -4A17 -2 11 10 0 -2Q6 5 13 9Q17 12 17 17M17 29L17 28"},
    {0xc6, 60, "M1 0L25 42L56 42M30 22L53 22M30 42L30 0L57 0M9 14L30 14"},
    {0xd7, 35, "M7 28L27 8M7 8L27 28"},
    {0xd8, 47, "O 23 21 19 21M6 -2L40 44"},
    {0xdf, 35, "M6 0L6 31Q6 42 16 42Q26 42 26 33Q26 26 20 23Q30 20 30 11Q30 0 19 0"},
    {0xe6, 53,
     "M5 22Q7 30 15 30Q25 30 25 20L25 10Q24 0 13 0Q5 0 5 8Q5 14 15 15L49 16Q49 30 37 30Q25 30 25 15Q25 0 38 0"
     "Q46 0 48 8"},
    {0xf8, 33, "O 16 15 12 15M4 -2L28 32"},
    {0x131, 13, "M6 0L6 29"},
    {0x153, 57, "O 16 15 12 15M28 16L52 16Q52 30 40 30Q28 30 28 15Q28 0 41 0Q49 0 51 8"},
    {0x394, 40, "M3 0L20 42L37 0L3 0"},
    {0x3b1, 35, "M30 29Q26 0 15 0Q4 0 4 15Q4 30 15 30Q24 30 27 9Q28 0 33 0"},
    {0x3b2, 34, "M5 -12L5 32Q5 43 15 43Q25 43 25 34Q25 25 15 24Q29 24 29 12Q29 0 17 0Q8 0 5 5"},
    {0x3b3, 30, "M2 27Q6 31 9 25L15 5M28 29L15 3Q11 -12 15 -12Q19 -12 15 3"},
    {0x3b4, 33, "O 16 14 12 14M25 38Q18 44 12 41Q7 37 13 32L20 27"},
    {0x3bc, 33, "M5 29L5 -12M5 10Q6 0 15 0Q25 0 27 12M27 29L27 0"},
    {0x3c0, 38, "M3 26Q6 30 12 29L36 29M11 29L10 0M27 29L27 6Q28 0 33 1"},
    {0x3c9, 45, "M12 30Q4 24 4 12Q4 0 13 0Q22 0 22 14Q22 0 31 0Q40 0 40 12Q40 24 32 30"},
    {0x2013, 33, "M2 16L31 16"},
    {0x2014, 60, "M2 16L58 16"},
    {0x2019, 13, "M7 42L7 39L4 31"},
    {0x2022, 21, "O 10 18 3 3O 10 18 1 1"},
    {0x2026, 60, "M10 2L10 1M30 2L30 1M50 2L50 1"},
    {0x2032, 12, "M8 43L4 31"},
    {0x2033, 21, "M8 43L4 31M17 43L13 31"},
    {0x207a, 24, "M12 43L12 27M4 35L20 35"},
    {0x207b, 24, "M4 35L20 35"},
    {0x2192, 50, "M4 17L44 17M33 27L44 17L33 7"},
    {0x2212, 35, "M4 18L30 18"},
    {0x2248, 35, "M4 21Q8 30 17 24Q26 18 30 27M4 9Q8 18 17 12Q26 6 30 15"},
    {0x2264, 35, "M30 36L5 24L30 12M5 2L30 2"},
    {0x2265, 35, "M5 36L30 24L5 12M5 2L30 2"},
};
static const font_glyph missing = {0xfffd, 35, "M5 0L5 42L30 42L30 0L5 0"};

/* Accents above a small letter; capitals have them 11 higher. */
enum { GRAVE, ACUTE, CIRCUMFLEX, TILDE, DIAERESIS, RING, CEDILLA, CARON, NO_ACCENT };
static const char *const accents[] = {"M-5 43L2 35",
                                      "M5 43L-2 35",
                                      "M-7 35L0 43L7 35",
                                      "M-8 36Q-4 44 0 40Q4 36 8 43",
                                      "M-6 40L-6 39M6 40L6 39",
                                      "O 0 40 4 5",
                                      "M0 0L-1 -4Q6 -5 4 -9Q1 -13 -5 -10",
                                      "M-7 43L0 35L7 43"};

/* U+00C0 to U+00FF: the letter, and what stands above it. */
static const char latin_letters[] = "AAAAAA?CEEEEIIII?NOOOOO??UUUUY??aaaaaa?ceeeeiiii?nooooo??uuuuy?y";
static const char latin_accents[] = "012345x601240124x301234xx01241xx012345x601240124x301234xx01241x4";

static const font_glyph *find(uint32_t character) {
    size_t low = 0, high = sizeof glyphs / sizeof *glyphs;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (glyphs[middle].character < character)
            low = middle + 1;
        else
            high = middle;
    }
    return low < sizeof glyphs / sizeof *glyphs && glyphs[low].character == character ? &glyphs[low] : NULL;
}

/* The glyph of a character, and what accent it bears. */
static const font_glyph *look_up(uint32_t character, unsigned *accent) {
    *accent = NO_ACCENT;
    const font_glyph *glyph = find(character);
    if (glyph || character < 0xc0 || character > 0xff) return glyph ? glyph : &missing;
    char letter = latin_letters[character - 0xc0];
    if (letter == '?') return &missing;
    *accent = (unsigned)(latin_accents[character - 0xc0] - '0');
    return find(letter == 'i' ? 0x131u : (uint32_t)letter);
}

double font_advance(uint32_t character) {
    unsigned accent;
    return look_up(character, &accent)->advance;
}

/* --- Strokes --- */

typedef struct font_pen {
    font_take take;
    void *context;
    double x, y;   /* where it is */
    double dx, dy; /* moves everything */
} font_pen;

static void put(font_pen *pen, double x, double y, bool begins) {
    pen->x = x;
    pen->y = y;
    pen->take(pen->context, x + pen->dx, y + pen->dy, begins);
}

#define CURVE_STEPS 8

static void parabola(font_pen *pen, const double n[4]) {
    double x = pen->x, y = pen->y;
    for (int i = 1; i <= CURVE_STEPS; i++) {
        double t = (double)i / CURVE_STEPS, u = 1 - t;
        put(pen, u * u * x + 2 * u * t * n[0] + t * t * n[2], u * u * y + 2 * u * t * n[1] + t * t * n[3], false);
    }
}

/* Cosine of i eighths of a right angle. */
static double cosine(int i) {
    static const double quarter[] = {1,          0.98078528, 0.92387953, 0.83146961, 0.70710678,
                                     0.55557023, 0.38268343, 0.19509032, 0};
    i = (i % 32 + 32) % 32;
    if (i > 16) i = 32 - i;
    return i > 8 ? -quarter[16 - i] : quarter[i];
}

static void ellipse(font_pen *pen, const double n[4], int start, int quarters, bool begins) {
    int steps = 8 * (quarters < 0 ? -quarters : quarters);
    for (int i = 0; i <= steps; i++) {
        int at = 8 * start + (quarters < 0 ? -i : i);
        put(pen, n[0] + n[2] * cosine(at), n[1] + n[3] * cosine(at - 8), begins && i == 0);
    }
}

static const char *read_number(double *value, const char *s) {
    bool negative = false;
    int read = 0;
    while (*s == ' ') s++;
    if (*s == '-') negative = *s++ == '-';
    while (*s >= '0' && *s <= '9') read = read * 10 + (*s++ - '0');
    *value = negative ? -read : read;
    return s;
}

static void draw(font_pen *pen, const char *s) {
    while (*s) {
        char command = *s++;
        double n[6] = {0};
        int count = command == 'A' ? 6 : command == 'Q' || command == 'O' ? 4 : 2;
        for (int i = 0; i < count; i++) s = read_number(&n[i], s);
        if (command == 'M' || command == 'L') put(pen, n[0], n[1], command == 'M');
        if (command == 'Q') parabola(pen, n);
        if (command == 'A') ellipse(pen, n, (int)n[4], (int)n[5], false);
        if (command == 'O') ellipse(pen, n, 0, 4, true);
    }
}

void font_strokes(uint32_t character, font_take take, void *context) {
    unsigned accent;
    const font_glyph *glyph = look_up(character, &accent);
    font_pen pen = {.take = take, .context = context};
    draw(&pen, glyph->strokes);
    if (accent >= NO_ACCENT) return;
    pen.dx = glyph->advance / 2.0;
    pen.dy = accent != CEDILLA && character < 0xe0 ? 11 : 0;
    draw(&pen, accents[accent]);
}
