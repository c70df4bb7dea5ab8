import PitchSchema

/// Constants as they are written in a script.
package enum ConstantText {
    package static func text(of value: Value, as type: ValueType) -> String {
        switch value {
        case .missing: "missing"
        case .truth(let flag): flag ? "yes" : "no"
        case .integer(let count): String(count)
        case .number(let millionths): FixedPoint.text(millionths, digits: 6, minimum: 1)
        // Four decimals of a percent are the six of its share.
        case .percent(let millionths): FixedPoint.text(millionths, digits: 4) + "%"
        case .money(let minor): money(minor, type)
        case .text(let text): quoted(text)
        case .date(let day): CivilDate(days: Int(day)).text
        case .instant(let instant): self.instant(instant)
        case .time(let milliseconds): time(Int64(milliseconds))
        case .duration(let milliseconds): duration(milliseconds)
        case .tags(let tags): "[" + tags.map(quoted).joined(separator: ", ") + "]"
        case .quantity(let millionths): quantity(millionths, type)
        }
    }

    private static func money(_ minor: Int64, _ type: ValueType) -> String {
        guard case .money(let currency) = type else { return String(minor) }
        return FixedPoint.text(minor, digits: currency.digits) + " " + currency.code
    }

    private static func quantity(_ millionths: Int64, _ type: ValueType) -> String {
        let number = FixedPoint.text(millionths, digits: 6)
        guard case .quantity(let unit) = type else { return number }
        return number + " " + unit.symbol
    }

    /// Text has no escapes: the quotes are such as do not stand in it.
    private static func quoted(_ text: String) -> String {
        if text.contains(where: \.isNewline) { return "\"\"\"\(text)\"\"\"" }
        if !text.contains("\"") { return "\"\(text)\"" }
        return text.contains("'") ? "\"\"\"\(text)\"\"\"" : "'\(text)'"
    }

    private static func instant(_ instant: Int64) -> String {
        let day = floorDivide(instant, millisecondsPerDay)
        let time = time(instant - day * millisecondsPerDay)
        return CivilDate(days: Int(day)).text + "T" + time + "Z"
    }

    /// `09:30`, `09:30:15`, `09:30:15.250`
    private static func time(_ milliseconds: Int64) -> String {
        let seconds = milliseconds / 1000
        let minutes = Int(seconds / 60)
        let padded = { CivilDate.padded($0, 2) }
        var text = padded(minutes / 60) + ":" + padded(minutes % 60)
        if milliseconds % 60_000 != 0 { text += ":" + padded(Int(seconds % 60)) }
        if milliseconds % 1000 != 0 { text += "." + CivilDate.padded(Int(milliseconds % 1000), 3) }
        return text
    }

    /// In the longest unit that counts it in whole numbers.
    private static func duration(_ milliseconds: Int64) -> String {
        for (unit, length) in [
            ("day", millisecondsPerDay), ("hour", 3_600_000), ("minute", 60_000),
        ]
        where milliseconds % length == 0 && milliseconds != 0 {
            let amount = milliseconds / length
            return "\(amount) \(unit)\(amount.magnitude == 1 ? "" : "s")"
        }
        return FixedPoint.text(milliseconds, digits: 3) + " seconds"
    }
}
