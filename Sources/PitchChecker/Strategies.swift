import PitchProgram
import PitchSchema
import PitchSource
import PitchSyntax

extension Checker {
    /// - Parameter plan: nil when its name is another's, which is reported.
    func checkStrategy(_ node: SyntaxNode, plan: String?, _ budget: BudgetBasis) -> Strategy {
        let clauses = clauses(node, "strategy")
        let token = node.leaf("name")
        let name = token.map(name) ?? ""
        if let token, let plan {
            declare(
                Symbol(
                    name: "\(plan).\(name)", kind: .strategy, title: title(node), doc: doc(node),
                    range: token.range), .other)
        }
        let audience = (clauses["for"]?.node("audience")).map { node in
            whole { condition(node, Context(), for: "'for'") }
        }
        let occurrences = occurrences(clauses)
        var strategy = Strategy(
            name: name, title: title(node), audience: audience, triggers: occurrences.triggers,
            range: token?.range ?? node.range)
        if let condition = clauses["if"]?.node("condition") {
            let context = Context(occurrence: occurrences.shape)
            strategy.condition = whole { self.condition(condition, context, for: "'if'") }
        }
        checkGifts(clauses, &strategy, budget)
        if let say = strategy.say {
            let gives = clauses["give"] != nil || isGarbled(clauses, ["give"])
            note(say, occurrences.shape, by: strategy.range, gives: gives)
        }
        checkTimes(clauses, &strategy)
        strategy.limit = limit(clauses) ?? .none
        strategy.formerName = clauses["was"]?.node("old").map { self.name($0) }
        strategy.quiet = clauses["quiet"].flatMap(quiet)
        strategy.holdOut = share(clauses["hold out"], "share", "the share held out") ?? 0
        strategy.success = clauses["success is"].flatMap(success)
        strategy.priority = Int(
            integer(
                clauses["priority"], "priority", -Limits.priority...Limits.priority, "the priority")
                ?? 0)
        return strategy
    }

    private func isGarbled(_ clauses: Clauses, _ words: Set<String>) -> Bool {
        guard let block = clauses.block else { return true }
        return block.nodes.contains { node in
            guard node.kind == .skipped, let found = node.firstToken.map(text) else { return false }
            return words.contains(found) || Spelling.nearest(to: found, among: words) != nil
        }
    }

    // MARK: - What it waits for

    private func occurrences(_ clauses: Clauses) -> Occurrence {
        let before = faults
        let lines = clauses.all("when")
        if lines.isEmpty, !isGarbled(clauses, ["when"]) {
            report(
                .strategyIncomplete, "the strategy waits for nothing: it lacks 'when'",
                at: clauses.keyword, help: "add 'when purchase' or 'when every monday'")
        }
        var triggers: [Trigger] = []
        var shared: OccurrenceShape?
        for (number, line) in lines.enumerated() {
            guard let node = line.node("occurrence") else { continue }
            let found = occurrence(node)
            for var trigger in found.triggers {
                trigger.line = number
                triggers.append(trigger)
            }
            if shared == nil { shared = found.shape } else { shared?.narrow(to: found.shape) }
        }
        var shape = shared ?? OccurrenceShape()
        // A line that could not be read may have more fields.
        let isRead = Set(triggers.map(\.line)).count == lines.count
        shape.isPartial = faults != before || !isRead || isGarbled(clauses, ["when"])
        return Occurrence(triggers: triggers, shape: shape)
    }

    // MARK: - What it gives and says

    private func checkGifts(
        _ clauses: Clauses, _ strategy: inout Strategy, _ budget: BudgetBasis
    ) {
        if let node = clauses["give"]?.node("offer") {
            strategy.gift = gift(node, budget)
        }
        if let clause = clauses["say"] { strategy.say = say(clause) }
        if clauses["give"] == nil, clauses["say"] == nil, !isGarbled(clauses, ["give", "say"]) {
            report(
                .strategyIncomplete, "the strategy does nothing: it lacks 'give' and 'say'",
                at: clauses.keyword, help: "add 'give …', 'say … via …', or both")
        }
    }

    private func gift(_ node: SyntaxNode, _ budget: BudgetBasis) -> Gift? {
        switch words(node).first {
        case "best": best(node, budget)
        case "picked": picked(node, budget)
        default: offer(node, budget).map { .offer($0) }
        }
    }

    /// `best of [off20, comeback] by within_budget`
    private func best(_ node: SyntaxNode, _ budget: BudgetBasis) -> Gift? {
        let names = names(node, "choices")
        let offers = names.compactMap { name -> Offer? in
            guard let offer = candidate(name) else { return nil }
            if budget == .expected { checkCosts(coupons(of: offer), budget, at: name.range) }
            return offer
        }
        guard let node = node.node("goal"), let index = symbol(node, [.goal], "goal"),
            case .goal(let goal) = scope.meanings[index], offers.count == names.count,
            !offers.isEmpty
        else { return nil }
        if let twice = names.indices.first(where: { offers[..<$0].contains(offers[$0]) }) {
            report(
                .nameTaken, "'\(name(names[twice]))' is in the list already",
                at: names[twice].range)
        }
        return .best(offers, goal: goal)
    }

    private func picked(_ node: SyntaxNode, _ budget: BudgetBasis) -> Gift? {
        guard let name = node.node("theme"), let index = symbol(name, [.theme], "theme"),
            case .theme(let theme) = scope.meanings[index]
        else { return nil }
        if budget == .expected {
            for offer in scope.themes[theme].candidates {
                checkCosts(coupons(of: offer), budget, at: name.range)
            }
        }
        return .picked(theme: theme)
    }

    private func coupons(of offer: Offer) -> [Int] {
        switch offer {
        case .coupon(let item): [item.coupon]
        case .bundle(let bundle, _): scope.bundles[bundle].items.map(\.coupon)
        }
    }

    private func offer(_ node: SyntaxNode, _ budget: BudgetBasis) -> Offer? {
        let quantity = quantity(of: node)
        guard let name = node.node("name"),
            let index = symbol(name, [.coupon, .bundle], "coupon or bundle"), let quantity
        else { return nil }
        switch scope.meanings[index] {
        case .coupon(let coupon):
            let item = CouponQuantity(coupon: coupon, quantity: quantity)
            checkCosts([coupon], budget, at: name.range)
            if quantity > 1 { checkCombination([item], "the offer", at: node.range) }
            return .coupon(item)
        case .bundle(let bundle):
            let items = scope.bundles[bundle].items
            checkCosts(items.map(\.coupon), budget, at: name.range)
            if quantity > 1 {
                checkCombination(
                    items.map {
                        CouponQuantity(coupon: $0.coupon, quantity: $0.quantity * quantity)
                    }, "the offer", at: node.range)
            }
            return .bundle(bundle, quantity: quantity)
        default: return nil
        }
    }

    /// What an optimizer weighs must be bounded, with or without a budget.
    func checkBound(of coupons: [Int], at range: SourceRange) {
        guard let coupon = coupons.map({ scope.coupons[$0] }).first(where: {
            $0.worstCaseMinor == nil
        }) else { return }
        report(
            .unboundedCost,
            "nothing bounds what '\(coupon.name)' can cost, and an optimizer weighs costs",
            at: range, notes: [.init("the coupon", at: coupon.range)],
            help: coupon.kind.boundHelp)
    }

    /// What a budget reserves for a coupon must be known.
    private func checkCosts(_ coupons: [Int], _ budget: BudgetBasis, at range: SourceRange) {
        guard budget != .unlimited else { return }
        let coupons = coupons.map { scope.coupons[$0] }
        if let coupon = coupons.first(where: { $0.worstCaseMinor == nil }) {
            report(
                .unboundedCost,
                "nothing bounds what '\(coupon.name)' can cost, and the plan has a budget",
                at: range, notes: [.init("the coupon", at: coupon.range)],
                help: coupon.kind.boundHelp)
        } else if budget == .expected,
            let coupon = coupons.first(where: { $0.expectedUse == nil })
        {
            report(
                .expectedUseMissing,
                "the budget reserves what is expected, and nothing is expected of '\(coupon.name)'",
                at: range, notes: [.init("the coupon", at: coupon.range)],
                help: "say what share will be used: 'expect use 12%'")
        }
    }

    private func say(_ clause: SyntaxNode) -> Say? {
        guard let name = clause.node("message"), let index = symbol(name, [.message], "message")
        else { return nil }
        var channels: [Int] = []
        for node in clause.node("route")?.nodes("name") ?? [] {
            guard let channel = symbol(node, [.channel], "channel") else { continue }
            if case .message(let message) = scope.meanings[index],
                messageChannels[message]?.contains(channel) == false
            {
                report(
                    .messageText, "'\(self.name(name))' has no text for '\(self.name(node))'",
                    at: node.range,
                    notes: [.init("the message", at: scope.symbols.all[index].range)])
                // Once is enough, whichever strategies say it.
                messageChannels[message]?.insert(channel)
            }
            if case .channel(let channel) = scope.meanings[channel] { channels.append(channel) }
        }
        guard case .message(let message) = scope.meanings[index] else { return nil }
        return Say(message: message, channels: channels)
    }

    // MARK: - How often

    private func checkTimes(_ clauses: Clauses, _ strategy: inout Strategy) {
        if let every = period(clauses["every"]?.node("period")) {
            strategy.every = every
            if ![.minute, .hour, .day, .week].contains(every.unit) {
                report(
                    .periodExpected,
                    "expected minutes, hours, days or weeks, found '\(every.text)'",
                    at: clauses["every"]?.node("period")?.range ?? clauses.keyword)
            }
        }
        if let fresh = period(clauses["fresh for"]?.node("period")) { strategy.freshFor = fresh }
        strategy.lookBack = period(clauses["look back"]?.node("period"))
        if let node = clauses["catch up"]?.node("period"), let period = period(node) {
            let days =
                period.unit.isExact ? nil : period.milliseconds.map { $0 / millisecondsPerDay }
            if let days, days <= Limits.catchUpDays {
                strategy.catchUpDays = Int(days)
            } else {
                report(
                    .periodExpected,
                    "expected 1 to \(Limits.catchUpDays) days, found '\(period.text)'",
                    at: node.range)
            }
        }
    }

    private func quiet(_ clause: SyntaxNode) -> QuietHours? {
        guard let from = clause.leaf("from"), let until = clause.leaf("until"),
            from.kind == .time, until.kind == .time, let start = time(from), let end = time(until)
        else { return nil }
        guard start != end else {
            report(
                .emptyRange, "quiet hours that end when they begin", at: clause.range,
                help: "leave 'quiet' out, or give them an end")
            return nil
        }
        return QuietHours(
            from: Int64(start), until: Int64(end),
            action: words(clause).contains("drop") ? .drop : .defer)
    }

    private func limit(_ clauses: Clauses) -> Limit? {
        let atMost = clauses[Self.atMost]
        let none = clauses["no limit"]
        if let atMost, let none {
            report(
                .clauseTwice, "'at most' and 'no limit' contradict each other",
                at: max(atMost.range, none.range),
                notes: [
                    .init("the first", at: min(atMost.range, none.range))
                ], help: "keep one of them")
            return nil
        }
        if none != nil { return Limit.none }
        guard let atMost else {
            if !isGarbled(clauses, ["at", "no"]) {
                report(
                    .strategyIncomplete, "the strategy does not say how often a member may get it",
                    at: clauses.keyword,
                    help: "add 'at most once', 'at most 1 per 30 days' or 'no limit'")
            }
            return nil
        }
        guard atMost.node("count") != nil else { return .once }
        guard
            let count = integer(atMost, "count", 1...Int64(Limits.quantity) * 1000, "the limit"),
            let period = period(atMost.node("period"))
        else { return nil }
        return .count(Int(count), per: period)
    }

    /// The row of `at most` is named by its first form.
    private static let atMost =
        ClauseTables.declaration("strategy")?.clauses.first { $0.name.hasPrefix("at most") }?.name
        ?? "at most"

    // MARK: - What counts as a success

    private func success(_ clause: SyntaxNode) -> Success? {
        let period = period(clause.node("period"))
        guard let node = clause.node("dataSet"), node.kind == .name else { return nil }
        let sets = successEvents(node)
        let before = faults
        let sources = sets.map { id in
            // What is wrong with one data set is not said again of the next.
            let isSaid = faults != before
            if isSaid { muted += 1 }
            defer { if isSaid { muted -= 1 } }
            let filter = clause.node("where").map { node in
                whole { condition(node, Context(row: .event(id)), for: "'where'") }
            }
            return Success.Source(dataSet: id, filter: filter)
        }
        guard let period, !sources.isEmpty else { return nil }
        return Success(sources: sources, within: period)
    }

    /// Events by their name, or all that feed a scene.
    private func successEvents(_ node: SyntaxNode) -> [DataSetID] {
        let name = self.name(node)
        if let scene = Scene(rawValue: name), index(of: name) == nil {
            return events(of: scene, at: node.range).filter { isOfMembers($0, at: node.range) }
        }
        guard let index = symbol(node, [.events], "data set of events"),
            case .dataSet(let id) = scope.meanings[index], isOfMembers(id, at: node.range)
        else { return [] }
        return [id]
    }

    /// The data sets that feed a scene; reports when there is none.
    func events(of scene: Scene, at range: SourceRange) -> [DataSetID] {
        let found = scope.dataSets.indices.filter { scope.dataSets[$0].scene == scene }
        if found.isEmpty {
            report(
                .noSceneData, "no events feed the scene '\(scene.rawValue)'", at: range,
                help: "write 'scene \(scene.rawValue)' into the events that hold them")
        }
        return found.map(DataSetID.init)
    }

    private func max(_ left: SourceRange, _ right: SourceRange) -> SourceRange {
        left.start < right.start ? right : left
    }

    private func min(_ left: SourceRange, _ right: SourceRange) -> SourceRange {
        left.start < right.start ? left : right
    }
}

extension Coupon.Kind {
    /// What to add to a coupon that nothing bounds.
    fileprivate var boundHelp: String {
        if case .limitRaise = self {
            "say what lending that amount costs: 'funding at 4% a year'"
        } else {
            "give it a 'cap'"
        }
    }
}
