/*
 * gomem.c - the memory of one run of the tool: taken piece by piece, freed all at once.
 *
 * Trees, types and texts point at each other in every direction and live until the run
 * ends; asking who owns which would answer nothing. The flow graph, which is made and
 * freed once a batch, is not kept here.
 *
 * Invariants:
 *   I1  what was handed out is zeroed, aligned for any type, and never moves
 *
 * Refused: freeing single pieces. A list that grows leaves its old array behind; doubling
 * bounds the waste by the size of the final array.
 *
 * Go: none; the compiler has a garbage collector. Module 37.
 */
#include "gomem.h"

#include "fatal.h"

#include <stdalign.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CHUNK = 64 << 10 };

struct gomem_chunk {
    struct gomem_chunk *next;
    size_t used, size;
    alignas(max_align_t) char bytes[];
};

void *gomem_get(struct gomem *m, size_t size)
{
    struct gomem_chunk *c = m->chunks;
    void *p;

    size = (size + alignof(max_align_t) - 1) & ~(alignof(max_align_t) - 1);
    if (c == NULL || c->size - c->used < size) {
        const size_t room = size > CHUNK ? size : CHUNK;

        c = calloc(1, sizeof *c + room);
        if (c == NULL)
            rt_throw("gomem", "no memory for the source's tree");
        c->size = room;
        c->next = m->chunks;
        m->chunks = c;
    }
    p = c->bytes + c->used;
    c->used += size;
    return p;
}

char *gomem_text(struct gomem *m, const char *s, size_t n)
{
    char *text = gomem_get(m, n + 1);

    memcpy(text, s, n);
    return text;
}

char *gomem_vformat(struct gomem *m, const char *format, va_list args)
{
    char text[GOMEM_TEXT + 1];
    const int n = vsnprintf(text, sizeof text, format, args);

    if (n < 0)
        rt_throw("gomem", "a text could not be formatted");
    if (n > GOMEM_TEXT) {
        memcpy(text + GOMEM_TEXT - 3, "...", 4);
        return gomem_text(m, text, GOMEM_TEXT);
    }
    return gomem_text(m, text, (size_t)n);
}

char *gomem_format(struct gomem *m, const char *format, ...)
{
    va_list args;
    char *text;

    va_start(args, format);
    text = gomem_vformat(m, format, args);
    va_end(args);
    return text;
}

void *gomem_room(struct gomem *m, void *at, uint32_t n, uint32_t *cap, size_t size)
{
    void *more;

    if (n < *cap)
        return at;
    *cap = *cap == 0 ? 4 : *cap * 2;
    more = gomem_get(m, *cap * size);
    if (n > 0)
        memcpy(more, at, n * size);
    return more;
}

void gomem_free(struct gomem *m)
{
    while (m->chunks != NULL) {
        struct gomem_chunk *next = m->chunks->next;

        free(m->chunks);
        m->chunks = next;
    }
}
