import PitchProgram
import PitchSchema
import PitchTestSupport
import Testing

@Suite("What coupons cost")
struct CouponCostTests {
    private func coupon(_ kind: Coupon.Kind, threshold: Int64? = nil) -> Coupon {
        Coupon(name: "c", kind: kind, thresholdMinor: threshold, validity: .days(7))
    }

    private static let loan = Coupon.Loan(principalMinor: 500_000, rate: 180_000, term: .days(7))

    private static let kinds: [(kind: Coupon.Kind, worst: Int64?, ofOrder: Int64?)] = [
        (.cash(minor: 2000), 2000, 2000),
        (.percent(share: 100_000, capMinor: 3000), 3000, 1000),
        (.percent(share: 100_000, capMinor: nil), nil, 1000),
        (.threshold(minor: 2000), 2000, 2000),
        (.shipping(capMinor: 800), 800, 800),
        (.shipping(capMinor: nil), nil, nil),
        (.gift(item: "bag", minor: 1200), 1200, 1200),
        (.points(factor: 3_000_000, worth: 10_000, capMinor: 500), 500, 200),
        (.points(factor: 1_500_000, worth: 10_000, capMinor: nil), nil, 50),
        (.interestFree(loan), 1726, 35),
        (.rateCut(loan, by: 60_000), 575, 12),
        (.feeWaiver(minor: 1500), 1500, 1500),
        (.limitRaise(minor: 1_000_000, .days(30), funding: 40_000), 3288, 33),
        (.limitRaise(minor: 1_000_000, .days(30), funding: nil), nil, nil),
    ]

    @Test("at most, and of an order of 100.00", arguments: kinds.indices)
    func each(index: Int) {
        let (kind, worst, ofOrder) = Self.kinds[index]
        let coupon = coupon(kind)
        #expect(coupon.worstCaseMinor == worst)
        #expect(coupon.costMinor(of: CouponUse(orderMinor: 10_000, day: 0)) == ofOrder)
        // Nothing is known of the order: the worst case.
        #expect(coupon.costMinor(of: CouponUse(day: 0)) == worst)
        // What the till says is what it cost.
        #expect(coupon.costMinor(of: CouponUse(discountMinor: 77, orderMinor: 1, day: 0)) == 77)
    }

    @Test("a use never costs more than the worst case", arguments: 0..<10)
    func bounded(seed: UInt64) {
        var dice = Dice(seed: seed)
        for _ in 0..<300 {
            let (kind, worst, _) = dice.pick(Self.kinds)
            guard let worst else { continue }
            let use = CouponUse(
                orderMinor: dice.roll(Int64(-5)...(Int64(1) << dice.roll(1...62))),
                day: Int32(dice.roll(0...40_000)))
            let cost = coupon(kind).costMinor(of: use) ?? .max
            #expect(cost >= 0)
            #expect(cost <= worst, "\(kind) of \(use)")
        }
    }

    @Test("shares and points are exact and rounded once", arguments: 0..<10)
    func exact(seed: UInt64) {
        var dice = Dice(seed: seed)
        for _ in 0..<300 {
            let order = dice.roll(Int64(0)...(Int64(1) << dice.roll(1...50)))
            let share = dice.roll(Int64(1)...1_000_000)
            let factor = dice.roll(Int64(1_000_001)...20_000_000)
            let use = CouponUse(orderMinor: order, day: 0)
            let off = coupon(.percent(share: share, capMinor: nil)).costMinor(of: use) ?? -1
            #expect(
                BigNatural.isHalfEven(
                    off, .product([order, share]), over: BigNatural(1_000_000)))
            let points = Coupon.Kind.points(factor: factor, worth: share, capMinor: nil)
            #expect(
                BigNatural.isHalfEven(
                    coupon(points).costMinor(of: use) ?? -1,
                    .product([order, share, factor - 1_000_000]),
                    over: BigNatural(1_000_000_000_000)))
        }
    }

    @Test("instalments cost what they cost from the day of the loan on")
    func instalments() throws {
        let loan = Coupon.Loan(principalMinor: 30_000, rate: 240_000, term: .instalments(3))
        let coupon = coupon(.interestFree(loan))
        let start = Int32(try #require(CivilDate(year: 2026, month: 1, day: 1)).days)
        #expect(coupon.costMinor(of: CouponUse(orderMinor: 30_000, day: start)) == 1184)
        // July on: 31, 62 and 92 days.
        #expect(coupon.worstCaseMinor == 1216)
    }

    @Test("the last day is the 14th after issue")
    func validity() throws {
        let leap = Int32(try #require(CivilDate(year: 2028, month: 2, day: 16)).days)
        let (first, last) = Coupon.Validity.days(14).days(issuedOn: leap)
        #expect(first == leap)
        #expect(CivilDate(days: Int(last)).text == "2028-03-01")
        #expect(Coupon.Validity.dates(first: 3, last: 9).days(issuedOn: leap) == (3, 9))
    }
}
