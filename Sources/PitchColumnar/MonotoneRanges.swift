import PitchProgram
import PitchSchema

/// A range test of a function of time that only rises, or only falls, is a range test of its
/// operand: `age between 25 and 40` reads the dates of birth as they stand.
func rangeTest(
    _ operand: any Operator<NumberBatch>, _ test: RangeTest
) -> any Operator<TruthBatch> {
    if let read = operand as? ReadPacked<Int64> {
        return PackedInRange(column: read.column, isEvent: read.isEvent, test: test)
    }
    guard let time = operand as? MapTime, let function = time.monotone,
        test.lower <= test.upper
    else { return InRange(operand: operand, test: test) }
    return rangeTest(time.operand, function.preimage(of: test))
}

/// A function of whole numbers that never falls, or never rises, over its domain; beyond the domain
/// it stays as at its end.
private struct MonotoneFunction {
    let domain: ClosedRange<Int64>
    let isRising: Bool
    let value: (Int64) -> Int64

    func preimage(of test: RangeTest) -> RangeTest {
        let (lower, upper) = (test.lower, test.upper)
        let first = isRising ? place { value($0) >= lower } : place { value($0) <= upper }
        let next = isRising ? place { value($0) > upper } : place { value($0) < lower }
        guard let first, first != next else {
            return RangeTest(lower: 0, upper: -1, isComplement: test.isComplement)
        }
        return RangeTest(
            lower: first == domain.lowerBound ? .min : first, upper: next.map { $0 - 1 } ?? .max,
            isComplement: test.isComplement)
    }

    /// The first place in the domain where a condition holds that goes on to hold.
    private func place(_ holds: (Int64) -> Bool) -> Int64? {
        guard holds(domain.upperBound) else { return nil }
        var low = domain.lowerBound
        var high = domain.upperBound
        while low < high {
            let middle = low + (high - low) / 2
            if holds(middle) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}

extension MapTime {
    /// Days beyond 32 bits are clamped, so that the functions of dates stay constant there.
    private static let days = Int64(Int32.min)...Int64(Int32.max)
    /// Instants of those days.
    private static let instants =
        Int64(Int32.min) * millisecondsPerDay...Int64(Int32.max) * millisecondsPerDay

    fileprivate var monotone: MonotoneFunction? {
        switch step {
        case .age(let today):
            MonotoneFunction(domain: Self.days, isRising: false) {
                Int64(completedYears(from: Int32(clamping: $0), to: today))
            }
        case .year:
            MonotoneFunction(domain: Self.days, isRising: true) {
                Int64(CivilDate(days: Int($0)).year)
            }
        case .localDay where zone.keepsDaysInOrder:
            MonotoneFunction(domain: Self.instants, isRising: true) { Int64(zone.day(of: $0)) }
        default: nil
        }
    }
}

extension ZoneRules {
    /// Whether no change of the offset leads back into the day before.
    fileprivate var keepsDaysInOrder: Bool {
        starts.indices.dropFirst().allSatisfy { index in
            day(of: starts[index] - 1) <= day(of: starts[index])
        }
    }
}
