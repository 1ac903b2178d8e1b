/*
 * runq.c - unit tests of sched/runq.c: the ring alone, with no scheduler.
 */
#include "runq.h"

#include "gmp.h"
#include "help.h"
#include "unit.h"

#include <pthread.h>

enum { MANY = 3 * RUNQ_SLOTS };

static struct g g[MANY];
static struct runq q, other;

/* Puts g[from] to g[to - 1] at the tail; returns what did not fit. */
static struct glist put(uint32_t from, uint32_t to)
{
    struct glist spill = {NULL, NULL, 0};

    for (uint32_t i = from; i < to; i++)
        runq_put(&q, &g[i], false, &spill);
    return spill;
}

static struct g *get(void)
{
    bool inherit;

    return runq_get(&q, &inherit);
}

static void both_ways(void (*fn)(void))
{
    fn();
    memset(&q, 0, sizeof q);
    memset(&other, 0, sizeof other);
    q.alone = true;
    fn();
}

static void gives_in_order(void)
{
    put(0, 3);
    cr_expect(get() == &g[0] && get() == &g[1] && get() == &g[2] && get() == NULL);
}

Test(runq, goroutines_come_out_in_the_order_in_which_they_went_in)
{
    both_ways(gives_in_order);
}

static void next_is_first(void)
{
    struct glist spill = {NULL, NULL, 0};
    bool inherit = false;

    put(0, 2);
    runq_put(&q, &g[2], true, &spill);
    cr_expect(runq_get(&q, &inherit) == &g[2] && inherit);
    cr_expect(runq_get(&q, &inherit) == &g[0] && !inherit);
}

Test(runq, next_comes_first_and_inherits_the_slice)
{
    both_ways(next_is_first);
}

static void next_kicks_out(void)
{
    struct glist spill = {NULL, NULL, 0};

    runq_put(&q, &g[0], true, &spill);
    runq_put(&q, &g[1], true, &spill);
    cr_expect(get() == &g[1] && get() == &g[0] && get() == NULL);
}

Test(runq, a_second_next_sends_the_first_to_the_tail)
{
    both_ways(next_kicks_out);
}

static void spills_half(void)
{
    struct glist spill = put(0, RUNQ_SLOTS + 1);

    cr_expect(spill.n == RUNQ_SLOTS / 2 + 1);
    for (uint32_t i = 0; i < RUNQ_SLOTS / 2; i++)
        cr_assert(glist_get(&spill) == &g[i]);
    cr_expect(glist_get(&spill) == &g[RUNQ_SLOTS]);
    cr_expect(runq_count(&q) == RUNQ_SLOTS / 2);
    cr_expect(get() == &g[RUNQ_SLOTS / 2]);
}

Test(runq, a_full_ring_spills_its_older_half_and_the_newcomer)
{
    both_ways(spills_half);
}

Test(runq, a_ring_goes_round_many_times)
{
    for (uint32_t round = 0; round < 5 * RUNQ_SLOTS; round++) {
        put(round % 3, round % 3 + 2);
        cr_assert(runq_check(&q) == 0);
        cr_assert(get() == &g[round % 3] && get() == &g[round % 3 + 1]);
    }
    cr_expect(runq_empty(&q));
}

Test(runq, a_thief_takes_half_rounded_up_and_runs_the_youngest_of_it)
{
    put(0, 3);
    cr_expect(runq_steal(&other, &q, false) == &g[1]);
    cr_expect(runq_count(&other) == 1 && runq_count(&q) == 1);
    cr_expect(get() == &g[2]);
}

Test(runq, a_thief_takes_the_only_one)
{
    put(0, 1);
    cr_expect(runq_steal(&other, &q, false) == &g[0]);
    cr_expect(runq_empty(&q) && runq_empty(&other));
}

Test(runq, a_thief_leaves_next_alone_unless_it_is_told)
{
    struct glist spill = {NULL, NULL, 0};

    runq_put(&q, &g[0], true, &spill);
    cr_expect(runq_steal(&other, &q, false) == NULL);
    cr_expect(runq_steal(&other, &q, true) == &g[0]);
    cr_expect(runq_empty(&q));
}

Test(runq, stealing_from_nobody_gives_nothing)
{
    cr_expect(runq_steal(&other, &q, true) == NULL);
}

Test(runq, check_finds_a_hole)
{
    put(0, 2);
    cr_expect(runq_check(&q) == 0);
    atomic_store(&q.slot[0], NULL);
    cr_expect(runq_check(&q) == 2);
}

Test(runq, check_finds_a_goroutine_that_is_there_twice)
{
    put(0, 1);
    put(0, 1);
    cr_expect(runq_check(&q) == 3);
}

Test(runq, check_finds_an_impossible_length)
{
    atomic_store(&q.tail, RUNQ_SLOTS + 1);
    cr_expect(runq_check(&q) == 1);
}

Test(runq, lists_join_and_keep_their_order)
{
    struct glist a = {NULL, NULL, 0}, b = {NULL, NULL, 0};

    glist_put(&a, &g[0]);
    glist_put(&b, &g[1]);
    glist_put(&b, &g[2]);
    glist_put_all(&a, &b);
    cr_expect(b.first == NULL && a.n == 3);
    cr_expect(glist_get(&a) == &g[0] && glist_get(&a) == &g[1] && glist_get(&a) == &g[2]);
    glist_put(&a, &g[0]);
    cr_expect(a.n == 1 && glist_get(&a) == &g[0] && glist_get(&a) == NULL);
}

/* An owner and two thieves: each goroutine is taken once, as often as it was put. */
enum { ROUNDS = 20000, THIEVES = 2 };

static _Atomic uint32_t taken[MANY];
static _Atomic bool over;

static void take(struct g *one)
{
    if (one)
        atomic_fetch_add_explicit(&taken[one - g], 1, memory_order_relaxed);
}

static void *steals(void *unused)
{
    struct runq mine;
    bool inherit;

    memset(&mine, 0, sizeof mine);
    while (!atomic_load_explicit(&over, memory_order_relaxed)) {
        struct g *one = runq_steal(&mine, &q, true);

        for (take(one); (one = runq_get(&mine, &inherit)) != NULL;)
            take(one);
    }
    return unused;
}

Test(runq, owner_and_thieves_take_each_goroutine_once)
{
    uint32_t puts[MANY] = {0}, wrong = 0;
    pthread_t thief[THIEVES];
    struct g *one;
    uint64_t seed = 7;

    for (int i = 0; i < THIEVES; i++)
        cr_assert(pthread_create(&thief[i], NULL, steals, NULL) == 0);
    for (int i = 0; i < ROUNDS; i++) {
        struct glist spill = {NULL, NULL, 0};
        uint32_t which = (uint32_t)(t_rand(&seed) % MANY);

        /* A goroutine is in one queue at a time: put again only when it was taken. */
        if (puts[which] != atomic_load_explicit(&taken[which], memory_order_relaxed))
            continue;
        puts[which]++;
        runq_put(&q, &g[which], t_rand(&seed) % 2, &spill);
        while ((one = glist_get(&spill)) != NULL)
            take(one);
        if (t_rand(&seed) % 4 == 0)
            take(get());
    }
    atomic_store_explicit(&over, true, memory_order_relaxed);
    for (int i = 0; i < THIEVES; i++)
        pthread_join(thief[i], NULL);
    while ((one = get()) != NULL)
        take(one);
    for (int i = 0; i < MANY; i++)
        wrong += puts[i] != taken[i];
    cr_expect(wrong == 0, "%u goroutines were lost or taken twice", wrong);
}
