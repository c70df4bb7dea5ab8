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
        guard let field = dayOfBirth(left), window.isPartOfAYear else { return }
        let isMonth = if case .calendar(.month, offset: 0) = window { true } else { false }
        let isDay = if case .calendar(.day, _) = window { true } else { false }
        reportBirthday(
            node,
            help: isMonth
                ? "write 'month(\(field)) = month(today)'"
                : isDay ? Self.birthdayHelp(field)
                    : "write 'when birthday' or '3 days before birthday' in a strategy")
    }

    /// `born = today`, `born between today and 7 days from now`: nobody is born in these days.
    func hintAtBirthday(_ left: Expression, on days: [Expression], _ node: SyntaxNode) {
        guard let field = dayOfBirth(left), !days.isEmpty, days.allSatisfy(\.isNearToday) else {
            return
        }
        reportBirthday(node, help: Self.birthdayHelp(field))
    }

    private static func birthdayHelp(_ field: String) -> String {
        """
        write 'when birthday' in a strategy; as a condition, \
        'month(\(field)) = month(today) and day(\(field)) = day(today)'
        """
    }

    /// The name of a member's day of birth.
    private func dayOfBirth(_ value: Expression) -> String? {
        guard case .memberField(let index) = value.node, let members = scope.members else {
            return nil
        }
        let field = scope.dataSet(members).fields[index].name
        return ["born", "birthday"].contains(field) ? field : nil
    }

    private func reportBirthday(_ node: SyntaxNode, help: String) {
        report(
            .birthdayWindow,
            "'\(text(node))' asks for the day of birth, year included, and not for a birthday",
            at: node.range, severity: .hint, help: help)
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

extension Expression {
    /// Whether it is a day less than a year from the run's: `today`, `3 days from now`.
    fileprivate var isNearToday: Bool {
        switch node {
        case .today, .now: true
        case .shift(let day, let period, times: _): day.isNearToday && period.isPartOfAYear
        case .convert(let instant): instant.isNearToday
        default: false
        }
    }
}

extension Period {
    fileprivate var isPartOfAYear: Bool {
        milliseconds.map { $0 < 365 * millisecondsPerDay } ?? (unit == .month && amount < 12)
    }
}

extension Window {
    /// Whether it is a rolling window or a stretch of the calendar shorter than a year.
    fileprivate var isPartOfAYear: Bool {
        switch self {
        case .last(let period), .next(let period):
            period.isPartOfAYear
        case .calendar(let unit, _): unit != .year
        case .since, .until, .between: false
        }
    }
}
