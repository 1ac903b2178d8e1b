/*
 * goscope.h - names: where they are visible, and what a selector finds.
 *
 * Go: cmd/compile/internal/types2/scope.go, universe.go and lookup.go.
 */
#ifndef GORT_GOSCOPE_H
#define GORT_GOSCOPE_H

#include "gosrc.h"

/* Makes the names that every source has: types, constants, builtins, nil. */
void goscope_universe(struct gosrc *s);

/* Makes a name visible, in front of all others of its spelling. */
struct goobj *goscope_bind(struct gosrc *s, enum goname_kind kind, const char *name,
    struct flow_pos pos);
void goscope_show(struct gosrc *s, struct goobj *o);

/* Begins a block. It ends when the caller puts the old s->scope back. */
void goscope_block(struct gosrc *s);

/* The innermost name of that spelling, or NULL; in this block only. */
struct goobj *goscope_find(const struct gosrc *s, const char *name);
struct goobj *goscope_here(const struct gosrc *s, const char *name);

/* What `.name` means on a value of type t: the way through embedded fields, then a field
   or a method. */
enum { GOSCOPE_PATH = 8 };
struct goselection {
    uint32_t path[GOSCOPE_PATH];    /* fields to go through, and at the end the field found */
    uint32_t n;                     /* how many to go through */
    struct gofield *field;
    struct gomethod *method;
    bool interface;                 /* the method is an interface's */
};

/* False when there is none. */
bool goscope_select(struct gosrc *s, struct gotype *t, const char *name, struct goselection *out);

/* The method of that name which t itself declares, or a pointer's element; or NULL. */
struct gomethod *goscope_method(struct gotype *t, const char *name);

/* The first method of the interface `iface` that t lacks, or NULL when it has them all. */
const char *goscope_missing(struct gosrc *s, struct gotype *t, struct gotype *iface);

#endif
