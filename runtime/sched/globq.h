/*
 * globq.h - the run queue that all Ps share.
 *
 * Goroutines come here when a P's ring overflows, when they yield, and when whoever makes
 * them ready has no P.
 *
 * Go: globrunqput, globrunqget in runtime/proc.go.
 */
#ifndef GORT_GLOBQ_H
#define GORT_GLOBQ_H

#include <stdint.h>

#include "gmp.h"

/* Puts a goroutine, or all of a list, at the end. Any thread; does not wake anybody. */
void globq_put(struct g *g);
void globq_put_all(struct glist *list);

/* The oldest goroutine, now the caller's, and for p's ring its share of the others: the
   queue's length divided by the Ps, at most `most` in all and half a ring; 0: no bound. NULL
   when the queue is empty. The M that holds p. */
struct g *globq_get(struct p *p, uint32_t most);

/* How many there are. A hint, save to somebody who has just done a full fence. */
uint32_t globq_count(void);

#endif
