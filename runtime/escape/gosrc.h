/*
 * gosrc.h - a Go source file on its way to verdicts: syntax, types, names, typed tree.
 *
 * The rooms in order: golex and goparse make the syntax tree, godecl and gocheck* the types
 * and the typed tree, gostatic looks which callees are known, golower makes flows of it
 * and has them solved, goreport and gopage print. All of it hangs on one `struct gosrc`.
 *
 * The subset: everything but generics, imported packages other than unsafe's Pointer and
 * Sizeof, and code that initialises the package. What is outside of it is left out function
 * by function, with a message.
 *
 * Go: cmd/compile/internal/syntax/nodes.go, types/type.go, ir/node.go and ir/name.go.
 */
#ifndef GORT_GOSRC_H
#define GORT_GOSRC_H

#include "flow.h"
#include "golex.h"
#include "gomem.h"

#include <setjmp.h>
#include <stdio.h>

/* Levels of nesting in a source; more is refused, so that no stack can run out. */
enum { GO_DEPTH = 400 };

/* ---- syntax ---- */

enum gosyn_op {
    SYN_NAME = 1, SYN_LITERAL, SYN_COMPOSITE, SYN_KEYED, SYN_FUNCLIT, SYN_PAREN, SYN_SELECTOR,
    SYN_INDEX, SYN_SLICE, SYN_ASSERT, SYN_TYPESWITCH, SYN_UNARY, SYN_BINARY, SYN_CALL, SYN_LIST,
    SYN_STAR, SYN_ARRAYTYPE, SYN_SLICETYPE, SYN_MAPTYPE, SYN_CHANTYPE, SYN_FUNCTYPE,
    SYN_STRUCTTYPE, SYN_IFACETYPE, SYN_FIELD,
    SYN_BLOCK, SYN_EXPR, SYN_SEND, SYN_ASSIGN, SYN_BRANCH, SYN_GO, SYN_DEFER, SYN_RETURN, SYN_IF,
    SYN_FOR, SYN_RANGE, SYN_SWITCH, SYN_SELECT, SYN_CASE, SYN_LABEL, SYN_DECLS, SYN_VAR,
    SYN_CONST, SYN_TYPE, SYN_FUNC, SYN_EMPTY,
};

struct gosyns {
    struct gosyn **at;
    uint32_t n, cap;
};

/*
 * What x, y, z, w and the lists hold:
 *   composite    x type or NULL, list elements      keyed      x key, y value
 *   funclit      x type, y body                     call       x callee, list arguments, dots
 *   index        x[y]                               slice      x[y:z:w], kind = number of colons
 *   functype     list parameters, list2 results     field      text or NULL, x type, dots, flag
 *   if           w init, x condition, y then, z else
 *   for          w init or range, x condition, z post, y body
 *   switch       w init, x tag, list cases          case       list2 values, flag default,
 *   select       list cases; a case has x                      list statements, x colon
 *   var, const   list names, x values, y type, kind = iota; type: text, flag alias, y type
 *   func         text, z receiver, x type, y body, flag noescape
 */
struct gosyn {
    enum gosyn_op op;
    enum gotok tok;             /* operator, literal kind, or the branch's keyword */
    struct flow_pos pos;
    struct gosyn *x, *y, *z, *w;
    struct gosyns list, list2;
    const char *text;
    int kind;
    bool flag;                  /* := , default, alias, embedded, noescape */
    bool dots;
    bool generic;               /* a declaration with type parameters: not parsed further */
    uint32_t deep;              /* levels below it */
    uint32_t last;              /* of a block: the line of its closing brace */
};

/* ---- types ---- */

enum gokind {
    GO_BOOL = 1, GO_INT, GO_INT8, GO_INT16, GO_INT32, GO_INT64,
    GO_UINT, GO_UINT8, GO_UINT16, GO_UINT32, GO_UINT64, GO_UINTPTR,
    GO_FLOAT32, GO_FLOAT64, GO_COMPLEX64, GO_COMPLEX128, GO_STRING, GO_UNSAFE,
    /* untyped, the wider numbers later */
    GO_UBOOL, GO_UINT_, GO_URUNE, GO_UFLOAT, GO_UCOMPLEX, GO_USTRING, GO_NIL,
    GO_PTR, GO_SLICE, GO_ARRAY, GO_MAP, GO_CHAN, GO_FUNC, GO_STRUCT, GO_IFACE, GO_NAMED, GO_TUPLE,
};

struct gofield {
    const char *name;           /* NULL for a parameter without one */
    struct gotype *type;
    struct flow_pos pos;
    bool embedded;
};

struct gofields {
    struct gofield *at;
    uint32_t n, cap;
};

struct gomethod {
    const char *name;
    struct gotype *sig;
    struct gofunc *fn;          /* NULL in an interface */
    bool pointer;               /* its receiver is a pointer */
};

struct gomethods {
    struct gomethod *at;
    uint32_t n, cap;
};

struct gotype {
    enum gokind kind;
    int dir;                    /* channel: 1 send only, 2 receive only */
    bool dots;                  /* function: the last parameter is ...T, its type []T */
    struct gotype *elem, *key;
    int64_t len;                /* array; -1 for [...] before it is counted */
    struct gofields fields;     /* struct, tuple, parameters */
    struct gofields results;
    struct gomethods methods;   /* of an interface, sorted; of a named type, declared */
    const char *name;           /* named, basic, any */
    struct gotype *under;       /* named; NULL until it is resolved */
    bool measured, measuring;
    int64_t size, align;
    bool pointers;              /* holds any */
};

/* ---- constants ---- */

enum goconst_kind { GO_NOCONST, GO_CINT, GO_CFLOAT, GO_CSTRING, GO_CBOOL, GO_COTHER };

struct goconst {
    enum goconst_kind kind;     /* GO_COTHER: a constant whose value is not kept */
    __int128 i;                 /* integer, boolean */
    double d;
    const char *s;              /* bytes of a string, len of them */
    size_t len;
};

/* ---- names ---- */

enum goname_kind { GO_TYPE = 1, GO_VAR, GO_CONST, GO_FUNCNAME, GO_BUILTIN, GO_NILNAME, GO_PACKAGE,
    GO_UNUSABLE };
enum govar_class { GO_GLOBAL = 1, GO_LOCAL, GO_PARAM, GO_RESULT };

struct goobj {
    enum goname_kind kind;
    enum govar_class cls;
    const char *name;
    struct gotype *type;
    struct flow_pos pos;
    struct gosyn *decl;         /* not yet resolved, of a package's name */
    uint32_t index;             /* which name of its declaration */
    bool busy;                  /* being resolved */
    struct goconst value;
    const char *why;            /* unusable: why */
    struct gofunc *fn;          /* a function; the function a variable is declared in */
    struct gonode *defn;        /* the statement that declares a local variable */
    bool temp;                  /* made by the compiler */
    int assigned;               /* assigned again: 0 not yet looked at, 1 no, 2 yes */
    struct goobj *next;         /* in the scope chain */
    bool mark;                  /* not a name: begins a block */
    struct flow_loc *loc;
};

struct goobjs {
    struct goobj **at;
    uint32_t n, cap;
};

/* ---- the typed tree ---- */

enum gonode_op {
    OP_NAME = 1, OP_GLOBAL, OP_FUNC, OP_LITERAL, OP_NIL, OP_TYPE, OP_BLANK, OP_BUILTIN,
    OP_ADDR, OP_DEREF, OP_DOT, OP_DOTPTR, OP_METHODVALUE, OP_METHODEXPR, OP_DOTTYPE,
    OP_INDEX, OP_INDEXMAP, OP_SLICE, OP_SLICEARR, OP_SLICESTR,
    OP_CONVERT, OP_CONVIFACE, OP_STRCONV, OP_BINARY, OP_UNARY, OP_ADDSTR, OP_RECV,
    OP_CALL, OP_CALLINTER, OP_APPEND, OP_COPY, OP_LEN, OP_NEW, OP_MAKESLICE, OP_MAKEMAP,
    OP_MAKECHAN, OP_PTRLIT, OP_STRUCTLIT, OP_ARRAYLIT, OP_SLICELIT, OP_MAPLIT, OP_CLOSURE,
    OP_PANIC, OP_PRINT, OP_RECOVER, OP_CLOSE, OP_DELETE, OP_COMPLEX, OP_UNSAFESLICE,
    /* statements */
    OP_ASSIGN, OP_ASSIGNOP, OP_ASSIGN2, OP_ASSIGNCALL, OP_COMMAOK, OP_BLOCK, OP_DCL, OP_IF,
    OP_FOR, OP_RANGE, OP_SWITCH, OP_TYPESWITCH, OP_SELECT, OP_CASE, OP_SEND, OP_RETURN, OP_GO,
    OP_DEFER, OP_LABEL, OP_GOTO, OP_BREAK,
};

struct gonodes {
    struct gonode **at;
    uint32_t n, cap;
};

struct gonode {
    enum gonode_op op;
    enum gotok tok;             /* operator */
    struct flow_pos pos;
    struct gonode *x, *y, *z, *w;
    struct gonodes list, list2; /* arguments or elements or left sides; values or map keys */
    struct gonodes init;        /* statements to run before it */
    const char *text;           /* name, selector, or a constant as it was written */
    struct gotype *type;        /* NULL for a statement */
    struct goobj *obj;
    struct gofunc *fn;          /* a known function, a closure's; a name: where it is used */
    struct goconst value;
    int kind;                   /* slices: colons; constants: 1 written with two operands */
    bool implicit;              /* not written in the source, not printed */
    bool dots;
    bool iface;                 /* method value of an interface */
    bool recv;                  /* a call whose list begins with the receiver */
};

struct gofunc {
    struct flow_func flow;
    const char *name;
    struct flow_pos pos;
    struct gotype *type, *recv;
    const char *recvname;
    struct flow_pos recvpos;
    struct gosyn *syn;          /* its declaration; NULL for a closure */
    struct gosyn *sig;
    struct gofunc *outer;
    uint32_t nclosures;
    struct goobjs params, results, locals, captured;
    struct gonodes body;
    const char *left_out;       /* why it is not analysed, or NULL */
    struct flow_pos left_at;
    struct {
        struct gofunc **at;
        uint32_t n, cap;
    } refs;                     /* of an outermost function: whom it mentions */
};

struct gofuncs {
    struct gofunc **at;
    uint32_t n, cap;
};

struct godiag {
    struct flow_pos pos;
    const char *text;
    const char *why;            /* the chain of flows, lines, or NULL */
};

struct godiags {
    struct godiag *at;
    uint32_t n, cap;
};

struct gosrc {
    struct gomem mem;
    const char *file;
    const char *text;
    size_t size;

    jmp_buf *catch;             /* where a fault goes */
    struct flow_pos fault_at;
    const char *fault;
    bool fault_broken;          /* the source is wrong, not merely outside of the subset */
    uint32_t faults;            /* messages about broken source so far */
    uint32_t work;              /* steps left before a source counts as too large */
    uint32_t level;             /* how deep the checker stands */

    struct gosyns decls;
    struct gosyns imports;      /* text: its name here; x: what is imported */
    struct gofuncs funcs;       /* outermost ones, in order */

    struct goobj *scope;        /* innermost name first */
    struct goobj *package;      /* the scope of the whole package */
    struct gofunc *fn;          /* being checked; NULL at package level */
    struct flow_pos at;         /* the position that implicit nodes take */
    struct gotype *basic[GO_NIL + 1];
    struct gotype *byte_, *rune_, *any, *error;

    struct godiags diags;
    bool explain;
    FILE *dot;                  /* where the graphs go, or NULL */
    uint32_t graphs;            /* written so far */
};

/* The source is wrong at pos, or outside of the subset: gives up what is being done. */
_Noreturn void gosrc_broken(struct gosrc *s, struct flow_pos pos, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
_Noreturn void gosrc_unsupported(struct gosrc *s, struct flow_pos pos, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Calls fn(s, arg). False when it gave up; s->fault says why. Calls may nest. */
bool gosrc_try(struct gosrc *s, void (*fn)(struct gosrc *s, void *arg), void *arg);

/* Prints the fault on standard error, as FILE:LINE:COL: text. */
void gosrc_complain(struct gosrc *s);

/* One level deeper in a walk over the source, and back. Gives up when that is too deep. */
void gosrc_enter(struct gosrc *s, struct flow_pos pos);
void gosrc_leave(struct gosrc *s);

/* Counts n steps of work; gives up when a source needs unreasonably many. */
void gosrc_work(struct gosrc *s, uint32_t n);

#endif
