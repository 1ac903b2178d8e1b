/*
 * gocheck.c - from syntax to the typed tree: values, conversions, operators.
 *
 * Invariants:
 *   I1  every value in the tree has a type, and what is used as a value is one
 *   I2  s->at is the position of the expression looked at last, as base.Pos is in the
 *       compiler, which gives it to what nobody wrote
 *
 * Refused: all of Go's checks. What changes no verdict, such as unused variables and
 * imports, missing returns, constants too large for their type, is not looked for.
 *
 * Go: exprInternal and binary in cmd/compile/internal/types2/expr.go; operand.go's
 * assignableTo; expr0 in cmd/compile/internal/noder/expr.go; implicitConvExpr in
 * typecheck. Module 37.
 */
#include "gocheck.h"

#include "goconst.h"
#include "godecl.h"
#include "goprint.h"
#include "goscope.h"
#include "gotype.h"

#include <string.h>

struct gonode *gocheck_new(struct gosrc *s, enum gonode_op op, struct flow_pos pos,
    struct gotype *t)
{
    struct gonode *n = gomem_get(&s->mem, sizeof *n);

    n->op = op;
    n->pos = pos;
    n->type = t;
    return n;
}

struct gonode *gocheck_constant(struct gosrc *s, const struct gosyn *n, struct gotype *t,
    struct goconst value)
{
    struct gonode *lit = gocheck_new(s, OP_LITERAL, n->pos, t);

    lit->value = value;
    lit->text = goprint_syntax(s, n);
    lit->tok = n->op == SYN_BINARY || n->op == SYN_UNARY ? n->tok : TOK_END;
    lit->kind = n->op == SYN_BINARY;
    return lit;
}

void gocheck_set_at(struct gosrc *s, const struct gonode *n)
{
    if (n->op != OP_NAME && n->op != OP_FUNC && n->op != OP_GLOBAL && n->op != OP_BLANK &&
        n->op != OP_TYPE)
        s->at = n->pos;
}

struct gonode *gocheck_single(struct gosrc *s, struct gonode *n)
{
    switch (n->op) {
    case OP_TYPE:
        gosrc_broken(s, n->pos, "%s is a type, not a value", gotype_print(s, n->type));
    case OP_BLANK:
        gosrc_broken(s, n->pos, "cannot use _ as value");
    default:
        break;
    }
    if (n->type == NULL)
        gosrc_broken(s, n->pos, "this has no value");
    if (n->type->kind == GO_TUPLE)
        gosrc_broken(s, n->pos, "%u values are used as one", n->type->fields.n);
    return n;
}

struct gonode *gocheck_value(struct gosrc *s, const struct gosyn *n)
{
    return gocheck_single(s, gocheck_expr(s, n));
}

/* ---- types of untyped values ---- */

void gocheck_set_untyped(struct gosrc *s, struct gonode *n, struct gotype *t)
{
    if (n->type == NULL || !gotype_is_untyped(n->type))
        return;
    n->type = t;
    if (golex_precedence(n->tok) != 3 && (n->op == OP_BINARY || n->op == OP_UNARY)) {
        gocheck_set_untyped(s, n->x, t);
        if (n->y != NULL && n->tok != TOK_SHL && n->tok != TOK_SHR)
            gocheck_set_untyped(s, n->y, t);
    }
    for (uint32_t i = 0; n->op == OP_ADDSTR && i < n->list.n; i++)
        gocheck_set_untyped(s, n->list.at[i], t);
}

struct gonode *gocheck_default(struct gosrc *s, struct gonode *n)
{
    gocheck_single(s, n);
    if (n->type->kind == GO_NIL)
        gosrc_broken(s, n->pos, "use of untyped nil");
    gocheck_set_untyped(s, n, gotype_default(s, n->type));
    return n;
}

static bool has_nil(struct gosrc *s, struct gotype *t)
{
    const enum gokind k = gotype_under(s, t)->kind;

    return k == GO_PTR || k == GO_FUNC || k == GO_SLICE || k == GO_MAP || k == GO_CHAN ||
        k == GO_IFACE || k == GO_UNSAFE;
}

/* Whether an untyped n can have type t. */
static bool untyped_fits(struct gosrc *s, const struct gonode *n, struct gotype *t)
{
    int64_t whole;

    if (n->type->kind == GO_NIL)
        return has_nil(s, t);
    if (gotype_is_interface(s, t))
        return goscope_missing(s, gotype_default(s, n->type), gotype_under(s, t)) == NULL;
    if (n->type->kind == GO_UBOOL)
        return gotype_is_boolean(s, t);
    if (n->type->kind == GO_USTRING)
        return gotype_is_string(s, t);
    if (gotype_is_integer(s, t) && n->value.kind == GO_CFLOAT)
        return goconst_whole(n->value, &whole);
    return gotype_is_numeric(s, t);
}

/* Whether a value of n's type may be stored in a variable of type t. */
static bool assignable(struct gosrc *s, const struct gonode *n, struct gotype *t)
{
    struct gotype *a = n->type, *u, *v;

    if (gotype_identical(s, a, t))
        return true;
    if (gotype_is_untyped(a))
        return untyped_fits(s, n, t);
    u = gotype_under(s, a);
    v = gotype_under(s, t);
    if (v->kind == GO_IFACE)
        return goscope_missing(s, a, v) == NULL;
    if ((a->kind == GO_NAMED || a->kind <= GO_UNSAFE) && (t->kind == GO_NAMED ||
        t->kind <= GO_UNSAFE))
        return false;
    if (gotype_identical(s, u, v))
        return true;
    return u->kind == GO_CHAN && v->kind == GO_CHAN && u->dir == 0 &&
        gotype_identical(s, u->elem, v->elem);
}

struct gonode *gocheck_assign(struct gosrc *s, struct gonode *n, struct gotype *t,
    const char *what)
{
    struct gonode *conv;

    gocheck_single(s, n);
    gosrc_work(s, 1);
    if (!assignable(s, n, t))
        gosrc_broken(s, n->pos, "cannot use %s (of type %s) as %s value in %s", goprint_node(s, n),
            gotype_print(s, n->type), gotype_print(s, t), what);
    if (gotype_is_untyped(n->type))
        gocheck_set_untyped(s, n, n->type->kind == GO_NIL || !gotype_is_interface(s, t) ? t :
            gotype_default(s, n->type));
    if (gotype_identical(s, n->type, t))
        return n;
    conv = gocheck_new(s, gotype_is_interface(s, t) ? OP_CONVIFACE : OP_CONVERT, s->at, t);
    conv->x = n;
    conv->implicit = true;
    return conv;
}

/* ---- names ---- */

struct gonode *gocheck_name(struct gosrc *s, struct goobj *o)
{
    struct gonode *n = gocheck_new(s, o->cls == GO_GLOBAL ? OP_GLOBAL : OP_NAME, o->pos, o->type);

    n->obj = o;
    n->text = o->name;
    n->fn = s->fn;
    return n;
}

/* Notes that o is used in s->fn and in every closure between it and o's function. */
static void capture(struct gosrc *s, struct goobj *o)
{
    for (struct gofunc *f = s->fn; f != NULL && f != o->fn; f = f->outer) {
        uint32_t i = 0;

        while (i < f->captured.n && f->captured.at[i] != o)
            i++;
        if (i == f->captured.n)
            GOMEM_ADD(&s->mem, &f->captured, o);
    }
}

static struct gonode *name(struct gosrc *s, const struct gosyn *syn)
{
    struct goobj *o = goscope_find(s, syn->text);
    struct gonode *n;

    if (strcmp(syn->text, "_") == 0)
        return gocheck_new(s, OP_BLANK, syn->pos, NULL);
    if (o == NULL)
        gosrc_broken(s, syn->pos, "undefined: %s", syn->text);
    godecl_resolve(s, o);
    s->at = syn->pos;
    switch (o->kind) {
    case GO_NILNAME:
        return gocheck_new(s, OP_NIL, syn->pos, s->basic[GO_NIL]);
    case GO_CONST:
        return gocheck_constant(s, syn, o->type, o->value);
    case GO_TYPE:
        return gocheck_new(s, OP_TYPE, syn->pos, godecl_type(s, syn));
    case GO_FUNCNAME:
        if (o->fn->type == NULL)
            gosrc_unsupported(s, syn->pos, "%s, which is left out", syn->text);
        n = gocheck_new(s, OP_FUNC, syn->pos, o->fn->type);
        n->fn = o->fn;
        n->text = syn->text;
        return n;
    case GO_VAR:
        if (o->cls != GO_GLOBAL && o->fn != s->fn)
            capture(s, o);
        return gocheck_name(s, o);
    case GO_PACKAGE:
        gosrc_broken(s, syn->pos, "use of package %s without selector", syn->text);
    case GO_UNUSABLE:
        gosrc_unsupported(s, syn->pos, "%s, which is %s", syn->text, o->why);
    case GO_BUILTIN:
        break;
    }
    gosrc_broken(s, syn->pos, "%s (built-in) must be called", syn->text);
}

/* ---- operators ---- */

static struct gonode *literal(struct gosrc *s, const struct gosyn *syn)
{
    const enum gokind kinds[] = {GO_UINT_, GO_UFLOAT, GO_USTRING, GO_URUNE, GO_UCOMPLEX};

    return gocheck_constant(s, syn, s->basic[kinds[syn->tok - TOK_INT]],
        goconst_literal(s, syn));
}

static struct gonode *index_of(struct gosrc *s, const struct gosyn *syn)
{
    struct gonode *n;

    if (syn == NULL)
        return NULL;
    n = gocheck_value(s, syn);
    if (!gotype_is_numeric(s, n->type))
        gosrc_broken(s, syn->pos, "invalid argument: an index must be an integer");
    return gocheck_default(s, n);
}

static struct gonode *index_node(struct gosrc *s, const struct gosyn *syn)
{
    struct gonode *x = gocheck_expr(s, syn->x), *n, *d, *i;
    struct gotype *u;

    if (x->op == OP_TYPE || x->op == OP_FUNC || syn->y->op == SYN_LIST)
        gosrc_unsupported(s, syn->pos, "a generic instance");
    x = gocheck_default(s, x);
    u = gotype_under(s, x->type);
    i = u->kind == GO_MAP ? gocheck_value(s, syn->y) : index_of(s, syn->y);
    if (u->kind == GO_PTR && gotype_under(s, u->elem)->kind == GO_ARRAY) {
        d = gocheck_new(s, OP_DEREF, s->at, u->elem);
        d->x = x;
        d->implicit = true;
        x = d;
        u = gotype_under(s, u->elem);
    }
    if (u->kind != GO_MAP && u->kind != GO_SLICE && u->kind != GO_ARRAY && u->kind != GO_STRING)
        gosrc_broken(s, syn->pos, "invalid operation: cannot index %s (of type %s)",
            goprint_node(s, x), gotype_print(s, x->type));
    n = gocheck_new(s, u->kind == GO_MAP ? OP_INDEXMAP : OP_INDEX, syn->pos,
        u->kind == GO_STRING ? s->byte_ : u->elem);
    n->x = x;
    n->y = u->kind == GO_MAP ? gocheck_assign(s, i, u->key, "map index") : i;
    return n;
}

static struct gonode *slice_node(struct gosrc *s, const struct gosyn *syn)
{
    struct gonode *x = gocheck_default(s, gocheck_value(s, syn->x));
    struct gonode *n = gocheck_new(s, OP_SLICE, syn->pos, x->type), *addr;
    struct gotype *u;

    n->kind = syn->kind;
    n->y = index_of(s, syn->y);
    n->z = index_of(s, syn->z);
    n->w = index_of(s, syn->w);
    if (gotype_under(s, x->type)->kind == GO_ARRAY) {
        addr = gocheck_new(s, OP_ADDR, s->at, gotype_new(s, GO_PTR, x->type));
        addr->x = x;
        addr->implicit = true;
        x = addr;
    }
    n->x = x;
    u = gotype_under(s, x->type);
    if (u->kind == GO_STRING) {
        n->op = OP_SLICESTR;
    } else if (u->kind == GO_PTR && gotype_under(s, u->elem)->kind == GO_ARRAY) {
        n->op = OP_SLICEARR;
        n->type = gotype_new(s, GO_SLICE, gotype_under(s, u->elem)->elem);
    } else if (u->kind != GO_SLICE) {
        gosrc_broken(s, syn->pos, "cannot slice %s (of type %s)", goprint_node(s, x),
            gotype_print(s, x->type));
    }
    return n;
}

static struct gonode *star(struct gosrc *s, const struct gosyn *syn)
{
    struct gonode *n = gocheck_new(s, OP_DEREF, syn->pos, NULL);
    struct gotype *u;

    n->x = gocheck_value(s, syn->x);
    u = gotype_under(s, n->x->type);
    if (u->kind != GO_PTR)
        gosrc_broken(s, syn->pos, "invalid operation: cannot indirect %s (of type %s)",
            goprint_node(s, n->x), gotype_print(s, n->x->type));
    n->type = u->elem;
    return n;
}

/* Whether x names a place whose address can be taken. */
static bool addressable(struct gosrc *s, const struct gonode *x)
{
    for (;;) {
        switch (x->op) {
        case OP_NAME: case OP_GLOBAL: case OP_DEREF: case OP_DOTPTR:
            return true;
        case OP_DOT:
            x = x->x;
            break;
        case OP_INDEX:
            if (gotype_under(s, x->x->type)->kind != GO_ARRAY)
                return gotype_under(s, x->x->type)->kind == GO_SLICE;
            x = x->x;
            break;
        default:
            return false;
        }
    }
}

static struct gonode *address(struct gosrc *s, const struct gosyn *syn)
{
    struct gonode *n = gocheck_new(s, OP_ADDR, syn->pos, NULL);

    n->x = gocheck_value(s, syn->x);
    n->type = gotype_new(s, GO_PTR, n->x->type);
    if (n->x->op >= OP_STRUCTLIT && n->x->op <= OP_MAPLIT)
        n->op = OP_PTRLIT;
    else if (!addressable(s, n->x))
        gosrc_broken(s, syn->pos, "invalid operation: cannot take address of %s",
            goprint_node(s, n->x));
    return n;
}

static struct gonode *unary(struct gosrc *s, const struct gosyn *syn)
{
    struct gonode *n, *x;
    const struct gotype *u;
    bool fits;

    s->at = syn->pos;
    if (syn->tok == TOK_AND)
        return address(s, syn);
    x = gocheck_value(s, syn->x);
    u = gotype_under(s, x->type);
    if (syn->tok == TOK_ARROW) {
        if (u->kind != GO_CHAN)
            gosrc_broken(s, syn->pos, "invalid operation: cannot receive from non-channel %s",
                goprint_node(s, x));
        n = gocheck_new(s, OP_RECV, syn->pos, u->elem);
        n->tok = TOK_ARROW;
        n->x = x;
        return n;
    }
    if (x->value.kind != GO_NOCONST)
        return gocheck_constant(s, syn, x->type,
            goconst_unary(s, syn->pos, syn->tok, x->value, u->kind));
    fits = syn->tok == TOK_NOT ? gotype_is_boolean(s, x->type) : syn->tok == TOK_XOR ?
        gotype_is_integer(s, x->type) : gotype_is_numeric(s, x->type);
    if (!fits)
        gosrc_broken(s, syn->pos, "invalid operation: operator %s not defined on %s (of type %s)",
            golex_name(syn->tok), goprint_node(s, x), gotype_print(s, x->type));
    n = gocheck_new(s, OP_UNARY, syn->pos, x->type);
    n->tok = syn->tok;
    n->x = x;
    return n;
}

/* Strings that are added, all in one list. */
static struct gonode *addition(struct gosrc *s, struct gonode *n)
{
    struct gonode *sum = gocheck_new(s, OP_ADDSTR, n->pos, n->type), *const sides[] = {n->x, n->y};

    for (int k = 0; k < 2; k++) {
        if (sides[k]->op != OP_ADDSTR)
            GOMEM_ADD(&s->mem, &sum->list, sides[k]);
        for (uint32_t i = 0; sides[k]->op == OP_ADDSTR && i < sides[k]->list.n; i++)
            GOMEM_ADD(&s->mem, &sum->list, sides[k]->list.at[i]);
    }
    return sum;
}

/* Makes the types of both operands one, where one of them has no type yet. */
static void match(struct gosrc *s, const struct gosyn *syn, struct gonode *x, struct gonode *y)
{
    const bool free_x = gotype_is_untyped(x->type), free_y = gotype_is_untyped(y->type);

    if (syn->tok == TOK_SHL || syn->tok == TOK_SHR) {
        if (!gotype_is_numeric(s, x->type) || !gotype_is_numeric(s, y->type))
            gosrc_broken(s, syn->pos, "invalid operation: a shift needs integers");
        if (free_y)
            gocheck_set_untyped(s, y, s->basic[GO_UINT]);
        if (free_x && y->value.kind == GO_NOCONST)
            gocheck_set_untyped(s, x, s->basic[GO_INT]);
    } else if (free_x != free_y) {
        struct gonode *const n = free_x ? x : y;
        struct gotype *const t = free_x ? y->type : x->type;

        if (!untyped_fits(s, n, t))
            gosrc_broken(s, syn->pos, "invalid operation: mismatched types %s and %s",
                gotype_print(s, x->type), gotype_print(s, y->type));
        gocheck_set_untyped(s, n, n->type->kind != GO_NIL && gotype_is_interface(s, t) ?
            gotype_default(s, n->type) : t);
    } else if (free_x && x->type->kind != y->type->kind) {
        if (!gotype_is_numeric(s, x->type) || !gotype_is_numeric(s, y->type))
            gosrc_broken(s, syn->pos, "invalid operation: mismatched types %s and %s",
                gotype_print(s, x->type), gotype_print(s, y->type));
        if (x->value.kind != GO_NOCONST && y->value.kind != GO_NOCONST)
            x->type = y->type = x->type->kind > y->type->kind ? x->type : y->type;
    }
}

/* Refuses operands that do not go together. */
static void check_operands(struct gosrc *s, const struct gosyn *syn, const struct gonode *x,
    const struct gonode *y)
{
    const int binding = golex_precedence(syn->tok);
    bool fits;

    if (syn->tok == TOK_SHL || syn->tok == TOK_SHR)
        return;
    if (binding == 3)
        fits = assignable(s, x, y->type) || assignable(s, y, x->type);
    else if (!gotype_identical(s, x->type, y->type))
        fits = false;
    else if (binding < 3)
        fits = gotype_is_boolean(s, x->type);
    else
        fits = gotype_is_numeric(s, x->type) ||
            (syn->tok == TOK_ADD && gotype_is_string(s, x->type));
    if (x->type->kind == GO_NIL && y->type->kind == GO_NIL)
        fits = false;
    if (!fits)
        gosrc_broken(s, syn->pos, "invalid operation: %s %s %s (mismatched types %s and %s)",
            goprint_node(s, x), golex_name(syn->tok), goprint_node(s, y), gotype_print(s, x->type),
            gotype_print(s, y->type));
}

static struct gonode *binary(struct gosrc *s, const struct gosyn *syn)
{
    const bool comparison = golex_precedence(syn->tok) == 3;
    struct gonode *x, *y, *n;

    s->at = syn->pos;
    x = gocheck_value(s, syn->x);
    y = gocheck_value(s, syn->y);
    match(s, syn, x, y);
    if (x->value.kind != GO_NOCONST && y->value.kind != GO_NOCONST)
        return gocheck_constant(s, syn, comparison ? s->basic[GO_UBOOL] : x->type,
            goconst_binary(s, syn->pos, syn->tok, x->value, y->value,
                gotype_is_integer(s, x->type)));
    check_operands(s, syn, x, y);
    if (comparison) {
        gocheck_set_untyped(s, x, gotype_default(s, x->type));
        gocheck_set_untyped(s, y, gotype_default(s, y->type));
    }
    n = gocheck_new(s, OP_BINARY, syn->pos, comparison ? s->basic[GO_UBOOL] : x->type);
    n->tok = syn->tok;
    n->x = x;
    n->y = y;
    if (comparison && gotype_is_interface(s, x->type) && gotype_is_interface(s, y->type) &&
        !gotype_identical(s, x->type, y->type)) {
        n->x = gocheck_new(s, OP_CONVIFACE, s->at, y->type);
        n->x->x = x;
    }
    return syn->tok == TOK_ADD && gotype_is_string(s, n->type) ? addition(s, n) : n;
}

static struct gonode *assertion(struct gosrc *s, const struct gosyn *syn)
{
    struct gonode *n = gocheck_new(s, OP_DOTTYPE, syn->pos, NULL);

    n->x = gocheck_value(s, syn->x);
    if (!gotype_is_interface(s, n->x->type))
        gosrc_broken(s, syn->pos, "invalid operation: %s is not an interface",
            goprint_node(s, n->x));
    n->type = godecl_type(s, syn->y);
    if (!gotype_is_interface(s, n->type) &&
        goscope_missing(s, n->type, gotype_under(s, n->x->type)) != NULL)
        gosrc_broken(s, syn->pos, "impossible type assertion: %s does not implement %s",
            gotype_print(s, n->type), gotype_print(s, n->x->type));
    return n;
}

/* Not a name, a literal, or an operator. */
static struct gonode *other(struct gosrc *s, const struct gosyn *syn)
{
    if (godecl_is_type(s, syn))
        return gocheck_new(s, OP_TYPE, syn->pos, godecl_type(s, syn));
    s->at = syn->pos;
    switch (syn->op) {
    case SYN_COMPOSITE:
        if (syn->x == NULL)
            gosrc_broken(s, syn->pos, "invalid composite literal: missing type");
        return gocheck_composite(s, syn, godecl_type(s, syn->x));
    case SYN_FUNCLIT:
        return gocheck_closure(s, syn);
    case SYN_ASSERT:
        return assertion(s, syn);
    case SYN_CALL:
        return gocheck_call(s, syn);
    case SYN_INDEX:
        return index_node(s, syn);
    case SYN_SELECTOR:
        return gocheck_selector(s, syn);
    case SYN_SLICE:
        return slice_node(s, syn);
    case SYN_STAR:
        return star(s, syn);
    case SYN_TYPESWITCH:
        gosrc_broken(s, syn->pos, "use of .(type) outside type switch");
    default:
        gosrc_broken(s, syn->pos, "this is not an expression");
    }
}

struct gonode *gocheck_expr(struct gosrc *s, const struct gosyn *syn)
{
    const struct flow_pos at = s->at;
    struct gonode *n;

    while (syn->op == SYN_PAREN)
        syn = syn->x;
    gosrc_enter(s, syn->pos);
    gosrc_work(s, 1);
    switch (syn->op) {
    case SYN_NAME:
        n = name(s, syn);
        break;
    case SYN_LITERAL:
        n = literal(s, syn);
        break;
    case SYN_UNARY:
        n = unary(s, syn);
        break;
    case SYN_BINARY:
        n = binary(s, syn);
        break;
    default:
        n = other(s, syn);
        break;
    }
    if (n->op == OP_LITERAL)
        s->at = at;             /* constants are folded before positions are taken */
    gosrc_leave(s);
    return n;
}
