/*
 * sched.h - the scheduler: goroutines start, stop, wait and go on.
 *
 * Programs see go, gort_yield, gort_sleep and so on in gort.h. This is for the rooms that
 * make goroutines wait: channels, locks, the network, the collector.
 *
 * Go: newproc, gopark, goready, schedule, goexit in runtime/proc.go.
 */
#ifndef GORT_SCHED_H
#define GORT_SCHED_H

#include <stdbool.h>
#include <stdint.h>

#include "gmp.h"

/* The current goroutine stops until somebody calls sched_ready on it. `unlock` is called
   with it and `arg` after its registers are saved, on another stack of the same thread: it
   publishes the goroutine, by giving up the lock of the queue that it is in. When it returns
   false, nothing was published and the goroutine goes on at once. NULL: it is published
   already, and whoever wakes it cannot come before it sleeps. `why` is for the traceback.
   Only a goroutine. */
void sched_park(bool (*unlock)(struct g *g, void *arg), void *arg, enum wait_reason why);

/* For sched_park: gives up the lock `arg`, a struct lock *. */
bool sched_unlock(struct g *g, void *arg);

/* g, which is parked, runs again: as the next one on this P; or, when the caller's thread
   holds no P, from the global queue. Call it after giving up the lock of the queue that g
   was in. Anywhere. */
void sched_ready(struct g *g);

/* Every goroutine of a list is ready: they go to the global queue. Anywhere. */
void sched_ready_all(struct glist *list);

/* The current goroutine goes to the end of the queue. */
void sched_yield_now(void);

/* A place where another goroutine might run first. Draws lots when every choice is drawn
   (GORT_SCHED_SEED), else does nothing. Channels and locks call it before they act. */
void sched_point(void);

/* True when the caller is a goroutine. Anywhere. */
bool sched_is_goroutine(void);

/* The calling thread is about to block in the system, with the current goroutine: its P may
   be given to another thread meanwhile. Between the two calls the goroutine must not use the
   runtime. sched_unblock comes back with a P, perhaps later. Only a goroutine. */
void sched_block(void);
void sched_unblock(void);

/* Runs the program until nothing is runnable and every other P is idle, then returns. For
   tests: everyone who can wait is waiting. Only a goroutine. */
void sched_settle(void);

/* For start.c: a new goroutine, from one that m runs; the end of the current one, with what it
   has deferred; the stacks, once; a thread's life as m, until the program ends. */
void sched_go(struct m *m, void (*fn)(void *), void *arg);
_Noreturn void sched_exit(void);
void sched_init(void);
void sched_run_m(struct m *m);

/* For block.c: g, runnable, goes to the global queue; the current goroutine stops on a thread
   that has no P, and `after` publishes it. */
void sched_republish(struct g *g);
void sched_leave_without_p(bool (*after)(struct g *g, void *arg));

#endif
