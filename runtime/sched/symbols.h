/*
 * symbols.h - the name of the function at an address of this program.
 *
 * Go: runtime/symtab.go.
 */
#ifndef GORT_SYMBOLS_H
#define GORT_SYMBOLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct symbol {
    const char *name;           /* in a mapping that stays */
    size_t offset;              /* of the address, from the start of the executable */
};

/* The function of the executable that pc is in. False when there is none, or the executable
   was stripped. Maps the file at the first call; takes no lock and no heap. */
bool symbols_find(uintptr_t pc, struct symbol *out);

/* The executable's name. */
const char *symbols_program(void);

#endif
