/*
 * bpf.c - writes a seccomp filter rule by rule, and puts it on.
 *
 * The number of the call stays in the machine's one register between rules: a rule that
 * looks at an argument loads the number again behind itself.
 *
 * Invariants:
 *   I1  between two rules the register holds the number of the call
 *   I2  n <= BPF_ROOM; a filter that did not fit is never put on
 *
 * Refused: a tree that finds the call in a few steps. A list costs some 100 ns a call here
 * and can be read beside the table it was made from.
 */
#include "bpf.h"

#include <linux/audit.h>
#include <stddef.h>
#include <sys/prctl.h>

#if defined __x86_64__
#define BPF_ARCH AUDIT_ARCH_X86_64
#elif defined __aarch64__
#define BPF_ARCH AUDIT_ARCH_AARCH64
#else
#error "bpf.c: this architecture's number for seccomp is not known here"
#endif

/* Calls with this bit are x32's on x86-64, and nobody's on aarch64. */
#define OTHER_TABLE 0x40000000u

static void add(struct bpf *b, struct sock_filter f)
{
    if (b->n < BPF_ROOM)
        b->code[b->n] = f;
    b->n++;
}

static void load(struct bpf *b, size_t offset)
{
    add(b, (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, (uint32_t)offset));
}

static void answer_with(struct bpf *b, uint32_t answer)
{
    add(b, (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, answer));
}

/* Jumps over `yes` or `no` instructions. */
static void jump(struct bpf *b, unsigned test, uint32_t k, uint8_t yes, uint8_t no)
{
    add(b, (struct sock_filter)BPF_JUMP((uint16_t)(BPF_JMP | test | BPF_K), k, yes, no));
}

void bpf_begin(struct bpf *b)
{
    b->n = 0;
    load(b, offsetof(struct seccomp_data, arch));
    jump(b, BPF_JEQ, BPF_ARCH, 1, 0);
    answer_with(b, BPF_KILL);
    load(b, offsetof(struct seccomp_data, nr));
    jump(b, BPF_JGE, OTHER_TABLE, 0, 1);
    answer_with(b, BPF_KILL);
}

void bpf_on(struct bpf *b, long nr, uint32_t answer)
{
    if (nr == NO_CALL)
        return;
    jump(b, BPF_JEQ, (uint32_t)nr, 0, 1);
    answer_with(b, answer);
}

void bpf_from(struct bpf *b, long nr, uint32_t answer)
{
    jump(b, BPF_JGE, (uint32_t)nr, 0, 1);
    answer_with(b, answer);
}

static void on_argument(struct bpf *b, long nr, unsigned arg, uint32_t mask, uint32_t value,
                        bool equal, uint32_t answer)
{
    if (nr == NO_CALL)
        return;
    jump(b, BPF_JEQ, (uint32_t)nr, 0, 5);
    load(b, offsetof(struct seccomp_data, args) + arg * sizeof(uint64_t));
    add(b, (struct sock_filter)BPF_STMT(BPF_ALU | BPF_AND | BPF_K, mask));
    jump(b, BPF_JEQ, value, equal ? 0 : 1, equal ? 1 : 0);
    answer_with(b, answer);
    load(b, offsetof(struct seccomp_data, nr));
}

void bpf_when(struct bpf *b, long nr, unsigned arg, uint32_t mask, uint32_t value,
              uint32_t answer)
{
    on_argument(b, nr, arg, mask, value, true, answer);
}

void bpf_unless(struct bpf *b, long nr, unsigned arg, uint32_t mask, uint32_t value,
                uint32_t answer)
{
    on_argument(b, nr, arg, mask, value, false, answer);
}

bool bpf_install(struct bpf *b, uint32_t otherwise)
{
    struct sock_fprog program;

    answer_with(b, otherwise);
    if (b->n > BPF_ROOM)
        return false;
    program.len = (unsigned short)b->n;
    program.filter = b->code;
    return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
           prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0;
}
