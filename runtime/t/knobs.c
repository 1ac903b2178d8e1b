/*
 * knobs.c - unit tests of base/knobs.c.
 *
 * data/knobs.tsv is what Go 1.19.8 does: `env VARIABLE=value gogc next_gc limit`, or
 * `env VARIABLE=value exit status 2 VARIABLE=value`.
 */
#include "knobs.h"

#include "help.h"
#include "unit.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static void read_knobs(void *variable)
{
    unsetenv("GOGC");
    unsetenv("GOMEMLIMIT");
    if (*(char *)variable != '\0')
        putenv(variable);
    struct knobs k = knobs_read();
    fprintf(stderr, "%d ", k.gogc);
    if (k.memlimit == INT64_MAX)
        fprintf(stderr, "max");
    else
        fprintf(stderr, "%" PRId64, k.memlimit);
}

/* One row, split at its tabs, against what a child that reads the environment says. */
static void env_row(char *row)
{
    char *variable = strchr(row, '\t') + 1;
    char *first = strchr(variable, '\t') + 1;
    char expected[T_ERR];
    struct t_end end;

    first[-1] = '\0';
    end = t_child(read_knobs, variable);
    if (strncmp(first, "exit status 2", 13) == 0) {
        snprintf(expected, sizeof expected,
                 "%s\nfatal error: malformed GOMEMLIMIT; see "
                 "`go doc runtime/debug.SetMemoryLimit`\n", variable);
        cr_expect(end.status == 2, "%s: status %d", variable, end.status);
        cr_expect(strncmp(end.err, expected, strlen(expected)) == 0, "%s: %s", variable, end.err);
        return;
    }
    snprintf(expected, sizeof expected, "%d %s", atoi(first), strrchr(first, '\t') + 1);
    cr_expect(end.status == 0 && strcmp(end.err, expected) == 0, "%s: %s", variable, end.err);
}

enum { ROWS = 19 };

Test(knobs, every_environment_is_read_as_go_reads_it)
{
    static char line[ROWS + 1][256];
    FILE *f = t_data("knobs.tsv");
    int rows = 0;

    while (rows <= ROWS && fgets(line[rows], sizeof line[0], f))
        rows++;
    fclose(f);
    cr_assert(rows == ROWS);
    for (int i = 0; i < ROWS; i++) {
        line[i][strcspn(line[i], "\n")] = '\0';
        env_row(line[i]);
    }
}

Test(knobs, gogc_takes_no_plus_sign_and_no_space)
{
    cr_expect(knobs_gogc("+50") == 100);
    cr_expect(knobs_gogc(" 50") == 100);
    cr_expect(knobs_gogc("50 ") == 100);
}

Test(knobs, gogc_past_32_bits_is_no_number)
{
    cr_expect(knobs_gogc("2147483647") == INT32_MAX);
    cr_expect(knobs_gogc("2147483648") == 100);
    cr_expect(knobs_gogc("99999999999999999999") == 100);
}

Test(knobs, a_limit_has_binary_units_only)
{
    int64_t limit = 0;

    cr_expect(knobs_memlimit("3KiB", &limit) && limit == 3072);
    cr_expect(knobs_memlimit("2TiB", &limit) && limit == INT64_C(2) << 40);
    cr_expect(knobs_memlimit("17B", &limit) && limit == 17);
    cr_expect(!knobs_memlimit("17K", &limit));
    cr_expect(!knobs_memlimit("17kiB", &limit));
    cr_expect(!knobs_memlimit("KiB", &limit));
    cr_expect(!knobs_memlimit("iB", &limit));
    cr_expect(!knobs_memlimit("B", &limit));
    cr_expect(limit == 17);
}

Test(knobs, a_limit_that_overflows_is_malformed)
{
    int64_t limit = 0;

    cr_expect(knobs_memlimit("8388607TiB", &limit));
    cr_expect(!knobs_memlimit("8388608TiB", &limit));
    cr_expect(knobs_memlimit("9223372036854775807", &limit) && limit == INT64_MAX);
    cr_expect(!knobs_memlimit("9223372036854775808", &limit));
}

Test(knobs, the_last_good_number_of_a_debug_key_counts)
{
    const char *text = "gctrace=1,schedtrace=1000,gctrace=2,gctrace=x,gctracer=9";

    cr_expect(knobs_debug(text, "gctrace", 0) == 2);
    cr_expect(knobs_debug(text, "schedtrace", 0) == 1000);
    cr_expect(knobs_debug(text, "sched", 7) == 7);
    cr_expect(knobs_debug("", "gctrace", 7) == 7);
    cr_expect(knobs_debug("gctrace", "gctrace", 7) == 7);
}
