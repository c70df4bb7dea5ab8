import PitchColumnar
import PitchEvaluator
import PitchProgram
import PitchSchema

/// What a condition comes to for one member.
enum Answer { case yes, no, unknown, failed }

extension CustomerBase {
    /// One answer a member, in their order.
    /// - Parameters:
    ///   - isByRow: evaluates member by member, for few; otherwise by columns, where it can.
    ///   - occurrence: what `this` reads, by the member's place.
    func answers(
        to predicate: Expression, for members: [Int32], isByRow: Bool,
        occurrence: (Int) -> Occurrence? = { _ in nil }
    ) throws -> [Answer] {
        if try !isByRow && !isCheaperByRow(predicate, members.count) {
            do {
                let selection =
                    try conditions.selection(of: predicate)?.gathered(at: members)
                    ?? runtime.select(predicate, among: members)
                return members.indices.map { index in
                    if selection.failed[index] { return .failed }
                    if selection.isTrue[index] { return .yes }
                    return selection.isKnown[index] ? .no : .unknown
                }
            } catch ColumnarError.needsOccurrence {}
        }
        let reads = RecordReads([predicate], in: program)
        return try records.map(members.map(Int.init), reading: reads) { place, record in
            answer(to: predicate, for: record, occurrence(place))
        }
    }

    /// Whether there are few members, and a column would have to be read from the rows of all.
    private func isCheaperByRow(_ predicate: Expression, _ count: Int) throws -> Bool {
        guard areFew(count) else { return false }
        return try !runtime.touchedFields(predicate).allSatisfy(columns.isAtHand)
    }

    private func answer(
        to predicate: Expression, for member: MemberRecord, _ occurrence: Occurrence?
    ) -> Answer {
        do throws(EvaluationError) {
            let value = try evaluator.evaluate(predicate, for: member, occurrence: occurrence)
            return value == .truth(true) ? .yes : value == .truth(false) ? .no : .unknown
        } catch {
            return .failed
        }
    }
}

/// A member field that is asked for one member after another.
struct MemberField {
    let type: ValueType
    private let field: Int
    private let base: CustomerBase
    private let column: ColumnVector?

    /// - Parameter isByRow: reads the rows of those asked for, not the whole column.
    init(_ field: Int, _ base: CustomerBase, isByRow: Bool) throws {
        self.field = field
        self.base = base
        type = base.program.dataSets[base.program.members?.index ?? 0].fields[field].type
        column = isByRow ? nil : try base.memberColumn(field)
    }

    func value(of member: Int) throws -> Value {
        try column?.value(at: member) ?? base.values(of: member)[field]
    }
}
