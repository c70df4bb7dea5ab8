import PitchProgram
import PitchSchema

/// When a strategy is due: once in every slot of its `every`.
enum DueSlots {
    /// - Parameter last: the instant of the last judgement; nil: there was none.
    static func isDue(_ strategy: Strategy, last: Int64?, at moment: Moment) -> Bool {
        guard let last else { return true }
        return isNewSlot(strategy.every, last: last, at: moment)
            || strategy.triggers.contains { trigger in
                // A day that became due since the last judgement does not wait for the next slot.
                guard case .date(let pattern) = trigger.source else { return false }
                let due = moment.zone.instant(day: moment.today, time: pattern.dueTime)
                return last < due && due <= moment.now
            }
    }

    /// Slots of hours and less are counted from local midnight, by the clock on the wall; days and
    /// more count whole local days.
    private static func isNewSlot(_ every: Period, last: Int64, at moment: Moment) -> Bool {
        let lastDay = moment.zone.day(of: last)
        if !every.unit.isExact { return moment.today >= every.shift(day: lastDay, times: 1) }
        guard let length = every.milliseconds, length > 0 else { return moment.now > last }
        if length >= millisecondsPerDay { return moment.now - last >= length }
        if lastDay != moment.today { return true }
        return moment.zone.time(of: last) / length != moment.zone.time(of: moment.now) / length
    }
}
