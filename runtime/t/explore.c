/*
 * explore.c - unit tests of sched/explore.c: runs that a seed decides.
 */
#include "explore.h"

#include "gohelp.h"
#include "sched.h"
#include "start.h"
#include "unit.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static struct t_wait all = T_WAIT_INIT;
static char said[64];

static void says(void *letter)
{
    for (int i = 0; i < 3; i++) {
        strncat(said, letter, 1);
        sched_point();
        gort_yield();
    }
    t_wait_done(&all);
}

/* Writes the order and the digest of all choices on standard error. */
static void five_say(void *unused)
{
    static const char *const letter[] = {"a", "b", "c", "d", "e"};
    struct explore_trace trace;

    (void)unused;
    t_wait_add(&all, 5);
    for (int i = 0; i < 5; i++)
        go(says, (void *)letter[i]);
    t_wait_for(&all);
    explore_trace(&trace);
    fprintf(stderr, "%s %llx", said, (unsigned long long)trace.digest);
}

static struct t_end with_seed(const char *seed, void (*fn)(void *))
{
    struct t_end end;

    setenv("GORT_SCHED_SEED", seed, 1);
    end = t_go(4, fn, NULL);
    unsetenv("GORT_SCHED_SEED");
    return end;
}

Test(explore, one_seed_gives_one_run)
{
    struct t_end first = with_seed("42", five_say), second = with_seed("42", five_say);

    cr_expect(first.status == 0 && first.err[0] != '\0', "%s", first.err);
    cr_expect_str_eq(first.err, second.err);
}

Test(explore, other_seeds_give_other_runs)
{
    char seed[16];
    int different = 0;
    struct t_end first = with_seed("0", five_say);

    for (int i = 1; i <= 5; i++) {
        snprintf(seed, sizeof seed, "%d", i);
        different += strcmp(with_seed(seed, five_say).err, first.err) != 0;
    }
    cr_expect(different >= 4);
}

static void sleeps_for_hours(void *unused)
{
    int64_t before = gort_now();

    (void)unused;
    gort_sleep(INT64_C(3600) * 1000000000);
    T_MUST(gort_now() - before == INT64_C(3600) * 1000000000);
}

Test(explore, time_passes_only_when_everyone_waits)
{
    struct t_end end = with_seed("1", sleeps_for_hours);

    cr_expect(end.status == 0, "%s", end.err);
}

static void waits_for_nobody(void *unused)
{
    static struct t_chan c = T_CHAN_INIT;
    uint32_t v;

    (void)unused;
    t_recv(&c, &v);
    T_MUST(false);
}

Test(explore, a_deadlock_is_found)
{
    struct t_end end = with_seed("1", waits_for_nobody);

    cr_expect(end.status == 2);
    cr_expect(strstr(end.err, "all goroutines are asleep") != NULL, "%s", end.err);
}

/* Two goroutines add to a number that they read before they might be interrupted. */
static int number;

static void adds(void *unused)
{
    int old = number;

    (void)unused;
    sched_point();
    number = old + 1;
    t_wait_done(&all);
}

static void loses_an_update(void *unused)
{
    (void)unused;
    t_wait_add(&all, 2);
    go(adds, NULL);
    go(adds, NULL);
    t_wait_for(&all);
    if (number != 2)
        _exit(5);
}

static void is_right(void *unused)
{
    (void)unused;
    t_wait_add(&all, 2);
    go(adds, NULL);
    t_wait_done(&all);
    t_wait_for(&all);
}

Test(explore, a_lost_update_is_found_and_comes_back_with_its_seed)
{
    int status = 0, again = 0;
    int64_t seed = explore_seeds(1, 200, loses_an_update, NULL, 20, &status);

    cr_assert(seed > 0);
    cr_expect(status == 5);
    cr_expect(explore_seeds((uint64_t)seed, 1, loses_an_update, NULL, 20, &again) == seed);
    cr_expect(again == 5);
}

Test(explore, a_right_program_passes_every_seed)
{
    int status = 1;

    cr_expect(explore_seeds(1, 50, is_right, NULL, 20, &status) == -1);
    cr_expect(status == 0);
}
