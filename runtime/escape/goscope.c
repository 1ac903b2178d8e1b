/*
 * goscope.c - names: where they are visible, and what a selector finds.
 *
 * A scope is a chain of names, the innermost first; a block begins with a mark in it.
 * Leaving a block is putting the old chain back.
 *
 * Invariants:
 *   I1  a chain is only ever lengthened in front, so that an older chain stays valid
 *   I2  a selector looks at most GOSCOPE_PATH - 2 embedded fields deep
 *
 * Refused: a table. Sources here have tens of names, and a chain needs no undoing.
 *
 * Go: Universe in cmd/compile/internal/types2/universe.go; lookupFieldOrMethod and
 * missingMethod in lookup.go. Module 37.
 */
#include "goscope.h"

#include "gotype.h"

#include <string.h>

void goscope_show(struct gosrc *s, struct goobj *o)
{
    o->next = s->scope;
    s->scope = o;
}

struct goobj *goscope_bind(struct gosrc *s, enum goname_kind kind, const char *name,
    struct flow_pos pos)
{
    struct goobj *o = gomem_get(&s->mem, sizeof *o);

    o->kind = kind;
    o->name = name;
    o->pos = pos;
    goscope_show(s, o);
    return o;
}

void goscope_block(struct gosrc *s)
{
    struct goobj *o = gomem_get(&s->mem, sizeof *o);

    o->mark = true;
    goscope_show(s, o);
}

struct goobj *goscope_find(const struct gosrc *s, const char *name)
{
    for (struct goobj *o = s->scope; o != NULL; o = o->next)
        if (!o->mark && strcmp(o->name, name) == 0)
            return o;
    return NULL;
}

struct goobj *goscope_here(const struct gosrc *s, const char *name)
{
    for (struct goobj *o = s->scope; o != NULL && !o->mark; o = o->next)
        if (strcmp(o->name, name) == 0)
            return o;
    return NULL;
}

/* ---- the universe ---- */

static struct gotype *basic(struct gosrc *s, enum gokind kind, const char *name)
{
    struct gotype *t = gotype_new(s, kind, NULL);

    t->name = name;
    return t;
}

static void bind_type(struct gosrc *s, const char *name, struct gotype *t)
{
    goscope_bind(s, GO_TYPE, name, (struct flow_pos){0})->type = t;
}

static void bind_bool(struct gosrc *s, const char *name, bool value)
{
    struct goobj *o = goscope_bind(s, GO_CONST, name, (struct flow_pos){0});

    o->type = s->basic[GO_UBOOL];
    o->value = (struct goconst){.kind = GO_CBOOL, .i = value};
}

/* type error interface { Error() string } */
static struct gotype *error_type(struct gosrc *s)
{
    struct gotype *t = basic(s, GO_NAMED, "error");
    struct gotype *sig = gotype_new(s, GO_FUNC, NULL);
    const struct gofield result = {.type = s->basic[GO_STRING]};

    GOMEM_ADD(&s->mem, &sig->results, result);
    t->under = gotype_new(s, GO_IFACE, NULL);
    gotype_add_method(s, t->under, (struct gomethod){.name = "Error", .sig = sig});
    return t;
}

void goscope_universe(struct gosrc *s)
{
    static const char *const names[GO_NIL + 1] = {
        [GO_BOOL] = "bool", [GO_INT] = "int", [GO_INT8] = "int8", [GO_INT16] = "int16",
        [GO_INT32] = "int32", [GO_INT64] = "int64", [GO_UINT] = "uint", [GO_UINT8] = "uint8",
        [GO_UINT16] = "uint16", [GO_UINT32] = "uint32", [GO_UINT64] = "uint64",
        [GO_UINTPTR] = "uintptr", [GO_FLOAT32] = "float32", [GO_FLOAT64] = "float64",
        [GO_COMPLEX64] = "complex64", [GO_COMPLEX128] = "complex128", [GO_STRING] = "string",
        [GO_UNSAFE] = "unsafe.Pointer", [GO_UBOOL] = "untyped bool", [GO_UINT_] = "untyped int",
        [GO_URUNE] = "untyped rune", [GO_UFLOAT] = "untyped float",
        [GO_UCOMPLEX] = "untyped complex", [GO_USTRING] = "untyped string",
        [GO_NIL] = "untyped nil",
    };
    static const char *const builtins[] = {"append", "cap", "close", "complex", "copy", "delete",
        "imag", "len", "make", "new", "panic", "print", "println", "real", "recover"};

    for (int k = GO_BOOL; k <= GO_NIL; k++) {
        s->basic[k] = basic(s, (enum gokind)k, names[k]);
        if (k <= GO_STRING)
            bind_type(s, names[k], s->basic[k]);
    }
    s->byte_ = basic(s, GO_UINT8, "byte");
    s->rune_ = basic(s, GO_INT32, "rune");
    s->any = basic(s, GO_IFACE, "any");
    s->error = error_type(s);
    bind_type(s, "byte", s->byte_);
    bind_type(s, "rune", s->rune_);
    bind_type(s, "any", s->any);
    bind_type(s, "error", s->error);
    for (size_t i = 0; i < sizeof builtins / sizeof *builtins; i++)
        goscope_bind(s, GO_BUILTIN, builtins[i], (struct flow_pos){0});
    bind_bool(s, "true", true);
    bind_bool(s, "false", false);
    goscope_bind(s, GO_NILNAME, "nil", (struct flow_pos){0});
}

/* ---- selectors ---- */

struct gomethod *goscope_method(struct gotype *t, const char *name)
{
    if (t->kind == GO_PTR)
        t = t->elem;
    for (uint32_t i = 0; t->kind == GO_NAMED && i < t->methods.n; i++)
        if (strcmp(t->methods.at[i].name, name) == 0)
            return &t->methods.at[i];
    return NULL;
}

/* What t itself has, not through embedding. */
static bool select_here(struct gosrc *s, struct gotype *t, const char *name,
    struct goselection *out)
{
    struct gotype *u = gotype_under(s, t->kind == GO_PTR ? t->elem : t);

    out->method = goscope_method(t, name);
    if (out->method != NULL)
        return true;
    if (u->kind == GO_PTR && t->kind == GO_NAMED)
        u = gotype_under(s, u->elem);
    if (u->kind == GO_STRUCT)
        for (uint32_t i = 0; i < u->fields.n; i++)
            if (strcmp(u->fields.at[i].name, name) == 0) {
                out->field = &u->fields.at[i];
                out->path[out->n] = i;
                return true;
            }
    if (u->kind == GO_IFACE && t->kind != GO_PTR)
        for (uint32_t i = 0; i < u->methods.n; i++)
            if (strcmp(u->methods.at[i].name, name) == 0) {
                out->method = &u->methods.at[i];
                out->interface = true;
                return true;
            }
    return false;
}

/* What is found exactly `depth` embedded fields deep. */
static bool select_at(struct gosrc *s, struct gotype *t, const char *name, uint32_t depth,
    struct goselection *out)
{
    struct gotype *u = gotype_under(s, t->kind == GO_PTR ? t->elem : t);

    gosrc_work(s, 1);
    if (depth == 0)
        return select_here(s, t, name, out);
    if (u->kind == GO_PTR && t->kind == GO_NAMED)
        u = gotype_under(s, u->elem);
    if (u->kind != GO_STRUCT)
        return false;
    for (uint32_t i = 0; i < u->fields.n; i++) {
        if (!u->fields.at[i].embedded)
            continue;
        out->path[out->n++] = i;
        if (select_at(s, u->fields.at[i].type, name, depth - 1, out))
            return true;
        out->n--;
    }
    return false;
}

bool goscope_select(struct gosrc *s, struct gotype *t, const char *name, struct goselection *out)
{
    for (uint32_t depth = 0; depth < GOSCOPE_PATH - 2; depth++) {
        *out = (struct goselection){0};
        if (select_at(s, t, name, depth, out))
            return true;
    }
    return false;
}

const char *goscope_missing(struct gosrc *s, struct gotype *t, struct gotype *iface)
{
    for (uint32_t i = 0; i < iface->methods.n; i++) {
        const struct gomethod *want = &iface->methods.at[i];
        struct goselection sel;
        struct gotype *at = t;
        bool reached = t->kind == GO_PTR;

        if (!goscope_select(s, t, want->name, &sel) || sel.method == NULL)
            return want->name;
        if (!gotype_identical(s, sel.method->sig, want->sig))
            return want->name;
        /* A pointer on the way makes methods with a pointer receiver part of the set. */
        for (uint32_t k = 0; k < sel.n; k++) {
            struct gotype *u = gotype_under(s, at->kind == GO_PTR ? at->elem : at);

            at = u->fields.at[sel.path[k]].type;
            reached = reached || at->kind == GO_PTR;
        }
        if (sel.method->pointer && !reached)
            return want->name;
    }
    return NULL;
}
