/*
 * defer.c - what a goroutine has still to do when it ends, and how it stops a panic.
 *
 * In Go, defer belongs to a function. C has no hook at a function's end that a panic would
 * find, so here it belongs to the goroutine: fn runs when the goroutine ends, however it
 * ends. A panic that no fatal_try stops runs the deferred functions on top of the frames
 * that panicked; when one of them recovers, the goroutine's stack starts over and only the
 * rest of the deferred functions runs.
 *
 * Invariants:
 *   I1  each deferred function is called once, the last one first
 *   I2  a goroutine's record has no deferred function left when it is free
 *
 * Locks: room.lock (LOCK_ALLG) protects the pool.
 *
 * Go: deferproc, gopanic, gorecover, Goexit in runtime/panic.go. Module 44.
 */
#include "defer.h"

#include "fatal.h"
#include "fixalloc.h"
#include "gmp.h"
#include "hooks.h"
#include "lock.h"
#include "sched.h"
#include "start.h"

#include <string.h>

struct defer {
    struct defer *next;
    void (*fn)(void *);
    void *arg;
};

enum { RETURNS, EXITS, PANICS };        /* g->ending */

static struct {
    struct lock lock;           /* protects the pool */
    struct fixalloc pool;
} room = {.lock = LOCK_INIT(LOCK_ALLG)};

void gort_defer(void (*fn)(void *), void *arg)
{
    struct g *g = g_here();
    struct defer *d;

    lock_take(&room.lock);
    if (room.pool.size == 0)
        fixalloc_init(&room.pool, sizeof *d, FIXALLOC_ALIGN);
    d = fixalloc_get(&room.pool);
    lock_give(&room.lock);
    if (d == NULL)
        rt_throw("defer", "out of memory: no record for a deferred call");
    d->fn = fn;
    d->arg = arg;
    d->next = g->defers;
    g->defers = d;
}

/* Takes the last deferred call off and makes it. */
static void call_last(struct g *g)
{
    struct defer *d = g->defers;
    struct defer call = *d;

    g->defers = d->next;
    lock_take(&room.lock);
    fixalloc_put(&room.pool, d);
    lock_give(&room.lock);
    call.fn(call.arg);
}

void defer_end(struct g *g)
{
    while (g->defers)
        call_last(g);
    if (g->id == 1 && (g->ending == RETURNS || g->recovered))
        start_end();
}

/* hooks.panic. `why` is on the stack of the panic, below these frames. */
static void panics(const char *why)
{
    struct g *g = g_self();

    if (g == NULL || g == &g->m->g0)
        return;
    g->ending = PANICS;
    g->param = (void *)why;
    while (g->defers) {
        call_last(g);
        if (g->recovered)
            sched_exit();
    }
    g->ending = RETURNS;
}

bool gort_recover(char *text)
{
    struct g *g = g_self();

    if (g == NULL || g->ending != PANICS || g->recovered)
        return false;
    memcpy(text, g->param, FATAL_TEXT);
    g->recovered = true;
    return true;
}

void defer_init(void)
{
    hooks.panic = panics;
}
