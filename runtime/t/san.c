/*
 * san.c - unit tests of base/san.c: reads that a watching tool must report.
 *
 * They do something only while somebody watches by poisoning, which is AddressSanitizer;
 * `valgrind` on a small program is how the other half is looked at.
 */
#include "san.h"

#include "help.h"
#include "unit.h"
#include "gort.h"
#include "mheap.h"

#include <string.h>

#if defined __SANITIZE_ADDRESS__
#include <sanitizer/lsan_interface.h>
#include <stdlib.h>

static volatile char seen;

static void reads_past_its_size(void *unused)
{
    const char *p = gort_alloc(100, NULL);

    (void)unused;
    seen = p[100];
}

static void reads_past_a_tiny_object(void *unused)
{
    const char *p = gort_alloc(3, NULL);

    (void)unused;
    seen = p[3];
}

static void reads_a_swept_object(void *unused)
{
    const char *p = gort_alloc(64, NULL);
    void *keep = gort_alloc(64, NULL);

    (void)unused;
    mheap_mark(keep);
    mheap_sweep();
    seen = p[0];
}

static void reads_a_swept_page(void *unused)
{
    const char *p = gort_alloc(100000, NULL);

    (void)unused;
    mheap_sweep();
    seen = p[50000];
}

static struct holder {
    void *block;
} *volatile holder;
GORT_TYPE(holder_type, struct holder, block);

static __attribute__((noinline)) void hold(void)
{
    holder = gort_new(&holder_type);
    holder->block = malloc(33);
}

static void holds_a_block_in_the_heap(void *unused)
{
    (void)unused;
    hold();
    if (__lsan_do_recoverable_leak_check() != 0)
        abort();
}

Test(san, a_block_that_only_the_heap_points_to_is_no_leak)
{
    struct t_end end = t_child(holds_a_block_in_the_heap, NULL);

    cr_expect(end.status == 0, "%s", end.err);
}

static bool is_reported(void (*fn)(void *))
{
    struct t_end end = t_child(fn, NULL);

    return end.status != 0 && strstr(end.err, "AddressSanitizer: use-after-poison") != NULL;
}

Test(san, a_read_past_the_size_is_reported)
{
    cr_expect(is_reported(reads_past_its_size));
}

Test(san, a_read_past_a_tiny_object_is_reported)
{
    cr_expect(is_reported(reads_past_a_tiny_object));
}

Test(san, a_read_of_a_swept_object_is_reported)
{
    cr_expect(is_reported(reads_a_swept_object));
}

Test(san, a_read_of_a_swept_page_is_reported)
{
    cr_expect(is_reported(reads_a_swept_page));
}
#endif

Test(san, an_object_is_usable_to_its_last_byte)
{
    for (size_t size = 1; size < 200; size++)
        memset(gort_alloc(size, NULL), 1, size);
    cr_expect(gort_alloc(1, NULL) != NULL);
}
