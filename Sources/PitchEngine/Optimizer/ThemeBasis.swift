import Glibc
import PitchOptimizer
import PitchProgram
import PitchSchema
import PitchStore

/// Everything that a trial of a theme's templates is computed from. A template may be picked only
/// while all of it is as it was.
struct ThemeBasis {
    let theme: Theme
    let audience: Audience
    let history: ResponseHistory
    let model: ResponseModel
    let groups: ResponseGroups
    /// Fingerprints of the theme, of its coupons, and of the audience with the history.
    let text: String

    /// - Throws: when no member is in the audience.
    init(_ theme: Theme, _ base: CustomerBase, _ ledger: Ledger) throws {
        self.theme = theme
        history = try ResponseHistory(base, ledger)
        groups = ResponseGroups(history, base.program)
        do {
            audience = try groups.audience(theme.audience, in: base)
        } catch OptimizerError.emptyAudience {
            throw WorkspaceError(
                .world, "no member is in the audience of theme '\(theme.name)'")
        }
        model = try history.model(for: theme)
        let coupons = theme.candidates.map { "\(base.program.copies(of: $0))" }
        let members = audience.groups.map { "\($0.segment ?? "") \($0.members)" }
        let results = history.results.map { result in
            "\(result.campaign) \(result.kind) \(result.faceMinor ?? -1) \(result.segment ?? "")"
                + " \(result.issued) \(result.converted) \(result.costMinor ?? -1)"
                + " \(result.theme.words.sorted())"
        }
        text = [
            Self.digest(Self.words(of: theme, base.program)), Self.digest(coupons),
            Self.digest(members + results),
        ].joined(separator: " ")
    }

    /// What changed since a basis was written down; nil when nothing did.
    func change(since other: String) -> String? {
        let (now, then) = (text.split(separator: " "), other.split(separator: " "))
        guard now.count == 3, then.count == 3 else { return "it" }
        if now[0] != then[0] { return "the theme" }
        if now[1] != then[1] { return "a coupon of the theme" }
        return now[2] == then[2] ? nil : "the audience or the history"
    }

    /// What the theme says, with the conditions that its audience names.
    private static func words(of theme: Theme, _ program: Program) -> [String] {
        let printer = ProgramPrinter(program)
        var named: Set<Int> = []
        var open = [theme.audience]
        while let expression = open.popLast() {
            if case .definition(let id) = expression.node, named.insert(id.index).inserted {
                open.append(program.definitions[id.index].expression)
            }
            open += expression.operands
        }
        let definitions = named.map {
            program.definitions[$0].name + " " + printer.text(program.definitions[$0].expression)
        }.sorted()
        return theme.words + [printer.text(theme.audience)] + definitions + [
            "\(theme.quantity.map { "\($0)" } ?? "") \(theme.steps) \(theme.prior)",
            "\(theme.otherThemes)",
        ]
    }

    private static func digest(_ texts: [String]) -> String {
        SHA256.digest(Array(texts.joined(separator: "\u{1F}").utf8)).prefix(8)
            .map { byte in
                let figures = String(byte, radix: 16)
                return figures.count == 1 ? "0" + figures : figures
            }.joined()
    }
}
