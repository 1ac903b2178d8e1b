/*
 * gopackage.c - a whole package: its names, its methods, its functions' bodies.
 *
 * Invariants:
 *   I1  every function of s->funcs that is not left out has a type, parameters and a body
 *       whose every callee is known or outside of the package
 *   I2  who mentions a function that is left out is left out too
 *
 * Refused: giving up a file for one function. Lessons and students use fmt.
 *
 * Go: collectObjects and packageObjects in cmd/compile/internal/types2/resolver.go;
 * funcDecl in noder/decl.go. Module 37.
 */
#include "godecl.h"

#include "gocheck.h"
#include "goscope.h"
#include "gostatic.h"
#include "gotype.h"

#include <stdio.h>
#include <string.h>

void godecl_left_out(struct gosrc *s, const struct gosyn *d, const char *name)
{
    if (s->fault_broken) {
        gosrc_complain(s);
        return;
    }
    fprintf(stderr, "%s:%u:%u: left out: %s, lines %u to %u: %s (line %u)\n", s->file, d->pos.line,
        d->pos.col, name, d->pos.line, d->last, s->fault, s->fault_at.line);
}

/* ---- names ---- */

static void declare_import(struct gosrc *s, const struct gosyn *n)
{
    struct goobj *o = goscope_bind(s, GO_PACKAGE, n->text, n->pos);

    o->why = n->x->text;
}

static void declare_names(struct gosrc *s, struct gosyn *d)
{
    if (d->op == SYN_TYPE) {
        struct goobj *o = goscope_bind(s, GO_TYPE, d->text, d->pos);

        o->decl = d;
        if (!d->flag) {
            o->type = gotype_new(s, GO_NAMED, NULL);
            o->type->name = d->text;
        }
        return;
    }
    for (uint32_t i = 0; i < d->list.n; i++) {
        struct goobj *o = goscope_bind(s, d->op == SYN_VAR ? GO_VAR : GO_CONST,
            d->list.at[i]->text, d->list.at[i]->pos);

        o->cls = GO_GLOBAL;
        o->decl = d;
        o->index = i;
    }
}

static void declare_function(struct gosrc *s, struct gosyn *d)
{
    struct gofunc *f = gomem_get(&s->mem, sizeof *f);

    f->name = d->text;
    f->pos = d->pos;
    f->syn = d;
    f->sig = d->x;
    GOMEM_ADD(&s->mem, &s->funcs, f);
    if (d->z == NULL && strcmp(d->text, "_") != 0 && strcmp(d->text, "init") != 0)
        goscope_bind(s, GO_FUNCNAME, d->text, d->pos)->fn = f;
}

/* ---- signatures ---- */

static void method_of(struct gosrc *s, struct gofunc *f)
{
    const struct gosyn *field = f->syn->z, *t = field->x;
    bool pointer;
    struct gotype *base;

    while (t->op == SYN_PAREN)
        t = t->x;
    pointer = t->op == SYN_STAR;
    if ((pointer ? t->x : t)->op == SYN_INDEX)
        gosrc_unsupported(s, t->pos, "a method of a generic type");
    base = godecl_type(s, pointer ? t->x : t);
    if (base->kind != GO_NAMED)
        gosrc_broken(s, t->pos, "invalid receiver type %s", gotype_print(s, base));
    f->recv = pointer ? gotype_new(s, GO_PTR, base) : base;
    f->recvname = field->text;
    f->recvpos = field->pos;
    f->name = gomem_format(&s->mem, pointer ? "(*%s).%s" : "%s.%s", base->name, f->syn->text);
    gotype_add_method(s, base, (struct gomethod){f->syn->text, f->type, f, pointer});
}

static void signature(struct gosrc *s, void *arg)
{
    struct gofunc *f = arg;

    if (f->syn->generic)
        gosrc_unsupported(s, f->pos, "type parameters");
    f->type = godecl_signature(s, f->sig);
    if (f->syn->z != NULL)
        method_of(s, f);
}

/* ---- bodies ---- */

static void body(struct gosrc *s, void *arg)
{
    struct gofunc *f = arg;
    struct goobj *recv = NULL;

    s->fn = f;
    if (f->recv != NULL) {
        if (f->recvname != NULL && strcmp(f->recvname, "_") != 0)
            recv = gocheck_var(s, GO_PARAM, f->recvname, f->recv, f->recvpos);
        GOMEM_ADD(&s->mem, &f->params, recv);
    }
    gocheck_params(s, f);
    if (f->syn->y != NULL)
        gocheck_body(s, f, f->syn->y);
}

/* Runs one stage for a function; leaves it out when the stage gives up. */
static void stage(struct gosrc *s, void (*run)(struct gosrc *s, void *arg), struct gofunc *f)
{
    if (f->left_out != NULL)
        return;
    s->at = f->pos;
    if (!gosrc_try(s, run, f)) {
        f->left_out = s->fault;
        f->type = NULL;
        godecl_left_out(s, f->syn, f->name);
    }
    s->fn = NULL;
    s->scope = s->package;
}

/* Leaves out who mentions what is left out, until nothing changes. */
static void propagate(struct gosrc *s)
{
    bool changed = true;

    while (changed) {
        changed = false;
        for (uint32_t i = 0; i < s->funcs.n; i++) {
            struct gofunc *f = s->funcs.at[i];

            for (uint32_t k = 0; f->left_out == NULL && k < f->refs.n; k++) {
                if (f->refs.at[k]->left_out == NULL)
                    continue;
                s->fault_broken = false;
                s->fault_at = f->pos;
                s->fault = f->left_out = gomem_format(&s->mem, "it uses %s, which is left out",
                    f->refs.at[k]->name);
                godecl_left_out(s, f->syn, f->name);
                changed = true;
            }
        }
    }
}

/* ---- the package ---- */

struct resolving {
    struct goobj *o;
};

static void resolve(struct gosrc *s, void *arg)
{
    const struct resolving *r = arg;

    godecl_resolve(s, r->o);
    if (r->o->type != NULL && r->o->kind == GO_TYPE)
        gotype_size(s, r->o->type);
}

/* Resolves all names of one kind. Wrong ones are complained about, unusable ones kept. */
static void resolve_all(struct gosrc *s, enum goname_kind kind)
{
    for (struct goobj *o = s->package; !o->mark; o = o->next) {
        struct resolving r = {o};

        if (o->kind != kind || o->decl == NULL)
            continue;
        s->at = o->pos;
        if (gosrc_try(s, resolve, &r))
            continue;
        s->scope = s->package;
        o->busy = false;
        o->kind = GO_UNUSABLE;
        o->why = s->fault;
        gosrc_complain(s);
    }
}

/* Says which lines initialise the package: the compiler has verdicts for them too. */
static void initialisers(struct gosrc *s)
{
    for (uint32_t i = 0; i < s->decls.n; i++)
        for (uint32_t k = 0; s->decls.at[i]->op == SYN_DECLS && k < s->decls.at[i]->list.n; k++) {
            const struct gosyn *d = s->decls.at[i]->list.at[k];

            if (d->op == SYN_VAR && d->x != NULL && d->x->op != SYN_LITERAL)
                fprintf(stderr, "%s:%u:%u: left out: var %s, lines %u to %u: code that "
                    "initialises the package\n", s->file, d->pos.line, d->pos.col,
                    d->list.at[0]->text, d->pos.line, d->last);
        }
}

void godecl_package(struct gosrc *s)
{
    goscope_universe(s);
    for (uint32_t i = 0; i < s->imports.n; i++)
        declare_import(s, s->imports.at[i]);
    goscope_block(s);
    for (uint32_t i = 0; i < s->decls.n; i++) {
        struct gosyn *d = s->decls.at[i];

        for (uint32_t k = 0; d->op == SYN_DECLS && k < d->list.n; k++)
            declare_names(s, d->list.at[k]);
        if (d->op == SYN_FUNC)
            declare_function(s, d);
    }
    s->package = s->scope;
    resolve_all(s, GO_TYPE);
    resolve_all(s, GO_CONST);
    for (uint32_t i = 0; i < s->funcs.n; i++)
        stage(s, signature, s->funcs.at[i]);
    resolve_all(s, GO_VAR);
    for (uint32_t i = 0; i < s->funcs.n; i++)
        stage(s, body, s->funcs.at[i]);
    for (uint32_t i = 0; i < s->funcs.n; i++)
        gostatic_refs(s, s->funcs.at[i]);
    propagate(s);
    initialisers(s);
}
