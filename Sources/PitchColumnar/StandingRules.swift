import PitchProgram
import PitchSchema

/// Rules that are asked again as the data and the clock move on. Asked again, they look only at the
/// members who may be selected otherwise than before.
package struct StandingRules {
    /// How a rule was answered, and why so.
    package enum Path: Equatable, Sendable {
        /// It was never asked.
        case everybodyAtFirst
        /// So many members would have to be looked at that their neighbours cost no more.
        case everybodyForMost(members: Int)
        /// It reads the clock otherwise than by windows and bounds.
        case everybodyForClock
        /// Members whose rows changed, and those who came into a window or left one.
        case some(changed: Int, passed: Int)
    }

    /// What became otherwise for one rule.
    package struct Difference: Sendable {
        /// Members selected now, and not before; ascending.
        package var entered: [Int32] = []
        /// Members selected before, and not now; ascending.
        package var left: [Int32] = []
        package let path: Path
    }

    private let predicates: [Expression]
    private var moment: Moment?
    /// What each rule said when it was last asked.
    package private(set) var selections: [Selection] = []
    /// Whether a rule was known of everybody, and failed for nobody.
    private var isPlain: [Bool] = []

    package init(_ predicates: [Expression]) { self.predicates = predicates }

    /// Asks all rules.
    /// - Parameters:
    ///   - runtime: of the same program, with the data and the moment as they are now. Members keep
    ///     their places; new ones come last.
    ///   - changed: members whose rows, or whose events, are others than when they were last asked.
    /// - Returns: one a rule.
    package mutating func ask(
        _ runtime: ColumnarRuntime, changed: [Int32]
    ) throws -> [Difference] {
        let since = moment
        moment = runtime.moment
        guard let since, selections.count == predicates.count else {
            return try askEverybody(runtime, of: Array(predicates.indices), .everybodyAtFirst)
        }
        let count = runtime.memberCount
        var some = Bitmap(count: count)
        for member in changed { some[Int(member)] = true }
        for member in (selections.first?.isTrue.count ?? count)..<count { some[member] = true }
        let changes = some.population
        let passage = try runtime.passage(since: since, of: predicates)
        for members in passage.passed.compactMap(\.self) { some = some | members }
        let members = some.rows
        if members.count * ColumnarRuntime.shareOfMost >= count {
            return try askEverybody(
                runtime, of: Array(predicates.indices), .everybodyForMost(members: members.count))
        }
        var told: [Int] = []
        var untold: [Int] = []
        for (index, passed) in passage.passed.enumerated() {
            if passed == nil { untold.append(index) } else { told.append(index) }
        }
        let path = Path.some(changed: changes, passed: members.count - changes)
        let differences =
            try ask(runtime, of: told, among: members, path)
            + askEverybody(runtime, of: untold, .everybodyForClock)
        return zip(told + untold, differences).sorted { $0.0 < $1.0 }.map(\.1)
    }

    private mutating func ask(
        _ runtime: ColumnarRuntime, of rules: [Int], among members: [Int32], _ path: Path
    ) throws -> [Difference] {
        if rules.isEmpty { return [] }
        let news = try runtime.select(rules.map { predicates[$0] }, among: members)
        return zip(rules, news).map { rule, new in
            let count = runtime.memberCount
            let changed = selections[rule].isTrue.take(new.isTrue, of: members, everybody: count)
            // The masks of most rules need no look.
            let staysPlain = isPlain[rule] && new.isPlain
            if !staysPlain || selections[rule].isKnown.count != count {
                _ = selections[rule].isKnown.take(new.isKnown, of: members, everybody: count)
                _ = selections[rule].failed.take(new.failed, of: members, everybody: count)
            }
            isPlain[rule] = staysPlain
            let now = selections[rule].isTrue
            return Difference(
                entered: changed.filter { now[Int($0)] }, left: changed.filter { !now[Int($0)] },
                path: path)
        }
    }

    private mutating func askEverybody(
        _ runtime: ColumnarRuntime, of rules: [Int], _ path: Path
    ) throws -> [Difference] {
        if rules.isEmpty { return [] }
        let news = try runtime.select(rules.map { predicates[$0] })
        if selections.isEmpty {
            selections = news.map { Selection(ofNobody: $0.isTrue.count) }
            isPlain = news.map { _ in false }
        }
        return zip(rules, news).map { rule, new in
            let then = selections[rule].isTrue.grown(to: new.isTrue.count)
            selections[rule] = new
            isPlain[rule] = new.isPlain
            return Difference(
                entered: (new.isTrue - then).rows, left: (then - new.isTrue).rows, path: path)
        }
    }
}

extension Selection {
    fileprivate init(ofNobody count: Int) {
        let none = Bitmap(count: count)
        self.init(isTrue: none, isKnown: none, failed: none)
    }

    fileprivate var isPlain: Bool { failed.isEmpty && isKnown.population == isKnown.count }
}

extension Bitmap {
    /// Takes over some bits.
    /// - Parameter everybody: how many bits there are; new ones are 0 before.
    /// - Returns: those that changed.
    fileprivate mutating func take(
        _ other: Bitmap, of members: [Int32], everybody count: Int
    ) -> [Int32] {
        if count != self.count { self = grown(to: count) }
        let changed = (gathered(at: members[...]) ^ other).rows.map { members[Int($0)] }
        for member in changed { self[Int(member)].toggle() }
        return changed
    }

    /// With further bits, which are 0.
    fileprivate func grown(to count: Int) -> Bitmap {
        if count == self.count { return self }
        var result = Bitmap(count: count)
        result.copy(0..<self.count, of: self, to: 0)
        return result
    }
}
