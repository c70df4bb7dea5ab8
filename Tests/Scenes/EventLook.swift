/// Rows, baskets and positions.
extension Look {
    /// The rows of a scene that have come and match, in the order of events.
    func matching(_ events: WhenLine.Events, _ filter: Condition?, of member: String? = nil)
        -> [Event]
    {
        events.feeds(of: view.world).flatMap(view.come).filter { event in
            (member == nil || event.row.owner == member)
                && (events.action == nil
                    || event.row.fields["action"] == .text(events.action ?? ""))
                && holds(filter, for: event.row.owner, event: event.row.fields) == true
        }.sorted { $0.isBefore($1) }
    }

    /// New rows. A row that is the n-th now is looked at again, by all lines about rows.
    func rows(_ events: WhenLine.Events, _ line: Int) -> [Sight] {
        let positions = strategy.lines.indices.flatMap { line -> [Event] in
            guard case .count(let events, let position) = strategy.lines[line].source else {
                return []
            }
            return reached(events, position, line)
        }
        return matching(events, strategy.lines[line].filter)
            .filter { isNew($0) || positions.contains($0) }.map(sight)
    }

    func counted(_ events: WhenLine.Events, _ position: WhenLine.Position, _ line: Int) -> [Sight] {
        reached(events, position, line).map(sight)
    }

    /// The events at the positions that members reach with what is new. What comes late moves the
    /// others, but a position is reached once: the language is silent, and what is recorded stays.
    private func reached(
        _ events: WhenLine.Events, _ position: WhenLine.Position, _ line: Int
    ) -> [Event] {
        view.members.flatMap { member -> [Event] in
            let own = matching(events, strategy.lines[line].filter, of: member.key)
            let before = own.count { !isNew($0) }
            return own.indices.filter { $0 >= before && position.holds($0 + 1) }.map { own[$0] }
        }
    }

    private func sight(_ event: Event) -> Sight {
        Sight(
            occurrence: OccurrenceKey(
                member: event.row.owner, feed: event.feed.rawValue, key: event.number),
            at: event.at, isTooLate: isTooLate(event), this: event.row.fields,
            orders: event.feed == .orders ? [event.number] : [])
    }

    /// Baskets with a new row: sums over their rows that have come, and any of them matches.
    func baskets(_ events: WhenLine.Events, _ line: Int) -> [Sight] {
        var done: Set<OccurrenceKey> = []
        return events.feeds(of: view.world).flatMap(view.come).filter(isNew).compactMap { new in
            let basket = new.row.fields["basket"] ?? .missing
            let rows = view.arrived(new.feed).filter { row in
                basket == .missing
                    ? row == new
                    : row.row.owner == new.row.owner && row.row.fields["basket"] == basket
            }
            // It is known by its first row.
            let key = OccurrenceKey(
                member: new.row.owner, feed: "\(new.feed.rawValue) per basket",
                key: rows.map(\.number).min() ?? 0)
            guard done.insert(key).inserted else { return nil }
            return self.basket(key, view.come(new.feed).filter(rows.contains), line)
        }
    }

    /// - Parameter rows: that have come, in the order of events.
    private func basket(_ key: OccurrenceKey, _ rows: [Event], _ line: Int) -> Sight? {
        guard let last = rows.last else { return nil }
        let fields = rows.map { row in
            var fields = row.row.fields
            for name in ["amount", "quantity"] {
                fields[name] = .number(
                    rows.reduce(0) { sum, row in
                        guard case .number(let number)? = row.row.fields[name] else { return sum }
                        return sum + number
                    })
            }
            return fields
        }
        let filter = strategy.lines[line].filter
        guard fields.contains(where: { holds(filter, for: key.member, event: $0) == true })
        else { return nil }
        return Sight(
            occurrence: key, at: last.at, isTooLate: isTooLate(last), this: fields.last ?? [:],
            orders: last.feed == .orders ? Set(rows.map(\.number)) : [])
    }
}
