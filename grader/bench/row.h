/*
 * row.h - what the benchmark's programs in C have in common.
 *
 * A program is a table of rows. It is called with a row's name and a number of operations,
 * runs a tenth of them to warm up, then all of them, and prints `row<tab>ns` where ns is
 * the time of one operation. A row of one thread is measured in processor time of the whole
 * process, so that a collector's threads count; a row of two threads in wall time.
 */
#ifndef GORT_BENCH_ROW_H
#define GORT_BENCH_ROW_H

#include <stddef.h>
#include <stdint.h>

enum row_clock { ROW_CPU, ROW_WALL };

struct row {
    const char *name;           /* NULL ends a table */
    enum row_clock clock;

    /* Does n operations and returns how many of them it could read back. */
    uint64_t (*run)(uint64_t n);
};

enum {
    ROW_WINDOW = 1000,          /* slots of the row allocb64 */
    ROW_LINE = 128,             /* bytes that two threads must be apart, not to share a line */
};

/* A place in memory that the compiler may not keep in a register. */
struct row_cell {
    uint64_t *volatile p;
} __attribute__((aligned(ROW_LINE)));

/* Writes 1 to the first word of a new object, publishes the object, reads the word again. */
static inline uint64_t row_use(struct row_cell *cell, void *object)
{
    *(uint64_t *)object = 1;
    cell->p = object;
    return *cell->p;
}

/* Calls half(n / 2, i) on two threads, i being 0 and 1, and adds up what they return. */
uint64_t row_on_two(uint64_t (*half)(uint64_t n, uint32_t i), uint64_t n);

/* Two threads wait here for each other. True for one of them, which may do what needs both
   to stand still; both then meet here once more. Spins: a sleep takes longer than the work. */
int row_meet(void);

/* The program. Status 0 measured, 1 an operation's value was lost, 2 wrong use. */
int row_main(const struct row *table, int argc, char **argv);

#endif
