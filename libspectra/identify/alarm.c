/* SPDX-License-Identifier: Apache-2.0 */
/* A verdict against a list of targets. Decides nothing that the verdict does not say. */
#include "spectra/alarm.h"

#include <string.h>

#include "chem/chem.h"

const char *spectra_alarm_text(spectra_alarm_state state) {
    switch (state) {
    case SPECTRA_ALARM_CLEAR:
        return "clear";
    case SPECTRA_ALARM_CLASS:
        return "class alarm";
    case SPECTRA_ALARM_TARGET:
        return "alarm";
    default:
        return "unknown";
    }
}

static bool targets_valid(const spectra_targets *targets) {
    char block[15];
    if (!targets || targets->size != sizeof *targets || targets->reserved != 0) return false;
    if ((targets->inchikey_count > 0 && !targets->inchikeys) || (targets->class_count > 0 && !targets->classes))
        return false;
    for (uint32_t i = 0; i < targets->inchikey_count; i++)
        if (!targets->inchikeys[i] || !chem_inchikey_block(block, targets->inchikeys[i])) return false;
    for (uint32_t i = 0; i < targets->class_count; i++)
        if (!targets->classes[i]) return false;
    return targets->inchikey_count > 0 || targets->class_count > 0;
}

static bool is_target(const spectra_targets *targets, const char *inchikey) {
    char block[15], target[15];
    if (!chem_inchikey_block(block, inchikey)) return false;
    for (uint32_t i = 0; i < targets->inchikey_count; i++)
        if (chem_inchikey_block(target, targets->inchikeys[i]) && strcmp(block, target) == 0) return true;
    return false;
}

static bool is_target_class(const spectra_targets *targets, const char *name) {
    for (uint32_t i = 0; name && i < targets->class_count; i++)
        if (strcmp(targets->classes[i], name) == 0) return true;
    return false;
}

/* One of what the verdict is consistent with. */
static spectra_status look_up(spectra_alarm *alarm, const spectra_database *const *databases, uint32_t database_count,
                              const spectra_targets *targets, spectra_substance_ref ref) {
    spectra_substance substance;
    if (ref.database >= database_count) return SPECTRA_E_INVALID;
    spectra_status status = spectra_database_substance(databases[ref.database], ref.substance, &substance);
    if (status < 0) return status == SPECTRA_E_NOT_FOUND ? SPECTRA_E_CORRUPT : status;
    alarm->set_count++;
    if (!alarm->class_name && is_target_class(targets, substance.substance_class))
        alarm->class_name = substance.substance_class;
    if (!is_target(targets, substance.inchikey)) return SPECTRA_OK;
    if (alarm->target_count++ == 0) alarm->target = ref;
    return SPECTRA_OK;
}

spectra_status spectra_alarm_judge(spectra_alarm *out, const spectra_identification *identification,
                                   const spectra_database *const *databases, uint32_t database_count,
                                   const spectra_targets *targets) {
    if (!out || !identification || !databases || !targets_valid(targets)) return SPECTRA_E_INVALID;
    *out = (spectra_alarm){0};
    spectra_status status = SPECTRA_OK;
    if (is_target_class(targets, identification->class_name)) out->class_name = identification->class_name;
    for (uint32_t i = 0; status == SPECTRA_OK && i < identification->set_count; i++) {
        const spectra_hit *hit = &identification->candidates[i];
        status =
            look_up(out, databases, database_count, targets, (spectra_substance_ref){hit->database, hit->substance});
    }
    for (uint32_t i = 0; status == SPECTRA_OK && i < identification->unrepresented_count; i++)
        status = look_up(out, databases, database_count, targets, identification->unrepresented[i]);
    if (out->class_name) out->state = SPECTRA_ALARM_CLASS;
    if (out->target_count > 0) out->state = SPECTRA_ALARM_TARGET;
    if (out->state != SPECTRA_ALARM_CLASS) out->class_name = NULL;
    return status;
}
