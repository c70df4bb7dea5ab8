import PitchSchema

/// What makes a count or a total of events the same in any plan over one snapshot.
struct AggregateKey: Hashable {
    let dataSet: DataSetID
    /// Nil: all events.
    let filter: FilterKey?
    /// The column whose total it is; nil: how many events.
    let argument: ColumnKey?
    /// The first and the last day or instant.
    let lower: Int64
    let upper: Int64
}

/// A condition on events, by the columns that it reads.
indirect enum FilterKey: Hashable {
    case range(ColumnKey, low: UInt64, span: UInt64, isComplement: Bool)
    case nothing(ColumnKey, isComplement: Bool)
    case set(ColumnKey, CodeSet, possible: CodeSet?)
    case missing(ColumnKey)
    case not(FilterKey)
    case junction(isAnd: Bool, [FilterKey])
    case constant(Bool?)
}

extension EventGroup {
    /// What is counted or added up since a day or an instant; nil: like nothing else.
    func key(lower: Int64) -> AggregateKey? {
        var filterKey: FilterKey?
        if let filter {
            guard let key = filter.filterKey(atoms.columns) else { return nil }
            filterKey = key
        }
        return AggregateKey(
            dataSet: dataSet, filter: filterKey,
            argument: argument.map { ColumnKey(atoms.columns[$0]) }, lower: lower, upper: upper)
    }
}

extension PlanNode {
    fileprivate func filterKey(_ columns: [PackedColumn]) -> FilterKey? {
        switch kind {
        case .constant(let value): return .constant(value)
        case .failure: return nil
        case .junction(let junction):
            let operands = junction.operands.compactMap { $0.node.filterKey(columns) }
            guard operands.count == junction.operands.count else { return nil }
            return .junction(isAnd: junction.isAnd, operands)
        case .atom(let atom, _, let isNegated):
            guard let key = atom.filterKey(columns) else { return nil }
            return isNegated ? .not(key) : key
        }
    }
}

extension Atom {
    fileprivate func filterKey(_ columns: [PackedColumn]) -> FilterKey? {
        switch kind {
        case .range(let slot, let range?, let isComplement):
            .range(
                ColumnKey(columns[slot]), low: range.low, span: range.span,
                isComplement: isComplement)
        case .range(let slot, nil, let isComplement):
            .nothing(ColumnKey(columns[slot]), isComplement: isComplement)
        case .set(let slot, let codes, let possible):
            .set(ColumnKey(columns[slot]), codes, possible: possible)
        case .missing(let slot): .missing(ColumnKey(columns[slot]))
        case .bits, .events, .general: nil
        }
    }
}
