import PitchProgram
import PitchSchema

/// How long a message is for one member.
struct MessageSize: Equatable {
    /// Unicode scalars.
    let length: Int
    /// As short messages; nil where the channel does not count them.
    let parts: Int?

    func fits(_ channel: Channel) -> Bool {
        length <= channel.lengthAtMost ?? .max && parts ?? 0 <= channel.partsAtMost ?? .max
    }
}

/// Measures texts before their coupons have codes: every code is as long as any other.
struct MessageMeasure {
    private let offerTitle: String
    private let lastDay: Int32?
    private let codes: [String]

    init(_ offer: Offer?, _ program: Program, today: Int32) {
        offerTitle = program.title(of: offer)
        lastDay = CouponIssue(program: program, today: today).lastDay(of: offer)
        let pieces = program.items(of: offer).reduce(0) { $0 + $1.quantity }
        let code = String(repeating: "0", count: CouponCodes.length)
        codes = [String](repeating: code, count: pieces)
    }

    /// How many characters a text can have at most, whoever gets it; nil when a hole holds a text
    /// of any length.
    func mostCharacters(of parts: [Message.Part]) -> Int? {
        parts.reduce(0) { total, part in
            guard let total, let length = mostCharacters(of: part) else { return nil }
            return total + length
        }
    }

    private func mostCharacters(of part: Message.Part) -> Int? {
        switch part {
        case .value(let expression): return expression.type.mostCharacters
        case .text(let text): return text.unicodeScalars.count
        case .offerTitle: return offerTitle.unicodeScalars.count
        case .code, .expires:
            let piece: MessageText.Piece =
                if case .expires(let pattern) = part { .expires(pattern) } else { .codes }
            return MessageText(pieces: [piece])
                .filled(offerTitle: "", lastDay: lastDay, codes: codes).unicodeScalars.count
        }
    }

    /// Nil for a channel that neither limits nor counts.
    func size(of text: MessageText, by channel: Channel) -> MessageSize? {
        guard channel.measuresText else { return nil }
        let filled = text.filled(offerTitle: offerTitle, lastDay: lastDay, codes: codes)
        return MessageSize(
            length: filled.unicodeScalars.count,
            parts: channel.countsParts ? ShortMessage(filled).parts : nil)
    }
}

extension Channel {
    var countsParts: Bool { costsPerPart || partsAtMost != nil }
    var measuresText: Bool { countsParts || lengthAtMost != nil }
}

extension ValueType {
    /// How many characters `ValueText` writes at most; nil for texts of any length.
    fileprivate var mostCharacters: Int? {
        switch self {
        case .text, .reference, .tags, .error: nil
        case .choice(let words): words.map(\.unicodeScalars.count).max()
        case .truth: 3
        case .date: 10
        case .time: 12
        case .instant: 23
        case .duration: 29
        // A sign, 19 figures and a point; then a blank and the unit.
        case .integer, .number: 21
        case .percent: 22
        case .money(let currency): 22 + currency.code.count
        case .quantity(let unit): 22 + unit.symbol.unicodeScalars.count
        }
    }
}
