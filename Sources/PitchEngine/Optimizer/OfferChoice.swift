import PitchOptimizer
import PitchProgram
import PitchSchema
import PitchStore

/// Which member gets which offer of a strategy that leaves it to a goal, or to a template.
struct OfferChoice {
    let base: CustomerBase
    let ledger: Ledger
    let entry: Cycle.Entry
    /// The strategy's number in the ledger.
    let strategy: Int64
    let plan: ChoicePlan
    let history: ResponseHistory
    let isByRow: Bool

    private var program: Program { base.program }
    private var offers: [Offer] { plan.offers }

    /// What was chosen, for each member an offer or none.
    struct Outcome {
        let offers: [Offer?]
        /// The segment by which each member's response was predicted.
        let segments: [String?]
        let report: ChoiceReport
    }

    /// - Parameters:
    ///   - members: in the order in which they draw for what runs out.
    ///   - treasury: what is left of the plan's budget and of stock.
    func choose(_ members: [ChoiceMember], _ treasury: Treasury) throws -> Outcome {
        let groups = ResponseGroups(history, program)
        let outlook = try OfferOutlook(offers, groups, program, history)
        let audience = try groups.audience(entry.strategy.audience, in: base)
        var cells = ChoiceCells()
        let past = try past(groups, in: &cells)
        let places = try self.cells(of: members, groups)
        for cell in places { cells.add(cell) }
        let rows = try rows(
            ChoiceRows(
                program: program, goal: plan.goal, offers: offers, outlook: outlook, cells: cells,
                past: past, audience: audience.members, segmentSizes: segmentSizes()),
            treasury)
        var report = ChoiceReport(
            strategy: entry.name, by: plan.name, objective: plan.goal.objective.rawValue,
            considered: members.count, audience: audience.members,
            currency: program.project.currency.code)
        report.expectedOnly = history.expected
        let value = try ChoiceValue(plan.goal, outlook, audience: audience.members)
        let values = cells.cells.map { cell in
            offers.indices.map { cell.allowed[$0] ? value.of(cell, $0) : nil }
        }
        let solver = ChoiceSolver(
            objective: plan.goal.objective, values: values, cells: cells, offers: offers.count,
            rows: rows)
        let names = places.map { groups.name(of: $0.group) }
        let none = Outcome(
            offers: members.map { _ in nil }, segments: names, report: report)
        switch try solver.solve() {
        case .conflict(let conflicting, let relaxations, let isLeast):
            report.conflict = ChoiceReport.Conflict(conflicting, relaxations, isLeast, rows)
            return Outcome(offers: none.offers, segments: names, report: report)
        case .found(let found):
            let reading = ChoiceReading(
                found: found, rows: rows, cells: cells, offers: offers, outlook: outlook,
                value: value, program: program)
            reading.fill(&report)
            if report.scoreTooLow != nil {
                return Outcome(offers: none.offers, segments: names, report: report)
            }
            let chosen = cells.handedOut(found.counts, worth: values)
            return Outcome(
                offers: chosen.map { $0.map { offers[$0] } }, segments: names, report: report)
        }
    }

    private func cells(
        of members: [ChoiceMember], _ groups: ResponseGroups
    ) throws -> [ChoiceCell] {
        let numbers = members.map { Int32($0.number) }
        let groups = try groups.groups(of: numbers, in: base, isByRow: isByRow)
        let places = try GoalPartition(plan.goal).places(of: numbers, in: base, isByRow: isByRow)
        return members.indices.map { place in
            ChoiceCell(
                group: groups[place], segments: places[place].segments,
                values: places[place].values, allowed: members[place].allowed,
                channel: members[place].channel, messageMicro: members[place].messageMicro)
        }
    }

    /// What the strategy gave before counts in the goal's limits: those are of all cycles together.
    private func past(
        _ groups: ResponseGroups, in cells: inout ChoiceCells
    ) throws -> [(cell: Int, offer: Int, count: Int)] {
        let issued = try ledger.issuedOutcomes(of: strategy, program)
        let names = offers.map { program.name(of: $0) }
        let known = issued.compactMap { outcome -> (Int32, Int, IssuedOutcomes)? in
            guard let member = outcome.member, let offer = names.firstIndex(of: outcome.offer)
            else { return nil }
            return (Int32(member), offer, outcome)
        }
        if known.isEmpty { return [] }
        let places = try self.cells(
            of: known.map { member, _, outcome in
                ChoiceMember(
                    number: Int(member), allowed: offers.map { _ in true },
                    channel: program.channels.firstIndex { $0.name == outcome.channel },
                    messageMicro: outcome.messageMicro)
            }, groups)
        var counts: [Int: [Int: Int]] = [:]
        for (cell, (_, offer, outcome)) in zip(places, known) {
            counts[cells.place(of: cell), default: [:]][offer, default: 0] += outcome.count
        }
        return counts.sorted { $0.key < $1.key }.flatMap { cell, offers in
            offers.sorted { $0.key < $1.key }.map { (cell, $0.key, $0.value) }
        }
    }

    private func rows(_ rows: ChoiceRows, _ treasury: Treasury) throws -> [ChoiceRow] {
        var all = try rows.goalRows()
        if let quantities = plan.quantities { all += rows.quantityRows(quantities) }
        if let budget = entry.plan.budgetMinor {
            let reserved = treasury.reserved[entry.plan.name]?.micro ?? 0
            all.append(
                rows.budgetRow(
                    left: max(0, Int128(budget) * 1_000_000 - reserved),
                    expected: entry.plan.reservesExpected))
        }
        return all + rows.stockRows(issued: treasury.issued)
    }

    /// Members of the audience that are in each segment of the goal's limits.
    private func segmentSizes() throws -> [DefinitionID: Int] {
        let segments = GoalPartition(plan.goal).segments
        if segments.isEmpty { return [:] }
        let conditions = segments.map { Expression(.definition($0), .truth) }
        let audience = try entry.strategy.audience.map { try base.select([$0])[0].isTrue }
        let sizes = try base.select(conditions).map { selection in
            let present = base.present(selection.isTrue)
            return audience.map { present.combined(with: $0) { $0 & $1 }.population }
                ?? present.population
        }
        return Dictionary(zip(segments, sizes)) { first, _ in first }
    }
}

/// What a strategy may give and by which goal.
struct ChoicePlan {
    /// For reports: the goal's name, or `template 3`.
    let name: String
    let offers: [Offer]
    let goal: Goal
    /// Of a template: how many of each offer it has.
    var quantities: [Int]?
    /// Of a template: its theme's audience.
    var audience: Expression?
    /// The template's number.
    var template: Int64?
}

/// What an offer is worth to a goal.
struct ChoiceValue {
    private let goal: Goal
    private let outlook: OfferOutlook
    private let rule: ScoreRule?

    /// - Throws: when a control group is asked for and history has none.
    init(_ goal: Goal, _ outlook: OfferOutlook, audience: Int) throws {
        self.goal = goal
        self.outlook = outlook
        rule = try goal.score.map { score in
            try ScoreRule(
                costWeight: Double(score.costWeight) / 1e6, costTargetMinor: score.costMinor,
                valueWeight: 1 - Double(score.costWeight) / 1e6,
                valueTarget: max(1e-9, score.conversion.members(of: audience)))
        }
        if goal.objective == .uplift, outlook.controls == nil {
            throw WorkspaceError(
                .world,
                "goal '\(goal.name)' maximizes the uplift, and no history tells what members do who "
                    + "get nothing: add rows of kind '\(HistoryColumn.controlKind)' to the history")
        }
    }

    /// In members, in minor units, or as a part of the score; the cost for the least cost.
    func of(_ cell: ChoiceCell, _ offer: Int) -> Double {
        let conversion = outlook.conversions[cell.group][offer]
        let cost = outlook.costs[cell.group][offer] + ChoiceRows.message(cell)
        switch goal.objective {
        case .conversion: return conversion
        case .uplift: return conversion - (outlook.controls?[cell.group] ?? 0)
        case .profit:
            return Double(goal.worthMinor ?? 0) * conversion - cost / OfferOutlook.scale
        case .score:
            return rule.map {
                $0.valueWeight * conversion / $0.valueTarget
                    - $0.costWeight * cost / OfferOutlook.scale / Double($0.costTargetMinor)
            } ?? 0
        case .cost: return cost
        }
    }

    /// Whether it is to be small: a cost in hundredths of a minor unit.
    var isCost: Bool { goal.objective == .cost }

    /// What is added to the sum over members: the score of giving nothing.
    var start: Double { rule?.score(value: 0, costMinor: 0) ?? 0 }

    /// The least score that is accepted.
    var leastScore: Double? { goal.score.map { Double($0.atLeast) / 1e6 } }
}
