/*
 * runq.h - one P's queue of runnable goroutines.
 *
 * A ring for everyone else's goroutines and one place, `next`, for the goroutine that was
 * made ready last: it runs as soon as the current one stops, so two that talk to each
 * other stay together.
 *
 * Go: runqput, runqget, runqgrab, runqsteal in runtime/proc.go.
 */
#ifndef GORT_RUNQ_H
#define GORT_RUNQ_H

#include <stdbool.h>
#include <stdint.h>

struct g;

/* Check builds have a queue of 4, so that every test overflows it. */
#ifndef RUNQ_SLOTS
#ifdef GORT_CHECK
#define RUNQ_SLOTS 4
#else
#define RUNQ_SLOTS 256
#endif
#endif

/* A list of goroutines, oldest first, linked through g->link; in one list at a time. */
struct glist {
    struct g *first, *last;
    uint32_t n;
};

/* Puts g at the end. */
void glist_put(struct glist *list, struct g *g);

/* The oldest, now the caller's; NULL when there is none. */
struct g *glist_get(struct glist *list);

/* Puts all of `from` at the end; `from` is empty then. */
void glist_put_all(struct glist *list, struct glist *from);

struct runq {
    /* Anyone advances head, by compare-and-swap; see (B) in runq.c. */
    _Atomic uint32_t head;

    /* Written by the owning P only. */
    _Atomic uint32_t tail;
    bool alone;                 /* nobody steals: one P. Changed while the world is stopped */

    /* The owner puts here, anyone may take: by exchange. */
    struct g *_Atomic next;
    struct g *_Atomic slot[RUNQ_SLOTS];
};

/* Owner only. Puts g at the tail or, when `next`, into the next place, and whoever was there
   at the tail. When the ring is full, its older half and the goroutine without a place go
   to `spill`, in this order, which is empty before. */
void runq_put(struct runq *q, struct g *g, bool next, struct glist *spill);

/* Owner only. The goroutine to run, NULL when there is none. *inherit says that it came
   from the next place and goes on with the time slice of who put it there. */
struct g *runq_get(struct runq *q, bool *inherit);

/* Owner of `q` only, q empty: takes half of the victim's ring, rounded up, and returns the
   youngest of them, which is not in q. When the ring is empty and `next`, takes the next
   place instead. NULL: nothing there. */
struct g *runq_steal(struct runq *q, struct runq *victim, bool next);

/* Anyone. False only when there was something all the time. */
bool runq_empty(struct runq *q);

/* Anyone; a hint. Goroutines in the ring and in the next place. */
uint32_t runq_count(const struct runq *q);

/* The number of the first broken invariant of runq.c, 0 when all hold. Owner only, with
   nobody stealing. */
int runq_check(const struct runq *q);

#endif
