/// A case in which the engine decides otherwise than the oracle.
struct Difference {
    let scenes: SceneCase
    let cycle: Int
    let reason: String

    /// Nil when both decide the same in every cycle.
    init?(of scenes: SceneCase) {
        var coverage = SceneCoverage()
        self.init(of: scenes, into: &coverage)
    }

    init?(of scenes: SceneCase, into coverage: inout SceneCoverage) {
        coverage.add(scenes)
        var oracle = Oracle(scenes)
        do {
            let shop = try SceneShop(scenes)
            for cycle in scenes.world.cycles.indices {
                let expected = oracle.cycle(cycle)
                let found = try shop.cycle(cycle)
                coverage.add(expected.findings, missed: expected.missed, of: scenes)
                if expected == found { continue }
                let (missing, added) = (
                    Set(expected.findings).subtracting(found.findings).sorted(),
                    Set(found.findings).subtracting(expected.findings).sorted()
                )
                self.init(
                    scenes: scenes, cycle: cycle,
                    reason: (missing.map { "only the language: \($0.text)" }
                        + added.map { "only the engine:   \($0.text)" }
                        + (expected.missed == found.missed
                            ? [] : ["missed: \(expected.missed), found \(found.missed)"]))
                        .joined(separator: "\n"))
                return
            }
            return nil
        } catch {
            self.init(scenes: scenes, cycle: -1, reason: "the run failed: \(error)")
        }
    }

    private init(scenes: SceneCase, cycle: Int, reason: String) {
        self.scenes = scenes
        self.cycle = cycle
        self.reason = reason
    }

    var text: String { "cycle \(cycle)\n\(reason)\n\(scenes.text)" }

    /// The same with less: strategies, lines, clauses, rows.
    func shrunk() -> Difference {
        var best = self
        var tries = 0
        while tries < 300 {
            let smaller = best.scenes.smaller.lazy.compactMap { scenes -> Difference? in
                tries += 1
                return tries < 300 ? Difference(of: scenes) : nil
            }.first
            guard let smaller else { break }
            best = smaller
        }
        return best
    }
}

extension SceneCase {
    /// Simpler cases, the greatest steps first.
    fileprivate var smaller: [SceneCase] {
        let one = strategies.count == 1 ? [] : strategies.map { strategy in
            with { $0.strategies = [strategy] }
        }
        let half = world.rows.count / 2
        let halves = [world.rows.prefix(half), world.rows.suffix(half)]
            .filter { $0.count > 1 }.map { rows in with { $0.world.rows = Array(rows) } }
        let feeds = Set(world.rows.map(\.feed)).sorted().map { feed in
            with { $0.world.rows.removeAll { $0.feed == feed } }
        }
        let rows = world.rows.count > 20 ? [] : world.rows.indices.map { place in
            with { $0.world.rows.remove(at: place) }
        }
        let members = Set(world.members.map(\.key)).sorted().map { member in
            with { scenes in
                scenes.world.members.removeAll { $0.key == member }
                scenes.world.rows.removeAll { $0.owner == member }
            }
        }
        return one + simplerStrategies + feeds + halves + members + rows
    }

    private var simplerStrategies: [SceneCase] {
        guard strategies.count == 1 else { return [] }
        let lines = strategies[0].lines
        return (lines.count == 1 ? [] : lines.indices.map { line in
            with { $0.strategies[0].lines.remove(at: line) }
        })
            + (strategies[0].segment == nil ? [] : [with { $0.strategies[0].segment = nil }])
            + (strategies[0].condition == nil ? [] : [with { $0.strategies[0].condition = nil }])
            + lines.indices.filter { lines[$0].filter != nil }.map { line in
                with { $0.strategies[0].lines[line].filter = nil }
            }
    }

    private func with(_ change: (inout SceneCase) -> Void) -> SceneCase {
        var scenes = self
        change(&scenes)
        return scenes
    }
}
