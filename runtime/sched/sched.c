/*
 * sched.c - the scheduler: goroutines start, stop, wait and go on.
 *
 * A goroutine that stops looks for the next one itself and switches to it: that is the short
 * way. When its P has nothing at hand, or somebody wants attention, it switches to g0, the
 * scheduler's own goroutine of this thread, which looks everywhere and may sleep.
 *
 * A goroutine must not be seen by others while it still runs: another thread could start it
 * on the stack that is in use. So whoever stops leaves a note in its M: `after`, the
 * function that publishes it. Whoever comes next on this thread, at the place where its own
 * ctx_switch returns, calls it (switched).
 *
 *     goroutine a                           goroutine b
 *     queues itself on a channel
 *     m->after = "unlock the channel"
 *     ctx_switch ------------------------>  its own ctx_switch returns
 *                                           switched(): unlocks the channel
 *                                           from here on somebody may wake a
 *
 * A stack that has run a goroutine to its end stays inside `entry` and runs the next one in
 * the same loop. When the next goroutine is new as well, there is no switch at all.
 *
 * Invariants:
 *   I1  a goroutine is in exactly one of: an M's hands, one run queue, one wait queue, the
 *       free list
 *   I2  it is published only after its context is saved, or where nobody can take it before
 *   I3  what belongs to a P is used only by the M that holds it, and never kept over a switch
 *   I4  errno and the chain of fatal_try belong to the goroutine, not to the thread
 *
 * Orders:
 *   (A) the release of m->cur pairs with the acquire of sysmon and of whoever prints it: they
 *       see the goroutine whole.
 *
 * Locks: none is held over a switch, save the one that `after` gives up.
 *
 * Refused: a switch to g0 and back at every park, as Go does. It is simpler, because g0 can
 * do everything in one place, and costs a second switch.
 * Refused: the current goroutine in a thread-local variable. A compiler keeps its address in
 * a register over a call that parks, and the goroutine goes on in another thread.
 *
 * Go: newproc, gopark, goready, schedule, execute, goexit0, Gosched in runtime/proc.go.
 * Module 44.
 */
#include "sched.h"

#include "defer.h"
#include "explore.h"
#include "fatal.h"
#include "findrun.h"
#include "gfree.h"
#include "globq.h"
#include "idle.h"
#include "lock.h"
#include "self.h"
#include "start.h"
#include "timer.h"
#include "world.h"

#define LIKELY(cond) __builtin_expect(!!(cond), 1)

static void entry(void);

/* doc:switched */
/* Every stack does this first when it runs again: publishes who ran before it. */
static inline void switched(void)
{
    struct m *m = g_here()->m;
    bool (*after)(struct g *, void *) = m->after;

    if (after == NULL)
        return;
    m->after = NULL;
    if (!after(m->after_g, m->after_arg))
        sched_ready(m->after_g);
}
/* doc:end */

/* What goes with the goroutine and lies in the thread. */
static inline void carry(struct m *m, struct g *from, struct g *to)
{
    from->err = *m->errno_at;
    *m->errno_at = to->err;
    from->catches = m->self->catches;
    m->self->catches = to->catches;
}

/* `to` is what m runs from now on. */
static inline void hold(struct m *m, struct g *to)
{
    to->m = m;
    g_set(to, G_RUNNING);
    atomic_store_explicit(&m->cur, to, memory_order_release);                   /* (A) */
    if (to->stack == NULL)
        gfree_bind(m->p, to);
}

/* From one goroutine to another on the same thread. Returns when `from` runs again. */
static inline void go_on(struct m *m, struct g *from, struct g *to)
{
    hold(m, to);
    carry(m, from, to);
    ctx_switch(&from->stack->ctx, &to->stack->ctx);
    switched();
}

/* With one P, where nobody takes them away meanwhile: the top of the stack of whoever comes
   next and the record of one who comes soon are asked for now, or a switch among a thousand
   goroutines waits for memory each time. Only a hint. */
static inline void look_ahead(const struct p *p)
{
    enum { SOON = 3 };
    const struct runq *q = &p->q;
    uint32_t head = atomic_load_explicit(&q->head, memory_order_relaxed);
    uint32_t n = atomic_load_explicit(&q->tail, memory_order_relaxed) - head;
    const struct g *g;

    if (!q->alone || n < SOON)
        return;
    g = atomic_load_explicit(&q->slot[head % RUNQ_SLOTS], memory_order_relaxed);
    __builtin_prefetch(g->stack);
    g = atomic_load_explicit(&q->slot[(head + SOON - 1) % RUNQ_SLOTS], memory_order_relaxed);
    __builtin_prefetch(g);
}

/* doc:pick */
/* The short way: the next goroutine of this P, NULL when g0 has to look. */
static inline struct g *pick(struct m *m, struct p *p)
{
    uint32_t tick = atomic_load_explicit(&p->schedtick, memory_order_relaxed);   /* ours */
    bool inherit;
    struct g *g;

    if (gmp_attention())
        return NULL;
    if (tick % FINDRUN_FAIR == 0 && (p->yielded.n > 0 || globq_count() > 0))
        return NULL;
    g = runq_get(&p->q, &inherit);
    if (g == NULL) {
        g = glist_get(&p->yielded);
        if (g == NULL)
            return NULL;
    }
    if (g->locked) {
        m->picked = g;
        return NULL;
    }
    if (!inherit)
        atomic_store_explicit(&p->schedtick, tick + 1, memory_order_relaxed);
    look_ahead(p);
    return g;
}
/* doc:end */

/* g, whose status is set, stops, and `to` goes on, g0 when it is NULL; `after` publishes g.
   Returns when g runs again. */
static inline void leave(struct g *g, struct g *to, bool (*after)(struct g *, void *), void *arg)
{
    struct m *m = g->m;

    m->after = after;
    m->after_g = g;
    m->after_arg = arg;
    go_on(m, g, to ? to : &m->g0);
}

/* Who runs after g, NULL when g0 has to look: a thread that is locked to g has only g. */
static inline struct g *next_after(struct g *g)
{
    return g->locked ? NULL : pick(g->m, g->m->p);
}

void sched_park(bool (*unlock)(struct g *g, void *arg), void *arg, enum wait_reason why)
{
    struct g *g = g_here();

    INVARIANT("sched", g_get(g) == G_RUNNING && g != &g->m->g0);
    g->why = (uint8_t)why;
    g_set(g, G_WAITING);
    leave(g, next_after(g), unlock, arg);
}

bool sched_unlock(struct g *g, void *arg)
{
    (void)g;
    lock_give(arg);
    return true;
}

/* Puts a runnable goroutine into p's queue, and wakes somebody when there is work for two:
   one goroutine that is next runs here as soon as this one stops. */
static inline void put(struct p *p, struct g *g, bool next)
{
    struct glist spill = {NULL, NULL, 0};

    if (gmp_attends(ATTEND_SEED)) {
        explore_put(g);
        return;
    }
    runq_put(&p->q, g, next, &spill);
    if (spill.first)
        globq_put_all(&spill);
    if (gmp_procs() > 1 && runq_count(&p->q) > 1)
        idle_wake_one();
}

void sched_ready(struct g *g)
{
    struct g *me = g_self();
    struct p *p = me ? me->m->p : NULL;

    INVARIANT("sched", g_get(g) == G_WAITING);
    g_set(g, G_RUNNABLE);
    if (LIKELY(p != NULL)) {
        put(p, g, true);
        return;
    }
    sched_republish(g);
}

void sched_ready_all(struct glist *list)
{
    if (list->first == NULL)
        return;
    for (struct g *g = list->first; g; g = g->link)
        g_set(g, G_RUNNABLE);
    if (gmp_attends(ATTEND_SEED)) {
        while (list->first)
            explore_put(glist_get(list));
        return;
    }
    globq_put_all(list);
    idle_wake_p();
}

/* The end of all queues: while the global queue is empty, that is the end of p's ring. */
static inline void put_last(struct p *p, struct g *g)
{
    if (gmp_attends(ATTEND_SEED))
        explore_put(g);
    else if (globq_count() == 0 && p->yielded.n == 0)
        put(p, g, false);
    else if (p->q.alone)
        glist_put(&p->yielded, g);
    else
        globq_put(g);
}

static bool publish_last(struct g *g, void *unused)
{
    (void)unused;
    put_last(g->m->p, g);
    return true;
}

/* doc:yield */
/* With one P nobody can take the goroutine before the switch, so it is published at once. */
void sched_yield_now(void)
{
    struct g *g = g_here(), *to = next_after(g);
    struct m *m = g->m;

    INVARIANT("sched", g != &m->g0);
    atomic_store_explicit(&g->preempt, false, memory_order_relaxed);
    g_set(g, G_RUNNABLE);
    if (to == NULL || !m->p->q.alone) {
        leave(g, to, publish_last, NULL);
        return;
    }
    put_last(m->p, g);
    go_on(m, g, to);
}
/* doc:end */

void sched_point(void)
{
    if (gmp_attends(ATTEND_SEED) && explore_yields())
        sched_yield_now();
}

void sched_republish(struct g *g)
{
    if (gmp_attends(ATTEND_SEED)) {
        explore_put(g);
        return;
    }
    globq_put(g);
    idle_wake_p();
}

void sched_leave_without_p(bool (*after)(struct g *, void *))
{
    struct g *g = g_here();
    struct m *m = g->m;

    m->after = after;
    m->after_g = g;
    go_on(m, g, &m->g0);
}

bool sched_is_goroutine(void)
{
    struct g *g = g_self();

    return g != NULL && g != &g->m->g0;
}

/* doc:go */
void sched_go(struct m *m, void (*fn)(void *), void *arg)
{
    struct g *g = gfree_get(m->p);

    g->fn = fn;
    g->arg = arg;
    g->why = WAIT_NONE;
    g_set(g, G_RUNNABLE);
    put(m->p, g, true);
}
/* doc:end */

/* g has come to its end: gives back all that it has, and its stack first of all. */
static void retire(struct m *m, struct g *g)
{
    if (g->locks > 0)
        start_unlock_thread(g);
    g_set(g, G_DEAD);
    g->ending = 0;
    g->recovered = false;
    g->err = 0;
    g->param = NULL;
    m->self->catches = NULL;
    atomic_store_explicit(&g->preempt, false, memory_order_relaxed);
    gfree_unbind(m->p, g);
    gfree_put(m->p, g);
}

/* The goroutine of this stack has ended. Returns when the stack has another one. */
static inline void next_on_this_stack(void)
{
    struct gstack *s = gstack_of(ctx_here());
    struct g *g = s->g, *to;
    struct m *m = g->m;

    INVARIANT("sched", gstack_check(s) % 3 == 0);
    retire(m, g);
    to = pick(m, m->p);
    if (to == NULL)
        to = &m->g0;
    hold(m, to);                        /* a new goroutine gets the stack used last: this one */
    *m->errno_at = to->err;
    m->self->catches = to->catches;
    if (to->stack != s)
        ctx_switch(&s->ctx, &to->stack->ctx);
}

/* The first function on every goroutine's stack. */
static void entry(void)
{
    ctx_begun();
    for (;;) {
        struct g *g;

        switched();
        g = g_here();
        if (g->ending == 0)
            g->fn(g->arg);
        if (g->defers || g->id == 1)
            defer_end(g);
        next_on_this_stack();
    }
}

_Noreturn void sched_exit(void)
{
    struct g *g = g_here();
    struct gstack *s = g->stack;

    g->m->self->catches = NULL;
    g->ending = 1;
    ctx_restart(&s->ctx, gstack_top(s), entry);
}

/* doc:find */
/* The long way, on g0: looks everywhere, and sleeps when there is nothing. NULL when the
   program has ended. */
static struct g *find(struct m *m, bool *inherit)
{
    for (;;) {
        struct g *g;

        if (gmp_attends(ATTEND_STOP | ATTEND_END) && !world_obey(m))
            return NULL;
        *inherit = false;
        if (gmp_attends(ATTEND_SEED))
            return explore_pick(m);
        if (gmp_attends(ATTEND_TIMERS))
            timer_run();
        if (m->picked) {
            g = m->picked;
            m->picked = NULL;
            return g;
        }
        g = findrun_mine(m->p, inherit);
        if (g == NULL && timer_run())
            g = findrun_mine(m->p, inherit);
        if (g == NULL && idle_spin(m))
            g = findrun_theirs(m->p);
        if (g)
            return g;
        if (!idle_rest(m))
            return NULL;
    }
}
/* doc:end */

/* m is locked to a goroutine, which has stopped: m gives its P away and waits until somebody
   who finds the goroutine gives it another. */
static bool wait_for_locked(struct m *m)
{
    if (m->p)
        idle_handoff(idle_release(m));
    return idle_wait_p(m);
}

/* g belongs to another thread: that one gets the P, and this one sleeps. */
static bool hand_over(struct m *m, struct g *g)
{
    struct m *owner = g->locked;

    idle_found(m);
    idle_give(owner, idle_release(m), g);
    return idle_sleep(m);
}

static void scheduler(void)
{
    struct m *m;

    ctx_begun();
    switched();
    m = g_here()->m;
    for (;;) {
        bool inherit = false;
        struct g *g;

        atomic_store_explicit(&m->cur, NULL, memory_order_relaxed);
        if (gmp_attends(ATTEND_END))
            break;
        if (m->p == NULL && !atomic_load_explicit(&m->locked, memory_order_relaxed)
            && !idle_sleep(m))
            break;
        if (atomic_load_explicit(&m->locked, memory_order_relaxed) && m->picked == NULL
            && !wait_for_locked(m))
            break;
        g = find(m, &inherit);
        if (g == NULL)
            break;
        idle_found(m);
        if (g->locked && g->locked != m) {
            if (!hand_over(m, g))
                break;
            continue;
        }
        if (!inherit)
            atomic_fetch_add_explicit(&m->p->schedtick, 1, memory_order_relaxed);
        go_on(m, &m->g0, g);
    }
    ctx_switch(&m->g0.stack->ctx, &m->boot);
}

void sched_init(void)
{
    gstack_init(entry);
    gmp.stacks = gstack_arena(&gmp.stacks_size);
}

/* The thread's own stack is left for one of the arena, where g_here works. Comes back when
   the program has ended. */
void sched_run_m(struct m *m)
{
    struct gstack *s = gstack_get();

    gstack_begin_with(s, scheduler);
    s->g = &m->g0;
    m->g0.stack = s;
    m->g0.m = m;
    g_set(&m->g0, G_RUNNING);
    ctx_adopt(&m->boot);
    ctx_switch(&m->boot, &s->ctx);
}

static bool is_settled(void)
{
    struct idle_counts n;

    idle_counts(&n);
    return n.idle_ps == gmp_procs() - 1 && n.spinning == 0 && !findrun_any()
        && g_here()->m->p->yielded.n == 0 && explore_runnable() == 0;
}

void sched_settle(void)
{
    while (!is_settled())
        sched_yield_now();
}
