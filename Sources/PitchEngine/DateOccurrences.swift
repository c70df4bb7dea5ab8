import PitchColumnar
import PitchProgram
import PitchSchema
import PitchStore

/// The local days that the date lines of one strategy are about in this run. A member has one
/// occurrence of a day, whatever lines match it; a line is judged once a day.
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

    /// What the ledger calls the source of all its occurrences.
    private static let feed = "date by day"

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
        try mayMatch(pattern, day: day)
            && !judged.contains(judging(pattern, day, due(pattern, on: day)))
    }

    /// What the ledger keeps of a day that a line of this pattern was about.
    private func judging(_ pattern: DatePattern, _ day: Int32, _ at: Int64) -> LedgerDay {
        LedgerDay(feed: "date " + pattern.text(in: base.program), day: day, at: at)
    }

    /// To whom these days happened, by the lines that match.
    /// - Parameter decided: whom the strategy decided about at a day.
    func find(
        on days: [Int32], decided: (_ day: Int32) throws -> Set<Int32>,
        into sighting: inout Sighting
    ) throws {
        for day in days {
            let open = try openLines(on: day)
            if open.isEmpty { continue }
            // Lines that become due later in the day find those whom the others left.
            let settled = judged.contains { $0.day == day } ? try decided(day) : []
            sighting.judgedDays += Set(open.map { judging($0.pattern, day, $0.at) })
                .sorted { ($0.at, $0.feed) < ($1.at, $1.feed) }
            sighting.cohorts += try cohorts(of: open, day, without: settled)
        }
    }

    /// Whether a day is to be judged that happens to every member.
    func isEverybodys(_ day: Int32) throws -> Bool {
        try openLines(on: day).contains { !$0.pattern.isYearly }
    }

    private struct Line {
        let number: Int
        let pattern: DatePattern
        let filter: Expression?
        /// When it is due on the day in hand.
        let at: Int64
    }

    /// The lines that are due on a day and were not judged at it.
    private func openLines(on day: Int32) throws -> [Line] {
        try strategy.triggers.enumerated().compactMap { number, trigger in
            guard case .date(let pattern) = trigger.source, isDue(pattern, on: day),
                try isOpen(pattern, on: day)
            else { return nil }
            return Line(
                number: number, pattern: pattern, filter: trigger.filter,
                at: due(pattern, on: day))
        }
    }

    private func cohorts(
        of lines: [Line], _ day: Int32, without settled: Set<Int32>
    ) throws -> [Cohort] {
        let found = try lines.map { line in
            try matching(line.pattern, day: day)
                .filter { base.isPresent(Int($0)) && !settled.contains($0) }
        }
        if member == nil {
            try base.prefetch(lines.compactMap(\.filter), for: found.map(\.count).max() ?? 0)
        }
        let members = try members(found, by: lines)
        return try members.sorted { $0.key.lines.lexicographicallyPrecedes($1.key.lines) }.map {
            match, members in
            let credited = lines.first { $0.number == match.lines[0] } ?? lines[0]
            return Cohort(
                feed: Self.feed, day: day, at: credited.at, lines: match.lines,
                settled: match.fails ? .failed : nil, members: members,
                holiday: try holiday(credited.pattern, on: day))
        }
    }

    /// Members, ascending, by the lines that match.
    /// - Parameter found: to whom the day of each line happened, ascending.
    private func members(
        _ found: [[Int32]], by lines: [Line]
    ) throws -> [LineMatch: [Int32]] {
        // Most strategies have one line, which often is about every member.
        if lines.count == 1, lines[0].filter == nil, !found[0].isEmpty {
            return [LineMatch(lines: [lines[0].number], fails: false): found[0]]
        }
        let candidates = found.dropFirst().reduce(found[0], union)
        if candidates.isEmpty { return [:] }
        let answers = try zip(lines, found).map { line, some in
            try self.answers(of: line, for: some, among: candidates)
        }
        let numbers = lines.map(\.number)
        var members: [LineMatch: [Int32]] = [:]
        for (place, candidate) in candidates.enumerated() {
            let match = LineMatch(lines: numbers, answers: answers.map { $0[place] })
            if let match { members[match, default: []].append(candidate) }
        }
        return members
    }

    /// What a line says of candidates; `no` of those to whom its day did not happen.
    private func answers(
        of line: Line, for some: [Int32], among candidates: [Int32]
    ) throws -> [Answer] {
        let holds = try line.filter.map {
            try base.answers(to: $0, for: some, isByRow: member != nil)
        } ?? [Answer](repeating: .yes, count: some.count)
        if some.count == candidates.count { return holds }
        var next = 0
        return candidates.map { candidate in
            guard next < some.count, some[next] == candidate else { return .no }
            defer { next += 1 }
            return holds[next]
        }
    }

    /// Members that are in either, ascending.
    private func union(_ some: [Int32], _ others: [Int32]) -> [Int32] {
        some == others ? some : Set(some).union(others).sorted()
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
    /// Whether each member has days of their own.
    fileprivate var isYearly: Bool {
        if case .yearly = days { true } else { false }
    }

    /// What tells the days of this pattern from another's; the time of the day does not.
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
