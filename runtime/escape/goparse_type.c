/*
 * goparse_type.c - the syntax tree: types.
 *
 * Invariants: those of goparse.c.
 *
 * Refused: type constraints. An interface that is one is marked, and refused by whoever
 * uses it.
 *
 * Go: typeOrNil, paramList, structType and interfaceType in
 * cmd/compile/internal/syntax/parser.go. Module 37.
 */
#include "goparse.h"

/* A name, or a name of a package. */
static struct gosyn *type_name(struct goparse *p)
{
    struct gosyn *n = goparse_name(p), *sel;

    if (!goparse_got(p, TOK_DOT))
        return n;
    sel = goparse_new(p, SYN_SELECTOR, n->pos);
    sel->x = n;
    sel->text = goparse_name(p)->text;
    return sel;
}

struct gosyn *goparse_type(struct goparse *p)
{
    struct gosyn *t;

    goparse_enter(p);
    t = goparse_type_or_none(p);
    if (t == NULL)
        goparse_error(p, "type");
    p->level--;
    return goparse_done(p, t);
}

/* One entry of a list: a type, `name type` or `name`, which later turns out to be one. */
static struct gosyn *param(struct goparse *p, bool *named)
{
    struct gosyn *f = goparse_new(p, SYN_FIELD, p->lex.pos);

    if (goparse_got(p, TOK_DOTS)) {
        f->dots = true;
        f->x = goparse_type(p);
        return f;
    }
    f->x = goparse_type(p);
    if (f->x->op == SYN_NAME && !goparse_is(p, TOK_COMMA) && !goparse_is(p, TOK_RPAREN)) {
        f->text = f->x->text;
        f->flag = *named = true;
        f->dots = goparse_got(p, TOK_DOTS);
        f->x = goparse_type(p);
    }
    return f;
}

void goparse_params(struct goparse *p, struct gosyns *list)
{
    struct gosyn *type = NULL;
    bool named = false, dots = false;

    goparse_want(p, TOK_LPAREN);
    while (!goparse_is(p, TOK_RPAREN)) {
        GOMEM_ADD(&p->src->mem, list, param(p, &named));
        if (!goparse_got(p, TOK_COMMA))
            break;
    }
    goparse_want(p, TOK_RPAREN);
    for (uint32_t i = list->n; named && i > 0; i--) {
        struct gosyn *f = list->at[i - 1];

        if (f->flag) {
            type = f->x;
            dots = f->dots;
        } else if (type == NULL || f->x->op != SYN_NAME) {
            gosrc_broken(p->src, f->pos, "syntax error: mixed named and unnamed parameters");
        } else {
            f->text = f->x->text;
            f->x = type;
            f->dots = dots;
        }
    }
    for (uint32_t i = 0; i < list->n; i++)
        goparse_done(p, list->at[i]);
}

struct gosyn *goparse_signature(struct goparse *p, struct flow_pos pos)
{
    struct gosyn *n = goparse_new(p, SYN_FUNCTYPE, pos), *type, *f;

    goparse_params(p, &n->list);
    if (goparse_is(p, TOK_LPAREN)) {
        goparse_params(p, &n->list2);
    } else {
        goparse_enter(p);
        type = goparse_type_or_none(p);
        p->level--;
        if (type != NULL) {
            f = goparse_new(p, SYN_FIELD, type->pos);
            f->x = goparse_done(p, type);
            GOMEM_ADD(&p->src->mem, &n->list2, goparse_done(p, f));
        }
    }
    return goparse_done(p, n);
}

/* One line of a struct; every name of it becomes a field of its own. */
static void struct_line(struct goparse *p, struct gosyn *out)
{
    struct gosyns names = {0};
    struct gosyn *type = NULL;
    bool embedded = false;

    if (goparse_is(p, TOK_MUL)) {
        embedded = true;
        type = goparse_type(p);
        GOMEM_ADD(&p->src->mem, &names, type->x);
    } else {
        struct gosyn *name = goparse_name(p);

        if (goparse_is(p, TOK_SEMI) || goparse_is(p, TOK_RBRACE) || goparse_is(p, TOK_STRING)) {
            embedded = true;
            type = name;
        } else if (goparse_got(p, TOK_DOT)) {
            embedded = true;
            type = goparse_new(p, SYN_SELECTOR, name->pos);
            type->x = name;
            type->text = goparse_name(p)->text;
            name = type;
        }
        GOMEM_ADD(&p->src->mem, &names, name);
    }
    while (!embedded && goparse_got(p, TOK_COMMA))
        GOMEM_ADD(&p->src->mem, &names, goparse_name(p));
    if (!embedded)
        type = goparse_type(p);
    goparse_got(p, TOK_STRING);
    for (uint32_t i = 0; i < names.n; i++) {
        struct gosyn *f = goparse_new(p, SYN_FIELD, names.at[i]->pos);

        f->text = names.at[i]->text;
        if (f->text == NULL)
            gosrc_broken(p->src, f->pos, "syntax error: this cannot be embedded");
        f->x = type;
        f->flag = embedded;
        GOMEM_ADD(&p->src->mem, &out->list, goparse_done(p, f));
    }
}

/* One line of an interface: a method, or something embedded. */
static void interface_line(struct goparse *p, struct gosyn *out)
{
    struct gosyn *f = goparse_new(p, SYN_FIELD, p->lex.pos);

    if (goparse_is(p, TOK_NAME)) {
        struct gosyn *name = type_name(p);

        if (goparse_is(p, TOK_LPAREN) && name->op == SYN_NAME) {
            f->text = name->text;
            f->x = goparse_signature(p, name->pos);
        } else {
            f->x = name;
            f->flag = true;
        }
    } else {
        f->generic = true;
    }
    if (f->generic || goparse_is(p, TOK_OR)) {
        f->generic = true;
        while (!goparse_is(p, TOK_SEMI) && !goparse_is(p, TOK_RBRACE) && !goparse_is(p, TOK_END))
            golex_next(&p->lex);
    }
    GOMEM_ADD(&p->src->mem, &out->list, goparse_done(p, f));
}

/* struct{...} or interface{...}. */
static struct gosyn *lines_type(struct goparse *p, enum gosyn_op op,
    void (*line)(struct goparse *p, struct gosyn *out))
{
    struct gosyn *n = goparse_new(p, op, p->lex.pos);

    golex_next(&p->lex);
    goparse_want(p, TOK_LBRACE);
    while (!goparse_is(p, TOK_RBRACE)) {
        line(p, n);
        if (!goparse_got(p, TOK_SEMI))
            break;
    }
    goparse_want(p, TOK_RBRACE);
    return n;
}

static struct gosyn *bracket_type(struct goparse *p, struct flow_pos pos)
{
    struct gosyn *n;

    if (goparse_got(p, TOK_RBRACKET)) {
        n = goparse_new(p, SYN_SLICETYPE, pos);
        n->y = goparse_type(p);
        return n;
    }
    n = goparse_new(p, SYN_ARRAYTYPE, pos);
    p->nest++;
    if (!goparse_got(p, TOK_DOTS))
        n->x = goparse_expr(p);
    p->nest--;
    goparse_want(p, TOK_RBRACKET);
    n->y = goparse_type(p);
    return n;
}

static struct gosyn *channel_type(struct goparse *p, struct flow_pos pos, bool receive)
{
    struct gosyn *n = goparse_new(p, SYN_CHANTYPE, pos);

    n->kind = receive ? 2 : 0;
    if (receive)
        goparse_want(p, TOK_CHAN);
    else if (goparse_got(p, TOK_ARROW))
        n->kind = 1;
    n->y = goparse_type(p);
    return n;
}

struct gosyn *goparse_type_or_none(struct goparse *p)
{
    const struct flow_pos pos = p->lex.pos;
    struct gosyn *n;

    switch (p->lex.tok) {
    case TOK_NAME:
        return type_name(p);
    case TOK_STRUCT:
        return lines_type(p, SYN_STRUCTTYPE, struct_line);
    case TOK_INTERFACE:
        return lines_type(p, SYN_IFACETYPE, interface_line);
    default:
        break;
    }
    if (goparse_got(p, TOK_MUL)) {
        n = goparse_new(p, SYN_STAR, pos);
        n->x = goparse_type(p);
        return n;
    }
    if (goparse_got(p, TOK_LPAREN)) {
        n = goparse_type(p);
        goparse_want(p, TOK_RPAREN);
        return n;
    }
    if (goparse_got(p, TOK_LBRACKET))
        return bracket_type(p, pos);
    if (goparse_got(p, TOK_MAP)) {
        n = goparse_new(p, SYN_MAPTYPE, pos);
        goparse_want(p, TOK_LBRACKET);
        n->x = goparse_type(p);
        goparse_want(p, TOK_RBRACKET);
        n->y = goparse_type(p);
        return n;
    }
    if (goparse_got(p, TOK_CHAN))
        return channel_type(p, pos, false);
    if (goparse_got(p, TOK_ARROW))
        return channel_type(p, pos, true);
    if (goparse_got(p, TOK_FUNC))
        return goparse_signature(p, pos);
    return NULL;
}

