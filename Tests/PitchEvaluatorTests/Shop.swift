import PitchEvaluator
import PitchProgram
import PitchSchema

/// A small world in New York time: one member, orders dated by instant, visits dated by day, and
/// products to look up.
enum Shop {
    static let currency = required(Currency("USD"))
    static let dollars = ValueType.money(currency)
    static let celsius = ValueType.quantity(required(Unit.named("C")))

    /// New York 2017: forward at 07:00 UTC on 12 March, back at 06:00 UTC on 5 November.
    static let newYork = ZoneRules(
        name: "America/New_York", starts: [.min, 1_489_302_000_000, 1_509_861_600_000],
        offsets: [-18_000_000, -14_400_000, -18_000_000])

    static let members = DataSetID(0)
    static let orders = DataSetID(1)
    static let visits = DataSetID(2)
    static let products = DataSetID(3)

    static let source = DataSource.csv(glob: "rows.csv")

    static let program = Program(
        project: Project(
            name: "Shop", zone: "America/New_York",
            currency: currency, store: "shop.db"),
        dataSets: [
            DataSet(
                kind: .members, name: "members", source: source,
                fields: [Field("key", .text), Field("value", .integer, isOptional: true)],
                key: [0]),
            DataSet(
                kind: .events, name: "orders", source: source,
                fields: [
                    Field("key", .text), Field("at", .instant),
                    Field("amount", dollars, isOptional: true),
                    Field("product", .reference("products"), isOptional: true),
                ], key: [0], at: 1, scene: .purchase),
            DataSet(
                kind: .events, name: "visits", source: source,
                fields: [Field("key", .text), Field("day", .date)], key: [0], at: 1),
            DataSet(
                kind: .table, name: "products", source: source,
                fields: [
                    Field("key", .text), Field("department", .text, isOptional: true),
                ], key: [0]),
        ])

    /// Every optional in these fixtures is a literal of the test's author.
    static func required<Literal>(_ literal: Literal?) -> Literal {
        guard let literal else { preconditionFailure("a literal of the tests is wrong") }
        return literal
    }

    static func day(_ year: Int, _ month: Int, _ day: Int) -> Int32 {
        Int32(required(CivilDate(year: year, month: month, day: day)).days)
    }

    /// A day written `2017-02-28`.
    static func day(_ text: String) -> Int32 {
        let parts = text.split(separator: "-").compactMap { Int($0) }
        return day(parts[0], parts[1], parts[2])
    }

    /// The instant of a New York wall-clock time.
    static func at(
        _ year: Int, _ month: Int, _ date: Int, _ hour: Int = 0, _ minute: Int = 0,
        plus milliseconds: Int64 = 0
    ) -> Int64 {
        let time = Int64(hour * 60 + minute) * 60_000
        return newYork.instant(day: day(year, month, date), time: time) + milliseconds
    }

    static func order(
        _ row: Int64, at instant: Int64, _ minor: Int64? = 100, _ product: String? = nil
    )
        -> EventRecord
    {
        EventRecord(
            row: row,
            values: [
                .text(String(row)), .instant(instant), minor.map(Value.money) ?? .missing,
                product.map(Value.text) ?? .missing,
            ])
    }

    static func visit(_ row: Int64, on day: Int32) -> EventRecord {
        EventRecord(row: row, values: [.text(String(row)), .date(day)])
    }
}

struct Products: TableRows {
    func row(of table: DataSetID, key: String) -> [Value]? {
        switch key {
        case "bun": [.text("bun"), .text("PASTRY")]
        case "ham": [.text("ham"), .missing]
        default: nil
        }
    }
}

/// What an expression gives: a value, or nil when it fails.
func evaluate(
    _ expression: Expression, now: Int64 = Shop.at(2017, 6, 15, 12), weekStart: Int = 1,
    value: Value = .missing, orders: [EventRecord] = [], visits: [EventRecord] = [],
    definitions: [Definition] = [], event: EventRecord? = nil, occurrence: Occurrence? = nil
) -> Value? {
    var program = Shop.program
    program.definitions = definitions
    let evaluator = Evaluator(
        program: program, moment: Moment(now: now, zone: Shop.newYork, weekStart: weekStart),
        tables: Products())
    let member = MemberRecord(
        key: "m", values: [.text("m"), value],
        events: [Shop.orders.index: orders, Shop.visits.index: visits])
    return try? evaluator.evaluate(
        expression, for: member, event: event, occurrence: occurrence)
}

// MARK: - Expressions, briefly

func constant(_ value: Value, _ type: ValueType) -> Expression {
    Expression(.constant(value), type)
}
func integer(_ count: Int64) -> Expression { constant(.integer(count), .integer) }
func number(_ millionths: Int64) -> Expression { constant(.number(millionths), .number) }
func percent(_ millionths: Int64) -> Expression { constant(.percent(millionths), .percent) }
func money(_ minor: Int64) -> Expression { constant(.money(minor), Shop.dollars) }
func text(_ text: String) -> Expression { constant(.text(text), .text) }
func date(_ day: Int32) -> Expression { constant(.date(day), .date) }
func instant(_ instant: Int64) -> Expression { constant(.instant(instant), .instant) }
func truth(_ node: Expression.Node) -> Expression { Expression(node, .truth) }

/// Missing, of a type.
func missing(_ type: ValueType) -> Expression {
    Expression(.choose([], otherwise: nil), type)
}
/// Fails with an overflow.
let failing = Expression(.negate(integer(.min)), .integer)
let yes = constant(.truth(true), .truth)
let no = constant(.truth(false), .truth)
let unknown = missing(.truth)
let failed = truth(.compare(.equal, failing, failing))

let amount = Expression(.eventField(FieldID(Shop.orders, 2)), Shop.dollars)

func aggregate(
    _ function: Aggregate.Function, over dataSet: DataSetID = Shop.orders,
    _ argument: Expression? = nil, in window: Window? = nil, where filter: Expression? = nil,
    position: Int = 1, by unit: CalendarUnit = .day, other: Bool = false,
    type: ValueType = .integer
) -> Expression {
    Expression(
        .aggregate(
            Aggregate(
                function, over: dataSet, argument: argument, window: window, filter: filter,
                position: position, unit: unit, excludesOccurrence: other)), type)
}
