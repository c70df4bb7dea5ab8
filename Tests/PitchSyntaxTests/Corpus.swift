import Foundation
import PitchSource
import PitchSyntax
import PitchTestSupport

/// The scripts that many suites read.
enum Corpus {
    /// The tour's whole script.
    static let tour: String = read("Tests/Golden/parser/tour.pitch")

    static func read(_ path: String) -> String {
        (try? String(contentsOf: Golden.root.appending(path: path), encoding: .utf8)) ?? ""
    }

    /// All scripts among the golden files and examples, by path; faulty ones too.
    static let scripts: [(path: String, text: String)] = {
        var result: [(path: String, text: String)] = []
        for folder in ["Tests/Golden", "examples"] {
            let root = Golden.root.appending(path: folder)
            let files = FileManager.default.enumerator(atPath: root.path)
            while let name = files?.nextObject() as? String {
                guard name.hasSuffix(".pitch") else { continue }
                let path = folder + "/" + name
                result.append((path, read(path)))
            }
        }
        return result.sorted { $0.path < $1.path }
    }()
}

/// The tree of a text.
func tree(_ text: String) -> SyntaxTree { parse(SourceFile(name: "test.pitch", text: text)) }

/// The codes of a text's diagnostics, in order.
func codes(_ text: String) -> [String] { tree(text).diagnostics.map(\.code.id) }

/// A tree as an indented outline.
func outline(_ tree: SyntaxTree) -> String {
    var lines: [String] = []
    func walk(_ element: SyntaxNode.Element, _ label: String?, _ indent: String) {
        let name = label.map { $0 + ": " } ?? ""
        switch element {
        case .token(let token):
            guard token.kind != .endOfFile else { return }
            lines.append(indent + name + tree.text(of: token))
        case .node(let node):
            let form = node.form.map { " #\($0.row).\($0.form)" } ?? ""
            lines.append(indent + name + node.kind.rawValue + form)
            for child in node.children { walk(child.element, child.label, indent + "  ") }
        }
    }
    walk(.node(tree.root), nil, "")
    return lines.joined(separator: "\n") + "\n"
}
