import PitchColumnar
import PitchEvaluator
import PitchProgram
import PitchSchema
import PitchTestSupport

/// What an expression is for one member.
enum Outcome: Hashable {
    /// `missing` is unknown, of a predicate.
    case value(Value)
    case failed

    init(_ value: Value) {
        // A set of tags has no order.
        if case .tags(let tags) = value {
            self = .value(.tags(tags.sorted()))
        } else {
            self = .value(value)
        }
    }
}

extension Outcome {
    var isTrue: Bool { self == .value(.truth(true)) }
}

/// One expression over one world.
struct Case {
    var world: World
    var expression: Expression

    /// By the specification, member by member.
    func expected() -> [Outcome] {
        let evaluator = world.evaluator
        return world.members.map { member in
            do { return Outcome(try evaluator.evaluate(expression, for: member)) } catch {
                return .failed
            }
        }
    }
}

/// A world as the columnar runtime sees it.
struct ColumnarSubject {
    private let runtime: ColumnarRuntime
    private let count: Int

    /// - Parameter chunkRows: the smallest, so that populations cross words and chunks.
    init(
        _ world: World, chunkRows: Int? = 64, family: KernelFamily = .best, threads: Int = 1
    ) {
        runtime = ColumnarRuntime(
            program: world.program, moment: world.moment, source: WorldColumns(world),
            chunkRows: chunkRows)
        runtime.family = family
        runtime.threads = threads
        count = world.members.count
    }

    /// How many numbers the zones of their columns spared.
    var rowsSkipped: Int { runtime.rowsSkipped }

    /// Of several predicates at once, which share their conditions.
    func outcomes(together predicates: [Expression]) throws -> [[Outcome]] {
        try runtime.select(predicates).map(Self.outcomes)
    }

    /// Of several predicates at once, for some members.
    func outcomes(together predicates: [Expression], among members: [Int32]) throws -> [[Outcome]] {
        try runtime.select(predicates, among: members).map(Self.outcomes)
    }

    /// Of rules that were asked before, of other data at another moment.
    /// - Parameter changed: members whose rows are others now.
    func outcomes(
        again rules: inout StandingRules, changed: [Int32]
    ) throws -> (outcomes: [[Outcome]], [StandingRules.Difference]) {
        let differences = try rules.ask(runtime, changed: changed)
        return (rules.selections.map(Self.outcomes), differences)
    }

    func outcomes(_ expression: Expression) throws -> [Outcome] {
        if expression.type == .truth { return Self.outcomes(try runtime.select(expression)) }
        return try outcomes(expression, for: Array(0..<Int32(count)))
    }

    /// For some members: by selection vector where it is a predicate.
    func outcomes(among members: [Int32], _ expression: Expression) throws -> [Outcome] {
        expression.type == .truth
            ? Self.outcomes(try runtime.select(expression, among: members))
            : try outcomes(expression, for: members)
    }

    private func outcomes(
        _ expression: Expression, for members: [Int32]
    ) throws -> [Outcome] {
        try runtime.values(expression, for: members).map { result in
            switch result {
            case .success(let value): Outcome(value)
            case .failure: .failed
            }
        }
    }

    private static func outcomes(_ selection: Selection) -> [Outcome] {
        (0..<selection.isTrue.count).map { row in
            if selection.failed[row] { return .failed }
            guard selection.isKnown[row] else { return .value(.missing) }
            return .value(.truth(selection.isTrue[row]))
        }
    }
}
