/*
 * layout.h - sizes that are multiplied, added and rounded without overflowing.
 *
 * Go: runtime/internal/math.MulUintptr; alignUp in runtime/stubs.go.
 */
#ifndef GORT_LAYOUT_H
#define GORT_LAYOUT_H

#include <stdbool.h>
#include <stddef.h>

/* *out = a * b. False when the product does not fit; *out is then unchanged. */
bool layout_mul(size_t a, size_t b, size_t *out);

/* *out = a + b. False when the sum does not fit; *out is then unchanged. */
bool layout_add(size_t a, size_t b, size_t *out);

/* *out = n rounded up to a multiple of `align`, a power of two. False when that does not
   fit; *out is then unchanged. */
bool layout_up(size_t n, size_t align, size_t *out);

#endif
