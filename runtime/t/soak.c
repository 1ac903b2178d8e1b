/*
 * soak.c - the mixed load for a short time; `make soak` runs it for a long one.
 */
#include "gohelp.h"
#include "load.h"
#include "thread.h"
#include "unit.h"

static void loads(void *unused)
{
    (void)unused;
    T_MUST(load_run(300) > 0);
}

static void loads_on(int procs)
{
    struct t_end end = t_go(procs, loads, NULL);

    cr_expect(end.status == 0, "status %d: %s", end.status, end.err);
}

Test(soak, everything_at_once_on_one_p)
{
    loads_on(1);
}

Test(soak, everything_at_once_on_twice_the_processors)
{
    loads_on(2 * (int)thread_cpus());
}
