import PitchProgram
import PitchSchema
import PitchStore

/// What is left to give, carried through one cycle.
struct Treasury: Equatable {
    /// By plan.
    var reserved: [String: Reservation]
    /// By coupon.
    var issued: [String: Int64]
    /// By member, of those that were asked for: what they hold, what this cycle gave included.
    var holdings: [String: CouponHolding] = [:]
}

/// Shares out budget and stock among the candidates of one strategy, and holds them to `at most`.
struct Allocation {
    let plan: Plan
    let strategy: Strategy
    let program: Program
    let moment: Moment

    /// One that may get the offer.
    struct Candidate {
        let place: Int
        let member: Int
        let key: String
        /// The instants at which this strategy decided about the member before.
        let decidedAt: [Int64]
        /// What its message costs, in millionths of a minor unit.
        var messageMicro: Int64
        /// When the quiet hours end in which it is now; nil outside of them.
        let quietUntil: Int64?
        let isHeldOut: Bool
        /// What it would get; nil: nothing is given, or the optimizer gives it nothing.
        var offer: Offer?
        /// The number of the template that the offer is of.
        var template: Int64?
        /// The segment by which the response was predicted.
        var segment: String?
        /// Whether the goal that chooses cannot be reached.
        var isOutOfReach = false
    }

    /// What everybody gets; nil where members get different offers, or nothing.
    var fixedOffer: Offer? {
        if case .offer(let offer)? = strategy.gift { offer } else { nil }
    }

    /// One outcome a candidate, in their order. When something runs out, the members draw for it,
    /// so that nobody gains by the order of a file.
    func allocate(
        _ candidates: [Candidate], from treasury: inout Treasury
    ) -> [OutcomeReason] {
        var drawn = treasury
        let inOrder = outcomes(candidates, order: Array(candidates.indices), from: &drawn)
        if !inOrder.contains(where: { $0 == .budget || $0 == .stock }) {
            treasury = drawn
            return inOrder
        }
        return outcomes(candidates, order: draw(candidates), from: &treasury)
    }

    /// The candidates that may get something, in the order in which they draw: neither at their
    /// limit, nor in quiet hours, nor held out.
    func open(_ candidates: [Candidate]) -> [Int] {
        var decidedNow: [Int: Int] = [:]
        let limitStart = limitStart
        var isOpen = [Bool](repeating: false, count: candidates.count)
        for (index, candidate) in candidates.enumerated() {
            let before = candidate.decidedAt.count { $0 > limitStart }
            if let most, before + decidedNow[candidate.member, default: 0] >= most { continue }
            decidedNow[candidate.member, default: 0] += 1
            isOpen[index] = candidate.quietUntil == nil && !candidate.isHeldOut
        }
        return draw(candidates).filter { isOpen[$0] }
    }

    /// Members in the order of their draw; a member's own occurrences stay in theirs.
    private func draw(_ candidates: [Candidate]) -> [Int] {
        let salt = "tie/\(plan.name).\(strategy.name)/\(moment.now)"
        let numbers = candidates.map { SHA256.draw(salt: salt, key: $0.key) }
        return candidates.indices.sorted {
            if numbers[$0] != numbers[$1] { return numbers[$0] < numbers[$1] }
            return (candidates[$0].key, $0) < (candidates[$1].key, $1)
        }
    }

    private func outcomes(
        _ candidates: [Candidate], order: [Int], from treasury: inout Treasury
    ) -> [OutcomeReason] {
        var outcomes = [OutcomeReason](repeating: .issued, count: candidates.count)
        var decidedNow: [Int: Int] = [:]
        let limitStart = limitStart
        for index in order {
            let candidate = candidates[index]
            let before = candidate.decidedAt.count { $0 > limitStart }
            if let most, before + decidedNow[candidate.member, default: 0] >= most {
                outcomes[index] = .atMost
                continue
            }
            outcomes[index] = outcome(of: candidate, from: &treasury)
            if most != nil, outcomes[index].isDecision {
                decidedNow[candidate.member, default: 0] += 1
            }
        }
        return outcomes
    }

    private func outcome(
        of candidate: Candidate, from treasury: inout Treasury
    ) -> OutcomeReason {
        if hasEnded(candidate.offer) { return .couponEnded }
        if let reason = refusal(of: candidate, candidate.offer, treasury) { return reason }
        if candidate.quietUntil != nil {
            return strategy.quiet?.action == .drop ? .quiet : .deferred
        }
        if candidate.isHeldOut { return .heldOut }
        if candidate.offer == nil, strategy.gift?.isChoice == true {
            return candidate.isOutOfReach ? .goalOutOfReach : .notChosen
        }
        if let reason = take(candidate, from: &treasury) { return reason }
        hand(to: candidate, &treasury)
        return .issued
    }

    /// Whether a coupon of the offer can no longer be used.
    func hasEnded(_ offer: Offer?) -> Bool {
        program.items(of: offer).contains { item in
            let validity = program.coupons[item.coupon].validity
            return validity.days(issuedOn: moment.today).last < moment.today
        }
    }

    private var most: Int? {
        switch strategy.limit {
        case .none: nil
        case .once: 1
        case .count(let count, _): count
        }
    }

    /// What was issued up to this instant no longer counts.
    private var limitStart: Int64 {
        guard case .count(_, let period) = strategy.limit else { return .min }
        return period.shift(instant: moment.now, times: -1, in: moment.zone)
    }

    /// Why a member may not hold the offer, if so.
    func refusal(
        of candidate: Candidate, _ offer: Offer?, _ treasury: Treasury
    ) -> OutcomeReason? {
        guard let holding = treasury.holdings[candidate.key] else { return nil }
        for item in program.items(of: offer) {
            let coupon = program.coupons[item.coupon]
            guard let most = coupon.perMember else { continue }
            if holding.ever[coupon.name, default: 0] + item.quantity > most { return .perMember }
        }
        for item in program.items(of: offer) {
            let coupon = program.coupons[item.coupon]
            for name in holding.live
            where !coupon.allows(name)
                || program.coupon(named: name)?.allows(coupon.name) == false
            {
                return .couponConflict
            }
        }
        return nil
    }

    private func hand(to candidate: Candidate, _ treasury: inout Treasury) {
        guard treasury.holdings[candidate.key] != nil else { return }
        for item in program.items(of: candidate.offer) {
            let name = program.coupons[item.coupon].name
            treasury.holdings[candidate.key]?.ever[name, default: 0] += item.quantity
            treasury.holdings[candidate.key]?.live.insert(name)
        }
    }

    /// Takes one offer and one message out of the treasury; the reason when something is lacking.
    private func take(_ candidate: Candidate, from treasury: inout Treasury) -> OutcomeReason? {
        let before = treasury.reserved[plan.name] ?? Reservation()
        guard let cost = cost(of: candidate.offer, messageMicro: candidate.messageMicro),
            let after = before.adding(cost)
        else { return .budget }
        if let budget = plan.budgetMinor, after.micro > Int128(budget) * 1_000_000 {
            return .budget
        }
        var issued = treasury.issued
        for item in program.items(of: candidate.offer) {
            let coupon = program.coupons[item.coupon]
            let (count, overflow) = issued[coupon.name, default: 0].addingReportingOverflow(
                Int64(item.quantity))
            if overflow || count > coupon.stock ?? .max { return .stock }
            issued[coupon.name] = count
        }
        treasury.issued = issued
        treasury.reserved[plan.name] = after
        return nil
    }

    /// What one decision reserves: coupons at their worst, or at what they are expected to cost;
    /// nil when it leaves 64 bits. A coupon of which that is not known counts as 0: a plan with a
    /// budget may not give one.
    func cost(of offer: Offer?, messageMicro: Int64) -> Reservation? {
        var coupons: Int64 = 0
        for item in program.items(of: offer) {
            let held =
                program.coupons[item.coupon].reservedMinor(expected: plan.reservesExpected) ?? 0
            let (product, tooMuch) = held.multipliedReportingOverflow(by: Int64(item.quantity))
            let (sum, overflow) = coupons.addingReportingOverflow(product)
            if tooMuch || overflow { return nil }
            coupons = sum
        }
        return Reservation(couponMinor: coupons, messageMicro: messageMicro)
    }
}

extension Program {
    func coupon(named name: String) -> Coupon? { coupons.first { $0.name == name } }

    /// Whether what a member holds decides on what the member gets.
    var limitsHoldings: Bool {
        coupons.contains { $0.perMember != nil || $0.stacking != .any }
    }

    /// The coupons of an offer, those of a bundle times its quantity.
    func items(of offer: Offer?) -> [CouponQuantity] {
        switch offer {
        case nil: []
        case .coupon(let item): [item]
        case .bundle(let index, let quantity):
            bundles[index].items.map {
                let (count, overflow) = $0.quantity.multipliedReportingOverflow(by: quantity)
                return CouponQuantity(coupon: $0.coupon, quantity: overflow ? .max : count)
            }
        }
    }

    /// `2 x off20`, `comeback`
    func name(of offer: Offer?) -> String? {
        switch offer {
        case nil: nil
        case .coupon(let item):
            (item.quantity == 1 ? "" : "\(item.quantity) x ") + coupons[item.coupon].name
        case .bundle(let index, let quantity):
            (quantity == 1 ? "" : "\(quantity) x ") + bundles[index].name
        }
    }

    /// The title of what is given, or its name.
    func title(of offer: Offer?) -> String {
        switch offer {
        case nil: ""
        case .coupon(let item): coupons[item.coupon].title ?? coupons[item.coupon].name
        case .bundle(let index, _): bundles[index].title ?? bundles[index].name
        }
    }
}
