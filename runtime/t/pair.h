/*
 * pair.h - the smallest wait group and channel that show what the scheduler does.
 *
 * They use only sched_park and sched_ready, so that the scheduler is tested without the
 * floors above it.
 */
#ifndef GORT_T_PAIR_H
#define GORT_T_PAIR_H

#include <stdbool.h>
#include <stdint.h>

#include "gmp.h"
#include "lock.h"

/* Go's sync.WaitGroup with one waiter. */
struct t_wait {
    struct lock lock;           /* protects: */
    long n;
    struct g *waiter;
};
#define T_WAIT_INIT {LOCK_INIT(LOCK_TIMER), 0, NULL}

void t_wait_add(struct t_wait *w, long n);
void t_wait_done(struct t_wait *w);
void t_wait_for(struct t_wait *w);

/* An unbuffered channel of numbers, with a queue of waiters on each side. What is sent when it
   is closed is lost. */
struct t_chan {
    struct lock lock;           /* protects: */
    struct glist senders, receivers;    /* the number is in g->sudog.ticket */
    bool closed;
};
#define T_CHAN_INIT {.lock = LOCK_INIT(LOCK_TIMER)}

void t_send(struct t_chan *c, uint32_t v);
bool t_recv(struct t_chan *c, uint32_t *v);
void t_close(struct t_chan *c);

#endif
