import Testing

@testable import PitchOptimizer

@Suite struct SearchTests {
    private struct Scene {
        let model: ResponseModel
        let audience: Audience
        let candidates: [Candidate]
        /// Every template, tried.
        private(set) var all: [Trial] = []

        init(_ seed: UInt64, candidates count: Int = 3, quantity: Int = 900) throws {
            var random = Seeded(seed)
            let world = ResponseWorld(ResponsePrior(), &random)
            let history = (0..<6).flatMap {
                world.campaign($0, rows: 4, issued: 200...900, &random)
            }
            model = try ResponseModel(history: history)
            audience = try Audience([
                .init(segment: "s0", members: 700), .init(segment: nil, members: 500),
            ])
            candidates = (0..<count).map { place in
                let versions = (0..<random.int(1...2)).map { _ in
                    (0..<random.int(1...2)).map { _ in
                        let face = random.pick(ResponseWorld.faces)
                        return CouponCopies(
                            CouponOffer(
                                name: "c\(place)", kind: "kind\(random.int(0...3))",
                                faceMinor: face, worstMinor: face))
                    }
                }
                let quantities = (0..<random.int(1...3)).map { _ in random.int(0...quantity) }
                return Candidate(versions, quantities: [0] + quantities)
            }
            if count <= 3 { try tryAll() }
        }

        private mutating func tryAll() throws {
            var templates: [[TemplateItem]] = [[]]
            for candidate in candidates {
                templates = templates.flatMap { items in
                    candidate.versions.flatMap { version in
                        candidate.quantities.map { quantity in
                            quantity == 0
                                ? items : items + [TemplateItem(version, quantity: quantity)]
                        }
                    }
                }
            }
            all = try Set(templates.map { Template($0) }).map {
                try trial($0, on: audience, with: model)
            }
        }
    }

    /// The best values by trying every template, and what the search finds.
    private func compare(
        _ goal: TemplateGoal, _ scene: Scene, limits: SearchLimits = SearchLimits()
    ) throws -> SearchResult {
        let result = try search(
            scene.candidates, for: goal, on: scene.audience, with: scene.model, limits: limits)
        let values = scene.all.compactMap {
            goal.value(Outcome(costMinor: $0.costMinor, conversion: $0.conversion))
        }
        let best = values.filter(goal.accepts).max()
        #expect(result.isProven)
        #expect(result.ranked.isEmpty == (best == nil))
        if let first = result.ranked.first, let best {
            let trial = try trial(first.template, on: scene.audience, with: scene.model)
            #expect(trial.costMinor == first.costMinor)
            #expect(abs(trial.conversion - first.conversion) < 1e-12)
            let value = goal.value(
                Outcome(costMinor: first.costMinor, conversion: first.conversion))
            #expect(value.map { abs($0 - best) < 1e-9 } == true)
            #expect(result.gap == 0)
        }
        return result
    }

    private func goals(_ scene: Scene, _ random: inout Seeded) -> [TemplateGoal] {
        let cost = scene.all.map(\.costMinor).max() ?? 100_000
        let conversion = scene.all.map(\.conversion).max() ?? 0.05
        return [
            .mostConversion(costAtMost: Int64(random.unit() * Double(cost))),
            .leastCost(conversionAtLeast: min(1, random.unit() * 1.2 * conversion)),
            .bestScore(
                .init(
                    costMinor: 1 + cost / 3, conversion: max(conversion / 2, 1e-6),
                    costWeight: random.unit(), atLeast: random.unit() - 0.5)),
        ]
    }

    @Test(arguments: 0..<50 as Range<UInt64>)
    func enumerationFindsTheBest(seed: UInt64) throws {
        var random = Seeded(seed)
        let scene = try Scene(seed)
        for goal in goals(scene, &random) { _ = try compare(goal, scene) }
    }

    @Test(arguments: 200..<250 as Range<UInt64>)
    func boundedSearchFindsTheBestToo(seed: UInt64) throws {
        var random = Seeded(seed)
        // Half of the spaces hand out more items than there are members.
        let scene = try Scene(seed, quantity: seed % 2 == 0 ? 300 : 2_000)
        var limits = SearchLimits()
        limits.exhaustive = 0
        for goal in goals(scene, &random) {
            let bounded = try compare(goal, scene, limits: limits)
            let exact = try compare(goal, scene)
            #expect(bounded.ranked == exact.ranked)
        }
    }

    @Test(arguments: 300..<320 as Range<UInt64>)
    func theFrontierHoldsWhatNothingBeats(seed: UInt64) throws {
        let scene = try Scene(seed)
        let goal = TemplateGoal.leastCost(conversionAtLeast: 0)
        let frontier = try search(
            scene.candidates, for: goal, on: scene.audience, with: scene.model).frontier
        for (one, next) in zip(frontier, frontier.dropFirst()) {
            #expect(one.costMinor < next.costMinor && one.conversion < next.conversion)
        }
        for trial in scene.all {
            #expect(
                frontier.contains {
                    $0.costMinor <= trial.costMinor && $0.conversion >= trial.conversion - 1e-12
                })
        }
    }

    @Test(arguments: 400..<406 as Range<UInt64>)
    func aLargeSpaceReportsAnHonestGap(seed: UInt64) throws {
        var random = Seeded(seed)
        let scene = try Scene(seed, candidates: 5, quantity: 600)
        let wide = scene.candidates.map { Candidate($0.versions, quantities: 0...600, steps: 15) }
        var limits = SearchLimits()
        limits.exhaustive = 1_000
        limits.starts = 3_000
        for goal in goals(scene, &random) {
            let bounded = try search(
                wide, for: goal, on: scene.audience, with: scene.model, limits: limits)
            var all = SearchLimits()
            all.exhaustive = .infinity
            let exact = try search(
                wide.map { Candidate($0.versions, quantities: 0...600, steps: 5) }, for: goal,
                on: scene.audience, with: scene.model, limits: all)
            guard let gap = bounded.gap, let bound = bounded.bound else { continue }
            #expect(gap >= 0)
            // The coarser space is a part of the wide one, so the bound holds for it.
            guard let first = exact.ranked.first else { continue }
            switch goal {
            case .mostConversion: #expect(first.conversion <= bound * (1 + 1e-9))
            case .leastCost: #expect(Double(first.costMinor) >= bound * (1 - 1e-9))
            case .bestScore: #expect((first.score ?? 0) <= bound + 1e-9)
            }
        }
    }

    @Test func capsAndFloorsAreInclusive() throws {
        let scene = try Scene(11)
        let tried = scene.all.sorted { $0.costMinor < $1.costMinor }
        let middle = tried[tried.count / 2]
        let capped = try search(
            scene.candidates, for: .mostConversion(costAtMost: middle.costMinor),
            on: scene.audience, with: scene.model)
        #expect(capped.ranked[0].conversion >= middle.conversion - 1e-12)
        let floored = try search(
            scene.candidates, for: .leastCost(conversionAtLeast: middle.conversion),
            on: scene.audience, with: scene.model)
        #expect(floored.ranked[0].costMinor <= middle.costMinor)
    }

    @Test func refusesWhatCannotBe() throws {
        let scene = try Scene(12)
        let score = TemplateGoal.Score(costMinor: 0, conversion: 0.1, costWeight: 0.5)
        for goal in [TemplateGoal.bestScore(score), .leastCost(conversionAtLeast: 1.5)] {
            #expect(throws: OptimizerError.impossibleGoal) {
                try search(scene.candidates, for: goal, on: scene.audience, with: scene.model)
            }
        }
        #expect(throws: OptimizerError.emptyCandidate(0)) {
            try search(
                [Candidate([], quantities: [1])], for: .leastCost(conversionAtLeast: 0),
                on: scene.audience, with: scene.model)
        }
    }

    /// Two histories that differ only in which words stand with which campaigns.
    @Test func wordsOfTheThemeDecideTheFirstTemplate() throws {
        func first(cash: String, gift: String) throws -> Template? {
            func campaign(_ number: Int, _ kind: String, _ used: Int, _ word: String)
                -> CampaignResult
            {
                CampaignResult(
                    campaign: number, kind: kind, faceMinor: 1_000, issued: 1_000,
                    converted: used, theme: ThemeWords([word]))
            }
            let history = (0..<6).flatMap { number in
                [
                    campaign(4 * number, "cash", 150, cash),
                    campaign(4 * number + 1, "gift", 50, cash),
                    campaign(4 * number + 2, "cash", 50, gift),
                    campaign(4 * number + 3, "gift", 150, gift),
                ]
            }
            let theme = ThemeWords(["Coffee festival"])
            let model = try ResponseModel(history: history, theme: theme)
            let candidates = ["cash", "gift"].map { kind in
                let offer = CouponOffer(
                    name: kind, kind: kind, faceMinor: 1_000, worstMinor: 1_000)
                return Candidate([[CouponCopies(offer)]], quantities: [0, 500])
            }
            let result = try search(
                candidates, theme: theme, for: .mostConversion(costAtMost: 60_000),
                on: Audience([.init(segment: nil, members: 1_000)]), with: model)
            return result.ranked.first?.template
        }
        let coffee = try first(cash: "coffee", gift: "travel")
        let travel = try first(cash: "travel", gift: "coffee")
        #expect(coffee?.items.first?.coupons.first?.offer.kind == "cash")
        #expect(travel?.items.first?.coupons.first?.offer.kind == "gift")
        #expect(coffee != travel)
    }

    @Test func aMillionTemplatesAreEnumerated() throws {
        let scene = try Scene(13, candidates: 1)
        // 1 + 3 · 3 levels each: a million of them together.
        let candidates = (0..<6).map { place in
            let versions = ResponseWorld.faces.prefix(3).map { face in
                let offer = CouponOffer(
                    name: "\(place)", kind: "kind\(place)", faceMinor: face, worstMinor: face)
                return [CouponCopies(offer)]
            }
            return Candidate(versions, quantities: [0, 100, 300, 700])
        }
        let score = TemplateGoal.Score(
            costMinor: 100_000, conversion: 0.05, costWeight: 0.4, atLeast: -9)
        let result = try search(
            candidates, for: .bestScore(score), on: scene.audience, with: scene.model)
        #expect(result.templates == 1_000_000 && result.evaluated == 1_000_000)
        #expect(result.isProven && result.gap == 0 && result.ranked.count == 10)
    }
}
