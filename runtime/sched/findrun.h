/*
 * findrun.h - in which order a P looks for a goroutine to run.
 *
 * Go: schedule, findRunnable, stealWork in runtime/proc.go.
 */
#ifndef GORT_FINDRUN_H
#define GORT_FINDRUN_H

#include <stdbool.h>

#include "gmp.h"

enum {
    FINDRUN_FAIR = 61,          /* so many time slices: then the global queue comes first */
    FINDRUN_TRIES = 4,          /* looks at all other Ps; only in the last at their next */
};

/* What p itself may run, without a look at other Ps: the global queue first when it is its
   turn, then its own, then the global queue. NULL: nothing. *inherit as runq_get. The M that
   holds p. */
struct g *findrun_mine(struct p *p, bool *inherit);

/* Steals from the other Ps, beginning at a random one. NULL: nothing. The M that holds p,
   whose own queue is empty. */
struct g *findrun_theirs(struct p *p);

/* True when there is something to run in any queue. Anyone; false is sure only for what was
   put there before a full fence of the caller. */
bool findrun_any(void);

#endif
