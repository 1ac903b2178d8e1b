/*
 * gocheck_assign.c - from syntax to the typed tree: assignments and declarations.
 *
 * Invariants: those of gocheck.c, and
 *   I1  values are looked at before the variables they are assigned to come into scope
 *   I2  a variable's defn is the statement that declares it, unless it has no value
 *
 * Refused: a statement of its own for `x++`; it is x += 1, as in the compiler.
 *
 * Go: assignVars and initVars in cmd/compile/internal/types2/assignments.go; irgen's
 * assignList and multiValueInit in noder; tcAssignList in typecheck/stmt.go. Module 37.
 */
#include "gocheck.h"

#include "goconst.h"
#include "godecl.h"
#include "goprint.h"
#include "goscope.h"
#include "gotype.h"

#include <string.h>

/* The list, or the one expression as a list. */
static struct gosyns as_list(struct gosrc *s, struct gosyn *n)
{
    struct gosyns one = {0};

    if (n->op == SYN_LIST)
        return n->list;
    GOMEM_ADD(&s->mem, &one, n);
    return one;
}

/* x OP= y, x++ */
static struct gonode *with_operator(struct gosrc *s, const struct gosyn *syn)
{
    const bool shift = syn->tok == TOK_SHL || syn->tok == TOK_SHR;
    struct gonode *right = syn->y != NULL ? gocheck_value(s, syn->y) : NULL;
    struct gonode *left = gocheck_value(s, syn->x), *n;

    if (right == NULL) {
        right = gocheck_new(s, OP_LITERAL, syn->pos, left->type);
        right->value = goconst_int(1);
        right->text = "1";
    }
    if (shift ? !gotype_is_integer(s, left->type) : !gotype_is_numeric(s, left->type) &&
        !(syn->tok == TOK_ADD && gotype_is_string(s, left->type)))
        gosrc_broken(s, syn->pos, "invalid operation: operator %s not defined on %s",
            golex_name(syn->tok), goprint_node(s, left));
    n = gocheck_new(s, OP_ASSIGNOP, syn->pos, NULL);
    n->tok = syn->tok;
    n->x = left;
    n->y = shift ? gocheck_default(s, right) : gocheck_assign(s, right, left->type, "assignment");
    return n;
}

/* The type of the i-th of n variables that are declared by these values. */
static struct gotype *declared_type(struct gosrc *s, const struct gonodes *right, uint32_t i,
    uint32_t n, bool comma_ok)
{
    struct gotype *t = right->at[0]->type;

    if (comma_ok)
        return i == 0 ? t : s->basic[GO_BOOL];
    if (right->n == 1 && n > 1)
        return t->fields.at[i].type;
    if (right->at[i]->type->kind == GO_NIL)
        gosrc_broken(s, right->at[i]->pos, "use of untyped nil in assignment");
    return gotype_default(s, right->at[i]->type);
}

/* Whether the values may be assigned to n places; *comma_ok: one that yields two. */
static void check_values(struct gosrc *s, const struct gosyn *syn, const struct gonodes *right,
    uint32_t n, bool *comma_ok)
{
    const struct gonode *r = right->at[0];

    *comma_ok = n == 2 && right->n == 1 &&
        (r->op == OP_INDEXMAP || r->op == OP_RECV || r->op == OP_DOTTYPE);
    if (*comma_ok)
        return;
    if (right->n == 1 && n > 1) {
        if (r->type == NULL || r->type->kind != GO_TUPLE || r->type->fields.n != n)
            gosrc_broken(s, syn->pos, "assignment mismatch: %u variables but 1 value", n);
        return;
    }
    if (right->n != n)
        gosrc_broken(s, syn->pos, "assignment mismatch: %u variables but %u values", n, right->n);
    for (uint32_t i = 0; i < n; i++)
        gocheck_single(s, right->at[i]);
}

static struct gonodes values(struct gosrc *s, const struct gosyns *list)
{
    struct gonodes out = {0};

    for (uint32_t i = 0; i < list->n; i++)
        GOMEM_ADD(&s->mem, &out, gocheck_expr(s, list->at[i]));
    return out;
}

/* A name on the left of :=, which is new in this block, or is assigned to. */
static struct gonode *define(struct gosrc *s, const struct gosyn *name, const struct goobj *before,
    struct gotype *t, struct gonode *n)
{
    struct goobj *o;

    for (o = s->scope; o != before && strcmp(o->name, name->text) != 0; o = o->next)
        ;
    if (o != before)
        gosrc_broken(s, name->pos, "%s repeated on left side of :=", name->text);
    o = goscope_here(s, name->text);
    if (o != NULL && o->kind == GO_VAR && o->cls != GO_GLOBAL && o->fn == s->fn)
        return gocheck_name(s, o);
    o = gocheck_var(s, GO_LOCAL, name->text, t, name->pos);
    o->defn = n;
    goscope_show(s, o);
    GOMEM_ADD(&s->mem, &n->init, gocheck_declare(s, o));
    return gocheck_name(s, o);
}

/* One place on the left of an assignment. */
static struct gonode *place(struct gosrc *s, const struct gosyn *syn)
{
    struct gonode *n = gocheck_expr(s, syn);

    if (n->op == OP_BLANK)
        return n;
    gocheck_single(s, n);
    switch (n->op) {
    case OP_NAME: case OP_GLOBAL: case OP_DEREF: case OP_DOT: case OP_DOTPTR: case OP_INDEX:
    case OP_INDEXMAP:
        return n;
    default:
        gosrc_broken(s, syn->pos, "cannot assign to %s", goprint_node(s, n));
    }
}

/* a, b = f() with conversions: the results go to temporaries first. */
static void through_temporaries(struct gosrc *s, struct gonode *n, struct gonode *call)
{
    struct gonodes temps = {0};

    gocheck_spread(s, n, call, &temps);
    n->op = OP_ASSIGN2;
    n->y = NULL;
    for (uint32_t i = 0; i < n->list.n; i++)
        GOMEM_ADD(&s->mem, &n->list2, n->list.at[i]->type != NULL ?
            gocheck_assign(s, temps.at[i], n->list.at[i]->type, "assignment") : temps.at[i]);
}

/* The values of n, whose places are known, by what kind of assignment it is. */
static struct gonode *assign_values(struct gosrc *s, struct gonode *n, const struct gonodes *right,
    bool comma_ok)
{
    struct gonode *call = right->at[0];

    if (n->op == OP_ASSIGN) {
        n->x = n->list.at[0];
        n->y = n->x->type != NULL ? gocheck_assign(s, call, n->x->type, "assignment") :
            gocheck_default(s, call);
        n->list = (struct gonodes){0};
        return n;
    }
    if (comma_ok) {
        n->op = OP_COMMAOK;
        n->y = call;
        return n;
    }
    if (right->n > 1) {
        for (uint32_t i = 0; i < n->list.n; i++)
            GOMEM_ADD(&s->mem, &n->list2, n->list.at[i]->type != NULL ?
                gocheck_assign(s, right->at[i], n->list.at[i]->type, "assignment") :
                gocheck_default(s, right->at[i]));
        return n;
    }
    n->op = OP_ASSIGNCALL;
    n->y = call;
    for (uint32_t i = 0; i < n->list.n; i++)
        if (n->list.at[i]->type != NULL &&
            !gotype_identical(s, n->list.at[i]->type, call->type->fields.at[i].type)) {
            through_temporaries(s, n, call);
            break;
        }
    return n;
}

struct gonode *gocheck_assignment(struct gosrc *s, const struct gosyn *syn)
{
    struct gosyns left, names;
    struct gonodes right;
    const struct goobj *const before = s->scope;
    struct gonode *n;
    bool comma_ok;

    if (syn->tok != TOK_END)
        return with_operator(s, syn);
    left = as_list(s, syn->x);
    names = as_list(s, syn->y);
    n = gocheck_new(s, left.n == 1 && names.n == 1 ? OP_ASSIGN : OP_ASSIGN2, syn->pos, NULL);
    right = values(s, &names);
    check_values(s, syn, &right, left.n, &comma_ok);
    for (uint32_t i = 0; i < left.n; i++) {
        const struct gosyn *l = left.at[i];
        struct gonode *e;

        if (syn->flag && l->op != SYN_NAME)
            gosrc_broken(s, l->pos, "non-name on left side of :=");
        if (!syn->flag)
            e = place(s, l);
        else if (strcmp(l->text, "_") == 0)
            e = gocheck_new(s, OP_BLANK, l->pos, NULL);
        else
            e = define(s, l, before, declared_type(s, &right, i, left.n, comma_ok), n);
        GOMEM_ADD(&s->mem, &n->list, e);
    }
    return assign_values(s, n, &right, comma_ok);
}

/* ---- declarations ---- */

static void constants(struct gosrc *s, const struct gosyn *d)
{
    struct goobjs made = {0};
    struct goobj *const scope = s->scope;

    for (uint32_t i = 0; i < d->list.n; i++) {
        struct goobj *o = goscope_bind(s, GO_CONST, d->list.at[i]->text, d->list.at[i]->pos), *iota;
        struct gosyns list = as_list(s, d->x);
        struct gonode *n;

        s->scope = scope;
        if (i >= list.n)
            gosrc_broken(s, d->pos, "missing init expr for %s", o->name);
        iota = goscope_bind(s, GO_CONST, "iota", d->pos);
        iota->type = s->basic[GO_UINT_];
        iota->value = goconst_int(d->kind);
        n = gocheck_value(s, list.at[i]);
        if (d->y != NULL)
            n = gocheck_assign(s, n, godecl_type(s, d->y), "constant");
        s->scope = scope;
        if (n->value.kind == GO_NOCONST)
            gosrc_broken(s, d->pos, "the value of %s is not constant", o->name);
        o->type = n->type;
        o->value = n->value;
        GOMEM_ADD(&s->mem, &made, o);
    }
    for (uint32_t i = 0; i < made.n; i++)
        goscope_show(s, made.at[i]);
}

/* var a, b T = f(): all of them in one statement. */
static void spread_variables(struct gosrc *s, const struct gosyn *d, struct gotype *t,
    const struct gonodes *right, bool comma_ok, struct gonode *out)
{
    struct gonode *as = gocheck_new(s, comma_ok ? OP_COMMAOK : OP_ASSIGNCALL, d->pos, NULL);

    for (uint32_t i = 0; i < d->list.n; i++) {
        const struct gosyn *name = d->list.at[i];
        struct gotype *have = declared_type(s, right, i, d->list.n, comma_ok);
        struct gonode *n = gocheck_new(s, OP_BLANK, name->pos, NULL);

        if (t != NULL && !comma_ok && !gotype_identical(s, t, have))
            gosrc_unsupported(s, d->pos, "a declaration that converts a call's results");
        if (strcmp(name->text, "_") != 0) {
            struct goobj *o = gocheck_var(s, GO_LOCAL, name->text, t != NULL ? t : have, name->pos);

            o->defn = as;
            goscope_show(s, o);
            n = gocheck_name(s, o);
            GOMEM_ADD(&s->mem, &out->list, gocheck_declare(s, o));
        }
        GOMEM_ADD(&s->mem, &as->list, n);
    }
    as->y = right->at[0];
    GOMEM_ADD(&s->mem, &out->list, as);
}

static void variables(struct gosrc *s, const struct gosyn *d, struct gonode *out)
{
    struct gonodes right = {0};
    struct gosyns list;
    struct gotype *t;
    bool comma_ok;

    s->at = d->pos;
    t = d->y != NULL ? godecl_type(s, d->y) : NULL;
    if (d->x != NULL) {
        list = as_list(s, d->x);
        right = values(s, &list);
        check_values(s, d, &right, d->list.n, &comma_ok);
        if (right.n != d->list.n) {
            spread_variables(s, d, t, &right, comma_ok, out);
            return;
        }
    }
    for (uint32_t i = 0; i < d->list.n; i++) {
        const struct gosyn *name = d->list.at[i];
        struct gotype *type = t != NULL ? t : declared_type(s, &right, i, d->list.n, false);
        struct gonode *as = gocheck_new(s, OP_ASSIGN, d->pos, NULL);
        struct goobj *o = NULL;

        as->x = gocheck_new(s, OP_BLANK, name->pos, NULL);
        if (strcmp(name->text, "_") != 0) {
            o = gocheck_var(s, GO_LOCAL, name->text, type, name->pos);
            goscope_show(s, o);
            as->x = gocheck_name(s, o);
            GOMEM_ADD(&s->mem, &out->list, gocheck_declare(s, o));
        }
        if (right.n > 0) {
            as->y = gocheck_assign(s, right.at[i], type, "variable declaration");
            if (o != NULL)
                o->defn = as;
        }
        GOMEM_ADD(&s->mem, &out->list, as);
    }
}

struct gonode *gocheck_declarations(struct gosrc *s, const struct gosyn *syn)
{
    struct gonode *n = gocheck_new(s, OP_BLOCK, syn->pos, NULL);

    for (uint32_t i = 0; i < syn->list.n; i++) {
        const struct gosyn *d = syn->list.at[i];

        if (d->op == SYN_TYPE)
            godecl_local_type(s, d);
        else if (d->op == SYN_CONST)
            constants(s, d);
        else
            variables(s, d, n);
    }
    return n;
}
