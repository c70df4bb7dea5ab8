import GRDBSQLite
import PitchColumnar
import PitchSchema

/// One column while it is filled, row after row.
struct ColumnBuilder {
    private enum Form {
        case integers, codes, tags
        /// Every event's own member.
        case members
        /// Every row's own text.
        case keys
    }

    private let type: ValueType
    private let form: Form
    private let range: ClosedRange<Int64>
    /// Raw counts; or where the keys begin, and all end.
    private var integers: GrowingColumn
    /// Numbers of texts: one a row, or of tags as many as it has; or of members.
    private var codes: GrowingNumbers<Int32>
    /// Where each row's tags end.
    private var ends: GrowingNumbers<Int32>
    private var interner = TextInterner()
    private var bytes: [UInt8] = []
    private var missing: Bitmap
    private var hasMissing = false

    /// - Parameter count: how many rows come at most.
    init(_ type: ValueType, count: Int) {
        let form: Form =
            switch type.storage {
            case .integer: .integers
            case .text: .codes
            case .tags: .tags
            }
        self.init(type, form, count: count, range: StoredCell.range(of: type))
    }

    /// Of the members of events.
    init(membersUpTo last: Int32, count: Int) {
        self.init(.integer, .members, count: count, range: 1...Int64(max(1, last)))
    }

    /// Of texts that differ in every row.
    init(keysOf count: Int) { self.init(.text, .keys, count: count, range: 0...0) }

    private init(_ type: ValueType, _ form: Form, count: Int, range: ClosedRange<Int64>) {
        self.type = type
        self.form = form
        self.range = range
        missing = Bitmap(count: count)
        let (isOfIntegers, isOfCodes) = (form == .integers || form == .keys, form != .integers)
        integers = GrowingColumn(capacity: isOfIntegers ? count + 1 : 0)
        codes = GrowingNumbers(capacity: isOfCodes && form != .keys ? count : 0)
        ends = GrowingNumbers(capacity: form == .tags ? count : 0)
        if form == .keys { integers.append(0) }
    }

    /// Takes the next row's value.
    ///
    /// Its type is asked for only where it may be missing: asking costs as much as reading. Only a
    /// damaged file has texts in a column of integers, or integers in one of texts, and what it
    /// has there in the right type may be wrong as well.
    /// - Returns: false where something stands that is no value of the type.
    @inline(__always)
    mutating func add(_ value: OpaquePointer?) -> Bool {
        if form == .integers || form == .members { return addInteger(value) }
        guard let start = sqlite3_value_text(value) else {
            return sqlite3_value_type(value) == SQLITE_NULL && addMissing()
        }
        let text = UnsafeBufferPointer(start: start, count: Int(sqlite3_value_bytes(value)))
        if form == .codes {
            codes.append(interner.intern(text).number)
        } else if form == .tags {
            addTags(text)
        } else {
            bytes.append(contentsOf: text)
            integers.append(Int64(bytes.count))
        }
        return true
    }

    /// What is no integer reads as 0.
    @inline(__always)
    private mutating func addInteger(_ value: OpaquePointer?) -> Bool {
        let integer = sqlite3_value_int64(value)
        if integer == 0 {
            let kind = sqlite3_value_type(value)
            if kind == SQLITE_NULL { return addMissing() }
            if kind != SQLITE_INTEGER { return false }
        }
        if form == .integers {
            integers.append(integer)
        } else {
            codes.append(Int32(truncatingIfNeeded: integer))
        }
        return range.contains(integer)
    }

    @inline(never)
    private mutating func addMissing() -> Bool {
        hasMissing = true
        switch form {
        case .integers:
            missing[integers.count] = true
            integers.append(0)
        case .codes:
            missing[codes.count] = true
            codes.append(0)
        case .tags:
            missing[ends.count] = true
            ends.append(Int32(codes.count))
        case .keys, .members: return false
        }
        return true
    }

    /// Numbers the tags of a row, eight bytes at a time.
    @inline(__always)
    private mutating func addTags(_ text: UnsafeBufferPointer<UInt8>) {
        var place = 0
        while place < text.count {
            let (word, length) = StoredTags.head(of: text, from: place)
            if let length {
                if length > 0 { codes.append(interner.intern(word: word, count: length)) }
                place += length + 1
            } else {
                let rest = text[place...]
                let end = rest.firstIndex(of: StoredTags.separator) ?? text.count
                let tag = UnsafeBufferPointer(rebasing: rest[..<end])
                codes.append(interner.intern(tag).number)
                place = end + 1
            }
        }
        ends.append(Int32(codes.count))
    }
}

// MARK: - The column

extension ColumnBuilder {
    /// The texts of all rows, of a builder of keys.
    func keys() -> TextDictionary {
        TextDictionary(bytes: ColumnBytes(bytes), offsets: integers.packed())
    }

    /// The order of events by this column of instants and one of members.
    func order(
        _ members: ColumnBuilder, memberCount: Int, _ keys: EventKeys
    ) throws -> EventOrder {
        try members.codes.withNumbers { members in
            try integers.withNumbers(
                short: { try EventOrder($0, members, memberCount: memberCount, keys) },
                long: { try EventOrder($0, members, memberCount: memberCount, keys) })
        }
    }

    /// - Parameter order: for every row of the column which of those that came it is; nil: they
    ///   stay as they came.
    func finish(_ order: [Int32]? = nil) -> ColumnVector {
        let payload: ColumnVector.Payload
        switch form {
        case .integers:
            payload = .integers(
                integers.packed(order: order, missing: hasMissing ? missing : nil))
        case .codes, .keys, .members:
            let numbers = codes.withNumbers { PackedIntegers(indices: $0, order: order) }
            payload = .codes(numbers, interner.dictionary)
        case .tags:
            payload = tags(order)
        }
        return ColumnVector(
            type: type, payload: payload, missing: hasMissing ? missing.ordered(by: order) : nil)
    }

    /// Tags get the numbers of their texts in order, so that those of a row ascend as they are
    /// stored.
    private func tags(_ order: [Int32]?) -> ColumnVector.Payload {
        let (texts, ranks) = interner.dictionary.sorted
        var offsets = GrowingNumbers<Int32>(capacity: ends.count + 1)
        var flat = GrowingNumbers<Int32>(capacity: codes.count)
        offsets.append(0)
        codes.withNumbers { codes in
            ends.withNumbers { ends in
                for place in ends.indices {
                    let row = order.map { Int($0[place]) } ?? place
                    let start = flat.count
                    var (last, isAscending) = (Int32(-1), true)
                    for element in (row == 0 ? 0 : Int(ends[row - 1]))..<Int(ends[row]) {
                        let rank = ranks[Int(codes[element])]
                        if rank <= last { isAscending = false }
                        last = rank
                        flat.append(rank)
                    }
                    if !isAscending { flat.sort(from: start) }
                    offsets.append(Int32(flat.count))
                }
            }
        }
        return .tags(
            offsets: offsets.withNumbers { PackedIntegers(indices: $0) },
            codes: flat.withNumbers { PackedIntegers(indices: $0) }, texts)
    }
}

extension Bitmap {
    fileprivate func ordered(by order: [Int32]?) -> Bitmap {
        guard let order else { return self }
        var result = Bitmap(count: count)
        for (place, row) in order.enumerated() where self[Int(row)] { result[place] = true }
        return result
    }
}

extension TextDictionary {
    /// The texts in order, and where each has gone.
    fileprivate var sorted: (texts: TextDictionary, ranks: [Int32]) {
        let order = (0..<count).sorted { utf8($0).lexicographicallyPrecedes(utf8($1)) }
        var ranks = [Int32](repeating: 0, count: count)
        var bytes: [UInt8] = []
        var offsets: [Int64] = [0]
        for (rank, code) in order.enumerated() {
            ranks[code] = Int32(rank)
            bytes += utf8(code)
            offsets.append(Int64(bytes.count))
        }
        return (TextDictionary(bytes, offsets: offsets), ranks)
    }
}

/// Tags as stored: different, in code point order, joined by U+001F.
enum StoredTags {
    static let separator: UInt8 = 0x1F
    private static let separators: UInt64 = 0x1F1F_1F1F_1F1F_1F1F
    private static let ones: UInt64 = 0x0101_0101_0101_0101

    static func texts(_ stored: String) -> [String] {
        stored.isEmpty ? [] : stored.split(separator: "\u{1F}").map(String.init)
    }

    /// The tag that begins at a place, as a word with its first byte lowest, and its length; nil
    /// when it is longer than a word.
    @inline(__always)
    static func head(
        of text: UnsafeBufferPointer<UInt8>, from place: Int
    ) -> (word: UInt64, length: Int?) {
        guard let start = UnsafeRawPointer(text.baseAddress) else { return (0, 0) }
        let rest = text.count - place
        let word: UInt64
        if rest >= 8 {
            word = (start + place).loadUnaligned(as: UInt64.self).littleEndian
        } else if text.count >= 8 {
            let last = (start + (text.count - 8)).loadUnaligned(as: UInt64.self).littleEndian
            word = last >> UInt64(8 * (8 - rest))
        } else {
            word = TextKey.word(start + place, rest)
        }
        // The lowest byte that equals the separator has its highest bit set here.
        let difference = word ^ separators
        let found = (difference &- ones) & ~difference & (ones << 7)
        if found != 0 {
            let length = found.trailingZeroBitCount >> 3
            return (word & (1 << UInt64(8 * length) - 1), length)
        }
        return rest <= 8 ? (word, rest) : (word, nil)
    }
}

/// What a cell of a loaded row may hold.
enum StoredCell {
    /// The raw values of a type with integer storage.
    static func range(of type: ValueType) -> ClosedRange<Int64> {
        switch type {
        case .truth: 0...1
        case .date: LedgerRow.days
        case .instant: LedgerRow.instants
        case .time: 0...(millisecondsPerDay - 1)
        default: .min ... .max
        }
    }
}
