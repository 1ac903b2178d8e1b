/*
 * gocheck.h - from syntax to the typed tree that the compiler would analyse.
 *
 * The tree has what the compiler adds: conversions to interfaces, dereferences and
 * addresses of receivers, temporaries for calls inside of calls. Each implicit node takes
 * the position s->at, which follows the expressions as the compiler's does.
 *
 * Go: cmd/compile/internal/types2 checks; noder/irgen.go, expr.go, stmt.go, helpers.go and
 * transform.go build the tree.
 */
#ifndef GORT_GOCHECK_H
#define GORT_GOCHECK_H

#include "goscope.h"

/* Any expression: also a type, a builtin, or a call with no or many results. */
struct gonode *gocheck_expr(struct gosrc *s, const struct gosyn *n);

/* An expression that has one value; the same, of a node. */
struct gonode *gocheck_value(struct gosrc *s, const struct gosyn *n);
struct gonode *gocheck_single(struct gosrc *s, struct gonode *n);

/* n as a value of type t: gives an untyped one its type, puts a conversion in front of one
   of another type, refuses one that does not fit. `what` says where it is used. */
struct gonode *gocheck_assign(struct gosrc *s, struct gonode *n, struct gotype *t,
    const char *what);

/* Gives an untyped value the type it has by itself. */
struct gonode *gocheck_default(struct gosrc *s, struct gonode *n);

/* The statements of a block, with its parameters in scope. */
void gocheck_body(struct gosrc *s, struct gofunc *f, const struct gosyn *block);

/* Makes a function's parameters and results. Its receiver was made before. */
void gocheck_params(struct gosrc *s, struct gofunc *f);

/* ---- between the rooms of the checker ---- */

struct gonode *gocheck_new(struct gosrc *s, enum gonode_op op, struct flow_pos pos,
    struct gotype *t);
struct gonode *gocheck_constant(struct gosrc *s, const struct gosyn *n, struct gotype *t,
    struct goconst value);
void gocheck_set_untyped(struct gosrc *s, struct gonode *n, struct gotype *t);
void gocheck_set_at(struct gosrc *s, const struct gonode *n);

struct goobj *gocheck_var(struct gosrc *s, enum govar_class cls, const char *name,
    struct gotype *t, struct flow_pos pos);
struct gonode *gocheck_name(struct gosrc *s, struct goobj *o);
struct gonode *gocheck_declare(struct gosrc *s, struct goobj *o);

/* A call's results, each in a temporary, made before n runs. */
void gocheck_spread(struct gosrc *s, struct gonode *n, struct gonode *call, struct gonodes *out);

/* Whether evaluating n may call something. */
bool gocheck_calls(const struct gonode *n);

/* x.NAME, once it is known what NAME means. */
struct gonode *gocheck_member(struct gosrc *s, struct flow_pos pos, struct gonode *x,
    const struct goselection *sel);

/* A call of x.M becomes one of T.M with x as the first argument, or stays one through an
   interface. */
void gocheck_method_call(struct gosrc *s, struct gonode *n);

struct gonode *gocheck_selector(struct gosrc *s, const struct gosyn *n);
struct gonode *gocheck_call(struct gosrc *s, const struct gosyn *n);
struct gonode *gocheck_builtin(struct gosrc *s, const struct gosyn *n, const char *name);
struct gonode *gocheck_composite(struct gosrc *s, const struct gosyn *n, struct gotype *t);
struct gonode *gocheck_closure(struct gosrc *s, const struct gosyn *n);
struct gonode *gocheck_assignment(struct gosrc *s, const struct gosyn *n);
struct gonode *gocheck_declarations(struct gosrc *s, const struct gosyn *n);

#endif
