/*
 * ex3_strbuf.c - the public tests of strbuf: what each call promises.
 */
#include "gt.h"

#include "strbuf.h"

#include <stdio.h>

/* Fills p with n letters. */
static void letters(char *p, size_t n)
{
    for (size_t i = 0; i < n; i++)
        p[i] = (char)('a' + gt_below(26));
}

/* The capacity that the contract names when `need` bytes do not fit `cap`. */
static size_t rule(size_t cap, size_t need)
{
    size_t next = cap * 2 > STRBUF_MIN ? cap * 2 : STRBUF_MIN;

    if (need <= cap)
        return cap;
    return next > need ? next : need;
}

GT(ex3, appended_bytes_come_back)
{
    struct strbuf b = {0};
    char want[2000];
    size_t len = 0, n;

    while (len < 1900) {
        n = gt_below(40);
        letters(want + len, n);
        GT_OK(strbuf_append(&b, want + len, n));
        len += n;
        want[len] = '\0';
        GT_EQ(b.len, len);
        GT_STR(strbuf_cstr(&b), want);
    }
    strbuf_free(&b);
}

GT(ex3, capacity_follows_the_rule)
{
    const size_t step[] = {63, 1, 64, 1 + gt_below(100), 1000 + gt_below(1000), 5};
    struct strbuf b = {0};
    size_t cap = 0;
    char text[2000];

    letters(text, sizeof text);
    for (size_t i = 0; i < sizeof step / sizeof step[0]; i++) {
        cap = rule(cap, b.len + step[i] + 1);
        GT_OK(strbuf_grow(&b, step[i]));
        GT_EQ(b.cap, cap);
        GT_OK(strbuf_append(&b, text, step[i]));
        GT_EQ(b.cap, cap);
    }
    strbuf_free(&b);
}

GT(ex3, append_int_writes_decimal)
{
    struct strbuf b = {0};
    char want[400];
    int len = snprintf(want, sizeof want, "0");

    GT_OK(strbuf_append_int(&b, 0));
    for (int i = 0; i < 20; i++) {
        uint64_t bits = 1 + gt_below(62);
        int64_t v = (int64_t)(gt_rand() >> (64 - bits));

        if (gt_below(2) == 0)
            v = -v;
        GT_OK(strbuf_append(&b, ",", 1) && strbuf_append_int(&b, v));
        len += snprintf(want + len, sizeof want - (size_t)len, ",%lld", (long long)v);
    }
    GT_EQ(b.len, len);
    GT_STR(strbuf_cstr(&b), want);
    strbuf_free(&b);
}

GT(ex3, an_empty_buffer_reads_as_empty)
{
    struct strbuf b = {0};
    char text[8] = "";

    GT_STR(strbuf_cstr(&b), "");
    GT_OK(strbuf_append(&b, NULL, 0));
    GT_STR(strbuf_cstr(&b), "");
    letters(text, sizeof text - 1);
    GT_OK(strbuf_append(&b, text, sizeof text - 1));
    GT_STR(strbuf_cstr(&b), text);
    strbuf_truncate(&b, 0);
    GT_STR(strbuf_cstr(&b), "");
    strbuf_free(&b);
    GT_STR(strbuf_cstr(&b), "");
}

GT(ex3, truncate_only_cuts)
{
    struct strbuf b = {0};
    size_t cut = gt_below(200), cap;
    char text[201] = "";

    letters(text, 200);
    GT_OK(strbuf_grow(&b, 400) && strbuf_append(&b, text, 200));
    cap = b.cap;
    strbuf_truncate(&b, 201 + gt_below(150));   /* more than it holds */
    strbuf_truncate(&b, SIZE_MAX);
    GT_EQ(b.len, 200);
    GT_STR(strbuf_cstr(&b), text);
    strbuf_truncate(&b, cut);
    text[cut] = '\0';
    GT_EQ(b.len, cut);
    GT_STR(strbuf_cstr(&b), text);
    GT_EQ(b.cap, cap);
    strbuf_free(&b);
}

GT(ex3, reset_keeps_the_memory)
{
    struct strbuf b = {0};
    char text[512] = "";
    size_t n = 100 + gt_below(400), cap;

    letters(text, n);
    GT_OK(strbuf_append(&b, text, n));
    cap = b.cap;
    strbuf_reset(&b);
    GT_EQ(b.len, 0);
    GT_EQ(b.cap, cap);
    GT_STR(strbuf_cstr(&b), "");
    text[n / 2] = '\0';
    GT_OK(strbuf_append(&b, text, n / 2));
    GT_STR(strbuf_cstr(&b), text);
    strbuf_free(&b);
}

GT(ex3, detach_gives_the_bytes_away)
{
    struct strbuf b = {0};
    char text[101] = "";
    size_t n = 1 + gt_below(100), len = 0;
    char *mine;

    letters(text, n);
    GT_OK(strbuf_append(&b, text, n));
    mine = strbuf_detach(&b, &len);
    GT_EQ(len, n);
    GT_EQ(b.len, 0);
    GT_OK(mine != NULL && mine != b.data);
    if (mine == NULL || mine == b.data)
        return;
    GT_OK(strbuf_append(&b, "other", 5));       /* the buffer goes on without them */
    GT_STR(mine, text);
    free(mine);
    GT_STR(strbuf_cstr(&b), "other");
    strbuf_free(&b);
}
