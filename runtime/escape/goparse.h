/*
 * goparse.h - the syntax tree of a source file.
 *
 * Go: cmd/compile/internal/syntax/parser.go.
 */
#ifndef GORT_GOPARSE_H
#define GORT_GOPARSE_H

#include "gosrc.h"

/* Fills src->imports and src->decls. Gives up at the first thing that is not Go. A
   declaration with type parameters is kept by name only. */
void goparse_file(struct gosrc *src);

/* ---- between the rooms of the parser ---- */

struct goparse {
    struct golex lex;
    struct gosrc *src;
    int nest;                   /* below 0 in the head of a statement: no `T{` there */
    uint32_t level;             /* how deep the parser stands */
};

/* The binding of `(` and `)` is the caller's: it took them, or will. */
struct gosyn *goparse_expr(struct goparse *p);
struct gosyn *goparse_exprs(struct goparse *p);
struct gosyn *goparse_type(struct goparse *p);
struct gosyn *goparse_type_or_none(struct goparse *p);
struct gosyn *goparse_signature(struct goparse *p, struct flow_pos pos);
void goparse_params(struct goparse *p, struct gosyns *list);
struct gosyn *goparse_block(struct goparse *p);

struct gosyn *goparse_new(struct goparse *p, enum gosyn_op op, struct flow_pos pos);
struct gosyn *goparse_name(struct goparse *p);
bool goparse_is(const struct goparse *p, enum gotok tok);
bool goparse_got(struct goparse *p, enum gotok tok);
void goparse_want(struct goparse *p, enum gotok tok);
_Noreturn void goparse_error(struct goparse *p, const char *expected);
void goparse_enter(struct goparse *p);

/* Counts the levels below n, whose parts are complete. */
struct gosyn *goparse_done(struct goparse *p, struct gosyn *n);

#endif
