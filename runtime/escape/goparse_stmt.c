/*
 * goparse_stmt.c - the syntax tree: statements, declarations, the file.
 *
 * Invariants: those of goparse.c.
 *
 * Refused: parsing type parameters. A declaration that has them is skipped to its end, by
 * counting brackets, and its name is known to be outside of the subset.
 *
 * Go: stmtOrNil, header, simpleStmt, funcDeclOrNil and fileOrNil in
 * cmd/compile/internal/syntax/parser.go. Module 37.
 */
#include "goparse.h"

#include <string.h>

static struct gosyn *statement(struct goparse *p);

/* The operator in front of the `=` of an assignment with one. */
static enum gotok assigned_with(enum gotok tok)
{
    switch (tok) {
    case TOK_ADD_ASSIGN: case TOK_INC: return TOK_ADD;
    case TOK_SUB_ASSIGN: case TOK_DEC: return TOK_SUB;
    case TOK_MUL_ASSIGN: return TOK_MUL;
    case TOK_DIV_ASSIGN: return TOK_DIV;
    case TOK_MOD_ASSIGN: return TOK_MOD;
    case TOK_AND_ASSIGN: return TOK_AND;
    case TOK_OR_ASSIGN: return TOK_OR;
    case TOK_XOR_ASSIGN: return TOK_XOR;
    case TOK_SHL_ASSIGN: return TOK_SHL;
    case TOK_SHR_ASSIGN: return TOK_SHR;
    case TOK_ANDNOT_ASSIGN: return TOK_ANDNOT;
    default: return TOK_END;
    }
}

/* range X, behind what is assigned to. */
static struct gosyn *range(struct goparse *p, struct gosyn *left, bool define)
{
    struct gosyn *n = goparse_new(p, SYN_RANGE, p->lex.pos);

    goparse_want(p, TOK_RANGE);
    n->x = left;
    n->flag = define;
    n->y = goparse_expr(p);
    return goparse_done(p, n);
}

/* a, b = or := ... */
static struct gosyn *assignment(struct goparse *p, struct gosyn *left, bool loop)
{
    struct gosyn *n = goparse_new(p, SYN_ASSIGN, p->lex.pos);

    n->flag = goparse_is(p, TOK_DEFINE);
    golex_next(&p->lex);
    if (loop && goparse_is(p, TOK_RANGE))
        return range(p, left, n->flag);
    n->x = left;
    n->y = goparse_exprs(p);
    if (n->y->op == SYN_TYPESWITCH && n->flag && left->op == SYN_NAME) {
        n->y->text = left->text;
        n->y->y = left;
        return n->y;
    }
    return goparse_done(p, n);
}

/* A statement that may stand in the head of another. */
static struct gosyn *simple(struct goparse *p, bool loop)
{
    struct gosyn *left, *n;

    if (loop && goparse_is(p, TOK_RANGE))
        return range(p, NULL, false);
    left = goparse_exprs(p);
    if (goparse_is(p, TOK_ASSIGN) || goparse_is(p, TOK_DEFINE))
        return assignment(p, left, loop);
    n = goparse_new(p, SYN_ASSIGN, p->lex.pos);
    n->x = left;
    n->tok = assigned_with(p->lex.tok);
    if (n->tok != TOK_END) {
        const bool one = goparse_is(p, TOK_INC) || goparse_is(p, TOK_DEC);

        golex_next(&p->lex);
        n->y = one ? NULL : goparse_expr(p);
        return goparse_done(p, n);
    }
    if (goparse_got(p, TOK_ARROW)) {
        n->op = SYN_SEND;
        n->y = goparse_expr(p);
        return goparse_done(p, n);
    }
    if (left->op == SYN_TYPESWITCH)
        return left;
    n->op = SYN_EXPR;
    n->pos = left->pos;
    return goparse_done(p, n);
}

static void statements(struct goparse *p, struct gosyn *out)
{
    while (!goparse_is(p, TOK_RBRACE) && !goparse_is(p, TOK_CASE) && !goparse_is(p, TOK_DEFAULT) &&
        !goparse_is(p, TOK_END)) {
        struct gosyn *n = statement(p);

        if (n != NULL)
            GOMEM_ADD(&p->src->mem, &out->list, n);
        if (!goparse_got(p, TOK_SEMI) && !goparse_is(p, TOK_RBRACE))
            goparse_error(p, "; or } or the end of the line");
    }
}

struct gosyn *goparse_block(struct goparse *p)
{
    struct gosyn *n = goparse_new(p, SYN_BLOCK, p->lex.pos);

    goparse_want(p, TOK_LBRACE);
    statements(p, n);
    n->last = p->lex.pos.line;
    goparse_want(p, TOK_RBRACE);
    return goparse_done(p, n);
}

/* The head of an if, for or switch: [init;] condition [; post]. */
static void head(struct goparse *p, struct gosyn *n)
{
    const int nest = p->nest;
    const bool loop = n->op == SYN_FOR;

    if (goparse_is(p, TOK_LBRACE))
        return;
    p->nest = -1;
    if (!goparse_is(p, TOK_SEMI))
        n->w = simple(p, loop);
    if (n->w != NULL && n->w->op == SYN_RANGE) {
        p->nest = nest;
        return;
    }
    if (goparse_is(p, TOK_SEMI)) {
        if (loop && p->lex.newline)
            goparse_error(p, "for loop condition");
        golex_next(&p->lex);
        if (loop && !goparse_is(p, TOK_SEMI))
            n->x = simple(p, false);
        if (loop)
            goparse_want(p, TOK_SEMI);
        if (!goparse_is(p, TOK_LBRACE))
            *(loop ? &n->z : &n->x) = simple(p, false);
    } else {
        n->x = n->w;
        n->w = NULL;
    }
    p->nest = nest;
    if (n->x != NULL && n->x->op == SYN_EXPR)
        n->x = n->x->x;
    else if (n->x != NULL && !(n->op == SYN_SWITCH && n->x->op == SYN_TYPESWITCH))
        gosrc_broken(p->src, n->x->pos, "syntax error: a statement is used as a value");
}

static struct gosyn *if_statement(struct goparse *p)
{
    struct gosyn *n = goparse_new(p, SYN_IF, p->lex.pos);

    golex_next(&p->lex);
    head(p, n);
    if (n->x == NULL)
        gosrc_broken(p->src, n->pos, "syntax error: missing condition in if statement");
    n->y = goparse_block(p);
    if (goparse_got(p, TOK_ELSE)) {
        if (goparse_is(p, TOK_IF)) {
            goparse_enter(p);
            n->z = if_statement(p);
            p->level--;
        } else {
            n->z = goparse_block(p);
        }
    }
    return goparse_done(p, n);
}

/* One case of a switch, or of a select, where x is the communication. */
static struct gosyn *one_case(struct goparse *p, bool select)
{
    struct gosyn *n = goparse_new(p, SYN_CASE, p->lex.pos);

    if (goparse_got(p, TOK_DEFAULT)) {
        n->flag = true;
    } else {
        goparse_want(p, TOK_CASE);
        if (select)
            n->x = simple(p, false);
        else
            do
                GOMEM_ADD(&p->src->mem, &n->list2, goparse_expr(p));
            while (goparse_got(p, TOK_COMMA));
    }
    if (!select)
        n->x = goparse_new(p, SYN_EMPTY, p->lex.pos);
    goparse_want(p, TOK_COLON);
    statements(p, n);
    return goparse_done(p, n);
}

static struct gosyn *cases(struct goparse *p, enum gosyn_op op)
{
    struct gosyn *n = goparse_new(p, op, p->lex.pos);

    golex_next(&p->lex);
    if (op == SYN_SWITCH)
        head(p, n);
    goparse_want(p, TOK_LBRACE);
    while (!goparse_is(p, TOK_RBRACE))
        GOMEM_ADD(&p->src->mem, &n->list, one_case(p, op == SYN_SELECT));
    goparse_want(p, TOK_RBRACE);
    return goparse_done(p, n);
}

/* Skips to the end of a declaration, over whatever is in brackets. */
static void skip_declaration(struct goparse *p)
{
    uint32_t open = 0;

    while (!goparse_is(p, TOK_END) && (open > 0 || !goparse_is(p, TOK_SEMI))) {
        switch (p->lex.tok) {
        case TOK_LPAREN: case TOK_LBRACE: case TOK_LBRACKET:
            open++;
            break;
        case TOK_RPAREN: case TOK_RBRACE: case TOK_RBRACKET:
            if (open == 0)
                return;
            open--;
            break;
        default:
            break;
        }
        golex_next(&p->lex);
    }
}

/* What comes after the name in `type T ...`. */
static void type_spec(struct goparse *p, struct gosyn *n)
{
    struct flow_pos pos = p->lex.pos;
    struct gosyn *len = NULL;

    if (!goparse_got(p, TOK_LBRACKET)) {
        n->flag = goparse_got(p, TOK_ASSIGN);
        n->y = goparse_type(p);
        return;
    }
    p->nest++;
    if (!goparse_is(p, TOK_RBRACKET) && !goparse_is(p, TOK_DOTS))
        len = goparse_expr(p);
    p->nest--;
    if (goparse_got(p, TOK_DOTS) || (!goparse_is(p, TOK_RBRACKET) && len == NULL))
        goparse_error(p, "array length");
    if (!goparse_got(p, TOK_RBRACKET)) {
        n->generic = true;
        while (!goparse_is(p, TOK_RBRACKET) && !goparse_is(p, TOK_END))
            golex_next(&p->lex);
        golex_next(&p->lex);
        skip_declaration(p);
        return;
    }
    n->y = goparse_new(p, len == NULL ? SYN_SLICETYPE : SYN_ARRAYTYPE, pos);
    n->y->x = len;
    n->y->y = goparse_type(p);
    goparse_done(p, n->y);
}

/* One line of a var, const or type declaration. */
static void spec(struct goparse *p, enum gotok keyword, int iota, struct gosyn *out)
{
    struct gosyn *n = goparse_new(p, keyword == TOK_VAR ? SYN_VAR : keyword == TOK_CONST ?
        SYN_CONST : SYN_TYPE, p->lex.pos), *before;

    if (keyword == TOK_TYPE) {
        n->text = goparse_name(p)->text;
        type_spec(p, n);
    } else {
        do
            GOMEM_ADD(&p->src->mem, &n->list, goparse_name(p));
        while (goparse_got(p, TOK_COMMA));
        if (!goparse_is(p, TOK_ASSIGN) && !goparse_is(p, TOK_SEMI) && !goparse_is(p, TOK_RPAREN))
            n->y = goparse_type(p);
        if (goparse_got(p, TOK_ASSIGN))
            n->x = goparse_exprs(p);
        n->kind = iota;
        before = out->list.n > 0 ? out->list.at[out->list.n - 1] : NULL;
        if (keyword == TOK_CONST && n->x == NULL && n->y == NULL && before != NULL) {
            n->x = before->x;
            n->y = before->y;
        }
        if (n->x == NULL && (keyword == TOK_CONST || n->y == NULL))
            goparse_error(p, keyword == TOK_CONST ? "=" : "type or =");
    }
    n->last = p->lex.pos.line;
    GOMEM_ADD(&p->src->mem, &out->list, goparse_done(p, n));
}

static struct gosyn *declaration(struct goparse *p)
{
    struct gosyn *n = goparse_new(p, SYN_DECLS, p->lex.pos);
    const enum gotok keyword = p->lex.tok;
    int iota = 0;

    golex_next(&p->lex);
    if (!goparse_got(p, TOK_LPAREN)) {
        spec(p, keyword, 0, n);
        return goparse_done(p, n);
    }
    while (!goparse_is(p, TOK_RPAREN)) {
        spec(p, keyword, iota++, n);
        if (!goparse_got(p, TOK_SEMI))
            break;
    }
    goparse_want(p, TOK_RPAREN);
    return goparse_done(p, n);
}

/* A simple statement, or a label with what it stands in front of. */
static struct gosyn *simple_or_label(struct goparse *p)
{
    struct gosyn *s = simple(p, false), *n;

    if (s->op != SYN_EXPR || s->x->op != SYN_NAME || !goparse_is(p, TOK_COLON))
        return s;
    n = goparse_new(p, SYN_LABEL, s->x->pos);
    n->text = s->x->text;
    golex_next(&p->lex);
    if (!goparse_is(p, TOK_RBRACE))
        n->x = statement(p);
    return goparse_done(p, n);
}

/* The statements that begin with a keyword of their own and have no block. */
static struct gosyn *short_statement(struct goparse *p, enum gosyn_op op)
{
    struct gosyn *n = goparse_new(p, op, p->lex.pos);

    n->tok = p->lex.tok;
    golex_next(&p->lex);
    if (op == SYN_BRANCH) {
        if (goparse_is(p, TOK_NAME))
            n->text = goparse_name(p)->text;
    } else if (op == SYN_RETURN) {
        if (!goparse_is(p, TOK_SEMI) && !goparse_is(p, TOK_RBRACE))
            n->x = goparse_exprs(p);
    } else {
        n->x = goparse_expr(p);
        while (n->x->op == SYN_PAREN)
            n->x = n->x->x;
        if (n->x->op != SYN_CALL)
            gosrc_broken(p->src, n->x->pos, "expression in %s must be function call",
                golex_name(n->tok));
    }
    return goparse_done(p, n);
}

static struct gosyn *any_statement(struct goparse *p)
{
    struct gosyn *n;

    switch (p->lex.tok) {
    case TOK_SEMI: case TOK_RBRACE:
        return NULL;
    case TOK_LBRACE:
        return goparse_block(p);
    case TOK_VAR: case TOK_CONST: case TOK_TYPE:
        return declaration(p);
    case TOK_GO:
        return short_statement(p, SYN_GO);
    case TOK_DEFER:
        return short_statement(p, SYN_DEFER);
    case TOK_RETURN:
        return short_statement(p, SYN_RETURN);
    case TOK_BREAK: case TOK_CONTINUE: case TOK_GOTO: case TOK_FALLTHROUGH:
        return short_statement(p, SYN_BRANCH);
    case TOK_IF:
        return if_statement(p);
    case TOK_SWITCH:
        return cases(p, SYN_SWITCH);
    case TOK_SELECT:
        return cases(p, SYN_SELECT);
    case TOK_FOR:
        n = goparse_new(p, SYN_FOR, p->lex.pos);
        golex_next(&p->lex);
        head(p, n);
        n->y = goparse_block(p);
        return goparse_done(p, n);
    default:
        return simple_or_label(p);
    }
}

static struct gosyn *statement(struct goparse *p)
{
    struct gosyn *n;

    goparse_enter(p);
    n = any_statement(p);
    p->level--;
    return n;
}

/* ---- the file ---- */

static void import(struct goparse *p)
{
    struct gosyn *n = goparse_new(p, SYN_NAME, p->lex.pos), *path;
    const char *slash;

    if (goparse_is(p, TOK_NAME))
        n->text = goparse_name(p)->text;
    else
        goparse_got(p, TOK_DOT);
    path = goparse_new(p, SYN_NAME, p->lex.pos);
    if (!goparse_is(p, TOK_STRING))
        goparse_error(p, "import path");
    path->text = gomem_text(&p->src->mem, p->lex.text + 1, strlen(p->lex.text) - 2);
    golex_next(&p->lex);
    slash = strrchr(path->text, '/');
    if (n->text == NULL)
        n->text = slash != NULL ? slash + 1 : path->text;
    n->x = path;
    GOMEM_ADD(&p->src->mem, &p->src->imports, n);
}

static void imports(struct goparse *p)
{
    while (goparse_got(p, TOK_IMPORT)) {
        if (goparse_got(p, TOK_LPAREN)) {
            while (!goparse_is(p, TOK_RPAREN)) {
                import(p);
                if (!goparse_got(p, TOK_SEMI))
                    break;
            }
            goparse_want(p, TOK_RPAREN);
        } else {
            import(p);
        }
        goparse_want(p, TOK_SEMI);
    }
}

static struct gosyn *function(struct goparse *p)
{
    const struct flow_pos pos = p->lex.pos;
    struct gosyn *n = goparse_new(p, SYN_FUNC, pos);
    struct gosyns receiver = {0};

    golex_next(&p->lex);
    if (goparse_is(p, TOK_LPAREN)) {
        goparse_params(p, &receiver);
        if (receiver.n != 1 || receiver.at[0]->dots)
            gosrc_broken(p->src, pos, "method has multiple receivers or none");
        n->z = receiver.at[0];
    }
    n->pos = p->lex.pos;
    n->text = goparse_name(p)->text;
    if (goparse_is(p, TOK_LBRACKET)) {
        n->generic = true;
        skip_declaration(p);
    } else {
        n->x = goparse_signature(p, pos);
        n->flag = p->lex.noescape;
        if (goparse_is(p, TOK_LBRACE))
            n->y = goparse_block(p);
    }
    n->last = n->y != NULL ? n->y->last : p->lex.pos.line;
    return goparse_done(p, n);
}

void goparse_file(struct gosrc *src)
{
    struct goparse p = {.src = src};

    golex_start(&p.lex, src);
    goparse_want(&p, TOK_PACKAGE);
    goparse_name(&p);
    goparse_want(&p, TOK_SEMI);
    imports(&p);
    while (!goparse_is(&p, TOK_END)) {
        if (goparse_is(&p, TOK_FUNC))
            GOMEM_ADD(&src->mem, &src->decls, function(&p));
        else if (goparse_is(&p, TOK_VAR) || goparse_is(&p, TOK_CONST) || goparse_is(&p, TOK_TYPE))
            GOMEM_ADD(&src->mem, &src->decls, declaration(&p));
        else
            goparse_error(&p, "a declaration");
        p.lex.noescape = false;
        if (!goparse_got(&p, TOK_SEMI) && !goparse_is(&p, TOK_END))
            goparse_error(&p, "the end of the line");
    }
}
