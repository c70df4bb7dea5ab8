import PitchProgram
import PitchSchema
import PitchSource
import PitchSyntax

/// `when` lines that wait for what follows an event or fails to, and for coupons that run out.
extension Checker {
    /// `A then B within D` has the fields of B, `A then no B within D` those of A.
    func sequence(_ node: SyntaxNode, _ words: [String], _ then: SyntaxNode) -> Occurrence {
        let same = node.nodes("same")
        let first = stage(node, words, same)
        let second = stage(then, then.tokens("scene").map(text), same, isSecond: true)
        let within = period(node.node("within"))
        guard let first, let second else { return Occurrence() }
        checkSame(same, first, second)
        if let within { checkHours(within, first.rows + second.rows, at: node.node("within")) }
        let isAbsence = node.token("no") != nil
        var result = Occurrence(shape: isAbsence ? first.shape : second.shape)
        guard let within, !first.rows.isEmpty, !second.rows.isEmpty else { return result }
        let sequence = EventSequence(
            first.rows, ordinal: first.ordinal, then: second.rows, isAbsence: isAbsence,
            within: within, wording: wording(node))
        result.triggers = [Trigger(.sequence(sequence), text: text(node), at: node.range)]
        return result
    }

    /// One side of a sequence; reports what is no event, and what has several rows or a position
    /// where one row is meant.
    private func stage(
        _ node: SyntaxNode, _ words: [String], _ same: [SyntaxNode], isSecond: Bool = false
    ) -> EventLine? {
        // Reported by the parser.
        guard let range = node.tokens("scene").first?.range else { return nil }
        guard let line = eventRows(node, words, same: same) else {
            report(
                .sequenceOfEvents,
                "'\(words.joined(separator: " "))' is no event that a sequence can be made of",
                at: range, help: "a sequence goes from one event of a member to another")
            return nil
        }
        if let per = node.node("per") {
            report(
                .sequenceOfEvents, "a sequence is made of single rows: 'per' cannot stand in it",
                at: per.range)
            return nil
        }
        if isSecond, line.ordinal != nil {
            report(
                .sequenceOfEvents, "what follows in a sequence is not counted", at: range,
                help: "only what comes before 'then' can be the first or a number")
            return nil
        }
        return line
    }

    /// A field that is compared has one type wherever it is read.
    private func checkSame(_ names: [SyntaxNode], _ first: EventLine, _ second: EventLine) {
        let all = first.rows + second.rows
        for (place, node) in names.enumerated() {
            let types = all.map { $0.same[place].type }
            guard !types.contains(.error), let type = types.first,
                let other = types.first(where: { !alike($0, type) })
            else { continue }
            report(
                .sameField,
                "'\(name(node))' is \(type.words) in one event and \(other.words) in another",
                at: node.range,
                notes: all.map { .init("the events", at: scope.dataSet($0.dataSet).range) })
        }
    }

    /// Whether values of two types can be equal: texts of any kind can.
    private func alike(_ left: ValueType, _ right: ValueType) -> Bool {
        left == right || (left.storage == .text && right.storage == .text)
    }

    /// Hours say nothing about events that have none.
    private func checkHours(_ period: Period, _ rows: [EventRows], at node: SyntaxNode?) {
        guard period.unit.isExact, let node,
            let dated = rows.map({ scope.dataSet($0.dataSet) }).first(where: \.isDated)
        else { return }
        report(
            .hoursOnDates, "'\(dated.name)' are dated by day: '\(period.text)' cannot be counted",
            at: node.range, notes: [.init("the events", at: dated.range)],
            help: "give them an instant, or write days")
    }

    /// The line from `then` on, in single blanks.
    private func wording(_ node: SyntaxNode) -> String {
        let start =
            node.children.compactMap { child -> SourceRange? in
                guard case .token(let token) = child.element, text(token) == "then" else {
                    return nil
                }
                return token.range
            }.first ?? node.range
        let range = SourceRange(
            file: Int(start.file), start: Int(start.start), end: Int(node.range.end))
        return Self.blanked(scope.sources.text(of: range))
    }

    private static func blanked(_ text: String) -> String {
        text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }

    /// `balance idle for 90 days`: no change of the balance follows the last one.
    func idleBalance(_ node: SyntaxNode) -> Occurrence {
        let period = period(node.node("idle"))
        guard let line = eventRows(node, [Scene.topup.rawValue]) else { return Occurrence() }
        if let period { checkHours(period, line.rows, at: node.node("idle")) }
        var result = Occurrence(shape: line.shape)
        guard let period, !line.rows.isEmpty else { return result }
        let sequence = EventSequence(
            line.rows, then: line.rows.map { EventRows($0.dataSet) }, isAbsence: true,
            within: period, wording: "idle for \(period.text)")
        result.triggers = [Trigger(.sequence(sequence), text: text(node), at: node.range)]
        return result
    }

    /// `coupon off20 expiring in 3 days`
    func expiringCoupon(_ node: SyntaxNode) -> Occurrence {
        let days = node.node("offset").flatMap(wholeDays)
        let filter = filter(node, Context())
        let types: [String: ValueType] = ["coupon": .text, "at": .instant, "expires": .date]
        let fields = types.mapValues { OccurrenceShape.Field(type: $0, isOptional: false) }
        var result = Occurrence(shape: OccurrenceShape(fields: fields))
        guard let coupon = node.node("coupon"), let index = symbol(coupon, [.coupon], "coupon"),
            case .coupon(let declared) = scope.meanings[index], let days
        else { return result }
        checkExpiry(of: scope.coupons[declared], daysBefore: days, at: node.range)
        let expiry = CouponExpiry(coupon: declared, daysBefore: days)
        result.triggers = [
            Trigger(.expiry(expiry), filter: filter, text: text(node), at: node.range)
        ]
        return result
    }

    /// Warns where the day lies before that of the issue.
    private func checkExpiry(of coupon: Coupon, daysBefore days: Int, at range: SourceRange) {
        guard case .days(let valid) = coupon.validity, days > valid else { return }
        let (longest, asked) = (Period(Int64(valid), .day).text, Period(Int64(days), .day).text)
        report(
            .expiryTooEarly,
            "'\(coupon.name)' is valid \(longest), and never has \(asked) left", at: range,
            severity: .warning, notes: [.init("the coupon", at: coupon.range)],
            help: "wait for \(longest) or less: as it is, nobody gets it")
    }
}
