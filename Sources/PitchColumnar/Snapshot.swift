import PitchSchema

/// One bit a row, in words of 64; bits beyond `count` are 0.
package struct Bitmap: Sendable, Equatable {
    package internal(set) var words: [UInt64]
    package let count: Int

    package init(count: Int, filledWith bit: Bool = false) {
        self.count = count
        words = [UInt64](repeating: bit ? .max : 0, count: (count + 63) / 64)
        if bit, count % 64 != 0 { words[words.count - 1] = (1 << UInt64(count % 64)) - 1 }
    }

    package subscript(row: Int) -> Bool {
        get { words[row >> 6] >> UInt64(row & 63) & 1 != 0 }
        set {
            let bit: UInt64 = 1 << UInt64(row & 63)
            if newValue { words[row >> 6] |= bit } else { words[row >> 6] &= ~bit }
        }
    }

    /// How many bits are set.
    package var population: Int { words.reduce(0) { $0 + $1.nonzeroBitCount } }

    /// The rows whose bit is set, ascending.
    package var rows: [Int32] {
        var rows: [Int32] = []
        rows.reserveCapacity(population)
        for (index, word) in words.enumerated() {
            var rest = word
            while rest != 0 {
                rows.append(Int32(index << 6 + rest.trailingZeroBitCount))
                rest &= rest - 1
            }
        }
        return rows
    }

    /// Sets bits from `place` on as some of another's are; they must be clear.
    package mutating func copy(_ bits: Range<Int>, of other: Bitmap, to place: Int) {
        var (from, to) = (bits.lowerBound, place)
        while from < bits.upperBound {
            let length = min(64 - from & 63, 64 - to & 63, bits.upperBound - from)
            let mask: UInt64 = length == 64 ? .max : 1 << UInt64(length) - 1
            words[to >> 6] |=
                (other.words[from >> 6] >> UInt64(from & 63) & mask)
                << UInt64(to & 63)
            from += length
            to += length
        }
    }

    package mutating func withWords<Result>(_ body: (inout [UInt64]) -> Result) -> Result {
        body(&words)
    }
}

/// One field of all rows of a data set.
package final class ColumnVector: Sendable {
    package enum Payload: Sendable {
        /// Raw counts, as `Value.raw`; anything where missing.
        case integers(PackedIntegers)
        /// Indices into the dictionary; anything where missing.
        case codes(PackedIntegers, TextDictionary)
        /// Row r has `codes[offsets[r]..<offsets[r + 1]]`, ascending and different.
        case tags(offsets: PackedIntegers, codes: PackedIntegers, TextDictionary)
    }

    package let type: ValueType
    package let payload: Payload
    /// A bit for every row that has no value; nil when none is missing.
    package let missing: Bitmap?
    /// Of integers, where they are kept with them.
    package let zones: ZoneMap?
    /// Of tags, where they are kept with them.
    package let keptTags: KeptTagBits?

    package init(
        type: ValueType, payload: Payload, missing: Bitmap?, zones: ZoneMap? = nil,
        keptTags: KeptTagBits? = nil
    ) {
        self.type = type
        self.payload = payload
        self.missing = missing
        self.zones = zones
        self.keptTags = keptTags
    }

    /// Raw counts, one a row.
    package convenience init(type: ValueType, integers: [Int64], missing: Bitmap?) {
        self.init(
            type: type, payload: .integers(PackedIntegers(integers, missing: missing)),
            missing: missing)
    }

    /// Indices into texts, one a row; 0 where missing.
    package convenience init(
        type: ValueType, codes: [Int32], _ dictionary: TextDictionary, missing: Bitmap?
    ) {
        self.init(
            type: type, payload: .codes(PackedIntegers(indices: codes), dictionary),
            missing: missing)
    }

    /// Sets of tags: row r has the texts `codes[offsets[r]..<offsets[r + 1]]`.
    package convenience init(
        type: ValueType, tagOffsets offsets: [Int32], codes: [Int32],
        _ dictionary: TextDictionary, missing: Bitmap?
    ) {
        self.init(
            type: type,
            payload: .tags(
                offsets: PackedIntegers(indices: offsets), codes: PackedIntegers(indices: codes),
                dictionary),
            missing: missing)
    }

    package var count: Int {
        switch payload {
        case .integers(let values): values.count
        case .codes(let codes, _): codes.count
        case .tags(let offsets, _, _): offsets.count - 1
        }
    }
}

/// How the rows of an event data set lie: by member, then `at`, then key by code point.
package final class EventIndex: Sendable {
    /// Member m has the rows `offsets[m]..<offsets[m + 1]`; one more entry than members.
    package let offsets: [Int32]

    package init(offsets: [Int32]) {
        self.offsets = offsets
    }
}

/// Where columns come from. Members are numbered from 0 in the store's order; columns of an event
/// data set are in the order of its `EventIndex`; those of a table in the order of its keys' rows.
package protocol ColumnSource: AnyObject {
    var memberCount: Int { get }
    func column(_ field: FieldID) throws -> ColumnVector
    func events(_ dataSet: DataSetID) throws -> EventIndex
    /// The order by time that is kept with the events of a data set; nil: none is.
    func timeOrder(_ dataSet: DataSetID) -> KeptTimeOrder?
    /// The key of every row of a table, for references.
    func keys(_ table: DataSetID) throws -> [String]
}

extension ColumnSource {
    package func timeOrder(_ dataSet: DataSetID) -> KeptTimeOrder? { nil }
}
