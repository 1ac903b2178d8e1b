/*
 * layout.c - sizes that are multiplied, added and rounded without overflowing.
 *
 * Every size that a program can choose passes through here once, before anything
 * is allocated by it. No state, so no invariants and no checker.
 *
 * Refused: wrapping and testing afterwards. The compilers' builtins turn into one
 * multiplication and a jump on the overflow flag, and cannot be written wrongly.
 *
 * Go: runtime/internal/math.MulUintptr; alignUp in runtime/stubs.go.
 * Module 36, exercise 2 uses it.
 */
#include "layout.h"

bool layout_mul(size_t a, size_t b, size_t *out)
{
    size_t product;

    if (__builtin_mul_overflow(a, b, &product))
        return false;
    *out = product;
    return true;
}

bool layout_add(size_t a, size_t b, size_t *out)
{
    size_t sum;

    if (__builtin_add_overflow(a, b, &sum))
        return false;
    *out = sum;
    return true;
}

bool layout_up(size_t n, size_t align, size_t *out)
{
    size_t sum;

    if (!layout_add(n, align - 1, &sum))
        return false;
    *out = sum & ~(align - 1);
    return true;
}
