import PitchEngine
import PitchSchema

/// Values as people and programs read them, in the project's zone.
struct AnswerText {
    let zone: ZoneRules

    /// As `ValueText` writes it, with thousands apart; a missing value is an en dash.
    func text(_ value: Value, _ type: ValueType) -> String {
        switch value {
        case .missing: "–"
        case .integer(let count): grouped(count)
        case .number(let count): groupedDecimal(count, digits: 6)
        case .money(let minor): money(minor, type)
        default: ValueText.plain(value, type, zone: zone)
        }
    }

    func json(_ value: Value, _ type: ValueType) -> JSONValue {
        switch value {
        case .missing: .null
        case .truth(let flag): .bool(flag)
        case .integer(let count), .duration(let count): .integer(count)
        case .number(let count), .percent(let count), .quantity(let count):
            .decimal(FixedPoint.text(count, digits: 6))
        case .money(let minor): jsonMoney(minor, type)
        case .text(let text): .string(text)
        case .tags(let tags): .strings(tags)
        case .instant(let instant): .string(isoInstant(instant))
        case .date, .time: .string(text(value, type))
        }
    }

    /// To the second: `2026-04-02 09:30`, `2026-04-02 09:30:05`.
    func instant(_ instant: Int64) -> String {
        let fraction = ((instant % 1000) + 1000) % 1000
        return ValueText.instant(instant - fraction, zone: zone)
    }

    /// `2026-04-02T09:30:00+08:00`
    func isoInstant(_ instant: Int64) -> String {
        let minutes = zone.offset(at: instant) / 60_000
        let sign = minutes < 0 ? "-" : "+"
        let hours = CivilDate.padded(Int(minutes.magnitude / 60), 2)
        let rest = CivilDate.padded(Int(minutes.magnitude % 60), 2)
        return day(zone.day(of: instant)) + "T" + clock(zone.time(of: instant)) + sign + hours
            + ":" + rest
    }

    func day(_ day: Int32) -> String { CivilDate(days: Int(day)).text }

    /// An amount in minor units of a currency code.
    func amount(_ minor: Int64, _ currency: String) -> String {
        Currency(currency).map { money(minor, .money($0)) } ?? grouped(minor)
    }

    func json(amount minor: Int64, _ currency: String) -> JSONValue {
        Currency(currency).map { jsonMoney(minor, .money($0)) } ?? .integer(minor)
    }

    /// Always with seconds, as programs expect.
    private func clock(_ milliseconds: Int64) -> String {
        let seconds = Int(milliseconds / 1000)
        let thousandths = Int(milliseconds % 1000)
        let text = [seconds / 3600, seconds / 60 % 60, seconds % 60]
            .map { CivilDate.padded($0, 2) }.joined(separator: ":")
        return thousandths == 0 ? text : text + "." + CivilDate.padded(thousandths, 3)
    }

    private func money(_ minor: Int64, _ type: ValueType) -> String {
        guard case .money(let currency) = type else { return grouped(minor) }
        let text = groupedDecimal(minor, digits: currency.digits, minimum: currency.digits)
        return text + " " + currency.code
    }

    private func jsonMoney(_ minor: Int64, _ type: ValueType) -> JSONValue {
        guard case .money(let currency) = type else { return .integer(minor) }
        let digits = currency.digits
        return .object([
            ("amount", .string(FixedPoint.text(minor, digits: digits, minimum: digits))),
            ("currency", .string(currency.code)),
        ])
    }
}

/// `1,234,567`
func grouped(_ number: Int64) -> String { groupedDecimal(number, digits: 0) }
func grouped(_ number: Int) -> String { grouped(Int64(number)) }

/// A count of steps of 10^-`digits` with thousands separators.
func groupedDecimal(_ count: Int64, digits: Int, minimum: Int = 0) -> String {
    let text = FixedPoint.text(count, digits: digits, minimum: minimum)
    let sign = text.hasPrefix("-") ? "-" : ""
    let parts = text.dropFirst(sign.count).split(separator: ".", maxSplits: 1)
    var whole = ""
    for (index, digit) in parts[0].reversed().enumerated() {
        if index > 0, index.isMultiple(of: 3) { whole.append(",") }
        whole.append(digit)
    }
    return sign + String(whole.reversed()) + (parts.count > 1 ? "." + parts[1] : "")
}

/// `1.2 %` of a whole; nothing of nothing is 0 %.
func share(_ part: Int, of whole: Int) -> String {
    guard whole > 0 else { return "0 %" }
    let tenths = (Double(part) * 1000 / Double(whole)).rounded()
    if part > 0, tenths < 1 { return "< 0.1 %" }
    return groupedDecimal(Int64(tenths), digits: 1) + " %"
}

func plural(_ count: Int, _ noun: String) -> String {
    "\(grouped(count)) \(noun)\(count == 1 ? "" : "s")"
}

extension ValueType {
    /// Whether a column of it is set to the right.
    var isNumeric: Bool {
        switch self {
        case .integer, .number, .percent, .money, .duration, .quantity: true
        default: false
        }
    }
}
