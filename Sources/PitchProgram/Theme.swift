import PitchSource

/// A marketing theme: what templates are made for, and from what.
package struct Theme: Sendable {
    package var name: String
    package var title: String?
    /// `about`: words and phrases.
    package var words: [String]
    package var audience: Expression
    /// Coupons and bundles to choose from, in the order of the file.
    package var candidates: [Offer]
    /// How many of each candidate; nil: from none to one for each member of the audience.
    package var quantity: ClosedRange<Int>?
    /// Into how many equal steps the quantities are cut.
    package var steps: Int
    /// Above which an old template is updated instead of adding one; millionths of one.
    package var similarity: Int64
    /// The conversion that is believed without history; millionths of one.
    package var prior: Int64
    /// How much history counts whose theme shares no word; millionths of one.
    package var otherThemes: Int64
    /// Up to so many templates are all tried.
    package var tries: Int
    /// Milliseconds after which the search ends.
    package var timeLimit: Int64
    package var range: SourceRange

    package static let steps = 10
    package static let similarity: Int64 = 800_000
    package static let prior: Int64 = 50_000
    package static let otherThemes: Int64 = 200_000
    package static let tries = 1_000_000
    package static let timeLimit: Int64 = 60_000

    package init(
        name: String, title: String? = nil, words: [String], audience: Expression,
        candidates: [Offer], quantity: ClosedRange<Int>? = nil, steps: Int = Self.steps,
        similarity: Int64 = Self.similarity, prior: Int64 = Self.prior,
        otherThemes: Int64 = Self.otherThemes, tries: Int = Self.tries,
        timeLimit: Int64 = Self.timeLimit, range: SourceRange = .none
    ) {
        self.name = name
        self.title = title
        self.words = words
        self.audience = audience
        self.candidates = candidates
        self.quantity = quantity
        self.steps = steps
        self.similarity = similarity
        self.prior = prior
        self.otherThemes = otherThemes
        self.tries = tries
        self.timeLimit = timeLimit
        self.range = range
    }
}
