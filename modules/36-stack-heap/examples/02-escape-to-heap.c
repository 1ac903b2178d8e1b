/*
 * 02-escape-to-heap.c - what must outlive its frame goes to the heap.
 *
 * The question is always who needs the bytes after the return. The caller, for a short
 * time: give them back by value, or write into the caller's own variable. Somebody
 * later, nobody knows when: one object in the heap.
 *
 * Predict before you run:
 *   1. Two counters made by the same function: do they share their number?
 *   2. A deep call writes over the frames of the functions that have returned. Which of
 *      the three answers does it change?
 *
 * In Go the compiler decides, and `go build -gcflags=-m` says so:
 *     type counter struct{ n int64 }
 *
 *     func byValue() counter { c := counter{1}; return c }    // stays on the stack
 *     func into(c *counter)  { c.n = 2 }                      // c does not escape
 *     func newCounter() *counter {
 *         c := counter{3}
 *         return &c                                           // moved to heap: c
 *     }
 * In C, `return &c` compiles, and the caller gets the address of a frame that is gone.
 */
#include <gort.h>

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

struct counter {
    int64_t n;
};

GORT_NOSCAN(counter_type, struct counter);

static struct counter by_value(void)
{
    struct counter c = {1};

    return c;
}

/* The frame that holds *c is the caller's, so it is still there after the return. */
static void into(struct counter *c)
{
    c->n = 2;
}

/* Nobody here knows how long the counter is needed, so it may not lie in this frame. */
static struct counter *new_counter(int64_t start)
{
    struct counter *c = gort_new(&counter_type);

    c->n = start;
    return c;
}

static int64_t next(struct counter *c)
{
    return c->n++;
}

/* Fills the place where the frames of earlier calls lay. */
__attribute__((noinline)) static void write_over_old_frames(void)
{
    char junk[4096];

    memset(junk, 0xdb, sizeof junk);
    __asm__ volatile("" : : "r"(junk) : "memory");
}

int main(void)
{
    struct counter value = by_value(), mine;
    struct counter *first = new_counter(3), *second = new_counter(100);

    into(&mine);
    write_over_old_frames();
    printf("By value:          %" PRId64 ", a copy in the frame of main.\n", value.n);
    printf("By out parameter:  %" PRId64 ", written into the frame of main.\n", mine.n);
    printf("From the heap:     %" PRId64 ", in an object that no frame owns.\n", first->n);

    for (int i = 0; i < 3; i++)
        next(first);
    next(second);
    printf("After 3 steps of one counter and 1 of another: %" PRId64 " and %" PRId64 ".\n",
           first->n, second->n);
    printf("The two counters are %s.\n", first == second ? "one object" : "two objects");
    printf("Nobody frees them: what no pointer leads to, a collector may take.\n");
    return 0;
}
