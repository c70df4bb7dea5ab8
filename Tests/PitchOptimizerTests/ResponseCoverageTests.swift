import Testing

@testable import PitchOptimizer

/// Whether intervals hold as often as they say, in worlds that the model was not tuned on.
@Suite struct ResponseCoverageTests {
    /// Of simulated next campaigns, the share that falls into the interval.
    private func coverage(
        seeds: Range<UInt64>, campaigns: ClosedRange<Int>, steps: Bool = false
    ) throws -> Double {
        var inside = 0
        for seed in seeds {
            var random = Seeded(seed)
            var world = ResponseWorld(ResponsePrior(), &random)
            world.steps = steps
            var history: [CampaignResult] = []
            for number in 0..<random.int(campaigns) {
                history += world.campaign(
                    number, rows: random.int(1...4), issued: 200...1_500, &random)
            }
            let next = world.campaign(999, rows: 1, issued: 1_000...3_000, &random)[0]
            let prediction = try ResponseModel(history: history).prediction(
                kind: next.kind, faceMinor: next.faceMinor, segment: next.segment,
                members: next.issued)
            if prediction.converted.contains(next.converted) { inside += 1 }
        }
        return Double(inside) / Double(seeds.count)
    }

    @Test func thinHistory() throws {
        let share = try coverage(seeds: 500_000..<501_500, campaigns: 0...4)
        #expect((0.87...0.93).contains(share), "\(share)")
    }

    @Test func richHistory() throws {
        let share = try coverage(seeds: 600_000..<601_200, campaigns: 25...40)
        #expect((0.87...0.93).contains(share), "\(share)")
    }

    /// Conversion that rises in two steps is no curve that the model can draw; the luck of
    /// campaigns takes up the difference.
    @Test func curvesOfAnotherShape() throws {
        let share = try coverage(seeds: 700_000..<701_000, campaigns: 15...25, steps: true)
        #expect((0.85...0.95).contains(share), "\(share)")
    }
}
