/// Members in classes: those of one class are worth and use the same with every offer, so that only
/// how many of them get an offer matters.
package struct ClassTable: Sendable {
    /// How many members every class has.
    package let sizes: [Int]
    package let offers: Int
    /// What an offer is worth for a member of a class, `[class][offer]`; `nil` where the class may
    /// not get it. No offer is worth 0 and uses nothing.
    package let values: [[Double?]]
    package let rows: [ClassRow]

    /// - Throws: `noCandidate` without a class or an offer, `parameterOutOfRange` for a size below
    ///   0, `sizeMismatch`, `valueIsNotFinite` at class × offers + offer, `rowIsMalformed`.
    package init(
        sizes: [Int], offers: Int, values: [[Double?]], rows: [ClassRow]
    ) throws(OptimizerError) {
        guard !sizes.isEmpty, offers > 0 else { throw .noCandidate }
        guard offers <= Int(Int16.max) else { throw .tooMany(offers) }
        guard sizes.allSatisfy({ $0 >= 0 }) else { throw .parameterOutOfRange }
        guard values.count == sizes.count else {
            throw .sizeMismatch(expected: sizes.count, found: values.count)
        }
        for (place, own) in values.enumerated() {
            guard own.count == offers else {
                throw .sizeMismatch(expected: offers, found: own.count)
            }
            if let offer = own.firstIndex(where: { $0?.isFinite == false }) {
                throw .valueIsNotFinite(at: place * offers + offer)
            }
        }
        if let row = rows.firstIndex(where: { !$0.isSound(sizes.count, offers) }) {
            throw .rowIsMalformed(row)
        }
        self.init(sound: sizes, offers, values, rows)
    }

    init(sound sizes: [Int], _ offers: Int, _ values: [[Double?]], _ rows: [ClassRow]) {
        (self.sizes, self.offers, self.values, self.rows) = (sizes, offers, values, rows)
    }

    var members: Int { sizes.reduce(0, +) }

    /// What no choice can come to: every class's greatest absolute value.
    var greatestSum: Double {
        zip(sizes, values).reduce(0) { sum, own in
            sum + Double(own.0) * own.1.reduce(0) { max($0, abs($1 ?? 0)) }
        }
    }

    /// What so many members with an offer add up to: exactly where all are whole numbers.
    func activity(of row: Int, _ counts: [[Int]]) -> Double {
        var sum = 0.0
        for (uses, counts) in zip(rows[row].uses, counts) {
            for (use, count) in zip(uses, counts) where count > 0 { sum += use * Double(count) }
        }
        return sum
    }

    func value(_ counts: [[Int]]) -> Double {
        var sum = 0.0
        for (values, counts) in zip(values, counts) {
            for (value, count) in zip(values, counts) where count > 0 {
                sum += (value ?? 0) * Double(count)
            }
        }
        return sum
    }
}

/// A limit on the sum of what offers use.
package struct ClassRow: Sendable {
    /// What an offer uses for a member of a class, `[class][offer]`.
    package let uses: [[Double]]
    /// What the sum is at most.
    package let limit: Double

    package init(_ uses: [[Double]], atMost limit: Double) {
        (self.uses, self.limit) = (uses, limit)
    }

    func isSound(_ classes: Int, _ offers: Int) -> Bool {
        limit.isFinite && uses.count == classes
            && uses.allSatisfy { $0.count == offers && $0.allSatisfy(\.isFinite) }
    }

    /// What the sum may exceed the limit by: nothing where all are whole numbers.
    var rounding: Double {
        let isInteger = limit.isWhole && uses.allSatisfy { $0.allSatisfy(\.isWhole) }
        return isInteger ? 0 : 1e-9 * max(1, abs(limit))
    }

    /// What one unit beyond the limit is measured by: its size, or 1 for a limit of 0.
    var unit: Double { limit == 0 ? 1 : abs(limit) }
}

extension Double {
    /// Whether it is a whole number; beyond 2⁵³ it is one because it is rounded.
    var isWhole: Bool { rounded() == self && abs(self) <= 0x1p53 }
}
