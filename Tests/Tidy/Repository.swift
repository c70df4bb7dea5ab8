import Foundation
import Testing

/// The working copy, as the tests read it.
enum Repository {
    static let root = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// Folders of `Sources` that hold Swift.
    static let targets: [String] = folders("Sources").filter {
        !swiftFiles(in: "Sources/\($0)").isEmpty
    }

    static let swiftFiles: [TextFile] = swiftFiles(in: "Sources") + swiftFiles(in: "Tests")

    static func folders(_ path: String) -> [String] {
        let entries = try? FileManager.default.contentsOfDirectory(
            at: root.appending(path: path), includingPropertiesForKeys: [.isDirectoryKey])
        return (entries ?? []).filter(\.hasDirectoryPath).map(\.lastPathComponent).sorted()
    }

    /// Paths below a folder, relative to the root, sorted.
    static func paths(in folder: String) -> [String] {
        let base = root.appending(path: folder)
        let walk = FileManager.default.enumerator(atPath: base.path)
        var paths: [String] = []
        while let path = walk?.nextObject() as? String {
            if walk?.fileAttributes?[.type] as? FileAttributeType == .typeRegular {
                paths.append("\(folder)/\(path)")
            }
        }
        return paths.sorted()
    }

    static func swiftFiles(in folder: String) -> [TextFile] {
        paths(in: folder).filter { $0.hasSuffix(".swift") }.compactMap(file)
    }

    static func file(_ path: String) -> TextFile? {
        guard let text = try? String(contentsOf: root.appending(path: path), encoding: .utf8)
        else { return nil }
        return TextFile(path: path, text: text)
    }
}

struct TextFile: Sendable, CustomTestStringConvertible {
    let path: String
    let text: String

    var testDescription: String { path }

    var lines: [String] {
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        if lines.last == "" { lines.removeLast() }
        return lines
    }

    /// Modules that the file imports, with the number of the line.
    var imports: [(line: Int, module: String)] {
        zip(1..., lines).compactMap { number, line in
            guard line.contains("import ") else { return nil }
            let pattern = #/^(?:@\w+ |package |public |internal |private )*import (?:\w+ )?([\w]+)/#
            return line.firstMatch(of: pattern).map { (number, String($0.1)) }
        }
    }
}
