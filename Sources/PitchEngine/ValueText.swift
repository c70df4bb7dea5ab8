import PitchSchema

/// Values as a marketer writes them.
package enum ValueText {
    /// With its currency or unit: `20.00 CNY`, `2026-03-01 09:30`, `yes`. Missing is empty.
    package static func plain(_ value: Value, _ type: ValueType, zone: ZoneRules) -> String {
        switch value {
        case .missing: ""
        case .truth(let flag): flag ? "yes" : "no"
        case .integer(let count): String(count)
        case .number(let count): FixedPoint.text(count, digits: 6)
        case .percent(let count): percent(count)
        case .money(let minor): money(minor, type)
        case .text(let text): text
        case .date(let day): CivilDate(days: Int(day)).text
        case .instant(let instant): self.instant(instant, zone: zone)
        case .time(let milliseconds): time(Int64(milliseconds))
        case .duration(let milliseconds): duration(milliseconds)
        case .tags(let tags): tags.joined(separator: ", ")
        case .quantity(let count): quantity(count, type)
        }
    }

    private static func percent(_ count: Int64) -> String {
        FixedPoint.text(count, digits: 4) + "%"
    }

    private static func money(_ minor: Int64, _ type: ValueType) -> String {
        guard case .money(let currency) = type else { return String(minor) }
        return FixedPoint.text(minor, digits: currency.digits, minimum: currency.digits) + " "
            + currency.code
    }

    private static func quantity(_ count: Int64, _ type: ValueType) -> String {
        guard case .quantity(let unit) = type else { return FixedPoint.text(count, digits: 6) }
        return FixedPoint.text(count, digits: 6) + " " + unit.symbol
    }

    /// `2026-03-01 09:30`, with seconds and milliseconds where there are any.
    package static func instant(_ instant: Int64, zone: ZoneRules) -> String {
        let day = CivilDate(days: Int(zone.day(of: instant))).text
        return day + " " + time(zone.time(of: instant))
    }

    private static func time(_ milliseconds: Int64) -> String {
        let seconds = milliseconds / 1000
        let clock = [seconds / 3600, seconds / 60 % 60].map { CivilDate.padded(Int($0), 2) }
        var text = clock.joined(separator: ":")
        let rest = milliseconds % 60_000
        if rest != 0 { text += ":" + CivilDate.padded(Int(rest / 1000), 2) }
        if rest % 1000 != 0 { text += "." + CivilDate.padded(Int(rest % 1000), 3) }
        return text
    }

    private static func duration(_ milliseconds: Int64) -> String {
        let units: [(Int64, String)] = [
            (millisecondsPerDay, "day"), (3_600_000, "hour"), (60_000, "minute"), (1000, "second"),
        ]
        for (length, name) in units where milliseconds.isMultiple(of: length) {
            let count = milliseconds / length
            return "\(count) \(name)\(count.magnitude == 1 ? "" : "s")"
        }
        return FixedPoint.text(milliseconds, digits: 3) + " seconds"
    }
}
