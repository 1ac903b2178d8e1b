/*
 * select.h - waits for the first of several channels.
 *
 *     struct chan_case cases[] = {CASE_RECV(in, &v), CASE_SEND(out, &w)};
 *     switch (gort_select(cases, 2, true)) {
 *     case 0: ...     v was received, or in is closed: cases[0].ok says which
 *     case 1: ...     w was sent
 *     }
 *
 * Go: selectgo in runtime/select.go.
 */
#ifndef GORT_SELECT_H
#define GORT_SELECT_H

#include <stdbool.h>

#include "chan.h"

struct chan_case {
    struct chan *c;             /* NULL: this case never happens */
    void *value;                /* sent from here, received into here; NULL: into nothing */
    bool send;                  /* else receive */
    bool ok;                    /* a receive that happened: it was a value, not the close */
};

#define CASE_RECV(c, v) {(c), (v), false, false}
#define CASE_SEND(c, v) {(c), (v), true, false}

enum { SELECT_CASES = 65536 };  /* most of them */

/* Does one of the n cases and returns its number; when several can be done, each of them is
   as likely. When none can: waits until one can, if `block`, else returns -1 at once. A send
   to a closed channel panics. Without cases it waits for ever. Only a goroutine. */
int gort_select(struct chan_case *cases, int n, bool block);

#endif
