import Testing

@testable import PitchOptimizer

/// Whether trials get better when what became of them is fed back, and whether their intervals
/// hold.
@Suite struct LearningTests {
    private struct Actual {
        var costMinor: Int64 = 0
        var converted = 0
        var rows: [CampaignResult] = []
    }

    private static let members = 6_000
    private static let groups = ["s0", "s1", "s2"]
    /// What a use costs of the worst.
    private static let costShare = 0.7

    private func template(_ random: inout Seeded) -> Template {
        func coupon(_ kind: String) -> CouponCopies {
            let face = random.pick(ResponseWorld.faces)
            return CouponCopies(
                CouponOffer(name: kind, kind: kind, faceMinor: face, worstMinor: face))
        }
        return Template([
            TemplateItem([coupon("kind0")], quantity: 3 * random.int(300...700)),
            TemplateItem([coupon("kind1")], quantity: 3 * random.int(300...700)),
            TemplateItem([coupon("kind0"), coupon("kind2")], quantity: 3 * random.int(100...500)),
        ])
    }

    /// Members use the coupons of a bundle independently with half of their conversions, and all
    /// together with the other half, as an overlap of a half says.
    private func run(
        _ template: Template, _ number: Int, in world: ResponseWorld, _ random: inout Seeded
    ) -> Actual {
        var actual = Actual()
        let luck = world.campaignSpread * random.normal()
        for item in template.items {
            for group in Self.groups {
                let shares = item.coupons.map {
                    logistic(world.odds($0.offer.kind, $0.offer.faceMinor ?? 0, group) + luck)
                }
                var uses = [Int](repeating: 0, count: shares.count)
                for _ in 0..<item.quantity / 3 {
                    let (together, common) = (random.unit() < 0.5, random.unit())
                    let used = shares.map { (together ? common : random.unit()) < $0 }
                    for place in uses.indices where used[place] { uses[place] += 1 }
                    if used.contains(true) { actual.converted += 1 }
                }
                for (place, coupon) in item.coupons.enumerated() {
                    let face = coupon.offer.faceMinor ?? 0
                    let cost = Int64(Self.costShare * Double(face) * Double(uses[place]))
                    actual.costMinor += cost
                    actual.rows.append(
                        CampaignResult(
                            campaign: number, kind: coupon.offer.kind, faceMinor: face,
                            segment: group, issued: item.quantity / 3, converted: uses[place],
                            costMinor: cost))
                }
            }
        }
        return actual
    }

    private func audience() throws -> Audience {
        try Audience(Self.groups.map { .init(segment: $0, members: Self.members / 3) })
    }

    private func median(_ values: [Double]) -> Double {
        let sorted = values.sorted()
        return (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
    }

    @Test func errorsFallFromRoundToRound() throws {
        let audience = try audience()
        var errors: [[(cost: Double, conversion: Double)]] = Array(repeating: [], count: 4)
        for seed in 800_000..<800_030 as Range<UInt64> {
            var random = Seeded(seed)
            var world = ResponseWorld(ResponsePrior(), &random)
            world.campaignSpread = 0.15
            var history: [CampaignResult] = []
            for round in 0..<4 {
                let template = template(&random)
                let trial = try trial(
                    template, on: audience, with: ResponseModel(history: history))
                let actual = run(template, round, in: world, &random)
                history += actual.rows
                let conversion = Double(actual.converted) / Double(Self.members)
                errors[round].append(
                    (
                        abs(Double(trial.costMinor - actual.costMinor)),
                        abs(trial.conversion - conversion)
                    ))
            }
        }
        let cost = errors.map { median($0.map(\.cost)) }
        let conversion = errors.map { median($0.map(\.conversion)) }
        #expect(max(cost[2], cost[3]) <= 0.6 * cost[0], "\(cost)")
        #expect(max(conversion[2], conversion[3]) <= 0.6 * conversion[0], "\(conversion)")
    }

    /// Of simulated campaigns, the shares whose cost and whose conversion fall into the interval.
    private func coverage(
        seeds: Range<UInt64>, rounds: ClosedRange<Int>
    ) throws -> (cost: Double, conversion: Double) {
        let audience = try audience()
        var (cost, conversion) = (0, 0)
        for seed in seeds {
            var random = Seeded(seed)
            let world = ResponseWorld(ResponsePrior(), &random)
            var history: [CampaignResult] = []
            for round in 0..<random.int(rounds) {
                history += run(template(&random), round, in: world, &random).rows
            }
            let template = template(&random)
            let trial = try trial(template, on: audience, with: ResponseModel(history: history))
            let actual = run(template, 999, in: world, &random)
            if trial.costInterval.contains(actual.costMinor) { cost += 1 }
            let share = Double(actual.converted) / Double(Self.members)
            if trial.conversionInterval.contains(share) { conversion += 1 }
        }
        return (Double(cost) / Double(seeds.count), Double(conversion) / Double(seeds.count))
    }

    @Test(arguments: [(810_000, 1...2), (820_000, 8...12)] as [(UInt64, ClosedRange<Int>)])
    func trialIntervalsHold(seed: UInt64, rounds: ClosedRange<Int>) throws {
        let shares = try coverage(seeds: seed..<seed + 800, rounds: rounds)
        #expect((0.87...0.93).contains(shares.cost), "\(shares)")
        #expect((0.87...0.93).contains(shares.conversion), "\(shares)")
    }
}
