/* SPDX-License-Identifier: Apache-2.0 */
/* One huge record takes at most eight times its text and a MiB, in whatever order and dress its peaks come. */
#include "unit/counted_memory.h"
#include "unit/io/streams.h"

#define MIB ((size_t)1 << 20)

static size_t peak_of_reading(const char *text, size_t size, size_t peaks) {
    counted_memory m = {0};
    spectra_allocator allocator = counted_allocator(&m);
    bytes_in in = {text, size, 0, 0};
    spectra_reader *reader;
    assert_int_equal(spectra_reader_open_stream(&reader, read_bytes, &in, NULL, &allocator, NULL), SPECTRA_OK);
    assert_int_equal(spectra_spectrum_peak_count(next_good(reader)), peaks);
    assert_end(reader);
    spectra_reader_free(reader);
    assert_int_equal(m.held, 0);
    return m.peak;
}

static void a_huge_record_takes_eight_times_its_text_and_a_mib(void **state) {
    (void)state;
    /* What stands around and in a record of the shortest peaks; %c is a digit of the m/z. */
    static const struct {
        const char *begin, *peak, *end;
        bool falls;
    } styles[] = {
        {"Name: a\nNum Peaks: %zu\n", "%c 1\n", "\n", false},
        {"Name: a\nNum Peaks: %zu\n", "%c 1\n", "\n", true},
        {"Name: a\nNum Peaks: %zu\n", "%c 1 ", "\n\n", false},
        {"Name: a\nNum Peaks: %zu\n", "%c 1 a\n", "\n", true},
        {"BEGIN IONS\nTITLE=%zu peaks\n", "%c 1\n", "END IONS\n", true},
    };
    enum { LEAST = 200000, MOST = 400000 }; /* once through the growth of every array */
    char *text = malloc(MOST * 8);
    assert_non_null(text);
    for (size_t i = 0; i < COUNT_OF(styles); i++) {
        for (size_t count = LEAST; count < MOST; count = count * 11 / 10) {
            size_t size = (size_t)sprintf(text, styles[i].begin, count), step = strlen(styles[i].peak) - 1;
            char first[8];
            for (size_t k = 0; k < count; k++) {
                sprintf(first, styles[i].peak, styles[i].falls ? '9' - (char)(k % 9) : '1');
                memcpy(text + size, first, step);
                size += step;
            }
            size += (size_t)sprintf(text + size, "%s", styles[i].end);
            size_t peak = peak_of_reading(text, size, count);
            if (peak > 8 * size + MIB) print_message("%zu: %zu peaks: %zu of %zu bytes\n", i, count, peak, size);
            assert_true(peak <= 8 * size + MIB);
        }
    }
    free(text);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_huge_record_takes_eight_times_its_text_and_a_mib),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
