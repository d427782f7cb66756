/* SPDX-License-Identifier: Apache-2.0 */
/* Provisional thresholds. */
#include "identify/thresholds.h"

const identify_thresholds identify_thresholds_by_track[3] = {
    {536870912u, 751619277u, 858993459u, 84825604u, 6u},
    {322122547u, 644245094u, 858993459u, 53687091u, 2u},
    {322122547u, 644245094u, 858993459u, 53687091u, 2u},
};
