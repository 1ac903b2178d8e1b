/*
 * mheap.c - unit tests of heap/mheap.c, mcentral.c and mcache.c.
 */
#include "mheap.h"

#include "help.h"
#include "unit.h"
#include "malloc.h"
#include "mcache.h"
#include "mcentral.h"
#include "self.h"
#include "sizeclass.h"

#include <pthread.h>
#include <string.h>

enum { CLASS_64 = 2 * 6 + 1 };  /* span class of 64 bytes without pointers: 128 slots */

Test(mheap, making_it_twice_makes_it_once)
{
    struct mheap_stats a, b;

    mheap_init();
    mheap_stats(&a);
    mheap_init();
    mheap_stats(&b);
    cr_expect(memcmp(&a, &b, sizeof a) == 0);
    cr_expect(mheap_check() == 0);
}

Test(mheap, every_address_of_a_span_finds_it)
{
    struct mspan *s;

    mheap_init();
    s = mheap_alloc(0, 3);
    cr_assert(s != NULL && s->npages == 3 && s->nelems == 1);
    for (size_t at = 0; at < 3 * PAGE_SIZE; at += 511)
        cr_expect(mheap_span_of((char *)s->base + at) == s);
    cr_expect(mheap_span_of((char *)s->base + 3 * PAGE_SIZE) != s);
    cr_expect(mheap_check() == 0);
}

Test(mheap, addresses_outside_the_heap_are_in_no_span)
{
    int local = 0;

    mheap_init();
    cr_expect(mheap_span_of(&local) == NULL);
    cr_expect(mheap_span_of(NULL) == NULL);
    cr_expect(mheap_span_of((void *)UINTPTR_MAX) == NULL);
}

Test(mheap, the_addresses_of_a_freed_span_are_in_none)
{
    struct mspan *s;
    char *base;

    mheap_init();
    s = mheap_alloc(1, 2);
    cr_assert(s != NULL);
    base = (char *)s->base;
    mheap_free(s);
    cr_expect(mheap_span_of(base) == NULL);
    cr_expect(mheap_span_of(base + PAGE_SIZE) == NULL);
    cr_expect(mheap_check() == 0);
}

Test(mheap, freed_pages_are_used_again)
{
    struct mspan *s;
    uintptr_t base;

    mheap_init();
    s = mheap_alloc(1, 5);
    cr_assert(s != NULL && !(s->base & (PAGE_SIZE - 1)));
    base = s->base;
    mheap_free(s);
    s = mheap_alloc(CLASS_64, 1);
    cr_expect(s->base == base);
    cr_expect(s->needzero);
}

Test(mheap, neighbours_that_are_freed_become_one_run)
{
    struct mspan *s[3], *all;

    mheap_init();
    for (int i = 0; i < 3; i++)
        s[i] = mheap_alloc(1, 100);
    cr_assert(s[1]->base == s[0]->base + 100 * PAGE_SIZE);
    uintptr_t base = s[0]->base;
    mheap_free(s[0]);
    mheap_free(s[2]);
    mheap_free(s[1]);
    all = mheap_alloc(1, 300);
    cr_expect(all != NULL && all->base == base);
    cr_expect(mheap_check() == 0);
}

Test(mheap, a_span_may_be_larger_than_the_heap_was)
{
    struct mspan *s;

    mheap_init();
    s = mheap_alloc(1, 5000);
    cr_assert(s != NULL);
    cr_expect(mheap_span_of((char *)s->base + 5000 * (size_t)PAGE_SIZE - 1) == s);
    cr_expect(mheap_check() == 0);
}

Test(mheap, more_pages_than_there_are_is_null)
{
    mheap_init();
    cr_expect(mheap_alloc(1, (size_t)1 << 30) == NULL);
    cr_expect(mheap_check() == 0);
}

Test(mheap, its_check_sees_pages_that_nobody_has)
{
    struct mspan *s;

    mheap_init();
    s = mheap_alloc(1, 2);
    s->npages = 1;
    cr_expect(mheap_check() != 0);
    s->npages = 2;
    s->sweepgen -= 4;
    cr_expect(mheap_check() == 5);
}

Test(mcentral, a_span_has_the_slots_of_its_class)
{
    struct mspan *s;

    mheap_init();
    for (uint32_t c = 2; c < MHEAP_CLASSES; c++) {
        s = mcentral_take(c);
        cr_assert(s != NULL && s->incache && s->spanclass == c && s->noscan == (c & 1));
        cr_expect(s->elemsize == sizeclass_size(c / 2) && s->npages == sizeclass_pages(c / 2));
        cr_expect(s->alloccount < s->nelems);
        mcentral_give(s, 0);
    }
    cr_expect(mcentral_check() == 0);
    cr_expect(mheap_check() == 0);
}

Test(mcentral, a_span_with_room_is_handed_out_again)
{
    struct mspan *s;

    mheap_init();
    s = mcentral_take(CLASS_64);
    mspan_take(s);
    mcentral_give(s, 1);
    cr_expect(!s->incache);
    cr_expect(mcentral_take(CLASS_64) == s);
}

/* Takes every slot of a new span and gives it up. */
static struct mspan *full_span(void)
{
    struct mspan *s = mcentral_take(CLASS_64);

    while (mspan_take(s) != s->nelems)
        continue;
    mcentral_give(s, s->nelems);
    return s;
}

Test(mcentral, a_full_span_is_not_handed_out_until_it_is_swept)
{
    struct mspan *full;

    mheap_init();
    full = full_span();
    cr_expect(mcentral_take(CLASS_64) != full);
    cr_expect(mcentral_check() == 0);
}

Test(mcentral, after_a_sweep_a_span_with_survivors_has_room_again)
{
    struct mspan *s;

    mheap_init();
    s = full_span();
    cr_assert(mheap_mark((char *)s->base + 5 * 64));
    mheap_sweep();
    cr_expect(mcentral_check() == 0);
    cr_expect(s->alloccount == 1);
    cr_expect(mcentral_take(CLASS_64) == s);
}

Test(mcentral, a_full_span_is_swept_when_a_cache_wants_one)
{
    struct mspan *s;

    mheap_init();
    s = full_span();
    mheap_mark((void *)s->base);
    mheap_sweep_begin();
    cr_expect(s->alloccount == 128 && mcentral_check() == 0 && mheap_check() == 0);
    cr_expect(mcentral_take(CLASS_64) == s);
    cr_expect(s->alloccount == 1);
}

Test(mcentral, a_span_whose_objects_all_live_is_passed_over)
{
    struct mspan *s;

    mheap_init();
    s = full_span();
    for (int i = 0; i < 128; i++)
        mheap_mark((char *)s->base + i * 64);
    mheap_sweep_begin();
    cr_expect(mcentral_take(CLASS_64) != s);
    cr_expect(mcentral_check() == 0 && s->alloccount == 128);
}

Test(mcentral, a_partial_span_is_swept_before_a_full_one)
{
    struct mspan *full, *partial;

    mheap_init();
    full = full_span();
    partial = mcentral_take(CLASS_64);
    mspan_take(partial);
    mcentral_give(partial, 1);
    mheap_sweep_begin();
    cr_expect(mcentral_take(CLASS_64) == partial);
    cr_expect(partial->alloccount == 0 && full->alloccount == 128);
    mheap_sweep_end();
    cr_expect(mheap_span_of((void *)partial->base) == partial);
}

Test(mcentral, a_new_sweep_finishes_the_last_one)
{
    struct mheap_stats st;

    mheap_init();
    full_span();
    mheap_sweep_begin();
    mheap_sweep_begin();
    mheap_stats(&st);
    cr_expect(st.spans == 0);
    cr_expect(mcentral_check() == 0 && mheap_check() == 0);
}

Test(mcentral, it_counts_what_was_taken_and_what_was_swept)
{
    struct mcentral_stats st;
    struct mspan *s;

    mheap_init();
    s = full_span();
    mheap_mark((void *)s->base);
    mheap_sweep();
    mcentral_stats(CLASS_64, &st);
    cr_expect(st.mallocs == 128 && st.malloc_bytes == 128 * 64);
    cr_expect(st.frees == 127 && st.free_bytes == 127 * 64);
}

Test(mcentral, its_check_sees_a_span_in_the_wrong_list)
{
    struct mspan *s;

    mheap_init();
    s = full_span();
    s->alloccount--;
    cr_expect(mcentral_check() == 2);
    s->alloccount++;
    s->sweepgen -= 2;
    cr_expect(mcentral_check() == 1);
    s->sweepgen += 2;
    s->incache = true;
    cr_expect(mcentral_check() == 3);
}

Test(mcache, the_first_allocation_of_a_thread_makes_its_cache)
{
    cr_expect(self_cache() == NULL);
    gort_alloc(64, NULL);
    cr_assert(self_cache() != NULL);
    cr_expect(self_cache()->span[CLASS_64] != NULL);
    cr_expect(mcache_check(self_cache()) == 0);
}

Test(mcache, a_refill_gives_the_old_span_up)
{
    struct mcache *c = mcache_new();
    struct mspan *a = mcache_refill(c, CLASS_64), *b;

    while (mspan_take(a) != a->nelems)
        continue;
    b = mcache_refill(c, CLASS_64);
    cr_expect(a != b && !a->incache && b->incache);
    cr_expect(mcache_check(c) == 0 && mcentral_check() == 0);
}

Test(mcache, a_release_gives_every_span_up)
{
    struct mcache *c;

    for (size_t size = 8; size <= SIZECLASS_MAX; size *= 2)
        gort_alloc(size, NULL);
    c = self_cache();
    mcache_release(c);
    for (uint32_t i = 0; i < MHEAP_CLASSES; i++)
        cr_expect(c->span[i] == NULL);
    cr_expect(c->tiny.block == 0);
    cr_expect(mcentral_check() == 0);
}

static void *allocates_a_little(void *unused)
{
    for (int i = 0; i < 100; i++)
        gort_alloc(64, NULL);
    return unused;
}

static size_t caches_in_use(void)
{
    struct mcache_stats st;

    mcache_stats(&st);
    return st.inuse;
}

Test(mcache, a_thread_that_ends_gives_its_cache_back)
{
    size_t before;
    pthread_t thread;

    gort_alloc(64, NULL);
    before = caches_in_use();
    for (int i = 0; i < 10; i++) {
        cr_assert(pthread_create(&thread, NULL, allocates_a_little, NULL) == 0);
        pthread_join(thread, NULL);
    }
    cr_expect(caches_in_use() == before);
    cr_expect(mcentral_check() == 0 && mheap_check() == 0);
}

Test(mcache, the_next_thread_uses_the_span_that_the_last_one_began)
{
    struct mheap_stats a, b;
    pthread_t thread;

    cr_assert(pthread_create(&thread, NULL, allocates_a_little, NULL) == 0);
    pthread_join(thread, NULL);
    mheap_stats(&a);
    gort_alloc(64, NULL);
    mheap_stats(&b);
    cr_expect(a.spans == 1 && b.spans == 1);
}

static pthread_key_t late_key;

static bool was_without_cache;

static void allocates_late(void *unused)
{
    (void)unused;
    was_without_cache = self_cache() == NULL;
    memset(gort_alloc(64, NULL), 1, 64);
}

static void *dies_allocating(void *unused)
{
    gort_alloc(64, NULL);
    pthread_setspecific(late_key, &late_key);
    return unused;
}

Test(mcache, a_destructor_may_allocate_after_the_cache_was_given_back)
{
    size_t before;
    pthread_t thread;

    gort_alloc(64, NULL);
    before = caches_in_use();
    cr_assert(pthread_key_create(&late_key, allocates_late) == 0);
    cr_assert(pthread_create(&thread, NULL, dies_allocating, NULL) == 0);
    pthread_join(thread, NULL);
    cr_expect(was_without_cache);
    cr_expect(caches_in_use() == before);
}

static pthread_barrier_t all_allocated, one_has_ended;

/* Allocates; then the thread with an argument ends first, and the others wait for that. */
static void *ends_in_the_middle(void *arg)
{
    gort_alloc(64, NULL);
    pthread_barrier_wait(&all_allocated);
    if (arg == NULL)
        pthread_barrier_wait(&one_has_ended);
    return arg;
}

Test(mcache, a_cache_may_leave_the_list_anywhere)
{
    for (uintptr_t leaver = 0; leaver < 3; leaver++) {
        pthread_t thread[3];

        pthread_barrier_init(&all_allocated, NULL, 4);
        pthread_barrier_init(&one_has_ended, NULL, 3);
        for (uintptr_t i = 0; i < 3; i++)
            cr_assert(pthread_create(&thread[i], NULL, ends_in_the_middle,
                                     i == leaver ? &thread[i] : NULL) == 0);
        pthread_barrier_wait(&all_allocated);
        pthread_join(thread[leaver], NULL);
        gort_alloc(64, NULL);
        cr_expect(mcache_check(self_cache()) == 0);
        pthread_barrier_wait(&one_has_ended);
        for (uintptr_t i = 0; i < 3; i++)
            if (i != leaver)
                pthread_join(thread[i], NULL);
        cr_expect(mcache_check(self_cache()) == 0);
    }
}

Test(mcache, its_check_sees_a_stale_span)
{
    struct mcache *c = mcache_new();
    struct mspan *s = mcache_refill(c, CLASS_64);

    s->sweepgen -= 2;
    cr_expect(mcache_check(c) == 1);
    s->sweepgen += 2;
    c->counted[CLASS_64] = 1;
    cr_expect(mcache_check(c) == 2);
    c->counted[CLASS_64] = 0;
    c->span[1] = s;
    cr_expect(mcache_check(c) == 3);
}
