/*
 * slice.h - Go's slices: a pointer, a length and a capacity, passed by value.
 *
 * The seam of module 36, exercise 2. Arrays live in the collected heap (gort_alloc):
 * nobody frees them, and two slices may share one. Every function takes the type of the
 * elements; the slice does not remember it. Values are copied as bytes.
 *
 * Go: runtime/slice.go (makeslice, growslice, slicecopy).
 */
#ifndef GORT_SLICE_H
#define GORT_SLICE_H

#include <stddef.h>

#include "rtype.h"

struct slice {
    void *array;                /* NULL only while cap is 0 */
    size_t len;                 /* elements in use */
    size_t cap;                 /* elements the array has room for */
};

/* make([]T, len, cap): zeroed elements. Panics with Go's texts, `makeslice: len out of
   range` and `makeslice: cap out of range`, when len or cap times the size overflows or
   exceeds the address space (2^47 bytes), or len > cap; the length is looked at first. */
struct slice slice_make(const struct rtype *elem, size_t len, size_t cap);

/* The capacity that append gives an array of elements of `size` bytes which has `old` of
   them and needs `need` > old: growslice's rule, then rounded up to what the size class
   holds. Panics with `growslice: cap out of range` when the bytes overflow or exceed the
   address space. size 0 gives `need`. Allocates nothing. */
size_t slice_growcap(size_t size, size_t old, size_t need);

/* append(s, vals[:n]...): the same array while it has room (other slices of it see the
   new elements), else a new one with slice_growcap's capacity. `vals` may lie inside
   s's own array. Never changes the old array when it moves. One allocation at most. */
struct slice slice_append(const struct rtype *elem, struct slice s, const void *vals, size_t n);

/* copy(dst, src): min(dst.len, src.len) elements, which is also what it returns. The two
   may overlap. */
size_t slice_copy(const struct rtype *elem, struct slice dst, struct slice src);

/* s[lo:hi:max], sharing s's array. Panics with Go's texts, checked in this order:
   `slice bounds out of range [::MAX] with capacity CAP`,
   `slice bounds out of range [:HI:MAX]`, `slice bounds out of range [LO:HI:]`. */
struct slice slice_cut(const struct rtype *elem, struct slice s, size_t lo, size_t hi, size_t max);

/* &s[i]. Panics with `index out of range [I] with length LEN`. */
void *slice_at(const struct rtype *elem, struct slice s, size_t i);

#endif
