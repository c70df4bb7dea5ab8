import PitchProgram
import PitchSchema

/// Conditions on the events of members, as passes over all of them at once.
extension Planner {
    /// A count or total within a range, of events that the block pass can select.
    func events(_ range: InRange) -> Int? {
        let selection: EventSelection
        var total: PackedColumn?
        switch range.operand {
        case let count as CountEvents: selection = count.events
        case let fold as FoldEvents:
            guard case .sum = fold.fold, let read = fold.argument as? ReadPacked<Int64>,
                read.isEvent
            else { return nil }
            selection = fold.events
            total = read.column
        default: return nil
        }
        guard let group = group(selection, total: total),
            let lower = selection.constant(selection.lower, or: .min)
        else { return nil }
        if let column = group.key(lower: lower).flatMap({ kept?.column($0) }) {
            let read = PackedInRange(
                column: column, isEvent: false, test: range.test, kernel: range.kernel)
            let number = self.range(read, in: atoms)
            atoms.atoms[number].isKept = true
            return number
        }
        let key = AtomKey.events(group: group.number, lower: lower, range.test)
        return atoms.number(key) {
            let test = EventTest(group, lower: lower, range.test)
            group.add(test)
            return Atom(
                .events(test), isNullable: false, canFail: false, cost: selection.cost,
                kernel: range.kernel)
        }
    }

    private func tableNumber(_ dataSet: DataSetID) -> Int {
        if let number = tableNumbers[dataSet] { return number }
        tableNumbers[dataSet] = tableNumbers.count
        return tableNumbers.count - 1
    }

    private func group(_ selection: EventSelection, total: PackedColumn?) -> EventGroup? {
        guard let upper = selection.constant(selection.upper, or: .max) else { return nil }
        let table = columns.eventTable(
            selection.dataSet, selection.index, at: selection.at, blockRows: blockRows)
        let words = Int128(Int64.min)...Int128(Int64.max)
        if let total, !total.values.totalsFit(table.greatestCount, within: words) { return nil }
        let atoms = eventAtoms[selection.dataSet] ?? AtomTable()
        eventAtoms[selection.dataSet] = atoms
        var filter: PlanNode?
        if let operation = selection.filter {
            let node = node(operation, in: atoms, isNegated: false, isEvent: true)
            guard node.readsOnlyColumns else { return nil }
            filter = node
        }
        let key = GroupKey(
            dataSet: selection.dataSet, filter: filter?.key,
            argument: total.map { atoms.slot($0) }, upper: min(upper, selection.horizon))
        if let group = groups[key] { return group }
        let group = EventGroup(
            selection.dataSet, table, atoms, filter: filter, argument: key.argument,
            upper: key.upper, number: groups.count, tableNumber: tableNumber(selection.dataSet))
        groups[key] = group
        return group
    }
}

extension PlanNode {
    /// Whether it can run over events in any order.
    fileprivate var readsOnlyColumns: Bool {
        switch kind {
        case .constant: true
        case .failure: false
        case .junction(let junction): junction.operands.allSatisfy { $0.node.readsOnlyColumns }
        case .atom(let atom, _, _):
            switch atom.kind {
            case .range, .set, .missing: true
            case .bits, .events, .general: false
            }
        }
    }
}
