import PitchProgram
import PitchTestSupport
import Testing

/// The differential test notices faults: each mutant differs from the specification within a
/// bounded number of cases, and nothing differs without one.
@Suite struct MutantTests {
    private struct Sample: Sendable {
        let world: World
        let cases: [(expression: Expression, expected: [Outcome])]
    }

    private static let seed: UInt64 = 7
    private static let limit = 40

    /// Worlds with the specification's outcomes, made once.
    private static let samples: [Sample] = (0..<limit).compactMap { number in
        let cases = Run.cases(seed: seed, world: number)
        return cases.first.map { first in
            Sample(world: first.world, cases: cases.map { ($0.expression, $0.expected()) })
        }
    }

    @Test(arguments: Mutant.all)
    func isCaught(_ mutant: Mutant) {
        let place = Self.samples.firstIndex { Self.differs(mutant, $0) }
        #expect(place != nil, "'\(mutant.name)' is not noticed")
    }

    @Test func nothingDiffersWithoutAMutant() {
        #expect(Mutant.all.count >= 20)
        let none = Mutant("none") { (part: Expression) in part }
        for sample in Self.samples { #expect(!Self.differs(none, sample)) }
    }

    private static func differs(_ mutant: Mutant, _ sample: Sample) -> Bool {
        let world = mutant.world?(sample.world) ?? sample.world
        let subject = ColumnarSubject(world)
        return sample.cases.contains { expression, expected in
            let mutated = mutant.part.map { expression.rewritten($0) } ?? expression
            let actual = (try? subject.outcomes(mutated)) ?? []
            return actual.map { mutant.outcome?($0) ?? $0 } != expected
        }
    }
}
