/*
 * start.h - the scheduler's beginning and end, and what programs ask of it.
 *
 * gort.h includes this. Go: rt0_go, schedinit, main in runtime/proc.go; runtime/debug.go.
 */
#ifndef GORT_START_H
#define GORT_START_H

#include <stdbool.h>
#include <stdint.h>

/* Starts the scheduler on this thread and runs fn(arg) as goroutine 1. When fn returns, the
   program is over: the other goroutines stop where they are, and gort_main returns 0. When
   they do not let it stop them within a tenth of a second, or the main goroutine has called
   gort_exit and the others have ended, the process ends by itself. Once in a process, from
   a thread that is no goroutine. GOMAXPROCS, GODEBUG and GORT_SCHED_SEED are read here. */
int gort_main(void (*fn)(void *), void *arg);

/* Starts a goroutine that runs fn(arg). Only a goroutine. Throws when there is no memory. */
void go(void (*fn)(void *), void *arg);

/* Lets the other goroutines run first (Gosched). Only a goroutine. */
void gort_yield(void);

/* Ends the current goroutine, after what it has deferred (Goexit). Only a goroutine. */
_Noreturn void gort_exit(void);

/* The current goroutine waits for at least ns nanoseconds. Only a goroutine. */
void gort_sleep(int64_t ns);

/* Nanoseconds on a clock that never goes back. Anywhere. */
int64_t gort_now(void);

/* From now on at most n goroutines run at the same time; n < 1 changes nothing. Returns what
   it was. At first it is $GOMAXPROCS, else the number of processors. Only a goroutine. */
int gort_gomaxprocs(int n);

/* The processors that this process may use. Anywhere. */
int gort_numcpu(void);

/* Goroutines that have not ended. Anywhere. */
int gort_numgoroutine(void);

/* The current goroutine's number; 0 on a thread that runs none. Anywhere. */
uint64_t gort_goid(void);

/* Until gort_unlock_os_thread was called as often, the current goroutine runs on this thread
   and no other goroutine does. Only a goroutine. */
void gort_lock_os_thread(void);
void gort_unlock_os_thread(void);

/* Around a call that may block in the system: other goroutines run meanwhile. Nothing of the
   runtime may be used between the two. Only a goroutine. */
void gort_block(void);
void gort_unblock(void);

/* Where errno is now. See gort.h. */
int *gort_errno(void);

/* For the rooms of this floor: the main goroutine has returned; g gives up its thread. */
struct g;
_Noreturn void start_end(void);
void start_unlock_thread(struct g *g);

#endif
