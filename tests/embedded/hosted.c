/* SPDX-License-Identifier: Apache-2.0 */
/* The device's program where there is an operating system. */
#include <stdio.h>

#include "device.h"

static void put(const char *text) {
    fputs(text, stdout);
}

int main(void) {
    static uint8_t room[1 << 20];
    const size_t used = device_run(room, sizeof room, put);
    printf("memory: %zu bytes\n", used);
    return used == 0;
}
