import PitchProgram
import PitchSchema
import PitchStore

/// The coupons that run out and are not used, as occurrences: each at 09:00 of the local day so
/// many days before its last one. They are those that the ledger says were issued, not those of a
/// data set. A coupon that was issued later than that has none.
struct ExpiryOccurrences {
    let strategy: Strategy
    let base: CustomerBase
    let ledger: Ledger
    /// What the strategy has seen, by feed.
    let seen: [String: LedgerFeed]
    /// Where a feed that is new begins.
    let origin: Int64
    /// Only this member's coupons; nil: everyone's.
    let member: Int?

    func find(into sighting: inout Sighting) throws {
        var occasions: [Occasion] = []
        var places: [Place: Int] = [:]
        for (line, trigger) in strategy.triggers.enumerated() {
            guard case .expiry(let expiry) = trigger.source else { continue }
            let feed = Self.feed(of: expiry, base.program)
            let known = try state(of: feed)
            for coupon in try coupons(expiry, since: known.judgedAt) {
                guard let holds = try holds(trigger.filter, for: coupon.member) else { continue }
                let place = Place(
                    feed: feed, member: coupon.member, coupon: coupon.identity)
                if let other = places[place] {
                    if holds == .yes { occasions[other].alsoMatched.append(line) }
                    continue
                }
                places[place] = occasions.count
                occasions.append(
                    occasion(coupon, expiry, feed, line, since: known.startedAt, holds))
            }
            sighting.feeds.append(
                LedgerFeed(
                    dataSet: feed, startedAt: known.startedAt, highRow: 0,
                    judgedAt: base.moment.now, beforeStart: 0))
        }
        sighting.lookedBack += occasions.count { occasion in
            strategy.lookBack != nil && occasion.settled == nil
                && occasion.at <= (seen[occasion.feed]?.startedAt ?? origin)
        }
        sighting.occasions += occasions
    }

    private struct Place: Hashable {
        let feed: String
        let member: Int
        let coupon: Int64
    }

    /// `coupon off20 expiring in 3 days`
    static func feed(of expiry: CouponExpiry, _ program: Program) -> String {
        "coupon \(program.coupons[expiry.coupon].name) expiring in "
            + Period(Int64(expiry.daysBefore), .day).text
    }

    static func isFeed(_ feed: String) -> Bool {
        feed.hasPrefix("coupon ") && feed.contains(" expiring in ")
    }

    private func state(of feed: String) throws -> LedgerFeed {
        seen[feed]
            ?? LedgerFeed(
                dataSet: feed, startedAt: origin, highRow: 0, judgedAt: start(from: origin),
                beforeStart: 0)
    }

    private func start(from instant: Int64) -> Int64 {
        strategy.lookBack?.shift(instant: instant, times: -1, in: base.moment.zone) ?? instant
    }

    /// Those whose day has come since an instant, by day and member.
    private func coupons(_ expiry: CouponExpiry, since: Int64) throws -> [OpenCoupon] {
        let zone = base.moment.zone
        let (from, to) = (zone.day(of: since), base.moment.today)
        guard from <= to else { return [] }
        let ahead = Int32(clamping: expiry.daysBefore)
        return try ledger.openCoupons(
            named: base.program.coupons[expiry.coupon].name, endingOn: from + ahead...to + ahead,
            of: member, base.program
        ).filter { coupon in
            let at = instant(of: coupon, expiry)
            return at > since && at <= base.moment.now && coupon.issuedAt < at
                && base.isPresent(coupon.member)
        }
    }

    private func instant(of coupon: OpenCoupon, _ expiry: CouponExpiry) -> Int64 {
        base.moment.zone.instant(
            day: coupon.lastDay - Int32(clamping: expiry.daysBefore), time: DatePattern.dueTime)
    }

    /// Yes or failed; nil: the line is not for the member.
    private func holds(_ filter: Expression?, for member: Int) throws -> Answer? {
        guard let filter else { return .yes }
        let answer = try base.answers(to: filter, for: [Int32(member)], isByRow: true)[0]
        return answer == .yes || answer == .failed ? answer : nil
    }

    private func occasion(
        _ coupon: OpenCoupon, _ expiry: CouponExpiry, _ feed: String, _ line: Int,
        since startedAt: Int64, _ holds: Answer
    ) -> Occasion {
        let at = instant(of: coupon, expiry)
        let oldest = strategy.freshFor(.expiry(expiry))
            .shift(instant: base.moment.now, times: -1, in: base.moment.zone)
        let isTooLate = at <= start(from: startedAt) || at < oldest
        return Occasion(
            member: coupon.member, feed: feed, key: coupon.identity, at: at,
            trigger: line, alsoMatched: [],
            settled: isTooLate ? .tooLate : holds == .failed ? .failed : nil, rows: [],
            dataSet: nil, label: CivilDate(days: Int(coupon.lastDay)).text,
            facts: Self.facts(
                of: base.program.coupons[expiry.coupon].name, at: at, lastDay: coupon.lastDay))
    }

    /// What `this` reads.
    static func facts(of coupon: String, at: Int64, lastDay: Int32) -> [String: Value] {
        ["coupon": .text(coupon), "at": .instant(at), "expires": .date(lastDay)]
    }
}
