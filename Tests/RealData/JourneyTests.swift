import Foundation
import PitchEngine
import PitchSchema
import PitchTestSupport
import Testing

/// The Complete Journey, loaded as published and compared with Python that reads the same files.
@Suite(.serialized) struct JourneyTests {
    /// The questions of `answers.py`, as a marketer writes them.
    static let questions: [(name: String, predicate: String)] = [
        ("baskets", "distinct(lines.basket_id in last 30 days) >= 3"),
        (
            "pastry",
            """
            count(lines this quarter where product.department = "PASTRY") > 0
            and count(lines this quarter where product.department = "MEAT") = 0
            """
        ),
        ("packaged", #"count(lines this quarter where product.department = "MEAT-PCKGD") > 0"#),
        ("silent", "age is missing"),
        ("spent", "sum(lines.amount in last 90 days) >= 500 USD"),
        ("lapsed", "last(lines.at) before 30 days ago"),
        ("average", "avg(lines.amount in last 30 days) > 3.50 USD"),
        ("dearest", "max(lines.amount since 2017-01-01) >= 50 USD"),
        ("redeemed", "count(redemptions in last 28 days) >= 1"),
        (
            "middle",
            #"income in ["35-49K", "50-74K"] and sum(lines.amount this month) > 100 USD"#
        ),
        ("hours", "count(lines in last 24 hours) > 0"),
        ("unknown", "count(lines where product.department is missing) >= 1"),
        ("zero", "count(lines last month where quantity = 0) >= 1"),
        ("streak", "streak(lines by week) >= 8"),
        ("second", "nth(lines.at, 200) before 60 days ago"),
        ("saved", "sum(lines.discount this year) >= 100 USD"),
        ("younger", #"age != "65+""#),
        (
            "own",
            #"count(lines in last 7 days where product.brand = "Private" and amount > 1 USD) >= 5"#
        ),
    ]

    struct Answers: Decodable {
        let households: Int
        let instants: [String]
        let counts: [String: [Int]]
        let replay: Replay
    }

    /// A plan, run once a day.
    struct Replay: Decodable {
        struct Day: Decodable {
            /// On the clock on the wall.
            let at: String
            let outcomes: [String: Int]
            let issued: Int
            /// What the coupons that are still open reserve, in cents.
            let reserved: Int64
        }
        let days: [Day]
        /// The outcomes of all days, by `plan.strategy`.
        let strategies: [String: [String: Int]]
    }

    static let data = Golden.root.appending(path: "../shared/data/completejourney")
    static let isPresent = FileManager.default.fileExists(
        atPath: data.appending(path: "transactions.csv.gz").path)

    @Test(.enabled(if: isPresent, "the completejourney files are not on this machine"))
    func aYearAndNinetyCyclesAgreeWithPython() throws {
        let folder = try Self.project()
        defer { try? FileManager.default.removeItem(at: folder) }
        let answers = try Self.answers()

        let first = try Self.workspace(folder, asOf: "2017-03-01 00:00")
        let load = try first.load()
        let lines = load.dataSets.first { $0.name == "lines" }
        #expect(lines?.new == 1_469_307)
        #expect(load.quarantined == 0)
        #expect(try first.count("true").total == answers.households)

        for (index, instant) in answers.instants.enumerated() {
            let workspace = try Self.workspace(folder, asOf: instant)
            for question in Self.questions {
                let count = try workspace.count(question.predicate).selected
                #expect(
                    count == answers.counts[question.name]?[index],
                    "\(question.name) as of \(instant)")
            }
        }
        try replay(answers.replay, in: folder)
    }

    /// The plan `winter` from New Year to the end of March, the day of 23 hours among them.
    private func replay(_ expected: Replay, in folder: URL) throws {
        #expect(expected.days.count == 90)
        for day in expected.days {
            let report = try Self.workspace(folder, asOf: day.at).run()
            #expect(report.outcomes == day.outcomes, "the cycle of \(day.at)")
            #expect(report.outcomes.values.reduce(0, +) == report.audience)
            #expect(report.issued == day.issued, "the cycle of \(day.at)")
            #expect(report.costs.map(\.reservedMinor) == [day.reserved], "as of \(day.at)")
        }
        let end = try #require(expected.days.last)
        let status = try Self.workspace(folder, asOf: end.at).status()
        let strategies = status.plans.flatMap(\.strategies).map { ($0.name, $0.outcomes) }
        #expect(Dictionary(uniqueKeysWithValues: strategies) == expected.strategies)
    }

    @Test(.enabled(if: isPresent, "the completejourney files are not on this machine"))
    func exactAmountsQuarantineTheRowsThatAreNone() throws {
        let folder = try Self.project { $0.replacing("sales_value rounded", with: "sales_value") }
        defer { try? FileManager.default.removeItem(at: folder) }
        let load = try Self.workspace(folder, asOf: "2017-03-01 00:00").load()
        #expect(load.quarantined == 20)
        #expect(load.exitCode == 4)
        #expect(load.dataSets.first { $0.name == "lines" }?.new == 1_469_287)
        #expect(load.reasons.allSatisfy { $0.field == "amount" && $0.value.contains("e-1") })
    }

    /// A folder with the script, and the data beside it.
    private static func project(
        _ change: (String) -> String = { $0 }
    ) throws -> URL {
        let folder = FileManager.default.temporaryDirectory
            .appending(path: "pitch-journey-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try FileManager.default.createSymbolicLink(
            at: folder.appending(path: "data"), withDestinationURL: data.standardizedFileURL)
        let script = try String(
            contentsOf: Golden.root.appending(path: "Tests/RealData/journey.pitch"), encoding: .utf8
        )
        try change(script).write(
            to: folder.appending(path: "journey.pitch"), atomically: true, encoding: .utf8)
        return folder
    }

    private static func workspace(_ folder: URL, asOf: String) throws -> Workspace {
        let workspace = try Workspace(
            script: folder.appending(path: "journey.pitch").path, asOf: asOf, clock: 0)
        #expect(workspace.diagnostics.filter { $0.severity == .error }.map(\.message) == [])
        return workspace
    }

    private static func answers() throws -> Answers {
        let python = Process()
        let output = Pipe()
        python.executableURL = URL(filePath: "/usr/bin/env")
        python.arguments = [
            "python3", "-B", Golden.root.appending(path: "Tests/RealData/answers.py").path,
            data.path,
        ]
        python.standardOutput = output
        try python.run()
        let json = output.fileHandleForReading.readDataToEndOfFile()
        python.waitUntilExit()
        return try JSONDecoder().decode(Answers.self, from: json)
    }
}
