/*
 * gfree.c - records of goroutines and their stacks: from the free list and back.
 *
 * A goroutine gets its record when it starts and its stack only when it first runs. A
 * thousand short goroutines that are started at once then use one stack, one after the
 * other, and it stays in the cache.
 *
 * Each P keeps free records and stacks for itself, so that starting and ending take no
 * lock; what is too much goes to the shared lists in batches.
 *
 * Invariants:
 *   I1  a record is in the list of all goroutines for ever
 *   I2  a free record has no stack, and a free stack nobody who runs on it
 *   I3  p->nstacks and p->ngfree count p's lists
 *
 * Locks: room.lock (LOCK_ALLG) protects the pool, the list of all and the shared free list.
 *
 * Numbers are taken from the counter 16 at a time; goroutine 1 is the main one.
 *
 * Go: malg, gfget, gfput, allgadd, newproc1 in runtime/proc.go. Module 44.
 */
#include "gfree.h"

#include "fatal.h"
#include "fixalloc.h"
#include "lock.h"

#include <string.h>

enum {
    LINE = 64,                  /* two goroutines never share one */
    BATCH = 32,                 /* what moves between a P and everybody at once */
    MOST = 2 * BATCH,           /* free records, and stacks, that a P keeps */
    NUMBERS = 16,
};

static struct {
    struct lock lock;           /* protects the pool and the lists */
    struct fixalloc pool;
    struct g *all, *last;       /* in the order of their making */
    struct g *free;
    uint64_t nall, nfree;

    _Atomic uint64_t number;    /* the last one given to a P */
} room = {.lock = LOCK_INIT(LOCK_ALLG)};

static struct g *new_locked(void)
{
    struct g *g;

    if (room.pool.size == 0)
        fixalloc_init(&room.pool, sizeof(struct g), LINE);
    g = fixalloc_get(&room.pool);
    if (g == NULL)
        rt_throw("gfree", "out of memory: no record for a goroutine");
    g_set(g, G_DEAD);
    *(room.last ? &room.last->all : &room.all) = g;
    room.last = g;
    room.nall++;
    return g;
}

/* p has none: takes a batch of free ones, or one new. */
static __attribute__((noinline)) void refill(struct p *p)
{
    lock_take(&room.lock);
    while (p->ngfree < BATCH && room.free) {
        struct g *g = room.free;

        room.free = g->link;
        room.nfree--;
        g->link = p->gfree;
        p->gfree = g;
        p->ngfree++;
    }
    if (p->gfree == NULL) {
        p->gfree = new_locked();
        p->ngfree = 1;
    }
    lock_give(&room.lock);
}

struct g *gfree_get(struct p *p)
{
    struct g *g;

    if (p->gfree == NULL)
        refill(p);
    g = p->gfree;
    p->gfree = g->link;
    p->ngfree--;
    if (p->goid == p->goid_end) {
        p->goid = atomic_fetch_add_explicit(&room.number, NUMBERS, memory_order_relaxed);
        p->goid_end = p->goid + NUMBERS;
    }
    g->id = ++p->goid;
    return g;
}

static void keep_records(struct p *p, uint32_t keep)
{
    lock_take(&room.lock);
    while (p->ngfree > keep) {
        struct g *g = p->gfree;

        p->gfree = g->link;
        p->ngfree--;
        g->link = room.free;
        room.free = g;
        room.nfree++;
    }
    lock_give(&room.lock);
}

/* Keeps the stacks used last: the caller may still be on the first of them. */
static void keep_stacks(struct p *p, uint32_t keep)
{
    struct gstack *last = p->stacks, *rest;

    if (p->nstacks <= keep || keep == 0)
        return;
    for (uint32_t i = 1; i < keep; i++)
        last = last->next;
    rest = last->next;
    last->next = NULL;
    gstack_put(rest, p->nstacks - keep);
    p->nstacks = keep;
}

void gfree_put(struct p *p, struct g *g)
{
    g->link = p->gfree;
    p->gfree = g;
    if (++p->ngfree >= MOST)
        keep_records(p, BATCH);
}

void gfree_bind(struct p *p, struct g *g)
{
    struct gstack *s = p->stacks;

    if (s) {
        p->stacks = s->next;
        p->nstacks--;
    } else {
        s = gstack_get();
    }
    s->g = g;
    g->stack = s;
}

void gfree_unbind(struct p *p, struct g *g)
{
    struct gstack *s = g->stack;

    g->stack = NULL;
    s->next = p->stacks;
    p->stacks = s;
    if (++p->nstacks >= MOST)
        keep_stacks(p, BATCH);
}

void gfree_flush(struct p *p)
{
    keep_records(p, BATCH);
    keep_stacks(p, 1);
}

void gfree_each(void (*fn)(struct g *g, void *arg), void *arg)
{
    lock_take(&room.lock);
    for (struct g *g = room.all; g; g = g->all)
        fn(g, arg);
    lock_give(&room.lock);
}

uint64_t gfree_all(void)
{
    uint64_t n;

    lock_take(&room.lock);
    n = room.nall;
    lock_give(&room.lock);
    return n;
}

uint64_t gfree_global(void)
{
    uint64_t n;

    lock_take(&room.lock);
    n = room.nfree;
    lock_give(&room.lock);
    return n;
}
