/*
 * world.c - unit tests of sched/world.c, block.c and of LockOSThread: Ps that stop, change
 * hands and change in number.
 */
#include "world.h"

#include "gohelp.h"
#include "sched.h"
#include "start.h"
#include "unit.h"

#include <unistd.h>

enum { MS = 1000000 };

static struct t_wait all = T_WAIT_INIT;
static _Atomic long counter;

static void counts(void *unused)
{
    (void)unused;
    counter++;
    t_wait_done(&all);
}

static void never_ends(void *unused)
{
    (void)unused;
    for (;;)
        gort_yield();
}

static void sets_procs(void *unused)
{
    (void)unused;
    T_MUST(gort_gomaxprocs(0) >= 1);
    for (int n = 1; n <= 8; n++) {
        gort_gomaxprocs(n);
        T_MUST(gort_gomaxprocs(-1) == n);
        t_wait_add(&all, 100);
        for (int i = 0; i < 100; i++)
            go(counts, NULL);
        if (n % 3 == 0)
            gort_gomaxprocs(2);
        t_wait_for(&all);
    }
    T_MUST(gort_gomaxprocs(1) == 8);
    T_MUST(counter == 800);
}

Test(world, the_number_of_ps_can_change_while_goroutines_run)
{
    t_on_some_procs(sets_procs, NULL);
}

static void stops_often(void *unused)
{
    (void)unused;
    for (int i = 0; i < 5; i++)
        go(never_ends, NULL);
    for (int i = 0; i < 30; i++) {
        uint32_t before = world_generation();

        world_stop();
        T_MUST(world_missing() == 0 && world_generation() == before + 1);
        for (uint32_t p = 0; p < gmp_procs(); p++)
            T_MUST(gmp.p[p] == g_here()->m->p || gmp.p[p]->status == P_GCSTOP);
        world_start();
        gort_yield();
    }
}

Test(world, a_stopped_world_has_one_running_p)
{
    t_on_some_procs(stops_often, NULL);
}

static void stops(void *unused)
{
    (void)unused;
    for (int i = 0; i < 20; i++) {
        world_stop();
        world_start();
    }
    t_wait_done(&all);
}

static void two_stop(void *unused)
{
    (void)unused;
    t_wait_add(&all, 3);
    for (int i = 0; i < 3; i++)
        go(stops, NULL);
    t_wait_for(&all);
}

Test(world, several_goroutines_may_want_to_stop_the_world)
{
    t_on_some_procs(two_stop, NULL);
}

static void stays_on_its_thread(void *unused)
{
    pthread_t mine;

    (void)unused;
    gort_lock_os_thread();
    gort_lock_os_thread();
    mine = pthread_self();
    for (int i = 0; i < 50; i++) {
        gort_yield();
        T_MUST(pthread_equal(mine, pthread_self()));
    }
    gort_unlock_os_thread();
    gort_sleep(MS / 10);
    T_MUST(pthread_equal(mine, pthread_self()));
    gort_unlock_os_thread();
    t_wait_done(&all);
}

static void some_are_locked(void *unused)
{
    (void)unused;
    t_wait_add(&all, 4 + 100);
    for (int i = 0; i < 4; i++)
        go(stays_on_its_thread, NULL);
    for (int i = 0; i < 100; i++)
        go(counts, NULL);
    t_wait_for(&all);
}

Test(world, a_locked_goroutine_stays_on_its_thread)
{
    t_on_some_procs(some_are_locked, NULL);
}

static void ends_locked(void *unused)
{
    (void)unused;
    gort_lock_os_thread();
    t_wait_done(&all);
}

static void main_is_locked(void *unused)
{
    (void)unused;
    gort_lock_os_thread();
    t_wait_add(&all, 20);
    for (int i = 0; i < 20; i++)
        go(ends_locked, NULL);
    t_wait_for(&all);
    gort_gomaxprocs(3);
    gort_sleep(MS / 10);
}

Test(world, a_thread_is_free_again_when_its_goroutine_ends)
{
    t_on_some_procs(main_is_locked, NULL);
}

static int pipes[2];

static void reads_a_pipe(void *unused)
{
    char byte = 0;

    (void)unused;
    gort_block();
    T_MUST(read(pipes[0], &byte, 1) == 1);
    gort_unblock();
    T_MUST(byte == 'x');
    t_wait_done(&all);
}

/* With one P, the writer runs only when the reader's P was taken from it. */
static void writes_a_pipe(void *unused)
{
    (void)unused;
    for (int i = 0; i < 5; i++) {
        t_wait_add(&all, 1);
        T_MUST(pipe(pipes) == 0);
        go(reads_a_pipe, NULL);
        gort_yield();
        T_MUST(write(pipes[1], "x", 1) == 1);
        t_wait_for(&all);
    }
}

Test(world, a_blocking_call_does_not_hold_its_p)
{
    t_on_some_procs(writes_a_pipe, NULL);
}

static void blocks_shortly(void *unused)
{
    (void)unused;
    for (int i = 0; i < 2000; i++) {
        sched_block();
        sched_unblock();
    }
    t_wait_done(&all);
}

static void stops_blockers(void *unused)
{
    (void)unused;
    t_wait_add(&all, 4);
    for (int i = 0; i < 4; i++)
        go(blocks_shortly, NULL);
    for (int i = 0; i < 20; i++) {
        world_stop();
        world_start();
        gort_yield();
    }
    t_wait_for(&all);
}

Test(world, blocking_calls_and_stops_may_meet)
{
    t_on_some_procs(stops_blockers, NULL);
}
