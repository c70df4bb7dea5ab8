import Foundation
import PitchProgram
import PitchTestSupport
import Testing

/// Evaluator and Columnar give the same for every member. `PITCH_CASES` sets how many cases,
/// `PITCH_SEED` the seed that is otherwise fresh in each run.
@Suite struct DifferentialTests {
    private static let environment = ProcessInfo.processInfo.environment
    private static let cases = environment["PITCH_CASES"].flatMap { Int($0) } ?? 100_000
    private static let freshSeed =
        environment["PITCH_SEED"].flatMap { UInt64($0) } ?? UInt64.random(in: 1...999_999_999)
    private static let fixedSeed: UInt64 = 20_260_301

    @Test func bothEvaluatorsAgree() async {
        let start = ContinuousClock.now
        print("differential: \(Self.cases) cases, seeds \(Self.fixedSeed) and \(Self.freshSeed)")
        let worlds = max(1, Self.cases / Run.casesPerWorld / 2)
        // What the fresh seed covers is left to chance, and nothing to fail for.
        var coverage = Coverage()
        var differences: [Difference] = []
        await withTaskGroup(of: (Coverage?, [Difference]).self) { group in
            for seed in [Self.fixedSeed, Self.freshSeed] {
                for first in stride(from: 0, to: worlds, by: 50) {
                    let run = Run(seed: seed, worlds: first..<min(worlds, first + 50))
                    let isFixed = seed == Self.fixedSeed
                    group.addTask {
                        let (covered, found) = run.compare()
                        return (isFixed ? covered : nil, found)
                    }
                }
            }
            for await (part, found) in group {
                if let part { coverage.merge(part) }
                differences += found
            }
        }
        print(coverage.text)
        print("differential: \((ContinuousClock.now - start).components.seconds) s")
        for difference in differences.prefix(10) { Issue.record("\(difference.text)") }
        if differences.isEmpty { check(coverage) }
    }

    /// 500 in 100,000 of everything that the language can say.
    private func check(_ coverage: Coverage) {
        for word in Coverage.required {
            let count = coverage.counts[word, default: 0]
            #expect(count * 200 >= coverage.cases, "only \(count) cases of '\(word)'")
        }
        #expect(coverage.splitting * 2 >= coverage.cases, "too few cases select some")
        #expect(coverage.unknown * 10 >= coverage.cases, "too few cases are unknown for some")
        #expect(coverage.failing * 100 >= coverage.cases, "too few cases fail for some")
        #expect(coverage.skippedAlone > coverage.cases, "zones tell too little")
        #expect(coverage.skippedTogether * 4 > coverage.cases, "zones tell too little at once")
    }
}
