import Foundation
import PitchChecker
import PitchSchema
import PitchSource
import PitchStore
import PitchSyntax

/// The files of one program as trees: the script, what it imports, and what was entered at the
/// prompt.
struct Script {
    private(set) var trees: [SyntaxTree] = []
    /// Imports that cannot be read or go round in a circle.
    private(set) var faults: [Diagnostic] = []
    private var known: Set<String> = []
    /// The names that entries at the prompt declare, with their trees' indices.
    private var entries: [String: Int] = [:]

    init() {}

    /// - Throws: when the script itself cannot be read.
    init(path: String) throws(WorkspaceError) {
        guard let bytes = FileManager.default.contents(atPath: path) else {
            throw WorkspaceError(.world, "could not read '\(path)': \(Self.obstacle(path))")
        }
        read(SourceFile(name: path, bytes: Array(bytes)), chain: [Self.identity(path)])
    }

    /// Why a file cannot be read.
    private static func obstacle(_ path: String) -> String {
        var status = stat()
        if stat(path, &status) != 0 { return reason(errno) }
        if status.st_mode & S_IFMT == S_IFDIR { return "it is a folder" }
        if status.st_mode & S_IFMT != S_IFREG { return "it is not a file" }
        return access(path, R_OK) == 0 ? "it cannot be opened" : reason(errno)
    }

    /// `permission denied`
    private static func reason(_ code: Int32) -> String {
        String(cString: strerror(code)).lowercased()
    }

    private mutating func read(_ file: SourceFile, chain: [String]) {
        let tree = parse(file, index: trees.count)
        trees.append(tree)
        if let identity = chain.last { known.insert(identity) }
        for imported in importPaths(of: tree) {
            let path = Self.path(imported.path, besides: file.name)
            let identity = Self.identity(path)
            if let start = chain.firstIndex(of: identity) {
                let circle = (chain[start...] + [identity]).map { $0.lastComponent }
                faults.append(importCycle(circle, at: imported.range))
            } else if !known.contains(identity) {
                guard trees.count < importLimit else {
                    faults.append(tooManyImports(at: imported.range))
                    return
                }
                guard let bytes = FileManager.default.contents(atPath: path) else {
                    faults.append(
                        Diagnostic(
                            .unreadableImport, "cannot read the imported file '\(imported.path)'",
                            at: imported.range))
                    continue
                }
                read(SourceFile(name: path, bytes: Array(bytes)), chain: chain + [identity])
            }
        }
    }

    private static func path(_ path: String, besides file: String) -> String {
        if path.hasPrefix("/") { return path }
        let folder = file.folder
        return folder.isEmpty ? path : folder + "/" + path
    }

    /// One name for one file, however it is written.
    private static func identity(_ path: String) -> String {
        URL(fileURLWithPath: path).standardizedFileURL.resolvingSymlinksInPath().path
    }

    func check() -> Checked {
        PitchChecker.check(trees) { ZoneRules.named($0) }
    }

    /// The SHA-256 of the words of all files, in hexadecimal figures: layout and comments do not
    /// change it.
    var fingerprint: String {
        var words: [UInt8] = []
        for tree in trees {
            tree.root.forEachToken { token in
                let text = tree.text(of: token)
                if text.allSatisfy(\.isWhitespace) { return }
                words += Array(text.utf8) + [0x1F]
            }
            words.append(0x1E)
        }
        return SHA256.digest(words).map { String(format: "%02x", $0) }.joined()
    }

    /// With an entry of the prompt, which takes the place of one that declares the same name.
    func adding(_ text: String) -> (script: Script, index: Int) {
        var script = self
        var index = trees.count
        let file = SourceFile(name: "<prompt>", text: text)
        var tree = parse(file, index: index)
        if let name = Self.declaredName(tree) {
            if let place = entries[name] {
                index = place
                tree = parse(file, index: index)
            }
            script.entries[name] = index
        }
        if index < script.trees.count {
            script.trees[index] = tree
        } else {
            script.trees.append(tree)
        }
        return (script, index)
    }

    private static func declaredName(_ tree: SyntaxTree) -> String? {
        for child in tree.root.children {
            guard case .node(let node) = child.element, node.kind == .declaration,
                let name = node.node("name")
            else { continue }
            return tree.text(of: name)
        }
        return nil
    }
}

extension String {
    /// Of a path; empty when it names a file of the working folder.
    var folder: String {
        guard let slash = lastIndex(of: "/") else { return "" }
        return slash == startIndex ? "/" : String(self[..<slash])
    }

    fileprivate var lastComponent: String {
        lastIndex(of: "/").map { String(self[index(after: $0)...]) } ?? self
    }
}
