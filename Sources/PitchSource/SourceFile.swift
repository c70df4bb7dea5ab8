/// One script as bytes, with the table of its lines. Offsets are UTF-8 bytes from 0.
package struct SourceFile: Sendable {
    /// The name shown in messages: the path as the user wrote it, or `<prompt>`.
    package let name: String
    package let bytes: [UInt8]
    /// Offset of the first byte of every line; never empty.
    package let lineStarts: [Int]

    package init(name: String, bytes: [UInt8]) {
        self.name = name
        self.bytes = bytes
        var starts = [0]
        for (offset, byte) in bytes.enumerated() where byte == UInt8(ascii: "\n") {
            starts.append(offset + 1)
        }
        lineStarts = starts
    }

    package init(name: String, text: String) {
        self.init(name: name, bytes: Array(text.utf8))
    }

    /// The text of a byte range; bytes that are not UTF-8 show as U+FFFD, and what lies outside
    /// the file is left out.
    package func text(_ start: Int, _ end: Int) -> String {
        let first = min(max(0, start), bytes.count)
        return String(decoding: bytes[first..<min(max(first, end), bytes.count)], as: UTF8.self)
    }

    /// Line and column of an offset, both from 1; the column counts Unicode scalars.
    package func place(of offset: Int) -> (line: Int, column: Int) {
        let line = self.line(of: offset)
        return (line, text(lineStarts[line - 1], offset).unicodeScalars.count + 1)
    }

    /// The line of an offset, from 1.
    package func line(of offset: Int) -> Int {
        var low = 0
        var high = lineStarts.count
        while high - low > 1 {
            let middle = (low + high) / 2
            if lineStarts[middle] <= offset { low = middle } else { high = middle }
        }
        return low + 1
    }

    /// A line's text without its line end; `line` is from 1.
    package func lineText(_ line: Int) -> String {
        let start = lineStarts[line - 1]
        var end = line < lineStarts.count ? lineStarts[line] - 1 : bytes.count
        if end > start, bytes[end - 1] == UInt8(ascii: "\r") { end -= 1 }
        return text(start, end)
    }
}

/// A half-open range of UTF-8 bytes in one file of a `SourceSet`.
package struct SourceRange: Hashable, Sendable {
    /// Index of the file in its `SourceSet`.
    package let file: Int32
    package let start: Int32
    package let end: Int32

    package init(file: Int, start: Int, end: Int) {
        self.file = Int32(clamping: file)
        self.start = Int32(clamping: start)
        self.end = Int32(clamping: end)
    }

    /// Stands for what has no place in a script: built-ins, and programs made by tests.
    package static let none = SourceRange(file: -1, start: 0, end: 0)

    package func through(_ other: SourceRange) -> SourceRange {
        SourceRange(
            file: Int(file), start: Int(min(start, other.start)), end: Int(max(end, other.end)))
    }
}

/// The files of one program: the script first, then what it imports.
package struct SourceSet: Sendable {
    package private(set) var files: [SourceFile] = []

    package init() {}

    package init(_ file: SourceFile) { files = [file] }

    /// Adds a file; the result is the index that `SourceRange.file` carries.
    package mutating func add(_ file: SourceFile) -> Int {
        files.append(file)
        return files.count - 1
    }

    package func file(of range: SourceRange) -> SourceFile? {
        files.indices.contains(Int(range.file)) ? files[Int(range.file)] : nil
    }

    package func text(of range: SourceRange) -> String {
        file(of: range)?.text(Int(range.start), Int(range.end)) ?? ""
    }
}
