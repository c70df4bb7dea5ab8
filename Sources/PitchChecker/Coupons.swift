import PitchProgram
import PitchSchema
import PitchSource
import PitchSyntax

/// `coupon` and `bundle`.
extension Checker {
    func checkOffers(_ found: DeclarationList) {
        each("coupon", of: found) { checkCoupon($0) }
        each("bundle", of: found) { checkBundle($0) }
        each("channel", of: found) { checkChannel($0) }
        each("message", of: found) { checkMessage($0) }
    }

    /// The symbol that a declaration introduced; nil when its name was taken.
    func ownSymbol(_ node: SyntaxNode) -> Int? {
        guard let token = node.leaf("name"),
            let index = scope.symbols.index(of: declaredName(token)),
            scope.symbols.all[index].range == token.range
        else { return nil }
        return index
    }

    private func checkCoupon(_ node: SyntaxNode) {
        let clauses = clauses(node, "coupon")
        let validity = validity(clauses["valid"])
        let threshold = money(clauses["threshold"], "threshold")
        let stock = integer(clauses["stock"], "stock", 1...Limits.stock, "the stock")
        let use = share(clauses["expect use"], "share", "the use")
        if let predicate = clauses["applies to"]?.node("predicate") { checkProducts(predicate) }
        let kind = couponKind(clauses)
        guard let index = ownSymbol(node) else { return }
        guard let kind else {
            scope.meanings[index] = .unexecuted
            return
        }
        let symbol = scope.symbols.all[index]
        scope.meanings[index] = .coupon(scope.coupons.count)
        scope.coupons.append(
            Coupon(
                name: symbol.name, title: symbol.title, kind: kind, thresholdMinor: threshold,
                validity: validity ?? .days(1), stock: stock, expectedUse: use, range: symbol.range)
        )
    }

    /// Nil for a kind that is not executed, and when something is wrong.
    private func couponKind(_ clauses: Clauses) -> Coupon.Kind? {
        guard let clause = clauses["kind"] else { return nil }
        let kind = words(clause).dropFirst().joined(separator: " ")
        let face = clauses["face"]?.node("face")
        let value = face.map { expression($0, Context()) }
        if let cap = clauses["cap"], kind != "percent" {
            report(.couponClause, "a \(kind) coupon has no cap", at: cap.range)
        }
        guard kind == "cash" || kind == "percent" else {
            if clauses.block != nil { leaveUnexecuted(kind, at: clause.range) }
            return nil
        }
        guard let value else {
            if clauses["face"] == nil {
                report(
                    .couponClause, "a \(kind) coupon lacks its 'face'", at: clauses.keyword,
                    help: kind == "cash"
                        ? "add 'face 20 \(scope.project.currency.code)'" : "add 'face 10%'")
            }
            return nil
        }
        return kind == "cash" ? cash(value) : percent(value, clauses["cap"])
    }

    private func cash(_ face: Expression) -> Coupon.Kind? {
        guard let minor = projectMoney(face) else { return nil }
        guard minor > 0 else {
            report(.outOfBounds, "expected a face above 0", at: face.range)
            return nil
        }
        return .cash(minor: minor)
    }

    private func percent(_ face: Expression, _ cap: SyntaxNode?) -> Coupon.Kind? {
        let capMinor = money(cap, "cap")
        if face.isFaulty { return nil }
        guard case .percent(let share)? = face.constantValue else {
            report(
                .typesDiffer, "expected a percentage as face, found \(face.type.words)",
                at: face.range, help: "a percent coupon takes off a share: 'face 10%'")
            return nil
        }
        guard (1...1_000_000).contains(share) else {
            report(.outOfBounds, "expected a face above 0% and at most 100%", at: face.range)
            return nil
        }
        return .percent(share: share, capMinor: capMinor)
    }

    private func validity(_ clause: SyntaxNode?) -> Coupon.Validity? {
        guard let clause else { return nil }
        guard let length = clause.node("length") else {
            return days(clause).map { Coupon.Validity.dates(first: $0.first, last: $0.last) }
        }
        guard let period = period(length) else { return nil }
        let perUnit: Int64? =
            switch period.unit {
            case .day: 1
            case .week: 7
            default: nil
            }
        guard let perUnit, period.amount * perUnit <= 36_525 else {
            report(
                .periodExpected, "expected days or weeks, found '\(text(length))'",
                at: length.range,
                help: "a coupon ends with a local day: 'valid 14 days'")
            return nil
        }
        return .days(Int(period.amount * perUnit))
    }

    /// What a coupon applies to: a condition over a row of the one table of products.
    private func checkProducts(_ predicate: SyntaxNode) {
        let tables = scope.dataSets.indices.filter { scope.dataSets[$0].kind == .table }
        let products = tables.first { scope.dataSets[$0].name == "products" } ?? tables.first
        guard let products else { return }
        let context = Context(row: .event(DataSetID(products)))
        _ = whole { condition(predicate, context, for: "'applies to'") }
    }

    // MARK: - Bundles

    private func checkBundle(_ node: SyntaxNode) {
        guard let block = node.node("block") else { return }
        let rows = block.nodes.filter { $0.kind == .item }
        if rows.isEmpty, !block.nodes.contains(where: { $0.kind == .skipped }) {
            report(
                .emptyBundle, "the bundle is empty",
                at: node.token("keyword")?.range ?? node.range, help: "write '2 x off20, …'")
        }
        if rows.count > Limits.fields {
            reportTooMany("a bundle", Limits.fields, "items", at: block.range)
            return
        }
        let items = rows.compactMap(item)
        guard let index = ownSymbol(node) else { return }
        let symbol = scope.symbols.all[index]
        scope.meanings[index] = .bundle(scope.bundles.count)
        scope.bundles.append(
            Bundle(name: symbol.name, title: symbol.title, items: items, range: symbol.range))
    }

    private func item(_ row: SyntaxNode) -> CouponQuantity? {
        let quantity = quantity(of: row)
        guard let node = row.node("name"), let index = symbol(node, [.coupon], "coupon"),
            case .coupon(let coupon) = scope.meanings[index], let quantity
        else { return nil }
        return CouponQuantity(coupon: coupon, quantity: quantity)
    }

    /// `2 x`; 1 when it is not written.
    func quantity(of node: SyntaxNode) -> Int? {
        guard let token = node.leaf("count") else { return 1 }
        return integer(token, 1...Int64(Limits.quantity), "a quantity", at: token.range).map {
            Int($0)
        }
    }
}
