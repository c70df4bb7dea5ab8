import PitchTestSupport

/// The grammar file, read.
struct Grammar: Sendable {
    indirect enum Item: Sendable {
        case word(String)
        case rule(String)
        case sequence([Item])
        case choice([Item])
        case optional(Item)
        case repeated(Item)
    }

    private(set) var rules: [String: Item] = [:]
    /// The least depth of a sentence of a rule.
    private(set) var depths: [String: Int] = [:]

    init(_ text: String) {
        var reader = Reader(text)
        while let name = reader.next() {
            guard reader.next() == "=" else { break }
            rules[name] = reader.choice()
            guard reader.next() == ";" else { break }
        }
        findDepths()
    }

    private mutating func findDepths() {
        var changed = true
        while changed {
            changed = false
            for (name, item) in rules {
                guard let depth = depth(of: item), depth + 1 < depths[name] ?? Int.max else {
                    continue
                }
                depths[name] = depth + 1
                changed = true
            }
        }
    }

    /// Nil while unknown.
    private func depth(of item: Item) -> Int? {
        switch item {
        case .word, .optional, .repeated: return 0
        case .rule(let name):
            return Sentences.tokens[name] != nil ? 0 : depths[name]
        case .sequence(let items):
            var most = 0
            for item in items {
                guard let depth = depth(of: item) else { return nil }
                most = max(most, depth)
            }
            return most
        case .choice(let items): return items.compactMap(depth).min()
        }
    }

    func isShallow(_ item: Item, within budget: Int) -> Bool {
        depth(of: item).map { $0 <= budget } ?? false
    }

    private struct Reader {
        private var parts: [Substring] = []
        private var index = 0

        init(_ text: String) {
            var rest = Substring(text)
            while let first = rest.first {
                if first.isWhitespace {
                    rest.removeFirst()
                } else if rest.hasPrefix("(*") {
                    while !rest.isEmpty, !rest.hasPrefix("*)") { rest.removeFirst() }
                    rest = rest.dropFirst(2)
                } else if first == "'" || first == "\"" {
                    let end = rest.dropFirst().firstIndex(of: first) ?? rest.endIndex
                    parts.append(rest[..<end])
                    rest = rest[end...].dropFirst()
                } else if first.isLetter {
                    let word = rest.prefix { $0.isLetter || $0 == "_" }
                    parts.append(word)
                    rest = rest.dropFirst(word.count)
                } else {
                    parts.append(rest.prefix(1))
                    rest.removeFirst()
                }
            }
        }

        mutating func next() -> String? {
            guard index < parts.count else { return nil }
            index += 1
            return String(parts[index - 1])
        }

        mutating func choice() -> Item {
            var branches = [sequence()]
            while index < parts.count, parts[index] == "|" {
                index += 1
                branches.append(sequence())
            }
            return branches.count == 1 ? branches[0] : .choice(branches)
        }

        private mutating func sequence() -> Item {
            var items: [Item] = []
            while index < parts.count, ![";", "|", "]", "}", ")"].contains(parts[index]) {
                let part = parts[index]
                index += 1
                switch part {
                case "[": items.append(.optional(choice()))
                case "{": items.append(.repeated(choice()))
                case "(": items.append(choice())
                default:
                    let isWord = part.hasPrefix("'") || part.hasPrefix("\"")
                    items.append(isWord ? .word(String(part.dropFirst())) : .rule(String(part)))
                    continue
                }
                index += 1
            }
            return .sequence(items)
        }
    }
}

/// Derives random sentences of a grammar.
struct Sentences {
    let grammar: Grammar
    var random: SeededGenerator

    /// What the lexer's tokens may look like.
    static let tokens: [String: [String]] = [
        "NEWLINE": ["\n "],
        "NAME": ["alpha", "b2", "delta_x", "`big order`", "城市", "café", "Omega"],
        "STRING": ["\"x\"", "'y z'", "\"城\"", "\"\""],
        "TEXT": ["\"plain\"", "\"Dear {alpha}\"", "\"{{ {b2 or else 'x'} }}\"", "\"\"\"\na\n\"\"\""],
        "NUMBER": ["1", "2.5", "10_000"],
        "INTEGER": ["0", "7", "1_000"],
        "ORDINAL": ["5th", "1st", "22nd", "3rd"],
        "DATE": ["2026-03-01"],
        "INSTANT": ["2026-03-01 09:30", "2026-03-01T09:30:00+08:00"],
        "TIME": ["22:00", "9:05"],
        "CURRENCY": ["CNY", "USD"],
        "PERIOD": ["day", "days", "hours", "month", "weeks"],
        "MEASURE": ["C", "°C", "km"],
    ]

    mutating func sentence(of rule: String, depth: Int) -> String {
        var words: [String] = []
        derive(.rule(rule), depth, into: &words)
        return words.joined(separator: " ")
    }

    private mutating func derive(_ item: Grammar.Item, _ depth: Int, into words: inout [String]) {
        switch item {
        case .word(let word): words.append(word)
        case .rule(let name):
            if let samples = Self.tokens[name] {
                words.append(samples[Int.random(in: 0..<samples.count, using: &random)])
            } else if let rule = grammar.rules[name] {
                derive(rule, depth - 1, into: &words)
            }
        case .sequence(let items): for item in items { derive(item, depth, into: &words) }
        case .choice(let items):
            let shallow = items.filter { grammar.isShallow($0, within: depth) }
            let among = shallow.isEmpty ? items : shallow
            derive(among[Int.random(in: 0..<among.count, using: &random)], depth, into: &words)
        case .optional(let inner):
            guard depth > 0, Bool.random(using: &random) else { return }
            derive(inner, depth, into: &words)
        case .repeated(let inner):
            while depth > 0, words.count < 400, Int.random(in: 0..<3, using: &random) == 0 {
                derive(inner, depth, into: &words)
            }
        }
    }
}
