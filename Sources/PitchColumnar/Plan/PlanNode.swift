/// A rule, or a part of one: conditions and what joins them. `not` stands at the conditions only.
final class PlanNode {
    enum Kind {
        case atom(Atom, number: Int, isNegated: Bool)
        case junction(PlanJunction)
        /// True, false, or nil: unknown.
        case constant(Bool?)
        /// Failed for every row.
        case failure
    }

    let kind: Kind
    let isNullable: Bool
    let canFail: Bool
    /// Estimated nanoseconds a row.
    let cost: Double
    /// Where a run keeps the condition's answer for all rules, and whether this is its negation;
    /// nil: nowhere.
    private(set) var shared: (register: Int, isNegated: Bool)?

    init(_ kind: Kind) {
        self.kind = kind
        switch kind {
        case .atom(let atom, _, _):
            (isNullable, canFail, cost) = (atom.isNullable, atom.canFail, atom.cost)
        case .junction(let junction):
            let nodes = junction.operands.map(\.node)
            isNullable = nodes.contains { $0.isNullable }
            canFail = nodes.contains { $0.canFail }
            cost = nodes.reduce(0) { $0 + $1.cost }
        case .constant(let value): (isNullable, canFail, cost) = (value == nil, false, 0.01)
        case .failure: (isNullable, canFail, cost) = (true, true, 0.01)
        }
    }

    /// Takes over where the conditions in it are kept.
    func settle() {
        switch kind {
        case .atom(let atom, _, let isNegated):
            shared = atom.register.map { ($0, isNegated) }
        case .junction(let junction): junction.operands.forEach { $0.node.settle() }
        case .constant, .failure: break
        }
    }

    /// What runs, for `explain`.
    var kernel: String {
        switch kind {
        case .atom(let atom, _, _): atom.kernel
        case .junction: "several conditions"
        case .constant, .failure: "a constant"
        }
    }

    /// Whether it is an operator that has no kernel.
    var isGeneral: Bool {
        guard case .atom(let atom, _, _) = kind, case .general = atom.kind else { return false }
        return true
    }

    /// What makes two nodes over one table of atoms alike.
    var key: PlanKey {
        switch kind {
        case .atom(_, let number, let isNegated): .atom(number, isNegated: isNegated)
        case .junction(let junction):
            .junction(isAnd: junction.isAnd, junction.operands.map(\.node.key))
        case .constant(let value): .constant(value)
        case .failure: .failure
        }
    }
}

indirect enum PlanKey: Hashable {
    case atom(Int, isNegated: Bool)
    case junction(isAnd: Bool, [PlanKey])
    case constant(Bool?)
    case failure
}

/// `and` or `or` of several nodes, in the order that decides most rows soonest.
final class PlanJunction {
    struct Operand {
        /// Its place in the script.
        let position: Int
        let node: PlanNode
        /// Share of rows for which it is true, over the sample.
        var selectivity = 0.5
        /// Share of rows that it decides, over the sample.
        var decided = 0.5
    }

    let isAnd: Bool
    private(set) var operands: [Operand]
    /// Of the operands those that zones may decide.
    let ranges: [(atom: Atom, isNegated: Bool)]

    init(isAnd: Bool, _ nodes: [PlanNode]) {
        self.isAnd = isAnd
        ranges = nodes.compactMap { node in
            guard case .atom(let atom, _, let isNegated) = node.kind, case .range = atom.kind
            else { return nil }
            return (atom, isNegated)
        }
        operands = nodes.enumerated().map { Operand(position: $0.offset, node: $0.element) }
        sort()
    }

    /// Takes what a sample showed of every operand, in their order.
    func tune(_ shares: [(isTrue: Double, isFalse: Double)]) {
        for (index, share) in shares.enumerated() {
            operands[index].selectivity = share.isTrue
            operands[index].decided = isAnd ? share.isFalse : share.isTrue
        }
        sort()
    }

    private func sort() {
        operands.sort {
            ($1.decided / $1.node.cost, $0.position) < ($0.decided / $0.node.cost, $1.position)
        }
    }
}
