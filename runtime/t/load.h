/*
 * load.h - many kinds of goroutines at once, each of which knows what must come out.
 */
#ifndef GORT_T_LOAD_H
#define GORT_T_LOAD_H

#include <stdint.h>

/* Runs the mixed load for so many milliseconds, in the current goroutine and many others,
   and returns when all have ended. Ends the process with status 1, and says why on standard
   error, when a number is wrong. Returns how many pieces of work were done. */
uint64_t load_run(int64_t ms);

#endif
