/// How an occurrence ends for a member: exactly one of these is recorded, the first that applies in
/// the order of asking: `when` (failed, too late), `for`, `if`, consent, reach, text, at most,
/// coupon ended, per member, coupon conflict, quiet, hold out, not chosen, budget, stock. All
/// occurrences that a `when` line matches have one; they add up to the audience.
package enum OutcomeReason: String, CaseIterable, Sendable {
    case issued
    case notInSegment = "not in segment"
    case conditionNotMet = "condition not met"
    /// The segment or the condition is neither true nor false for the member.
    case unknown
    case noConsent = "no consent"
    case notReachable = "not reachable"
    case atMost = "at most"
    /// The optimizer gives the member nothing: others bring more within the goal's limits.
    case notChosen = "not chosen"
    /// No choice keeps all limits of the goal.
    case goalOutOfReach = "goal out of reach"
    /// The last day of a coupon of the offer has gone by.
    case couponEnded = "coupon ended"
    /// The member had as many of a coupon as one may ever get.
    case perMember = "per member"
    /// The member holds a coupon that does not go together with one of the offer.
    case couponConflict = "coupon conflict"
    /// Waits for the end of quiet hours, where it is judged again.
    case deferred
    case quiet = "quiet hours"
    /// Gets nothing, to compare with those who do.
    case heldOut = "held out"
    case budget
    case stock
    case textIncomplete = "text incomplete"
    /// The text passes the limit of its channel; it is never cut.
    case textTooLong = "text too long"
    case tooLate = "too late"
    /// Waited for the end of quiet hours, and the plan ended before it was judged again.
    case planEnded = "plan ended"
    case failed

    /// Whether it counts for `at most`: something is given, will be, or was kept back on purpose.
    var isDecision: Bool { [.issued, .deferred, .heldOut].contains(self) }
}
