import PitchProgram
import PitchSchema
import PitchSource
import PitchSyntax

/// `when` lines about the calendar.
extension Checker {
    /// The days of a line about the calendar; nil for other lines. The pattern is nil where
    /// something is wrong, or where the form is not executed.
    func datePattern(
        _ node: SyntaxNode, _ scene: [String]
    ) -> (pattern: DatePattern?, Void)? {
        if scene.contains("birthday") { return (yearly(node, birthday(node)), ()) }
        if scene.contains("anniversary") {
            return (yearly(node, node.node("field").flatMap(dateField)), ())
        }
        if scene.first == "once" { return (once(node), ()) }
        guard scene.first == "every", node.leaf("number") == nil else { return nil }
        if let table = node.node("table") {
            return (holidays(table).flatMap { pattern(node, $0) }, ())
        }
        return (days(of: node, scene).flatMap { pattern(node, $0) }, ())
    }

    private func days(of node: SyntaxNode, _ scene: [String]) -> DatePattern.Days? {
        if let list = node.node("days") { return monthly(list).map(DatePattern.Days.monthly) }
        if node.node("weekdays") != nil { return weekly(node).map(DatePattern.Days.weekly) }
        switch scene.last {
        case "day": return .daily
        case "weekday": return .weekly([1, 2, 3, 4, 5])
        case let word?:
            return Self.weekdays.firstIndex(of: word).map { DatePattern.Days.weekly([$0 + 1]) }
        case nil: return nil
        }
    }

    private func pattern(_ node: SyntaxNode, _ days: DatePattern.Days) -> DatePattern? {
        guard let token = node.leaf("time") else { return DatePattern(days) }
        guard token.kind == .time, let time = time(token) else { return nil }
        return DatePattern(days, dueTime: Int64(time))
    }

    private func yearly(_ node: SyntaxNode, _ field: Int?) -> DatePattern? {
        var before = 0
        if let offset = node.node("offset") {
            guard let days = wholeDays(offset) else { return nil }
            before = days
        }
        guard let field else { return nil }
        return pattern(node, .yearly(field: field, daysBefore: before))
    }

    /// How many days something lies ahead, a year at most.
    func wholeDays(_ node: SyntaxNode) -> Int? {
        guard let period = period(node) else { return nil }
        guard !period.unit.isExact, let length = period.milliseconds,
            length / millisecondsPerDay <= 366
        else {
            report(
                .periodExpected, "expected 1 to 366 days, found '\(text(node))'", at: node.range)
            return nil
        }
        return Int(length / millisecondsPerDay)
    }

    private func birthday(_ node: SyntaxNode) -> Int? {
        guard let members = scope.members else { return nil }
        for name in ["born", "birthday"] {
            if let index = scope.fieldIndex(name, members) {
                let field = scope.dataSet(members).fields[index]
                if field.type == .date { return index }
            }
        }
        report(
            .noDateField, "the members have no date 'born' or 'birthday'", at: node.range,
            help: "declare 'born date?'")
        return nil
    }

    private func dateField(_ node: SyntaxNode) -> Int? {
        guard let index = symbol(node, [.memberField], "member field") else { return nil }
        guard case .memberField(let field) = scope.meanings[index], let members = scope.members,
            [.date, .instant, .error].contains(scope.dataSet(members).fields[field].type)
        else {
            report(
                .noDateField, "expected a date of the file, found '\(name(node))'", at: node.range,
                notes: [.init("declared here", at: scope.symbols.all[index].range)])
            return nil
        }
        return field
    }

    private func monthly(_ node: SyntaxNode) -> [Int]? {
        let elements = node.kind == .list ? node.nodes("element") : [node]
        var days: Set<Int> = []
        for element in elements {
            guard let day = integer(element, 1...31, "a day of the month") else { return nil }
            days.insert(Int(day))
        }
        return days.isEmpty ? nil : days.sorted()
    }

    private func weekly(_ node: SyntaxNode) -> [Int]? {
        var days: Set<Int> = []
        for element in names(node, "weekdays") {
            let word = name(element)
            guard let day = Self.weekdays.firstIndex(of: word) else {
                reportChoice(word, Self.weekdays, at: element.range)
                return nil
            }
            days.insert(day + 1)
        }
        return days.isEmpty ? nil : days.sorted()
    }

    private func once(_ node: SyntaxNode) -> DatePattern? {
        guard let token = node.leaf("moment") else { return nil }
        if token.kind == .date { return date(token).map { DatePattern(.once($0)) } }
        guard token.kind == .instant, let instant = instant(token) else { return nil }
        let rules = scope.zone(scope.project.zone) ?? .utc
        return DatePattern(.once(rules.day(of: instant)), dueTime: rules.time(of: instant))
    }

    /// The days of a table: its key where that is a date, or else its only date.
    private func holidays(_ node: SyntaxNode) -> DatePattern.Days? {
        guard let index = symbol(node, [.table], "table"),
            case .dataSet(let id) = scope.meanings[index]
        else { return nil }
        let set = scope.dataSet(id)
        let dates = set.fields.indices.filter { set.fields[$0].type == .date }
        let keys = dates.filter(set.key.contains)
        guard let date = keys.count == 1 ? keys[0] : dates.count == 1 ? dates[0] : nil else {
            report(
                .holidayTable,
                dates.isEmpty
                    ? "the table '\(set.name)' has no date"
                    : "the table '\(set.name)' has several dates: which are the days?",
                at: node.range, notes: [.init("the table", at: set.range)],
                help: "make the day its key: 'key day date'")
            return nil
        }
        return .table(id, date: date, name: holidayName(set))
    }

    /// What `this.holiday` reads: the text `holiday`, `name` or `title`, or else the only text.
    private func holidayName(_ set: DataSet) -> Int? {
        let texts = set.fields.indices.filter { set.fields[$0].type.storage == .text }
        let named = ["holiday", "name", "title"].lazy.compactMap { name in
            texts.first { set.fields[$0].name == name }
        }.first
        return named ?? (texts.count == 1 ? texts[0] : nil)
    }

    /// The fields that `this` has on a day.
    func fields(of pattern: DatePattern) -> [String: OccurrenceShape.Field] {
        var fields = Self.dayFields
        if case .table(_, _, _?) = pattern.days {
            fields["holiday"] = .init(type: .text, isOptional: true)
        }
        return fields
    }

    private static let dayFields: [String: OccurrenceShape.Field] = [
        "day": .init(type: .date, isOptional: false),
        "weekday": .init(type: .integer, isOptional: false),
        "month": .init(type: .integer, isOptional: false),
    ]
}
