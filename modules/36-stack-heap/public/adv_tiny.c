/*
 * adv_tiny.c - the public tests of tiny: where the next small object goes.
 */
#include "gt.h"

#include "tiny.h"

/* A new block, TINY_BLOCK zero bytes: malloc aligns to 16. */
static uintptr_t new_block(void)
{
    return (uintptr_t)calloc(1, TINY_BLOCK);
}

static void drop(uintptr_t block)
{
    free((void *)block);
}

GT(adv, objects_follow_each_other)
{
    const size_t first = 1 + gt_below(6), second = 1 + 2 * gt_below(4);
    const uintptr_t block = new_block();
    struct tiny t = {0, 0, 0};

    GT_EQ(tiny_place(&t, first), 0);
    GT_OK(tiny_adopt(&t, block, first) == block);
    GT_EQ(tiny_place(&t, second) - block, first);
    GT_EQ(tiny_place(&t, 1) - block, first + second);
    GT_EQ(t.count, 3);
    drop(block);
}

GT(adv, sizes_align_to_8_4_and_2)
{
    static const size_t size[] = {1, 2, 3, 4, 6, 8};
    static const size_t align[] = {1, 2, 1, 4, 2, 8};

    for (size_t k = 0; k < 6; k++) {
        const size_t used = 1 + 2 * gt_below(4);    /* odd: only size 1 and 3 fit right there */
        const uintptr_t block = new_block();
        struct tiny t = {0, 0, 0};

        tiny_adopt(&t, block, used);
        GT_EQ(tiny_place(&t, size[k]) - block, (used + align[k] - 1) / align[k] * align[k]);
        drop(block);
    }
}

GT(adv, what_does_not_fit_gets_0)
{
    const size_t first = 9 + gt_below(7);
    const uintptr_t block = new_block();
    struct tiny t = {0, 0, 0};

    tiny_adopt(&t, block, first);
    GT_EQ(tiny_place(&t, 8), 0);
    GT_EQ(tiny_place(&t, 17 - first), 0);
    for (size_t i = first; i < TINY_BLOCK; i++)
        GT_EQ(tiny_place(&t, 1) - block, i);
    GT_EQ(tiny_place(&t, 1), 0);
    drop(block);
}
