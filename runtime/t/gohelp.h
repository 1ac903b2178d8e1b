/*
 * gohelp.h - what tests with goroutines share: a way to run them, and the smallest wait group
 * and channel that show what the scheduler does.
 */
#ifndef GORT_T_GOHELP_H
#define GORT_T_GOHELP_H

#include <stdbool.h>

#include "gmp.h"
#include "help.h"
#include "lock.h"

/* Runs fn(arg) as the main goroutine of a child, with `procs` Ps. Status 0: it came back. */
struct t_end t_go(int procs, void (*fn)(void *), void *arg);

/* In a goroutine, where an assertion of the test's own words would end the wrong process:
   says which condition does not hold and ends the child with status 1. */
#define T_MUST(cond) ((cond) ? (void)0 : t_must(__FILE__, __LINE__, #cond))
_Noreturn void t_must(const char *file, int line, const char *cond);

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

/* An unbuffered channel of numbers, with a queue of waiters on each side. */
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
