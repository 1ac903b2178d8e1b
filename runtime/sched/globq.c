/*
 * globq.c - the run queue that all Ps share.
 *
 * A list and a lock. A P that comes takes its share at once, so that the lock is taken
 * seldom; the count can be read without it, so that finding nothing costs one load.
 *
 * With one P there is a second list, p->yielded, at the end of this queue: who yields goes
 * there without a lock, because no other P could want it. It is merged here before anything
 * is taken.
 *
 * Invariant:
 *   I1  count is the list's length whenever the lock is free
 *
 * Locks: room.lock (LOCK_GLOBQ).
 *
 * Go: globrunqput, globrunqget in runtime/proc.go; sched.runq. Module 44.
 */
#include "globq.h"

#include "lock.h"

static struct {
    struct lock lock;           /* protects list */
    struct glist list;
    _Atomic uint32_t count;     /* of list; written under the lock */
} room = {.lock = LOCK_INIT(LOCK_GLOBQ)};

static void publish_locked(void)
{
    atomic_store_explicit(&room.count, room.list.n, memory_order_relaxed);
}

void globq_put(struct g *g)
{
    lock_take(&room.lock);
    glist_put(&room.list, g);
    publish_locked();
    lock_give(&room.lock);
}

void globq_put_all(struct glist *list)
{
    if (list->first == NULL)
        return;
    lock_take(&room.lock);
    glist_put_all(&room.list, list);
    publish_locked();
    lock_give(&room.lock);
}

uint32_t globq_count(void)
{
    return atomic_load_explicit(&room.count, memory_order_relaxed);
}

/* Go's share of n goroutines. */
static uint32_t share(uint32_t n, uint32_t most)
{
    uint32_t mine = n / gmp_procs() + 1;

    if (mine > n)
        mine = n;
    if (most > 0 && mine > most)
        mine = most;
    return mine > RUNQ_SLOTS / 2 ? RUNQ_SLOTS / 2 : mine;
}

struct g *globq_get(struct p *p, uint32_t most)
{
    struct glist mine = {NULL, NULL, 0}, spill = {NULL, NULL, 0};
    struct g *g;

    lock_take(&room.lock);
    glist_put_all(&room.list, &p->yielded);
    for (uint32_t n = share(room.list.n, most); n > 0; n--)
        glist_put(&mine, glist_get(&room.list));
    publish_locked();
    lock_give(&room.lock);
    g = glist_get(&mine);
    while (mine.first)
        runq_put(&p->q, glist_get(&mine), false, &spill);
    globq_put_all(&spill);
    return g;
}
