/*
 * 06-watching-memory.c - the heap's own figures, while it grows and after a sweep.
 *
 * gort_read_memstats is Go's runtime.ReadMemStats. The collector that finds by itself
 * what is still reachable comes with module 41. Here the program plays its part: it
 * follows its own list, marks every node, and asks for a sweep.
 *
 * Predict before you run:
 *   1. 200,000 objects are made and one in ten is kept. How much does a sweep free?
 *   2. The kept ones lie spread over all the spans. Does heap_inuse fall as much as
 *      heap_alloc does?
 *   3. Then nothing is kept. Which of the figures go back to 0, and which never fall?
 *
 * In Go:
 *     var m runtime.MemStats
 *     runtime.GC()                          // marks, then sweeps; waits for both
 *     runtime.ReadMemStats(&m)              // stops the world for a moment
 *     fmt.Println(m.HeapAlloc, m.HeapInuse, m.HeapObjects, m.Mallocs-m.Frees)
 */
#include <gort.h>

#include <stdio.h>

#include "mheap.h"

enum { COUNT = 200000, KEEP_ONE_IN = 10 };

struct node {
    struct node *next;
    int64_t value[5];
};

GORT_TYPE(node_type, struct node, next);

static struct gort_memstats start;

static void tell(const char *when)
{
    struct gort_memstats m;

    gort_read_memstats(&m);
    printf("%-22s %8llu %9llu %9llu %9llu %9llu\n", when,
           (unsigned long long)(m.heap_objects - start.heap_objects),
           (unsigned long long)(m.heap_alloc - start.heap_alloc) / 1024,
           (unsigned long long)m.heap_inuse / 1024, (unsigned long long)m.heap_sys / 1024,
           (unsigned long long)m.total_alloc / 1024);
}

/* A list of one in ten of the objects; nobody keeps the others. */
static struct node *make_nodes(void)
{
    struct node *list = NULL;

    for (int i = 0; i < COUNT; i++) {
        struct node *n = gort_new(&node_type);

        n->value[0] = i;
        if (i % KEEP_ONE_IN == 0) {
            n->next = list;
            list = n;
        }
    }
    return list;
}

/* What a collector does, for a heap whose only root is one list. */
static void collect(const struct node *list)
{
    for (const struct node *n = list; n != NULL; n = n->next)
        mheap_mark(n);
    mheap_sweep();
}

static int64_t add_up(const struct node *list)
{
    int64_t sum = 0;

    for (const struct node *n = list; n != NULL; n = n->next)
        sum += n->value[0];
    return sum;
}

int main(void)
{
    struct node *list;
    int64_t before;

    gort_read_memstats(&start);
    printf("%-22s %8s %9s %9s %9s %9s\n", "", "objects", "alloc", "inuse", "sys", "total");
    printf("%-22s %8s %9s %9s %9s %9s\n", "", "", "KiB", "KiB", "KiB", "KiB");
    tell("at the start");
    list = make_nodes();
    tell("all objects made");
    before = add_up(list);
    collect(list);
    tell("swept, 1 in 10 kept");
    printf("The list adds up to %s as before the sweep.\n",
           add_up(list) == before ? "the same" : "something else");
    list = make_nodes();
    tell("as many again");
    collect(NULL);
    tell("swept, nothing kept");
    printf("%zu bytes were asked for each object.\n", sizeof *list);
    return 0;
}
