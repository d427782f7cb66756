/* SPDX-License-Identifier: Apache-2.0 */
/* What is done to signals in the sweep of failing memory: none of it allocates. */
#ifndef TESTS_FAULT_SIGNALS_H
#define TESTS_FAULT_SIGNALS_H

/* Every public call of the kind once, with success. */
void use_signals(void);

#endif
