/*
 * escape.h - which variables may stay in a frame, and which must move to the heap.
 *
 * Two rules of Go decide: no pointer to a frame's variable is stored in the heap, and none
 * outlives its variable. The answer is the least solution of the flow graph: nothing
 * escapes and nothing leaks unless a flow says so, whatever the order of the walks.
 *
 * Go: cmd/compile/internal/escape/solve.go and leaks.go; cmd/compile/internal/ir/scc.go.
 */
#ifndef GORT_ESCAPE_H
#define GORT_ESCAPE_H

#include "flow.h"

/* Finds all that flows to `root`. Takes the next walk number, g->walk, writes it into each
   location it reaches, and with it `derefs`, the least number of dereferences on any way
   from there to the root (-1: the address itself), `dst` and `dst_edge`. Lists them in
   g->reached, the root first with 0. A location that escapes is not entered, unless it is
   the root: it has a walk of its own. On the way, an address counts as a value: after
   root = &l, l = x, the root does not hold the address of x. */
void escape_walk(struct flow_graph *g, struct flow_loc *root);

/* Whether what is stored in `l` may still be looked at when `other` is gone. */
bool escape_outlives(const struct flow_loc *l, const struct flow_loc *other);

/* The parameter `param`, dereferenced `derefs` times, flows to `root`, which outlives it:
   lowers the slot of param->leak that stands for `root`. A result of the same function
   that does not itself escape has a slot, if it is one of the first FLOW_RESULTS; all
   else is the heap. */
void escape_leak(struct flow_loc *param, const struct flow_loc *root, int derefs);

/* Walks from every location, and once more from each that begins to escape, until nothing
   changes. Sets `escapes` and `leak`. At most two walks a location. */
void escape_solve(struct flow_graph *g);

/* Summarizes a solved function for its callers: fills fn->tags, one row a parameter, and
   sets `tagged`. A result's level that is not below the heap's says nothing more and
   becomes -1. Without a body, every parameter leaks to the heap, unless //go:noescape. */
void escape_tag(struct flow_func *fn);

/* Where the callee's parameter i takes its argument to. An unknown callee, NULL: to the
   heap. One that is not yet tagged is in this batch: to its parameter itself, or nowhere
   when that has no name. Else by its tag; `results` are the holes that the call's results
   go to, and NULL drops them. */
struct flow_hole escape_param(struct flow_graph *g, struct flow_func *callee, uint32_t i,
    const struct flow_hole *results);

/* Groups functions that can reach one another through `refs`. Sets `batch`, sorts fns so
   that callees come before callers, and returns the number of batches. Functions outside
   of fns must not be mentioned. -1 when there is no memory. */
int escape_batches(struct flow_func **fns, uint32_t n);

#endif
