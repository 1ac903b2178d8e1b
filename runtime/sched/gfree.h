/*
 * gfree.h - records of goroutines and their stacks: from the free list and back.
 *
 * Go: malg, gfget, gfput, allgadd in runtime/proc.go.
 */
#ifndef GORT_GFREE_H
#define GORT_GFREE_H

#include "gmp.h"

/* A record with a new number, dead, without a stack. The M that holds p. Throws when there
   is no memory. */
struct g *gfree_get(struct p *p);

/* Gives a dead goroutine's record back. The M that holds p. */
void gfree_put(struct p *p, struct g *g);

/* Gives g a stack: the one that p used last, or another. The M that holds p. */
void gfree_bind(struct p *p, struct g *g);

/* Takes a stack from its goroutine, which has ended: the next gfree_bind of p uses it. */
void gfree_unbind(struct p *p, struct g *g);

/* Gives all but a few free records and stacks of p to everybody. The M that holds p. */
void gfree_flush(struct p *p);

/* Calls fn for every goroutine that there ever was, dead ones included; fn takes no lock
   that comes before LOCK_ALLG. */
void gfree_each(void (*fn)(struct g *g, void *arg), void *arg);

/* How many records there are, and how many of them are in the global free list. */
uint64_t gfree_all(void);
uint64_t gfree_global(void);

#endif
