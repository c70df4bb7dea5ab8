import PitchProgram
import PitchSchema
import PitchSource
import PitchSyntax

extension Checker {
    /// The one project of a program.
    func checkProject(_ nodes: [SyntaxNode], script: SyntaxNode?) {
        guard let node = nodes.first else {
            guard let script, script.nodes.contains(where: { $0.kind == .declaration }) else {
                return
            }
            report(
                .projectMissing, "the script declares no project",
                at: SourceRange(
                    file: Int(script.range.file), start: Int(script.range.start),
                    end: Int(script.range.start)),
                help: "add 'project \"Name\" { timezone \"…\", currency …, store \"shop.db\" }'")
            return
        }
        for other in nodes.dropFirst() {
            report(
                .declaredTwice, "there is a project already",
                at: other.token("keyword")?.range ?? other.range,
                notes: [.init("the first", at: node.range)])
        }
        let clauses = clauses(node, "project")
        scope.project.name = node.leaf("title").map(string) ?? ""
        scope.project.store = string(clauses["store"], "path") ?? ""
        if let zone = zone(clauses["timezone"]?.leaf("zone")) { scope.project.zone = zone }
        if let token = clauses["currency"]?.leaf("currency"), let currency = currency(token) {
            scope.project.currency = currency
        }
        if let clause = clauses["week starts"],
            let day = words(clause).last.flatMap(Self.weekdays.firstIndex(of:))
        {
            scope.project.weekStart = day + 1
        }
    }

    static let weekdays = [
        "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday",
    ]

    /// A currency; one that does not exist is reported by the parser.
    func currency(_ token: Token) -> Currency? { Currency(text(token)) }

    /// The name of a zone that exists.
    func zone(_ token: Token?) -> String? {
        guard let token, token.kind == .string else { return nil }
        let name = string(token)
        guard scope.zone(name) == nil else { return name }
        report(
            .unknownZone, "there is no time zone '\(name)'", at: token.range,
            help: "write an IANA name such as \"Asia/Shanghai\" or \"America/New_York\"")
        return nil
    }
}
