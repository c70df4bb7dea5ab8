import PitchSchema

/// The one frozen instant of a run, and the calendar that it is read in.
package struct Moment: Sendable {
    /// Milliseconds since 1970-01-01T00:00:00Z.
    package let now: Int64
    package let zone: ZoneRules
    /// 1 = Monday … 7 = Sunday.
    package let weekStart: Int

    package init(now: Int64, zone: ZoneRules, weekStart: Int = 1) {
        self.now = now
        self.zone = zone
        self.weekStart = weekStart
    }

    /// The local day of `now`.
    package var today: Int32 { zone.day(of: now) }
}
