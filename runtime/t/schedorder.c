/*
 * schedorder.c - the order in which goroutines run on one P, beside what real Go does
 * (data/schedorder.tsv).
 *
 * Which time slice main is in when it blocks decides where the 61st falls; Go's recording
 * does not tell. So each order is tried in every phase of the 61, and must be met in one.
 */
#include "gohelp.h"
#include "sched.h"
#include "start.h"
#include "unit.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { MOST = 1000, PHASES = 61, LINE = 1024 };

static struct t_wait all = T_WAIT_INIT;
static char lines[40][8 * LINE];
static uint32_t nlines;

static void read_lines(const char *kind)
{
    FILE *f = t_data("schedorder.tsv");

    while (fgets(lines[nlines], sizeof lines[0], f)) {
        if (strncmp(lines[nlines], kind, strlen(kind)) == 0)
            nlines++;
    }
    fclose(f);
}


#if RUNQ_SLOTS == 256
static uint32_t want[MOST], got[MOST], nwant, ngot;

static void note(void *which)
{
    got[ngot++] = (uint32_t)(uintptr_t)which;
    t_wait_done(&all);
}

static bool matches(uint32_t n, uint32_t phase)
{
    ngot = 0;
    t_wait_add(&all, n);
    g_here()->m->p->schedtick = phase;
    for (uint32_t i = 1; i <= n; i++)
        go(note, (void *)(uintptr_t)i);
    t_wait_for(&all);
    T_MUST(ngot == n);
    return memcmp(got, want, n * sizeof *got) == 0;
}

/* "129-163 1 164" -> the numbers. */
static void read_order(const char *text)
{
    nwant = 0;
    while (*text) {
        char *end;
        uint32_t from = (uint32_t)strtoul(text, &end, 10);
        uint32_t to = *end == '-' ? (uint32_t)strtoul(end + 1, &end, 10) : from;

        for (; from <= to && nwant < MOST; from++)
            want[nwant++] = from;
        text = end + strspn(end, " \n");
    }
}

static void tries_all_orders(void *unused)
{
    (void)unused;
    for (uint32_t i = 0; i < nlines; i++) {
        const char *text = strchr(strchr(lines[i], '\t') + 1, '\t') + 1;
        uint32_t n = (uint32_t)strtoul(strchr(lines[i], '\t'), NULL, 10), met = 0;

        read_order(text);
        T_MUST(nwant == n);
        for (uint32_t phase = 0; phase < PHASES; phase++)
            met += matches(n, phase);
        if (met == 0 || (n >= 259 && met != 1)) {
            fprintf(stderr, "%u goroutines: %u phases have Go's order\n", n, met);
            _exit(1);
        }
    }
}

Test(schedorder, every_recorded_order_is_met_in_one_phase)
{
    struct t_end end;

    read_lines("order\t");
    cr_assert(nlines == 19);
    end = t_go(1, tries_all_orders, NULL);
    cr_expect(end.status == 0, "%s", end.err);
}
#endif

static char said[256];

static void say(const char *what, int n)
{
    char word[16];

    snprintf(word, sizeof word, n < 0 ? "%s%s" : "%s%s%d", *said ? " " : "", what, n);
    strncat(said, word, sizeof said - strlen(said) - 1);
}

/* What Go said, from the line of this kind. */
static void expect_line(const char *kind, void (*body)(void *))
{
    struct t_end end;

    read_lines(kind);
    cr_assert(nlines == 1);
    lines[0][strcspn(lines[0], "\n")] = '\0';
    end = t_go(1, body, strchr(lines[0], '\t') + 1);
    cr_expect(end.status == 0, "%s", end.err);
}

static _Noreturn void end_with(const char *expected)
{
    if (strcmp(said, expected) != 0)
        fprintf(stderr, "Go: %s\nhere: %s\n", expected, said);
    _exit(strcmp(said, expected) != 0);
}

static void yields_three_times(void *name)
{
    for (int i = 0; i < 3; i++) {
        say(name, i);
        gort_yield();
    }
    t_wait_done(&all);
}

static void three_yield(void *expected)
{
    t_wait_add(&all, 3);
    go(yields_three_times, "a");
    go(yields_three_times, "b");
    go(yields_three_times, "c");
    t_wait_for(&all);
    end_with(expected);
}

Test(schedorder, gosched_lets_everyone_have_a_turn)
{
    expect_line("gosched\t", three_yield);
}

static struct t_chan c = T_CHAN_INIT, d = T_CHAN_INIT;

static void woken(void *unused)
{
    uint32_t v;

    (void)unused;
    t_recv(&c, &v);
    say("woken", -1);
    t_send(&d, 1);
}

static void says(void *word)
{
    say(word, -1);
    t_send(&d, 1);
}

static void three_done(const char *expected)
{
    uint32_t v;

    for (int i = 0; i < 3; i++)
        t_recv(&d, &v);
    end_with(expected);
}

static void wakes(void *expected)
{
    go(woken, NULL);
    go(says, "other");
    gort_yield();
    go(says, "new");
    t_send(&c, 1);
    three_done(expected);
}

Test(schedorder, who_is_woken_runs_next)
{
    expect_line("wake\t", wakes);
}

static void receives(void *unused)
{
    uint32_t v;

    (void)unused;
    while (t_recv(&c, &v))
        say("r", (int)v);
    t_send(&d, 1);
}

static void sends(void *unused)
{
    (void)unused;
    for (uint32_t i = 0; i < 4; i++) {
        t_send(&c, i);
        say("s", (int)i);
    }
    t_close(&c);
    t_send(&d, 1);
}

static void ping_pong(void *expected)
{
    go(receives, NULL);
    go(says, "bystander");
    go(sends, NULL);
    three_done(expected);
}

Test(schedorder, a_pair_keeps_its_slice_beside_a_bystander)
{
    expect_line("pingpong\t", ping_pong);
}
