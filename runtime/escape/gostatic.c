/*
 * gostatic.c - which function a call really calls.
 *
 * Invariants:
 *   I1  a variable is looked through only if nothing assigns to it after its declaration,
 *       in no closure either, and nobody takes its address
 *
 * Refused: following values through fields, parameters, or variables of the package. The
 * compiler does not.
 *
 * Go: StaticValue and reassigned in cmd/compile/internal/ir/expr.go; Call in
 * devirtualize/devirtualize.go; VisitFuncsBottomUp in ir/scc.go. Module 37.
 */
#include "gostatic.h"

#include "gocheck.h"
#include "godead.h"
#include "godecl.h"
#include "goscope.h"
#include "gotype.h"

#include <string.h>

bool gostatic_any_of(struct gosrc *s, const struct gonodes *list, gostatic_visit *fn, void *arg)
{
    for (uint32_t i = 0; i < list->n; i++)
        if (gostatic_any(s, list->at[i], fn, arg))
            return true;
    return false;
}

bool gostatic_any(struct gosrc *s, struct gonode *n, gostatic_visit *fn, void *arg)
{
    if (n == NULL)
        return false;
    gosrc_work(s, 1);
    return fn(s, n, arg) || gostatic_any_of(s, &n->init, fn, arg) ||
        gostatic_any(s, n->x, fn, arg) || gostatic_any(s, n->y, fn, arg) ||
        gostatic_any(s, n->z, fn, arg) || gostatic_any(s, n->w, fn, arg) ||
        gostatic_any_of(s, &n->list, fn, arg) || gostatic_any_of(s, &n->list2, fn, arg);
}

static bool names(const struct gonode *n, const struct goobj *o)
{
    return n != NULL && n->op == OP_NAME && n->obj == o;
}

/* The variable that a field or an array's element is part of. */
static const struct gonode *whole(struct gosrc *s, const struct gonode *n)
{
    while (n->op == OP_DOT || (n->op == OP_INDEX && gotype_under(s, n->x->type)->kind == GO_ARRAY))
        n = n->x;
    return n;
}

/* Whether n assigns to the variable arg once more, or takes its address. */
static bool assigns(struct gosrc *s, struct gonode *n, void *arg)
{
    const struct goobj *o = arg;

    switch (n->op) {
    case OP_ASSIGN:
        return names(n->x, o) && n != o->defn;
    case OP_ASSIGN2: case OP_ASSIGNCALL: case OP_COMMAOK:
        for (uint32_t i = 0; i < n->list.n; i++)
            if (names(n->list.at[i], o) && n != o->defn)
                return true;
        return false;
    case OP_ADDR:
        return names(whole(s, n->x), o);
    case OP_CLOSURE:
        return gostatic_any_of(s, &n->fn->body, assigns, arg);
    default:
        return false;
    }
}

/* The value that a variable's declaration gives it, or NULL. */
static struct gonode *declared(const struct goobj *o)
{
    struct gonode *d = o->defn;

    if (d->op == OP_ASSIGN)
        return d->y;
    for (uint32_t i = 0; d->op == OP_ASSIGN2 && i < d->list.n && i < d->list2.n; i++)
        if (names(d->list.at[i], o))
            return d->list2.at[i];
    return NULL;
}

struct gonode *gostatic_value(struct gosrc *s, struct gonode *n)
{
    for (;;) {
        struct goobj *o = n->obj;
        struct gonode *value;

        gosrc_work(s, 1);
        if (n->op == OP_CONVERT) {
            n = n->x;
            continue;
        }
        if (n->op != OP_NAME || o->cls != GO_LOCAL || o->defn == NULL ||
            n->fn != o->fn)     /* a captured variable is another one to the compiler */
            return n;
        value = declared(o);
        if (value == NULL)
            return n;
        if (o->assigned == 0)
            o->assigned = gostatic_any_of(s, &o->fn->body, assigns, o) ? 2 : 1;
        if (o->assigned == 2)
            return n;
        n = value;
    }
}

/* ---- calls through interfaces ---- */

/* The concrete type behind a call through an interface, or NULL. */
static struct gotype *concrete(struct gosrc *s, const struct gonode *n)
{
    struct gonode *r;

    if (n->op != OP_CALLINTER)
        return NULL;
    r = gostatic_value(s, n->x->x);
    if (r->op != OP_CONVIFACE || gotype_is_interface(s, r->x->type))
        return NULL;
    return r->x->type;
}

/* i.M(...) becomes i.(T).M(...), which may lead to an interface that is embedded in T. */
static bool devirtualize(struct gosrc *s, struct gonode *n, void *arg)
{
    struct goselection sel;
    struct gonode *recv;
    struct gotype *t;

    if (n->op == OP_CLOSURE) {
        gostatic_any_of(s, &n->fn->body, devirtualize, arg);
        return false;
    }
    t = concrete(s, n);
    if (t == NULL || !goscope_select(s, t, n->x->text, &sel) || sel.method == NULL)
        return false;
    recv = gocheck_new(s, OP_DOTTYPE, n->x->pos, t);
    recv->x = n->x->x;
    n->x = gocheck_member(s, n->x->pos, recv, &sel);
    n->op = OP_CALL;
    gocheck_method_call(s, n);
    return false;
}

/* ---- who mentions whom ---- */

static bool mention(struct gosrc *s, struct gonode *n, void *arg)
{
    struct gofunc *f = arg;

    if (n->op == OP_CLOSURE) {
        gostatic_any_of(s, &n->fn->body, mention, arg);
        return false;
    }
    if ((n->op != OP_FUNC && n->op != OP_METHODEXPR && n->op != OP_METHODVALUE) || n->fn == NULL)
        return false;
    for (uint32_t i = 0; i < f->refs.n; i++)
        if (f->refs.at[i] == n->fn)
            return false;
    GOMEM_ADD(&s->mem, &f->refs, n->fn);
    return false;
}

static void look(struct gosrc *s, void *arg)
{
    struct gofunc *f = arg;

    godead_function(s, f);
    gostatic_any_of(s, &f->body, devirtualize, NULL);
    gostatic_any_of(s, &f->body, mention, f);
}

void gostatic_refs(struct gosrc *s, struct gofunc *f)
{
    if (f->left_out == NULL && !gosrc_try(s, look, f)) {
        f->left_out = s->fault;
        f->refs.n = 0;
        godecl_left_out(s, f->syn, f->name);
    }
}
