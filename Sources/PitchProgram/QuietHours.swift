import PitchSchema

/// `quiet 22:00 to 08:00 and defer`: hours of the day in which a strategy decides about nobody.
package struct QuietHours: Sendable, Hashable {
    package enum Action: String, Sendable {
        /// What would be issued waits for the end, where everything is judged again.
        case `defer`
        /// What would be issued is not.
        case drop
    }

    /// Milliseconds since local midnight; from the first, included, to the second, which is the
    /// next day's when it is the smaller. They differ.
    package let from: Int64
    package let until: Int64
    package let action: Action

    package init(from: Int64, until: Int64, action: Action) {
        self.from = from
        self.until = until
        self.action = action
    }

    /// The instant at which the quiet hours end in which `now` lies; nil outside of them.
    /// - Parameter zone: the member's.
    package func end(at now: Int64, in zone: ZoneRules) -> Int64? {
        let time = Int64(zone.time(of: now))
        let day = zone.day(of: now)
        let isOvernight = until < from
        let isQuiet = isOvernight ? time >= from || time < until : time >= from && time < until
        guard isQuiet else { return nil }
        let endsTomorrow = isOvernight && time >= from
        return zone.instant(day: endsTomorrow ? day + 1 : day, time: until)
    }
}
