/*
 * mkgo.c - writes random Go functions that compile, for comparing verdicts.
 *
 *   mkgo SEED FUNCTIONS
 *
 * Everything comes from templates: <X> stands for an expression of the type with the letter
 * X, @X for a variable of it, {} for a block of statements. Every variable is used, every
 * function returns, no constant is out of range: what is written is a valid file.
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { VARS = 400, DEPTH = 3, NEST = 3, PARAMS = 4, FUNCTIONS = 400 };

/* ---- types ---- */

static const struct {
    char letter;
    const char *name;
} types[] = {
    {'i', "int"}, {'s', "string"}, {'b', "bool"}, {'P', "*int"}, {'Q', "**int"}, {'L', "[]*int"},
    {'K', "[]int"}, {'T', "T"}, {'R', "*T"}, {'A', "interface{}"}, {'I', "I"},
    {'F', "func(*int) *int"}, {'G', "func()"}, {'M', "map[string]*int"}, {'N', "map[interface{}]T"},
    {'C', "chan *int"}, {'Y', "[2]*int"}, {'Z', "*[2]*int"}, {'W', "[]T"}, {'E', "[]interface{}"},
    {'V', "V"}, {'H', "H"}, {'B', "[]byte"}, {'U', "unsafe.Pointer"}, {'J', "[40]*int"},
    {'X', "X"},
};

enum { TYPES = sizeof types / sizeof *types };

static const char prelude[] =
    "package p\n\nimport \"unsafe\"\n\n"
    "type I interface {\n\tM(*int) *int\n\tN()\n}\n\n"
    "type V struct {\n\ta, b *int\n}\n\ntype H struct {\n\tp *int\n}\n\n"
    "type X struct {\n\tI\n\tp *int\n}\n\n"
    "type D struct {\n\td *int\n\te []*int\n}\n\n"
    "type T struct {\n\tD\n\tp, p2 *int\n\tq **int\n\tn int\n\ts, s2 []*int\n\tt *T\n"
    "\ti interface{}\n\tf func(*int) *int\n\tm map[string]*int\n\ta [2]*int\n\tv V\n}\n\n"
    "func (t *T) M(p *int) *int { t.p = p; return t.p2 }\nfunc (t *T) N() {}\n"
    "func (t *T) Keep(p *int) *T { t.t = &T{p: p}; return t }\n"
    "func (t T) Get(p *int) *int { return t.p }\n"
    "func (v V) M(p *int) *int { return v.a }\nfunc (v V) N() {}\n"
    "func (d *D) Set(p *int) { d.d = p }\nfunc (d D) First() *int { return d.e[0] }\n"
    "func ext(p *int, q *T) *int\n\n//go:noescape\nfunc noesc(p *int) *int\n\n";

/* What makes a value of a type. */
static const struct {
    char letter;
    const char *text;
} values[] = {
    {'i', "1"}, {'i', "*@P"}, {'i', "**@Q"}, {'i', "len(@L)"}, {'i', "@K[@i]"}, {'i', "(<i> + @i)"},
    {'i', "@R.n"}, {'i', "copy(@L, <L>)"}, {'i', "(<A>).(int)"}, {'i', "cap(<K>)"},
    {'s', "\"a\""}, {'s', "(@s + \"b\" + <s>)"}, {'s', "string(<B>)"}, {'s', "@s[@i:]"},
    {'b', "(@P == nil)"}, {'b', "(@i > <i>)"}, {'b', "!@b"}, {'b', "(<A> == <A>)"},
    {'P', "&@i"}, {'P', "new(int)"}, {'P', "(<R>).p"}, {'P', "(<T>).p2"}, {'P', "*@Q"},
    {'P', "@L[@i]"}, {'P', "@M[<s>]"}, {'P', "<-@C"}, {'P', "(<A>).(*int)"}, {'P', "@F(<P>)"},
    {'P', "(<Y>)[@i]"}, {'P', "@Z[1]"}, {'P', "func() *int { return <P> }()"}, {'P', "&@K[@i]"},
    {'P', "(<I>).M(<P>)"}, {'P', "@R.M(<P>)"}, {'P', "@T.Get(<P>)"}, {'P', "@R.t.p"},
    {'P', "(<H>).p"}, {'P', "@W[@i].p"}, {'P', "@N[<A>].p"}, {'P', "@R.v.a"}, {'P', "&@R.n"},
    {'P', "ext(<P>, <R>)"}, {'P', "noesc(<P>)"}, {'P', "@R.d"}, {'P', "@T.First()"},
    {'P', "(*T).M(<R>, <P>)"}, {'P', "(*int)(<U>)"}, {'P', "T.Get(<T>, <P>)"}, {'P', "@J[@i]"},
    {'Q', "&@P"}, {'Q', "&@R.p"}, {'Q', "&@L[@i]"}, {'Q', "&@Y[@i]"}, {'Q', "new(*int)"},
    {'Q', "@R.q"}, {'Q', "&@R.v.b"}, {'Q', "&@T.a[@i]"},
    {'L', "[]*int{<P>, <P>}"}, {'L', "[]*int{}"}, {'L', "@L[@i:]"}, {'L', "@L[:@i:@i]"},
    {'L', "append(<L>, <P>)"}, {'L', "append(@L, <L>...)"}, {'L', "make([]*int, 3)"},
    {'L', "make([]*int, @i)"}, {'L', "make([]*int, 0, 10)"}, {'L', "@R.s"}, {'L', "@Y[:]"},
    {'L', "@Z[1:]"}, {'L', "make([]*int, 1<<14)"}, {'L', "@R.e"},
    {'K', "[]int{<i>, 2}"}, {'K', "append(@K, <i>)"}, {'K', "make([]int, 2, 5)"}, {'K', "@K[1:]"},
    {'T', "T{p: <P>}"}, {'T', "T{s: <L>, i: <A>, f: <F>}"}, {'T', "*@R"}, {'T', "@W[@i]"},
    {'T', "T{D: D{d: <P>}}"}, {'T', "T{v: <V>, a: <Y>}"}, {'T', "(<A>).(T)"}, {'T', "@N[@i]"},
    {'R', "&T{p: <P>}"}, {'R', "&@T"}, {'R', "new(T)"}, {'R', "@R.t"}, {'R', "&@W[@i]"},
    {'R', "(<A>).(*T)"}, {'R', "(<I>).(*T)"}, {'R', "@R.Keep(<P>)"}, {'R', "&T{t: <R>, m: <M>}"},
    {'A', "interface{}(<i>)"}, {'A', "interface{}(<P>)"}, {'A', "interface{}(<T>)"},
    {'A', "interface{}(<s>)"}, {'A', "interface{}(<V>)"}, {'A', "interface{}(<H>)"},
    {'A', "@E[@i]"}, {'A', "@R.i"}, {'A', "interface{}(<I>)"}, {'A', "interface{}(<F>)"},
    {'I', "I(<R>)"}, {'I', "I(<V>)"}, {'I', "I(&@V)"}, {'I', "I(<X>)"}, {'I', "I(&@X)"},
    {'X', "X{I: <I>}"}, {'X', "X{<I>, <P>}"},
    {'X', "(<A>).(X)"}, {'P', "@X.M(<P>)"}, {'F', "@X.M"}, {'A', "interface{}(<X>)"},
    {'I', "(<A>).(I)"},
    {'F', "func(p *int) *int { return p }"}, {'F', "func(p *int) *int { @P = p; return <P> }"},
    {'F', "@R.M"}, {'F', "(<I>).M"}, {'F', "@T.Get"}, {'F', "noesc"}, {'F', "@R.f"},
    {'F', "func(p *int) *int { {} return p }"}, {'F', "(<V>).M"},
    {'G', "func() { {} }"}, {'G', "func() { @P = <P> }"}, {'G', "@R.N"},
    {'M', "map[string]*int{<s>: <P>}"}, {'M', "make(map[string]*int)"}, {'M', "@R.m"},
    {'N', "map[interface{}]T{<A>: <T>}"}, {'N', "make(map[interface{}]T, <i>)"},
    {'C', "make(chan *int)"}, {'C', "make(chan *int, <i>)"},
    {'Y', "[2]*int{<P>, <P>}"}, {'Y', "*@Z"}, {'Y', "@R.a"}, {'Y', "[...]*int{1: <P>}"},
    {'Z', "&@Y"}, {'Z', "&[2]*int{<P>}"}, {'Z', "&@R.a"}, {'Z', "new([2]*int)"},
    {'W', "[]T{<T>}"}, {'W', "[]T{{p: <P>}, <T>}"}, {'W', "append(@W, <T>)"}, {'W', "make([]T, 2)"},
    {'E', "[]interface{}{<i>, <P>, <T>}"}, {'E', "append(@E, <P>, <s>)"}, {'E', "@E[@i:]"},
    {'V', "V{<P>, <P>}"}, {'V', "V{a: <P>}"}, {'V', "@R.v"}, {'V', "(<A>).(V)"}, {'V', "(<I>).(V)"},
    {'H', "H{<P>}"}, {'H', "(<A>).(H)"},
    {'B', "[]byte(<s>)"}, {'B', "append(@B, <s>...)"}, {'B', "make([]byte, 8)"},
    {'U', "unsafe.Pointer(<P>)"}, {'U', "unsafe.Pointer(<R>)"},
    {'U', "unsafe.Pointer(uintptr(<U>) + 8)"}, {'J', "[40]*int{3: <P>}"},
};

enum { VALUES = sizeof values / sizeof *values };

static const char *const statements[] = {
    "@P = <P>", "*@P = <i>", "@Q = <Q>", "*@Q = <P>", "**@Q = <i>", "@L = <L>", "@L[@i] = <P>",
    "@T = <T>", "@R = <R>", "*@R = <T>", "@R.p = <P>", "@T.p = <P>", "@R.q = <Q>", "@R.s = <L>",
    "@R.t = <R>", "@R.i = <A>", "@R.f = <F>", "@R.m = <M>", "@R.a = <Y>", "@R.a[@i] = <P>",
    "@A = <A>", "@A = <P>", "@A = <i>", "@A = <T>", "@A = <s>", "@I = <R>", "@I = <V>", "@F = <F>",
    "@G = <G>", "@G()", "@F(<P>)", "@M[<s>] = <P>", "@N[<A>] = <T>", "@N[<P>] = <T>",
    "@C <- <P>", "@Y = <Y>", "@Y[@i] = <P>", "@Z[0] = <P>", "@W[@i].p = <P>", "@W = <W>",
    "@E = <E>", "@E[@i] = <V>", "@V = <V>", "@V.a = <P>", "@H = <H>", "@B = <B>", "@s += <s>",
    "@i += <i>", "@X.N()", "@X = <X>", "@X.I = <I>",
    "@i++", "@s = <s>", "@b = <b>", "@P, @Q = <P>, <Q>", "@L, @i = <L>, <i>",
    "@P, @b = @M[<s>]", "@P, @b = (<A>).(*int)", "@P, @b = <-@C", "@R.p = @R.p2",
    "@R.s = @R.s2[@i:]",
    "@R.M(<P>)", "@I.N()", "@I.M(<P>)", "@R.Set(<P>)", "@R.d = <P>", "delete(@M, <s>)",
    "copy(@L, <L>)", "panic(<A>)", "panic(<i>)", "println(<P>, <i>, <s>)", "_ = <P>", "_ = <A>",
    "close(@C)", "@J = <J>", "@J[@i] = <P>", "@R.v = <V>", "@U = <U>", "@R.D = D{d: <P>}",
    "defer @G()", "defer func() { {} }()", "defer @F(<P>)", "defer @R.M(<P>)", "defer println(<s>)",
    "go func() { {} }()", "go @G()", "go @R.Set(<P>)", "defer @I.M(<P>)", "go @F(<P>)",
    "func() { {} }()", "func(p *int) { @P = p }(<P>)", "if @b { {} } else { {} }", "if @b { {} }",
    "for @i < 10 { {} }", "for { {} if @b { break } }", "{ {} }",
    "switch @i { case 1: {} case 2: {} default: {} }", "select { case @C <- <P>: {} default: {} }",
    "if true { {} } else { {} }", "defer ext(<P>, <R>)", "go noesc(<P>)", "defer panic(<A>)",
    "@T.p, @T.p2 = @T.p2, @T.p", "@L = @L[1:]", "@R = @R.t", "@V = V{@P, <P>}", "@T.Set(<P>)",
};

enum { STATEMENTS = sizeof statements / sizeof *statements };

/* Statements that declare: the first two letters are the types of #0 and #1, `-` for none. */
static const char *const declaring[] = {
    "iPfor #0, #1 := range @L { _, _ = #0, #1; {} }",
    "iTfor #0, #1 := range <W> { _, _ = #0, #1; {} }",
    "sPfor #0, #1 := range @M { _, _ = #0, #1; {} }",
    "iPfor #0, #1 := range @Y { _, _ = #0, #1; {} }",
    "iPfor #0, #1 := range @Z { _, _ = #0, #1; {} }", "P-for #0 := range @C { _ = #0; {} }",
    "i-for #0 := range @s { _ = #0; {} }", "i-for #0 := 0; #0 < 3; #0++ { {} }",
    "iAfor #0, #1 := range @E { _, _ = #0, #1; _ = #1; {} }",
    "P-switch #0 := (<A>).(type) { case *int: _ = #0; {} }",
    "T-switch #0 := (<A>).(type) { case T: _ = #0; {} }",
    "V-switch #0 := (<I>).(type) { case V: _ = #0; {} }",
    "R-switch #0 := (<I>).(type) { case *T: _ = #0; {} }",
    "A-switch #0 := (<A>).(type) { case int, *int: _ = #0; {} }",
    "P-select { case #0 := <-@C: _ = #0; {} default: }", "Pbif #0, #1 := @M[@s]; #1 { _ = #0; {} }",
    "R-if #0 := (<R>); @b { _ = #0; {} }",
};

enum { DECLARING = sizeof declaring / sizeof *declaring };

/* ---- the state ---- */

static uint64_t seed;
static struct {
    char type;
    int name;
} vars[VARS];
static int nvars, names, labels, nest;
static struct {
    char params[PARAMS], result, second;
    int n;
    bool variadic, named;
} functions[FUNCTIONS];
static int nfunctions;

static uint32_t below(uint32_t n)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return (uint32_t)((seed * 0x2545F4914F6CDD1Du) >> 33) % n;
}

static const char *type_name(char letter)
{
    for (int i = 0; i < TYPES; i++)
        if (types[i].letter == letter)
            return types[i].name;
    abort();
}

static char any_type(void)
{
    return types[below(TYPES)].letter;
}

/* Makes a variable visible and returns its number. */
static int declare(char type)
{
    if (nvars == VARS)
        return -1;
    vars[nvars].type = type;
    vars[nvars].name = names;
    nvars++;
    return names++;
}

static void variable(char type)
{
    for (int tries = 0; tries < 12 && nvars > 0; tries++) {
        const int i = (int)below((uint32_t)nvars);

        if (vars[i].type == type) {
            printf("v%d", vars[i].name);
            return;
        }
    }
    if (below(8) > 0)
        for (int i = nvars; i > 0; i--)
            if (vars[i - 1].type == type) {
                printf("v%d", vars[i - 1].name);
                return;
            }
    printf("g%c", type);
}

static void text(const char *t, int depth, const int *fresh);
static void block(int depth);

/* A call of one of the functions. */
static void call(int f, int depth)
{
    printf("f%d(", f);
    for (int i = 0; i < functions[f].n; i++) {
        const char letter[] = {'<', functions[f].params[i], '>', '\0'};

        printf(i > 0 ? ", " : "");
        text(letter, depth, NULL);
    }
    for (uint32_t k = functions[f].variadic ? below(3) : 0; k > 0; k--) {
        printf(functions[f].n > 0 || k < 1 ? ", " : "");
        if (functions[f].n == 0)
            break;
        text("<P>", depth, NULL);
    }
    printf(")");
}

static void value(char type, int depth)
{
    if (depth > 0 && below(5) == 0)
        for (int tries = 0; tries < 6; tries++) {
            const int f = (int)below((uint32_t)nfunctions);

            if (functions[f].result == type && functions[f].second == 0) {
                call(f, depth - 1);
                return;
            }
        }
    for (int tries = 0; depth > 0 && tries < 400; tries++) {
        const uint32_t i = below(VALUES);

        if (values[i].letter == type) {
            text(values[i].text, depth - 1, NULL);
            return;
        }
    }
    variable(type);
}

static void text(const char *t, int depth, const int *fresh)
{
    const char *const from = t;

    for (; *t != '\0'; t++) {
        if (t[0] == '<' && t[1] != '\0' && t[2] == '>') {
            value(t[1], depth);
            t += 2;
        } else if (t[0] == '@') {
            variable(*++t);
        } else if (t[0] == '#' && fresh != NULL) {
            printf("v%d", fresh[*++t - '0']);
        } else if (t > from && t[-1] == ' ' && t[0] == '{' && t[1] == '}') {
            block(depth);
            t++;
        } else {
            putchar(*t);
        }
    }
}

/* ---- statements ---- */

static void new_variable(void)
{
    const char type = any_type();
    const bool full = below(2) == 0;
    int v;

    printf(full ? "var v%d %s = " : "v%d := ", names, type_name(type));
    v = names++;
    value(type, DEPTH);
    if (nvars < VARS) {
        vars[nvars].type = type;
        vars[nvars++].name = v;
    }
    printf("\n_ = v%d\n", v);
}

static void declaring_statement(void)
{
    const char *t = declaring[below(DECLARING)];
    int fresh[2], before = nvars;

    fresh[0] = names++;
    fresh[1] = names++;
    /* The variables exist in the block only; it is the last thing of a template. */
    for (const char *p = t + 2; *p != '\0'; p++) {
        if (p[0] == '{' && p[1] == '}') {
            for (int i = 0; i < 2; i++)
                if (t[i] != '-' && nvars < VARS) {
                    vars[nvars].type = t[i];
                    vars[nvars++].name = fresh[i];
                }
            block(DEPTH);
            nvars = before;
            p++;
        } else {
            char one[4] = {p[0], '\0', '\0', '\0'};

            if (p[0] == '@' || p[0] == '#')
                one[1] = *++p;
            else if (p[0] == '<' && p[1] != '\0' && p[2] == '>') {
                memcpy(one, p, 3);
                p += 2;
            }
            text(one, 2, fresh);
        }
    }
    printf("\n");
}

static void loop_by_goto(void)
{
    const int label = labels++;

    printf("L%d:\n{\n", label);
    block(DEPTH);
    printf("}\nif ");
    variable('b');
    printf(" { goto L%d }\n", label);
}

static void several_results(void)
{
    const int f = (int)below((uint32_t)nfunctions);

    if (functions[f].result == 0) {
        call(f, 2);
    } else if (functions[f].second == 0) {
        variable(functions[f].result);
        printf(" = ");
        call(f, 2);
    } else {
        variable(functions[f].result);
        printf(", ");
        variable(functions[f].second);
        printf(" = ");
        call(f, 2);
    }
    printf("\n");
}

static void block(int depth)
{
    const int before = nvars;
    uint32_t n = 1 + below(3);

    (void)depth;
    if (nest >= NEST)
        n = 1;
    nest++;
    printf("\n");
    for (; n > 0; n--) {
        const uint32_t what = below(nest > NEST ? 4 : 12);

        if (what < 3)
            new_variable();
        else if (what == 3)
            several_results();
        else if (what == 4)
            declaring_statement();
        else if (what == 5 && below(3) == 0)
            loop_by_goto();
        else {
            text(statements[below(STATEMENTS)], DEPTH, NULL);
            printf("\n");
        }
    }
    nest--;
    nvars = before;
}

static void function(int f)
{
    nvars = nest = 0;
    printf("func f%d(", f);
    for (int i = 0; i < functions[f].n; i++)
        printf("%sv%d %s", i > 0 ? ", " : "", declare(functions[f].params[i]),
            type_name(functions[f].params[i]));
    if (functions[f].variadic)
        printf("%sv%d ...*int", functions[f].n > 0 ? ", " : "", declare('L'));
    printf(") ");
    if (functions[f].result != 0 && functions[f].named)
        printf("(v%d %s%s%s) ", declare(functions[f].result), type_name(functions[f].result),
            functions[f].second != 0 ? ", _ " : "",
            functions[f].second != 0 ? type_name(functions[f].second) : "");
    else if (functions[f].second != 0)
        printf("(%s, %s) ", type_name(functions[f].result), type_name(functions[f].second));
    else if (functions[f].result != 0)
        printf("%s ", type_name(functions[f].result));
    printf("{\n");
    for (uint32_t k = 1 + below(3); k > 0; k--)
        new_variable();
    block(DEPTH);
    block(DEPTH);
    if (functions[f].result != 0) {
        printf("return ");
        value(functions[f].result, DEPTH);
        if (functions[f].second != 0) {
            printf(", ");
            value(functions[f].second, DEPTH);
        }
        printf("\n");
    }
    printf("}\n\n");
}

static void signature(int f)
{
    functions[f].n = (int)below(PARAMS + 1);
    for (int i = 0; i < functions[f].n; i++)
        functions[f].params[i] = any_type();
    functions[f].variadic = functions[f].n > 0 && below(6) == 0;
    functions[f].named = below(3) == 0;
    if (below(5) > 0)
        functions[f].result = any_type();
    if (functions[f].result != 0 && below(4) == 0)
        functions[f].second = any_type();
}

int main(int argc, char **argv)
{
    if (argc != 3 || (nfunctions = atoi(argv[2])) < 1 || nfunctions > FUNCTIONS) {
        fprintf(stderr, "usage: mkgo SEED FUNCTIONS\n");
        return 2;
    }
    seed = (strtoull(argv[1], NULL, 10) + 1) * 0x9E3779B97F4A7C15u;
    for (int i = 0; i < 8; i++)
        below(2);
    fputs(prelude, stdout);
    for (int i = 0; i < TYPES; i++)
        printf("var g%c %s\n", types[i].letter, types[i].name);
    printf("\n");
    for (int f = 0; f < nfunctions; f++)
        signature(f);
    for (int f = 0; f < nfunctions; f++)
        function(f);
    return 0;
}
