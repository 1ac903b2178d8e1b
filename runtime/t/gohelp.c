/*
 * gohelp.c - what tests with goroutines share.
 */
#include "gohelp.h"

#include "sched.h"
#include "start.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

struct run {
    int procs;
    void (*fn)(void *);
    void *arg;
};

static void run(void *arg)
{
    struct run *r = arg;
    char procs[16];

    snprintf(procs, sizeof procs, "%d", r->procs);
    setenv("GOMAXPROCS", procs, 1);
    alarm(60);
    gort_main(r->fn, r->arg);
}

struct t_end t_go(int procs, void (*fn)(void *), void *arg)
{
    struct run r = {procs, fn, arg};

    return t_child(run, &r);
}

_Noreturn void t_must(const char *file, int line, const char *cond)
{
    fprintf(stderr, "%s:%d: this does not hold: %s\n", file, line, cond);
    _exit(1);
}

void t_wait_add(struct t_wait *w, long n)
{
    lock_take(&w->lock);
    w->n += n;
    lock_give(&w->lock);
}

void t_wait_done(struct t_wait *w)
{
    struct g *g = NULL;

    lock_take(&w->lock);
    if (--w->n == 0) {
        g = w->waiter;
        w->waiter = NULL;
    }
    lock_give(&w->lock);
    if (g)
        sched_ready(g);
}

void t_wait_for(struct t_wait *w)
{
    lock_take(&w->lock);
    if (w->n == 0) {
        lock_give(&w->lock);
        return;
    }
    w->waiter = g_here();
    sched_park(sched_unlock, &w->lock, WAIT_SEMACQUIRE);
}

void t_send(struct t_chan *c, uint32_t v)
{
    struct g *g;

    sched_point();
    lock_take(&c->lock);
    g = glist_get(&c->receivers);
    if (g) {
        g->sudog.ticket = v;
        g->sudog.success = true;
        lock_give(&c->lock);
        sched_ready(g);
        return;
    }
    g_here()->sudog.ticket = v;
    glist_put(&c->senders, g_here());
    sched_park(sched_unlock, &c->lock, WAIT_CHAN_SEND);
}

bool t_recv(struct t_chan *c, uint32_t *v)
{
    struct g *g;

    sched_point();
    lock_take(&c->lock);
    g = glist_get(&c->senders);
    if (g) {
        *v = g->sudog.ticket;
        lock_give(&c->lock);
        sched_ready(g);
        return true;
    }
    if (c->closed) {
        lock_give(&c->lock);
        return false;
    }
    glist_put(&c->receivers, g_here());
    sched_park(sched_unlock, &c->lock, WAIT_CHAN_RECV);
    *v = g_here()->sudog.ticket;
    return g_here()->sudog.success;
}

void t_close(struct t_chan *c)
{
    struct g *g;

    lock_take(&c->lock);
    c->closed = true;
    lock_give(&c->lock);
    while ((g = glist_get(&c->receivers)) != NULL) {
        g->sudog.success = false;
        sched_ready(g);
    }
}
