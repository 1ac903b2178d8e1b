/*
 * escape.c - the solver: which variables may stay in a frame, and which must move.
 *
 * Parts: the walk (least dereferences from everything to one root), lifetimes, the
 * worklist, tags, batches.
 *
 * Invariants:
 *   I1  after a walk, derefs of a reached location is the least over all ways, at least -1
 *   I2  a location is in a worklist at most once, so that worklists never outgrow the graph
 *   I3  `escapes` only ever becomes true and `leak` only ever falls: the end is a fixpoint
 *   I4  a function is tagged after all of its batch is solved
 *
 * Refused: a stack as the walk's worklist, as in Go. The answer is the same, but a stack
 * may take exponentially many turns where a queue takes at most locations times edges.
 * Recursion in the search for batches: the depth would be the user's longest call chain.
 * Knowing more, such as fields apart from each other: Go does not, and this must agree.
 *
 * Go: walkOne, walkAll and outlives in cmd/compile/internal/escape/solve.go; leakTo in
 * graph.go; leaks.Optimize in leaks.go; tagHole in call.go; paramTag in escape.go;
 * bottomUpVisitor in cmd/compile/internal/ir/scc.go. Module 37, exercises 1 to 3.
 */
#include "escape.h"

#include "lower.h"

#include <stdlib.h>

/* Takes note that `l` is reached with d dereferences by edge `e` into dst. */
static bool reach(struct flow_graph *g, struct flow_loc *l, int d, struct flow_loc *dst, uint32_t e)
{
    if (l->walk == g->walk) {
        if (l->derefs <= d)
            return false;
    } else {
        l->walk = g->walk;
        l->listed = false;
        g->reached[g->nreached++] = l;
    }
    l->derefs = d;
    l->dst = dst;
    l->dst_edge = e;
    return true;
}

void escape_walk(struct flow_graph *g, struct flow_loc *root)
{
    uint32_t first = 0, n = 1;

    flow_reserve(g);
    g->walk++;
    g->nreached = 0;
    reach(g, root, 0, NULL, 0);
    root->listed = true;
    g->ring[0] = root;
    while (n > 0) {
        struct flow_loc *l = g->ring[first];
        const int derefs = l->derefs < 0 ? 0 : l->derefs;

        first = first + 1 == g->room ? 0 : first + 1;
        n--;
        l->listed = false;
        for (uint32_t i = 0; i < l->nedges; i++) {
            struct flow_loc *src = l->edges[i].src;

            if (src->escapes || !reach(g, src, derefs + l->edges[i].derefs, l, i))
                continue;
            if (src->listed)
                continue;
            src->listed = true;
            g->ring[first + n < g->room ? first + n : first + n - g->room] = src;
            n++;
        }
    }
}

/* Whether `inner` is a closure inside `fn`, at any depth. */
static bool inside(const struct flow_func *fn, const struct flow_func *inner)
{
    if (fn == NULL || inner == NULL)
        return false;
    for (inner = inner->outer; inner != NULL; inner = inner->outer)
        if (inner == fn)
            return true;
    return false;
}

bool escape_outlives(const struct flow_loc *l, const struct flow_loc *other)
{
    if (l->escapes)
        return true;
    /* What a function returns may be kept forever, unless it is a closure called on the
       spot: then its result lives no longer than the function around it. */
    if (l->kind == FLOW_RESULT)
        return !(l->fn->called && inside(other->fn, l->fn));
    if (l->fn == other->fn && l->depth < other->depth)
        return true;
    return inside(l->fn, other->fn);
}

void escape_leak(struct flow_loc *param, const struct flow_loc *root, int derefs)
{
    int *slot = &param->leak[0];

    if (!root->escapes && root->kind == FLOW_RESULT && root->fn == param->fn &&
        root->index < FLOW_RESULTS)
        slot = &param->leak[1 + root->index];
    if (*slot < 0 || derefs < *slot)
        *slot = derefs;
}

/* Puts l at the end of the solver's worklist, if it is not in it. */
static void enqueue(struct flow_graph *g, uint32_t *n, struct flow_loc *l)
{
    if (l->queued)
        return;
    l->queued = true;
    g->todo[(*n)++] = l;
}

void escape_solve(struct flow_graph *g)
{
    uint32_t n = 0;

    flow_reserve(g);
    for (uint32_t i = g->nlocs; i > 0; i--)
        enqueue(g, &n, g->locs[i - 1]);
    while (n > 0) {
        struct flow_loc *root = g->todo[--n];

        root->queued = false;
        escape_walk(g, root);
        for (uint32_t i = 0; i < g->nreached; i++) {
            struct flow_loc *l = g->reached[i];

            if (l == g->heap || !escape_outlives(root, l))
                continue;
            if (l->kind == FLOW_PARAM) {
                escape_leak(l, root, l->derefs < 0 ? 0 : l->derefs);
                flow_explain(g, root, l, false);
            }
            if (l->derefs < 0 && !l->escapes) {
                flow_explain(g, root, l, true);
                l->escapes = true;
                enqueue(g, &n, l);
            }
        }
    }
}

void escape_tag(struct flow_func *fn)
{
    for (uint32_t i = 0; i < fn->nparams; i++) {
        const struct flow_loc *p = fn->params[i];
        int *tag = fn->tags[i];

        for (int s = 0; s < FLOW_SLOTS; s++)
            tag[s] = p == NULL || fn->nobody ? -1 : p->leak[s];
        if (fn->nobody && !fn->noescape)
            tag[0] = 0;
        for (int s = 1; s < FLOW_SLOTS; s++)
            if (tag[0] >= 0 && tag[s] >= tag[0])
                tag[s] = -1;
    }
    fn->tagged = true;
}

struct flow_hole escape_param(struct flow_graph *g, struct flow_func *callee, uint32_t i,
    const struct flow_hole *results)
{
    struct flow_hole holes[FLOW_SLOTS];
    uint32_t n = 0;

    if (callee == NULL)
        return (struct flow_hole){.dst = g->heap};
    if (i >= callee->nparams)
        return (struct flow_hole){0};
    if (!callee->tagged)
        return (struct flow_hole){.dst = callee->params[i]};
    if (callee->tags[i][0] >= 0)
        holes[n++] = lower_shift((struct flow_hole){.dst = g->heap}, callee->tags[i][0]);
    for (uint32_t r = 0; results != NULL && r < callee->nresults && r < FLOW_RESULTS; r++)
        if (callee->tags[i][1 + r] >= 0)
            holes[n++] = lower_shift(results[r], callee->tags[i][1 + r]);
    return lower_tee(g, holes, n);
}

/* Tarjan's search with its stack made explicit. */
struct search {
    struct flow_func **open;    /* met, and not yet in a batch */
    struct frame {
        struct flow_func *fn;
        uint32_t next;          /* of its refs */
    } *frames;
    struct flow_func **out;
    uint32_t nopen, nframes, nout, clock, batches;
};

/* Begins with fn, which was not met before. */
static void enter(struct search *s, struct flow_func *fn)
{
    fn->order = fn->low = ++s->clock;
    fn->open = true;
    s->open[s->nopen++] = fn;
    s->frames[s->nframes++] = (struct frame){fn, 0};
}

/* Leaves the topmost function; closes its batch if it is the first of it. */
static void leave(struct search *s)
{
    struct flow_func *fn = s->frames[--s->nframes].fn;

    if (fn->low == fn->order) {
        uint32_t first = s->nopen;

        while (s->open[--first] != fn)
            ;
        for (uint32_t i = first; i < s->nopen; i++) {
            s->open[i]->open = false;
            s->open[i]->batch = s->batches;
            s->out[s->nout++] = s->open[i];
        }
        s->nopen = first;
        s->batches++;
    }
    if (s->nframes > 0) {
        struct flow_func *up = s->frames[s->nframes - 1].fn;

        if (fn->low < up->low)
            up->low = fn->low;
    }
}

/* Searches all that can be reached from fn. */
static void search_from(struct search *s, struct flow_func *fn)
{
    enter(s, fn);
    while (s->nframes > 0) {
        struct frame *f = &s->frames[s->nframes - 1];

        if (f->next == f->fn->nrefs) {
            leave(s);
            continue;
        }
        fn = f->fn->refs[f->next++];
        if (fn->order == 0)
            enter(s, fn);
        else if (fn->open && fn->order < f->fn->low)
            f->fn->low = fn->order;
    }
}

int escape_batches(struct flow_func **fns, uint32_t n)
{
    struct search s = {
        .open = calloc(n + 1, sizeof *s.open),
        .frames = calloc(n + 1, sizeof *s.frames),
        .out = calloc(n + 1, sizeof *s.out),
    };
    int count = -1;

    if (s.open != NULL && s.frames != NULL && s.out != NULL) {
        for (uint32_t i = 0; i < n; i++)
            fns[i]->order = 0;
        for (uint32_t i = 0; i < n; i++)
            if (fns[i]->order == 0)
                search_from(&s, fns[i]);
        for (uint32_t i = 0; i < n; i++)
            fns[i] = s.out[i];
        count = (int)s.batches;
    }
    free(s.open);
    free(s.frames);
    free(s.out);
    return count;
}
