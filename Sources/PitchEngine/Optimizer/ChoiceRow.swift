import PitchOptimizer
import PitchProgram
import PitchSchema

/// A limit on a choice of offers: Σ of what the chosen offers use is at most `limit`.
struct ChoiceRow {
    enum Unit: String, Sendable {
        /// Hundredths of a minor unit.
        case money
        case members
        /// Shares of one.
        case share
        /// Coupons, messages.
        case pieces
        /// Of worth to cost: the row is in hundredths of a minor unit.
        case ratio
    }

    /// Of a return: how many times the cost it must be, and what an offer costs, `[cell][offer]`.
    struct Return {
        let least: Double
        let costs: [[Double]]
        let costBefore: Double
    }

    let name: String
    let unit: Unit
    /// What an offer uses for a member of a cell: `[cell][offer]`.
    let uses: [[Double]]
    /// What was used before.
    let before: Double
    /// As the goal says; floors are below 0, as what they use is.
    let limit: Double
    /// Whether something must be reached; what was passed already is then made up for.
    var isFloor = false
    var returned: Return?

    /// What is left. An upper limit that was passed already leaves nothing, not less.
    var rest: Double { isFloor ? limit - before : max(0, limit - before) }

    /// Whether some choice may pass it.
    func canBind(_ sizes: [Int]) -> Bool {
        let most = zip(uses, sizes).reduce(0) { $0 + Double($1.1) * max(0, $1.0.max() ?? 0) }
        return most > rest
    }
}
