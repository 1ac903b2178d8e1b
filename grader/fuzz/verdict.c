/*
 * verdict.c - fuzzes what the judge does with a ledger: the verdict, the first difference,
 * and the lines of the report.
 *
 * The input is a ledger as a subject could leave it, and one byte that chooses how the
 * launcher saw the end. The reference's ledger is an honest one. What must hold:
 *   1  the verdict is one of the words
 *   2  pass only when every entry, the number and the hash are the reference's
 *   3  the report has whole lines with the right number of fields, in plain ASCII
 *
 * judge.c is included, because what is looked at is static there.
 */
#include "../src/judge.c"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The judge's runs are not what is fuzzed. */
bool run_subject(const char *program, const char *test, int ledger,
                 const struct run_limits *limits, struct run_result *result)
{
    (void)program, (void)test, (void)ledger, (void)limits, (void)result;
    return false;
}

static struct ledger student, reference;
static int report_fd = -1;

/* An honest ledger of three entries. */
static void honest(struct ledger *l)
{
    memset(l, 0, sizeof *l);
    for (uint64_t i = 0; i < 3; i++) {
        l->entry[i] = (struct ledger_entry){10 + i, i * i};
        l->hash = ledger_mix(l->hash, 10 + i, i * i);
    }
    l->n = 3;
    l->end = ledger_seal(l);
}

static void check_word(const char *word)
{
    static const char words[] = " pass fail early-exit crash timeout cpu memory flood syscall "
                                "not-started harness ";
    const char *at = strstr(words, word);

    assert(at != NULL && at[-1] == ' ' && at[strlen(word)] == ' ');
    if (strcmp(word, "pass") != 0)
        return;
    assert(student.n == reference.n && student.hash == reference.hash);
    assert(memcmp(student.entry, reference.entry, 3 * sizeof student.entry[0]) == 0);
}

static void check_report(void)
{
    static char text[1 << 16];
    ssize_t n = pread(report_fd, text, sizeof text, 0);
    unsigned tabs = 0;

    assert(n > 0 && text[n - 1] == '\n');
    for (ssize_t i = 0, start = 0; i < n; i++) {
        assert(text[i] == '\n' || text[i] == '\t' || (text[i] >= ' ' && text[i] <= '~'));
        tabs += text[i] == '\t';
        if (text[i] == '\n') {
            assert(tabs == (strncmp(&text[start], "test\t", 5) == 0   ? 10
                            : strncmp(&text[start], "over\t", 5) == 0 ? 4
                                                                     : 6));
            start = i + 1;
            tabs = 0;
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const outcomes[] = {"ok", "ok", "ok", "exit", "signal", "timeout", "cpu",
                                           "memory", "flood", "syscall", "", "passed"};
    struct run_result run = {.wall_ms = 7};
    const char *word;

    if (size < 1)
        return 0;
    if (report_fd < 0) {
        report_fd = memfd_create("report", 0);
        char name[64];
        snprintf(name, sizeof name, "/proc/self/fd/%d", report_fd);
        setenv("GT_REPORT", name, 1);
    }
    honest(&reference);
    honest(&student);
    snprintf(run.outcome, sizeof run.outcome, "%s",
             outcomes[data[0] % (sizeof outcomes / sizeof outcomes[0])]);
    memcpy(&student, data + 1, size - 1 < sizeof student ? size - 1 : sizeof student);
    word = verdict_of(&run, &student, &reference);
    check_word(word);
    assert(verdict_difference(&student, &reference) <= 3);
    assert(ftruncate(report_fd, 0) == 0);
    report_test("ex1/name", word, &run, &student, 0);
    check_report();
    return 0;
}
