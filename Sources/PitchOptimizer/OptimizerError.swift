/// What a caller's numbers can be wrong in.
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
    /// A history row, by its place, that no campaign can have produced: fewer issued than
    /// converted, or a negative count, face or cost.
    case impossibleResult(row: Int)
    /// A prior with a share outside 0 to 1, or a spread, an elasticity or a face not above 0.
    case impossiblePrior
    /// An amount of money leaves 64 bits.
    case moneyOverflow
    /// The audience has no members, or a segment a negative number of them.
    case emptyAudience
    /// An item, by its place, without coupons, or with a quantity, an amount or a threshold below
    /// zero.
    case impossibleItem(Int)
    /// A goal whose targets are not above zero, or whose weights are not shares that add up to
    /// one.
    case impossibleGoal
    /// A candidate, by its place, without a choice of coupons or of quantities.
    case emptyCandidate(Int)
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
        case .impossibleResult(let row):
            "row \(row + 1) of the history is no campaign: more converted than issued, or a count, "
                + "a face or a cost below 0"
        case .impossiblePrior: "a share of the prior is outside 0 to 1, or a spread not above 0"
        case .moneyOverflow: "an amount of money does not fit 64 bits"
        case .emptyAudience: "the audience has no members"
        case .impossibleItem(let item):
            "item \(item + 1) has no coupon, or an amount or a quantity below 0"
        case .impossibleGoal: "a target is not above 0, or a weight outside 0 to 1"
        case .emptyCandidate(let place):
            "candidate \(place + 1) has no coupon or no quantity to choose from"
        }
    }
}
