/*
 * flow.c - the graph that escape analysis works on: making it, and freeing it.
 *
 * Invariants:
 *   I1  locs[i]->id == i, and locs[0] is the heap
 *   I2  an edge's source is a location of the same graph
 *   I3  `reached`, `ring` and `todo` hold at least `room` pointers
 *
 * Refused: all locations in one array. It would move when it grows, and edges, functions
 * and chains point at locations.
 *
 * Go: newLoc and flow in cmd/compile/internal/escape/graph.go. Module 37.
 */
#include "flow.h"

#include "fatal.h"

#include <stdlib.h>
#include <string.h>

/* realloc that never comes back empty-handed. */
static void *grown(void *p, size_t n, size_t size)
{
    void *q = reallocarray(p, n, size);

    if (q == NULL)
        rt_throw("flow", "no memory for the flow graph");
    return q;
}

struct flow_graph *flow_new(void)
{
    struct flow_graph *g = grown(NULL, 1, sizeof *g);

    *g = (struct flow_graph){.depth = 1};
    g->heap = flow_loc(g, FLOW_HEAP, "heap");
    g->heap->escapes = true;
    g->heap->depth = 0;
    return g;
}

void flow_free(struct flow_graph *g)
{
    if (g == NULL)
        return;
    for (uint32_t i = 0; i < g->nlocs; i++) {
        struct flow_chain *c = g->locs[i]->chains;

        while (c != NULL) {
            struct flow_chain *next = c->next;

            free(c);
            c = next;
        }
        free(g->locs[i]->edges);
        free(g->locs[i]);
    }
    free(g->locs);
    free(g->captures);
    free(g->reached);
    free(g->ring);
    free(g->todo);
    free(g);
}

struct flow_loc *flow_loc(struct flow_graph *g, enum flow_kind kind, const char *text)
{
    struct flow_loc *l = grown(NULL, 1, sizeof *l);

    if (g->nlocs == g->loccap) {
        g->loccap = g->loccap == 0 ? 64 : g->loccap * 2;
        g->locs = grown(g->locs, g->loccap, sizeof *g->locs);
    }
    *l = (struct flow_loc){.kind = kind, .id = g->nlocs, .depth = g->depth, .fn = g->fn,
        .text = text, .pos = g->at};
    for (int i = 0; i < FLOW_SLOTS; i++)
        l->leak[i] = -1;
    g->locs[g->nlocs++] = l;
    return l;
}

void flow_edge(struct flow_graph *g, struct flow_loc *dst, int derefs, struct flow_loc *src)
{
    if (dst->nedges == dst->edgecap) {
        dst->edgecap = dst->edgecap == 0 ? 4 : dst->edgecap * 2;
        dst->edges = grown(dst->edges, dst->edgecap, sizeof *dst->edges);
    }
    dst->edges[dst->nedges++] = (struct flow_edge){src, derefs, g->at};
}

void flow_capture(struct flow_graph *g, struct flow_loc *closure, struct flow_loc *var)
{
    if (g->ncaptures == g->capturecap) {
        g->capturecap = g->capturecap == 0 ? 16 : g->capturecap * 2;
        g->captures = grown(g->captures, g->capturecap, sizeof *g->captures);
    }
    g->captures[g->ncaptures++] = (struct flow_capture){closure, var, g->at};
}

void flow_reserve(struct flow_graph *g)
{
    if (g->room >= g->nlocs)
        return;
    g->room = g->loccap;
    g->reached = grown(g->reached, g->room, sizeof *g->reached);
    g->ring = grown(g->ring, g->room, sizeof *g->ring);
    g->todo = grown(g->todo, g->room, sizeof *g->todo);
}

void flow_explain(struct flow_graph *g, const struct flow_loc *root, struct flow_loc *l,
    bool escapes)
{
    struct flow_chain *c;
    uint32_t n = 0;

    if (!g->explain)
        return;
    for (const struct flow_loc *s = l; s != root && n < g->nlocs; s = s->dst)
        n++;
    c = grown(NULL, 1, sizeof *c + n * sizeof c->steps[0]);
    *c = (struct flow_chain){.next = l->chains, .root = root, .derefs = l->derefs,
        .escapes = escapes, .n = n};
    for (const struct flow_loc *s = l; n > 0; s = s->dst) {
        const struct flow_edge *e = &s->dst->edges[s->dst_edge];

        c->steps[--n] = (struct flow_step){s->dst, s, e->derefs, e->at};
    }
    l->chains = c;
}
