/*
 * deny.c - makes this machine poorer for one program: deny namespaces|landlock|both PROGRAM...
 *
 * A container's default profile refuses namespaces and mounts with EPERM; an old kernel
 * answers Landlock's calls with ENOSYS. A filter plays either.
 */
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { MOST = 64, FIRST_OF_LANDLOCK = 444, LAST_OF_LANDLOCK = 446 };

static struct sock_filter code[MOST];
static unsigned short n;

static void add(unsigned op, unsigned char yes, unsigned char no, unsigned k)
{
    code[n++] = (struct sock_filter){(unsigned short)op, yes, no, k};
}

static void refuse(long nr, int error)
{
    add(BPF_JMP | BPF_JEQ | BPF_K, 0, 1, (unsigned)nr);
    add(BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ERRNO | (unsigned)error);
}

static void refuse_namespaces(void)
{
    const unsigned fresh = CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS | CLONE_NEWIPC |
                           CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNET;

    refuse(SYS_unshare, EPERM);
    refuse(SYS_setns, EPERM);
    refuse(SYS_mount, EPERM);
    refuse(SYS_umount2, EPERM);
    refuse(SYS_pivot_root, EPERM);
    refuse(SYS_clone3, ENOSYS);
    add(BPF_JMP | BPF_JEQ | BPF_K, 0, 4, SYS_clone);
    add(BPF_LD | BPF_W | BPF_ABS, 0, 0, offsetof(struct seccomp_data, args));
    add(BPF_JMP | BPF_JSET | BPF_K, 0, 1, fresh);
    add(BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ERRNO | EPERM);
    add(BPF_LD | BPF_W | BPF_ABS, 0, 0, offsetof(struct seccomp_data, nr));
}

int main(int argc, char **argv)
{
    struct sock_fprog program = {.filter = code};
    long nr;

    if (argc < 3)
        return 9;
    add(BPF_LD | BPF_W | BPF_ABS, 0, 0, offsetof(struct seccomp_data, nr));
    if (strcmp(argv[1], "landlock") != 0)
        refuse_namespaces();
    for (nr = FIRST_OF_LANDLOCK; strcmp(argv[1], "namespaces") != 0 && nr <= LAST_OF_LANDLOCK; nr++)
        refuse(nr, ENOSYS);
    add(BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ALLOW);
    program.len = n;
    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) != 0) {
        perror("deny");
        return 9;
    }
    execvp(argv[2], argv + 2);
    perror(argv[2]);
    return 9;
}
