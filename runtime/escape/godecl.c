/*
 * godecl.c - declarations: types from their syntax, and the names of a package.
 *
 * Invariants:
 *   I1  a name is resolved once, when it is first used; one that is met again while it is
 *       resolved is defined by itself, which only a type may be
 *   I2  a name that could not be resolved is unusable, and says why to whoever uses it
 *
 * Refused: resolving in the order of the source. Go has none at package level.
 *
 * Go: objDecl, typeDecl and collectMethods in cmd/compile/internal/types2/decl.go; typInternal
 * in typexpr.go; collectObjects in resolver.go. Module 37.
 */
#include "godecl.h"

#include "gocheck.h"
#include "goconst.h"
#include "goscope.h"
#include "gotype.h"

#include <string.h>

/* ---- types ---- */

static void add_fields(struct gosrc *s, struct gofields *out, const struct gosyns *list, bool *dots)
{
    for (uint32_t i = 0; i < list->n; i++) {
        const struct gosyn *f = list->at[i];
        struct gofield field = {.name = f->text, .type = godecl_type(s, f->x), .pos = f->pos,
            .embedded = f->op == SYN_FIELD && f->flag};

        if (f->dots && (dots == NULL || i + 1 != list->n))
            gosrc_broken(s, f->pos, "can only use ... with the last parameter");
        if (f->dots) {
            *dots = true;
            field.type = gotype_new(s, GO_SLICE, field.type);
        }
        GOMEM_ADD(&s->mem, out, field);
    }
}

struct gotype *godecl_signature(struct gosrc *s, const struct gosyn *n)
{
    struct gotype *t = gotype_new(s, GO_FUNC, NULL);

    add_fields(s, &t->fields, &n->list, &t->dots);
    add_fields(s, &t->results, &n->list2, NULL);
    return t;
}

static struct gotype *interface_type(struct gosrc *s, const struct gosyn *n)
{
    struct gotype *t = gotype_new(s, GO_IFACE, NULL);

    for (uint32_t i = 0; i < n->list.n; i++) {
        const struct gosyn *f = n->list.at[i];

        if (f->generic)
            gosrc_unsupported(s, f->pos, "a type constraint");
        if (f->flag) {
            const struct gotype *e = gotype_under(s, godecl_type(s, f->x));

            if (e->kind != GO_IFACE)
                gosrc_unsupported(s, f->pos, "a type constraint");
            for (uint32_t k = 0; k < e->methods.n; k++)
                gotype_add_method(s, t, e->methods.at[k]);
        } else {
            gotype_add_method(s, t, (struct gomethod){.name = f->text,
                .sig = godecl_signature(s, f->x)});
        }
    }
    return t;
}

static struct gotype *array_type(struct gosrc *s, const struct gosyn *n)
{
    struct gotype *t = gotype_new(s, GO_ARRAY, NULL);

    t->len = -1;
    if (n->x != NULL && !goconst_whole(gocheck_expr(s, n->x)->value, &t->len))
        gosrc_broken(s, n->x->pos, "array length must be a constant integer");
    if (n->x != NULL && t->len < 0)
        gosrc_broken(s, n->x->pos, "invalid array length");
    t->elem = godecl_type(s, n->y);
    return t;
}

static struct gotype *struct_type(struct gosrc *s, const struct gosyn *n)
{
    struct gotype *t = gotype_new(s, GO_STRUCT, NULL);

    add_fields(s, &t->fields, &n->list, NULL);
    return t;
}

static struct gotype *named_type(struct gosrc *s, const struct gosyn *n)
{
    struct goobj *o = goscope_find(s, n->text);

    if (o == NULL)
        gosrc_broken(s, n->pos, "undefined: %s", n->text);
    godecl_resolve(s, o);
    if (o->kind == GO_UNUSABLE)
        gosrc_unsupported(s, n->pos, "%s, which is %s", n->text, o->why);
    if (o->kind != GO_TYPE)
        gosrc_broken(s, n->pos, "%s is not a type", n->text);
    if (o->type == NULL)
        gosrc_broken(s, n->pos, "invalid recursive type %s", n->text);
    return o->type;
}

/* Whether n is unsafe.Pointer. */
static bool unsafe_pointer(const struct gosrc *s, const struct gosyn *n)
{
    const struct goobj *o;

    if (n->op != SYN_SELECTOR || n->x->op != SYN_NAME || strcmp(n->text, "Pointer") != 0)
        return false;
    o = goscope_find(s, n->x->text);
    return o != NULL && o->kind == GO_PACKAGE && strcmp(o->why, "unsafe") == 0;
}

static struct gotype *built_type(struct gosrc *s, const struct gosyn *n)
{
    struct gotype *t;

    switch (n->op) {
    case SYN_PAREN:
        return godecl_type(s, n->x);
    case SYN_NAME:
        return named_type(s, n);
    case SYN_SELECTOR:
        if (unsafe_pointer(s, n))
            return s->basic[GO_UNSAFE];
        gosrc_unsupported(s, n->pos, "the imported type %s", n->text);
    case SYN_STAR:
        return gotype_new(s, GO_PTR, godecl_type(s, n->x));
    case SYN_SLICETYPE:
        return gotype_new(s, GO_SLICE, godecl_type(s, n->y));
    case SYN_ARRAYTYPE:
        return array_type(s, n);
    case SYN_MAPTYPE:
        t = gotype_new(s, GO_MAP, godecl_type(s, n->y));
        t->key = godecl_type(s, n->x);
        return t;
    case SYN_CHANTYPE:
        t = gotype_new(s, GO_CHAN, godecl_type(s, n->y));
        t->dir = n->kind;
        return t;
    case SYN_FUNCTYPE:
        return godecl_signature(s, n);
    case SYN_STRUCTTYPE:
        return struct_type(s, n);
    case SYN_IFACETYPE:
        return interface_type(s, n);
    case SYN_INDEX:
        gosrc_unsupported(s, n->pos, "an instance of a generic type");
    default:
        gosrc_broken(s, n->pos, "this is not a type");
    }
}

struct gotype *godecl_type(struct gosrc *s, const struct gosyn *n)
{
    const struct flow_pos at = s->at;
    struct gotype *t;

    gosrc_enter(s, n->pos);
    t = built_type(s, n);
    gosrc_leave(s);
    s->at = at;
    return t;
}

bool godecl_is_type(const struct gosrc *s, const struct gosyn *n)
{
    const struct goobj *o;

    while (n->op == SYN_PAREN || n->op == SYN_STAR)
        n = n->x;
    switch (n->op) {
    case SYN_NAME:
        o = goscope_find(s, n->text);
        return o != NULL && o->kind == GO_TYPE;
    case SYN_SELECTOR:
        return unsafe_pointer(s, n);
    case SYN_ARRAYTYPE: case SYN_SLICETYPE: case SYN_MAPTYPE: case SYN_CHANTYPE:
    case SYN_FUNCTYPE: case SYN_STRUCTTYPE: case SYN_IFACETYPE:
        return true;
    default:
        return false;
    }
}

/* ---- names that are used before they are declared ---- */

static void resolve_type(struct gosrc *s, struct goobj *o, const struct gosyn *d)
{
    struct gotype *u;

    if (d->generic)
        gosrc_unsupported(s, d->pos, "generic");
    if (d->flag) {
        o->type = godecl_type(s, d->y);
        return;
    }
    u = godecl_type(s, d->y);
    for (int i = 0; u->kind == GO_NAMED && u->under != NULL && i < GO_DEPTH; i++)
        u = u->under;
    if (u == o->type)
        gosrc_broken(s, d->pos, "invalid recursive type %s", o->name);
    o->type->under = u;
}

/* The expression that gives the i-th name of d its value. */
static const struct gosyn *value_of(struct gosrc *s, const struct gosyn *d, uint32_t i)
{
    if (d->x->op != SYN_LIST)
        return d->x;
    if (i >= d->x->list.n)
        gosrc_broken(s, d->pos, "missing value for %s", d->list.at[i]->text);
    return d->x->list.at[i];
}

static void resolve_const(struct gosrc *s, struct goobj *o, const struct gosyn *d)
{
    struct goobj *const scope = s->scope;
    struct goobj *iota = goscope_bind(s, GO_CONST, "iota", d->pos);
    struct gonode *n;

    iota->type = s->basic[GO_UINT_];
    iota->value = goconst_int(d->kind);
    if (d->x->op != SYN_LIST && o->index > 0)
        gosrc_broken(s, d->pos, "missing init expr for %s", o->name);
    n = gocheck_value(s, value_of(s, d, o->index));
    if (d->y != NULL)
        n = gocheck_assign(s, n, godecl_type(s, d->y), "constant");
    s->scope = scope;
    o->type = n->type;
    o->value = n->value;
    if (n->value.kind == GO_NOCONST)
        gosrc_broken(s, d->pos, "the value of %s is not constant", o->name);
}

static void resolve_var(struct gosrc *s, struct goobj *o, const struct gosyn *d)
{
    struct gonode *n;

    if (d->y != NULL) {
        o->type = godecl_type(s, d->y);
        return;
    }
    n = gocheck_expr(s, value_of(s, d, o->index));
    if (n->type != NULL && n->type->kind == GO_TUPLE && o->index < n->type->fields.n)
        o->type = n->type->fields.at[o->index].type;
    else
        o->type = gotype_default(s, gocheck_single(s, n)->type);
}

struct resolving {
    struct goobj *o;
    const struct gosyn *d;
};

static void resolve_now(struct gosrc *s, void *arg)
{
    const struct resolving *r = arg;

    gosrc_enter(s, r->d->pos);
    if (r->o->kind == GO_TYPE)
        resolve_type(s, r->o, r->d);
    else if (r->o->kind == GO_CONST)
        resolve_const(s, r->o, r->d);
    else
        resolve_var(s, r->o, r->d);
    gosrc_leave(s);
}

/* Resolves a name of the package as the package sees it. Broken source is passed on. */
static void resolve_top(struct gosrc *s, struct goobj *o, const struct gosyn *d)
{
    struct gofunc *const fn = s->fn;
    struct goobj *const scope = s->scope;
    const struct flow_pos at = s->at;
    const uint32_t level = s->level;
    struct resolving r = {o, d};
    bool good;

    s->fn = NULL;
    s->scope = s->package;
    good = gosrc_try(s, resolve_now, &r);
    s->fn = fn;
    s->scope = scope;
    s->at = at;
    s->level = level;
    if (good)
        return;
    o->kind = GO_UNUSABLE;
    o->why = gomem_format(&s->mem, "%s (line %u)", s->fault, s->fault_at.line);
    if (s->fault_broken)
        gosrc_broken(s, s->fault_at, "%s", s->fault);
}

void godecl_resolve(struct gosrc *s, struct goobj *o)
{
    const struct gosyn *d = o->decl;

    if (o->busy && o->kind != GO_TYPE)
        gosrc_broken(s, d->pos, "%s is defined by itself", o->name);
    if (d == NULL || o->busy || (o->kind == GO_VAR && o->type != NULL))
        return;
    o->busy = true;
    resolve_top(s, o, d);
    o->busy = false;
    o->decl = NULL;
}

void godecl_local_type(struct gosrc *s, const struct gosyn *n)
{
    struct goobj *o = goscope_bind(s, GO_TYPE, n->text, n->pos);

    if (!n->flag) {
        o->type = gotype_new(s, GO_NAMED, NULL);
        o->type->name = n->text;
    }
    resolve_type(s, o, n);
    gotype_size(s, o->type);
}
