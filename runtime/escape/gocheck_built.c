/*
 * gocheck_built.c - from syntax to the typed tree: built-in functions, literals, closures.
 *
 * Invariants: those of gocheck.c, and
 *   I1  a literal's list holds its values in the order of the source; a map's keys are in
 *       list2, as many
 *
 * Refused: looking for double keys and for indices outside of an array.
 *
 * Go: builtin in cmd/compile/internal/types2/builtins.go; compLit and funcLit in
 * noder/expr.go. Module 37.
 */
#include "gocheck.h"

#include "goconst.h"
#include "godecl.h"
#include "goprint.h"
#include "goscope.h"
#include "gotype.h"

#include <string.h>

/* ---- built-in functions ---- */

/* Refuses a number of arguments outside of least..most. */
static void count(struct gosrc *s, const struct gosyn *syn, const char *name, uint32_t least,
    uint32_t most)
{
    if (syn->list.n < least)
        gosrc_broken(s, syn->pos, "not enough arguments for %s()", name);
    if (syn->list.n > most || (syn->dots && strcmp(name, "append") != 0))
        gosrc_broken(s, syn->pos, "too many arguments for %s()", name);
}

static struct gonode *new_call(struct gosrc *s, const struct gosyn *syn)
{
    struct gotype *t = godecl_type(s, syn->list.at[0]);
    struct gonode *n = gocheck_new(s, OP_NEW, syn->pos, gotype_new(s, GO_PTR, t));

    n->x = gocheck_new(s, OP_TYPE, syn->pos, t);
    return n;
}

static struct gonode *size_argument(struct gosrc *s, const struct gosyn *syn)
{
    struct gonode *n = gocheck_value(s, syn);

    if (!gotype_is_numeric(s, n->type))
        gosrc_broken(s, syn->pos, "cannot convert %s to type int", goprint_node(s, n));
    return gocheck_default(s, n);
}

static struct gonode *make_call(struct gosrc *s, const struct gosyn *syn)
{
    struct gotype *t = godecl_type(s, syn->list.at[0]);
    const enum gokind kind = gotype_under(s, t)->kind;
    struct gonode *n;

    if (kind != GO_SLICE && kind != GO_MAP && kind != GO_CHAN)
        gosrc_broken(s, syn->pos, "invalid argument: cannot make %s", gotype_print(s, t));
    if (kind == GO_SLICE ? syn->list.n < 2 : syn->list.n > 2)
        gosrc_broken(s, syn->pos, "invalid operation: make of %s with %u arguments",
            gotype_print(s, t), syn->list.n);
    n = gocheck_new(s, kind == GO_SLICE ? OP_MAKESLICE : kind == GO_MAP ? OP_MAKEMAP :
        OP_MAKECHAN, syn->pos, t);
    if (syn->list.n > 1)
        n->x = size_argument(s, syn->list.at[1]);
    if (syn->list.n > 2)
        n->y = size_argument(s, syn->list.at[2]);
    return n;
}

static struct gonode *append_call(struct gosrc *s, const struct gosyn *syn)
{
    struct gonode *n = gocheck_new(s, OP_APPEND, syn->pos, NULL);
    struct gotype *t, *u;

    for (uint32_t i = 0; i < syn->list.n; i++)
        GOMEM_ADD(&s->mem, &n->list, gocheck_expr(s, syn->list.at[i]));
    n->dots = syn->dots;
    if (n->list.at[0]->type != NULL && n->list.at[0]->type->kind == GO_TUPLE)
        gosrc_unsupported(s, syn->pos, "append of a call with several results");
    t = gocheck_single(s, n->list.at[0])->type;
    u = gotype_under(s, t);
    if (u->kind != GO_SLICE)
        gosrc_broken(s, syn->pos, "invalid argument: %s (of type %s) is not a slice",
            goprint_node(s, n->list.at[0]), gotype_print(s, t));
    if (n->dots && n->list.n != 2)
        gosrc_broken(s, syn->pos, "can only use ... with the final argument");
    n->type = t;
    for (uint32_t i = 1; i < n->list.n; i++) {
        struct gonode *a = gocheck_single(s, n->list.at[i]);

        if (!n->dots)
            n->list.at[i] = gocheck_assign(s, a, u->elem, "argument");
        else if (gotype_is_string(s, a->type))
            gocheck_default(s, a);
        else
            n->list.at[i] = gocheck_assign(s, a, u, "argument");
    }
    return n;
}

static struct gonode *len_call(struct gosrc *s, const struct gosyn *syn, const char *name)
{
    struct gonode *n = gocheck_new(s, OP_LEN, syn->pos, s->basic[GO_INT]);
    struct gotype *u;

    n->text = name;
    n->x = gocheck_default(s, gocheck_value(s, syn->list.at[0]));
    u = gotype_under(s, n->x->type);
    if (n->x->value.kind == GO_CSTRING)
        return gocheck_constant(s, syn, n->type, goconst_int((int64_t)n->x->value.len));
    if (u->kind == GO_PTR)
        u = gotype_under(s, u->elem);
    if (u->kind == GO_ARRAY && !gocheck_calls(n->x))
        return gocheck_constant(s, syn, n->type, goconst_int(u->len));
    if (u->kind != GO_ARRAY && u->kind != GO_SLICE && u->kind != GO_CHAN &&
        (name[0] == 'c' || (u->kind != GO_MAP && u->kind != GO_STRING)))
        gosrc_broken(s, syn->pos, "invalid argument: %s for %s", goprint_node(s, n->x), name);
    return n;
}

/* A call whose arguments are values and nothing more: copy, print, delete. */
static struct gonode *plain_call(struct gosrc *s, const struct gosyn *syn, enum gonode_op op,
    const char *name)
{
    struct gonode *n = gocheck_new(s, op, syn->pos, op == OP_COPY ? s->basic[GO_INT] : NULL);

    n->text = name;
    for (uint32_t i = 0; i < syn->list.n; i++) {
        struct gonode *a = gocheck_value(s, syn->list.at[i]);

        if (op != OP_DELETE && a->type->kind != GO_NIL)
            gocheck_default(s, a);
        GOMEM_ADD(&s->mem, &n->list, a);
    }
    return n;
}

static struct gonode *copy_call(struct gosrc *s, const struct gosyn *syn)
{
    struct gonode *n = plain_call(s, syn, OP_COPY, "copy");

    n->x = n->list.at[0];
    n->y = n->list.at[1];
    if (gotype_under(s, n->x->type)->kind != GO_SLICE ||
        (gotype_under(s, n->y->type)->kind != GO_SLICE && !gotype_is_string(s, n->y->type)))
        gosrc_broken(s, syn->pos, "invalid argument: copy expects slice arguments");
    n->list = (struct gonodes){0};
    return n;
}

static struct gonode *delete_call(struct gosrc *s, const struct gosyn *syn)
{
    struct gonode *n = plain_call(s, syn, OP_DELETE, "delete");
    struct gotype *u = gotype_under(s, n->list.at[0]->type);

    if (u->kind != GO_MAP)
        gosrc_broken(s, syn->pos, "invalid argument: %s is not a map",
            goprint_node(s, n->list.at[0]));
    n->list.at[1] = gocheck_assign(s, n->list.at[1], u->key, "argument to delete");
    return n;
}

static struct gonode *close_call(struct gosrc *s, const struct gosyn *syn)
{
    struct gonode *n = gocheck_new(s, OP_CLOSE, syn->pos, NULL);

    n->x = gocheck_value(s, syn->list.at[0]);
    if (gotype_under(s, n->x->type)->kind != GO_CHAN)
        gosrc_broken(s, syn->pos, "invalid operation: cannot close non-channel %s",
            goprint_node(s, n->x));
    return n;
}

static struct gonode *panic_call(struct gosrc *s, const struct gosyn *syn)
{
    struct gonode *n = gocheck_new(s, OP_PANIC, syn->pos, NULL);

    n->x = gocheck_assign(s, gocheck_value(s, syn->list.at[0]), s->any, "argument to panic");
    return n;
}

struct gonode *gocheck_builtin(struct gosrc *s, const struct gosyn *syn, const char *name)
{
    static const struct {
        const char *name;
        uint32_t least, most;
    } counts[] = {{"append", 1, ~0u}, {"cap", 1, 1}, {"close", 1, 1}, {"copy", 2, 2},
        {"delete", 2, 2}, {"len", 1, 1}, {"make", 1, 3}, {"new", 1, 1}, {"panic", 1, 1},
        {"print", 0, ~0u}, {"println", 0, ~0u}, {"recover", 0, 0}};

    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++)
        if (strcmp(counts[i].name, name) == 0)
            count(s, syn, name, counts[i].least, counts[i].most);
    if (strcmp(name, "new") == 0)
        return new_call(s, syn);
    if (strcmp(name, "make") == 0)
        return make_call(s, syn);
    if (strcmp(name, "append") == 0)
        return append_call(s, syn);
    if (strcmp(name, "len") == 0 || strcmp(name, "cap") == 0)
        return len_call(s, syn, name);
    if (strcmp(name, "copy") == 0)
        return copy_call(s, syn);
    if (strcmp(name, "delete") == 0)
        return delete_call(s, syn);
    if (strcmp(name, "close") == 0)
        return close_call(s, syn);
    if (strcmp(name, "panic") == 0)
        return panic_call(s, syn);
    if (strcmp(name, "print") == 0 || strcmp(name, "println") == 0)
        return plain_call(s, syn, OP_PRINT, name);
    if (strcmp(name, "recover") == 0)
        return gocheck_new(s, OP_RECOVER, syn->pos, s->any);
    gosrc_unsupported(s, syn->pos, "the built-in function %s", name);
}

/* ---- composite literals ---- */

/* One element, whose type may be left out when it is a literal itself. */
static struct gonode *element(struct gosrc *s, const struct gosyn *e, struct gotype *t)
{
    struct gotype *u;
    struct gonode *n;

    if (e->op != SYN_COMPOSITE || e->x != NULL)
        return gocheck_value(s, e);
    if (t == NULL)
        gosrc_broken(s, e->pos, "invalid composite literal: missing type");
    u = gotype_under(s, t);
    if (u->kind != GO_PTR)
        return gocheck_composite(s, e, t);
    n = gocheck_new(s, OP_PTRLIT, e->pos, t);
    n->x = gocheck_composite(s, e, u->elem);
    return n;
}

/* The length of [...]T{...}. */
static int64_t counted(struct gosrc *s, const struct gosyn *syn)
{
    int64_t next = 0, most = 0;

    for (uint32_t i = 0; i < syn->list.n; i++) {
        const struct gosyn *e = syn->list.at[i];

        if (e->op == SYN_KEYED && (!goconst_whole(gocheck_value(s, e->x)->value, &next) ||
            next < 0 || next > INT32_MAX))
            gosrc_broken(s, e->pos, "index must be a non-negative integer constant");
        next++;
        if (next > most)
            most = next;
    }
    return most;
}

/* The type of the i-th element. */
static struct gotype *element_type(struct gosrc *s, const struct gosyn *e, struct gotype *u,
    uint32_t i)
{
    if (u->kind != GO_STRUCT)
        return u->elem;
    if (e->op == SYN_KEYED)
        for (i = 0; i < u->fields.n; i++)
            if (e->x->op == SYN_NAME && strcmp(u->fields.at[i].name, e->x->text) == 0)
                break;
    if (i >= u->fields.n)
        gosrc_broken(s, e->pos, "unknown field or too many values in struct literal");
    return u->fields.at[i].type;
}

struct gonode *gocheck_composite(struct gosrc *s, const struct gosyn *syn, struct gotype *t)
{
    struct gotype *u = gotype_under(s, t);
    struct gonode *n = gocheck_new(s, u->kind == GO_STRUCT ? OP_STRUCTLIT : u->kind == GO_ARRAY ?
        OP_ARRAYLIT : u->kind == GO_SLICE ? OP_SLICELIT : OP_MAPLIT, syn->pos, t);
    struct flow_pos at;

    if (n->op == OP_MAPLIT && u->kind != GO_MAP)
        gosrc_broken(s, syn->pos, "invalid composite literal type %s", gotype_print(s, t));
    gosrc_enter(s, syn->pos);
    if (u->kind == GO_ARRAY && u->len < 0) {
        n->type = gotype_new(s, GO_ARRAY, u->elem);
        n->type->len = counted(s, syn);
    }
    for (uint32_t i = 0; i < syn->list.n; i++) {
        const struct gosyn *e = syn->list.at[i];
        const struct gosyn *v = e->op == SYN_KEYED ? e->y : e;

        if (u->kind == GO_MAP && e->op != SYN_KEYED)
            gosrc_broken(s, e->pos, "missing key in map literal");
        if (u->kind == GO_MAP)
            GOMEM_ADD(&s->mem, &n->list2, element(s, e->x, u->key));
        else if (e->op == SYN_KEYED && u->kind != GO_STRUCT)
            gocheck_value(s, e->x);
        GOMEM_ADD(&s->mem, &n->list, element(s, v, element_type(s, e, u, i)));
    }
    at = s->at;
    for (uint32_t i = 0; i < n->list.n; i++) {
        const struct gosyn *e = syn->list.at[i];

        s->at = e->pos;
        if (e->op != SYN_KEYED)
            gocheck_set_at(s, n->list.at[i]);
        if (u->kind == GO_MAP)
            n->list2.at[i] = gocheck_assign(s, n->list2.at[i], u->key, "map literal");
        n->list.at[i] = gocheck_assign(s, n->list.at[i], element_type(s, e, u, i), "literal");
    }
    s->at = at;
    gosrc_leave(s);
    return n;
}

/* ---- closures ---- */

void gocheck_params(struct gosrc *s, struct gofunc *f)
{
    for (uint32_t i = 0; i < f->type->fields.n; i++) {
        const struct gofield *p = &f->type->fields.at[i];
        struct goobj *o = NULL;

        if (p->name != NULL && strcmp(p->name, "_") != 0)
            o = gocheck_var(s, GO_PARAM, p->name, p->type, p->pos);
        GOMEM_ADD(&s->mem, &f->params, o);
    }
    for (uint32_t i = 0; i < f->type->results.n; i++) {
        const struct gofield *r = &f->type->results.at[i];
        const bool blank = r->name != NULL && strcmp(r->name, "_") == 0;

        GOMEM_ADD(&s->mem, &f->results, gocheck_var(s, GO_RESULT, r->name != NULL && !blank ?
            r->name : gomem_format(&s->mem, blank ? "~b%u" : "~r%u", i), r->type, r->pos));
    }
}

struct gonode *gocheck_closure(struct gosrc *s, const struct gosyn *syn)
{
    struct gofunc *f = gomem_get(&s->mem, sizeof *f), *const outer = s->fn;
    struct gonode *n;

    f->outer = outer;
    f->pos = syn->pos;
    f->sig = syn->x;
    f->type = godecl_signature(s, syn->x);
    n = gocheck_new(s, OP_CLOSURE, syn->pos, f->type);
    n->fn = f;
    if (outer == NULL) {
        f->name = "glob..func";
        return n;
    }
    f->name = gomem_format(&s->mem, outer->outer != NULL ? "%s.%u" : "%s.func%u", outer->name,
        ++outer->nclosures);
    s->fn = f;
    gocheck_params(s, f);
    gocheck_body(s, f, syn->y);
    s->fn = outer;
    return n;
}
