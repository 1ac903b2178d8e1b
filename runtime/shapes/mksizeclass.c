/*
 * mksizeclass.c - the program that writes sizeclass_table.h; it is no room.
 *
 *     cc -std=gnu11 -iquote runtime/shapes -o /tmp/mksizeclass \
 *         runtime/shapes/mksizeclass.c runtime/shapes/classrule.c
 *     /tmp/mksizeclass > runtime/shapes/sizeclass_table.h
 *
 * A unit test says so when the table is no longer what this program writes.
 */
#include "classrule.h"

int main(void)
{
    return classrule_write(stdout) == 0 && fflush(stdout) == 0 ? 0 : 1;
}
