/*
 * gocheck_stmt.c - from syntax to the typed tree: statements.
 *
 * Invariants: those of gocheck.c, and
 *   I1  after a statement that is a block, the scope is what it was before
 *   I2  a variable's declaring statement is known before its scope begins
 *
 * Refused: looking whether a break has a loop, a goto its label, a function its return.
 *
 * Go: stmt in cmd/compile/internal/types2/stmt.go; irgen's stmt, forStmt, switchStmt in
 * noder/stmt.go. Module 37.
 */
#include "gocheck.h"

#include "godecl.h"
#include "goprint.h"
#include "goscope.h"
#include "gotype.h"

#include <string.h>

static struct gonode *statement(struct gosrc *s, const struct gosyn *syn);

static void statements(struct gosrc *s, const struct gosyns *list, struct gonodes *out)
{
    struct goobj *const scope = s->scope;

    for (uint32_t i = 0; i < list->n; i++) {
        struct gonode *n = statement(s, list->at[i]);

        if (n == NULL)
            continue;
        if (n->op != OP_BLOCK)
            GOMEM_ADD(&s->mem, out, n);
        for (uint32_t k = 0; n->op == OP_BLOCK && k < n->list.n; k++)
            GOMEM_ADD(&s->mem, out, n->list.at[k]);
    }
    s->scope = scope;
}

/* A block with a scope of its own. */
static void block(struct gosrc *s, const struct gosyns *list, struct gonodes *out)
{
    struct goobj *const scope = s->scope;

    goscope_block(s);
    statements(s, list, out);
    s->scope = scope;
}

static void show_all(struct gosrc *s, const struct goobjs *list)
{
    for (uint32_t i = 0; i < list->n; i++)
        if (list->at[i] != NULL && list->at[i]->name[0] != '~')
            goscope_show(s, list->at[i]);
}

void gocheck_body(struct gosrc *s, struct gofunc *f, const struct gosyn *syn)
{
    struct goobj *const scope = s->scope;

    goscope_block(s);
    show_all(s, &f->params);
    show_all(s, &f->results);
    block(s, &syn->list, &f->body);
    s->scope = scope;
}

static struct gonode *send(struct gosrc *s, const struct gosyn *syn)
{
    struct gonode *n = gocheck_new(s, OP_SEND, syn->pos, NULL), *v;
    const struct gotype *u;

    n->x = gocheck_value(s, syn->x);
    u = gotype_under(s, n->x->type);
    v = gocheck_value(s, syn->y);
    if (u->kind != GO_CHAN)
        gosrc_broken(s, syn->pos, "invalid operation: cannot send to non-channel %s",
            goprint_node(s, n->x));
    n->y = gocheck_assign(s, v, u->elem, "send");
    return n;
}

static struct gonode *go_defer(struct gosrc *s, const struct gosyn *syn)
{
    struct gonode *n = gocheck_new(s, syn->op == SYN_GO ? OP_GO : OP_DEFER, syn->pos, NULL);

    n->x = gocheck_expr(s, syn->x);
    switch (n->x->op) {
    case OP_CALL: case OP_CALLINTER: case OP_COPY: case OP_PANIC: case OP_PRINT: case OP_RECOVER:
    case OP_CLOSE: case OP_DELETE:
        return n;
    default:
        gosrc_broken(s, syn->pos, "%s discards result of %s", syn->op == SYN_GO ? "go" : "defer",
            goprint_node(s, n->x));
    }
}

static struct gonode *return_statement(struct gosrc *s, const struct gosyn *syn)
{
    struct gonode *n = gocheck_new(s, OP_RETURN, syn->pos, NULL);
    const struct gofields *results = &s->fn->type->results;

    if (syn->x == NULL)
        return n;
    if (syn->x->op == SYN_LIST)
        for (uint32_t i = 0; i < syn->x->list.n; i++)
            GOMEM_ADD(&s->mem, &n->list, gocheck_value(s, syn->x->list.at[i]));
    else
        GOMEM_ADD(&s->mem, &n->list, gocheck_expr(s, syn->x));
    if (n->list.n == 1 && n->list.at[0]->type != NULL && n->list.at[0]->type->kind == GO_TUPLE) {
        struct gonode *call = n->list.at[0];

        n->list = (struct gonodes){0};
        gocheck_spread(s, n, call, &n->list);
    }
    if (n->list.n != results->n)
        gosrc_broken(s, syn->pos, "wrong number of return values: have %u, want %u", n->list.n,
            results->n);
    for (uint32_t i = 0; i < n->list.n; i++) {
        gocheck_set_at(s, n->list.at[i]);
        n->list.at[i] = gocheck_assign(s, n->list.at[i], results->at[i].type, "return statement");
    }
    return n;
}

static struct gonode *condition(struct gosrc *s, const struct gosyn *syn)
{
    struct gonode *n = gocheck_default(s, gocheck_value(s, syn));

    if (!gotype_is_boolean(s, n->type))
        gosrc_broken(s, syn->pos, "non-boolean condition");
    return n;
}

static struct gonode *if_statement(struct gosrc *s, const struct gosyn *syn)
{
    struct gonode *n = gocheck_new(s, OP_IF, syn->pos, NULL), *otherwise;
    struct goobj *const scope = s->scope;

    goscope_block(s);
    if (syn->w != NULL)
        GOMEM_ADD(&s->mem, &n->init, statement(s, syn->w));
    n->x = condition(s, syn->x);
    block(s, &syn->y->list, &n->list);
    if (syn->z != NULL) {
        otherwise = statement(s, syn->z);
        if (otherwise->op == OP_BLOCK)
            n->list2 = otherwise->list;
        else
            GOMEM_ADD(&s->mem, &n->list2, otherwise);
    }
    s->scope = scope;
    return n;
}

/* The types of what `range x` yields: key and value; NULL where there is none. */
static void range_types(struct gosrc *s, const struct gonode *x, struct gotype *types[2])
{
    struct gotype *u = gotype_under(s, x->type);

    types[0] = s->basic[GO_INT];
    if (u->kind == GO_PTR && gotype_under(s, u->elem)->kind == GO_ARRAY)
        u = gotype_under(s, u->elem);
    types[1] = u->elem;
    switch (u->kind) {
    case GO_SLICE: case GO_ARRAY:
        break;
    case GO_STRING:
        types[1] = s->rune_;
        break;
    case GO_MAP:
        types[0] = u->key;
        break;
    case GO_CHAN:
        types[0] = u->elem;
        types[1] = NULL;
        break;
    default:
        gosrc_broken(s, x->pos, "cannot range over %s (of type %s)", goprint_node(s, x),
            gotype_print(s, x->type));
    }
}

/* A new variable of a name, visible from here on. */
static struct gonode *variable(struct gosrc *s, const struct gosyn *name, struct gotype *t,
    struct gonode *defn)
{
    struct goobj *o = gocheck_var(s, GO_LOCAL, name->text, t, name->pos);

    o->defn = defn;
    goscope_show(s, o);
    return gocheck_name(s, o);
}

static bool is_blank(const struct gosyn *n)
{
    return n->op == SYN_NAME && strcmp(n->text, "_") == 0;
}

static struct gonode *range(struct gosrc *s, const struct gosyn *r)
{
    struct gonode *n = gocheck_new(s, OP_RANGE, r->pos, NULL);
    const struct gosyn *left[2] = {r->x, NULL};
    struct gotype *types[2];

    n->x = gocheck_default(s, gocheck_value(s, r->y));
    range_types(s, n->x, types);
    if (r->x != NULL && r->x->op == SYN_LIST) {
        left[0] = r->x->list.at[0];
        left[1] = r->x->list.at[1];
        if (r->x->list.n > 2)
            gosrc_broken(s, r->pos, "range clause permits at most two iteration variables");
    }
    for (int i = 0; i < 2 && left[i] != NULL; i++) {
        struct gonode *e;

        if (types[i] == NULL)
            gosrc_broken(s, r->pos, "range over a channel permits only one iteration variable");
        if (is_blank(left[i])) {
            e = gocheck_new(s, OP_BLANK, left[i]->pos, NULL);
        } else if (!r->flag) {
            e = gocheck_value(s, left[i]);
        } else {
            if (left[i]->op != SYN_NAME)
                gosrc_broken(s, left[i]->pos, "non-name on left side of :=");
            e = variable(s, left[i], types[i], n);
            GOMEM_ADD(&s->mem, &n->init, gocheck_declare(s, e->obj));
        }
        *(i == 0 ? &n->y : &n->z) = e;
    }
    return n;
}

static struct gonode *for_statement(struct gosrc *s, const struct gosyn *syn)
{
    struct goobj *const scope = s->scope;
    struct gonode *n;

    goscope_block(s);
    if (syn->w != NULL && syn->w->op == SYN_RANGE) {
        n = range(s, syn->w);
    } else {
        n = gocheck_new(s, OP_FOR, syn->pos, NULL);
        if (syn->w != NULL)
            GOMEM_ADD(&s->mem, &n->init, statement(s, syn->w));
        if (syn->x != NULL)
            n->x = condition(s, syn->x);
        if (syn->z != NULL)
            n->y = statement(s, syn->z);
    }
    block(s, &syn->y->list, &n->list);
    s->scope = scope;
    return n;
}

/* One case of a type switch, with its own variable if the switch names one. */
static void type_case(struct gosrc *s, const struct gosyn *c, const char *name, struct gonode *out)
{
    struct gonode *n = gocheck_new(s, OP_CASE, c->pos, NULL);
    struct goobj *const scope = s->scope;
    struct gotype *t = out->x->type;

    for (uint32_t i = 0; i < c->list2.n; i++) {
        const struct gosyn *e = c->list2.at[i];
        const struct goobj *o = e->op == SYN_NAME ? goscope_find(s, e->text) : NULL;

        if (o != NULL && o->kind == GO_NILNAME)
            continue;
        if (c->list2.n == 1)
            t = godecl_type(s, e);
        else
            godecl_type(s, e);
    }
    goscope_block(s);
    if (name != NULL) {
        struct goobj *o = gocheck_var(s, GO_LOCAL, name, t, c->x->pos);

        goscope_show(s, o);
        n->obj = o;
    }
    statements(s, &c->list, &n->list);
    s->scope = scope;
    GOMEM_ADD(&s->mem, &out->list, n);
}

static struct gonode *type_switch(struct gosrc *s, const struct gosyn *syn)
{
    struct gonode *n = gocheck_new(s, OP_TYPESWITCH, syn->pos, NULL);
    const char *name = syn->x->text;

    if (name != NULL && strcmp(name, "_") == 0)
        name = NULL;
    n->x = gocheck_value(s, syn->x->x);
    n->text = name;
    if (!gotype_is_interface(s, n->x->type))
        gosrc_broken(s, syn->pos, "%s is not an interface", goprint_node(s, n->x));
    for (uint32_t i = 0; i < syn->list.n; i++)
        type_case(s, syn->list.at[i], name, n);
    return n;
}

static struct gonode *value_switch(struct gosrc *s, const struct gosyn *syn)
{
    struct gonode *n = gocheck_new(s, OP_SWITCH, syn->pos, NULL);

    if (syn->x != NULL)
        n->x = gocheck_default(s, gocheck_value(s, syn->x));
    for (uint32_t i = 0; i < syn->list.n; i++) {
        const struct gosyn *c = syn->list.at[i];
        struct gonode *k = gocheck_new(s, OP_CASE, c->pos, NULL);

        for (uint32_t j = 0; j < c->list2.n; j++) {
            struct gonode *e = gocheck_value(s, c->list2.at[j]);

            if (n->x != NULL && gotype_is_untyped(e->type))
                e = gocheck_assign(s, e, gotype_is_interface(s, n->x->type) &&
                    e->type->kind != GO_NIL ? gotype_default(s, e->type) : n->x->type,
                    "switch case");
            else if (gotype_is_untyped(e->type))
                e = gocheck_default(s, e);
            GOMEM_ADD(&s->mem, &k->list2, e);
        }
        block(s, &c->list, &k->list);
        GOMEM_ADD(&s->mem, &n->list, k);
    }
    return n;
}

static struct gonode *switch_statement(struct gosrc *s, const struct gosyn *syn)
{
    struct goobj *const scope = s->scope;
    struct gonode *init = NULL, *n;

    goscope_block(s);
    if (syn->w != NULL)
        init = statement(s, syn->w);
    if (syn->x != NULL && syn->x->op == SYN_TYPESWITCH)
        n = type_switch(s, syn);
    else
        n = value_switch(s, syn);
    if (init != NULL)
        GOMEM_ADD(&s->mem, &n->init, init);
    s->scope = scope;
    return n;
}

/* The communication of a case: an assignment of a receive takes no conversion with it. */
static struct gonode *communication(struct gosrc *s, const struct gosyn *syn)
{
    struct gonode *n = statement(s, syn);

    if (n == NULL || (n->op != OP_ASSIGN && n->op != OP_COMMAOK && n->op != OP_RECV &&
        n->op != OP_SEND))
        gosrc_broken(s, syn->pos, "select case must be receive, send or assign recv");
    if (n->op != OP_ASSIGN)
        return n;
    if (n->y->implicit && (n->y->op == OP_CONVIFACE || n->y->op == OP_CONVERT))
        n->y = n->y->x;
    if (n->y->op != OP_RECV)
        gosrc_broken(s, syn->pos, "select case must be receive, send or assign recv");
    GOMEM_ADD(&s->mem, &n->list, n->x);
    n->op = OP_COMMAOK;
    return n;
}

static struct gonode *select_statement(struct gosrc *s, const struct gosyn *syn)
{
    struct gonode *n = gocheck_new(s, OP_SELECT, syn->pos, NULL);
    struct goobj *const scope = s->scope;

    for (uint32_t i = 0; i < syn->list.n; i++) {
        const struct gosyn *c = syn->list.at[i];
        struct gonode *k = gocheck_new(s, OP_CASE, c->pos, NULL);

        goscope_block(s);
        if (c->x != NULL)
            k->x = communication(s, c->x);
        statements(s, &c->list, &k->list);
        s->scope = scope;
        GOMEM_ADD(&s->mem, &n->list, k);
    }
    return n;
}

static struct gonode *label(struct gosrc *s, const struct gosyn *syn)
{
    struct gonode *n = gocheck_new(s, OP_BLOCK, syn->pos, NULL), *mark;

    mark = gocheck_new(s, OP_LABEL, syn->pos, NULL);
    mark->text = syn->text;
    GOMEM_ADD(&s->mem, &n->list, mark);
    if (syn->x != NULL) {
        struct gonode *inner = statement(s, syn->x);

        if (inner != NULL)
            GOMEM_ADD(&s->mem, &n->list, inner);
    }
    return n;
}

static struct gonode *expression(struct gosrc *s, const struct gosyn *syn)
{
    struct gonode *n = gocheck_expr(s, syn->x);

    switch (n->op) {
    case OP_CALL: case OP_CALLINTER: case OP_RECV: case OP_COPY: case OP_PANIC: case OP_PRINT:
    case OP_RECOVER: case OP_CLOSE: case OP_DELETE:
        return n;
    default:
        gosrc_broken(s, syn->pos, "%s is not used", goprint_node(s, n));
    }
}

static struct gonode *simple(struct gosrc *s, const struct gosyn *syn)
{
    struct gonode *n;

    switch (syn->op) {
    case SYN_EMPTY:
        return NULL;
    case SYN_BLOCK:
        n = gocheck_new(s, OP_BLOCK, syn->pos, NULL);
        block(s, &syn->list, &n->list);
        return n;
    case SYN_EXPR:
        return expression(s, syn);
    case SYN_SEND:
        return send(s, syn);
    case SYN_DECLS:
        return gocheck_declarations(s, syn);
    case SYN_ASSIGN:
        return gocheck_assignment(s, syn);
    case SYN_BRANCH:
        n = gocheck_new(s, syn->tok == TOK_GOTO ? OP_GOTO : OP_BREAK, syn->pos, NULL);
        n->tok = syn->tok;
        n->text = syn->text;
        return n;
    default:
        gosrc_broken(s, syn->pos, "this is not a statement");
    }
}

static struct gonode *statement(struct gosrc *s, const struct gosyn *syn)
{
    struct gonode *n;

    gosrc_enter(s, syn->pos);
    switch (syn->op) {
    case SYN_GO: case SYN_DEFER:
        n = go_defer(s, syn);
        break;
    case SYN_RETURN:
        n = return_statement(s, syn);
        break;
    case SYN_IF:
        n = if_statement(s, syn);
        break;
    case SYN_FOR:
        n = for_statement(s, syn);
        break;
    case SYN_LABEL:
        n = label(s, syn);
        break;
    case SYN_SWITCH:
        n = switch_statement(s, syn);
        break;
    case SYN_SELECT:
        n = select_statement(s, syn);
        break;
    default:
        n = simple(s, syn);
        break;
    }
    gosrc_leave(s);
    return n;
}
