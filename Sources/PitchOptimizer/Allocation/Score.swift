/// How cost and value are weighed against their targets:
/// `costWeight · (T₀ − T) / T₀ + valueWeight · (P − P₀) / P₀` for a total cost T and value P. A
/// score of 0 is exactly on both targets.
package struct ScoreRule: Sendable, Equatable {
    /// The share of the cost term, of 0...1.
    package let costWeight: Double
    /// T₀, in minor units.
    package let costTargetMinor: Int64
    /// The share of the value term.
    package let valueWeight: Double
    /// P₀.
    package let valueTarget: Double

    /// - Throws: `parameterOutOfRange` unless both targets are positive and the weights are of
    ///   0...1 with a sum of 1.
    package init(
        costWeight: Double, costTargetMinor: Int64, valueWeight: Double, valueTarget: Double
    ) throws(OptimizerError) {
        let isShare = (0...1).contains(costWeight) && (0...1).contains(valueWeight)
        guard isShare, abs(costWeight + valueWeight - 1) <= 1e-9 else {
            throw .parameterOutOfRange
        }
        guard costTargetMinor > 0, valueTarget > 0, valueTarget.isFinite else {
            throw .parameterOutOfRange
        }
        (self.costWeight, self.costTargetMinor) = (costWeight, costTargetMinor)
        (self.valueWeight, self.valueTarget) = (valueWeight, valueTarget)
    }

    /// The score of totals.
    package func score(value: Double, costMinor: Int64) -> Double {
        let target = Double(costTargetMinor)
        return costWeight * (target - Double(costMinor)) / target
            + valueWeight * (value - valueTarget) / valueTarget
    }
}

/// The choice of the greatest score any choice has.
package struct ScoredAllocation: Sendable, Equatable {
    /// The offer of every member, or −1 for none.
    package let choices: [Int16]
    /// The sums of the chosen values, and of the chosen costs in minor units.
    package let value: Double
    package let costMinor: Int64
    /// The score of these totals: below a threshold, no choice passes it.
    package let score: Double
}

extension Allocator {
    /// The choice of greatest score. A score is linear in the totals, so every member's best is
    /// the best of all: exact in one pass, without a gap.
    package func maximizeScore(_ rule: ScoreRule) -> ScoredAllocation {
        var choices = [Int16](repeating: -1, count: table.members)
        let totals = table.withColumns { columns in
            let price = CellPrice(
                value: rule.valueWeight / rule.valueTarget,
                cost: rule.costWeight / Double(rule.costTargetMinor), member: 0)
            choose(columns, Array(repeating: price, count: table.offers), into: &choices)
            return Totals.of(choices, columns, threads: threads)
        }
        return ScoredAllocation(
            choices: choices, value: totals.value, costMinor: totals.cost,
            score: rule.score(value: totals.value, costMinor: totals.cost))
    }

    private func choose(
        _ columns: OfferColumns, _ prices: [CellPrice], into choices: inout [Int16]
    ) {
        choices.withUnsafeMutableBufferPointer { choices in
            guard let base = choices.baseAddress else { return }
            let slots = Slots(base: base)
            _ = Chunks(members: columns.members, threads: threads).map { chunk in
                let lanes = PricedLanes()
                Chunks.forEachBlock(of: chunk) { block in
                    lanes.choose(columns, block, prices)
                    for place in 0..<block.count {
                        slots[block.lowerBound &+ place] =
                            Int16(truncatingIfNeeded: lanes.choiceAtHigh(place))
                    }
                }
            }
        }
    }
}
