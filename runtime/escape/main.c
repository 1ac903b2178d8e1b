/*
 * main.c - the command of `make escape`.
 *
 *   escape [--explain] [--dot | --html] FILE.go
 *
 * Prints what `go tool compile -m -l FILE.go` of Go 1.19 says, as LINE:COL: text; --explain
 * adds to each line the flows it comes from; --dot writes the graph for Graphviz, --html a
 * page. `-` reads standard input. Status: 0 all well, 1 the source is wrong, 2 wrong use.
 *
 * Invariants:
 *   I1  standard output has verdicts, or the one document asked for, and nothing else
 *
 * Refused: several files at once. A package's verdicts depend on all of it, and the subset
 * is one file.
 *
 * Go: none. Module 37.
 */
#include "gorun.h"

#include "gopage.h"
#include "goreport.h"

#include <stdlib.h>
#include <string.h>

enum { FILE_MAX = 16 << 20 };

/* Reads all of a file. False when it cannot be read or is too large. */
static bool read_file(struct gosrc *s, FILE *in)
{
    char *text = gomem_get(&s->mem, FILE_MAX + 1);

    s->size = fread(text, 1, FILE_MAX + 1, in);
    s->text = text;
    if (ferror(in)) {
        fprintf(stderr, "%s: it cannot be read\n", s->file);
        return false;
    }
    if (s->size > FILE_MAX) {
        fprintf(stderr, "%s: it has more than %d bytes\n", s->file, FILE_MAX);
        return false;
    }
    return true;
}

static int usage(void)
{
    fputs("usage: escape [--explain] [--dot | --html] FILE.go\n", stderr);
    return 2;
}

static int run(struct gosrc *s, bool html)
{
    FILE *in = strcmp(s->file, "-") == 0 ? stdin : fopen(s->file, "rb");
    int status;

    if (in == NULL) {
        perror(s->file);
        return 2;
    }
    if (!read_file(s, in)) {
        fclose(in);
        return 2;
    }
    fclose(in);
    if (s->dot != NULL)
        fputs("digraph flows {\n  rankdir=LR;\n", s->dot);
    status = gorun_analyse(s);
    if (s->dot != NULL)
        fputs("}\n", s->dot);
    else if (html)
        gopage_write(s, stdout);
    else
        goreport_print(s, stdout);
    if (fflush(stdout) != 0) {
        perror("escape: standard output");
        return 2;
    }
    return status;
}

int main(int argc, char **argv)
{
    struct gosrc s = {0};
    bool html = false;
    int status;

    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--explain") == 0)
            s.explain = true;
        else if (strcmp(argv[i], "--dot") == 0)
            s.dot = stdout;
        else if (strcmp(argv[i], "--html") == 0)
            html = true;
        else if ((argv[i][0] == '-' && argv[i][1] != '\0') || s.file != NULL)
            return usage();
        else
            s.file = argv[i];
    }
    if (s.file == NULL || (html && s.dot != NULL))
        return usage();
    status = run(&s, html);
    gomem_free(&s.mem);
    return status;
}
