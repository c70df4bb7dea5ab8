/// Why an allocation cannot be computed from what was given.
package enum OptimizerError: Error, Equatable, Sendable {
    /// A table without a member or without an offer.
    case noCandidate
    /// More members or offers than choices can number: members < 2³¹, offers < 2¹⁵.
    case tooMany(Int)
    /// An array has another number of entries than the table asks for.
    case sizeMismatch(expected: Int, found: Int)
    /// The value at this place of the offer-major array is NaN or infinite.
    case valueIsNotFinite(at: Int)
    /// The cost at this place of the offer-major array does not fit in 32 bits of minor units.
    case costIsTooLarge(at: Int)
    /// A budget below zero.
    case negativeBudget(Int64)
    /// A floor, weight, target or coefficient that is NaN, infinite or out of its range.
    case parameterOutOfRange
    /// No choice of offers reaches the floor; the greatest value any choice has is given.
    case floorIsOutOfReach(greatest: Double)
    /// The row at this index names a segment, an offer or a limit that does not exist.
    case rowIsMalformed(Int)
}

extension OptimizerError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .noCandidate: "there is no member, or no offer to choose from"
        case .tooMany(let count): "there are \(count) members or offers, more than can be numbered"
        case .sizeMismatch(let expected, let found):
            "expected \(expected) entries, found \(found)"
        case .valueIsNotFinite(let place): "the value at place \(place) is not a finite number"
        case .costIsTooLarge(let place): "the cost at place \(place) does not fit 32 bits"
        case .negativeBudget(let budget): "expected a budget of 0 or more, found \(budget)"
        case .parameterOutOfRange: "a floor, weight, target or coefficient is out of its range"
        case .floorIsOutOfReach(let greatest):
            "the floor is out of reach: the most that any choice comes to is \(greatest)"
        case .rowIsMalformed(let row):
            "limit \(row + 1) is of a segment or an offer that is not there"
        }
    }
}
