/// Rules over members that share their conditions.
final class Plan {
    let rules: [PlanNode]
    let atoms: AtomTable
    let groups: [EventGroup]
    /// How many answers a run keeps for several uses, and which of them may be unknown or fail.
    private(set) var registers: [Atom] = []
    /// The rules that one pass over kept answers decides; nil: one that is walked.
    let programs: [RuleProgram?]

    /// From so many rules on, all conditions are computed for every row, and then each rule in one
    /// pass. Fewer are walked, and what some rows need no more is not computed for them.
    private static let rulesWorthFusing = 5

    init(rules: [PlanNode], atoms: AtomTable, groups: [EventGroup]) {
        self.rules = rules
        self.atoms = atoms
        self.groups = groups
        let isFused = rules.count >= Self.rulesWorthFusing
        let fused = isFused
            ? Set(rules.filter(\.isFusible).flatMap(\.leaves).map(ObjectIdentifier.init)) : []
        for atom in atoms.atoms
        where atom.uses > 1 || atom.isOneOfGroup || fused.contains(ObjectIdentifier(atom)) {
            atom.register = registers.count
            if case .events(let test) = atom.kind { test.register = registers.count }
            registers.append(atom)
        }
        rules.forEach { $0.settle() }
        programs = rules.map { isFused ? RuleProgram($0) : nil }
    }

    /// Chooses the order in which every junction's operands run.
    func tune(_ run: PlanRun, _ sample: [ChunkRows]) {
        for rule in rules { tune(rule, run, sample) }
    }

    private func tune(_ node: PlanNode, _ run: PlanRun, _ sample: [ChunkRows]) {
        guard case .junction(let junction) = node.kind else { return }
        let rows = Double(max(1, sample.reduce(0) { $0 + $1.count }))
        let shares = junction.operands.map { operand in
            tune(operand.node, run, sample)
            var (yes, no) = (0, 0)
            for chunk in sample {
                let (isTrue, isFalse) = run.populations(operand.node, chunk)
                yes += isTrue
                no += isFalse
            }
            return (isTrue: Double(yes) / rows, isFalse: Double(no) / rows)
        }
        junction.tune(shares)
    }
}

extension Atom {
    /// Whether one pass over the events answers others as well.
    fileprivate var isOneOfGroup: Bool {
        guard case .events(let test) = kind else { return false }
        return test.group.windows.count > 1 || test.group.windows.contains { $0.tests.count > 1 }
    }
}
