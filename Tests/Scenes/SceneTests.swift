import Foundation
import PitchTestSupport
import Testing

/// The engine decides what a plain reading of the language's section on scenes decides, for random
/// `when` lines over random rows that come late, early and out of order. `PITCH_SCENES` sets how
/// many cases, `PITCH_SEED` the seed that is otherwise fresh in each run.
@Suite struct SceneTests {
    private static let environment = ProcessInfo.processInfo.environment
    private static let cases = environment["PITCH_SCENES"].flatMap { Int($0) } ?? 300
    private static let freshSeed =
        environment["PITCH_SEED"].flatMap { UInt64($0) } ?? UInt64.random(in: 1...999_999_999)
    private static let fixedSeed: UInt64 = 20_260_301

    @Test func engineDecidesAsTheLanguageSays() async {
        let start = ContinuousClock.now
        print("scenes: \(Self.cases) cases, seeds \(Self.fixedSeed) and \(Self.freshSeed)")
        let half = UInt64(max(1, Self.cases / 2))
        // What the fresh seed covers is left to chance, and nothing to fail for.
        var coverage = SceneCoverage()
        var differences: [String] = []
        await withTaskGroup(of: (SceneCoverage?, [String]).self) { group in
            for seed in [Self.fixedSeed, Self.freshSeed] {
                let isFixed = seed == Self.fixedSeed
                let seeds = (0..<half).map { seed &* 1_000_003 &+ $0 }
                for chunk in stride(from: 0, to: seeds.count, by: 10) {
                    let part = seeds[chunk..<min(seeds.count, chunk + 10)]
                    group.addTask {
                        let (covered, found) = Self.compare(Array(part))
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
        print("scenes: \((ContinuousClock.now - start).components.seconds) s")
        for difference in differences.prefix(3) { Issue.record("\(difference)") }
        #expect(differences.isEmpty, "\(differences.count) cases differ")
        if differences.isEmpty { check(coverage) }
    }

    private static func compare(_ seeds: [UInt64]) -> (SceneCoverage, [String]) {
        var coverage = SceneCoverage()
        var differences: [String] = []
        for seed in seeds {
            let scenes = SceneCase(seed: seed)
            guard let difference = Difference(of: scenes, into: &coverage) else { continue }
            let shrunk = differences.isEmpty ? difference.shrunk() : difference
            differences.append("seed \(seed): \(shrunk.text)")
        }
        return (coverage, differences)
    }

    /// One in 200 strategies has each form, and finds something by it in one of 400.
    private func check(_ coverage: SceneCoverage) {
        for word in SceneStrategy.required {
            let count = coverage.shown[word, default: 0]
            #expect(count * 200 >= coverage.strategies, "only \(count) strategies with '\(word)'")
        }
        for word in WhenLine.required {
            let count = coverage.found[word, default: 0]
            #expect(count * 400 >= coverage.strategies, "only \(count) findings by '\(word)'")
        }
        for outcome in ["issued", "too late", "not in segment", "condition not met", "unknown"] {
            let count = coverage.outcomes[outcome, default: 0]
            #expect(count * 20 >= coverage.strategies, "only \(count) are '\(outcome)'")
        }
        #expect(coverage.missed * 20 >= coverage.strategies, "too few days are missed")
    }
}

/// How many strategies show each form, and what was found by it.
struct SceneCoverage {
    private(set) var strategies = 0
    private(set) var cycles = 0
    private(set) var missed = 0
    private(set) var shown: [String: Int] = [:]
    private(set) var found: [String: Int] = [:]
    private(set) var outcomes: [String: Int] = [:]

    mutating func add(_ scenes: SceneCase) {
        strategies += scenes.strategies.count
        cycles += scenes.world.cycles.count
        for strategy in scenes.strategies {
            for word in Set(strategy.words) { shown[word, default: 0] += 1 }
        }
    }

    mutating func add(_ findings: [Finding], missed days: [String], of scenes: SceneCase) {
        missed += days.count
        for finding in findings {
            outcomes[finding.outcome, default: 0] += 1
            if !finding.alsoMatched.isEmpty { outcomes["also matched", default: 0] += 1 }
            guard let strategy = scenes.strategies.first(where: { $0.name == finding.strategy }),
                strategy.lines.indices.contains(finding.line)
            else { continue }
            for word in Set(strategy.lines[finding.line].words) { found[word, default: 0] += 1 }
        }
    }

    mutating func merge(_ other: SceneCoverage) {
        strategies += other.strategies
        cycles += other.cycles
        missed += other.missed
        shown.merge(other.shown, uniquingKeysWith: +)
        found.merge(other.found, uniquingKeysWith: +)
        outcomes.merge(other.outcomes, uniquingKeysWith: +)
    }

    /// A table: strategies, findings, form.
    var text: String {
        let forms = shown.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
            .map { "\($0.value)\t\(found[$0.key, default: 0])\t\($0.key)" }
        let reasons = outcomes.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }
        return ([
            "\(strategies) strategies, \(cycles) cycles: " + reasons.joined(separator: ", ")
                + ", \(missed) days missed"
        ] + forms).joined(separator: "\n")
    }
}
