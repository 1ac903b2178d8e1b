/* mutant: 36.1.itoa_never_writes_past_cap -- the NUL lands behind the last of cap bytes */
/*
 * frames.c - eight small jobs, each with one right place for its memory.
 *
 * Before every function stands one question: who needs the bytes after the return?
 *   nobody           its own frame: the digits of frames_itoa, frames_median's copy
 *   the caller, now  the caller's frame: a value (1), or a pointer to it (2 to 5)
 *   somebody later   the heap, in one allocation, and the caller frees it (6 to 8)
 * A large median is the exception that shows the rule: its copy dies with the call, but
 * is too large for a frame, so it is borrowed from the heap and given back.
 *
 * Invariants, seen from outside by the tests of the exercise:
 *   I1  no address of a local variable leaves its function
 *   I2  a size made from the caller's numbers is checked before it is used
 *   I3  what a function allocates, it returns or frees, on every way out
 *
 * Refused: a static variable for a result, as asctime has. It costs nothing and lives
 * long enough, and the second call overwrites what the first one returned. A variable
 * length array for the median: n is the caller's, and a stack ends without a message.
 * qsort: it may take scratch memory from malloc, and one allocation would be two.
 *
 * Go: where the bytes live is decided by cmd/compile/internal/escape; jobs 3 and 7 are
 * FormatInt in strconv/itoa.go and Join in strings/strings.go. Module 36, exercise 1.
 */
#include "frames.h"

#include <stdlib.h>
#include <string.h>

/* The longest decimal int64_t, -9223372036854775808, without a NUL. */
enum { INT64_TEXT = 20 };

/* (a + b) / 2 rounded down. The sum itself may not fit: what the two have in common
   counts whole, what they differ in counts half. The shift keeps the sign. */
static int64_t halfway(int64_t a, int64_t b)
{
    return (a & b) + ((a ^ b) >> 1);
}

struct point frames_midpoint(struct point a, struct point b)
{
    return (struct point){halfway(a.x, b.x), halfway(a.y, b.y)};
}

bool frames_divide(int64_t a, int64_t b, int64_t *quot, int64_t *rem)
{
    if (b == 0 || (a == INT64_MIN && b == -1))
        return false;
    *quot = a / b;
    *rem = a % b;
    return true;
}

size_t frames_itoa(int64_t v, char *buf, size_t cap)
{
    char text[INT64_TEXT];                      /* filled from its end */
    char *p = text + sizeof text;
    uint64_t rest = v < 0 ? 0 - (uint64_t)v : (uint64_t)v;  /* -v may not fit */
    size_t len, fits;

    do {
        *--p = (char)('0' + rest % 10);
        rest /= 10;
    } while (rest != 0);
    if (v < 0)
        *--p = '-';

    len = (size_t)(text + sizeof text - p);
    if (cap > 0) {
        fits = len < cap ? len : cap;
        memcpy(buf, p, fits);
        buf[fits] = '\0';
    }
    return len;
}

void frames_reverse(char *s, size_t n)
{
    for (size_t i = 0; i < n / 2; i++) {
        char c = s[i];
        s[i] = s[n - 1 - i];
        s[n - 1 - i] = c;
    }
}

/* Moves v[i] down the heap v[0..n) until no child of it is larger. */
static void sink(int64_t *v, size_t i, size_t n)
{
    int64_t moving = v[i];
    size_t child;

    while ((child = 2 * i + 1) < n) {
        if (child + 1 < n && v[child] < v[child + 1])
            child++;
        if (v[child] <= moving)
            break;
        v[i] = v[child];
        i = child;
    }
    v[i] = moving;
}

/* Heapsort: no scratch memory, no recursion. Of n values the largest is on top; it goes
   to the end, and the rest are a heap again. */
static void sort(int64_t *v, size_t n)
{
    for (size_t i = n / 2; i-- > 0;)
        sink(v, i, n);
    for (size_t end = n; end-- > 1;) {
        int64_t largest = v[0];
        v[0] = v[end];
        v[end] = largest;
        sink(v, 0, end);
    }
}

bool frames_median(const int64_t *v, size_t n, int64_t *median)
{
    int64_t local[FRAMES_MEDIAN_LOCAL];
    int64_t *copy = local;

    if (n == 0 || n > SIZE_MAX / sizeof *copy)
        return false;
    if (n > FRAMES_MEDIAN_LOCAL) {
        copy = malloc(n * sizeof *copy);
        if (copy == NULL)
            return false;
    }
    memcpy(copy, v, n * sizeof *copy);
    sort(copy, n);
    *median = copy[(n - 1) / 2];
    if (copy != local)
        free(copy);
    return true;
}

struct point *frames_point_new(int64_t x, int64_t y)
{
    struct point *p = malloc(sizeof *p);

    if (p == NULL)
        return NULL;
    *p = (struct point){x, y};
    return p;
}

/* Bytes of the joined text with its NUL; 0 when that does not fit a size_t, which takes
   the same long string many times over. */
static size_t joined_size(const char *const *parts, size_t n, const char *sep)
{
    size_t size = 1, seps;

    if (n > 1 && (__builtin_mul_overflow(n - 1, strlen(sep), &seps) ||
                  __builtin_add_overflow(size, seps, &size)))
        return 0;
    for (size_t i = 0; i < n; i++)
        if (__builtin_add_overflow(size, strlen(parts[i]), &size))
            return 0;
    return size;
}

/* Copies s without its NUL to `at`; returns where the next text goes. */
static char *put(char *at, const char *s)
{
    size_t len = strlen(s);

    memcpy(at, s, len);
    return at + len;
}

char *frames_join(const char *const *parts, size_t n, const char *sep)
{
    size_t size = joined_size(parts, n, sep);
    char *text = size > 0 ? malloc(size) : NULL;
    char *end = text;

    if (text == NULL)
        return NULL;
    for (size_t i = 0; i < n; i++) {
        if (i > 0)
            end = put(end, sep);
        end = put(end, parts[i]);
    }
    *end = '\0';
    return text;
}

struct grid *frames_grid_new(size_t rows, size_t cols)
{
    struct grid *g;
    size_t size;

    if (__builtin_mul_overflow(rows, cols, &size) ||
        __builtin_mul_overflow(size, sizeof g->cell[0], &size) ||
        __builtin_add_overflow(size, sizeof *g, &size))
        return NULL;
    g = calloc(1, size);
    if (g == NULL)
        return NULL;
    g->rows = rows;
    g->cols = cols;
    return g;
}
