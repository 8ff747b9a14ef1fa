/* Preloaded into the program under test: writes down, in order, every change to a file below $RECORD_DIR and every sync of it.
 * Owns the recording only; cutting the power and judging what is left is the test's business (power.rs).
 *
 * A record: op (1 byte: W write, S sync, T truncate, U unlink), offset, data length, path length (8 bytes each, little endian), path, data.
 * The record is appended after the call it tells of has come back, in one writev, so a sync stands behind all it made durable. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

static pthread_mutex_t order = PTHREAD_MUTEX_INITIALIZER;
static const char *below;
static int journal = -1;

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

__attribute__((constructor)) static void begin(void) {
  const char *path = getenv("RECORD_TO");
  below = getenv("RECORD_DIR");
  if (below && path) journal = REAL(open)(path, O_CREAT | O_WRONLY | O_APPEND | O_CLOEXEC, 0600);
}

static void append(char op, const char *path, uint64_t offset, const void *data, uint64_t length) {
  uint64_t path_length = strlen(path);
  struct iovec parts[] = {{&op, 1},         {&offset, 8},           {&length, 8},
                          {&path_length, 8}, {(void *)path, path_length}, {(void *)data, data ? length : 0}};
  pthread_mutex_lock(&order);
  if (writev(journal, parts, 6) < 0) abort();
  pthread_mutex_unlock(&order);
}

/* The path of a descriptor below the recorded folder, or 0. */
static int path_of(int fd, char *path) {
  char link[64];
  if (journal < 0 || fd == journal) return 0;
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t length = readlink(link, path, PATH_MAX - 1);
  if (length <= 0) return 0;
  path[length] = 0;
  return strncmp(path, below, strlen(below)) == 0;
}

ssize_t pwrite64(int fd, const void *data, size_t length, off64_t offset) {
  char path[PATH_MAX];
  ssize_t written = REAL(pwrite64)(fd, data, length, offset);
  if (written > 0 && path_of(fd, path)) append('W', path, offset, data, written);
  return written;
}
ssize_t pwrite(int fd, const void *data, size_t length, off_t offset) { return pwrite64(fd, data, length, offset); }

ssize_t write(int fd, const void *data, size_t length) {
  char path[PATH_MAX];
  int ours = path_of(fd, path);
  off_t offset = ours ? lseek(fd, 0, SEEK_CUR) : 0;
  ssize_t written = REAL(write)(fd, data, length);
  if (written > 0 && ours) append('W', path, offset, data, written);
  return written;
}

int ftruncate64(int fd, off64_t length) {
  char path[PATH_MAX];
  int outcome = REAL(ftruncate64)(fd, length);
  if (outcome == 0 && path_of(fd, path)) append('T', path, length, 0, 0);
  return outcome;
}
int ftruncate(int fd, off_t length) { return ftruncate64(fd, length); }

int fsync(int fd) {
  char path[PATH_MAX];
  int outcome = REAL(fsync)(fd);
  if (outcome == 0 && path_of(fd, path)) append('S', path, 0, 0, 0);
  return outcome;
}

int fdatasync(int fd) {
  char path[PATH_MAX];
  int outcome = REAL(fdatasync)(fd);
  if (outcome == 0 && path_of(fd, path)) append('S', path, 0, 0, 0);
  return outcome;
}

int unlink(const char *path) {
  int outcome = REAL(unlink)(path);
  if (outcome == 0 && journal >= 0 && strncmp(path, below, strlen(below)) == 0) append('U', path, 0, 0, 0);
  return outcome;
}
