import Foundation
import Testing

/// Batches allocate nothing: a library preloaded into `PitchBench` counts the calls.
@Suite struct SteadyMemoryTests {
    private static let code = """
        #define _GNU_SOURCE
        #include <dlfcn.h>
        #include <stdatomic.h>
        #include <stddef.h>
        static atomic_long calls;
        extern void *__libc_malloc(size_t);
        extern void *__libc_realloc(void *, size_t);
        extern void *__libc_calloc(size_t, size_t);
        extern void *__libc_memalign(size_t, size_t);
        long pitch_allocations(void) { return atomic_load(&calls); }
        void *malloc(size_t n) { atomic_fetch_add(&calls, 1); return __libc_malloc(n); }
        void *calloc(size_t n, size_t m) {
            atomic_fetch_add(&calls, 1); return __libc_calloc(n, m); }
        void *realloc(void *p, size_t n) {
            atomic_fetch_add(&calls, 1); return __libc_realloc(p, n); }
        void *aligned_alloc(size_t a, size_t n) {
            atomic_fetch_add(&calls, 1); return __libc_memalign(a, n); }
        int posix_memalign(void **p, size_t a, size_t n) {
            atomic_fetch_add(&calls, 1); *p = __libc_memalign(a, n); return *p ? 0 : 12; }
        """

    @Test func aThousandBatchesAllocateNothing() throws {
        let library = try PreloadedLibrary.compile("steady", Self.code)
        defer { try? FileManager.default.removeItem(at: library.deletingLastPathComponent()) }
        let bench = URL(filePath: Command.pitch).deletingLastPathComponent()
            .appending(path: "PitchBench").path
        let ending = try Command.run(
            bench, ["steady"], environment: ["LD_PRELOAD": library.path])
        #expect(ending.code == 0, "\(ending.errors)")
        let lines = ending.errors.split(separator: "\n").map { $0.split(separator: " ") }
        #expect(lines.map(\.first) == ["q1", "q1w", "q2", "q3", "q3w", "q4", "q4e"])
        for line in lines where line.count == 3 {
            #expect(line[1] == "0", "\(line[0]) allocates in its batches")
        }
    }
}
