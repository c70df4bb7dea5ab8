import Glibc
import PitchColumnar

/// Numbers different texts by their bytes, in the order of first sight.
struct TextInterner {
    /// Open addressing; −1 is a free slot. The count of slots is a power of two.
    private var slots: [Int32]
    private var entries: [Entry] = []
    private var arena: [UInt8] = []

    private struct Entry {
        let key: TextKey
        /// Where its text ends in the arena; it begins where that of the entry before ends.
        let end: Int
    }

    init(capacity: Int = 64) {
        var size = 64
        while size < capacity * 2 { size *= 2 }
        slots = [Int32](repeating: -1, count: size)
    }

    var count: Int { entries.count }

    /// The number of a text, and whether it is new.
    @inline(__always)
    mutating func intern(_ text: UnsafeBufferPointer<UInt8>) -> (number: Int32, isNew: Bool) {
        let key = TextKey(text)
        let slot = self.slot(of: key, text)
        if slots[slot] >= 0 { return (slots[slot], false) }
        return (add(key, UnsafeRawBufferPointer(text), at: slot), true)
    }

    /// The number of a text of up to 8 bytes.
    /// - Parameter word: the bytes, the first one lowest, and zeros.
    @inline(__always)
    mutating func intern(word: UInt64, count: Int) -> Int32 {
        let key = TextKey(word: word, count: count)
        let slot = self.slot(of: key, UnsafeBufferPointer(start: nil, count: 0))
        if slots[slot] >= 0 { return slots[slot] }
        return withUnsafeBytes(of: word.littleEndian) {
            add(key, UnsafeRawBufferPointer(rebasing: $0.prefix(count)), at: slot)
        }
    }

    /// The number of a text; nil when it has none.
    func number(of text: UnsafeBufferPointer<UInt8>) -> Int32? {
        let number = slots[slot(of: TextKey(text), text)]
        return number < 0 ? nil : number
    }

    @inline(__always)
    private func slot(of key: TextKey, _ text: UnsafeBufferPointer<UInt8>) -> Int {
        let mask = slots.count - 1
        var slot = Int(truncatingIfNeeded: key.hash) & mask
        while slots[slot] >= 0, !matches(Int(slots[slot]), key, text) { slot = (slot + 1) & mask }
        return slot
    }

    @inline(__always)
    private func matches(
        _ entry: Int, _ key: TextKey, _ text: UnsafeBufferPointer<UInt8>
    ) -> Bool {
        guard entries[entry].key == key else { return false }
        return key.isWhole || holds(entry, text)
    }

    private func holds(_ entry: Int, _ text: UnsafeBufferPointer<UInt8>) -> Bool {
        let start = start(of: entry)
        return arena.withUnsafeBufferPointer { arena in
            guard let mine = arena.baseAddress, let other = text.baseAddress else { return true }
            return memcmp(mine + start, other, text.count) == 0
        }
    }

    private func start(of entry: Int) -> Int { entry == 0 ? 0 : entries[entry - 1].end }

    @inline(never)
    private mutating func add(
        _ key: TextKey, _ text: UnsafeRawBufferPointer, at slot: Int
    ) -> Int32 {
        let number = Int32(entries.count)
        slots[slot] = number
        arena.append(contentsOf: text)
        entries.append(Entry(key: key, end: arena.count))
        if entries.count * 2 > slots.count { grow() }
        return number
    }

    private mutating func grow() {
        let mask = slots.count * 2 - 1
        slots = [Int32](repeating: -1, count: mask + 1)
        for (number, entry) in entries.enumerated() {
            var slot = Int(truncatingIfNeeded: entry.key.hash) & mask
            while slots[slot] >= 0 { slot = (slot + 1) & mask }
            slots[slot] = Int32(number)
        }
    }

    /// All texts, by number, as the dictionary of a column.
    var dictionary: TextDictionary {
        TextDictionary(arena, offsets: [0] + entries.map { Int64($0.end) })
    }
}

/// Tells texts apart: those of up to 15 bytes wholly, longer ones by length and hash.
struct TextKey: Equatable {
    private let low: UInt64
    private let high: UInt64

    private static let longest = 15
    private static let long: UInt64 = 0xFF << 56

    @inline(__always)
    init(_ text: UnsafeBufferPointer<UInt8>) {
        let count = text.count
        guard count > 0, let start = UnsafeRawPointer(text.baseAddress) else {
            (low, high) = (0, 0)
            return
        }
        if count <= 8 {
            low = Self.word(start, count)
            high = UInt64(count) << 56
        } else if count <= Self.longest {
            low = start.loadUnaligned(as: UInt64.self).littleEndian
            let end = (start + (count - 8)).loadUnaligned(as: UInt64.self).littleEndian
            high = end >> UInt64(8 * (16 - count)) | UInt64(count) << 56
        } else {
            low = ByteHash.hash(text)
            high = UInt64(count) | Self.long
        }
    }

    /// A text of up to 8 bytes, the first one lowest.
    @inline(__always)
    init(word: UInt64, count: Int) {
        low = word
        high = UInt64(count) << 56
    }

    /// Whether equal keys mean equal texts.
    @inline(__always)
    var isWhole: Bool { high < Self.long }

    @inline(__always)
    var hash: UInt64 {
        let product = (low ^ 0xA076_1D64_78BD_642F).multipliedFullWidth(
            by: high ^ 0xE703_7ED1_A0B4_28DB)
        return product.high ^ product.low
    }

    /// 1 to 8 bytes as a word, the first one lowest.
    @inline(__always)
    static func word(_ start: UnsafeRawPointer, _ count: Int) -> UInt64 {
        if count == 8 { return start.loadUnaligned(as: UInt64.self).littleEndian }
        if count >= 4 {
            let first = UInt64(start.loadUnaligned(as: UInt32.self).littleEndian)
            let last = UInt64((start + (count - 4)).loadUnaligned(as: UInt32.self).littleEndian)
            return first | last << UInt64(8 * (count - 4))
        }
        var word: UInt64 = 0
        for place in 0..<count {
            word |= UInt64(start.load(fromByteOffset: place, as: UInt8.self)) << UInt64(8 * place)
        }
        return word
    }
}

/// A 64-bit hash of bytes, eight at a time, by folded 128-bit products (after Wang Yi, wyhash).
/// Not against adversaries.
struct ByteHash {
    private var state: UInt64 = 0x9E37_79B9_7F4A_7C15
    private var length: UInt64 = 0

    @inline(__always)
    private static func mix(_ left: UInt64, _ right: UInt64) -> UInt64 {
        let product = left.multipliedFullWidth(by: right)
        return product.high ^ product.low
    }

    /// Takes bytes in; equal contents hash equally only when taken in equal pieces.
    @inline(__always)
    mutating func combine(_ bytes: UnsafeRawBufferPointer) {
        var offset = 0
        while offset + 8 <= bytes.count {
            add(bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
            offset += 8
        }
        var tail: UInt64 = 0
        while offset < bytes.count {
            tail = tail << 8 | UInt64(bytes[offset])
            offset += 1
        }
        add(tail)
        length &+= UInt64(bytes.count)
    }

    @inline(__always)
    private mutating func add(_ word: UInt64) {
        state = Self.mix(state ^ word, 0xA076_1D64_78BD_642F) &+ word
    }

    var value: UInt64 { Self.mix(state ^ length, 0xE703_7ED1_A0B4_28DB) }

    @inline(__always)
    static func hash(_ bytes: UnsafeBufferPointer<UInt8>) -> UInt64 {
        var hash = ByteHash()
        hash.combine(UnsafeRawBufferPointer(bytes))
        return hash.value
    }
}
