/*
 * chan.c - tests of runtime/sync/chan.c and waitq.c; chanmatrix.c has every operation in
 * every state.
 */
#include "gohelp.h"
#include "unit.h"

#include <gort.h>

#include <stdlib.h>

#include "plock.h"
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

/* Goroutines that send or receive one number. */
struct one {
    struct chan *c;
    int64_t v;
    bool ok;
    int place;                  /* the how-manieth to finish */
};

static _Atomic int finished;

static void receive_one(void *arg)
{
    struct one *o = arg;

    o->ok = chan_recv(o->c, &o->v);
    o->place = finished++;
}

static void send_one(void *arg)
{
    struct one *o = arg;

    chan_send(o->c, &o->v);
    o->place = finished++;
}

static void start_waiting(struct one *o, int n, struct chan *c, void (*fn)(void *))
{
    for (int i = 0; i < n; i++) {
        o[i] = (struct one){c, i, false, -1};
        go(fn, &o[i]);
        sched_settle();
    }
}

static void receivers_in_order(void *unused)
{
    struct chan *c = numbers(0);
    struct one o[20];

    (void)unused;
    start_waiting(o, 20, c, receive_one);
    for (int64_t v = 100; v < 120; v++)
        chan_send(c, &v);
    sched_settle();
    for (int i = 0; i < 20; i++)
        T_MUST(o[i].ok && o[i].v == 100 + i);
}

Test(chan, receivers_are_served_in_the_order_they_came)
{
    run(receivers_in_order);
}

static void senders_in_order(void *unused)
{
    struct chan *c = numbers(3);
    struct one o[20];

    (void)unused;
    start_waiting(o, 20, c, send_one);
    for (int64_t want = 0, v; want < 20; want++) {
        chan_recv(c, &v);
        T_MUST(v == want);
    }
}

Test(chan, senders_are_served_in_the_order_they_came)
{
    run(senders_in_order);
}

static void hand_off(void *unused)
{
    struct chan *c = numbers(0);
    struct one o;
    int64_t v = 42;

    (void)unused;
    start_waiting(&o, 1, c, receive_one);
    chan_send(c, &v);
    /* The receiver need not have run: its variable is written already. */
    T_MUST(o.v == 42);
    T_MUST(chan_len(c) == 0);
}

Test(chan, a_value_is_written_into_the_waiting_receivers_variable)
{
    run_on(1, hand_off);
}

static void hand_off_passes_nobody(void *unused)
{
    struct chan *c = numbers(2);
    struct one o;
    int64_t v = 42, w;

    (void)unused;
    start_waiting(&o, 1, c, receive_one);
    chan_send(c, &v);
    T_MUST(!chan_try_recv(c, &w, NULL));
    sched_settle();
    T_MUST(o.ok && o.v == 42);
}

Test(chan, nobody_can_take_a_value_that_was_handed_to_a_waiting_receiver)
{
    run(hand_off_passes_nobody);
}

static void close_wakes_receivers(void *unused)
{
    struct chan *c = numbers(0);
    struct one o[50];

    (void)unused;
    start_waiting(o, 50, c, receive_one);
    chan_close(c);
    sched_settle();
    for (int i = 0; i < 50; i++)
        T_MUST(!o[i].ok && o[i].v == 0 && o[i].place >= 0);
}

Test(chan, close_wakes_every_receiver_with_zero_and_false)
{
    run(close_wakes_receivers);
}

/* Measured: Go 1.19 with GOMAXPROCS=1 and four receivers prints 0 3 2 1. */
static void close_order(void *unused)
{
    struct chan *c = numbers(0);
    struct one o[4];

    (void)unused;
    start_waiting(o, 4, c, receive_one);
    chan_close(c);
    sched_settle();
    T_MUST(o[0].place == 0 && o[3].place == 1 && o[2].place == 2 && o[1].place == 3);
}

Test(chan, after_close_the_receiver_that_came_first_runs_first)
{
    run_on(1, close_order);
}

static _Atomic int panicked;

static void note_panic(void *unused)
{
    char text[256];

    (void)unused;
    if (gort_recover(text) && strcmp(text, "send on closed channel") == 0)
        panicked++;
}

static void send_and_recover(void *arg)
{
    gort_defer(note_panic, NULL);
    send_one(arg);
}

static void close_panics_senders(void *unused)
{
    struct chan *c = numbers(0);
    struct one o[20];

    (void)unused;
    start_waiting(o, 20, c, send_and_recover);
    chan_close(c);
    sched_settle();
    T_MUST(panicked == 20 && finished == 0);
}

Test(chan, close_makes_every_waiting_sender_panic)
{
    run(close_panics_senders);
}

static void values_survive_close(void *unused)
{
    struct chan *c = numbers(4);
    int64_t v = -1;

    (void)unused;
    for (int64_t i = 0; i < 3; i++)
        chan_send(c, &i);
    chan_close(c);
    for (int64_t i = 0; i < 3; i++)
        T_MUST(chan_recv(c, &v) && v == i);
    T_MUST(!chan_recv(c, &v) && v == 0);
}

Test(chan, what_was_sent_before_close_is_received_after_it)
{
    run(values_survive_close);
}

static void sizes(void *unused)
{
    (void)unused;
    for (size_t size = 0; size < 70; size++) {
        struct chan *c = chan_make(size, 3);
        unsigned char from[72], to[72];

        for (int round = 0; round < 8; round++) {
            memset(from, round + 1, sizeof from);
            memset(to, 0xee, sizeof to);
            chan_send(c, from);
            T_MUST(chan_recv(c, to));
            T_MUST(memcmp(from, to, size) == 0 && to[size] == 0xee);
        }
    }
}

Test(chan, elements_of_every_size_are_copied_whole)
{
    run_on(1, sizes);
}

static void pointers(void *unused)
{
    struct chan *c = chan_make_of(&chan_pointer, 2);
    int64_t *p = gort_alloc(sizeof *p, NULL), *q = NULL;

    (void)unused;
    *p = 5;
    chan_send(c, &p);
    T_MUST(chan_recv(c, &q) && q == p && *q == 5);
    T_MUST(((void **)(void *)c->buf)[0] == NULL);
}

Test(chan, a_pointer_that_was_received_is_not_kept_in_the_ring)
{
    run_on(1, pointers);
}

static void many_waiters(void *unused)
{
    struct chan *c = numbers(0);
    struct one *o = calloc(3000, sizeof *o);

    (void)unused;
    for (int i = 0; i < 3000; i++) {
        o[i] = (struct one){c, -1, false, -1};
        go(receive_one, &o[i]);
    }
    sched_settle();
    T_MUST(waitq_count(&c->recvq) == 3000);
    for (int64_t v = 0; v < 3000; v++)
        chan_send(c, &v);
    sched_settle();
    T_MUST(finished == 3000 && waitq_count(&c->recvq) == 0);
    free(o);
}

Test(chan, three_thousand_receivers_wait_and_are_served)
{
    run_on(1, many_waiters);
    run_on(2, many_waiters);
}

/* Stress: every value arrives once, whatever the number of Ps and the size of the ring. */
enum { SENDERS = 4, VALUES = 3000 };

static struct {
    struct chan *c;
    struct waitgroup senders, receivers;
    _Atomic int seen[SENDERS * VALUES];
    int cap;
} load;

static void send_range(void *arg)
{
    int64_t first = *(int64_t *)arg;

    for (int64_t v = first; v < first + VALUES; v++)
        chan_send(load.c, &v);
    waitgroup_done(&load.senders);
}

static void receive_all(void *unused)
{
    int64_t v, last[SENDERS] = {-1, -1, -1, -1};

    (void)unused;
    while (chan_recv(load.c, &v)) {
        T_MUST(v > last[v / VALUES]);       /* one sender's values keep their order */
        last[v / VALUES] = v;
        load.seen[v]++;
    }
    waitgroup_done(&load.receivers);
}

static void lose_nothing(void *unused)
{
    int64_t first[SENDERS];

    (void)unused;
    load.c = numbers(load.cap);
    waitgroup_add(&load.senders, SENDERS);
    waitgroup_add(&load.receivers, SENDERS);
    for (int i = 0; i < SENDERS; i++) {
        first[i] = (int64_t)i * VALUES;
        go(send_range, &first[i]);
        go(receive_all, NULL);
    }
    waitgroup_wait(&load.senders);
    chan_close(load.c);
    waitgroup_wait(&load.receivers);
    for (int i = 0; i < SENDERS * VALUES; i++)
        T_MUST(load.seen[i] == 1);
    plock_take(&load.c->lock);
    T_MUST(chan_check(load.c) == 0);
    plock_give(&load.c->lock);
}

static void lose_nothing_on(int procs)
{
    for (load.cap = 0; load.cap < 10; load.cap += 3)
        run_on(procs, lose_nothing);
}

Test(chan, no_value_is_lost_or_doubled_on_one_p)
{
    lose_nothing_on(1);
}

Test(chan, no_value_is_lost_or_doubled_on_two_ps)
{
    lose_nothing_on(2);
}

Test(chan, no_value_is_lost_or_doubled_on_eight_ps)
{
    lose_nothing_on(8);
}

static void ps_change(void *unused)
{
    (void)unused;
    load.c = numbers(1);
    waitgroup_add(&load.senders, 1);
    waitgroup_add(&load.receivers, 1);
    go(send_range, &(int64_t){0});
    go(receive_all, NULL);
    for (int i = 0; i < 60; i++) {
        gort_gomaxprocs(1 + i % 3);
        gort_yield();
    }
    waitgroup_wait(&load.senders);
    chan_close(load.c);
    waitgroup_wait(&load.receivers);
    for (int i = 0; i < VALUES; i++)
        T_MUST(load.seen[i] == 1);
}

Test(chan, nothing_is_lost_while_the_number_of_ps_changes)
{
    run_on(1, ps_change);
    run_on(3, ps_change);
}

static void try_load_sender(void *unused)
{
    int64_t v = 0;

    (void)unused;
    while (v < VALUES) {
        if (chan_try_send(load.c, &v))
            v++;
        else
            gort_yield();
    }
    chan_close(load.c);
}

static void try_load(void *unused)
{
    int64_t want = 0, v;
    bool ok = true;

    (void)unused;
    load.c = numbers(2);
    go(try_load_sender, NULL);
    while (ok) {
        if (!chan_try_recv(load.c, &v, &ok)) {
            gort_yield();
            continue;
        }
        T_MUST(!ok || v == want++);
    }
    T_MUST(want == VALUES);
}

Test(chan, tries_lose_nothing_either)
{
    run(try_load);
}

Test(waitq, leaving_from_the_middle_keeps_the_list_whole)
{
    struct waitq q = {0};
    struct sudog s[5] = {0};

    for (int i = 0; i < 4; i++)
        waitq_put(&q, &s[i]);
    waitq_put_first(&q, &s[4]);
    waitq_remove(&q, &s[1]);
    waitq_remove(&q, &s[1]);
    cr_expect(waitq_check(&q) == 0 && waitq_count(&q) == 4);
    cr_expect(waitq_take(&q) == &s[4]);
    cr_expect(waitq_take(&q) == &s[0]);
    cr_expect(waitq_take(&q) == &s[2]);
    waitq_remove(&q, &s[3]);
    cr_expect(waitq_take(&q) == NULL && waitq_is_empty(&q) && waitq_check(&q) == 0);
}

Test(waitq, who_was_woken_elsewhere_is_passed_over)
{
    struct waitq q = {0};
    struct g a = {0}, b = {0};
    struct sudog s[2] = {{.g = &a, .select = true}, {.g = &b, .select = true}};

    a.select_done = 1;
    waitq_put(&q, &s[0]);
    waitq_put(&q, &s[1]);
    cr_expect(waitq_take(&q) == &s[1]);
    cr_expect(b.select_done == 1);
    cr_expect(s[0].queue == NULL);
}

Test(waitq, the_check_sees_a_broken_link)
{
    struct waitq q = {0};
    struct sudog s[2] = {0};

    waitq_put(&q, &s[0]);
    waitq_put(&q, &s[1]);
    s[1].prev = NULL;
    cr_expect(waitq_check(&q) == 1);
}
