import PitchProgram
import PitchSchema
import PitchSource
import PitchSyntax

/// Stretches of time: `in last 30 days`, `this month`, `since 2026-01-01`.
extension Checker {
    /// - Parameter isDated: whether what is looked at is days rather than instants.
    func window(_ node: SyntaxNode, isDated: Bool, _ context: Context) -> Window? {
        let words = self.words(node).filter { $0 != "in" }
        switch words.first {
        case "today": return .calendar(.day, offset: 0)
        case "yesterday": return .calendar(.day, offset: -1)
        case "since": return bound(node, "from", isDated, context).map(Window.since)
        case "until": return bound(node, "to", isDated, context).map(Window.until)
        case "from":
            guard let from = bound(node, "from", isDated, context),
                let until = bound(node, "to", isDated, context)
            else { return nil }
            return .between(from, until)
        case "last", "next", "this": return counted(node, words, isDated, context)
        default: return nil
        }
    }

    private func counted(
        _ node: SyntaxNode, _ words: [String], _ isDated: Bool, _ context: Context
    ) -> Window? {
        if let unit = node.leaf("unit").flatMap({ CalendarUnit(rawValue: text($0)) })
            ?? (words.count > 1 ? CalendarUnit(rawValue: words[1]) : nil)
        {
            let offset = words[0] == "this" ? 0 : words[0] == "last" ? -1 : 1
            return .calendar(unit, offset: offset)
        }
        guard let length = node.node("period"), let period = self.length(length, context) else {
            return nil
        }
        if isDated, period.unit.isExact {
            report(
                .hoursOnDates, "days have no hours: a window of '\(period.text)' does not fit",
                at: length.range, help: "count days")
            return nil
        }
        return words[0] == "last" ? .last(period) : .next(period)
    }

    private func bound(
        _ node: SyntaxNode, _ label: String, _ isDated: Bool, _ context: Context
    ) -> Expression? {
        // `until` may carry its one bound under either label.
        guard let bound = node.node(label) ?? node.node("from") ?? node.nodes.first else {
            return nil
        }
        let value = expression(bound, context.deeper.with(row: .none))
        if value.isFaulty { return nil }
        guard value.type.isTimeline else {
            report(
                .typesDiffer, "expected a date, found \(value.type.words)", at: bound.range)
            return nil
        }
        if isDated { return convert(value, to: .date) }
        return value
    }

    /// `joined in last 30 days`, `joined this year`
    func within(
        _ left: Expression, _ right: SyntaxNode, _ node: SyntaxNode, _ context: Context
    ) -> Expression {
        guard left.type.isTimeline || left.isFaulty else {
            report(
                .typesDiffer, "expected a date before '\(text(right))', found \(left.type.words)",
                at: left.range)
            return .faulty(at: node.range)
        }
        guard let window = window(right, isDated: left.type == .date, context), !left.isFaulty
        else { return .faulty(at: node.range) }
        hintAtBirthday(left, window, node)
        return Expression(.isWithin(left, window), .truth, at: node.range)
    }

    /// `born this month` is about the newborn, and hardly meant so.
    private func hintAtBirthday(_ left: Expression, _ window: Window, _ node: SyntaxNode) {
        guard case .memberField(let index) = left.node, let members = scope.members,
            case let field = scope.dataSet(members).fields[index].name,
            ["born", "birthday"].contains(field), window.isPartOfAYear
        else { return }
        let isMonth = if case .calendar(.month, offset: 0) = window { true } else { false }
        report(
            .birthdayWindow,
            "'\(text(node))' asks for the day of birth, year included, and not for a birthday",
            at: node.range, severity: .hint,
            help: isMonth
                ? "write 'month(\(field)) = month(today)'"
                : "write 'when birthday' or '3 days before birthday' in a strategy")
    }

    /// `today` and `yesterday` alone are days.
    func windowName(_ node: SyntaxNode, _ context: Context) -> Expression {
        let today = Expression(.today, .date, at: node.range)
        switch words(node) {
        case ["today"]: return today
        case ["yesterday"]:
            return Expression(.shift(today, Period(1, .day), times: -1), .date, at: node.range)
        default:
            report(
                .valueExpected, "'\(text(node))' is a stretch of time, not a value", at: node.range,
                help: "write 'joined \(text(node))', or put it into an aggregate")
            return .faulty(at: node.range)
        }
    }
}

extension Window {
    /// Whether it is a rolling window or a stretch of the calendar shorter than a year.
    fileprivate var isPartOfAYear: Bool {
        switch self {
        case .last(let period), .next(let period):
            period.milliseconds.map { $0 < 365 * millisecondsPerDay }
                ?? (period.unit == .month && period.amount < 12)
        case .calendar(let unit, _): unit != .year
        case .since, .until, .between: false
        }
    }
}
