import Glibc
import PitchColumnar

/// Numbers different texts by their bytes, in the order of first sight.
struct TextInterner {
    /// Open addressing; −1 is a free slot. The count of slots is a power of two.
    private var slots: [Int32]
    private var hashes: [UInt64] = []
    /// Entry e is `arena[ends[e - 1]..<ends[e]]`.
    private var arena: [UInt8] = []
    private var ends: [Int] = []

    init(capacity: Int = 64) {
        var size = 64
        while size < capacity * 2 { size *= 2 }
        slots = [Int32](repeating: -1, count: size)
    }

    var count: Int { ends.count }

    /// The number of a text, and whether it is new.
    mutating func intern(_ text: UnsafeBufferPointer<UInt8>) -> (number: Int32, isNew: Bool) {
        let hash = ByteHash.hash(text)
        let slot = self.slot(of: text, hash)
        if slots[slot] >= 0 { return (slots[slot], false) }
        let number = Int32(ends.count)
        slots[slot] = number
        hashes.append(hash)
        arena.append(contentsOf: text)
        ends.append(arena.count)
        if ends.count * 2 > slots.count { grow() }
        return (number, true)
    }

    /// The number of a text; nil when it has none.
    func number(of text: UnsafeBufferPointer<UInt8>) -> Int32? {
        let number = slots[slot(of: text, ByteHash.hash(text))]
        return number < 0 ? nil : number
    }

    private func slot(of text: UnsafeBufferPointer<UInt8>, _ hash: UInt64) -> Int {
        let mask = slots.count - 1
        var slot = Int(truncatingIfNeeded: hash) & mask
        while slots[slot] >= 0, !matches(Int(slots[slot]), text, hash) { slot = (slot + 1) & mask }
        return slot
    }

    private func matches(
        _ entry: Int, _ text: UnsafeBufferPointer<UInt8>, _ hash: UInt64
    ) -> Bool {
        guard hashes[entry] == hash else { return false }
        let start = entry == 0 ? 0 : ends[entry - 1]
        guard ends[entry] - start == text.count else { return false }
        return arena.withUnsafeBufferPointer { arena in
            guard let mine = arena.baseAddress, let other = text.baseAddress else { return true }
            return memcmp(mine + start, other, text.count) == 0
        }
    }

    private mutating func grow() {
        let mask = slots.count * 2 - 1
        slots = [Int32](repeating: -1, count: mask + 1)
        for (entry, hash) in hashes.enumerated() {
            var slot = Int(truncatingIfNeeded: hash) & mask
            while slots[slot] >= 0 { slot = (slot + 1) & mask }
            slots[slot] = Int32(entry)
        }
    }

    /// All texts, by number, as the dictionary of a column.
    var dictionary: TextDictionary {
        TextDictionary(arena, offsets: [0] + ends.map { Int64($0) })
    }

    /// All texts, by number.
    var texts: [String] {
        ends.indices.map { entry in
            String(decoding: arena[(entry == 0 ? 0 : ends[entry - 1])..<ends[entry]], as: UTF8.self)
        }
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
