import PitchProgram
import PitchSchema
import PitchStore

/// One pass over the strategies that are due: `run` writes what it decides, `preview` shows it.
/// Both decide by this code.
struct Cycle {
    let base: CustomerBase
    let ledger: Ledger
    /// Plans in whose validity the local day lies.
    var plans: [Plan]
    /// Judges only this member's occasions, reading no one else's rows; nil: everyone's. What is
    /// decided then is not for the ledger.
    var member: Int?
    /// When plans that need an approval got it, by name.
    var approvals: [String: Int64] = [:]
    /// Of plans that have ended: the strategies of which something still waits for the end of quiet
    /// hours.
    var remains: [Entry] = []

    /// - Parameters:
    ///   - valid: plans in whose validity the local day lies; those that are approved are judged.
    ///   - approvals: one a plan, in their order.
    init(base: CustomerBase, ledger: Ledger, _ valid: [Plan], _ approvals: [PlanApproval]) {
        self.base = base
        self.ledger = ledger
        plans = zip(valid, approvals).filter { $1.isGranted }.map(\.0)
        self.approvals = Dictionary(
            approvals.compactMap { approval in approval.grantedAt.map { (approval.plan, $0) } }
        ) { first, _ in first }
    }

    /// A strategy with its plan, in the order of judging.
    struct Entry {
        let plan: Plan
        let strategy: Strategy
        /// Whether the plan has ended.
        var isOver = false
        var name: String { "\(plan.name).\(strategy.name)" }
        var formerName: String? { strategy.formerName.map { "\(plan.name).\($0)" } }
    }

    /// What one strategy decided.
    struct Ruling {
        let entry: Entry
        let id: Int64
        let startedAt: Int64
        let salt: String
        let sighting: Sighting
        /// One for each event that was not decided before, and for each member whose day has an
        /// effect.
        let verdicts: [Verdict]
        /// What the days came to for everybody else.
        let crowds: [Crowd]
        let reserved: Reservation
        /// What the optimizer chose, where it was asked.
        var choice: ChoiceReport?
    }

    struct Verdict {
        let occasion: Occasion
        let member: String
        let outcome: OutcomeReason
        let route: Judgement.Route?
        /// What is given; nil: nothing.
        let offer: Offer?
        /// The number of the template that the offer is of.
        let template: Int64?
        /// The segment by which the member's response was predicted.
        let segment: String?
        let cost: Reservation
        /// When the quiet hours end for which it waits.
        var deferredUntil: Int64?
    }

    /// Larger priority first, then the order of the file.
    var entries: [Entry] {
        let all = plans.flatMap { plan in
            plan.strategies.map { Entry(plan: plan, strategy: $0) }
        }
        return remains + all.enumerated().sorted {
            ($1.element.strategy.priority, $0.offset) < ($0.element.strategy.priority, $1.offset)
        }.map(\.element)
    }

    func treasury() throws -> Treasury {
        var reserved = try ledger.reservations()
        // A run has expired what is over; a preview sees what a run would have.
        for sum in try ledger.overdueCoupons(on: base.moment.today) {
            let held = reserved[sum.plan]?.couponMinor ?? 0
            reserved[sum.plan]?.couponMinor = max(0, held - sum.heldMinor)
        }
        return Treasury(reserved: reserved, issued: try ledger.issuedCoupons())
    }

    /// Why a strategy cannot be judged yet; nil when it can.
    func isWaiting(_ entry: Entry) throws -> String? {
        guard case .picked(let theme)? = entry.strategy.gift, !entry.isOver else { return nil }
        let name = base.program.themes[theme].name
        let pick = try ledger.pick(of: entry.name)
        if pick?.template != nil { return nil }
        return pick == nil
            ? "nothing is picked from '\(name)'" : "all templates of '\(name)' were declined"
    }

    /// Judges one strategy; nil when it is not due.
    func judge(_ entry: Entry, with treasury: inout Treasury) throws -> Ruling? {
        let now = base.moment.now
        let state = try ledger.strategy(named: entry.name, formerly: entry.formerName)
        if entry.isOver { return try state.flatMap { try settle(entry, $0, with: &treasury) } }
        let isDue = try
            DueSlots.isDue(entry.strategy, last: state?.judgedAt, at: base.moment)
            || state.map { try ledger.hasEndedDeferrals(of: $0.id, at: now) } ?? false
        guard isDue else { return nil }
        let id = try state?.id ?? ledger.identifier(of: entry.name)
        let salt = state?.salt ?? LedgerStrategy.salt(for: entry.name)
        let sighting = try sight(entry, state: state)
        var crowds = Crowds()
        let decided = try decide(entry, id: id, salt, sighting, &crowds, with: &treasury)
        return Ruling(
            entry: entry, id: id, startedAt: state?.startedAt ?? origin(of: entry.plan),
            salt: salt, sighting: sighting, verdicts: decided.verdicts, crowds: crowds.all,
            reserved: treasury.reserved[entry.plan.name] ?? Reservation(),
            choice: decided.choice)
    }

    /// What waits when its plan ends gets its outcome; nil when nothing does.
    private func settle(
        _ entry: Entry, _ state: LedgerStrategy, with treasury: inout Treasury
    ) throws -> Ruling? {
        let waiting = try ledger.endedDeferrals(of: state.id, at: .max)
        if waiting.isEmpty { return nil }
        var sighting = Sighting(daysDone: state.daysDone)
        sighting.occasions = try DeferredOccurrences(
            strategy: entry.strategy, base: base, ledger: ledger, member: member
        ).find(waiting, settled: .planEnded)
        var crowds = Crowds()
        let decided = try decide(
            entry, id: state.id, state.salt, sighting, &crowds, with: &treasury)
        return Ruling(
            entry: entry, id: state.id, startedAt: state.startedAt, salt: state.salt,
            sighting: sighting, verdicts: decided.verdicts, crowds: crowds.all,
            reserved: treasury.reserved[entry.plan.name] ?? Reservation())
    }

    /// Occurrences up to this instant are not judged when a strategy is seen for the first time:
    /// the approval or the plan's first day, whichever is later; now where none is needed.
    private func origin(of plan: Plan) -> Int64 {
        guard let approval = approvals[plan.name] else { return base.moment.now }
        let first = base.moment.zone.instant(day: plan.firstDay)
        return min(base.moment.now, max(approval, first))
    }

    func dates(of entry: Entry, _ state: LedgerStrategy?) throws -> DateOccurrences {
        DateOccurrences(
            strategy: entry.strategy, base: base,
            judged: try state.map { try ledger.judgedDays(of: $0.id) } ?? [], member: member)
    }

    private func sight(_ entry: Entry, state: LedgerStrategy?) throws -> Sighting {
        let dates = try dates(of: entry, state)
        let days = try dates.days(after: state?.daysDone, in: entry.plan)
        var sighting = Sighting(daysDone: days.done)
        sighting.missedDays = days.missed
        let seen = try state.map { try ledger.feeds(of: $0.id) } ?? [:]
        let origin = origin(of: entry.plan)
        try EventOccurrences(
            strategy: entry.strategy, base: base, seen: seen, origin: origin, member: member
        ) { members in
            try state.map { try ledger.histories(of: base.keys(of: members), in: $0.id) } ?? []
        }.find(into: &sighting)
        try ExpiryOccurrences(
            strategy: entry.strategy, base: base, ledger: ledger, seen: seen, origin: origin,
            member: member
        ).find(into: &sighting)
        let weather = WeatherOccurrences(
            strategy: entry.strategy, base: base, seen: seen, origin: origin, member: member)
        try weather.find(into: &sighting) { days in
            try state.map { try ledger.judged(days, by: $0.id) } ?? []
        }
        if let state {
            sighting.occasions += try DeferredOccurrences(
                strategy: entry.strategy, base: base, ledger: ledger, member: member
            ).find(ledger.endedDeferrals(of: state.id, at: base.moment.now))
        }
        let inside = try state.map { try ledger.insiders(of: $0.id) } ?? [:]
        try MemberOccurrences(
            strategy: entry.strategy, base: base, seen: seen, inside: inside, member: member
        ).find(into: &sighting)
        try dates.find(
            on: days.judged,
            decided: { day in
                try state.map { try ledger.decidedMembers(of: $0.id, on: day) } ?? []
            }, into: &sighting)
        sighting.credit(to: entry.strategy.triggers)
        return sighting
    }

    /// By `at`, then data set in the order of the file (days last), then key.
    private func ordered(_ occasions: [Occasion]) -> [Occasion] {
        let keys = occasions.enumerated().map { place, occasion in
            (occasion.at, occasion.dataSet?.index ?? .max, occasion.label, occasion.key, place)
        }
        // Days come in the order of the members, and events by `at`: mostly there is nothing to do.
        if zip(keys, keys.dropFirst()).allSatisfy({ $0 < $1 }) { return occasions }
        return keys.sorted { $0 < $1 }.map { occasions[$0.4] }
    }

    private func decide(
        _ entry: Entry, id: Int64, _ salt: String, _ sighting: Sighting, _ crowds: inout Crowds,
        with treasury: inout Treasury
    ) throws -> (verdicts: [Verdict], choice: ChoiceReport?) {
        let judgement = Judgement(
            plan: entry.plan, strategy: entry.strategy, base: base, isByRow: member != nil)
        var sighted = sighting.occasions
        for cohort in sighting.cohorts {
            sighted += try judgement.select(cohort, into: &crowds).map(cohort.occasion)
        }
        sighted = ordered(sighted)
        let keys = try base.keys(of: sighted.map(\.member))
        let histories = try ledger.histories(of: keys, in: id)
        let new = sighted.indices.filter {
            sighted[$0].wasDeferred
                || !histories[$0].holds(feed: sighted[$0].feed, occurrence: sighted[$0].key)
        }
        let occasions = new.map { sighted[$0] }
        var standings = try judgement.judge(occasions)
        let allocation = Allocation(
            plan: entry.plan, strategy: entry.strategy, program: base.program,
            moment: base.moment)
        let guards = try MemberGuards(
            entry.strategy, base, salt: salt, isByRow: member != nil)
        var candidates: [Allocation.Candidate] = []
        for (place, standing) in standings.enumerated() {
            guard case .candidate(let route) = standing else { continue }
            let occasion = occasions[place]
            let key = keys[new[place]]
            candidates.append(
                Allocation.Candidate(
                    place: place, member: occasion.member, key: key,
                    decidedAt: histories[new[place]].decisions(besides: occasion),
                    messageMicro: route?.costMicro ?? 0,
                    quietUntil: try guards.quietEnd(of: occasion.member),
                    isHeldOut: guards.holdsOut(key), offer: allocation.fixedOffer))
        }
        try readHoldings(of: candidates, into: &treasury)
        let choosing = Choosing(
            cycle: self, entry: entry, strategy: id, allocation: allocation,
            judgement: judgement)
        let choice = try choosing.choose(for: &candidates, &standings, treasury)
        let shares = allocation.allocate(candidates, from: &treasury)
        let drawn = Dictionary(
            uniqueKeysWithValues: zip(candidates, shares).map { ($0.place, ($0, $1)) })
        let verdicts = standings.enumerated().compactMap { place, standing -> Verdict? in
            let verdict = verdict(
                on: occasions[place], keys[new[place]], standing, drawn[place], allocation)
            if verdict.isRow { return verdict }
            crowds.add(verdict.occasion, verdict.outcome)
            return nil
        }
        return (verdicts, choice)
    }

    /// What the candidates hold, where that matters. A member is read once a cycle: later the
    /// treasury knows what the cycle gave, which a preview never writes.
    private func readHoldings(
        of candidates: [Allocation.Candidate], into treasury: inout Treasury
    ) throws {
        guard base.program.limitsHoldings else { return }
        let keys = Set(candidates.map(\.key)).filter { treasury.holdings[$0] == nil }.sorted()
        for (key, holding) in zip(keys, try ledger.holdings(of: keys, on: base.moment.today)) {
            treasury.holdings[key] = holding
        }
    }

    private func verdict(
        on occasion: Occasion, _ member: String, _ standing: Judgement.Standing,
        _ drawn: (candidate: Allocation.Candidate, outcome: OutcomeReason)?,
        _ allocation: Allocation
    ) -> Verdict {
        var route: Judgement.Route?
        var outcome = drawn?.outcome ?? .failed
        switch standing {
        case .settled(let reason): outcome = reason
        case .candidate(let found): route = found
        }
        let isIssued = outcome == .issued
        let offer = isIssued ? drawn?.candidate.offer : nil
        return Verdict(
            occasion: occasion, member: member, outcome: outcome, route: route, offer: offer,
            template: isIssued ? drawn?.candidate.template : nil,
            segment: isIssued ? drawn?.candidate.segment : nil,
            cost: isIssued
                ? allocation.cost(of: offer, messageMicro: route?.costMicro ?? 0) ?? Reservation()
                : Reservation(),
            deferredUntil: outcome == .deferred ? drawn?.candidate.quietUntil : nil)
    }
}

extension Cycle.Verdict {
    /// Whether the ledger keeps it by itself: of days only what has an effect, now or later.
    var isRow: Bool { !occasion.isDay || occasion.wasDeferred || outcome.isDecision }
}

extension MemberHistory {
    /// The instants of what counts for `at most`, but for an occasion that is judged again.
    func decisions(besides occasion: Occasion) -> [Int64] {
        entries.filter {
            $0.isDecision && ($0.occurrence != occasion.key || $0.feed != occasion.feed)
        }.map(\.judgedAt)
    }
}
