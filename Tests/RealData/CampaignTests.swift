import Foundation
import PitchEngine
import PitchOptimizer
import PitchTestSupport
import Testing

/// The 27 campaigns of The Complete Journey, imported as history.
@Suite struct CampaignTests {
    /// A folder with the script, the history that is made of the campaigns, and the data.
    private static func project() throws -> (folder: URL, said: String) {
        let folder = FileManager.default.temporaryDirectory
            .appending(path: "pitch-campaigns-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try FileManager.default.createSymbolicLink(
            at: folder.appending(path: "data"),
            withDestinationURL: JourneyTests.data.standardizedFileURL)
        let tests = Golden.root.appending(path: "Tests/RealData")
        try FileManager.default.copyItem(
            at: tests.appending(path: "campaigns.pitch"),
            to: folder.appending(path: "campaigns.pitch"))
        let python = Process()
        let output = Pipe()
        python.executableURL = URL(filePath: "/usr/bin/env")
        python.arguments = [
            "python3", "-B", tests.appending(path: "campaigns.py").path, JourneyTests.data.path,
            folder.appending(path: "campaigns.csv").path,
        ]
        python.standardOutput = output
        try python.run()
        let said = output.fileHandleForReading.readDataToEndOfFile()
        python.waitUntilExit()
        try #require(python.terminationStatus == 0)
        return (folder, String(decoding: said, as: UTF8.self))
    }

    private static func results(in folder: URL) throws -> [CampaignResult] {
        let text = try String(
            contentsOf: folder.appending(path: "campaigns.csv"), encoding: .utf8)
        return text.split(whereSeparator: \.isNewline).dropFirst().map { line in
            let cells = line.split(separator: ",", omittingEmptySubsequences: false)
                .map(String.init)
            return CampaignResult(
                campaign: Int(cells[0]) ?? 0, kind: cells[2],
                faceMinor: Double(cells[4]).map { Int64(($0 * 100).rounded()) },
                issued: Int(cells[5]) ?? 0, converted: Int(cells[6]) ?? 0)
        }
    }

    /// Each campaign is predicted from the others by its type and its face; then a theme is
    /// optimised for a budget.
    @Test(.enabled(if: JourneyTests.isPresent, "the completejourney files are not on this machine"))
    func campaignsAreForeseenFromTheOthersAndAThemeIsOptimised() throws {
        let (folder, said) = try Self.project()
        defer { try? FileManager.default.removeItem(at: folder) }
        try foresee(folder, said)
        try optimise(folder)
    }

    private func foresee(_ folder: URL, _ said: String) throws {
        #expect(said.contains("matched 1096, unmatched 1006"))
        #expect(said.contains("campaigns without a face: 24\n"))
        let results = try Self.results(in: folder)
        #expect(results.count == 27)
        var inside = 0
        var (error, errorOfMean) = (0.0, 0.0)
        for result in results {
            let others = results.filter { $0.campaign != result.campaign }
            let model = try ResponseModel(history: others)
            let prediction = model.prediction(
                kind: result.kind, faceMinor: result.faceMinor, members: result.issued)
            if prediction.converted.contains(result.converted) { inside += 1 }
            let actual = Double(result.converted) / Double(result.issued)
            let mean = Double(others.reduce(0) { $0 + $1.converted })
                / Double(others.reduce(0) { $0 + $1.issued })
            error += abs(prediction.conversion - actual) / 27
            errorOfMean += abs(mean - actual) / 27
        }
        #expect(inside >= 22, "\(inside) of 27 inside their interval")
        #expect(error < errorOfMean, "\(error) \(errorOfMean)")
    }

    private func optimise(_ folder: URL) throws {
        func workspace() throws -> Workspace {
            let script = folder.appending(path: "campaigns.pitch").path
            return try Workspace(script: script, asOf: "2018-01-15 09:00", clock: 0)
        }
        let load = try workspace().load()
        #expect(load.quarantined == 0)
        let tried = try workspace().trial(of: "one")
        #expect(tried.notes == ["cash: 27 results, 1 without a face"])
        let numbers = try #require(tried.trials.first?.numbers)
        #expect(numbers.audience == 801)
        // Of all households of all campaigns 12 % redeemed; campaigns differ much.
        #expect((0.03...0.2).contains(numbers.conversion))
        #expect(numbers.conversionLow < 0.05 && numbers.conversionHigh > 0.12)
        let report = try workspace().optimize(theme: "groceries", for: "budget")
        #expect(report.end == .proven && report.imported == 27)
        let best = try #require(report.found.first)
        #expect(best.trial.numbers.costMinor <= 6000 && best.trial.numbers.costMinor > 4000)
        #expect(best.trial.numbers.conversion > 0.03)
        #expect(report.found.contains { $0.isFrontier })
    }
}
