/*
 * goreport.c - what the solved graph means, in the compiler's words.
 *
 * Invariants:
 *   I1  a parameter that moves to the heap has that one line and no other
 *   I2  lines are in the order of sort(1) of their numbers: line, column, text
 *
 * Refused: the compiler's words of -m=2 for the chains. They repeat the expression and
 * name every step twice; here a step is one line.
 *
 * Go: finish and paramTag in cmd/compile/internal/escape/escape.go; explainPath and
 * explainFlow in solve.go; FlushErrors in base/print.go. Module 37.
 */
#include "goreport.h"

#include "escape.h"
#include "gostatic.h"

#include <stdlib.h>
#include <string.h>

static void add(struct gosrc *s, struct flow_pos pos, const char *text, const char *why)
{
    const struct godiag d = {pos, text, why};

    GOMEM_ADD(&s->mem, &s->diags, d);
}

void goreport_note(struct gosrc *s, struct flow_pos pos, const char *text)
{
    add(s, pos, text, NULL);
}

/* ---- chains ---- */

/* A location as a chain names it. */
static const char *place(struct gosrc *s, const struct flow_loc *l)
{
    if (l->kind == FLOW_HEAP)
        return "the heap";
    if (l->text == NULL || l->kind == FLOW_TEMP)
        return "a temporary";
    if (l->kind == FLOW_ALLOC)
        return gomem_format(&s->mem, "the storage of %s", l->text);
    return l->text;
}

static const char *chain_text(struct gosrc *s, const struct flow_chain *c)
{
    const char *text = "";

    for (uint32_t i = c->n; i > 0; i--) {
        const struct flow_step *step = &c->steps[i - 1];
        char stars[32] = "&";
        const size_t n = step->derefs < 0 ? 1 : step->derefs < 31 ? (size_t)step->derefs : 31;

        if (step->derefs >= 0)
            memset(stars, '*', n);
        stars[n] = '\0';
        text = gomem_format(&s->mem, "%s    %s = %s%s at %u:%u\n", text, place(s, step->dst), stars,
            place(s, step->src), step->at.line, step->at.col);
    }
    if (c->root->kind == FLOW_RESULT)
        text = gomem_format(&s->mem, "%s    a result may live longer than the call\n", text);
    else if (c->root->kind != FLOW_HEAP)
        text = gomem_format(&s->mem, "%s    %s %s\n", text, place(s, c->root),
            c->root->escapes ? "is on the heap" : "lives longer");
    return text;
}

/* Why l escapes; or, of a parameter, why it leaks with that many dereferences. */
static const char *why(struct gosrc *s, const struct flow_loc *l, bool escapes, int derefs,
    int slot)
{
    for (const struct flow_chain *c = l->chains; c != NULL; c = c->next) {
        const bool result = c->root->kind == FLOW_RESULT && !c->root->escapes &&
            c->root->fn == l->fn && c->root->index < FLOW_RESULTS;
        const int have = result ? 1 + (int)c->root->index : 0;

        if (c->escapes == escapes && (escapes ||
            ((c->derefs < 0 ? 0 : c->derefs) == derefs && have == slot)))
            return chain_text(s, c);
    }
    return NULL;
}

/* ---- parameters ---- */

static void parameter(struct gosrc *s, const struct gofunc *f, uint32_t i)
{
    const struct flow_loc *p = f->flow.params[i];
    const int *tag = f->flow.tags[i];
    bool leaks = false;

    if (tag[0] >= 0) {
        add(s, p->pos, gomem_format(&s->mem, tag[0] == 0 ? "leaking param: %s" :
            "leaking param content: %s", p->text), why(s, p, false, tag[0], 0));
        leaks = true;
    }
    for (int r = 1; r < FLOW_SLOTS; r++) {
        if (tag[r] < 0)
            continue;
        add(s, p->pos, gomem_format(&s->mem, "leaking param: %s to result %s level=%d", p->text,
            f->flow.results[r - 1]->text, tag[r]), why(s, p, false, tag[r], r));
        leaks = true;
    }
    if (!leaks)
        add(s, p->pos, gomem_format(&s->mem, "%s does not escape", p->text), NULL);
}

/* A parameter of a function whose body is elsewhere. */
static void bodyless(struct gosrc *s, const struct gofunc *f, uint32_t i)
{
    const struct flow_loc *p = f->flow.params[i];

    if (f->params.at[i]->type->kind == GO_UINTPTR)
        add(s, p->pos, gomem_format(&s->mem, "assuming %s is unsafe uintptr", p->text), NULL);
    else if (p->pointers)
        add(s, p->pos, gomem_format(&s->mem, f->flow.noescape ? "%s does not escape" :
            "leaking param: %s", p->text), NULL);
}

static bool closure(struct gosrc *s, struct gonode *n, void *arg)
{
    (void)arg;
    if (n->op == OP_CLOSURE)
        goreport_function(s, n->fn);
    return false;
}

void goreport_function(struct gosrc *s, struct gofunc *f)
{
    escape_tag(&f->flow);
    for (uint32_t i = 0; i < f->flow.nparams; i++) {
        const struct flow_loc *p = f->flow.params[i];

        if (p == NULL)
            continue;
        if (f->flow.nobody)
            bodyless(s, f, i);
        else if (p->pointers && !p->escapes)
            parameter(s, f, i);
    }
    gostatic_any_of(s, &f->body, closure, NULL);
}

/* ---- the graph ---- */

static void write_quoted(FILE *out, const char *text)
{
    for (; *text != '\0'; text++) {
        if (*text == '"' || *text == '\\')
            fputc('\\', out);
        fputc(*text, out);
    }
}

static void write_node(FILE *out, uint32_t graph, const struct flow_loc *l)
{
    static const char *const shapes[] = {[FLOW_HEAP] = "doubleoctagon", [FLOW_PARAM] = "house",
        [FLOW_RESULT] = "invhouse", [FLOW_VAR] = "box", [FLOW_ALLOC] = "component",
        [FLOW_TEMP] = "point"};

    fprintf(out, "    n%u_%u [shape=%s, label=\"", graph, l->id, shapes[l->kind]);
    write_quoted(out, l->text != NULL ? l->text : "");
    if (l->kind != FLOW_HEAP)
        fprintf(out, "\\n%u:%u", l->pos.line, l->pos.col);
    fprintf(out, "\"%s];\n", l->escapes ? ", style=filled, fillcolor=\"#f4c7b8\"" : "");
}

/* One cluster of a Graphviz file; an arrow goes the way the value goes. */
static void write_graph(FILE *out, const struct flow_graph *g, uint32_t number)
{
    fprintf(out, "  subgraph cluster_%u {\n    label=\"batch %u\";\n", number, number);
    for (uint32_t i = 0; i < g->nlocs; i++)
        write_node(out, number, g->locs[i]);
    for (uint32_t i = 0; i < g->nlocs; i++)
        for (uint32_t k = 0; k < g->locs[i]->nedges; k++) {
            const struct flow_edge *e = &g->locs[i]->edges[k];

            fprintf(out, "    n%u_%u -> n%u_%u [label=\"", number, e->src->id, number, i);
            if (e->derefs < 0)
                fputc('&', out);
            for (int d = 0; d < e->derefs; d++)
                fputc('*', out);
            fprintf(out, "\"];\n");
        }
    fprintf(out, "  }\n");
}

void goreport_graph(struct gosrc *s, const struct flow_graph *g)
{
    for (uint32_t i = 1; i < g->nlocs; i++) {
        const struct flow_loc *l = g->locs[i];
        const char *because = NULL;

        if (l->kind == FLOW_TEMP || l->text == NULL)
            continue;
        if (l->kind != FLOW_ALLOC && !l->escapes)
            continue;
        if (l->escapes && s->explain)
            because = l->must != NULL ? gomem_format(&s->mem, "    %s\n", l->must) :
                why(s, l, true, 0, 0);
        add(s, l->pos, gomem_format(&s->mem, l->kind != FLOW_ALLOC ? "moved to heap: %s" :
            l->escapes ? "%s escapes to heap" : "%s does not escape", l->text), because);
    }
    if (s->dot != NULL)
        write_graph(s->dot, g, s->graphs++);
}

/* ---- all of it ---- */

static int compare(const void *a, const void *b)
{
    const struct godiag *x = a, *y = b;

    if (x->pos.line != y->pos.line)
        return x->pos.line < y->pos.line ? -1 : 1;
    if (x->pos.col != y->pos.col)
        return x->pos.col < y->pos.col ? -1 : 1;
    return strcmp(x->text, y->text);
}

void goreport_sort(struct gosrc *s)
{
    uint32_t n = 0;

    if (s->diags.n == 0)
        return;
    qsort(s->diags.at, s->diags.n, sizeof *s->diags.at, compare);
    for (uint32_t i = 1; i < s->diags.n; i++)
        if (compare(&s->diags.at[n], &s->diags.at[i]) != 0)
            s->diags.at[++n] = s->diags.at[i];
    s->diags.n = n + 1;
}

void goreport_print(const struct gosrc *s, FILE *out)
{
    for (uint32_t i = 0; i < s->diags.n; i++) {
        const struct godiag *d = &s->diags.at[i];

        fprintf(out, "%u:%u: %s\n", d->pos.line, d->pos.col, d->text);
        if (d->why != NULL)
            fputs(d->why, out);
    }
}
