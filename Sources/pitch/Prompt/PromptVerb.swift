import ArgumentParser
import PitchEngine
import PitchSource

/// What an entry at the prompt asks for: the verbs of the commands, and declarations.
enum PromptVerb {
    enum Next { case stay, leave }

    private static let questions = [
        "count", "show", "funnel", "why", "explain", "preview", "trial", "templates",
        "statistics",
    ]
    private static let actions = [
        "load", "run", "deliver", "optimize", "pick", "status", "coupons", "log", "help", "quit",
    ]
    private static let declarations = ["let", "define", "segment", "field"]

    /// Words that may begin an entry, sorted.
    static let words = (questions + actions + declarations + [":help", ":quit"]).sorted()

    static func perform(_ entry: String, _ session: Session) throws -> Next {
        let verb = String(entry.prefix { !$0.isWhitespace })
        let rest = trimmed(entry.dropFirst(verb.count))
        switch verb {
        case "count": try session.count(needed(rest, "a segment or a condition"))
        case "show": try show(needed(rest, "a segment or a condition"), session)
        case "funnel": try session.funnel(needed(rest, "a segment or a condition"))
        case "explain": try session.explain(needed(rest, "a segment or a condition"))
        case "why": try why(rest, session)
        case "preview": try session.preview(names(rest), limit: 20)
        case "load":
            let summary = try Interruption.atOnce { try session.load() }
            try session.console.answer(summary.json)
            for line in summary.lines { try session.console.say(line) }
            session.warnOfQuarantine(summary)
            session.warnOfConflicts(summary.coupons)
        case "deliver":
            defer { EndSignal.clear() }
            try Interruption.atOnce { try session.deliver(DeliveryRecovery()) }
        case "run":
            defer { EndSignal.clear() }
            try Interruption.atOnce { try session.run(names(rest)) }
        case "optimize": try optimize(rest, session)
        case "templates": try session.templates(of: rest.isEmpty ? nil : rest, plot: nil)
        case "pick": try pick(rest, session)
        case "statistics": try statistics(rest, session)
        case "trial": try trial(rest, session)
        case "status": try session.status()
        case "coupons": try session.coupons(of: rest.isEmpty ? nil : rest, limit: 20)
        case "log": try session.log(limit: 20)
        case "help", ":help": try session.console.tell(rest.isEmpty ? help : HelpTopics.lines(rest))
        case "quit", "exit", ":quit", ":q": return .leave
        case let word where declarations.contains(word): try session.define(entry)
        default: throw unknown(verb)
        }
        return .stay
    }

    private static func needed(_ rest: String, _ what: String) throws(CommandFailure) -> String {
        if rest.isEmpty { throw CommandFailure(.usage, "expected \(what)") }
        return rest
    }

    private static func names(_ rest: String) -> [String] {
        rest.split { $0.isWhitespace || $0 == "," }.map(String.init)
    }

    /// `show lapsed_vips limit 5 fields name, city`
    private static func show(_ rest: String, _ session: Session) throws {
        var expression = rest
        var fields: [String] = []
        var limit = 20
        let listed = #/\sfields\s+(?<list>[^"]*?)(?=\slimit\s+\d+\s*$|$)/#
        if let match = expression.firstMatch(of: listed) {
            fields = splitList(String(match.list))
            expression.removeSubrange(match.range)
        }
        if let match = expression.firstMatch(of: #/\slimit\s+(?<count>\d{1,9})\s*$/#) {
            limit = Int(match.count) ?? limit
            expression.removeSubrange(match.range)
        }
        try session.show(expression, fields: fields, limit: limit)
    }

    /// `optimize double_eleven for within_budget`
    private static func optimize(_ rest: String, _ session: Session) throws {
        let words = names(rest)
        guard words.count == 3, words[1] == "for" else {
            throw CommandFailure(.usage, "expected 'optimize THEME for GOAL'")
        }
        defer { EndSignal.clear() }
        try Interruption.atOnce { try session.optimize(words[0], for: words[2], plot: nil) }
    }

    /// `pick 2 for rainy_day`, `pick none for rainy_day`
    private static func pick(_ rest: String, _ session: Session) throws {
        let words = names(rest)
        guard words.count == 3, words[1] == "for" else {
            throw CommandFailure(.usage, "expected 'pick NUMBER for STRATEGY'")
        }
        try session.pick(words[0], for: words[2])
    }

    /// `statistics`, `statistics by coupon, month`, `statistics of members by city`
    private static func statistics(_ rest: String, _ session: Session) throws {
        var words = names(rest)
        let isOfMembers = words.starts(with: ["of", "members"])
        if isOfMembers { words.removeFirst(2) }
        if words.first == "by" {
            words.removeFirst()
        } else if !words.isEmpty {
            throw CommandFailure(
                .usage, "expected 'statistics by coupon, month' or 'statistics of members by city'")
        }
        try isOfMembers ? session.population(of: words) : session.statistics(by: words)
    }

    /// `trial off20`, `trial off20 on lapsed_vips`
    private static func trial(_ rest: String, _ session: Session) throws {
        let name = String(try needed(rest, "a coupon, a bundle, a strategy or a number")
            .prefix { !$0.isWhitespace })
        let condition = trimmed(rest.dropFirst(name.count))
        guard condition.isEmpty || condition.hasPrefix("on ") else {
            throw CommandFailure(.usage, "expected 'trial NAME on SEGMENT'")
        }
        try session.trial(
            of: name, on: condition.isEmpty ? nil : trimmed(condition.dropFirst(3)))
    }

    /// `why 10086 in lapsed_vips`, `why 10086 rainy_day`
    private static func why(_ rest: String, _ session: Session) throws {
        let form = "expected a member and a segment, as in 'why 10086 in lapsed_vips'"
        var member = String(rest.prefix { !$0.isWhitespace })
        var subject = trimmed(rest.dropFirst(member.count))
        if let quote = member.first, quote == "\"" || quote == "'" {
            let body = rest.dropFirst().prefix { $0 != quote }
            member = String(body)
            subject = trimmed(rest.dropFirst(body.count + 2))
        }
        if subject.hasPrefix("in ") { subject = trimmed(subject.dropFirst(3)) }
        guard !member.isEmpty, !subject.isEmpty else { throw CommandFailure(.usage, form) }
        try session.why(member, subject)
    }

    private static func unknown(_ verb: String) -> CommandFailure {
        let meant = Spelling.nearest(to: verb, among: words).map { "; did you mean '\($0)'?" }
        return CommandFailure(
            .usage,
            "'\(printable(verb))' is no question" + (meant ?? "; 'help' lists what can be asked"))
    }

    private static let help = [
        "count lapsed_vips                 how many members",
        "show lapsed_vips limit 5          who they are; 'fields name, city' chooses columns",
        "funnel lapsed_vips                what each condition removes",
        "why 10086 in lapsed_vips          the conditions with this member's own values",
        "explain lapsed_vips               how it is computed",
        "preview rainy_day                 who would get what; nothing is written",
        "trial off20 on lapsed_vips        what it is expected to cost and to bring",
        "optimize double_eleven for goal   numbered templates; 'templates' lists them",
        "pick 2 for rainy_day              which of them a strategy gives; 'pick none' declines",
        "statistics by coupon, month       issued, claimed, used; 'statistics of members by city'",
        "let big = 500 CNY                 a name for this session; also define, segment, field",
        "load, run, status, coupons, log   as the commands of the same name",
        "help coupon                       declarations, clauses, functions, codes such as P101",
        "An entry goes on over several lines while a bracket is open or an operand is missing.",
        "Tab completes; Ctrl-C gives up a line or a question; Ctrl-D leaves.",
    ]
}

extension Session {
    /// Takes a declaration for the rest of the session.
    func define(_ entry: String) throws(CommandFailure) {
        let faults = workspace.define(entry)
        let errors = faults.filter { $0.severity == .error }
        if !faults.isEmpty, !console.isJSON {
            console.complain(
                FaultText(sources: workspace.sources).text(faults, colored: console.colorsErrors))
        }
        guard !errors.isEmpty else { return }
        throw CommandFailure(
            .script, "", faults: errors.map(FaultText(sources: workspace.sources).json))
    }
}
