/*
 * slice.c - Go's slices: make, append, copy, cut and index.
 *
 * Module 36, exercise 2. The contract of every function is in slice.h; this file is
 * yours. Memory comes from gort_alloc (gort.h): zeroed, never NULL, and nobody frees it.
 * These help:
 *   layout_mul(a, b, &out)     a * b, and false when that does not fit      (layout.h)
 *   sizeclass_round(bytes)     what the allocator would really hand out     (sizeclass.h)
 *   rt_panic(format, ...)      Go's panic; it does not return               (fatal.h)
 *
 *     make check MOD=36 EX=2
 */
#include "slice.h"

#include "fatal.h"
#include "layout.h"
#include "sizeclass.h"

#include <gort.h>

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

/* TODO(ex2): a new array for cap elements, of which len are in use. Look at len first
   and at cap afterwards: each times the element's size must not overflow and not exceed
   2^47 bytes, and len must not exceed cap. Each has its own panic. */
struct slice slice_make(const struct rtype *elem, size_t len, size_t cap)
{
    (void)elem;
    (void)len;
    (void)cap;
    rt_todo("ex2", "slice_make");
}

/* TODO(ex2): the capacity of the new array. More than twice the old one is needed: what
   is needed. Fewer than 256 old elements: twice the old. Else add (c + 768) / 4 to c
   until it is enough. Then round the bytes up to what the allocator gives, and see how
   many elements that holds. Too many bytes panic; a size of 0 gives `need`. */
size_t slice_growcap(size_t size, size_t old, size_t need)
{
    (void)size;
    (void)old;
    (void)need;
    rt_todo("ex2", "slice_growcap");
}

/* TODO(ex2): n more elements. In place while s.cap has room for them; else into a new
   array, and the old one stays as it is. vals may lie inside s's own array, even where
   the new elements go; it may be NULL when n is 0. The sum of two lengths can overflow. */
struct slice slice_append(const struct rtype *elem, struct slice s, const void *vals, size_t n)
{
    (void)elem;
    (void)s;
    (void)vals;
    (void)n;
    rt_todo("ex2", "slice_append");
}

/* TODO(ex2): copy as many elements as the shorter of the two has, and return how many.
   The two may overlap in either direction. */
size_t slice_copy(const struct rtype *elem, struct slice dst, struct slice src)
{
    (void)elem;
    (void)dst;
    (void)src;
    rt_todo("ex2", "slice_copy");
}

/* TODO(ex2): s[lo:hi:max], which shares s's array: no copy. Check max against the
   capacity, then hi against max, then lo against hi; each has its own panic. */
struct slice slice_cut(const struct rtype *elem, struct slice s, size_t lo, size_t hi, size_t max)
{
    (void)elem;
    (void)s;
    (void)lo;
    (void)hi;
    (void)max;
    rt_todo("ex2", "slice_cut");
}

/* TODO(ex2): the address of element i. An element beyond the length is out of range,
   even when the array has room for it. */
void *slice_at(const struct rtype *elem, struct slice s, size_t i)
{
    (void)elem;
    (void)s;
    (void)i;
    rt_todo("ex2", "slice_at");
}
