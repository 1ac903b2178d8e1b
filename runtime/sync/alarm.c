/*
 * alarm.c - something happens at a certain time: a channel gets a value, or a function runs.
 *
 * The scheduler's timer calls `ring` on a thread that holds a P but runs no goroutine, so
 * that it may do nothing that waits. It puts the time into the channel when there is room,
 * and does without when there is none; or it starts a goroutine.
 *
 * Invariants:
 *   I1  ring never waits: the channel has room for one value, and a full one is left alone
 *   I2  an alarm of alarm_every has a timer with a period, the others have none
 *
 * Refused: a goroutine for each alarm, asleep until its time. It costs a stack, and cannot
 * be stopped.
 *
 * Go: sendTime, goFunc in time/sleep.go; Module 43.
 */
#include "alarm.h"

#include "fatal.h"
#include "malloc.h"
#include "plock.h"
#include "sched.h"

static const uint32_t pointers[] = {
    offsetof(struct alarm, c),
    offsetof(struct alarm, arg),
    offsetof(struct alarm, timer.arg),
};
static const struct rtype alarm_type = {"struct alarm", sizeof(struct alarm), 3, pointers};

/* On g0: no place for a sched_point. */
static void ring(void *arg, uint64_t seq)
{
    struct alarm *a = arg;
    int64_t now = timer_now();
    struct g *wake;

    (void)seq;
    if (a->c == NULL) {
        sched_go(g_here()->m, a->fn, a->arg);
        return;
    }
    plock_take(&a->c->lock);
    chan_send_locked(a->c, &now, &wake);
    plock_give(&a->c->lock);
    if (wake)
        sched_ready(wake);
}

/* ns from now; the end of time when that is later. */
static int64_t time_in(int64_t ns)
{
    int64_t when;

    if (ns < 0)
        ns = 0;
    return __builtin_add_overflow(timer_now(), ns, &when) ? TIMER_NONE - 1 : when;
}

static struct alarm *make(struct chan *c, int64_t ns, int64_t period)
{
    struct alarm *a = gort_alloc(sizeof *a, &alarm_type);

    a->c = c;
    a->timer.fn = ring;
    a->timer.arg = a;
    a->timer.period = period;
    if (c)
        timer_start(&a->timer, time_in(ns));
    return a;
}

struct alarm *alarm_new(int64_t ns)
{
    return make(chan_make(sizeof(int64_t), 1), ns, 0);
}

struct chan *alarm_after(int64_t ns)
{
    return alarm_new(ns)->c;
}

struct alarm *alarm_every(int64_t ns)
{
    if (ns <= 0)
        rt_panic("non-positive interval for NewTicker");
    return make(chan_make(sizeof(int64_t), 1), ns, ns);
}

struct alarm *alarm_call(int64_t ns, void (*fn)(void *), void *arg)
{
    struct alarm *a = make(NULL, ns, 0);

    a->fn = fn;
    a->arg = arg;
    timer_start(&a->timer, time_in(ns));
    return a;
}

bool alarm_stop(struct alarm *a)
{
    return timer_stop(&a->timer);
}

bool alarm_reset(struct alarm *a, int64_t ns)
{
    bool was;

    if (a->timer.period == 0)
        return timer_reset(&a->timer, time_in(ns));
    if (ns <= 0)
        rt_panic("non-positive interval for Ticker.Reset");
    was = timer_stop(&a->timer);
    a->timer.period = ns;
    timer_start(&a->timer, time_in(ns));
    return was;
}
