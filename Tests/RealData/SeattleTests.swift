import Foundation
import PitchEngine
import PitchTestSupport
import Testing

/// The coffee chain of the examples moves to Seattle: with all its scenes it runs on every day of
/// 2016 under the weather of that year, and what the weather came to for each member is compared
/// with Python that reads the same files.
@Suite struct SeattleTests {
    static let data = Golden.root.appending(path: "../shared/data/weather")
    static let isPresent = FileManager.default.fileExists(
        atPath: data.appending(path: "seattle.csv.gz").path)

    /// The outcome of each day, by member, by strategy.
    private typealias Answers = [String: [String: [String: String]]]

    @Test(.enabled(if: isPresent, "the weather of Seattle is not on this machine"))
    func everyDayOfTheLeapYear2016AgreesWithPython() throws {
        let folder = try chain()
        defer { try? FileManager.default.removeItem(at: folder) }
        try python(["year.py", "2015-12-31 18:00"], in: folder)
        _ = try workspace(folder, "2015-12-31 18:00").run()
        for day in daysOf2016 {
            // The data comes a month at a time: most of it is dated later than the cycle.
            if let end = daysOf2016.last(where: { $0.prefix(7) == day.prefix(7) }),
                day.hasSuffix("-01")
            {
                try python(["year.py", end + " 23:59"], in: folder)
            }
            let report = try workspace(folder, day + " 18:00").run()
            #expect(report.emptyPlaces == [])
            #expect(report.outcomes["failed"] == nil)
        }
        let end = try workspace(folder, "2016-12-31 18:00")
        let answers = try answers(in: folder)
        for (strategy, members) in answers {
            for (member, days) in members {
                let found = try outcomes(of: member, in: strategy, end)
                #expect(found == days, "\(member) \(strategy)")
            }
        }
        let rain = answers["season.rainy"]?.values.flatMap(\.values) ?? []
        print("outcomes of rain:", Dictionary(rain.map { ($0, 1) }, uniquingKeysWith: +))
        #expect(Set(rain).count == 5)
        let strategies = try end.status().plans.flatMap(\.strategies)
        #expect(strategies.filter { $0.outcomes["issued"] == nil }.map(\.name) == ["sky.damp"])
    }

    private func answers(in folder: URL) throws -> Answers {
        let script = Self.root("Tests/RealData/seattle.py").path
        let weather = Self.data.appending(path: "seattle.csv.gz").path
        return try JSONDecoder().decode(
            Answers.self, from: try python([script, weather, "data", "2016"], in: folder))
    }

    /// The example with the places, days and weather of another city.
    private func chain() throws -> URL {
        let folder = FileManager.default.temporaryDirectory
            .appending(path: "pitch-seattle-\(UUID().uuidString)")
        try FileManager.default.copyItem(at: Self.root("examples/coffee-chain"), to: folder)
        try FileManager.default.createSymbolicLink(
            at: folder.appending(path: "weather"),
            withDestinationURL: Self.data.standardizedFileURL)
        try rewrite(
            folder.appending(path: "year.py"),
            [
                ("datetime(2025, 4, 1)", "datetime(2015, 12, 31)"), ("(\"2026-", "(\"2016-"),
                ("\"Shanghai\"", "\"Seattle\""),
            ])
        let script = folder.appending(path: "coffee.pitch")
        let text = try String(contentsOf: script, encoding: .utf8)
        let start = try #require(text.range(of: "events weather from"))
        let end = try #require(text[start.lowerBound...].range(of: "\n}\n\n"))
        let sky = try String(contentsOf: Self.root("Tests/RealData/seattle.pitch"), encoding: .utf8)
        try rewrite(
            script,
            [
                (String(text[start.lowerBound..<end.upperBound]), sky),
                ("Asia/Shanghai", "America/Los_Angeles"),
                ("2026-04-01 to 2026-06-30", "2015-12-31 to 2016-12-31"),
            ])
        return folder
    }

    private func rewrite(_ file: URL, _ changes: [(String, String)]) throws {
        var text = try String(contentsOf: file, encoding: .utf8)
        for (old, new) in changes {
            try #require(text.contains(old))
            text = text.replacing(old, with: new)
        }
        try text.write(to: file, atomically: true, encoding: .utf8)
    }

    private static func root(_ path: String) -> URL { Golden.root.appending(path: path) }

    private var daysOf2016: [String] {
        let lengths = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        return lengths.enumerated().flatMap { month, length in
            (1...length).map { String(format: "2016-%02d-%02d", month + 1, $0) }
        }
    }

    private func workspace(_ folder: URL, _ asOf: String) throws -> Workspace {
        let workspace = try Workspace(
            script: folder.appending(path: "coffee.pitch").path, asOf: asOf, clock: 0)
        #expect(workspace.diagnostics.filter { $0.severity == .error }.map(\.message) == [])
        return workspace
    }

    /// By day.
    private func outcomes(
        of member: String, in strategy: String, _ workspace: Workspace
    ) throws -> [String: String] {
        guard case .strategy(_, let outcomes, _) = try workspace.why(member, strategy) else {
            return ["": "no strategy"]
        }
        return Dictionary(outcomes.map { (String($0.occurrence.suffix(10)), $0.outcome) }) {
            "\($0) and \($1)"
        }
    }

    @discardableResult
    private func python(_ arguments: [String], in folder: URL) throws -> Data {
        let python = Process()
        let output = Pipe()
        python.executableURL = URL(filePath: "/usr/bin/env")
        python.arguments = ["python3", "-B"] + arguments
        python.currentDirectoryURL = folder
        python.standardOutput = output
        try python.run()
        let text = output.fileHandleForReading.readDataToEndOfFile()
        python.waitUntilExit()
        #expect(python.terminationStatus == 0)
        return text
    }
}
