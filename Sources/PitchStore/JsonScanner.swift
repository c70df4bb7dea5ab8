/// Reads one JSON object a line, after RFC 8259, without making numbers of the digits: amounts
/// stay exact, which Foundation's reader does not promise.
struct JsonScanner {
    private let bytes: UnsafeBufferPointer<UInt8>
    private var at = 0
    /// Where texts with escapes, and lists, are put together.
    private var made: [UInt8] = []

    /// What was found for one column.
    enum Found {
        case missing
        /// In the line's own bytes.
        case span(Range<Int>)
        /// In `made`.
        case made(Range<Int>, isList: Bool)
        /// An object, or a list of something else than texts and numbers.
        case unreadable(Range<Int>)
    }

    static let depthLimit = 256

    init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

    /// The bytes that `.made` speaks of.
    var madeBytes: [UInt8] { made }

    /// Reads the line as one object.
    /// - Parameters:
    ///   - column: the place of a member's name; nil: it is not asked for.
    ///   - found: one a column; `missing` before.
    /// - Returns: why the line is no object; nil when it is one.
    mutating func object(
        column: (UnsafeBufferPointer<UInt8>) -> Int?, found: inout [Found]
    ) -> String? {
        blank()
        guard take(UInt8(ascii: "{")) else { return "expected an object '{…}'" }
        blank()
        if take(UInt8(ascii: "}")) { return ending() }
        while true {
            guard let name = text() else { return "expected a name in double quotes" }
            blank()
            guard take(UInt8(ascii: ":")) else { return "expected ':' after a name" }
            blank()
            let place = self.bytes(of: name, column)
            guard let value = value(depth: 1) else { return "expected a value" + position }
            if let place {
                if case .missing = found[place] {} else { return "a name comes twice" }
                found[place] = value
            }
            blank()
            if take(UInt8(ascii: ",")) {
                blank()
                continue
            }
            guard take(UInt8(ascii: "}")) else { return "expected ',' or '}'" + position }
            return ending()
        }
    }

    private var position: String { " at byte \(at + 1) of the line" }

    private mutating func ending() -> String? {
        blank()
        return at == bytes.count ? nil : "there is text after the object" + position
    }

    private func bytes<Result>(
        of found: Found, _ body: (UnsafeBufferPointer<UInt8>) -> Result
    ) -> Result {
        if case .made(let range, _) = found {
            return made.withUnsafeBufferPointer { body(UnsafeBufferPointer(rebasing: $0[range])) }
        }
        guard case .span(let range) = found else {
            return body(UnsafeBufferPointer(start: nil, count: 0))
        }
        return body(UnsafeBufferPointer(rebasing: bytes[range]))
    }

    private mutating func blank() {
        while at < bytes.count, [0x20, 0x09, 0x0D, 0x0A].contains(bytes[at]) { at += 1 }
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard at < bytes.count, bytes[at] == byte else { return false }
        at += 1
        return true
    }

    private mutating func take(word: StaticString) -> Bool {
        let length = word.utf8CodeUnitCount
        guard bytes.count - at >= length,
            bytes[at..<at + length].elementsEqual(
                UnsafeBufferPointer(start: word.utf8Start, count: length))
        else { return false }
        at += length
        return true
    }

    private mutating func value(depth: Int) -> Found? {
        guard at < bytes.count, depth <= Self.depthLimit else { return nil }
        let start = at
        switch bytes[at] {
        case UInt8(ascii: "\""): return text()
        case UInt8(ascii: "{"): return skipObject(depth) ? .unreadable(start..<at) : nil
        case UInt8(ascii: "["): return list(depth)
        case UInt8(ascii: "t"): return take(word: "true") ? .span(start..<at) : nil
        case UInt8(ascii: "f"): return take(word: "false") ? .span(start..<at) : nil
        case UInt8(ascii: "n"): return take(word: "null") ? .missing : nil
        default: return number()
        }
    }

    private mutating func number() -> Found? {
        let start = at
        _ = take(UInt8(ascii: "-"))
        if !take(UInt8(ascii: "0")), !digits() { return nil }
        if take(UInt8(ascii: ".")), !digits() { return nil }
        if take(UInt8(ascii: "e")) || take(UInt8(ascii: "E")) {
            if !take(UInt8(ascii: "+")) { _ = take(UInt8(ascii: "-")) }
            if !digits() { return nil }
        }
        return .span(start..<at)
    }

    private mutating func digits() -> Bool {
        let start = at
        while at < bytes.count, (0x30...0x39).contains(bytes[at]) { at += 1 }
        return at > start
    }

    private mutating func skipObject(_ depth: Int) -> Bool {
        at += 1
        blank()
        if take(UInt8(ascii: "}")) { return true }
        while true {
            guard text() != nil else { return false }
            blank()
            guard take(UInt8(ascii: ":")) else { return false }
            blank()
            guard value(depth: depth + 1) != nil else { return false }
            blank()
            if take(UInt8(ascii: "}")) { return true }
            guard take(UInt8(ascii: ",")) else { return false }
            blank()
        }
    }

    /// A list of texts and numbers, each ended by U+001F.
    private mutating func list(_ depth: Int) -> Found? {
        let start = at
        var isReadable = true
        var joined: [UInt8] = []
        at += 1
        blank()
        var isOpen = !take(UInt8(ascii: "]"))
        while isOpen {
            guard let element = value(depth: depth + 1) else { return nil }
            switch element {
            case .span, .made(_, isList: false):
                bytes(of: element) { joined.append(contentsOf: $0) }
                joined.append(StoredTags.separator)
            case .missing: break
            case .unreadable, .made: isReadable = false
            }
            blank()
            isOpen = !take(UInt8(ascii: "]"))
            if isOpen {
                guard take(UInt8(ascii: ",")) else { return nil }
                blank()
            }
        }
        guard isReadable else { return .unreadable(start..<at) }
        let first = made.count
        made += joined
        return .made(first..<made.count, isList: true)
    }

    /// A text; without escapes it stays where it is.
    private mutating func text() -> Found? {
        guard take(UInt8(ascii: "\"")) else { return nil }
        let start = at
        while at < bytes.count, bytes[at] >= 0x20, bytes[at] != 0x5C, bytes[at] != 0x22 { at += 1 }
        guard at < bytes.count, bytes[at] >= 0x20 else { return nil }
        if take(UInt8(ascii: "\"")) { return .span(start..<at - 1) }
        let first = made.count
        made += bytes[start..<at]
        while at < bytes.count, bytes[at] >= 0x20 {
            if take(UInt8(ascii: "\"")) { return .made(first..<made.count, isList: false) }
            if take(0x5C) {
                guard escape() else { return nil }
            } else {
                made.append(bytes[at])
                at += 1
            }
        }
        return nil
    }

    private mutating func escape() -> Bool {
        guard at < bytes.count else { return false }
        let mark = bytes[at]
        at += 1
        switch mark {
        case UInt8(ascii: "n"): made.append(0x0A)
        case UInt8(ascii: "t"): made.append(0x09)
        case UInt8(ascii: "r"): made.append(0x0D)
        case UInt8(ascii: "b"): made.append(0x08)
        case UInt8(ascii: "f"): made.append(0x0C)
        case 0x22, 0x5C, 0x2F: made.append(mark)
        case UInt8(ascii: "u"): return unicodeEscape()
        default: return false
        }
        return true
    }

    private mutating func unicodeEscape() -> Bool {
        guard var code = hexadecimal() else { return false }
        if (0xD800...0xDBFF).contains(code) {
            guard take(0x5C), take(UInt8(ascii: "u")), let low = hexadecimal(),
                (0xDC00...0xDFFF).contains(low)
            else { return false }
            code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00)
        }
        guard let scalar = Unicode.Scalar(code) else { return false }
        made.append(contentsOf: UTF8.encode(scalar) ?? .init())
        return true
    }

    private mutating func hexadecimal() -> UInt32? {
        guard bytes.count - at >= 4 else { return nil }
        let digits = String(decoding: bytes[at..<at + 4], as: UTF8.self)
        guard digits.utf8.allSatisfy({ $0 != 0x2B && $0 != 0x2D }) else { return nil }
        at += 4
        return UInt32(digits, radix: 16)
    }
}
