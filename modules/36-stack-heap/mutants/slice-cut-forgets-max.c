/* mutant: 36.2.capped_cut_protects_the_rest -- an append to the cut overwrites its neighbours */
/*
 * slice.c - Go's slices: make, append, copy, cut and index.
 *
 * A slice is three words that travel by value; the array behind them is in the
 * collected heap and may be shared. Every function answers one question before it
 * touches a byte: does the answer fit into the array that is there? Only slice_make and
 * an append without room allocate, once; everything else is arithmetic.
 *
 * An array that grows, grows by a factor (2, later about 1.25), so that n appends one by
 * one move fewer than 5n elements in all and allocate about log n times. The new size is
 * then rounded up to what the allocator would hand out anyway: the rest of the slot is
 * room for later appends instead of waste.
 *
 * Invariants of every slice that leaves this room:
 *   I1  len <= cap
 *   I2  array is not NULL, unless cap is 0
 *   I3  the elements from len to cap of a new array are zero
 *
 * Locks: none. Two threads that append to one slice need one; so they do in Go.
 *
 * Refused: realloc instead of a new array. It would save a copy now and then, but an
 * append that moves must leave the old array as it was, for the slices that still
 * share it.
 *
 * Go: makeslice, growslice, slicecopy in runtime/slice.go; the panics' texts in
 * runtime/error.go. Module 36, exercise 2.
 */
#include "slice.h"

#include "fatal.h"
#include "layout.h"
#include "sizeclass.h"

#include <gort.h>

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

enum {
    GROW_DOUBLE_BELOW = 256,    /* elements: smaller arrays double */
};

/* The most bytes that an array can have: x86-64 gives a process 47 bits of addresses. */
static const size_t MAX_ARRAY = (size_t)1 << 47;

/* n * size into *bytes; false when no array can be that large. */
static bool array_bytes(size_t n, size_t size, size_t *bytes)
{
    return layout_mul(n, size, bytes) && *bytes <= MAX_ARRAY;
}

/* memmove, since source and target may overlap; and nothing at all for no bytes, since
   then the pointers may be NULL, which memmove does not allow. */
static void move(void *dst, const void *src, size_t bytes)
{
    if (bytes != 0)
        memmove(dst, src, bytes);
}

static void *elem_at(const struct rtype *elem, struct slice s, size_t i)
{
    return i == 0 ? s.array : (char *)s.array + i * elem->size;
}

struct slice slice_make(const struct rtype *elem, size_t len, size_t cap)
{
    size_t bytes;

    if (!array_bytes(len, elem->size, &bytes))
        rt_panic("makeslice: len out of range");
    if (len > cap || !array_bytes(cap, elem->size, &bytes))
        rt_panic("makeslice: cap out of range");
    return (struct slice){gort_alloc(bytes, elem), len, cap};
}

/* The capacity before rounding. The quarter is of c + 3 * 256 and not of c, so that the
   factor goes from 2 to 1.25 by and by: at 256 elements both rules give 512. */
static size_t grown(size_t old, size_t need)
{
    size_t c = old;

    if (need > 2 * old)
        return need;
    if (old < GROW_DOUBLE_BELOW)
        return 2 * old;
    while (c < need)
        c += (c + 3 * GROW_DOUBLE_BELOW) / 4;
    return c;
}

/* need is checked before anything is computed from it: at most 2^47 from here on, so
   that no sum in grown can wrap round. What grown makes of it may be too much again.
   The panic's words are those of Go 1.19; since 1.20 they say len instead of cap. */
size_t slice_growcap(size_t size, size_t old, size_t need)
{
    size_t bytes;

    if (size == 0)
        return need;
    if (!array_bytes(need, size, &bytes) ||
        !array_bytes(grown(old, need), size, &bytes))
        rt_panic("growslice: cap out of range");
    return sizeclass_round(bytes) / size;
}

/* doc:append */
/* `vals` may lie in s's array. In place it may even overlap the elements it becomes, and
   move copes with that; when the array moves, vals still points into the old one, which
   has not changed. */
struct slice slice_append(const struct rtype *elem, struct slice s, const void *vals, size_t n)
{
    size_t need = s.len + n;

    if (need < n)
        rt_panic("growslice: cap out of range");
    if (need > s.cap) {
        size_t cap = slice_growcap(elem->size, s.cap, need);
        void *array = gort_alloc(cap * elem->size, elem);

        move(array, s.array, s.len * elem->size);
        s.array = array;
        s.cap = cap;
    }
    move(elem_at(elem, s, s.len), vals, n * elem->size);
    s.len = need;
    return s;
}
/* doc:end */

size_t slice_copy(const struct rtype *elem, struct slice dst, struct slice src)
{
    size_t n = dst.len < src.len ? dst.len : src.len;

    move(dst.array, src.array, n * elem->size);
    return n;
}

/* The checks go from the outside in, so that each may trust the one before it. A slice
   with no room left keeps the start of its array: an address one past the end could be
   the next object's, and would keep that one alive. */
struct slice slice_cut(const struct rtype *elem, struct slice s, size_t lo, size_t hi, size_t max)
{
    if (max > s.cap)
        rt_panic("slice bounds out of range [::%zu] with capacity %zu", max, s.cap);
    if (hi > max)
        rt_panic("slice bounds out of range [:%zu:%zu]", hi, max);
    if (lo > hi)
        rt_panic("slice bounds out of range [%zu:%zu:]", lo, hi);
    return (struct slice){lo == max ? s.array : elem_at(elem, s, lo), hi - lo, s.cap - lo};
}

void *slice_at(const struct rtype *elem, struct slice s, size_t i)
{
    if (i >= s.len)
        rt_panic("index out of range [%zu] with length %zu", i, s.len);
    return elem_at(elem, s, i);
}
