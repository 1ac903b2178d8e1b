/*
 * 09-right-use-of-a-pool.c - three rules for what comes out of a pool.
 *
 *   Reset on Get     what lies on the shelf is as its last user left it
 *   Set the length   on Get, not on Put: new and used buffers must look alike
 *   Keep no giants   one message of a megabyte must not cost a megabyte for ever
 *
 * Predict before you run:
 *   1. A buffer comes back without a reset. What does the next user read?
 *   2. New makes length 16, Put cuts to length 0. What length has the first Get, what
 *      length the second, and what becomes of b[0]?
 *   3. What capacity has a buffer after a reset: 100 bytes written, 1,000,000 written?
 *
 * In Go:
 *     b := pool.Get().(*bytes.Buffer)
 *     b.Reset()                             // here, whatever the last user did
 *     defer func() {
 *         if b.Cap() <= 64<<10 {            // a giant goes to the collector
 *             pool.Put(b)
 *         }
 *     }()
 */
#include <gort.h>

#include <stdio.h>
#include <string.h>

enum { LENGTH = 16, GIANT = 1000000 };

GORT_NOSCAN(byte_elem, uint8_t);

/* One place is shelf enough to see what goes wrong. */
struct strbuf_pool {
    struct strbuf shelf;
};

static struct strbuf get_as_it_is(struct strbuf_pool *p)
{
    struct strbuf b = p->shelf;

    p->shelf = (struct strbuf){0};
    return b;
}

static struct strbuf get(struct strbuf_pool *p)
{
    struct strbuf b = get_as_it_is(p);

    strbuf_reset(&b);           /* also frees what is larger than STRBUF_KEEP */
    return b;
}

static void put(struct strbuf_pool *p, struct strbuf b)
{
    strbuf_free(&p->shelf);
    p->shelf = b;
}

static bool write_text(struct strbuf *b, const char *s)
{
    return strbuf_append(b, s, strlen(s));
}

static void reset_on_get(void)
{
    struct strbuf_pool pool = {0};
    struct strbuf b = get(&pool);

    write_text(&b, "password=secret ");
    put(&pool, b);
    b = get_as_it_is(&pool);
    write_text(&b, "hello");
    printf("1. Without a reset the next user has: \"%s\"\n", strbuf_cstr(&b));
    put(&pool, b);
    b = get(&pool);
    write_text(&b, "hello");
    printf("   With a reset on Get:               \"%s\"\n", strbuf_cstr(&b));
    strbuf_free(&b);
}

/* New gives length 16, Put cuts to 0: right on the first use, an index out of range on
   the second. */
static void length_on_get(void)
{
    struct slice fresh = slice_make(&byte_elem, LENGTH, LENGTH);
    struct slice used = slice_cut(&byte_elem, fresh, 0, 0, fresh.cap);
    struct slice right = slice_cut(&byte_elem, used, 0, LENGTH, used.cap);

    printf("2. Cut on Put: the first Get has length %zu, the second has length %zu.\n",
           fresh.len, used.len);
    printf("   b[0] of the second %s.\n",
           used.len > 0 ? "is there" : "is out of range, and Go panics");
    printf("   Cut on Get to what is needed: length %zu, new or used.\n", right.len);
}

static void no_giants(void)
{
    static char text[GIANT];
    struct strbuf_pool pool = {0};

    memset(text, 'x', sizeof text);
    for (int i = 0; i < 2; i++) {
        size_t n = i == 0 ? 100 : GIANT, cap;
        struct strbuf b = get(&pool);

        if (!strbuf_append(&b, text, n))
            return;
        cap = b.cap;
        put(&pool, b);
        b = get(&pool);
        printf("%s %7zu bytes written: capacity %7zu, and %4zu after the next Get.\n",
               i == 0 ? "3." : "  ", n, cap, b.cap);
        strbuf_free(&b);
    }
    printf("   The limit is STRBUF_KEEP, %d bytes.\n", STRBUF_KEEP);
}

int main(void)
{
    reset_on_get();
    length_on_get();
    no_giants();
    return 0;
}
