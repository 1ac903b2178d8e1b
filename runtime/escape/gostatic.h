/*
 * gostatic.h - which function a call really calls.
 *
 * Go: StaticValue in cmd/compile/internal/ir/expr.go; devirtualize/devirtualize.go.
 */
#ifndef GORT_GOSTATIC_H
#define GORT_GOSTATIC_H

#include "gosrc.h"

/* Calls fn(s, n, arg) for n and all that is in it, until one is true. Closures' bodies are
   not entered. */
typedef bool gostatic_visit(struct gosrc *s, struct gonode *n, void *arg);
bool gostatic_any(struct gosrc *s, struct gonode *n, gostatic_visit *fn, void *arg);
bool gostatic_any_of(struct gosrc *s, const struct gonodes *list, gostatic_visit *fn, void *arg);

/* What n is, seen through local variables that are assigned once. */
struct gonode *gostatic_value(struct gosrc *s, struct gonode *n);

/* Makes calls through interfaces whose concrete type is known direct calls, then fills
   f->refs with every function that f or a closure in it mentions. */
void gostatic_refs(struct gosrc *s, struct gofunc *f);

#endif
