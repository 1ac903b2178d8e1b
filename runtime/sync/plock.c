/*
 * plock.c - a lock that nobody needs while there is one P.
 *
 * A lock costs two locked instructions, 10 ns, and a channel's work costs 5. While there is
 * one P, only the goroutine that has it can touch a channel: a goroutine is not interrupted
 * in the runtime's text (preempt.c), threads without a P have no business here, and a
 * timer's function runs on a thread that has the P. So the lock is taken only when there are
 * two Ps or more.
 *
 * Invariant:
 *   I1  the number of Ps is the same when the lock is given up as it was when it was taken
 *
 * It changes only while the world is stopped, by a goroutine that runs, and the world stops
 * at the switch to another goroutine. A park gives the lock up in the switch itself, before
 * anything else can run on that P.
 *
 * Refused: a lock that is always taken, as Go does. It doubles the price of a message.
 *
 * Go: none. Modules 43 and 44.
 */
#include "plock.h"

#include "fatal.h"

bool plock_unlock(struct g *g, void *arg)
{
    (void)g;
    plock_give(arg);
    return true;
}

#ifdef GORT_CHECK
void plock_assert_held(const struct lock *l)
{
    if (gmp_procs() > 1)
        lock_assert_held(l);
}
#else
void plock_assert_held(const struct lock *l)
{
    (void)l;
}
#endif
