import PitchEvaluator
import PitchProgram
import PitchSchema
import PitchStore

/// Why a member is or is not selected.
extension Workspace {
    /// The condition tree with this member's own values; of a strategy, what was decided about the
    /// member, what a run now would decide, and its conditions.
    /// - Parameter subject: an expression, or the name of a strategy.
    package func why(_ member: String, _ subject: String) throws(WorkspaceError) -> WhyResult {
        let program = try checkedProgram()
        if let entry = program.strategy(named: subject) {
            return try read { try self.why(member, entry, $0.byRow) }
        }
        let expression = try expression(subject)
        return try read { base in
            let base = base.byRow
            let number = try self.number(of: member, base)
            let record = try base.records.record(of: number, for: expression)
            return .condition(self.node(base.evaluator.trace(expression, for: record), base))
        }
    }

    private func number(of key: String, _ base: CustomerBase) throws -> Int {
        guard let member = try base.store.member(key, base.program) else {
            throw WorkspaceError(.usage, "there is no member '\(key)'")
        }
        return member.number
    }

    private func why(
        _ member: String, _ entry: Cycle.Entry, _ base: CustomerBase
    ) throws -> WhyResult {
        let number = try number(of: member, base)
        let ledger = Ledger(base.store)
        let known = try ledger.strategy(named: entry.name, formerly: entry.formerName)
        let recorded = try known.map { try ledger.outcomes(of: member, in: $0.id) } ?? []
        var nodes = [try verdictNow(on: number, entry, base, ledger)]
        for condition in [entry.strategy.audience, entry.strategy.condition].compactMap({ $0 })
        where !condition.readsOccurrence {
            let record = try base.records.record(of: number, for: condition)
            nodes.append(node(base.evaluator.trace(condition, for: record), base))
        }
        return .strategy(
            name: entry.name, outcomes: try recorded.map { try Decision($0, entry, base) },
            now: nodes)
    }

    /// What a run at this instant would decide, by the code of the run, but of this member alone.
    private func verdictNow(
        on member: Int, _ entry: Cycle.Entry, _ base: CustomerBase, _ ledger: Ledger
    ) throws -> TraceNode {
        let day = base.moment.today
        var value = "nothing: the plan is not valid today"
        if !base.program.unexecuted.isEmpty {
            value = "nothing: the script uses what is not executed yet"
        } else if entry.plan.firstDay <= day && day <= entry.plan.lastDay {
            let approval = try approval(of: entry.plan, ledger)
            value = try verdictNow(on: member, entry, approval, base, ledger)
        }
        return TraceNode(text: "a run now decides", verdict: .value, value: value, children: [])
    }

    private func verdictNow(
        on member: Int, _ entry: Cycle.Entry, _ approval: PlanApproval, _ base: CustomerBase,
        _ ledger: Ledger
    ) throws -> String {
        guard approval.isGranted else { return "nothing: \(approval.refusal)" }
        var cycle = Cycle(base: base, ledger: ledger, [entry.plan], [approval])
        cycle.member = member
        var treasury = try cycle.treasury()
        let ruling = try cycle.judge(entry, with: &treasury)
        return ruling.map { text(of: $0, base.program) } ?? "nothing: it is not due"
    }

    private func text(of ruling: Cycle.Ruling, _ program: Program) -> String {
        let decided =
            ruling.verdicts.map { ($0.occasion.at, $0.outcome) }
            + ruling.crowds.map { ($0.key.at, $0.key.outcome) }
        if decided.isEmpty { return "nothing: no new occurrence matches a 'when' line" }
        let outcomes = decided.sorted { $0.0 < $1.0 }.map(\.1)
        let text = outcomes.map(\.rawValue).joined(separator: ", ")
        let shares =
            ruling.entry.plan.budgetMinor != nil
            || ruling.verdicts.flatMap { program.items(of: $0.offer) }.contains {
                program.coupons[$0.coupon].stock != nil
            }
        // Others compete for the same, and they were not asked.
        return outcomes.contains(.issued) && shares
            ? text + ", as long as budget and stock last" : text
    }

    private func node(_ trace: Trace, _ base: CustomerBase) -> TraceNode {
        let verdict: TraceNode.Verdict
        var value = ""
        switch trace.outcome {
        case .failure: verdict = .failed
        case .success(.truth(let flag)): verdict = flag ? .yes : .no
        case .success(.missing):
            verdict = .unknown
            value = trace.expression.type == .truth ? "" : "missing"
        case .success(let known):
            verdict = .value
            value = ValueText.plain(known, trace.expression.type, zone: base.moment.zone)
        }
        if let events = trace.countedEvents, value != "\(events)" {
            let counted = "\(events) event\(events == 1 ? "" : "s")"
            value += value.isEmpty ? counted : " (\(counted))"
        }
        // A field's cases stand below its name: the block as a whole says no more.
        let inner = trace.children.count == 1 && !trace.children[0].cases.isEmpty
            && trace.isDefinition ? trace.children[0] : trace
        let children =
            inner.cases.isEmpty
            ? inner.children.map { node($0, base) } : inner.cases.map { node($0, base) }
        return TraceNode(
            text: text(of: trace.expression), verdict: verdict, value: value, children: children)
    }

    /// `gold if spent >= 5000 CNY`, with what its condition is made of.
    private func node(_ part: Trace.Case, _ base: CustomerBase) -> TraceNode {
        let value = text(of: part.value)
        guard let condition = part.condition else {
            return TraceNode(
                text: value + " otherwise", verdict: .value, value: "", children: [],
                holds: part.holds)
        }
        let tested = node(condition, base)
        return TraceNode(
            text: value + " if " + tested.text, verdict: tested.verdict, value: tested.value,
            children: tested.children, holds: part.holds)
    }
}

extension CustomerBase {
    /// Of one member it is less to read the rows.
    fileprivate var byRow: CustomerBase { CustomerBase(program, over: self, isByRow: true) }
}

extension Trace {
    fileprivate var isDefinition: Bool {
        if case .definition = expression.node { true } else { false }
    }
}

extension Program {
    /// By `plan.strategy`, or by the short name while it is unique.
    func strategy(named name: String) -> Cycle.Entry? {
        let entries = plans.flatMap { plan in
            plan.strategies.map { Cycle.Entry(plan: plan, strategy: $0) }
        }
        if let full = entries.first(where: { $0.name == name }) { return full }
        let short = entries.filter { $0.strategy.name == name }
        return short.count == 1 ? short[0] : nil
    }
}

extension Expression {
    /// Whether it reads `this` or leaves out the occurrence.
    fileprivate var readsOccurrence: Bool {
        switch node {
        case .occurrenceField: true
        case .aggregate(let aggregate) where aggregate.excludesOccurrence: true
        default: operands.contains { $0.readsOccurrence }
        }
    }
}

extension Decision {
    /// A recorded outcome, with the key of its event as a preview shows it.
    init(_ outcome: LedgerOutcome, _ entry: Cycle.Entry, _ base: CustomerBase) throws {
        let isOfMember =
            outcome.feed == MemberOccurrences.joined
            || outcome.feed.hasPrefix(MemberOccurrences.entering(""))
        let occurrence =
            try Self.text(feed: outcome.feed, day: outcome.occurrence)
            ?? (isOfMember
                ? outcome.feed
                : Self.text(feed: outcome.feed, label: Self.label(of: outcome, base)))
        self.init(
            plan: entry.plan.name, strategy: entry.strategy.name, member: outcome.member,
            occurrence: occurrence, at: outcome.at, outcome: outcome.outcome,
            offer: outcome.offer, channel: outcome.channel, couponMinor: outcome.couponMinor,
            messageMicro: outcome.messageMicro, length: nil, parts: nil, trigger: outcome.trigger,
            alsoMatched: outcome.alsoMatched)
    }

    /// The key of the row or basket, or the last day of the coupon; the number when the script no
    /// longer declares its data.
    private static func label(of outcome: LedgerOutcome, _ base: CustomerBase) throws -> String {
        if let coupon = try Self.coupon(of: outcome, base) { return coupon }
        for (index, dataSet) in base.program.dataSets.enumerated() where dataSet.kind == .events {
            guard let form = Self.form(of: outcome.feed, over: dataSet.name),
                let event = try base.store.event(
                    row: outcome.occurrence, in: DataSetID(index), base.program)
            else { continue }
            let isBasket = form.hasPrefix("per ")
            let per = isBasket ? dataSet.field(named: String(form.dropFirst(4))) : nil
            if let per, case .text(let text) = event.values[per] { return text }
            return event.key
        }
        return "row \(outcome.occurrence)"
    }

    /// What stands behind the name of a feed's data set: nothing, `per …`, `then …` or `idle …`.
    private static func form(of feed: String, over dataSet: String) -> String? {
        if feed == dataSet { return "" }
        guard feed.hasPrefix(dataSet + " ") else { return nil }
        let form = String(feed.dropFirst(dataSet.count + 1))
        return ["per ", "then ", "idle "].contains(where: form.hasPrefix) ? form : nil
    }

    private static func coupon(of outcome: LedgerOutcome, _ base: CustomerBase) throws -> String? {
        let expiries = base.program.plans.flatMap(\.strategies).flatMap(\.triggers)
            .compactMap { trigger -> CouponExpiry? in
                if case .expiry(let expiry) = trigger.source { expiry } else { nil }
            }
        guard
            expiries.contains(where: {
                ExpiryOccurrences.feed(of: $0, base.program) == outcome.feed
            })
        else { return nil }
        return try Ledger(base.store)
            .coupon(outcome.occurrence, of: outcome.member)
            .map { CivilDate(days: Int($0.lastDay)).text }
    }
}
