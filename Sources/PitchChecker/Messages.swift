import PitchProgram
import PitchSchema
import PitchSource
import PitchSyntax

extension Checker {
    func checkMessage(_ node: SyntaxNode) {
        let clauses = clauses(node, "message")
        let rows = clauses.block?.nodes.filter { $0.kind == .textRow } ?? []
        var texts: [Int: [Message.Part]] = [:]
        var channels: [Int: SourceRange] = [:]
        for row in rows {
            guard let text = row.leaf("text") else { continue }
            let parts = template(text)
            guard let name = row.node("channel"), let index = symbol(name, [.channel], "channel")
            else { continue }
            if let first = channels.updateValue(row.range, forKey: index) {
                report(
                    .clauseTwice, "'\(self.name(name))' has a text already", at: row.range,
                    notes: [.init("the first", at: first)], help: "keep one of them")
            }
            if case .channel(let channel) = scope.meanings[index] { texts[channel] = parts }
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
                name: symbol.name, title: symbol.title, class: kind ?? .marketing, texts: texts,
                range: symbol.range))
    }

    /// The text of a message, taken apart at its holes.
    private func template(_ token: Token) -> [Message.Part] {
        guard trees.indices.contains(Int(token.range.file)) else { return [] }
        return trees[Int(token.range.file)].pieces(of: token).compactMap { piece in
            switch piece {
            case .text(let text): .text(text)
            case .hole(let expression, let pattern, _): hole(expression, pattern)
            }
        }
    }

    private func hole(_ node: SyntaxNode, _ pattern: Token?) -> Message.Part? {
        let written = text(node).split(whereSeparator: \.isWhitespace).joined()
        switch written {
        case "bundle.title", "offer.title": return .offerTitle
        case "code": return .code
        case "expires": return .expires(pattern: pattern.flatMap(dayPattern))
        default: break
        }
        if let pattern {
            report(.badHole, "'as' goes with 'expires' only", at: pattern.range)
            return nil
        }
        let value = whole(hints: false) { expression(node, Context()) }
        if value.isFaulty { return nil }
        guard isAlwaysKnown(value) else {
            report(
                .optionalHole, "'\(text(node))' may be missing, and a text is never blank",
                at: node.range, help: fallbackHelp(node, value.type))
            return nil
        }
        return .value(value)
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
    private func isAlwaysKnown(_ value: Expression) -> Bool {
        switch value.node {
        case .constant, .now, .today, .isMissing: return true
        case .memberField(let index):
            guard let members = scope.members else { return true }
            return !scope.dataSet(members).fields[index].isOptional
        case .orElse(_, let other): return isAlwaysKnown(other)
        case .definition(let id): return isAlwaysKnown(scope.definitions[id.index].expression)
        case .lookup, .occurrenceField, .eventField: return false
        case .choose(let branches, let otherwise):
            guard let otherwise else { return false }
            return branches.allSatisfy { isAlwaysKnown($0.value) } && isAlwaysKnown(otherwise)
        case .aggregate(let aggregate):
            switch aggregate.function {
            case .count, .sum, .distinct, .streak: return true
            default: return false
            }
        case .arithmetic(.divide, _, _): return false
        default: return value.operands.allSatisfy(isAlwaysKnown)
        }
    }
}
