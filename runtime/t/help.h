/*
 * help.h - what the runtime's unit tests share.
 */
#ifndef GORT_T_HELP_H
#define GORT_T_HELP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum { T_ERR = 1024 };

/* How a forked child ended. */
struct t_end {
    int status;                 /* exit status, or 128 + the signal's number */
    char err[T_ERR];            /* the start of what it wrote on standard error */
};

/* Runs fn(arg) in a child, which ends with status 0 when fn returns. */
struct t_end t_child(void (*fn)(void *), void *arg);

/* A file of runtime/t/data, opened for reading; a failed test when there is none. To be
   closed before t_child: the child shares the place in the file, and when it ends under
   Valgrind, the C library moves that place back to what the child had read. */
FILE *t_data(const char *name);

/* The next number of a fixed pseudo-random sequence; *state starts as any odd number. */
uint64_t t_rand(uint64_t *state);

/* A range of memory [lo, hi). */
struct t_range {
    uintptr_t lo, hi;
};

/* True when the two ranges share a byte. */
bool t_overlap(struct t_range a, struct t_range b);

#endif
