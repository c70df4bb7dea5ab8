import ArgumentParser
import Foundation

/// Benchmarks. Figures are CPU seconds of whole processes, medians over rounds with their spread,
/// beside a named peer that does the like on the same data in the same run.
@main
struct PitchBench: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Measure Pitch beside a peer, on data that it generates.",
        subcommands: [
            ShopBench.self, CheckBench.self, DeliverBench.self, QueueMessages.self,
            SceneBench.self, WatchScenes.self, ColumnarBench.self, ZoneBench.self, LoadBench.self,
            PeersBench.self, AnswerQueries.self, SteadyMemory.self, AllocateBench.self,
            AllocatePeersBench.self, AnswerAllocations.self,
        ])
}

/// One line of a result.
struct Figure {
    let name: String
    let value: String
    let note: String

    static func print(_ figures: [Figure]) {
        let width = figures.map(\.name.count).max() ?? 0
        let values = figures.map(\.value.count).max() ?? 0
        for figure in figures {
            let name = figure.name.padding(to: width)
            Swift.print("\(name)  \(figure.value.padding(to: values))  \(figure.note)")
        }
    }
}

extension String {
    func padding(to width: Int) -> String {
        self + String(repeating: " ", count: max(0, width - count))
    }
}

extension Encodable {
    /// Indented, with the members of objects in order.
    func json() throws -> String {
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        return String(decoding: try encoder.encode(self), as: UTF8.self)
    }
}
