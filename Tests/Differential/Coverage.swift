import PitchProgram
import PitchSchema
import PitchTestSupport

/// How many cases hold each thing that the language can say, and what they say.
struct Coverage {
    private(set) var cases = 0
    private(set) var predicates = 0
    /// Select neither nobody nor everybody.
    private(set) var splitting = 0
    /// Unknown for at least one member, who is therefore not selected.
    private(set) var unknown = 0
    private(set) var failing = 0
    /// Numbers that zones spared looking at, of one predicate at a time and of several at once.
    var skippedAlone = 0
    var skippedTogether = 0
    private(set) var counts: [String: Int] = [:]

    mutating func add(_ expression: Expression, _ program: Program, _ outcomes: [Outcome]) {
        cases += 1
        for word in Set(Self.words(expression, program)) { counts[word, default: 0] += 1 }
        if outcomes.contains(.failed) { failing += 1 }
        guard expression.type == .truth else { return }
        predicates += 1
        let selected = outcomes.count { $0 == .value(.truth(true)) }
        if selected > 0, selected < outcomes.count { splitting += 1 }
        if outcomes.contains(.value(.missing)) { unknown += 1 }
    }

    mutating func merge(_ other: Coverage) {
        cases += other.cases
        predicates += other.predicates
        splitting += other.splitting
        unknown += other.unknown
        failing += other.failing
        skippedAlone += other.skippedAlone
        skippedTogether += other.skippedTogether
        counts.merge(other.counts, uniquingKeysWith: +)
    }

    /// Everything that must occur.
    static let required: [String] =
        ["field of member", "field of event", "lookup", "definition", "now", "today", "not"]
        + ["and", "or", "in list", "is missing", "or else", "negate", "choose", "convert"]
        + Comparison.allCases.map { "compare " + $0.rawValue }
        + TextTest.allCases.map(\.rawValue) + Quantifier.allCases.map { "has \($0.rawValue)" }
        + Arithmetic.allCases.map { "arithmetic " + $0.rawValue }
        + Function.allCases.map { "function " + $0.rawValue }
        + ["shift +1", "shift -1"]
        + Aggregate.Function.allCases.map { "aggregate " + $0.rawValue }
        + ["", " of dates", " of instants", " of orders", " of visits"].dropFirst().flatMap { of in
            windowForms.map { "window " + $0 + of }
        }
        + CalendarUnit.allCases.map { "calendar " + $0.rawValue }
        + Period.Unit.allCases.map { "period " + $0.rawValue }
        + ValueType.names.map { "type " + $0 }
        + (2...6).map { "depth \($0)" }

    private static let windowForms = ["last", "next", "calendar", "since", "until", "between"]

    private static func words(_ expression: Expression, _ program: Program) -> [String] {
        expression.parts.flatMap { words(of: $0, program) }
            + ["depth \(expression.depth)"]
    }

    private static func words(of part: Expression, _ program: Program) -> [String] {
        let type = ["type " + part.type.name]
        switch part.node {
        case .constant, .occurrenceField: return type
        case .memberField: return type + ["field of member"]
        case .eventField: return type + ["field of event"]
        case .lookup: return type + ["lookup"]
        case .definition: return type + ["definition"]
        case .now: return type + ["now"]
        case .today: return type + ["today"]
        case .not: return type + ["not"]
        case .and: return type + ["and"]
        case .or: return type + ["or"]
        case .compare(let comparison, _, _): return type + ["compare " + comparison.rawValue]
        case .isIn: return type + ["in list"]
        case .isWithin(let operand, let window):
            return type + words(of: window, operand.type == .date ? "dates" : "instants")
        case .has(_, let quantifier, _): return type + ["has \(quantifier.rawValue)"]
        case .isMissing: return type + ["is missing"]
        case .text(let test, _, _): return type + [test.rawValue]
        case .orElse: return type + ["or else"]
        case .negate: return type + ["negate"]
        case .arithmetic(let operation, _, _): return type + ["arithmetic " + operation.rawValue]
        case .shift(_, let period, let times):
            return type + ["shift " + (times < 0 ? "-1" : "+1"), "period " + period.unit.rawValue]
        case .convert: return type + ["convert"]
        case .call(let function, _): return type + ["function " + function.rawValue]
        case .choose: return type + ["choose"]
        case .aggregate(let aggregate):
            let events = program.dataSets[aggregate.dataSet.index].name
            return type + ["aggregate " + aggregate.function.rawValue]
                + (aggregate.window.map { words(of: $0, events) } ?? [])
        }
    }

    private static func words(of window: Window, _ what: String) -> [String] {
        switch window {
        case .last(let period): ["window last of \(what)", "period " + period.unit.rawValue]
        case .next(let period): ["window next of \(what)", "period " + period.unit.rawValue]
        case .calendar(let unit, _): ["window calendar of \(what)", "calendar " + unit.rawValue]
        case .since: ["window since of \(what)"]
        case .until: ["window until of \(what)"]
        case .between: ["window between of \(what)"]
        }
    }

    /// A table, rarest last.
    var text: String {
        let lines = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
        let summary =
            "\(cases) cases, \(predicates) predicates: \(splitting) select some, "
            + "\(unknown) unknown for some, \(failing) failed for some; zones spared "
            + "\(skippedAlone) numbers, and \(skippedTogether) of several at once"
        return ([summary] + lines.map { "\($0.value)\t\($0.key)" }).joined(separator: "\n")
    }
}

extension ValueType {
    /// The kind of type, without its currency, unit or words.
    var name: String {
        switch self {
        case .truth: "truth"
        case .integer: "integer"
        case .number: "number"
        case .percent: "percent"
        case .money: "money"
        case .text: "text"
        case .date: "date"
        case .instant: "instant"
        case .time: "time"
        case .duration: "duration"
        case .tags: "tags"
        case .choice: "choice"
        case .quantity: "quantity"
        case .reference: "reference"
        case .error: "error"
        }
    }

    static var names: [String] { (WorldSchema.types + [.truth]).map(\.name) }
}
