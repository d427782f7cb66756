/* SPDX-License-Identifier: Apache-2.0 */
/* The database as an array of the program. */
#include "device.h"

__asm__(".section .rodata.database, \"a\"\n"
        ".balign 64\n"
        ".global device_database\n"
        "device_database: .incbin \"" DATABASE "\"\n"
        "database_end:\n"
        ".balign 4\n"
        ".global device_database_size\n"
        "device_database_size: .4byte database_end - device_database\n"
        ".text\n");
