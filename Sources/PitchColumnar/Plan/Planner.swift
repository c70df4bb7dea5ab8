import PitchProgram
import PitchSchema

/// Makes a plan of compiled predicates: the conditions that all of them share, and what joins them.
final class Planner {
    let columns: ColumnCache
    let blockRows: Int
    /// Counts and totals that are at hand; nil: none.
    let kept: KeptAggregates?
    let atoms = AtomTable()
    var eventAtoms: [DataSetID: AtomTable] = [:]
    var tableNumbers: [DataSetID: Int] = [:]
    var groups: [GroupKey: EventGroup] = [:]

    struct GroupKey: Hashable {
        let dataSet: DataSetID
        let filter: PlanKey?
        let argument: Int?
        let upper: Int64
    }

    init(_ columns: ColumnCache, blockRows: Int, kept: KeptAggregates? = nil) {
        self.columns = columns
        self.blockRows = blockRows
        self.kept = kept
    }

    func plan(_ rules: [any Operator<TruthBatch>]) -> Plan {
        let nodes = rules.map { node($0, in: atoms, isNegated: false, isEvent: false) }
        return Plan(
            rules: nodes, atoms: atoms, groups: groups.values.sorted { $0.number < $1.number })
    }

    // MARK: - Nodes

    func node(
        _ operation: any Operator<TruthBatch>, in table: AtomTable, isNegated: Bool, isEvent: Bool
    ) -> PlanNode {
        switch operation {
        case let range as InRange where !isEvent:
            if let test = joined(range) {
                return node(test, in: table, isNegated: isNegated, isEvent: isEvent)
            }
        case let not as Not:
            return node(not.operand, in: table, isNegated: !isNegated, isEvent: isEvent)
        case let junction as Junction:
            let operands = junction.tests.map {
                node($0, in: table, isNegated: isNegated, isEvent: isEvent)
            }
            if operands.isEmpty { return PlanNode(.constant(junction.isAnd != isNegated)) }
            return PlanNode(
                .junction(PlanJunction(isAnd: junction.isAnd != isNegated, operands)))
        case let constant as Constant<TruthBatch>:
            switch constant.state {
            case .value(let value): return PlanNode(.constant(value != isNegated))
            case .missing: return PlanNode(.constant(nil))
            case .failed: return PlanNode(.failure)
            }
        default: break
        }
        let number = number(operation, in: table, isEvent: isEvent)
        return PlanNode(.atom(table.atoms[number], number: number, isNegated: isNegated))
    }

    private func number(
        _ operation: any Operator<TruthBatch>, in table: AtomTable, isEvent: Bool
    ) -> Int {
        switch operation {
        case let range as PackedInRange where range.isEvent == isEvent:
            return self.range(range, in: table)
        case let set as PackedInSet where set.isEvent == isEvent && set.set.failed == nil:
            return self.set(set, in: table)
        case let read as ColumnRead<TruthBatch> where !isEvent && !read.isEvent:
            return bits(read.column, kernel: read.kernel, in: table)
        case let definition as DefinitionRead<TruthBatch> where definition.column != nil:
            let column = definition.column ?? TruthBatch(unknown: 0)
            return bits(column, kernel: definition.kernel, in: table)
        case let missing as IsMissing<NumberBatch>:
            if let read = missing.operand as? ReadPacked<Int64>, read.isEvent == isEvent {
                return self.missing(read.column, in: table)
            }
        case let missing as IsMissing<CodeBatch>:
            if let read = missing.operand as? ReadPacked<Int32>, read.isEvent == isEvent {
                return self.missing(read.column, in: table)
            }
        case let range as InRange:
            if !isEvent, let number = events(range) { return number }
        default: break
        }
        return table.number(nil) {
            Atom(
                .general(operation), isNullable: true, canFail: true, cost: operation.cost,
                kernel: operation.kernel)
        }
    }

    // MARK: - Columns

    func range(_ operation: PackedInRange, in table: AtomTable) -> Int {
        let slot = table.slot(operation.column)
        let raw = operation.column.values.raw(operation.test)
        let isComplement = operation.test.isComplement
        let key =
            raw.map {
                AtomKey.range(
                    column: slot, low: $0.low, span: $0.span, isComplement: isComplement)
            } ?? .nothing(column: slot, isComplement: isComplement)
        return table.number(key) {
            Atom(
                .range(slot: slot, raw, isComplement: isComplement),
                isNullable: operation.column.known != nil, canFail: false,
                cost: operation.cost, kernel: operation.kernel)
        }
    }

    private func set(_ operation: PackedInSet, in table: AtomTable) -> Int {
        let slot = table.slot(operation.column)
        let possible = operation.set.known.map { known in
            CodeSet(
                (0..<operation.set.count).map { operation.set.isTrue[$0] || !known[$0] ? 1 : 0 })
        }
        let key = AtomKey.set(column: slot, operation.codes, possible: possible)
        return table.number(key) {
            Atom(
                .set(slot: slot, operation.codes, possible: possible),
                isNullable: possible != nil || operation.column.known != nil, canFail: false,
                cost: operation.cost, kernel: operation.kernel)
        }
    }

    private func missing(_ column: PackedColumn, in table: AtomTable) -> Int {
        let slot = table.slot(column)
        return table.number(.missing(column: slot)) {
            Atom(
                .missing(slot: slot), isNullable: false, canFail: false, cost: 0.02,
                kernel: "what is missing")
        }
    }

    private func bits(_ column: TruthBatch, kernel: String, in table: AtomTable) -> Int {
        let key = AtomKey.bits(
            words: column.isTrue.identity, known: column.known?.identity)
        return table.number(column.failed == nil ? key : nil) {
            Atom(
                .bits(column), isNullable: column.known != nil, canFail: column.failed != nil,
                cost: 0.02, kernel: kernel)
        }
    }
}
