/// The calendar, the weather, the members and their coupons.
extension Look {
    // MARK: - Days

    struct OpenDay {
        let line: Int
        let day: Int
        let judged: StrategyState.JudgedDay
    }

    /// The days that date lines are about now: today when it is due, and those that are caught up.
    var openDays: [OpenDay] { dueDays.filter { $0.day >= view.today - strategy.catchUpDays } }

    /// Days on which a line should have been judged and was not.
    var missedDays: Set<Int> {
        Set(dueDays.filter { $0.day < view.today - strategy.catchUpDays }.map(\.day))
    }

    private var dueDays: [OpenDay] {
        strategy.lines.indices.flatMap { line -> [OpenDay] in
            guard case .day(let days, let minute) = strategy.lines[line].source else { return [] }
            return (state.firstOpenDay...view.today).compactMap { day in
                let time = (minute ?? WhenLine.dueMinute) * LocalClock.minute
                let due = clock.instant(day: day, time: time)
                let judged = StrategyState.JudgedDay(feed: days.feed, day: day, due: due)
                guard due <= view.now, !state.judgedDays.contains(judged), isOne(day, of: days)
                else { return nil }
                return OpenDay(line: line, day: day, judged: judged)
            }
        }
    }

    func days(_ line: Int) -> [Sight] {
        guard case .day(let days, _) = strategy.lines[line].source else { return [] }
        return openDays.filter { $0.line == line }.flatMap { open in
            view.members.filter {
                isTheirs(open.day, $0, days)
                    && holds(strategy.lines[line].filter, for: $0.key) == true
            }.map {
                // A day is never too late: it is missed, or caught up.
                Sight(
                    occurrence: OccurrenceKey(member: $0.key, feed: "date by day", key: open.day),
                    at: open.judged.due, isTooLate: false)
            }
        }
    }

    /// Whether a day can be anyone's.
    private func isOne(_ day: Int, of days: WhenLine.Days) -> Bool {
        let date = clock.date(day)
        return switch days {
        case .yearly, .daily: true
        // A day that the month lacks is its last one.
        case .monthly(let days):
            days.contains(date.day) || clock.isLastOfMonth(day) && days.contains { $0 > date.day }
        case .weekly(let days): days.contains(date.weekday)
        case .weekdays: date.weekday <= 5
        case .holidays: view.holidays.contains(day)
        case .once(let only): only == day
        }
    }

    private func isTheirs(_ day: Int, _ member: Member, _ days: WhenLine.Days) -> Bool {
        guard case .yearly(let field, let before) = days else { return true }
        guard let first = field == "born" ? member.born : member.joined else { return false }
        let (date, target) = (clock.date(first), clock.date(day + before))
        guard target.year > date.year else { return false }
        if (target.month, target.day) == (date.month, date.day) { return true }
        let isLeapDay = date.month == 2 && date.day == 29
        return isLeapDay && target.month == 2 && target.day == 28
            && clock.isLastOfMonth(day + before)
    }

    // MARK: - Weather

    struct Observation {
        let event: Event
        let lines: [Int]
        /// Place and local day.
        let day: String
    }

    /// The first new observation of each place and day that a line matches, unless one was before.
    var weather: [Observation] {
        var done = state.weatherDays
        return view.come(.weather).filter(isNew).compactMap { event in
            let lines = strategy.lines.indices.filter { line in
                guard case .weather = strategy.lines[line].source else { return false }
                return holds(strategy.lines[line].filter, for: "", event: event.row.fields) == true
            }
            let day = "\(event.row.owner) \(clock.day(of: event.at))"
            guard !lines.isEmpty, done.insert(day).inserted else { return nil }
            return Observation(event: event, lines: lines, day: day)
        }
    }

    func weatherSights(_ line: Int) -> [Sight] {
        weather.filter { $0.lines.contains(line) }.flatMap { observation in
            let (event, place) = (observation.event, observation.event.row.owner)
            return view.members.filter { $0.city == .text(place) }.map {
                Sight(
                    occurrence: OccurrenceKey(
                        member: $0.key, feed: "weather in \(place)", key: clock.day(of: event.at)),
                    at: event.at, isTooLate: isTooLate(event.at, fresh: .minutes(180)))
            }
        }
    }

    // MARK: - Members

    /// Those who were not there at the last look. They joined when their row says, or else now.
    func joined(_ line: Int) -> [Sight] {
        view.members.filter {
            !state.members.contains($0.key)
                && holds(strategy.lines[line].filter, for: $0.key) == true
        }.map { member in
            let at = member.joined.map { clock.instant(day: $0) } ?? view.now
            return Sight(
                occurrence: OccurrenceKey(
                    member: member.key, feed: "member joined",
                    key: view.number(of: member.key) + 1),
                at: min(at, view.now),
                isTooLate: member.joined.map { isTooLate(day: $0) } ?? false)
        }
    }

    /// Nobody is out of whom that is not known.
    var insiders: Set<String> {
        Set(
            view.members.map(\.key).filter { member in
                holds(strategy.entered, for: member)
                    ?? state.insiders?.contains(member) ?? false
            })
    }

    func entering(_ line: Int) -> [Sight] {
        guard let before = state.insiders else { return [] }
        return insiders.subtracting(before).filter {
            holds(strategy.lines[line].filter, for: $0) == true
        }.map {
            Sight(
                occurrence: OccurrenceKey(
                    member: $0, feed: "member enters in_\(strategy.name)", key: view.now),
                at: view.now, isTooLate: false)
        }
    }

    // MARK: - Coupons

    /// At 09:00 of the day so many days before the last, if they were issued before.
    func expiring(_ days: Int, _ line: Int) -> [Sight] {
        coupons.filter {
            $0.lastDay >= view.today && holds(strategy.lines[line].filter, for: $0.member) == true
        }.compactMap { coupon in
            let at = clock.instant(
                day: coupon.lastDay - days, time: WhenLine.dueMinute * LocalClock.minute)
            guard at > state.expiryUntil, at <= view.now, coupon.issuedAt < at else { return nil }
            return Sight(
                occurrence: OccurrenceKey(
                    member: coupon.member,
                    feed: "coupon off20 expiring in \(Span.days(days).text)", key: coupon.number),
                at: at, isTooLate: isTooLate(at))
        }
    }
}
