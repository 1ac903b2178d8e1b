/*
 * mutex.c - tests of mutex.c, rwmutex.c, waitgroup.c and once.c.
 */
#include "gohelp.h"
#include "unit.h"

#include <gort.h>

#include <stdlib.h>

#include "explore.h"
#include "sched.h"
#include "sema.h"

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

static void explore(void (*fn)(void *), int seeds)
{
    int status = 0;
    int64_t bad = explore_seeds(1, (uint64_t)t_seeds(seeds), fn, NULL, 20, &status);

    cr_expect(bad == -1, "seed %d, status %d", (int)bad, status);
}

static bool ends_with(void (*fn)(void *), int status, const char *text)
{
    struct t_end end = t_go(1, fn, NULL);

    return end.status == status && strncmp(end.err, text, strlen(text)) == 0;
}

/* mutex */

enum { WORKERS = 8, ROUNDS = 2000 };

static struct mutex m;
static struct rwmutex rw;
static struct waitgroup wg;
static _Atomic int inside;
static int counter;             /* m protects it */

static void count(void *unused)
{
    (void)unused;
    for (int i = 0; i < ROUNDS; i++) {
        mutex_lock(&m);
        T_MUST(++inside == 1);
        counter++;
        if (i % 64 == 0)
            gort_yield();
        inside--;
        mutex_unlock(&m);
    }
    waitgroup_done(&wg);
}

static void start_workers(void (*fn)(void *), int n)
{
    waitgroup_add(&wg, n);
    for (int i = 0; i < n; i++)
        go(fn, NULL);
}

static void excludes(void *unused)
{
    (void)unused;
    start_workers(count, WORKERS);
    waitgroup_wait(&wg);
    T_MUST(counter == WORKERS * ROUNDS);
    T_MUST(m.state == 0 && sema_check() == 0);
}

Test(mutex, one_goroutine_is_inside_at_a_time)
{
    run(excludes);
    run_on(8, excludes);
}

static void tries(void *unused)
{
    (void)unused;
    T_MUST(mutex_try_lock(&m));
    T_MUST(!mutex_try_lock(&m));
    mutex_unlock(&m);
    T_MUST(mutex_try_lock(&m));
}

Test(mutex, try_lock_takes_it_only_when_it_is_free)
{
    run(tries);
}

static void wait_and_note(void *unused)
{
    (void)unused;
    mutex_lock(&m);
    counter++;
    mutex_unlock(&m);
}

/* The owner unlocks and locks again at once: it would win every time, if nobody starved. */
static void starves(void *unused)
{
    (void)unused;
    mutex_lock(&m);
    go(wait_and_note, NULL);
    sched_settle();
    gort_sleep(3 * MUTEX_STARVES);
    mutex_unlock(&m);           /* wakes it; it comes too late, and notes that it starves */
    mutex_lock(&m);
    sched_settle();
    T_MUST(counter == 0 && (m.state & MUTEX_STARVING) != 0);
    mutex_unlock(&m);           /* hands over: the other one runs at once */
    T_MUST(counter == 1);
    T_MUST((m.state & MUTEX_STARVING) == 0);
}

Test(mutex, who_waits_long_is_given_the_mutex_by_the_unlocker)
{
    run_on(1, starves);
}

static void no_stealing(void *unused)
{
    (void)unused;
    mutex_lock(&m);
    go(wait_and_note, NULL);
    sched_settle();
    gort_sleep(3 * MUTEX_STARVES);
    mutex_unlock(&m);
    mutex_lock(&m);
    sched_settle();
    T_MUST((m.state & MUTEX_STARVING) != 0);
    atomic_fetch_sub(&m.state, MUTEX_LOCKED);   /* the moment inside mutex_unlock */
    T_MUST(!mutex_try_lock(&m));
}

Test(mutex, nobody_takes_a_mutex_from_one_who_starves)
{
    run_on(1, no_stealing);
}

static void unlock_other(void *unused)
{
    (void)unused;
    mutex_unlock(&m);
}

static void not_an_owners(void *unused)
{
    (void)unused;
    mutex_lock(&m);
    go(unlock_other, NULL);
    mutex_lock(&m);
    T_MUST(m.state == MUTEX_LOCKED);
}

Test(mutex, another_goroutine_may_unlock_it)
{
    run(not_an_owners);
}

static void few_rounds(void *unused)
{
    (void)unused;
    for (int i = 0; i < 3; i++) {
        mutex_lock(&m);
        T_MUST(++inside == 1);
        sched_point();
        inside--;
        mutex_unlock(&m);
    }
    waitgroup_done(&wg);
}

static void few(void *unused)
{
    (void)unused;
    start_workers(few_rounds, 4);
    waitgroup_wait(&wg);
    T_MUST(m.state == 0);
}

Test(mutex, it_excludes_in_every_order)
{
    explore(few, 400);
}

/* rwmutex */

static int shared_value[2];     /* rw protects them; they are equal */

static void read_often(void *unused)
{
    (void)unused;
    for (int i = 0; i < ROUNDS; i++) {
        rwmutex_rlock(&rw);
        T_MUST(shared_value[0] == shared_value[1]);
        if (i % 128 == 0)
            gort_yield();
        T_MUST(shared_value[0] == shared_value[1]);
        rwmutex_runlock(&rw);
    }
    waitgroup_done(&wg);
}

static void write_often(void *unused)
{
    (void)unused;
    for (int i = 0; i < ROUNDS / 4; i++) {
        rwmutex_lock(&rw);
        shared_value[0]++;
        if (i % 32 == 0)
            gort_yield();
        shared_value[1]++;
        rwmutex_unlock(&rw);
    }
    waitgroup_done(&wg);
}

static void readers_and_writers(void *unused)
{
    (void)unused;
    start_workers(read_often, 6);
    start_workers(write_often, 2);
    waitgroup_wait(&wg);
    T_MUST(shared_value[0] == 2 * (ROUNDS / 4) && rw.count == 0);
}

Test(rwmutex, readers_never_see_a_writer_at_work)
{
    run(readers_and_writers);
}

static void read_once(void *unused)
{
    (void)unused;
    rwmutex_rlock(&rw);
    inside++;
}

static void write_once(void *unused)
{
    (void)unused;
    rwmutex_lock(&rw);
    counter = inside;
    rwmutex_unlock(&rw);
}

static void writer_keeps_out(void *unused)
{
    (void)unused;
    read_once(NULL);
    go(read_once, NULL);
    sched_settle();
    T_MUST(inside == 2);                /* readers share it */
    T_MUST(!rwmutex_try_lock(&rw));
    counter = -1;
    go(write_once, NULL);
    sched_settle();
    T_MUST(counter == -1);              /* the writer waits for both */
    go(read_once, NULL);
    sched_settle();
    T_MUST(inside == 2);                /* and keeps new readers out */
    T_MUST(!rwmutex_try_rlock(&rw));
    rwmutex_runlock(&rw);
    rwmutex_runlock(&rw);
    sched_settle();
    T_MUST(counter == 2 && inside == 3);
    rwmutex_runlock(&rw);
    T_MUST(rwmutex_try_lock(&rw));
}

Test(rwmutex, a_waiting_writer_comes_before_later_readers)
{
    run(writer_keeps_out);
}

static void runlock_unlocked(void *unused)
{
    (void)unused;
    rwmutex_runlock(&rw);
}

static void unlock_rw_unlocked(void *unused)
{
    (void)unused;
    rwmutex_unlock(&rw);
}

Test(rwmutex, unlocking_an_unlocked_one_ends_the_program_with_gos_words)
{
    cr_expect(ends_with(runlock_unlocked, 2, "fatal error: sync: RUnlock of unlocked RWMutex\n"));
    cr_expect(ends_with(unlock_rw_unlocked, 2, "fatal error: sync: Unlock of unlocked RWMutex\n"));
}

/* waitgroup */

static void done_one(void *unused)
{
    (void)unused;
    inside++;
    waitgroup_done(&wg);
}

static void reuse(void *unused)
{
    (void)unused;
    for (int i = 1; i <= 200; i++) {
        start_workers(done_one, 10);
        waitgroup_wait(&wg);
        T_MUST(inside == 10 * i && wg.state == 0);
    }
}

Test(waitgroup, it_can_be_used_again_and_again)
{
    run(reuse);
}

static struct waitgroup all;

static void wait_too(void *unused)
{
    (void)unused;
    waitgroup_wait(&wg);
    T_MUST(inside == 1);
    waitgroup_done(&all);
}

static void many_wait(void *unused)
{
    (void)unused;
    waitgroup_add(&wg, 1);
    waitgroup_add(&all, 50);
    for (int i = 0; i < 50; i++)
        go(wait_too, NULL);
    sched_settle();
    T_MUST((uint32_t)wg.state == 50);
    go(done_one, NULL);
    waitgroup_wait(&all);
}

Test(waitgroup, all_who_wait_go_on)
{
    run(many_wait);
}

static void empty(void *unused)
{
    (void)unused;
    waitgroup_wait(&wg);
}

Test(waitgroup, an_empty_group_does_not_wait)
{
    run(empty);
}

static void add_during_wait(void *unused)
{
    (void)unused;
    waitgroup_add(&wg, 1);
    go(wait_too, NULL);
    sched_settle();
    wg.state &= UINT32_MAX;             /* the counter is 0 and one still waits */
    waitgroup_add(&wg, 1);
}

Test(waitgroup, misuse_is_seen_with_gos_words)
{
    cr_expect(ends_with(add_during_wait, 2, "panic: sync: WaitGroup misuse: Add called "
                                            "concurrently with Wait\n"));
}

/* once */

static struct once once;

static void slow_count(void *unused)
{
    (void)unused;
    counter++;
    gort_yield();
    inside = 1;
}

static void race_once(void *unused)
{
    (void)unused;
    once_do(&once, slow_count, NULL);
    T_MUST(inside == 1);                /* nobody comes back before it is done */
    waitgroup_done(&wg);
}

static void contended_once(void *unused)
{
    (void)unused;
    for (int i = 0; i < 100; i++) {
        once = (struct once){0};
        inside = 0;
        start_workers(race_once, 8);
        waitgroup_wait(&wg);
        T_MUST(counter == i + 1);
    }
}

Test(once, it_is_done_once_and_everybody_waits_for_it)
{
    run(contended_once);
}

static void send_to_closed(void *unused)
{
    struct chan *c = chan_make(0, 0);

    (void)unused;
    chan_close(c);
    chan_send(c, "");
}

static void do_once(void *unused)
{
    (void)unused;
    once_do(&once, send_to_closed, NULL);
}

static void panics_once(void *unused)
{
    char text[256];

    (void)unused;
    T_MUST(!fatal_try(do_once, NULL, text));
    T_MUST(strcmp(text, "send on closed channel") == 0);
    once_do(&once, slow_count, NULL);
    T_MUST(counter == 0);
}

Test(once, a_panic_counts_as_done)
{
    run(panics_once);
}

static void race_few(void *unused)
{
    (void)unused;
    start_workers(race_once, 3);
    waitgroup_wait(&wg);
    T_MUST(counter == 1);
}

Test(once, it_is_done_once_in_every_order)
{
    explore(race_few, 300);
}
