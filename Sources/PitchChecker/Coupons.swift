import PitchProgram
import PitchSchema
import PitchSource
import PitchSyntax

/// `coupon` and `bundle`.
extension Checker {
    func checkOffers(_ found: DeclarationList) {
        each("coupon", of: found) { checkCoupon($0) }
        checkStackings()
        each("bundle", of: found) { checkBundle($0) }
        each("channel", of: found) { checkChannel($0) }
        each("message", of: found) { checkMessage($0) }
        checkRedemptionFields()
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
        let products = clauses["applies to"].flatMap(products)
        let perMember = integer(
            clauses["per member at most"], "count", 1...Limits.perMember, "a member's coupons")
        let stacking = stacking(clauses)
        let kind = couponKind(clauses)
        guard let index = ownSymbol(node) else { return }
        guard let kind else {
            scope.meanings[index] = .unexecuted
            return
        }
        let symbol = scope.symbols.all[index]
        if let clause = clauses["exclusive"] ?? clauses["stacks with"] {
            stackings.append((scope.coupons.count, clause.range))
        }
        scope.meanings[index] = .coupon(scope.coupons.count)
        scope.coupons.append(
            Coupon(
                name: symbol.name, title: symbol.title, kind: kind, thresholdMinor: threshold,
                validity: validity ?? .days(1), stock: stock, expectedUse: use,
                products: products, perMember: perMember.map { Int($0) }, stacking: stacking,
                range: symbol.range))
    }

    private func validity(_ clause: SyntaxNode?) -> Coupon.Validity? {
        guard let clause else { return nil }
        guard let length = clause.node("length") else {
            return days(clause).map { Coupon.Validity.dates(first: $0.first, last: $0.last) }
        }
        guard let period = period(length) else { return nil }
        guard let days = period.wholeDays, days <= 36_525 else {
            report(
                .periodExpected, "expected days or weeks, found '\(text(length))'",
                at: length.range,
                help: "a coupon ends with a local day: 'valid 14 days'")
            return nil
        }
        return .days(days)
    }

    /// What a coupon applies to: a condition over a row of the table `products`, or of the only
    /// table.
    private func products(_ clause: SyntaxNode) -> Coupon.Products? {
        guard let node = clause.node("predicate") else { return nil }
        let tables = scope.dataSets.indices.filter { scope.dataSets[$0].kind == .table }
        let named = tables.first { scope.dataSets[$0].name == "products" }
        guard let index = named ?? (tables.count == 1 ? tables[0] : nil) else {
            report(
                .productCondition, "there is no table 'products' to look a product up in",
                at: clause.range, help: "declare it: 'table products from csv …'")
            return nil
        }
        let table = DataSetID(index)
        let condition = whole {
            self.condition(node, Context(row: .event(table)), for: "'applies to'")
        }
        if condition.isFaulty { return nil }
        guard condition.readsOnlyItsRow else {
            report(
                .productCondition,
                "'applies to' is about a product: it can name the fields of '\(scope.dataSet(table).name)' only",
                at: node.range, help: "say who gets the coupon in the strategy, with 'for' or 'if'")
            return nil
        }
        return Coupon.Products(table: table, condition: condition, text: text(node))
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
        checkCombination(items, "the bundle", at: node.leaf("name")?.range ?? node.range)
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

extension Period {
    /// How many days it is; nil for hours and less, months and more.
    var wholeDays: Int? {
        switch unit {
        case .day: Int(amount)
        case .week: Int(amount) * 7
        default: nil
        }
    }

    /// How many months it is; nil for weeks and less.
    var wholeMonths: Int? {
        switch unit {
        case .month: Int(amount)
        case .quarter: Int(amount) * 3
        case .year: Int(amount) * 12
        default: nil
        }
    }
}

extension Expression {
    /// Whether it reads nothing of a member: only the row in scope, tables and the time.
    fileprivate var readsOnlyItsRow: Bool {
        switch node {
        case .memberField, .definition, .aggregate, .occurrenceField: false
        default: operands.allSatisfy(\.readsOnlyItsRow)
        }
    }
}
