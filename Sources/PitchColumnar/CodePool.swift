import PitchProgram

/// What the codes of a text or tags expression stand for. Texts are held as UTF-8, whose byte order
/// is the order of Unicode scalars.
final class CodePool {
    enum Content {
        case texts(bytes: [UInt8], offsets: [Int])
        /// Code c is the set `elements[offsets[c]..<offsets[c + 1]]` of texts of `names`.
        case tagSets(offsets: PackedIntegers, elements: PackedIntegers, names: [String])
    }

    let content: Content
    let count: Int
    /// Of tag sets: which rows have a tag, where that is kept.
    let keptTags: KeptTagBits?
    private var ranks: [Int32]?
    private var codes: [ArraySlice<UInt8>: [Int]]?

    init(texts: [String]) {
        var bytes: [UInt8] = []
        var offsets = [0]
        offsets.reserveCapacity(texts.count + 1)
        for text in texts {
            bytes += text.utf8
            offsets.append(bytes.count)
        }
        content = .texts(bytes: bytes, offsets: offsets)
        count = texts.count
        keptTags = nil
    }

    /// The texts of a column, copied.
    init(_ dictionary: TextDictionary) {
        content = .texts(
            bytes: Array(dictionary.bytes.raw), offsets: dictionary.offsets.map { Int($0) })
        count = dictionary.count
        keptTags = nil
    }

    convenience init(tagOffsets offsets: [Int32], elements: [Int32], names: [String]) {
        self.init(
            tagOffsets: PackedIntegers(indices: offsets),
            elements: PackedIntegers(indices: elements), names: names)
    }

    init(
        tagOffsets offsets: PackedIntegers, elements: PackedIntegers, names: [String],
        kept: KeptTagBits? = nil
    ) {
        keptTags = kept
        content = .tagSets(offsets: offsets, elements: elements, names: names)
        count = max(0, offsets.count - 1)
    }

    func text(_ code: Int) -> String { String(decoding: bytes(code), as: UTF8.self) }

    func bytes(_ code: Int) -> ArraySlice<UInt8> {
        guard case .texts(let bytes, let offsets) = content, code < count else { return [] }
        return bytes[offsets[code]..<offsets[code + 1]]
    }

    /// The codes of some texts; those that no code stands for are left out.
    func codes(of texts: [ArraySlice<UInt8>]) -> [Int] {
        if codes == nil {
            codes = [:]
            for code in 0..<count { codes?[bytes(code), default: []].append(code) }
        }
        return texts.flatMap { codes?[$0] ?? [] }
    }

    func tags(_ code: Int) -> [String] {
        guard case .tagSets(let offsets, let elements, let names) = content, code < count else {
            return []
        }
        return (Int(offsets[code])..<Int(offsets[code + 1])).map { names[Int(elements[$0])] }
    }

    var isTags: Bool {
        if case .tagSets = content { true } else { false }
    }

    /// A byte a code: 1 where the test of its text holds.
    func table(_ test: (ArraySlice<UInt8>) -> Bool) -> [UInt8] {
        (0..<count).map { test(bytes($0)) ? 1 : 0 }
    }

    /// The place of every code in the order of the texts.
    var order: [Int32] {
        if let ranks { return ranks }
        let sorted = (0..<count).sorted { isLess(bytes($0), bytes($1)) }
        var ranks = [Int32](repeating: 0, count: count)
        for (rank, code) in sorted.enumerated() { ranks[code] = Int32(rank) }
        self.ranks = ranks
        return ranks
    }

    /// This pool's and another's entries in one; and where each code of either has gone.
    func merged(with other: CodePool) -> (pool: CodePool, left: [Int32], right: [Int32]) {
        if other === self {
            let same = (0..<Int32(count)).map(\.self)
            return (self, same, same)
        }
        return isTags || other.isTags ? mergedTags(other) : mergedTexts(other)
    }

    private func mergedTexts(_ other: CodePool) -> (CodePool, [Int32], [Int32]) {
        var codes: [ArraySlice<UInt8>: Int32] = [:]
        var texts: [String] = []
        func map(_ pool: CodePool) -> [Int32] {
            (0..<pool.count).map { code in
                let bytes = pool.bytes(code)
                if let known = codes[bytes] { return known }
                codes[bytes] = Int32(texts.count)
                texts.append(pool.text(code))
                return Int32(texts.count - 1)
            }
        }
        let left = map(self)
        let right = map(other)
        return (CodePool(texts: texts), left, right)
    }

    private func mergedTags(_ other: CodePool) -> (CodePool, [Int32], [Int32]) {
        var codes: [String: Int32] = [:]
        var names: [String] = []
        var offsets: [Int32] = [0]
        var elements: [Int32] = []
        for pool in [self, other] {
            for set in 0..<pool.count {
                for name in pool.tags(set) {
                    let code = codes[name] ?? Int32(names.count)
                    if codes.updateValue(code, forKey: name) == nil { names.append(name) }
                    elements.append(code)
                }
                offsets.append(Int32(elements.count))
            }
        }
        let right = (0..<Int32(other.count)).map { $0 + Int32(count) }
        return (
            CodePool(tagOffsets: offsets, elements: elements, names: names),
            (0..<Int32(count)).map(\.self), right
        )
    }
}

/// By bytes, which is by Unicode scalars.
func isLess(_ left: ArraySlice<UInt8>, _ right: ArraySlice<UInt8>) -> Bool {
    left.lexicographicallyPrecedes(right)
}

/// Whether one text stands anywhere in another.
func hasPart(_ text: ArraySlice<UInt8>, _ part: ArraySlice<UInt8>) -> Bool {
    guard let first = part.first else { return true }
    var rest = text
    while rest.count >= part.count, let place = rest.firstIndex(of: first) {
        rest = rest[place...]
        if rest.starts(with: part) { return true }
        rest = rest.dropFirst()
    }
    return false
}

extension Comparison {
    /// The comparison of two texts.
    func holds(_ left: ArraySlice<UInt8>, _ right: ArraySlice<UInt8>) -> Bool {
        switch self {
        case .equal: left.elementsEqual(right)
        case .notEqual: !left.elementsEqual(right)
        case .less: isLess(left, right)
        case .lessOrEqual: !isLess(right, left)
        case .greater: isLess(right, left)
        case .greaterOrEqual: !isLess(left, right)
        }
    }
}

extension TextTest {
    func holds(_ text: ArraySlice<UInt8>, _ part: ArraySlice<UInt8>) -> Bool {
        switch self {
        case .startsWith: text.starts(with: part)
        case .contains: hasPart(text, part)
        }
    }
}
