/*
 * goconst.c - constants: what literals say, and what operators make of them.
 *
 * Invariants:
 *   I1  an operation that does not fit its result is refused, never wrapped
 *   I2  a string is at most STRING_MAX bytes, so that a source cannot ask for more than it
 *       could write down
 *
 * Refused: numbers of any size, as go/constant has. Few sources need them, and no verdict
 * depends on more than an int32, except through shifts back down.
 *
 * Go: BinaryOp, UnaryOp, Shift and Compare in go/constant/value.go. Module 37.
 */
#include "goconst.h"

#include <stdlib.h>
#include <string.h>

enum { STRING_MAX = 1 << 20 };

struct goconst goconst_bool(bool b)
{
    return (struct goconst){.kind = GO_CBOOL, .i = b};
}

struct goconst goconst_int(int64_t i)
{
    return (struct goconst){.kind = GO_CINT, .i = i};
}

static struct goconst number(struct gosrc *s, const struct gosyn *lit)
{
    struct goconst c = {.kind = GO_CINT};
    const char *p = lit->text;
    int base = 10;

    if (p[0] == '0' && p[1] != '\0') {
        const char x = p[1] | 32;

        base = x == 'x' ? 16 : x == 'b' ? 2 : 8;
        p += x == 'x' || x == 'b' || x == 'o' ? 2 : 1;
    }
    for (; *p != '\0'; p++) {
        const int digit = *p >= '0' && *p <= '9' ? *p - '0' : (*p | 32) >= 'a' && (*p | 32) <= 'f' ?
            (*p | 32) - 'a' + 10 : 99;

        if (*p == '_')
            continue;
        if (digit >= base)
            gosrc_broken(s, lit->pos, "invalid digit '%c' in integer %s", *p, lit->text);
        if (__builtin_mul_overflow(c.i, (__int128)base, &c.i) ||
            __builtin_add_overflow(c.i, (__int128)digit, &c.i))
            gosrc_unsupported(s, lit->pos, "a constant of more than 127 bits");
    }
    return c;
}

/* The bytes of a rune. */
static size_t utf8(uint32_t r, char *out)
{
    if (r < 0x80) {
        out[0] = (char)r;
        return 1;
    }
    if (r < 0x800) {
        out[0] = (char)(0xC0 | r >> 6);
        out[1] = (char)(0x80 | (r & 63));
        return 2;
    }
    if (r < 0x10000) {
        out[0] = (char)(0xE0 | r >> 12);
        out[1] = (char)(0x80 | (r >> 6 & 63));
        out[2] = (char)(0x80 | (r & 63));
        return 3;
    }
    out[0] = (char)(0xF0 | r >> 18);
    out[1] = (char)(0x80 | (r >> 12 & 63));
    out[2] = (char)(0x80 | (r >> 6 & 63));
    out[3] = (char)(0x80 | (r & 63));
    return 4;
}

/* The number in at most n digits of the base; *p moves behind them. */
static uint32_t digits(const char **p, int n, int base)
{
    char text[9];
    int k = 0;

    while (k < n && k < 8 && (*p)[k] != '\0' && strchr("0123456789abcdefABCDEF", (*p)[k]) != NULL) {
        text[k] = (*p)[k];
        k++;
    }
    text[k] = '\0';
    *p += k;
    return (uint32_t)strtoul(text, NULL, base);
}

/* What the escape behind a backslash stands for. *byte says it is a byte and not a rune. */
static uint32_t escape(const char **p, bool *byte)
{
    static const char from[] = "abfnrtv\\'\"", to[] = "\a\b\f\n\r\t\v\\'\"";
    const char c = *(*p)++;
    const char *at = c == '\0' ? NULL : strchr(from, c);

    *byte = true;
    if (at != NULL)
        return (unsigned char)to[at - from];
    if (c == 'x')
        return digits(p, 2, 16) & 255;
    *byte = false;
    if (c == 'u')
        return digits(p, 4, 16) & 0x1FFFFF;
    if (c == 'U')
        return digits(p, 8, 16) & 0x1FFFFF;
    *byte = true;
    (*p)--;
    return digits(p, 3, 8) & 255;
}

static struct goconst string(struct gosrc *s, const char *text)
{
    char *out = gomem_get(&s->mem, strlen(text) * 4 + 1);
    struct goconst c = {.kind = GO_CSTRING, .s = out};
    const bool raw = text[0] == '`';
    const char *p = text + 1, *end = text + strlen(text) - 1;

    while (p < end) {
        bool byte;
        uint32_t r;

        if (*p != '\\' || raw) {
            if (!raw || *p != '\r')
                out[c.len++] = *p;
            p++;
            continue;
        }
        p++;
        r = escape(&p, &byte);
        if (byte)
            out[c.len++] = (char)r;
        else
            c.len += utf8(r, out + c.len);
    }
    return c;
}

static uint32_t rune(const char *text)
{
    const unsigned char *p = (const unsigned char *)text + 1;
    const char *q = text + 2;
    uint32_t r = p[0];
    bool byte;

    if (r == '\\')
        return escape(&q, &byte);
    if (r < 0xC0)
        return r;
    r &= r >= 0xF0 ? 7 : r >= 0xE0 ? 15 : 31;
    while ((*++p & 0xC0) == 0x80)
        r = (r << 6 | (*p & 63)) & 0x1FFFFF;
    return r;
}

struct goconst goconst_literal(struct gosrc *s, const struct gosyn *lit)
{
    struct goconst c = {.kind = GO_COTHER};

    switch (lit->tok) {
    case TOK_INT:
        return number(s, lit);
    case TOK_FLOAT:
        c.kind = GO_CFLOAT;
        c.d = strtod(lit->text, NULL);
        return c;
    case TOK_STRING:
        return string(s, lit->text);
    case TOK_RUNE:
        return goconst_int(rune(lit->text));
    default:
        return c;
    }
}

static struct goconst compared(enum gotok op, int order)
{
    switch (op) {
    case TOK_EQ: return goconst_bool(order == 0);
    case TOK_NE: return goconst_bool(order != 0);
    case TOK_LT: return goconst_bool(order < 0);
    case TOK_LE: return goconst_bool(order <= 0);
    case TOK_GT: return goconst_bool(order > 0);
    default: return goconst_bool(order >= 0);
    }
}

static struct goconst strings(struct gosrc *s, struct flow_pos pos, enum gotok op,
    struct goconst a, struct goconst b)
{
    const size_t common = a.len < b.len ? a.len : b.len;
    const int order = common > 0 ? memcmp(a.s, b.s, common) : 0;
    char *out;

    if (op != TOK_ADD)
        return compared(op, order != 0 ? order : (a.len > b.len) - (a.len < b.len));
    if (a.len + b.len > STRING_MAX)
        gosrc_unsupported(s, pos, "a constant string of more than %d bytes", STRING_MAX);
    gosrc_work(s, (uint32_t)(a.len + b.len) / 16);
    out = gomem_get(&s->mem, a.len + b.len + 1);
    memcpy(out, a.s, a.len);
    memcpy(out + a.len, b.s, b.len);
    return (struct goconst){.kind = GO_CSTRING, .s = out, .len = a.len + b.len};
}

static struct goconst shifted(struct gosrc *s, struct flow_pos pos, enum gotok op,
    struct goconst a, struct goconst b)
{
    if (b.i < 0)
        gosrc_broken(s, pos, "negative shift count");
    if (op == TOK_SHR) {
        a.i >>= b.i > 126 ? 126 : (int)b.i;
        return a;
    }
    for (; a.i != 0 && b.i > 0; b.i--)
        if (__builtin_add_overflow(a.i, a.i, &a.i))
            gosrc_unsupported(s, pos, "a constant of more than 127 bits");
    return a;
}

static struct goconst integers(struct gosrc *s, struct flow_pos pos, enum gotok op,
    struct goconst a, struct goconst b)
{
    bool over = false;

    if ((op == TOK_DIV || op == TOK_MOD) && b.i == 0)
        gosrc_broken(s, pos, "division by zero");
    switch (op) {
    case TOK_ADD: over = __builtin_add_overflow(a.i, b.i, &a.i); break;
    case TOK_SUB: over = __builtin_sub_overflow(a.i, b.i, &a.i); break;
    case TOK_MUL: over = __builtin_mul_overflow(a.i, b.i, &a.i); break;
    case TOK_DIV: a.i = b.i == -1 ? 0 - a.i : a.i / b.i; break;
    case TOK_MOD: a.i = b.i == -1 ? 0 : a.i % b.i; break;
    case TOK_AND: a.i &= b.i; break;
    case TOK_OR: a.i |= b.i; break;
    case TOK_XOR: a.i ^= b.i; break;
    case TOK_ANDNOT: a.i &= ~b.i; break;
    case TOK_SHL: case TOK_SHR: return shifted(s, pos, op, a, b);
    default: return compared(op, (a.i > b.i) - (a.i < b.i));
    }
    /* One bit is kept back, so that a negation always fits. */
    if (over || a.i > (__int128)1 << 126 || a.i < -((__int128)1 << 126))
        gosrc_unsupported(s, pos, "a constant of more than 126 bits");
    return a;
}

static struct goconst floats(struct gosrc *s, struct flow_pos pos, enum gotok op, double a,
    double b)
{
    struct goconst c = {.kind = GO_CFLOAT};

    switch (op) {
    case TOK_ADD: c.d = a + b; return c;
    case TOK_SUB: c.d = a - b; return c;
    case TOK_MUL: c.d = a * b; return c;
    case TOK_DIV:
        if (b == 0)
            gosrc_broken(s, pos, "division by zero");
        c.d = a / b;
        return c;
    case TOK_EQ: case TOK_NE: case TOK_LT: case TOK_LE: case TOK_GT: case TOK_GE:
        return compared(op, (a > b) - (a < b));
    default:
        gosrc_broken(s, pos, "operator %s not defined on constant floats", golex_name(op));
    }
}

static double as_double(struct goconst c)
{
    return c.kind == GO_CFLOAT ? c.d : (double)c.i;
}

struct goconst goconst_binary(struct gosrc *s, struct flow_pos pos, enum gotok op,
    struct goconst a, struct goconst b, bool integer)
{
    int64_t i;

    if (a.kind == GO_COTHER || b.kind == GO_COTHER) {
        if (golex_precedence(op) == 3)
            gosrc_unsupported(s, pos, "comparing complex constants");
        return (struct goconst){.kind = GO_COTHER};
    }
    if (a.kind == GO_CBOOL && b.kind == GO_CBOOL) {
        switch (op) {
        case TOK_ANDAND: return goconst_bool(a.i && b.i);
        case TOK_OROR: return goconst_bool(a.i || b.i);
        case TOK_EQ: case TOK_NE: return compared(op, a.i != b.i);
        default: break;
        }
    } else if (a.kind == GO_CSTRING && b.kind == GO_CSTRING) {
        if (op == TOK_ADD || golex_precedence(op) == 3)
            return strings(s, pos, op, a, b);
    } else if (a.kind != GO_CBOOL && b.kind != GO_CBOOL && a.kind != GO_CSTRING &&
        b.kind != GO_CSTRING && golex_precedence(op) >= 3) {
        if (a.kind == GO_CINT && b.kind == GO_CINT && (integer || op != TOK_DIV))
            return integers(s, pos, op, a, b);
        if ((op == TOK_SHL || op == TOK_SHR) && goconst_whole(a, &i)) {
            const int64_t n = i;

            if (goconst_whole(b, &i))
                return shifted(s, pos, op, goconst_int(n), goconst_int(i));
        }
        return floats(s, pos, op, as_double(a), as_double(b));
    }
    gosrc_broken(s, pos, "operator %s does not fit its constants", golex_name(op));
}

struct goconst goconst_unary(struct gosrc *s, struct flow_pos pos, enum gotok op, struct goconst a,
    enum gokind kind)
{
    const bool number = a.kind == GO_CINT || a.kind == GO_CFLOAT || a.kind == GO_COTHER;

    if (op == TOK_NOT ? a.kind != GO_CBOOL : op == TOK_XOR ? a.kind != GO_CINT : !number)
        gosrc_broken(s, pos, "operator %s does not fit its constant", golex_name(op));
    if (op == TOK_NOT) {
        a.i = !a.i;
    } else if (op == TOK_SUB) {
        a.i = 0 - a.i;
        a.d = -a.d;
    } else if (op == TOK_XOR) {
        a.i = ~a.i;
        if (kind == GO_UINT || kind == GO_UINT64 || kind == GO_UINTPTR)
            a.i &= ((__int128)1 << 64) - 1;
        else if (kind >= GO_UINT8 && kind <= GO_UINT32)
            a.i &= ((__int128)1 << (8 << (kind - GO_UINT8))) - 1;
    }
    return a;
}

bool goconst_whole(struct goconst a, int64_t *i)
{
    if (a.kind == GO_CFLOAT && a.d > -9e18 && a.d < 9e18 && a.d == (double)(int64_t)a.d) {
        *i = (int64_t)a.d;
        return true;
    }
    if (a.kind != GO_CINT || a.i > INT64_MAX || a.i < INT64_MIN)
        return false;
    *i = (int64_t)a.i;
    return true;
}

bool goconst_same(struct goconst a, struct goconst b)
{
    if (a.kind != b.kind || a.kind == GO_COTHER)
        return false;
    if (a.kind == GO_CSTRING)
        return a.len == b.len && (a.len == 0 || memcmp(a.s, b.s, a.len) == 0);
    return a.kind == GO_CFLOAT ? a.d == b.d : a.i == b.i;
}
