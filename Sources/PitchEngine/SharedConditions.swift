import PitchColumnar
import PitchProgram

/// Conditions that several strategies will ask of everybody in one cycle: the first that is asked
/// answers them all, and what they have in common is computed once.
final class SharedConditions {
    /// By their text: those that are not answered yet, and the answers.
    private var expected: [String: Expression] = [:]
    private var answers: [String: Selection] = [:]
    private let printer: ExpressionPrinter
    /// Answers several conditions at once.
    private let select: ([Expression]) throws -> [Selection]

    init(_ program: Program, select: @escaping ([Expression]) throws -> [Selection]) {
        printer = ExpressionPrinter(program)
        self.select = select
    }

    func expect(_ conditions: [Expression]) {
        for condition in conditions where !condition.readsOccurrence {
            expected[printer.text(of: condition)] = condition
        }
        // One alone has nothing in common with others.
        if expected.count < 2 { expected = [:] }
    }

    /// What a condition says of everybody; nil of one that is not expected.
    func selection(of condition: Expression) throws -> Selection? {
        if expected.isEmpty, answers.isEmpty { return nil }
        let text = printer.text(of: condition)
        if expected[text] != nil {
            let open = expected.sorted { $0.key < $1.key }
            expected = [:]
            for (condition, selection) in zip(open, try select(open.map(\.value))) {
                answers[condition.key] = selection
            }
        }
        return answers[text]
    }
}

extension Expression {
    /// Whether it reads `this`, or leaves the occurrence out of something.
    fileprivate var readsOccurrence: Bool {
        switch node {
        case .occurrenceField: return true
        case .aggregate(let aggregate) where aggregate.excludesOccurrence: return true
        default: return operands.contains { $0.readsOccurrence }
        }
    }
}

extension Cycle {
    /// Tells what the strategies that are due will ask of everybody: on days that happen to all
    /// members, and of segments that members enter.
    func expectConditions() throws {
        var conditions: [Expression] = []
        for entry in entries where !entry.isOver {
            let strategy = entry.strategy
            let state = try ledger.strategy(named: entry.name, formerly: entry.formerName)
            guard DueSlots.isDue(strategy, last: state?.judgedAt, at: base.moment)
            else { continue }
            for case .enters(let segment) in strategy.triggers.map(\.source) {
                conditions.append(base.program.definitions[segment.index].expression)
            }
            let dates = try dates(of: entry, state)
            let days = try dates.days(after: state?.daysDone, in: entry.plan).judged
            if try days.contains(where: dates.isEverybodys) {
                conditions += [strategy.audience, strategy.condition].compactMap { $0 }
            }
        }
        base.conditions.expect(conditions)
    }
}
