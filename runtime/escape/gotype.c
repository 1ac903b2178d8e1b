/*
 * gotype.c - types: which are the same, how large they are, how they are printed.
 *
 * Invariants:
 *   I1  a type is measured once; one that is met again while it is measured contains itself
 *   I2  comparing and printing take a bounded number of steps, however types are composed
 *
 * Refused: making identical types one object. They are compared rarely, and a table of all
 * types would need a hash of each.
 *
 * Go: CalcSize in cmd/compile/internal/types/size.go; identical in identity.go; tconv2 in
 * fmt.go; IsDirectIface and HasPointers in type.go. Module 37.
 */
#include "gotype.h"

#include <string.h>

struct gotype *gotype_under(struct gosrc *s, struct gotype *t)
{
    for (int i = 0; t != NULL && t->kind == GO_NAMED; i++) {
        if (t->under == NULL || i > GO_DEPTH)
            gosrc_broken(s, s->at, "invalid recursive type %s", t->name);
        t = t->under;
    }
    return t;
}

struct gotype *gotype_new(struct gosrc *s, enum gokind kind, struct gotype *elem)
{
    struct gotype *t = gomem_get(&s->mem, sizeof *t);

    t->kind = kind;
    t->elem = elem;
    return t;
}

static bool same_fields(struct gosrc *s, const struct gofields *a, const struct gofields *b,
    bool names)
{
    if (a->n != b->n)
        return false;
    for (uint32_t i = 0; i < a->n; i++) {
        if (names && (strcmp(a->at[i].name, b->at[i].name) != 0 ||
            a->at[i].embedded != b->at[i].embedded))
            return false;
        if (!gotype_identical(s, a->at[i].type, b->at[i].type))
            return false;
    }
    return true;
}

static bool same_methods(struct gosrc *s, const struct gomethods *a, const struct gomethods *b)
{
    if (a->n != b->n)
        return false;
    for (uint32_t i = 0; i < a->n; i++)
        if (strcmp(a->at[i].name, b->at[i].name) != 0 ||
            !gotype_identical(s, a->at[i].sig, b->at[i].sig))
            return false;
    return true;
}

bool gotype_identical(struct gosrc *s, struct gotype *a, struct gotype *b)
{
    gosrc_work(s, 1);
    if (a == b)
        return true;
    if (a == NULL || b == NULL || a->kind != b->kind)
        return false;
    switch (a->kind) {
    case GO_NAMED:
        return false;
    case GO_PTR: case GO_SLICE:
        return gotype_identical(s, a->elem, b->elem);
    case GO_ARRAY:
        return a->len == b->len && gotype_identical(s, a->elem, b->elem);
    case GO_MAP:
        return gotype_identical(s, a->key, b->key) && gotype_identical(s, a->elem, b->elem);
    case GO_CHAN:
        return a->dir == b->dir && gotype_identical(s, a->elem, b->elem);
    case GO_FUNC:
        return a->dots == b->dots && same_fields(s, &a->fields, &b->fields, false) &&
            same_fields(s, &a->results, &b->results, false);
    case GO_STRUCT:
        return same_fields(s, &a->fields, &b->fields, true);
    case GO_TUPLE:
        return same_fields(s, &a->fields, &b->fields, false);
    case GO_IFACE:
        return same_methods(s, &a->methods, &b->methods);
    default:
        return true;
    }
}

/* ---- sizes ---- */

static int64_t rounded(int64_t n, int64_t align)
{
    return (n + align - 1) / align * align;
}

static void measure(struct gosrc *s, struct gotype *t);

static void measure_struct(struct gosrc *s, struct gotype *t)
{
    int64_t n = 0, align = 1;

    for (uint32_t i = 0; i < t->fields.n; i++) {
        struct gotype *f = t->fields.at[i].type;

        measure(s, f);
        n = rounded(n, f->align) + f->size;
        if (i + 1 == t->fields.n && n > 0 && f->size == 0)
            n++;                /* its address must not be that of what comes behind */
        if (n > GOTYPE_HUGE)
            n = GOTYPE_HUGE;
        if (f->align > align)
            align = f->align;
        t->pointers = t->pointers || f->pointers;
    }
    t->size = rounded(n, align);
    t->align = align;
}

static void measure_array(struct gosrc *s, struct gotype *t)
{
    const int64_t len = t->len < 0 ? 0 : t->len;

    measure(s, t->elem);
    t->align = t->elem->align;
    t->pointers = t->elem->pointers && len > 0;
    if (t->elem->size > 0 && len > GOTYPE_HUGE / t->elem->size)
        t->size = GOTYPE_HUGE;
    else
        t->size = t->elem->size * len;
}

static void measure_basic(struct gotype *t)
{
    static const unsigned char sizes[] = {
        [GO_BOOL] = 1, [GO_INT8] = 1, [GO_UINT8] = 1, [GO_INT16] = 2, [GO_UINT16] = 2,
        [GO_INT32] = 4, [GO_UINT32] = 4, [GO_FLOAT32] = 4, [GO_STRING] = 16,
        [GO_COMPLEX128] = 16, [GO_UBOOL] = 1, [GO_USTRING] = 16, [GO_SLICE] = 24,
        [GO_IFACE] = 16, [GO_TUPLE] = 0,
    };

    t->size = sizes[t->kind] == 0 ? 8 : sizes[t->kind];
    t->align = t->kind == GO_COMPLEX64 ? 4 : t->size > 8 ? 8 : t->size;
    switch (t->kind) {
    case GO_STRING: case GO_USTRING: case GO_UNSAFE: case GO_NIL: case GO_PTR: case GO_SLICE:
    case GO_MAP: case GO_CHAN: case GO_FUNC: case GO_IFACE:
        t->pointers = true;
        break;
    default:
        break;
    }
}

static void measure(struct gosrc *s, struct gotype *t)
{
    if (t->measured)
        return;
    if (t->measuring)
        gosrc_broken(s, s->at, "invalid recursive type %s", gotype_print(s, t));
    t->measuring = true;
    if (t->kind == GO_NAMED) {
        struct gotype *u = gotype_under(s, t);

        measure(s, u);
        t->size = u->size;
        t->align = u->align;
        t->pointers = u->pointers;
    } else if (t->kind == GO_STRUCT || t->kind == GO_TUPLE) {
        measure_struct(s, t);
    } else if (t->kind == GO_ARRAY) {
        measure_array(s, t);
    } else {
        measure_basic(t);
    }
    t->measuring = false;
    t->measured = true;
}

int64_t gotype_size(struct gosrc *s, struct gotype *t)
{
    measure(s, t);
    return t->size;
}

bool gotype_pointers(struct gosrc *s, struct gotype *t)
{
    measure(s, t);
    return t->pointers;
}

bool gotype_direct(struct gosrc *s, struct gotype *t)
{
    measure(s, t);
    for (;;) {
        t = gotype_under(s, t);
        switch (t->kind) {
        case GO_PTR: case GO_CHAN: case GO_MAP: case GO_FUNC: case GO_UNSAFE:
            return true;
        case GO_ARRAY:
            if (t->len != 1)
                return false;
            t = t->elem;
            break;
        case GO_STRUCT:
            if (t->fields.n != 1)
                return false;
            t = t->fields.at[0].type;
            break;
        default:
            return false;
        }
    }
}

bool gotype_comparable(struct gosrc *s, struct gotype *t)
{
    gosrc_work(s, 1);
    measure(s, t);
    t = gotype_under(s, t);
    switch (t->kind) {
    case GO_SLICE: case GO_MAP: case GO_FUNC: case GO_TUPLE:
        return false;
    case GO_ARRAY:
        return gotype_comparable(s, t->elem);
    case GO_STRUCT:
        for (uint32_t i = 0; i < t->fields.n; i++)
            if (!gotype_comparable(s, t->fields.at[i].type))
                return false;
        return true;
    default:
        return true;
    }
}

/* ---- kinds ---- */

bool gotype_is_interface(struct gosrc *s, struct gotype *t)
{
    return gotype_under(s, t)->kind == GO_IFACE;
}

bool gotype_is_string(struct gosrc *s, struct gotype *t)
{
    t = gotype_under(s, t);
    return t->kind == GO_STRING || t->kind == GO_USTRING;
}

bool gotype_is_integer(struct gosrc *s, struct gotype *t)
{
    t = gotype_under(s, t);
    return (t->kind >= GO_INT && t->kind <= GO_UINTPTR) || t->kind == GO_UINT_ ||
        t->kind == GO_URUNE;
}

bool gotype_is_numeric(struct gosrc *s, struct gotype *t)
{
    t = gotype_under(s, t);
    return (t->kind >= GO_INT && t->kind <= GO_COMPLEX128) ||
        (t->kind >= GO_UINT_ && t->kind <= GO_UCOMPLEX);
}

bool gotype_is_boolean(struct gosrc *s, struct gotype *t)
{
    t = gotype_under(s, t);
    return t->kind == GO_BOOL || t->kind == GO_UBOOL;
}

bool gotype_is_untyped(const struct gotype *t)
{
    return t->kind >= GO_UBOOL && t->kind <= GO_NIL;
}

struct gotype *gotype_default(struct gosrc *s, struct gotype *t)
{
    switch (t->kind) {
    case GO_UBOOL:
        return s->basic[GO_BOOL];
    case GO_UINT_:
        return s->basic[GO_INT];
    case GO_URUNE:
        return s->rune_;
    case GO_UFLOAT:
        return s->basic[GO_FLOAT64];
    case GO_UCOMPLEX:
        return s->basic[GO_COMPLEX128];
    case GO_USTRING:
        return s->basic[GO_STRING];
    default:
        return t;
    }
}

void gotype_add_method(struct gosrc *s, struct gotype *t, struct gomethod m)
{
    uint32_t i;

    for (i = 0; i < t->methods.n; i++)
        if (strcmp(t->methods.at[i].name, m.name) == 0)
            return;
    GOMEM_ADD(&s->mem, &t->methods, m);
    for (i = t->methods.n - 1; t->kind == GO_IFACE && i > 0; i--) {
        if (strcmp(t->methods.at[i - 1].name, m.name) < 0)
            break;
        t->methods.at[i] = t->methods.at[i - 1];
        t->methods.at[i - 1] = m;
    }
}
