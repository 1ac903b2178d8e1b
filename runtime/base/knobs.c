/*
 * knobs.c - what the environment says: GOGC, GOMEMLIMIT, GODEBUG.
 *
 * Pure functions of a text, so that tests need no environment, and one that reads the real
 * one. The rules are Go's to the letter, odd ones included: GOGC=-7 is off and GOGC=junk is
 * 100 in silence, while a GOMEMLIMIT that cannot be read ends the program.
 *
 * Refused: strtoll. It skips spaces, takes a plus sign and reads 0 from an empty text; Go's
 * atoi does none of these.
 *
 * Go: readGOGC, readGOMEMLIMIT in runtime/mgcpacer.go; atoi64, parseByteCount in string.go;
 * parsedebugvars in runtime1.go. Read with module 41.
 */
#include "knobs.h"

#include "fatal.h"
#include "os.h"

#include <stddef.h>
#include <string.h>

/* The whole of the n bytes at text is a decimal number that fits; as Go's atoi64. */
static bool number(const char *text, size_t n, int64_t *out)
{
    bool negative = n > 0 && text[0] == '-';
    int64_t value = 0;

    if (n == 0)
        return false;
    for (size_t i = negative ? 1 : 0; i < n; i++) {
        int digit = text[i] - '0';

        if (digit < 0 || digit > 9)
            return false;
        if (__builtin_mul_overflow(value, 10, &value)
            || __builtin_add_overflow(value, negative ? -digit : digit, &value))
            return false;
    }
    *out = value;
    return true;
}

static bool number32(const char *text, size_t n, int32_t *out)
{
    int64_t wide;

    if (!number(text, n, &wide) || wide < INT32_MIN || wide > INT32_MAX)
        return false;
    *out = (int32_t)wide;
    return true;
}

int32_t knobs_gogc(const char *text)
{
    int32_t percent;

    if (strcmp(text, "off") == 0)
        return -1;
    if (!number32(text, strlen(text), &percent))
        return 100;
    return percent < 0 ? -1 : percent;
}

/* How far "K", "M", "G" and "T" shift; -1 for another letter. */
static int shift_of(char unit)
{
    const char *units = "KMGT";
    const char *at = unit ? strchr(units, unit) : NULL;

    return at ? 10 * (int)(at - units + 1) : -1;
}

/* Go's parseByteCount: 123, 123B, 123KiB, MiB, GiB, TiB; never 123MB. */
static bool byte_count(const char *text, int64_t *out)
{
    size_t n = strlen(text);
    int shift = 0;
    int64_t value;

    if (n >= 4 && text[n - 1] == 'B' && text[n - 2] == 'i') {
        shift = shift_of(text[n - 3]);
        n -= 3;
    } else if (n >= 2 && text[n - 1] == 'B') {
        n -= 1;
    }
    if (shift < 0 || !number(text, n, &value) || value < 0 || value > INT64_MAX >> shift)
        return false;
    *out = value << shift;
    return true;
}

bool knobs_memlimit(const char *text, int64_t *limit)
{
    if (text[0] != '\0' && strcmp(text, "off") != 0)
        return byte_count(text, limit);
    *limit = INT64_MAX;
    return true;
}

int32_t knobs_debug(const char *text, const char *key, int32_t otherwise)
{
    size_t keylen = strlen(key);
    int32_t value = otherwise;

    for (;;) {
        size_t n = strcspn(text, ",");

        if (n > keylen && strncmp(text, key, keylen) == 0 && text[keylen] == '=')
            (void)number32(text + keylen + 1, n - keylen - 1, &value);
        if (text[n] == '\0')
            return value;
        text += n + 1;
    }
}

struct knobs knobs_read(void)
{
    const char *limit = os_getenv("GOMEMLIMIT");
    struct knobs k = {.gogc = knobs_gogc(os_getenv("GOGC")), .memlimit = INT64_MAX};

    if (!knobs_memlimit(limit, &k.memlimit)) {
        os_write(2, "GOMEMLIMIT=", strlen("GOMEMLIMIT="));
        os_write(2, limit, strlen(limit));
        os_write(2, "\n", 1);
        rt_throw("knobs", "malformed GOMEMLIMIT; see `go doc runtime/debug.SetMemoryLimit`");
    }
    return k;
}
