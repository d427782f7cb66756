/* SPDX-License-Identifier: Apache-2.0 */
/** @file
   An alarm: what a verdict means for a list of targets, in three states. */
#ifndef SPECTRA_ALARM_H
#define SPECTRA_ALARM_H

#include "spectra/identify.h"

#ifdef __cplusplus
extern "C" {
#endif

/** What a verdict means for a list of targets. */
typedef int32_t spectra_alarm_state;
enum {
    SPECTRA_ALARM_CLEAR = 0, /**< the verdict names neither a target nor a target's class. No proof of absence */
    SPECTRA_ALARM_CLASS = 1, /**< of a class that is a target, none of the targets themselves */
    SPECTRA_ALARM_TARGET = 2 /**< consistent with a target: among what is supported or not distinguished, or an isomer
                                  of it that nobody measured */
};

/** What is looked for. Text is the caller's and only read. */
typedef struct spectra_targets {
    uint32_t size;                /**< sizeof(spectra_targets) */
    uint32_t inchikey_count;      /**< of `inchikeys` */
    const char *const *inchikeys; /**< of compounds: the first block counts, stereoisomers and labels are no matter */
    const char *const *classes;   /**< families as verdicts name them ("fentanyl-related"), or classes of substances */
    uint32_t class_count;         /**< of `classes` */
    uint32_t reserved;            /**< 0 */
} spectra_targets;

/** An alarm, and what it rests on. */
typedef struct spectra_alarm {
    spectra_alarm_state state;    /**< the worst that the verdict allows */
    uint32_t target_count;        /**< members of the set, and isomers of it that nobody measured, that are targets */
    uint32_t set_count;           /**< of how many members the set is, such isomers included */
    uint32_t reserved;            /**< 0 */
    spectra_substance_ref target; /**< the best of the targets; where there is one */
    const char *class_name;       /**< of a class alarm; borrowed from the databases; else NULL */
} spectra_alarm;

/**
 * Looks a verdict up in a list of targets. Nothing else is decided here: what is inconclusive or no match, and of no
 * class listed, is clear. A compound alone does not make its family a target: list that among the classes.
 * @param out             to be filled
 * @param identification  as spectra_identify made it, its scratch not reset since
 * @param databases       `database_count` of them, as they were given to spectra_identify
 * @param database_count  at least 1
 * @param targets         at least one InChIKey or class
 * @return SPECTRA_OK; SPECTRA_E_INVALID, also for what is no InChIKey; SPECTRA_E_CORRUPT
 * Thread safety: any number of threads.
 */
SPECTRA_API spectra_status spectra_alarm_judge(spectra_alarm *out, const spectra_identification *identification,
                                               const spectra_database *const *databases, uint32_t database_count,
                                               const spectra_targets *targets);

/**
 * A state as the program spells it: "clear", "class alarm", "alarm".
 * @param state  any value
 * @return text of static storage, never NULL
 * Thread safety: any number of threads.
 */
SPECTRA_API const char *spectra_alarm_text(spectra_alarm_state state);

#ifdef __cplusplus
}
#endif
#endif
