import PitchProgram
import PitchSchema
import PitchSource
import PitchSyntax

extension Checker {
    /// The one project of a program.
    func checkProject(_ nodes: [SyntaxNode], script: SyntaxNode?) {
        guard let node = nodes.first else {
            if let currency = writtenCurrency() { scope.project.currency = currency }
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
        let currency = clauses["currency"]?.leaf("currency").flatMap(currency)
        scope.project.currency = currency ?? writtenCurrency() ?? scope.project.currency
        if let clause = clauses["week starts"],
            let day = words(clause).last.flatMap(Self.weekdays.firstIndex(of:))
        {
            scope.project.weekStart = day + 1
        }
    }

    /// The first currency of an amount: the project's, for all that follows, when that is not
    /// declared, which is reported once.
    private func writtenCurrency() -> Currency? {
        var open = trees.reversed().map(\.root)
        while let node = open.popLast() {
            let token = node.kind == .quantity ? node.leaf("unit") : node.leaf("currency")
            if let currency = token.flatMap(currency) { return currency }
            open += node.nodes.reversed()
        }
        return nil
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
