/*
 * san.c - tells Memcheck and AddressSanitizer what the heap's bytes are.
 *
 * AddressSanitizer is known when this is compiled; Valgrind only when it runs, by asking
 * once. Where neither header is there, the functions are empty. The allocator pays one
 * predictable branch for all of it, and in the ordinary path not even that: while somebody
 * watches, no span is ever taken for zeroed, so that its objects go the slower way.
 *
 * Refused: VALGRIND_MALLOCLIKE_BLOCK. It makes each object a block, and each block that is
 * never freed a leak; in a collected heap that is all of them.
 *
 * Go: asanpoison, asanunpoison in runtime/asan.go; Valgrind has no counterpart there. Read
 * with module 36, exercise 4.
 */
#include "san.h"

#ifndef __has_feature
#define __has_feature(feature) 0
#endif

#if defined __SANITIZE_ADDRESS__ || __has_feature(address_sanitizer)

#include <sanitizer/asan_interface.h>
#include <sanitizer/lsan_interface.h>

bool san_watching(void)
{
    return true;
}

void san_heap(void *p, size_t n)
{
    __lsan_register_root_region(p, n);
}

void san_hide(const void *p, size_t n)
{
    __asan_poison_memory_region(p, n);
}

void san_open(const void *p, size_t n)
{
    __asan_unpoison_memory_region(p, n);
}

#elif __has_include(<valgrind/memcheck.h>)

#include <valgrind/memcheck.h>

/* Set before main and before any thread, then only read. */
static bool valgrind;

__attribute__((constructor)) static void ask(void)
{
    valgrind = RUNNING_ON_VALGRIND != 0;
}

bool san_watching(void)
{
    return valgrind;
}

void san_heap(void *p, size_t n)
{
    (void)p;                    /* Memcheck searches every mapping for pointers */
    (void)n;
}

void san_hide(const void *p, size_t n)
{
    if (valgrind)
        VALGRIND_MAKE_MEM_NOACCESS(p, n);
}

void san_open(const void *p, size_t n)
{
    if (valgrind)
        VALGRIND_MAKE_MEM_UNDEFINED(p, n);
}

#else

bool san_watching(void)
{
    return false;
}

void san_heap(void *p, size_t n)
{
    (void)p;
    (void)n;
}

void san_hide(const void *p, size_t n)
{
    (void)p;
    (void)n;
}

void san_open(const void *p, size_t n)
{
    (void)p;
    (void)n;
}

#endif
