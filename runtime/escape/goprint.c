/*
 * goprint.c - expressions as the compiler prints them in its messages.
 *
 * Invariants:
 *   I1  what nobody wrote is not printed: implicit addresses, dereferences, conversions
 *   I2  a text is at most a few times GOMEM_TEXT bytes long
 *
 * Refused: printing what only an error could show in full; such parts are "...".
 *
 * Go: exprFmt and OpPrec in cmd/compile/internal/ir/fmt.go. Module 37.
 */
#include "goprint.h"

#include "gotype.h"

#include <string.h>

static const char *list_syntax(struct gosrc *s, const struct gosyns *list)
{
    const char *text = "";

    for (uint32_t i = 0; i < list->n; i++)
        text = gomem_format(&s->mem, "%s%s%s", text, i > 0 ? ", " : "",
            goprint_syntax(s, list->at[i]));
    return text;
}

const char *goprint_syntax(struct gosrc *s, const struct gosyn *n)
{
    gosrc_work(s, 1);
    switch (n->op) {
    case SYN_NAME: case SYN_LITERAL:
        return n->text;
    case SYN_PAREN:
        return gomem_format(&s->mem, "(%s)", goprint_syntax(s, n->x));
    case SYN_UNARY:
        return gomem_format(&s->mem, "%s%s", golex_name(n->tok), goprint_syntax(s, n->x));
    case SYN_BINARY:
        return gomem_format(&s->mem, "%s %s %s", goprint_syntax(s, n->x), golex_name(n->tok),
            goprint_syntax(s, n->y));
    case SYN_SELECTOR:
        return gomem_format(&s->mem, "%s.%s", goprint_syntax(s, n->x), n->text);
    case SYN_CALL:
        return gomem_format(&s->mem, "%s(%s)", goprint_syntax(s, n->x), list_syntax(s, &n->list));
    case SYN_INDEX:
        return gomem_format(&s->mem, "%s[%s]", goprint_syntax(s, n->x), goprint_syntax(s, n->y));
    case SYN_STAR:
        return gomem_format(&s->mem, "*%s", goprint_syntax(s, n->x));
    case SYN_COMPOSITE:
        return gomem_format(&s->mem, "%s{…}", n->x != NULL ? goprint_syntax(s, n->x) : "");
    case SYN_SLICETYPE:
        return gomem_format(&s->mem, "[]%s", goprint_syntax(s, n->y));
    case SYN_ARRAYTYPE:
        return gomem_format(&s->mem, "[%s]%s", n->x != NULL ? goprint_syntax(s, n->x) : "...",
            goprint_syntax(s, n->y));
    default:
        return "...";
    }
}

/* How tightly a node's text holds together; a looser one gets parentheses. */
static int binding(const struct gonode *n)
{
    switch (n->op) {
    case OP_TYPE:
        return n->type->kind == GO_PTR && n->type->name == NULL ? 7 : 8;
    case OP_ADDR: case OP_DEREF: case OP_UNARY: case OP_RECV:
        return 7;
    case OP_PTRLIT: case OP_ADDSTR: case OP_CLOSURE: case OP_MAKEMAP: case OP_MAKECHAN:
    case OP_RECOVER:
        return 0;
    case OP_LITERAL:
        if (n->tok == TOK_END || n->kind == 0)
            return n->tok == TOK_END ? 8 : 7;
        /* fall through */
    case OP_BINARY:
        switch (golex_precedence(n->tok)) {
        case 1:
            return 1;
        case 2:
            return 2;
        case 3:
            return 4;
        case 4:
            return 5;
        default:
            return 6;
        }
    default:
        return 8;
    }
}

static const char *print(struct gosrc *s, const struct gonode *n, int outside);

static const char *list(struct gosrc *s, const struct gonodes *l, bool dots)
{
    const char *text = "";

    for (uint32_t i = 0; i < l->n; i++)
        text = gomem_format(&s->mem, "%s%s%s", text, i > 0 ? ", " : "", print(s, l->at[i], 0));
    return dots ? gomem_format(&s->mem, "%s...", text) : text;
}

static const char *slice(struct gosrc *s, const struct gonode *n)
{
    const char *text = gomem_format(&s->mem, "%s[%s:%s", print(s, n->x, 8),
        n->y != NULL ? print(s, n->y, 0) : "", n->z != NULL ? print(s, n->z, 0) : "");

    if (n->kind == 2)
        text = gomem_format(&s->mem, "%s:%s", text, n->w != NULL ? print(s, n->w, 0) : "");
    return gomem_format(&s->mem, "%s]", text);
}

static const char *make(struct gosrc *s, const struct gonode *n)
{
    const char *text = gomem_format(&s->mem, "make(%s", gotype_print(s, n->type));

    if (n->x != NULL)
        text = gomem_format(&s->mem, "%s, %s", text, print(s, n->x, 0));
    if (n->y != NULL)
        text = gomem_format(&s->mem, "%s, %s", text, print(s, n->y, 0));
    return gomem_format(&s->mem, "%s)", text);
}

static const char *sum(struct gosrc *s, const struct gonode *n)
{
    const char *text = "";

    for (uint32_t i = 0; i < n->list.n; i++)
        text = gomem_format(&s->mem, "%s%s%s", text, i > 0 ? " + " : "",
            print(s, n->list.at[i], 0));
    return text;
}

/* Nodes that look like calls, and statements. NULL for others. */
static const char *call(struct gosrc *s, const struct gonode *n)
{
    switch (n->op) {
    case OP_CONVERT: case OP_CONVIFACE: case OP_STRCONV:
        return gomem_format(&s->mem, n->type->name != NULL ? "%s(%s)" : "(%s)(%s)",
            gotype_print(s, n->type), print(s, n->x, 0));
    case OP_LEN:
        return gomem_format(&s->mem, "%s(%s)", n->text, print(s, n->x, 0));
    case OP_NEW:
        return gomem_format(&s->mem, "new(%s)", print(s, n->x, 0));
    case OP_PANIC:
        return gomem_format(&s->mem, "panic(%s)", print(s, n->x, 0));
    case OP_CLOSE:
        return gomem_format(&s->mem, "close(%s)", print(s, n->x, 0));
    case OP_COPY:
        return gomem_format(&s->mem, "copy(%s, %s)", print(s, n->x, 0), print(s, n->y, 0));
    case OP_APPEND:
        return gomem_format(&s->mem, "append(%s)", list(s, &n->list, n->dots));
    case OP_PRINT: case OP_DELETE:
        return gomem_format(&s->mem, "%s(%s)", n->text, list(s, &n->list, n->dots));
    case OP_RECOVER:
        return "recover()";
    case OP_CALL: case OP_CALLINTER:
        return gomem_format(&s->mem, "%s(%s)", print(s, n->x, 8), list(s, &n->list, n->dots));
    case OP_MAKESLICE: case OP_MAKEMAP: case OP_MAKECHAN:
        return make(s, n);
    case OP_ASSIGN:
        return gomem_format(&s->mem, "%s = %s", print(s, n->x, 0), print(s, n->y, 0));
    case OP_ASSIGNOP:
        return gomem_format(&s->mem, "%s %s= %s", print(s, n->x, 0), golex_name(n->tok),
            print(s, n->y, 0));
    case OP_ASSIGN2:
        return gomem_format(&s->mem, "%s = %s", list(s, &n->list, false),
            list(s, &n->list2, false));
    default:
        return NULL;
    }
}

static const char *plain(struct gosrc *s, const struct gonode *n, int inside)
{
    switch (n->op) {
    case OP_LITERAL: case OP_NAME: case OP_GLOBAL: case OP_FUNC:
        return n->text;
    case OP_NIL:
        return "nil";
    case OP_BLANK:
        return "_";
    case OP_TYPE:
        return gotype_print(s, n->type);
    case OP_CLOSURE:
        return "func literal";
    case OP_PTRLIT:
        return gomem_format(&s->mem, "&%s", print(s, n->x, 0));
    case OP_STRUCTLIT: case OP_ARRAYLIT: case OP_MAPLIT: case OP_SLICELIT:
        if (n->op == OP_SLICELIT && n->implicit)
            return "... argument";
        return gomem_format(&s->mem, "%s{%s}", gotype_print(s, n->type),
            n->list.n > 0 ? "..." : "");
    case OP_DOT: case OP_DOTPTR: case OP_METHODVALUE: case OP_METHODEXPR:
        return gomem_format(&s->mem, "%s.%s", print(s, n->x, inside), n->text);
    case OP_DOTTYPE:
        return gomem_format(&s->mem, "%s.(%s)", print(s, n->x, inside), gotype_print(s, n->type));
    case OP_INDEX: case OP_INDEXMAP:
        return gomem_format(&s->mem, "%s[%s]", print(s, n->x, inside), print(s, n->y, 0));
    case OP_SLICE: case OP_SLICEARR: case OP_SLICESTR:
        return slice(s, n);
    case OP_UNARY: case OP_RECV:
        return gomem_format(&s->mem, "%s%s%s", golex_name(n->tok), n->x->op == n->op &&
            n->x->tok == n->tok ? " " : "", print(s, n->x, inside + 1));
    case OP_ADDR: case OP_DEREF:
        return gomem_format(&s->mem, "%c%s", n->op == OP_ADDR ? '&' : '*',
            print(s, n->x, inside + 1));
    case OP_BINARY:
        return gomem_format(&s->mem, "%s %s %s", print(s, n->x, inside), golex_name(n->tok),
            print(s, n->y, inside + 1));
    case OP_ADDSTR:
        return sum(s, n);
    default:
        return "...";
    }
}

static const char *print(struct gosrc *s, const struct gonode *n, int outside)
{
    const char *text;

    gosrc_work(s, 1);
    while (n != NULL && n->implicit && (n->op == OP_ADDR || n->op == OP_DEREF ||
        n->op == OP_CONVIFACE || n->op == OP_CONVERT))
        n = n->x;
    if (n == NULL)
        return "<nil>";
    text = call(s, n);
    if (text == NULL)
        text = plain(s, n, binding(n));
    return outside > binding(n) ? gomem_format(&s->mem, "(%s)", text) : text;
}

const char *goprint_node(struct gosrc *s, const struct gonode *n)
{
    return print(s, n, 0);
}
