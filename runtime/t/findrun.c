/*
 * findrun.c - unit tests of sched/findrun.c and globq.c: the order of looking, with no
 * scheduler.
 */
#include "findrun.h"

#include "globq.h"
#include "unit.h"

#include <stdlib.h>

enum { PS = 3, GS = 600 };

static struct g g[GS];
static struct p p[PS];

static void procs(uint32_t n)
{
    for (uint32_t i = 0; i < n; i++) {
        gmp.p[i] = &p[i];
        p[i].rand = i + 1;
        p[i].id = i;
        p[i].q.alone = n == 1;
        p[i].schedtick = 1;
    }
    gmp.np = n;
}

static void put_local(struct p *to, struct g *one, bool next)
{
    struct glist spill = {NULL, NULL, 0};

    runq_put(&to->q, one, next, &spill);
}

static struct g *mine(struct p *of)
{
    bool inherit;

    return findrun_mine(of, &inherit);
}

Test(findrun, nothing_anywhere_is_nothing)
{
    procs(PS);
    cr_expect(mine(&p[0]) == NULL);
    cr_expect(findrun_theirs(&p[0]) == NULL);
    cr_expect(!findrun_any());
}

Test(findrun, the_own_queue_comes_before_the_global_one)
{
    procs(1);
    globq_put(&g[0]);
    put_local(&p[0], &g[1], false);
    cr_expect(mine(&p[0]) == &g[1] && mine(&p[0]) == &g[0]);
}

Test(findrun, in_the_61st_slice_the_global_queue_comes_first)
{
    procs(1);
    globq_put(&g[0]);
    put_local(&p[0], &g[1], true);
    p[0].schedtick = 2 * FINDRUN_FAIR;
    cr_expect(mine(&p[0]) == &g[0] && mine(&p[0]) == &g[1]);
}

Test(findrun, the_61st_slice_takes_one_and_not_a_share)
{
    procs(1);
    for (int i = 0; i < 4; i++)
        globq_put(&g[i]);
    p[0].schedtick = FINDRUN_FAIR;
    cr_expect(mine(&p[0]) == &g[0]);
    cr_expect(globq_count() == 3 && runq_count(&p[0].q) == 0);
}

Test(findrun, a_share_of_the_global_queue_comes_along)
{
    procs(2);
    for (int i = 0; i < 4; i++)
        globq_put(&g[i]);
    cr_expect(mine(&p[0]) == &g[0]);
    cr_expect(globq_count() == (RUNQ_SLOTS == 4 ? 2 : 1));      /* 4 / 2 + 1, at most half a ring */
}

Test(findrun, a_share_is_at_most_half_a_ring)
{
    procs(1);
    for (int i = 0; i < GS; i++)
        globq_put(&g[i]);
    cr_expect(mine(&p[0]) == &g[0]);
    cr_expect(globq_count() == GS - RUNQ_SLOTS / 2);
}

Test(findrun, who_yielded_comes_after_the_global_queue)
{
    procs(1);
    glist_put(&p[0].yielded, &g[0]);
    globq_put(&g[1]);
    cr_expect(mine(&p[0]) == &g[1] && mine(&p[0]) == &g[0]);
}

Test(findrun, a_thief_finds_work_wherever_it_is)
{
    for (uint32_t i = 1; i < PS; i++) {
        procs(PS);
        put_local(&p[i], &g[i], false);
        cr_expect(findrun_theirs(&p[0]) == &g[i]);
    }
}

Test(findrun, a_thief_takes_next_when_there_is_nothing_else)
{
    procs(2);
    put_local(&p[1], &g[0], true);
    cr_expect(findrun_theirs(&p[0]) == &g[0]);
}

Test(findrun, a_thief_prefers_a_ring_to_next)
{
    procs(PS);
    put_local(&p[1], &g[0], true);
    put_local(&p[2], &g[1], false);
    cr_expect(findrun_theirs(&p[0]) == &g[1]);
    cr_expect(atomic_load(&p[1].q.next) == &g[0]);
}

Test(findrun, any_sees_every_queue)
{
    procs(PS);
    put_local(&p[2], &g[0], true);
    cr_expect(findrun_any());
    mine(&p[2]);
    cr_expect(!findrun_any());
    globq_put(&g[0]);
    cr_expect(findrun_any());
}
