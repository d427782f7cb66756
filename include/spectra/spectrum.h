/* SPDX-License-Identifier: Apache-2.0 */
/** @file
   A raw spectrum: centroid peaks as measured and every piece of metadata as it was written. It cannot be scored:
   preparing makes another type of it (spectra/prepare.h). */
#ifndef SPECTRA_SPECTRUM_H
#define SPECTRA_SPECTRUM_H

#include "spectra/profile.h"
#include "spectra/transient.h"

#ifdef __cplusplus
extern "C" {
#endif

/** A raw spectrum. Text and arrays borrowed from it stay until it changes or goes. */
typedef struct spectra_spectrum spectra_spectrum;

/** The kind of measurement, which decides what a spectrum can be compared with. */
typedef int32_t spectra_track;
enum {
    SPECTRA_TRACK_UNKNOWN = 0,
    SPECTRA_TRACK_EI = 1,      /**< electron ionisation, nominal mass */
    SPECTRA_TRACK_MSMS = 2,    /**< fragments of a selected precursor, accurate mass */
    SPECTRA_TRACK_INSOURCE = 3 /**< fragments made in the source (DART and the like), accurate mass */
};

/** Of the ions. */
typedef int32_t spectra_polarity;
enum { SPECTRA_POLARITY_UNKNOWN = 0, SPECTRA_POLARITY_POSITIVE = 1, SPECTRA_POLARITY_NEGATIVE = 2 };

/** Fields that the formats spell in many ways. A spectrum answers them by one name. */
typedef int32_t spectra_field;
enum {
    SPECTRA_FIELD_NAME,
    SPECTRA_FIELD_ACCESSION, /**< the record's own identifier: DB#, ACCESSION, SPECTRUMID … */
    SPECTRA_FIELD_INCHIKEY,
    SPECTRA_FIELD_INCHI,
    SPECTRA_FIELD_SMILES,
    SPECTRA_FIELD_FORMULA,
    SPECTRA_FIELD_CAS,
    SPECTRA_FIELD_EXACT_MASS,
    SPECTRA_FIELD_PRECURSOR_MZ,
    SPECTRA_FIELD_ADDUCT,
    SPECTRA_FIELD_CHARGE,
    SPECTRA_FIELD_POLARITY,
    SPECTRA_FIELD_SPECTRUM_TYPE,
    SPECTRA_FIELD_IONISATION,
    SPECTRA_FIELD_INSTRUMENT_TYPE,
    SPECTRA_FIELD_INSTRUMENT,
    SPECTRA_FIELD_COLLISION_ENERGY,
    SPECTRA_FIELD_RETENTION_TIME,
    SPECTRA_FIELD_RETENTION_INDEX,
    SPECTRA_FIELD_LICENCE,
    SPECTRA_FIELD_AUTHOR, /**< or contributor */
    SPECTRA_FIELD_SOURCE,
    SPECTRA_FIELD_CLASS, /**< compound class as the record states it */
    SPECTRA_FIELD_SITES, /**< ModType: modified sites of a fentanyl analogue */
    SPECTRA_FIELD_SPLASH,
    SPECTRA_FIELD_COMMENT,
    SPECTRA_FIELD_TRACK,   /**< kind of measurement in the project's own records: ei, msms, insource */
    SPECTRA_FIELD_SYNONYM, /**< the first; spectra_spectrum_synonym gives all */
    SPECTRA_FIELD_COLUMN,  /**< chromatographic column, or the kind of column of a retention index */
    SPECTRA_FIELD_COUNT
};

/**
 * Makes an empty spectrum.
 * @param out        yours: free it with spectra_spectrum_free. NULL unless SPECTRA_OK
 * @param allocator  NULL for the C library's; must outlive the spectrum
 * @return SPECTRA_OK, SPECTRA_E_MEMORY, SPECTRA_E_INVALID
 * Thread safety: any number of threads.
 */
SPECTRA_API spectra_status spectra_spectrum_create(spectra_spectrum **out, const spectra_allocator *allocator);

/**
 * What a spectrum takes of a scratch's allocator (spectra_scratch_allocator) when it is made and its peaks are set, as
 * often as one likes, in any order or from a profile or transient. Metadata take more: a device gives the kind of its
 * spectra as options of the search.
 * @param peak_count  at most so many peaks at a time
 * @return in bytes
 * Thread safety: any number of threads.
 */
SPECTRA_API size_t spectra_spectrum_required(size_t peak_count);

/**
 * Copies a spectrum with its peaks, metadata, fields, annotations and warnings: to keep one that a reader lends.
 * @param out        yours: free it with spectra_spectrum_free. NULL unless SPECTRA_OK
 * @param of         stays as it is
 * @param allocator  NULL for the C library's; it outlives the copy
 * @return SPECTRA_OK, SPECTRA_E_INVALID, SPECTRA_E_MEMORY
 * Thread safety: any number of threads, each with an `out` of its own.
 */
SPECTRA_API spectra_status spectra_spectrum_copy(spectra_spectrum **out, const spectra_spectrum *of,
                                                 const spectra_allocator *allocator);

/**
 * Frees a spectrum, and with it what was borrowed from it.
 * @param spectrum  NULL is fine
 * Thread safety: one thread at a time for each spectrum.
 */
SPECTRA_API void spectra_spectrum_free(spectra_spectrum *spectrum);

/**
 * Replaces the peaks by a copy.
 * @param spectrum   to be changed
 * @param mz         `count` m/z in Th, finite and positive, in any order: they are sorted (stably), with a warning
 * @param intensity  `count` of them in any unit, finite and not negative
 * @param count      of peaks; 0 takes all away
 * @param error      nullable
 * @return SPECTRA_OK; SPECTRA_E_FORMAT for a value that is refused (error->offset is its index); SPECTRA_E_LIMIT for
 *         more than 2³¹ − 1 peaks; SPECTRA_E_INVALID; SPECTRA_E_MEMORY. Unless SPECTRA_OK the spectrum is unchanged.
 * Thread safety: one thread at a time for each spectrum.
 */
SPECTRA_API spectra_status spectra_spectrum_set_peaks(spectra_spectrum *spectrum, const double *mz,
                                                      const double *intensity, size_t count, spectra_error *error);

/**
 * Replaces the peaks by those of a profile, whose warnings become one of the spectrum. Metadata stay.
 * @param spectrum  to be changed
 * @param result    of spectra_profile_find_peaks; copied
 * @return SPECTRA_OK, SPECTRA_E_INVALID, SPECTRA_E_MEMORY. Unless SPECTRA_OK the spectrum is unchanged.
 * Thread safety: one thread at a time for each spectrum.
 */
SPECTRA_API spectra_status spectra_spectrum_from_profile(spectra_spectrum *spectrum,
                                                         const spectra_profile_result *result);

/**
 * Replaces the peaks by those of a transient, whose warnings become one of the spectrum. Metadata stay.
 * @param spectrum  to be changed
 * @param result    of spectra_transient_find_peaks; copied
 * @return SPECTRA_OK, SPECTRA_E_INVALID, SPECTRA_E_MEMORY. Unless SPECTRA_OK the spectrum is unchanged.
 * Thread safety: one thread at a time for each spectrum.
 */
SPECTRA_API spectra_status spectra_spectrum_from_transient(spectra_spectrum *spectrum,
                                                           const spectra_transient_result *result);

/**
 * Appends one piece of metadata, kept word for word but for blanks around it. Keys may repeat. Keys are matched to
 * fields by their letters and digits alone, case ignored: "Name", "Precursor_type" and "PRECURSORTYPE" all work.
 * @param spectrum  to be changed
 * @param key       UTF-8, not empty; other text is taken as Windows-1252 and converted, with a warning
 * @param value     likewise, may be empty
 * @return SPECTRA_OK, SPECTRA_E_INVALID, SPECTRA_E_MEMORY
 * Thread safety: one thread at a time for each spectrum.
 */
SPECTRA_API spectra_status spectra_spectrum_add_metadata(spectra_spectrum *spectrum, const char *key,
                                                         const char *value);

/**
 * Number of peaks.
 * @param spectrum  any; NULL is an empty one
 * @return a count
 * Thread safety: any number of threads, while none changes the spectrum.
 */
SPECTRA_API size_t spectra_spectrum_peak_count(const spectra_spectrum *spectrum);
/**
 * m/z of the peaks.
 * @param spectrum  any; NULL is an empty one
 * @return in Th, ascending, spectra_spectrum_peak_count of them; borrowed until the spectrum changes
 * Thread safety: any number of threads, while none changes the spectrum.
 */
SPECTRA_API const double *spectra_spectrum_mz(const spectra_spectrum *spectrum);
/**
 * Intensities of the peaks, as measured.
 * @param spectrum  any; NULL is an empty one
 * @return in the order of the m/z, spectra_spectrum_peak_count of them; borrowed until the spectrum changes
 * Thread safety: any number of threads, while none changes the spectrum.
 */
SPECTRA_API const double *spectra_spectrum_intensity(const spectra_spectrum *spectrum);
/**
 * What the record writes beside a peak.
 * @param spectrum  any; NULL is an empty one
 * @param index     of the peak, from 0 in the order of the m/z
 * @return UTF-8, borrowed until the spectrum changes; NULL where there is nothing
 * Thread safety: any number of threads, while none changes the spectrum.
 */
SPECTRA_API const char *spectra_spectrum_annotation(const spectra_spectrum *spectrum, size_t index);

/**
 * Number of metadata pairs.
 * @param spectrum  any; NULL is an empty one
 * @return a count
 * Thread safety: any number of threads, while none changes the spectrum.
 */
SPECTRA_API size_t spectra_spectrum_metadata_count(const spectra_spectrum *spectrum);
/**
 * One metadata pair as it was written.
 * @param spectrum  not NULL
 * @param index     from 0, in the order of the record
 * @param key       UTF-8, borrowed until the spectrum changes
 * @param value     likewise
 * @return SPECTRA_OK; SPECTRA_E_NOT_FOUND beyond the last; SPECTRA_E_INVALID
 * Thread safety: any number of threads, while none changes the spectrum.
 */
SPECTRA_API spectra_status spectra_spectrum_metadata(const spectra_spectrum *spectrum, size_t index, const char **key,
                                                     const char **value);
/**
 * A field by its one name: the first value that the record gives it and that is not empty or "N/A".
 * A precursor m/z that is no positive number and a charge of 0 are no values either.
 * @param spectrum  any; NULL is an empty one
 * @param field     which
 * @return UTF-8, borrowed until the spectrum changes; NULL if there is none
 * Thread safety: any number of threads, while none changes the spectrum.
 */
SPECTRA_API const char *spectra_spectrum_field(const spectra_spectrum *spectrum, spectra_field field);

/**
 * Precursor m/z: as stated, else from formula and adduct.
 * @param spectrum  not NULL
 * @param mz        in Th
 * @return SPECTRA_OK, SPECTRA_E_NOT_FOUND, SPECTRA_E_INVALID
 * Thread safety: any number of threads, while none changes the spectrum.
 */
SPECTRA_API spectra_status spectra_spectrum_precursor_mz(const spectra_spectrum *spectrum, double *mz);
/**
 * The kind of measurement.
 * @param spectrum  any; NULL is an empty one
 * @return as the record tells it, else SPECTRA_TRACK_UNKNOWN
 * Thread safety: any number of threads, while none changes the spectrum.
 */
SPECTRA_API spectra_track spectra_spectrum_track(const spectra_spectrum *spectrum);
/**
 * The polarity of the ions.
 * @param spectrum  any; NULL is an empty one
 * @return as the record tells it (field, adduct or charge; EI is positive), else SPECTRA_POLARITY_UNKNOWN
 * Thread safety: any number of threads, while none changes the spectrum.
 */
SPECTRA_API spectra_polarity spectra_spectrum_polarity(const spectra_spectrum *spectrum);

/**
 * The stage of mass spectrometry.
 * @param spectrum  any; NULL is an empty one
 * @return 1, 2, …; 2 also where the record only says MSn; 0 where it does not tell
 * Thread safety: any number of threads, while none changes the spectrum.
 */
SPECTRA_API uint32_t spectra_spectrum_ms_level(const spectra_spectrum *spectrum);
/**
 * The charge of the precursor: as stated, else that of the adduct.
 * @param spectrum  any; NULL is an empty one
 * @return with its sign; 0 where it is not told, several are ("2+ and 3+"), or a number has no sign and the polarity is
 *         unknown
 * Thread safety: any number of threads, while none changes the spectrum.
 */
SPECTRA_API int32_t spectra_spectrum_charge(const spectra_spectrum *spectrum);

/**
 * Another name of the compound.
 * @param spectrum  any; NULL is an empty one
 * @param index     from 0, in the order of the record
 * @return UTF-8, borrowed until the spectrum changes; NULL beyond the last
 * Thread safety: any number of threads, while none changes the spectrum.
 */
SPECTRA_API const char *spectra_spectrum_synonym(const spectra_spectrum *spectrum, size_t index);

/** What a collision energy is counted in. */
typedef int32_t spectra_energy_unit;
enum {
    SPECTRA_ENERGY_UNKNOWN = 0,    /**< a bare number: makers mean eV, volts or per cent by it */
    SPECTRA_ENERGY_EV = 1,         /**< of the laboratory frame, eV */
    SPECTRA_ENERGY_NORMALISED = 2, /**< per cent of the maker's scale: "35 %", "45 (nominal)", "35 NCE", "35HCD" */
    SPECTRA_ENERGY_VOLT = 3        /**< voltage, V: times the charge it would be eV */
};

/** How many values a collision energy has, and what they mean together. */
typedef int32_t spectra_energy_shape;
enum {
    SPECTRA_ENERGY_SINGLE = 1, /**< one value */
    SPECTRA_ENERGY_RANGE = 2,  /**< value[0] to value[1]: a ramp, or where the energy lies */
    SPECTRA_ENERGY_SEVERAL = 3 /**< all of them in one spectrum, or one of them: records do not tell which */
};

#define SPECTRA_ENERGY_MAX_VALUES 16 /**< of one spectrum */

/** A collision energy as numbers. */
typedef struct spectra_collision_energy {
    spectra_energy_unit unit;                /**< of all values */
    spectra_energy_shape shape;              /**< what they mean together */
    uint32_t count;                          /**< of values */
    uint32_t reserved;                       /**< 0 */
    double value[SPECTRA_ENERGY_MAX_VALUES]; /**< in `unit`, as stated */
} spectra_collision_energy;

/**
 * The collision energy as numbers. What depends on m/z ("scaled 35 (m/z=…)"), states two units, or may hold a decimal
 * comma is not read: the field has the text.
 * @param spectrum  not NULL
 * @param energy    to be filled
 * @return SPECTRA_OK; SPECTRA_E_NOT_FOUND where there is none or it is not read; SPECTRA_E_INVALID
 * Thread safety: any number of threads, while none changes the spectrum.
 */
SPECTRA_API spectra_status spectra_spectrum_collision_energy(const spectra_spectrum *spectrum,
                                                             spectra_collision_energy *energy);

/**
 * Retention time in seconds, where its unit is stated ("10.3 min", "617 sec", the key RTINSECONDS). A bare number may
 * be minutes or seconds and is not read; the field has the text.
 * @param spectrum  not NULL
 * @param seconds   to be filled
 * @return SPECTRA_OK, SPECTRA_E_NOT_FOUND, SPECTRA_E_INVALID
 * Thread safety: any number of threads, while none changes the spectrum.
 */
SPECTRA_API spectra_status spectra_spectrum_retention_time(const spectra_spectrum *spectrum, double *seconds);

/** Kind of gas-chromatographic column, which a retention index belongs to. */
typedef int32_t spectra_column;
enum {
    SPECTRA_COLUMN_UNKNOWN = 0,                 /**< not told */
    SPECTRA_COLUMN_SEMI_STANDARD_NON_POLAR = 1, /**< 5 % phenyl and the like */
    SPECTRA_COLUMN_STANDARD_NON_POLAR = 2,      /**< polydimethylsiloxane */
    SPECTRA_COLUMN_STANDARD_POLAR = 3           /**< polyethylene glycol */
};

/**
 * Retention index, and the kind of column where the record tells it; of several indices the first. A decimal comma is
 * not read.
 * @param spectrum  not NULL
 * @param index     to be filled, without unit
 * @param column    to be filled
 * @return SPECTRA_OK, SPECTRA_E_NOT_FOUND, SPECTRA_E_INVALID
 * Thread safety: any number of threads, while none changes the spectrum.
 */
SPECTRA_API spectra_status spectra_spectrum_retention_index(const spectra_spectrum *spectrum, double *index,
                                                            spectra_column *column);

/**
 * How many oddities are no reason to refuse the spectrum, e.g. "end not verified".
 * @param spectrum  any; NULL is an empty one
 * @return a count
 * Thread safety: any number of threads, while none changes the spectrum.
 */
SPECTRA_API size_t spectra_spectrum_warning_count(const spectra_spectrum *spectrum);
/**
 * One of them, in words.
 * @param spectrum  any; NULL is an empty one
 * @param index     from 0, below spectra_spectrum_warning_count
 * @return UTF-8, borrowed until the spectrum changes; NULL beyond the last
 * Thread safety: any number of threads, while none changes the spectrum.
 */
SPECTRA_API const char *spectra_spectrum_warning(const spectra_spectrum *spectrum, size_t index);

/**
 * SHA-256 of the peaks: (m/z, intensity) pairs in ascending m/z, each number as a little-endian IEEE 754 double.
 * It names the measurement whatever file it came in.
 * @param spectrum  any; NULL is an empty one
 * @param digest    room for 32 bytes
 * Thread safety: any number of threads, while none changes the spectrum.
 */
SPECTRA_API void spectra_spectrum_digest(const spectra_spectrum *spectrum, uint8_t digest[32]);

#define SPECTRA_SPLASH_SIZE 46 /**< bytes of a SPLASH with its NUL */

/**
 * SPLASH of the peaks, version 10 (Wohlgemuth et al. 2016): a name that does not depend on the scale of the
 * intensities. Where a record states one, the reader compares it and warns if it does not agree.
 * @param spectrum  not NULL
 * @param splash    room for SPECTRA_SPLASH_SIZE characters
 * @return SPECTRA_OK; SPECTRA_E_NOT_FOUND for a spectrum without peaks or intensity, or with m/z above 9e12;
 *         SPECTRA_E_MEMORY (peaks of equal m/z take some, from the spectrum's allocator); SPECTRA_E_INVALID
 * Thread safety: any number of threads, while none changes the spectrum.
 */
SPECTRA_API spectra_status spectra_spectrum_splash(const spectra_spectrum *spectrum, char splash[SPECTRA_SPLASH_SIZE]);

#ifdef __cplusplus
}
#endif
#endif
