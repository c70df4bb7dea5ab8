/// A bit for every row that has a tag, of the tags that are kept so.
package struct KeptTagBits: Sendable {
    /// By the code of the tag, as the words of a `Bitmap`; nil where none are kept, or damaged.
    package let words: @Sendable (_ code: Int) -> ColumnBytes?

    package init(_ words: @escaping @Sendable (_ code: Int) -> ColumnBytes?) {
        self.words = words
    }

    /// The rows that have any, or all, of some tags; nil where that is not kept.
    func rows(_ codes: [Int], all: Bool, count: Int) -> Bitmap? {
        guard let first = codes.first, var rows = bits(first, count: count) else { return nil }
        for code in codes.dropFirst() {
            guard let more = bits(code, count: count) else { return nil }
            rows = all ? rows & more : rows | more
        }
        return rows
    }

    private func bits(_ code: Int, count: Int) -> Bitmap? {
        guard let bytes = words(code), bytes.count == (count + 63) / 64 * 8 else { return nil }
        return withExtendedLifetime(bytes) {
            var bits = Bitmap(words: Array(bytes.bound(to: UInt64.self)), count: count)
            bits.clearTail()
            return bits
        }
    }
}

/// Where questions would look through the tags of all rows, a bit a row takes less to read; of tags
/// that few rows have it takes more to keep.
package struct FrequentTags {
    /// By the code of the tag.
    package private(set) var bits: [(code: Int, rows: Bitmap)] = []

    /// One row in so many has a frequent tag.
    private static let share = 32

    /// - Parameter offsets: the tags of row r are `codes[offsets[r]..<offsets[r + 1]]`.
    package init(offsets: PackedIntegers, codes: PackedIntegers, tagCount: Int) {
        let rows = max(0, offsets.count - 1)
        var counts = [Int](repeating: 0, count: tagCount)
        let all = codes.shortened
        for code in all { counts[Int(code)] += 1 }
        let frequent = counts.indices.filter { counts[$0] * Self.share >= max(1, rows) }
        var places = [Int](repeating: -1, count: tagCount)
        for (place, code) in frequent.enumerated() { places[code] = place }
        let stride = (rows + 63) / 64
        var words = [UInt64](repeating: 0, count: frequent.count * stride)
        let starts = offsets.shortened
        for row in 0..<rows {
            for element in Int(starts[row])..<Int(starts[row + 1]) {
                let place = places[Int(all[element])]
                if place >= 0 { words[place &* stride &+ row >> 6] |= 1 &<< UInt64(row & 63) }
            }
        }
        bits = frequent.enumerated().map { place, code in
            let own = words[place * stride..<(place + 1) * stride]
            return (code, Bitmap(words: Array(own), count: rows))
        }
    }
}
