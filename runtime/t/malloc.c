/*
 * malloc.c - unit tests of heap/malloc.c, and of the sweep as programs see it.
 */
#include "malloc.h"

#include "gort.h"
#include "help.h"
#include "unit.h"
#include "mcache.h"
#include "mcentral.h"
#include "mheap.h"
#include "san.h"
#include "self.h"
#include "sizeclass.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum { OBJECTS = 3000 };

struct pair {
    struct pair *left, *right;
    long n;
};
GORT_TYPE(pair, struct pair, left, right);
GORT_NOSCAN(number, long);

struct shapes {
    int n;
    void *any;
    struct opaque *hidden;
    void (*fn)(void);
    struct pair inner;
    char *const fixed;
    int *row[2];
};
GORT_TYPE(shapes, struct shapes, any, hidden, inner.right, fixed, row[1]);

Test(gort, a_type_lists_the_offsets_of_its_pointers)
{
    cr_expect_str_eq(pair.name, "struct pair");
    cr_expect(pair.size == sizeof(struct pair) && pair.nptr == 2);
    cr_expect(pair.ptroff[0] == 0 && pair.ptroff[1] == 8);
}

Test(gort, pointers_of_every_kind_can_be_listed)
{
    cr_expect(shapes.nptr == 5);
    cr_expect(shapes.ptroff[0] == offsetof(struct shapes, any));
    cr_expect(shapes.ptroff[2] == offsetof(struct shapes, inner.right));
    cr_expect(shapes.ptroff[4] == offsetof(struct shapes, row) + 8);
}

Test(gort, a_type_without_pointers_has_none)
{
    cr_expect(number.nptr == 0 && number.size == sizeof(long));
}

/* Whether the n bytes at p are all 0. */
static bool is_zero(const char *p, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (p[i] != 0)
            return false;
    return true;
}

static int by_lo(const void *a, const void *b)
{
    const struct t_range *x = a, *y = b;

    return x->lo < y->lo ? -1 : x->lo > y->lo;
}

/* Sizes of every way through the allocator, most of them small. */
static size_t random_size(uint64_t *seed)
{
    switch (t_rand(seed) % 16) {
    case 0:
        return 1 + t_rand(seed) % 100000;
    case 1:
    case 2:
        return 1 + t_rand(seed) % 4000;
    default:
        return 1 + t_rand(seed) % 300;
    }
}

Test(malloc, objects_are_zeroed_and_apart)
{
    static struct t_range r[OBJECTS];
    uint64_t seed = 1234567;

    for (int i = 0; i < OBJECTS; i++) {
        size_t size = random_size(&seed);
        char *p = gort_alloc(size, t_rand(&seed) % 2 && size >= sizeof(struct pair) ? &pair : NULL);

        cr_assert(is_zero(p, size), "size %zu", size);
        memset(p, 0xFF, size);
        r[i] = (struct t_range){(uintptr_t)p, (uintptr_t)p + size};
    }
    qsort(r, OBJECTS, sizeof r[0], by_lo);
    for (int i = 1; i < OBJECTS; i++)
        cr_assert(!t_overlap(r[i - 1], r[i]));
    cr_expect(mheap_check() == 0 && mcentral_check() == 0);
}

Test(malloc, recycled_memory_is_zeroed_again)
{
    uint64_t seed = 7654321;

    for (int round = 0; round < 5; round++) {
        for (int i = 0; i < 600; i++) {
            size_t size = random_size(&seed);
            char *p = gort_alloc(size, NULL);

            cr_assert(is_zero(p, size), "size %zu in round %d", size, round);
            memset(p, 0xFF, size);
            if (t_rand(&seed) % 4 == 0)
                mheap_mark(p);
        }
        mheap_sweep();
    }
}

static size_t needed_alignment(size_t size)
{
    if (size < 16)
        return size % 8 == 0 ? 8 : size % 4 == 0 ? 4 : size % 2 == 0 ? 2 : 1;
    return size % 16 == 0 ? 16 : 8;
}

Test(malloc, objects_are_aligned_as_types_of_their_size_need)
{
    for (size_t size = 1; size <= 3000; size++)
        cr_assert((uintptr_t)gort_alloc(size, NULL) % needed_alignment(size) == 0, "%zu", size);
}

Test(malloc, size_0_is_one_address_and_no_object)
{
    struct gort_memstats a, b;

    gort_read_memstats(&a);
    cr_expect(gort_alloc(0, NULL) == malloc_zerobase());
    cr_expect(gort_alloc(0, &pair) == malloc_zerobase());
    gort_read_memstats(&b);
    cr_expect(a.mallocs == b.mallocs);
}

Test(malloc, objects_with_and_without_pointers_share_no_span)
{
    struct mspan *with = mheap_span_of(gort_alloc(64, &pair));
    struct mspan *without = mheap_span_of(gort_alloc(64, NULL));

    cr_expect(with != without);
    cr_expect(!with->noscan && without->noscan);
    cr_expect(!mheap_span_of(gort_alloc(100000, &pair))->noscan);
    cr_expect(mheap_span_of(gort_alloc(100000, NULL))->noscan);
}

Test(malloc, small_objects_with_pointers_are_never_tiny)
{
    static const uint32_t at[] = {0};
    static const struct rtype link = {"struct link *", 8, 1, at};
    char *a = gort_alloc(8, &link), *b = gort_alloc(8, &link);

    cr_expect(mheap_span_of(a)->elemsize == 8);
    cr_expect(b == a + 8);
}

Test(malloc, tiny_objects_share_a_block)
{
    char *a = gort_alloc(1, NULL), *b = gort_alloc(1, NULL);

    cr_expect(b == a + 1);
    cr_expect((uintptr_t)a / 16 == (uintptr_t)b / 16);
}

Test(malloc, an_object_of_16_bytes_has_its_block_alone)
{
    char *a = gort_alloc(1, NULL), *b = gort_alloc(16, NULL), *c = gort_alloc(1, NULL);

    cr_expect(self_cache()->tiny.count == 2);
    cr_expect(c == a + 1 && (b >= a + 16 || b + 16 <= a));
}

Test(malloc, the_end_of_a_gigantic_object_is_part_of_it)
{
    size_t size = ((size_t)1 << 30) + PAGE_SIZE;
    char *p;

    if (san_watching())
        cr_skip_test("clearing this object would take seconds");
    p = gort_alloc(size, NULL);
    cr_expect(mheap_mark(p + size - 1));
    mheap_sweep();
    cr_expect(mheap_span_of(p) != NULL);
}

Test(malloc, a_sweep_frees_what_is_not_marked_and_nothing_else)
{
    static char *p[OBJECTS];
    struct gort_memstats m;
    uint64_t seed = 99;

    for (int i = 0; i < OBJECTS; i++) {
        size_t size = 16 + random_size(&seed);

        p[i] = gort_alloc(size, NULL);
        memset(p[i], i % 251, 16);
    }
    for (int i = 0; i < OBJECTS; i += 3)
        cr_assert(mheap_mark(p[i]));
    mheap_sweep();
    for (int i = 0; i < OBJECTS; i += 3)
        cr_assert((unsigned char)p[i][0] == i % 251 && (unsigned char)p[i][15] == i % 251);
    gort_read_memstats(&m);
    cr_expect(m.heap_objects == OBJECTS / 3);
    cr_expect(m.frees == OBJECTS - OBJECTS / 3);
    cr_expect(mheap_check() == 0 && mcentral_check() == 0);
}

Test(malloc, survivors_are_never_handed_out_again)
{
    char *keep[64];

    for (int i = 0; i < 64; i++) {
        keep[i] = gort_alloc(64, NULL);
        gort_alloc(64, NULL);
    }
    for (int i = 0; i < 64; i++)
        mheap_mark(keep[i]);
    mheap_sweep();
    for (int i = 0; i < 1000; i++) {
        char *p = gort_alloc(64, NULL);

        for (int k = 0; k < 64; k++)
            cr_assert(p != keep[k]);
    }
}

Test(malloc, a_pointer_into_the_middle_marks_the_object)
{
    char *small = gort_alloc(100, NULL), *large = gort_alloc(100000, NULL);
    struct gort_memstats m;

    cr_expect(mheap_mark(small + 99));
    cr_expect(!mheap_mark(small));
    cr_expect(mheap_mark(large + 99999));
    cr_expect(!mheap_mark(large));
    mheap_sweep();
    gort_read_memstats(&m);
    cr_expect(m.heap_objects == 2);
}

Test(malloc, what_is_no_object_cannot_be_marked)
{
    char *p = gort_alloc(64, NULL);
    int local;

    cr_expect(!mheap_mark(&local));
    cr_expect(!mheap_mark(p + 64));
    cr_expect(!mheap_mark(malloc_zerobase()));
}

Test(malloc, a_sweep_without_marks_gives_every_page_back)
{
    struct mheap_stats st;
    uint64_t seed = 5;

    for (int i = 0; i < 1000; i++)
        gort_alloc(random_size(&seed), NULL);
    mheap_sweep();
    mheap_stats(&st);
    cr_expect(st.inuse == 0 && st.spans == 0 && st.span_inuse == 0);
    cr_expect(mheap_check() == 0);
}

Test(malloc, a_heap_that_is_swept_does_not_grow)
{
    struct mheap_stats a, b;

    for (int round = 0; round < 20; round++) {
        for (int i = 0; i < 2000; i++)
            gort_alloc(200, NULL);
        mheap_sweep();
        mheap_stats(round == 0 ? &a : &b);
    }
    cr_expect(a.sys == b.sys);
}

Test(malloc, marks_are_forgotten_by_the_sweep)
{
    char *p = gort_alloc(64, NULL);
    struct gort_memstats m;

    mheap_mark(p);
    mheap_sweep();
    mheap_sweep();
    gort_read_memstats(&m);
    cr_expect(m.heap_objects == 0);
}

static void allocates(void *size)
{
    gort_alloc(*(size_t *)size, NULL);
}

static struct t_end end_of(size_t size)
{
    return t_child(allocates, &size);
}

Test(malloc, sizes_past_the_address_space_throw)
{
    static const size_t size[] = {(size_t)1 << 47, SIZE_MAX, SIZE_MAX - PAGE_SIZE, (size_t)1 << 63};

    for (int i = 0; i < 4; i++) {
        struct t_end end = end_of(size[i]);

        cr_expect(end.status == 2, "%zu", size[i]);
        cr_expect(strstr(end.err, "fatal error: out of memory: one object is larger") == end.err);
    }
}

Test(malloc, sizes_past_the_heap_throw)
{
    struct t_end end = end_of((size_t)1 << 40);

    cr_expect(end.status == 2);
    cr_expect(strstr(end.err, "fatal error: out of memory: no run of pages") == end.err);
}

enum { THREADS = 4, PER_THREAD = 4000 };

/* Fills objects with the thread's own byte, and looks at the end whether it still stands. */
static void *owns_what_it_gets(void *arg)
{
    static _Thread_local char *p[PER_THREAD];
    uint64_t seed = (uintptr_t)arg * 2 + 1;
    char mine = (char)(uintptr_t)arg;

    for (int i = 0; i < PER_THREAD; i++) {
        size_t size = 1 + t_rand(&seed) % 200;

        p[i] = gort_alloc(size, NULL);
        if (!is_zero(p[i], size))
            return NULL;
        memset(p[i], mine, size);
    }
    for (int i = 0; i < PER_THREAD; i++)
        if (p[i][0] != mine)
            return NULL;
    return arg;
}

Test(malloc, threads_never_get_each_others_objects)
{
    pthread_t thread[THREADS];
    struct gort_memstats m;

    for (uintptr_t i = 0; i < THREADS; i++)
        cr_assert(pthread_create(&thread[i], NULL, owns_what_it_gets, (void *)(i + 1)) == 0);
    for (int i = 0; i < THREADS; i++) {
        void *same = NULL;

        pthread_join(thread[i], &same);
        cr_expect(same != NULL);
    }
    gort_read_memstats(&m);
    cr_expect(m.mallocs == (uint64_t)THREADS * PER_THREAD);
    cr_expect(mheap_check() == 0 && mcentral_check() == 0);
}
