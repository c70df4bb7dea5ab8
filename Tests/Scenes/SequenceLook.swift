/// What follows an event, or fails to.
extension Look {
    func sequences(_ line: Int) -> [Sight] {
        guard let sequence = strategy.lines[line].sequence else { return [] }
        return sequence.isAbsence ? absences(sequence, line) : successions(sequence, line)
    }

    /// The A of a line in the order of events; by its position if that is asked for.
    private func firsts(_ sequence: WhenLine.Sequence, of member: String, _ line: Int) -> [Event] {
        let all = matching(sequence.first, strategy.lines[line].filter, of: member)
        guard let position = sequence.position else { return all }
        return all.indices.filter { position.holds($0 + 1) }.map { all[$0] }
    }

    /// What may be a B: it follows A within D.
    private func followers(
        _ sequence: WhenLine.Sequence, of first: Event
    ) -> [Event] {
        let isOneScene = sequence.second.scene == sequence.first.scene
        let all = matching(sequence.second, sequence.secondFilter, of: first.row.owner)
        return all.filter { event in
            let place = { (event: Event) in
                sequence.isDaily(view.world) ? clock.day(of: event.at) : event.at
            }
            let from = place(first)
            let until =
                switch sequence.within {
                case .days(let count) where sequence.isDaily(view.world): from + count
                default: clock.shift(from, sequence.within)
                }
            guard place(event) >= from, place(event) <= until else { return false }
            // Of one scene, what is at one time is told apart by data set and key.
            return place(event) > from || !isOneScene || first.isBefore(event)
        }
    }

    private func isSame(_ sequence: WhenLine.Sequence, _ first: Event, _ second: Event) -> Bool {
        guard sequence.isSameProduct else { return true }
        let product = first.row.fields["product"] ?? .missing
        return product != .missing && product == second.row.fields["product"]
    }

    /// At B's `at`, once per A. An A is looked at when it, or something that follows, is new.
    private func successions(_ sequence: WhenLine.Sequence, _ line: Int) -> [Sight] {
        view.members.flatMap { member in
            firsts(sequence, of: member.key, line).compactMap { first -> Sight? in
                let followers = followers(sequence, of: first)
                guard isNew(first) || followers.contains(where: isNew),
                    let second = followers.first(where: { isSame(sequence, first, $0) })
                else { return nil }
                return Sight(
                    occurrence: occurrence(sequence, of: first, line), at: second.at,
                    isTooLate: isTooLate(second), this: second.row.fields,
                    orders: second.feed == .orders ? [second.number] : [])
            }
        }
    }

    /// At A's `at` + D, when B's data has come past it.
    private func absences(_ sequence: WhenLine.Sequence, _ line: Int) -> [Sight] {
        ended(sequence, line).compactMap { first -> Sight? in
            guard firsts(sequence, of: first.row.owner, line).contains(first),
                !followers(sequence, of: first).contains(where: { isSame(sequence, first, $0) })
            else { return nil }
            let end = sequence.end(of: first, view)
            return Sight(
                occurrence: occurrence(sequence, of: first, line), at: end,
                isTooLate: sequence.isDaily(view.world)
                    ? isTooLate(day: clock.day(of: end)) : isTooLate(end),
                this: first.row.fields, orders: first.feed == .orders ? [first.number] : [])
        }
    }

    /// The A whose window is over since the last look, or that came after its end.
    private func ended(_ sequence: WhenLine.Sequence, _ line: Int) -> [Event] {
        sequence.first.feeds(of: view.world).flatMap(view.come).filter { first in
            let name = occurrence(sequence, of: first, line).feed
            let end = sequence.end(of: first, view)
            guard end <= windowsEnd(sequence, name), let last = state.windows[name] else {
                return false
            }
            return end > last.until || !last.rows.contains(first.number)
        }
    }

    /// Up to when windows are over: every data set of B has a row past them. Those that ended
    /// before the start need none: what comes of them is too late.
    func windowsEnd(_ sequence: WhenLine.Sequence, _ name: String) -> Int {
        let lasts = sequence.second.feeds(of: view.world).map { view.come($0).last?.at ?? .min }
        // Days are over with the first instant of the next.
        let loaded = lasts.min().map { sequence.isDaily(view.world) || $0 == .min ? $0 : $0 - 1 }
        return max(loaded ?? .min, state.windows[name]?.until ?? state.start)
    }

    private func occurrence(
        _ sequence: WhenLine.Sequence, of first: Event, _ line: Int
    ) -> OccurrenceKey {
        OccurrenceKey(
            member: first.row.owner,
            feed: "\(first.feed.rawValue) \(strategy.lines[line].wording(sequence))",
            key: first.number)
    }
}

extension WhenLine {
    /// An idle balance is a top-up that none follows.
    var sequence: Sequence? {
        switch source {
        case .sequence(let sequence): sequence
        case .idle(let span):
            Sequence(
                first: Events(scene: "topup"), second: Events(scene: "topup"), isAbsence: true,
                isSameProduct: false, within: span)
        default: nil
        }
    }

    fileprivate func wording(_ sequence: Sequence) -> String {
        if case .idle(let span) = source { return "idle for \(span.text)" }
        return sequence.wording
    }
}

extension WhenLine.Sequence {
    /// Where a data set has no hour, whole days count.
    func isDaily(_ world: World) -> Bool {
        (first.feeds(of: world) + second.feeds(of: world)).contains(where: \.isDated)
    }

    /// A's `at` + D; with whole days, when the last is over.
    func end(of first: Event, _ view: View) -> Int {
        if case .days(let count) = within, isDaily(view.world) {
            return view.clock.instant(day: view.clock.day(of: first.at) + count + 1)
        }
        return view.clock.shift(first.at, within)
    }
}

extension SceneStrategy {
    /// The sequences that wait for nothing to follow, with the data sets of their A and what their
    /// occurrences are called.
    func absences(in world: World) -> [(name: String, feed: Feed, sequence: WhenLine.Sequence)] {
        lines.flatMap { line -> [(String, Feed, WhenLine.Sequence)] in
            guard let sequence = line.sequence, sequence.isAbsence else { return [] }
            return sequence.first.feeds(of: world).map {
                ("\($0.rawValue) \(line.wording(sequence))", $0, sequence)
            }
        }
    }
}
