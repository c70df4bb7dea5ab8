import PitchProgram
import PitchSchema

/// For whom the answers of rules may be others than at an earlier moment, on the same data: members
/// with a day, an instant or an event that came into a window, or left one, meanwhile.
struct Passage {
    /// For each rule the members; nil: it cannot be told.
    private(set) var passed: [Bitmap?] = []
    private let columns: ColumnCache
    /// Windows that moved alike are looked at once.
    private var stretches: [Stretch: Bitmap] = [:]

    private struct Stretch: Hashable {
        let dataSet: DataSetID
        let first: Int64
        let last: Int64
    }

    init(_ columns: ColumnCache) { self.columns = columns }

    /// Adds a rule.
    /// - Parameters:
    ///   - old: as it was compiled for the earlier moment, and `new` as it is for the later one.
    mutating func add(
        _ old: any Operator<TruthBatch>, _ new: any Operator<TruthBatch>
    ) {
        var members = Bitmap(count: columns.source.memberCount)
        passed.append(compare(old, new, &members) ? members : nil)
    }

    /// A rule that does not read the clock.
    mutating func addTimeless() { passed.append(columns.nobody) }

    /// Rules of which it cannot be told.
    mutating func addUntold(_ count: Int) { passed += [Bitmap?](repeating: nil, count: count) }

    // MARK: - Conditions

    /// - Returns: false when it cannot be told for whom they differ.
    private mutating func compare(
        _ old: any Operator<TruthBatch>, _ new: any Operator<TruthBatch>, _ members: inout Bitmap
    ) -> Bool {
        switch (old, new) {
        case (let old as Not, let new as Not): return compare(old.operand, new.operand, &members)
        case (let old as Junction, let new as Junction):
            guard old.tests.count == new.tests.count else { return false }
            for (old, new) in zip(old.tests, new.tests) {
                guard compare(old, new, &members) else { return false }
            }
            return true
        case (let old as DefinitionRead<TruthBatch>, let new as DefinitionRead<TruthBatch>):
            return compare(old.body, new.body, &members)
        case (let old as PackedInRange, let new as PackedInRange):
            guard !old.isEvent, old.isAlike(new) else { return false }
            if old.test != new.test {
                let values = new.column.values
                let all = Rows.range(0..<values.count)
                members = members | (values.mask(all, old.test) ^ values.mask(all, new.test))
            }
            return true
        case (let old as InRange, let new as InRange):
            return old.test == new.test && compare(old.operand, new.operand, &members)
        default: return isSame(old, new)
        }
    }

    /// Counts and totals.
    private mutating func compare(
        _ old: any Operator<NumberBatch>, _ new: any Operator<NumberBatch>,
        _ members: inout Bitmap
    ) -> Bool {
        switch (old, new) {
        case (let old as CountEvents, let new as CountEvents):
            return compare(old.events, new.events, &members)
        case (let old as FoldEvents, let new as FoldEvents):
            guard case .sum = old.fold, case .sum = new.fold,
                let argument = old.argument as? ReadPacked<Int64>,
                let other = new.argument as? ReadPacked<Int64>, argument.isAlike(other)
            else { return false }
            return compare(old.events, new.events, &members)
        default: return false
        }
    }

    private mutating func compare(
        _ old: EventSelection, _ new: EventSelection, _ members: inout Bitmap
    ) -> Bool {
        guard old.dataSet == new.dataSet, isSameFilter(old.filter, new.filter),
            let oldLower = old.constant(old.lower, or: .min),
            let newLower = new.constant(new.lower, or: .min),
            let oldUpper = old.constant(old.upper, or: .max).map({ min($0, old.horizon) }),
            let newUpper = new.constant(new.upper, or: .max).map({ min($0, new.horizon) })
        else { return false }
        for (one, other) in [(oldLower, newLower), (oldUpper &+ 1, newUpper &+ 1)]
        where one != other {
            let stretch = Stretch(
                dataSet: new.dataSet, first: min(one, other), last: max(one, other) - 1)
            members = members | owners(of: new, in: stretch)
        }
        return true
    }

    /// The members with an event of a time.
    private mutating func owners(of events: EventSelection, in stretch: Stretch) -> Bitmap {
        if let known = stretches[stretch] { return known }
        let times = RangeTest(lower: stretch.first, upper: stretch.last)
        let rows = events.at.values.mask(.range(0..<events.at.values.count), times).rows
        var members = Bitmap(count: columns.source.memberCount)
        var member = 0
        let offsets = events.index.offsets
        for row in rows {
            while offsets[member + 1] <= row { member += 1 }
            members[member] = true
        }
        stretches[stretch] = members
        return members
    }

    // MARK: - What does not depend on the clock

    private func isSameFilter(
        _ old: (any Operator<TruthBatch>)?, _ new: (any Operator<TruthBatch>)?
    ) -> Bool {
        guard let old, let new else { return old == nil && new == nil }
        return isSame(old, new)
    }

    /// Whether two conditions say the same of every row.
    private func isSame(
        _ old: any Operator<TruthBatch>, _ new: any Operator<TruthBatch>
    ) -> Bool {
        switch (old, new) {
        case (let old as Not, let new as Not): isSame(old.operand, new.operand)
        case (let old as Junction, let new as Junction):
            old.isAnd == new.isAnd && old.tests.count == new.tests.count
                && zip(old.tests, new.tests).allSatisfy { isSame($0, $1) }
        case (let old as PackedInRange, let new as PackedInRange):
            old.isAlike(new) && old.test == new.test
        case (let old as PackedInSet, let new as PackedInSet):
            old.isEvent == new.isEvent && ColumnKey(old.column) == ColumnKey(new.column)
                && old.set.isSame(new.set)
        case (let old as ColumnRead<TruthBatch>, let new as ColumnRead<TruthBatch>):
            old.isEvent == new.isEvent && old.column.isSame(new.column)
        case (let old as IsMissing<NumberBatch>, let new as IsMissing<NumberBatch>):
            isSameColumn(old.operand as? ReadPacked<Int64>, new.operand as? ReadPacked<Int64>)
        case (let old as IsMissing<CodeBatch>, let new as IsMissing<CodeBatch>):
            isSameColumn(old.operand as? ReadPacked<Int32>, new.operand as? ReadPacked<Int32>)
        case (let old as Constant<TruthBatch>, let new as Constant<TruthBatch>):
            old.isSame(new)
        default: false
        }
    }

    private func isSameColumn<Element>(
        _ old: ReadPacked<Element>?, _ new: ReadPacked<Element>?
    ) -> Bool {
        guard let old, let new else { return false }
        return old.isAlike(new)
    }
}

extension ReadPacked {
    fileprivate func isAlike(_ other: ReadPacked) -> Bool {
        isEvent == other.isEvent && ColumnKey(column) == ColumnKey(other.column)
    }
}

extension PackedInRange {
    fileprivate func isAlike(_ other: PackedInRange) -> Bool {
        isEvent == other.isEvent && ColumnKey(column) == ColumnKey(other.column)
    }
}

extension TruthBatch {
    fileprivate func isSame(_ other: TruthBatch) -> Bool {
        isTrue == other.isTrue && known == other.known && failed == other.failed
    }
}

extension Constant<TruthBatch> {
    fileprivate func isSame(_ other: Constant<TruthBatch>) -> Bool {
        switch (state, other.state) {
        case (.value(let old), .value(let new)): old == new
        case (.missing, .missing), (.failed, .failed): true
        default: false
        }
    }
}

extension ColumnarRuntime {
    /// For whom each rule may say something else than at an earlier moment.
    func passage(since before: Moment, of predicates: [Expression]) throws -> Passage {
        var passage = Passage(columns)
        guard before.zone == moment.zone, before.weekStart == moment.weekStart else {
            passage.addUntold(predicates.count)
            return passage
        }
        let earlier = Compiler(program: program, moment: before, columns: columns)
        for predicate in predicates {
            if before.now == moment.now || !predicate.readsClock(in: program) {
                passage.addTimeless()
            } else {
                passage.add(
                    try earlier.truth(predicate, in: []), try compiler.truth(predicate, in: []))
            }
        }
        return passage
    }
}

extension Expression {
    /// Whether it depends on the moment at which it is evaluated: on now, today, a window, or on
    /// which events lie in the future.
    fileprivate func readsClock(in program: Program) -> Bool {
        switch node {
        case .now, .today, .aggregate, .isWithin, .call(.age, _): true
        case .definition(let id):
            program.definitions.indices.contains(id.index)
                && program.definitions[id.index].expression.readsClock(in: program)
        default: operands.contains { $0.readsClock(in: program) }
        }
    }
}
