/*
 * strbuf.c - a buffer that grows, and is used again and again.
 *
 * Module 36, exercise 3. The contract of every function is in strbuf.h; this file is
 * yours. Three things hold between any two calls; a helper may check them:
 *   data is NULL exactly while cap is 0
 *   len < cap while there is memory
 *   data[len] is NUL while there is memory
 *
 *     make check MOD=36 EX=3
 */
#include "strbuf.h"

#include "fatal.h"

#include <stdlib.h>
#include <string.h>

/* TODO(ex3): room for n more bytes and the NUL. First see whether len + n + 1 fits a
   size_t; then whether the room is there already; only then allocate. Keep the old
   block until the new one is sure: on false, b is as it was. */
bool strbuf_grow(struct strbuf *b, size_t n)
{
    (void)b;
    (void)n;
    rt_todo("ex3", "strbuf_grow");
}

/* TODO(ex3): n bytes at the end. p may point into b's own bytes, and growing may move
   them: remember where p was, as a distance, before you grow. When n is 0, p may be
   NULL. */
bool strbuf_append(struct strbuf *b, const void *p, size_t n)
{
    (void)b;
    (void)p;
    (void)n;
    rt_todo("ex3", "strbuf_append");
}

/* TODO(ex3): v in decimal at the end. The digits come last one first; a local array is
   the place for them. INT64_MIN has no positive twin. */
bool strbuf_append_int(struct strbuf *b, int64_t v)
{
    (void)b;
    (void)v;
    rt_todo("ex3", "strbuf_append_int");
}

/* TODO(ex3): the bytes as a C string, without an allocation and never NULL. */
const char *strbuf_cstr(const struct strbuf *b)
{
    (void)b;
    rt_todo("ex3", "strbuf_cstr");
}

/* TODO(ex3): the first n bytes stay, and so does the memory. The NUL moves, too. */
void strbuf_truncate(struct strbuf *b, size_t n)
{
    (void)b;
    (void)n;
    rt_todo("ex3", "strbuf_truncate");
}

/* TODO(ex3): empty, ready for the next use. Keep the memory, unless it is a giant: more
   than STRBUF_KEEP bytes are given back. */
void strbuf_reset(struct strbuf *b)
{
    (void)b;
    rt_todo("ex3", "strbuf_reset");
}

/* TODO(ex3): give the bytes to the caller, who frees them from now on. What b no longer
   owns, it must forget. An empty buffer gives an allocated "". */
char *strbuf_detach(struct strbuf *b, size_t *len)
{
    (void)b;
    (void)len;
    rt_todo("ex3", "strbuf_detach");
}

/* TODO(ex3): give the memory back, and leave a buffer that can be used again. */
void strbuf_free(struct strbuf *b)
{
    (void)b;
    rt_todo("ex3", "strbuf_free");
}
