import PitchSchema
import PitchSource

/// What the bytes of one value mean.
package enum ParsedValue {
    case missing
    /// As `Value.raw`.
    case integer(Int64)
    /// Text, or tags as stored; the bytes stay until the parser reads its next value.
    case text(UnsafeBufferPointer<UInt8>)
    /// What was expected, or what is wrong: `expected a date like 2026-03-01`.
    case wrong(String)
}

/// Reads the values of one field from bytes, by its type and format. Nothing is coerced.
package final class FieldParser {
    private let type: ValueType
    private let isOptional: Bool
    private let format: FieldFormat
    private let decimal: UInt8
    private let pattern: TimePattern?
    private let zone: ZoneRules
    private let separator: [UInt8]
    private var choices = TextInterner()
    private var normalizer = TextNormalizer()

    /// - Parameter zone: the project's, for instants without an offset of a field without a zone.
    package init(_ field: Field, zone: ZoneRules) throws {
        type = field.type
        isOptional = field.isOptional
        format = field.format
        decimal = field.format.decimalComma ? UInt8(ascii: ",") : UInt8(ascii: ".")
        separator = Array(field.format.separator.utf8)
        let action = "read the field '\(field.name)'"
        pattern = try field.format.pattern.map { text in
            guard let pattern = TimePattern(text) else {
                throw StoreError(
                    .source, action, "its format '\(text)' has letters other than y M d H h m s S a"
                )
            }
            return pattern
        }
        if field.type == .instant, let name = field.format.zone {
            guard let own = ZoneRules.named(name) else {
                throw StoreError(.source, action, "there is no time zone '\(name)'")
            }
            self.zone = own
        } else {
            self.zone = zone
        }
        if case .choice(let words) = field.type {
            for word in words {
                _ = Array(UnicodeText.nfc(word).utf8).withUnsafeBufferPointer {
                    choices.intern($0)
                }
            }
        }
    }

    package func parse(_ value: RawValue) -> ParsedValue {
        if value.isList, type != .tags { return .wrong("expected one value, found a list") }
        switch type {
        case .text, .reference: return text(value.bytes)
        case .choice(let words): return choice(value.bytes, words)
        case .tags: return tags(value)
        default:
            let bytes = Self.trimmed(value.bytes)
            return bytes.isEmpty ? .missing : count(bytes)
        }
    }

    private func count(_ bytes: UnsafeBufferPointer<UInt8>) -> ParsedValue {
        switch type {
        case .integer: return decimal(bytes, digits: 0, "a whole number like 12")
        case .number: return decimal(bytes, digits: 6, "a number like \(example("12.5"))")
        case .percent: return percent(bytes)
        case .money(let currency):
            return decimal(
                bytes, digits: currency.digits,
                "an amount like \(example(currency.digits == 0 ? "12" : "12.50"))")
        case .truth: return Self.truth(bytes)
        case .date: return date(bytes)
        case .instant: return instant(bytes)
        case .time: return time(bytes)
        case .duration:
            return DurationText.milliseconds(bytes).map(ParsedValue.integer)
                ?? .wrong("expected a length of time like '90 minutes', '01:30:00' or 'PT1H30M'")
        case .quantity(let unit): return quantity(bytes, unit)
        case .text, .reference, .choice, .tags, .error: return .wrong("its type is not known")
        }
    }

    private func example(_ text: String) -> String {
        format.decimalComma ? text.replacing(".", with: ",") : text
    }

    private func decimal(
        _ bytes: UnsafeBufferPointer<UInt8>, digits: Int, _ form: @autoclosure () -> String
    ) -> ParsedValue {
        if let count = DecimalBytes.quick(bytes, digits: digits, decimal: decimal) {
            return .integer(count)
        }
        switch FixedPoint.parse(bytes, digits: digits, rounds: format.rounds, decimal: decimal) {
        case .success(let count): return .integer(count)
        case .failure(.tooPrecise):
            let places = digits == 0 ? "no decimals" : "at most \(digits) decimals"
            return .wrong("expected \(places); 'rounded' after the field accepts more")
        case .failure(.outOfRange): return .wrong("the number is too large")
        case .failure(.malformed): return .wrong("expected \(form())")
        }
    }

    private func percent(_ bytes: UnsafeBufferPointer<UInt8>) -> ParsedValue {
        let form = "a share like \(example("12.5%")) or \(example("0.125"))"
        guard bytes.last == UInt8(ascii: "%") else { return decimal(bytes, digits: 6, form) }
        let number = Self.trimmed(UnsafeBufferPointer(rebasing: bytes.dropLast()))
        return decimal(number, digits: 4, form)
    }

    private static let truths: [String: Int64] = [
        "yes": 1, "true": 1, "1": 1, "y": 1, "是": 1, "no": 0, "false": 0, "0": 0, "n": 0, "否": 0,
    ]

    private static func truth(_ bytes: UnsafeBufferPointer<UInt8>) -> ParsedValue {
        if bytes.count == 1, bytes[0] | 1 == 0x31 { return .integer(Int64(bytes[0] & 1)) }
        let word = bytes.count <= 5 ? String(decoding: bytes, as: UTF8.self).lowercased() : ""
        return truths[word].map(ParsedValue.integer)
            ?? .wrong("expected yes or no, true or false, 1 or 0")
    }

    private func date(_ bytes: UnsafeBufferPointer<UInt8>) -> ParsedValue {
        let parts = pattern.map { $0.read(bytes) } ?? TimeBytes.date(bytes)
        guard let parts, let day = parts.day else {
            return .wrong(expected("a date", "2026-03-01"))
        }
        return .integer(Int64(day))
    }

    private func instant(_ bytes: UnsafeBufferPointer<UInt8>) -> ParsedValue {
        let parts = pattern.map { $0.read(bytes) } ?? TimeBytes.instant(bytes)
        guard let parts, let day = parts.day, let time = parts.time else {
            return .wrong(expected("a date and time", "2026-03-01 09:30:00"))
        }
        guard let offset = parts.offset else { return .integer(zone.instant(day: day, time: time)) }
        return .integer(Int64(day) * millisecondsPerDay + time - offset)
    }

    private func time(_ bytes: UnsafeBufferPointer<UInt8>) -> ParsedValue {
        let parts = pattern.map { $0.read(bytes) } ?? TimeBytes.time(bytes)
        guard let time = parts?.time else { return .wrong(expected("a time of day", "09:30")) }
        return .integer(time)
    }

    private func expected(_ what: String, _ iso: String) -> String {
        guard let pattern = format.pattern else { return "expected \(what) like \(iso)" }
        return "expected \(what) of the form '\(pattern)'"
    }

    /// `12`, or `12 km` in any unit of the dimension.
    private func quantity(_ bytes: UnsafeBufferPointer<UInt8>, _ unit: Unit) -> ParsedValue {
        let form = "a number of \(unit.symbol) like \(example("12.5"))"
        let isPart = { (byte: UInt8) in
            (0x30...0x39).contains(byte) || [43, 45, 44, 46].contains(byte)
        }
        let length = bytes.firstIndex { !isPart($0) } ?? bytes.count
        let number = UnsafeBufferPointer(rebasing: bytes[..<length])
        let rest = Self.trimmed(UnsafeBufferPointer(rebasing: bytes[length...]))
        if rest.isEmpty || number.isEmpty { return decimal(bytes, digits: 6, form) }
        guard let other = Unit.named(String(decoding: rest, as: UTF8.self)),
            other.dimension == unit.dimension
        else { return decimal(bytes, digits: 6, form) }
        guard case .integer(let count) = decimal(number, digits: 6, form) else {
            return decimal(number, digits: 6, form)
        }
        return other.convert(count, to: unit).map(ParsedValue.integer)
            ?? .wrong("the number is too large")
    }

    private func text(_ bytes: UnsafeBufferPointer<UInt8>) -> ParsedValue {
        if bytes.isEmpty { return .missing }
        switch normalizer.normalize(bytes) {
        case .text(let text): return .text(text)
        case .notUnicode(let offset):
            return .wrong("expected UTF-8, found other bytes at byte \(offset + 1) of the value")
        case .nul(let offset): return .wrong("there is a NUL at byte \(offset + 1) of the value")
        }
    }

    private func choice(_ bytes: UnsafeBufferPointer<UInt8>, _ words: [String]) -> ParsedValue {
        let parsed = text(bytes)
        guard case .text(let text) = parsed, choices.number(of: text) == nil else { return parsed }
        let found = String(decoding: text.prefix(64), as: UTF8.self)
        return .wrong(
            "expected one of \(words.joined(separator: ", "))"
                + Suggestion.text(for: found, among: words))
    }

    /// As stored: without blank elements, each once, in code point order. Nothing at all is the
    /// empty set, unless the field may be missing.
    private func tags(_ value: RawValue) -> ParsedValue {
        if value.bytes.isEmpty, !value.isList { return isOptional ? .missing : .text(value.bytes) }
        let parsed = text(value.bytes)
        guard case .text(let text) = parsed else {
            if case .missing = parsed { return .text(value.bytes) }
            return parsed
        }
        let whole = String(decoding: text, as: UTF8.self)
        let parts =
            value.isList
            ? whole.split(separator: "\u{1F}") : whole.split(separator: format.separator)
        let words = parts.map { part -> String in
            let trimmed = part.drop { $0 == " " }
            return String(
                trimmed[
                    ..<(trimmed.lastIndex { $0 != " " }.map(trimmed.index(after:))
                        ?? trimmed.startIndex)])
        }
        var different = Set(words.filter { !$0.isEmpty }.map { Array($0.utf8) })
        different = different.filter { !$0.contains(StoredTags.separator) }
        let sorted = different.sorted { $0.lexicographicallyPrecedes($1) }
        return .text(normalizer.keep(Array(sorted.joined(separator: [StoredTags.separator]))))
    }

    /// Without blanks at its ends.
    private static func trimmed(
        _ bytes: UnsafeBufferPointer<UInt8>
    ) -> UnsafeBufferPointer<UInt8> {
        var (start, end) = (0, bytes.count)
        while start < end, bytes[start] == 0x20 || bytes[start] == 0x09 { start += 1 }
        while end > start, bytes[end - 1] == 0x20 || bytes[end - 1] == 0x09 { end -= 1 }
        return UnsafeBufferPointer(rebasing: bytes[start..<end])
    }
}

/// Text from bytes: valid UTF-8, without NUL, in Normalization Form C.
struct TextNormalizer {
    enum Outcome {
        case text(UnsafeBufferPointer<UInt8>)
        /// The offset of the first wrong byte.
        case notUnicode(Int)
        case nul(Int)
    }

    private let scratch = ByteScratch()

    func normalize(_ bytes: UnsafeBufferPointer<UInt8>) -> Outcome {
        switch Self.plainLength(bytes) {
        case bytes.count: return .text(bytes)
        case let offset where bytes[offset] == 0: return .nul(offset)
        default: return normalizeSlowly(bytes)
        }
    }

    /// Copies text to where it stays until the next.
    func keep(_ bytes: some Collection<UInt8>) -> UnsafeBufferPointer<UInt8> {
        scratch.keep(bytes)
    }

    private func normalizeSlowly(_ bytes: UnsafeBufferPointer<UInt8>) -> Outcome {
        if let offset = bytes.firstIndex(of: 0) { return .nul(offset) }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            return .notUnicode(Self.firstWrong(bytes))
        }
        return .text(scratch.keep(UnicodeText.nfc(text).utf8))
    }

    /// How many bytes at the beginning are certainly in Form C: ASCII, and the three-byte letters
    /// U+5000…U+9FFF, which are ideographs that neither compose nor reorder.
    private static func plainLength(_ bytes: UnsafeBufferPointer<UInt8>) -> Int {
        var at = 0
        while at < bytes.count {
            let byte = bytes[at]
            if byte < 0x80, byte != 0 {
                at += 1
            } else if byte >= 0xE5, byte <= 0xE9, at + 2 < bytes.count,
                bytes[at + 1] & 0xC0 == 0x80, bytes[at + 2] & 0xC0 == 0x80
            {
                at += 3
            } else {
                return at
            }
        }
        return at
    }

    private static func firstWrong(_ bytes: UnsafeBufferPointer<UInt8>) -> Int {
        var offset = 0
        var iterator = bytes.makeIterator()
        var parser = Unicode.UTF8.ForwardParser()
        while case .valid(let scalar) = parser.parseScalar(from: &iterator) {
            offset += scalar.count
        }
        return offset
    }
}

/// Bytes that stay where they are until the next are kept.
final class ByteScratch {
    private var bytes = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: 64)

    deinit { bytes.deallocate() }

    func keep(_ content: some Collection<UInt8>) -> UnsafeBufferPointer<UInt8> {
        if content.count > bytes.count {
            bytes.deallocate()
            bytes = .allocate(capacity: content.count * 2)
        }
        let end = bytes.update(fromContentsOf: content)
        return UnsafeBufferPointer(rebasing: bytes[..<end])
    }
}
