/*
 * 04-pool.c - a shelf of used objects, so that the next one need not be made.
 *
 * A pool pays when objects of one kind come and go quickly. It is no cache: what lies
 * on the shelf has no owner and may be thrown away at any moment. Go's sync.Pool loses an
 * object that was not used through two collections. The runtime's own pool comes with
 * module 42; this one is the smallest that works, for one thread.
 *
 * Predict before you run:
 *   1. 1,000 times get one message, use it, put it back: how many are made?
 *   2. The same with three messages in use at a time: how many?
 *   3. The shelf is emptied in between: what breaks?
 *
 * In Go:
 *     var pool = sync.Pool{New: func() any { return new(msg) }}
 *
 *     m := pool.Get().(*msg)
 *     m.id, m.len = 0, 0                    // whoever gets it, resets it
 *     use(m)
 *     pool.Put(m)                           // and does not touch m any more
 */
#include <gort.h>

#include <stdio.h>

enum { ROUNDS = 1000, IN_USE = 3 };

struct msg {
    struct msg *next;           /* on the shelf only */
    uint64_t id;
    size_t len;
    char text[96];
};

GORT_TYPE(msg_type, struct msg, next);

struct pool {
    struct msg *shelf;
    size_t made, reused;
};

static struct msg *pool_get(struct pool *p)
{
    struct msg *m = p->shelf;

    if (m == NULL) {
        p->made++;
        return gort_new(&msg_type);
    }
    p->reused++;
    p->shelf = m->next;
    m->next = NULL;             /* a message in use must not keep the shelf alive */
    m->id = 0;
    m->len = 0;
    return m;
}

static void pool_put(struct pool *p, struct msg *m)
{
    m->next = p->shelf;
    p->shelf = m;
}

/* What a collector does to a pool: the messages become garbage, nobody is told. */
static void pool_lose(struct pool *p)
{
    p->shelf = NULL;
}

/* Each round takes n messages at once, uses them and puts them back. */
static size_t use_pool(struct pool *p, size_t n)
{
    size_t bytes = 0;

    for (size_t r = 0; r < ROUNDS; r++) {
        struct msg *m[IN_USE];

        for (size_t i = 0; i < n; i++) {
            m[i] = pool_get(p);
            m[i]->id = r * n + i;
            m[i]->len = (size_t)snprintf(m[i]->text, sizeof m[i]->text, "message %llu",
                                         (unsigned long long)m[i]->id);
            bytes += m[i]->len;
        }
        for (size_t i = 0; i < n; i++)
            pool_put(p, m[i]);
    }
    return bytes;
}

static void tell(const char *what, const struct pool *p, size_t bytes)
{
    printf("%-32s %4zu made, %4zu reused, %5zu bytes\n", what, p->made, p->reused,
           bytes);
}

int main(void)
{
    struct pool one = {0}, three = {0};
    size_t bytes = use_pool(&one, 1);

    tell("one message at a time:", &one, bytes);
    bytes = use_pool(&three, IN_USE);
    tell("three messages at a time:", &three, bytes);
    pool_lose(&three);
    bytes = use_pool(&three, IN_USE);
    tell("again, after the shelf is lost:", &three, bytes);
    printf("A lost shelf breaks nothing. It costs %d new messages.\n", IN_USE);
    return 0;
}
