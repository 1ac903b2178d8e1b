/*
 * gstack.h - stacks for goroutines, in slots of one arena.
 *
 * A slot is aligned to its size, so that any address on a stack tells which slot it is in.
 * Near its top lies the record of the stack, at its bottom a page that nobody may touch.
 *
 * Go: runtime/stack.go. Go's stacks grow by moving; a C stack cannot move.
 */
#ifndef GORT_GSTACK_H
#define GORT_GSTACK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ctx.h"

/* Bytes of a slot, a power of two: the address space of one stack, not its memory. Programs
   with a million goroutines compile the runtime with 64 KiB. */
#ifndef GORT_STACK
#define GORT_STACK (256 << 10)
#endif

struct g;

enum {
    GSTACK_SLOT = GORT_STACK,
    GSTACK_GUARD = 4096,
    GSTACK_COLOURS = 16,        /* how many places a record has in its slot, */
    GSTACK_COLOUR = 128,        /* and how many bytes one is from the next */
};

struct gstack {                 /* near the end of its slot: see gstack_of */
    /* Whoever runs on it or holds it: */
    struct ctx ctx;
    struct g *g;                /* who runs on it */
    struct gstack *next;        /* in a list of free ones */
} __attribute__((aligned(64)));

/* Reserves the arena. fn is what begins on each stack; it never returns. Once. */
void gstack_init(void (*fn)(void));

/* Where the arena is. */
uintptr_t gstack_arena(size_t *size);

/* A stack that is the caller's, in a context that either has not begun or stopped in the
   middle of fn. Throws when there is no memory. */
struct gstack *gstack_get(void);

/* Gives `n` stacks back, a list through `next`, each stopped in fn. */
void gstack_put(struct gstack *first, uint32_t n);

/* Makes s begin with fn instead, at its next switch. */
void gstack_begin_with(struct gstack *s, void (*fn)(void));

/* Gives the memory of free stacks back, all but GSTACK_KEEP of them. */
enum { GSTACK_KEEP = 1024 };
void gstack_trim(void);

/* The stack that addr is on; NULL when it is on none. Any address, from anywhere. */
struct gstack *gstack_at(uintptr_t addr);

/* True when addr is in the page below some stack. */
bool gstack_is_guard(uintptr_t addr);

/* Where frames begin: below the record. */
static inline uintptr_t gstack_top(const struct gstack *s)
{
    return (uintptr_t)s;
}

/* The record of the slot that addr is in; addr must be on a stack of the arena. */
static inline struct gstack *gstack_of(uintptr_t addr)
{
    uintptr_t end = (addr | (GSTACK_SLOT - 1)) + 1;

    return (struct gstack *)(end - addr / GSTACK_SLOT % GSTACK_COLOURS * GSTACK_COLOUR) - 1;
}

struct gstack_stats {
    size_t slots, used, free, trimmed;
};
void gstack_stats(struct gstack_stats *out);

/* The number of the first broken invariant of gstack.c, 0 when all hold. */
int gstack_check(const struct gstack *s);

#endif
