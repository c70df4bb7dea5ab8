/// Kleene logic over batches: a decided operand decides, then failure wins over unknown.
extension TruthBatch {
    var negated: TruthBatch { TruthBatch(isTrue: isFalse, known: known, failed: failed) }

    static func && (left: TruthBatch, right: TruthBatch) -> TruthBatch {
        let isTrue = left.isTrue & right.isTrue
        if left.known == nil, right.known == nil {
            return TruthBatch(isTrue: isTrue, known: nil, failed: nil)
        }
        let isFalse = left.isFalse | right.isFalse
        let failed = union(left.failed, right.failed).map { $0 - isFalse }
        return TruthBatch(isTrue: isTrue, known: isTrue | isFalse, failed: failed)
    }

    static func || (left: TruthBatch, right: TruthBatch) -> TruthBatch {
        let isTrue = left.isTrue | right.isTrue
        if left.known == nil, right.known == nil {
            return TruthBatch(isTrue: isTrue, known: nil, failed: nil)
        }
        let isFalse = left.isFalse & right.isFalse
        let failed = union(left.failed, right.failed).map { $0 - isTrue }
        return TruthBatch(isTrue: isTrue, known: isTrue | isFalse, failed: failed)
    }
}

struct Not: Operator {
    let operand: any Operator<TruthBatch>
    var cost: Double { operand.cost }
    var kernel: String { operand.kernel }

    func run(_ frame: Frame) -> TruthBatch { operand.run(frame).negated }
}

/// `and` or `or` of several operands, the cheap ones first. Rows that are decided are not looked at
/// again: when few are left, only those run on.
struct Junction: Operator {
    let isAnd: Bool
    /// In the script's order.
    let tests: [any Operator<TruthBatch>]
    private let ordered: [any Operator<TruthBatch>]

    /// Below this share of undecided rows they are gathered.
    private static let sparseShare = 32

    init(isAnd: Bool, _ tests: [any Operator<TruthBatch>]) {
        self.isAnd = isAnd
        self.tests = tests
        ordered = tests.enumerated().sorted { ($0.1.cost, $0.0) < ($1.1.cost, $1.0) }.map(\.1)
    }

    var cost: Double { tests.reduce(0) { $0 + $1.cost } }
    var kernel: String { "several conditions" }

    func run(_ frame: Frame) -> TruthBatch { run(frame, from: 0) }

    private func run(_ frame: Frame, from first: Int) -> TruthBatch {
        guard first < ordered.count else {
            return TruthBatch(repeating: isAnd, count: frame.count)
        }
        var result = ordered[first].run(frame)
        for next in ordered.indices.dropFirst(first + 1) {
            let open = (isAnd ? result.isFalse : result.isTrue).complement
            let population = open.population
            if population == 0 { break }
            if population * Self.sparseShare < frame.count {
                let rows = open.rows
                let rest = run(frame.picked(rows), from: next)
                return combine(result, rest.scattered(to: rows, count: frame.count))
            }
            result = combine(result, ordered[next].run(frame))
        }
        return result
    }

    private func combine(_ left: TruthBatch, _ right: TruthBatch) -> TruthBatch {
        isAnd ? left && right : left || right
    }
}
