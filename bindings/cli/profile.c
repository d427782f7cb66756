/* SPDX-License-Identifier: Apache-2.0 */
/* Profiles: a record's rows are samples, and what is answered or written are the peaks found in them. */
#include <stdlib.h>
#include <string.h>

#include "cli.h"

/* Half a unit: beyond it a peak would be taken for its neighbour. */
#define MOST_AXIS_ERROR 0.5

static spectra_status fail(spectra_error *error, spectra_status status, const char *message) {
    *error = (spectra_error){.status = status};
    snprintf(error->message, sizeof error->message, "%s", message);
    return status;
}

spectra_ionisation cli_ionisation_of(const spectra_spectrum *record, const cli_arguments *arguments) {
    if (arguments->axis) return arguments->profile_options.ionisation;
    spectra_track track = arguments->search.track ? arguments->search.track : spectra_spectrum_track(record);
    if (track == SPECTRA_TRACK_EI) return SPECTRA_IONISATION_EI;
    return track == SPECTRA_TRACK_INSOURCE ? SPECTRA_IONISATION_PROTONATED : SPECTRA_IONISATION_UNKNOWN;
}

static bool copy_record(cli_profiler *profiler, const spectra_spectrum *record) {
    spectra_spectrum_free(profiler->spectrum);
    return spectra_spectrum_copy(&profiler->spectrum, record, NULL) == SPECTRA_OK;
}

static bool provide_bytes(cli_profiler *profiler, size_t needed) {
    if (needed <= profiler->size) return true;
    free(profiler->bytes);
    profiler->bytes = malloc(needed);
    profiler->size = profiler->bytes ? needed : 0;
    return profiler->bytes != NULL;
}

/* One row a cell; a column is empty where its step was left out. */
static bool write_curves(const char *folder, uint64_t index, const spectra_profile_result *result) {
    char path[4096];
    int size = snprintf(path, sizeof path, "%s/%llu.csv", folder, (unsigned long long)index);
    FILE *file = size > 0 && (size_t)size < sizeof path ? fopen(path, "wb") : NULL;
    if (!file) return false;
    fputs("mz,sum,baseline,denoised,matched,model\n", file);
    const float *const curves[] = {result->sum, result->baseline, result->denoised, result->matched, result->model};
    for (uint32_t cell = 0; cell < result->cell_count; cell++) {
        char text[CLI_NUMBER_SIZE];
        fputs(cli_number(text, result->cell_mz[cell], 6), file);
        for (size_t i = 0; i < sizeof curves / sizeof *curves; i++) {
            fputc(',', file);
            if (curves[i]) fputs(cli_number(text, (double)curves[i][cell], 9), file);
        }
        fputc('\n', file);
    }
    bool good = !ferror(file);
    return fclose(file) == 0 && good;
}

/* What was found of axis, width and noise, on standard error. */
static void tell(const spectra_profile_result *result, uint64_t index) {
    const struct {
        double value;
        unsigned decimals;
    } facts[] = {{result->fwhm, 2},           {result->noise, 3},
                 {result->axis_offset, 3},    {result->axis_offset_error, 3},
                 {result->axis_slope_ppm, 0}, {result->axis_slope_error_ppm, 0}};
    char text[6][CLI_NUMBER_SIZE];
    for (size_t i = 0; i < 6; i++) cli_number(text[i], facts[i].value, facts[i].decimals);
    cli_complain("profile %llu: %u peaks, width %s, noise %s, axis offset %s (%s), slope %s ppm (%s)",
                 (unsigned long long)index, result->peak_count, text[0], text[1], text[2], text[3], text[4], text[5]);
}

bool cli_axis_is_sure(const spectra_profile_result *result) {
    for (uint32_t i = 0; i < result->peak_count; i++)
        if (result->peaks[i].mz_error > MOST_AXIS_ERROR) return false;
    return true;
}

static spectra_status use_result(cli_profiler *profiler, const spectra_profile_result *result,
                                 const cli_arguments *arguments, spectra_error *error) {
    if (arguments->steps) {
        tell(result, profiler->index);
        if (!write_curves(arguments->steps, profiler->index, result))
            return fail(error, SPECTRA_E_IO, "the curves cannot be written to the folder of --steps");
    }
    bool shown = arguments->command == CLI_PREPROCESS || arguments->command == CLI_PLOT;
    if (!shown && (result->warnings & SPECTRA_PROFILE_AXIS_UNDETERMINED))
        return fail(error, SPECTRA_E_FORMAT,
                    "the mass axis may be off by more than half a unit; --axis none takes it as it is");
    if (!shown && !cli_axis_is_sure(result))
        return fail(error, SPECTRA_E_FORMAT, "the mass axis is known no better than half a unit");
    if (spectra_spectrum_from_profile(profiler->spectrum, result) < 0)
        return fail(error, SPECTRA_E_MEMORY, "not enough memory");
    return SPECTRA_OK;
}

spectra_status cli_find_peaks(const spectra_spectrum **out, cli_profiler *profiler, const spectra_spectrum *record,
                              const cli_arguments *arguments, spectra_error *error) {
    spectra_profile_options options = arguments->profile_options;
    options.size = sizeof options;
    options.ionisation = cli_ionisation_of(record, arguments);
    const spectra_profile profile = {.size = sizeof profile,
                                     .count = (uint32_t)spectra_spectrum_peak_count(record),
                                     .mz = spectra_spectrum_mz(record),
                                     .intensity = spectra_spectrum_intensity(record)};
    const spectra_profile_result *result;
    spectra_scratch scratch;
    size_t needed = spectra_profile_required(&profile, &options);
    if (needed == SIZE_MAX) return fail(error, SPECTRA_E_FORMAT, "too few samples or too long an axis for a profile");
    if (!copy_record(profiler, record) || !provide_bytes(profiler, needed))
        return fail(error, SPECTRA_E_MEMORY, "not enough memory");
    spectra_fft_prepare(spectra_profile_fft_size(&profile, &options));
    spectra_scratch_init(&scratch, profiler->bytes, profiler->size);
    spectra_status status = spectra_profile_find_peaks(&result, &profile, &options, &scratch, error);
    if (status == SPECTRA_OK) status = use_result(profiler, result, arguments, error);
    profiler->index++;
    profiler->result = status == SPECTRA_OK ? result : NULL;
    *out = profiler->spectrum;
    return status;
}

void cli_profiler_free(cli_profiler *profiler) {
    spectra_spectrum_free(profiler->spectrum);
    free(profiler->bytes);
}
