/*
 * timer.c - what is to be done at a certain time.
 *
 * A heap with four children a node: flatter than one with two, and the children lie in one
 * line of the cache. Who is due is at the root. Whoever schedules looks when the attention
 * word says that a timer is due, and whoever finds nothing to run looks before it sleeps;
 * one thread, sysmon, keeps an eye on the clock.
 *
 * Invariants, checked by timer_check:
 *   I1  no timer fires before its parent in the heap
 *   I2  heap[i]->at is i + 1
 *   I3  next is the root's time, TIMER_NONE when the heap is empty
 *
 * Locks: timers.lock (LOCK_TIMER) protects the heap and the timers in it. fn is called
 * without it.
 *
 * Refused: a heap for each P, as Go has since 1.14. It saves a lock that is contended only
 * by programs with very many timers, and costs six states for each timer.
 * Refused: reading the clock in every switch. It costs as much as the switch; sysmon sets
 * the attention bit.
 *
 * Go: runtime/time.go. Module 44, and 43 for time.After.
 */
#include "timer.h"

#include "fatal.h"
#include "gmp.h"
#include "lock.h"
#include "os.h"
#include "thread.h"

#include <stddef.h>
#include <string.h>

enum { CHILDREN = 4, FIRST_ROOM = 512 };

static struct {
    struct lock lock;           /* protects: */
    struct timer **heap;
    uint32_t n, room;
    int64_t hand;               /* the clock that is moved by hand; 0: the system's */

    _Atomic int64_t next;       /* written under the lock */
    void (*watch)(void);        /* set before the first goroutine */
} timers = {.lock = LOCK_INIT(LOCK_TIMER), .next = TIMER_NONE};

void timer_on_watch(void (*fn)(void))
{
    timers.watch = fn;
}

void timer_watch(void)
{
    if (timers.watch)
        timers.watch();
}

int64_t timer_now(void)
{
    return timers.hand ? timers.hand : thread_now();
}

void timer_by_hand(void)
{
    timers.hand = 1;
}

int64_t timer_next(void)
{
    return atomic_load_explicit(&timers.next, memory_order_acquire);
}

bool timer_skip(void)
{
    int64_t next = timer_next();

    if (next == TIMER_NONE)
        return false;
    if (next > timers.hand)
        timers.hand = next;
    return true;
}

uint32_t timer_count(void)
{
    uint32_t n;

    lock_take(&timers.lock);
    n = timers.n;
    lock_give(&timers.lock);
    return n;
}

static void place_locked(struct timer *t, uint32_t i)
{
    timers.heap[i] = t;
    t->at = i + 1;
}

/* t belongs at i or nearer to the root. */
static void up_locked(struct timer *t, uint32_t i)
{
    while (i > 0) {
        uint32_t parent = (i - 1) / CHILDREN;

        if (timers.heap[parent]->when <= t->when)
            break;
        place_locked(timers.heap[parent], i);
        i = parent;
    }
    place_locked(t, i);
}

static uint32_t first_child_locked(uint32_t i)
{
    uint32_t from = i * CHILDREN + 1, best = from;

    for (uint32_t c = from + 1; c < from + CHILDREN && c < timers.n; c++) {
        if (timers.heap[c]->when < timers.heap[best]->when)
            best = c;
    }
    return best;
}

/* t belongs at i or farther from the root. */
static void down_locked(struct timer *t, uint32_t i)
{
    while (i * CHILDREN + 1 < timers.n) {
        uint32_t child = first_child_locked(i);

        if (t->when <= timers.heap[child]->when)
            break;
        place_locked(timers.heap[child], i);
        i = child;
    }
    place_locked(t, i);
}

static void publish_locked(void)
{
    atomic_store_explicit(&timers.next, timers.n ? timers.heap[0]->when : TIMER_NONE,
                          memory_order_release);
}

/* The old heap stays where it is, unused: metadata is never given back, and all of the old
   ones together are as large as the new one. */
static void grow_locked(void)
{
    uint32_t wanted = timers.room ? 2 * timers.room : FIRST_ROOM;
    struct timer **heap = os_metadata(wanted * sizeof *heap);

    if (heap == NULL)
        rt_throw("timer", "out of memory: no room for another timer");
    if (timers.n > 0)
        memcpy(heap, timers.heap, timers.n * sizeof *heap);
    timers.heap = heap;
    timers.room = wanted;
}

/* True when t is now the first of all. */
static bool insert_locked(struct timer *t, int64_t when)
{
    if (timers.n == timers.room)
        grow_locked();
    t->when = when < 0 ? 0 : when;
    up_locked(t, timers.n++);
    publish_locked();
    return t->at == 1;
}

static void remove_locked(struct timer *t)
{
    uint32_t i = t->at - 1;
    struct timer *last = timers.heap[--timers.n];

    t->at = 0;
    if (last != t) {
        down_locked(last, i);
        up_locked(last, last->at - 1);
    }
    publish_locked();
}

void timer_start(struct timer *t, int64_t when)
{
    bool first;

    lock_take(&timers.lock);
    if (t->at != 0)
        rt_throw("timer", "a timer is started that is set already");
    first = insert_locked(t, when);
    lock_give(&timers.lock);
    if (first)
        timer_watch();
}

bool timer_stop(struct timer *t)
{
    bool was;

    lock_take(&timers.lock);
    was = t->at != 0;
    if (was)
        remove_locked(t);
    lock_give(&timers.lock);
    return was;
}

bool timer_reset(struct timer *t, int64_t when)
{
    bool was, first;

    lock_take(&timers.lock);
    was = t->at != 0;
    if (was)
        remove_locked(t);
    first = insert_locked(t, when);
    lock_give(&timers.lock);
    if (first)
        timer_watch();
    return was;
}

/* The first timer when it is due, out of the heap, or set again when it has a period; what
   is to be called is copied, for t may be gone when the lock is free. */
static bool take_due(int64_t now, struct timer *call)
{
    struct timer *t;
    bool due;

    lock_take(&timers.lock);
    t = timers.n ? timers.heap[0] : NULL;
    due = t && t->when <= now;
    if (due) {
        *call = *t;
        remove_locked(t);
        if (t->period > 0)
            insert_locked(t, t->when + t->period * (1 + (now - t->when) / t->period));
    }
    lock_give(&timers.lock);
    return due;
}

bool timer_run(void)
{
    struct timer call;
    bool any = false;
    int64_t now;

    gmp_ignore(ATTEND_TIMERS);
    if (timer_next() == TIMER_NONE)
        return false;
    now = timer_now();
    while (take_due(now, &call)) {
        call.fn(call.arg, call.seq);
        any = true;
    }
    return any;
}

int timer_check(void)
{
    int broken = 0;

    lock_take(&timers.lock);
    for (uint32_t i = 0; i < timers.n && broken == 0; i++) {
        if (timers.heap[i]->when < timers.heap[i ? (i - 1) / CHILDREN : 0]->when)
            broken = 1;
        else if (timers.heap[i]->at != i + 1)
            broken = 2;
    }
    if (broken == 0 && timer_next() != (timers.n ? timers.heap[0]->when : TIMER_NONE))
        broken = 3;
    lock_give(&timers.lock);
    return broken;
}
