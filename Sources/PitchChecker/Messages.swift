import PitchProgram
import PitchSchema
import PitchSource
import PitchSyntax

extension Checker {
    func checkMessage(_ node: SyntaxNode) {
        let clauses = clauses(node, "message")
        let rows = clauses.block?.nodes.filter { $0.kind == .textRow } ?? []
        var channels: [Int: SourceRange] = [:]
        for row in rows {
            guard row.leaf("text") != nil else { continue }
            guard let name = row.node("channel"), let index = symbol(name, [.channel], "channel")
            else { continue }
            if let first = channels.updateValue(row.range, forKey: index) {
                report(
                    .clauseTwice, "'\(self.name(name))' has a text already", at: row.range,
                    notes: [.init("the first", at: first)], help: "keep one of them")
            }
        }
        if rows.isEmpty, let block = clauses.block,
            !block.nodes.contains(where: { $0.kind == .skipped })
        {
            report(
                .messageText, "the message has no text", at: clauses.keyword,
                help: "add a row for each channel: 'wechat \"…\"'")
        }
        guard let index = ownSymbol(node) else { return }
        let symbol = scope.symbols.all[index]
        let kind = clauses["class"].flatMap { words($0).last }.flatMap(Message.Class.init)
        messageChannels[scope.messages.count] = Set(channels.keys)
        scope.meanings[index] = .message(scope.messages.count)
        scope.messages.append(
            Message(
                name: symbol.name, title: symbol.title, class: kind ?? .marketing, texts: [:],
                range: symbol.range))
    }

    /// Remembers what `this` is in the texts of a message that a strategy says.
    /// - Parameter gives: whether the strategy gives something.
    func note(
        _ say: Say, _ occurrence: OccurrenceShape, by strategy: SourceRange, gives: Bool
    ) {
        var saying = sayings[say.message] ?? Saying(occurrence: occurrence)
        saying.occurrence.narrow(to: occurrence)
        saying.strategies.append(strategy)
        if !gives, saying.givingNothing == nil { saying.givingNothing = strategy }
        sayings[say.message] = saying
    }

    /// Takes the texts of a message apart; after the strategies, because they say what `this` is.
    func checkTexts(_ node: SyntaxNode) {
        let message = ownSymbol(node).flatMap { index in
            if case .message(let message) = scope.meanings[index] { message } else { nil }
        }
        let saying = message.flatMap { sayings[$0] }
        let rows = node.node("block")?.nodes.filter { $0.kind == .textRow } ?? []
        for row in rows {
            guard let text = row.leaf("text") else { continue }
            let count = diagnostics.count
            let parts = template(text, saying)
            for index in diagnostics.indices.dropFirst(count)
            where diagnostics[index].code == .noOccurrence {
                diagnostics[index].notes += saying?.strategies.prefix(3).map {
                    .init("said by this strategy", at: $0)
                } ?? []
            }
            guard let message, let index = row.node("channel").flatMap({ index(of: name($0)) }),
                case .channel(let channel) = scope.meanings[index]
            else { continue }
            scope.messages[message].texts[channel] = parts
            checkSize(of: parts, for: scope.channels[channel], at: text.range)
        }
    }

    /// Warns of a text that is too long for its channel whatever stands in its holes.
    private func checkSize(of parts: [Message.Part], for channel: Channel, at range: SourceRange) {
        let fixed = parts.map { if case .text(let text) = $0 { text } else { "" } }.joined()
        let length = fixed.unicodeScalars.count
        if let most = channel.lengthAtMost, length > most {
            report(
                .textOverLimit,
                "the text has \(length) characters without its holes, and '\(channel.name)' takes \(most)",
                at: range, severity: .warning, notes: [.init("the channel", at: channel.range)],
                help: "shorten it: as it is, nobody gets it")
        } else if let most = channel.partsAtMost, ShortMessage(fixed).parts > most {
            let message = ShortMessage(fixed)
            report(
                .textOverLimit,
                """
                the text takes \(message.parts) parts (\(message.encoding.rawValue)) without its \
                holes, and '\(channel.name)' takes \(most)
                """, at: range, severity: .warning,
                notes: [.init("the channel", at: channel.range)],
                help: "shorten it: as it is, nobody gets it")
        }
    }

    /// The text of a message, taken apart at its holes.
    private func template(_ token: Token, _ saying: Saying?) -> [Message.Part] {
        guard trees.indices.contains(Int(token.range.file)) else { return [] }
        return trees[Int(token.range.file)].pieces(of: token).compactMap { piece in
            switch piece {
            case .text(let text): .text(text)
            case .hole(let expression, let pattern, _): hole(expression, pattern, saying)
            }
        }
    }

    private func hole(
        _ node: SyntaxNode, _ pattern: Token?, _ saying: Saying?
    ) -> Message.Part? {
        if let part = partOfOffer(node, pattern) {
            checkOffer(node, saying)
            return part
        }
        if let pattern {
            report(.badHole, "'as' goes with 'expires' only", at: pattern.range)
            return nil
        }
        let context = Context(occurrence: saying?.occurrence)
        let value = whole(hints: false) { expression(node, context) }
        if value.isFaulty { return nil }
        guard isAlwaysKnown(value, saying?.occurrence) else {
            report(
                .optionalHole, "'\(text(node))' may be missing, and a text is never blank",
                at: node.range, help: fallbackHelp(node, value.type))
            return nil
        }
        return .value(value)
    }

    /// A hole that is filled from what is given.
    private func partOfOffer(_ node: SyntaxNode, _ pattern: Token?) -> Message.Part? {
        switch text(node).split(whereSeparator: \.isWhitespace).joined() {
        case "bundle.title", "offer.title": .offerTitle
        case "code": .code
        case "expires": .expires(pattern: pattern.flatMap(dayPattern))
        default: nil
        }
    }

    private func checkOffer(_ node: SyntaxNode, _ saying: Saying?) {
        guard let saying, let strategy = saying.givingNothing else { return }
        let name = text(node)
        let isOfCoupon = saying.occurrence.fields[name] != nil
        report(
            .badHole, "'\(name)' is about what is given, and nothing is", at: node.range,
            notes: [.init("said by this strategy, which gives nothing", at: strategy)],
            help: isOfCoupon
                ? "of the coupon that the strategy waits for, write 'this.\(name)'"
                : "give something there, or say another message")
    }

    /// The two sides of `or else` have one type.
    private func fallbackHelp(_ node: SyntaxNode, _ type: ValueType) -> String {
        type == .text
            ? "write '{\(text(node)) or else \"…\"}'"
            : "write '{\(text(node)) or else …}' with \(type.words) for '…'"
    }

    /// A pattern of a day: y year, M month, d day, E weekday.
    private func dayPattern(_ token: Token) -> String? {
        let pattern = string(token)
        var isQuoted = false
        for character in pattern {
            if character == "'" { isQuoted.toggle() }
            guard !isQuoted, character.isASCII, character.isLetter, !"yMdE".contains(character)
            else { continue }
            report(
                .badHole, "'\(character)' means nothing in the pattern of a day", at: token.range,
                help: "y year, M month, d day, E weekday")
            return nil
        }
        return pattern
    }

    /// Whether a value is known for every member.
    private func isAlwaysKnown(_ value: Expression, _ occurrence: OccurrenceShape?) -> Bool {
        switch value.node {
        case .constant, .now, .today, .isMissing: return true
        case .memberField(let index):
            guard let members = scope.members else { return true }
            return !scope.dataSet(members).fields[index].mayBeMissing
        case .orElse(_, let other): return isAlwaysKnown(other, occurrence)
        case .definition(let id):
            return isAlwaysKnown(scope.definitions[id.index].expression, occurrence)
        case .occurrenceField(let name): return occurrence?.fields[name]?.isOptional == false
        case .lookup, .eventField: return false
        case .choose(let branches, let otherwise):
            guard let otherwise else { return false }
            return branches.allSatisfy { isAlwaysKnown($0.value, occurrence) }
                && isAlwaysKnown(otherwise, occurrence)
        case .aggregate(let aggregate):
            switch aggregate.function {
            case .count, .sum, .distinct, .streak: return true
            default: return false
            }
        case .arithmetic(.divide, _, _): return false
        default: return value.operands.allSatisfy { isAlwaysKnown($0, occurrence) }
        }
    }
}

/// What the strategies that say a message have in common, and where they are.
struct Saying {
    var occurrence: OccurrenceShape
    var strategies: [SourceRange] = []
    /// The first of them that has no `give`.
    var givingNothing: SourceRange?
}

extension Field {
    /// Whether its value may be missing: a reference is, where its table lacks the row.
    var mayBeMissing: Bool {
        if case .reference = type { true } else { isOptional }
    }
}
