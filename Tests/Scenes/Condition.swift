import PitchTestSupport

/// A condition as the script has it, and what it is by the rules of the language: nil is unknown.
indirect enum Condition {
    case compare(Term, String, Int)
    case equals(Term, String)
    case isMissing(Term)
    case not(Condition)
    case and(Condition, Condition)
    case or(Condition, Condition)

    var text: String {
        switch self {
        case .compare(let term, let sign, let number): "\(term.text) \(sign) \(number)\(term.unit)"
        case .equals(let term, let word):
            "\(term.text) = \(term.isChoice ? word : "\"\(word)\"")"
        case .isMissing(let term): "\(term.text) is missing"
        case .not(let condition): "not (\(condition.text))"
        case .and(let left, let right): "(\(left.text) and \(right.text))"
        case .or(let left, let right): "(\(left.text) or \(right.text))"
        }
    }

    func holds(_ value: (Term) -> Field) -> Bool? {
        switch self {
        case .compare(let term, let sign, let number):
            guard case .number(let found) = value(term) else { return nil }
            return sign == "<" ? found < number : found >= number
        case .equals(let term, let word):
            guard case .text(let found) = value(term) else { return nil }
            return found == word
        case .isMissing(let term): return value(term) == .missing
        case .not(let condition): return condition.holds(value).map { !$0 }
        case .and(let left, let right):
            let sides = [left.holds(value), right.holds(value)]
            return sides.contains(false) ? false : sides.contains(nil) ? nil : true
        case .or(let left, let right):
            let sides = [left.holds(value), right.holds(value)]
            return sides.contains(true) ? true : sides.contains(nil) ? nil : false
        }
    }
}

/// What a condition reads.
enum Term: Hashable {
    case event(String, unit: String, isChoice: Bool)
    case member(String)
    /// Of the occurrence.
    case this(String, unit: String)
    /// The orders of the member in a window, of at least so much.
    case count(in: Span?, amount: Int?, isOther: Bool)
    case sum(in: Span?)

    var text: String {
        switch self {
        case .event(let name, _, _), .member(let name): name
        case .this(let name, _): "this.\(name)"
        case .count(let span, let amount, let isOther):
            "count(\(isOther ? "other " : "")orders" + (span.map { " in last \($0.text)" } ?? "")
                + (amount.map { " where amount >= \($0) CNY" } ?? "") + ")"
        case .sum(let span): "sum(orders.amount" + (span.map { " in last \($0.text)" } ?? "") + ")"
        }
    }

    var unit: String {
        switch self {
        case .event(_, let unit, _), .this(_, let unit): unit
        case .sum: " CNY"
        case .member, .count: ""
        }
    }

    var isChoice: Bool { if case .event(_, _, true) = self { true } else { false } }
}

/// What conditions at one place of a script may read.
struct ConditionScope {
    var columns: [Column] = []
    /// Money that every occurrence has.
    var thisMoney: [String] = []
    var hasMember = false
    var hasOrders = false
    /// Whether the occurrence can be left out of the orders.
    var hasOthers = false

    /// Nil where there is nothing to ask.
    func condition(_ dice: inout Dice, depth: Int = 2) -> Condition? {
        if depth > 0, dice.chance(25) {
            guard let left = condition(&dice, depth: depth - 1),
                let right = condition(&dice, depth: depth - 1)
            else { return nil }
            return dice.pick([.and(left, right), .or(left, right), .not(left)])
        }
        var kinds: [(Int, Int)] = []
        if !columns.isEmpty { kinds.append((4, 0)) }
        if hasMember { kinds.append((3, 1)) }
        if hasOrders { kinds.append((3, 2)) }
        if !thisMoney.isEmpty { kinds.append((4, 3)) }
        if kinds.isEmpty { return nil }
        switch dice.pick(weighted: kinds) {
        case 0: return ofColumn(dice.pick(columns), &dice)
        case 1: return ofMember(&dice)
        case 2: return ofOrders(&dice)
        default:
            let term = Term.this(dice.pick(thisMoney), unit: " CNY")
            return .compare(term, dice.pick(["<", ">="]), dice.pick([20, 30, 50]))
        }
    }

    private func ofColumn(_ column: Column, _ dice: inout Dice) -> Condition {
        let term = { (unit: String) in
            Term.event(column.name, unit: unit, isChoice: false)
        }
        if column.isOptional, dice.chance(20) { return .isMissing(term("")) }
        let sign = dice.pick(["<", ">=", ">="])
        switch column.kind {
        case .money: return .compare(term(" CNY"), sign, dice.pick([10, 20, 30, 50]))
        case .integer: return .compare(term(""), sign, dice.roll(1...3))
        case .celsius: return .compare(term(" C"), sign, dice.roll(4...15))
        case .text(let words): return .equals(term(""), dice.pick(words))
        case .choice(let words):
            return .equals(.event(column.name, unit: "", isChoice: true), dice.pick(words))
        }
    }

    private func ofMember(_ dice: inout Dice) -> Condition {
        switch dice.roll(0...3) {
        case 0: .isMissing(.member(dice.pick(["city", "points"])))
        case 1: .equals(.member("city"), dice.pick(World.towns))
        default: .compare(.member("points"), dice.pick(["<", ">="]), dice.roll(1...4))
        }
    }

    private func ofOrders(_ dice: inout Dice) -> Condition {
        let span = dice.pick([nil, .minutes(120), .days(1), .days(2)] as [Span?])
        if dice.chance(30) {
            return .compare(.sum(in: span), dice.pick(["<", ">="]), dice.pick([30, 60, 100]))
        }
        let term = Term.count(
            in: span, amount: dice.chance(30) ? dice.pick([20, 50]) : nil,
            isOther: hasOthers && dice.chance(50))
        return .compare(term, dice.pick(["<", ">=", ">="]), dice.roll(1...3))
    }
}
