/*
 * rtype.h - what the runtime must know of a type: its size and its pointers.
 *
 * A descriptor is made once, is never changed and is never freed. Where a function
 * takes one, NULL stands for "bytes": no pointers, the size given beside it.
 *
 * Go: _type in runtime/type.go. Module 38 grows it.
 */
#ifndef GORT_RTYPE_H
#define GORT_RTYPE_H

#include <stddef.h>
#include <stdint.h>

struct rtype {
    const char *name;           /* as it stands in the program: "struct node" */
    size_t size;                /* bytes of one value; may be 0 */
    uint32_t nptr;              /* how many of its words are pointers */
    const uint32_t *ptroff;     /* their offsets in bytes, nptr of them */
};

#endif
