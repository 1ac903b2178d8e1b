/*
 * schedtrace.c - GODEBUG=schedtrace=N: what the scheduler does, every N milliseconds.
 *
 *     SCHED 58ms: gomaxprocs=4 idleprocs=0 threads=5 spinningthreads=0 idlethreads=0
 *     runqueue=9 [2 2 1 2]
 *
 * in one line; with scheddetail=1 a line for each P, M and G as well. The words and their
 * order are those of Go 1.19, so that what is written about them elsewhere can be used here.
 * Nothing is stopped: the numbers are of slightly different moments. `threads` counts the
 * monitor too, as Go does.
 *
 * Go: schedtrace in runtime/proc.go. Modules 44 and 45.
 */
#include "schedtrace.h"

#include "gfree.h"
#include "globq.h"
#include "idle.h"
#include "knobs.h"
#include "os.h"
#include "thread.h"
#include "timer.h"
#include "traceback.h"
#include "world.h"

#include <stdarg.h>
#include <stdio.h>

enum { MS = 1000000, LINE = 4096 };

static struct {
    int64_t start, every, next; /* ns; every is 0: no trace */
    bool detail;
} trace;

void schedtrace_init(void)
{
    const char *debug = os_getenv("GODEBUG");
    int32_t every = knobs_debug(debug, "schedtrace", 0);

    trace.start = thread_now();
    trace.every = every > 0 ? (int64_t)every * MS : 0;
    trace.next = trace.every ? trace.start : INT64_MAX;
    trace.detail = knobs_debug(debug, "scheddetail", 0) > 0;
}

int64_t schedtrace_next(void)
{
    return trace.next;
}

void schedtrace_maybe(int64_t now)
{
    if (now < trace.next)
        return;
    trace.next = now + trace.every;
    schedtrace_write(now, trace.detail);
}

struct text {
    char at[LINE];
    size_t n;
};

__attribute__((format(printf, 2, 3))) static void add(struct text *t, const char *how, ...)
{
    size_t room = sizeof t->at - t->n;
    va_list args;
    int n;

    va_start(args, how);
    n = vsnprintf(t->at + t->n, room, how, args);
    va_end(args);
    if (n > 0)
        t->n += (size_t)n < room ? (size_t)n : room - 1;
}

static void flush(struct text *t)
{
    os_write(2, t->at, t->n);
    t->n = 0;
}

static int64_t id_of_m(const struct m *m)
{
    return m ? (int64_t)m->id : -1;
}

static int64_t id_of_g(const struct g *g)
{
    return g ? (int64_t)g->id : -1;
}

/* What belongs to a running P or M is read while it changes: a number may be old, and that is
   all. So ThreadSanitizer is told not to look. */
#define RACY __attribute__((no_sanitize("thread")))

RACY static void write_p(struct text *t, struct p *p)
{
    add(t, "  P%u: status=%u schedtick=%u syscalltick=%u m=%lld runqsize=%u gfreecnt=%u "
        "timerslen=%u\n", p->id,
        atomic_load_explicit(&p->status, memory_order_relaxed),
        atomic_load_explicit(&p->schedtick, memory_order_relaxed),
        atomic_load_explicit(&p->syscalltick, memory_order_relaxed),
        (long long)id_of_m(atomic_load_explicit(&p->m, memory_order_relaxed)),
        runq_count(&p->q), p->ngfree, p->id == 0 ? timer_count() : 0);
    flush(t);
}

RACY static void write_m(struct m *m, void *text)
{
    struct text *t = text;
    struct p *p = m->p;
    const struct g *cur = atomic_load_explicit(&m->cur, memory_order_acquire);

    add(t, "  M%u: p=%lld curg=%lld mallocing=0 throwing=0 preemptoff= locks=0 dying=0 "
        "spinning=%s blocked=%s lockedg=%lld\n", m->id, p ? (long long)p->id : -1,
        (long long)(cur == &m->g0 ? -1 : id_of_g(cur)), m->spinning ? "true" : "false",
        atomic_load_explicit(&m->blocked, memory_order_relaxed) ? "true" : "false",
        (long long)id_of_g(atomic_load_explicit(&m->locked, memory_order_relaxed)));
    flush(t);
}

RACY static void write_g(struct g *g, void *text)
{
    struct text *t = text;
    uint32_t status = g_get(g);

    add(t, "  G%llu: status=%u(%s) m=%lld lockedm=%lld\n", (unsigned long long)g->id, status,
        status == G_WAITING ? traceback_reason(g->why) : "",
        (long long)(status == G_RUNNING || status == G_SYSCALL ? id_of_m(g->m) : -1),
        (long long)id_of_m(g->locked));
    flush(t);
}

static void write_queues(struct text *t)
{
    add(t, " [");
    for (uint32_t i = 0; i < gmp_procs(); i++)
        add(t, i ? " %u" : "%u", runq_count(&gmp.p[i]->q));
    add(t, "]\n");
    flush(t);
}

void schedtrace_write(int64_t now, bool detail)
{
    struct idle_counts n;
    struct text t = {.n = 0};

    idle_counts(&n);
    add(&t, "SCHED %lldms: gomaxprocs=%u idleprocs=%u threads=%u spinningthreads=%u "
        "idlethreads=%u runqueue=%u", (long long)((now - trace.start) / MS), gmp_procs(),
        n.idle_ps, n.ms + 1, n.spinning, n.idle_ms, globq_count());
    if (!detail) {
        write_queues(&t);
        return;
    }
    add(&t, " gcwaiting=%d nmidlelocked=%u stopwait=%u sysmonwait=0\n",
        gmp_attends(ATTEND_STOP), n.locked_ms, world_missing());
    flush(&t);
    for (uint32_t i = 0; i < gmp_procs(); i++)
        write_p(&t, gmp.p[i]);
    idle_each(write_m, &t);
    gfree_each(write_g, &t);
}
