import PitchEvaluator
import PitchProgram
import PitchSchema
import PitchStore

/// One occurrence of one member that a `when` line matches, on its way to an outcome.
struct Occasion {
    /// The member's number, from 0.
    let member: Int
    /// The data set of an event, with `per` of a basket, and what follows of a sequence; the coupon
    /// that expires; the pattern of a day, or the place of its weather.
    let feed: String
    /// Tells occurrences of one member and feed apart: the row id of an event, the first row's of a
    /// basket or a sequence; the identity of a coupon; the local day of a date.
    let key: Int64
    let at: Int64
    /// The `when` line it is credited to, from 0, and the others that match; while a strategy is
    /// sighted, their triggers.
    var trigger: Int
    var alsoMatched: [Int]
    /// What is decided before anyone is asked: `too late`, or `failed` in a `when` line's filter.
    var settled: OutcomeReason?
    /// Of an event: its rows; a basket has several. Of the weather: the observation. Empty: a day
    /// of the calendar.
    var rows: [EventRecord]
    var dataSet: DataSetID?
    /// The key of the row or basket, or the day, as text; empty: a day of the calendar.
    let label: String
    /// Whether it waited for the end of quiet hours until now.
    var wasDeferred = false
    /// Whether the segment and `if` are known to hold.
    var isSelected = false
    /// Whether it is a local day, of the calendar or of a place's weather: `key` is the day.
    var isDay = false
    /// What the day of a table is called.
    var holiday: String?

    /// What `this` reads of what is no row and no day: a coupon.
    var facts: [String: Value] = [:]

    /// What `this` reads.
    func occurrence(in program: Program) -> Occurrence {
        if !facts.isEmpty { return Occurrence(fields: facts) }
        guard let last = rows.last, let dataSet else {
            if !isDay { return Occurrence(fields: [:]) }
            let date = CivilDate(days: Int(key))
            return Occurrence(fields: [
                "day": .date(Int32(clamping: key)), "weekday": .integer(Int64(date.weekday)),
                "month": .integer(Int64(date.month)),
                "holiday": holiday.map { .text($0) } ?? .missing,
            ])
        }
        let declared = program.dataSets[dataSet.index]
        var fields = Dictionary(
            zip(declared.fields.map(\.name), last.values), uniquingKeysWith: { first, _ in first })
        if let at = declared.at, fields["at"] == nil { fields["at"] = last.values[at] }
        return Occurrence(fields: fields, dataSet: dataSet, rows: Set(rows.map(\.row)))
    }
}

/// Members to whom one local day happened alike: the same `when` lines match it.
struct Cohort {
    /// The pattern of the day, or the place of its weather.
    let feed: String
    let day: Int32
    /// When the day was due, or its weather observed.
    let at: Int64
    /// The `when` lines that match, in the order of the file; while a strategy is sighted, their
    /// triggers. The first is credited.
    var lines: [Int]
    /// What is decided before anyone is asked: `failed` where no line matches and the filter of one
    /// fails, `too late` for old weather.
    let settled: OutcomeReason?
    /// Their numbers, from 0, ascending.
    let members: [Int32]
    /// Of the weather: the observation and its data set.
    var rows: [EventRecord] = []
    var dataSet: DataSetID?
    /// What the day of a table is called.
    var holiday: String?

    /// The day as an occasion of one member, whom the segment and `if` select.
    func occasion(of member: Int32) -> Occasion {
        Occasion(
            member: Int(member), feed: feed, key: Int64(day), at: at, trigger: lines[0],
            alsoMatched: Array(lines.dropFirst()), settled: nil, rows: rows, dataSet: dataSet,
            label: dataSet == nil ? "" : CivilDate(days: Int(day)).text, isSelected: true,
            isDay: true, holiday: holiday)
    }
}

/// Members whose day came to one outcome without effect.
struct Crowd {
    /// What all members of a crowd share.
    struct Key: Hashable {
        let feed: String
        let day: Int32
        let at: Int64
        let trigger: Int
        let alsoMatched: [Int]
        let outcome: OutcomeReason
    }

    let key: Key
    /// Their numbers, from 0, ascending.
    let members: [Int32]
}

/// The crowds of one strategy, gathered as its days are judged.
struct Crowds {
    private var members: [Crowd.Key: [Int32]] = [:]

    mutating func add(_ some: [Int32], of cohort: Cohort, _ outcome: OutcomeReason) {
        if some.isEmpty { return }
        let key = Crowd.Key(
            feed: cohort.feed, day: cohort.day, at: cohort.at, trigger: cohort.lines[0],
            alsoMatched: Array(cohort.lines.dropFirst()), outcome: outcome)
        members[key, default: []] += some
    }

    mutating func add(_ occasion: Occasion, _ outcome: OutcomeReason) {
        let key = Crowd.Key(
            feed: occasion.feed, day: Int32(clamping: occasion.key), at: occasion.at,
            trigger: occasion.trigger, alsoMatched: occasion.alsoMatched, outcome: outcome)
        members[key, default: []].append(Int32(occasion.member))
    }

    /// By instant, pattern, outcome and lines.
    var all: [Crowd] {
        members.map { Crowd(key: $0, members: $1.sorted()) }.sorted { left, right in
            let (left, right) = (left.key, right.key)
            let first = (left.at, left.feed, left.outcome.rawValue, left.trigger)
            let second = (right.at, right.feed, right.outcome.rawValue, right.trigger)
            if first != second { return first < second }
            return left.alsoMatched.lexicographicallyPrecedes(right.alsoMatched)
        }
    }
}

/// What the `when` lines of one strategy found.
struct Sighting {
    /// Events.
    var occasions: [Occasion] = []
    /// Days, and to whom they happened.
    var cohorts: [Cohort] = []
    /// Days that are judged now, whoever they happened to.
    var judgedDays: [LedgerDay] = []
    var feeds: [LedgerFeed] = []
    var missedDays: [Int32] = []
    var daysDone: Int32
    /// Events from before the start, which `look back` adds.
    var lookedBack = 0
    /// Places with new weather where no member lives, and where some do.
    var emptyPlaces: Set<String> = []
    var inhabitedPlaces: Set<String> = []
    /// Who is in the segments that lines watch.
    var insiders: [LedgerInsiders] = []
}

extension Sighting {
    /// Puts the `when` lines in place of their triggers: a line over several data sets has one for
    /// each.
    mutating func credit(to triggers: [Trigger]) {
        let lines = triggers.map(\.line)
        if lines == Array(lines.indices) { return }
        // What was deferred was credited to lines when it was recorded.
        for place in occasions.indices where !occasions[place].wasDeferred {
            let line = lines[occasions[place].trigger]
            let others = Set(occasions[place].alsoMatched.map { lines[$0] }).subtracting([line])
            occasions[place].trigger = line
            occasions[place].alsoMatched = others.sorted()
        }
        for place in cohorts.indices {
            cohorts[place].lines = Set(cohorts[place].lines.map { lines[$0] }).sorted()
        }
    }
}
