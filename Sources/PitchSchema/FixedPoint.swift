/// Exact decimal arithmetic on 64-bit counts, with 128-bit intermediates and one rounding, half to
/// even.
package enum FixedPoint {
    package static let powersOfTen: [Int64] = (0..<19).map { exponent in
        (0..<exponent).reduce(Int64(1)) { power, _ in power * 10 }
    }

    /// `numerator ÷ denominator`, rounded half to even; nil when it does not fit 64 bits or the
    /// divisor is 0.
    package static func quotient(_ numerator: Int128, _ denominator: Int128) -> Int64? {
        guard denominator != 0 else { return nil }
        let (quotient, remainder) = numerator.quotientAndRemainder(dividingBy: denominator)
        let twice = remainder.magnitude * 2
        let isAway =
            twice > denominator.magnitude
            || (twice == denominator.magnitude && !quotient.isMultiple(of: 2))
        guard isAway else { return Int64(exactly: quotient) }
        let step: Int128 = (numerator < 0) == (denominator < 0) ? 1 : -1
        return Int64(exactly: quotient + step)
    }

    package enum ParseFailure: Error, Equatable {
        /// Not of the form `-123.45`; the offset of the first wrong byte.
        case malformed(Int)
        /// More decimals than the type carries.
        case tooPrecise
        case outOfRange
    }

    /// The count for a decimal text such as `-1234.5` or `1.776e-15`, in steps of 10^-`digits`.
    /// - Parameters:
    ///   - rounds: accept more decimals and round half to even; without it they are `tooPrecise`.
    ///   - decimal: the decimal mark. No thousands separators.
    package static func parse(
        _ text: some Collection<UInt8>, digits: Int, rounds: Bool = false,
        decimal: UInt8 = UInt8(ascii: ".")
    ) -> Result<Int64, ParseFailure> {
        guard let number = DecimalText(text, decimal: decimal) else {
            return .failure(.malformed(0))
        }
        return number.scaled(digits: digits, rounds: rounds)
    }

    /// A count of steps of 10^-`digits` as text with at least `minimum` decimals and no needless
    /// zeros beyond.
    package static func text(_ count: Int64, digits: Int, minimum: Int = 0) -> String {
        var numerals = String(count.magnitude)
        if numerals.count <= digits {
            numerals = String(repeating: "0", count: digits + 1 - numerals.count) + numerals
        }
        var fraction = String(numerals.suffix(digits))
        while fraction.count > minimum, fraction.last == "0" { fraction.removeLast() }
        let whole = numerals.dropLast(digits)
        return (count < 0 ? "-" : "") + whole + (fraction.isEmpty ? "" : "." + fraction)
    }
}

/// A decimal numeral taken apart: sign, digits without leading zeros, and where the point stands.
struct DecimalText {
    private var isNegative = false
    private var digits: [UInt8] = []
    /// Value = digits × 10^exponent.
    private var exponent = 0

    init?(_ text: some Collection<UInt8>, decimal: UInt8) {
        var rest = text[...]
        if let sign = rest.first, sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") {
            isNegative = sign == UInt8(ascii: "-")
            rest = rest.dropFirst()
        }
        var sawDigit = false
        var sawPoint = false
        while let byte = rest.first {
            if byte >= 0x30, byte <= 0x39 {
                sawDigit = true
                if sawPoint { exponent -= 1 }
                if !(digits.isEmpty && byte == 0x30) { digits.append(byte - 0x30) }
            } else if byte == decimal, !sawPoint {
                sawPoint = true
            } else {
                break
            }
            rest = rest.dropFirst()
        }
        guard sawDigit, digits.count < 400 else { return nil }
        guard let mark = rest.first else { return }
        guard mark | 0x20 == UInt8(ascii: "e"), let power = Self.exponent(rest.dropFirst()) else {
            return nil
        }
        exponent += power
    }

    private static func exponent(_ text: some Collection<UInt8>) -> Int? {
        guard text.count < 6, let value = Int(String(decoding: text, as: UTF8.self)) else {
            return nil
        }
        return value
    }

    func scaled(digits places: Int, rounds: Bool) -> Result<Int64, FixedPoint.ParseFailure> {
        if digits.isEmpty { return .success(0) }
        var kept = digits
        let shift = exponent + places
        var tail: [UInt8] = []
        if shift < 0 {
            let dropped = min(kept.count, -shift)
            tail = Array(kept.suffix(dropped))
            kept.removeLast(dropped)
            if -shift > digits.count { tail.insert(0, at: 0) }
            if !rounds, tail.contains(where: { $0 != 0 }) { return .failure(.tooPrecise) }
        } else {
            guard kept.count + shift <= 19 else { return .failure(.outOfRange) }
            kept += [UInt8](repeating: 0, count: shift)
        }
        guard kept.count <= 19 else { return .failure(.outOfRange) }
        var magnitude = kept.reduce(Int128(0)) { $0 * 10 + Int128($1) }
        if Self.roundsUp(tail, odd: !magnitude.isMultiple(of: 2)) { magnitude += 1 }
        guard let count = Int64(exactly: isNegative ? -magnitude : magnitude) else {
            return .failure(.outOfRange)
        }
        return .success(count)
    }

    private static func roundsUp(_ tail: [UInt8], odd: Bool) -> Bool {
        guard let first = tail.first else { return false }
        if first != 5 { return first > 5 }
        return odd || tail.dropFirst().contains { $0 != 0 }
    }
}
