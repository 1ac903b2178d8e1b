/*
 * fixalloc.c - unit tests of heap/fixalloc.c and base/os.c.
 */
#include "fixalloc.h"

#include "help.h"
#include "unit.h"
#include "os.h"
#include "san.h"

#include <stdatomic.h>
#include <string.h>

Test(fixalloc, records_are_zero_aligned_and_apart)
{
    struct fixalloc f;
    char *last = NULL;

    fixalloc_init(&f, 100, 128);
    for (int i = 0; i < 2000; i++) {
        char *r = fixalloc_get(&f);

        cr_assert(r != NULL && (uintptr_t)r % 128 == 0);
        for (int k = 0; k < 100; k++)
            cr_assert(r[k] == 0);
        cr_assert(last == NULL || r >= last + 100 || r + 100 <= last);
        memset(r, 0x5A, 100);
        last = r;
    }
    cr_expect(f.inuse == 2000);
    cr_expect(fixalloc_check(&f) == 0);
}

Test(fixalloc, a_record_that_came_back_is_used_first_and_is_zero_again)
{
    struct fixalloc f;
    char *a, *b;

    fixalloc_init(&f, 48, 16);
    a = fixalloc_get(&f);
    fixalloc_get(&f);
    memset(a, 0x5A, 48);
    fixalloc_put(&f, a);
    cr_expect(fixalloc_check(&f) == 0);
    b = fixalloc_get(&f);
    cr_expect(b == a);
    for (int i = 0; i < 48; i++)
        cr_expect(b[i] == 0);
}

Test(fixalloc, a_chunk_that_the_system_refuses_is_no_record)
{
    struct fixalloc f;

    fixalloc_init(&f, FIXALLOC_CHUNK, 16);
    os_fail_at(OS_METADATA, 2);
    cr_expect(fixalloc_get(&f) != NULL);
    cr_expect(fixalloc_get(&f) == NULL);
    cr_expect(fixalloc_check(&f) == 0);
    os_fail_at(OS_METADATA, 0);
    cr_expect(fixalloc_get(&f) != NULL);
}

Test(fixalloc, its_check_sees_a_record_that_is_lost)
{
    struct fixalloc f;

    fixalloc_init(&f, 48, 16);
    fixalloc_put(&f, fixalloc_get(&f));
    f.free = NULL;
    cr_expect(fixalloc_check(&f) == 2);
}

Test(os, the_nth_call_and_all_later_ones_fail)
{
    os_fail_at(OS_METADATA, 3);
    cr_expect(os_metadata(1) != NULL);
    cr_expect(os_metadata(1) != NULL);
    cr_expect(os_metadata(1) == NULL);
    cr_expect(os_metadata(1) == NULL);
    os_fail_at(OS_METADATA, 0);
    cr_expect(os_metadata(1) != NULL);
}

Test(os, a_reservation_is_aligned)
{
    for (size_t align = OS_PAGE; align <= (size_t)64 << 20; align *= 4) {
        void *p = os_reserve(3 * OS_PAGE, align);

        cr_assert(p != NULL && (uintptr_t)p % align == 0);
    }
}

Test(os, committed_bytes_are_zero_and_zero_again_after_a_release)
{
    char *p = os_reserve(4 * OS_PAGE, OS_PAGE);

    cr_assert(p != NULL && os_commit(p, 4 * OS_PAGE));
    cr_expect(p[0] == 0 && p[4 * OS_PAGE - 1] == 0);
    p[0] = 1;
    cr_assert(os_release(p, OS_PAGE));
    cr_expect(p[0] == 0);
}

static void touches_what_is_only_reserved(void *unused)
{
    volatile char *p = os_reserve(OS_PAGE, OS_PAGE);

    (void)unused;
    p[0] = 1;
}

Test(os, reserved_bytes_cannot_be_touched)
{
    if (san_watching())
        cr_skip_test("the fault would be reported as ours");
    cr_expect(t_child(touches_what_is_only_reserved, NULL).status != 0);
}

Test(os, a_futex_whose_word_has_changed_does_not_sleep)
{
    _Atomic uint32_t word = 1;

    os_futex_wait(&word, 0);
    os_futex_wake(&word, 1);
    cr_expect(atomic_load(&word) == 1);
}

Test(os, a_variable_that_is_not_set_is_empty)
{
    cr_expect_str_eq(os_getenv("GORT_UNIT_TEST_NOT_SET"), "");
}
