/*
 * hooks.h - every place where control goes up to a higher floor.
 *
 * A room of a lower floor calls through this struct; the room above fills its line in
 * before the first goroutine runs. NULL: there is nobody above, as in a unit test.
 */
#ifndef GORT_HOOKS_H
#define GORT_HOOKS_H

#include <stdbool.h>
#include <stdint.h>

struct glist;

struct hooks {
    /* A panic that no fatal_try stops, before anything is printed: runs what the goroutine
       has deferred, and does not come back when one of that recovers. sched/defer.c. */
    void (*panic)(const char *why);

    /* The process ends: writes the goroutine that runs here on standard error.
       sched/traceback.c. */
    void (*dump)(void);

    /* Adds the goroutines whose input or output is ready to `out`; waits up to `wait` ns for
       the first, for ever when it is -1. Called without a P. io/netpoll.c. */
    void (*poll)(struct glist *out, int64_t wait);

    /* True while a goroutine waits for input or output. io/netpoll.c. */
    bool (*polling)(void);

    /* The program ends: whoever is in poll returns. io/netpoll.c. */
    void (*interrupt)(void);
};

extern struct hooks hooks;

#endif
