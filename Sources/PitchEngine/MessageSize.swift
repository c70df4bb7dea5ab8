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
        codes = [String](repeating: String(repeating: "0", count: CouponCode.length), count: pieces)
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
