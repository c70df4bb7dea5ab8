import PitchSchema

/// A channel that posts, with its secrets: it is never printed or kept.
package struct WebhookChannel: Sendable {
    package let name: String
    package let address: String
    /// The secret of the signature; nil: nothing is signed.
    package let key: [UInt8]?
    /// So many hand-overs in so many milliseconds; nil: as fast as the receiver answers.
    package let rate: (count: Int64, milliseconds: Int64)?
    /// An answer that takes longer counts as lost.
    package let answerMilliseconds: Int64
    /// How often a message is tried again, and for how long.
    package let retries: Int
    package let retryMilliseconds: Int64
    /// Whether the receiver takes a message once, however often it is posted.
    package let isIdempotent: Bool

    package init(
        name: String, address: String, key: [UInt8]? = nil,
        rate: (count: Int64, milliseconds: Int64)? = nil, answerMilliseconds: Int64 = 15_000,
        retries: Int = 20, retryMilliseconds: Int64 = 86_400_000, isIdempotent: Bool = false
    ) {
        self.name = name
        self.address = address
        self.key = key
        self.rate = rate
        self.answerMilliseconds = answerMilliseconds
        self.retries = retries
        self.retryMilliseconds = retryMilliseconds
        self.isIdempotent = isIdempotent
    }

    /// The request that hands a letter over.
    func request(for letter: Letter, wallSeconds: Int64) -> WebhookRequest {
        let body = Self.body(of: letter)
        var headers = [
            "Content-Type: application/json", "User-Agent: pitch", "Accept: */*",
            "Idempotency-Key: \(letter.id)", "Pitch-Timestamp: \(wallSeconds)",
            // Without this, curl waits for a go-ahead before it sends a longer body.
            "Expect:",
        ]
        if let key {
            headers.append("Pitch-Signature: v1=" + Self.signature(of: body, wallSeconds, key))
        }
        return WebhookRequest(
            number: letter.number, address: address, headers: headers, body: body,
            answerMilliseconds: answerMilliseconds)
    }

    /// The line of the file channel, with the message's id before all.
    package static func body(of letter: Letter) -> [UInt8] {
        Array("{\"id\":\"\(letter.id)\",".utf8) + letter.line.utf8.dropFirst()
    }

    /// What a receiver computes, too, to know that a message came from here and is fresh: the
    /// HMAC-SHA256 of the timestamp, a full stop and the body as it came, in hexadecimal.
    package static func signature(
        of body: [UInt8], _ wallSeconds: Int64, _ key: [UInt8]
    ) -> String {
        let code = HMAC.code(of: Array("\(wallSeconds).".utf8) + body, key: key)
        return hexadecimal(code)
    }

    /// Two lower-case figures a byte.
    package static func hexadecimal(_ bytes: [UInt8]) -> String {
        let figures = Array("0123456789abcdef".utf8)
        return String(
            decoding: bytes.flatMap { [figures[Int($0 >> 4)], figures[Int($0 & 15)]] },
            as: UTF8.self)
    }
}
