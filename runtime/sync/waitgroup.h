/*
 * waitgroup.h - waits until a number of goroutines have finished.
 *
 * All zero is an empty group. Add before `go`, not in the new goroutine: else the one who
 * waits may come first. Only goroutines.
 *
 * Go: sync.WaitGroup in sync/waitgroup.go.
 */
#ifndef GORT_WAITGROUP_H
#define GORT_WAITGROUP_H

#include <stdatomic.h>
#include <stdint.h>

struct waitgroup {
    _Atomic uint64_t state;     /* the counter, times 2^32, and how many wait */
    _Atomic uint32_t sema;
};

/* Adds n, which may be negative, to the counter; at 0, whoever waits goes on. Panics
   `sync: negative WaitGroup counter`, and, when it is seen, `sync: WaitGroup misuse: Add
   called concurrently with Wait`. */
void waitgroup_add(struct waitgroup *wg, int32_t n);

/* Takes one off. */
void waitgroup_done(struct waitgroup *wg);

/* Waits until the counter is 0. Panics, when it is seen, `sync: WaitGroup is reused before
   previous Wait has returned`. */
void waitgroup_wait(struct waitgroup *wg);

#endif
