/*
 * 01-stack-allocation.c - a local variable lives in its function's frame.
 *
 * A call takes a frame by moving the stack pointer, and a return gives it back by
 * moving it again. There is nothing to search for and nothing to free.
 *
 * Predict before you run:
 *   1. Is the local of a deeper call at a higher or at a lower address?
 *   2. Two calls, one after the other: do their locals share an address?
 *   3. How many bytes of heap do a thousand calls take?
 *
 * In Go:
 *     type point struct{ x, y int64 }
 *
 *     func mid(a, b point) point {          // two copies come in, one goes out
 *         m := point{(a.x + b.x) / 2, (a.y + b.y) / 2}
 *         return m                          // m stays on the goroutine's stack
 *     }
 * A goroutine's stack starts at 2 KiB and moves to a larger place when it is full; the
 * stack of a C thread has one place and one limit (`ulimit -s`).
 */
#include <inttypes.h>
#include <malloc.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

enum { DEPTH = 4, CALLS = 1000 };

struct point {
    int64_t x, y;
};

/* Where the local of each level lay. Numbers, not pointers: after the return there is
   nothing at these places that one may look at. */
static uintptr_t place[DEPTH];

__attribute__((noinline)) static int64_t descend(int level)
{
    volatile int64_t local = level;

    place[level] = (uintptr_t)&local;
    return (level + 1 < DEPTH ? descend(level + 1) : 0) + local;
}

__attribute__((noinline)) static struct point mid(struct point a, struct point b)
{
    struct point m = {(a.x + b.x) / 2, (a.y + b.y) / 2};

    a.x = -1;                   /* the caller's point does not notice: a is a copy */
    __asm__ volatile("" : : "r"(&a) : "memory");
    return m;
}

/* The place of a local of a call that has come and gone. */
__attribute__((noinline)) static uintptr_t visit(void)
{
    volatile int64_t local = 1;

    return (uintptr_t)&local + (uintptr_t)(local - 1);
}

static int64_t many_calls(void)
{
    int64_t sum = 0;

    for (int64_t i = 0; i < CALLS; i++) {
        struct point m = mid((struct point){i, i}, (struct point){i + 2, i + 4});
        sum += m.x + m.y;
    }
    return sum;
}

int main(void)
{
    struct point a = {2, 4}, b = {6, 8}, m = mid(a, b);
    uintptr_t first = visit(), second = visit();
    size_t before = mallinfo2().uordblks;
    int64_t sum = many_calls() + descend(0);
    size_t taken = mallinfo2().uordblks - before;

    printf("mid((2,4), (6,8)) is (%" PRId64 ",%" PRId64 ").\n", m.x, m.y);
    printf("a is still (%" PRId64 ",%" PRId64 "): mid changed its own copy.\n", a.x, a.y);
    for (int i = 1; i < DEPTH; i++) {
        bool below = place[i] < place[i - 1];
        size_t apart = below ? place[i - 1] - place[i] : place[i] - place[i - 1];

        printf("The local at depth %d lies %zu bytes %s the one at depth %d.\n", i, apart,
               below ? "below" : "above", i - 1);
    }
    printf("Two calls in a row had their local at %s address.\n",
           first == second ? "the same" : "another");
    printf("%d calls took %zu bytes of heap; their results add up to %" PRId64 ".\n",
           CALLS, taken, sum);
    return 0;
}
