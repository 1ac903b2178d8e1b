/*
 * ex3_strbuf.c - the hidden tests of strbuf: its own bytes as a source, growth that
 * fails, sizes that do not fit, who owns what, and what use after use may cost.
 */
#include "gt.h"

#include "strbuf.h"

#include <stdio.h>

enum { WALLS = 16 };

/* Fills p with n letters. */
static void letters(char *p, size_t n)
{
    for (size_t i = 0; i < n; i++)
        p[i] = (char)('a' + gt_below(26));
}

GT(ex3, append_takes_its_own_bytes)
{
    struct strbuf b = {0};
    void *wall[WALLS];
    char *want = malloc(STRBUF_KEEP);
    size_t len = 1 + gt_below(60), from;

    if (want == NULL)
        abort();
    letters(want, len);
    GT_OK(strbuf_append(&b, want, len));
    for (size_t i = 0; i < WALLS; i++) {
        wall[i] = malloc(2 * b.cap);            /* so that it must move to grow */
        from = i % 4 == 3 ? gt_below(len) : 0;
        if (len + len - from >= STRBUF_KEEP)
            from = len - 1;
        memcpy(want + len, want + from, len - from);
        GT_OK(strbuf_append(&b, b.data + from, len - from));
        len += len - from;
        GT_EQ(b.len, len);
        GT_MEM(strbuf_cstr(&b), want, len);
    }
    strbuf_free(&b);
    for (size_t i = 0; i < WALLS; i++)
        free(wall[i]);
    free(want);
}

GT(ex3, a_failed_growth_changes_nothing)
{
    struct strbuf b = {0};
    char text[STRBUF_MIN] = "", more[STRBUF_MIN];
    const char *data;
    size_t n = STRBUF_MIN - 1;

    gt_fail_at(1);
    GT_OK(!strbuf_append(&b, text, 1));
    GT_OK(b.data == NULL && b.len == 0 && b.cap == 0);
    gt_fail_at(0);

    letters(text, n);
    letters(more, sizeof more);
    GT_OK(strbuf_append(&b, text, n));          /* full */
    data = b.data;
    gt_fail_at(1);
    GT_OK(!strbuf_grow(&b, 1));
    GT_OK(!strbuf_append(&b, more, sizeof more));
    GT_OK(!strbuf_append(&b, b.data, n));
    GT_OK(!strbuf_append_int(&b, 36));
    GT_OK(strbuf_grow(&b, 0) && strbuf_append(&b, more, 0));
    gt_fail_at(0);
    GT_OK(b.data == data);
    GT_EQ(b.len, n);
    GT_EQ(b.cap, STRBUF_MIN);
    GT_STR(strbuf_cstr(&b), text);
    GT_OK(strbuf_append(&b, more, sizeof more));
    GT_MEM(strbuf_cstr(&b) + n, more, sizeof more);
    strbuf_free(&b);
}

GT(ex3, reset_drops_giants_only)
{
    struct strbuf b = {0};
    char text[20] = "";

    letters(text, sizeof text - 1);
    GT_OK(strbuf_grow(&b, STRBUF_KEEP - 1));
    strbuf_reset(&b);
    GT_EQ(b.cap, STRBUF_KEEP);                  /* as large as may be kept */
    strbuf_free(&b);

    GT_OK(strbuf_grow(&b, STRBUF_KEEP));
    GT_OK(strbuf_append(&b, text, sizeof text - 1));
    strbuf_reset(&b);
    GT_OK(b.cap <= STRBUF_KEEP);
    GT_EQ(b.len, 0);
    GT_STR(strbuf_cstr(&b), "");
    GT_OK(strbuf_append(&b, text, sizeof text - 1));
    GT_STR(strbuf_cstr(&b), text);
    strbuf_free(&b);
}

GT(ex3, grow_refuses_what_overflows)
{
    struct strbuf b = {0};
    char text[40] = "";
    size_t n = 1 + gt_below(39);

    GT_OK(!strbuf_grow(&b, SIZE_MAX));
    letters(text, n);
    GT_OK(strbuf_append(&b, text, n));
    GT_OK(!strbuf_grow(&b, SIZE_MAX));
    GT_OK(!strbuf_grow(&b, SIZE_MAX - n));      /* with the NUL it is one too many */
    GT_OK(!strbuf_grow(&b, SIZE_MAX - n + 1));
    GT_OK(!strbuf_append(&b, text, SIZE_MAX - n / 2));
    GT_EQ(b.len, n);
    GT_EQ(b.cap, STRBUF_MIN);
    GT_STR(strbuf_cstr(&b), text);
    strbuf_free(&b);
}

GT(ex3, append_int_holds_at_the_limits)
{
    const int64_t edge[] = {INT64_MIN, INT64_MAX, INT64_MIN + 1, -1, 0};
    struct strbuf b = {0};
    char want[400];
    int len = 0;

    for (int i = 0; i < 12; i++) {
        int64_t v = edge[i < 5 ? (uint64_t)i : gt_below(5)];

        GT_OK(strbuf_append_int(&b, v));
        len += snprintf(want + len, sizeof want - (size_t)len, "%lld", (long long)v);
        GT_STR(strbuf_cstr(&b), want);
    }
    GT_EQ(b.len, len);
    strbuf_free(&b);
}

GT(ex3, detach_of_nothing_is_an_empty_text)
{
    struct strbuf b = {0};
    size_t len = 1 + gt_below(1000);
    char *text = strbuf_detach(&b, &len);

    GT_STR(text, "");
    GT_EQ(len, 0);
    free(text);
    GT_OK(strbuf_append_int(&b, (int64_t)gt_rand()));
    GT_VAL(gt_hash(strbuf_cstr(&b), b.len));
    strbuf_reset(&b);
    text = strbuf_detach(&b, NULL);
    GT_STR(text, "");
    free(text);
    gt_fail_at(1);
    GT_OK(strbuf_detach(&b, &len) == NULL);
    gt_fail_at(0);
    strbuf_free(&b);
}

GT(ex3, a_freed_buffer_may_be_used_again)
{
    struct strbuf b = {0};
    char text[60] = "";

    strbuf_free(&b);
    for (int i = 0; i < 5; i++) {
        size_t n = 1 + gt_below(59);

        letters(text, n);
        text[n] = '\0';
        GT_OK(strbuf_append(&b, text, n));
        GT_STR(strbuf_cstr(&b), text);
        strbuf_free(&b);
        GT_OK(b.data == NULL && b.len == 0 && b.cap == 0);
        if (b.data != NULL)
            return;
        strbuf_free(&b);
    }
}

GT(ex3, a_zero_byte_is_a_byte)
{
    struct strbuf b = {0};
    char want[1024];
    size_t len = 0;

    while (len < sizeof want - 32) {
        size_t n = 1 + gt_below(32);
        char *part = malloc(n);                 /* n bytes, and not one more to read */

        if (part == NULL)
            abort();
        for (size_t i = 0; i < n; i++)
            part[i] = gt_below(4) == 0 ? '\0' : (char)gt_rand();
        memcpy(want + len, part, n);
        GT_OK(strbuf_append(&b, part, n));
        free(part);
        len += n;
        GT_EQ(b.len, len);
        GT_MEM(strbuf_cstr(&b), want, b.len < len ? b.len : len);
        GT_EQ(strbuf_cstr(&b)[b.len], '\0');
    }
    strbuf_free(&b);
}

GT(ex3, use_after_use_costs_nothing)
{
    struct strbuf b = {0};
    char text[300];

    letters(text, sizeof text);
    GT_OK(strbuf_append(&b, text, sizeof text));
    gt_start();
    for (int i = 0; i < 200; i++) {
        strbuf_reset(&b);
        GT_OK(strbuf_append(&b, text, gt_below(sizeof text)));
        strbuf_truncate(&b, gt_below(200));
        GT_OK(strbuf_append(&b, text, 50));
        GT_VAL(gt_hash(strbuf_cstr(&b), b.len));
    }
    gt_stop();
    strbuf_free(&b);
}

GT(ex3, numbers_cost_only_growth)
{
    struct strbuf b = {0};

    gt_start();
    for (int i = 0; i < 1600; i++)              /* 16000 bytes: 64, 128, ... 16384 */
        GT_OK(strbuf_append_int(&b, 1000000000 + (int64_t)gt_below(1000000000)));
    gt_stop();
    GT_EQ(b.len, 16000);
    GT_VAL(gt_hash(strbuf_cstr(&b), b.len));
    strbuf_free(&b);
}

GT(ex3, room_made_first_costs_one)
{
    struct strbuf b = {0};
    char text[100];
    char *mine;

    letters(text, sizeof text);
    gt_start();
    GT_OK(strbuf_grow(&b, 50 * sizeof text));
    for (int i = 0; i < 50; i++)
        GT_OK(strbuf_append(&b, text, sizeof text));
    mine = strbuf_detach(&b, NULL);
    gt_stop();
    GT_VAL(mine != NULL ? gt_hash(mine, 50 * sizeof text) : 0);
    free(mine);
}
