/*
 * 10-all.c - a tour: the other examples, one after the other.
 *
 * It runs every program of its own folder whose name begins with two digits, in
 * order, and tells how each one ended. `make example N=10` builds them all beforehand.
 *
 * Predict before you run: your answers to the questions of the other nine. Then read the
 * output with a pencil: which of them did you expect?
 *
 * In Go:
 *     names, _ := filepath.Glob(filepath.Join(dir, "[0-9][0-9]-*"))
 *     for _, name := range names {          // Glob sorts the names of one folder
 *         cmd := exec.Command(name)
 *         cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
 *         if err := cmd.Run(); err != nil {
 *             fmt.Println(name, err)
 *         }
 *     }
 */
#include <glob.h>
#include <libgen.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PATH_SPACE = 4096 };

/* The folder of this program's own file; "." when the system does not tell. */
static const char *own_folder(char *space)
{
    ssize_t n = readlink("/proc/self/exe", space, PATH_SPACE - 1);

    if (n <= 0)
        return ".";
    space[n] = '\0';
    return dirname(space);
}

static bool ends_with(const char *s, const char *tail)
{
    size_t n = strlen(s), t = strlen(tail);

    return n >= t && strcmp(s + n - t, tail) == 0;
}

/* Runs the program in a process of its own. True when it ended with status 0. */
static bool run(char *path)
{
    int status = 0;
    pid_t pid = fork();

    if (pid == 0) {
        char *argv[] = {path, NULL};

        execv(path, argv);
        _exit(127);
    }
    if (pid < 0 || waitpid(pid, &status, 0) != pid)
        return false;
    if (WIFSIGNALED(status))
        printf("(stopped by signal %d)\n", WTERMSIG(status));
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

/* What is no program, or this one. */
static bool skipped(const char *path)
{
    return access(path, X_OK) != 0 || strchr(strrchr(path, '/'), '.') != NULL
        || ends_with(path, "-all");
}

int main(void)
{
    char space[PATH_SPACE], pattern[PATH_SPACE + 16];
    glob_t found = {0};
    int ran = 0, failed = 0;

    snprintf(pattern, sizeof pattern, "%s/[0-9][0-9]-*", own_folder(space));
    if (glob(pattern, 0, NULL, &found) != 0) {
        printf("No example is built here; `make example N=10` builds them.\n");
        return 1;
    }
    for (size_t i = 0; i < found.gl_pathc; i++) {
        if (skipped(found.gl_pathv[i]))
            continue;
        ran++;
        printf("%s== %s ==\n", ran > 1 ? "\n" : "", basename(found.gl_pathv[i]));
        fflush(stdout);         /* or the child's lines come before ours */
        if (!run(found.gl_pathv[i])) {
            failed++;
            printf("(it did not end with status 0)\n");
        }
    }
    globfree(&found);
    printf("\n%d examples ran, %d of them failed.\n", ran, failed);
    return failed == 0 && ran > 0 ? 0 : 1;
}
