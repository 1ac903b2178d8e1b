/*
 * pages.c - unit tests of heap/pages.c, against a model with one flag a page.
 */
#include "pages.h"

#include "help.h"
#include "unit.h"
#include "os.h"

#include <stdlib.h>
#include <string.h>

enum { CHUNKS = 20, NPAGES = CHUNKS * PAGES_CHUNK, RUNS = 400, STEPS = 4000 };

/* A manager of a real range, with nothing usable yet. */
static struct pages make(size_t npages)
{
    struct pages p;
    void *base = os_reserve(npages * PAGE_SIZE, PAGE_SIZE);

    cr_assert(base != NULL);
    cr_assert(pages_init(&p, (uintptr_t)base, npages));
    return p;
}

/* A manager of addresses without memory, all of them free: nobody touches them. */
static struct pages make_bare(size_t npages)
{
    struct pages p;

    cr_assert(pages_init(&p, (uintptr_t)1 << 40, npages));
    p.grown = p.untouched = npages;
    pages_free(&p, p.base, npages);
    return p;
}

static size_t number(const struct pages *p, uintptr_t addr)
{
    return (addr - p->base) / PAGE_SIZE;
}

/* The model: where the lowest run of n free pages begins; npages when there is none. */
static size_t model_find(const bool *taken, size_t npages, size_t n)
{
    size_t run = 0;

    for (size_t i = 0; i < npages; i++) {
        run = taken[i] ? 0 : run + 1;
        if (run == n)
            return i + 1 - n;
    }
    return npages;
}

struct run {
    uintptr_t addr;
    size_t n;
};

static void model_step(struct pages *p, bool *taken, struct run *r, uint64_t *seed)
{
    size_t n, at;
    bool needzero;

    if (r->addr) {
        pages_free(p, r->addr, r->n);
        memset(taken + number(p, r->addr), false, r->n);
        r->addr = 0;
        return;
    }
    n = t_rand(seed) % 8 ? 1 + t_rand(seed) % 40 : 1 + t_rand(seed) % 1500;
    at = model_find(taken, NPAGES, n);
    r->addr = pages_alloc(p, n, &needzero);
    r->n = n;
    cr_assert((r->addr == 0) == (at == NPAGES), "%zu pages", n);
    if (r->addr == 0)
        return;
    cr_assert(number(p, r->addr) == at, "%zu pages", n);
    memset(taken + at, true, n);
}

Test(pages, random_work_is_first_fit_as_the_model_says)
{
    static bool taken[NPAGES];
    static struct run run[RUNS];
    struct pages p = make_bare(NPAGES);
    uint64_t seed = 20260101;

    for (int i = 0; i < STEPS; i++) {
        model_step(&p, taken, &run[t_rand(&seed) % RUNS], &seed);
        if (i % 500 == 0)
            cr_assert(pages_check(&p) == 0, "I%d at step %d", pages_check(&p), i);
    }
    cr_expect(pages_check(&p) == 0);
}

Test(pages, nothing_is_free_before_it_grows)
{
    struct pages p = make(NPAGES);
    bool needzero;

    cr_expect(pages_alloc(&p, 1, &needzero) == 0);
    cr_expect(pages_check(&p) == 0);
}

Test(pages, it_grows_by_whole_chunks)
{
    struct pages p = make(NPAGES);

    cr_expect(pages_grow(&p, 1));
    cr_expect(p.grown == PAGES_CHUNK);
    cr_expect(pages_grow(&p, PAGES_CHUNK + 1));
    cr_expect(p.grown == 3 * PAGES_CHUNK);
    cr_expect(pages_check(&p) == 0);
}

Test(pages, a_run_may_cross_chunks)
{
    struct pages p = make(NPAGES);
    bool needzero;
    uintptr_t a, b;

    cr_assert(pages_grow(&p, 3 * PAGES_CHUNK));
    a = pages_alloc(&p, PAGES_CHUNK - 10, &needzero);
    b = pages_alloc(&p, PAGES_CHUNK + 20, &needzero);
    cr_expect(a == p.base);
    cr_expect(number(&p, b) == PAGES_CHUNK - 10);
    memset((void *)b, 1, (PAGES_CHUNK + 20) * (size_t)PAGE_SIZE);
    cr_expect(pages_check(&p) == 0);
}

Test(pages, a_run_may_cross_the_borders_of_every_level)
{
    size_t top = (size_t)1 << 21;
    struct pages p = make_bare(2 * top);
    bool needzero;

    cr_expect(pages_alloc(&p, top - 5, &needzero) == p.base);
    cr_expect(number(&p, pages_alloc(&p, 10, &needzero)) == top - 5);
    cr_expect(number(&p, pages_alloc(&p, top - 5, &needzero)) == top + 5);
    cr_expect(pages_alloc(&p, 1, &needzero) == 0);
    cr_expect(pages_check(&p) == 0);
}

Test(pages, the_whole_range_is_one_run)
{
    size_t top = (size_t)1 << 21;
    struct pages p = make_bare(2 * top);
    bool needzero;

    cr_expect(pages_alloc(&p, 2 * top + 1, &needzero) == 0);
    cr_expect(pages_alloc(&p, 2 * top, &needzero) == p.base);
    cr_expect(p.nfree == 0);
    pages_free(&p, p.base, 2 * top);
    cr_expect(pages_alloc(&p, 2 * top, &needzero) == p.base);
}

Test(pages, the_lowest_run_wins_over_a_better_fit)
{
    struct pages p = make_bare(NPAGES);
    bool needzero;
    uintptr_t at = pages_alloc(&p, NPAGES, &needzero);

    pages_free(&p, at + 700 * PAGE_SIZE, 3);
    pages_free(&p, at + 100 * PAGE_SIZE, 50);
    pages_free(&p, at + 10 * PAGE_SIZE, 2);
    cr_expect(number(&p, pages_alloc(&p, 3, &needzero)) == 100);
    cr_expect(number(&p, pages_alloc(&p, 2, &needzero)) == 10);
    cr_expect(number(&p, pages_alloc(&p, 47, &needzero)) == 103);
    cr_expect(number(&p, pages_alloc(&p, 3, &needzero)) == 700);
}

Test(pages, a_part_of_a_run_can_be_freed)
{
    struct pages p = make_bare(NPAGES);
    bool needzero;
    uintptr_t at = pages_alloc(&p, 100, &needzero);

    pages_free(&p, at + 30 * PAGE_SIZE, 40);
    cr_expect(number(&p, pages_alloc(&p, 40, &needzero)) == 30);
}

Test(pages, only_pages_that_were_used_need_zeroing)
{
    struct pages p = make(NPAGES);
    bool needzero = true;
    uintptr_t a;

    cr_assert(pages_grow(&p, 100));
    a = pages_alloc(&p, 10, &needzero);
    cr_expect(!needzero);
    pages_free(&p, a, 10);
    cr_expect(pages_alloc(&p, 5, &needzero) == a && needzero);
    cr_expect(pages_alloc(&p, 6, &needzero) == a + 5 * PAGE_SIZE && needzero);
    cr_expect(pages_alloc(&p, 1, &needzero) == a + 11 * PAGE_SIZE && !needzero);
}

Test(pages, a_refused_growth_changes_nothing)
{
    struct pages p = make(NPAGES);
    bool needzero;

    os_fail_at(OS_COMMIT, 2);
    cr_expect(pages_grow(&p, 1));
    cr_expect(!pages_grow(&p, 1));
    cr_expect(p.grown == PAGES_CHUNK && p.nfree == PAGES_CHUNK);
    cr_expect(pages_alloc(&p, PAGES_CHUNK, &needzero) != 0);
    cr_expect(pages_check(&p) == 0);
}

Test(pages, the_end_of_the_range_ends_its_growth)
{
    struct pages p = make(2 * PAGES_CHUNK);

    cr_expect(!pages_grow(&p, 2 * PAGES_CHUNK + 1));
    cr_expect(!pages_grow(&p, SIZE_MAX));
    cr_expect(pages_grow(&p, 2 * PAGES_CHUNK));
    cr_expect(!pages_grow(&p, 1));
}

Test(pages, no_memory_for_the_bitmaps_is_false)
{
    struct pages p;

    os_fail_at(OS_METADATA, 1);
    cr_expect(!pages_init(&p, (uintptr_t)1 << 40, NPAGES));
}

static void frees_what_it_never_had(void *arg)
{
    struct pages *p = arg;

    pages_free(p, p->base + p->grown * PAGE_SIZE, 1);
}

Test(pages, freeing_what_the_heap_never_had_throws)
{
    struct pages p = make(NPAGES);

    cr_expect(t_child(frees_what_it_never_had, &p).status == 2);
}

Test(pages, its_check_sees_a_summary_that_lies)
{
    struct pages p = make_bare(NPAGES);
    bool needzero;

    cr_expect(pages_alloc(&p, 1, &needzero) && pages_alloc(&p, 1, &needzero));
    pages_free(&p, p.base, 1);
    cr_expect(pages_alloc(&p, NPAGES - 2, &needzero) != 0);
    cr_expect(pages_alloc(&p, 2, &needzero) == 0 && pages_check(&p) == 0);
    p.sum[0][3] ^= 1;
    cr_expect(pages_check(&p) == 2);
    p.sum[0][3] ^= 1;
    p.sum[2][0] ^= 1;
    cr_expect(pages_check(&p) == 3);
}

Test(pages, its_check_sees_a_page_that_is_free_twice)
{
    struct pages p = make(NPAGES);

    cr_assert(pages_grow(&p, 1));
    p.bits[PAGES_WORDS] = 1;
    cr_expect(pages_check(&p) == 1);
}
