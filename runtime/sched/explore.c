/*
 * explore.c - runs in which every choice of the scheduler is drawn from a seed.
 *
 * One P, one M, no signals, no clock: what is left that could differ between two runs is
 * which goroutine runs next and where it stops, and both are drawn from one sequence of
 * numbers. A run that fails can be run again, as often as needed, by its seed.
 *
 * Invariants:
 *   I1  the runnable goroutines are the first n of `ready`, each once
 *   I2  two runs with one seed draw the same numbers, as long as the program asks nothing of
 *       the outside
 *
 * Refused: every order there is, by search. A few goroutines have more orders than there is
 * time; some thousands of random ones find most mistakes that a search finds.
 *
 * Go: none; the idea is that of randomized schedulers in testing. Module 44.
 */
#include "explore.h"

#include "fatal.h"
#include "hooks.h"
#include "idle.h"
#include "os.h"
#include "start.h"
#include "timer.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { FIRST_ROOM = 512, YIELD_ONE_IN = 3 };

static struct {
    uint64_t state;
    struct explore_trace trace;
    struct g **ready;
    uint32_t n, room;
} explore;

/* splitmix64: any seed is a good one. */
static uint64_t draw(uint64_t below)
{
    uint64_t x = explore.state += UINT64_C(0x9e3779b97f4a7c15);

    x = (x ^ x >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    x = (x ^ x >> 27) * UINT64_C(0x94d049bb133111eb);
    x = (x ^ x >> 31) % below;
    explore.trace.choices++;
    explore.trace.digest = (explore.trace.digest ^ x) * UINT64_C(0x100000001b3);
    return x;
}

void explore_start(uint64_t seed)
{
    explore.state = seed;
    timer_by_hand();
    gmp_attend(ATTEND_SEED);
}

void explore_trace(struct explore_trace *out)
{
    *out = explore.trace;
}

uint32_t explore_draw(uint32_t n)
{
    return (uint32_t)draw(n);
}

bool explore_yields(void)
{
    return draw(YIELD_ONE_IN) == 0;
}

static void grow(void)
{
    uint32_t wanted = explore.room ? 2 * explore.room : FIRST_ROOM;
    struct g **ready = os_metadata(wanted * sizeof *ready);

    if (ready == NULL)
        rt_throw("explore", "out of memory: no room for another runnable goroutine");
    if (explore.n > 0)
        memcpy(ready, explore.ready, explore.n * sizeof *ready);
    explore.ready = ready;
    explore.room = wanted;
}

uint32_t explore_runnable(void)
{
    return explore.n;
}

void explore_put(struct g *g)
{
    if (explore.n == explore.room)
        grow();
    explore.ready[explore.n++] = g;
}

static struct g *take(uint32_t i)
{
    struct g *g = explore.ready[i];

    explore.ready[i] = explore.ready[--explore.n];
    return g;
}

struct g *explore_pick(struct m *m)
{
    for (;;) {
        struct glist ready = {NULL, NULL, 0};

        if (gmp_attends(ATTEND_END))
            return NULL;
        if (explore.n > 0)
            return take((uint32_t)draw(explore.n));
        if (timer_skip()) {
            timer_run();
            continue;
        }
        if (hooks.polling == NULL || !hooks.polling())
            return idle_rest(m) ? NULL : NULL;
        hooks.poll(&ready, -1);
        while (ready.first)
            explore_put(glist_get(&ready));
    }
}

static _Noreturn void be_child(uint64_t seed, void (*fn)(void *), void *arg, unsigned seconds)
{
    char text[24];
    uint32_t at = sizeof text;

    text[--at] = '\0';
    do
        text[--at] = (char)('0' + seed % 10);
    while ((seed /= 10) != 0);
    setenv("GORT_SCHED_SEED", text + at, 1);
    alarm(seconds);
    gort_main(fn, arg);
    _exit(0);
}

int64_t explore_seeds(uint64_t first, uint64_t n, void (*fn)(void *), void *arg,
                      unsigned seconds, int *status)
{
    for (uint64_t seed = first; seed < first + n; seed++) {
        int raw = 0;
        pid_t pid = fork();

        if (pid == 0)
            be_child(seed, fn, arg, seconds);
        if (pid < 0 || waitpid(pid, &raw, 0) != pid)
            rt_throw("explore", "no child process for a seed");
        *status = WIFEXITED(raw) ? WEXITSTATUS(raw) : 128 + WTERMSIG(raw);
        if (*status != 0)
            return (int64_t)seed;
    }
    return -1;
}
