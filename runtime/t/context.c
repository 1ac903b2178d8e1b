/*
 * context.c - tests of alarm.c and context.c. Most run under the explorer, where time is
 * moved by hand to the next timer when everybody waits: nothing depends on the clock.
 */
#include "gohelp.h"
#include "unit.h"

#include <gort.h>

#include <stdlib.h>

#include "explore.h"
#include "sched.h"
#include "timer.h"

enum { MS = 1000000 };

static void explore(void (*fn)(void *), int seeds)
{
    int status = 0;
    int64_t bad = explore_seeds(1, (uint64_t)t_seeds(seeds), fn, NULL, 20, &status);

    cr_expect(bad == -1, "seed %d, status %d", (int)bad, status);
}

static void run_on(int procs, void (*fn)(void *))
{
    struct t_end end = t_go(procs, fn, NULL);

    cr_expect(end.status == 0, "%d P, status %d: %s", procs, end.status, end.err);
}

/* alarm */

static void after(void *unused)
{
    int64_t start = gort_now(), when = 0;

    (void)unused;
    T_MUST(chan_recv(alarm_after(5 * MS), &when));
    T_MUST(when >= start + 5 * MS && gort_now() >= when);
}

Test(alarm, after_sends_the_time_when_it_has_come)
{
    explore(after, 5);
    run_on(1, after);
    run_on(2, after);
}

static void room_for_one(void *unused)
{
    (void)unused;
    T_MUST(chan_cap(alarm_after(MS)) == 1);
}

Test(alarm, its_channel_has_room_for_one)
{
    explore(room_for_one, 1);
}

static void in_order(void *unused)
{
    int64_t v;
    struct chan_case cases[] = {CASE_RECV(alarm_after(30 * MS), &v),
                                CASE_RECV(alarm_after(10 * MS), &v),
                                CASE_RECV(alarm_after(20 * MS), &v)};

    (void)unused;
    T_MUST(gort_select(cases, 3, true) == 1);
    T_MUST(gort_select(cases, 3, true) == 2);
    T_MUST(gort_select(cases, 3, true) == 0);
}

Test(alarm, select_sees_alarms_in_the_order_of_their_times)
{
    explore(in_order, 50);
}

static void timeout(void *unused)
{
    struct chan *never = chan_make(0, 0);
    struct chan_case cases[] = {CASE_RECV(never, NULL), CASE_RECV(alarm_after(MS), NULL)};

    (void)unused;
    T_MUST(gort_select(cases, 2, true) == 1);
    T_MUST(waitq_is_empty(&never->recvq));
}

Test(alarm, a_select_can_be_bounded_in_time)
{
    explore(timeout, 20);
    run_on(2, timeout);
}

static void stopped(void *unused)
{
    struct alarm *a = alarm_new(MS);

    (void)unused;
    T_MUST(alarm_stop(a));
    T_MUST(!alarm_stop(a));
    gort_sleep(5 * MS);
    T_MUST(chan_len(a->c) == 0);
    T_MUST(!alarm_reset(a, MS));
    T_MUST(alarm_reset(a, 2 * MS));
    T_MUST(chan_recv(a->c, NULL));
    T_MUST(!alarm_stop(a) && timer_count() == 0);
}

Test(alarm, stop_and_reset_say_whether_it_was_set)
{
    explore(stopped, 20);
}

static void ticks(void *unused)
{
    struct alarm *a = alarm_every(10 * MS);
    int64_t start = gort_now(), when;

    (void)unused;
    for (int i = 1; i <= 5; i++) {
        T_MUST(chan_recv(a->c, &when));
        T_MUST(when == start + i * 10 * MS);
    }
    gort_sleep(55 * MS);                /* five ticks: one is kept, the others are dropped */
    T_MUST(chan_len(a->c) == 1);
    alarm_reset(a, 3 * MS);
    chan_recv(a->c, NULL);
    start = gort_now();
    chan_recv(a->c, &when);
    T_MUST(when == start + 3 * MS);
    T_MUST(alarm_stop(a));
    gort_sleep(50 * MS);
    T_MUST(chan_len(a->c) == 0);
}

Test(alarm, a_ticker_ticks_until_it_is_stopped_and_drops_what_nobody_takes)
{
    explore(ticks, 10);
}

static void bad_interval(void *unused)
{
    (void)unused;
    alarm_every(0);
}

Test(alarm, a_ticker_without_an_interval_panics_with_gos_words)
{
    struct t_end end = t_go(1, bad_interval, NULL);

    cr_expect(end.status == 2);
    cr_expect(strncmp(end.err, "panic: non-positive interval for NewTicker\n", 43) == 0);
}

static _Atomic int called;

static void note_call(void *by)
{
    called += *(int *)by;
}

static void calls(void *unused)
{
    int by = 3;
    struct alarm *a;

    (void)unused;
    alarm_call(MS, note_call, &by);
    a = alarm_call(2 * MS, note_call, &by);
    T_MUST(alarm_stop(a));
    gort_sleep(5 * MS);
    T_MUST(called == 3);
    T_MUST(!alarm_reset(a, MS));
    gort_sleep(5 * MS);
    T_MUST(called == 6);
}

Test(alarm, a_function_is_called_in_a_goroutine_of_its_own)
{
    explore(calls, 50);
}

/* context */

static bool is_done(struct context *ctx)
{
    bool ok = true;

    return chan_try_recv(context_done(ctx), NULL, &ok) && !ok;
}

static void tree(void *unused)
{
    struct context *root = context_with_cancel(context_background());
    struct context *left = context_with_cancel(root), *right = context_with_cancel(root);
    struct context *leaf = context_with_cancel(left);

    (void)unused;
    context_cancel(left);
    T_MUST(is_done(left) && is_done(leaf) && !is_done(right) && !is_done(root));
    T_MUST(context_err(leaf) == context_canceled && context_err(root) == NULL);
    T_MUST(context_children(root) == 1);
    context_cancel(left);
    context_cancel(root);
    T_MUST(is_done(root) && is_done(right) && context_children(root) == 0);
    T_MUST(strcmp(context_err(root), "context canceled") == 0);
}

Test(context, cancelling_ends_all_below_and_nothing_above)
{
    explore(tree, 20);
    run_on(2, tree);
}

static void born_dead(void *unused)
{
    struct context *root = context_with_cancel(context_background());

    (void)unused;
    context_cancel(root);
    T_MUST(context_err(context_with_cancel(root)) == context_canceled);
}

Test(context, a_child_of_an_ended_context_has_ended)
{
    run_on(1, born_dead);
}

static void deep(void *unused)
{
    struct context *root = context_with_cancel(context_background()), *ctx = root;

    (void)unused;
    for (int i = 0; i < 20000; i++)
        ctx = context_with_cancel(ctx);
    context_cancel(root);
    T_MUST(is_done(ctx));
}

Test(context, a_chain_of_twenty_thousand_ends_without_recursion)
{
    run_on(1, deep);
}

static void deadline(void *unused)
{
    struct context *ctx = context_with_timeout(context_background(), 10 * MS);
    struct context *child = context_with_timeout(ctx, 1000 * MS);
    struct context *past = context_with_timeout(context_background(), -1);
    int64_t when, later;

    (void)unused;
    T_MUST(context_deadline(ctx, &when) && context_deadline(child, &later) && when == later);
    T_MUST(!context_deadline(context_background(), &when));
    T_MUST(context_err(past) == context_deadline_exceeded);
    T_MUST(!chan_recv(context_done(child), NULL));
    T_MUST(gort_now() >= when);
    T_MUST(strcmp(context_err(ctx), "context deadline exceeded") == 0);
    T_MUST(context_err(child) == context_deadline_exceeded);
    T_MUST(timer_count() == 0);
}

Test(context, a_deadline_ends_it_and_its_children)
{
    explore(deadline, 100);
    run_on(2, deadline);
}

static void cancel_before_deadline(void *unused)
{
    struct context *ctx = context_with_timeout(context_background(), 10 * MS);

    (void)unused;
    context_cancel(ctx);
    T_MUST(context_err(ctx) == context_canceled && timer_count() == 0);
    gort_sleep(20 * MS);
    T_MUST(context_err(ctx) == context_canceled);
}

Test(context, what_was_cancelled_in_time_keeps_that_reason)
{
    explore(cancel_before_deadline, 20);
}

static void values(void *unused)
{
    static const char name[] = "", other[] = "";
    struct context *root = context_with_cancel(context_background());
    struct context *ctx = context_with_value(root, name, "ada");
    struct context *below = context_with_cancel(context_with_value(ctx, other, "b"));

    (void)unused;
    T_MUST(strcmp(context_value(below, name), "ada") == 0);
    T_MUST(context_value(root, name) == NULL);
    T_MUST(context_done(ctx) == context_done(root));
    context_cancel(ctx);                /* only a value: nothing happens */
    T_MUST(!is_done(ctx));
    context_cancel(root);
    T_MUST(is_done(below) && context_err(ctx) == context_canceled);
}

Test(context, a_value_is_found_below_and_ends_with_its_parent)
{
    run_on(1, values);
}

static struct waitgroup wg;
static struct context *top;

static void live_and_die(void *unused)
{
    (void)unused;
    for (int i = 0; i < 200; i++) {
        struct context *a = context_with_cancel(top), *b = context_with_timeout(a, 1000 * MS);

        if (i % 3)
            context_cancel(b);
        if (i % 2)
            gort_yield();
        context_cancel(a);
        T_MUST(context_err(b) == context_canceled);
    }
    waitgroup_done(&wg);
}

static void crowd(void *unused)
{
    (void)unused;
    top = context_with_cancel(context_background());
    waitgroup_add(&wg, 8);
    for (int i = 0; i < 8; i++)
        go(live_and_die, NULL);
    gort_yield();
    context_cancel(top);
    waitgroup_wait(&wg);
    T_MUST(context_children(top) == 0 && timer_count() == 0);
}

Test(context, children_come_and_go_while_the_tree_is_cancelled)
{
    run_on(1, crowd);
    run_on(4, crowd);
}

static void worker(void *ctx)
{
    chan_recv(context_done(ctx), NULL);
    called++;
    waitgroup_done(&wg);
}

static void small_tree(void *unused)
{
    struct context *a = context_with_cancel(context_background());
    struct context *b = context_with_timeout(a, MS), *c = context_with_cancel(b);

    (void)unused;
    waitgroup_add(&wg, 3);
    go(worker, a);
    go(worker, b);
    go(worker, c);
    gort_sleep(MS);
    context_cancel(c);
    context_cancel(a);
    waitgroup_wait(&wg);
    T_MUST(called == 3);
    T_MUST(context_err(a) == context_canceled);
}

Test(context, everybody_hears_of_it_in_every_order)
{
    explore(small_tree, 300);
}
