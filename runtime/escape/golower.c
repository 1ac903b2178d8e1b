/*
 * golower.c - from the typed tree to verdicts: statements, functions, batches.
 *
 * Invariants:
 *   I1  a batch is lowered when all batches it calls into are tagged
 *   I2  g->depth after a statement is what it was before, but for a label that loops
 *   I3  a variable's location belongs to the batch at hand; the graph is freed with it
 *
 * Refused: keeping the graphs of all batches. Only tags go from one batch to the next.
 *
 * Go: Batch, initFunc, walkFunc and finish in cmd/compile/internal/escape/escape.go; stmt
 * in stmt.go; assignList and reassigned in assign.go. Module 37.
 */
#include "golower.h"

#include "escape.h"
#include "goprint.h"
#include "goreport.h"
#include "goself.h"
#include "gostatic.h"
#include "gotype.h"

#include <stdlib.h>
#include <string.h>

enum { VARIABLE_MAX = 10 << 20 };

/* ---- assignments ---- */

/* Notes which variables an assignment changes after their declaration. */
static void reassigned(const struct flow_hole *ks, uint32_t n, const struct gonode *where)
{
    if (where->op == OP_ASSIGN && where->y == NULL && where->x->op == OP_NAME &&
        where->x->obj->defn == NULL)
        return;
    for (uint32_t i = 0; i < n; i++) {
        struct flow_loc *l = ks[i].dst;

        if (l == NULL || (l->defn == where && where->op != OP_RANGE))
            continue;
        l->reassigned = true;
    }
}

/* The hole of a place, or one that drops. */
static struct flow_hole place(struct golower *l, struct gonode *n)
{
    struct flow_hole k = {0};

    if (n != NULL && n->op != OP_BLANK)
        k = lower_addr(l->g, golower_expr(l, n));
    golower_closures(l);
    return k;
}

static void assign(struct golower *l, const struct gonodes *left, const struct gonodes *right,
    struct gonode *where)
{
    struct flow_hole *ks = gomem_get(&l->s->mem, left->n * sizeof *ks);

    for (uint32_t i = 0; i < left->n; i++)
        ks[i] = place(l, left->at[i]);
    for (uint32_t i = 0; i < left->n && i < right->n; i++) {
        struct gonode *d = left->at[i], *v = right->at[i];
        struct flow_hole k = ks[i];

        if (v != NULL && d->op != OP_BLANK && goself_assignment(l->s, d, v)) {
            goreport_note(l->s, where->pos, gomem_format(&l->s->mem,
                "%s ignoring self-assignment in %s", l->fn->name, goprint_node(l->s, where)));
            k.dst = NULL;
        }
        golower_into(l, k, v);
    }
    reassigned(ks, left->n, where);
}

static void assign_one(struct golower *l, struct gonode *n)
{
    struct gonode *x = n->x, *y = n->y;

    assign(l, &(struct gonodes){&x, 1, 1}, &(struct gonodes){&y, 1, 1}, n);
}

static void assign_call(struct golower *l, struct gonode *n)
{
    struct flow_hole *ks = gomem_get(&l->s->mem, n->list.n * sizeof *ks);

    golower_statements(l, &n->y->init);
    n->y->init.n = 0;
    for (uint32_t i = 0; i < n->list.n; i++)
        ks[i] = place(l, n->list.at[i]);
    golower_call(l, ks, n->y);
    reassigned(ks, n->list.n, n);
}

static void return_values(struct golower *l, struct gonode *n)
{
    struct gonodes left = {0};

    for (uint32_t i = 0; i < l->fn->results.n; i++) {
        struct gonode *r = gomem_get(&l->s->mem, sizeof *r);

        r->op = OP_NAME;
        r->obj = l->fn->results.at[i];
        r->type = r->obj->type;
        r->pos = n->pos;
        GOMEM_ADD(&l->s->mem, &left, r);
    }
    assign(l, &left, &n->list, n);
}

/* ---- other statements ---- */

static const struct flow_hole DROP;

static void block(struct golower *l, const struct gonodes *list)
{
    const int depth = l->g->depth;

    golower_statements(l, list);
    l->g->depth = depth;
}

static void if_statement(struct golower *l, struct gonode *n)
{
    if (n->x->op == OP_LITERAL && n->x->value.kind == GO_CBOOL) {
        block(l, n->x->value.i != 0 ? &n->list : &n->list2);
        return;
    }
    golower_into(l, DROP, n->x);
    block(l, &n->list);
    block(l, &n->list2);
}

static void for_statement(struct golower *l, struct gonode *n)
{
    struct gonodes post = {&n->y, n->y != NULL, 1};

    l->g->depth++;
    golower_into(l, DROP, n->x);
    golower_statements(l, &post);
    block(l, &n->list);
    l->g->depth--;
}

static void range(struct golower *l, struct gonode *n)
{
    struct flow_loc *x = flow_loc(l->g, FLOW_TEMP, NULL);
    struct flow_hole ks[2];

    golower_into(l, (struct flow_hole){.dst = x}, n->x);
    l->g->depth++;
    ks[0] = place(l, n->y);
    ks[1] = place(l, n->z);
    l->g->at = n->pos;
    if (gotype_under(l->s, n->x->type)->kind == GO_ARRAY)
        lower_flow(l->g, ks[1], x);
    else
        lower_flow(l->g, lower_shift(ks[1], 1), x);
    reassigned(ks, 2, n);
    block(l, &n->list);
    l->g->depth--;
}

static void value_switch(struct golower *l, struct gonode *n)
{
    golower_into(l, DROP, n->x);
    for (uint32_t i = 0; i < n->list.n; i++) {
        const struct gonode *c = n->list.at[i];

        for (uint32_t j = 0; j < c->list2.n; j++)
            golower_into(l, DROP, c->list2.at[j]);
        block(l, &c->list);
    }
}

static void type_switch(struct golower *l, struct gonode *n)
{
    struct flow_hole *ks = gomem_get(&l->s->mem, n->list.n * sizeof *ks);
    uint32_t k = 0;

    for (uint32_t i = 0; n->text != NULL && i < n->list.n; i++) {
        const struct goobj *o = n->list.at[i]->obj;
        struct flow_hole hole = {.dst = o->loc};

        o->loc->depth = l->g->depth;
        if (!gotype_pointers(l->s, o->type))
            continue;
        if (!gotype_is_interface(l->s, o->type) && !gotype_direct(l->s, o->type))
            hole = lower_shift(hole, 1);
        ks[k++] = hole;
    }
    golower_into(l, lower_tee(l->g, ks, k), n->x);
    for (uint32_t i = 0; i < n->list.n; i++)
        block(l, &n->list.at[i]->list);
}

static void select_statement(struct golower *l, struct gonode *n)
{
    for (uint32_t i = 0; i < n->list.n; i++) {
        struct gonode *c = n->list.at[i];

        golower_statements(l, &(struct gonodes){&c->x, c->x != NULL, 1});
        block(l, &c->list);
    }
}

static void label(struct golower *l, const struct gonode *n)
{
    for (uint32_t i = 0; i < l->nlabels; i++)
        if (l->labels[i].loops && strcmp(l->labels[i].name, n->text) == 0) {
            l->g->depth++;
            return;
        }
}

static void control(struct golower *l, struct gonode *n)
{
    switch (n->op) {
    case OP_IF:
        if_statement(l, n);
        break;
    case OP_FOR:
        for_statement(l, n);
        break;
    case OP_RANGE:
        range(l, n);
        break;
    case OP_SWITCH:
        value_switch(l, n);
        break;
    case OP_TYPESWITCH:
        type_switch(l, n);
        break;
    case OP_SELECT:
        select_statement(l, n);
        break;
    case OP_GO: case OP_DEFER:
        golower_go_defer(l, n);
        break;
    case OP_RETURN:
        return_values(l, n);
        break;
    default:
        golower_call(l, NULL, n);
        break;
    }
}

static void statement(struct golower *l, struct gonode *n)
{
    if (n->op != OP_CALL && n->op != OP_CALLINTER)
        golower_statements(l, &n->init);
    l->g->at = n->pos;
    switch (n->op) {
    case OP_BREAK: case OP_GOTO:
        break;
    case OP_BLOCK:
        golower_statements(l, &n->list);
        break;
    case OP_DCL:
        n->obj->loc->depth = l->g->depth;
        break;
    case OP_LABEL:
        label(l, n);
        break;
    case OP_SEND:
        golower_into(l, DROP, n->x);
        golower_into(l, (struct flow_hole){.dst = l->g->heap}, n->y);
        break;
    case OP_ASSIGN: case OP_ASSIGNOP:
        assign_one(l, n);
        break;
    case OP_ASSIGN2:
        assign(l, &n->list, &n->list2, n);
        break;
    case OP_COMMAOK:
        assign(l, &n->list, &(struct gonodes){&n->y, 1, 1}, n);
        break;
    case OP_ASSIGNCALL:
        assign_call(l, n);
        break;
    default:
        control(l, n);
        break;
    }
}

void golower_statements(struct golower *l, const struct gonodes *list)
{
    for (uint32_t i = 0; i < list->n; i++)
        if (list->at[i] != NULL)
            statement(l, list->at[i]);
}

/* ---- functions ---- */

/* Labels, and those that a goto behind them goes back to. */
static bool find_labels(struct gosrc *s, struct gonode *n, void *arg)
{
    struct golower *l = arg;

    if (n->op == OP_LABEL) {
        uint32_t cap = l->nlabels == 0 ? 0 : 4;

        while (cap > 0 && cap < l->nlabels)
            cap *= 2;
        l->labels = gomem_room(&s->mem, l->labels, l->nlabels, &cap, sizeof *l->labels);
        l->labels[l->nlabels].name = n->text;
        l->labels[l->nlabels++].loops = false;
    } else if (n->op == OP_GOTO && n->text != NULL) {
        for (uint32_t i = 0; i < l->nlabels; i++)
            if (strcmp(l->labels[i].name, n->text) == 0)
                l->labels[i].loops = true;
    }
    return false;
}

static void function(struct golower *l, struct gofunc *f)
{
    struct golower inner = {.s = l->s, .g = l->g, .fn = f};
    struct flow_func *const fn = l->g->fn;
    const int depth = l->g->depth;

    l->g->fn = &f->flow;
    l->g->depth = 1;
    gostatic_any_of(l->s, &f->body, find_labels, &inner);
    block(&inner, &f->body);
    l->g->fn = fn;
    l->g->depth = depth;
}

void golower_closures(struct golower *l)
{
    while (l->closures.n > 0) {
        const struct gonodes met = l->closures;

        l->closures = (struct gonodes){0};
        for (uint32_t i = 0; i < met.n; i++)
            function(l, met.at[i]->fn);
    }
}

static void make_location(struct golower *l, struct goobj *o)
{
    static const enum flow_kind kinds[] = {[GO_LOCAL] = FLOW_VAR, [GO_PARAM] = FLOW_PARAM,
        [GO_RESULT] = FLOW_RESULT};
    struct flow_loc *loc = flow_loc(l->g, o->temp ? FLOW_TEMP : kinds[o->cls], o->name);
    const int64_t size = gotype_size(l->s, o->type);

    loc->pos = o->pos;
    loc->size = (size_t)size;
    loc->pointers = gotype_pointers(l->s, o->type);
    loc->defn = o->defn;
    if (o->cls == GO_LOCAL && size > VARIABLE_MAX)
        loc->must = "too large for stack";
    o->loc = loc;
}

/* The locations of a list of variables, some of which may have no name. */
static struct flow_loc **locations(struct golower *l, const struct goobjs *list)
{
    struct flow_loc **out = gomem_get(&l->s->mem, list->n * sizeof *out);

    for (uint32_t i = 0; i < list->n; i++) {
        out[i] = list->at[i] != NULL ? list->at[i]->loc : NULL;
        if (out[i] != NULL)
            out[i]->index = i;
    }
    return out;
}

static bool init_closure(struct gosrc *s, struct gonode *n, void *arg);

/* Makes the locations of a function's variables, and of the closures in it. */
static void init(struct golower *l, struct gofunc *f)
{
    l->g->fn = &f->flow;
    l->g->depth = 1;
    for (uint32_t i = 0; i < f->locals.n; i++)
        make_location(l, f->locals.at[i]);
    f->flow.name = f->name;
    f->flow.pos = f->pos;
    f->flow.outer = f->outer != NULL ? &f->outer->flow : NULL;
    f->flow.nobody = f->syn != NULL && f->syn->y == NULL;
    f->flow.noescape = f->syn != NULL && f->syn->flag;
    f->flow.nparams = f->params.n;
    f->flow.nresults = f->results.n;
    f->flow.params = locations(l, &f->params);
    f->flow.results = locations(l, &f->results);
    f->flow.tags = gomem_get(&l->s->mem, f->params.n * sizeof *f->flow.tags);
    gostatic_any_of(l->s, &f->body, init_closure, l);
}

static bool init_closure(struct gosrc *s, struct gonode *n, void *arg)
{
    (void)s;
    if (n->op == OP_CLOSURE)
        init(arg, n->fn);
    return false;
}

/* ---- batches ---- */

struct batch {
    struct golower l;
    struct gofunc **fns;
    uint32_t n;
};

static void batch(struct gosrc *s, void *arg)
{
    struct batch *b = arg;
    struct flow_graph *g = b->l.g;

    for (uint32_t i = 0; i < b->n; i++)
        init(&b->l, b->fns[i]);
    for (uint32_t i = 0; i < b->n; i++) {
        function(&b->l, b->fns[i]);
        g->fn = NULL;
    }
    lower_captures(g);
    for (uint32_t i = 1; i < g->nlocs; i++)
        if (g->locs[i]->must != NULL) {
            g->at = g->locs[i]->pos;
            flow_edge(g, g->heap, -1, g->locs[i]);
        }
    escape_solve(g);
    for (uint32_t i = 0; i < b->n; i++)
        goreport_function(s, b->fns[i]);
    goreport_graph(s, g);
}

static void run_batch(struct gosrc *s, struct gofunc **fns, uint32_t n)
{
    struct batch b = {{.s = s, .g = flow_new()}, fns, n};

    b.l.g->explain = s->explain;
    if (!gosrc_try(s, batch, &b))
        gosrc_complain(s);
    flow_free(b.l.g);
}

/* The functions to analyse, each knowing whom it mentions. */
static uint32_t collect(struct gosrc *s, struct flow_func **out)
{
    uint32_t n = 0;

    for (uint32_t i = 0; i < s->funcs.n; i++) {
        struct gofunc *f = s->funcs.at[i];

        if (f->left_out != NULL)
            continue;
        f->flow.refs = gomem_get(&s->mem, f->refs.n * sizeof *f->flow.refs);
        f->flow.nrefs = f->refs.n;
        for (uint32_t k = 0; k < f->refs.n; k++)
            f->flow.refs[k] = &f->refs.at[k]->flow;
        out[n++] = &f->flow;
    }
    return n;
}

void golower_package(struct gosrc *s)
{
    struct flow_func **fns = gomem_get(&s->mem, (s->funcs.n + 1) * sizeof *fns);
    struct gofunc **members = gomem_get(&s->mem, (s->funcs.n + 1) * sizeof *members);
    const uint32_t n = collect(s, fns);
    uint32_t from = 0;

    if (escape_batches(fns, n) < 0)
        gosrc_unsupported(s, s->at, "a package this large: there is no memory");
    while (from < n) {
        uint32_t k = 0;

        while (from + k < n && fns[from + k]->batch == fns[from]->batch) {
            members[k] = (struct gofunc *)(void *)fns[from + k];
            k++;
        }
        run_batch(s, members, k);
        from += k;
    }
}
