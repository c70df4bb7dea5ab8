import PitchSchema
import PitchSource

/// What a pattern's words are to the node that they stand in.
enum WordStyle {
    /// Leading words, alternatives and options are `word`; connecting words have no label.
    case clause
    /// All are `word`.
    case header
    /// All but connecting words are `scene`.
    case occurrence

    func label(_ keyword: Keyword, isFixed: Bool) -> String? {
        switch self {
        case .clause: return isFixed ? nil : "word"
        case .header: return "word"
        case .occurrence:
            let connects =
                keyword.category == .connecting || keyword == .in || keyword == .before
                || keyword == .number
            return connects ? nil : "scene"
        }
    }
}

/// Clauses, headers and occurrences, as the patterns of the tables say.
extension Parser {
    typealias Item = PatternTable.Item
    typealias Form = PatternTable.Form

    /// Reads one of several forms: the longest that fits; if none does, reports what all that come
    /// furthest expect. Returns the form, and whether it fits.
    mutating func match(
        oneOf forms: [Form], style: WordStyle, into children: inout Children
    ) -> (form: Form, fits: Bool)? {
        guard let first = forms.first else { return nil }
        if forms.count == 1 {
            return (first, match(first.items, style: style, into: &children))
        }
        let start = position
        var best: (form: Form, fits: Bool, index: Int)?
        var expectations: [String] = []
        for form in forms {
            var tried: Children = []
            let fits = match(form.items, style: style, into: &tried)
            let reached = index
            let isBetter =
                best.map { known in
                    fits == known.fits ? reached > known.index : fits
                } ?? true
            if isBetter {
                best = (form, fits, reached)
                expectations = fits ? [] : [lastExpectation]
            } else if !fits, let best, !best.fits, reached == best.index,
                !expectations.contains(lastExpectation)
            {
                expectations.append(lastExpectation)
            }
            reset(to: start)
        }
        guard let best else { return nil }
        if expectations.count > 1 {
            expectationOverride =
                expectations.dropLast().joined(separator: ", ") + " or "
                + expectations[expectations.count - 1]
        }
        let fits = match(best.form.items, style: style, into: &children)
        expectationOverride = nil
        return (best.form, fits)
    }

    /// Reads the items of a form; whether all fit. Stops at the first that does not.
    mutating func match(
        _ items: [Item], style: WordStyle, into children: inout Children, isFixed: Bool = false
    ) -> Bool {
        var isFixed = isFixed
        for (number, item) in items.enumerated() {
            let isWord = if case .word = item { true } else { false }
            guard match(item, style: style, isFixed: isFixed || !isWord, into: &children) else {
                return false
            }
            if isWord, isFixed, number + 1 < items.count {
                // A word before an option may be the last of its clause.
                if case .optional = items[number + 1] { continue }
                continueLine()
            }
            isFixed = isFixed || !isWord
        }
        return true
    }

    private mutating func match(
        _ item: Item, style: WordStyle, isFixed: Bool, into children: inout Children
    ) -> Bool {
        switch item {
        case .word(let keyword):
            guard stands(keyword) else {
                expected("'\(keyword.english)'", .clauseForm)
                return false
            }
            if isAtEnd { continueLine() }
            children.append(take(style.label(keyword, isFixed: isFixed)))
            return true
        case .slot(let label, let slot):
            let before = faults
            guard let argument = argument(slot) else { return false }
            children.append(.node(argument, label))
            return before == faults
        case .optional(let items):
            guard canStart(items) else { return true }
            return match(items, style: style, into: &children)
        case .oneOf(let branches):
            guard let branch = branch(of: branches) else {
                expectedBranch(branches)
                return false
            }
            return match(branch, style: style, into: &children)
        }
    }

    /// Whether a pattern's word stands here; `and`, `or` and `where` may begin a line.
    private func stands(_ keyword: Keyword) -> Bool {
        switch keyword {
        case .and, .or, .where: continues(keyword)
        default: at(keyword)
        }
    }

    private func canStart(_ items: [Item]) -> Bool {
        guard let first = items.first else { return false }
        switch first {
        case .word(let keyword): return stands(keyword)
        case .slot(_, let slot): return canStart(slot)
        case .optional(let inner): return canStart(inner) || canStart(Array(items.dropFirst()))
        case .oneOf(let branches): return branches.contains { canStart($0) }
        }
    }

    /// The branch with most leading words that stand here, otherwise the first whose argument can
    /// begin here.
    private func branch(of branches: [[Item]]) -> [Item]? {
        var best: (words: Int, branch: [Item])?
        for branch in branches {
            let words = leadingWords(branch)
            let stand = words.indices.allSatisfy { offset in
                offset == 0 ? at(words[0]) : next(offset)?.keyword == words[offset]
            }
            if !words.isEmpty, stand, words.count > (best?.words ?? 0) {
                best = (words.count, branch)
            }
        }
        return best?.branch ?? branches.first { branch in
            leadingWords(branch).isEmpty && canStart(branch)
        }
    }

    private func leadingWords(_ items: [Item]) -> [Keyword] {
        var words: [Keyword] = []
        for item in items {
            guard case .word(let keyword) = item else { break }
            words.append(keyword)
        }
        return words
    }

    private mutating func expectedBranch(_ branches: [[Item]]) {
        var names: [String] = []
        for branch in branches {
            let words = leadingWords(branch)
            if !words.isEmpty {
                names.append("'" + words.map(\.english).joined(separator: " ") + "'")
            } else if case .slot(_, let slot)? = branch.first {
                names.append(Self.description(of: slot))
            } else if case .optional(let inner)? = branch.first,
                case .slot(_, let slot)? = inner.first
            {
                names.append(Self.description(of: slot))
            }
        }
        let list =
            names.count < 2
            ? names.joined()
            : names.dropLast().joined(separator: ", ") + " or " + names[names.count - 1]
        let words = branches.map { leadingWords($0).map(\.english).joined(separator: " ") }
        let meant = kind == .word ? Spelling.nearest(to: text(current), among: words) : nil
        expected(
            list, .clauseForm, help: meant.map { "did you mean '\($0)'?" },
            fixIts: meant.map {
                [FixIt("write '\($0)'", replace: current.token.range, with: $0)]
            } ?? [])
    }

    /// `'a', 'b' or 'c'`
    static func alternatives(_ words: [String]) -> String {
        let quoted = words.map { "'\($0)'" }
        guard quoted.count > 1 else { return quoted.joined() }
        return quoted.dropLast().joined(separator: ", ") + " or " + quoted[quoted.count - 1]
    }
}
