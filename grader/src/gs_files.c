/*
 * gs_files.c - the private folder, and the copies in it.
 *
 * With namespaces the private folder is a /tmp of the run's own and goes with it. Without,
 * it is a new folder under /tmp, the only place that the program may write to, removed
 * when everything that could write there is dead.
 *
 * Removing takes no recursion and no path longer than a name: one open folder, always its
 * first entry, down when that is a full folder, up when there is no entry. A program may
 * have nested ten thousand folders.
 */
#include "gsand.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

const char *const gs_base[] = {
    "/usr", "/bin", "/lib", "/lib32", "/lib64", "/etc/ld.so.cache", "/etc/alternatives", NULL,
};

static bool is_under(const char *path, const char *folder)
{
    size_t n = strlen(folder);

    return strncmp(path, folder, n) == 0 && (path[n] == '\0' || path[n] == '/');
}

bool gs_is_visible(const struct gs_plan *plan, const char *path)
{
    uint32_t i;

    for (i = 0; gs_base[i] != NULL; i++)
        if (is_under(path, gs_base[i]))
            return true;
    for (i = 0; i < plan->npaths; i++)
        if (is_under(path, plan->path[i].name))
            return true;
    return false;
}

bool gs_folder_new(const struct gs_plan *plan, char *path, size_t size)
{
    snprintf(path, size, "/tmp/gsand.XXXXXX");
    if (mkdtemp(path) == NULL)
        return false;
    return (!plan->drop || chown(path, plan->uid, plan->uid) == 0) && gs_copy_into(plan, path);
}

/* The name of the first entry; false when there is none. Leaves `folder` open. */
static bool first_entry(int folder, char *name, size_t size)
{
    int again = openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *d = again >= 0 ? fdopendir(again) : NULL;
    struct dirent *e;
    bool found = false;

    while (d != NULL && !found && (e = readdir(d)) != NULL)
        if (strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0) {
            snprintf(name, size, "%s", e->d_name);
            found = true;
        }
    if (d != NULL)
        closedir(d);
    return found;
}

/* Opens what replaces the current folder, which is closed. */
static int step(int folder, const char *name)
{
    int next = openat(folder, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

    close(folder);
    return next;
}

void gs_folder_remove(const char *path)
{
    int folder = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    uint32_t depth = 0;
    char name[256];

    while (folder >= 0) {
        if (!first_entry(folder, name, sizeof name)) {
            if (depth-- == 0)
                break;
            folder = step(folder, "..");
        } else if (unlinkat(folder, name, 0) != 0 && unlinkat(folder, name, AT_REMOVEDIR) != 0) {
            if (errno != ENOTEMPTY && errno != EEXIST)
                break;
            fchmodat(folder, name, 0700, 0);
            folder = step(folder, name);
            depth++;
        }
    }
    if (folder >= 0)
        close(folder);
    rmdir(path);
}

static bool copy(int from, int to)
{
    off_t at = 0;
    ssize_t n;

    do
        n = sendfile(to, from, &at, 1 << 24);
    while (n > 0);
    return n == 0;
}

bool gs_copy_into(const struct gs_plan *plan, const char *folder)
{
    int at = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool good = at >= 0;
    uint32_t i;

    for (i = 0; good && i < plan->ncopies; i++) {
        const char *slash = strrchr(plan->copy[i], '/');
        const char *name = slash != NULL ? slash + 1 : plan->copy[i];
        int to = openat(at, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0555);
        struct stat st;
        good = to >= 0 && fstat(plan->copy_fd[i], &st) == 0 && copy(plan->copy_fd[i], to) &&
               fchmod(to, st.st_mode & S_IXUSR ? 0555 : 0444) == 0;
        if (to >= 0)
            close(to);
    }
    if (at >= 0)
        close(at);
    return good;
}

int gs_memory_copy(const char *path)
{
    int from = open(path, O_RDONLY | O_CLOEXEC);
    const int seals = F_SEAL_WRITE | F_SEAL_GROW | F_SEAL_SHRINK | F_SEAL_SEAL;
    int to = memfd_create("program", MFD_CLOEXEC | MFD_ALLOW_SEALING);
    bool good = from >= 0 && to >= 0 && copy(from, to) && fchmod(to, 0555) == 0 &&
                fcntl(to, F_ADD_SEALS, seals) == 0;

    if (from >= 0)
        close(from);
    if (!good && to >= 0)
        close(to);
    return good ? to : -1;
}
