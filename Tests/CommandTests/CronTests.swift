import Foundation
import PitchTestSupport
import Testing

/// `pitch run` from a real entry of cron, as the README has it.
@Suite("Cron", .serialized)
struct CronTests {
    /// Cron's daemon, if none runs yet, and one entry; both end with the test.
    private final class Schedule {
        private let entry: URL
        private let daemon = Process()

        /// - Parameter lines: commands of the coming minute, by root.
        init(_ lines: [String]) throws {
            entry = URL(filePath: "/etc/cron.d/pitch-test-\(getpid())")
            let text = lines.map { "* * * * * root \($0)\n" }.joined()
            try ("SHELL=/bin/sh\n" + text).write(to: entry, atomically: true, encoding: .utf8)
            chmod(entry.path, 0o644)
            daemon.executableURL = URL(filePath: "/usr/sbin/cron")
            // In the foreground; it ends at once where another one is at work, which does as well.
            daemon.arguments = ["-f"]
            daemon.standardInput = FileHandle.nullDevice
            daemon.standardError = FileHandle.nullDevice
            try daemon.run()
        }

        func end() {
            try? FileManager.default.removeItem(at: entry)
            // Cron sees a gentle signal only when it wakes, once a minute.
            if daemon.isRunning { kill(daemon.processIdentifier, SIGKILL) }
        }
    }

    private static let isPossible =
        geteuid() == 0 && FileManager.default.isExecutableFile(atPath: "/usr/sbin/cron")

    /// The first run issues and says nothing; the second finds the store held, says so in one line
    /// and leaves with 75.
    @Test(.enabled(if: isPossible, "not root, or cron is not installed: cron is not tried"))
    func runsFromCron() throws {
        let script = Shop.script.replacing(
            "2026-03-01 to 2026-05-31", with: "2000-01-01 to 2199-12-31")
        let shop = try Shop(script: script)
        let place = shop.folder.url.path
        let run = { (name: String) in
            "cd \(place) && (\(BuiltCommand.path) run shop.pitch --quiet > \(name).out 2>&1; "
                + "echo $? > \(name).code)"
        }
        let schedule = try Schedule([run("first"), "sleep 20; " + run("second")])
        defer { schedule.end() }
        #expect(try wait(for: "first.code", in: shop, seconds: 75) == "0\n")
        #expect(try shop.folder.text(of: "first.out").isEmpty)
        let lease = open(place + "/shop.db.lock", O_RDWR | O_CLOEXEC)
        defer { close(lease) }
        #expect(flock(lease, LOCK_EX | LOCK_NB) == 0)
        #expect(try wait(for: "second.code", in: shop, seconds: 40) == "75\n")
        let lines = try shop.folder.text(of: "second.out").split(separator: "\n")
        #expect(lines.count == 1 && lines[0].contains("another run holds it"), "\(lines)")
    }

    private func wait(for name: String, in shop: Shop, seconds: Double) throws -> String {
        let start = Date.now
        while Date.now.timeIntervalSince(start) < seconds {
            if let text = try? shop.folder.text(of: name), text.hasSuffix("\n") { return text }
            usleep(100_000)
        }
        return "nothing within \(seconds) seconds"
    }
}
