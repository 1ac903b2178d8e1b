/*
 * goself.h - assignments that move nothing: b.buf = b.buf[1:], p.x = p.y.
 *
 * Go: cmd/compile/internal/escape/utils.go.
 */
#ifndef GORT_GOSELF_H
#define GORT_GOSELF_H

#include "gosrc.h"

/* Whether dst = src only moves pointers about within one object, which escape analysis
   ignores. */
bool goself_assignment(struct gosrc *s, const struct gonode *dst, const struct gonode *src);

#endif
