/*
 * goself.c - assignments that move nothing: b.buf = b.buf[1:], p.x = p.y.
 *
 * Invariants:
 *   I1  what is compared has no side effect: no call, no receive
 *
 * Refused: any case the compiler does not know, however clear. A line more or less here is
 * a difference to the compiler's verdicts.
 *
 * Go: isSelfAssign, isSliceSelfAssign and mayAffectMemory in
 * cmd/compile/internal/escape/utils.go; SameSafeExpr in ir/expr.go. Module 37.
 */
#include "goself.h"

#include "goconst.h"
#include "gotype.h"

#include <string.h>

/* Whether two expressions without side effects are the same. */
static bool same(struct gosrc *s, const struct gonode *a, const struct gonode *b)
{
    while (a->op == OP_CONVERT)
        a = a->x;
    while (b->op == OP_CONVERT)
        b = b->x;
    if (a->op != b->op || !gotype_identical(s, a->type, b->type))
        return false;
    switch (a->op) {
    case OP_NAME: case OP_GLOBAL:
        return a->obj == b->obj;
    case OP_DOT: case OP_DOTPTR:
        return strcmp(a->text, b->text) == 0 && same(s, a->x, b->x);
    case OP_DEREF:
        return same(s, a->x, b->x);
    case OP_UNARY:
        return a->tok == b->tok && same(s, a->x, b->x);
    case OP_INDEX: case OP_INDEXMAP:
        return same(s, a->x, b->x) && same(s, a->y, b->y);
    case OP_BINARY:
        return golex_precedence(a->tok) >= 4 && a->tok == b->tok && same(s, a->x, b->x) &&
            same(s, a->y, b->y);
    case OP_LITERAL:
        return goconst_same(a->value, b->value);
    case OP_NIL:
        return true;
    default:
        return false;
    }
}

/* Whether evaluating n may change something, or is not known not to. */
static bool affects_memory(const struct gonode *n)
{
    switch (n->op) {
    case OP_NAME: case OP_GLOBAL: case OP_FUNC: case OP_LITERAL: case OP_NIL:
        return false;
    case OP_BINARY:
        return golex_precedence(n->tok) < 4 || affects_memory(n->x) || affects_memory(n->y);
    case OP_INDEX:
        return affects_memory(n->x) || affects_memory(n->y);
    case OP_CONVERT: case OP_LEN: case OP_UNARY: case OP_DOT: case OP_DOTPTR: case OP_DEREF:
        return affects_memory(n->x);
    default:
        return true;
    }
}

/* Whether n is *p or p.f of a variable p. */
static bool through_name(const struct gonode *n)
{
    return (n->op == OP_DEREF || n->op == OP_DOTPTR) &&
        (n->x->op == OP_NAME || n->x->op == OP_GLOBAL);
}

/* p.f = p.g[i:j] */
static bool slice_of_itself(const struct gonode *dst, const struct gonode *src)
{
    const bool slice = src->op == OP_SLICE || src->op == OP_SLICESTR ||
        (src->op == OP_SLICEARR && src->x->op != OP_ADDR);

    return slice && through_name(dst) && through_name(src->x) && src->x->x->obj == dst->x->obj;
}

bool goself_assignment(struct gosrc *s, const struct gonode *dst, const struct gonode *src)
{
    if (slice_of_itself(dst, src))
        return true;
    if (dst->op != src->op)
        return false;
    switch (dst->op) {
    case OP_DOT: case OP_DOTPTR:
        return same(s, dst->x, src->x);
    case OP_INDEX:
        return !affects_memory(dst->y) && !affects_memory(src->y) && same(s, dst->x, src->x);
    default:
        return false;
    }
}
