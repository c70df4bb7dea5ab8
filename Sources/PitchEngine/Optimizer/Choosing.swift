import PitchProgram
import PitchStore

/// Lets the optimizer choose among a strategy's offers, between the guards that ask only about the
/// member and the sharing out of budget and stock.
struct Choosing {
    let cycle: Cycle
    let entry: Cycle.Entry
    let strategy: Int64
    let allocation: Allocation
    let judgement: Judgement

    private var base: CustomerBase { cycle.base }

    /// Gives every candidate that may get something its offer.
    /// - Returns: nil for a strategy that gives everybody the same.
    func choose(
        for candidates: inout [Allocation.Candidate], _ standings: inout [Judgement.Standing],
        _ treasury: Treasury
    ) throws -> ChoiceReport? {
        guard let plan = try plan() else { return nil }
        let open = allocation.open(candidates)
        if open.isEmpty { return nil }
        let fits = try fits(open.map { candidates[$0].member }, plan)
        let members = zip(open, fits).map { index, fits in
            member(candidates[index], standings, plan, treasury, fits: fits)
        }
        let choice = OfferChoice(
            base: base, ledger: cycle.ledger, entry: entry, strategy: strategy, plan: plan,
            history: try ResponseHistory(base, cycle.ledger), isByRow: cycle.member != nil)
        let outcome = try choice.choose(members, treasury)
        for (place, index) in open.enumerated() {
            candidates[index].offer = outcome.offers[place]
            candidates[index].template = plan.template
            candidates[index].segment = outcome.segments[place]
            candidates[index].isOutOfReach = !outcome.report.isReached
            remeasure(&candidates[index], &standings)
        }
        return outcome.report
    }

    private func plan() throws -> ChoicePlan? {
        switch entry.strategy.gift {
        case nil, .offer: return nil
        case .best(let offers, let index):
            let goal = base.program.goals[index]
            return ChoicePlan(name: goal.name, offers: offers, goal: goal)
        case .picked(let theme):
            guard let pick = try cycle.ledger.pick(of: entry.name), let number = pick.template
            else { return nil }
            return base.program.plan(of: pick, number, theme: base.program.themes[theme])
        }
    }

    /// Who belongs to the audience of the template's theme, beside that of the strategy.
    private func fits(_ members: [Int], _ plan: ChoicePlan) throws -> [Bool] {
        guard let audience = plan.audience else { return members.map { _ in true } }
        return try base.answers(
            to: audience, for: members.map { Int32($0) }, isByRow: cycle.member != nil
        ).map { $0 == .yes }
    }

    private func member(
        _ candidate: Allocation.Candidate, _ standings: [Judgement.Standing], _ plan: ChoicePlan,
        _ treasury: Treasury, fits: Bool
    ) -> ChoiceMember {
        var channel: Int?
        if case .candidate(let route) = standings[candidate.place] { channel = route?.channel }
        return ChoiceMember(
            number: candidate.member,
            allowed: plan.offers.map { offer in
                fits && !allocation.hasEnded(offer)
                    && allocation.refusal(of: candidate, offer, treasury) == nil
            }, channel: channel, messageMicro: candidate.messageMicro)
    }

    /// The message of the offer that was chosen may be shorter than the longest.
    private func remeasure(
        _ candidate: inout Allocation.Candidate, _ standings: inout [Judgement.Standing]
    ) {
        guard let offer = candidate.offer, case .candidate(let route?) = standings[candidate.place]
        else { return }
        let measured = judgement.measured(route, for: offer)
        candidate.messageMicro = measured.costMicro
        standings[candidate.place] = .candidate(measured)
    }
}

extension Program {
    /// What was picked, as far as the script still has it: its offers with their quantities. The
    /// members that fit are those of whom most convert.
    fileprivate func plan(of pick: TemplatePick, _ number: Int64, theme: Theme) -> ChoicePlan {
        let known = pick.items.compactMap { item -> (offer: Offer, quantity: Int)? in
            offer(named: item.offer).map { ($0, item.quantity) }
        }
        return ChoicePlan(
            name: "template \(number)", offers: known.map(\.offer),
            goal: Goal(name: "template \(number)", objective: .conversion),
            quantities: known.map(\.quantity), audience: theme.audience, template: number)
    }

    /// The coupon or the bundle of a name.
    func offer(named name: String) -> Offer? {
        if let coupon = coupons.firstIndex(where: { $0.name == name }) {
            return .coupon(CouponQuantity(coupon: coupon, quantity: 1))
        }
        return bundles.firstIndex { $0.name == name }.map { .bundle($0, quantity: 1) }
    }
}
