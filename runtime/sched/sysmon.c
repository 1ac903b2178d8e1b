/*
 * sysmon.c - the thread that watches: the clock, goroutines that run too long, blocking calls.
 *
 * It runs no goroutine and needs no P. It looks, sleeps a little, and looks again: 20 us at
 * first, twice as long each time when nothing is to be done, 10 ms at most. When every P is
 * idle it sleeps until the next timer, or until somebody starts to work.
 *
 * What it does at each look:
 *   a timer is due           sets the attention bit; wakes a P when one is idle
 *   a slice of 10 ms is over asks the goroutine to yield
 *   a P is in a blocking call for a whole look, and has work or nobody else does
 *                            takes the P and gives it to another thread
 *   a P has work and another P is idle
 *                            wakes a thread. Who makes one goroutine ready does not: most
 *                            often it runs on the same P a microsecond later. This catches
 *                            the others.
 *
 * Orders:
 *   (A) sleep: asleep is set, full fence, looks at the reasons to be awake. watch: makes a
 *       reason, full fence, looks at asleep. One of the two sees the other.
 *
 * Go: sysmon, retake in runtime/proc.go. Module 44.
 */
#include "sysmon.h"

#include "fatal.h"
#include "findrun.h"
#include "globq.h"
#include "hooks.h"
#include "idle.h"
#include "os.h"
#include "preempt.h"
#include "sched.h"
#include "schedtrace.h"
#include "thread.h"
#include "timer.h"
#include "world.h"

enum {
    DELAY_LEAST = 20000,        /* ns */
    DELAY_MOST = 10000000,
    DELAY_HALF = 1000000,       /* most, while some Ps are idle and others are not */
    QUIET_LOOKS = 50,           /* as short as the first, before they get longer */
    TRIM_EVERY = 1000000000,
};

static struct {
    _Atomic uint32_t word;      /* futex; changes when somebody wants it to look */
    _Atomic bool asleep;
    int64_t trimmed, polled;    /* when: this thread only */
} sysmon;

/* doc:watch */
static void watch(void)
{
    atomic_thread_fence(memory_order_seq_cst);                                  /* (A) */
    if (!atomic_load_explicit(&sysmon.asleep, memory_order_relaxed))
        return;
    atomic_store_explicit(&sysmon.asleep, false, memory_order_relaxed);
    atomic_fetch_add_explicit(&sysmon.word, 1, memory_order_release);
    os_futex_wake(&sysmon.word, 1);
}
/* doc:end */

static bool all_idle(void)
{
    struct idle_counts counts;

    idle_counts(&counts);
    return counts.idle_ps == gmp_procs();
}

/* Sleeps for `delay`, or until the next timer, or a trace line; longer when all is idle. */
static void rest(int64_t delay)
{
    uint32_t word = atomic_load_explicit(&sysmon.word, memory_order_acquire);
    int64_t now = thread_now(), until = now + delay;

    atomic_store_explicit(&sysmon.asleep, true, memory_order_relaxed);
    atomic_thread_fence(memory_order_seq_cst);                                  /* (A) */
    if (all_idle())
        until = now + TRIM_EVERY;
    if (timer_next() < until && !gmp_attends(ATTEND_TIMERS))
        until = timer_next();
    if (schedtrace_next() < until)
        until = schedtrace_next();
    thread_wait_for(&sysmon.word, word, until - now);
    atomic_store_explicit(&sysmon.asleep, false, memory_order_relaxed);
}

static bool fire_timers(int64_t now)
{
    if (timer_next() > now || gmp_attends(ATTEND_TIMERS))
        return false;
    gmp_attend(ATTEND_TIMERS);
    idle_wake_p();
    return true;
}

/* p is in a blocking call: takes it when it was so at the last look already, and somebody
   wants it. */
static bool retake(struct p *p, int64_t now)
{
    uint32_t tick = atomic_load_explicit(&p->syscalltick, memory_order_relaxed);
    uint32_t status = P_SYSCALL;

    if (p->seen_syscall != tick) {
        p->seen_syscall = tick;
        p->since_syscall = now;
        return false;
    }
    if (!findrun_any() && timer_next() == TIMER_NONE && now - p->since_syscall < SYSMON_SLICE)
        return false;
    if (!atomic_compare_exchange_strong_explicit(&p->status, &status, P_RUNNING,
                                                 memory_order_acq_rel, memory_order_relaxed))
        return false;
    idle_handoff(p);
    return true;
}

/* p runs: has it been the same slice for too long? */
static bool end_slice(struct p *p, int64_t now)
{
    uint32_t tick = atomic_load_explicit(&p->schedtick, memory_order_relaxed);

    if (p->seen != tick) {
        p->seen = tick;
        p->since = now;
        return false;
    }
    if (!runq_empty(&p->q))
        idle_wake_one();
    if (now - p->since < SYSMON_SLICE)
        return false;
    preempt_ask(p);
    return true;
}

/* True when there was something to do. */
static bool look_at_ps(int64_t now)
{
    bool any = false;

    for (uint32_t i = 0; i < gmp_procs(); i++) {
        struct p *p = gmp.p[i];
        uint32_t status = atomic_load_explicit(&p->status, memory_order_acquire);

        if (status == P_SYSCALL)
            any |= retake(p, now);
        else if (status == P_RUNNING)
            any |= end_slice(p, now);
    }
    return any;
}

/* While every P is busy nobody waits for the network. */
static void look_at_network(int64_t now)
{
    struct glist ready = {NULL, NULL, 0};

    if (hooks.polling == NULL || !hooks.polling() || now - sysmon.polled < SYSMON_SLICE)
        return;
    sysmon.polled = now;
    hooks.poll(&ready, 0);
    sched_ready_all(&ready);
}

static int64_t longest_delay(void)
{
    struct idle_counts counts;

    idle_counts(&counts);
    return counts.idle_ps > 0 ? DELAY_HALF : DELAY_MOST;
}

static void *monitor(void *unused)
{
    int64_t delay = DELAY_LEAST;
    uint32_t quiet = 0;

    for (;;) {
        int64_t now;
        bool any;

        rest(delay);
        if (gmp_attends(ATTEND_END))
            return unused;
        now = thread_now();
        any = fire_timers(now);
        any |= look_at_ps(now);
        look_at_network(now);
        schedtrace_maybe(now);
        if (now - sysmon.trimmed > TRIM_EVERY) {
            sysmon.trimmed = now;
            gstack_trim();
        }
        quiet = any ? 0 : quiet + 1;
        if (quiet == 0)
            delay = DELAY_LEAST;
        else if (quiet > QUIET_LOOKS && 2 * delay <= longest_delay())
            delay *= 2;
        else if (delay > longest_delay())
            delay = longest_delay();
    }
}

void sysmon_start(void)
{
    pthread_t id;

    timer_on_watch(watch);
    if (!thread_start(&id, monitor, NULL))
        rt_throw("sysmon", "the system gives no thread for the monitor");
}
