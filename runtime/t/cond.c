/*
 * cond.c - tests of cond.c and sema.c.
 */
#include "gohelp.h"
#include "unit.h"

#include <gort.h>

#include "explore.h"
#include "sched.h"
#include "sema.h"
#include "waitq.h"

static void run(void (*fn)(void *))
{
    for (int procs = 1; procs <= 4; procs *= 2) {
        struct t_end end = t_go(procs, fn, NULL);

        cr_expect(end.status == 0, "%d P, status %d: %s", procs, end.status, end.err);
    }
}

static void explore(void (*fn)(void *), int seeds)
{
    int status = 0;
    int64_t bad = explore_seeds(1, (uint64_t)t_seeds(seeds), fn, NULL, 20, &status);

    cr_expect(bad == -1, "seed %d, status %d", (int)bad, status);
}

static struct mutex m;
static struct waitgroup wg;
static _Atomic int inside;
static int counter;             /* m protects it */

/* cond */

static struct cond cond;
static int items, taken[20];

static void take_item(void *slot)
{
    mutex_lock(&m);
    while (items == 0)
        cond_wait(&cond);
    items--;
    *(int *)slot = ++counter;
    mutex_unlock(&m);
    waitgroup_done(&wg);
}

static void signal_in_order(void *unused)
{
    (void)unused;
    cond_init(&cond, &m);
    waitgroup_add(&wg, 20);
    for (int i = 0; i < 20; i++) {
        go(take_item, &taken[i]);
        sched_settle();
    }
    for (int i = 0; i < 20; i++) {
        mutex_lock(&m);
        items++;
        mutex_unlock(&m);
        cond_signal(&cond);
        sched_settle();
        T_MUST(taken[i] == i + 1);
    }
    waitgroup_wait(&wg);
}

Test(cond, signal_wakes_the_one_that_waits_longest)
{
    run(signal_in_order);
}

static void broadcast(void *unused)
{
    (void)unused;
    cond_init(&cond, &m);
    cond_signal(&cond);                 /* nobody waits: nothing happens */
    waitgroup_add(&wg, 20);
    for (int i = 0; i < 20; i++)
        go(take_item, &taken[i]);
    sched_settle();
    T_MUST(counter == 0);
    mutex_lock(&m);
    items = 20;
    cond_broadcast(&cond);
    mutex_unlock(&m);
    waitgroup_wait(&wg);
    T_MUST(counter == 20 && items == 0);
}

Test(cond, broadcast_wakes_all)
{
    run(broadcast);
}

static void produce(void *unused)
{
    (void)unused;
    for (int i = 0; i < 4; i++) {
        mutex_lock(&m);
        items++;
        mutex_unlock(&m);
        cond_signal(&cond);
    }
}

static void cond_in_any_order(void *unused)
{
    (void)unused;
    cond_init(&cond, &m);
    waitgroup_add(&wg, 4);
    for (int i = 0; i < 2; i++)
        go(take_item, &taken[i]);
    go(produce, NULL);
    for (int i = 2; i < 4; i++)
        go(take_item, &taken[i]);
    waitgroup_wait(&wg);
    T_MUST(items == 0 && waitq_is_empty(&cond.sleepers));
}

Test(cond, no_signal_is_lost_in_any_order)
{
    explore(cond_in_any_order, 400);
}

/* sema */

static _Atomic uint32_t s[3];

static void acquire(void *arg)
{
    sema_acquire(arg, false, WAIT_SEMACQUIRE);
    inside++;
    waitgroup_done(&wg);
}

static void counts(void *unused)
{
    (void)unused;
    s[0] = 2;
    waitgroup_add(&wg, 5);
    for (int i = 0; i < 5; i++)
        go(acquire, &s[0]);
    sched_settle();
    T_MUST(inside == 2 && sema_waiting(&s[0]) == 3 && sema_check() == 0);
    for (int i = 0; i < 3; i++)
        sema_release(&s[0], false);
    waitgroup_wait(&wg);
    T_MUST(s[0] == 0 && sema_waiting(&s[0]) == 0);
}

Test(sema, as_many_pass_as_were_released)
{
    run(counts);
}

/* 251 times 8 bytes further the next number is in the same queue. */
static _Atomic uint32_t far_apart[2 * 251 + 1];

static void same_queue(void *unused)
{
    (void)unused;
    waitgroup_add(&wg, 2);
    go(acquire, &far_apart[0]);
    sched_settle();
    go(acquire, &far_apart[2 * 251]);
    sched_settle();
    sema_release(&far_apart[2 * 251], false);
    sched_settle();
    T_MUST(inside == 1 && sema_waiting(&far_apart[0]) == 1);
    sema_release(&far_apart[0], false);
    waitgroup_wait(&wg);
}

Test(sema, numbers_that_share_a_queue_do_not_wake_each_other)
{
    run(same_queue);
}
