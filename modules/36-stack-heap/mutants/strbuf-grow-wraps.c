/* mutant: 36.3.grow_refuses_what_overflows -- len + n + 1 may wrap around to a small number */
/*
 * strbuf.c - a buffer that grows, and is used again and again.
 *
 * Growth pays for itself twice. Each new capacity is at least double the old one, so n
 * bytes cost about log n allocations; and a reset keeps the memory, so that from the
 * second use on there are none at all. What was once very large is not kept: one giant
 * among a thousand small texts would otherwise hold its memory for good.
 *
 * Invariants, checked by check() in check builds:
 *   I1  data is NULL exactly while cap is 0, and then len is 0
 *   I2  len < cap while there is memory: the NUL has its place
 *   I3  data[len] is NUL while there is memory
 *
 * Refused: room inside the struct for short texts. It saves the first allocation, but
 * then a copy of the struct points into the original, and a detach has to copy.
 * Growing by a fixed step: n bytes would cost n / step allocations, and as many copies.
 *
 * Go: Buffer in bytes/buffer.go (grow, Reset, Truncate), Builder in strings/builder.go;
 * the limit on what is kept is (*pp).free in fmt/print.go. Module 36, exercise 3.
 */
#include "strbuf.h"

#include "fatal.h"

#include <stdlib.h>
#include <string.h>

/* The longest decimal int64_t, -9223372036854775808, without a NUL. */
enum { INT64_TEXT = 20 };

static void check(const struct strbuf *b)
{
    INVARIANT("strbuf", "I1" && (b->data == NULL) == (b->cap == 0));
    INVARIANT("strbuf", "I1" && (b->cap > 0 || b->len == 0));
    INVARIANT("strbuf", "I2" && (b->cap == 0 || b->len < b->cap));
    INVARIANT("strbuf", "I3" && (b->cap == 0 || b->data[b->len] == '\0'));
}

/* Twice a capacity fits a size_t: malloc gives no block of more than PTRDIFF_MAX. */
static size_t next_cap(size_t cap, size_t need)
{
    size_t next = cap * 2;

    if (next < STRBUF_MIN)
        next = STRBUF_MIN;
    return next < need ? need : next;
}

bool strbuf_grow(struct strbuf *b, size_t n)
{
    size_t need, cap;
    char *data;

    need = b->len + n + 1;
    if (need <= b->cap)
        return true;

    cap = next_cap(b->cap, need);
    data = realloc(b->data, cap);
    if (data == NULL)                           /* the old block is still b->data */
        return false;
    data[b->len] = '\0';                        /* I3, when this is the first block */
    b->data = data;
    b->cap = cap;
    check(b);
    return true;
}

/* Whether p points into b's memory. Numbers, because C orders only pointers into the
   same array. One unsigned difference asks for both ends, and says no while cap is 0. */
static bool owns(const struct strbuf *b, const void *p)
{
    return (uintptr_t)p - (uintptr_t)b->data < b->cap;
}

bool strbuf_append(struct strbuf *b, const void *p, size_t n)
{
    bool own = owns(b, p);
    size_t at = own ? (size_t)((const char *)p - b->data) : 0;

    if (n == 0)
        return true;                            /* p may be NULL then */
    if (!strbuf_grow(b, n))
        return false;
    if (own)
        p = b->data + at;                       /* the bytes moved with the buffer */
    memmove(b->data + b->len, p, n);
    b->len += n;
    b->data[b->len] = '\0';
    check(b);
    return true;
}

bool strbuf_append_int(struct strbuf *b, int64_t v)
{
    char text[INT64_TEXT];                      /* filled from its end */
    char *p = text + sizeof text;
    uint64_t rest = v < 0 ? 0 - (uint64_t)v : (uint64_t)v;  /* -v may not fit */

    do {
        *--p = (char)('0' + rest % 10);
        rest /= 10;
    } while (rest != 0);
    if (v < 0)
        *--p = '-';
    return strbuf_append(b, p, (size_t)(text + sizeof text - p));
}

const char *strbuf_cstr(const struct strbuf *b)
{
    return b->data != NULL ? b->data : "";
}

void strbuf_truncate(struct strbuf *b, size_t n)
{
    if (n >= b->len)
        return;
    b->len = n;
    b->data[n] = '\0';
    check(b);
}

void strbuf_reset(struct strbuf *b)
{
    if (b->cap > STRBUF_KEEP)
        strbuf_free(b);
    else
        strbuf_truncate(b, 0);
}

char *strbuf_detach(struct strbuf *b, size_t *len)
{
    char *data = b->data;

    if (len != NULL)
        *len = b->len;
    if (data == NULL)
        return calloc(1, 1);                    /* "" */
    *b = (struct strbuf){0};                    /* what we no longer own, we forget */
    return data;
}

void strbuf_free(struct strbuf *b)
{
    free(b->data);
    *b = (struct strbuf){0};
}
