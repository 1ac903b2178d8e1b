/*
 * 08-escape-info.c - who tells you that the address of a local gets away.
 *
 * Go's compiler answers with an object in the heap, and `go build -gcflags=-m` tells. C
 * has no such answer. Some mistakes gcc warns of; the others show when the program runs
 * under AddressSanitizer or Valgrind. This program compiles its own unsafe half, runs
 * it, and shows the lines that matter of what each of them said.
 *
 * Predict before you run:
 *   1. Which of the three mistakes below does gcc -Wall see?
 *   2. What does an ordinary build read through such an address?
 *   3. Who sees the third mistake?
 *
 * In Go all three are right, and the variable is in the heap:
 *     func keep(b *box) {
 *         local := 42                       // moved to heap: local
 *         b.p = &local
 *     }
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct box {
    int *p;
};

#ifdef UNSAFE

static int *answer(void)
{
    int local = 41;

    return &local;              /* 1: returned */
}

__attribute__((noinline)) static void keep(struct box *b)
{
    int local = 42;

    b->p = &local;              /* 2: stored where it outlives the frame */
}

__attribute__((noinline)) static void put(struct box *b, int *p)
{
    b->p = p;
}

__attribute__((noinline)) static void keep_by_call(struct box *b)
{
    int local = 43;

    put(b, &local);             /* 3: the same, but another function stores it */
}

int main(int argc, char **argv)
{
    struct box b = {argc > 2 ? answer() : NULL};

    if (argc > 1)
        keep(&b);
    else
        keep_by_call(&b);
    printf("%d\n", *b.p);
    return 0;
}

#else

/* The safe version: the caller owns the place, the function only fills it. */
static void keep(struct box *b, int *place)
{
    *place = 42;
    b->p = place;
}

/* Prints the first lines that a command says, or that it says nothing. */
static void ask(const char *who, const char *command)
{
    char line[512];
    int shown = 0;
    FILE *f = popen(command, "r");

    printf("%s\n", who);
    while (f != NULL && fgets(line, sizeof line, f) != NULL) {
        line[strcspn(line, "\n")] = '\0';
        if (shown++ < 3)
            printf("    %.76s\n", line);
    }
    if (f == NULL || pclose(f) == -1 || shown == 0)
        printf("    nothing\n");
    fflush(stdout);
}

static void ask_all(void)
{
    ask("gcc -Wall says of the unsafe half:",
        "gcc -O1 -Wall -DUNSAFE \"$SRC\" -o \"$DIR/plain\" 2>&1 | "
        "sed -n 's/^.*warning: //p'");
    ask("The ordinary build reads, mistakes 2 and 3 (it may be any number):",
        "\"$DIR/plain\" keep; \"$DIR/plain\"");
    ask("AddressSanitizer says of mistake 3:",
        "gcc -w -DUNSAFE -fsanitize=address \"$SRC\" -o \"$DIR/asan\" && "
        "ASAN_OPTIONS=detect_stack_use_after_return=1 \"$DIR/asan\" 2>&1 | "
        "sed -n 's/^.*ERROR: \\(.*\\) on address.*/\\1/p'");
    ask("Valgrind says of mistake 3:",
        "valgrind -q \"$DIR/plain\" 2>&1 | "
        "sed -n 's/^==.*== \\([A-Z].*uninit.*\\)/\\1/p' | sort -u");
}

int main(void)
{
    char dir[] = "/tmp/escape-XXXXXX";
    int place;
    struct box b;

    keep(&b, &place);
    printf("The safe version reads %d, from the frame of main.\n", *b.p);
    if (access(__FILE__, R_OK) != 0 || mkdtemp(dir) == NULL) {
        printf("To see the rest, run it where %s is.\n", __FILE__);
        return 1;
    }
    setenv("LC_ALL", "C", 1);
    setenv("SRC", __FILE__, 1);
    setenv("DIR", dir, 1);
    fflush(stdout);
    ask_all();
    printf("`make check` runs your exercises under Valgrind too: the memcheck checks.\n");
    return system("rm -r -- \"$DIR\"") == 0 ? 0 : 1;
}

#endif
