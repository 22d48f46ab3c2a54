/* Lets the n-th file operation below a folder fail, or ends the process there. Preloaded by tests/faults/shim.py.
 *
 * FAULT_FOLDER: operations on files elsewhere are not counted.  FAULT_AT: which operation, from 1; 0: none.
 * FAULT_KIND: `error` fails once with FAULT_ERRNO; `torn` writes one half of it, then fails; `kill` ends the process
 * before the operation, `after` behind it.  FAULT_LOG: a file that gets a line for each operation.
 *
 * A tape (fault_tape) gets each operation that succeeded, with its bytes: what a disk was asked to do, in order.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

static atomic_long count;
static const char *folder, *kind, *record;
static long at;
static int number = EIO;
static int tape = -1;

__attribute__((constructor)) static void start(void) {
	const char *given = getenv("FAULT_AT");
	folder = getenv("FAULT_FOLDER");
	kind = getenv("FAULT_KIND");
	record = getenv("FAULT_LOG");
	at = given ? atol(given) : 0;
	if ((given = getenv("FAULT_ERRNO"))) number = atoi(given);
	if (!kind) kind = "";
}

/* For a process that forks many lives: begin to count again, with another fault. */
void fault_arm(const char *where, long n, const char *what, int error) {
	folder = strdup(where);
	kind = strdup(what);
	number = error;
	at = n;
	count = 0;
}

long fault_count(void) {
	return count;
}

/* Write what follows to a descriptor: struct head, path, other path, data. */
void fault_tape(int descriptor) {
	tape = descriptor;
}

struct head {
	unsigned int what, path, other, size; /* a letter; lengths in bytes */
	unsigned long long offset;
};

static void taped(char what, const char *path, const char *other, unsigned long long offset, const void *data, size_t size) {
	if (tape < 0) return;
	struct head head = {what, strlen(path), strlen(other), size, offset};
	struct iovec parts[] = {
		{&head, sizeof head}, {(void *)path, head.path}, {(void *)other, head.other}, {(void *)data, size}};
	int kept = errno;
	if (syscall(SYS_writev, tape, parts, 4) != (long)(sizeof head + head.path + head.other + size)) abort();
	errno = kept;
}

static int below(const char *path) {
	return folder && path && !strncmp(path, folder, strlen(folder));
}

static int mine(int descriptor, char *path) {
	char name[64];
	snprintf(name, sizeof name, "/proc/self/fd/%d", descriptor);
	ssize_t length = readlink(name, path, PATH_MAX - 1);
	if (length < 0) return 0;
	path[length] = 0;
	return below(path);
}

static void note(long n, const char *what, const char *path) {
	if (!record) return;
	char line[PATH_MAX + 64];
	int length = snprintf(line, sizeof line, "%ld %s %s\n", n, what, path);
	int out = syscall(SYS_openat, AT_FDCWD, record, O_WRONLY | O_CREAT | O_APPEND, 0600);
	if (out < 0) return;
	syscall(SYS_write, out, line, length);
	syscall(SYS_close, out);
}

/* What is to become of this operation: 0 go on, 1 fail, 2 write a half, 3 end after it. */
static int fate(const char *what, const char *path) {
	long n = atomic_fetch_add(&count, 1) + 1;
	note(n, what, path);
	if (n != at) return 0;
	if (!strcmp(kind, "kill")) kill(getpid(), SIGKILL);
	if (!strcmp(kind, "after")) return 3;
	return strcmp(kind, "torn") ? 1 : 2;
}

#define REAL(type, name, ...) static type (*real)(__VA_ARGS__); if (!real) real = dlsym(RTLD_NEXT, name)
#define DECIDE(what, path) int f = fate(what, path); if (f == 1) { errno = number; return -1; }
#define END() do { if (f == 3) kill(getpid(), SIGKILL); } while (0)

ssize_t write(int d, const void *data, size_t size) {
	REAL(ssize_t, "write", int, const void *, size_t);
	char path[PATH_MAX];
	if (!mine(d, path)) return real(d, data, size);
	DECIDE("write", path);
	if (f == 2) { real(d, data, size / 2); errno = number; return -1; }
	ssize_t done = real(d, data, size);
	if (done > 0) taped('w', path, "", lseek(d, 0, SEEK_CUR) - done, data, done);
	END();
	return done;
}

#define PWRITE(function) \
ssize_t function(int d, const void *data, size_t size, off_t offset) { \
	REAL(ssize_t, #function, int, const void *, size_t, off_t); \
	char path[PATH_MAX]; \
	if (!mine(d, path)) return real(d, data, size, offset); \
	DECIDE("pwrite", path); \
	if (f == 2) { real(d, data, size / 2, offset); errno = number; return -1; } \
	ssize_t done = real(d, data, size, offset); \
	if (done > 0) taped('w', path, "", offset, data, done); \
	END(); \
	return done; \
}
PWRITE(pwrite)
PWRITE(pwrite64)

#define ON_DESCRIPTOR(function, letter, size, ...) \
	char path[PATH_MAX]; \
	if (!mine(d, path)) return real(d, ##__VA_ARGS__); \
	DECIDE(#function, path); \
	if (f == 2) { errno = number; return -1; } \
	int done = real(d, ##__VA_ARGS__); \
	if (!done) taped(letter, path, "", size, "", 0); \
	END(); \
	return done;

int fsync(int d) { REAL(int, "fsync", int); ON_DESCRIPTOR(fsync, 's', 0) }
int fdatasync(int d) { REAL(int, "fdatasync", int); ON_DESCRIPTOR(fdatasync, 's', 0) }
int ftruncate(int d, off_t size) { REAL(int, "ftruncate", int, off_t); ON_DESCRIPTOR(ftruncate, 't', size, size) }
int ftruncate64(int d, off_t size) { REAL(int, "ftruncate64", int, off_t); ON_DESCRIPTOR(ftruncate64, 't', size, size) }
int fallocate(int d, int m, off_t o, off_t s) { REAL(int, "fallocate", int, int, off_t, off_t); ON_DESCRIPTOR(fallocate, 'a', o + s, m, o, s) }

#define MMAP(function) \
void *function(void *where, size_t size, int allowed, int flags, int d, off_t offset) { \
	REAL(void *, #function, void *, size_t, int, int, int, off_t); \
	char path[PATH_MAX]; \
	if (d < 0 || !(flags & MAP_SHARED) || !mine(d, path)) return real(where, size, allowed, flags, d, offset); \
	int f = fate("mmap", path); \
	if (f == 1 || f == 2) { errno = number; return MAP_FAILED; } \
	void *done = real(where, size, allowed, flags, d, offset); \
	END(); \
	return done; \
}
MMAP(mmap)
MMAP(mmap64)

#define ON_PATH(function, letter, subject, other, size, ...) \
	if (!below(subject)) return real(__VA_ARGS__); \
	DECIDE(#function, subject); \
	if (f == 2) { errno = number; return -1; } \
	int done = real(__VA_ARGS__); \
	if (done >= 0) taped(letter, subject, other, size, "", 0); \
	END(); \
	return done;

int rename(const char *a, const char *b) { REAL(int, "rename", const char *, const char *); ON_PATH(rename, 'r', b, a, 0, a, b) }
int unlink(const char *p) { REAL(int, "unlink", const char *); ON_PATH(unlink, 'u', p, "", 0, p) }
int remove(const char *p) { REAL(int, "remove", const char *); ON_PATH(remove, 'u', p, "", 0, p) }
int truncate(const char *p, off_t s) { REAL(int, "truncate", const char *, off_t); ON_PATH(truncate, 't', p, "", s, p, s) }
int truncate64(const char *p, off_t s) { REAL(int, "truncate64", const char *, off_t); ON_PATH(truncate64, 't', p, "", s, p, s) }
int mkdir(const char *p, mode_t m) { REAL(int, "mkdir", const char *, mode_t); ON_PATH(mkdir, 'd', p, "", 0, p, m) }

#define OPEN(function) \
int function(const char *p, int flags, ...) { \
	REAL(int, #function, const char *, int, ...); \
	va_list rest; \
	va_start(rest, flags); \
	mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(rest, mode_t) : 0; \
	va_end(rest); \
	if (!(flags & (O_WRONLY | O_RDWR))) return real(p, flags, mode); \
	ON_PATH(open, flags & O_TRUNC ? 'n' : 'o', p, "", !!(flags & O_CREAT), p, flags, mode) \
}
OPEN(open)
OPEN(open64)
