/* SPDX-License-Identifier: Apache-2.0 */
/* Prints what the process is like, in its first thread and in another: shows that preload.c does what it says. */
#include <float.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

/* The double nearest to 1/3 is below it, that nearest to 1/10 above. */
static const char *rounding(void) {
    volatile double one = 1, third = one / 3, tenth = one / 10, minus_third = -one / 3;
    if (third > 0x1.5555555555555p-2) return "up";
    if (minus_third < -0x1.5555555555555p-2) return "down";
    return tenth < 0x1.999999999999ap-4 ? "zero" : "nearest";
}

static void *tell(void *thread) {
    volatile double least = DBL_MIN, half = least / 2;
    printf("%s: %.1f %s %s %s\n", (const char *)thread, 1.5, strtod("1.5", NULL) > 1 ? "1.5" : "1",
           half > 0 ? "kept" : "flushed", rounding());
    return NULL;
}

int main(void) {
    char first[] = "first", second[] = "second";
    pthread_t thread;
    tell(first);
    if (pthread_create(&thread, NULL, tell, second) != 0) return 1;
    return pthread_join(thread, NULL) != 0;
}
