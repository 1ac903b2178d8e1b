/*
 * timer.c - unit tests of sched/timer.c: the heap alone, with the clock moved by hand.
 */
#include "timer.h"

#include "help.h"
#include "unit.h"

enum { MANY = 300 };

static struct timer t[MANY];
static int64_t fired[4 * MANY];
static uint32_t nfired;

static void note(void *arg, uint64_t seq)
{
    (void)arg;
    fired[nfired++] = (int64_t)seq;
}

static void start(uint32_t i, int64_t when)
{
    t[i].fn = note;
    t[i].seq = (uint64_t)when;
    timer_start(&t[i], when);
}

/* Fires everything there is, moving the clock. */
static void run_all(void)
{
    while (timer_skip())
        timer_run();
}

Test(timer, timers_fire_in_the_order_of_their_times)
{
    uint64_t seed = 11;

    timer_by_hand();
    for (uint32_t i = 0; i < MANY; i++) {
        start(i, (int64_t)(t_rand(&seed) % 1000) + 2);
        cr_assert(timer_check() == 0);
    }
    run_all();
    cr_expect(nfired == MANY);
    for (uint32_t i = 1; i < nfired; i++)
        cr_assert(fired[i - 1] <= fired[i]);
    cr_expect(timer_next() == TIMER_NONE);
}

Test(timer, a_timer_that_is_not_due_does_not_fire)
{
    timer_by_hand();
    start(0, 100);
    cr_expect(!timer_run());
    cr_expect(nfired == 0 && timer_next() == 100);
}

Test(timer, a_stopped_timer_does_not_fire)
{
    timer_by_hand();
    for (uint32_t i = 0; i < MANY; i++)
        start(i, 2 + i * 7 % 50);
    for (uint32_t i = 0; i < MANY; i += 2) {
        cr_assert(timer_stop(&t[i]));
        cr_assert(timer_check() == 0);
    }
    run_all();
    cr_expect(nfired == MANY / 2);
}

Test(timer, stopping_what_has_fired_says_so)
{
    timer_by_hand();
    start(0, 5);
    run_all();
    cr_expect(!timer_stop(&t[0]));
}

Test(timer, a_reset_timer_fires_at_its_new_time_only)
{
    timer_by_hand();
    start(0, 5);
    start(1, 7);
    t[0].seq = 9;
    cr_expect(timer_reset(&t[0], 9));
    run_all();
    cr_expect(nfired == 2 && fired[0] == 7 && fired[1] == 9);
    cr_expect(!timer_reset(&t[0], 20));
}

Test(timer, a_period_fires_again_and_again)
{
    timer_by_hand();
    t[0].period = 10;
    start(0, 10);
    for (int i = 0; i < 3; i++) {
        timer_skip();
        timer_run();
    }
    cr_expect(nfired == 3 && timer_now() == 30 && timer_next() == 40);
}

Test(timer, missed_periods_are_not_made_up_for)
{
    timer_by_hand();
    t[0].period = 10;
    start(0, 10);
    start(1, 55);
    cr_expect(timer_stop(&t[0]));
    timer_skip();                       /* to 55 */
    timer_start(&t[0], 10);
    timer_run();
    cr_expect(nfired == 2);
    cr_expect(timer_next() == 60, "%lld", (long long)timer_next());
}

static void starts_twice(void *unused)
{
    (void)unused;
    start(0, 5);
    timer_start(&t[0], 6);
}

Test(timer, a_timer_that_is_set_is_not_set_again)
{
    cr_expect(t_child(starts_twice, NULL).status == 2);
}
