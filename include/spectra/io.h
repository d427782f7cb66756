/* SPDX-License-Identifier: Apache-2.0 */
/** @file
   Reading and writing spectra: MSP, MGF, MassBank records, two columns, mzML, mzXML, JCAMP-DX, ANDI/MS, and the
   project's own records. */
#ifndef SPECTRA_IO_H
#define SPECTRA_IO_H

#include "spectra/spectrum.h"

#ifdef __cplusplus
extern "C" {
#endif

/** A format of spectra. */
typedef int32_t spectra_format;
enum {
    SPECTRA_FORMAT_UNKNOWN = 0,
    SPECTRA_FORMAT_MSP = 1, /**< NIST, MassBank, MoNA, RIKEN, SWGDRUG styles */
    SPECTRA_FORMAT_MGF = 2,
    SPECTRA_FORMAT_MASSBANK = 3, /**< MassBank record */
    SPECTRA_FORMAT_TEXT = 4,     /**< two columns: m/z, intensity */
    SPECTRA_FORMAT_RECORD = 5,   /**< the project's own record (docs/RECORDS.md) */
    SPECTRA_FORMAT_JSON = 6,     /**< written, not read */
    SPECTRA_FORMAT_MZML = 7,     /**< read, not written */
    SPECTRA_FORMAT_JCAMP = 8,    /**< JCAMP-DX of mass spectra; read, not written */
    SPECTRA_FORMAT_MZXML = 9,    /**< read, not written */
    SPECTRA_FORMAT_ANDI = 10     /**< ANDI/MS in netCDF classic; read, not written */
};

/**
 * The name of a format, e.g. "MSP".
 * @param format  any value
 * @return text of static storage, never NULL
 * Thread safety: any number of threads.
 */
SPECTRA_API const char *spectra_format_text(spectra_format format);

/** Gives the next bytes of an input: up to `capacity` at `bytes`, their number in `*size`; 0 is the end. */
typedef spectra_status (*spectra_read)(void *context, uint8_t *bytes, size_t capacity, size_t *size);

/** Limits of a reader. Zero in a field means the default. */
typedef struct spectra_reader_options {
    uint32_t size;           /**< sizeof(spectra_reader_options); a later version may be larger by what is zero */
    spectra_format format;   /**< SPECTRA_FORMAT_UNKNOWN: told by the content */
    uint32_t strict;         /**< 1: what would carry "end not verified" is an error */
    uint32_t max_line_size;  /**< bytes; default 4 MiB */
    uint32_t max_peaks;      /**< of one spectrum; default 2,000,000 */
    uint32_t max_metadata;   /**< pairs of one spectrum; default 10,000 */
    uint64_t max_input_size; /**< bytes that come out of a gzip stream; default 8 GiB */
} spectra_reader_options;

/** Reads the spectra of one input, one after the other. It belongs to one thread at a time. */
typedef struct spectra_reader spectra_reader;

/**
 * Opens a file, compressed by gzip or not, which its content tells.
 * @param out        yours: free it with spectra_reader_free. NULL unless SPECTRA_OK
 * @param path       UTF-8
 * @param options    copied; NULL for all defaults
 * @param allocator  NULL for the C library's; must outlive the reader
 * @param error      nullable
 * @return SPECTRA_OK; SPECTRA_E_IO, also where gzip is damaged, cut short or holds more than max_input_size;
 *         SPECTRA_E_FORMAT where the content is no known format;
 *         SPECTRA_E_UNSUPPORTED where it is one that is not read, which the message names; SPECTRA_E_INVALID;
 *         SPECTRA_E_MEMORY
 * Thread safety: any number of threads.
 */
SPECTRA_API spectra_status spectra_reader_open(spectra_reader **out, const char *path,
                                               const spectra_reader_options *options,
                                               const spectra_allocator *allocator, spectra_error *error);

/**
 * As spectra_reader_open, over any stream.
 * @param out        yours: free it with spectra_reader_free. NULL unless SPECTRA_OK
 * @param read       gives the bytes; called by the thread that opens or reads
 * @param context    handed to `read`; must outlive the reader
 * @param options    copied; NULL for all defaults
 * @param allocator  NULL for the C library's; must outlive the reader
 * @param error      nullable
 * @return as spectra_reader_open
 * Thread safety: any number of threads, each with a stream of its own.
 */
SPECTRA_API spectra_status spectra_reader_open_stream(spectra_reader **out, spectra_read read, void *context,
                                                      const spectra_reader_options *options,
                                                      const spectra_allocator *allocator, spectra_error *error);

/**
 * Frees a reader, its spectrum, and closes its file.
 * @param reader  NULL is fine
 * Thread safety: one thread at a time for each reader.
 */
SPECTRA_API void spectra_reader_free(spectra_reader *reader);

/**
 * The format that is being read.
 * @param reader  NULL has none
 * @return SPECTRA_FORMAT_UNKNOWN where there is none
 * Thread safety: one thread at a time for each reader.
 */
SPECTRA_API spectra_format spectra_reader_format(const spectra_reader *reader);

/**
 * Reads the next spectrum. Its metadata are those of the record; the number of peaks that some formats declare is
 * checked and not among them.
 * @param reader  open
 * @param out     borrowed until the next call with this reader. NULL unless SPECTRA_OK
 * @param error   nullable; for a record that cannot be read: line, byte offset and reason
 * @return SPECTRA_OK; SPECTRA_END after the last; SPECTRA_E_FORMAT or SPECTRA_E_LIMIT for a record that is left out:
 *         call again for the next one; SPECTRA_E_IO or SPECTRA_E_MEMORY: the reader is of no further use. gzip proves
 *         what it holds at its end only: spectra that came before an SPECTRA_E_IO are part of a damaged file
 * Thread safety: one thread at a time for each reader.
 */
SPECTRA_API spectra_status spectra_reader_next(spectra_reader *reader, const spectra_spectrum **out,
                                               spectra_error *error);

/**
 * Reads a decimal number at the beginning of a text, as the readers do: [+-]digits[.digits][e[+-]digits], the nearest
 * double, whatever the locale. "nan", "inf" and hexadecimal are no numbers; what follows the number is not looked at.
 * @param value  unchanged where there is none
 * @param text   `size` bytes
 * @param size   of the text
 * @return bytes of the number; 0 where there is none, it has more than 1100, or no double is as large
 * Thread safety: any number of threads.
 */
SPECTRA_API size_t spectra_parse_number(double *value, const char *text, size_t size);

/** Takes bytes somewhere: all of them or an error. */
typedef struct spectra_sink {
    void *context;                                                          /**< handed to `write` */
    spectra_status (*write)(void *context, const char *bytes, size_t size); /**< SPECTRA_OK, else an error */
} spectra_sink;

/** Writes spectra one after the other. It belongs to one thread at a time. */
typedef struct spectra_writer spectra_writer;

/**
 * Starts writing spectra.
 * @param out        yours: free it with spectra_writer_free. NULL unless SPECTRA_OK
 * @param format     SPECTRA_FORMAT_MSP, SPECTRA_FORMAT_MGF, SPECTRA_FORMAT_RECORD or SPECTRA_FORMAT_JSON
 * @param sink       copied; its context must outlive the writer
 * @param allocator  NULL for the C library's; must outlive the writer
 * @return SPECTRA_OK, SPECTRA_E_INVALID, SPECTRA_E_UNSUPPORTED, SPECTRA_E_MEMORY
 * Thread safety: any number of threads.
 */
SPECTRA_API spectra_status spectra_writer_create(spectra_writer **out, spectra_format format, const spectra_sink *sink,
                                                 const spectra_allocator *allocator);
/**
 * Frees a writer; what was not finished stays unfinished.
 * @param writer  NULL is fine
 * Thread safety: one thread at a time for each writer.
 */
SPECTRA_API void spectra_writer_free(spectra_writer *writer);
/**
 * Writes one spectrum. m/z and intensities are written with the fewest digits that read back to the same double.
 * @param writer    not finished
 * @param spectrum  stays as it is
 * @param error     nullable
 * @return SPECTRA_OK; SPECTRA_E_IO; SPECTRA_E_FORMAT where the format cannot carry a value (a line end in MSP);
 *         SPECTRA_E_MEMORY; SPECTRA_E_INVALID
 * Thread safety: one thread at a time for each writer.
 */
SPECTRA_API spectra_status spectra_writer_write(spectra_writer *writer, const spectra_spectrum *spectrum,
                                                spectra_error *error);
/**
 * Writes what closes the file (JSON's bracket).
 * @param writer  nothing is written with it after this
 * @return SPECTRA_OK, SPECTRA_E_IO, SPECTRA_E_MEMORY, SPECTRA_E_INVALID
 * Thread safety: one thread at a time for each writer.
 */
SPECTRA_API spectra_status spectra_writer_finish(spectra_writer *writer);

#ifdef __cplusplus
}
#endif
#endif
