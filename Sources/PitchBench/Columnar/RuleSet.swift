import PitchTestSupport

/// Rules as marketers write many of: conditions that recur, with `or` and `not`.
struct RuleSet {
    struct Rule: Encodable {
        /// All of them hold.
        let clauses: [Clause]
        var pitch: String { clauses.map(\.pitch).joined(separator: " and ") }
    }

    struct Clause: Encodable {
        let isNegated: Bool
        /// Any of them holds.
        let conditions: [Condition]

        var pitch: String {
            let any = conditions.map(\.pitch).joined(separator: " or ")
            return isNegated ? "not (\(any))" : conditions.count > 1 ? "(\(any))" : any
        }
    }

    let rules: [Rule]

    init(count: Int) {
        var conditions = ConditionDraw(seed: 4)
        rules = (0..<count).map { _ in
            Rule(
                clauses: (0..<conditions.dice.roll(3...6)).map { _ in
                    Clause(
                        isNegated: conditions.dice.chance(15),
                        conditions: (0..<(conditions.dice.chance(20) ? 2 : 1)).map { _ in
                            conditions.draw()
                        })
                })
        }
    }

    /// Every use of a condition.
    var uses: [Condition] { rules.flatMap(\.clauses).flatMap(\.conditions) }

    /// The different counts and sums that are compared.
    var aggregates: Set<String> { Set(uses.compactMap(\.aggregate)) }
}

/// One comparison, in a form that other engines translate as well.
struct Condition: Hashable, Encodable {
    enum Subject: String, Encodable {
        case age, city, ltv
        case lastOrder = "last_order"
        case signup, tag, count, sum
    }

    let subject: Subject
    /// Cities or the tag.
    var words: [String] = []
    /// `age` from, to; `ltv` above yuan; dates before so many days ago; `count` days, above yuan,
    /// at least; `sum` days, at least yuan.
    var numbers: [Int] = []

    var pitch: String {
        switch subject {
        case .age: "age between \(numbers[0]) and \(numbers[1])"
        case .city: "city in [" + words.map { "\"\($0)\"" }.joined(separator: ", ") + "]"
        case .ltv: "ltv > \(numbers[0]) CNY"
        case .lastOrder, .signup: "\(subject.rawValue) before \(numbers[0]) days ago"
        case .tag: "tags has \"\(words[0])\""
        case .count: "\(aggregate ?? "") >= \(numbers[2])"
        case .sum: "\(aggregate ?? "") >= \(numbers[1]) CNY"
        }
    }

    var aggregate: String? {
        switch subject {
        case .count:
            """
            count(actions in last \(numbers[0]) days \
            where kind = order and amount > \(numbers[1]) CNY)
            """
        case .sum: "sum(actions.amount in last \(numbers[0]) days where kind = order)"
        default: nil
        }
    }
}

/// Draws conditions whose bounds are round, as people's are, so that many recur.
private struct ConditionDraw {
    var dice: Dice
    private let cityLists: [[String]]

    init(seed: UInt64) {
        var dice = Dice(seed: seed)
        let cities = Population.frequentCities(60)
        cityLists = (0..<60).map { _ in
            let wanted = dice.roll(2...20)
            var list: [String] = []
            while list.count < wanted {
                let city = dice.pick(cities)
                if !list.contains(city) { list.append(city) }
            }
            return list
        }
        self.dice = dice
    }

    mutating func draw() -> Condition {
        let subject = dice.pick(weighted: [
            (6, Condition.Subject.age), (6, .city), (6, .ltv), (6, .lastOrder), (3, .signup),
            (8, .tag), (6, .count), (2, .sum),
        ])
        switch subject {
        case .age:
            let from = dice.pick([18, 20, 25, 30, 35, 40, 45, 50])
            return Condition(subject: .age, numbers: [from, from + dice.pick([10, 15, 20, 30])])
        case .city: return Condition(subject: .city, words: dice.pick(cityLists))
        case .ltv: return Condition(subject: .ltv, numbers: [dice.roll(1...24) * 100])
        case .lastOrder: return Condition(subject: .lastOrder, numbers: [dice.pick(Self.days)])
        case .signup: return Condition(subject: .signup, numbers: [dice.roll(1...15) * 180])
        case .tag:
            let rank = dice.roll(0...39)
            return Condition(subject: .tag, words: [rank == 2 ? "beauty" : "tag\(rank)"])
        case .count:
            return Condition(
                subject: .count,
                numbers: [
                    dice.pick([7, 30, 90, 180, 365]), dice.pick([50, 100, 200]), dice.roll(1...3),
                ])
        case .sum:
            return Condition(
                subject: .sum,
                numbers: [dice.pick([30, 90, 180, 365]), dice.pick([100, 300, 500, 1000])])
        }
    }

    private static let days = [7, 14, 21, 30, 45, 60, 75, 90, 120, 150, 180, 210, 270, 300, 365]
}
