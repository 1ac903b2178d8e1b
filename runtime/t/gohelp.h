/*
 * gohelp.h - what tests with goroutines share: a way to run them, and pair.h.
 */
#ifndef GORT_T_GOHELP_H
#define GORT_T_GOHELP_H

#include "help.h"
#include "pair.h"

/* Runs fn(arg) as the main goroutine of a child, with `procs` Ps. Status 0: it came back. */
struct t_end t_go(int procs, void (*fn)(void *), void *arg);

/* The same on 1, 2 and 4 Ps: a failed test unless it comes back each time. */
void t_on_some_procs(void (*fn)(void *), void *arg);

/* In a goroutine, where an assertion of the test's own words would end the wrong process:
   says which condition does not hold and ends the child with status 1. */
#define T_MUST(cond) ((cond) ? (void)0 : t_must(__FILE__, __LINE__, #cond))
/* How many seeds to try of n: ThreadSanitizer's processes take a tenth of a second to start.
   GORT_SEEDS=k in the environment tries k times as many. */
int t_seeds(int n);

_Noreturn void t_must(const char *file, int line, const char *cond);

#endif
