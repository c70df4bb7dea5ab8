import Foundation
import PitchTestSupport

/// What the manifest declares, as the package manager reads it.
struct Manifest {
    /// The products, targets and system libraries that each target depends on.
    let dependencies: [String: [String]]

    private struct Package: Decodable {
        let targets: [Target]
    }

    private struct Target: Decodable {
        let name: String
        let dependencies: [[String: [JSONScalar?]]]
    }

    /// A name, or a condition, which no name is read from.
    private enum JSONScalar: Decodable {
        case name(String)
        case other

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            self = (try? container.decode(String.self)).map(Self.name) ?? .other
        }
    }

    /// - Throws: when the package manager fails, or answers in another form.
    init() throws {
        // With the scratch path of the package it would wait for the lock that `swift test` holds.
        let scratch = try TemporaryFolder()
        defer { scratch.remove() }
        let result = try BuiltCommand.run(
            "/usr/bin/env",
            [
                "swift", "package", "--scratch-path", scratch.url.path, "--package-path",
                Repository.root.path, "dump-package",
            ], in: Repository.root)
        let package = try JSONDecoder().decode(Package.self, from: Data(result.output.utf8))
        dependencies = Dictionary(
            uniqueKeysWithValues: package.targets.map { target in
                let names = target.dependencies.flatMap(\.values).compactMap { parts -> String? in
                    guard case .name(let name)?? = parts.first else { return nil }
                    return name
                }
                return (target.name, names)
            })
    }
}
