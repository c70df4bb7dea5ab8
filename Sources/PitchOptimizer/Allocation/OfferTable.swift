/// What every offer would do for every member: the input of an allocation.
///
/// Both arrays are offer-major, entry `offer * members + member`, so a pass streams over columns.
/// "No offer" is always a choice beside them, of value 0 and cost 0.
package struct OfferTable: Sendable {
    /// How many members there are, and how many offers each may get one of.
    package let members: Int
    package let offers: Int
    /// The value of giving an offer to a member, such as its expected conversions; may be negative.
    package let values: [Float]
    /// The cost of giving it, in minor units; may be zero or negative. 32 bits take the room of a
    /// `Float` without its rounding beyond 2²⁴.
    package let costsMinor: [Int32]
    /// The greatest absolute value of an entry.
    let largestValue: Double

    /// - Throws: `noCandidate`, `tooMany`, `sizeMismatch`, or `valueIsNotFinite` for the first.
    package init(
        members: Int, offers: Int, values: [Float], costsMinor: [Int32]
    ) throws(OptimizerError) {
        guard members > 0, offers > 0 else { throw .noCandidate }
        guard members <= Int(Int32.max) else { throw .tooMany(members) }
        guard offers <= Int(Int16.max) else { throw .tooMany(offers) }
        let entries = members * offers
        guard values.count == entries else {
            throw .sizeMismatch(expected: entries, found: values.count)
        }
        guard costsMinor.count == entries else {
            throw .sizeMismatch(expected: entries, found: costsMinor.count)
        }
        // Absolute values as bits are in the order of the numbers; infinity and NaN come last.
        let largest = values.withUnsafeBufferPointer { values in
            values.reduce(UInt32(0)) { max($0, $1.bitPattern & 0x7FFF_FFFF) }
        }
        guard largest < Float.infinity.bitPattern else {
            throw .valueIsNotFinite(at: values.firstIndex { !$0.isFinite } ?? 0)
        }
        largestValue = Double(Float(bitPattern: largest))
        (self.members, self.offers) = (members, offers)
        (self.values, self.costsMinor) = (values, costsMinor)
    }

    /// Costs of 64 bits in the 32 bits of a table, or an error: never a rounded cost.
    /// - Throws: `costIsTooLarge` for the first that does not fit.
    package static func narrowed(_ costsMinor: [Int64]) throws(OptimizerError) -> [Int32] {
        if let place = costsMinor.firstIndex(where: { Int32(exactly: $0) == nil }) {
            throw .costIsTooLarge(at: place)
        }
        return costsMinor.map { Int32(truncatingIfNeeded: $0) }
    }

    /// Lends the columns as pointers, valid during the call.
    func withColumns<Result>(_ body: (OfferColumns) -> Result) -> Result {
        values.withUnsafeBufferPointer { values in
            costsMinor.withUnsafeBufferPointer { costs in
                guard let values = values.baseAddress, let costs = costs.baseAddress else {
                    preconditionFailure("a table has at least one entry")
                }
                return body(
                    OfferColumns(values: values, costs: costs, members: members, offers: offers))
            }
        }
    }
}

/// The columns of a table, for row loops.
// Unchecked: nothing writes through these pointers, and the table outlives them.
struct OfferColumns: @unchecked Sendable {
    let values: UnsafePointer<Float>
    let costs: UnsafePointer<Int32>
    let members: Int
    let offers: Int

    /// - Parameter offer: an offer, or a negative number for none.
    @inline(__always)
    func value(_ member: Int, _ offer: Int) -> Double {
        offer < 0 ? 0 : Double(values[offer &* members &+ member])
    }

    @inline(__always)
    func cost(_ member: Int, _ offer: Int) -> Int64 {
        offer < 0 ? 0 : Int64(costs[offer &* members &+ member])
    }
}
