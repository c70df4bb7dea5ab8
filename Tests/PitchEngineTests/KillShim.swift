import Foundation
import Testing

/// A library for tests only: preloaded into `pitch`, it kills the process at the n-th call that
/// changes a file, before or after the call is made.
enum KillShim {
    /// Compiled once. `KILL_AT` is n from 1; calls are counted into `KILL_COUNT`, a file.
    static let library: Result<URL, any Error> = Result {
        let folder = FileManager.default.temporaryDirectory
            .appending(path: "pitch-kill-\(ProcessInfo.processInfo.processIdentifier)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let source = folder.appending(path: "kill.c")
        let library = folder.appending(path: "kill.so")
        try code.write(to: source, atomically: true, encoding: .utf8)
        let status = try Command.run(
            "/usr/bin/env", ["cc", "-shared", "-fPIC", "-O1", "-o", library.path, source.path])
        try #require(status.code == 0, "cc failed: \(status.errors)")
        return library
    }

    private static let code = """
        #define _GNU_SOURCE
        #include <dlfcn.h>
        #include <signal.h>
        #include <stdatomic.h>
        #include <stdio.h>
        #include <stdlib.h>
        #include <sys/types.h>
        #include <unistd.h>
        static atomic_long calls;
        static long limit(void) {
            const char *text = getenv("KILL_AT");
            return text ? atol(text) : 0;
        }
        static void step(void) {
            if (atomic_fetch_add(&calls, 1) + 1 == limit()) raise(SIGKILL);
        }
        #define NEXT(name) __typeof__(name) *next = (__typeof__(name) *)dlsym(RTLD_NEXT, #name)
        ssize_t pwrite(int f, const void *b, size_t n, off_t o) {
            NEXT(pwrite); step(); return next(f, b, n, o); }
        ssize_t pwrite64(int f, const void *b, size_t n, off64_t o) {
            NEXT(pwrite64); step(); return next(f, b, n, o); }
        ssize_t write(int f, const void *b, size_t n) {
            NEXT(write); if (f > 2) step(); return next(f, b, n); }
        int fsync(int f) { NEXT(fsync); step(); return next(f); }
        int fdatasync(int f) { NEXT(fdatasync); step(); return next(f); }
        int rename(const char *a, const char *b) {
            NEXT(rename); step(); int r = next(a, b); step(); return r; }
        int unlink(const char *a) { NEXT(unlink); step(); return next(a); }
        int ftruncate(int f, off_t n) { NEXT(ftruncate); step(); return next(f, n); }
        int ftruncate64(int f, off64_t n) { NEXT(ftruncate64); step(); return next(f, n); }
        __attribute__((destructor)) static void report(void) {
            const char *path = getenv("KILL_COUNT");
            if (!path) return;
            FILE *file = fopen(path, "w");
            if (file) { fprintf(file, "%ld", atomic_load(&calls)); fclose(file); }
        }
        """
}

/// A process run to its end.
enum Command {
    struct Ending {
        let code: Int32
        let wasKilled: Bool
        let errors: String
    }

    /// The `pitch` that was built with these tests.
    static var pitch: String {
        URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent()
            .appending(path: "pitch").path
    }

    static func run(
        _ tool: String, _ arguments: [String], environment: [String: String] = [:]
    ) throws -> Ending {
        let process = Process()
        process.executableURL = URL(filePath: tool)
        process.arguments = arguments
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        let errors = Pipe()
        process.standardError = errors
        process.standardOutput = FileHandle.nullDevice
        try process.run()
        let text = errors.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return Ending(
            code: process.terminationStatus,
            wasKilled: process.terminationReason == .uncaughtSignal,
            errors: String(decoding: text, as: UTF8.self))
    }
}
