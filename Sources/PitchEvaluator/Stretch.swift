import PitchProgram
import PitchSchema

/// A window at one moment: from `first` to `last`, both included, in milliseconds since 1970, or in
/// days since 1970 for dates and events dated by day. Empty when `last` is before `first`.
struct Stretch {
    var first = Int64.min
    var last = Int64.max

    func contains(_ position: Int64) -> Bool { first <= position && position <= last }
}

extension MemberEvaluation {
    /// The stretch of a window; nil when one of its bounds is missing.
    func stretch(
        of window: Window, ofDays: Bool, _ event: EventRecord?
    ) throws(EvaluationError) -> Stretch? {
        switch window {
        case .last(let period):
            return Stretch(first: moved(period, -1, ofDays) + 1, last: present(ofDays))
        case .next(let period):
            return Stretch(first: present(ofDays) + 1, last: moved(period, 1, ofDays))
        case .calendar(let unit, let offset):
            return Stretch(
                first: start(of: unit, offset, ofDays),
                last: start(of: unit, offset + 1, ofDays) - 1)
        case .since(let bound):
            return try first(of: value(of: bound, event), ofDays).map { Stretch(first: $0) }
        case .until(let bound):
            return try last(of: value(of: bound, event), ofDays).map { Stretch(last: $0) }
        case .between(let low, let high):
            let first = try first(of: value(of: low, event), ofDays)
            let last = try last(of: value(of: high, event), ofDays)
            guard let first, let last else { return nil }
            return Stretch(first: first, last: last)
        }
    }

    /// The run's instant, or its local day: what is after it is not visible.
    func present(_ ofDays: Bool) -> Int64 {
        ofDays ? Int64(evaluator.today) : evaluator.moment.now
    }

    private func moved(_ period: Period, _ times: Int, _ ofDays: Bool) -> Int64 {
        let moment = evaluator.moment
        return ofDays
            ? Int64(period.shift(day: evaluator.today, times: times))
            : period.shift(instant: moment.now, times: times, in: moment.zone)
    }

    private func start(of unit: CalendarUnit, _ offset: Int, _ ofDays: Bool) -> Int64 {
        let moment = evaluator.moment
        let day = unit.start(
            containing: evaluator.today, offset: offset, weekStart: moment.weekStart)
        return ofDays ? Int64(day) : moment.zone.instant(day: day)
    }

    /// Where a window that begins with a bound begins: a date at its first instant; an instant,
    /// beside dates, on its local day.
    private func first(of bound: Value, _ ofDays: Bool) -> Int64? {
        let zone = evaluator.moment.zone
        return switch bound {
        case .date(let day): ofDays ? Int64(day) : zone.instant(day: day)
        case .instant(let instant): ofDays ? Int64(zone.day(of: instant)) : instant
        default: nil
        }
    }

    /// Where a window that ends with a bound ends: a date with its last instant.
    private func last(of bound: Value, _ ofDays: Bool) -> Int64? {
        guard !ofDays, case .date(let day) = bound else { return first(of: bound, ofDays) }
        let nextDay = Period(1, .day).shift(day: day, times: 1)
        return evaluator.moment.zone.instant(day: nextDay) - 1
    }
}
