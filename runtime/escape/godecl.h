/*
 * godecl.h - declarations: types from their syntax, and the names of a package.
 *
 * Go: cmd/compile/internal/types2/decl.go and typexpr.go.
 */
#ifndef GORT_GODECL_H
#define GORT_GODECL_H

#include "gosrc.h"

/* The type that an expression of the syntax stands for. */
struct gotype *godecl_type(struct gosrc *s, const struct gosyn *n);

/* A signature's type. */
struct gotype *godecl_signature(struct gosrc *s, const struct gosyn *n);

/* Whether an expression stands for a type, by its names. */
bool godecl_is_type(const struct gosrc *s, const struct gosyn *n);

/* Finishes a name of the package that is used for the first time. */
void godecl_resolve(struct gosrc *s, struct goobj *o);

/* A type declared inside of a function. */
void godecl_local_type(struct gosrc *s, const struct gosyn *n);

/* All of s->decls: names, types, signatures, methods. Fills s->funcs. What is outside of
   the subset is said, and left out; what is wrong is said and counted. */
void godecl_package(struct gosrc *s);

/* Says that a function, or lines of the package, are left out, and why. */
void godecl_left_out(struct gosrc *s, const struct gosyn *d, const char *name);

#endif
