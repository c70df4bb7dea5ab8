import PitchColumnar
import PitchProgram
import PitchSchema
import PitchStore

/// The local days that the date lines of one strategy are about in this run.
struct DateOccurrences {
    let strategy: Strategy
    let base: CustomerBase
    /// Only this member's days; nil: everyone's.
    let member: Int?

    /// Days judged now (today, and those that are caught up), days that were missed, and the last
    /// day that is dealt with.
    struct Days: Equatable {
        var judged: [Int32] = []
        var missed: [Int32] = []
        var done: Int32
    }

    private var patterns: [DatePattern] {
        strategy.triggers.compactMap {
            guard case .date(let pattern) = $0.source else { return nil }
            return pattern
        }
    }

    /// - Parameters:
    ///   - done: the last day that was dealt with before; nil at the first run.
    ///   - plan: days outside its validity are nobody's.
    func days(after done: Int32?, in plan: Plan) -> Days {
        let today = base.moment.today
        let isTodayDue = patterns.contains { isDue($0, on: today) }
        // On a day that is not due yet, it stays open for a later run.
        let allDue = patterns.allSatisfy { isDue($0, on: today) }
        var days = Days(done: allDue ? today : today - 1)
        if isTodayDue { days.judged.append(today) }
        guard let done else { return days }
        days.done = max(done, days.done)
        guard done + 1 < today else { return days }
        let late = today - Int32(clamping: strategy.catchUpDays)
        for day in max(done + 1, plan.firstDay)..<max(today, plan.firstDay)
        where patterns.contains(where: { Self.mayMatch($0, day: day) }) {
            if day >= late { days.judged.append(day) } else { days.missed.append(day) }
        }
        days.judged.sort()
        return days
    }

    private func isDue(_ pattern: DatePattern, on day: Int32) -> Bool {
        base.moment.zone.instant(day: day, time: pattern.dueTime) <= base.moment.now
    }

    /// The occurrences of these days, for the members of the segment: a date happens to everyone,
    /// so a strategy's segment is its audience. Members for whom the segment fails come along.
    func find(on days: [Int32]) throws -> [Occasion] {
        var found: [Occasion] = []
        var places: [Place: Int] = [:]
        for day in days {
            for (index, trigger) in strategy.triggers.enumerated() {
                guard case .date(let pattern) = trigger.source, isDue(pattern, on: day) else {
                    continue
                }
                let feed = "date " + pattern.text
                let at = base.moment.zone.instant(day: day, time: pattern.dueTime)
                let others = strategy.triggers[..<index].contains { $0.feed == trigger.feed }
                let shares = shares(trigger, after: index)
                for (member, fails) in try members(of: trigger, pattern, on: day) {
                    let place = Place(member: member, day: day, feed: feed)
                    if others, let known = places[place] {
                        found[known].alsoMatched.append(index)
                        continue
                    }
                    if shares { places[place] = found.count }
                    found.append(
                        Occasion(
                            member: member, feed: feed, key: Int64(day), at: at, trigger: index,
                            alsoMatched: [], settled: fails ? .failed : nil, rows: [],
                            dataSet: nil, label: ""))
                }
            }
        }
        return found
    }

    private struct Place: Hashable {
        let member: Int
        let day: Int32
        let feed: String
    }

    private func shares(_ trigger: Trigger, after index: Int) -> Bool {
        strategy.triggers[(index + 1)...].contains { $0.feed == trigger.feed }
    }

    private func members(
        of trigger: Trigger, _ pattern: DatePattern, on day: Int32
    ) throws -> [(member: Int, fails: Bool)] {
        guard Self.mayMatch(pattern, day: day) else { return [] }
        let predicates = [trigger.filter, strategy.audience].compactMap { $0 }
        if member == nil { try base.prefetch(predicates) }
        var members = try matching(pattern, day: day).filter { base.isPresent(Int($0)) }
        var failing: Set<Int32> = []
        for predicate in predicates {
            let answers = try base.answers(to: predicate, for: members, isByRow: member != nil)
            var kept: [Int32] = []
            for (member, answer) in zip(members, answers) {
                if answer == .failed { failing.insert(member) }
                if answer == .yes || answer == .failed { kept.append(member) }
            }
            members = kept
        }
        return members.map { (Int($0), failing.contains($0)) }
    }

    private func matching(_ pattern: DatePattern, day: Int32) throws -> [Int32] {
        guard case .yearly(let field, let daysBefore) = pattern.days else {
            return member.map { [Int32($0)] } ?? (0..<base.memberCount).map { Int32($0) }
        }
        let target = CivilDate(days: Int(day) + daysBefore)
        if let member {
            let values = try base.record(of: member).values
            let isTheirs = values[field].localDay(in: base.moment.zone)
                .map { Self.isAnniversary(of: CivilDate(days: Int($0)), on: target) }
            return isTheirs == true ? [Int32(member)] : []
        }
        let column = try base.memberColumn(field)
        guard case .integers(let days) = column.payload else { return [] }
        let isDate = column.type == .date
        return (0..<base.memberCount).compactMap { member in
            if let missing = column.missing, missing[member] { return nil }
            let local =
                isDate ? Int(days[member]) : Int(base.moment.zone.day(of: days[member]))
            return Self.isAnniversary(of: CivilDate(days: local), on: target)
                ? Int32(member) : nil
        }
    }

    /// The same day and month in a later year; 29 February is 28 February in common years.
    static func isAnniversary(of date: CivilDate, on target: CivilDate) -> Bool {
        guard target.year > date.year, target.month == date.month else { return false }
        if target.day == date.day { return true }
        return date.month == 2 && date.day == 29 && target.day == 28
            && !CivilDate.isLeap(target.year)
    }

    /// Whether a day can be anyone's.
    static func mayMatch(_ pattern: DatePattern, day: Int32) -> Bool {
        let date = CivilDate(days: Int(day))
        switch pattern.days {
        case .yearly, .daily: return true
        case .weekly(let weekdays): return weekdays.contains(date.weekday)
        case .once(let only): return only == day
        case .monthly(let days):
            let length = CivilDate.days(inMonth: date.month, of: date.year)
            return days.contains { min($0, length) == date.day }
        }
    }
}

extension Value {
    /// The day of a date or an instant; nil for anything else.
    fileprivate func localDay(in zone: ZoneRules) -> Int32? {
        switch self {
        case .date(let day): day
        case .instant(let instant): zone.day(of: instant)
        default: nil
        }
    }
}

extension DatePattern {
    /// What tells this pattern's occurrences from another's; the time of the day does not.
    var text: String {
        switch days {
        case .yearly(let field, let daysBefore): "yearly \(field) \(daysBefore)"
        case .monthly(let days): "monthly " + days.map(String.init).joined(separator: " ")
        case .weekly(let days): "weekly " + days.map(String.init).joined(separator: " ")
        case .daily: "daily"
        case .once(let day): "once " + CivilDate(days: Int(day)).text
        }
    }
}

extension Trigger {
    /// What tells feeds apart within one strategy.
    var feed: String {
        switch source {
        case .event(let dataSet, let per): "\(dataSet.index) \(per ?? -1)"
        case .date(let pattern): pattern.text
        }
    }
}
