/*
 * gocheck_call.c - from syntax to the typed tree: selectors and calls.
 *
 * Invariants: those of gocheck.c, and
 *   I1  a call's list is as long as the callee's parameters ask, receiver included when
 *       `recv` is set; a variadic call's extra arguments are packed by golower
 *   I2  a callee that is itself computed by a call is kept in a temporary, as the compiler
 *       does it; that temporary is declared at loop depth 1
 *
 * Refused: wrappers for methods that are promoted and then taken as expressions. The
 * compiler makes a function for each; here their callee counts as unknown.
 *
 * Go: FixMethodCall, RewriteNonNameCall and RewriteMultiValueCall in
 * cmd/compile/internal/typecheck; Call and MethodExpr in noder/helpers.go. Module 37.
 */
#include "gocheck.h"

#include "goconst.h"
#include "godecl.h"
#include "goprint.h"
#include "goscope.h"
#include "gotype.h"

#include <string.h>

/* ---- selectors ---- */

static struct gonode *field(struct gosrc *s, struct flow_pos pos, struct gonode *x, uint32_t i)
{
    struct gotype *u = gotype_under(s, x->type);
    const bool pointer = u->kind == GO_PTR;
    struct gonode *n;

    if (pointer)
        u = gotype_under(s, u->elem);
    n = gocheck_new(s, pointer ? OP_DOTPTR : OP_DOT, pos, u->fields.at[i].type);
    n->x = x;
    n->text = u->fields.at[i].name;
    return n;
}

/* The type of a method as a function: the receiver is the first parameter. */
static struct gotype *with_receiver(struct gosrc *s, const struct gotype *sig, struct gotype *recv)
{
    struct gotype *t = gotype_new(s, GO_FUNC, NULL);
    const struct gofield first = {.type = recv};

    t->dots = sig->dots;
    t->results = sig->results;
    GOMEM_ADD(&s->mem, &t->fields, first);
    for (uint32_t i = 0; i < sig->fields.n; i++)
        GOMEM_ADD(&s->mem, &t->fields, sig->fields.at[i]);
    return t;
}

/* T.M */
static struct gonode *method_expression(struct gosrc *s, const struct gosyn *syn)
{
    struct gotype *t = godecl_type(s, syn->x);
    struct gonode *n = gocheck_new(s, OP_METHODEXPR, syn->pos, NULL);
    struct goselection sel;

    if (!goscope_select(s, t, syn->text, &sel) || sel.method == NULL)
        gosrc_broken(s, syn->pos, "%s has no method %s", gotype_print(s, t), syn->text);
    n->x = gocheck_new(s, OP_TYPE, syn->pos, t);
    n->text = syn->text;
    n->type = with_receiver(s, sel.method->sig, t);
    if (sel.n == 0 && !sel.interface && sel.method->pointer == (t->kind == GO_PTR))
        n->fn = sel.method->fn;
    return n;
}

/* x.M, with what it takes to make x the receiver. */
static struct gonode *method(struct gosrc *s, struct flow_pos pos, struct gonode *x,
    const struct gomethod *m)
{
    struct gonode *n = gocheck_new(s, OP_METHODVALUE, pos, m->sig), *recv;
    const bool pointer = x->type->kind == GO_PTR;

    n->text = m->name;
    n->iface = gotype_is_interface(s, x->type);
    if (!n->iface && pointer != m->pointer) {
        recv = gocheck_new(s, pointer ? OP_DEREF : OP_ADDR, pos,
            pointer ? x->type->elem : gotype_new(s, GO_PTR, x->type));
        recv->x = x;
        recv->implicit = true;
        x = recv;
    }
    n->x = x;
    n->fn = n->iface ? NULL : m->fn;
    if (!n->iface && (m->fn == NULL || m->fn->type == NULL))
        gosrc_unsupported(s, pos, "the method %s, which is left out", m->name);
    return n;
}

struct gonode *gocheck_member(struct gosrc *s, struct flow_pos pos, struct gonode *x,
    const struct goselection *sel)
{
    for (uint32_t i = 0; i < sel->n; i++) {
        x = field(s, pos, x, sel->path[i]);
        x->implicit = true;
    }
    if (sel->field != NULL)
        return field(s, pos, x, sel->path[sel->n]);
    return method(s, pos, x, sel->method);
}

struct gonode *gocheck_selector(struct gosrc *s, const struct gosyn *syn)
{
    const struct goobj *o = syn->x->op == SYN_NAME ? goscope_find(s, syn->x->text) : NULL;
    struct goselection sel;
    struct gonode *x;

    if (o != NULL && o->kind == GO_PACKAGE)
        gosrc_unsupported(s, syn->pos, "the imported %s.%s", syn->x->text, syn->text);
    if (godecl_is_type(s, syn->x))
        return method_expression(s, syn);
    x = gocheck_value(s, syn->x);
    if (gotype_is_untyped(x->type))
        gocheck_default(s, x);
    if (!goscope_select(s, x->type, syn->text, &sel))
        gosrc_broken(s, syn->pos, "%s.%s undefined (type %s has no field or method %s)",
            goprint_node(s, x), syn->text, gotype_print(s, x->type), syn->text);
    return gocheck_member(s, syn->pos, x, &sel);
}

/* ---- calls ---- */

bool gocheck_calls(const struct gonode *n)
{
    if (n == NULL || n->op == OP_CLOSURE)
        return false;
    switch (n->op) {
    case OP_CALL: case OP_CALLINTER: case OP_APPEND: case OP_COPY: case OP_LEN: case OP_PANIC:
    case OP_PRINT: case OP_RECOVER: case OP_RECV: case OP_DELETE: case OP_CLOSE:
        return true;
    default:
        break;
    }
    if (gocheck_calls(n->x) || gocheck_calls(n->y) || gocheck_calls(n->z) || gocheck_calls(n->w))
        return true;
    for (uint32_t i = 0; i < n->list.n; i++)
        if (gocheck_calls(n->list.at[i]))
            return true;
    return false;
}

struct goobj *gocheck_var(struct gosrc *s, enum govar_class cls, const char *name,
    struct gotype *t, struct flow_pos pos)
{
    struct goobj *o = gomem_get(&s->mem, sizeof *o);

    o->kind = GO_VAR;
    o->cls = cls;
    o->name = name;
    o->type = t;
    o->pos = pos;
    o->fn = s->fn;
    gotype_size(s, t);
    if (s->fn != NULL)
        GOMEM_ADD(&s->mem, &s->fn->locals, o);
    return o;
}

static struct goobj *temporary(struct gosrc *s, struct gotype *t)
{
    struct goobj *o = gocheck_var(s, GO_LOCAL, ".autotmp", t, s->at);

    o->temp = true;
    return o;
}

struct gonode *gocheck_declare(struct gosrc *s, struct goobj *o)
{
    struct gonode *n = gocheck_new(s, OP_DCL, o->pos, NULL);

    n->obj = o;
    return n;
}

void gocheck_spread(struct gosrc *s, struct gonode *n, struct gonode *call, struct gonodes *out)
{
    struct gonode *as = gocheck_new(s, OP_ASSIGNCALL, s->at, NULL);

    as->y = call;
    for (uint32_t i = 0; i < call->type->fields.n; i++) {
        struct goobj *o = temporary(s, call->type->fields.at[i].type);
        struct gonode *v = gocheck_name(s, o);

        GOMEM_ADD(&s->mem, &as->init, gocheck_declare(s, o));
        GOMEM_ADD(&s->mem, &as->list, v);
        GOMEM_ADD(&s->mem, out, v);
    }
    GOMEM_ADD(&s->mem, &n->init, as);
}

static void arguments(struct gosrc *s, struct gonode *n, const struct gosyn *syn)
{
    for (uint32_t i = 0; i < syn->list.n; i++) {
        struct gonode *a = gocheck_expr(s, syn->list.at[i]);

        if (syn->list.n > 1 || syn->dots || a->type == NULL || a->type->kind != GO_TUPLE)
            gocheck_single(s, a);
        GOMEM_ADD(&s->mem, &n->list, a);
    }
    n->dots = syn->dots;
}

static struct gotype *result_type(struct gosrc *s, const struct gotype *ft)
{
    struct gotype *t;

    if (ft->results.n == 1)
        return ft->results.at[0].type;
    t = gotype_new(s, GO_TUPLE, NULL);
    t->fields = ft->results;
    return t;
}

/* Refuses a number of arguments that the parameters do not take. */
static void check_count(struct gosrc *s, const struct gonode *n, const struct gotype *ft)
{
    const uint32_t have = n->list.n, want = ft->fields.n;

    if (n->dots && !ft->dots)
        gosrc_broken(s, n->pos, "have (...) in a call of a function that is not variadic");
    if (ft->dots && !n->dots ? have + 1 < want : have < want)
        gosrc_broken(s, n->pos, "not enough arguments in call: have %u, want %u", have, want);
    if ((!ft->dots || n->dots) && have > want)
        gosrc_broken(s, n->pos, "too many arguments in call: have %u, want %u", have, want);
}

/* Gives the arguments the types of the parameters. */
static void convert_arguments(struct gosrc *s, struct gonode *n, const struct gotype *ft)
{
    const struct flow_pos at = s->at;

    check_count(s, n, ft);
    for (uint32_t i = 0; i < n->list.n; i++) {
        const bool extra = ft->dots && i + 1 >= ft->fields.n;
        struct gotype *t = ft->fields.at[extra ? ft->fields.n - 1 : i].type;

        gocheck_set_at(s, n->list.at[i]);
        n->list.at[i] = gocheck_assign(s, n->list.at[i], extra && !n->dots ? t->elem : t,
            "argument");
    }
    s->at = at;
}

void gocheck_method_call(struct gosrc *s, struct gonode *n)
{
    struct gonode *dot = n->x, *expr;
    struct gonodes list = {0};

    if (dot->op != OP_METHODVALUE)
        return;
    if (dot->iface) {
        n->op = OP_CALLINTER;
        return;
    }
    expr = gocheck_new(s, OP_METHODEXPR, dot->pos, with_receiver(s, dot->type, dot->x->type));
    expr->x = gocheck_new(s, OP_TYPE, dot->pos, dot->x->type);
    expr->text = dot->text;
    expr->fn = dot->fn;
    GOMEM_ADD(&s->mem, &list, dot->x);
    for (uint32_t i = 0; i < n->list.n; i++)
        GOMEM_ADD(&s->mem, &list, n->list.at[i]);
    n->x = expr;
    n->list = list;
    n->recv = true;
}

static struct gonode *function_call(struct gosrc *s, const struct gosyn *syn, struct gonode *fun)
{
    struct gonode *n = gocheck_new(s, OP_CALL, syn->pos, NULL), **callee = &n->x, *as;
    struct gotype *ft;
    struct goobj *o;

    gocheck_single(s, fun);
    ft = gotype_under(s, fun->type);
    if (ft->kind != GO_FUNC)
        gosrc_broken(s, syn->pos, "invalid operation: cannot call non-function %s",
            goprint_node(s, fun));
    arguments(s, n, syn);
    n->type = result_type(s, ft);
    n->x = fun;
    s->at = n->pos;
    if (fun->op == OP_METHODVALUE)
        callee = &fun->x;
    if (s->fn != NULL && gocheck_calls(*callee)) {
        o = temporary(s, (*callee)->type);
        as = gocheck_new(s, OP_ASSIGN, s->at, NULL);
        as->x = gocheck_name(s, o);
        as->y = *callee;
        o->defn = as;
        GOMEM_ADD(&s->mem, &n->init, as);
        *callee = gocheck_name(s, o);
    }
    if (n->list.n == 1 && !n->dots && n->list.at[0]->type->kind == GO_TUPLE) {
        struct gonode *inner = n->list.at[0];

        n->list = (struct gonodes){0};
        gocheck_spread(s, n, inner, &n->list);
    }
    convert_arguments(s, n, ft);
    gocheck_method_call(s, n);
    return n;
}

/* ---- conversions ---- */

/* Whether T(x) is allowed, for what changes no text. */
static bool convertible(struct gosrc *s, const struct gonode *x, struct gotype *t)
{
    struct gotype *a = gotype_under(s, x->type), *b = gotype_under(s, t);
    const bool unsafe_a = a->kind == GO_UNSAFE, unsafe_b = b->kind == GO_UNSAFE;

    if (b->kind == GO_IFACE && a->kind != GO_NIL)
        return goscope_missing(s, gotype_default(s, x->type), b) == NULL;
    if (a->kind == GO_NIL)
        return b->kind >= GO_PTR || unsafe_b;
    if (gotype_is_numeric(s, a))
        return gotype_is_numeric(s, b) || (unsafe_b && (a->kind == GO_UINTPTR ||
            x->value.kind != GO_NOCONST));
    if (unsafe_a || unsafe_b)
        return (unsafe_a && (b->kind == GO_PTR || b->kind == GO_UINTPTR || unsafe_b)) ||
            (unsafe_b && a->kind == GO_PTR);
    if (gotype_is_boolean(s, a) || gotype_is_string(s, a))
        return gotype_is_boolean(s, a) ? gotype_is_boolean(s, b) : gotype_is_string(s, b);
    if (a->kind == GO_PTR && b->kind == GO_PTR)
        return gotype_identical(s, gotype_under(s, a->elem), gotype_under(s, b->elem));
    if (a->kind == GO_SLICE && b->kind == GO_PTR)
        return gotype_under(s, b->elem)->kind == GO_ARRAY;
    if (a->kind == GO_CHAN && b->kind == GO_CHAN)
        return gotype_identical(s, a->elem, b->elem);
    return gotype_identical(s, a, b);
}

static struct gonode *conversion(struct gosrc *s, const struct gosyn *syn, struct gotype *t)
{
    struct gonode *x, *n;
    struct gotype *u;
    bool text;
    int64_t whole;

    if (syn->list.n != 1 || syn->dots)
        gosrc_broken(s, syn->pos, "a conversion takes one argument");
    x = gocheck_value(s, syn->list.at[0]);
    u = gotype_under(s, t);
    text = gotype_is_string(s, t) && gotype_is_integer(s, x->type);
    if (x->value.kind != GO_NOCONST && u->kind <= GO_STRING && !text && convertible(s, x, t)) {
        if (gotype_is_integer(s, t) && x->value.kind == GO_CFLOAT &&
            goconst_whole(x->value, &whole))
            x->value = goconst_int(whole);
        return gocheck_constant(s, syn, t, x->value);
    }
    if (gotype_is_string(s, t) && gotype_under(s, x->type)->kind == GO_SLICE)
        text = gotype_is_integer(s, gotype_under(s, x->type)->elem);
    if (u->kind == GO_SLICE && gotype_is_string(s, x->type))
        text = gotype_is_integer(s, u->elem);
    if (text) {
        n = gocheck_new(s, OP_STRCONV, syn->pos, t);
        n->x = gocheck_default(s, x);
        return n;
    }
    if (!convertible(s, x, t))
        gosrc_broken(s, syn->pos, "cannot convert %s (of type %s) to type %s",
            goprint_node(s, x), gotype_print(s, x->type), gotype_print(s, t));
    gocheck_set_untyped(s, x, x->type->kind == GO_NIL || !gotype_is_interface(s, t) ? t :
        gotype_default(s, x->type));
    n = gocheck_new(s, gotype_is_interface(s, t) ? OP_CONVIFACE : OP_CONVERT, syn->pos, t);
    n->x = x;
    return n;
}

/* unsafe.Sizeof(x), or NULL. */
static struct gonode *size_of(struct gosrc *s, const struct gosyn *syn, const struct gosyn *f)
{
    const struct goobj *o;

    if (f->op != SYN_SELECTOR || f->x->op != SYN_NAME || strcmp(f->text, "Sizeof") != 0)
        return NULL;
    o = goscope_find(s, f->x->text);
    if (o == NULL || o->kind != GO_PACKAGE || strcmp(o->why, "unsafe") != 0)
        return NULL;
    if (syn->list.n != 1)
        gosrc_broken(s, syn->pos, "unsafe.Sizeof takes one argument");
    return gocheck_constant(s, syn, s->basic[GO_UINTPTR], goconst_int(gotype_size(s,
        gocheck_default(s, gocheck_value(s, syn->list.at[0]))->type)));
}

struct gonode *gocheck_call(struct gosrc *s, const struct gosyn *syn)
{
    const struct gosyn *f = syn->x;
    const struct goobj *o;
    struct gonode *n;

    while (f->op == SYN_PAREN)
        f = f->x;
    if (godecl_is_type(s, f))
        return conversion(s, syn, godecl_type(s, f));
    o = f->op == SYN_NAME ? goscope_find(s, f->text) : NULL;
    if (o != NULL && o->kind == GO_BUILTIN)
        return gocheck_builtin(s, syn, f->text);
    n = size_of(s, syn, f);
    return n != NULL ? n : function_call(s, syn, gocheck_expr(s, f));
}
