import PitchProgram
import PitchSchema
import PitchSource
import PitchSyntax

/// `theme`: what templates are made for, and from what.
extension Checker {
    func checkTheme(_ node: SyntaxNode) {
        let clauses = clauses(node, "theme")
        let before = faults
        let audience = (clauses["audience"]?.node("audience")).map { node in
            whole { condition(node, Context(), for: "'audience'") }
        }
        let words = themeWords(clauses["about"])
        let candidates = names(clauses["from"], "offers").compactMap(candidate)
        if clauses["from"] != nil, candidates.isEmpty, before == faults {
            report(
                .emptyTheme, "there is no coupon or bundle to choose from",
                at: clauses["from"]?.range ?? clauses.keyword)
        }
        guard let index = ownSymbol(node) else { return }
        guard let audience, !audience.isFaulty, before == faults else {
            scope.meanings[index] = .faulty
            return
        }
        let symbol = scope.symbols.all[index]
        var theme = Theme(
            name: symbol.name, title: symbol.title, words: words, audience: audience,
            candidates: candidates, range: symbol.range)
        checkSearch(clauses, &theme)
        if before != faults {
            scope.meanings[index] = .faulty
            return
        }
        scope.meanings[index] = .theme(scope.themes.count)
        scope.themes.append(theme)
    }

    private func themeWords(_ clause: SyntaxNode?) -> [String] {
        guard let node = clause?.node("words") else { return [] }
        let elements = node.kind == .list ? node.nodes("element") : [node]
        let words = elements.compactMap { element -> String? in
            let value = require(.text, whole { expression(element, Context()) }, for: "'about'")
            guard case .text(let text)? = value.constantValue else { return nil }
            return text.allSatisfy(\.isWhitespace) ? nil : text
        }
        if words.isEmpty, elements.allSatisfy({ $0.kind == .literal }) {
            report(
                .emptyTheme, "a theme is about something", at: node.range,
                help: "'about [\"shopping festival\", \"apparel\"]'")
        }
        return words
    }

    /// A coupon or a bundle that an optimizer may choose: something bounds what it costs.
    func candidate(_ node: SyntaxNode) -> Offer? {
        guard let index = symbol(node, [.coupon, .bundle], "coupon or bundle") else { return nil }
        switch scope.meanings[index] {
        case .coupon(let coupon):
            checkBound(of: [coupon], at: node.range)
            return .coupon(CouponQuantity(coupon: coupon, quantity: 1))
        case .bundle(let bundle):
            checkBound(of: scope.bundles[bundle].items.map(\.coupon), at: node.range)
            return .bundle(bundle, quantity: 1)
        default: return nil
        }
    }

    private func checkSearch(_ clauses: Clauses, _ theme: inout Theme) {
        let bounds = 0...Limits.stock
        if let clause = clauses["quantity"],
            let least = integer(clause, "least", bounds, "the quantity"),
            let most = integer(clause, "most", bounds, "the quantity")
        {
            if least > most {
                report(.emptyRange, "the least is above the most", at: clause.range)
            } else {
                theme.quantity = Int(least)...Int(most)
            }
            if let steps = integer(clause, "steps", 1...10_000, "the steps") {
                theme.steps = Int(steps)
            }
        }
        theme.similarity =
            share(clauses["similarity"], "similarity", "the similarity") ?? theme.similarity
        theme.otherThemes =
            share(clauses["other themes weigh"], "weight", "the weight") ?? theme.otherThemes
        if let clause = clauses["prior"], let prior = share(clause, "prior", "the prior") {
            if !(1..<1_000_000).contains(prior) {
                report(.outOfBounds, "expected a prior above 0% and below 100%", at: clause.range)
            }
            theme.prior = prior
        }
        let tries = integer(clauses["tries"], "tries", 1...10_000_000, "the tries")
        theme.tries = tries.map { Int($0) } ?? theme.tries
        if let clause = clauses["time at most"], let period = period(clause.node("time")) {
            guard let length = period.milliseconds else {
                report(
                    .periodExpected, "expected seconds, minutes or hours, found '\(period.text)'",
                    at: clause.range)
                return
            }
            theme.timeLimit = length
        }
    }
}
