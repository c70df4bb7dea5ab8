import PitchProgram
import PitchSchema

/// When a strategy is due: once in every slot of its `every`, and when a day of its date lines
/// begins.
enum DueSlots {
    /// - Parameter last: the instant of the last judgement; nil: there was none.
    static func isDue(_ strategy: Strategy, last: Int64?, at moment: Moment) -> Bool {
        isDue(strategy, last: last, at: moment.now, moment.zone)
    }

    private static func isDue(
        _ strategy: Strategy, last: Int64?, at now: Int64, _ zone: ZoneRules
    ) -> Bool {
        guard let last else { return true }
        return isNewSlot(strategy.every, last: last, at: now, zone)
            || strategy.dueTimes.contains { time in
                // A day that became due since the last judgement does not wait for the next slot.
                let due = zone.instant(day: zone.day(of: now), time: time)
                return last < due && due <= now
            }
    }

    /// Slots of hours and less are counted from local midnight, by the clock on the wall; days and
    /// more count whole local days.
    private static func isNewSlot(
        _ every: Period, last: Int64, at now: Int64, _ zone: ZoneRules
    ) -> Bool {
        let (lastDay, today) = (zone.day(of: last), zone.day(of: now))
        if !every.unit.isExact { return today >= every.shift(day: lastDay, times: 1) }
        guard let length = every.milliseconds, length > 0 else { return now > last }
        if length >= millisecondsPerDay { return now - last >= length }
        if lastDay != today { return true }
        return zone.time(of: last) / length != zone.time(of: now) / length
    }

    /// The first instant after another at which a strategy becomes due, in days of its plan; nil
    /// when there is none any more.
    /// - Parameter last: the instant of the last judgement; nil: there was none.
    static func next(
        _ strategy: Strategy, of plan: Plan, last: Int64?, after instant: Int64, _ zone: ZoneRules
    ) -> Int64? {
        // What is due already was to be judged by now: its next slot is meant.
        let isOverdue = isDue(strategy, last: last, at: instant, zone)
        let last = isOverdue ? instant : last ?? instant
        let first = zone.instant(day: plan.firstDay)
        if instant < first { return first }
        let next = ([nextSlot(strategy.every, after: last, zone)]
            + strategy.dueTimes.map { nextDue(at: $0, after: max(last, instant), zone) })
            .filter { $0 > instant }.min()
        return next.flatMap { zone.day(of: $0) <= plan.lastDay ? $0 : nil }
    }

    /// The beginning of the first slot after the one that holds an instant.
    private static func nextSlot(_ every: Period, after last: Int64, _ zone: ZoneRules) -> Int64 {
        if !every.unit.isExact {
            return zone.instant(day: every.shift(day: zone.day(of: last), times: 1))
        }
        guard let length = every.milliseconds, length > 0 else { return last + 1 }
        if length >= millisecondsPerDay { return last + length }
        // Where the clocks change, a slot is shorter or longer: look again from there.
        var from = last
        while true {
            let end = from + length - zone.time(of: from) % length
            let midnight = zone.instant(day: zone.day(of: from) + 1)
            let next = min(end, midnight, zone.change(after: from) ?? .max)
            if isNewSlot(every, last: last, at: next, zone) { return next }
            from = next
        }
    }

    /// The next time that the clock on the wall shows a time of the day.
    private static func nextDue(at time: Int64, after instant: Int64, _ zone: ZoneRules) -> Int64 {
        let today = zone.instant(day: zone.day(of: instant), time: time)
        return today > instant ? today : zone.instant(day: zone.day(of: instant) + 1, time: time)
    }
}

extension Strategy {
    /// When the days of its date lines are due, in milliseconds since local midnight.
    fileprivate var dueTimes: [Int64] {
        triggers.compactMap { trigger in
            switch trigger.source {
            case .date(let pattern): pattern.dueTime
            case .expiry: DatePattern.dueTime
            default: nil
            }
        }
    }
}
