import Foundation
import PitchTestSupport
import Testing

/// Handing over by commands that meet, are stopped, or have no plan to run.
@Suite("Deliveries", .serialized)
struct DeliveryTests {
    /// A shop whose channel posts, slowly, to an address of the environment; every one of its
    /// members has bought something.
    private struct PostingShop {
        let shop: Shop
        private let day: String
        static let members = 40

        /// - Parameter day: on which they buy.
        init(on day: String = "2026-04-02") throws {
            self.day = day
            shop = try Shop(
                script: Shop.script.replacing("file \"outbox\"", with: Self.webhook))
            let members = (1...Self.members).map { "m\($0),Li,Bonn,,\($0),yes\n" }
            try shop.folder.write(
                "member_id,name,city,born,phone,sms_ok\n" + members.joined(), to: "members.csv")
            let orders = (1...Self.members).map { "o\($0),m\($0),\(day)T08:00:00,100\n" }
            try shop.folder.write(
                "order_id,member_id,ordered_at,amount\n" + orders.joined(), to: "orders.csv")
        }

        private static let webhook = "webhook env \"SMS_URL\", rate 20 per second"

        /// Issues everything, and leaves the messages in the outbox: nobody listens.
        func queue() throws {
            let receiver = try LocalReceiver()
            receiver.stop()
            let result = try run("run", to: receiver.address, at: day + "T09:30:00")
            #expect(result.exit == 4, "\(result.errors)")
            #expect(try states() == "queued \(Self.members)\n")
        }

        func run(
            _ verb: String, _ arguments: [String] = [], to address: String,
            at instant: String
        ) throws -> BuiltCommand.Result {
            var command = shop.command
            command.environment["SMS_URL"] = address
            return try command.run([verb, "shop.pitch", "--as-of", instant] + arguments)
        }

        /// A command that works while the test does something else.
        func start(_ verb: String, to address: String, at instant: String) throws -> Process {
            let process = Process()
            process.executableURL = URL(filePath: "/usr/bin/env")
            // Who runs the tests may ignore Ctrl-C, which a command would inherit.
            let script = """
                import os, signal, sys
                signal.signal(signal.SIGINT, signal.SIG_DFL)
                os.execv(sys.argv[1], sys.argv[1:])
                """
            process.arguments = [
                "python3", "-c", script, BuiltCommand.path, verb, "shop.pitch", "--as-of", instant,
            ]
            process.currentDirectoryURL = shop.folder.url
            process.environment = ProcessInfo.processInfo.environment
                .merging(["SMS_URL": address, "SWIFT_BACKTRACE": "enable=no"]) { $1 }
            process.standardOutput = FileHandle.nullDevice
            process.standardError = FileHandle.nullDevice
            try process.run()
            return process
        }

        /// `delivered 12`, a line a state; and whether the store is sound.
        func states() throws -> String {
            let script = """
                import sqlite3
                store = sqlite3.connect("shop.db")
                assert store.execute("pragma integrity_check").fetchone()[0] == "ok"
                for row in store.execute("select state, count(*) from outbox group by 1 order by 1"):
                    print(*row)
                """
            let result = try BuiltCommand.run(
                "/usr/bin/env", ["python3", "-c", script], in: shop.folder.url)
            #expect(result.exit == 0, "\(result.errors)")
            return result.output
        }
    }

    private func wait(for receiver: LocalReceiver, toTake count: Int) throws {
        let deadline = Date.now + 60
        while receiver.takenCount < count {
            try #require(Date.now < deadline, "only \(receiver.takenCount) messages came")
            usleep(2000)
        }
    }

    private func expectEachOnce(_ receiver: LocalReceiver, _ count: Int) {
        #expect(receiver.taken.count == count)
        #expect(receiver.taken.values.allSatisfy { $0 == 1 })
    }

    @Test("Ctrl-C ends a delivery after the answers under way, and the next one does the rest")
    func interrupted() throws {
        let posting = try PostingShop()
        try posting.queue()
        let receiver = try LocalReceiver { _ in
            usleep(20_000)
            return .status(200)
        }
        defer { receiver.stop() }
        let deliver = try posting.start(
            "deliver", to: receiver.address, at: "2026-04-02T12:00:00")
        try wait(for: receiver, toTake: 5)
        kill(deliver.processIdentifier, SIGINT)
        deliver.waitUntilExit()
        #expect(deliver.terminationReason == .exit && deliver.terminationStatus == 4)
        let taken = receiver.takenCount
        #expect(taken < PostingShop.members)
        #expect(
            try posting.states()
                == "delivered \(taken)\nqueued \(PostingShop.members - taken)\n")
        let rest = try posting.run("deliver", to: receiver.address, at: "2026-04-02T13:00:00")
        #expect(rest.exit == 0, "\(rest.errors)")
        #expect(try posting.states() == "delivered \(PostingShop.members)\n")
        expectEachOnce(receiver, PostingShop.members)
    }

    @Test("a run beside a delivery judges, and leaves handing over to it; nothing is sent twice")
    func runBeside() throws {
        let posting = try PostingShop()
        try posting.queue()
        let receiver = try LocalReceiver()
        defer { receiver.stop() }
        let deliver = try posting.start(
            "deliver", to: receiver.address, at: "2026-04-02T12:00:00")
        try wait(for: receiver, toTake: 1)
        let second = try posting.run("deliver", to: receiver.address, at: "2026-04-02T12:00:00")
        #expect(second.exit == 75, "\(second.errors)")
        #expect(second.errors.filter { $0 == "\n" }.count == 1, "\(second.errors)")

        let orders = try posting.shop.folder.text(of: "orders.csv")
        try posting.shop.folder.write(
            "member_id,name,city,born,phone,sms_ok\nnew,Wang,Bonn,,99,yes\n", to: "members.csv")
        try posting.shop.folder.write(
            orders + "o99,new,2026-04-02T11:59:00,100\n", to: "orders.csv")
        let run = try posting.run("run", to: receiver.address, at: "2026-04-02T12:00:01")
        #expect(deliver.isRunning, "the delivery was over too soon to show anything")
        #expect(run.exit == 0, "\(run.errors)")
        #expect(run.output.contains("another process is handing over what waits"))
        deliver.waitUntilExit()
        #expect([0, 4].contains(deliver.terminationStatus))
        let rest = try posting.run("deliver", to: receiver.address, at: "2026-04-02T13:00:00")
        #expect(rest.exit == 0, "\(rest.errors)")
        #expect(try posting.states() == "delivered \(PostingShop.members + 1)\n")
        expectEachOnce(receiver, PostingShop.members + 1)
    }

    @Test("what a killed delivery had taken is told: by status at once, then by the next one")
    func killed() throws {
        let posting = try PostingShop()
        try posting.queue()
        let receiver = try LocalReceiver { _ in
            sleep(20)
            return .status(200)
        }
        defer { receiver.stop() }
        let deliver = try posting.start(
            "deliver", to: receiver.address, at: "2026-04-02T12:00:00")
        let deadline = Date.now + 60
        while try !posting.states().contains("leased ") {
            try #require(Date.now < deadline, "no message was taken")
            usleep(20_000)
        }
        kill(deliver.processIdentifier, SIGKILL)
        deliver.waitUntilExit()
        let open = try LocalReceiver()
        defer { open.stop() }
        let status = try posting.run("status", to: open.address, at: "2026-04-02T12:10:00")
        #expect(status.output.contains(" queued, 0 delivered, "))
        let sum = try #require(status.output.firstMatch(of: /, ([0-9]+) under way\n/))
        let taken = try #require(Int(sum.1))
        #expect(taken > 0)
        let rest = try posting.run(
            "deliver", ["--quiet"], to: open.address, at: "2026-04-02T13:00:00")
        #expect(rest.exit == 4 && rest.output.isEmpty)
        let noun = taken == 1 ? "message" : "messages"
        #expect(
            rest.errors == """
                warning: \(taken) \(noun) of 'sms' may have arrived, or not
                reasons of 'sms':
                  \(taken) the delivery was interrupted before the answer came

                """)
        #expect(
            try posting.states()
                == "delivered \(PostingShop.members - taken)\nunknown \(taken)\n")
        let later = try posting.run("deliver", to: open.address, at: "2026-04-02T14:00:00")
        #expect(later.exit == 0 && later.output == "nothing to hand over\n")
    }

    @Test("a run with no valid plan hands over what waits, and exits 5; or 4 if it cannot")
    func noPlan() throws {
        let posting = try PostingShop(on: "2026-05-31")
        let receiver = try LocalReceiver()
        receiver.stop()
        let never = try posting.run("run", to: receiver.address, at: "2026-02-01T10:00:00")
        #expect(never.exit == 5, "nothing ever ran: \(never.errors)")
        try posting.queue()

        let unheard = try posting.run(
            "run", ["--quiet"], to: receiver.address, at: "2026-06-01T00:10:00")
        #expect(unheard.exit == 4, "\(unheard.errors)")
        #expect(
            unheard.errors.hasSuffix(
                "error: no plan is valid on 2026-06-01, and not all that waited was handed over\n"))
        #expect(unheard.errors.contains("40 messages of 'sms' waiting"))

        let open = try LocalReceiver()
        defer { open.stop() }
        let heard = try posting.run("run", to: open.address, at: "2026-06-01T04:00:00")
        #expect(heard.exit == 5, "\(heard.errors)")
        #expect(heard.output.hasPrefix("delivered 40 messages by sms"))
        #expect(heard.errors == "error: no plan is valid on 2026-06-01\n")
        #expect(try posting.states() == "delivered \(PostingShop.members)\n")
        let quiet = try posting.run(
            "run", ["--quiet"], to: open.address, at: "2026-06-01T05:00:00")
        #expect(quiet.exit == 5 && quiet.output.isEmpty && quiet.errors.isEmpty)
        expectEachOnce(open, PostingShop.members)
    }
}
