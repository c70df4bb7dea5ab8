import PitchEvaluator
import PitchProgram
import PitchSchema
import PitchTestSupport

extension Case {
    /// A smaller case for which a condition still holds: fewer members, subtrees, events and
    /// values.
    func shrunk(_ holds: (Case) -> Bool) -> Case {
        var best = self
        var tries = 0
        while tries < 4000 {
            let smaller = best.candidates.first { candidate in
                tries += 1
                return tries < 4000 && holds(candidate)
            }
            guard let smaller else { break }
            best = smaller
        }
        return best
    }

    /// Simpler cases, the greatest steps first.
    private var candidates: some Sequence<Case> {
        [fewerMembers, simplerExpressions, fewerEvents, fewerValues].lazy.joined()
    }

    private func with(members: [MemberRecord]) -> Case {
        var smaller = self
        smaller.world.members = members
        return smaller
    }

    private var fewerMembers: [Case] {
        let members = world.members
        guard members.count > 1 else { return [] }
        let half = members.count / 2
        let halves = [Array(members[..<half]), Array(members[half...])]
        let without =
            members.count > 4
            ? []
            : members.indices.map { index in
                members[..<index] + members[(index + 1)...]
            }.map(Array.init)
        return (halves + without).map(with(members:))
    }

    private func replacing(_ index: Int, _ values: [Value], _ events: [Int: [EventRecord]]) -> Case
    {
        var smaller = self
        smaller.world.members[index] = MemberRecord(
            key: world.members[index].key, values: values, events: events)
        return smaller
    }

    /// All events of a member in a data set, then one at a time.
    private var fewerEvents: [Case] {
        guard world.members.count <= 4 else { return [] }
        return world.members.enumerated().flatMap { index, member in
            member.events.keys.sorted().flatMap { dataSet -> [Case] in
                let events = member.events[dataSet] ?? []
                guard !events.isEmpty else { return [] }
                let without = events.indices.map { Array(events[..<$0] + events[($0 + 1)...]) }
                return ([[]] + without).map { kept in
                    var all = member.events
                    all[dataSet] = kept
                    return replacing(index, member.values, all)
                }
            }
        }
    }

    private var fewerValues: [Case] {
        guard world.members.count <= 4 else { return [] }
        return world.members.enumerated().flatMap { index, member in
            member.values.indices.dropFirst().compactMap { field in
                guard !member.values[field].isMissing else { return nil }
                var values = member.values
                values[field] = .missing
                return replacing(index, values, member.events)
            }
        }
    }

    private var simplerExpressions: [Case] {
        let outer = expression.outerParts(world.program).dropFirst()
        let inner = expression.parts.indices.flatMap { index in
            (0..<8).compactMap { expression.simplified(part: index, $0, world.program) }
        }
        return (outer + inner).map { simpler in
            var smaller = self
            smaller.expression = simpler
            return smaller
        }
    }
}

extension Expression {
    /// The parts that are evaluated for a member rather than for an event.
    fileprivate func outerParts(_ program: Program) -> [Expression] {
        switch node {
        case .aggregate(let aggregate):
            [self] + (aggregate.window?.bounds ?? []).flatMap { $0.outerParts(program) }
        case .definition(let id):
            [self] + program.definitions[id.index].expression.outerParts(program)
        default: [self] + operands.flatMap { $0.outerParts(program) }
        }
    }

    /// The expression with its `index`-th part made simpler in the `choice`-th way; nil when there
    /// is no such way.
    fileprivate func simplified(part index: Int, _ choice: Int, _ program: Program) -> Expression? {
        var visited = -1
        var didChange = false
        let simpler = rewritten { part in
            visited += 1
            guard visited == index else { return part }
            let ways = part.simplifications
            guard choice < ways.count else { return part }
            didChange = true
            return ways[choice]
        }
        return didChange ? simpler : nil
    }

    private var simplifications: [Expression] {
        func same(_ node: Node) -> Expression { Expression(node, type, at: range) }
        func without<Element>(_ elements: [Element]) -> [[Element]] {
            guard elements.count > 1 else { return [] }
            return elements.indices.map { Array(elements[..<$0] + elements[($0 + 1)...]) }
        }
        switch node {
        case .aggregate(let aggregate):
            let bare: [(Window?, Expression?)] = [
                (nil, aggregate.filter), (aggregate.window, nil),
            ]
            let hasBoth = aggregate.window != nil || aggregate.filter != nil
            return !hasBoth
                ? []
                : bare
                    .filter {
                        ($0.0 == nil) != (aggregate.window == nil)
                            || ($0.1 == nil) != (aggregate.filter == nil)
                    }
                    .map { window, filter in
                        same(
                            .aggregate(
                                aggregate.with(
                                    argument: aggregate.argument, window: window, filter: filter)))
                    }
        case .and(let operands): return without(operands).map { same(.and($0)) } + operands
        case .or(let operands): return without(operands).map { same(.or($0)) } + operands
        case .isIn(let operand, let elements):
            return without(elements).map { same(.isIn(operand, $0)) }
        case .choose(let branches, let otherwise):
            return without(branches).map { same(.choose($0, otherwise: otherwise)) }
                + operands.filter { $0.type == type }
        default: return operands.filter { $0.type == type }
        }
    }
}
