/* A disk that takes 4 ms to sync: to be preloaded. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <unistd.h>

#define SLOW(name)                                                       \
	int name(int fd)                                                 \
	{                                                                \
		static int (*real)(int);                                 \
		if (!real)                                               \
			real = (int (*)(int))dlsym(RTLD_NEXT, #name);    \
		usleep(4000);                                            \
		return real(fd);                                         \
	}

SLOW(fsync)
SLOW(fdatasync)
