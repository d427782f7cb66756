/* SPDX-License-Identifier: Apache-2.0 */
/* In place of interposed.c where malloc cannot be interposed: a sanitizer owns it. */
#include "fault/memory_faults.h"

const bool fault_process_is_interposed = false;
