/*
 * gotypename.c - types as the compiler prints them.
 *
 * Invariants:
 *   I1  a name is at most a few times GOMEM_TEXT long, whatever the type
 *
 * Refused: package names. There is one package, and the compiler leaves its name out in
 * what it says about escapes.
 *
 * Go: tconv2 and fldconv in cmd/compile/internal/types/fmt.go. Module 37.
 */
#include "gotype.h"

/* A list of fields, each behind `between` but the first. */
static const char *fields(struct gosrc *s, const struct gofields *f, const char *between, bool dots,
    bool names)
{
    const char *text = "";

    for (uint32_t i = 0; i < f->n; i++) {
        struct gotype *t = f->at[i].type;
        const bool last = dots && i + 1 == f->n;
        const char *name = f->at[i].name;

        if (name == NULL || *name == '\0' || (!names && f->at[i].embedded))
            name = "";
        text = gomem_format(&s->mem, "%s%s%s%s%s%s", text, i > 0 ? between : "", name,
            *name != '\0' ? " " : "", last ? "..." : "", gotype_print(s, last ? t->elem : t));
    }
    return text;
}

static const char *signature(struct gosrc *s, const struct gotype *t)
{
    const char *text = gomem_format(&s->mem, "(%s)", fields(s, &t->fields, ", ", t->dots, true));

    if (t->results.n == 0)
        return text;
    if (t->results.n == 1 && t->results.at[0].name == NULL)
        return gomem_format(&s->mem, "%s %s", text, gotype_print(s, t->results.at[0].type));
    return gomem_format(&s->mem, "%s (%s)", text, fields(s, &t->results, ", ", false, true));
}

static const char *interface(struct gosrc *s, const struct gotype *t)
{
    const char *text = "";

    if (t->methods.n == 0)
        return "interface {}";
    for (uint32_t i = 0; i < t->methods.n; i++)
        text = gomem_format(&s->mem, "%s%s%s%s", text, i > 0 ? "; " : "", t->methods.at[i].name,
            signature(s, t->methods.at[i].sig));
    return gomem_format(&s->mem, "interface { %s }", text);
}

static const char *channel(struct gosrc *s, const struct gotype *t)
{
    const bool nested = t->dir != 1 && t->elem->name == NULL && t->elem->kind == GO_CHAN &&
        t->elem->dir == 2;

    return gomem_format(&s->mem, "%s %s%s%s", t->dir == 1 ? "chan<-" : t->dir == 2 ? "<-chan" :
        "chan", nested ? "(" : "", gotype_print(s, t->elem), nested ? ")" : "");
}

const char *gotype_print(struct gosrc *s, struct gotype *t)
{
    gosrc_work(s, 1);
    if (t == NULL)
        return "no value";
    if (t->name != NULL)
        return t->name;
    switch (t->kind) {
    case GO_PTR:
        return gomem_format(&s->mem, "*%s", gotype_print(s, t->elem));
    case GO_SLICE:
        return gomem_format(&s->mem, "[]%s", gotype_print(s, t->elem));
    case GO_ARRAY:
        return gomem_format(&s->mem, "[%lld]%s", (long long)t->len, gotype_print(s, t->elem));
    case GO_MAP:
        return gomem_format(&s->mem, "map[%s]%s", gotype_print(s, t->key),
            gotype_print(s, t->elem));
    case GO_CHAN:
        return channel(s, t);
    case GO_FUNC:
        return gomem_format(&s->mem, "func%s", signature(s, t));
    case GO_IFACE:
        return interface(s, t);
    case GO_STRUCT:
        if (t->fields.n == 0)
            return "struct {}";
        return gomem_format(&s->mem, "struct { %s }", fields(s, &t->fields, "; ", false, false));
    case GO_TUPLE:
        return gomem_format(&s->mem, "(%s)", fields(s, &t->fields, ", ", false, true));
    default:
        return "?";
    }
}
