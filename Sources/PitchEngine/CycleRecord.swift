import PitchColumnar
import PitchProgram
import PitchSchema
import PitchSource
import PitchStore

/// Turns what a strategy decided into what the ledger keeps.
struct CycleRecord {
    let base: CustomerBase
    let run: Int64
    let arrivals: RowArrivals

    func record(_ ruling: Cycle.Ruling) -> StrategyRecord {
        var issue = CouponIssue(program: base.program, today: base.moment.today)
        let items = ruling.verdicts.map { item(for: $0, of: ruling, &issue) }
        return StrategyRecord(
            run: run, plan: ruling.entry.plan.name,
            state: LedgerStrategy(
                id: ruling.id, name: ruling.entry.name, startedAt: ruling.startedAt,
                judgedAt: base.moment.now, daysDone: ruling.sighting.daysDone,
                salt: ruling.salt),
            feeds: ruling.sighting.feeds, insiders: ruling.sighting.insiders,
            missedDays: ruling.sighting.missedDays,
            days: ruling.sighting.judgedDays, items: items,
            crowds: ruling.crowds.map { crowd($0, of: ruling) }, reserved: ruling.reserved)
    }

    private func crowd(_ crowd: Crowd, of ruling: Cycle.Ruling) -> LedgerCrowd {
        var members = Bitmap(count: base.memberCount)
        for member in crowd.members { members[Int(member)] = true }
        return LedgerCrowd(
            strategy: ruling.id, feed: crowd.key.feed, day: crowd.key.day, at: crowd.key.at,
            run: run, judgedAt: base.moment.now, outcome: crowd.key.outcome.rawValue,
            trigger: crowd.key.trigger, alsoMatched: crowd.key.alsoMatched, members: members)
    }

    private func item(
        for verdict: Cycle.Verdict, of ruling: Cycle.Ruling, _ issue: inout CouponIssue
    ) -> StrategyRecord.Item {
        let isIssued = verdict.outcome == .issued
        let offer = verdict.offer
        let coupons =
            isIssued
            ? issue.coupons(
                of: offer, expected: ruling.entry.plan.reservesExpected,
                template: verdict.template, segment: verdict.segment) : []
        let route = isIssued ? verdict.route : nil
        let outcome = LedgerOutcome(
            strategy: ruling.id, member: verdict.member, feed: verdict.occasion.feed,
            occurrence: verdict.occasion.key, at: verdict.occasion.at, run: run,
            judgedAt: base.moment.now, outcome: verdict.outcome.rawValue,
            trigger: verdict.occasion.trigger, alsoMatched: verdict.occasion.alsoMatched,
            offer: isIssued ? base.program.name(of: offer) : nil,
            channel: route.map { base.program.channels[$0.channel].name },
            couponMinor: verdict.cost.couponMinor, messageMicro: verdict.cost.messageMicro,
            successUntil: isIssued || verdict.outcome == .heldOut
                ? ruling.entry.strategy.success?.within
                    .shift(instant: base.moment.now, times: 1, in: base.moment.zone) : nil,
            arrivedAt: arrival(of: verdict.occasion))
        let message = route.map {
            self.message(
                $0, to: verdict, of: ruling.entry, coupons, issue.lastDay(of: offer))
        }
        return StrategyRecord.Item(
            outcome: outcome, coupons: coupons, message: message,
            deferral: verdict.deferredUntil.map { deferral(of: verdict.occasion, until: $0) },
            wasDeferred: verdict.occasion.wasDeferred)
    }

    /// When the last of its rows arrived; nil where that is not known, or is after now: the load
    /// and the run were then told other times.
    private func arrival(of occasion: Occasion) -> Int64? {
        let isJoined = occasion.feed == MemberOccurrences.joined
        guard let dataSet = isJoined ? base.program.members : occasion.dataSet else { return nil }
        let rows = isJoined ? [occasion.key] : occasion.rows.map(\.row)
        let name = base.program.dataSets[dataSet.index].name
        let instants = rows.compactMap { arrivals.instant(of: $0, in: name) }
        guard instants.count == rows.count, let last = instants.max(), last <= base.moment.now
        else { return nil }
        return last
    }

    private func deferral(of occasion: Occasion, until: Int64) -> Deferral {
        Deferral(
            until: until, dataSet: occasion.dataSet.map { base.program.dataSets[$0.index].name },
            rows: occasion.rows.map(\.row), label: occasion.label, isDay: occasion.isDay)
    }

    private func message(
        _ route: Judgement.Route, to verdict: Cycle.Verdict, of entry: Cycle.Entry,
        _ coupons: [IssuedCoupon], _ lastDay: Int32?
    ) -> QueuedMessage {
        let channel = base.program.channels[route.channel]
        let codes = coupons.map(\.code)
        let text = route.text.filled(
            offerTitle: base.program.title(of: verdict.offer), lastDay: lastDay,
            codes: codes)
        var fields = [
            ("run", String(run)), ("plan", JSONText.quoted(entry.plan.name)),
            ("strategy", JSONText.quoted(entry.strategy.name)),
            ("member", JSONText.quoted(verdict.member)), ("channel", JSONText.quoted(channel.name)),
            ("to", JSONText.quoted(route.address)), ("text", JSONText.quoted(text)),
            ("coupons", "[" + codes.map(JSONText.quoted).joined(separator: ",") + "]"),
        ]
        if let lastDay {
            fields.append(("expires", JSONText.quoted(CivilDate(days: Int(lastDay)).text)))
        }
        let line = "{" + fields.map { "\"\($0.0)\":\($0.1)" }.joined(separator: ",") + "}"
        return switch channel.transport {
        case .file(let folder, let isTable):
            QueuedMessage(
                channel: channel.name, form: isTable ? .csv : .ndjson, folder: folder, line: line)
        case .webhook:
            QueuedMessage(channel: channel.name, form: .webhook, folder: "", line: line)
        }
    }
}
