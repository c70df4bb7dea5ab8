import Foundation
import PitchTestSupport
import Testing

/// Commands that are stopped or disturbed while they load a larger shop.
@Suite("Interruptions", .serialized)
struct InterruptionTests {
    private static let now = ["--as-of", "2026-04-02 10:00"]

    /// A command that works while the test does something else.
    private struct Working {
        let process = Process()
        let started = Date.now

        init(_ arguments: [String], in folder: URL) throws {
            process.executableURL = URL(filePath: "/usr/bin/env")
            process.arguments = ["python3", "-c", Self.asAtATerminal, BuiltCommand.path] + arguments
            process.currentDirectoryURL = folder
            process.standardOutput = FileHandle.nullDevice
            process.standardError = FileHandle.nullDevice
            try process.run()
        }

        /// Who runs the tests may ignore or block Ctrl-C, which a command would inherit.
        private static let asAtATerminal = """
            import os, signal, sys
            signal.signal(signal.SIGINT, signal.SIG_DFL)
            signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGINT])
            os.execv(sys.argv[1], sys.argv[1:])
            """

        func send(_ signal: Int32) { kill(process.processIdentifier, signal) }

        /// Waits until it has written so many bytes of the store's log.
        func waitForLog(_ log: URL, bytes: Int) throws {
            while process.isRunning {
                let attributes = try? FileManager.default.attributesOfItem(atPath: log.path)
                let size = attributes?[.size] as? Int
                if let size, size > bytes { return }
                try #require(Date.now.timeIntervalSince(started) < 60, "nothing is loaded")
                usleep(2000)
            }
            Issue.record("the command ended too soon")
        }
    }

    private func shop() throws -> (folder: TemporaryFolder, command: BuiltCommand) {
        let folder = try TemporaryFolder()
        let command = BuiltCommand(in: folder.url)
        let made = try command.run(["new", "shop", "--members", "20000"] + Self.now)
        try #require(made.exit == 0, "\(made.errors)")
        return (folder, BuiltCommand(in: folder.url.appending(path: "shop")))
    }

    private func faults(of store: URL) throws -> String {
        let script = """
            import sqlite3, sys
            print(sqlite3.connect(sys.argv[1]).execute("pragma integrity_check").fetchone()[0])
            """
        return try BuiltCommand.run(
            "/usr/bin/env", ["python3", "-c", script, store.path],
            in: store.deletingLastPathComponent()
        ).output
    }

    @Test("a second command meanwhile exits 75; Ctrl-C ends a load at once; the next run completes")
    func load() throws {
        let (folder, command) = try shop()
        defer { folder.remove() }
        let store = command.folder.appending(path: "shop.db")
        let load = try Working(["load", "shop.pitch"] + Self.now, in: command.folder)
        try load.waitForLog(URL(filePath: store.path + "-wal"), bytes: 200_000)

        load.send(SIGSTOP)
        for verb in ["run", "load"] {
            let second = try command.run([verb, "shop.pitch"] + Self.now)
            #expect(second.exit == 75, "\(second.errors)")
            #expect(second.output.isEmpty)
            #expect(second.errors.hasPrefix("error: "))
            #expect(second.errors.filter { $0 == "\n" }.count == 1, "\(second.errors)")
        }
        load.send(SIGCONT)

        let interrupted = Date.now
        load.send(SIGINT)
        load.process.waitUntilExit()
        #expect(Date.now.timeIntervalSince(interrupted) < 1)
        #expect(load.process.terminationReason == .uncaughtSignal)
        #expect(load.process.terminationStatus == SIGINT)

        #expect(try faults(of: store) == "ok\n")
        let first = try command.run(["run", "shop.pitch", "--format", "json"] + Self.now)
        #expect([0, 4].contains(first.exit), "\(first.errors)")
        let report = try object(first.output)
        #expect((report["audience"] as? Int ?? 0) > 0)
        let count = try command.run(["count", "shop.pitch", "true"] + Self.now)
        #expect(count.output == "20,000 of 20,000 members (100 %)\n")
        let again = try command.run(["run", "shop.pitch", "--format", "json"] + Self.now)
        #expect(try object(again.output)["issued"] as? Int == 0)
    }

    /// At moments drawn at random, and as soon as a file for a channel is begun.
    @Test("Ctrl-C ends a run at once, and the next one completes it without doubling")
    func run() throws {
        let (folder, command) = try shop()
        defer { folder.remove() }
        #expect(try command.run(["load", "shop.pitch"] + Self.now).exit == 0)
        let whole = try Copy(of: command.folder, in: folder)
        let started = Date.now
        #expect(try whole.command.run(["run", "shop.pitch"] + Self.now).exit == 0)
        let duration = Date.now.timeIntervalSince(started)
        let expected = try whole.effects()
        #expect(expected.contains("issued"), "\(expected)")

        var dice = Dice(seed: 5)
        var interrupted = 0
        for number in 0..<10 {
            let copy = try Copy(of: command.folder, in: folder)
            let run = try Working(["run", "shop.pitch"] + Self.now, in: copy.command.folder)
            if number.isMultiple(of: 2) {
                usleep(UInt32(duration * Double(dice.roll(0...1_000_000))))
            } else {
                while run.process.isRunning, try !copy.hasPart() { usleep(200) }
            }
            let sent = Date.now
            run.send(SIGINT)
            run.process.waitUntilExit()
            #expect(Date.now.timeIntervalSince(sent) < 1)
            let wasKilled = run.process.terminationReason == .uncaughtSignal
            #expect(run.process.terminationStatus == (wasKilled ? SIGINT : 0))
            interrupted += wasKilled ? 1 : 0
            #expect(try faults(of: copy.store) == "ok\n")
            let again = try copy.command.run(["run", "shop.pitch"] + Self.now)
            #expect(again.exit == 0, "\(again.errors)")
            #expect(try copy.effects() == expected, "number \(number)")
            copy.remove()
        }
        print("a run was interrupted at \(interrupted) of 10 moments")
        #expect(interrupted > 0)
    }

    /// A loaded shop in a folder of its own.
    private struct Copy {
        let command: BuiltCommand
        var store: URL { command.folder.appending(path: "shop.db") }

        init(of shop: URL, in folder: TemporaryFolder) throws {
            let place = folder.url.appending(path: UUID().uuidString)
            try FileManager.default.copyItem(at: shop, to: place)
            command = BuiltCommand(in: place)
        }

        func remove() { try? FileManager.default.removeItem(at: command.folder) }

        private var outbox: URL { command.folder.appending(path: "outbox") }

        /// Whether a file for a channel is begun, or there.
        func hasPart() throws -> Bool {
            FileManager.default.enumerator(atPath: outbox.path)?.contains {
                ($0 as? String)?.contains("run-") == true
            } ?? false
        }

        /// Outcomes and coupons counted, and every message without its codes, which nobody can
        /// foresee.
        func effects() throws -> String {
            let script = """
                import glob, re, sqlite3, sys
                store = sqlite3.connect("shop.db")
                for columns in [
                    "outcome, count(*) from ledger_outcome",
                    "coupon, count(*), count(distinct code) from coupon",
                    "is_delivered, count(*) from outbox_file",
                ]:
                    rows = store.execute(f"select {columns} group by 1 order by 1").fetchall()
                    print(columns, rows)
                for path in sorted(glob.glob("outbox/*/*")):
                    lines = sorted(re.sub("[0-9A-Z]{22}", "CODE", line) for line in open(path))
                    print(path, len(lines), hash(tuple(lines)))
                """
            let result = try BuiltCommand.run(
                "/usr/bin/env", ["python3", "-c", script], in: command.folder,
                environment: ["PYTHONHASHSEED": "0"])
            #expect(result.exit == 0, "\(result.errors)")
            return result.output
        }
    }

    /// A run that fails on its way frees the store.
    @Test("a failed run or load does not hold the store")
    func failed() throws {
        let shop = try Shop()
        let orders = shop.folder.url.appending(path: "orders.csv")
        try FileManager.default.removeItem(at: orders)
        #expect(try shop.run("load").exit == 3)
        #expect(try shop.run("run").exit == 3)
        try shop.folder.write(Shop.orders, to: "orders.csv")
        #expect(try shop.run("run").exit == 0)
        #expect(try shop.run("run", at: "2026-04-02T09:00:00").exit == 3)
        #expect(try shop.run("run", at: "2026-09-01T10:00:00").exit == 5)
        #expect(try shop.run("run").exit == 0)
    }
}
