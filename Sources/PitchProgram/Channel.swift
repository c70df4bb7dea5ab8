import PitchSource

/// A way to reach members.
package struct Channel: Sendable {
    package enum Transport: Sendable, Hashable {
        /// A folder, relative to the script's; one file per run.
        case file(folder: String, isTable: Bool)
        case webhook(Webhook)
    }

    package var name: String
    package var title: String?
    package var transport: Transport
    /// The member field that holds the address; missing: not reachable.
    package var address: Int
    /// The member field that must be true, unless the message is of class service; nil: no consent
    /// is needed.
    package var consent: Int?
    /// Cost of one message, or of one part of it, in millionths of a minor unit.
    package var costMicroMinor: Int64
    /// `cost 0.045 CNY per part`: a text message is paid for by its parts.
    package var costsPerPart: Bool
    /// The most characters (Unicode scalars) of a text, and the most parts of a text message.
    package var lengthAtMost: Int?
    package var partsAtMost: Int?
    package var range: SourceRange

    package init(
        name: String, title: String? = nil, transport: Transport, address: Int, consent: Int? = nil,
        costMicroMinor: Int64 = 0, costsPerPart: Bool = false, lengthAtMost: Int? = nil,
        partsAtMost: Int? = nil, range: SourceRange = .none
    ) {
        self.name = name
        self.title = title
        self.transport = transport
        self.address = address
        self.consent = consent
        self.costMicroMinor = costMicroMinor
        self.costsPerPart = costsPerPart
        self.lengthAtMost = lengthAtMost
        self.partsAtMost = partsAtMost
        self.range = range
    }
}

/// Where a channel posts its messages, and how. Secrets stand in environment variables, of which
/// the program knows the names.
package struct Webhook: Sendable, Hashable {
    package enum Address: Sendable, Hashable {
        case url(String)
        case variable(String)
    }

    /// So many hand-overs in so many milliseconds.
    package struct Rate: Sendable, Hashable {
        package let count: Int64
        package let milliseconds: Int64
        package init(count: Int64, milliseconds: Int64) {
            self.count = count
            self.milliseconds = milliseconds
        }
    }

    package var address: Address
    /// The variable that holds the secret of the signature; nil: nothing is signed.
    package var keyVariable: String?
    /// Nil: as fast as the receiver answers.
    package var rate: Rate?
    /// An answer that takes longer counts as lost.
    package var answerMilliseconds: Int64 = 15_000
    /// How often a message is tried again, and how long after it was queued.
    package var retries = 20
    package var retryMilliseconds: Int64 = 86_400_000
    /// Whether the receiver takes a message once, however often it is posted.
    package var isIdempotent = false

    package init(address: Address) { self.address = address }
}
