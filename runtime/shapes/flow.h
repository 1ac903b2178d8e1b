/*
 * flow.h - the graph that escape analysis works on: places, and what flows between them.
 *
 * A location stands for a variable or for an expression that allocates. An edge into a
 * location says what flows there and how often it is dereferenced on the way:
 *   p = &q  -1      p = q  0      p = *q  1      p = **q  2
 * A graph holds one batch: functions that call each other, with the closures inside them.
 * This room stores and frees; escape.h solves, lower.h makes the edges.
 *
 * Go: location, edge and hole in cmd/compile/internal/escape/graph.go.
 */
#ifndef GORT_FLOW_H
#define GORT_FLOW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The results that a tag can name; a flow to a later one counts as a flow to the heap. */
enum { FLOW_RESULTS = 7 };

/* Slot 0 of a leak or a tag is the heap, slot 1 + i is result i. */
enum { FLOW_SLOTS = 1 + FLOW_RESULTS };

enum flow_kind {
    FLOW_HEAP,                  /* everything that lives outside of all frames */
    FLOW_PARAM,
    FLOW_RESULT,
    FLOW_VAR,                   /* a local variable */
    FLOW_ALLOC,                 /* an expression that allocates: new, &T{}, a closure */
    FLOW_TEMP,                  /* a value the compiler keeps for itself; never reported */
};

struct flow_pos {
    uint32_t line, col;         /* from 1, columns in bytes */
};

struct flow_edge {
    struct flow_loc *src;
    int derefs;                 /* -1 is "the address of" */
    struct flow_pos at;         /* where in the source it flows */
};

struct flow_loc {
    enum flow_kind kind;
    uint32_t id;                /* its place in the graph; the heap is 0 */
    int depth;                  /* loops around the declaration; a function's body is 1 */
    uint32_t index;             /* which parameter or result of its function, from 0 */
    struct flow_func *fn;       /* whose frame it would be in; NULL for the heap */
    const char *text;           /* its name or its expression as Go prints it, or NULL */
    struct flow_pos pos;
    const char *must;           /* why it has to be on the heap in any case, or NULL */
    size_t size;                /* bytes, for variables */
    bool pointers;              /* its type holds a pointer */
    bool hidden;                /* never reported, like the wrapper of a defer */

    /* What lowering notes of a variable, for captures. */
    bool addrtaken, reassigned, captured;
    const void *defn;           /* the statement that declares it, as lowering's caller knows it */

    struct flow_edge *edges;    /* what flows here */
    uint32_t nedges, edgecap;

    /* The verdict. */
    bool escapes;
    int leak[FLOW_SLOTS];       /* parameters: least derefs to heap and results; -1 none */

    /* Written by a walk; true of the walk whose number is in `walk`. */
    uint32_t walk;
    int derefs;
    struct flow_loc *dst;       /* where it flowed to on the shortest way ... */
    uint32_t dst_edge;          /* ... and by which of the edges there */
    bool queued, listed;

    struct flow_chain *chains;  /* how it got its verdict, when the graph explains */
};

/* Where the value of an expression goes. A NULL destination drops it. */
struct flow_hole {
    struct flow_loc *dst;
    int derefs;                 /* at least -1 */
    bool addrtaken;             /* the expression's address is being taken */
};

/* A function, or a closure. Outlives the graph it is analysed in. The arrays belong to who
   made the function. */
struct flow_func {
    const char *name;           /* a closure's begins with that of its function and a point */
    struct flow_pos pos;
    struct flow_func *outer;    /* the function around a closure, else NULL */
    bool called;                /* a closure that is called where it is written */
    bool nobody, noescape;      /* no body here; declared with //go:noescape */
    struct flow_loc **params;   /* NULL where a parameter has no name; receiver first */
    uint32_t nparams;
    struct flow_loc **results;
    uint32_t nresults;

    bool tagged;                /* analysed: `tags` is its summary */
    int (*tags)[FLOW_SLOTS];    /* one a parameter */

    /* For escape_batches: every function that this one mentions. */
    struct flow_func **refs;
    uint32_t nrefs;
    uint32_t batch;             /* from 0, callees before callers */
    uint32_t order, low;        /* scratch of the search */
    bool open;
};

/* A variable that a closure uses: kept until the end of the batch. */
struct flow_capture {
    struct flow_loc *closure, *var;
    struct flow_pos at;
};

/* One way on which something flowed to where its verdict comes from. */
struct flow_chain {
    struct flow_chain *next;
    const struct flow_loc *root;
    int derefs;
    bool escapes;               /* the end of this way made the location escape */
    uint32_t n;
    struct flow_step {
        const struct flow_loc *dst, *src;
        int derefs;
        struct flow_pos at;
    } steps[];
};

struct flow_graph {
    struct flow_loc *heap;
    struct flow_loc **locs;     /* all of them, the heap first */
    uint32_t nlocs, loccap;
    struct flow_capture *captures;
    uint32_t ncaptures, capturecap;

    /* Where lowering stands: new locations and edges take these. */
    struct flow_func *fn;
    int depth;
    struct flow_pos at;

    /* Of the walk that was last: its number, and what it reached, the root first. */
    uint32_t walk;
    struct flow_loc **reached;
    uint32_t nreached;
    struct flow_loc **ring;     /* room for the worklist of a walk */
    struct flow_loc **todo;     /* room for the worklist of the solver */
    uint32_t room;              /* how many each of the three holds */

    bool explain;               /* keep chains */
};

/* An empty graph with its heap location. Free it with flow_free. */
struct flow_graph *flow_new(void);

/* Frees the graph with its locations and edges. NULL is allowed. */
void flow_free(struct flow_graph *g);

/* A new location at the graph's function, depth and position. */
struct flow_loc *flow_loc(struct flow_graph *g, enum flow_kind kind, const char *text);

/* Appends an edge dst <- src, without asking whether it is useful. */
void flow_edge(struct flow_graph *g, struct flow_loc *dst, int derefs, struct flow_loc *src);

/* Notes that `closure` uses `var`. */
void flow_capture(struct flow_graph *g, struct flow_loc *closure, struct flow_loc *var);

/* Makes `reached`, `ring` and `todo` large enough for every location. */
void flow_reserve(struct flow_graph *g);

/* Keeps, if the graph explains, the way from `l` to `root` that the last walk found. The
   solver calls it whenever a walk makes `l` escape or leak. */
void flow_explain(struct flow_graph *g, const struct flow_loc *root, struct flow_loc *l,
    bool escapes);

#endif
