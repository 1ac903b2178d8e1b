/*
 * runq.c - one P's queue of runnable goroutines.
 *
 * The owner puts at the tail; the owner and thieves take from the head. What does not fit
 * goes to the global queue, which is the caller's business: it gets a list.
 *
 *          head                     tail
 *     ... |  a  |  b  |  c  |  d  |      ...      next: e
 *
 * Invariants, checked by runq_check:
 *   I1  tail - head <= RUNQ_SLOTS, as an unsigned difference
 *   I2  a slot in [head, tail) holds a goroutine, never NULL
 *   I3  no goroutine is in the queue twice
 *
 * Orders:
 *   (A) put's release store of tail pairs with the acquire load of get and steal: whoever
 *       sees the new tail sees what the slot holds, and what the goroutine is.
 *   (B) the release of whoever advances head pairs with put's acquire load: a slot is
 *       written again only after its taker has read it.
 *   (C) next is exchanged with acquire and release: its taker sees the goroutine whole.
 *
 * `alone` is true while there is one P. Then nobody steals, and compare-and-swap would cost
 * five times what it protects: loads and stores do the same.
 *
 * Half of the ring spills at once, not one goroutine: the global queue has a lock, and one
 * taking of it then pays for 129 goroutines.
 *
 * Refused: a list. A thief reads a ring without a lock, and takes half of it by one swap.
 * Refused: a deque where the owner takes from the tail. It would starve the oldest.
 *
 * Go: runqput, runqputslow, runqget, runqgrab in runtime/proc.go. Module 44, exercise 1.
 */
#include "runq.h"

#include "fatal.h"
#include "gmp.h"

#include <stdatomic.h>
#include <stddef.h>

#define LOAD(p, order)     atomic_load_explicit(p, memory_order_##order)
#define STORE(p, v, order) atomic_store_explicit(p, v, memory_order_##order)

void glist_put(struct glist *list, struct g *g)
{
    g->link = NULL;
    if (list->last)
        list->last->link = g;
    else
        list->first = g;
    list->last = g;
    list->n++;
}

struct g *glist_get(struct glist *list)
{
    struct g *g = list->first;

    if (g == NULL)
        return NULL;
    list->first = g->link;
    if (list->first == NULL)
        list->last = NULL;
    list->n--;
    return g;
}

void glist_put_all(struct glist *list, struct glist *from)
{
    if (from->first == NULL)
        return;
    if (list->last)
        list->last->link = from->first;
    else
        list->first = from->first;
    list->last = from->last;
    list->n += from->n;
    *from = (struct glist){NULL, NULL, 0};
}

static struct g *_Atomic *slot_of(struct runq *q, uint32_t i)
{
    return &q->slot[i & (RUNQ_SLOTS - 1)];
}

/* Moves head from `head` on by n. False when somebody else was faster. */
static bool advance(struct runq *q, uint32_t head, uint32_t n)
{
    if (q->alone) {
        STORE(&q->head, head + n, relaxed);         /* ours: nobody steals */
        return true;
    }
    return atomic_compare_exchange_strong_explicit(&q->head, &head, head + n,
                                                   memory_order_release,        /* (B) */
                                                   memory_order_relaxed);
}

/* The ring is full: its older half and g. False when a thief has made room meanwhile. */
static bool spill_half(struct runq *q, uint32_t head, struct g *g, struct glist *spill)
{
    struct g *half[RUNQ_SLOTS / 2];

    for (uint32_t i = 0; i < RUNQ_SLOTS / 2; i++)
        half[i] = LOAD(slot_of(q, head + i), relaxed);      /* ours only if advance wins */
    if (!advance(q, head, RUNQ_SLOTS / 2))
        return false;
    for (uint32_t i = 0; i < RUNQ_SLOTS / 2; i++)
        glist_put(spill, half[i]);
    glist_put(spill, g);
    return true;
}

static void put_at_tail(struct runq *q, struct g *g, struct glist *spill)
{
    uint32_t tail = LOAD(&q->tail, relaxed);        /* ours: no one else writes it */

    for (;;) {
        uint32_t head = LOAD(&q->head, acquire);    /* (B) */

        if (tail - head < RUNQ_SLOTS) {
            STORE(slot_of(q, tail), g, relaxed);
            STORE(&q->tail, tail + 1, release);     /* (A) */
            return;
        }
        if (spill_half(q, head, g, spill))
            return;
    }
}

/* Puts g, which may be NULL, into the next place; who was there is the caller's. */
static struct g *exchange_next(struct runq *q, struct g *g)
{
    struct g *old;

    if (!q->alone)
        return atomic_exchange_explicit(&q->next, g, memory_order_acq_rel);     /* (C) */
    old = LOAD(&q->next, relaxed);                  /* ours: nobody steals */
    STORE(&q->next, g, relaxed);
    return old;
}

void runq_put(struct runq *q, struct g *g, bool next, struct glist *spill)
{
    INVARIANT("runq", g != NULL);
    if (next)
        g = exchange_next(q, g);
    if (g)
        put_at_tail(q, g, spill);
}

struct g *runq_get(struct runq *q, bool *inherit)
{
    struct g *g = LOAD(&q->next, relaxed);          /* a hint: the exchange decides */
    uint32_t head;

    if (g) {
        g = exchange_next(q, NULL);
        *inherit = true;
        if (g)
            return g;
    }
    *inherit = false;
    do {
        head = LOAD(&q->head, acquire);
        if (head == LOAD(&q->tail, relaxed))        /* ours */
            return NULL;
        g = LOAD(slot_of(q, head), relaxed);        /* ours only if advance wins */
    } while (!advance(q, head, 1));
    return g;
}

/* doc:steal */
/* The victim goes on meanwhile: what is read may be old, and only the swap of its head says
   that it was not. */
struct g *runq_steal(struct runq *q, struct runq *victim, bool next)
{
    uint32_t tail = LOAD(&q->tail, relaxed);        /* ours */

    for (;;) {
        uint32_t head = LOAD(&victim->head, acquire);
        uint32_t n = LOAD(&victim->tail, acquire) - head;       /* (A) */

        n -= n / 2;
        if (n == 0)
            return next ? exchange_next(victim, NULL) : NULL;
        if (n > RUNQ_SLOTS / 2)                     /* head and tail of two moments */
            continue;
        for (uint32_t i = 0; i < n; i++)
            STORE(slot_of(q, tail + i), LOAD(slot_of(victim, head + i), relaxed), relaxed);
        if (!advance(victim, head, n))
            continue;
        STORE(&q->tail, tail + n - 1, release);     /* (A) */
        return LOAD(slot_of(q, tail + n - 1), relaxed);
    }
}
/* doc:end */

/* next is moved to the tail before another is put there, so a goroutine may be seen in
   neither; the tail, read again, tells. */
bool runq_empty(struct runq *q)
{
    for (;;) {
        uint32_t tail = LOAD(&q->tail, acquire);
        uint32_t head = LOAD(&q->head, acquire);
        struct g *next = LOAD(&q->next, acquire);

        if (tail == LOAD(&q->tail, acquire))
            return head == tail && next == NULL;
    }
}

uint32_t runq_count(const struct runq *q)
{
    uint32_t head = LOAD(&q->head, relaxed);        /* a hint */
    uint32_t n = LOAD(&q->tail, relaxed) - head;

    return (n <= RUNQ_SLOTS ? n : 0) + (LOAD(&q->next, relaxed) != NULL);
}

static bool is_twice(const struct runq *q, uint32_t i)
{
    const struct g *g = LOAD(&q->slot[i & (RUNQ_SLOTS - 1)], relaxed);

    for (uint32_t j = LOAD(&q->head, relaxed); j != i; j++) {
        if (g == LOAD(&q->slot[j & (RUNQ_SLOTS - 1)], relaxed))
            return true;
    }
    return g == LOAD(&q->next, relaxed);
}

int runq_check(const struct runq *q)
{
    uint32_t head = LOAD(&q->head, relaxed), tail = LOAD(&q->tail, relaxed);

    if (tail - head > RUNQ_SLOTS)
        return 1;
    for (uint32_t i = head; i != tail; i++) {
        if (LOAD(&q->slot[i & (RUNQ_SLOTS - 1)], relaxed) == NULL)
            return 2;
        if (is_twice(q, i))
            return 3;
    }
    return 0;
}
