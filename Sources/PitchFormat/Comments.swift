import PitchSource
import PitchSyntax

/// What stands between two tokens, apart from blanks.
struct Comments {
    struct OwnLine {
        let text: String
        let followsBlankLine: Bool
    }

    /// After the token before, on its line.
    private(set) var trailing: String?
    /// On lines of their own.
    private(set) var ownLines: [OwnLine] = []
    /// An empty line stands between the last comment, or the token before, and the token.
    private(set) var endsInBlankLine = false

    var isEmpty: Bool { trailing == nil && ownLines.isEmpty }

    init(before token: Token, in file: SourceFile) {
        let text = file.text(Int(token.triviaStart), Int(token.range.start))
        // A carriage return and a line feed are one character.
        let lines = text.split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" }
        for (number, line) in lines.enumerated() {
            let comment = Self.comment(in: line)
            if number == 0, token.triviaStart > 0 {
                trailing = comment
            } else if let comment {
                ownLines.append(OwnLine(text: comment, followsBlankLine: endsInBlankLine))
                endsInBlankLine = false
            } else if number + 1 < lines.count {
                endsInBlankLine = true
            }
        }
    }

    private static func comment(in line: Substring) -> String? {
        guard let start = line.firstIndex(of: "#") else { return nil }
        var comment = line[start...]
        while let last = comment.unicodeScalars.last, last == " " || last == "\t" || last == "\r" {
            comment.unicodeScalars.removeLast()
        }
        return String(comment)
    }
}
