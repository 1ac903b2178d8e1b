/*
 * ex1_frames.c - the public tests of frames: one for each of the eight jobs.
 *
 * What is expected is worked out here a second time, in another way: in 128 bits, or by
 * the C library.
 */
#include "gt.h"

#include "frames.h"

#include <stdio.h>

/* A number from -1000 to 1000. */
static int64_t small(void)
{
    return (int64_t)gt_below(2001) - 1000;
}

/* A number of 1 to 64 bits, so that all lengths of text occur. */
static int64_t any_length(void)
{
    uint64_t bits = 1 + gt_below(64);

    return (int64_t)(gt_rand() << (64 - bits)) >> (64 - bits);
}

static int64_t half_of(int64_t a, int64_t b)
{
    int64_t sum = a + b;

    return sum >= 0 ? sum / 2 : -((1 - sum) / 2);
}

GT(ex1, midpoint_rounds_down)
{
    for (int i = 0; i < 50; i++) {
        struct point a = {small(), small()}, b = {small(), small()};
        struct point m = frames_midpoint(a, b);

        GT_EQ(m.x, half_of(a.x, b.x));
        GT_EQ(m.y, half_of(a.y, b.y));
    }
}

GT(ex1, divide_gives_both_results)
{
    for (int i = 0; i < 50; i++) {
        int64_t a = any_length(), b = 1 + (int64_t)gt_below(1000);
        int64_t quot = 0, rem = 0;

        if (gt_below(2) == 0)
            b = -b - 1;
        GT_OK(frames_divide(a, b, &quot, &rem));
        GT_EQ(quot, a / b);
        GT_EQ(rem, a % b);
    }
}

GT(ex1, itoa_writes_what_fits)
{
    for (int i = 0; i < 50; i++) {
        int64_t v = any_length();
        size_t cap = i % 2 == 0 ? 32 : 1 + gt_below(20);
        char got[32], want[32];
        int len = snprintf(want, cap, "%lld", (long long)v);

        GT_EQ(frames_itoa(v, got, cap), len);
        GT_STR(got, want);
    }
}

GT(ex1, reverse_turns_the_bytes_around)
{
    char s[40], want[40];

    for (size_t n = 0; n < sizeof s; n++) {
        for (size_t i = 0; i < sizeof s; i++)
            s[i] = want[i] = (char)gt_rand();
        for (size_t i = 0; i < n; i++)
            want[i] = s[n - 1 - i];
        frames_reverse(s, n);
        GT_MEM(s, want, sizeof s);
    }
}

GT(ex1, median_is_the_lower_middle)
{
    int64_t v[41], median = 0;

    for (int round = 0; round < 20; round++) {
        size_t n = 1 + gt_below(41), below = 0, at_most = 0;

        for (size_t i = 0; i < n; i++)
            v[i] = small() / 10;
        GT_OK(frames_median(v, n, &median));
        GT_VAL(median);
        for (size_t i = 0; i < n; i++) {
            below += v[i] < median;
            at_most += v[i] <= median;
        }
        GT_OK(below <= (n - 1) / 2 && (n - 1) / 2 < at_most);
    }
    GT_OK(!frames_median(v, 0, &median));
}

GT(ex1, a_point_outlives_the_call)
{
    int64_t x = any_length(), y = any_length();
    struct point *p = frames_point_new(x, y);
    struct point *q = frames_point_new(y, x);

    GT_OK(p != NULL && q != NULL && p != q);
    if (p == NULL || q == NULL || p == q)
        return;
    GT_EQ(p->x, x);
    GT_EQ(p->y, y);
    GT_EQ(q->x, y);
    GT_EQ(q->y, x);
    free(p);
    free(q);
}

GT(ex1, join_puts_the_separator_between)
{
    const char *const words[] = {"stack", "heap", "frame", "a", "escape"};
    const char *parts[5];
    char want[64] = "";
    char *got;

    for (int i = 0; i < 5; i++) {
        parts[i] = words[gt_below(5)];
        if (i > 0)
            strcat(want, ", ");
        strcat(want, parts[i]);
    }
    got = frames_join(parts, 5, ", ");
    GT_STR(got, want);
    free(got);
}

/* Leaves a free block of n bytes behind that is not zero: the next malloc of that size
   is likely to get it. */
static void leave_dirt(size_t n)
{
    char *p = malloc(n);

    if (p != NULL)
        memset(p, 0xa5, n);
    free(p);
}

GT(ex1, a_grid_starts_at_zero)
{
    size_t rows = 1 + gt_below(9), cols = 1 + gt_below(9);
    struct grid *g;

    leave_dirt(sizeof *g + rows * cols * sizeof g->cell[0]);
    g = frames_grid_new(rows, cols);
    GT_OK(g != NULL);
    if (g == NULL)
        return;
    GT_EQ(g->rows, rows);
    GT_EQ(g->cols, cols);
    for (size_t i = 0; i < rows * cols; i++)
        GT_EQ(g->cell[i], 0);
    g->cell[rows * cols - 1] = 1;               /* the last cell is there */
    free(g);
}
