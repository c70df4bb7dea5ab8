/// The type of a value, a field or an expression.
package indirect enum ValueType: Hashable, Sendable {
    /// yes or no; a predicate's type. Three-valued: it may be unknown.
    case truth
    case integer
    /// A decimal number: a 64-bit count of millionths.
    case number
    /// A share: a 64-bit count of millionths of one, so 10% is 100_000.
    case percent
    /// An amount in minor units of one currency.
    case money(Currency)
    case text
    /// A local day: days since 1970-01-01.
    case date
    /// A point in time: milliseconds since 1970-01-01T00:00:00Z.
    case instant
    /// A time of day: milliseconds since midnight.
    case time
    /// A length of time in milliseconds; a day counts 24 hours.
    case duration
    /// A set of short texts.
    case tags
    /// One of a fixed list of words; held as text.
    case choice([String])
    /// A measure, in millionths of its unit.
    case quantity(Unit)
    /// The key of a row of another data set; held as text.
    case reference(String)
    /// The type of what is already reported as a fault; it silences follow-ups.
    case error

    /// How values of a type are held in memory and in the store.
    package enum Storage: Sendable { case integer, text, tags }

    package var storage: Storage {
        switch self {
        case .text, .choice, .reference: .text
        case .tags: .tags
        default: .integer
        }
    }

    /// Whether `<` and `>` mean something.
    package var isOrdered: Bool {
        switch self {
        case .integer, .number, .percent, .money, .date, .instant, .time, .duration, .quantity,
            .text:
            true
        case .truth, .tags, .choice, .reference, .error: false
        }
    }

    /// The raw count that stands for 1: 1_000_000 for millionths, the minor units of a currency, 1
    /// otherwise.
    package var scale: Int64 {
        switch self {
        case .number, .percent, .quantity: 1_000_000
        case .money(let currency): currency.scale
        default: 1
        }
    }
}

/// An ISO 4217 currency.
package struct Currency: Hashable, Sendable {
    /// Three upper-case letters.
    package let code: String
    /// Decimal digits of the minor unit: 2 for CNY, 0 for JPY, 3 for KWD.
    package let digits: Int

    /// The currency of a code; nil when ISO 4217 does not list it.
    package init?(_ code: String) {
        guard let digits = Self.digits(of: code) else { return nil }
        self.code = code
        self.digits = digits
    }

    package var scale: Int64 { FixedPoint.powersOfTen[digits] }

    private static func digits(of code: String) -> Int? {
        if zeroDigits.contains(code) { return 0 }
        if threeDigits.contains(code) { return 3 }
        return twoDigits.contains(code) ? 2 : nil
    }

    private static let zeroDigits = words(
        "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF")
    private static let threeDigits = words("BHD IQD JOD KWD LYD OMR TND")
    private static let twoDigits = words(
        """
        AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF \
        CNY COP CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF \
        IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR \
        MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD \
        SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD UYU UZS VES WST XCD YER ZAR \
        ZMW ZWL
        """)

    private static func words(_ text: String) -> Set<String> {
        Set(text.split(separator: " ").map(String.init))
    }
}

/// A unit of measure. Units of one dimension convert; the others do not mix.
package struct Unit: Hashable, Sendable {
    package enum Dimension: String, Sendable {
        case temperature, length, mass, volume, speed, pressure
    }

    /// As written in a script: `C`, `F`, `km`.
    package let symbol: String
    package let dimension: Dimension
    /// value in the dimension's base unit = value × factor + offset, exact as fractions of
    /// integers.
    package let factor: (numerator: Int64, denominator: Int64)
    package let offset: (numerator: Int64, denominator: Int64)

    package static func == (left: Self, right: Self) -> Bool { left.symbol == right.symbol }
    package func hash(into hasher: inout Hasher) { hasher.combine(symbol) }

    private init(
        _ symbol: String, _ dimension: Dimension, _ factor: (Int64, Int64) = (1, 1),
        offset: (Int64, Int64) = (0, 1)
    ) {
        self.symbol = symbol
        self.dimension = dimension
        self.factor = (factor.0, factor.1)
        self.offset = (offset.0, offset.1)
    }

    /// The unit of a symbol; `°C` and `°F` are `C` and `F`.
    package static func named(_ symbol: String) -> Unit? {
        let plain = symbol.hasPrefix("°") ? String(symbol.dropFirst()) : symbol
        return all.first { $0.symbol == plain }
    }

    package static let all: [Unit] = [
        Unit("C", .temperature), Unit("F", .temperature, (5, 9), offset: (-160, 9)),
        Unit("mm", .length, (1, 1000)), Unit("cm", .length, (1, 100)), Unit("m", .length),
        Unit("km", .length, (1000, 1)), Unit("inches", .length, (254, 10000)),
        Unit("miles", .length, (1_609_344, 1000)),
        Unit("g", .mass, (1, 1000)), Unit("kg", .mass), Unit("ml", .volume, (1, 1000)),
        Unit("l", .volume),
        Unit("kmh", .speed, (10, 36)), Unit("mph", .speed, (44704, 100_000)), Unit("mps", .speed),
        Unit("hPa", .pressure),
    ]

    /// A count of millionths of this unit, in millionths of another of the same dimension, rounded
    /// half to even. Nil on overflow or when the dimensions differ.
    package func convert(_ millionths: Int64, to other: Unit) -> Int64? {
        guard dimension == other.dimension else { return nil }
        if self == other { return millionths }
        let million: Int128 = 1_000_000
        // base = raw·f + o, then (base − o') ÷ f', over the common denominator.
        let base =
            Int128(millionths) * Int128(factor.numerator) * Int128(offset.denominator)
            + Int128(offset.numerator) * million * Int128(factor.denominator)
        let baseDenominator = Int128(factor.denominator) * Int128(offset.denominator)
        let shifted =
            base * Int128(other.offset.denominator)
            - Int128(other.offset.numerator) * million * baseDenominator
        let shiftedDenominator = baseDenominator * Int128(other.offset.denominator)
        return FixedPoint.quotient(
            shifted * Int128(other.factor.denominator),
            shiftedDenominator * Int128(other.factor.numerator))
    }
}
