// SPDX-License-Identifier: Apache-2.0
// A sick disk and a wrong clock for one process, by LD_PRELOAD.
//
// Does: fails, holds back or writes down what a program writes below chosen folders, and shifts its wall clock; all of it by
// a file that another process changes while the program runs. Does not: touch reads, sockets, or the monotonic clock.
//   NXVMS_FAULTS         the control file, mapped: struct control below (FaultyMachine.java writes it)
//   NXVMS_FAULTS_TRACE   where traced calls go, a line each: "write|pwrite|sync|failed|truncate OFFSET LENGTH PATH"
// Build: cc -shared -fPIC -O2 -o preload.so preload.c -ldl
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#define RULES 8
#define PATH_BYTES 400

enum { FINE = 0, FAILS = 1, HANGS = 2 };

// One folder and what happens to files in it. Numbers are the machine's own; a rule without a folder is none.
struct rule {
    volatile int32_t writes;     // FINE, FAILS (EIO) or HANGS (until it is changed)
    volatile int32_t syncs;      // the same for fsync and fdatasync
    volatile int32_t syncs_left; // so many more syncs fail once, then all is FINE again
    volatile int32_t traced;     // whether calls are written down
    volatile int32_t failed;     // counted: calls that failed
    volatile int32_t held;       // counted: calls that were held back
    char folder[PATH_BYTES];
    char suffix[40]; // of the files that are meant; empty: all, folders too
};

struct control {
    volatile int64_t clock_us; // added to the wall clock
    volatile int64_t reserved;
    struct rule rules[RULES];
};

static struct control *control;
static int trace = -1;

static ssize_t (*real_write)(int, const void *, size_t);
static ssize_t (*real_writev)(int, const struct iovec *, int);
static ssize_t (*real_pwrite)(int, const void *, size_t, off_t);
static ssize_t (*real_pwritev)(int, const struct iovec *, int, off_t);
static ssize_t (*real_pwritev2)(int, const struct iovec *, int, off_t, int);
static int (*real_fsync)(int);
static int (*real_fdatasync)(int);
static int (*real_ftruncate)(int, off_t);

__attribute__((constructor)) static void begin(void) {
    real_write = dlsym(RTLD_NEXT, "write");
    real_writev = dlsym(RTLD_NEXT, "writev");
    real_pwrite = dlsym(RTLD_NEXT, "pwrite64");
    real_pwritev = dlsym(RTLD_NEXT, "pwritev64");
    real_pwritev2 = dlsym(RTLD_NEXT, "pwritev64v2");
    real_fsync = dlsym(RTLD_NEXT, "fsync");
    real_fdatasync = dlsym(RTLD_NEXT, "fdatasync");
    real_ftruncate = dlsym(RTLD_NEXT, "ftruncate64");
    const char *file = getenv("NXVMS_FAULTS");
    int fd = file ? open(file, O_RDWR | O_CLOEXEC) : -1;
    if (fd >= 0) {
        void *mapped = mmap(NULL, sizeof(struct control), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
        control = mapped == MAP_FAILED ? NULL : mapped;
        close(fd);
    }
    const char *log = getenv("NXVMS_FAULTS_TRACE");
    trace = log ? open(log, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0644) : -1;
}

static int active(const struct rule *rule) {
    return rule->folder[0] && (rule->writes || rule->syncs || rule->syncs_left > 0 || rule->traced);
}

// The rule for an open file, and its path; NULL for the usual case that there is none.
static struct rule *rule_of(int fd, char path[PATH_MAX]) {
    int any = 0;
    for (int i = 0; control && i < RULES; i++) {
        any |= active(&control->rules[i]);
    }
    if (!any) {
        return NULL;
    }
    int kept = errno;
    char link[40];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, PATH_MAX - 1);
    errno = kept;
    if (length <= 0) {
        return NULL;
    }
    path[length] = 0;
    for (int i = 0; i < RULES; i++) {
        struct rule *rule = &control->rules[i];
        size_t folder = strnlen(rule->folder, PATH_BYTES);
        size_t suffix = strnlen(rule->suffix, sizeof rule->suffix);
        if (active(rule) && strncmp(path, rule->folder, folder) == 0 && (path[folder] == '/' || !path[folder]) &&
            (size_t)length >= suffix && strcmp(path + length - suffix, rule->suffix) == 0) {
            return rule;
        }
    }
    return NULL;
}

__attribute__((format(printf, 2, 3))) static void note(const struct rule *rule, const char *format, ...) {
    if (trace < 0 || !rule->traced) {
        return;
    }
    char line[PATH_MAX + 100];
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    int kept = errno;
    ssize_t ignored = real_write(trace, line, (size_t)length < sizeof line ? (size_t)length : sizeof line - 1);
    (void)ignored;
    errno = kept;
}

// Holds the caller back as long as the rule says so; then whether the call fails.
static int fails(struct rule *rule, volatile int32_t *mode) {
    if (*mode == HANGS) {
        __atomic_add_fetch(&rule->held, 1, __ATOMIC_SEQ_CST);
        while (*mode == HANGS) {
            struct timespec pause = {0, 5 * 1000 * 1000};
            nanosleep(&pause, NULL);
        }
    }
    if (*mode != FAILS) {
        return 0;
    }
    __atomic_add_fetch(&rule->failed, 1, __ATOMIC_SEQ_CST);
    errno = EIO;
    return 1;
}

static int fails_once(struct rule *rule) {
    int32_t left = rule->syncs_left;
    while (left > 0) {
        if (__atomic_compare_exchange_n(&rule->syncs_left, &left, left - 1, 0, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST)) {
            __atomic_add_fetch(&rule->failed, 1, __ATOMIC_SEQ_CST);
            errno = EIO;
            return 1;
        }
    }
    return 0;
}

static long long place(int fd) {
    int kept = errno;
    long long at = lseek(fd, 0, SEEK_CUR);
    errno = kept;
    return at;
}

ssize_t write(int fd, const void *bytes, size_t count) {
    char path[PATH_MAX];
    struct rule *rule = rule_of(fd, path);
    if (!rule) {
        return real_write ? real_write(fd, bytes, count) : syscall(SYS_write, fd, bytes, count);
    }
    if (fails(rule, &rule->writes)) {
        return -1;
    }
    long long at = place(fd);
    ssize_t done = real_write(fd, bytes, count);
    note(rule, "write %lld %lld %s\n", at, (long long)done, path);
    return done;
}

ssize_t writev(int fd, const struct iovec *parts, int count) {
    char path[PATH_MAX];
    struct rule *rule = rule_of(fd, path);
    if (!rule) {
        return real_writev(fd, parts, count);
    }
    if (fails(rule, &rule->writes)) {
        return -1;
    }
    long long at = place(fd);
    ssize_t done = real_writev(fd, parts, count);
    note(rule, "write %lld %lld %s\n", at, (long long)done, path);
    return done;
}

ssize_t pwrite64(int fd, const void *bytes, size_t count, off64_t at) {
    char path[PATH_MAX];
    struct rule *rule = rule_of(fd, path);
    if (!rule) {
        return real_pwrite(fd, bytes, count, at);
    }
    if (fails(rule, &rule->writes)) {
        return -1;
    }
    ssize_t done = real_pwrite(fd, bytes, count, at);
    note(rule, "pwrite %lld %lld %s\n", (long long)at, (long long)done, path);
    return done;
}

ssize_t pwrite(int fd, const void *bytes, size_t count, off_t at) { return pwrite64(fd, bytes, count, at); }

ssize_t pwritev64(int fd, const struct iovec *parts, int count, off64_t at) {
    char path[PATH_MAX];
    struct rule *rule = rule_of(fd, path);
    if (!rule) {
        return real_pwritev(fd, parts, count, at);
    }
    if (fails(rule, &rule->writes)) {
        return -1;
    }
    ssize_t done = real_pwritev(fd, parts, count, at);
    note(rule, "pwrite %lld %lld %s\n", (long long)at, (long long)done, path);
    return done;
}

ssize_t pwritev(int fd, const struct iovec *parts, int count, off_t at) { return pwritev64(fd, parts, count, at); }

ssize_t pwritev64v2(int fd, const struct iovec *parts, int count, off64_t at, int flags) {
    char path[PATH_MAX];
    struct rule *rule = rule_of(fd, path);
    if (!rule) {
        return real_pwritev2(fd, parts, count, at, flags);
    }
    if (fails(rule, &rule->writes)) {
        return -1;
    }
    // -1: where the file stands.
    long long from = at == -1 ? place(fd) : (long long)at;
    ssize_t done = real_pwritev2(fd, parts, count, at, flags);
    note(rule, "pwrite %lld %lld %s\n", from, (long long)done, path);
    return done;
}

ssize_t pwritev2(int fd, const struct iovec *parts, int count, off_t at, int flags) {
    return pwritev64v2(fd, parts, count, at, flags);
}

// What the file held when the sync was asked for is what it speaks of.
static int sync_by(int (*real)(int), int fd) {
    char path[PATH_MAX];
    struct rule *rule = rule_of(fd, path);
    if (!rule) {
        return real(fd);
    }
    struct stat file = {0};
    if (fstat(fd, &file) != 0 || fails(rule, &rule->syncs) || fails_once(rule)) {
        note(rule, "failed %lld 0 %s\n", (long long)file.st_size, path);
        return -1;
    }
    int result = real(fd);
    note(rule, "%s %lld 0 %s\n", result == 0 ? "sync" : "failed", (long long)file.st_size, path);
    return result;
}

int fsync(int fd) { return sync_by(real_fsync, fd); }

int fdatasync(int fd) { return sync_by(real_fdatasync, fd); }

int ftruncate64(int fd, off64_t size) {
    char path[PATH_MAX];
    struct rule *rule = rule_of(fd, path);
    if (rule && fails(rule, &rule->writes)) {
        return -1;
    }
    int result = real_ftruncate(fd, size);
    if (rule) {
        note(rule, "truncate %lld %d %s\n", (long long)size, result, path);
    }
    return result;
}

int ftruncate(int fd, off_t size) { return ftruncate64(fd, size); }

// ---- the wall clock; the kernel is asked directly, since glibc's own functions call each other

static int64_t shift_us(void) { return control ? control->clock_us : 0; }

int clock_gettime(clockid_t clock, struct timespec *now) {
    static int (*real)(clockid_t, struct timespec *);
    if (!real) {
        real = dlsym(RTLD_NEXT, "clock_gettime");
    }
    int result = real(clock, now);
    int64_t us = shift_us();
    if (result == 0 && us != 0 && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE)) {
        int64_t nanos = now->tv_nsec + us % 1000000 * 1000;
        now->tv_sec += us / 1000000 + (nanos < 0 ? -1 : nanos >= 1000000000 ? 1 : 0);
        now->tv_nsec = nanos < 0 ? nanos + 1000000000 : nanos >= 1000000000 ? nanos - 1000000000 : nanos;
    }
    return result;
}

int gettimeofday(struct timeval *restrict now, void *restrict zone) {
    (void)zone;
    struct timespec time;
    int result = clock_gettime(CLOCK_REALTIME, &time);
    now->tv_sec = time.tv_sec;
    now->tv_usec = time.tv_nsec / 1000;
    return result;
}

time_t time(time_t *into) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    if (into) {
        *into = now.tv_sec;
    }
    return now.tv_sec;
}
