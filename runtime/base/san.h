/*
 * san.h - tells Memcheck and AddressSanitizer what the heap's bytes are.
 *
 * To these tools the heap is one mapping in which everything is allowed. With these calls
 * they report reads past the size that was asked for, inside its slot, and reads of a slot
 * that was swept. Objects are not "blocks" to them: nobody frees one, so none is a leak.
 */
#ifndef GORT_SAN_H
#define GORT_SAN_H

#include <stdbool.h>
#include <stddef.h>

/* True when somebody is watching: then every object must pass through san_object. */
bool san_watching(void);

/* p is n bytes of heap address space, for ever: pointers in it keep malloc's blocks from
   being leaks. Once, when the range is reserved. */
void san_heap(void *p, size_t n);

/* Nobody may read or write these n bytes until san_open. */
void san_hide(const void *p, size_t n);

/* These n bytes may be used; what they hold is not known. */
void san_open(const void *p, size_t n);

#endif
