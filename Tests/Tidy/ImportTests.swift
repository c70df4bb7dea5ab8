import Foundation
import Testing

/// The table of `Sources/README.md`: what each target may import, beside the standard library.
private let allowedImports: [String: Set<String>] = [
    "PitchSource": ["CUtf8proc"],
    "PitchSchema": ["PitchSource"],
    "PitchSyntax": ["PitchSource", "PitchSchema"],
    "PitchFormat": ["PitchSource", "PitchSchema", "PitchSyntax"],
    "PitchProgram": ["PitchSource", "PitchSchema"],
    "PitchChecker": ["PitchSource", "PitchSchema", "PitchSyntax", "PitchProgram"],
    "PitchEvaluator": ["PitchSource", "PitchSchema", "PitchProgram"],
    "PitchColumnar": ["PitchSource", "PitchSchema", "PitchProgram"],
    "PitchStore": [
        "PitchSource", "PitchSchema", "PitchProgram", "PitchColumnar", "CZlib", "GRDB",
        "GRDBSQLite", "Foundation",
    ],
    "PitchEngine": [
        "PitchSource", "PitchSchema", "PitchSyntax", "PitchProgram", "PitchChecker",
        "PitchEvaluator", "PitchColumnar", "PitchStore", "Foundation",
    ],
    "pitch": [
        "PitchEngine", "PitchFormat", "PitchSource", "PitchSchema", "CReadline", "ArgumentParser",
        "Foundation",
    ],
    "PitchBench": allTargets.union(["PitchTestSupport", "ArgumentParser", "Foundation"]),
    "PitchTestSupport": [
        "PitchSource", "PitchSchema", "PitchSyntax", "PitchProgram", "PitchChecker",
        "PitchEvaluator", "PitchColumnar", "PitchStore", "PitchEngine", "Foundation", "Testing",
    ],
]

private let allTargets: Set<String> = [
    "PitchSource", "PitchSchema", "PitchSyntax", "PitchFormat", "PitchProgram", "PitchChecker",
    "PitchEvaluator", "PitchColumnar", "PitchStore", "PitchEngine",
]

/// What every target may use: the C library, for `free` and `memcpy`.
private let everywhere: Set<String> = ["Glibc", "Synchronization"]

@Suite("Imports")
struct ImportTests {
    @Test("every target imports only what the table allows", arguments: Repository.targets)
    func importsFollowTheTable(target: String) throws {
        let allowed = try #require(
            allowedImports[target], "'\(target)' has no row in the import table")
        for file in Repository.swiftFiles(in: "Sources/\(target)") {
            for (number, module) in file.imports {
                #expect(
                    allowed.contains(module) || everywhere.contains(module),
                    "\(file.path):\(number): '\(target)' may not import '\(module)'")
            }
        }
    }

    @Test("the manifest declares no dependency that the table forbids", arguments: Repository.targets)
    func manifestFollowsTheTable(target: String) throws {
        let allowed = try #require(allowedImports[target])
        let manifest = try #require(Repository.file("Package.swift")).text
        let declared = try #require(
            Manifest.dependencies(of: target, in: manifest),
            "Package.swift declares no target '\(target)'")
        #expect(!declared.contains { !allowed.contains($0) }, "\(target) depends on \(declared)")
    }

    @Test("the table has no row for a target that is gone")
    func tableHasNoDeadRow() {
        for target in allowedImports.keys {
            #expect(Repository.targets.contains(target), "'\(target)' is in the table only")
        }
    }
}

/// Reads the dependencies of a target from the manifest's text: quoted names between its
/// `dependencies:` and the closing bracket.
enum Manifest {
    static func dependencies(of target: String, in manifest: String) -> [String]? {
        for marker in [".target(", ".executableTarget("] {
            for part in manifest.components(separatedBy: marker).dropFirst() {
                let head = part.drop { $0.isWhitespace }
                guard head.hasPrefix("name: \"\(target)\"") else { continue }
                return names(in: String(head))
            }
        }
        return nil
    }

    private static func names(in declaration: String) -> [String] {
        guard let open = declaration.range(of: "dependencies: [") else { return [] }
        var depth = 1
        var list = ""
        for character in declaration[open.upperBound...] {
            if character == "[" { depth += 1 }
            if character == "]" { depth -= 1 }
            if depth == 0 { break }
            list.append(character)
        }
        // `package: "…"` names where a product comes from, which is no import.
        let quoted = list.replacing(#/package: "[^"]*"/#, with: "").split(
            separator: "\"", omittingEmptySubsequences: false)
        return quoted.enumerated().filter { $0.offset % 2 == 1 }.map { String($0.element) }
    }
}
