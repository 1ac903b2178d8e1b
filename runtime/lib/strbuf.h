/*
 * strbuf.h - a buffer that grows, and is used again and again.
 *
 * The seam of module 36, exercise 3. Unlike a slice's, its memory is the caller's to
 * free: malloc, realloc and free. A struct strbuf of zero bytes is an empty buffer.
 * One thread at a time.
 *
 * Go: bytes.Buffer and strings.Builder; the cap on what is kept is fmt's for its pool of
 * buffers (fmt/print.go, (*pp).free).
 */
#ifndef GORT_STRBUF_H
#define GORT_STRBUF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    STRBUF_MIN = 64,            /* bytes: the first capacity */
    STRBUF_KEEP = 64 << 10,     /* bytes: a reset gives up what is larger */
};

struct strbuf {
    char *data;                 /* NULL only while cap is 0; data[len] is NUL otherwise */
    size_t len;                 /* bytes written */
    size_t cap;                 /* bytes allocated; len < cap, for the NUL */
};

/* Makes room for n more bytes and the NUL. The new capacity is the largest of
   STRBUF_MIN, twice the old one and what is needed. False when memory ran out or the
   size overflows; the buffer is then as it was. At most one allocation; none when the
   room is there. */
bool strbuf_grow(struct strbuf *b, size_t n);

/* Appends n bytes at p, which may lie inside the buffer itself. False as strbuf_grow. */
bool strbuf_append(struct strbuf *b, const void *p, size_t n);

/* Appends v in decimal. Allocates only to grow. False as strbuf_grow. */
bool strbuf_append_int(struct strbuf *b, int64_t v);

/* The bytes as a C string: valid until the next call that writes to b. "" when empty;
   never NULL. Allocates nothing. */
const char *strbuf_cstr(const struct strbuf *b);

/* Cuts the buffer to n bytes; more than it holds leaves it as it is. Keeps its memory. */
void strbuf_truncate(struct strbuf *b, size_t n);

/* Empties it for the next use. Keeps its memory up to STRBUF_KEEP bytes, frees more. */
void strbuf_reset(struct strbuf *b);

/* Gives the bytes away: the caller frees them. b is empty afterwards and takes no part.
   *len, where len is not NULL, is set. An empty buffer gives an allocated "", NULL only
   when memory ran out. */
char *strbuf_detach(struct strbuf *b, size_t *len);

/* Frees what it holds and makes it empty; it may be used again. */
void strbuf_free(struct strbuf *b);

#endif
