import PitchSource

/// A document that can be laid out in several ways: in one line where it fits, otherwise broken at
/// its lines (Wadler 2003, "A prettier printer").
indirect enum Layout: Sendable {
    case text(String)
    /// A comment that runs to the end of its line; a `hardLine` follows.
    case trailingComment(String)
    /// A blank, or a line end where its group does not fit.
    case line
    /// Nothing, or a line end where its group does not fit.
    case softLine
    case hardLine
    case sequence([Layout])
    /// Lines inside begin four blanks deeper.
    case nested(Layout)
    case group(Layout)

    static let empty = Layout.sequence([])
}

/// Lays a document out in at most `width` columns where its groups allow.
struct LayoutPrinter {
    static let width = 100

    private struct Line {
        var code = ""
        var comment: String?
    }

    private struct Frame {
        let indent: Int
        let isFlat: Bool
        let layout: Layout
    }

    private var lines = [Line()]
    private var column = 0
    private var pendingIndent = 0

    static func text(of layout: Layout) -> String {
        var printer = LayoutPrinter()
        printer.print(layout)
        return printer.joined()
    }

    private mutating func print(_ layout: Layout) {
        var stack = [Frame(indent: 0, isFlat: false, layout: layout)]
        while let frame = stack.popLast() {
            switch frame.layout {
            case .text(let text): write(text)
            case .trailingComment(let text): lines[lines.count - 1].comment = text
            case .line where frame.isFlat: write(" ")
            case .softLine where frame.isFlat: break
            case .line, .softLine, .hardLine: newLine(frame.indent)
            case .sequence(let parts):
                for part in parts.reversed() {
                    stack.append(
                        Frame(indent: frame.indent, isFlat: frame.isFlat, layout: part))
                }
            case .nested(let inner):
                stack.append(
                    Frame(indent: frame.indent + 4, isFlat: frame.isFlat, layout: inner))
            case .group(let inner):
                let flat = Frame(indent: frame.indent, isFlat: true, layout: inner)
                let fits = frame.isFlat || fits(flat, before: stack)
                stack.append(Frame(indent: frame.indent, isFlat: fits, layout: inner))
            }
        }
    }

    private mutating func write(_ text: String) {
        guard !text.isEmpty else { return }
        if lines[lines.count - 1].code.isEmpty, text != " " {
            lines[lines.count - 1].code = String(repeating: " ", count: pendingIndent)
            column = pendingIndent
        }
        lines[lines.count - 1].code += text
        if let end = text.lastIndex(of: "\n") {
            column = UnicodeText.width(String(text[text.index(after: end)...]))
        } else {
            column += UnicodeText.width(text)
        }
    }

    private mutating func newLine(_ indent: Int) {
        lines.append(Line())
        pendingIndent = indent
        column = indent
    }

    /// Whether a flat document, and what follows it up to the next line end, fits the line.
    private func fits(_ frame: Frame, before rest: [Frame]) -> Bool {
        var room = Self.width - column
        var stack = [frame]
        var remaining = rest.count
        while room >= 0 {
            if stack.isEmpty {
                guard remaining > 0 else { return true }
                remaining -= 1
                stack.append(rest[remaining])
            }
            guard let next = stack.popLast() else { return true }
            switch next.layout {
            case .text(let text):
                if let end = text.firstIndex(of: "\n") {
                    return UnicodeText.width(String(text[..<end])) <= room
                }
                room -= UnicodeText.width(text)
            case .trailingComment: return true
            case .line where next.isFlat: room -= 1
            case .softLine where next.isFlat: break
            case .hardLine where next.isFlat: return false
            case .line, .softLine, .hardLine: return true
            case .sequence(let parts):
                for part in parts.reversed() {
                    stack.append(Frame(indent: 0, isFlat: next.isFlat, layout: part))
                }
            case .nested(let inner), .group(let inner):
                stack.append(Frame(indent: 0, isFlat: next.isFlat, layout: inner))
            }
        }
        return false
    }

    /// The lines; comments of neighbouring lines begin in one column.
    private func joined() -> String {
        var result = ""
        var index = 0
        while index < lines.count {
            var end = index
            while end < lines.count, lines[end].comment != nil { end += 1 }
            let column =
                lines[index..<end].map { Self.lastLineWidth($0.code) }.max().map { $0 + 2 } ?? 0
            for line in lines[index..<end] {
                let padding = column - Self.lastLineWidth(line.code)
                result += line.code + String(repeating: " ", count: padding)
                result += (line.comment ?? "") + "\n"
            }
            if end == index {
                result += Self.trimmed(lines[index].code) + "\n"
                end += 1
            }
            index = end
        }
        return result
    }

    private static func lastLineWidth(_ code: String) -> Int {
        guard let end = code.lastIndex(of: "\n") else { return UnicodeText.width(code) }
        return UnicodeText.width(String(code[code.index(after: end)...]))
    }

    private static func trimmed(_ code: String) -> Substring {
        var code = code[...]
        while code.last == " " { code.removeLast() }
        return code
    }
}
