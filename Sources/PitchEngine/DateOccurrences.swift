import PitchColumnar
import PitchProgram
import PitchSchema
import PitchStore

/// The local days that the date lines of one strategy are about in this run. The lines of one
/// pattern are about the same occurrences, and each of its days is judged once.
struct DateOccurrences {
    let strategy: Strategy
    let base: CustomerBase
    /// What the strategy judged before, by pattern, day and due time.
    let judged: Set<LedgerDay>
    /// Only this member's days; nil: everyone's.
    let member: Int?

    /// Days judged now (today, and those that are caught up), days that were missed, and the last
    /// day that is dealt with.
    struct Days: Equatable {
        var judged: [Int32] = []
        var missed: [Int32] = []
        var done: Int32
    }

    /// Begins the name of what a date line reads, as the ledger keeps it.
    static let feedPrefix = "date "

    private var patterns: [DatePattern] {
        strategy.triggers.compactMap {
            guard case .date(let pattern) = $0.source else { return nil }
            return pattern
        }
    }

    /// - Parameters:
    ///   - done: the last day that was dealt with before; nil at the first run.
    ///   - plan: days outside its validity are nobody's.
    func days(after done: Int32?, in plan: Plan) throws -> Days {
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
        where try patterns.contains(where: { try isOpen($0, on: day) }) {
            if day >= late { days.judged.append(day) } else { days.missed.append(day) }
        }
        days.judged.sort()
        return days
    }

    private func isDue(_ pattern: DatePattern, on day: Int32) -> Bool {
        due(pattern, on: day) <= base.moment.now
    }

    private func due(_ pattern: DatePattern, on day: Int32) -> Int64 {
        base.moment.zone.instant(day: day, time: pattern.dueTime)
    }

    /// Whether a day can be anyone's and was not judged.
    private func isOpen(_ pattern: DatePattern, on day: Int32) throws -> Bool {
        guard try mayMatch(pattern, day: day) else { return false }
        let feed = Self.feedPrefix + pattern.text(in: base.program)
        return !judged.contains(LedgerDay(feed: feed, day: day, at: due(pattern, on: day)))
    }

    /// To whom these days happened, by the lines that match.
    /// - Parameter decided: whom the strategy decided about at a day, by the pattern.
    func find(
        on days: [Int32],
        decided: (_ feed: String, _ day: Int32) throws -> Set<Int32>, into sighting: inout Sighting
    ) throws {
        for day in days {
            for lines in due(on: day) where try mayMatch(lines[0].pattern, day: day) {
                let feed = Self.feedPrefix + lines[0].pattern.text(in: base.program)
                let judging = { (line: Line) in LedgerDay(feed: feed, day: day, at: line.at) }
                let open = lines.filter { !judged.contains(judging($0)) }
                if open.isEmpty { continue }
                // Lines that become due later in the day find those whom the others left.
                let settled = open.count < lines.count ? try decided(feed, day) : []
                sighting.judgedDays += Set(open.map(judging)).sorted { $0.at < $1.at }
                sighting.cohorts += try cohorts(of: open, feed, day, without: settled)
            }
        }
    }

    private struct Line {
        let number: Int
        let pattern: DatePattern
        let filter: Expression?
        /// When it is due on the day in hand.
        let at: Int64
    }

    /// The lines that are due on a day; those of one pattern together, for they are about the same
    /// occurrences.
    private func due(on day: Int32) -> [[Line]] {
        var groups: [[Line]] = []
        for (number, trigger) in strategy.triggers.enumerated() {
            guard case .date(let pattern) = trigger.source, isDue(pattern, on: day)
            else { continue }
            let line = Line(
                number: number, pattern: pattern, filter: trigger.filter,
                at: due(pattern, on: day))
            let text = pattern.text(in: base.program)
            let group = groups.firstIndex { $0[0].pattern.text(in: base.program) == text }
            if let group { groups[group].append(line) } else { groups.append([line]) }
        }
        return groups
    }

    private func cohorts(
        of lines: [Line], _ feed: String, _ day: Int32, without settled: Set<Int32>
    ) throws -> [Cohort] {
        let candidates = try matching(lines[0].pattern, day: day)
            .filter { base.isPresent(Int($0)) && !settled.contains($0) }
        if candidates.isEmpty { return [] }
        if member == nil { try base.prefetch(lines.compactMap(\.filter)) }
        let answers = try lines.map { line in
            try line.filter.map {
                try base.answers(to: $0, for: candidates, isByRow: member != nil)
            }
        }
        var members: [LineMatch: [Int32]] = [:]
        if answers.allSatisfy({ $0 == nil }) {
            members[LineMatch(lines: lines.map(\.number), fails: false)] = candidates
        } else {
            for (place, candidate) in candidates.enumerated() {
                let match = LineMatch(
                    lines: lines.map(\.number), answers: answers.map { $0?[place] ?? .yes })
                if let match { members[match, default: []].append(candidate) }
            }
        }
        let holiday = try self.holiday(lines[0].pattern, on: day)
        return members.sorted { $0.key.lines.lexicographicallyPrecedes($1.key.lines) }.map {
            let credited = $0.key.lines[0]
            return Cohort(
                feed: feed, day: day, at: lines.first { $0.number == credited }?.at ?? lines[0].at,
                lines: $0.key.lines, settled: $0.key.fails ? .failed : nil, members: $0.value,
                holiday: holiday)
        }
    }

    /// What a day of a table is called.
    private func holiday(_ pattern: DatePattern, on day: Int32) throws -> String? {
        guard case .table(let table, let date, let name) = pattern.days else { return nil }
        return try base.holidays(in: table, date: date, name: name)[day] ?? nil
    }

    private func matching(_ pattern: DatePattern, day: Int32) throws -> [Int32] {
        guard case .yearly(let field, let daysBefore) = pattern.days else {
            return member.map { [Int32($0)] } ?? (0..<base.memberCount).map { Int32($0) }
        }
        let target = CivilDate(days: Int(day) + daysBefore)
        if let member {
            let values = try base.values(of: member)
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
    private func mayMatch(_ pattern: DatePattern, day: Int32) throws -> Bool {
        let date = CivilDate(days: Int(day))
        switch pattern.days {
        case .yearly, .daily: return true
        case .weekly(let weekdays): return weekdays.contains(date.weekday)
        case .once(let only): return only == day
        case .table(let table, let date, let name):
            return try base.holidays(in: table, date: date, name: name)[day] != nil
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
    /// Names stand for what they name, so that nothing changes when the script has one field more.
    func text(in program: Program) -> String {
        switch days {
        case .yearly(let field, let daysBefore):
            "yearly \(program.memberFieldName(field)) \(daysBefore)"
        case .monthly(let days): "monthly " + days.map(String.init).joined(separator: " ")
        case .weekly(let days): "weekly " + days.map(String.init).joined(separator: " ")
        case .daily: "daily"
        case .once(let day): "once " + CivilDate(days: Int(day)).text
        case .table(let table, _, _): "in " + program.dataSets[table.index].name
        }
    }
}

extension Program {
    fileprivate func memberFieldName(_ field: Int) -> String {
        members.map { dataSets[$0.index].fields[field].name } ?? ""
    }
}
