/*
 * load.c - many kinds of goroutines at once, each of which knows what must come out.
 *
 * Rare mistakes of a scheduler show when everything happens at once: goroutines that start
 * others, hand numbers round a ring, sleep, yield, block in the system, never yield, stop
 * the world, change the number of Ps, hold their thread, panic and recover.
 */
#include "load.h"

#include "pair.h"
#include "preempt.h"
#include "sched.h"
#include "world.h"

#include <gort.h>

#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { RING = 12, TOKENS = 4, KINDS_TWICE = 2, MS = 1000000 };

static struct t_wait all = T_WAIT_INIT;
static struct t_chan ring[RING];
static int64_t end;
static _Atomic uint64_t work;

static void must(bool cond, const char *what)
{
    if (cond)
        return;
    fprintf(stderr, "the load finds that this does not hold: %s\n", what);
    _exit(1);
}

static bool goes_on(void)
{
    atomic_fetch_add_explicit(&work, 1, memory_order_relaxed);
    return gort_now() < end;
}

/* A token counts its hops; who sees the end lets it fall, and closes its way. */
static void hands_on(void *place)
{
    uint32_t i = (uint32_t)(uintptr_t)place, v;

    while (t_recv(&ring[i], &v)) {
        if (!goes_on())
            break;
        t_send(&ring[(i + 1) % RING], v + 1);
    }
    t_wait_done(&all);
}

static void adds_one(void *sum)
{
    struct t_wait *w = ((void **)sum)[0];
    _Atomic uint32_t *n = ((void **)sum)[1];

    atomic_fetch_add_explicit(n, 1, memory_order_relaxed);
    t_wait_done(w);
}

static void starts_others(void *unused)
{
    (void)unused;
    while (goes_on()) {
        struct t_wait w = T_WAIT_INIT;
        _Atomic uint32_t n = 0;
        void *both[2] = {&w, &n};

        t_wait_add(&w, 50);
        for (int i = 0; i < 50; i++)
            go(adds_one, both);
        t_wait_for(&w);
        must(atomic_load(&n) == 50, "fifty goroutines add one each");
    }
    t_wait_done(&all);
}

static void yields(void *unused)
{
    uint64_t me = gort_goid();

    (void)unused;
    while (goes_on()) {
        errno = (int)me;
        gort_yield();
        must(errno == (int)me && gort_goid() == me, "errno stays with its goroutine");
    }
    t_wait_done(&all);
}

static void sleeps(void *unused)
{
    (void)unused;
    while (goes_on()) {
        int64_t before = gort_now();

        gort_sleep(MS / 5);
        must(gort_now() - before >= MS / 5, "nobody wakes too early");
    }
    t_wait_done(&all);
}

static void blocks(void *unused)
{
    (void)unused;
    while (goes_on()) {
        gort_block();
        usleep(100);
        gort_unblock();
    }
    t_wait_done(&all);
}

static void allocates(void *unused)
{
    (void)unused;
    while (goes_on()) {
        unsigned char *p = gort_alloc(100, NULL);

        must(p[0] == 0 && p[99] == 0, "new memory is zero");
        memset(p, 1, 100);
        gort_yield();
        must(p[0] == 1 && p[99] == 1, "memory has one owner");
    }
    t_wait_done(&all);
}

static void panics(void *unused)
{
    (void)unused;
    gort_yield();
    rt_panic("%llu", (unsigned long long)gort_goid());
}

static void catches(void *unused)
{
    (void)unused;
    while (goes_on()) {
        char text[FATAL_TEXT], expected[32];

        must(!fatal_try(panics, NULL, text), "a panic is caught");
        snprintf(expected, sizeof expected, "%llu", (unsigned long long)gort_goid());
        must(strcmp(text, expected) == 0, "a panic is caught by its own goroutine");
    }
    t_wait_done(&all);
}

static void stops_the_world(void *unused)
{
    (void)unused;
    while (goes_on()) {
        gort_sleep(MS);
        world_stop();
        must(world_missing() == 0, "the world stands still");
        world_start();
    }
    t_wait_done(&all);
}

static void changes_procs(void *unused)
{
    int most = gort_gomaxprocs(0);

    (void)unused;
    for (int i = 0; goes_on(); i++) {
        gort_sleep(3 * MS);
        gort_gomaxprocs(1 + i % most);
    }
    gort_gomaxprocs(most);
    t_wait_done(&all);
}

static void holds_its_thread(void *unused)
{
    (void)unused;
    while (goes_on()) {
        pthread_t mine;

        gort_lock_os_thread();
        mine = pthread_self();
        gort_yield();
        gort_sleep(MS / 10);
        must(pthread_equal(mine, pthread_self()), "a locked goroutine stays");
        gort_unlock_os_thread();
        gort_yield();
    }
    t_wait_done(&all);
}

static void never_yields(void *unused)
{
    int turns = preempt_by_signal() ? 20000000 : 20000;

    (void)unused;
    while (goes_on()) {
        for (volatile int i = 0; i < turns; i++)
            continue;
        gort_yield();
    }
    t_wait_done(&all);
}

static void sends_tokens(void *unused)
{
    (void)unused;
    for (uint32_t i = 0; i < TOKENS; i++)
        t_send(&ring[i], 0);
    t_wait_done(&all);
}

uint64_t load_run(int64_t ms)
{
    static void (*const kinds[])(void *) = {
        starts_others, yields, sleeps, blocks, allocates, catches, stops_the_world,
        changes_procs, holds_its_thread, never_yields,
    };
    enum { KINDS = sizeof kinds / sizeof kinds[0] };

    end = gort_now() + ms * MS;
    t_wait_add(&all, RING + KINDS * KINDS_TWICE + 1);
    for (uintptr_t i = 0; i < RING; i++) {
        ring[i] = (struct t_chan)T_CHAN_INIT;
        go(hands_on, (void *)i);
    }
    for (int i = 0; i < KINDS * KINDS_TWICE; i++)
        go(kinds[i % KINDS], NULL);
    go(sends_tokens, NULL);
    gort_sleep(ms * MS);
    for (uint32_t i = 0; i < RING; i++)
        t_close(&ring[i]);
    t_wait_for(&all);
    return work;
}
