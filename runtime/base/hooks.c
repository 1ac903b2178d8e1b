/*
 * hooks.c - every place where control goes up to a higher floor.
 *
 * One struct, so that a newcomer finds them all by reading it. Written before there is a
 * second thread, then only read.
 *
 * Go: none; its linker lets every package of the runtime call every other.
 */
#include "hooks.h"

struct hooks hooks;
