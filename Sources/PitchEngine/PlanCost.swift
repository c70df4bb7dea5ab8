import PitchProgram
import PitchSchema
import PitchStore

/// What a plan costs so far and can still cost, each coupon in one place: what issued ones reserve,
/// what claimed ones commit to, what used ones and messages came to.
package struct PlanCost: Sendable, Equatable {
    package let plan: String
    package let budgetMinor: Int64?
    /// Whether coupons reserve what they are expected to cost, not their worst case.
    package let reservesExpected: Bool
    /// In minor units, rounded up.
    package let reservedMinor: Int64
    package let committedMinor: Int64
    package let realisedMinor: Int64
    /// What the issued and claimed ones are expected to come to, rounded half to even; nil when
    /// of one of them no use is expected or nothing bounds it.
    package let expectedMinor: Int64?
    /// How many of the issued and claimed ones nothing bounds: what they can cost is in no sum.
    package let unbounded: Int
    /// Used ones whose cost is not known, which is in no sum.
    package let unknown: Int
    /// What is left of the budget; nil when there is none.
    package let leftMinor: Int64?
}

/// The sums behind a `PlanCost`, in millionths of a minor unit.
struct CostSum {
    private let plan: Plan
    private let program: Program
    private var reserved: Int128 = 0
    private var committed: Int128 = 0
    private var realised: Int128 = 0
    private var expected: Int128? = 0
    private var unbounded: Int64 = 0
    private var unknown: Int64 = 0

    /// What the ledger says.
    init(_ plan: Plan, _ program: Program, _ sums: [CouponSum], _ bound: Reservation?) {
        self.plan = plan
        self.program = program
        realised = Int128(bound?.messageMicro ?? 0)
        for sum in sums where sum.plan == plan.name && sum.coupons > 0 { add(sum) }
    }

    private mutating func add(_ sum: CouponSum) {
        switch sum.state {
        case .issued: reserved += Int128(sum.heldMinor) * 1_000_000
        case .claimed: committed += Int128(sum.heldMinor) * 1_000_000
        case .used:
            realised += Int128(sum.costMinor) * 1_000_000
            unknown += sum.unknown
        case .returned, .expired: break
        }
        guard sum.state.isOpen else { return }
        unbounded += sum.unknown
        let share = sum.unknown > 0 ? nil : program.coupon(named: sum.coupon)?.expectedUse
        expected = adding(share.map { Int128(sum.worstMinor) * Int128($0) })
    }

    private func adding(_ more: Int128?) -> Int128? {
        guard let expected, let more else { return nil }
        return expected + more
    }

    /// Decisions that would issue an offer.
    mutating func add(_ verdicts: [Cycle.Verdict]) {
        var issued: [Offer?: Int] = [:]
        for verdict in verdicts where verdict.outcome == .issued {
            reserved += Int128(verdict.cost.couponMinor) * 1_000_000
            realised += Int128(verdict.cost.messageMicro)
            issued[verdict.offer, default: 0] += 1
        }
        for (offer, times) in issued {
            for item in program.items(of: offer) {
                let coupon = program.coupons[item.coupon]
                let count = Int128(item.quantity) * Int128(times)
                if coupon.worstCaseMinor == nil { unbounded += Int64(clamping: count) }
                expected = adding(coupon.expectedMicro.map { $0 * count })
            }
        }
    }

    var cost: PlanCost {
        PlanCost(
            plan: plan.name, budgetMinor: plan.budgetMinor,
            reservesExpected: plan.reservesExpected, reservedMinor: Reservation.minor(reserved),
            committedMinor: Reservation.minor(committed),
            realisedMinor: Reservation.minor(realised),
            expectedMinor: expected.flatMap { FixedPoint.quotient($0, 1_000_000) },
            unbounded: Int(clamping: unbounded), unknown: Int(clamping: unknown),
            leftMinor: plan.budgetMinor.map {
                let left = Int128($0) - Int128(Reservation.minor(reserved + committed + realised))
                return Int64(clamping: left)
            })
    }
}

extension Ledger {
    /// What each of some plans costs so far. Coupons that are over cost nothing more, also before a
    /// run expires them.
    func costs(of plans: [Plan], _ program: Program, on today: Int32) throws -> [CostSum] {
        var sums = try couponSums()
        for overdue in try overdueCoupons(on: today) {
            guard
                let place = sums.firstIndex(where: {
                    $0.plan == overdue.plan && $0.coupon == overdue.coupon
                        && $0.state == overdue.state
                })
            else { continue }
            sums[place].coupons -= overdue.coupons
            sums[place].heldMinor -= overdue.heldMinor
            sums[place].worstMinor -= overdue.worstMinor
            sums[place].unknown -= overdue.unknown
        }
        let bound = try reservations()
        return plans.map { CostSum($0, program, sums, bound[$0.name]) }
    }
}
