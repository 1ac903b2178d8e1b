/*
 * symbols.c - the name of the function at an address of this program.
 *
 * Maps the executable's own file and reads its table of symbols, .symtab: the names of
 * static functions are in it too, and it needs no library. It is used when the process is
 * about to end, so it neither allocates nor locks, and a linear search is good enough.
 *
 * Refused: dladdr. It knows only functions that the executable exports.
 *
 * Go: findfunc, funcname in runtime/symtab.go, which the linker prepares. Module 44.
 */
#include "symbols.h"

#include "os.h"

#include <elf.h>
#include <link.h>
#include <string.h>
#include <sys/auxv.h>

extern const char __executable_start;

static struct {
    bool tried;
    const ElfW(Sym) *symbol;
    size_t n;
    const char *names;
    size_t names_size;
    uintptr_t bias;             /* what is added to the file's addresses */
} table;

const char *symbols_program(void)
{
    const char *name = (const char *)getauxval(AT_EXECFN);

    return name ? name : "";
}

/* Section i of the file when it lies inside, NULL otherwise. */
static const ElfW(Shdr) *section(const char *file, size_t size, size_t i)
{
    const ElfW(Ehdr) *head = (const ElfW(Ehdr) *)file;
    const ElfW(Shdr) *s = (const ElfW(Shdr) *)(file + head->e_shoff) + i;

    if (i >= head->e_shnum || (size_t)((const char *)(s + 1) - file) > size)
        return NULL;
    return s->sh_type == SHT_NOBITS || s->sh_offset + s->sh_size <= size ? s : NULL;
}

static void read_table(void)
{
    size_t size = 0;
    const char *file = os_map_file("/proc/self/exe", &size);
    const ElfW(Ehdr) *head = (const ElfW(Ehdr) *)file;

    if (file == NULL || size < sizeof *head || memcmp(head->e_ident, ELFMAG, SELFMAG) != 0)
        return;
    table.bias = head->e_type == ET_DYN ? (uintptr_t)&__executable_start : 0;
    for (size_t i = 0; i < head->e_shnum; i++) {
        const ElfW(Shdr) *s = section(file, size, i);
        const ElfW(Shdr) *names = s ? section(file, size, s->sh_link) : NULL;

        if (s == NULL || names == NULL || s->sh_type != SHT_SYMTAB)
            continue;
        table.symbol = (const ElfW(Sym) *)(file + s->sh_offset);
        table.n = s->sh_size / sizeof *table.symbol;
        table.names = file + names->sh_offset;
        table.names_size = names->sh_size;
    }
}

bool symbols_find(uintptr_t pc, struct symbol *out)
{
    if (!table.tried)
        read_table();
    table.tried = true;
    for (size_t i = 0; i < table.n; i++) {
        const ElfW(Sym) *s = &table.symbol[i];

        if ((s->st_info & 0xf) == STT_FUNC && pc - table.bias - s->st_value < s->st_size
            && s->st_name < table.names_size) {
            out->name = table.names + s->st_name;
            out->offset = pc - table.bias;
            return true;
        }
    }
    return false;
}
