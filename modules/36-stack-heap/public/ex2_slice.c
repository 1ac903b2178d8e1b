/*
 * ex2_slice.c - the public tests of slice: what each function is for.
 *
 * Where a test can, it lays a slice over an array of its own, so that one function can
 * be tried before the others are written.
 */
#include "gt.h"

#include "slice.h"

#include <gort.h>
#include <stdio.h>

GORT_NOSCAN(num, int64_t);

static int64_t at(struct slice s, size_t i)
{
    return ((const int64_t *)s.array)[i];
}

static void fill(int64_t *v, size_t n)
{
    for (size_t i = 0; i < n; i++)
        v[i] = (int64_t)gt_below(1000000);
}

struct access {
    struct slice s;
    size_t i;
};

static void look(void *arg)
{
    const struct access *a = arg;

    slice_at(&num, a->s, a->i);
}

GT(ex2, make_gives_zeroed_elements)
{
    for (int round = 0; round < 20; round++) {
        size_t len = gt_below(50), cap = len + 1 + gt_below(50);
        struct slice s = slice_make(&num, len, cap);

        GT_EQ(s.len, len);
        GT_EQ(s.cap, cap);
        GT_OK(s.array != NULL);
        for (size_t i = 0; i < cap; i++)
            GT_EQ(at(s, i), 0);
        fill(s.array, cap);
    }
}

GT(ex2, append_in_place_shares_the_array)
{
    int64_t room[8], vals[3], keep;
    struct slice s = {room, 3, 8}, t;

    fill(room, 8);
    fill(vals, 3);
    keep = room[6];
    t = slice_append(&num, s, vals, 3);
    GT_OK(t.array == room);
    GT_EQ(t.len, 6);
    GT_EQ(t.cap, 8);
    for (size_t i = 0; i < 3; i++)
        GT_EQ(room[3 + i], vals[i]);
    GT_EQ(room[6], keep);
    vals[0]++;
    slice_append(&num, s, vals, 1);     /* s still has length 3: t sees it */
    GT_EQ(at(t, 3), vals[0]);
}

GT(ex2, append_past_capacity_moves)
{
    static const size_t caps[] = {1, 2, 4, 4, 8, 8, 8, 8, 16};
    int64_t room[4], more;
    struct slice s = {room, 4, 4}, t;

    fill(room, 4);
    fill(&more, 1);
    t = slice_append(&num, s, &more, 1);
    GT_OK(t.array != room);
    GT_EQ(t.len, 5);
    GT_EQ(t.cap, 8);
    for (size_t i = 0; i < 4; i++)
        GT_EQ(at(t, i), room[i]);
    GT_EQ(at(t, 4), more);

    t = (struct slice){NULL, 0, 0};
    for (size_t i = 0; i < 9; i++) {
        t = slice_append(&num, t, &more, 1);
        GT_EQ(t.cap, caps[i]);
    }
}

GT(ex2, copy_takes_the_shorter_length)
{
    for (int round = 0; round < 20; round++) {
        size_t to = gt_below(9), from = gt_below(9), n = to < from ? to : from;
        int64_t a[8], b[8], before[8];

        fill(a, 8);
        fill(b, 8);
        memcpy(before, a, sizeof a);
        GT_EQ(slice_copy(&num, (struct slice){a, to, 8}, (struct slice){b, from, 8}), n);
        for (size_t i = 0; i < 8; i++)
            GT_EQ(a[i], i < n ? b[i] : before[i]);
    }
}

GT(ex2, cut_shares_the_array)
{
    for (int round = 0; round < 20; round++) {
        size_t max = 1 + gt_below(8), hi = gt_below(max + 1), lo = gt_below(hi + 1);
        int64_t room[8];
        struct slice c = slice_cut(&num, (struct slice){room, 4, 8}, lo, hi, max);

        fill(room, 8);
        GT_EQ(c.len, hi - lo);
        GT_EQ(c.cap, max - lo);
        for (size_t i = 0; i < c.len; i++)
            GT_EQ(at(c, i), room[lo + i]);
    }
}

GT(ex2, bad_index_panics)
{
    int64_t room[8];
    struct access a = {{room, 1 + gt_below(7), 8}, 0};
    char text[80];

    fill(room, 8);
    for (size_t i = 0; i < a.s.len; i++)
        GT_OK(slice_at(&num, a.s, i) == &room[i]);
    a.i = a.s.len;
    snprintf(text, sizeof text, "index out of range [%zu] with length %zu", a.i, a.s.len);
    GT_PANICS(look, &a, text);
}
