import CKernels

/// A rule as steps over the masks of its conditions, which many rules share: one pass answers it.
///
/// `and` and `or` do to what surely holds what they do to what may hold, and `not` stands at the
/// conditions only. So the same steps over other masks give the one or the other.
struct RuleProgram {
    struct Leaf {
        let register: Int
        let isNegated: Bool
    }

    private(set) var steps: [kernels_step] = []
    /// The conditions, in the order of the masks that steps read.
    private(set) var leaves: [Leaf] = []
    private var depth = 0

    /// Nil of a rule that has conditions that are kept nowhere, or that fail, and of one that keeps
    /// too many answers.
    init?(_ rule: PlanNode) {
        guard rule.isFusible, add(rule) else { return nil }
    }

    var hasNegation: Bool { leaves.contains { $0.isNegated } }

    private mutating func add(_ node: PlanNode) -> Bool {
        switch node.kind {
        case .constant, .failure: return false
        case .atom: return add(node, KERNELS_TAKE, negated: KERNELS_TAKE_NOT)
        case .junction(let junction):
            let nodes = junction.operands.map(\.node)
            // Those that are several conditions first: then most need not keep an answer.
            let ordered = nodes.filter(\.isJunction) + nodes.filter { !$0.isJunction }
            return ordered.enumerated().allSatisfy { place, node in
                place == 0 ? add(node) : join(node, isAnd: junction.isAnd)
            }
        }
    }

    private mutating func join(_ node: PlanNode, isAnd: Bool) -> Bool {
        guard node.isJunction else {
            return isAnd
                ? add(node, KERNELS_AND, negated: KERNELS_AND_NOT)
                : add(node, KERNELS_OR, negated: KERNELS_OR_NOT)
        }
        depth += 1
        defer { depth -= 1 }
        guard depth <= Int(KERNELS_RULE_DEPTH) else { return false }
        steps.append(kernels_step(action: UInt32(KERNELS_KEEP), mask: 0))
        guard add(node) else { return false }
        let action = isAnd ? KERNELS_AND_KEPT : KERNELS_OR_KEPT
        steps.append(kernels_step(action: UInt32(action), mask: 0))
        return true
    }

    private mutating func add(_ node: PlanNode, _ action: Int, negated: Int) -> Bool {
        guard let (register, isNegated) = node.shared else { return false }
        steps.append(
            kernels_step(
                action: UInt32(isNegated ? negated : action), mask: UInt32(leaves.count)))
        leaves.append(Leaf(register: register, isNegated: isNegated))
        return true
    }
}

extension PlanNode {
    var isJunction: Bool {
        if case .junction = kind { true } else { false }
    }

    /// Whether it is made of conditions that kernels answer for every row.
    var isFusible: Bool {
        switch kind {
        case .constant, .failure: false
        case .junction(let junction): junction.operands.allSatisfy { $0.node.isFusible }
        case .atom(let atom, _, _): !isGeneral && !atom.canFail
        }
    }

    /// The conditions in it.
    var leaves: [Atom] {
        switch kind {
        case .constant, .failure: []
        case .junction(let junction): junction.operands.flatMap(\.node.leaves)
        case .atom(let atom, _, _): [atom]
        }
    }
}

/// A rule's steps with the masks of one thread.
struct BoundProgram {
    private let steps: [kernels_step]
    private let hasNegation: Bool
    /// What surely holds, and what may hold, of every condition, or its negation.
    private let surely: [UnsafePointer<UInt64>?]
    private let possible: [UnsafePointer<UInt64>?]

    init(_ program: RuleProgram, _ registers: [TruthMasks]) {
        steps = program.steps
        hasNegation = program.hasNegation
        let views = program.leaves.map {
            MaskView(masks: registers[$0.register], isNegated: $0.isNegated)
        }
        surely = views.map { UnsafePointer($0.surely.words) }
        possible = views.map { UnsafePointer($0.possible.words) }
    }

    func run(_ family: KernelFamily, _ scratch: Scratch, rows: Int, into masks: TruthMasks) {
        family.rule(steps, surely, rows: rows, scratch, into: masks.isTrue)
        if masks.isNullable {
            family.rule(steps, possible, rows: rows, scratch, into: masks.isPossible)
        }
        guard hasNegation else { return }
        masks.isTrue.clearTail(rows)
        if masks.isNullable { masks.isPossible.clearTail(rows) }
    }
}
