import PitchChecker
import PitchProgram
import PitchSchema
import PitchSource
import PitchSyntax

/// The measured queries, as a marketer writes them, compiled by the checker.
struct ColumnarQueries {
    struct Query {
        let name: String
        /// One truth value each.
        let predicates: [Expression]
        /// Asked again after some members have new actions.
        var isPoll = false
        /// Whether counts and totals are kept from one time to the next.
        var keepsAggregates = false
    }

    let rules: RuleSet
    let program: Program
    let queries: [Query]
    /// About members who joined of late, and who lie next to each other.
    let recent: Expression

    /// Noon of the population's last day.
    static let moment = Moment(
        now: Population.today * millisecondsPerDay + millisecondsPerDay / 2, zone: .utc)

    init() throws {
        rules = RuleSet(count: 100)
        let filters = Self.filters + [("recent", Self.recent)]
        let segments = filters + rules.rules.enumerated().map { ("rule_\($0)", $1.pitch) }
        let text =
            ([Self.declarations] + segments.map { "segment \($0.0) = \($0.1)" })
            .joined(separator: "\n\n") + "\n"
        let tree = PitchSyntax.parse(SourceFile(name: "columnar.pitch", text: text), index: 0)
        let checked = PitchChecker.check([tree]) { _ in .utc }
        guard let program = checked.program else {
            let errors = checked.diagnostics.filter { $0.severity == .error }
            let text = errors.map(\.message).joined(separator: "; ")
            throw BenchError.wrong("the generated script is refused: \(text)")
        }
        self.program = program
        func predicates(_ isIncluded: (String) -> Bool) -> [Expression] {
            program.definitions.filter { isIncluded($0.name) }.map(\.expression)
        }
        guard let recent = predicates({ $0 == "recent" }).first else {
            throw BenchError.wrong("the generated script has no 'recent'")
        }
        self.recent = recent
        let rulePredicates = predicates { $0.hasPrefix("rule_") }
        queries =
            Self.filters.map { filter in
                Query(name: filter.name, predicates: predicates { $0 == filter.name })
            }
            + [
                Query(name: "q4", predicates: rulePredicates, keepsAggregates: true),
                Query(name: "q4e", predicates: rulePredicates),
                Query(name: "q6", predicates: rulePredicates, isPoll: true),
            ]
    }

    private static let declarations = """
        pitch 1
        project "Columnar" {
            timezone "UTC"
            currency CNY
            store "columnar.db"
        }

        members from csv "members.csv" {
            key member_id
            age integer
            city text
            ltv money CNY
            last_order date?
            signup date
            tags tags separated by "|"
        }

        events actions from csv "actions.csv" {
            key action_id
            member member_id
            at day date
            kind one of [\(Population.kinds.joined(separator: ", "))]
            amount money CNY
        }
        """

    private static let orders =
        "count(actions in last 30 days where kind = order and amount > 100 CNY) >= 2"

    /// Everything but the rules: selective, wide, over actions, and of both.
    private static let filters: [(name: String, pitch: String)] = [
        ("q1", selective + " and signup before 365 days ago"),
        (
            "q1w",
            """
            age between 20 and 70 and city not in ["Shanghai", "Beijing"] and ltv > 100 CNY
            and last_order before 7 days ago and not tags has "beauty"
            and signup before 30 days ago
            """
        ),
        ("q2", orders),
        ("q3", selective + " and " + orders),
        (
            "q3w",
            """
            age between 20 and 70 and ltv > 100 CNY and last_order before 7 days ago
            and \(orders)
            """
        ),
    ]

    private static let recent =
        "age between 25 and 40 and ltv > 2000 CNY and signup in last 90 days"

    private static let selective = """
        age between 25 and 40 and city in ["Shanghai", "Beijing"] and ltv > 2000 CNY
        and last_order before 60 days ago and tags has "beauty"
        """
}
