/*
 * goparse.c - the syntax tree: expressions, and what all of the parser needs.
 *
 * Invariants:
 *   I1  no tree and no recursion here is deeper than GO_DEPTH, so that whoever walks the
 *       tree may recurse
 *   I2  a node's position is that of its operator, as in the compiler: a call's is at `(`,
 *       a selector's at `.`, an index's at `[`, a composite literal's at `{`
 *
 * Refused: going on after an error to find more of them. A student's source has one
 * mistake at a time, and what follows the first is rarely one.
 *
 * Go: unaryExpr, pexpr, operand and complitexpr in
 * cmd/compile/internal/syntax/parser.go. Module 37.
 */
#include "goparse.h"

struct gosyn *goparse_new(struct goparse *p, enum gosyn_op op, struct flow_pos pos)
{
    struct gosyn *n = gomem_get(&p->src->mem, sizeof *n);

    n->op = op;
    n->pos = pos;
    return n;
}

bool goparse_is(const struct goparse *p, enum gotok tok)
{
    return p->lex.tok == tok;
}

bool goparse_got(struct goparse *p, enum gotok tok)
{
    if (p->lex.tok != tok)
        return false;
    golex_next(&p->lex);
    return true;
}

_Noreturn void goparse_error(struct goparse *p, const char *expected)
{
    const bool word = p->lex.tok <= TOK_IMAGINARY || p->lex.newline;

    gosrc_broken(p->src, p->lex.pos, "syntax error: unexpected %s%s%s, expected %s",
        word ? "" : "'", p->lex.text, word ? "" : "'", expected);
}

void goparse_want(struct goparse *p, enum gotok tok)
{
    if (!goparse_got(p, tok))
        goparse_error(p, golex_name(tok));
}

void goparse_enter(struct goparse *p)
{
    if (++p->level > GO_DEPTH)
        gosrc_broken(p->src, p->lex.pos, "nested more than %d levels deep", GO_DEPTH);
}

static uint32_t deepest(const struct gosyns *list, uint32_t deep)
{
    for (uint32_t i = 0; i < list->n; i++)
        if (list->at[i] != NULL && list->at[i]->deep > deep)
            deep = list->at[i]->deep;
    return deep;
}

struct gosyn *goparse_done(struct goparse *p, struct gosyn *n)
{
    const struct gosyn *kids[] = {n->x, n->y, n->z, n->w};
    uint32_t deep = deepest(&n->list2, deepest(&n->list, 0));

    for (int i = 0; i < 4; i++)
        if (kids[i] != NULL && kids[i]->deep > deep)
            deep = kids[i]->deep;
    n->deep = deep + 1;
    if (n->deep > GO_DEPTH)
        gosrc_broken(p->src, n->pos, "nested more than %d levels deep", GO_DEPTH);
    return n;
}

struct gosyn *goparse_name(struct goparse *p)
{
    struct gosyn *n = goparse_new(p, SYN_NAME, p->lex.pos);

    if (!goparse_is(p, TOK_NAME))
        goparse_error(p, "name");
    n->text = p->lex.text;
    golex_next(&p->lex);
    return n;
}

/* ---- expressions ---- */

static struct gosyn *composite(struct goparse *p, struct gosyn *type);

static struct gosyn *element(struct goparse *p)
{
    return goparse_is(p, TOK_LBRACE) ? composite(p, NULL) : goparse_expr(p);
}

static struct gosyn *composite(struct goparse *p, struct gosyn *type)
{
    struct gosyn *n = goparse_new(p, SYN_COMPOSITE, p->lex.pos);

    goparse_enter(p);
    n->x = type;
    goparse_want(p, TOK_LBRACE);
    p->nest++;
    while (!goparse_is(p, TOK_RBRACE)) {
        struct gosyn *e = element(p);

        if (goparse_is(p, TOK_COLON)) {
            struct gosyn *k = goparse_new(p, SYN_KEYED, p->lex.pos);

            golex_next(&p->lex);
            k->x = e;
            k->y = element(p);
            e = goparse_done(p, k);
        }
        GOMEM_ADD(&p->src->mem, &n->list, e);
        if (!goparse_got(p, TOK_COMMA))
            break;
    }
    p->nest--;
    goparse_want(p, TOK_RBRACE);
    p->level--;
    return goparse_done(p, n);
}

static struct gosyn *function(struct goparse *p, struct flow_pos pos)
{
    struct gosyn *type = goparse_signature(p, pos), *n;
    const int nest = p->nest;

    if (!goparse_is(p, TOK_LBRACE))
        return type;
    p->nest = 0;
    n = goparse_new(p, SYN_FUNCLIT, pos);
    n->x = type;
    n->y = goparse_block(p);
    p->nest = nest;
    return n;
}

static struct gosyn *operand(struct goparse *p)
{
    struct gosyn *n = goparse_new(p, SYN_LITERAL, p->lex.pos);

    switch (p->lex.tok) {
    case TOK_INT: case TOK_FLOAT: case TOK_STRING: case TOK_RUNE: case TOK_IMAGINARY:
        n->text = p->lex.text;
        n->tok = p->lex.tok;
        golex_next(&p->lex);
        return n;
    case TOK_NAME:
        return goparse_name(p);
    case TOK_LPAREN:
        golex_next(&p->lex);
        p->nest++;
        n->op = SYN_PAREN;
        n->x = goparse_expr(p);
        p->nest--;
        goparse_want(p, TOK_RPAREN);
        return n;
    case TOK_FUNC:
        golex_next(&p->lex);
        return function(p, n->pos);
    default:
        n = goparse_type_or_none(p);
        if (n == NULL)
            goparse_error(p, "expression");
        return n;
    }
}

/* What stands behind the point: a name, a type in parentheses, or `type`. */
static struct gosyn *selector(struct goparse *p, struct gosyn *x, struct flow_pos pos)
{
    struct gosyn *n = goparse_new(p, SYN_SELECTOR, pos);

    n->x = x;
    if (goparse_is(p, TOK_NAME)) {
        n->text = goparse_name(p)->text;
        return n;
    }
    goparse_want(p, TOK_LPAREN);
    if (goparse_got(p, TOK_TYPE)) {
        n->op = SYN_TYPESWITCH;
    } else {
        n->op = SYN_ASSERT;
        n->y = goparse_type(p);
    }
    goparse_want(p, TOK_RPAREN);
    return n;
}

static struct gosyn *indexed(struct goparse *p, struct gosyn *x, struct flow_pos pos)
{
    struct gosyn *n = goparse_new(p, SYN_INDEX, pos);
    struct gosyn *at[3] = {NULL, NULL, NULL};
    int colons = 0;

    p->nest++;
    if (!goparse_is(p, TOK_COLON))
        at[0] = goparse_exprs(p);
    while (colons < 2 && goparse_got(p, TOK_COLON)) {
        colons++;
        if (!goparse_is(p, TOK_COLON) && !goparse_is(p, TOK_RBRACKET))
            at[colons] = goparse_expr(p);
    }
    p->nest--;
    goparse_want(p, TOK_RBRACKET);
    if (colons > 0)
        n->op = SYN_SLICE;
    if (colons == 2 && (at[1] == NULL || at[2] == NULL))
        gosrc_broken(p->src, pos, "syntax error: a slice with two colons needs what is between "
            "and behind them");
    n->x = x;
    n->y = at[0];
    n->z = at[1];
    n->w = at[2];
    n->kind = colons;
    return n;
}

static struct gosyn *call(struct goparse *p, struct gosyn *x, struct flow_pos pos)
{
    struct gosyn *n = goparse_new(p, SYN_CALL, pos);

    n->x = x;
    p->nest++;
    while (!goparse_is(p, TOK_RPAREN)) {
        GOMEM_ADD(&p->src->mem, &n->list, goparse_expr(p));
        n->dots = goparse_got(p, TOK_DOTS);
        if (!goparse_got(p, TOK_COMMA))
            break;
    }
    p->nest--;
    goparse_want(p, TOK_RPAREN);
    return n;
}

/* Whether a brace after x begins a literal of type x. */
static bool literal_type(const struct goparse *p, const struct gosyn *x)
{
    switch (x->op) {
    case SYN_NAME: case SYN_SELECTOR: case SYN_INDEX:
        return p->nest >= 0;
    case SYN_ARRAYTYPE: case SYN_SLICETYPE: case SYN_STRUCTTYPE: case SYN_MAPTYPE:
        return true;
    default:
        return false;
    }
}

static struct gosyn *primary(struct goparse *p)
{
    struct gosyn *x = goparse_done(p, operand(p));

    for (;;) {
        const struct flow_pos pos = p->lex.pos;

        if (goparse_got(p, TOK_DOT))
            x = selector(p, x, pos);
        else if (goparse_got(p, TOK_LBRACKET))
            x = indexed(p, x, pos);
        else if (goparse_got(p, TOK_LPAREN))
            x = call(p, x, pos);
        else if (goparse_is(p, TOK_LBRACE) && literal_type(p, x))
            x = composite(p, x);
        else
            return x;
        goparse_done(p, x);
    }
}

static struct gosyn *unary(struct goparse *p)
{
    const enum gotok tok = p->lex.tok;
    struct gosyn *n = goparse_new(p, SYN_UNARY, p->lex.pos);

    switch (tok) {
    case TOK_ARROW: case TOK_MUL: case TOK_ADD: case TOK_SUB: case TOK_NOT: case TOK_XOR:
    case TOK_AND:
        break;
    default:
        return primary(p);
    }
    goparse_enter(p);
    golex_next(&p->lex);
    n->tok = tok;
    n->x = unary(p);
    p->level--;
    if (tok == TOK_ARROW && n->x->op == SYN_CHANTYPE && n->x->kind == 0) {
        n->x->kind = 2;
        n->x->pos = n->pos;
        return n->x;
    }
    if (tok == TOK_MUL)
        n->op = SYN_STAR;
    while (tok == TOK_AND && n->x->op == SYN_PAREN)
        n->x = n->x->x;
    return goparse_done(p, n);
}

/* Operators that bind more tightly than `than`. */
static struct gosyn *binary(struct goparse *p, int than)
{
    struct gosyn *x = unary(p);

    while (golex_precedence(p->lex.tok) > than) {
        struct gosyn *n = goparse_new(p, SYN_BINARY, p->lex.pos);

        n->tok = p->lex.tok;
        golex_next(&p->lex);
        n->x = x;
        n->y = binary(p, golex_precedence(n->tok));
        x = goparse_done(p, n);
    }
    return x;
}

struct gosyn *goparse_expr(struct goparse *p)
{
    struct gosyn *x;

    goparse_enter(p);
    x = binary(p, 0);
    p->level--;
    return x;
}

struct gosyn *goparse_exprs(struct goparse *p)
{
    struct gosyn *x = goparse_expr(p), *n;

    if (!goparse_is(p, TOK_COMMA))
        return x;
    n = goparse_new(p, SYN_LIST, x->pos);
    GOMEM_ADD(&p->src->mem, &n->list, x);
    while (goparse_got(p, TOK_COMMA))
        GOMEM_ADD(&p->src->mem, &n->list, goparse_expr(p));
    return goparse_done(p, n);
}
