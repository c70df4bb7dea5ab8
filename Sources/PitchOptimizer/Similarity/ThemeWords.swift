/// The words of a marketing theme: lower case, cut wherever neither a letter nor a digit stands.
/// Languages written without blanks keep their phrases whole.
package struct ThemeWords: Hashable, Sendable {
    /// In lower case.
    package let words: Set<String>

    /// Of the words and phrases that a theme is about.
    package init(_ phrases: [String]) {
        words = Set(
            phrases.flatMap { phrase in
                phrase.lowercased().split { !$0.isLetter && !$0.isNumber }.map(String.init)
            })
    }

    private init(words: Set<String>) { self.words = words }

    /// The words of both.
    package func union(_ other: ThemeWords) -> ThemeWords {
        ThemeWords(words: words.union(other.words))
    }

    /// Shared words ÷ all words (Jaccard, 1901): symmetric, 0 for nothing shared, 1 for the same.
    /// - Returns: nil when neither has a word.
    package func overlap(with other: ThemeWords) -> Double? {
        let all = words.union(other.words).count
        if all == 0 { return nil }
        return Double(words.intersection(other.words).count) / Double(all)
    }
}
