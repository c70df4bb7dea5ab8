import PitchSchema

/// Evaluates a plan chunk by chunk, in one thread.
final class PlanRun {
    let plan: Plan
    let family: KernelFamily
    let scratch: Scratch
    private let registers: [TruthMasks]
    /// Rules that one pass decides, and the registers that they read.
    private let programs: [BoundProgram?]
    private let fusedRegisters: [Int]
    /// The chunk whose answer a register holds.
    private var contents: [Int]
    private var chunk = 0
    /// What zones say of the condition of every register, and of which chunk.
    private var zoned: [(chunk: Int, holds: Bool?)]
    /// The events of every group by time, where that is worth it, and whether that was asked.
    private var orders: [OrderedEvents?]
    private var isAsked: [Bool]
    /// The events of some members, of every data set.
    private var picked: [PickedEvents] = []
    /// The columns of some members.
    let gathered = GatheredColumns()
    /// How many numbers the zones of their columns told what was asked of.
    var rowsSkipped = 0

    init(_ plan: Plan, family: KernelFamily, chunkRows: Int) {
        self.plan = plan
        self.family = family
        let scratch = Scratch(rows: chunkRows)
        self.scratch = scratch
        let registers = plan.registers.map {
            scratch.masks(isNullable: $0.isNullable, canFail: $0.canFail)
        }
        self.registers = registers
        programs = plan.programs.map { $0.map { BoundProgram($0, registers) } }
        fusedRegisters = Set(plan.programs.flatMap { $0?.leaves ?? [] }.map(\.register)).sorted()
        contents = [Int](repeating: -1, count: plan.registers.count)
        zoned = contents.map { ($0, nil) }
        orders = [OrderedEvents?](repeating: nil, count: plan.groups.count)
        isAsked = [Bool](repeating: false, count: plan.groups.count)
    }

    // MARK: - Rules

    /// Every rule for the next chunk.
    /// - Parameters:
    ///   - masks: of every rule.
    ///   - word: where the chunk begins in them.
    func evaluateRules(_ rows: ChunkRows, into masks: [TruthMasks], at word: Int = 0) {
        chunk += 1
        for register in fusedRegisters where contents[register] != chunk { fill(register, rows) }
        for (index, rule) in plan.rules.enumerated() {
            let masks = masks[index].from(word: word)
            if let program = programs[index] {
                program.run(family, scratch, rows: rows.count, into: masks)
            } else {
                evaluate(rule, rows, into: masks)
            }
        }
    }

    // MARK: - Nodes

    /// The truth of a node for every row.
    /// - Parameter masks: with a second mask and one for failures where the node needs them.
    func evaluate(_ node: PlanNode, _ rows: ChunkRows, into masks: TruthMasks) {
        switch node.kind {
        case .constant(let value):
            fill(masks, isTrue: value == true, isPossible: value != false, rows)
        case .failure:
            fill(masks, isTrue: false, isPossible: true, rows)
            masks.failed?.copy(masks.isPossible, rows.words)
        case .junction(let junction): evaluate(junction, rows, into: masks)
        case .atom(let atom, _, let isNegated):
            if let shared = shared(node, rows) { return copy(shared, into: masks, rows) }
            evaluate(atom, rows, into: masks)
            if isNegated { copy(MaskView(masks: masks, isNegated: true), into: masks, rows) }
        }
    }

    func fill(_ masks: TruthMasks, isTrue: Bool, isPossible: Bool, _ rows: ChunkRows) {
        masks.isTrue.fill(isTrue, rows: rows.count)
        if masks.isNullable { masks.isPossible.fill(isPossible, rows: rows.count) }
        masks.failed?.fill(0, rows.words)
    }

    /// Writes an answer to other masks, or its negation to the same ones.
    func copy(_ view: MaskView, into masks: TruthMasks, _ rows: ChunkRows) {
        if view.isNegated { return negate(view.masks, into: masks, rows) }
        masks.isTrue.copy(view.masks.isTrue, rows.words)
        if masks.isNullable { masks.isPossible.copy(view.masks.isPossible, rows.words) }
        copyFailed(view.masks, into: masks, rows)
    }

    private func negate(_ other: TruthMasks, into masks: TruthMasks, _ rows: ChunkRows) {
        let nullable = masks.isNullable
        for index in 0..<rows.words {
            let (isTrue, isPossible) = (other.isTrue[index], other.isPossible[index])
            masks.isTrue[index] = ~isPossible
            if nullable { masks.isPossible[index] = ~isTrue }
        }
        masks.isTrue.clearTail(rows.count)
        if nullable { masks.isPossible.clearTail(rows.count) }
        copyFailed(other, into: masks, rows)
    }

    private func copyFailed(_ other: TruthMasks, into masks: TruthMasks, _ rows: ChunkRows) {
        guard let failed = masks.failed else { return }
        if let other = other.failed {
            failed.copy(other, rows.words)
        } else {
            failed.fill(0, rows.words)
        }
    }

    // MARK: - Answers that rules share

    /// The answer of a node, computed here if rules do not share it.
    func view(_ node: PlanNode, _ rows: ChunkRows) -> MaskView {
        if let shared = shared(node, rows) { return shared }
        let masks = scratch.masks(isNullable: node.isNullable, canFail: node.canFail)
        evaluate(node, rows, into: masks)
        return MaskView(masks: masks)
    }

    /// The register of a condition that rules share, computed at its first use in the chunk.
    func shared(_ node: PlanNode, _ rows: ChunkRows) -> MaskView? {
        guard rows.isWhole, let (register, isNegated) = node.shared else { return nil }
        if contents[register] != chunk { fill(register, rows) }
        return MaskView(masks: registers[register], isNegated: isNegated)
    }

    private func fill(_ register: Int, _ rows: ChunkRows) {
        let atom = plan.registers[register]
        if case .events(let test) = atom.kind {
            count(test.group, rows, only: nil) { test in
                guard let register = test.register else { return nil }
                contents[register] = chunk
                return registers[register].isTrue
            }
        } else {
            evaluate(atom, rows, into: registers[register])
        }
        contents[register] = chunk
    }

    /// Whether zones say that a condition holds for all rows, or for none; nil: neither.
    func holdsByZones(_ atom: Atom, _ rows: ChunkRows) -> Bool? {
        guard rows.isWhole, let register = atom.register else {
            return atom.holdsByZones(rows)
        }
        if zoned[register].chunk != chunk {
            zoned[register] = (chunk, atom.holdsByZones(rows))
        }
        return zoned[register].holds
    }

    // MARK: - Events

    func count(
        _ group: EventGroup, _ rows: ChunkRows, only: EventTest?,
        _ target: (EventTest) -> MaskWords?
    ) {
        let count = EventCount(self, group, rows, only: only)
        if rows.picks != nil || !rows.isWhole {
            count.run(pickedEvents(group, rows), target)
        } else if let blocks = count.blocks, let events = ordered(group) {
            count.run(blocks, events, target)
        } else {
            count.runInPlace(target)
        }
    }

    /// The events of a group by time, if putting them in order is worth it.
    private func ordered(_ group: EventGroup) -> OrderedEvents? {
        if !isAsked[group.number] {
            isAsked[group.number] = true
            let isWorth = group.table.isOrderWorth(windows: group.windows.count)
            orders[group.number] = isWorth ? OrderedEvents(group) : nil
        }
        return orders[group.number]
    }

    /// The events of the rows' members, taken once for all groups of a chunk.
    private func pickedEvents(_ group: EventGroup, _ rows: ChunkRows) -> PickedEvents {
        let place = group.tableNumber
        while picked.count <= place { picked.append(PickedEvents()) }
        let events = picked[place]
        if !rows.isWhole {
            let oldest = group.windows.last?.lower ?? .min
            events.take(
                group.table, of: rows, from: oldest, to: group.upper, group.atoms.columns)
            events.chunk = -1
        } else if events.chunk != chunk {
            events.take(group.table, of: rows, from: .min, to: .max, group.atoms.columns)
            events.chunk = chunk
        }
        return events
    }
}
