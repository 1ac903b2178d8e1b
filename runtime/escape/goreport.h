/*
 * goreport.h - what the solved graph means, in the compiler's words.
 *
 * Go: finish and paramTag in cmd/compile/internal/escape/escape.go.
 */
#ifndef GORT_GOREPORT_H
#define GORT_GOREPORT_H

#include "gosrc.h"

/* A line of its own. */
void goreport_note(struct gosrc *s, struct flow_pos pos, const char *text);

/* Tags a solved function and the closures in it, and reports their parameters. */
void goreport_function(struct gosrc *s, struct gofunc *f);

/* Reports the variables and allocations of a solved graph; writes it to s->dot, if set. */
void goreport_graph(struct gosrc *s, const struct flow_graph *g);

/* Sorts s->diags by position and text, and drops what is there twice. */
void goreport_sort(struct gosrc *s);

/* Prints them as `LINE:COL: text`, with the chains behind them if there are. */
void goreport_print(const struct gosrc *s, FILE *out);

#endif
