// LD_PRELOAD shim of tests/faults: ends the process, or makes a call fail, at a chosen system call.
//   ANSWERABLE_TEST_FAULT=<call>:<kill|EIO|ENOSPC>:<k>   at the k-th call (from 1) of fdatasync, fsync, pwrite64, write, rename,
//                                                          send (SMTP to the relay) or sendmsg (answers)
//   ANSWERABLE_TEST_FAULT_MARK=<file>                     is made at that moment: the fault has happened
//   ANSWERABLE_TEST_DISK_FULL=<file>                      while that file exists, writes to regular files fail with ENOSPC
//   ANSWERABLE_TEST_COUNT=<file>                          at exit, writes how often each call was made
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

enum call { FDATASYNC, FSYNC, PWRITE, WRITE, RENAME, SEND, SENDMSG, CALLS };
static const char* const names[CALLS] = {"fdatasync", "fsync", "pwrite64", "write", "rename", "send", "sendmsg"};
static atomic_long counts[CALLS];
static int fault_call = -1;
static long fault_at;
static int fault_errno;  // 0: kill
static const char* disk_full;

static void* real(const char* name) { return dlsym(RTLD_NEXT, name); }

static void report(void) {
  const char* path = getenv("ANSWERABLE_TEST_COUNT");
  FILE* file = path ? fopen(path, "w") : NULL;
  if (!file) return;
  for (int i = 0; i < CALLS; ++i) fprintf(file, "%s %ld\n", names[i], atomic_load(&counts[i]));
  fclose(file);
}

__attribute__((constructor)) static void configure(void) {
  disk_full = getenv("ANSWERABLE_TEST_DISK_FULL");
  char text[64], action[16];
  const char* fault = getenv("ANSWERABLE_TEST_FAULT");
  if (fault && sscanf(fault, "%31[^:]:%15[^:]:%ld", text, action, &fault_at) == 3) {
    for (int i = 0; i < CALLS; ++i)
      if (strcmp(text, names[i]) == 0) fault_call = i;
    fault_errno = strcmp(action, "EIO") == 0 ? EIO : strcmp(action, "ENOSPC") == 0 ? ENOSPC : 0;
  }
  atexit(report);
}

// Counts the call; ends the process or gives the error that it shall fail with.
static int fault(enum call which) {
  long n = atomic_fetch_add(&counts[which], 1) + 1;
  if ((int)which != fault_call || n != fault_at) return 0;
  const char* mark = getenv("ANSWERABLE_TEST_FAULT_MARK");
  if (mark) close(open(mark, O_CREAT | O_WRONLY, 0600));
  if (fault_errno == 0) kill(getpid(), SIGKILL);
  return fault_errno;
}

static int is_full(int fd) {
  struct stat status;
  return disk_full && fstat(fd, &status) == 0 && S_ISREG(status.st_mode) && access(disk_full, F_OK) == 0;
}

#define FAIL_IF(condition, code) \
  do {                           \
    if (condition) {             \
      errno = (code);            \
      return -1;                 \
    }                            \
  } while (0)

int fdatasync(int fd) {
  int e = fault(FDATASYNC);
  FAIL_IF(e, e);
  return ((int (*)(int))real("fdatasync"))(fd);
}
int fsync(int fd) {
  int e = fault(FSYNC);
  FAIL_IF(e, e);
  return ((int (*)(int))real("fsync"))(fd);
}
ssize_t pwrite64(int fd, const void* data, size_t size, off64_t at) {
  int e = fault(PWRITE);
  FAIL_IF(e, e);
  FAIL_IF(is_full(fd), ENOSPC);
  return ((ssize_t (*)(int, const void*, size_t, off64_t))real("pwrite64"))(fd, data, size, at);
}
ssize_t write(int fd, const void* data, size_t size) {
  int e = fault(WRITE);
  FAIL_IF(e, e);
  FAIL_IF(is_full(fd), ENOSPC);
  return ((ssize_t (*)(int, const void*, size_t))real("write"))(fd, data, size);
}
int rename(const char* from, const char* to) {
  int e = fault(RENAME);
  FAIL_IF(e, e);
  return ((int (*)(const char*, const char*))real("rename"))(from, to);
}
ssize_t send(int fd, const void* data, size_t size, int flags) {
  int e = fault(SEND);
  FAIL_IF(e, e);
  return ((ssize_t (*)(int, const void*, size_t, int))real("send"))(fd, data, size, flags);
}
ssize_t sendmsg(int fd, const struct msghdr* message, int flags) {
  int e = fault(SENDMSG);
  FAIL_IF(e, e);
  return ((ssize_t (*)(int, const struct msghdr*, int))real("sendmsg"))(fd, message, flags);
}
