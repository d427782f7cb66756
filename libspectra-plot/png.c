/* SPDX-License-Identifier: Apache-2.0 */
/* A picture as PNG: the only file that knows libpng. */
#include <png.h>
#include <setjmp.h>
#include <string.h>

#include "raster.h"

#define USUAL_DPI 150
#define LEAST_DPI 36
#define MOST_DPI 1200
#define DPI_PER_METRE 39.37007874

/* A run of libpng: it leaves by `out` when anything fails. */
typedef struct png_run {
    const spectra_sink *sink;
    spectra_status status;
    jmp_buf out;
} png_run;

static void fail(png_structp png, png_const_charp message) {
    (void)message;
    png_run *run = png_get_error_ptr(png);
    if (run->status == SPECTRA_OK) run->status = SPECTRA_E_MEMORY; /* what else can fail */
    longjmp(run->out, 1);
}

static void ignore(png_structp png, png_const_charp message) {
    (void)png;
    (void)message;
}

static void write_bytes(png_structp png, png_bytep bytes, png_size_t size) {
    png_run *run = png_get_io_ptr(png);
    run->status = run->sink->write(run->sink->context, (const char *)bytes, size);
    if (run->status < 0) png_error(png, "the sink failed");
}

static void flush(png_structp png) {
    (void)png;
}

static void write_rows(png_structp png, png_infop info, const raster_image *raster, uint32_t dpi) {
    png_uint_32 resolution = (png_uint_32)(dpi * DPI_PER_METRE + 0.5);
    png_set_IHDR(png, info, (png_uint_32)raster->width, (png_uint_32)raster->height, 8, PNG_COLOR_TYPE_RGB,
                 PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
    png_set_pHYs(png, info, resolution, resolution, PNG_RESOLUTION_METER);
    png_write_info(png, info);
    for (size_t y = 0; y < raster->height; y++) png_write_row(png, raster->pixels + 3 * raster->width * y);
    png_write_end(png, info);
}

static spectra_status write_png(const raster_image *raster, uint32_t dpi, const spectra_sink *sink) {
    png_run run = {.sink = sink};
    png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, &run, fail, ignore);
    png_infop info = png ? png_create_info_struct(png) : NULL;
    if (!info) {
        png_destroy_write_struct(&png, NULL);
        return SPECTRA_E_MEMORY;
    }
    png_set_write_fn(png, &run, write_bytes, flush);
    if (setjmp(run.out) == 0) write_rows(png, info, raster, dpi);
    png_destroy_write_struct(&png, &info);
    return run.status;
}

spectra_status spectra_picture_png(const spectra_picture *picture, uint32_t dpi, const spectra_sink *sink) {
    if (dpi == 0) dpi = USUAL_DPI;
    if (!picture || !sink || !sink->write || dpi < LEAST_DPI || dpi > MOST_DPI) return SPECTRA_E_INVALID;
    raster_image raster;
    spectra_status status = raster_paint(&raster, picture, dpi);
    if (status == SPECTRA_OK) status = write_png(&raster, dpi, sink);
    raster_free(&raster);
    return status;
}
