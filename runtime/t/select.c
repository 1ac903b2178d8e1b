/*
 * select.c - tests of runtime/sync/select.c.
 */
#include "gohelp.h"
#include "unit.h"

#include <gort.h>

#include <stdlib.h>

#include "explore.h"
#include "sched.h"

static void run_on(int procs, void (*fn)(void *))
{
    struct t_end end = t_go(procs, fn, NULL);

    cr_expect(end.status == 0, "%d P, status %d: %s", procs, end.status, end.err);
}

static void run(void (*fn)(void *))
{
    run_on(1, fn);
    run_on(4, fn);
}

static struct chan *numbers(int64_t cap)
{
    return chan_make(sizeof(int64_t), cap);
}

/* Draws `rounds` times among n ready cases and returns chi-square of the counts. */
static double chi_square(int n, int rounds, bool closed)
{
    struct chan_case cases[8];
    double expected = (double)rounds / n, sum = 0;
    int64_t v = 1;
    int count[8] = {0};

    for (int i = 0; i < n; i++) {
        cases[i] = (struct chan_case)CASE_RECV(numbers(1), &v);
        if (closed)
            chan_close(cases[i].c);
        else
            chan_send(cases[i].c, &v);
    }
    for (int r = 0; r < rounds; r++) {
        int i = gort_select(cases, n, true);

        count[i]++;
        if (!closed)
            chan_send(cases[i].c, &v);
    }
    for (int i = 0; i < n; i++)
        sum += (count[i] - expected) * (count[i] - expected) / expected;
    return sum;
}

/* The bounds are chi-square's at one in a million, for n - 1 degrees of freedom. */
static void is_fair(void *unused)
{
    (void)unused;
    T_MUST(chi_square(2, 20000, false) < 23.9);
    T_MUST(chi_square(4, 20000, false) < 30.7);
    T_MUST(chi_square(8, 20000, false) < 40.5);
    T_MUST(chi_square(4, 20000, true) < 30.7);
}

Test(select, ready_cases_are_equally_likely)
{
    run(is_fair);
}

/* Two ready ones beside each other, among four: a random start would prefer the first. */
static void is_fair_among_some(void *unused)
{
    int64_t v = 1;
    struct chan_case cases[4];
    int count[4] = {0};

    (void)unused;
    for (int i = 0; i < 4; i++)
        cases[i] = (struct chan_case)CASE_RECV(numbers(1), &v);
    chan_send(cases[1].c, &v);
    chan_send(cases[2].c, &v);
    for (int r = 0; r < 10000; r++) {
        int i = gort_select(cases, 4, true);

        count[i]++;
        chan_send(cases[i].c, &v);
    }
    T_MUST(count[0] == 0 && count[3] == 0);
    T_MUST(abs(count[1] - count[2]) < 500);
}

Test(select, neighbours_of_cases_that_are_not_ready_are_not_preferred)
{
    run(is_fair_among_some);
}

static int64_t first_value;
static int first_case;

static void wait_for_two(void *arg)
{
    struct chan **c = arg;
    struct chan_case cases[] = {CASE_RECV(c[0], &first_value), CASE_RECV(c[1], &first_value)};

    first_case = gort_select(cases, 2, true);
    T_MUST(cases[first_case].ok);
}

static void leaves_the_others(void *unused)
{
    struct chan *c[] = {numbers(0), numbers(0)};
    int64_t v = 7;

    (void)unused;
    go(wait_for_two, c);
    sched_settle();
    T_MUST(waitq_count(&c[0]->recvq) == 1 && waitq_count(&c[1]->recvq) == 1);
    chan_send(c[1], &v);
    sched_settle();
    T_MUST(first_case == 1 && first_value == 7);
    T_MUST(waitq_count(&c[0]->recvq) == 0 && waitq_count(&c[1]->recvq) == 0);
}

Test(select, who_was_woken_leaves_the_other_queues)
{
    run(leaves_the_others);
}

static void one_wakes_it(void *unused)
{
    struct chan *c[] = {numbers(0), numbers(0)};
    int64_t v = 7;

    (void)unused;
    go(wait_for_two, c);
    sched_settle();
    chan_send(c[0], &v);
    T_MUST(!chan_try_send(c[1], &v));       /* it is woken already, and takes one value only */
    T_MUST(!chan_try_send(c[0], &v));
}

Test(select, one_select_takes_one_value)
{
    run_on(1, one_wakes_it);
}

static void both_directions(void *unused)
{
    struct chan *a = numbers(1), *b = numbers(1);
    int64_t in = 0, out = 5;
    struct chan_case cases[] = {CASE_RECV(a, &in), CASE_SEND(b, &out)};

    (void)unused;
    T_MUST(gort_select(cases, 2, true) == 1);       /* b has room, a has nothing */
    chan_send(a, &(int64_t){9});
    T_MUST(gort_select(cases, 2, true) == 0 && in == 9 && cases[0].ok);
    T_MUST(gort_select(cases, 2, false) == -1);
    chan_close(a);
    T_MUST(gort_select(cases, 2, true) == 0 && in == 0 && !cases[0].ok);
}

Test(select, sends_and_receives_stand_side_by_side)
{
    run(both_directions);
}

static void not_with_itself(void *unused)
{
    struct chan *c = numbers(0);
    int64_t in, out = 1;
    struct chan_case cases[] = {CASE_RECV(c, &in), CASE_SEND(c, &out)};

    (void)unused;
    T_MUST(gort_select(cases, 2, false) == -1);
}

Test(select, a_select_is_no_partner_for_itself)
{
    run(not_with_itself);
}

static int64_t got[4];
static int which[4];

static void swap_on(void *arg)
{
    struct chan *c = *(struct chan **)arg;
    int64_t in = 0, out = 1;
    struct chan_case cases[] = {CASE_RECV(c, &in), CASE_SEND(c, &out)};
    static _Atomic int next;
    int me = next++;

    which[me] = gort_select(cases, 2, true);
    got[me] = in;
}

static void two_selects_meet(void *unused)
{
    struct chan *c = numbers(0);

    (void)unused;
    go(swap_on, &c);
    go(swap_on, &c);
    sched_settle();
    T_MUST(which[0] + which[1] == 1);       /* one sent, the other received */
    T_MUST(got[0] + got[1] == 1);
}

Test(select, two_selects_on_one_channel_find_each_other)
{
    run(two_selects_meet);
}

/* Many cases, the same channel several times, nil ones between. */
static void many_cases(void *unused)
{
    enum { N = 1000 };
    struct chan_case *cases = calloc(N, sizeof *cases);
    struct chan *c[100];
    int64_t v = 0;

    (void)unused;
    for (int i = 0; i < 100; i++)
        c[i] = numbers(0);
    for (int i = 0; i < N; i++)
        cases[i] = (struct chan_case)CASE_RECV(i % 7 == 3 ? NULL : c[i * 37 % 100], &v);
    for (int64_t i = 1; i < 50; i++) {
        struct chan **pair = (struct chan *[]){c[i], c[i]};
        int k;

        go(wait_for_two, pair);             /* a partner that is in a select as well */
        sched_settle();
        cases[5] = (struct chan_case)CASE_SEND(c[i], &i);
        k = gort_select(cases, N, true);
        T_MUST(k == 5);
        sched_settle();
        T_MUST(first_value == i);
        T_MUST(gort_select(cases, N, false) == -1);
    }
    free(cases);
}

Test(select, a_thousand_cases_with_repeats_work)
{
    run(many_cases);
}

static struct many {
    struct chan_case cases[40];
    int64_t v;
    int chosen;
} many;

static void wait_for_many(void *unused)
{
    (void)unused;
    many.chosen = gort_select(many.cases, 40, true);
}

static void many_wait(void *unused)
{
    (void)unused;
    many.chosen = -1;
    for (int i = 0; i < 40; i++)
        many.cases[i] = (struct chan_case)CASE_RECV(numbers(0), &many.v);
    go(wait_for_many, NULL);
    sched_settle();
    chan_send(many.cases[33].c, &(int64_t){3});
    sched_settle();
    T_MUST(many.chosen == 33 && many.v == 3);
    for (int i = 0; i < 40; i++)
        T_MUST(waitq_is_empty(&many.cases[i].c->recvq));
}

Test(select, forty_cases_wait_and_leave)
{
    run(many_wait);
}

/* Two selects over the same channels in opposite order; each value arrives once. */
enum { ROUNDS = 4000 };

static struct {
    struct chan *a, *b;
    struct waitgroup wg;
    _Atomic int64_t sent, received;
} cross;

static void cross_with(struct chan *x, struct chan *y)
{
    int64_t in, out = 1;

    for (int i = 0; i < ROUNDS; i++) {
        struct chan_case cases[] = {CASE_RECV(x, &in), CASE_SEND(y, &out), CASE_RECV(y, &in),
                                    CASE_SEND(x, &out)};
        int k = gort_select(cases, 4, i % 4 != 0);

        if (k < 0)
            continue;
        if (cases[k].send)
            cross.sent++;
        else
            cross.received += in;
    }
    waitgroup_done(&cross.wg);
}

static void forwards(void *unused)
{
    (void)unused;
    cross_with(cross.a, cross.b);
}

static void backwards(void *unused)
{
    (void)unused;
    cross_with(cross.b, cross.a);
}

/* Whoever is left alone at the end is helped out. */
static void helper(void *unused)
{
    int64_t in, out = 0;
    struct chan_case cases[] = {CASE_RECV(cross.a, &in), CASE_SEND(cross.b, &out)};

    (void)unused;
    for (;;) {
        if (gort_select(cases, 2, false) == 0)
            cross.received += in;
        gort_yield();
    }
}

static void opposite_orders(void *unused)
{
    (void)unused;
    cross.a = numbers(0);
    cross.b = numbers(0);
    waitgroup_add(&cross.wg, 4);
    go(forwards, NULL);
    go(backwards, NULL);
    go(forwards, NULL);
    go(backwards, NULL);
    go(helper, NULL);
    waitgroup_wait(&cross.wg);
    T_MUST(cross.sent == cross.received);
}

Test(select, opposite_orders_neither_deadlock_nor_lose_values)
{
    run_on(1, opposite_orders);
    run_on(2, opposite_orders);
    run_on(8, opposite_orders);
}

/* Select against close, on several Ps. */
static _Atomic int panicked;

static void note(void *unused)
{
    char text[256];

    (void)unused;
    panicked += gort_recover(text);
    waitgroup_done(&cross.wg);
}

static void select_until_closed(void *unused)
{
    int64_t in, out = 1;

    (void)unused;
    gort_defer(note, NULL);
    for (;;) {
        struct chan_case cases[] = {CASE_SEND(cross.a, &out), CASE_RECV(cross.b, &in)};

        gort_select(cases, 2, true);
    }
}

static void close_under_select(void *unused)
{
    (void)unused;
    for (int i = 0; i < 300; i++) {
        cross.a = numbers(0);
        cross.b = numbers(0);
        waitgroup_add(&cross.wg, 2);
        go(select_until_closed, NULL);
        go(select_until_closed, NULL);
        if (i % 2)
            gort_yield();
        chan_close(cross.a);
        waitgroup_wait(&cross.wg);
    }
    T_MUST(panicked == 600);
}

Test(select, a_send_case_panics_when_its_channel_is_closed)
{
    run(close_under_select);
}

/* The explorer: small programs in which every order must come to the same end. */

static void meet(void *unused)
{
    int64_t in, out = 1, sum = 0;

    (void)unused;
    cross.a = numbers(0);
    cross.b = numbers(1);
    for (int i = 0; i < 3; i++)
        go(swap_on, &cross.a);              /* two of them meet; main takes the third */
    for (int i = 0; i < 1; i++) {
        struct chan_case cases[] = {CASE_RECV(cross.a, &in), CASE_SEND(cross.a, &out)};

        sum += gort_select(cases, 2, true);
    }
    sched_settle();
    T_MUST(waitq_is_empty(&cross.a->recvq) && waitq_is_empty(&cross.a->sendq));
    T_MUST(sum == 0 || sum == 1);
}

static void explore(void (*fn)(void *), int seeds)
{
    int status = 0;
    int64_t bad = explore_seeds(1, (uint64_t)t_seeds(seeds), fn, NULL, 20, &status);

    cr_expect(bad == -1, "seed %d, status %d", (int)bad, status);
}

Test(seeds, four_selects_on_one_channel_pair_off_in_every_order)
{
    explore(meet, 400);
}

static void stage(void *arg)
{
    struct chan **c = arg;
    int64_t v;

    while (chan_recv(c[0], &v)) {
        v *= 2;
        chan_send(c[1], &v);
    }
    chan_close(c[1]);
}

static void feed(void *c)
{
    for (int64_t i = 1; i <= 5; i++)
        chan_send(c, &i);
    chan_close(c);
}

static void pipeline(void *unused)
{
    struct chan *c[] = {numbers(0), numbers(1), numbers(2)};
    int64_t sum = 0, v;

    (void)unused;
    go(stage, &c[0]);
    go(stage, &c[1]);
    go(feed, c[0]);
    while (chan_recv(c[2], &v))
        sum += v;
    T_MUST(sum == 60);
}

Test(seeds, a_pipeline_comes_to_the_same_sum_in_every_order)
{
    explore(pipeline, 400);
}

static void fan_in(void *unused)
{
    struct chan *c[] = {numbers(0), numbers(0)};
    int64_t sum = 0, v = 0;
    int open = 2;

    (void)unused;
    go(feed, c[0]);
    go(feed, c[1]);
    while (open > 0) {
        struct chan_case cases[] = {CASE_RECV(c[0], &v), CASE_RECV(c[1], &v)};
        int i = gort_select(cases, 2, true);

        if (cases[i].ok) {
            sum += v;
        } else {
            c[i] = NULL;                    /* a nil channel's case never happens */
            open--;
        }
    }
    T_MUST(sum == 30);
}

Test(seeds, fan_in_by_select_and_nil_comes_to_the_same_sum_in_every_order)
{
    explore(fan_in, 400);
}
