/*
 * golower_expr.c - nodes of the typed tree become the expressions that lower.h takes.
 *
 * Invariants:
 *   I1  what runs before a part of an expression is lowered before the expression; no
 *       flow's verdict depends on their order
 *   I2  the body of a closure is lowered after the expression it stands in, so after its
 *       variables are captured, and before the next statement
 *
 * Refused: lowering straight from the typed tree. What the room `lower` needs of a type are
 * four bits, and without types it can be tested alone.
 *
 * Go: exprSkipInit and unsafeValue in cmd/compile/internal/escape/expr.go;
 * rewriteArgument and goDeferStmt in call.go; FixVariadicCall in typecheck. Module 37.
 */
#include "golower.h"

#include "goconst.h"
#include "goprint.h"
#include "gostatic.h"
#include "gotype.h"

/* What is too large for a frame, by what it is. */
enum { IMPLICIT_MAX = 64 << 10 };

/* Why a node's storage has to be on the heap in any case. */
static const char *must(struct gosrc *s, struct gonode *n)
{
    struct gonode *r;
    int64_t len, size;

    if ((n->op == OP_NEW || n->op == OP_PTRLIT) &&
        gotype_size(s, gotype_under(s, n->type)->elem) > IMPLICIT_MAX)
        return "too large for stack";
    if (n->op == OP_METHODVALUE && gotype_size(s, n->x->type) + 8 > IMPLICIT_MAX)
        return "too large for stack";
    if (n->op != OP_MAKESLICE)
        return NULL;
    r = n->y != NULL ? n->y : n->x;
    if (!goconst_whole(r->value, &len) || len != (int32_t)len)
        return "non-constant size";
    size = gotype_size(s, gotype_under(s, n->type)->elem);
    return size > 0 && len > IMPLICIT_MAX / size ? "too large for stack" : NULL;
}

static struct lower_expr *expr(struct golower *l, enum lower_op op, const struct gonode *n)
{
    struct lower_expr *e = gomem_get(&l->s->mem, sizeof *e);

    e->op = op;
    e->pos = n->pos;
    e->pointers = n->type == NULL || gotype_pointers(l->s, n->type) ||
        gotype_is_untyped(n->type);
    return e;
}

static void add(struct golower *l, struct lower_expr *e, struct lower_expr *kid)
{
    uint32_t cap = e->nkids < 4 ? (e->nkids > 0 ? 4 : 0) : 4;

    while (cap < e->nkids)
        cap *= 2;
    e->kids = gomem_room(&l->s->mem, e->kids, e->nkids, &cap, sizeof(struct lower_expr *));
    e->kids[e->nkids++] = kid;
}

static void add_all(struct golower *l, struct lower_expr *e, const struct gonodes *list)
{
    for (uint32_t i = 0; i < list->n; i++)
        add(l, e, golower_expr(l, list->at[i]));
}

/* An expression with kids x, y, z, w. */
static struct lower_expr *with_kids(struct golower *l, enum lower_op op, struct gonode *n)
{
    struct lower_expr *e = expr(l, op, n);
    struct gonode *const kids[] = {n->x, n->y, n->z, n->w};
    int last = 3;

    while (last >= 0 && kids[last] == NULL)
        last--;
    for (int i = 0; i <= last; i++)
        add(l, e, golower_expr(l, kids[i]));
    return e;
}

/* An expression that allocates. */
static struct lower_expr *allocation(struct golower *l, enum lower_op op, struct gonode *n)
{
    struct lower_expr *e = expr(l, op, n);

    e->must = must(l->s, n);
    return e;
}

/* An address made of a uintptr: the pointers that the number was made of flow on. */
static struct lower_expr *unsafe_value(struct golower *l, struct gonode *n)
{
    struct lower_expr *e = expr(l, LOWER_STRUCT, n);

    e->pointers = true;
    if (n->op == OP_CONVERT && gotype_under(l->s, n->x->type)->kind == GO_UNSAFE) {
        add(l, e, golower_expr(l, n->x));
    } else if (n->op == OP_UNARY) {
        add(l, e, unsafe_value(l, n->x));
    } else if (n->op == OP_BINARY) {
        add(l, e, unsafe_value(l, n->x));
        add(l, e, n->tok == TOK_SHL || n->tok == TOK_SHR ? golower_expr(l, n->y) :
            unsafe_value(l, n->y));
    } else {
        e->op = LOWER_OPERATION;
        add(l, e, golower_expr(l, n));
    }
    return e;
}

static struct lower_expr *closure(struct golower *l, struct gonode *n)
{
    struct lower_expr *e = allocation(l, LOWER_CLOSURE, n);

    for (uint32_t i = 0; i < n->fn->captured.n; i++) {
        struct lower_expr *var = expr(l, LOWER_NAME, n);

        var->loc = n->fn->captured.at[i]->loc;
        add(l, e, var);
    }
    GOMEM_ADD(&l->s->mem, &l->closures, n);
    return e;
}

/* Makes the arguments from `first` on one slice, also in the node: it is printed so. */
static void pack(struct golower *l, struct gonode *n, uint32_t first)
{
    struct gonode *slice = gomem_get(&l->s->mem, sizeof *slice);
    const struct gotype *ft = gotype_under(l->s, n->x->type);
    struct gonodes list = {0};

    slice->op = first < n->list.n ? OP_SLICELIT : OP_NIL;
    slice->pos = n->pos;
    slice->type = ft->fields.at[ft->fields.n - 1].type;
    slice->implicit = slice->op == OP_SLICELIT;
    for (uint32_t i = 0; i < n->list.n; i++)
        GOMEM_ADD(&l->s->mem, i < first ? &list : &slice->list, n->list.at[i]);
    GOMEM_ADD(&l->s->mem, &list, slice);
    n->list = list;
    n->dots = true;
}

static struct lower_expr *call(struct golower *l, struct gonode *n)
{
    struct lower_expr *e = expr(l, LOWER_CALL, n);
    const struct gotype *ft = gotype_under(l->s, n->x->type);
    const struct gonode *callee;

    if (ft->dots && !n->dots)
        pack(l, n, ft->fields.n - 1);
    if (n->op == OP_CALLINTER) {
        add(l, e, golower_expr(l, n->x->x));
    } else {
        if (n->x->op == OP_CLOSURE)
            n->x->fn->flow.called = true;
        callee = gostatic_value(l->s, n->x);
        if ((callee->op == OP_FUNC || callee->op == OP_CLOSURE || callee->op == OP_METHODEXPR) &&
            callee->fn != NULL)
            e->callee = &callee->fn->flow;
        e->fun = golower_expr(l, n->x);
    }
    add_all(l, e, &n->list);
    return e;
}

static struct lower_expr *convert(struct golower *l, struct gonode *n)
{
    struct lower_expr *e;

    if (n->op == OP_CONVIFACE) {
        e = allocation(l, LOWER_INTERFACE, n);
        e->direct = n->x->type->kind == GO_NIL || gotype_is_interface(l->s, n->x->type) ||
            gotype_direct(l->s, n->x->type);
        add(l, e, golower_expr(l, n->x));
        return e;
    }
    if (gotype_under(l->s, n->type)->kind == GO_UNSAFE &&
        gotype_under(l->s, n->x->type)->kind == GO_UINTPTR)
        return unsafe_value(l, n->x);
    return with_kids(l, LOWER_CONVERT, n);
}

/* Literals, and what else makes a value out of a list. */
static struct lower_expr *composed(struct golower *l, struct gonode *n)
{
    struct lower_expr *e;

    switch (n->op) {
    case OP_STRUCTLIT: case OP_ARRAYLIT:
        e = expr(l, LOWER_STRUCT, n);
        break;
    case OP_SLICELIT:
        e = allocation(l, LOWER_SLICE_LITERAL, n);
        break;
    case OP_ADDSTR:
        e = allocation(l, LOWER_STRING, n);
        break;
    case OP_MAPLIT:
        e = allocation(l, LOWER_MAP_LITERAL, n);
        for (uint32_t i = 0; i < n->list.n; i++) {
            add(l, e, golower_expr(l, n->list2.at[i]));
            add(l, e, golower_expr(l, n->list.at[i]));
        }
        return e;
    case OP_APPEND:
        e = expr(l, LOWER_APPEND, n);
        e->dots = n->dots;
        e->elem_pointers = gotype_pointers(l->s, gotype_under(l->s, n->type)->elem);
        if (n->dots && gotype_is_string(l->s, n->list.at[1]->type))
            e->elem_pointers = false;
        break;
    default:
        e = expr(l, LOWER_OPERATION, n);
        break;
    }
    add_all(l, e, &n->list);
    return e;
}

static struct lower_expr *copied(struct golower *l, struct gonode *n)
{
    struct lower_expr *e = with_kids(l, LOWER_COPY, n);
    const struct gotype *u = gotype_under(l->s, n->y->type);

    e->elem_pointers = u->kind == GO_SLICE && gotype_pointers(l->s, u->elem);
    return e;
}

static struct lower_expr *named(struct golower *l, struct gonode *n)
{
    struct lower_expr *e = expr(l, LOWER_NAME, n);

    e->loc = n->obj->loc;
    return e;
}

/* An expression that allocates and has kids x and y. */
static struct lower_expr *made(struct golower *l, enum lower_op op, struct gonode *n)
{
    struct lower_expr *e = with_kids(l, op, n);

    e->must = must(l->s, n);
    if (op == LOWER_METHOD_VALUE && n->fn != NULL)
        e->callee = &n->fn->flow;
    return e;
}

static struct lower_expr *build(struct golower *l, struct gonode *n)
{
    struct lower_expr *e;

    switch (n->op) {
    case OP_LITERAL: case OP_NIL: case OP_TYPE: case OP_BLANK: case OP_METHODEXPR: case OP_FUNC:
        return expr(l, LOWER_NOTHING, n);
    case OP_GLOBAL:
        return expr(l, LOWER_GLOBAL, n);
    case OP_NAME:
        return named(l, n);
    case OP_ADDR:
        return with_kids(l, LOWER_ADDR, n);
    case OP_DEREF:
        return with_kids(l, LOWER_DEREF, n);
    case OP_DOT:
        return with_kids(l, LOWER_FIELD, n);
    case OP_DOTPTR:
        return with_kids(l, LOWER_PTRFIELD, n);
    case OP_DOTTYPE:
        e = with_kids(l, LOWER_ASSERT, n);
        e->direct = gotype_is_interface(l->s, n->type) || gotype_direct(l->s, n->type);
        return e;
    case OP_INDEX:
        return with_kids(l, gotype_under(l->s, n->x->type)->kind == GO_ARRAY ?
            LOWER_INDEX_ARRAY : LOWER_INDEX, n);
    case OP_INDEXMAP:
        return with_kids(l, LOWER_INDEX_MAP, n);
    case OP_SLICE: case OP_SLICEARR: case OP_SLICESTR:
        return with_kids(l, LOWER_SLICE, n);
    case OP_CONVERT: case OP_CONVIFACE:
        return convert(l, n);
    case OP_CALL: case OP_CALLINTER:
        return call(l, n);
    case OP_COPY:
        return copied(l, n);
    case OP_PANIC:
        return with_kids(l, LOWER_PANIC, n);
    case OP_NEW:
        return made(l, LOWER_NEW, n);
    case OP_MAKESLICE: case OP_MAKEMAP:
        return made(l, LOWER_MAKE, n);
    case OP_MAKECHAN:
        return with_kids(l, LOWER_MAKE_CHAN, n);
    case OP_STRCONV:
        return made(l, LOWER_STRING, n);
    case OP_PTRLIT:
        return made(l, LOWER_POINTER_LITERAL, n);
    case OP_METHODVALUE:
        return made(l, LOWER_METHOD_VALUE, n);
    case OP_CLOSURE:
        return closure(l, n);
    case OP_RECV: case OP_UNARY: case OP_BINARY: case OP_LEN: case OP_CLOSE: case OP_RECOVER:
        return with_kids(l, LOWER_OPERATION, n);
    default:
        return composed(l, n);
    }
}

static bool allocates(enum lower_op op)
{
    switch (op) {
    case LOWER_STRING: case LOWER_NEW: case LOWER_MAKE: case LOWER_SLICE_LITERAL:
    case LOWER_MAP_LITERAL: case LOWER_POINTER_LITERAL: case LOWER_CLOSURE:
    case LOWER_METHOD_VALUE: case LOWER_INTERFACE:
        return true;
    default:
        return false;
    }
}

struct lower_expr *golower_expr(struct golower *l, struct gonode *n)
{
    struct lower_expr *e;

    if (n == NULL)
        return NULL;
    gosrc_work(l->s, 1);
    golower_statements(l, &n->init);
    e = build(l, n);
    if (allocates(e->op))
        e->text = goprint_node(l->s, n);    /* now: its calls are as they are printed */
    return e;
}

void golower_into(struct golower *l, struct flow_hole k, struct gonode *n)
{
    lower_expr(l->g, k, golower_expr(l, n));
    golower_closures(l);
}

void golower_call(struct golower *l, const struct flow_hole *ks, struct gonode *n)
{
    struct lower_expr *e = golower_expr(l, n);

    if (e->op == LOWER_CALL)
        lower_call(l->g, ks, e);
    else
        lower_expr(l->g, (struct flow_hole){0}, e);
    golower_closures(l);
}

/* ---- go and defer ---- */

/* Evaluates an argument now, into a temporary that the wrapper captures. */
static void keep(struct golower *l, struct flow_loc *wrapper, struct lower_expr **arg)
{
    struct lower_expr *e = *arg;
    struct flow_loc *temp;

    if (e == NULL || e->op == LOWER_NOTHING)
        return;
    if (e->op == LOWER_SLICE_LITERAL) {
        for (uint32_t i = 0; i < e->nkids; i++)
            keep(l, wrapper, &e->kids[i]);
        return;
    }
    temp = flow_loc(l->g, FLOW_TEMP, NULL);
    lower_expr(l->g, (struct flow_hole){.dst = temp}, e);
    flow_capture(l->g, wrapper, temp);
    *arg = gomem_get(&l->s->mem, sizeof **arg);
    **arg = (struct lower_expr){.op = LOWER_NAME, .pointers = e->pointers, .pos = e->pos,
        .loc = temp};
}

void golower_go_defer(struct golower *l, struct gonode *n)
{
    struct flow_hole k = {.dst = l->g->heap};
    const struct gotype *ft;
    struct flow_loc *wrapper;
    struct lower_expr *e;

    if (n->op == OP_DEFER && l->g->depth == 1)
        k = lower_later(l->g, (struct flow_hole){0});
    golower_statements(l, &n->x->init);
    n->x->init.n = 0;
    if (n->x->op == OP_CALL && n->x->x->op != OP_METHODEXPR) {
        ft = gotype_under(l->s, n->x->x->type);
        if (ft->fields.n + ft->results.n == 0) {
            golower_into(l, k, n->x->x);
            return;
        }
    }
    wrapper = flow_loc(l->g, FLOW_TEMP, NULL);
    e = golower_expr(l, n->x);
    lower_flow(l->g, lower_shift(k, -1), wrapper);
    keep(l, wrapper, &e->fun);
    for (uint32_t i = 0; i < e->nkids; i++)
        keep(l, wrapper, &e->kids[i]);
    if (e->op == LOWER_CALL)
        lower_call(l->g, NULL, e);
    else
        lower_expr(l->g, (struct flow_hole){0}, e);
    golower_closures(l);
}
