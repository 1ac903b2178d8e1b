/*
 * golower.h - from the typed tree to verdicts: the whole package, batch by batch.
 *
 * Go: Batch, initFunc and walkFunc in cmd/compile/internal/escape/escape.go; stmt.go.
 */
#ifndef GORT_GOLOWER_H
#define GORT_GOLOWER_H

#include "gosrc.h"

/* Solves every function that is not left out, and reports into s->diags. */
void golower_package(struct gosrc *s);

/* ---- between the two rooms of lowering ---- */

#include "lower.h"

struct golower {
    struct gosrc *s;
    struct flow_graph *g;
    struct gofunc *fn;          /* whose body is being lowered */
    struct gonodes closures;    /* met in expressions, whose bodies are still to be lowered */
    struct {
        const char *name;
        bool loops;
    } *labels;
    uint32_t nlabels;
};

/* The expression of a node, after the statements that run before it. NULL for NULL. */
struct lower_expr *golower_expr(struct golower *l, struct gonode *n);

/* Evaluates n into k, and the bodies of the closures in it. */
void golower_into(struct golower *l, struct flow_hole k, struct gonode *n);

/* A call whose results go to ks, or nowhere. */
void golower_call(struct golower *l, const struct flow_hole *ks, struct gonode *n);

/* go f(x) and defer f(x). */
void golower_go_defer(struct golower *l, struct gonode *n);

/* The bodies of closures met so far. */
void golower_closures(struct golower *l);

void golower_statements(struct golower *l, const struct gonodes *list);

#endif
