/// One strategy's look at all that is there.
struct Look {
    let strategy: SceneStrategy
    let view: View
    let state: StrategyState
    let coupons: [IssuedCoupon]

    var clock: LocalClock { view.clock }

    /// An occurrence that a line matches.
    struct Sight {
        let occurrence: OccurrenceKey
        let at: Int
        let isTooLate: Bool
        /// What `this` reads.
        var this: [String: Field] = [:]
        /// The numbers of the orders that it is.
        var orders: Set<Int> = []
        var lines: [Int] = []
    }

    /// Each with the lines that match, in the order of the file; the first is credited.
    var sights: [Sight] {
        var found: [OccurrenceKey: Sight] = [:]
        for (line, sight) in strategy.lines.indices.flatMap({ line in
            sights(of: line).map { (line, $0) }
        }) {
            if found[sight.occurrence] == nil { found[sight.occurrence] = sight }
            if found[sight.occurrence]?.lines.contains(line) != true {
                found[sight.occurrence]?.lines.append(line)
            }
        }
        return Array(found.values)
    }

    private func sights(of line: Int) -> [Sight] {
        switch strategy.lines[line].source {
        case .event(let events, let isPerBasket):
            isPerBasket ? baskets(events, line) : rows(events, line)
        case .count(let events, let position): counted(events, position, line)
        case .sequence, .idle: sequences(line)
        case .day: days(line)
        case .weather: weatherSights(line)
        case .joined: joined(line)
        case .enters: entering(line)
        case .expiring(let days): expiring(days, line)
        }
    }

    /// Too late comes before the segment, and the segment before `if`; only true selects.
    func finding(_ sight: Sight) -> Finding {
        var outcome = "issued"
        if sight.isTooLate {
            outcome = "too late"
        } else if let refusal = refusal(sight, strategy.segment, "not in segment")
            ?? refusal(sight, strategy.condition, "condition not met")
        {
            outcome = refusal
        }
        let key = sight.occurrence
        return Finding(
            strategy.name, key.member, key.feed, key: key.key, at: sight.at, lines: sight.lines,
            outcome)
    }

    private func refusal(_ sight: Sight, _ condition: Condition?, _ reason: String) -> String? {
        guard let condition else { return nil }
        let holds = holds(
            condition, for: sight.occurrence.member, this: sight.this, besides: sight.orders)
        return holds.map { $0 ? nil : reason } ?? "unknown"
    }

    // MARK: - Conditions

    func holds(
        _ condition: Condition?, for member: String, event: [String: Field] = [:],
        this: [String: Field] = [:], besides orders: Set<Int> = []
    ) -> Bool? {
        guard let condition else { return true }
        return condition.holds { term in
            switch term {
            case .event(let name, _, _): event[name] ?? .missing
            case .this(let name, _): this[name] ?? .missing
            case .member("city"): view.member(member)?.city ?? .missing
            case .member: view.member(member)?.points ?? .missing
            case .count(let span, let amount, let isOther):
                .number(
                    self.orders(of: member, in: span).count { order in
                        guard case .number(let paid)? = order.row.fields["amount"] else {
                            return false
                        }
                        return paid >= amount ?? 0 && !(isOther && orders.contains(order.number))
                    })
            case .sum(let span):
                .number(
                    self.orders(of: member, in: span).reduce(0) { sum, order in
                        guard case .number(let paid)? = order.row.fields["amount"] else {
                            return sum
                        }
                        return sum + paid
                    })
            }
        }
    }

    /// As of now: the window is half open, now included.
    private func orders(of member: String, in span: Span?) -> [Event] {
        let after = span.map { clock.shift(view.now, $0, times: -1) } ?? .min
        return view.come(.orders).filter { $0.row.owner == member && $0.at > after }
    }

    // MARK: - Time

    /// Not after the start, or older than `fresh`.
    func isTooLate(_ at: Int, fresh: Span = .days(1)) -> Bool {
        at <= state.start
            || at < clock.shift(view.now, strategy.freshFor ?? fresh, times: -1)
    }

    /// The same of what has a day and no hour: the local dates are compared.
    func isTooLate(day: Int) -> Bool {
        day < clock.day(of: state.start)
            || day < clock.day(of: clock.shift(view.now, strategy.freshFor ?? .days(1), times: -1))
    }

    func isTooLate(_ event: Event) -> Bool {
        event.feed.isDated ? isTooLate(day: event.row.day) : isTooLate(event.at)
    }

    func isNew(_ event: Event) -> Bool { !state.seen.contains(event.id) }
}
