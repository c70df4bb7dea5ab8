import PitchProgram
import PitchSchema
import PitchSource
import PitchSyntax

/// `goal`: what is to be large or small, and what must hold.
extension Checker {
    func checkGoal(_ node: SyntaxNode) {
        let clauses = clauses(node, "goal")
        let before = faults
        let objective = objective(clauses)
        let limits = clauses.all("keep").compactMap(goalLimit)
        let worth = money(clauses["conversion worth"], "worth")
        let score = scoreTargets(clauses, objective)
        if let objective, before == faults {
            checkCompletion(Draft(clauses, objective, limits, worth))
        }
        guard let index = ownSymbol(node) else { return }
        guard let objective, before == faults else {
            scope.meanings[index] = .faulty
            return
        }
        let symbol = scope.symbols.all[index]
        scope.meanings[index] = .goal(scope.goals.count)
        scope.goals.append(
            Goal(
                name: symbol.name, title: symbol.title, objective: objective, limits: limits,
                worthMinor: worth, score: score, range: symbol.range))
    }

    private func objective(_ clauses: Clauses) -> Goal.Objective? {
        let maximize = clauses["maximize"]
        let minimize = clauses["minimize cost"]
        if let maximize, let minimize {
            reportIncomplete(
                "a goal makes one thing large or small, not two",
                at: Swift.max(maximize.range.start, minimize.range.start) == maximize.range.start
                    ? maximize.range : minimize.range, help: "keep one of them")
            return nil
        }
        if minimize != nil { return .cost }
        guard let maximize else {
            if !isGarbled("maximize", clauses), !isGarbled("minimize", clauses) {
                reportIncomplete(
                    "the goal says nothing to make large or small", at: clauses.keyword,
                    help: "add 'maximize conversion' or 'minimize cost'")
            }
            return nil
        }
        return words(maximize).last.flatMap(Goal.Objective.init)
    }

    private func isGarbled(_ word: String, _ clauses: Clauses) -> Bool {
        guard let block = clauses.block else { return true }
        return block.nodes.contains { node in
            guard node.kind == .skipped, let found = node.firstToken.map(text) else { return false }
            return found == word || Spelling.nearest(to: found, among: [word]) != nil
        }
    }

    // MARK: - The completion conditions

    /// A goal as far as it is read.
    private struct Draft {
        let clauses: Clauses
        let objective: Goal.Objective
        let limits: [GoalLimit]
        let worth: Int64?

        init(
            _ clauses: Clauses, _ objective: Goal.Objective, _ limits: [GoalLimit],
            _ worth: Int64?
        ) {
            self.clauses = clauses
            self.objective = objective
            self.limits = limits
            self.worth = worth
        }
    }

    private func checkCompletion(_ goal: Draft) {
        let hasFloor = goal.limits.contains { limit in
            switch limit.measure {
            case .conversion: true
            case .coverage(_, let isFloor): isFloor
            default: false
            }
        }
        if goal.objective == .cost, !hasFloor {
            reportIncomplete(
                "the least cost is that of giving nothing", at: goal.clauses.keyword,
                help: "say what must be reached: 'keep conversion at least 5%'")
        }
        let isReturnAsked = goal.limits.contains { limit in
            if case .returnOnCost = limit.measure { true } else { false }
        }
        if goal.worth == nil, goal.objective == .profit || isReturnAsked {
            reportIncomplete(
                "nothing says what a converting member brings", at: goal.clauses.keyword,
                help: "add 'conversion worth 120 \(scope.project.currency.code)'")
        }
    }

    private func scoreTargets(
        _ clauses: Clauses, _ objective: Goal.Objective?
    ) -> ScoreTargets? {
        let (cost, conversion) = (clauses["cost near"], clauses["conversion near"])
        guard objective == .score else {
            if let clause = cost ?? conversion ?? clauses["score at least"], objective != nil {
                reportIncomplete(
                    "only a goal that maximizes the score has targets", at: clause.range,
                    help: "write 'maximize score', or a limit: 'keep cost at most …'")
            }
            return nil
        }
        guard let cost, let conversion else {
            reportIncomplete(
                "a score needs a target for the cost and one for the conversion",
                at: clauses.keyword, help: Self.targetHelp(scope.project.currency))
            return nil
        }
        let weights = [cost, conversion].compactMap(weight)
        guard let costMinor = money(cost, "target"), let share = shareOrCount(conversion),
            weights.count == 2
        else { return nil }
        for (clause, isZero) in [(cost, costMinor == 0), (conversion, share.isZero)] where isZero {
            report(
                .outOfBounds, "expected a target above 0",
                at: clause.node("target")?.range ?? clause.range)
        }
        guard weights[0] + weights[1] == 1_000_000 else {
            let sum = FixedPoint.text(weights[0] + weights[1], digits: 6)
            reportIncomplete(
                "the weights add up to \(sum), and not to 1",
                at: conversion.node("weight")?.range ?? conversion.range)
            return nil
        }
        return ScoreTargets(
            costMinor: costMinor, conversion: share, costWeight: weights[0],
            atLeast: number(clauses["score at least"], "score") ?? 0)
    }

    private static func targetHelp(_ currency: Currency) -> String {
        "add 'cost near 200_000 \(currency.code) weight 0.4' and 'conversion near 5% weight 0.6'"
    }

    private func weight(_ clause: SyntaxNode) -> Int64? {
        guard let weight = number(clause, "weight") else { return nil }
        guard (0...1_000_000).contains(weight) else {
            report(
                .outOfBounds, "expected a weight from 0 to 1",
                at: clause.node("weight")?.range ?? clause.range)
            return nil
        }
        return weight
    }

    /// A number in millionths.
    private func number(_ clause: SyntaxNode?, _ label: String) -> Int64? {
        guard let node = clause?.node(label), node.kind != .missing, node.kind != .skipped,
            case .number(let value)? = convert(whole { expression(node, Context()) }, to: .number)?
                .constantValue
        else { return nil }
        return value
    }

    /// `5%`, or a count of members.
    private func shareOrCount(_ clause: SyntaxNode) -> ShareOrCount? {
        guard let node = clause.node("target") else { return nil }
        if node.kind == .quantity {
            return share(clause, "target", "the target").map { .share($0) }
        }
        return integer(node, 0...Limits.stock, "the target").map { .count($0) }
    }

    func reportIncomplete(_ message: String, at range: SourceRange, help: String? = nil) {
        report(.goalIncomplete, message, at: range, help: help)
    }
}

extension ShareOrCount {
    fileprivate var isZero: Bool { self == .share(0) || self == .count(0) }
}
