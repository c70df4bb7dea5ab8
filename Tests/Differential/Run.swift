import PitchColumnar
import PitchProgram
import PitchSchema
import PitchTestSupport

/// Cases made from one seed: some worlds, so many cases in each.
struct Run: Sendable {
    static let casesPerWorld = 40
    /// Of each world's cases, those that compare values rather than selections.
    static let valuesPerWorld = 4

    let seed: UInt64
    let worlds: Range<Int>

    /// The cases of one world, which share its data.
    static func cases(seed: UInt64, world number: Int) -> [Case] {
        // Far apart, so that neighbouring worlds share no numbers.
        let worldSeed = seed &+ UInt64(number) &* 0xD134_2543_DE82_EF95
        var world = WorldGenerator.world(seed: worldSeed)
        // In every other world members lie by one of their fields, so that zones tell much.
        if number % 2 == 1 { world.sortMembers(byField: 2 + number / 2 % 10) }
        var generator = ExpressionGenerator(world, seed: worldSeed ^ 0x5EED)
        generator.declareDefinitions()
        return (0..<casesPerWorld).map { index in
            let isValue = index < valuesPerWorld
            let types = WorldSchema.types
            let expression = generator.expression(
                isValue ? types[(number * valuesPerWorld + index) % types.count] : .truth,
                depth: 2 + index % 5)
            return Case(world: generator.world, expression: expression)
        }
    }

    /// Compares both evaluators in every case.
    /// - Returns: what was covered, and some of the cases in which they differ, shrunk.
    func compare() -> (Coverage, [Difference]) {
        var coverage = Coverage()
        var differences: [Difference] = []
        for world in worlds {
            let cases = Self.cases(seed: seed, world: world)
            guard let first = cases.first else { continue }
            let subject = ColumnarSubject(first.world)
            var together: [(expression: Expression, expected: [Outcome])] = []
            for (index, next) in cases.enumerated() {
                let expected = next.expected()
                if next.expression.type == .truth { together.append((next.expression, expected)) }
                coverage.add(next.expression, next.world.program, expected)
                if Self.agrees(subject, next.expression, expected, index) { continue }
                differences.append(Difference(next, seed: seed, world: world, index: index))
                if differences.count == 3 { return (coverage, differences) }
            }
            coverage.skippedAlone += subject.rowsSkipped
            let texts =
                Self.differences(first.world, together, world, &coverage)
                + Self.differencesLater(first.world, together, world)
            differences += texts.map { Difference(text: "# seed \(seed), \($0)") }
        }
        return (coverage, differences)
    }

    private static let passages: [Int64] = [
        0, 1, 1000, 3_600_000, 86_400_000, 7 * 86_400_000, 366 * 86_400_000, -86_400_000,
    ]

    /// All predicates of a world as standing rules, which were asked before: at another moment,
    /// when some members had other rows and the last ones were not there.
    private static func differencesLater(
        _ world: World, _ cases: [(expression: Expression, expected: [Outcome])], _ number: Int
    ) -> [String] {
        var before = world
        let passage = passages[number % passages.count]
        before.moment = Moment(
            now: world.moment.now - passage, zone: world.moment.zone,
            weekStart: world.moment.weekStart)
        before.members.removeLast(number % 3)
        let changed = Array(stride(from: number % 17, to: before.members.count, by: 17))
        for member in changed { before.members[member] = world.members[(member + 1) % 100] }
        let way = "world \(number), asked again after \(passage) ms"
        do {
            var rules = StandingRules(cases.map(\.expression))
            let (then, _) = try ColumnarSubject(before).outcomes(again: &rules, changed: [])
            let (now, changes) = try ColumnarSubject(world).outcomes(
                again: &rules, changed: changed.map(Int32.init))
            return cases.indices.filter { index in
                let expected = cases[index].expected
                let was = { (member: Int) in
                    then[index].indices.contains(member) && then[index][member].isTrue
                }
                return now[index] != expected
                    || changes[index].entered.map(Int.init)
                        != expected.indices.filter { expected[$0].isTrue && !was($0) }
                    || changes[index].left.map(Int.init)
                        != expected.indices.filter { !expected[$0].isTrue && was($0) }
            }.map { "\(way): predicate \($0) differs by \(changes[$0].path)" }
        } catch {
            return ["\(way): threw \(error)"]
        }
    }

    /// All predicates of a world at once, by one of the ways to run them: in small chunks or one,
    /// by each family of kernels, in one thread or two, of everybody or of some.
    private static func differences(
        _ world: World, _ cases: [(expression: Expression, expected: [Outcome])], _ number: Int,
        _ coverage: inout Coverage
    ) -> [String] {
        let family = KernelFamily.available[number % KernelFamily.available.count]
        let chunkRows = number % 2 == 0 ? 64 : nil
        let threads = 1 + number / 2 % 2
        let subject = ColumnarSubject(
            world, chunkRows: chunkRows, family: family, threads: threads)
        let way = "world \(number), all at once, \(family), \(threads) threads"
        let predicates = cases.map(\.expression)
        let some = world.members.indices.filter { $0 % 3 != number % 3 }.reversed()
        do {
            let all = try subject.outcomes(together: predicates)
            coverage.skippedTogether += subject.rowsSkipped
            let among = try subject.outcomes(together: predicates, among: some.map(Int32.init))
            return cases.indices.filter { index in
                all[index] != cases[index].expected
                    || among[index] != some.map { cases[index].expected[$0] }
            }.map { "\(way): predicate \($0) differs" }
        } catch {
            return ["\(way): threw \(error)"]
        }
    }

    private static func agrees(
        _ subject: ColumnarSubject, _ expression: Expression, _ expected: [Outcome], _ index: Int
    ) -> Bool {
        guard (try? subject.outcomes(expression)) == expected else { return false }
        // A selection vector that is neither sorted nor whole.
        guard index % 8 == 5 else { return true }
        let some = (0..<expected.count).filter { $0 % 3 != index % 3 }.reversed()
        let among = try? subject.outcomes(among: some.map(Int32.init), expression)
        return among == some.map { expected[$0] }
    }
}

/// A case in which the two evaluators differ.
struct Difference: Sendable {
    let text: String

    init(text: String) { self.text = text }

    init(_ found: Case, seed: UInt64, world: Int, index: Int) {
        let small = found.shrunk { candidate in
            (try? ColumnarSubject(candidate.world).outcomes(candidate.expression))
                != candidate.expected()
        }
        let expected = small.expected()
        var lines = ["# seed \(seed), world \(world), case \(index)", small.script]
        do {
            let actual = try ColumnarSubject(small.world).outcomes(small.expression)
            for (row, member) in small.world.members.enumerated()
            where !actual.indices.contains(row) || actual[row] != expected[row] {
                let found = actual.indices.contains(row) ? "\(actual[row])" : "nothing"
                lines.append("# \(member.key): expected \(expected[row]), columnar \(found)")
            }
        } catch {
            lines.append("# expected \(expected.prefix(3)), columnar threw \(error)")
        }
        text = lines.joined(separator: "\n")
    }
}
