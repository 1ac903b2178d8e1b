/*
 * idle.c - threads and Ps that have nothing to do, and how they are woken.
 *
 * A thread (M) that finds nothing gives its P to the idle list and sleeps. Who makes work
 * takes an idle P out and wakes an M with it. Waking costs tens of microseconds, so at most
 * one M is woken at a time: it spins, which means that it looks at every queue, and when it
 * finds something it wakes the next one. While somebody spins, nobody is woken.
 *
 * No wake-up is lost. There are two parties:
 *
 *     who makes work                     who goes to sleep
 *     1. puts the goroutine in a queue   1. puts its P in the idle list; stops spinning
 *     2. full fence (A)                  2. full fence (A)
 *     3. nobody spins and a P is idle?   3. looks at every queue again
 *        then wakes                         finds something: takes a P back
 *
 * Of two full fences one comes first. If it is the left one, the sleeper's second look sees
 * the goroutine. If it is the right one, the maker sees the idle P and the smaller count of
 * spinners, and wakes. So the order "stop spinning, then look again" is the whole of it;
 * with the two steps turned round, both may look before both write, and a goroutine lies
 * in a queue while every thread sleeps.
 *
 * Deadlock: when the last M goes to sleep with no timer and no input or output waited for,
 * no goroutine will ever run again.
 *
 * Invariants:
 *   I1  a P in the idle list has status P_IDLE and no M
 *   I2  `spinning` is the number of Ms whose `spinning` is true, and of those being woken
 *   I3  an M in the idle list has no P and sleeps, or is about to
 *
 * Locks: idle.lock (LOCK_IDLE) protects the lists and the counts that are not atomic. Below
 * it: LOCK_GLOBQ, LOCK_ALLG.
 *
 * Refused: waking an M for each goroutine. Most would find that it ran already.
 *
 * Go: "Worker thread parking/unparking" at the top of runtime/proc.go; startm, stopm, wakep,
 * handoffp, checkdead. Module 44, exercise 3.
 */
#include "idle.h"

#include "fatal.h"
#include "findrun.h"
#include "fixalloc.h"
#include "globq.h"
#include "hooks.h"
#include "lock.h"
#include "os.h"
#include "self.h"
#include "thread.h"
#include "timer.h"
#include "world.h"

enum { LINE = 128, MOST_THREADS = 10000 };

static struct {
    struct lock lock;           /* protects: */
    struct p *p;                /* idle Ps */
    struct m *m, *all;          /* idle Ms, all Ms */
    uint32_t nidle, nm, nlocked;    /* idle Ms, all Ms, Ms that wait for their goroutine */
    struct fixalloc pool;

    /* Written under the lock, read without: */
    _Atomic uint32_t np;        /* idle Ps */
    _Atomic uint32_t spinning;  /* changed without the lock too */
    _Atomic bool poller;        /* an M waits for the network */

    /* Set before the first goroutine: */
    void *(*start)(void *m);
    void (*deadlock)(void);
} idle = {.lock = LOCK_INIT(LOCK_IDLE)};

void idle_on_start(void *(*fn)(void *m))
{
    idle.start = fn;
}

void idle_on_deadlock(void (*fn)(void))
{
    idle.deadlock = fn;
}

void idle_lock(void)
{
    lock_take(&idle.lock);
}

void idle_unlock(void)
{
    lock_give(&idle.lock);
}

/* doc:release */
struct p *idle_release(struct m *m)
{
    struct p *p = m->p;

    p->cache = m->self->cache;
    m->self->cache = NULL;
    m->p = NULL;
    atomic_store_explicit(&p->m, NULL, memory_order_relaxed);
    return p;
}

void idle_acquire(struct m *m, struct p *p)
{
    m->p = p;
    m->self->cache = p->cache;
    atomic_store_explicit(&p->m, m, memory_order_relaxed);
    atomic_store_explicit(&p->status, P_RUNNING, memory_order_release);
}
/* doc:end */

struct p *idle_take_locked(void)
{
    struct p *p = idle.p;

    if (p == NULL || gmp_attends(ATTEND_STOP))
        return NULL;
    idle.p = p->idle;
    /* Not idle from here on, or a stop would count it now and again when it obeys. */
    atomic_store_explicit(&p->status, P_RUNNING, memory_order_relaxed);
    atomic_fetch_sub_explicit(&idle.np, 1, memory_order_seq_cst);
    return p;
}

void idle_put_locked(struct p *p)
{
    atomic_store_explicit(&p->status, P_IDLE, memory_order_relaxed);
    p->idle = idle.p;
    idle.p = p;
    atomic_fetch_add_explicit(&idle.np, 1, memory_order_seq_cst);
}

void idle_forget_locked(void)
{
    idle.p = NULL;
    atomic_store_explicit(&idle.np, 0, memory_order_seq_cst);
}

bool idle_take(struct m *m)
{
    struct p *p;

    lock_take(&idle.lock);
    p = idle_take_locked();
    lock_give(&idle.lock);
    if (p)
        idle_acquire(m, p);
    return p != NULL;
}

static struct m *new_m_locked(void)
{
    struct m *m;

    if (idle.pool.size == 0)
        fixalloc_init(&idle.pool, sizeof(struct m), LINE);
    m = fixalloc_get(&idle.pool);
    if (m == NULL)
        rt_throw("idle", "out of memory: no record for a thread");
    if (idle.nm >= MOST_THREADS)
        rt_throw("idle", "thread exhaustion: the program has 10000 threads");
    m->id = idle.nm++;
    m->all = idle.all;
    idle.all = m;
    return m;
}

struct m *idle_new_m(void)
{
    struct m *m;

    lock_take(&idle.lock);
    m = new_m_locked();
    lock_give(&idle.lock);
    return m;
}

static void wake(struct m *m)
{
    atomic_store_explicit(&m->wake, 1, memory_order_release);
    os_futex_wake(&m->wake, 1);
}

static void wait(struct m *m)
{
    while (atomic_load_explicit(&m->wake, memory_order_acquire) == 0)
        os_futex_wait(&m->wake, 0);
    atomic_store_explicit(&m->wake, 0, memory_order_relaxed);
}

void idle_start(struct p *p, bool spinning)
{
    pthread_t id;               /* of a new thread: it notes its own */
    struct m *m;
    bool fresh;

    lock_take(&idle.lock);
    m = idle.m;
    fresh = m == NULL;
    if (fresh) {
        m = new_m_locked();
    } else {
        idle.m = m->idle;
        idle.nidle--;
    }
    m->nextp = p;
    m->spinning = spinning;
    lock_give(&idle.lock);
    timer_watch();
    if (!fresh)
        wake(m);
    else if (!thread_start(&id, idle.start, m))
        rt_throw("idle", "the system gives no more threads; see ulimit -u");
}

/* A P was found for work that has no M: starts one that spins. The caller has counted it. */
static void start_spinning(void)
{
    struct p *p;

    lock_take(&idle.lock);
    p = idle_take_locked();
    lock_give(&idle.lock);
    if (p)
        idle_start(p, true);
    else
        atomic_fetch_sub_explicit(&idle.spinning, 1, memory_order_seq_cst);
}

void idle_wake_one(void)
{
    uint32_t none = 0;

    atomic_thread_fence(memory_order_seq_cst);                                  /* (A) */
    if (atomic_load_explicit(&idle.np, memory_order_seq_cst) == 0
        || atomic_load_explicit(&idle.spinning, memory_order_seq_cst) != 0)
        return;
    if (atomic_compare_exchange_strong_explicit(&idle.spinning, &none, 1, memory_order_seq_cst,
                                                memory_order_relaxed))
        start_spinning();
}

void idle_wake_p(void)
{
    atomic_thread_fence(memory_order_seq_cst);                                  /* (A) */
    if (atomic_load_explicit(&idle.np, memory_order_seq_cst) == 0)
        return;
    atomic_fetch_add_explicit(&idle.spinning, 1, memory_order_seq_cst);
    start_spinning();
}

/* More spinners than half of the busy Ps only take time from the others. */
bool idle_spin(struct m *m)
{
    uint32_t busy;

    if (m->spinning)
        return true;
    busy = gmp_procs() - atomic_load_explicit(&idle.np, memory_order_relaxed);
    if (2 * atomic_load_explicit(&idle.spinning, memory_order_relaxed) >= busy)
        return false;
    m->spinning = true;
    atomic_fetch_add_explicit(&idle.spinning, 1, memory_order_seq_cst);
    return true;
}

static void stop_spinning(struct m *m)
{
    if (!m->spinning)
        return;
    m->spinning = false;
    atomic_fetch_sub_explicit(&idle.spinning, 1, memory_order_seq_cst);
}

void idle_found(struct m *m)
{
    if (!m->spinning)
        return;
    stop_spinning(m);
    idle_wake_one();
}

/* True when no goroutine can ever run again. */
static bool is_dead_locked(void)
{
    lock_assert_held(&idle.lock);
    return idle.nidle + idle.nlocked == idle.nm && !gmp_attends(ATTEND_STOP | ATTEND_END)
        && idle.np == gmp_procs() && !findrun_any() && timer_next() == TIMER_NONE
        && !(hooks.polling && hooks.polling());
}

static void check_dead_locked(void)
{
    if (is_dead_locked() && idle.deadlock)
        idle.deadlock();
}

/* Waits for the network in place of sleeping, one M at a time. True when it has a P again. */
static bool poll_network(struct m *m)
{
    struct glist ready = {NULL, NULL, 0};
    struct p *p;
    bool nobody = false;

    if (hooks.polling == NULL || !hooks.polling()
        || !atomic_compare_exchange_strong_explicit(&idle.poller, &nobody, true,
                                                    memory_order_acq_rel, memory_order_relaxed))
        return false;
    hooks.poll(&ready, -1);
    atomic_store_explicit(&idle.poller, false, memory_order_release);
    lock_take(&idle.lock);
    p = idle_take_locked();
    lock_give(&idle.lock);
    globq_put_all(&ready);
    if (p == NULL)
        return false;
    idle_acquire(m, p);
    timer_watch();
    return true;
}

bool idle_sleep(struct m *m)
{
    if (poll_network(m))
        return true;
    lock_take(&idle.lock);
    m->idle = idle.m;
    idle.m = m;
    idle.nidle++;
    atomic_store_explicit(&m->blocked, true, memory_order_relaxed);
    check_dead_locked();
    lock_give(&idle.lock);
    wait(m);
    atomic_store_explicit(&m->blocked, false, memory_order_relaxed);
    if (m->nextp == NULL)
        return false;
    idle_acquire(m, m->nextp);
    m->nextp = NULL;
    return true;
}

/* doc:rest */
bool idle_rest(struct m *m)
{
    struct p *p = idle_release(m);

    lock_take(&idle.lock);
    if (gmp_attends(ATTEND_STOP)) {
        lock_give(&idle.lock);
        idle_acquire(m, p);                 /* sched.c stops it as it should be */
        return true;
    }
    idle_put_locked(p);
    lock_give(&idle.lock);
    stop_spinning(m);
    atomic_thread_fence(memory_order_seq_cst);                                  /* (A) */
    if (findrun_any() && idle_take(m)) {
        m->spinning = true;
        atomic_fetch_add_explicit(&idle.spinning, 1, memory_order_seq_cst);
        return true;
    }
    return idle_sleep(m);
}
/* doc:end */

void idle_give(struct m *m, struct p *p, struct g *g)
{
    m->nextp = p;
    m->handed = g;
    wake(m);
}

bool idle_wait_p(struct m *m)
{
    lock_take(&idle.lock);
    idle.nlocked++;
    check_dead_locked();
    lock_give(&idle.lock);
    wait(m);
    lock_take(&idle.lock);
    idle.nlocked--;
    lock_give(&idle.lock);
    if (m->nextp == NULL)
        return false;
    idle_acquire(m, m->nextp);
    m->nextp = NULL;
    m->picked = m->handed;
    m->handed = NULL;
    return true;
}

void idle_handoff(struct p *p)
{
    if (!gmp_attends(ATTEND_STOP)
        && (runq_count(&p->q) > 0 || globq_count() > 0 || p->yielded.n > 0)) {
        idle_start(p, false);
        return;
    }
    lock_take(&idle.lock);
    if (gmp_attends(ATTEND_STOP))
        world_stopped_locked(p);
    else
        idle_put_locked(p);
    lock_give(&idle.lock);
    if (findrun_any())
        idle_wake_one();
}

void idle_end(void)
{
    lock_take(&idle.lock);
    for (struct m *m = idle.all; m; m = m->all)
        wake(m);
    lock_give(&idle.lock);
    if (hooks.interrupt)
        hooks.interrupt();
}

void idle_counts(struct idle_counts *out)
{
    out->idle_ps = atomic_load_explicit(&idle.np, memory_order_relaxed);
    out->spinning = atomic_load_explicit(&idle.spinning, memory_order_relaxed);
    lock_take(&idle.lock);
    out->ms = idle.nm;
    out->idle_ms = idle.nidle;
    out->locked_ms = idle.nlocked;
    lock_give(&idle.lock);
}

void idle_each(void (*fn)(struct m *m, void *arg), void *arg)
{
    lock_take(&idle.lock);
    for (struct m *m = idle.all; m; m = m->all)
        fn(m, arg);
    lock_give(&idle.lock);
}
