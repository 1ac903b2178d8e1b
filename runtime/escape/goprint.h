/*
 * goprint.h - expressions as the compiler prints them in its messages.
 *
 * Go: cmd/compile/internal/ir/fmt.go; syntax/printer.go for constants.
 */
#ifndef GORT_GOPRINT_H
#define GORT_GOPRINT_H

#include "gosrc.h"

/* A typed tree. */
const char *goprint_node(struct gosrc *s, const struct gonode *n);

/* An expression as it stands in the source: how constants are printed. */
const char *goprint_syntax(struct gosrc *s, const struct gosyn *n);

#endif
