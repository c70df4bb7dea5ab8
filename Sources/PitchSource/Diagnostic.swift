/// A kind of fault, with the words of `pitch help CODE`. Declared once, beside the code that
/// reports it.
package struct DiagnosticCode: Hashable, Sendable {
    /// Stable for ever: `P` and three digits. P1 syntax, P2 names and clauses, P3 types and units,
    /// P4 data declarations, P5 plans and strategies, P6 not executed yet, P7 data, P8 the world.
    package let id: String
    /// One line that names the fault.
    package let title: String
    /// A few sentences: why it is a fault, and what to do.
    package let explanation: String
    /// The smallest script that shows it.
    package let example: String
    /// The same script, repaired.
    package let repair: String

    package init(
        _ id: String, _ title: String, explanation: String, example: String, repair: String
    ) {
        self.id = id
        self.title = title
        self.explanation = explanation
        self.example = example
        self.repair = repair
    }

    package static func == (left: Self, right: Self) -> Bool { left.id == right.id }
    package func hash(into hasher: inout Hasher) { hasher.combine(id) }
}

package enum Severity: String, Sendable {
    case error, warning, hint
}

/// A text replacement that repairs a fault.
package struct FixIt: Sendable, Equatable {
    package let message: String
    package let range: SourceRange
    package let replacement: String

    package init(_ message: String, replace range: SourceRange, with replacement: String) {
        self.message = message
        self.range = range
        self.replacement = replacement
    }
}

/// One fault found in a script: a value, never thrown.
package struct Diagnostic: Sendable {
    package struct Note: Sendable, Equatable {
        package let message: String
        package let range: SourceRange
        package init(_ message: String, at range: SourceRange) {
            self.message = message
            self.range = range
        }
    }

    package let code: DiagnosticCode
    package let severity: Severity
    /// Lower case, one line, no final period, single quotes round user text.
    package let message: String
    package let range: SourceRange
    package var notes: [Note]
    /// What to do, apart from the message.
    package var help: String?
    package var fixIts: [FixIt]

    package init(
        _ code: DiagnosticCode, _ message: String, at range: SourceRange,
        severity: Severity = .error,
        notes: [Note] = [], help: String? = nil, fixIts: [FixIt] = []
    ) {
        self.code = code
        self.severity = severity
        self.message = message
        self.range = range
        self.notes = notes
        self.help = help
        self.fixIts = fixIts
    }
}
