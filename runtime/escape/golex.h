/*
 * golex.h - the tokens of Go, with the positions the compiler gives them.
 *
 * Go: cmd/compile/internal/syntax/scanner.go and tokens.go.
 */
#ifndef GORT_GOLEX_H
#define GORT_GOLEX_H

#include <stdbool.h>

enum gotok {
    TOK_END, TOK_NAME,
    TOK_INT, TOK_FLOAT, TOK_STRING, TOK_RUNE, TOK_IMAGINARY,
    /* operators, from the longest to the shortest */
    TOK_SHL_ASSIGN, TOK_SHR_ASSIGN, TOK_ANDNOT_ASSIGN, TOK_DOTS,
    TOK_ANDAND, TOK_OROR, TOK_ARROW, TOK_INC, TOK_DEC, TOK_EQ, TOK_NE, TOK_LE, TOK_GE, TOK_DEFINE,
    TOK_ADD_ASSIGN, TOK_SUB_ASSIGN, TOK_MUL_ASSIGN, TOK_DIV_ASSIGN, TOK_MOD_ASSIGN,
    TOK_AND_ASSIGN, TOK_OR_ASSIGN, TOK_XOR_ASSIGN, TOK_SHL, TOK_SHR, TOK_ANDNOT,
    TOK_ADD, TOK_SUB, TOK_MUL, TOK_DIV, TOK_MOD, TOK_AND, TOK_OR, TOK_XOR, TOK_LT, TOK_GT,
    TOK_ASSIGN, TOK_NOT, TOK_LPAREN, TOK_RPAREN, TOK_LBRACKET, TOK_RBRACKET, TOK_LBRACE,
    TOK_RBRACE, TOK_COMMA, TOK_SEMI, TOK_DOT, TOK_COLON, TOK_TILDE,
    /* keywords, by the alphabet */
    TOK_BREAK, TOK_CASE, TOK_CHAN, TOK_CONST, TOK_CONTINUE, TOK_DEFAULT, TOK_DEFER, TOK_ELSE,
    TOK_FALLTHROUGH, TOK_FOR, TOK_FUNC, TOK_GO, TOK_GOTO, TOK_IF, TOK_IMPORT, TOK_INTERFACE,
    TOK_MAP, TOK_PACKAGE, TOK_RANGE, TOK_RETURN, TOK_SELECT, TOK_STRUCT, TOK_SWITCH, TOK_TYPE,
    TOK_VAR,
    TOK_COUNT,
};

struct gosrc;

#include "flow.h"

struct golex {
    struct gosrc *src;
    const char *p, *end;
    uint32_t line, col;         /* of p */
    bool semi;                  /* a line end here is a semicolon */

    /* The token. */
    enum gotok tok;
    struct flow_pos pos;
    const char *text;           /* of a name, a literal or an operator */
    bool newline;               /* a semicolon that is the end of a line or of the source */
    bool noescape;              /* a line //go:noescape came before it; the parser clears it */
};

/* Begins at the first byte; the first token is there. */
void golex_start(struct golex *l, struct gosrc *src);

/* The next token. Gives up on bytes that begin none. */
void golex_next(struct golex *l);

/* A token as it is written; for names and literals, what they are. */
const char *golex_name(enum gotok tok);

/* 1 to 5 for a binary operator, 0 for any other token. 3 are comparisons. */
int golex_precedence(enum gotok tok);

#endif
