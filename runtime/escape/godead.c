/*
 * godead.c - what never runs, because a condition is constant, is not analysed.
 *
 * Invariants:
 *   I1  no label is taken out that stands behind the last one of its list
 *   I2  exactly what the compiler takes out is taken out; a verdict on dead code would be
 *       one line too many, and one dead assignment may change a capture
 *
 * Refused: looking behind a return that is under no condition. The compiler does not.
 *
 * Go: Func, stmts and expr in cmd/compile/internal/deadcode/deadcode.go. Module 37.
 */
#include "godead.h"

#include "goconst.h"
#include "gostatic.h"

static bool is_bool(const struct gonode *n, bool value)
{
    return n != NULL && n->op == OP_LITERAL && n->value.kind == GO_CBOOL &&
        (n->value.i != 0) == value;
}

/* A condition without the constant parts of && and ||. */
static struct gonode *condition(struct gonode *n)
{
    const bool and = n->op == OP_BINARY && n->tok == TOK_ANDAND;
    const bool or = n->op == OP_BINARY && n->tok == TOK_OROR;

    if (!and && !or)
        return n;
    n->x = condition(n->x);
    n->y = condition(n->y);
    if (is_bool(n->x, and))
        return n->y;
    return is_bool(n->x, or) ? n->x : n;
}

/* An if: true when its live branch never goes on behind it. */
static bool branch(struct gonode *n)
{
    const struct gonodes *live;
    enum gonode_op last;

    n->x = condition(n->x);
    if (is_bool(n->x, true))
        n->list2.n = 0;
    else if (is_bool(n->x, false))
        n->list.n = 0;
    else
        return false;
    live = is_bool(n->x, true) ? &n->list : &n->list2;
    if (live->n == 0)
        return false;
    last = live->at[live->n - 1]->op;
    return last == OP_RETURN || last == OP_PANIC;
}

static bool falls_through(const struct gonode *c)
{
    for (uint32_t i = 0; i < c->list.n; i++)
        if (c->list.at[i]->op == OP_BREAK && c->list.at[i]->tok == TOK_FALLTHROUGH)
            return true;
    return false;
}

/* The case of a switch over a constant that is taken: sets *taken, or NULL for none. False
   when that is not known. */
static bool known_case(const struct gonode *n, struct gonode **taken)
{
    const struct goconst tag = n->x != NULL ? n->x->value : goconst_bool(true);
    struct gonode *otherwise = NULL;

    if (tag.kind == GO_NOCONST || tag.kind == GO_COTHER)
        return false;
    for (uint32_t i = 0; i < n->list.n; i++) {
        struct gonode *c = n->list.at[i];

        if (c->list2.n == 0)
            otherwise = c;
        for (uint32_t k = 0; k < c->list2.n; k++) {
            if (c->list2.at[k]->value.kind == GO_NOCONST)
                return false;
            if (!goconst_same(tag, c->list2.at[k]->value))
                continue;
            *taken = c;
            return !falls_through(c);
        }
    }
    *taken = otherwise;
    return otherwise == NULL || !falls_through(otherwise);
}

static void choose(struct gonode *n)
{
    struct gonode *taken;

    if (!known_case(n, &taken))
        return;
    n->list.n = taken != NULL;
    if (taken != NULL)
        n->list.at[0] = taken;
}

static void statements(struct gonodes *list)
{
    uint32_t after_label = 0;

    for (uint32_t i = 0; i < list->n; i++)
        if (list->at[i]->op == OP_LABEL)
            after_label = i + 1;
    for (uint32_t i = 0; i < list->n; i++) {
        struct gonode *n = list->at[i];
        const bool cut = n->op == OP_IF && branch(n) && i >= after_label;

        if (n->op == OP_SWITCH)
            choose(n);
        statements(&n->init);
        if (n->op == OP_BLOCK || n->op == OP_FOR || n->op == OP_IF || n->op == OP_RANGE)
            statements(&n->list);
        if (n->op == OP_IF)
            statements(&n->list2);
        if (n->op == OP_SELECT || n->op == OP_SWITCH || n->op == OP_TYPESWITCH)
            for (uint32_t k = 0; k < n->list.n; k++)
                statements(&n->list.at[k]->list);
        if (cut)
            list->n = i + 1;
    }
}

/* Whether a body does nothing: ifs without statements, loops that never turn. */
static bool idle(const struct gonodes *body)
{
    for (uint32_t i = 0; i < body->n; i++) {
        const struct gonode *n = body->at[i];
        const bool empty_if = n->op == OP_IF && n->x->value.kind == GO_CBOOL &&
            n->list.n + n->list2.n == 0;

        if (n->init.n > 0 || (!empty_if && !(n->op == OP_FOR && is_bool(n->x, false))))
            return false;
    }
    return true;
}

static bool closure(struct gosrc *s, struct gonode *n, void *arg)
{
    (void)arg;
    if (n->op == OP_CLOSURE)
        godead_function(s, n->fn);
    return false;
}

void godead_function(struct gosrc *s, struct gofunc *f)
{
    statements(&f->body);
    if (idle(&f->body))
        f->body.n = 0;
    gostatic_any_of(s, &f->body, closure, NULL);
}
