/*
 * fuzz.c - damages Go sources at random and analyses what is left.
 *
 *   fuzz SEED RUNS FILE.go...
 *
 * Built with ASan and UBSan. A crash, a leak or a run of more than 10 seconds ends it; the
 * source that did it is then in the file fuzz-last.go of the working directory.
 *
 * Go: none.
 */
#include "gorun.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { FILES = 100, SOURCE_MAX = 64 << 10, SECONDS = 10 };

static struct {
    char *text;
    size_t size;
} files[FILES];
static int nfiles;
static char source[SOURCE_MAX];
static size_t size;
static uint64_t seed;

static size_t below(size_t n)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return n == 0 ? 0 : (size_t)((seed * 0x2545F4914F6CDD1Du) >> 20) % n;
}

/* Puts n bytes in place of `old` bytes at `at`. */
static void replace(size_t at, size_t old, const char *text, size_t n)
{
    if (at + old > size || size - old + n > SOURCE_MAX)
        return;
    memmove(source + at + n, source + at + old, size - at - old);
    memcpy(source + at, text, n);
    size = size - old + n;
}

/* The length of a few tokens, or of a few lines. */
static size_t stretch(void)
{
    return 1 + below(below(4) == 0 ? 200 : 12);
}

static void damage(void)
{
    static const char *const words[] = {"(", ")", "{", "}", "[", "]", "*", "&", ".", ",", ";", ":=",
        "=", "<-", "...", "func", "type", "var", "const", "struct{", "interface{", "map[", "chan ",
        "range ", "go ", "defer ", "return ", "if ", "for ", "switch ", "case ", "default:",
        "select{", "goto ", "nil", "_", "iota", "0", "1<<70", "1e400", "-1", "\"", "'", "`", "/*",
        "//", "\n", "unsafe.Pointer(", "append(", "make(", "new(", "len(", "copy(", "panic(",
        "int", "T", "x", "p", "[...]", "0x", "'\\u12'", "\"\\777\"", "+", "/", "%", "<<", "&&",
        "\xff", "error", "any", "[1<<40]", ".(type)", "i.(", "func(){", "}()"};
    const char *word = words[below(sizeof words / sizeof *words)];
    const int other = (int)below((size_t)nfiles);
    size_t at = below(size), n = stretch(), from;

    switch (below(6)) {
    case 0:
        replace(at, 0, word, strlen(word));
        break;
    case 1:
        replace(at, n, word, strlen(word));
        break;
    case 2:
        replace(at, n, "", 0);
        break;
    case 3:
        from = below(files[other].size);
        if (n > files[other].size - from)
            n = files[other].size - from;
        replace(at, below(2) * n, files[other].text + from, n);
        break;
    case 4:
        source[at] = (char)below(256);
        break;
    default:
        from = below(size);
        if (n > size - from)
            n = size - from;
        {
            char copy[256];

            memcpy(copy, source + from, n);
            for (size_t k = below(30) == 0 ? 100 : 1; k > 0; k--)
                replace(at, 0, copy, n);
        }
        break;
    }
}

static void keep(void)
{
    FILE *out = fopen("fuzz-last.go", "wb");

    if (out == NULL || fwrite(source, 1, size, out) != size || fclose(out) != 0) {
        perror("fuzz-last.go");
        exit(2);
    }
}

static void run(void)
{
    struct gosrc s = {.file = "x.go", .text = source, .size = size, .explain = below(8) == 0};

    alarm(SECONDS);
    gorun_analyse(&s);
    gomem_free(&s.mem);
    alarm(0);
}

static void load(const char *name)
{
    FILE *in = fopen(name, "rb");

    if (in == NULL || nfiles == FILES) {
        perror(name);
        exit(2);
    }
    files[nfiles].text = malloc(SOURCE_MAX / 2);
    if (files[nfiles].text == NULL)
        exit(2);
    files[nfiles].size = fread(files[nfiles].text, 1, SOURCE_MAX / 2, in);
    nfiles++;
    fclose(in);
}

int main(int argc, char **argv)
{
    if (argc < 4) {
        fputs("usage: fuzz SEED RUNS FILE.go...\n", stderr);
        return 2;
    }
    seed = (strtoull(argv[1], NULL, 10) + 1) * 0x9E3779B97F4A7C15u;
    for (int i = 3; i < argc; i++)
        load(argv[i]);
    for (long runs = atol(argv[2]); runs > 0; runs--) {
        const int f = (int)below((size_t)nfiles);

        size = files[f].size;
        memcpy(source, files[f].text, size);
        for (size_t k = 1 + below(4); k > 0 && size > 0; k--)
            damage();
        keep();
        run();
    }
    unlink("fuzz-last.go");
    for (int i = 0; i < nfiles; i++)
        free(files[i].text);
    return 0;
}
