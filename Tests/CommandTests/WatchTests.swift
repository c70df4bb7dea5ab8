import Foundation
import PitchTestSupport
import Testing

/// `pitch watch` by the real clock: its first cycle begins at once, and a signal ends it.
@Suite("Watch", .serialized)
struct WatchTests {
    private static let script = Shop.script.replacing(
        "2026-03-01 to 2026-05-31", with: "2000-01-01 to 2199-12-31")

    /// A watch that is at work while the test does something else.
    private final class Watching {
        let process = Process()
        let output: URL
        let errors: URL

        init(_ shop: Shop) throws {
            output = shop.folder.url.appending(path: "output.txt")
            errors = shop.folder.url.appending(path: "errors.txt")
            for file in [output, errors] { try Data().write(to: file) }
            process.executableURL = URL(filePath: BuiltCommand.path)
            process.arguments = ["watch", "shop.pitch"]
            process.currentDirectoryURL = shop.folder.url
            process.standardInput = FileHandle.nullDevice
            process.standardOutput = try FileHandle(forWritingTo: output)
            process.standardError = try FileHandle(forWritingTo: errors)
            try process.run()
        }

        deinit { if process.isRunning { kill(process.processIdentifier, SIGKILL) } }

        func wait(for text: String, in file: URL) throws {
            let start = Date.now
            while try !String(contentsOf: file, encoding: .utf8).contains(text) {
                let told = try everything
                try #require(process.isRunning, "the watch ended: \(told)")
                try #require(Date.now.timeIntervalSince(start) < 60, "no '\(text)'")
                usleep(20_000)
            }
        }

        var everything: String {
            get throws {
                try String(contentsOf: output, encoding: .utf8)
                    + String(contentsOf: errors, encoding: .utf8)
            }
        }

        /// Sends a signal and waits for the end.
        func end(by signal: Int32) -> (exit: Int32, seconds: TimeInterval) {
            let start = Date.now
            kill(process.processIdentifier, signal)
            process.waitUntilExit()
            return (
                process.terminationReason == .exit ? process.terminationStatus : -1,
                Date.now.timeIntervalSince(start)
            )
        }
    }

    @Test("a signal ends the wait at once, with 0", arguments: [SIGINT, SIGTERM])
    func signals(signal: Int32) throws {
        let shop = try Shop(script: Self.script)
        let watching = try Watching(shop)
        try watching.wait(for: ", wrote ", in: watching.output)
        let end = watching.end(by: signal)
        #expect(end.exit == 0)
        #expect(end.seconds < 5)
        let text = try watching.everything
        #expect(text.contains("run 1 as of "))
        #expect(text.hasSuffix("watched 1 cycle\n"), "\(text)")
        #expect(try shop.run("run", at: nil).exit == 0)
    }

    @Test("while another run holds the store, it waits for the next slot")
    func busy() throws {
        let shop = try Shop(script: Self.script)
        let holder = Process()
        holder.executableURL = URL(filePath: "/usr/bin/env")
        holder.arguments = [
            "python3", "-c",
            """
            import fcntl, sys, time
            lock = open(sys.argv[1], "w")
            fcntl.flock(lock, fcntl.LOCK_EX)
            print("held", flush=True)
            time.sleep(100)
            """, shop.folder.url.appending(path: "shop.db.lock").path,
        ]
        let held = Pipe()
        holder.standardOutput = held
        try holder.run()
        defer { kill(holder.processIdentifier, SIGKILL) }
        _ = held.fileHandleForReading.availableData
        let watching = try Watching(shop)
        try watching.wait(for: "waiting for the next slot", in: watching.errors)
        #expect(watching.end(by: SIGTERM).exit == 0)
        #expect(try watching.everything.contains("watched 0 cycles; waited 1 time"))
    }

    @Test("what it cannot watch it refuses")
    func refusals() throws {
        let shop = try Shop()
        let dated = try shop.run("watch")
        #expect(dated.exit == 2)
        #expect(dated.errors.contains("takes no '--as-of'"))
        try shop.folder.write(
            Shop.script.replacing("2026-03-01 to 2026-05-31", with: "2001-03-01 to 2001-05-31"),
            to: "shop.pitch")
        let ended = try shop.run("watch", at: nil)
        #expect(ended.exit == 5)
        #expect(ended.errors == "error: no plan is valid, today or later\n")
        try shop.folder.write(
            Shop.script.replacing("when      purchase", with: "when      parchase"),
            to: "shop.pitch")
        #expect(try shop.run("watch", at: nil).exit == 1)
    }
}
