/// Decimal text of scaled integers: the same bytes on every machine and in every locale.
package enum FixedNumber {
    /// A conversion is counted in billionths of a thousandth, 10⁻¹²: exact in `Double` for
    /// every share, and divisible by every 1-2-5 step an axis can choose.
    static let unitsPerShare: Double = 1e12

    /// One percent is 10¹⁰ conversion units.
    static let percentDigits = 10

    /// The conversion units of a share in 0…1.
    package static func units(ofShare share: Double) -> Int128 {
        Int128((share * unitsPerShare).rounded())
    }

    /// Ten to the power of `exponent`, 0…38; 10³⁸ is the largest power `Int128` holds.
    package static func powerOfTen(_ exponent: Int) -> Int128 {
        (0..<exponent).reduce(1) { power, _ in power * 10 }
    }

    /// `value / 10^digits` with `shown` decimals and thousands separators, rounded half away
    /// from zero. `shown` beyond `digits` adds zeros; `digits` in 0…38.
    package static func text(_ value: Int128, digits: Int, shown: Int) -> String {
        let kept = min(shown, digits)
        let divisor = UInt128(powerOfTen(digits - kept))
        let (quotient, remainder) = value.magnitude.quotientAndRemainder(dividingBy: divisor)
        let rounded = remainder >= divisor - remainder ? quotient + 1 : quotient
        let (whole, part) = rounded.quotientAndRemainder(dividingBy: UInt128(powerOfTen(kept)))
        var text = value < 0 && rounded > 0 ? "\u{2212}" : ""
        text += grouped(whole)
        if shown > 0 {
            let decimals = kept == 0 ? "" : String(part)
            text += "." + String(repeating: "0", count: kept - decimals.count) + decimals
            text += String(repeating: "0", count: shown - kept)
        }
        return text
    }

    /// The fewest decimals that write multiples of `step / 10^digits` exactly.
    package static func decimals(of step: Int128, digits: Int) -> Int {
        var rest = step
        var needed = digits
        while needed > 0, rest != 0, rest % 10 == 0 {
            rest /= 10
            needed -= 1
        }
        return rest == 0 ? 0 : needed
    }

    /// Digits in groups of three, `1,234,567`.
    package static func grouped(_ magnitude: UInt128) -> String {
        let digits = Array(String(magnitude))
        var text = ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index) % 3 == 0 { text += "," }
            text.append(digit)
        }
        return text
    }

    /// A length in the picture, to a hundredth, without trailing zeros and without `-0`.
    package static func coordinate(_ length: Double) -> String {
        let hundredths = Int((length * 100).rounded())
        let (whole, part) = hundredths.magnitude.quotientAndRemainder(dividingBy: 100)
        let sign = hundredths < 0 ? "-" : ""
        if part == 0 { return sign + String(whole) }
        if part % 10 == 0 { return sign + "\(whole).\(part / 10)" }
        return sign + "\(whole)." + (part < 10 ? "0" : "") + String(part)
    }
}
