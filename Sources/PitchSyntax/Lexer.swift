import PitchSource

/// A token with what the parser asks about it.
struct LexedToken {
    struct Marks: OptionSet {
        let rawValue: UInt8
        /// A line of nothing but blanks stands before it.
        static let afterBlankLine = Marks(rawValue: 1)
        static let startsColumnOne = Marks(rawValue: 2)
        /// Reported bytes stand before it, or it is itself reported; what it does to the syntax is
        /// a follow-up.
        static let afterFault = Marks(rawValue: 4)
    }

    let token: Token
    let keyword: Keyword?
    let marks: Marks
}

/// Splits a file, or a part of it, into tokens. Never fails: what it cannot read is reported and
/// becomes trivia.
struct Lexer {
    let bytes: UnsafeBufferPointer<UInt8>
    let fileIndex: Int
    let end: Int
    var position: Int
    var tokens: [LexedToken] = []
    var diagnostics: [Diagnostic] = []
    private let isASCII: Bool
    /// A fault ran to the end of its line: what is missing after it follows from that.
    var endedInFault = false
    /// The token that is being read is a reported stand-in for another.
    var isStandIn = false

    init(_ bytes: UnsafeBufferPointer<UInt8>, fileIndex: Int, range: Range<Int>) {
        self.bytes = bytes
        self.fileIndex = fileIndex
        position = range.lowerBound
        end = range.upperBound
        isASCII = bytes[range].allSatisfy { $0 < 0x80 }
        tokens.reserveCapacity(range.count / 5 + 1)
    }

    /// Reads everything; the last token is the end of the file.
    mutating func run() {
        if !isASCII { checkEncoding() }
        var triviaStart = position
        while true {
            var marks: LexedToken.Marks = []
            let startsLine = skipTrivia(&marks) || tokens.isEmpty
            if endedInFault { marks.insert(.afterFault) }
            endedInFault = false
            let start = position
            if start == 0 || bytes[start - 1] == UInt8(ascii: "\n") {
                marks.insert(.startsColumnOne)
            }
            guard start < end else {
                add(.endOfFile, start, triviaStart, startsLine: startsLine, nil, marks)
                return
            }
            isStandIn = false
            let (kind, keyword) = scan()
            if isStandIn { marks.insert(.afterFault) }
            add(kind, start, triviaStart, startsLine: startsLine, keyword, marks)
            triviaStart = position
        }
    }

    private mutating func add(
        _ kind: Token.Kind, _ start: Int, _ triviaStart: Int, startsLine: Bool,
        _ keyword: Keyword?, _ marks: LexedToken.Marks
    ) {
        let token = Token(
            kind, range(start, position), triviaStart: Int32(clamping: triviaStart),
            startsLine: startsLine)
        tokens.append(LexedToken(token: token, keyword: keyword, marks: marks))
    }

    func range(_ start: Int, _ end: Int) -> SourceRange {
        SourceRange(file: fileIndex, start: start, end: end)
    }

    /// The byte `offset` bytes ahead; 0 beyond the end.
    func byte(_ offset: Int = 0) -> UInt8 {
        position + offset < end ? bytes[position + offset] : 0
    }

    func text(_ start: Int, _ end: Int) -> String {
        String(decoding: bytes[start..<end], as: UTF8.self)
    }

    // MARK: - Trivia

    /// Skips blanks, comments and bytes that begin no token; whether it passed a line end.
    private mutating func skipTrivia(_ marks: inout LexedToken.Marks) -> Bool {
        var sawNewline = false
        var lineIsBlank = false
        while position < end {
            switch bytes[position] {
            case UInt8(ascii: "\n"):
                if lineIsBlank { marks.insert(.afterBlankLine) }
                sawNewline = true
                lineIsBlank = true
                position += 1
            case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"):
                position += 1
            case UInt8(ascii: "#"):
                lineIsBlank = false
                while position < end, bytes[position] != UInt8(ascii: "\n") { position += 1 }
            case 0xEF where position == 0 && byte(1) == 0xBB && byte(2) == 0xBF:
                position += 3
            default:
                guard let length = strangeLength() else { return sawNewline }
                lineIsBlank = false
                marks.insert(.afterFault)
                reportStrange(length)
            }
        }
        return sawNewline
    }

    /// The length of the run of bytes here that begin no token; nil if a token begins.
    private func strangeLength() -> Int? {
        var length = 0
        while position + length < end, length < 64 {
            guard let size = strangeSize(at: position + length) else { break }
            length += size
        }
        return length == 0 ? nil : length
    }

    /// The size of a scalar that begins no token and is no blank; nil otherwise.
    private func strangeSize(at offset: Int) -> Int? {
        let byte = bytes[offset]
        if byte < 0x80 {
            return byte < 0x20 && byte != 9 && byte != 10 && byte != 13 || byte == 0x7F
                || byte == UInt8(ascii: "\\") || byte == UInt8(ascii: "$")
                || byte == UInt8(ascii: "@") || byte == UInt8(ascii: "^")
                || byte == UInt8(ascii: "~") ? 1 : nil
        }
        guard let (scalar, size) = decode(at: offset) else { return 1 }
        let isKnown =
            scalar.properties.isXIDStart || scalar == "×" || scalar == "°"
            || Lookalike.marks[scalar] != nil || Lookalike.quotes[scalar] != nil
        return isKnown ? nil : size
    }

    private static let codes = ["¥": "CNY", "￥": "CNY", "€": "EUR", "£": "GBP", "₹": "INR"]

    private mutating func reportStrange(_ length: Int) {
        let start = position
        position += length
        if bytes[start] >= 0x80, decode(at: start) == nil { return }
        let shown = text(start, position)
        if shown.unicodeScalars.allSatisfy(\.properties.isWhitespace) {
            diagnostics.append(
                Diagnostic(
                    .unknownCharacter, "this blank is not a plain space",
                    at: range(start, position),
                    fixIts: [
                        FixIt("write a space", replace: range(start, position), with: " ")
                    ]))
            return
        }
        let visible = shown.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F }
        let name =
            visible ? "'\(shown)'" : "a control character (byte \(bytes[start]))"
        diagnostics.append(
            Diagnostic(
                .unknownCharacter, "\(name) means nothing here", at: range(start, position),
                help: shown.unicodeScalars.first?.properties.generalCategory == .currencySymbol
                    ? "a currency stands behind its amount, by its code: 500 "
                        + (Self.codes[shown] ?? "USD")
                    : "text stands in quotes, a name with other marks in back-ticks"))
    }

    // MARK: - Encoding

    /// Reports the first byte that is not UTF-8.
    private mutating func checkEncoding() {
        var offset = position
        while offset < end {
            if bytes[offset] < 0x80 {
                offset += 1
            } else if let (_, size) = decode(at: offset) {
                offset += size
            } else {
                diagnostics.append(
                    Diagnostic(
                        .invalidEncoding, "the file is not UTF-8 at byte \(offset)",
                        at: range(offset, offset + 1), help: "save it as UTF-8"))
                return
            }
        }
    }

    /// The scalar that begins at an offset; nil if the bytes there are not UTF-8.
    func decode(at offset: Int) -> (Unicode.Scalar, Int)? {
        let first = bytes[offset]
        if first < 0x80 { return (Unicode.Scalar(first), 1) }
        let size = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2
        guard first >= 0xC2, first < 0xF5, offset + size <= end else { return nil }
        var value = UInt32(first) & (0x7F >> UInt32(size))
        for next in bytes[offset + 1..<offset + size] {
            guard next & 0xC0 == 0x80 else { return nil }
            value = value << 6 | UInt32(next & 0x3F)
        }
        let least: UInt32 = size == 2 ? 0x80 : size == 3 ? 0x800 : 0x1_0000
        guard value >= least, let scalar = Unicode.Scalar(value) else { return nil }
        return (scalar, size)
    }
}
