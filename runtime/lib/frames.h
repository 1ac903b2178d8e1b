/*
 * frames.h - eight small jobs, each with one right place for its memory.
 *
 * The seam of module 36, exercise 1. The question is always the same: who needs the
 * bytes after this function has returned? Nobody: its own frame. The caller: the
 * caller's frame, by value or through a pointer. Somebody later: the heap, in one
 * allocation, and the comment says who frees it.
 *
 * Go answers it for you: that is escape analysis, module 37.
 */
#ifndef GORT_FRAMES_H
#define GORT_FRAMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct point {
    int64_t x, y;
};

/* A grid of rows * cols cells in one block: header and cells together. */
struct grid {
    size_t rows, cols;
    int64_t cell[];             /* cell[r * cols + c] */
};

enum { FRAMES_MEDIAN_LOCAL = 64 };

/* 1. By value. The point halfway between a and b, each coordinate rounded towards minus
   infinity. Never overflows. Allocates nothing. */
struct point frames_midpoint(struct point a, struct point b);

/* 2. Out parameters. *quot = a / b and *rem = a % b as C defines them; true. False when
   b is 0 or the quotient does not fit, and then nothing is written. Allocates nothing. */
bool frames_divide(int64_t a, int64_t b, int64_t *quot, int64_t *rem);

/* 3. The caller's buffer. Writes v in decimal with a NUL, as much as fits in cap bytes
   (the NUL always fits when cap > 0); returns the length of the whole text without the
   NUL, as snprintf does. Allocates nothing. */
size_t frames_itoa(int64_t v, char *buf, size_t cap);

/* 4. In place. Reverses the n bytes at s. Allocates nothing. */
void frames_reverse(char *s, size_t n);

/* 5. A local array while it is small. The lower median of the n > 0 values at v (element
   (n - 1) / 2 of the sorted values), which stay as they are. Up to FRAMES_MEDIAN_LOCAL values
   are sorted in the function's own frame; for more, exactly one allocation, freed
   before the return. *median is the answer; false when n is 0 or memory ran out. */
bool frames_median(const int64_t *v, size_t n, int64_t *median);

/* 6. It must outlive the frame. A new point, exactly one allocation, the caller's to
   free; NULL when memory ran out. */
struct point *frames_point_new(int64_t x, int64_t y);

/* 7. Measure, then allocate once. parts[0] sep parts[1] sep ... as a new string in exactly
   one allocation, the caller's to free. n = 0 gives "". NULL when memory ran out. */
char *frames_join(const char *const *parts, size_t n, const char *sep);

/* 8. Header and array in one block. A grid with every cell 0, exactly one allocation, the
   caller's to free with one free. NULL when memory ran out or the size overflows. */
struct grid *frames_grid_new(size_t rows, size_t cols);

#endif
