/*
 * pair.c - the smallest wait group and channel that show what the scheduler does.
 */
#include "pair.h"

#include "sched.h"

/* They hold locks of the runtime, so they must not be interrupted: see preempt.c. */
#define RUNTIME_TEXT __attribute__((section("gort_text")))

RUNTIME_TEXT void t_wait_add(struct t_wait *w, long n)
{
    lock_take(&w->lock);
    w->n += n;
    lock_give(&w->lock);
}

RUNTIME_TEXT void t_wait_done(struct t_wait *w)
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

RUNTIME_TEXT void t_wait_for(struct t_wait *w)
{
    lock_take(&w->lock);
    if (w->n == 0) {
        lock_give(&w->lock);
        return;
    }
    w->waiter = g_here();
    sched_park(sched_unlock, &w->lock, WAIT_SEMACQUIRE);
}

RUNTIME_TEXT void t_send(struct t_chan *c, uint32_t v)
{
    struct g *g;

    sched_point();
    lock_take(&c->lock);
    if (c->closed) {
        lock_give(&c->lock);
        return;
    }
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

RUNTIME_TEXT bool t_recv(struct t_chan *c, uint32_t *v)
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

RUNTIME_TEXT void t_close(struct t_chan *c)
{
    struct g *g;

    lock_take(&c->lock);
    c->closed = true;
    lock_give(&c->lock);
    while ((g = glist_get(&c->receivers)) != NULL) {
        g->sudog.success = false;
        sched_ready(g);
    }
    while ((g = glist_get(&c->senders)) != NULL)
        sched_ready(g);
}
