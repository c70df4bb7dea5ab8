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

/// Measures texts before their coupons have codes: every code is as long as any other. Where one
/// of several offers may be given, the longest counts.
struct MessageMeasure {
    /// What the last holes of a text are filled with.
    private struct Filling {
        let offerTitle: String
        let lastDay: Int32?
        let codes: [String]

        init(_ offer: Offer?, _ program: Program, today: Int32) {
            offerTitle = program.title(of: offer)
            lastDay = CouponIssue(program: program, today: today).lastDay(of: offer)
            let pieces = program.items(of: offer).reduce(0) { $0 + $1.quantity }
            let code = String(repeating: "0", count: CouponCodes.length)
            codes = [String](repeating: code, count: pieces)
        }

        func fill(_ text: MessageText) -> String {
            text.filled(offerTitle: offerTitle, lastDay: lastDay, codes: codes)
        }
    }

    private let fillings: [Filling]

    /// - Parameter offers: empty: nothing is given.
    init(_ offers: [Offer], _ program: Program, today: Int32) {
        let offers: [Offer?] = offers.isEmpty ? [nil] : offers
        fillings = offers.map { Filling($0, program, today: today) }
    }

    /// How many characters a text can have at most, whoever gets it; nil when a hole holds a text
    /// of any length.
    func mostCharacters(of parts: [Message.Part]) -> Int? {
        var most = 0
        for filling in fillings {
            var total = 0
            for part in parts {
                guard let length = mostCharacters(of: part, filling) else { return nil }
                total += length
            }
            most = max(most, total)
        }
        return most
    }

    private func mostCharacters(of part: Message.Part, _ filling: Filling) -> Int? {
        switch part {
        case .value(let expression): return expression.type.mostCharacters
        case .text(let text): return text.unicodeScalars.count
        case .offerTitle: return filling.offerTitle.unicodeScalars.count
        case .code, .expires:
            let piece: MessageText.Piece =
                if case .expires(let pattern) = part { .expires(pattern) } else { .codes }
            return filling.fill(MessageText(pieces: [piece])).unicodeScalars.count
        }
    }

    /// Nil for a channel that neither limits nor counts.
    func size(of text: MessageText, by channel: Channel) -> MessageSize? {
        guard channel.measuresText else { return nil }
        let texts = fillings.map { $0.fill(text) }
        return MessageSize(
            length: texts.map(\.unicodeScalars.count).max() ?? 0,
            parts: channel.countsParts ? texts.map { ShortMessage($0).parts }.max() : nil)
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
