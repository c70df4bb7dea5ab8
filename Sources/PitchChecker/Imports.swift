import PitchSource
import PitchSyntax

/// A file that a script imports.
package struct ImportedPath: Sendable {
    /// As written, relative to the importing file's folder.
    package let path: String
    package let range: SourceRange
}

/// The files that a tree imports, in the order of the script. The checker reads no files: the
/// caller parses each, once, gives it the next file number, and passes all trees to `check`.
package func importPaths(of tree: SyntaxTree) -> [ImportedPath] {
    tree.root.nodes.filter { $0.kind == .importItem }.compactMap { node in
        guard let token = node.leaf("path"), token.kind == .string else { return nil }
        return ImportedPath(
            path: StringText.content(of: tree.text(of: token)).text, range: token.range)
    }
}

/// How many files a program may have, and how deep imports may nest.
package let importLimit = Limits.imports

/// What to report when a file imports, through others, the file that imports it.
/// - Parameter chain: the files on the way, the first and the last the same.
package func importCycle(_ chain: [String], at range: SourceRange) -> Diagnostic {
    Diagnostic(
        .importCycle,
        "files import each other: \(chain.map { "'\($0)'" }.joined(separator: " → "))",
        at: range)
}

/// What to report when a program passes `importLimit`.
package func tooManyImports(at range: SourceRange) -> Diagnostic {
    Diagnostic(
        .tooManyImports, "a program has at most \(Limits.imports) files", at: range,
        help: "join some of them")
}
