/*
 * sched.c - unit tests of sched/sched.c, start.c and defer.c: goroutines as a program sees
 * them.
 */
#include "sched.h"

#include "gohelp.h"
#include "preempt.h"
#include "san.h"
#include "timer.h"
#include "unit.h"

#include <gort.h>

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { MS = 1000000 };

static struct t_wait all = T_WAIT_INIT;
static _Atomic long counter;

/* The body ends the process with status 2 and these words somewhere. */
static void ends_with(void (*body)(void *), const char *words)
{
    struct t_end end = t_go(2, body, NULL);

    cr_expect(end.status == 2, "status %d", end.status);
    cr_expect(strstr(end.err, words) != NULL, "%s", end.err);
}

static void counts(void *unused)
{
    (void)unused;
    counter++;
    t_wait_done(&all);
}

static void starts_many(void *unused)
{
    (void)unused;
    for (int round = 0; round < 20; round++) {
        t_wait_add(&all, 500);
        for (int i = 0; i < 500; i++)
            go(counts, NULL);
        t_wait_for(&all);
    }
    T_MUST(counter == 20 * 500);
}

Test(sched, every_goroutine_runs_once)
{
    t_on_some_procs(starts_many, NULL);
}

static void returns_at_once(void *flag)
{
    *(int *)flag = 1;
}

static void main_returns(void *unused)
{
    int flag = 0;

    (void)unused;
    setenv("GOMAXPROCS", "2", 1);
    if (gort_main(returns_at_once, &flag) == 0 && flag == 1)
        _exit(7);
}

Test(sched, gort_main_returns_when_main_does)
{
    cr_expect(t_child(main_returns, NULL).status == 7);
}

static void never_ends(void *unused)
{
    (void)unused;
    for (;;)
        gort_yield();
}

static void leaves_others(void *unused)
{
    (void)unused;
    for (int i = 0; i < 5; i++)
        go(never_ends, NULL);
    gort_yield();
}

Test(sched, the_program_ends_with_main_and_not_with_the_others)
{
    t_on_some_procs(leaves_others, NULL);
}

static void sees_its_number(void *number)
{
    *(uint64_t *)number = gort_goid();
    t_wait_done(&all);
}

static void has_number_1(void *unused)
{
    uint64_t a = 0;

    (void)unused;
    T_MUST(gort_goid() == 1);
    t_wait_add(&all, 1);
    go(sees_its_number, &a);
    t_wait_for(&all);
    T_MUST(a > 1 && gort_numgoroutine() == 1);
}

Test(sched, main_is_goroutine_1)
{
    cr_expect(gort_goid() == 0);
    t_on_some_procs(has_number_1, NULL);
}

static void is_woken(void *g)
{
    sched_ready(g);
}

/* As all that the runtime calls between two goroutines: not to be interrupted. */
#define RUNTIME_TEXT __attribute__((section("gort_text")))

RUNTIME_TEXT static bool starts_waker(struct g *g, void *unused)
{
    (void)unused;
    counter++;
    sched_go(g_here()->m, is_woken, g);
    return true;
}

RUNTIME_TEXT static bool refuses(struct g *g, void *unused)
{
    (void)g;
    (void)unused;
    return false;
}

static void parks(void *unused)
{
    (void)unused;
    sched_park(starts_waker, NULL, WAIT_COND);
    T_MUST(counter == 1);
    sched_park(refuses, NULL, WAIT_COND);
}

Test(sched, park_publishes_after_the_switch_or_not_at_all)
{
    t_on_some_procs(parks, NULL);
}

static void ping(void *chans)
{
    struct t_chan *c = chans;
    uint32_t v;

    while (t_recv(&c[0], &v))
        t_send(&c[1], v + 1);
}

static void plays_ping_pong(void *unused)
{
    static struct t_chan c[2] = {T_CHAN_INIT, T_CHAN_INIT};
    uint32_t v;

    (void)unused;
    go(ping, c);
    for (uint32_t i = 0; i < 5000; i++) {
        t_send(&c[0], i);
        T_MUST(t_recv(&c[1], &v) && v == i + 1);
    }
}

Test(sched, two_goroutines_hand_numbers_to_each_other)
{
    t_on_some_procs(plays_ping_pong, NULL);
}

static void sleeps(void *unused)
{
    int64_t before = gort_now();

    (void)unused;
    gort_sleep(2 * MS);
    T_MUST(gort_now() - before >= 2 * MS);
    gort_sleep(0);
    gort_sleep(-5);
}

Test(sched, sleep_lasts_at_least_as_long_as_it_was_told)
{
    t_on_some_procs(sleeps, NULL);
}

static void sleeps_a_little(void *ms)
{
    gort_sleep((int64_t)(uintptr_t)ms * MS);
    counter++;
    t_wait_done(&all);
}

static void many_sleep(void *unused)
{
    (void)unused;
    t_wait_add(&all, 100);
    for (uintptr_t i = 0; i < 100; i++)
        go(sleeps_a_little, (void *)(i % 5));
    t_wait_for(&all);
    T_MUST(counter == 100 && timer_check() == 0);
}

Test(sched, a_hundred_sleepers_all_wake)
{
    t_on_some_procs(many_sleep, NULL);
}

static void says_bye(void *word)
{
    strcat(word, "d");
}

static void exits_deep(void *word)
{
    gort_defer(says_bye, word);
    strcat(word, "a");
    gort_exit();
}

static void someone_exits(void *unused)
{
    static char word[8];

    (void)unused;
    go(exits_deep, word);
    gort_yield();
    sched_settle();
    T_MUST(strcmp(word, "ad") == 0);
    T_MUST(gort_numgoroutine() == 1);
}

Test(sched, exit_runs_what_was_deferred_and_nothing_else)
{
    t_on_some_procs(someone_exits, NULL);
}

static void append_a(void *word)
{
    strcat(word, "a");
}

static void append_b(void *word)
{
    strcat(word, "b");
}

static void defers_two(void *word)
{
    gort_defer(append_a, word);
    gort_defer(append_b, word);
}

static void someone_defers(void *unused)
{
    static char word[8];

    (void)unused;
    go(defers_two, word);
    gort_yield();
    sched_settle();
    T_MUST(strcmp(word, "ba") == 0);
}

Test(sched, the_last_deferred_comes_first)
{
    t_on_some_procs(someone_defers, NULL);
}

static void recovers(void *text)
{
    T_MUST(gort_recover(text));
    T_MUST(!gort_recover(text));
}

static void panics(void *text)
{
    gort_defer(append_a, text);
    gort_defer(recovers, text);
    rt_panic("boom");
}

static void someone_recovers(void *unused)
{
    static char text[FATAL_TEXT];

    (void)unused;
    T_MUST(!gort_recover(text));
    go(panics, text);
    gort_yield();
    sched_settle();
    T_MUST(strcmp(text, "booma") == 0);
}

Test(sched, a_recovered_panic_ends_its_goroutine_only)
{
    t_on_some_procs(someone_recovers, NULL);
}

static void panics_alone(void *unused)
{
    (void)unused;
    rt_panic("assignment to entry in nil map");
}

static void someone_panics(void *unused)
{
    (void)unused;
    go(panics_alone, NULL);
    gort_sleep(1000 * MS);
}

Test(sched, a_panic_names_its_goroutine)
{
    struct t_end end = t_go(1, someone_panics, NULL);

    cr_expect(end.status == 2);
    cr_expect(strstr(end.err, "panic: assignment to entry in nil map\n\n"
                     "goroutine 2 [running]:\npanics_alone(...)") == end.err, "%s", end.err);
}

static void parks_in_a_try(void *unused)
{
    (void)unused;
    for (int i = 0; i < 10; i++)
        gort_yield();
    rt_panic("%llu", (unsigned long long)gort_goid());
}

static void tries(void *unused)
{
    char text[FATAL_TEXT], number[32];

    (void)unused;
    for (int i = 0; i < 20; i++) {
        T_MUST(!fatal_try(parks_in_a_try, NULL, text));
        snprintf(number, sizeof number, "%llu", (unsigned long long)gort_goid());
        T_MUST(strcmp(text, number) == 0);
    }
    t_wait_done(&all);
}

static void many_try(void *unused)
{
    (void)unused;
    t_wait_add(&all, 10);
    for (int i = 0; i < 10; i++)
        go(tries, NULL);
    t_wait_for(&all);
}

Test(sched, each_goroutine_catches_its_own_panics)
{
    t_on_some_procs(many_try, NULL);
}

static void keeps_errno(void *value)
{
    for (int i = 0; i < 50; i++) {
        errno = (int)(uintptr_t)value;
        gort_yield();
        T_MUST(errno == (int)(uintptr_t)value);
    }
    t_wait_done(&all);
}

static void many_errnos(void *unused)
{
    (void)unused;
    t_wait_add(&all, 10);
    for (uintptr_t i = 1; i <= 10; i++)
        go(keeps_errno, (void *)i);
    t_wait_for(&all);
}

Test(sched, each_goroutine_has_its_errno)
{
    t_on_some_procs(many_errnos, NULL);
}

static void waits_for_ever(void *chan)
{
    uint32_t v;

    t_recv(chan, &v);
    T_MUST(false);
}

static void all_wait(void *unused)
{
    static struct t_chan c = T_CHAN_INIT;

    (void)unused;
    go(waits_for_ever, &c);
    go(waits_for_ever, &c);
    waits_for_ever(&c);
}

Test(sched, when_everyone_waits_it_is_a_deadlock)
{
    for (int procs = 1; procs <= 4; procs *= 2) {
        struct t_end end = t_go(procs, all_wait, NULL);

        cr_expect(end.status == 2);
        cr_expect(strncmp(end.err, "fatal error: all goroutines are asleep - deadlock!\n\n"
                          "goroutine 1 [chan receive]:\n", 80) == 0, "%s", end.err);
        cr_expect(procs > 1 || strstr(end.err, "\ngoroutine 3 [chan receive]:\n") != NULL,
                  "%s", end.err);
    }
}

static void main_exits(void *unused)
{
    (void)unused;
    t_wait_add(&all, 1);
    go(counts, NULL);
    gort_exit();
}

Test(sched, when_main_has_exited_and_the_rest_has_ended_it_is_a_deadlock)
{
    ends_with(main_exits, "fatal error: no goroutines (main called gort_exit) - deadlock!");
}

static void calls_twice(void *unused)
{
    gort_main(counts, unused);
}

Test(sched, gort_main_is_called_once)
{
    ends_with(calls_twice, "gort_main is called a second time");
}

static void goes_without_a_scheduler(void *unused)
{
    go(counts, unused);
}

Test(sched, a_plain_thread_cannot_start_a_goroutine)
{
    struct t_end end = t_child(goes_without_a_scheduler, NULL);

    cr_expect(end.status == 2);
    cr_expect(strstr(end.err, "no goroutine") != NULL, "%s", end.err);
}

#if !CTX_TSAN
static volatile long spins;

static void spins_for_ever(void *unused)
{
    (void)unused;
    for (;;)
        spins++;
}

static void beside_hogs(void *unused)
{
    (void)unused;
    if (!preempt_by_signal())
        return;                 /* under Valgrind */
    for (int i = 0; i < 3; i++)
        go(spins_for_ever, NULL);
    for (int i = 0; i < 5; i++)
        gort_yield();
    T_MUST(spins > 0);
}

Test(sched, who_never_yields_is_interrupted)
{
    t_on_some_procs(beside_hogs, NULL);
}
#endif

static void allocates(void *unused)
{
    unsigned char *p[20];

    (void)unused;
    for (int i = 0; i < 20; i++) {
        p[i] = gort_alloc(40, NULL);
        memset(p[i], i, 40);
        if (i % 4 == 0)
            gort_yield();
    }
    for (int i = 0; i < 20; i++)
        T_MUST(p[i][0] == i && p[i][39] == i);
    t_wait_done(&all);
}

static void many_allocate(void *unused)
{
    (void)unused;
    t_wait_add(&all, 200);
    for (int i = 0; i < 200; i++)
        go(allocates, NULL);
    t_wait_for(&all);
}

Test(sched, the_heaps_caches_go_with_the_ps)
{
    t_on_some_procs(many_allocate, NULL);
}

#if !CTX_ASAN && !CTX_TSAN
static int sinks(int n)
{
    volatile char room[20000];

    room[n % 20000] = 1;
    return n < INT32_MAX ? sinks(n + 1) + room[0] : 0;
}

static void overflows(void *unused)
{
    (void)unused;
    sinks(0);
}

static void someone_overflows(void *unused)
{
    (void)unused;
    go(overflows, NULL);
    gort_sleep(1000 * MS);
}

Test(sched, an_overflowing_stack_is_named_as_go_names_it)
{
    struct t_end end;

    if (san_watching())
        cr_skip_test("Memcheck reports the overflow itself");
    end = t_go(1, someone_overflows, NULL);

    cr_expect(end.status == 2);
    cr_expect(strstr(end.err, "runtime: goroutine stack exceeds 262144-byte limit\n"
                              "runtime: sp=") != NULL, "%s", end.err);
    cr_expect(strstr(end.err, "fatal error: stack overflow\n\ngoroutine 2 [running]:\nsinks")
              != NULL, "%s", end.err);
}
#endif

static void waits_to_be_counted(void *chan)
{
    uint32_t v;

    t_wait_done(&all);
    t_recv(chan, &v);
}

#if CTX_TSAN
enum { CROWD = 1000 };
#elif CTX_ASAN
enum { CROWD = 5000 };
#else
enum { CROWD = 20000 };
#endif

static void crowd(void *unused)
{
    static struct t_chan c = T_CHAN_INIT;
    int n = san_watching() ? CROWD / 20 : CROWD;

    (void)unused;
    t_wait_add(&all, n);
    for (int i = 0; i < n; i++)
        go(waits_to_be_counted, &c);
    t_wait_for(&all);
    sched_settle();
    T_MUST(gort_numgoroutine() == n + 1);
    t_close(&c);
    sched_settle();
    T_MUST(gort_numgoroutine() == 1);
}

Test(sched, twenty_thousand_goroutines_wait_at_once)
{
    t_on_some_procs(crowd, NULL);
}
