import Foundation
import PitchOptimizer

/// The limits of a file; see `allocate --help`.
struct AllocationLimits: Decodable {
    struct Row {
        let name: String
        let row: CellRow
    }

    private struct Limit: Decodable {
        let kind: String
        let name: String?
        let segment: String?
        let offer: String?
        let offers: [String]?
        let atMost: Double?
        let atLeast: Double?
        let worthMinor: Double?
    }

    private let limits: [Limit]

    init(path: String) throws {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        self = try decoder.decode(Self.self, from: Data(contentsOf: URL(filePath: path)))
    }

    /// - Throws: `BenchError` for a limit of something that is not there.
    func rows(of instance: AllocationInstance) throws -> [Row] {
        try limits.enumerated().flatMap { index, limit in
            let name = limit.name ?? "\(limit.kind) \(index + 1)"
            return try rows(of: limit, instance).map { Row(name: name, row: $0) }
        }
    }

    private func rows(of limit: Limit, _ instance: AllocationInstance) throws -> [CellRow] {
        func place(_ name: String?, among names: [String]) throws -> Int {
            guard let name, let place = names.firstIndex(of: name) else {
                throw BenchError.wrong("there is no '\(name ?? "")' that '\(limit.kind)' is of")
            }
            return place
        }
        func bound(_ number: Double?, isWhole: Bool = true) throws -> Double {
            guard let number, !isWhole || Int64(exactly: number) != nil else {
                throw BenchError.wrong("'\(limit.kind)' needs a number that fits it")
            }
            return number
        }
        let segment = { try place(limit.segment, among: instance.segments) }
        switch limit.kind {
        case "budget":
            return [
                .budget(
                    Int64(try bound(limit.atMost)),
                    segment: limit.segment == nil ? nil : try segment())
            ]
        case "stock":
            return [
                .stock(
                    Int(try bound(limit.atMost)),
                    of: try place(limit.offer, among: instance.offers))
            ]
        case "capacity":
            let offers = try (limit.offers ?? []).map { try place($0, among: instance.offers) }
            return [.capacity(Int(try bound(limit.atMost)), of: offers)]
        case "coverage":
            return [.coverageFloor(Int(try bound(limit.atLeast)), of: try segment())]
        case "return":
            return [
                .returnFloor(
                    try bound(limit.atLeast, isWhole: false),
                    worthMinor: try bound(limit.worthMinor, isWhole: false))
            ]
        case "rate_gap":
            let segments = try Segments(
                count: max(1, instance.segments.count), ofMember: instance.segmentOfMember)
            return CellRow.rateGap(
                try bound(limit.atMost, isWhole: false), of: try segment(), in: segments)
        default: throw BenchError.wrong("there is no limit of kind '\(limit.kind)'")
        }
    }
}
