import PitchOptimizer
import PitchProgram
import PitchStore

/// What the decisions of a preview are expected to cost and to bring.
struct Forecast {
    let base: CustomerBase
    private let history: ResponseHistory
    private let groups: ResponseGroups

    /// Nil for a script that declares no history.
    init?(_ base: CustomerBase, _ ledger: Ledger) throws {
        guard base.program.history != nil else { return nil }
        self.base = base
        history = try ResponseHistory(base, ledger)
        groups = ResponseGroups(history, base.program)
    }

    /// The trial of all that a strategy would issue, on those who would get it.
    /// - Returns: nil when nothing would be issued, or nothing bounds what it can cost.
    func trial(of ruling: Cycle.Ruling) throws -> TrialRecord? {
        let issued = ruling.verdicts.filter { $0.outcome == .issued && $0.offer != nil }
        let offers = Set(issued.compactMap(\.offer))
        let coupons = offers.flatMap { base.program.items(of: $0) }
            .map { base.program.coupons[$0.coupon] }
        if coupons.isEmpty || coupons.contains(where: { $0.worstCaseMinor == nil }) { return nil }
        let items = Dictionary(
            uniqueKeysWithValues: offers.map { ($0, base.program.copies(of: $0).sorted()) })
        let places = try groups.groups(
            of: issued.map { Int32($0.occasion.member) }, in: base, isByRow: false)
        // What different offers hold alike is one item.
        var given: [[CouponCopies]: [Int]] = [:]
        for (verdict, group) in zip(issued, places) {
            guard let item = verdict.offer.flatMap({ items[$0] }) else { continue }
            given[item, default: [Int](repeating: 0, count: groups.count)][group] += 1
        }
        let sizes = (0..<groups.count).map { group in given.values.reduce(0) { $0 + $1[group] } }
        let present = sizes.indices.filter { sizes[$0] > 0 }
        let audience = try Audience(
            present.map { Audience.Group(segment: groups.name(of: $0), members: sizes[$0]) })
        let template = Template(
            given.map { TemplateItem($0.key, quantity: $0.value.reduce(0, +)) })
        return TrialRecord(
            name: ruling.entry.name,
            numbers: StoredTrial.Numbers(
                try PitchOptimizer.trial(
                    template, on: audience, with: history.model(),
                    given: template.items.map { item in
                        present.map { given[item.coupons]?[$0] ?? 0 }
                    }), goal: "",
                audience: audience.members, score: nil))
    }
}
