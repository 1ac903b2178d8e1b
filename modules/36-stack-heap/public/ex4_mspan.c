/*
 * ex4_mspan.c - the public tests of mspan: take, index, mark, sweep, check.
 *
 * A span is only bits and numbers: its base is an address that nobody ever reads, so
 * these tests need no heap.
 */
#include "gt.h"

#include "mspan.h"

/* A span and its bitmaps, which the test frees even when the span has lost them. */
struct bench {
    struct mspan s;
    uint64_t *bits[2];
};

static void bench_open(struct bench *b, size_t npages, size_t elemsize)
{
    size_t bytes = mspan_words((uint32_t)(npages * PAGE_SIZE / elemsize)) * 8;

    b->bits[0] = malloc(bytes);
    b->bits[1] = malloc(bytes);
    mspan_init(&b->s, (1 + gt_below(1 << 20)) * PAGE_SIZE, npages, elemsize, b->bits[0],
               b->bits[1]);
}

static void bench_close(struct bench *b)
{
    free(b->bits[0]);
    free(b->bits[1]);
}

static void take_many(struct mspan *s, uint32_t n)
{
    while (n-- > 0)
        mspan_take(s);
}

GT(ex4, take_hands_out_every_slot_once)
{
    const size_t elemsize = 8 * (1 + gt_below(15));
    const uint32_t slots = (uint32_t)(PAGE_SIZE / elemsize);
    struct bench b;

    bench_open(&b, 1, elemsize);
    GT_EQ(b.s.nelems, slots);
    for (uint32_t i = 0; i < slots; i++)
        GT_EQ(mspan_take(&b.s), i);
    GT_EQ(mspan_take(&b.s), slots);
    GT_EQ(b.s.alloccount, slots);
    bench_close(&b);
}

GT(ex4, index_finds_the_slot_of_a_pointer)
{
    struct bench b;

    bench_open(&b, 1, 48);
    for (uint32_t i = 0; i < 170; i++) {
        GT_EQ(mspan_index(&b.s, b.s.base + i * 48), i);
        GT_EQ(mspan_index(&b.s, b.s.base + i * 48 + gt_below(48)), i);
        GT_EQ(mspan_index(&b.s, b.s.base + i * 48 + 47), i);
    }
    GT_EQ(mspan_index(&b.s, b.s.base - 1 - gt_below(4000)), 170);
    GT_EQ(mspan_index(&b.s, b.s.base + PAGE_SIZE + gt_below(4000)), 170);
    GT_VAL(b.s.base);
    bench_close(&b);
}

GT(ex4, mark_says_who_came_first)
{
    struct bench b;

    bench_open(&b, 1, 64);
    take_many(&b.s, 128);
    for (int round = 0; round < 20; round++) {
        uint32_t i = (uint32_t)gt_below(128);

        mspan_mark(&b.s, i);
        GT_OK(!mspan_mark(&b.s, i));
        GT_VAL(i);
    }
    mspan_sweep(&b.s);
    take_many(&b.s, 128);
    for (uint32_t i = 0; i < 128; i++)
        GT_OK(mspan_mark(&b.s, i));
    bench_close(&b);
}

GT(ex4, sweep_frees_what_is_not_marked)
{
    const uint32_t lost = (uint32_t)gt_below(100), other = lost + 1 + (uint32_t)gt_below(27);
    struct bench b;

    bench_open(&b, 1, 64);
    take_many(&b.s, 128);
    for (uint32_t i = 0; i < 128; i++)
        if (i != lost && i != other)
            mspan_mark(&b.s, i);
    GT_EQ(mspan_sweep(&b.s), 2);
    GT_EQ(b.s.alloccount, 126);
    GT_EQ(mspan_take(&b.s), lost);
    GT_EQ(mspan_take(&b.s), other);
    GT_EQ(mspan_take(&b.s), 128);
    bench_close(&b);
}

GT(ex4, check_is_0_while_all_holds)
{
    struct bench b;

    bench_open(&b, 1, 80);
    for (int round = 0; round < 30; round++) {
        take_many(&b.s, (uint32_t)gt_below(30));
        GT_EQ(mspan_check(&b.s), 0);
        for (uint32_t i = 0; i < b.s.nelems; i++)
            if (!mspan_is_free(&b.s, i) && gt_below(2) == 0)
                mspan_mark(&b.s, i);
        GT_EQ(mspan_check(&b.s), 0);
        GT_VAL(mspan_sweep(&b.s));
        GT_EQ(mspan_check(&b.s), 0);
    }
    bench_close(&b);
}
