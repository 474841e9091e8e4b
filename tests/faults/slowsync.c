/*
 * Makes every fsync and fdatasync take SLOWSYNC_MS milliseconds longer (4 unless said), as a disk without a cache would.
 *
 *   cc -shared -fPIC -O2 -o slowsync.so slowsync.c -ldl
 *   LD_PRELOAD=./slowsync.so formstead serve
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <time.h>

typedef int (*sync_function)(int);

static void wait_for_disk(void) {
  const char *text = getenv("SLOWSYNC_MS");
  long milliseconds = text ? atol(text) : 4;
  struct timespec pause = {milliseconds / 1000, (milliseconds % 1000) * 1000000L};
  nanosleep(&pause, NULL);
}

int fsync(int fd) {
  wait_for_disk();
  return ((sync_function)dlsym(RTLD_NEXT, "fsync"))(fd);
}

int fdatasync(int fd) {
  wait_for_disk();
  return ((sync_function)dlsym(RTLD_NEXT, "fdatasync"))(fd);
}
