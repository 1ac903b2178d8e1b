/*
 * timer.h - what is to be done at a certain time.
 *
 * Go: type timer, addtimer, deltimer, runtimer in runtime/time.go.
 */
#ifndef GORT_TIMER_H
#define GORT_TIMER_H

#include <stdbool.h>
#include <stdint.h>

/* The caller's memory until it fires for the last time or timer_stop returns. All zero: a
   timer that is not set. */
struct timer {
    /* The caller sets these before timer_start: */
    void (*fn)(void *arg, uint64_t seq);    /* on an M with a P; must neither park nor take long */
    void *arg;
    uint64_t seq;               /* for fn */
    int64_t period;             /* ns until it fires again; 0: once */

    /* The lock of timer.c: */
    int64_t when;
    uint32_t at;                /* place in the heap, from 1; 0: not set */
};

#define TIMER_NONE INT64_MAX

/* Fires t at `when`, a time of timer_now, or as soon as it is past. t is not set. Any thread. */
void timer_start(struct timer *t, int64_t when);

/* t does not fire from now on. True when it was set; false when it has fired for the last
   time, or is just firing. Any thread. */
bool timer_stop(struct timer *t);

/* timer_stop and timer_start in one; true when t was set. */
bool timer_reset(struct timer *t, int64_t when);

/* When the next timer fires; TIMER_NONE when there is none. */
int64_t timer_next(void);

/* How many timers are set. */
uint32_t timer_count(void);

/* Fires every timer that is due. The M that holds a P, with no lock. True when there was one. */
bool timer_run(void);

/* The clock, in ns: the system's, which never goes back, or one that is moved by hand. */
int64_t timer_now(void);

/* From now on the clock stands still until timer_skip. For runs that must be repeatable. */
void timer_by_hand(void);

/* Moves the clock to the next timer; false when there is none. */
bool timer_skip(void);

/* Somebody works again, or a timer fires earlier than any before: the one who watches the
   clock must look. sysmon.c sets what that means. */
void timer_watch(void);
void timer_on_watch(void (*fn)(void));

/* The number of the first broken invariant of timer.c, 0 when all hold. */
int timer_check(void);

#endif
