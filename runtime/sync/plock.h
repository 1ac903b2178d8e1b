/*
 * plock.h - a lock that nobody needs while there is one P.
 *
 * Go: none; its channels take their lock always.
 */
#ifndef GORT_PLOCK_H
#define GORT_PLOCK_H

#include <stdbool.h>

#include "gmp.h"
#include "lock.h"

/* Takes l, when there are two Ps or more. Who holds a P, and does not give it up before
   plock_give. */
static inline void plock_take(struct lock *l)
{
    if (gmp_procs() > 1)
        lock_take(l);
}

/* Gives l up, when there are two Ps or more. */
static inline void plock_give(struct lock *l)
{
    if (gmp_procs() > 1)
        lock_give(l);
}

/* For sched_park: gives up the lock `arg`, a struct lock *, that plock_take has taken. */
bool plock_unlock(struct g *g, void *arg);

/* In check builds: throws when nobody holds l and there are two Ps or more. */
void plock_assert_held(const struct lock *l);

#endif
