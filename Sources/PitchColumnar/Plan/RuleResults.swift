/// Masks of every rule for all rows, which chunks are written to.
struct RuleResults {
    private var isTrue: [Bitmap]
    /// Of rules that may be unknown.
    private var isPossible: [Bitmap]
    /// Of rules that may fail.
    private var failed: [Bitmap]
    private let rules: [PlanNode]
    private let count: Int

    init(_ rules: [PlanNode], count: Int) {
        self.rules = rules
        self.count = count
        isTrue = rules.map { _ in Bitmap(unfilled: count) }
        isPossible = rules.filter(\.isNullable).map { _ in Bitmap(unfilled: count) }
        failed = rules.filter(\.canFail).map { _ in Bitmap(unfilled: count) }
    }

    /// Lends the memory of all masks: those of rule i are item i.
    mutating func withMasks(_ body: ([TruthMasks]) throws -> Void) rethrows {
        let rules = rules
        try lend(&isTrue) { isTrue in
            try lend(&isPossible) { isPossible in
                try lend(&failed) { failed in
                    var (nullable, failing) = (isPossible[...], failed[...])
                    try body(
                        rules.indices.map { index in
                            TruthMasks(
                                isTrue: isTrue[index],
                                isPossible: rules[index].isNullable
                                    ? nullable.removeFirst() : isTrue[index],
                                failed: rules[index].canFail ? failing.removeFirst() : nil)
                        })
                }
            }
        }
    }

    /// What the rules say, in the memory that they were written to.
    /// - Parameters:
    ///   - all: the mask with every bit set, and `none` with no bit; answers share their memory.
    mutating func selections(all: Bitmap, none: Bitmap) -> [Selection] {
        return rules.reversed().map { rule in
            let isTrue = self.isTrue.popLast() ?? none
            var isKnown = all
            if rule.isNullable {
                isKnown = isPossible.popLast() ?? none
                isKnown.setKnown(beside: isTrue)
            }
            let failed = rule.canFail ? self.failed.popLast() : nil
            return Selection(isTrue: isTrue, isKnown: isKnown, failed: failed ?? none)
        }.reversed()
    }
}

extension Bitmap {
    /// With anything in it: every word is written before it is read.
    fileprivate init(unfilled count: Int) {
        let words = (count + 63) / 64
        self.init(
            words: [UInt64](unsafeUninitializedCapacity: words) { _, initialized in
                initialized = words
            }, count: count)
    }

    /// Of what is possible makes what is known: what is true, or not possible.
    fileprivate mutating func setKnown(beside isTrue: Bitmap) {
        for index in words.indices { words[index] = isTrue.words[index] | ~words[index] }
        clearTail()
    }
}

/// Lends the memory of several bitmaps at once, one inside the other.
private func lend(
    _ bitmaps: inout [Bitmap], _ lent: [MaskWords] = [], _ body: ([MaskWords]) throws -> Void
) rethrows {
    guard var last = bitmaps.popLast() else { return try body(lent.reversed()) }
    defer { bitmaps.append(last) }
    try last.words.withUnsafeMutableBufferPointer { words in
        guard let words = words.baseAddress else { return }
        try lend(&bitmaps, lent + [words], body)
    }
}

extension TruthMasks {
    /// The masks of the rows from a word on.
    func from(word: Int) -> TruthMasks {
        TruthMasks(
            isTrue: isTrue + word, isPossible: isPossible + word, failed: failed.map { $0 + word })
    }
}
