/*
 * classrule.h - where the size classes come from.
 *
 * Used by mksizeclass.c, which writes sizeclass_table.h, and by the unit tests, which look
 * whether the checked-in table is still what it writes; nothing at run time needs it.
 *
 * Go: runtime/mksizeclasses.go.
 */
#ifndef GORT_CLASSRULE_H
#define GORT_CLASSRULE_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct classrule {
    size_t size;                /* bytes of one slot */
    size_t pages;               /* pages of one span */
};

/* Derives the classes into c, which has room for max of them, class 0 first. Returns how
   many there are, at most max. */
uint32_t classrule_derive(struct classrule *c, uint32_t max);

/* Writes sizeclass_table.h. 0 when every byte was written, -1 otherwise. */
int classrule_write(FILE *out);

#endif
