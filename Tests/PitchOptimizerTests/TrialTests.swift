import Glibc
import Testing

@testable import PitchOptimizer

@Suite struct TrialTests {
    private let model: ResponseModel
    private let audience: Audience

    init() throws {
        model = try ResponseModel(
            history: (0..<20).map { campaign in
                CampaignResult(
                    campaign: campaign, kind: campaign % 2 == 0 ? "cash" : "percent",
                    faceMinor: 1_000, issued: 2_000, converted: 150 + 5 * (campaign % 5),
                    costMinor: Int64(150 + 5 * (campaign % 5)) * (campaign % 2 == 0 ? 1_000 : 600))
            })
        audience = try Audience([
            .init(segment: "young", members: 6_000), .init(segment: nil, members: 4_000),
        ])
    }

    private func coupon(_ kind: String, _ face: Int64) -> CouponCopies {
        CouponCopies(
            CouponOffer(name: kind, kind: kind, faceMinor: face, worstMinor: face))
    }

    @Test func tellsReservedExpectedAndWorstApart() throws {
        let one = TemplateItem([coupon("cash", 1_000)], quantity: 5_000)
        let other = TemplateItem([coupon("percent", 1_000)], quantity: 3_000)
        let trial = try trial(Template([one, other]), on: audience, with: model)
        #expect(trial.reservedMinor == 8_000_000)
        #expect(trial.issued == 8_000)
        #expect(trial.costInterval.contains(trial.costMinor))
        #expect(trial.conversionInterval.contains(trial.conversion))
        #expect(trial.costInterval.upperBound <= trial.worstCaseMinor)
        #expect(trial.worstCaseMinor < trial.reservedMinor)
        // 8 % of 8,000 members, out of 10,000; a percent costs 60 % of its face.
        #expect(abs(trial.conversion - 0.064) < 0.004)
        #expect(abs(Double(trial.costMinor) - 400_000 - 144_000) < 30_000)
        #expect(abs(trial.convertedPerIssued - trial.conversion * 10_000 / 8_000) < 1e-12)
        #expect(trial.priorShare < 0.1 && trial.costPriorShare < 0.1)
    }

    @Test func unknownCouponsAreGuessesAndSaySo() throws {
        let item = TemplateItem([coupon("gift", 500)], quantity: 100)
        let trial = try trial(Template([item]), on: audience, with: model)
        #expect(trial.priorShare > 0.3)
        #expect(trial.costPriorShare == 1)
    }

    @Test func nothingIssuedCostsNothing() throws {
        let item = TemplateItem([coupon("cash", 500)], quantity: 0)
        let trial = try trial(Template([item]), on: audience, with: model)
        #expect(trial.costMinor == 0 && trial.costInterval == 0...0 && trial.worstCaseMinor == 0)
        #expect(trial.conversion == 0 && trial.conversionInterval == 0...0)
        #expect(trial.convertedPerIssued == 0)
    }

    @Test func theOrderOfItemsDecidesNothing() throws {
        let items = [
            TemplateItem([coupon("cash", 1_000)], quantity: 9_000),
            TemplateItem([coupon("percent", 500), coupon("cash", 300)], quantity: 7_000),
            TemplateItem([coupon("gift", 800)], quantity: 2_000),
        ]
        let one = try trial(Template(items), on: audience, with: model)
        #expect(try trial(Template(items.reversed()), on: audience, with: model) == one)
    }

    @Test(arguments: 0..<30 as Range<UInt64>)
    func higherFacesAndQuantitiesNeverConvertLess(seed: UInt64) throws {
        var random = Seeded(seed)
        var items = (0..<random.int(1...3)).map { _ in
            TemplateItem(
                [coupon(random.pick(["cash", "percent", "new"]), Int64(random.int(1...5_000)))],
                quantity: random.int(0...3_000))
        }
        let before = try trial(Template(items), on: audience, with: model)
        let (offer, quantity) = (items[0].coupons[0].offer, items[0].quantity)
        items[0] = TemplateItem(
            [coupon(offer.kind, (offer.faceMinor ?? 0) * 2)], quantity: quantity + 50)
        let after = try trial(Template(items), on: audience, with: model)
        #expect(after.conversion >= before.conversion)
        #expect(after.costMinor >= before.costMinor)
    }

    @Test func refusesWhatCannotBe() throws {
        let huge = TemplateItem([coupon("cash", .max)], quantity: 2)
        #expect(throws: OptimizerError.moneyOverflow) {
            try trial(Template([huge]), on: audience, with: model)
        }
        let negative = TemplateItem([coupon("cash", -1)], quantity: 2)
        #expect(throws: OptimizerError.impossibleItem(0)) {
            try trial(Template([negative]), on: audience, with: model)
        }
        #expect(throws: OptimizerError.emptyAudience) {
            try Audience([.init(segment: nil, members: 0)])
        }
    }

    @Test func dealsOneItemToEverybodyBeforeASecond() {
        let hands = Dealing([6, 7], members: 10).hands
        let held = hands.map { hand in
            (Int((hand.share * 10).rounded()), hand.items.map { [$0.item, $0.copies] })
        }
        #expect(held.map(\.0) == [3, 3, 4])
        #expect(held.map(\.1) == [[[0, 1], [1, 1]], [[0, 1]], [[1, 1]]])
        let round = Dealing([25], members: 10).hands
        #expect(round.map { $0.items[0].copies } == [3, 2])
    }

    @Test func furtherCouponsAddLessAndLess() {
        func conversion(_ copies: Int, overlap: Double) -> Double {
            Combination.conversion([(share: 0.2, copies: copies)], overlap: overlap)
        }
        #expect(abs(conversion(2, overlap: 0) - 0.36) < 1e-12)
        #expect(conversion(5, overlap: 1) == 0.2)
        let (two, three) = (conversion(2, overlap: 0.5), conversion(3, overlap: 0.5))
        #expect(two - 0.2 > three - two)
    }
}
