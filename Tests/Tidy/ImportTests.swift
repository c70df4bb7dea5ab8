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
    "PitchColumnar": ["PitchSource", "PitchSchema", "PitchProgram", "CKernels", "Dispatch"],
    "PitchOptimizer": ["Dispatch"],
    "PitchStore": [
        "PitchSource", "PitchSchema", "PitchProgram", "PitchColumnar", "CCsv", "CZlib", "GRDB",
        "GRDBSQLite", "Foundation",
    ],
    "PitchDelivery": ["PitchSchema", "CCurl", "Foundation"],
    "PitchReport": [],
    "PitchEngine": [
        "PitchSource", "PitchSchema", "PitchSyntax", "PitchProgram", "PitchChecker",
        "PitchEvaluator", "PitchColumnar", "PitchOptimizer", "PitchStore", "PitchDelivery",
        "Foundation",
    ],
    "pitch": [
        "PitchEngine", "PitchFormat", "PitchReport", "PitchSource", "PitchSchema", "CReadline",
        "ArgumentParser", "Foundation",
    ],
    "PitchBench": allTargets.union(["PitchTestSupport", "ArgumentParser", "Foundation"]),
    "PitchTestSupport": [
        "PitchSource", "PitchSchema", "PitchSyntax", "PitchProgram", "PitchChecker",
        "PitchEvaluator", "PitchColumnar", "PitchStore", "PitchEngine", "Foundation", "Testing",
    ],
]

private let allTargets: Set<String> = [
    "PitchSource", "PitchSchema", "PitchSyntax", "PitchFormat", "PitchProgram", "PitchChecker",
    "PitchEvaluator", "PitchColumnar", "PitchOptimizer", "PitchStore", "PitchReport",
    "PitchDelivery", "PitchEngine",
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

    @Test("the manifest declares no dependency that the table forbids")
    func manifestFollowsTheTable() throws {
        let manifest = try Manifest()
        for target in Repository.targets {
            let allowed = try #require(allowedImports[target])
            let declared = try #require(
                manifest.dependencies[target], "Package.swift declares no target '\(target)'")
            let forbidden = declared.filter { !allowed.contains($0) }
            #expect(forbidden.isEmpty, "\(target) depends on \(forbidden)")
        }
    }

    @Test("the table has no row for a target that is gone")
    func tableHasNoDeadRow() {
        for target in allowedImports.keys {
            #expect(Repository.targets.contains(target), "'\(target)' is in the table only")
        }
    }
}
