import PitchProgram
import PitchSchema
import PitchSource
import PitchSyntax

/// The `keep` lines of a goal.
extension Checker {
    func goalLimit(_ clause: SyntaxNode) -> GoalLimit? {
        guard let limit = clause.node("limit") else { return nil }
        let before = faults
        let parts = KeepParts(clause, words: words(clause), comparison: clause.leaf("comparison"))
        let segment = [parts.segment, parts.within].compactMap { $0 }.first.flatMap(segment)
        checkParts(parts)
        let value = whole { expression(limit, Context()) }
        if value.isFaulty || before != faults { return nil }
        guard let measure = measure(parts, value), before == faults else { return nil }
        return GoalLimit(
            measure, of: segment, text: limitText(clause), at: clause.range)
    }

    /// The words of a `keep` line.
    private struct KeepParts {
        let clause: SyntaxNode
        /// `cost`, `rate gap`
        let measure: String
        let isFloor: Bool
        let segment: SyntaxNode?
        let within: SyntaxNode?
        let channel: SyntaxNode?
        let field: SyntaxNode?

        init(_ clause: SyntaxNode, words: [String], comparison: Token?) {
            self.clause = clause
            measure = words.contains("gap") ? "rate gap" : words.dropFirst().first ?? ""
            isFloor = comparison.map { $0.kind == .greaterOrEqual } ?? words.contains("least")
            segment = clause.node("segment")
            within = clause.node("within")
            channel = clause.node("channel")
            field = clause.node("field")
        }
    }

    private func segment(_ node: SyntaxNode) -> DefinitionID? {
        guard let index = symbol(node, [.segment], "segment"),
            case .definition(let id) = scope.meanings[index]
        else { return nil }
        return id
    }

    /// As written, without `keep`, blanks and lines as one blank.
    private func limitText(_ clause: SyntaxNode) -> String {
        text(clause).split(whereSeparator: \.isWhitespace).dropFirst().joined(separator: " ")
    }

    /// Which parts a measure has.
    private func checkParts(_ parts: KeepParts) {
        let measure = parts.measure
        if let of = parts.segment, let within = parts.within {
            reportLimit("one segment is enough", at: within.range, note: of.range)
        }
        if let channel = parts.channel, measure != "sends" {
            reportLimit("'via' is for 'sends'", at: channel.range)
        }
        if let field = parts.field, measure != "rate gap" {
            reportLimit("'by' is for 'rate gap'", at: field.range)
        }
        if let segment = parts.segment ?? parts.within, ["sends", "rate gap"].contains(measure) {
            reportLimit("'\(measure)' is not limited by segment", at: segment.range)
        }
        if measure == "sends", parts.channel == nil {
            reportLimit("'sends' needs its channel", at: parts.clause.range, help: "'via sms'")
        }
        if measure == "rate gap", parts.field == nil {
            reportLimit("'rate gap' needs a field", at: parts.clause.range, help: "'by city'")
        }
        let floors = ["conversion", "roi"]
        if floors.contains(measure), !parts.isFloor {
            reportLimit(
                "'\(measure)' is kept at least at something", at: parts.clause.range,
                help: "write 'at least' or '>='")
        }
        if ["cost", "sends", "rate gap"].contains(measure), parts.isFloor {
            reportLimit(
                "'\(measure)' is kept at most at something", at: parts.clause.range,
                help: "write 'at most' or '<='")
        }
    }

    private func measure(_ parts: KeepParts, _ value: Expression) -> GoalLimit.Measure? {
        switch parts.measure {
        case "cost": return projectMoney(value).map { .cost($0) }
        case "conversion": return shareOrCount(value).map { .conversion($0) }
        case "coverage":
            return shareOrCount(value).map { .coverage($0, isFloor: parts.isFloor) }
        case "sends":
            guard let index = parts.channel.flatMap({ symbol($0, [.channel], "channel") }),
                case .channel(let channel) = scope.meanings[index]
            else { return nil }
            return count(value).map { .sends($0, via: channel) }
        case "rate gap": return rateGap(parts, value)
        default:
            guard case .number(let ratio)? = convert(value, to: .number)?.constantValue,
                value.type != .percent, ratio >= 0
            else {
                reportLimit(
                    "expected a number from 0, found \(value.type.words)", at: value.range,
                    help: "so many times the cost: 'keep roi at least 1.5'")
                return nil
            }
            return .returnOnCost(ratio)
        }
    }

    private func rateGap(_ parts: KeepParts, _ value: Expression) -> GoalLimit.Measure? {
        guard let node = parts.field,
            symbol(node, [.memberField, .field], "member field") != nil
        else { return nil }
        let field = whole(hints: false) { expression(node, Context()) }
        if field.isFaulty { return nil }
        guard case .percent(let gap)? = value.constantValue, (0...1_000_000).contains(gap) else {
            reportLimit(
                "expected a percent, found \(value.type.words)", at: value.range,
                help: "'keep rate gap by city at most 2%'")
            return nil
        }
        return .rateGap(gap, by: field)
    }

    private func shareOrCount(_ value: Expression) -> ShareOrCount? {
        if case .percent(let share)? = value.constantValue {
            guard (0...1_000_000).contains(share) else {
                report(.outOfBounds, "expected a share from 0% to 100%", at: value.range)
                return nil
            }
            return .share(share)
        }
        return count(value).map { .count(Int64($0)) }
    }

    /// A whole number of members or messages.
    private func count(_ value: Expression) -> Int? {
        guard case .integer(let count)? = value.constantValue else {
            reportLimit("expected a whole number, found \(value.type.words)", at: value.range)
            return nil
        }
        guard (0...Limits.stock).contains(count) else {
            report(
                .outOfBounds, "expected a number from 0 to \(Limits.stock)", at: value.range)
            return nil
        }
        return Int(count)
    }

    private func reportLimit(
        _ message: String, at range: SourceRange, note: SourceRange? = nil, help: String? = nil
    ) {
        report(
            .goalLimit, message, at: range, notes: note.map { [.init("the other", at: $0)] } ?? [],
            help: help)
    }
}
