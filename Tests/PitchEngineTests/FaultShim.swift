import Foundation
import Testing

/// A library for tests only: preloaded into `pitch`, it counts the calls that change a file, and
/// at the n-th kills the process, or finds the disk full from there on. A kill counts what is sent
/// and received, too.
enum FaultShim {
    /// Calls count from 1; a kill at a renaming or a sending comes before it or after it.
    enum Fault {
        case kill(at: Int)
        case full(from: Int)
    }

    static func environment(_ fault: Fault) throws -> [String: String] {
        let (kind, place) =
            switch fault {
            case .kill(let place): ("kill", place)
            case .full(let place): ("full", place)
            }
        return [
            "LD_PRELOAD": try library.get().path, "FAULT": kind, "FAULT_AT": String(place),
        ]
    }

    /// What the shim says on standard error when it finds the disk full for the first time.
    static let sign = "the disk is full from here on"

    /// Compiled once.
    private static let library: Result<URL, any Error> = Result {
        try PreloadedLibrary.compile("fault", code)
    }

    private static let code = """
        #define _GNU_SOURCE
        #include <dlfcn.h>
        #include <errno.h>
        #include <fcntl.h>
        #include <signal.h>
        #include <stdarg.h>
        #include <stdatomic.h>
        #include <stdio.h>
        #include <stdlib.h>
        #include <string.h>
        #include <sys/socket.h>
        #include <sys/stat.h>
        #include <sys/types.h>
        #include <unistd.h>
        static atomic_long calls;
        static int is_full(void) {
            const char *fault = getenv("FAULT");
            return fault && !strcmp(fault, "full");
        }
        static long place(void) {
            const char *text = getenv("FAULT_AT");
            return text ? atol(text) : 0;
        }
        /* A call that needs no room: only a kill counts it. */
        static void pass(void) {
            if (!is_full() && atomic_fetch_add(&calls, 1) + 1 == place()) raise(SIGKILL);
        }
        static int fails(void) {
            if (!is_full()) { pass(); return 0; }
            long call = atomic_fetch_add(&calls, 1) + 1;
            if (call < place()) return 0;
            if (call == place()) dprintf(2, "\(sign)\\n");
            errno = ENOSPC;
            return 1;
        }
        #define NEXT(name) __typeof__(name) *next = (__typeof__(name) *)dlsym(RTLD_NEXT, #name)
        ssize_t pwrite(int f, const void *b, size_t n, off_t o) {
            NEXT(pwrite); return fails() ? -1 : next(f, b, n, o); }
        ssize_t pwrite64(int f, const void *b, size_t n, off64_t o) {
            NEXT(pwrite64); return fails() ? -1 : next(f, b, n, o); }
        ssize_t write(int f, const void *b, size_t n) {
            NEXT(write); return f > 2 && fails() ? -1 : next(f, b, n); }
        int fsync(int f) { NEXT(fsync); return fails() ? -1 : next(f); }
        int fdatasync(int f) { NEXT(fdatasync); return fails() ? -1 : next(f); }
        int ftruncate(int f, off_t n) { NEXT(ftruncate); return fails() ? -1 : next(f, n); }
        int ftruncate64(int f, off64_t n) { NEXT(ftruncate64); return fails() ? -1 : next(f, n); }
        int mkdir(const char *p, mode_t m) { NEXT(mkdir); return fails() ? -1 : next(p, m); }
        int rename(const char *a, const char *b) {
            NEXT(rename); if (fails()) return -1; int r = next(a, b); pass(); return r; }
        int unlink(const char *a) { NEXT(unlink); pass(); return next(a); }
        ssize_t send(int f, const void *b, size_t n, int g) {
            NEXT(send); pass(); ssize_t r = next(f, b, n, g); pass(); return r; }
        ssize_t recv(int f, void *b, size_t n, int g) {
            NEXT(recv); ssize_t r = next(f, b, n, g); if (r >= 0) pass(); return r; }
        /* Only making a file needs room. */
        #define OPEN(name) int name(const char *path, int flags, ...) { \\
            NEXT(name); va_list list; va_start(list, flags); \\
            mode_t mode = flags & O_CREAT ? va_arg(list, mode_t) : 0; va_end(list); \\
            int makes = flags & O_CREAT && access(path, F_OK) != 0; \\
            return makes && fails() ? -1 : next(path, flags, mode); }
        OPEN(open)
        OPEN(open64)
        """
}
