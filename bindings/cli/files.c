/* SPDX-License-Identifier: Apache-2.0 */
/* Where the program reads from and writes to. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli.h"

bool cli_keep_streams_apart(void) {
    for (int i = STDIN_FILENO; i <= STDERR_FILENO; i++) {
        if (fcntl(i, F_GETFD) != -1) continue;
        if (open("/dev/null", i == STDIN_FILENO ? O_WRONLY : O_RDONLY) != i) return false;
    }
    return true;
}

static spectra_status write_stream(void *context, const char *bytes, size_t size) {
    return fwrite(bytes, 1, size, (FILE *)context) == size ? SPECTRA_OK : SPECTRA_E_IO;
}

const char *cli_number(char text[CLI_NUMBER_SIZE], double value, unsigned decimals) {
    const double most = 1e12;
    uint64_t unit = 1;
    for (unsigned i = 0; i < decimals; i++) unit *= 10;
    double size = value < 0 ? -value : value;
    uint64_t scaled = (uint64_t)((size < most ? size : most) * (double)unit + 0.5);
    int used = snprintf(text, CLI_NUMBER_SIZE, "%s%llu", value < 0 && scaled > 0 ? "-" : "",
                        (unsigned long long)(scaled / unit));
    if (decimals > 0)
        snprintf(text + used, CLI_NUMBER_SIZE - (size_t)used, ".%0*llu", (int)decimals,
                 (unsigned long long)(scaled % unit));
    return text;
}

spectra_sink cli_sink(FILE *stream) {
    return (spectra_sink){stream, write_stream};
}

static spectra_status read_stream(void *context, uint8_t *bytes, size_t capacity, size_t *size) {
    *size = fread(bytes, 1, capacity, (FILE *)context);
    return ferror((FILE *)context) ? SPECTRA_E_IO : SPECTRA_OK;
}

spectra_status cli_open_reader(spectra_reader **out, const char *path, bool strict, spectra_error *error) {
    spectra_reader_options options = {.size = sizeof options, .strict = strict};
    if (strcmp(path, "-") == 0) return spectra_reader_open_stream(out, read_stream, stdin, &options, NULL, error);
    return spectra_reader_open(out, path, &options, NULL, error);
}

FILE *cli_begin_file(char temporary[CLI_PATH_SIZE], const char *path) {
    int descriptor = -1;
    for (int i = 0; i < 100 && descriptor < 0; i++) { /* another one's file of that name is left alone */
        int size = snprintf(temporary, CLI_PATH_SIZE, "%s.tmp-%ld-%d", path, (long)getpid(), i);
        if (size >= CLI_PATH_SIZE) return NULL;
        descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
        if (descriptor < 0 && errno != EEXIST) return NULL;
    }
    FILE *stream = descriptor < 0 ? NULL : fdopen(descriptor, "wb");
    if (!stream && descriptor >= 0) {
        close(descriptor);
        unlink(temporary);
    }
    return stream;
}

bool cli_end_file(FILE *stream, const char *temporary, const char *path, bool keep) {
    bool written = keep && fflush(stream) == 0 && fsync(fileno(stream)) == 0;
    written = fclose(stream) == 0 && written && rename(temporary, path) == 0;
    if (!written) unlink(temporary);
    return written;
}

static bool readable(const char *path) {
    return access(path, R_OK) == 0;
}

const char *cli_data_file(const char *name) {
    static char path[CLI_PATH_SIZE];
    ssize_t size = readlink("/proc/self/exe", path, sizeof path - 64);
    if (size > 0) {
        path[size] = '\0';
        for (int up = 0; up < 2; up++) { /* …/bin/spectra → … */
            char *slash = strrchr(path, '/');
            if (slash) *slash = '\0';
        }
        size_t used = strlen(path);
        snprintf(path + used, sizeof path - used, "/share/spectra/%s", name);
        if (readable(path)) return path;
    }
    snprintf(path, sizeof path, "%s/%s", SPECTRA_DATA_DIR, name);
    return readable(path) ? path : NULL;
}
