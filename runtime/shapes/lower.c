/*
 * lower.c - expressions become flows.
 *
 * Parts: holes; places that are assigned to; expressions; calls; captures.
 *
 * Invariants:
 *   I1  no hole has less than -1 dereferences: an address has no address
 *   I2  every part of an expression is looked at exactly once, also where its value is
 *       dropped: there may be a closure or a call in it
 *   I3  a new location has the function and the loop depth at which it is evaluated
 *
 * Refused: looking at a variable's type here. Four facts of a type matter, and who builds
 * the expression knows them. Telling fields and elements of a variable apart: Go does not.
 *
 * Go: expr and exprSkipInit in cmd/compile/internal/escape/expr.go; addr in assign.go;
 * callCommon in call.go; flowClosure in escape.go; teeHole, later and spill in graph.go
 * and expr.go. Module 37, exercise 4.
 */
#include "lower.h"

#include "escape.h"

static const struct flow_hole DROP;

struct flow_hole lower_shift(struct flow_hole k, int delta)
{
    k.derefs += delta;
    k.addrtaken = delta < 0;
    return k;
}

static struct flow_hole to_heap(const struct flow_graph *g, int derefs)
{
    return (struct flow_hole){.dst = g->heap, .derefs = derefs};
}

void lower_flow(struct flow_graph *g, struct flow_hole k, struct flow_loc *src)
{
    if (k.addrtaken)
        src->addrtaken = true;
    if (k.dst == NULL || (k.dst == src && k.derefs >= 0))
        return;
    flow_edge(g, k.dst, k.derefs, src);
}

struct flow_hole lower_spill(struct flow_graph *g, struct flow_hole k, const struct lower_expr *e)
{
    struct flow_loc *l = flow_loc(g, FLOW_ALLOC, e->text);

    l->pos = e->pos;
    l->must = e->must;
    lower_flow(g, lower_shift(k, -1), l);
    return (struct flow_hole){.dst = l};
}

struct flow_hole lower_tee(struct flow_graph *g, const struct flow_hole *ks, uint32_t n)
{
    struct flow_loc *l;

    if (n == 0)
        return DROP;
    if (n == 1)
        return ks[0];
    l = flow_loc(g, FLOW_TEMP, NULL);
    for (uint32_t i = 0; i < n; i++)
        lower_flow(g, ks[i], l);
    return (struct flow_hole){.dst = l};
}

struct flow_hole lower_later(struct flow_graph *g, struct flow_hole k)
{
    struct flow_loc *l = flow_loc(g, FLOW_TEMP, NULL);

    lower_flow(g, k, l);
    return (struct flow_hole){.dst = l};
}

/* Evaluates kids `first` and after into k. */
static void kids_into(struct flow_graph *g, struct flow_hole k, const struct lower_expr *e,
    uint32_t first)
{
    for (uint32_t i = first; i < e->nkids; i++)
        lower_expr(g, k, e->kids[i]);
}

struct flow_hole lower_addr(struct flow_graph *g, const struct lower_expr *e)
{
    if (e == NULL)
        return DROP;
    g->at = e->pos;
    switch (e->op) {
    case LOWER_NAME:
        return (struct flow_hole){.dst = e->loc};
    case LOWER_FIELD:
        return lower_addr(g, e->kids[0]);
    case LOWER_INDEX_ARRAY:
        kids_into(g, DROP, e, 1);
        return lower_addr(g, e->kids[0]);
    case LOWER_INDEX_MAP:
        lower_expr(g, DROP, e->kids[0]);
        lower_expr(g, to_heap(g, 0), e->kids[1]);
        return to_heap(g, 0);
    case LOWER_GLOBAL:
    case LOWER_DEREF:
    case LOWER_PTRFIELD:
    case LOWER_INDEX:
        kids_into(g, DROP, e, 0);
        return to_heap(g, 0);
    default:
        return DROP;
    }
}

/* x.M kept as a value: the receiver is copied into a new closure, and goes wherever the
   method takes it, which may be called by anybody. */
static void method_value(struct flow_graph *g, struct flow_hole k, const struct lower_expr *e)
{
    struct flow_hole results[FLOW_RESULTS], both[2];

    for (uint32_t i = 0; i < FLOW_RESULTS; i++)
        results[i] = to_heap(g, 0);
    both[1] = lower_spill(g, k, e);
    both[0] = escape_param(g, e->callee, 0, results);
    if (e->callee != NULL && !e->callee->tagged)
        for (uint32_t i = 0; i < e->callee->nresults; i++)
            lower_flow(g, to_heap(g, 0), e->callee->results[i]);
    lower_expr(g, lower_tee(g, both, 2), e->kids[0]);
}

/* append: the old array may be handed on, or its content copied to a new one on the heap. */
static void append(struct flow_graph *g, struct flow_hole k, const struct lower_expr *e)
{
    const struct flow_hole both[2] = {k, to_heap(g, 1)};

    lower_expr(g, e->elem_pointers ? lower_tee(g, both, 2) : k, e->kids[0]);
    if (!e->dots)
        kids_into(g, to_heap(g, 0), e, 1);
    else
        kids_into(g, e->elem_pointers ? to_heap(g, 1) : DROP, e, 1);
}

static void closure(struct flow_graph *g, struct flow_hole k, const struct lower_expr *e)
{
    struct flow_loc *record = lower_spill(g, k, e).dst;

    for (uint32_t i = 0; i < e->nkids; i++) {
        struct flow_loc *var = e->kids[i]->loc;

        /* Assignments before the first capture, in a straight line, do not count. */
        if (!var->captured && var->depth == g->depth)
            var->reassigned = false;
        var->captured = true;
        flow_capture(g, record, var);
    }
}

void lower_call(struct flow_graph *g, const struct flow_hole *ks, const struct lower_expr *e)
{
    if (ks != NULL && e->callee != NULL && !e->callee->tagged)
        for (uint32_t i = 0; i < e->callee->nresults; i++)
            lower_flow(g, ks[i], e->callee->results[i]);
    lower_expr(g, DROP, e->fun);
    for (uint32_t i = 0; i < e->nkids; i++)
        lower_expr(g, escape_param(g, e->callee, i, ks), e->kids[i]);
}

/* Expressions that allocate. False for any other. */
static bool allocation(struct flow_graph *g, struct flow_hole k, const struct lower_expr *e)
{
    switch (e->op) {
    case LOWER_NEW:
    case LOWER_MAKE:
    case LOWER_STRING:
        lower_spill(g, k, e);
        kids_into(g, DROP, e, 0);
        return true;
    case LOWER_SLICE_LITERAL:
    case LOWER_POINTER_LITERAL:
        kids_into(g, lower_spill(g, k, e), e, 0);
        return true;
    case LOWER_MAP_LITERAL:
        lower_spill(g, k, e);
        kids_into(g, to_heap(g, 0), e, 0);
        return true;
    case LOWER_INTERFACE:
        kids_into(g, e->direct ? k : lower_spill(g, k, e), e, 0);
        return true;
    case LOWER_CLOSURE:
        closure(g, k, e);
        return true;
    case LOWER_METHOD_VALUE:
        method_value(g, k, e);
        return true;
    default:
        return false;
    }
}

/* The kid 0 goes to k, the others are dropped. */
static void first_into(struct flow_graph *g, struct flow_hole k, const struct lower_expr *e)
{
    lower_expr(g, k, e->kids[0]);
    kids_into(g, DROP, e, 1);
}

void lower_expr(struct flow_graph *g, struct flow_hole k, const struct lower_expr *e)
{
    if (e == NULL)
        return;
    if (k.derefs >= 0 && !e->pointers)
        k.dst = NULL;
    if (e->op != LOWER_NAME)    /* its position is its declaration's; keep that of the use */
        g->at = e->pos;
    if (allocation(g, k, e))
        return;
    switch (e->op) {
    case LOWER_NAME:
        lower_flow(g, k, e->loc);
        break;
    case LOWER_ADDR:
        first_into(g, lower_shift(k, -1), e);
        break;
    case LOWER_DEREF:
    case LOWER_PTRFIELD:
    case LOWER_INDEX:
        first_into(g, lower_shift(k, 1), e);
        break;
    case LOWER_FIELD:
    case LOWER_INDEX_ARRAY:
    case LOWER_SLICE:
    case LOWER_CONVERT:
        first_into(g, k, e);
        break;
    case LOWER_ASSERT:
        first_into(g, e->direct ? k : lower_shift(k, 1), e);
        break;
    case LOWER_STRUCT:
        kids_into(g, k, e, 0);
        break;
    case LOWER_CALL:
        lower_call(g, &k, e);
        break;
    case LOWER_APPEND:
        append(g, k, e);
        break;
    case LOWER_COPY:
        lower_expr(g, DROP, e->kids[0]);
        lower_expr(g, e->elem_pointers ? to_heap(g, 1) : DROP, e->kids[1]);
        break;
    case LOWER_PANIC:
        kids_into(g, to_heap(g, 0), e, 0);
        break;
    default:
        kids_into(g, DROP, e, 0);
        break;
    }
}

void lower_captures(struct flow_graph *g)
{
    for (uint32_t i = 0; i < g->ncaptures; i++) {
        struct flow_loc *var = g->captures[i].var;
        struct flow_hole k = {.dst = g->captures[i].closure};

        g->at = g->captures[i].at;
        if (var->addrtaken || var->reassigned || var->size > LOWER_BYVALUE)
            k.derefs = -1;
        lower_flow(g, k, var);
    }
    g->ncaptures = 0;
}
