/*
 * golex.c - the tokens of Go, with the positions the compiler gives them.
 *
 * Invariants:
 *   I1  p never passes end, and line and col are those of p: from 1, columns in bytes
 *   I2  a text is terminated by a NUL and contains none
 *
 * Refused: checking what a literal says beyond where it ends. goconst reads its value, and
 * gives up on one it cannot read.
 *
 * Go: next, ident, number, stdString and fullComment in
 * cmd/compile/internal/syntax/scanner.go. Module 37.
 */
#include "golex.h"

#include "gosrc.h"

#include <ctype.h>
#include <string.h>

static const char *const names[TOK_COUNT] = {
    "end of file", "name", "integer", "float", "string", "rune", "imaginary number",
    "<<=", ">>=", "&^=", "...", "&&", "||", "<-", "++", "--", "==", "!=", "<=", ">=", ":=",
    "+=", "-=", "*=", "/=", "%=", "&=", "|=", "^=", "<<", ">>", "&^", "+", "-", "*", "/", "%",
    "&", "|", "^", "<", ">", "=", "!", "(", ")", "[", "]", "{", "}", ",", ";", ".", ":", "~",
    "break", "case", "chan", "const", "continue", "default", "defer", "else", "fallthrough",
    "for", "func", "go", "goto", "if", "import", "interface", "map", "package", "range",
    "return", "select", "struct", "switch", "type", "var",
};

const char *golex_name(enum gotok tok)
{
    return names[tok];
}

int golex_precedence(enum gotok tok)
{
    switch (tok) {
    case TOK_OROR:
        return 1;
    case TOK_ANDAND:
        return 2;
    case TOK_EQ: case TOK_NE: case TOK_LT: case TOK_LE: case TOK_GT: case TOK_GE:
        return 3;
    case TOK_ADD: case TOK_SUB: case TOK_OR: case TOK_XOR:
        return 4;
    case TOK_MUL: case TOK_DIV: case TOK_MOD: case TOK_AND: case TOK_ANDNOT: case TOK_SHL:
    case TOK_SHR:
        return 5;
    default:
        return 0;
    }
}

static char peek(const struct golex *l, size_t n)
{
    return (size_t)(l->end - l->p) > n ? l->p[n] : '\0';
}

static void skip(struct golex *l, size_t n)
{
    for (; n > 0 && l->p < l->end; n--, l->p++) {
        if (*l->p == '\n') {
            l->line++;
            l->col = 1;
        } else {
            l->col++;
        }
    }
}

static struct flow_pos here(const struct golex *l)
{
    return (struct flow_pos){l->line, l->col};
}

static bool name_byte(char c)
{
    return isalnum((unsigned char)c) || c == '_' || (unsigned char)c >= 0x80;
}

static void semicolon(struct golex *l, struct flow_pos pos)
{
    l->tok = TOK_SEMI;
    l->text = "newline";
    l->pos = pos;
    l->newline = true;
}

/* A comment. True when it ends a line that wants a semicolon, which is then the token. */
static bool comment(struct golex *l, bool semi)
{
    static const char directive[] = "//go:noescape";
    const struct flow_pos pos = here(l);
    bool newline = false;

    if (peek(l, 1) == '/') {
        if ((size_t)(l->end - l->p) >= sizeof directive - 1 &&
            memcmp(l->p, directive, sizeof directive - 1) == 0)
            l->noescape = true;
        while (l->p < l->end && *l->p != '\n')
            skip(l, 1);
        if (semi)
            semicolon(l, pos);
        return semi;
    }
    skip(l, 2);
    while (l->p < l->end && !(l->p[0] == '*' && peek(l, 1) == '/')) {
        newline = newline || *l->p == '\n';
        skip(l, 1);
    }
    if (l->p == l->end)
        gosrc_broken(l->src, pos, "comment not terminated");
    skip(l, 2);
    if (semi && newline)
        semicolon(l, pos);
    return semi && newline;
}

/* Skips what separates tokens. True when that itself was a token. */
static bool blanks(struct golex *l, bool semi)
{
    for (;;) {
        const char c = peek(l, 0);

        if (l->p < l->end && (c == ' ' || c == '\t' || c == '\r' || (c == '\n' && !semi))) {
            skip(l, 1);
        } else if (c == '/' && (peek(l, 1) == '/' || peek(l, 1) == '*')) {
            if (comment(l, semi))
                return true;
        } else {
            break;
        }
    }
    if (semi && (l->p == l->end || *l->p == '\n')) {
        semicolon(l, here(l));
        skip(l, 1);
        return true;
    }
    return false;
}

static void word(struct golex *l, const char *from)
{
    while (l->p < l->end && name_byte(*l->p))
        skip(l, 1);
    l->text = gomem_text(&l->src->mem, from, (size_t)(l->p - from));
    l->tok = TOK_NAME;
    for (int t = TOK_BREAK; t < TOK_COUNT; t++)
        if (strcmp(names[t], l->text) == 0)
            l->tok = (enum gotok)t;
    l->semi = l->tok == TOK_NAME || l->tok == TOK_BREAK || l->tok == TOK_CONTINUE ||
        l->tok == TOK_FALLTHROUGH || l->tok == TOK_RETURN;
}

static void number(struct golex *l, const char *from)
{
    const bool hex = peek(l, 0) == '0' && (peek(l, 1) | 32) == 'x';

    l->tok = TOK_INT;
    for (; l->p < l->end; skip(l, 1)) {
        const char c = *l->p, before = l->p > from ? l->p[-1] : '\0';

        if (c == '.' || (!hex && (c | 32) == 'e') || (hex && (c | 32) == 'p'))
            l->tok = TOK_FLOAT;
        else if ((c == '+' || c == '-') && (before | 32) == (hex ? 'p' : 'e'))
            continue;
        else if (!isalnum((unsigned char)c) && c != '_')
            break;
    }
    if (l->p[-1] == 'i')
        l->tok = TOK_IMAGINARY;
    l->text = gomem_text(&l->src->mem, from, (size_t)(l->p - from));
}

static void quoted(struct golex *l, const char *from)
{
    const char quote = *l->p;
    const struct flow_pos pos = here(l);

    skip(l, 1);
    while (l->p < l->end && *l->p != quote && (quote == '`' || *l->p != '\n'))
        skip(l, quote != '`' && *l->p == '\\' && peek(l, 1) != '\n' ? 2 : 1);
    if (l->p == l->end || *l->p != quote)
        gosrc_broken(l->src, pos, "%s not terminated", quote == '\'' ? "rune literal" : "string");
    skip(l, 1);
    l->tok = quote == '\'' ? TOK_RUNE : TOK_STRING;
    if (memchr(from, 0, (size_t)(l->p - from)) != NULL)
        gosrc_broken(l->src, pos, "invalid NUL character");
    l->text = gomem_text(&l->src->mem, from, (size_t)(l->p - from));
}

static void operation(struct golex *l)
{
    for (int t = TOK_SHL_ASSIGN; t <= TOK_TILDE; t++) {
        const size_t n = strlen(names[t]);

        if ((size_t)(l->end - l->p) < n || memcmp(l->p, names[t], n) != 0)
            continue;
        l->tok = (enum gotok)t;
        l->text = names[t];
        l->semi = t == TOK_RPAREN || t == TOK_RBRACKET || t == TOK_RBRACE || t == TOK_INC ||
            t == TOK_DEC;
        skip(l, n);
        return;
    }
    gosrc_broken(l->src, here(l), "invalid character 0x%02x", (unsigned)(unsigned char)*l->p);
}

void golex_next(struct golex *l)
{
    const bool semi = l->semi;
    const char *from;

    l->semi = l->newline = false;
    if (blanks(l, semi))
        return;
    l->pos = here(l);
    from = l->p;
    if (l->p == l->end) {
        l->tok = TOK_END;
        l->text = names[TOK_END];
    } else if (isdigit((unsigned char)*l->p) ||
        (*l->p == '.' && isdigit((unsigned char)peek(l, 1)))) {
        number(l, from);
        l->semi = true;
    } else if (name_byte(*l->p)) {
        word(l, from);
    } else if (*l->p == '"' || *l->p == '\'' || *l->p == '`') {
        quoted(l, from);
        l->semi = true;
    } else {
        operation(l);
    }
}

void golex_start(struct golex *l, struct gosrc *src)
{
    *l = (struct golex){.src = src, .p = src->text, .end = src->text + src->size, .line = 1,
        .col = 1};
    golex_next(l);
}
