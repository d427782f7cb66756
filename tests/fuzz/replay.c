/* SPDX-License-Identifier: Apache-2.0 */
/* Gives files to a fuzz target without libFuzzer, each in memory exactly as long as it is: the committed inputs as a
   test, under any compiler. The arguments are files, or directories whose files are meant. */
#define _POSIX_C_SOURCE 200809L
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "fuzz/fuzz.h"

static void replay_file(const char *path, size_t file_size) {
    uint8_t *bytes = malloc(file_size > 0 ? file_size : 1);
    FILE *file = fopen(path, "rb");
    FUZZ_CHECK(bytes && file);
    FUZZ_CHECK(fread(bytes, 1, file_size, file) == file_size);
    fclose(file);
    /* What ends the process is told with its file. */
    fprintf(stderr, "%s\n", path);
    LLVMFuzzerTestOneInput(bytes, file_size);
    free(bytes);
}

static size_t replay_directory(const char *directory) {
    size_t count = 0;
    struct dirent **entries;
    int entry_count = scandir(directory, &entries, NULL, alphasort);
    FUZZ_CHECK(entry_count >= 0);
    for (int i = 0; i < entry_count; i++) {
        char path[4096];
        struct stat facts;
        FUZZ_CHECK(snprintf(path, sizeof path, "%s/%s", directory, entries[i]->d_name) < (int)sizeof path);
        FUZZ_CHECK(stat(path, &facts) == 0);
        if (S_ISREG(facts.st_mode)) {
            replay_file(path, (size_t)facts.st_size);
            count++;
        }
        free(entries[i]);
    }
    free(entries);
    return count;
}

int main(int argc, char **argv) {
    size_t count = 0;
    for (int i = 1; i < argc; i++) {
        struct stat facts;
        FUZZ_CHECK(stat(argv[i], &facts) == 0);
        if (S_ISDIR(facts.st_mode)) {
            size_t inside = replay_directory(argv[i]);
            FUZZ_CHECK(inside > 0);
            count += inside;
        } else {
            replay_file(argv[i], (size_t)facts.st_size);
            count++;
        }
    }
    printf("%zu inputs\n", count);
    return count > 0 ? 0 : 1;
}
