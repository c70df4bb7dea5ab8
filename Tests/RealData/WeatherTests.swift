import Foundation
import PitchEngine
import PitchTestSupport
import Testing

/// Three years of weather in Seattle; every day of 2016 is run, and the days on which something
/// happens are compared with Python that reads the same file.
@Suite struct SeattleTests {
    static let data = Golden.root.appending(path: "../shared/data/weather")
    static let isPresent = FileManager.default.fileExists(
        atPath: data.appending(path: "seattle.csv.gz").path)

    @Test(.enabled(if: isPresent, "the weather of Seattle is not on this machine"))
    func everyDayOfTheLeapYear2016AgreesWithPython() throws {
        let folder = FileManager.default.temporaryDirectory
            .appending(path: "pitch-weather-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try FileManager.default.createSymbolicLink(
            at: folder.appending(path: "data"), withDestinationURL: Self.data.standardizedFileURL)
        try FileManager.default.copyItem(
            at: Golden.root.appending(path: "Tests/RealData/weather.pitch"),
            to: folder.appending(path: "weather.pitch"))
        try "member_id,city,phone\n1,Seattle,\n2,Portland,\n3,Seattle,\n".write(
            to: folder.appending(path: "members.csv"), atomically: true, encoding: .utf8)

        try run(folder, "2015-12-31 18:00")
        for day in daysOf2016 {
            let report = try run(folder, day + " 18:00")
            #expect(report.emptyPlaces == [])
            // Two of the three members live there; the strategies share the one row of the day.
            #expect(report.audience.isMultiple(of: 2))
            #expect(report.rowsRead == 1)
        }
        let answers = try answers()
        for member in ["1", "3"] {
            #expect(try outcomes(folder, of: member, in: "cold_rain") == answers["cold_rain"])
            #expect(try outcomes(folder, of: member, in: "downpour") == answers["downpour"])
        }
        #expect(try outcomes(folder, of: "2", in: "cold_rain") == [:])
        #expect(try outcomes(folder, of: "1", in: "damp") == [:])
    }

    private var daysOf2016: [String] {
        let lengths = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        return lengths.enumerated().flatMap { month, length in
            (1...length).map { String(format: "2016-%02d-%02d", month + 1, $0) }
        }
    }

    @discardableResult
    private func run(_ folder: URL, _ asOf: String) throws -> RunReport {
        try workspace(folder, asOf).run()
    }

    private func workspace(_ folder: URL, _ asOf: String) throws -> Workspace {
        let workspace = try Workspace(
            script: folder.appending(path: "weather.pitch").path, asOf: asOf, clock: 0)
        #expect(workspace.diagnostics.filter { $0.severity == .error }.map(\.message) == [])
        return workspace
    }

    /// The days of each outcome of a member.
    private func outcomes(
        _ folder: URL, of member: String, in strategy: String
    ) throws -> [String: [String]] {
        guard
            case .strategy(_, let outcomes, _) = try workspace(folder, "2017-01-01")
                .why(member, strategy)
        else { return ["no strategy": []] }
        return Dictionary(grouping: outcomes, by: \.outcome)
            .mapValues { $0.map { String($0.occurrence.suffix(10)) }.sorted() }
    }

    private func answers() throws -> [String: [String: [String]]] {
        let python = Process()
        let output = Pipe()
        python.executableURL = URL(filePath: "/usr/bin/env")
        python.arguments = [
            "python3", Golden.root.appending(path: "Tests/RealData/weather.py").path,
            Self.data.appending(path: "seattle.csv.gz").path, "2016",
        ]
        python.standardOutput = output
        try python.run()
        let json = output.fileHandleForReading.readDataToEndOfFile()
        python.waitUntilExit()
        return try JSONDecoder().decode([String: [String: [String]]].self, from: json)
    }
}
