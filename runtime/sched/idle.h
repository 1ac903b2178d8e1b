/*
 * idle.h - threads and Ps that have nothing to do, and how they are woken.
 *
 * Go: startm, stopm, wakep, handoffp, pidleget, checkdead in runtime/proc.go.
 */
#ifndef GORT_IDLE_H
#define GORT_IDLE_H

#include "gmp.h"

/* One more M looks for work, when there is an idle P and nobody is looking yet. Called after
   a goroutine became runnable. Any thread. */
void idle_wake_one(void);

/* As idle_wake_one, and also when somebody is looking already: for who has no P himself. */
void idle_wake_p(void);

/* m, which holds a P, has found nothing: gives the P up, looks once more, and sleeps. Comes
   back with a P, spinning or not; false when the program has ended. */
bool idle_rest(struct m *m);

/* m has no P: sleeps until it is given one. False when the program has ended. */
bool idle_sleep(struct m *m);

/* m begins to look for work, when not too many do already. */
bool idle_spin(struct m *m);

/* m, which was spinning, has found a goroutine. */
void idle_found(struct m *m);

/* Gives a P that nobody holds, and that is not idle, to somebody who can use it. */
void idle_handoff(struct p *p);

/* Takes m's P from it. What the P's status becomes is the caller's. */
struct p *idle_release(struct m *m);

/* Gives p, which nobody holds, to m, which runs on this thread. */
void idle_acquire(struct m *m, struct p *p);

/* An idle P for m, which has none. False when there is none. */
bool idle_take(struct m *m);

/* Gives g, which is locked to m, and p to m, which waits in idle_wait_p or will soon. */
void idle_give(struct m *m, struct p *p, struct g *g);

/* m, which has no P, waits for idle_give: the M of a locked goroutine, which is m->picked
   then. False when the program has ended. */
bool idle_wait_p(struct m *m);

/* The record of a new M; idle_enlist puts it into the list of all and counts it. */
struct m *idle_new_m(void);

/* What an M does first, on a thread of its own: sched.c. Set before the first goroutine. */
void idle_on_start(void *(*fn)(void *m));

/* The lock of the lists; world.c stops and starts with it held. */
void idle_lock(void);
void idle_unlock(void);

/* With the lock: an idle P leaves the list, NULL when there is none; p enters it. */
struct p *idle_take_locked(void);
void idle_put_locked(struct p *p);

/* With the lock: the list of idle Ps is empty from now on; their status stays. world.c only. */
void idle_forget_locked(void);

/* Starts an M that holds p, an idle one or a new one. Without the lock. */
void idle_start(struct p *p, bool spinning);

/* Wakes every M that sleeps: the program ends. */
void idle_end(void);

/* With the lock held or not; hints in the latter case. */
struct idle_counts {
    uint32_t idle_ps, spinning, ms, idle_ms, locked_ms;
};
void idle_counts(struct idle_counts *out);

/* Calls fn for each M. Takes the lock. */
void idle_each(void (*fn)(struct m *m, void *arg), void *arg);

/* What is done when every goroutine waits for another, and no timer or network can help.
   Called with the lock held; traceback.c prints and ends. */
void idle_on_deadlock(void (*fn)(void));

#endif
