/*
 * soak.c - the mixed load of runtime/t/load.c for a long time.
 *
 *     build/check/soak SECONDS      status 0: everything came out right
 *
 * GOMAXPROCS says on how many Ps; grader/soak.sh sets it to twice the processors.
 */
#include <gort.h>

#include <stdio.h>
#include <stdlib.h>

#include "load.h"

static void run(void *seconds)
{
    for (long left = *(long *)seconds; left > 0; left--) {
        uint64_t work = load_run(1000);

        if (left % 60 == 0)
            printf("%ld s to go, %llu pieces of work\n", left, (unsigned long long)work);
        fflush(stdout);
    }
}

int main(int argc, char **argv)
{
    long seconds = argc > 1 ? atol(argv[1]) : 60;

    return gort_main(run, &seconds);
}
