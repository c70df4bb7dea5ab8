import Foundation
import Synchronization
import Testing

/// Inputs at random for one surface of Pitch. `PITCH_FUZZ` says how many each surface gets, and
/// `PITCH_FUZZ_SECONDS` for how long at most.
package enum Fuzz {
    /// Processor time that an input may take, in seconds.
    private static let limit = 1.0
    /// An input still at work after so many seconds hangs, however busy the machine is.
    fileprivate static let patience = 60.0

    /// Runs a body on inputs, one after the other, and prints how many and how long.
    ///
    /// A fault, an error, or more than a second fails the test, and an input that does not end
    /// ends all tests. Each time, and when the process crashes, the input lies in the file that is
    /// named.
    /// - Parameters:
    ///   - seconds: fewer inputs when they are over, for a surface that needs a process for each.
    ///   - make: the next input.
    ///   - body: what is wrong with the outcome of an input; nil: nothing.
    package static func inputs(
        of surface: String, usually count: Int = 20_000, within seconds: Double? = nil,
        sourceLocation: SourceLocation = #_sourceLocation,
        _ make: () -> [UInt8], body: ([UInt8]) throws -> String?
    ) throws {
        let count = environment("PITCH_FUZZ").map { Int($0) } ?? count
        let seconds = environment("PITCH_FUZZ_SECONDS") ?? seconds ?? .infinity
        let input = try InputFile(surface)
        let watch = Watch(surface, input.path)
        defer { watch.end() }
        let start = Date.now
        var (tried, slowest, used) = (0, 0.0, threadSeconds())
        let first = used
        while tried < count, Date.now.timeIntervalSince(start) < seconds {
            let bytes = make()
            try input.write(bytes)
            watch.begin()
            let fault = outcome { try body(bytes) }
            let now = threadSeconds()
            slowest = max(slowest, now - used)
            if let fault = fault ?? (now - used > limit ? "it takes \(now - used) s" : nil) {
                Issue.record(
                    "\(surface), input \(tried): \(fault); it lies in \(input.path)",
                    sourceLocation: sourceLocation)
                return
            }
            used = now
            tried += 1
        }
        let time = String(format: "%.1f s, at most %.3f s each", used - first, slowest)
        let share = tried < count ? "\(tried) of \(count)" : "\(tried)"
        print("\(surface): \(share) inputs in \(time)")
        input.remove()
    }

    private static func environment(_ name: String) -> Double? {
        ProcessInfo.processInfo.environment[name].flatMap { Double($0) }
    }

    private static func outcome(_ body: () throws -> String?) -> String? {
        do { return try body() } catch { return "an error that nobody expects: \(error)" }
    }

    /// Processor time of this thread; time of others on the machine does not count.
    private static func threadSeconds() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }

    /// A folder in memory where there is one: a surface writes a million files.
    package static var folder: URL {
        let memory = URL(filePath: "/dev/shm")
        return FileManager.default.isWritableFile(atPath: memory.path)
            ? memory : FileManager.default.temporaryDirectory
    }
}

/// The input at work, kept in a file that a crash leaves behind.
private struct InputFile {
    let path: String
    private let file: FileHandle

    init(_ surface: String) throws {
        let name = surface.replacing(" ", with: "-")
        let process = ProcessInfo.processInfo.processIdentifier
        path = Fuzz.folder.appending(path: "pitch-input-\(name)-\(process)").path
        try Data().write(to: URL(filePath: path))
        file = try FileHandle(forWritingTo: URL(filePath: path))
    }

    func write(_ bytes: [UInt8]) throws {
        let written = pwrite(file.fileDescriptor, bytes, bytes.count, 0)
        try #require(written == bytes.count && ftruncate(file.fileDescriptor, written) == 0)
    }

    func remove() { try? FileManager.default.removeItem(atPath: path) }
}

/// Ends the process when an input does not end.
private final class Watch: Sendable {
    private let beganAt = Atomic<Int64>(0)
    private let isOver = Atomic<Bool>(false)

    init(_ surface: String, _ path: String) {
        begin()
        Thread.detachNewThread {
            while !self.isOver.load(ordering: .relaxed) {
                usleep(200_000)
                let began = Double(self.beganAt.load(ordering: .relaxed))
                let waited = Date.now.timeIntervalSince1970 - began
                if waited < Fuzz.patience || self.isOver.load(ordering: .relaxed) { continue }
                print("\(surface): an input does not end; it lies in \(path)")
                abort()
            }
        }
    }

    func begin() { beganAt.store(Int64(Date.now.timeIntervalSince1970), ordering: .relaxed) }

    func end() { isOver.store(true, ordering: .relaxed) }
}
