import Foundation
import Testing

/// Compares text with a file below `Tests/Golden`. `UPDATE_GOLDEN=1` writes the files; a missing
/// one fails.
package enum Golden {
    package static let root = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    package static var folder: URL { root.appending(path: "Tests/Golden") }

    package static func check(
        _ actual: String, against name: String, sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let file = folder.appending(path: name)
        if ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] == "1" {
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try actual.write(to: file, atomically: true, encoding: .utf8)
            return
        }
        let expected = try? String(contentsOf: file, encoding: .utf8)
        #expect(
            actual == expected, "differs from Tests/Golden/\(name)", sourceLocation: sourceLocation)
    }

    /// The files of a folder below `Tests/Golden` with an extension, sorted by name.
    package static func inputs(_ subfolder: String, extension suffix: String) -> [URL] {
        let files = try? FileManager.default.contentsOfDirectory(
            at: folder.appending(path: subfolder), includingPropertiesForKeys: nil)
        return (files ?? []).filter { $0.pathExtension == suffix }.sorted { $0.path < $1.path }
    }
}

/// SplitMix64 (Steele, Lea, Flood 2014): the same numbers for the same seed on every machine.
package struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    package init(seed: UInt64) { state = seed }

    package mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
