/*
 * gomem.h - the memory of one run of the tool: taken piece by piece, freed all at once.
 */
#ifndef GORT_GOMEM_H
#define GORT_GOMEM_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

struct gomem {
    struct gomem_chunk *chunks; /* the newest first */
};

/* `size` bytes of zeros. Ends the process when there is no memory. */
void *gomem_get(struct gomem *m, size_t size);

/* A copy of n bytes, with a NUL behind them. */
char *gomem_text(struct gomem *m, const char *s, size_t n);

/* As printf. A text of more than GOMEM_TEXT bytes is cut and ends with "...". */
enum { GOMEM_TEXT = 4000 };
char *gomem_format(struct gomem *m, const char *format, ...) __attribute__((format(printf, 2, 3)));
char *gomem_vformat(struct gomem *m, const char *format, va_list args);

/* Room for one more element: the array itself, or a copy of twice its length. */
void *gomem_room(struct gomem *m, void *at, uint32_t n, uint32_t *cap, size_t size);

void gomem_free(struct gomem *m);

/* A list of T is a struct with T *at, n and cap; this appends x. */
#define GOMEM_ADD(m, list, x) \
    ((list)->at = gomem_room((m), (list)->at, (list)->n, &(list)->cap, sizeof *(list)->at), \
        (list)->at[(list)->n++] = (x))

#endif
