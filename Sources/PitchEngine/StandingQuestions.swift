import PitchColumnar
import PitchProgram
import PitchStore

/// Questions that are asked again and again at one prompt. What changed since they were last asked
/// is looked at; everybody else's answers are those from before.
package final class StandingQuestions {
    /// How a question was answered when it was last asked.
    enum Way {
        case byRules(StandingRules.Path)
        /// It was asked before, and since then the files of columns were written anew, or a table
        /// changed, so that it cannot be told who is affected.
        case everybodyAnew
    }

    private struct Question {
        var rules: StandingRules
        var mark: SnapshotMark?
        var way: Way?
    }

    /// By the text of their conditions, the one asked last at the end.
    private var questions: [(text: String, question: Question)] = []

    /// So many are kept: each is three bits a member and condition.
    private static let most = 16

    package init() {}

    /// What conditions say of everybody now.
    /// - Parameters:
    ///   - fingerprint: of the script, by which names mean what they do.
    func select(
        _ conditions: [Expression], of base: CustomerBase, _ fingerprint: String
    ) throws -> [Selection] {
        let text = text(of: conditions, in: base.program, fingerprint)
        var question =
            take(text) ?? Question(rules: StandingRules(conditions), mark: nil, way: nil)
        let mark = try base.columns.mark()
        var changed: [Int32]?
        if let old = question.mark, let mark {
            changed = base.columns.changedMembers(from: old, to: mark)
        }
        let isAnew = question.way != nil && changed == nil
        if isAnew { question.rules = StandingRules(conditions) }
        try base.prefetch(conditions)
        let differences = try question.rules.ask(base.runtime, changed: changed ?? [])
        question.mark = mark
        question.way = isAnew ? .everybodyAnew : differences.first.map { .byRules($0.path) }
        questions.append((text, question))
        if questions.count > Self.most { questions.removeFirst() }
        return question.rules.selections
    }

    /// How conditions were answered when they were last asked; nil when they never were.
    func way(
        of conditions: [Expression], in program: Program, _ fingerprint: String
    ) -> Way? {
        let text = text(of: conditions, in: program, fingerprint)
        return questions.last { $0.text == text }?.question.way
    }

    private func take(_ text: String) -> Question? {
        questions.firstIndex { $0.text == text }.map { questions.remove(at: $0).question }
    }

    private func text(
        of conditions: [Expression], in program: Program, _ fingerprint: String
    ) -> String {
        let printer = ExpressionPrinter(program)
        return ([fingerprint] + conditions.map(printer.text)).joined(separator: "\n")
    }
}

extension StandingQuestions.Way {
    /// `members asked again: 12; 11 may have other rows, and for 1 …`
    var text: String {
        switch self {
        case .everybodyAnew:
            "asked of everybody: a table changed, or the files of columns were written anew"
        case .byRules(.everybodyAtFirst): "asked of everybody, for the first time"
        case .byRules(.everybodyForMost(let members)):
            "asked of everybody: \(members) may have another answer, which is many"
        case .byRules(.everybodyForClock):
            "asked of everybody: it reads the clock otherwise than by windows and bounds"
        case .byRules(.some(0, 0)): "answered from before: nothing changed"
        case .byRules(.some(let changed, let passed)):
            "members asked again: \(changed + passed); \(changed) may have other rows, and for "
                + "\(passed) a day or an event came into a window or left one"
        }
    }
}
