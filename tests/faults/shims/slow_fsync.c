/* A disk whose flushes take long: fsync and fdatasync wait while the file named by SLOW_FSYNC_WHILE exists. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <unistd.h>

#define SLOW_S 5

static int slowly(const char *name, int fd) {
    const char *flag = getenv("SLOW_FSYNC_WHILE");
    if (flag != NULL && access(flag, F_OK) == 0) sleep(SLOW_S);
    return ((int (*)(int))dlsym(RTLD_NEXT, name))(fd);
}

int fsync(int fd) { return slowly("fsync", fd); }
int fdatasync(int fd) { return slowly("fdatasync", fd); }
