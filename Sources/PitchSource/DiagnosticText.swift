extension Diagnostic {
    /// `file:line:col: error[P101]: message`
    package func short(in sources: SourceSet) -> String {
        let place = Self.place(of: range, in: sources).map { $0 + ": " } ?? ""
        return place + headline
    }

    /// The message, the line with the place underlined, then notes, help and repairs; several
    /// lines, the last without a line end.
    package func long(in sources: SourceSet) -> String {
        var lines = [headline]
        lines += Excerpt.lines(of: range, in: sources, mark: "^")
        for note in notes {
            lines.append("note: \(note.message)")
            lines += Excerpt.lines(of: note.range, in: sources, mark: "-")
        }
        if let help { lines.append("help: \(help)") }
        for fixIt in fixIts { lines.append("fix: \(fixIt.message)") }
        return lines.joined(separator: "\n")
    }

    /// All in order, long or short, the first `limit` of them, and how many are not shown.
    package static func report(
        _ diagnostics: [Diagnostic], in sources: SourceSet, isLong: Bool = true, limit: Int = 20
    ) -> String {
        var parts = diagnostics.prefix(limit).map { diagnostic in
            isLong ? diagnostic.long(in: sources) : diagnostic.short(in: sources)
        }
        if diagnostics.count > limit {
            parts.append("and \(diagnostics.count - limit) more")
        }
        return parts.map { $0 + "\n" }.joined(separator: isLong ? "\n" : "")
    }

    private var headline: String { "\(severity.rawValue)[\(code.id)]: \(message)" }

    /// `file:line:column`; nil for what has no place.
    static func place(of range: SourceRange, in sources: SourceSet) -> String? {
        guard let file = sources.file(of: range) else { return nil }
        let place = file.place(of: Int(range.start))
        return "\(file.name):\(place.line):\(place.column)"
    }
}

/// A line of a script with a part of it underlined.
private struct Excerpt {
    /// Columns of a line that are shown; of a longer one the part around the mark.
    private static let widthLimit = 120

    static func lines(of range: SourceRange, in sources: SourceSet, mark: String) -> [String] {
        guard let file = sources.file(of: range),
            let place = Diagnostic.place(of: range, in: sources)
        else { return [] }
        let line = file.line(of: Int(range.start))
        let lineStart = file.lineStarts[line - 1]
        let start = Int(range.start)
        let lineEnd = lineStart + contentLength(of: line, in: file)
        let end = min(max(Int(range.end), start), max(lineEnd, start))
        let (before, isCut) = tail(of: shown(file.text(lineStart, start)))
        let marked = head(of: shown(file.text(start, end)), limit: widthLimit)
        let room = max(0, widthLimit - UnicodeText.width(before) - UnicodeText.width(marked))
        let after = head(of: shown(file.text(end, max(end, lineEnd))), limit: room)
        let number = String(line)
        let margin = String(repeating: " ", count: number.count)
        let indent = (isCut ? 1 : 0) + UnicodeText.width(before)
        let carets = String(repeating: mark, count: max(1, UnicodeText.width(marked)))
        return [
            "\(margin)--> \(place)",
            "\(margin) |",
            "\(number) | \(isCut ? "…" : "")\(before)\(marked)\(after)",
            "\(margin) | \(String(repeating: " ", count: indent))\(carets)",
        ]
    }

    /// Bytes of a line without its line end.
    private static func contentLength(of line: Int, in file: SourceFile) -> Int {
        let start = file.lineStarts[line - 1]
        var end = line < file.lineStarts.count ? file.lineStarts[line] - 1 : file.bytes.count
        if end > start, file.bytes[end - 1] == UInt8(ascii: "\r") { end -= 1 }
        return end - start
    }

    /// Tabs as four blanks, other control characters as U+FFFD, so that a script cannot steer the
    /// terminal.
    private static func shown(_ text: String) -> String {
        var result = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            if scalar == "\t" {
                result.append(contentsOf: "    ".unicodeScalars)
            } else {
                let isControl = scalar.properties.generalCategory == .control
                    || scalar.properties.generalCategory == .format
                result.append(isControl ? "\u{FFFD}" : scalar)
            }
        }
        return String(result)
    }

    private static func head(of text: String, limit: Int) -> String {
        var result = String.UnicodeScalarView()
        var width = 0
        for scalar in text.unicodeScalars {
            width += UnicodeText.width(String(Character(scalar)))
            if width > limit { break }
            result.append(scalar)
        }
        return String(result)
    }

    /// The end of what stands before the mark, and whether something was left out.
    private static func tail(of text: String) -> (String, Bool) {
        guard text.utf8.count > widthLimit / 2 else { return (text, false) }
        var result: [Unicode.Scalar] = []
        var width = 0
        for scalar in text.unicodeScalars.reversed() {
            width += UnicodeText.width(String(Character(scalar)))
            if width > widthLimit / 2 { break }
            result.append(scalar)
        }
        let isCut = result.count < text.unicodeScalars.count
        return (String(String.UnicodeScalarView(result.reversed())), isCut)
    }
}
