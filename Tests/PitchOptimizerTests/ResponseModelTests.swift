import Glibc
import Testing

@testable import PitchOptimizer

@Suite struct ResponseModelTests {
    private func history(_ seed: UInt64, campaigns: Int) -> [CampaignResult] {
        var random = Seeded(seed)
        let world = ResponseWorld(ResponsePrior(), &random)
        return (0..<campaigns).flatMap { number in
            world.campaign(number, rows: random.int(1...5), issued: 0...800, &random)
        }
    }

    @Test(arguments: 0..<60 as Range<UInt64>)
    func conversionNeverFallsAsTheFaceRises(seed: UInt64) throws {
        let model = try ResponseModel(history: history(seed, campaigns: Int(seed % 12)))
        for kind in ["kind0", "kind1", "kind2", "never seen"] {
            for segment in [nil, "s1", "never seen"] {
                let faces: [Int64] = [0, 1, 99, 100, 101, 800, 2_000, 5_000, 70_000, .max]
                let shares = faces.map {
                    model.conversion(kind: kind, faceMinor: $0, segment: segment)
                }
                #expect(zip(shares, shares.dropFirst()).allSatisfy { $0 <= $1 })
                #expect(shares.allSatisfy { $0 >= 0 && $0 <= 1 })
            }
        }
    }

    @Test(arguments: 100..<120 as Range<UInt64>)
    func theOrderOfRowsDecidesNothing(seed: UInt64) throws {
        let rows = history(seed, campaigns: 8)
        var random = Seeded(seed)
        let (one, other) = (
            try ResponseModel(history: rows),
            try ResponseModel(history: rows.shuffled(using: &random))
        )
        for face in ResponseWorld.faces + [nil] as [Int64?] {
            let predictions = [one, other].map {
                $0.prediction(kind: "kind1", faceMinor: face, segment: "s0", members: 500)
            }
            #expect(predictions[0] == predictions[1])
        }
    }

    @Test func extremeHistoryStaysFinite() throws {
        let rows = [
            CampaignResult(campaign: 1, kind: "all", faceMinor: 0, issued: 5_000, converted: 5_000),
            CampaignResult(campaign: 1, kind: "none", faceMinor: .max, issued: 9_999, converted: 0),
            CampaignResult(campaign: 2, kind: "all", issued: 1, converted: 0),
            CampaignResult(campaign: 3, kind: "none", issued: 0, converted: 0),
            CampaignResult(campaign: 4, kind: "huge", issued: 1 << 40, converted: 1 << 39),
        ]
        let model = try ResponseModel(history: rows)
        for kind in ["all", "none", "huge", "new"] {
            for members in [0, 1, 1_000_000_000] {
                let prediction = model.prediction(kind: kind, faceMinor: 3, members: members)
                #expect(prediction.conversion > 0 && prediction.conversion <= 1)
                #expect(prediction.converted.upperBound <= members)
                #expect((0...1).contains(prediction.priorShare))
            }
            let offer = CouponOffer(name: kind, kind: kind, faceMinor: 700, worstMinor: 700)
            let trial = try trial(
                Template([TemplateItem([CouponCopies(offer)], quantity: 900)]),
                on: Audience([.init(segment: nil, members: 1_000)]), with: model)
            #expect((0...1).contains(trial.conversion) && trial.costMinor <= 630_000)
            #expect(trial.conversionInterval.upperBound <= 0.9)
            #expect((0...1).contains(trial.priorShare))
        }
    }

    @Test func withoutHistoryAllIsPrior() throws {
        let prediction = try ResponseModel(history: []).prediction(
            kind: "cash", faceMinor: 2_000, members: 10_000)
        #expect(prediction.priorShare > 0.999)
        #expect((0.05...0.1).contains(prediction.conversion))
        #expect(prediction.converted.lowerBound < 100)
        #expect(prediction.converted.upperBound > 2_000)
    }

    @Test func rowsWithoutFaceTellTheLevelOnly() throws {
        let rows = (0..<30).map { campaign in
            CampaignResult(campaign: campaign, kind: "cash", issued: 1_000, converted: 200)
        }
        let model = try ResponseModel(history: rows)
        let elasticity = model.elasticity(of: "cash")
        #expect(elasticity.rowsWithoutFace == 30 && elasticity.rowsWithFace == 0)
        #expect(elasticity.priorShare > 0.999)
        #expect(abs(elasticity.value - ResponsePrior().elasticity) < 1e-6)
        #expect(abs(model.conversion(kind: "cash", faceMinor: nil) - 0.2) < 0.02)
    }

    @Test func thinSegmentsStayNearAllMembers() throws {
        func conversion(members: Int) throws -> Double {
            let all = (0..<12).map { campaign in
                CampaignResult(
                    campaign: campaign, kind: "cash", faceMinor: 500, segment: "many",
                    issued: 2_000, converted: 200)
            }
            let few = CampaignResult(
                campaign: 99, kind: "cash", faceMinor: 500, segment: "few",
                issued: members, converted: members / 2)
            return try ResponseModel(history: all + [few])
                .conversion(kind: "cash", faceMinor: 500, segment: "few")
        }
        let (thin, rich) = (try conversion(members: 4), try conversion(members: 4_000))
        #expect(thin > 0.1 && thin < 0.2)
        #expect(rich > thin && rich < 0.5)
    }

    @Test func campaignsThatDifferWidenTheInterval() throws {
        func width(_ converted: [Int]) throws -> Int {
            let rows = converted.enumerated().map { campaign, count in
                CampaignResult(
                    campaign: campaign, kind: "cash", faceMinor: 500, issued: 1_000,
                    converted: count)
            }
            return try ResponseModel(history: rows)
                .prediction(kind: "cash", faceMinor: 500, members: 1_000).converted.count
        }
        let alike = try width(Array(repeating: 100, count: 20))
        let unlike = try width((0..<20).map { $0 % 2 == 0 ? 50 : 150 })
        #expect(unlike > 2 * alike)
    }

    @Test func thePriorsShareFallsAsHistoryGrows() throws {
        let shares = try [0, 1, 4, 16, 64].map { campaigns in
            let rows = (0..<campaigns).map { campaign in
                CampaignResult(
                    campaign: campaign, kind: "cash", faceMinor: 500, issued: 1_000,
                    converted: campaign % 3 * 10 + 80)
            }
            return try ResponseModel(history: rows)
                .prediction(kind: "cash", faceMinor: 500, members: 1_000).priorShare
        }
        #expect(zip(shares, shares.dropFirst()).allSatisfy { $0 > $1 })
        #expect(shares[4] < 0.02)
    }

    @Test func impossiblePriorsAreRefused() {
        var prior = ResponsePrior()
        prior.kindSpread = 0
        #expect(throws: OptimizerError.impossiblePrior) {
            try ResponseModel(history: [], prior: prior)
        }
    }

    @Test func impossibleRowsAreNamed() {
        let good = CampaignResult(campaign: 1, kind: "cash", issued: 5, converted: 5)
        var bad = good
        bad.converted = 6
        #expect(throws: OptimizerError.impossibleResult(row: 1)) {
            try ResponseModel(history: [good, bad])
        }
    }

    @Test(arguments: [(20, 0.1), (200, 0.02), (50, 0.5), (40, 0.97), (3, 0.3)])
    func approximatesTheBinomialDistribution(trials: Int, share: Double) {
        var (sum, term) = (0.0, pow(1 - share, Double(trials)))
        let bound = 0.007 / (Double(trials) * share * (1 - share)).squareRoot() + 1e-9
        for count in 0...trials {
            sum += term
            let approximate = CountDistribution.binomial(
                atMost: count, of: Double(trials), share)
            #expect(abs(approximate - sum) < bound)
            term *= Double(trials - count) / Double(count + 1) * share / (1 - share)
        }
    }
}
