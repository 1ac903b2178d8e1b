/*
 * cond.c - goroutines wait until somebody says that something has changed.
 *
 * Who waits takes a number while it still has the mutex, then unlocks it, and only then
 * goes to sleep. A signal may come between: it calls the number, and who finds its number
 * called does not sleep at all. So no signal is lost that came after the unlocking.
 *
 * Invariants:
 *   I1  called <= came, and nobody in the queue has a number that was called
 *   I2  the queue is not in the order of the numbers: two may overtake each other on their
 *       way there; cond_signal looks for the number
 *
 * Locks: c->lock (LOCK_SEMA), by plock.
 *
 * Go: Wait, Signal, Broadcast in sync/cond.go; notifyListAdd, notifyListWait,
 * notifyListNotifyOne in runtime/sema.go. Module 43.
 */
#include "cond.h"

#include "plock.h"
#include "sched.h"

#include <stdbool.h>
#include <stddef.h>

void cond_init(struct cond *c, struct mutex *m)
{
    *c = (struct cond){.mutex = m};
    lock_init(&c->lock, LOCK_SEMA);
}

/* a was given out before b; the numbers may wrap around. */
static bool before(uint32_t a, uint32_t b)
{
    return (int32_t)(a - b) < 0;
}

void cond_wait(struct cond *c)
{
    uint32_t number = atomic_fetch_add(&c->came, 1);
    struct g *g = g_here();
    struct sudog *s = &g->sudog;

    mutex_unlock(c->mutex);
    plock_take(&c->lock);
    if (before(number, atomic_load(&c->called))) {
        plock_give(&c->lock);
    } else {
        s->g = g;
        s->select = false;
        s->ticket = number;
        waitq_put(&c->sleepers, s);
        sched_park(plock_unlock, &c->lock, WAIT_COND);
    }
    mutex_lock(c->mutex);
}

void cond_signal(struct cond *c)
{
    struct sudog *s;
    uint32_t number;

    sched_point();
    if (atomic_load(&c->came) == atomic_load(&c->called))
        return;
    plock_take(&c->lock);
    number = atomic_load(&c->called);
    if (number == atomic_load(&c->came)) {
        plock_give(&c->lock);
        return;
    }
    atomic_store(&c->called, number + 1);
    s = atomic_load(&c->sleepers.first);
    while (s && s->ticket != number)
        s = s->next;
    if (s)
        waitq_remove(&c->sleepers, s);
    plock_give(&c->lock);
    if (s)
        sched_ready(s->g);
}

void cond_broadcast(struct cond *c)
{
    struct g *first = NULL, **end = &first, *g;
    struct sudog *s;

    sched_point();
    if (atomic_load(&c->came) == atomic_load(&c->called))
        return;
    plock_take(&c->lock);
    atomic_store(&c->called, atomic_load(&c->came));
    while ((s = waitq_take(&c->sleepers)) != NULL) {
        *end = s->g;
        end = &s->g->link;
        s->g->link = NULL;
    }
    plock_give(&c->lock);
    while ((g = first) != NULL) {
        first = g->link;
        sched_ready(g);
    }
}
