/*
 * ex1_frames.c - the hidden tests of frames: the limits of the types, the refusals,
 * what happens without memory, and what each job may cost.
 */
#include "gt.h"

#include "frames.h"

#include <stdio.h>

enum {
    SMALL = FRAMES_MEDIAN_LOCAL,                /* what a frame must hold */
    LARGE = 1000,
};

/* A number near one of the ends of int64_t, or near 0. */
static int64_t near_a_limit(void)
{
    static const int64_t limit[] = {INT64_MIN, INT64_MAX, 0};
    int64_t end = limit[gt_below(3)], off = (int64_t)gt_below(4);

    return end == INT64_MAX ? end - off : end + off;
}

static int64_t half_of(int64_t a, int64_t b)
{
    __int128 sum = (__int128)a + b;

    return (int64_t)(sum >= 0 ? sum / 2 : -((1 - sum) / 2));
}

/* Fills v with n numbers, among them repeated ones and both signs. */
static void fill(int64_t *v, size_t n)
{
    for (size_t i = 0; i < n; i++)
        v[i] = (int64_t)gt_below(n * 2) - (int64_t)n;
}

GT(ex1, midpoint_holds_at_the_limits)
{
    const struct point low = {INT64_MIN, INT64_MIN}, high = {INT64_MAX, INT64_MAX};

    GT_EQ(frames_midpoint(low, low).x, INT64_MIN);
    GT_EQ(frames_midpoint(high, high).y, INT64_MAX);
    GT_EQ(frames_midpoint(low, high).x, -1);
    for (int i = 0; i < 100; i++) {
        struct point a = {near_a_limit(), (int64_t)gt_rand()};
        struct point b = {near_a_limit(), (int64_t)gt_rand()};
        struct point m = frames_midpoint(a, b);

        GT_EQ(m.x, half_of(a.x, b.x));
        GT_EQ(m.y, half_of(a.y, b.y));
    }
}

GT(ex1, a_refused_division_writes_nothing)
{
    const int64_t mark = (int64_t)gt_rand();
    int64_t quot = mark, rem = ~mark;

    GT_OK(!frames_divide((int64_t)gt_rand(), 0, &quot, &rem));
    GT_OK(!frames_divide(INT64_MIN, -1, &quot, &rem));
    GT_EQ(quot, mark);
    GT_EQ(rem, ~mark);
    GT_OK(frames_divide(INT64_MIN, 1, &quot, &rem));
    GT_EQ(quot, INT64_MIN);
    GT_EQ(rem, 0);
    GT_OK(frames_divide(INT64_MAX, -1, &quot, &rem));
    GT_EQ(quot, -INT64_MAX);
}

GT(ex1, itoa_never_writes_past_cap)
{
    const int64_t edge[] = {INT64_MIN, INT64_MAX, 0, -1, near_a_limit()};
    char got[32], want[32], untouched[32];

    for (size_t i = 0; i < sizeof edge / sizeof edge[0]; i++) {
        int len = snprintf(NULL, 0, "%lld", (long long)edge[i]);

        GT_EQ(frames_itoa(edge[i], NULL, 0), len);
        for (size_t cap = 0; cap < sizeof got; cap++) {
            memset(untouched, (int)gt_below(256), sizeof untouched);
            memcpy(got, untouched, sizeof got);
            snprintf(want, cap, "%lld", (long long)edge[i]);
            GT_EQ(frames_itoa(edge[i], got, cap), len);
            if (cap > 0)
                GT_STR(got, want);
            GT_MEM(&got[cap], &untouched[cap], sizeof got - cap);
        }
    }
}

GT(ex1, median_reads_and_leaves_the_values)
{
    const size_t sizes[] = {1, 2, SMALL - 1, SMALL, SMALL + 1, LARGE};
    int64_t before[LARGE], median = 0;

    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        size_t n = sizes[i], below = 0, at_most = 0;
        int64_t *v = malloc(n * sizeof *v);     /* n values, and not one more to read */

        if (v == NULL)
            abort();
        fill(before, n);
        memcpy(v, before, n * sizeof *v);
        GT_OK(frames_median(v, n, &median));
        GT_VAL(median);
        GT_MEM(v, before, n * sizeof *v);
        free(v);
        for (size_t k = 0; k < n; k++) {
            below += before[k] < median;
            at_most += before[k] <= median;
        }
        GT_OK(below <= (n - 1) / 2 && (n - 1) / 2 < at_most);
    }
}

GT(ex1, join_takes_empty_and_no_parts)
{
    char digits[24], want[64];
    const char *parts[] = {"", digits, "", ""};
    char *got;

    snprintf(digits, sizeof digits, "%u", (unsigned)gt_below(1000000));
    got = frames_join(NULL, 0, "-");
    GT_STR(got, "");
    free(got);
    got = frames_join(&parts[1], 1, "-");
    GT_STR(got, digits);
    free(got);
    got = frames_join(parts, 4, "-");
    snprintf(want, sizeof want, "-%s--", digits);
    GT_STR(got, want);
    free(got);
    got = frames_join(parts, 4, "");
    GT_STR(got, digits);
    free(got);
}

GT(ex1, a_grid_too_large_is_refused)
{
    const size_t most = SIZE_MAX / sizeof(int64_t);
    const size_t huge[][2] = {
        {(size_t)1 << 32, (size_t)1 << 32},     /* rows * cols wraps to 0 */
        {(size_t)1 << 33, ((size_t)1 << 31) + gt_below(100)},
        {most + 1, 1},                          /* the cells wrap to 0 bytes */
        {1, most + 2 + gt_below(100)},
        {most, 1},                              /* the header is too much */
    };

    for (size_t i = 0; i < sizeof huge / sizeof huge[0]; i++) {
        struct grid *g = frames_grid_new(huge[i][0], huge[i][1]);

        GT_OK(g == NULL);
        free(g);
    }
    GT_VAL(huge[1][1] + huge[3][1]);            /* what was tried depends on the seed */
}

GT(ex1, a_grid_may_have_no_cells)
{
    size_t n = gt_below(100);
    struct grid *wide = frames_grid_new(0, n), *high = frames_grid_new(n, 0);

    GT_OK(wide != NULL && high != NULL);
    if (wide == NULL || high == NULL)
        return;
    GT_EQ(wide->rows, 0);
    GT_EQ(wide->cols, n);
    GT_EQ(high->rows, n);
    GT_EQ(high->cols, 0);
    free(wide);
    free(high);
}

GT(ex1, without_memory_the_answer_says_so)
{
    const char *const parts[] = {"one", "two"};
    int64_t v[LARGE], mark = (int64_t)gt_rand(), median = mark;

    fill(v, LARGE);
    gt_fail_at(1);
    GT_OK(frames_point_new(mark, 1) == NULL);
    GT_OK(frames_join(parts, 2, "+") == NULL);
    GT_OK(frames_grid_new(3, 4) == NULL);
    GT_OK(!frames_median(v, LARGE, &median));
    GT_EQ(median, mark);
    gt_fail_at(0);
}

GT(ex1, short_lives_cost_nothing)
{
    int64_t v[SMALL], median = 0, quot = 0, rem = 0;
    char text[32] = "";
    struct point m;

    fill(v, SMALL);
    gt_start();
    for (size_t n = 1; n <= SMALL; n++) {
        GT_OK(frames_median(v, n, &median));
        GT_VAL(median);
    }
    for (int i = 0; i < 100; i++) {
        m = frames_midpoint((struct point){v[1], i}, (struct point){v[2], -i});
        GT_OK(frames_divide(v[3], i + 1, &quot, &rem));
        GT_VAL(m.x + quot + rem);
        frames_reverse(text, frames_itoa(v[4] * i, text, sizeof text));
        GT_VAL(gt_hash(text, strlen(text)));
    }
    gt_stop();
}

GT(ex1, a_large_median_costs_one)
{
    int64_t v[LARGE], median = 0;

    fill(v, LARGE);
    gt_start();
    GT_OK(frames_median(v, LARGE, &median));
    gt_stop();
    GT_VAL(median);
}

GT(ex1, what_outlives_costs_one_each)
{
    char word[9] = "";
    const char *parts[40];
    struct point *p;
    struct grid *g;
    char *text;

    for (size_t i = 0; i < 8; i++)
        word[i] = (char)('a' + gt_below(26));
    for (size_t i = 0; i < 40; i++)
        parts[i] = word + i % 8;
    gt_start();
    p = frames_point_new(word[0], word[1]);
    text = frames_join(parts, 40, "; ");
    g = frames_grid_new(30, 20);
    gt_stop();
    GT_OK(p != NULL && g != NULL);
    GT_VAL(p != NULL ? p->x + p->y : 0);
    GT_VAL(text != NULL ? gt_hash(text, strlen(text)) : 0);
    free(p);
    free(text);
    free(g);
}
