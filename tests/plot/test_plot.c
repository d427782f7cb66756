/* SPDX-License-Identifier: Apache-2.0 */
/* Pictures as pictures. The golden ones are compared with some tolerance and were looked at; a run with the
   environment's SPECTRA_RENEW_PICTURES writes them anew. */
#include <math.h>
#include <png.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "layout.h"
#include "raster.h"

#define COUNT_OF(array) (sizeof(array) / sizeof *(array))

/* A file in memory. */
typedef struct bytes {
    char data[1 << 20];
    size_t size, most; /* most: where it fails; 0 never */
} bytes;
static bytes file;

static spectra_status take(void *context, const char *data, size_t size) {
    bytes *out = context;
    if ((out->most > 0 && out->size + size > out->most) || size > sizeof out->data - 1 - out->size) return SPECTRA_E_IO;
    memcpy(out->data + out->size, data, size);
    out->size += size;
    out->data[out->size] = '\0';
    return SPECTRA_OK;
}
static const spectra_sink into_file = {&file, take};

static void clear(size_t most) {
    file.size = 0;
    file.most = most;
    file.data[0] = '\0';
}

/* --- Spectra made by hand --- */

static const double ei_mz[] = {42, 44, 57, 77, 91, 105, 118, 132, 146, 158, 189, 202, 245, 246};
static const double ei_query[] = {30, 12, 28, 9, 14, 22, 0, 8, 70, 6, 31, 5, 100, 18};
static const double ei_reference[] = {24, 15, 20, 11, 10, 25, 6, 9, 62, 4, 35, 7, 100, 17};
static const double query_mz[] = {84.0808, 105.0699, 134.0964, 188.1434, 202.1590, 230.1540, 351.2431};
static const double query_intensity[] = {9, 61, 7, 100, 12, 8, 20};
static const double reference_mz[] = {84.0809, 105.0698, 132.0808, 134.0968, 188.1436, 216.1383, 337.2274};
static const double reference_intensity[] = {7, 58, 6, 9, 100, 10, 33};

#define EI(values, words)                                                                                              \
    { .mz = ei_mz, .intensity = values, .count = COUNT_OF(ei_mz), .name = words }
static const spectra_plot_peaks ei_up = EI(ei_query, "Unknown 7");
static const spectra_plot_peaks ei_down = {.mz = ei_mz,
                                           .intensity = ei_reference,
                                           .count = COUNT_OF(ei_mz),
                                           .name = "Fentanyl",
                                           .formula = "C22H28N2O",
                                           .note = "score 941 of 999",
                                           .ion_mz = 336,
                                           .ion = "M+"};
static const spectra_plot_peaks msms_up = {.mz = query_mz,
                                           .intensity = query_intensity,
                                           .count = COUNT_OF(query_mz),
                                           .name = "Unknown 8",
                                           .ion_mz = 351.2431,
                                           .ion = "[M+H]+"};
static const spectra_plot_peaks msms_down = {.mz = reference_mz,
                                             .intensity = reference_intensity,
                                             .count = COUNT_OF(reference_mz),
                                             .name = "Fentanyl",
                                             .formula = "C22H28N2O",
                                             .ion_mz = 337.2274,
                                             .ion = "[M+H]+"};
static const spectra_plot_options msms_options = {
    .size = sizeof msms_options, .tolerance = {.ppm = 20}, .delta_mz = 14.0157, .mass_errors = 1};
static const spectra_plot_options ei_options = {.size = sizeof ei_options, .nominal = 1};

/* --- What is on them --- */

static size_t count_of(const spectra_picture *picture, drawing_kind kind, uint32_t colour) {
    size_t found = 0;
    for (size_t i = 0; i < picture->item_count; i++)
        found += picture->items[i].kind == kind && picture->items[i].colour == colour;
    return found;
}

static bool has_words(const spectra_picture *picture, const char *words) {
    for (size_t i = 0; i < picture->item_count; i++) {
        const drawing_item *item = &picture->items[i];
        if (item->kind == DRAWING_TEXT && strcmp(picture->text + item->first, words) == 0) return true;
    }
    return false;
}

static void kinds_of_peaks_differ_in_colour_and_in_shape(void **state) {
    (void)state;
    spectra_picture *picture;
    assert_int_equal(spectra_plot_mirror(&picture, &msms_up, &msms_down, &msms_options), SPECTRA_OK);
    /* In place 84, 105, 134, 188; shifted 230 to 216 and 351 to 337; a stick each, and one in the legend. */
    assert_int_equal(count_of(picture, DRAWING_LINE, COLOUR_MATCHED), 4 + 4 + 1);
    assert_int_equal(count_of(picture, DRAWING_LINE, COLOUR_SHIFTED), 2 + 2 + 1);
    assert_int_equal(count_of(picture, DRAWING_LINE, COLOUR_OTHER), 1 + 1 + 1);
    /* Discs and diamonds at their tips, and in the panel of errors. */
    assert_int_equal(count_of(picture, DRAWING_DISC, COLOUR_MATCHED), 4 + 4 + 4 + 1);
    assert_int_equal(count_of(picture, DRAWING_AREA, COLOUR_SHIFTED), 2 + 2 + 2 + 1);
    assert_true(has_words(picture, "matched, shifted by +14.0157 (2 up, 2 down)"));
    assert_true(has_words(picture, "[M+H]+ 351.2431"));
    spectra_picture_free(picture);
}

static plot_stick stick_at(double mz, double percent) {
    return (plot_stick){.mz = mz, .percent = percent};
}

static void a_tolerance_is_inclusive_and_a_peak_matches_once(void **state) {
    (void)state;
    const spectra_plot_options options = {.size = sizeof options, .tolerance = {.uth = 10000}};
    plot_stick query[] = {stick_at(100.00, 5), stick_at(100.015, 50), stick_at(200.00, 9)};
    plot_stick reference[] = {stick_at(100.01, 100), stick_at(200.0101, 3)};
    assert_true(match_sticks(query, 3, reference, 2, &options));
    assert_int_equal(query[0].kind, STICK_OTHER); /* the stronger has it */
    assert_int_equal(query[1].kind, STICK_MATCHED);
    assert_int_equal(query[2].kind, STICK_OTHER); /* a tenth of a millionth too far */
    plot_stick edge[] = {stick_at(100.02, 1)};
    reference[0].kind = STICK_OTHER;
    assert_true(match_sticks(edge, 1, reference, 1, &options));
    assert_int_equal(edge[0].kind, STICK_MATCHED);
}

static void whole_masses_match_by_unit_and_shifted_by_whole_units(void **state) {
    (void)state;
    const spectra_plot_options options = {.size = sizeof options, .nominal = 1, .delta_mz = 14};
    plot_stick query[] = {stick_at(91.1, 9), stick_at(105.4, 5), stick_at(259, 50)};
    plot_stick reference[] = {stick_at(91, 100), stick_at(106, 3), stick_at(245, 3)};
    assert_true(match_sticks(query, 3, reference, 3, &options));
    assert_int_equal(query[0].kind, STICK_MATCHED);
    assert_int_equal(query[1].kind, STICK_OTHER);
    assert_int_equal(query[2].kind, STICK_SHIFTED);
    assert_int_equal(reference[1].kind, STICK_OTHER);
    assert_int_equal(reference[2].kind, STICK_SHIFTED);
}

/* Labels of m/z are the words of size 7.5. */
static void labels_do_not_overlap(void **state) {
    (void)state;
    double mz[200], intensity[200];
    for (size_t i = 0; i < 200; i++) {
        mz[i] = 100 + (double)i * 0.9;
        intensity[i] = (double)(i * 7919 % 101 + 1);
    }
    const spectra_plot_peaks crowded = {.mz = mz, .intensity = intensity, .count = 200, .ion_mz = 190, .ion = "M+"};
    const spectra_plot_options options = {.size = sizeof options, .labels = 100};
    spectra_picture *picture;
    assert_int_equal(spectra_plot_mirror(&picture, &crowded, &crowded, &options), SPECTRA_OK);
    size_t labels = 0;
    for (size_t i = 0; i < picture->item_count; i++) {
        const drawing_item *a = &picture->items[i];
        if (a->kind != DRAWING_TEXT || a->size != 7.5) continue;
        labels++;
        for (size_t j = 0; j < i; j++) {
            const drawing_item *b = &picture->items[j];
            if (b->kind != DRAWING_TEXT || b->size != 7.5) continue;
            bool beside = a->at.x + a->width <= b->at.x || b->at.x + b->width <= a->at.x;
            assert_true(beside || a->at.y - b->at.y >= 5.2 || b->at.y - a->at.y >= 5.2);
        }
    }
    assert_in_range(labels, 20, 202);
    spectra_picture_free(picture);
}

static void hostile_words_stay_words(void **state) {
    (void)state;
    static const char *const names[] = {
        "</text><script>alert(1)</script>",
        "\"/><image href=\"http://example.org/x\"/>",
        "a\x01\x02\x1b[31mb\r\n\tc",
        "\xff\xfe\xc0\x80\xed\xa0\x80",
        "\xe2\x80\xae-evil\xe2\x80\xac\xe2\x81\xa6",
        "&amp;&lt;",
        "",
    };
    char long_name[9000];
    memset(long_name, 'W', sizeof long_name - 1);
    long_name[sizeof long_name - 1] = '\0';
    for (size_t i = 0; i <= COUNT_OF(names); i++) {
        const char *name = i < COUNT_OF(names) ? names[i] : long_name;
        spectra_plot_peaks up = ei_up, down = ei_down;
        up.name = up.note = up.formula = down.name = down.note = down.formula = down.ion = name;
        spectra_picture *picture;
        assert_int_equal(spectra_plot_mirror(&picture, &up, &down, &ei_options), SPECTRA_OK);
        for (size_t k = 0; k < picture->item_count; k++)
            if (picture->items[k].kind == DRAWING_TEXT)
                assert_true(picture->items[k].at.x + picture->items[k].width <= picture->width);
        clear(0);
        assert_int_equal(spectra_picture_svg(picture, &into_file), SPECTRA_OK);
        assert_null(strstr(file.data, "<script"));
        assert_null(strstr(file.data, "<image"));
        assert_null(strstr(file.data, "&amp;lt;script"));
        assert_null(strstr(file.data, "\xe2\x80\xae"));
        for (size_t k = 0; k < file.size; k++)
            assert_true(((uint8_t)file.data[k] >= 0x20 && file.data[k] != 0x7f) || file.data[k] == '\n');
        clear(0);
        assert_int_equal(spectra_picture_png(picture, 36, &into_file), SPECTRA_OK);
        spectra_picture_free(picture);
    }
}

static void what_cannot_be_drawn_is_refused(void **state) {
    (void)state;
    spectra_picture *picture;
    static const double falling[] = {2, 1}, negative[] = {1, -1}, infinite[] = {1, HUGE_VAL}, ones[] = {1, 1};
    const spectra_plot_peaks bad[] = {
        {.mz = falling, .intensity = ones, .count = 2},  {.mz = ones, .intensity = negative, .count = 2},
        {.mz = infinite, .intensity = ones, .count = 2}, {.mz = ones, .intensity = infinite, .count = 2},
        {.mz = NULL, .intensity = ones, .count = 2},     {.ion_mz = -1}};
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        assert_int_equal(spectra_plot_spectrum(&picture, &bad[i], NULL), SPECTRA_E_INVALID);
        assert_null(picture);
        assert_int_equal(spectra_plot_mirror(&picture, &ei_up, &bad[i], NULL), SPECTRA_E_INVALID);
    }
    const spectra_plot_options options[] = {{.size = 1},
                                            {.size = sizeof *options, .width = 100},
                                            {.size = sizeof *options, .height = 20000},
                                            {.size = sizeof *options, .labels = 101},
                                            {.size = sizeof *options, .from_mz = 50},
                                            {.size = sizeof *options, .from_mz = 50, .to_mz = 40}};
    for (size_t i = 0; i < COUNT_OF(options); i++)
        assert_int_equal(spectra_plot_spectrum(&picture, &ei_up, &options[i]), SPECTRA_E_INVALID);
    const spectra_plot_peaks none = {0};
    assert_int_equal(spectra_plot_mirror(&picture, &none, &none, NULL), SPECTRA_OK);
    clear(0);
    assert_int_equal(spectra_picture_png(picture, 35, &into_file), SPECTRA_E_INVALID);
    assert_int_equal(spectra_picture_png(picture, 1201, &into_file), SPECTRA_E_INVALID);
    assert_int_equal(spectra_picture_png(picture, 0, &into_file), SPECTRA_OK);
    clear(100);
    assert_int_equal(spectra_picture_png(picture, 72, &into_file), SPECTRA_E_IO);
    clear(100);
    assert_int_equal(spectra_picture_svg(picture, &into_file), SPECTRA_E_IO);
    spectra_picture_free(picture);
}

static void a_picture_has_the_size_that_was_asked_for(void **state) {
    (void)state;
    const spectra_plot_options options = {.size = sizeof options, .width = 360, .height = 216};
    spectra_picture *picture;
    raster_image image;
    assert_int_equal(spectra_plot_spectrum(&picture, &ei_up, &options), SPECTRA_OK);
    assert_int_equal(raster_paint(&image, picture, 300), SPECTRA_OK);
    assert_int_equal(image.width, 1500);
    assert_int_equal(image.height, 900);
    raster_free(&image);
    picture->width = picture->height = 10000;
    assert_int_equal(raster_paint(&image, picture, 1200), SPECTRA_E_LIMIT);
    raster_free(&image);
    spectra_picture_free(picture);
}

/* --- Golden pictures --- */

#define GOLDEN_DPI 80
#define FAR_OFF 40          /* of 255: what an eye would see */
#define MOST_FAR_OFF 0.002  /* share of such pixels */
#define MOST_DIFFERENCE 0.4 /* mean over all */

static void read_png(png_image *image, uint8_t **pixels, const char *path) {
    *image = (png_image){.version = PNG_IMAGE_VERSION};
    assert_true(png_image_begin_read_from_file(image, path));
    image->format = PNG_FORMAT_RGB;
    *pixels = malloc(PNG_IMAGE_SIZE(*image));
    assert_non_null(*pixels);
    assert_true(png_image_finish_read(image, NULL, *pixels, 0, NULL));
}

static void compare(const char *path, const char *made) {
    png_image golden, now;
    uint8_t *a, *b;
    size_t far_off = 0;
    double difference = 0;
    read_png(&golden, &a, path);
    read_png(&now, &b, made);
    assert_int_equal(golden.width, now.width);
    assert_int_equal(golden.height, now.height);
    size_t size = PNG_IMAGE_SIZE(golden);
    for (size_t i = 0; i < size; i++) {
        int d = abs(a[i] - b[i]);
        far_off += d > FAR_OFF;
        difference += d;
    }
    free(a);
    free(b);
    assert_true((double)far_off <= MOST_FAR_OFF * (double)size);
    assert_true(difference <= MOST_DIFFERENCE * (double)size);
}

static void check_picture(spectra_picture *picture, const char *name) {
    char path[512], made[128];
    snprintf(path, sizeof path, PICTURES "/%s.png", name);
    snprintf(made, sizeof made, "%s.png", name);
    clear(0);
    assert_int_equal(spectra_picture_png(picture, GOLDEN_DPI, &into_file), SPECTRA_OK);
    spectra_picture_free(picture);
    FILE *out = fopen(getenv("SPECTRA_RENEW_PICTURES") ? path : made, "wb");
    assert_non_null(out);
    assert_int_equal(fwrite(file.data, 1, file.size, out), file.size);
    assert_int_equal(fclose(out), 0);
    if (!getenv("SPECTRA_RENEW_PICTURES")) compare(path, made);
}

static void pictures_look_as_those_that_were_looked_at(void **state) {
    (void)state;
    spectra_picture *picture;
    assert_int_equal(spectra_plot_mirror(&picture, &ei_up, &ei_down, &ei_options), SPECTRA_OK);
    check_picture(picture, "mirror_ei");
    assert_int_equal(spectra_plot_mirror(&picture, &msms_up, &msms_down, &msms_options), SPECTRA_OK);
    check_picture(picture, "mirror_msms");
    assert_int_equal(spectra_plot_spectrum(&picture, &ei_down, NULL), SPECTRA_OK);
    check_picture(picture, "spectrum");
}

static void a_profile_is_drawn_with_its_peaks(void **state) {
    (void)state;
    static double mz[400];
    static float sum[400], baseline[400];
    static const double places[] = {50, 57, 77, 91};
    for (size_t i = 0; i < 400; i++) {
        mz[i] = 45 + (double)i * 0.125;
        baseline[i] = 3 + (float)i * 0.005f;
        sum[i] = baseline[i];
        for (size_t k = 0; k < 4; k++) {
            double away = (mz[i] - places[k]) / 0.4;
            sum[i] += (float)((double)(k + 1) * 20 / (1 + away * away * away * away));
        }
    }
    spectra_profile_peak peaks[4] = {{0}};
    for (size_t k = 0; k < 4; k++) peaks[k].mz = places[k];
    const spectra_profile_result result = {.cell_count = 400,
                                           .peak_count = 4,
                                           .peaks = peaks,
                                           .cell_mz = mz,
                                           .sum = sum,
                                           .baseline = baseline,
                                           .fwhm = 0.8};
    const spectra_plot_peaks words = {.name = "a profile, \xce\x94 = 14, espa\xc3\xb1ol, fran\xc3\xa7"
                                              "ais"};
    spectra_picture *picture;
    assert_int_equal(spectra_plot_profile(&picture, &result, &words, NULL), SPECTRA_OK);
    assert_int_equal(count_of(picture, DRAWING_AREA, COLOUR_SHIFTED), 4 + 1);
    check_picture(picture, "profile");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(kinds_of_peaks_differ_in_colour_and_in_shape),
        cmocka_unit_test(a_tolerance_is_inclusive_and_a_peak_matches_once),
        cmocka_unit_test(whole_masses_match_by_unit_and_shifted_by_whole_units),
        cmocka_unit_test(labels_do_not_overlap),
        cmocka_unit_test(hostile_words_stay_words),
        cmocka_unit_test(what_cannot_be_drawn_is_refused),
        cmocka_unit_test(a_picture_has_the_size_that_was_asked_for),
        cmocka_unit_test(pictures_look_as_those_that_were_looked_at),
        cmocka_unit_test(a_profile_is_drawn_with_its_peaks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
