/*
 * lock.c - unit tests of base/lock.c and base/self.c.
 */
#include "lock.h"

#include "help.h"
#include "unit.h"
#include "os.h"
#include "self.h"

#include <pthread.h>
#include <stdatomic.h>
#include <string.h>

enum { THREADS = 4, ROUNDS = 5000 };

static struct lock counter_lock = LOCK_INIT(LOCK_MHEAP);
static long counter;

static void *counts(void *unused)
{
    for (int i = 0; i < ROUNDS; i++) {
        lock_take(&counter_lock);
        counter++;
        lock_give(&counter_lock);
    }
    return unused;
}

Test(lock, only_one_thread_at_a_time_has_it)
{
    pthread_t thread[THREADS];

    for (int i = 0; i < THREADS; i++)
        cr_assert(pthread_create(&thread[i], NULL, counts, NULL) == 0);
    for (int i = 0; i < THREADS; i++)
        pthread_join(thread[i], NULL);
    cr_expect(counter == (long)THREADS * ROUNDS);
}

static void *takes_and_gives(void *l)
{
    lock_take(l);
    lock_give(l);
    return l;
}

Test(lock, who_sleeps_is_woken, .timeout = 10)
{
    static struct lock l = LOCK_INIT(LOCK_MHEAP);
    pthread_t thread;

    lock_take(&l);
    cr_assert(pthread_create(&thread, NULL, takes_and_gives, &l) == 0);
    while (atomic_load_explicit(&l.word, memory_order_relaxed) != 2)
        os_yield();
    lock_give(&l);
    pthread_join(thread, NULL);
    cr_expect(atomic_load_explicit(&l.word, memory_order_relaxed) == 0);
}

Test(lock, locks_of_rising_rank_may_be_held_together)
{
    struct lock low, high;

    lock_init(&low, LOCK_MCENTRAL);
    lock_init(&high, LOCK_MHEAP);
    lock_take(&low);
    lock_take(&high);
    lock_assert_held(&low);
    lock_assert_held(&high);
    lock_give(&low);
    lock_give(&high);
}

static void asserts_what_nobody_holds(void *unused)
{
    struct lock l = LOCK_INIT(LOCK_MHEAP);

    (void)unused;
    lock_assert_held(&l);
}

Test(lock, a_lock_that_nobody_holds_is_not_held)
{
    cr_expect(t_child(asserts_what_nobody_holds, NULL).status == 2);
}

#ifdef GORT_CHECK
static void takes_high_then_low(void *unused)
{
    struct lock low = LOCK_INIT(LOCK_MCENTRAL), high = LOCK_INIT(LOCK_MHEAP);

    (void)unused;
    lock_take(&high);
    lock_take(&low);
}

static void takes_equals(void *unused)
{
    struct lock a = LOCK_INIT(LOCK_MCENTRAL), b = LOCK_INIT(LOCK_MCENTRAL);

    (void)unused;
    lock_take(&a);
    lock_take(&b);
}

static void takes_zero_bytes(void *unused)
{
    struct lock l;

    (void)unused;
    memset(&l, 0, sizeof l);
    lock_take(&l);
}

static void gives_what_it_never_took(void *unused)
{
    struct lock l = LOCK_INIT(LOCK_MCENTRAL);

    (void)unused;
    lock_give(&l);
}

Test(lock, the_wrong_order_throws)
{
    struct t_end end = t_child(takes_high_then_low, NULL);

    cr_expect(end.status == 2);
    cr_expect(strstr(end.err, "(I1)") != NULL, "%s", end.err);
}

Test(lock, two_locks_of_one_rank_throw)
{
    cr_expect(strstr(t_child(takes_equals, NULL).err, "(I1)") != NULL);
}

Test(lock, a_lock_that_was_never_initialised_throws)
{
    cr_expect(strstr(t_child(takes_zero_bytes, NULL).err, "never initialised") != NULL);
}

Test(lock, giving_up_what_is_not_held_throws)
{
    cr_expect(strstr(t_child(gives_what_it_never_took, NULL).err, "(I2)") != NULL);
}
#endif

static void counts_leaving(struct self *me)
{
    lock_take(&counter_lock);
    counter += me == self_get();
    lock_give(&counter_lock);
}

static void *wants_to_be_told(void *unused)
{
    self_on_leave(counts_leaving);
    return unused;
}

static void *wants_nothing(void *unused)
{
    return unused;
}

Test(self, a_thread_that_ends_is_told_so_once)
{
    pthread_t thread;

    cr_assert(pthread_create(&thread, NULL, wants_to_be_told, NULL) == 0);
    pthread_join(thread, NULL);
    cr_expect(counter == 1);
}

Test(self, a_thread_that_asked_for_nothing_is_told_nothing)
{
    pthread_t thread;

    cr_assert(pthread_create(&thread, NULL, wants_nothing, NULL) == 0);
    pthread_join(thread, NULL);
    cr_expect(counter == 0);
}

static void *address_of_self(void *out)
{
    *(struct self **)out = self_get();
    return out;
}

Test(self, each_thread_has_its_own)
{
    struct self *other = NULL;
    pthread_t thread;

    cr_assert(pthread_create(&thread, NULL, address_of_self, &other) == 0);
    pthread_join(thread, NULL);
    cr_expect(other != NULL && other != self_get());
    cr_expect(self_get() == self_get());
}
