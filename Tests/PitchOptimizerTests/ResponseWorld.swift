import Glibc

@testable import PitchOptimizer

/// A made-up business: its true conversions, and campaigns drawn from them.
struct ResponseWorld {
    var kinds: [String: (level: Double, elasticity: Double)] = [:]
    var segments: [String: Double] = [:]
    var campaignSpread: Double
    /// Instead of the smooth curve: conversion rises in two steps.
    var steps = false

    static let faces: [Int64] = [500, 1_000, 2_000, 4_000, 8_000]

    /// Drawn from what the model believes without history.
    init(_ prior: ResponsePrior, _ random: inout Seeded, kinds count: Int = 3) {
        let level = log(prior.conversion / (1 - prior.conversion))
            + prior.levelSpread * random.normal()
        for kind in 0..<count {
            kinds["kind\(kind)"] = (
                level + prior.kindSpread * random.normal(),
                prior.elasticity * exp(prior.elasticitySpread * random.normal())
            )
        }
        for segment in 0..<3 { segments["s\(segment)"] = prior.segmentSpread * random.normal() }
        campaignSpread = prior.campaignSpread * abs(random.normal())
    }

    func odds(_ kind: String, _ face: Int64, _ segment: String?) -> Double {
        guard let effects = kinds[kind] else { return 0 }
        var distance = log(Double(face) / 2_000)
        if steps { distance = face < 1_000 ? -1 : face < 4_000 ? 0 : 1 }
        return effects.level + effects.elasticity * distance
            + (segment.flatMap { segments[$0] } ?? 0)
    }

    /// The expected conversion over campaigns.
    func conversion(_ kind: String, _ face: Int64, _ segment: String?) -> Double {
        (-40...40).reduce(0) { sum, index in
            let z = Double(index) / 10
            let weight = exp(-z * z / 2) / 10 / (2 * Double.pi).squareRoot()
            return sum + weight * logistic(odds(kind, face, segment) + z * campaignSpread)
        }
    }

    func campaign(
        _ number: Int, rows: Int, issued: ClosedRange<Int>, _ random: inout Seeded
    ) -> [CampaignResult] {
        let luck = campaignSpread * random.normal()
        let names = kinds.keys.sorted()
        return (0..<rows).map { _ in
            let (kind, face) = (random.pick(names), random.pick(Self.faces))
            let segment: String? = random.unit() < 0.5 ? nil : random.pick(["s0", "s1", "s2"])
            let size = random.int(issued)
            let used = random.binomial(size, logistic(odds(kind, face, segment) + luck))
            let share = 0.6 + 0.3 * random.unit()
            return CampaignResult(
                campaign: number, kind: kind,
                faceMinor: random.unit() < 0.15 ? nil : face, segment: segment, issued: size,
                converted: used, costMinor: Int64(share * Double(face) * Double(used)))
        }
    }
}
