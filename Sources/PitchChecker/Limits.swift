/// The bounds of one program. Passing one is a diagnostic, so that no script can make the checker
/// or an evaluator run without end.
enum Limits {
    /// Operators and operands of one written-out expression: names of `let`, `define` and computed
    /// fields count with what they stand for.
    static let expressionSize = 32_768
    /// How deep one expression nests, written out. Evaluators recurse that far.
    static let expressionDepth = 256
    /// The same with the segments and fields that it names: evaluators go down into those, too.
    static let totalDepth = 512
    /// Names that are compared with all others to find what was meant.
    static let suggestions = 200
    static let listLength = 10_000
    /// Elements of one `for each`; and the bytes of all bodies, counted once for each element, so
    /// that a short script cannot keep the checker busy like a long one.
    static let rounds = 1_000
    static let writtenOut = 1 << 20
    static let declarations = 20_000
    /// Fields of one data set, values of one choice, items of one bundle.
    static let fields = 1_000
    static let quantity = 1_000
    /// How many of one coupon a member may get, and how long a text may be.
    static let perMember: Int64 = 1_000_000
    static let textLength: Int64 = 1_000_000
    static let stock: Int64 = 1_000_000_000_000
    static let priority: Int64 = 1_000_000
    /// `purchase number 3`, `every 5th purchase`.
    static let ordinal: Int64 = 1_000_000
    /// Files of one program, and how deep imports nest.
    static let imports = 256
    /// Local days that `catch up` judges late.
    static let catchUpDays: Int64 = 366
    /// Hand-overs of a channel in its unit of time.
    static let rate: ClosedRange<Int64> = 1...1_000_000
    /// How often a message is tried again.
    static let retries: ClosedRange<Int64> = 0...100
    /// How long an answer may take, and how long a message is tried.
    static let answerMilliseconds: Int64 = 600_000
    static let retryMilliseconds: Int64 = 30 * 86_400_000
}
