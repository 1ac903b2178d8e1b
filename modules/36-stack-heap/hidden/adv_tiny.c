/*
 * adv_tiny.c - the hidden tests of tiny: Go's own placements, and the rule on sequences
 * that nobody has seen before.
 *
 * The placements were recorded from Go 1.19.8: oracles/tiny.tsv.
 */
#include "gt.h"

#include "tiny.h"

#include "tiny_rows.h"

enum { BLOCKS = 512 };

/* An allocator around the room: the blocks in the order in which they were needed. */
static struct {
    struct tiny t;
    uintptr_t block[BLOCKS];
    uint32_t n;
} heap;

static void heap_open(void)
{
    memset(&heap, 0, sizeof heap);
}

static void heap_close(void)
{
    for (uint32_t i = 0; i < heap.n; i++)
        free((void *)heap.block[i]);
}

static uintptr_t heap_block(void)
{
    return heap.block[heap.n++] = (uintptr_t)calloc(1, TINY_BLOCK);
}

/* 16 * block + offset of the address; -1 when it is in none. */
static long where(uintptr_t p)
{
    for (uint32_t i = 0; i < heap.n; i++)
        if (p - heap.block[i] < TINY_BLOCK)
            return (long)(i * TINY_BLOCK + (p - heap.block[i]));
    return -1;
}

/* Allocates one object as malloc.c does, and says where it went. */
static long make(size_t size)
{
    uintptr_t p = tiny_place(&heap.t, size);

    if (p == 0)
        p = tiny_adopt(&heap.t, heap_block(), size);
    return where(p);
}

GT(adv, placements_equal_go)
{
    for (int row = 0; row < TINY_ROWS; row++) {
        heap_open();
        for (int i = 0; i < tiny_row[row].n; i++)
            if (tiny_row[row].size[i] < TINY_BLOCK)
                GT_EQ(make(tiny_row[row].size[i]), tiny_at[row][i]);
        heap_close();
    }
    heap_open();
    for (int i = 0; i < 20; i++)
        GT_VAL(make(1 + gt_below(15)));
    heap_close();
}

/* The rule once more, on plain numbers. */
static struct {
    long block, used, blocks;
} model;

static long model_make(size_t size)
{
    long align = size % 8 == 0 ? 8 : size % 4 == 0 ? 4 : size % 2 == 0 ? 2 : 1;
    long at = (model.used + align - 1) / align * align, n = (long)size;

    if (model.blocks > 0 && at + n <= TINY_BLOCK) {
        model.used = at + n;
        return model.block * TINY_BLOCK + at;
    }
    if (model.blocks == 0 || n < model.used) {
        model.block = model.blocks;
        model.used = n;
    }
    return model.blocks++ * TINY_BLOCK;
}

GT(adv, random_sizes_follow_the_rule)
{
    for (int round = 0; round < 10; round++) {
        size_t most = 1 + gt_below(15);

        heap_open();
        memset(&model, 0, sizeof model);
        for (int i = 0; i < 100; i++) {
            size_t size = 1 + gt_below(most);
            long want = model_make(size);

            GT_EQ(make(size), want);
        }
        heap_close();
    }
}

GT(adv, the_roomier_block_stays)
{
    for (int round = 0; round < 60; round++) {
        size_t used = 2 + gt_below(14), size = 17 - used + gt_below(used - 1);

        heap_open();
        make(used);
        GT_EQ(make(size), TINY_BLOCK);
        GT_EQ(make(1), size < used ? TINY_BLOCK + size : used);
        heap_close();

        used = 9 + gt_below(7);             /* a tie: the old one */
        heap_open();
        make(used);
        GT_EQ(make(used), TINY_BLOCK);
        GT_EQ(make(1), used);
        heap_close();
    }
}

GT(adv, a_refusal_changes_nothing)
{
    for (int round = 0; round < 40; round++) {
        size_t used = 2 + gt_below(13), more = 17 - used + gt_below(used - 1);
        struct tiny before;

        heap_open();
        make(used);
        before = heap.t;
        GT_EQ(tiny_place(&heap.t, more), 0);
        GT_OK(heap.t.block == before.block && heap.t.used == before.used);
        GT_EQ(heap.t.count, before.count);
        GT_EQ(make(1), used);
        heap_close();
    }
}

GT(adv, a_forgotten_block_is_not_used)
{
    for (int round = 0; round < 40; round++) {
        size_t used = 1 + gt_below(8), size = 8 + gt_below(8);

        heap_open();
        make(used);
        tiny_forget(&heap.t);
        GT_EQ(tiny_place(&heap.t, 1), 0);
        GT_EQ(make(size), TINY_BLOCK);
        GT_EQ(make(1), TINY_BLOCK + size);  /* the new one is current, however full */
        GT_VAL(used);
        heap_close();
    }
}

GT(adv, every_object_is_counted)
{
    uint32_t n = 1 + (uint32_t)gt_below(200);

    heap_open();
    for (uint32_t i = 1; i <= n; i++) {
        make(1 + gt_below(15));
        GT_EQ(heap.t.count, i);
        if (gt_below(10) == 0)
            tiny_forget(&heap.t);
    }
    heap_close();
}
