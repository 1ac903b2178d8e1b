/*
 * frames.c - eight small jobs, each with one right place for its memory.
 *
 * Module 36, exercise 1. The contract of every function is in frames.h; this file is
 * yours. Ask the same question each time: who needs the bytes after the return?
 *   nobody           the function's own frame
 *   the caller, now  the caller's frame: a value, or a pointer that the caller gave
 *   somebody later   the heap, in one allocation, and the caller frees it
 *
 *     make check MOD=36 EX=1
 */
#include "frames.h"

#include "fatal.h"

#include <stdlib.h>
#include <string.h>

/* TODO(ex1): the point halfway between a and b, as a value. The sum of two coordinates
   may not fit an int64_t; and -3 and 0 meet at -2, since the half is rounded down. */
struct point frames_midpoint(struct point a, struct point b)
{
    (void)a;
    (void)b;
    rt_todo("ex1", "frames_midpoint");
}

/* TODO(ex1): quotient and remainder, through the caller's pointers. Two divisions have
   no answer that fits; look for both before anything is written. */
bool frames_divide(int64_t a, int64_t b, int64_t *quot, int64_t *rem)
{
    (void)a;
    (void)b;
    (void)quot;
    (void)rem;
    rt_todo("ex1", "frames_divide");
}

/* TODO(ex1): v in decimal, into the caller's buffer. Never write past cap bytes, not
   even the NUL; with cap 0 write nothing, and buf may be NULL. Return the length of the
   whole text, also when it was cut. INT64_MIN has no positive twin. */
size_t frames_itoa(int64_t v, char *buf, size_t cap)
{
    (void)v;
    (void)buf;
    (void)cap;
    rt_todo("ex1", "frames_itoa");
}

/* TODO(ex1): reverse the n bytes where they are. A NUL among them is a byte like any
   other. */
void frames_reverse(char *s, size_t n)
{
    (void)s;
    (void)n;
    rt_todo("ex1", "frames_reverse");
}

/* TODO(ex1): the lower median. The values stay as they are, so sort a copy: in a local
   array of FRAMES_MEDIAN_LOCAL while they fit, else in one block from malloc, which is
   freed on every way out. */
bool frames_median(const int64_t *v, size_t n, int64_t *median)
{
    (void)v;
    (void)n;
    (void)median;
    rt_todo("ex1", "frames_median");
}

/* TODO(ex1): a point that is still there after this function has returned, in one
   allocation. malloc may return NULL. */
struct point *frames_point_new(int64_t x, int64_t y)
{
    (void)x;
    (void)y;
    rt_todo("ex1", "frames_point_new");
}

/* TODO(ex1): the parts with sep between them. Go over the parts twice: first add up the
   bytes that are needed, then allocate once and copy. The NUL needs a byte, too. */
char *frames_join(const char *const *parts, size_t n, const char *sep)
{
    (void)parts;
    (void)n;
    (void)sep;
    rt_todo("ex1", "frames_join");
}

/* TODO(ex1): header and cells in one block, every cell 0. rows * cols * size + header
   is three chances to overflow; say NULL then. */
struct grid *frames_grid_new(size_t rows, size_t cols)
{
    (void)rows;
    (void)cols;
    rt_todo("ex1", "frames_grid_new");
}
