/*
 * goconst.h - constants: what literals say, and what operators make of them.
 *
 * Integers are kept in 128 bits and floats as doubles; a source that needs more is refused.
 *
 * Go: go/constant/value.go.
 */
#ifndef GORT_GOCONST_H
#define GORT_GOCONST_H

#include "gosrc.h"

/* The value of a literal. */
struct goconst goconst_literal(struct gosrc *s, const struct gosyn *lit);

struct goconst goconst_bool(bool b);
struct goconst goconst_int(int64_t i);

/* a OP b; both are constants. Gives up on kinds that do not fit and on overflow. */
struct goconst goconst_binary(struct gosrc *s, struct flow_pos pos, enum gotok op,
    struct goconst a, struct goconst b, bool integer);

/* OP a, in a type whose kind matters to ^. */
struct goconst goconst_unary(struct gosrc *s, struct flow_pos pos, enum gotok op, struct goconst a,
    enum gokind kind);

/* Whether a is an integer, also one written as a float; then *i is it. */
bool goconst_whole(struct goconst a, int64_t *i);

/* Whether two constants are the same value. */
bool goconst_same(struct goconst a, struct goconst b);

#endif
