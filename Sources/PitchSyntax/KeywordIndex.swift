import PitchSource

/// Finds the keyword of a word's bytes without making a string.
struct KeywordIndex: Sendable {
    static let shared = KeywordIndex()

    /// Open addressing; a slot is a keyword's number plus 1, or 0. Under a quarter full.
    private let slots: [UInt16]
    private let spellings: [[UInt8]]
    private let keywords: [Keyword]
    private static let size = 2048

    private init() {
        var slots = [UInt16](repeating: 0, count: Self.size)
        var spellings: [[UInt8]] = []
        var keywords: [Keyword] = []
        for keyword in Keyword.allCases {
            let bytes = Array(keyword.english.utf8)
            var slot = bytes.withUnsafeBufferPointer { Self.hash(of: $0[...]) }
            while slots[slot] != 0 { slot = (slot + 1) % Self.size }
            spellings.append(bytes)
            keywords.append(keyword)
            slots[slot] = UInt16(spellings.count)
        }
        self.slots = slots
        self.spellings = spellings
        self.keywords = keywords
    }

    func keyword(of word: Slice<UnsafeBufferPointer<UInt8>>) -> Keyword? {
        var slot = Self.hash(of: word)
        while slots[slot] != 0 {
            let number = Int(slots[slot]) - 1
            if spellings[number].elementsEqual(word) { return keywords[number] }
            slot = (slot + 1) % Self.size
        }
        return nil
    }

    /// FNV-1a (Fowler, Noll, Vo 1991), folded to the table's size.
    private static func hash(of word: Slice<UnsafeBufferPointer<UInt8>>) -> Int {
        var hash: UInt32 = 2_166_136_261
        for byte in word { hash = (hash ^ UInt32(byte)) &* 16_777_619 }
        return Int((hash ^ (hash >> 15)) % UInt32(size))
    }
}
