/*
 * lower.h - expressions become flows.
 *
 * To lower an expression is to say where its value goes: to a hole. A hole is a location
 * and how often the value is dereferenced before it gets there. `*e` into a hole is e into
 * the hole one deeper; `&e` is e into the hole one shallower.
 *
 * An expression comes with the facts that matter and without its types. Kids that are not
 * there are NULL.
 *
 * Go: cmd/compile/internal/escape/expr.go, assign.go, call.go and graph.go.
 */
#ifndef GORT_LOWER_H
#define GORT_LOWER_H

#include "flow.h"

enum lower_op {
    LOWER_NOTHING,              /* a constant, nil, a type, a function's name, `_` */
    LOWER_GLOBAL,               /* a variable of the package: lives in the heap already */
    LOWER_NAME,                 /* a local variable: `loc` */
    LOWER_ADDR,                 /* &x */
    LOWER_DEREF,                /* *x */
    LOWER_FIELD,                /* x.f of a struct, or the interface of x.M() */
    LOWER_PTRFIELD,             /* x.f of a pointer to a struct */
    LOWER_INDEX_ARRAY,          /* x[y] of an array */
    LOWER_INDEX,                /* x[y] of a slice, a string */
    LOWER_INDEX_MAP,            /* x[y] of a map */
    LOWER_SLICE,                /* x[y:z:w]; an array comes with its address taken */
    LOWER_ASSERT,               /* x.(T); `direct` tells T */
    LOWER_CONVERT,              /* T(x) that changes nothing */
    LOWER_INTERFACE,            /* x becomes an interface value; `direct`: without a box */
    LOWER_OPERATION,            /* operands are looked at and dropped: x+y, len(x), <-x */
    LOWER_STRING,               /* makes a string or its bytes: allocates, operands dropped */
    LOWER_NEW,                  /* new(T) */
    LOWER_MAKE,                 /* make of a slice or a map */
    LOWER_MAKE_CHAN,            /* make of a channel */
    LOWER_STRUCT,               /* T{kids} or [n]T{kids} */
    LOWER_SLICE_LITERAL,        /* []T{kids} */
    LOWER_MAP_LITERAL,          /* map[K]V{kids}, key and value in turn */
    LOWER_POINTER_LITERAL,      /* &T{}; its kid is the literal */
    LOWER_CLOSURE,              /* func(){...}; kids are the captured variables, as names */
    LOWER_METHOD_VALUE,         /* x.M not called; `callee`, or NULL if it is not known */
    LOWER_CALL,                 /* see `struct lower_expr` */
    LOWER_APPEND,               /* append(kids...) */
    LOWER_COPY,                 /* copy(x, y) */
    LOWER_PANIC,                /* panic(x) */
};

struct lower_expr {
    enum lower_op op;
    bool pointers;              /* the value may hold a pointer; true if it has no type */
    bool direct;                /* its type is one word that is a pointer */
    bool elem_pointers;         /* append, copy: elements of the slice hold pointers */
    bool dots;                  /* append(s, t...) */
    struct flow_pos pos;
    struct flow_loc *loc;       /* of a name */
    const char *text;           /* what is reported, for an expression that allocates */
    const char *must;           /* why it must be on the heap, or NULL */

    /* A call: the receiver or nothing, then the arguments, are the kids; `fun` is the
       expression called, `callee` the function if it is known. */
    struct lower_expr *fun;
    struct flow_func *callee;

    struct lower_expr **kids;   /* x, y, z, w or a list */
    uint32_t nkids;
};

/* The hole with `delta` more dereferences; -1 for the address. */
struct flow_hole lower_shift(struct flow_hole k, int delta);

/* src flows into k. Nothing is noted when k drops it, nor when a location would flow into
   itself without its address. Taking an address is noted at src even if it is dropped. */
void lower_flow(struct flow_graph *g, struct flow_hole k, struct flow_loc *src);

/* A new location for `e`, whose address flows into k; the hole of its content. */
struct flow_hole lower_spill(struct flow_graph *g, struct flow_hole k, const struct lower_expr *e);

/* One hole that feeds all of ks: nothing for none, itself for one, else a new temporary. */
struct flow_hole lower_tee(struct flow_graph *g, const struct flow_hole *ks, uint32_t n);

/* A new temporary in front of k. */
struct flow_hole lower_later(struct flow_graph *g, struct flow_hole k);

/* Evaluates e into k; e may be NULL. A value without pointers goes nowhere, though its
   parts are looked at; unless its address is what flows. */
void lower_expr(struct flow_graph *g, struct flow_hole k, const struct lower_expr *e);

/* Evaluates the operands of a place that is assigned to, and returns its hole. */
struct flow_hole lower_addr(struct flow_graph *g, const struct lower_expr *e);

/* A call with all of its results: ks has as many holes as the callee has results, or is
   NULL, which drops them. */
void lower_call(struct flow_graph *g, const struct flow_hole *ks, const struct lower_expr *e);

/* At the end of a batch: captured variables flow into their closures. By value if never
   reassigned, address never taken and at most LOWER_BYVALUE bytes; else their address. */
enum { LOWER_BYVALUE = 128 };
void lower_captures(struct flow_graph *g);

#endif
