import PitchSchema
import PitchSource

/// Dates as they are written elsewhere, and how a script has them.
extension Parser {
    private func date(_ local: LocalDate, at range: SourceRange) -> Advice {
        Advice(
            help: "a date is written year, month, day: 2026-01-31",
            fixIts: local.written.map { [FixIt("write '\($0)'", replace: range, with: $0)] } ?? [])
    }

    /// `31/12/2026` and the like.
    func dateOfFigures() -> Advice? {
        let start = Int(current.token.range.start)
        let end = Int(current.token.range.end)
        let isAlone = end == file.bytes.count || Self.endsValue.contains(file.bytes[end])
        guard kind == .number, !isAlone else { return nil }
        let run = file.text(start, start + 24).prefix { $0.isNumber || "/.-年月日".contains($0) }
        guard let local = LocalDate(figures: run) else { return nil }
        return date(
            local, at: SourceRange(file: fileIndex, start: start, end: start + run.utf8.count))
    }

    private static let endsValue = Set(" \t\r\n,})]".utf8)

    /// `31 December 2026`, `December 31, 2026`
    func dateInWords() -> Advice? {
        guard let following = next() else { return nil }
        let (word, number) = kind == .word ? (current, following) : (following, current)
        // No month is a word of the language.
        guard word.token.kind == .word, word.keyword == nil, number.token.kind == .number
        else { return nil }
        var parts: [String] = []
        var end = index
        while end < tokens.count, parts.count < 3, end == index || !tokens[end].token.startsLine {
            if tokens[end].token.kind != .comma { parts.append(text(tokens[end])) }
            end += 1
        }
        guard let local = LocalDate(words: parts) else { return nil }
        return date(local, at: current.token.range.through(tokens[end - 1].token.range))
    }
}

/// A date as people write it elsewhere.
struct LocalDate {
    /// As a script writes it; nil when day and month could be either, or there is no such day.
    let written: String?

    /// `31/12/2026`, `12/31/2026`, `31.12.2026`, `2026/12/31`, `2026-1-1`, `2026年12月31日`
    init?(figures: some StringProtocol) {
        let parts = figures.split { !$0.isASCII || !$0.isNumber }
        let numbers = parts.compactMap { Int($0) }
        guard parts.count == 3, numbers.count == 3 else { return nil }
        if parts[0].count == 4 {
            written = Self.written(numbers[0], numbers[1], numbers[2])
        } else if parts[2].count == 4 {
            let isEither = numbers[0] <= 12 && numbers[1] <= 12 && numbers[0] != numbers[1]
            let (day, month) =
                numbers[0] > 12 ? (numbers[0], numbers[1]) : (numbers[1], numbers[0])
            written = isEither ? nil : Self.written(numbers[2], month, day)
        } else {
            return nil
        }
    }

    /// A day, a month by its name, and a year; or the month first.
    init?(words: [String]) {
        guard words.count == 3, words[2].count == 4, let year = Int(words[2]) else { return nil }
        let isDayFirst = Int(words[0]) != nil
        guard let day = Int(words[isDayFirst ? 0 : 1]),
            let month = Self.month(words[isDayFirst ? 1 : 0])
        else { return nil }
        written = Self.written(year, month, day)
    }

    private static let months = [
        "january", "february", "march", "april", "may", "june", "july", "august", "september",
        "october", "november", "december",
    ]

    /// The number of a month by its name or a beginning of it.
    private static func month(_ word: String) -> Int? {
        let lower = word.lowercased()
        return lower.count < 3
            ? nil : months.firstIndex { $0.hasPrefix(lower) }.map { $0 + 1 }
    }

    private static func written(_ year: Int, _ month: Int, _ day: Int) -> String? {
        guard CivilDate(year: year, month: month, day: day) != nil else { return nil }
        let digits = [month, day].map { $0 < 10 ? "0\($0)" : "\($0)" }
        return "\(year)-\(digits[0])-\(digits[1])"
    }
}
