/*
 * explore.h - runs in which every choice of the scheduler is drawn from a seed.
 *
 * With GORT_SCHED_SEED=n a program runs on one P, which goroutine is next is drawn, whether
 * a goroutine goes on at a sched_point is drawn, and time stands still until everybody
 * waits. The same seed gives the same run.
 *
 * Go: none. The race detector's randomizeScheduler draws much less.
 */
#ifndef GORT_EXPLORE_H
#define GORT_EXPLORE_H

#include <stdbool.h>
#include <stdint.h>

#include "gmp.h"

/* From now on choices are drawn. Before the first goroutine. */
void explore_start(uint64_t seed);

/* g is runnable. The one M. */
void explore_put(struct g *g);

/* The one that is drawn. When nobody is runnable, moves the clock to the next timer; when
   there is none, waits for the network; when nobody waits for that, it is a deadlock. NULL
   when the program has ended. m only. */
struct g *explore_pick(struct m *m);

/* True when the current goroutine is to yield here. */
bool explore_yields(void);

/* Draws a number below n, n > 0. While choices are drawn. */
uint32_t explore_draw(uint32_t n);

/* How many goroutines are runnable. */
uint32_t explore_runnable(void);

/* How many choices were drawn: two runs with the same seed have the same count, and digest. */
struct explore_trace {
    uint64_t choices, digest;
};
void explore_trace(struct explore_trace *out);

/* Runs fn(arg) as the main goroutine with each seed from `first` on, n of them, each in a
   child process. Returns the first seed that fails, with *status the child's exit status,
   or 128 and its signal; -1 when none does. A child that does not end within `seconds` has
   failed. */
int64_t explore_seeds(uint64_t first, uint64_t n, void (*fn)(void *), void *arg,
                      unsigned seconds, int *status);

#endif
