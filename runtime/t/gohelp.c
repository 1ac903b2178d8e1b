/*
 * gohelp.c - what tests with goroutines share.
 */
#include "gohelp.h"

#include "start.h"
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

struct run {
    int procs;
    void (*fn)(void *);
    void *arg;
};

static void run(void *arg)
{
    struct run *r = arg;
    char procs[16];

    snprintf(procs, sizeof procs, "%d", r->procs);
    setenv("GOMAXPROCS", procs, 1);
    alarm(60);
    gort_main(r->fn, r->arg);
}

struct t_end t_go(int procs, void (*fn)(void *), void *arg)
{
    struct run r = {procs, fn, arg};

    return t_child(run, &r);
}

void t_on_some_procs(void (*fn)(void *), void *arg)
{
    for (int procs = 1; procs <= 4; procs *= 2) {
        struct t_end end = t_go(procs, fn, arg);

        cr_assert(end.status == 0, "%d Ps: status %d: %s", procs, end.status, end.err);
    }
}

_Noreturn void t_must(const char *file, int line, const char *cond)
{
    fprintf(stderr, "%s:%d: this does not hold: %s\n", file, line, cond);
    _exit(1);
}

int t_seeds(int n)
{
    const char *times = getenv("GORT_SEEDS");

    if (times)
        return n * atoi(times);
    return CTX_TSAN ? n / 20 + 1 : n;
}
