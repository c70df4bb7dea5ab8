import PitchColumnar
import PitchProgram
import PitchSchema

/// SplitMix64 (Steele, Lea and Flood, 2014): the same rows for the same seed.
struct Seeded: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// The row with some of the values of some fields missing.
    mutating func thin(_ row: [Value], fields: [Int]) -> [Value] {
        var row = row
        for field in fields where Int.random(in: 0..<6, using: &self) == 0 {
            row[field] = .missing
        }
        return row
    }
}

/// A small shop of random rows, as rows of values and as columns.
final class Shop: ColumnSource {
    static let currency: Currency = {
        guard let currency = Currency("CNY") else { preconditionFailure("ISO 4217 lists CNY") }
        return currency
    }()
    static let cny = ValueType.money(currency)
    static let orders = DataSetID(1)
    static let visits = DataSetID(2)
    static let products = DataSetID(3)
    static let now: Int64 = 1_775_000_000_123

    let program: Program
    /// By data set; events in the order of their index.
    private(set) var rows: [[[Value]]] = [[], [], [], []]
    /// Of the events of orders and visits: the rows of every member.
    private(set) var eventRows: [[Range<Int>]] = [[], [], [], []]
    private(set) var asked: Set<FieldID> = []
    let productKeys = ["bread", "brioche", "ham", "héron", "茶"]

    /// Where each member is without `sortedBy`.
    private(set) var places: [Int] = []

    /// - Parameter sortedBy: a field by which members lie; those without a value come first.
    init(
        members: Int, seed: UInt64 = 7, definitions: [Definition] = [], sortedBy: Int? = nil
    ) {
        program = Program(
            project: Project(
                name: "Shop", zone: "UTC", currency: Self.currency, store: "shop.db"),
            dataSets: Self.dataSets, definitions: definitions)
        var random = Seeded(state: seed)
        rows[0] = (0..<members).map { _ in Self.member(&random) }
        places = Array(0..<members)
        if let field = sortedBy {
            let mixed = rows[0]
            func value(_ place: Int) -> Int64 { mixed[place][field].raw ?? .min }
            places.sort { (value($0), $0) < (value($1), $1) }
            rows[0] = places.map { mixed[$0] }
        }
        for (set, make) in [(1, Self.order), (2, Self.visit)] {
            for _ in 0..<members {
                let count = max(0, Int.random(in: -2...9, using: &random))
                let events = (0..<count).map { _ in make(&random) }
                let sorted = events.sorted { ($0[0].raw ?? 0) < ($1[0].raw ?? 0) }
                eventRows[set].append(rows[set].count..<rows[set].count + count)
                rows[set] += sorted
            }
        }
        rows[3] = [
            [.text("bakery"), .money(500)], [.text("bakery"), .missing], [.missing, .money(900)],
            [.text("meat"), .money(1200)], [.text("drinks"), .money(0)],
        ]
    }

    private static func member(_ random: inout Seeded) -> [Value] {
        let cities = ["Shanghai", "Beijing", "上海", "São Paulo", ""]
        let tags = ["beauty", "vip", "staff"].filter { _ in Bool.random(using: &random) }
        let row: [Value] = [
            .integer(.random(in: 10...80, using: &random)),
            .money(.random(in: -500...5000, using: &random)),
            .text(cities.randomElement(using: &random) ?? ""),
            .date(.random(in: 0...20_500, using: &random)),
            .instant(now - .random(in: -5...5, using: &random) * 86_400_000),
            .truth(.random(using: &random)),
            .tags(tags.shuffled(using: &random)),
            .number(.random(in: -3_000_000...3_000_000, using: &random)),
            .integer(
                [Int64.max, .min, 0, 1, -1, 7].randomElement(using: &random) ?? 0),
        ]
        return random.thin(row, fields: Array(0..<8))
    }

    private static func order(_ random: inout Seeded) -> [Value] {
        let edges: [Int64] = [-1, 0, 1]
        let edge = edges.randomElement(using: &random) ?? 0
        let at = now - .random(in: -2...40, using: &random) * 86_400_000 + edge
        let products = ["bread", "ham", "héron", "茶", "lost", "brioche"]
        let row: [Value] = [
            .instant(at), .money(.random(in: -100...900, using: &random)),
            .text(products.randomElement(using: &random) ?? ""),
            .truth(.random(using: &random)),
            .integer([Int64.max, .min, 0, 1, -1, 7].randomElement(using: &random) ?? 0),
            .tags(["gift", "late"].filter { _ in Bool.random(using: &random) }),
        ]
        return random.thin(row, fields: [1, 2, 3, 5])
    }

    private static func visit(_ random: inout Seeded) -> [Value] {
        let today = ZoneRules.utc.day(of: now)
        return [
            .date(today - .random(in: -3...12, using: &random)),
            .integer(.random(in: 0...5, using: &random)),
        ]
    }

    private static let dataSets: [DataSet] = [
        DataSet(
            kind: .members, name: "members", source: .csv(glob: "m"),
            fields: [
                Field("age", .integer, isOptional: true), Field("spent", cny, isOptional: true),
                Field("city", .text, isOptional: true), Field("born", .date, isOptional: true),
                Field("seen", .instant, isOptional: true), Field("sms", .truth, isOptional: true),
                Field("tags", .tags, isOptional: true), Field("ratio", .number, isOptional: true),
                Field("extreme", .integer),
            ]),
        DataSet(
            kind: .events, name: "orders", source: .csv(glob: "o"),
            fields: [
                Field("at", .instant), Field("amount", cny, isOptional: true),
                Field("product", .reference("products"), isOptional: true),
                Field("paid", .truth, isOptional: true), Field("extreme", .integer),
                Field("marks", .tags, isOptional: true),
            ], at: 0),
        DataSet(
            kind: .events, name: "visits", source: .csv(glob: "v"),
            fields: [Field("at", .date), Field("pages", .integer)], at: 0),
        DataSet(
            kind: .table, name: "products", source: .csv(glob: "p"),
            fields: [
                Field("department", .text, isOptional: true), Field("price", cny, isOptional: true),
            ]),
    ]

    // MARK: - Columns

    var memberCount: Int { rows[0].count }

    func keys(_ table: DataSetID) throws -> [String] { productKeys }

    func events(_ dataSet: DataSetID) throws -> EventIndex {
        let ranges = eventRows[dataSet.index]
        return EventIndex(offsets: [0] + ranges.map { Int32($0.upperBound) })
    }

    func column(_ field: FieldID) throws -> ColumnVector {
        asked.insert(field)
        let type = program.dataSets[field.dataSet.index].fields[field.index].type
        return Self.column(rows[field.dataSet.index].map { $0[field.index] }, type)
    }

    private static func column(_ values: [Value], _ type: ValueType) -> ColumnVector {
        var missing = Bitmap(count: values.count)
        for (row, value) in values.enumerated() where value.isMissing { missing[row] = true }
        let mask = missing.population == 0 ? nil : missing
        switch type.storage {
        case .integer:
            return ColumnVector(type: type, integers: values.map { $0.raw ?? 0 }, missing: mask)
        case .text:
            var dictionary: [String] = []
            let codes = values.map { value -> Int32 in
                guard case .text(let text) = value else { return 0 }
                return code(of: text, in: &dictionary)
            }
            return ColumnVector(
                type: type, codes: codes, TextDictionary(dictionary), missing: mask)
        case .tags: return tagColumn(values, type, missing: mask)
        }
    }

    private static func tagColumn(
        _ values: [Value], _ type: ValueType, missing: Bitmap?
    ) -> ColumnVector {
        var dictionary: [String] = []
        var offsets: [Int32] = [0]
        var elements: [Int32] = []
        for value in values {
            if case .tags(let tags) = value {
                elements += tags.map { code(of: $0, in: &dictionary) }.sorted()
            }
            offsets.append(Int32(elements.count))
        }
        return ColumnVector(
            type: type, tagOffsets: offsets, codes: elements, TextDictionary(dictionary),
            missing: missing)
    }

    private static func code(of text: String, in dictionary: inout [String]) -> Int32 {
        if let code = dictionary.firstIndex(of: text) { return Int32(code) }
        dictionary.append(text)
        return Int32(dictionary.count - 1)
    }
}

/// Shorthands for expressions over the shop.
enum Make {
    static func member(_ index: Int) -> Expression {
        let types: [ValueType] = [
            .integer, Shop.cny, .text, .date, .instant, .truth, .tags, .number, .integer,
        ]
        return Expression(.memberField(index), types[index])
    }

    static func order(_ index: Int) -> Expression {
        let types: [ValueType] = [
            .instant, Shop.cny, .reference("products"), .truth, .integer, .tags,
        ]
        return Expression(.eventField(FieldID(Shop.orders, index)), types[index])
    }

    static func visit(_ index: Int) -> Expression {
        Expression(.eventField(FieldID(Shop.visits, index)), index == 0 ? .date : .integer)
    }

    static func integer(_ value: Int64) -> Expression {
        Expression(.constant(.integer(value)), .integer)
    }

    static func money(_ value: Int64) -> Expression {
        Expression(.constant(.money(value)), Shop.cny)
    }

    static func text(_ value: String) -> Expression {
        Expression(.constant(.text(value)), .text)
    }

    static func truth(_ node: Expression.Node) -> Expression { Expression(node, .truth) }

    static func aggregate(_ aggregate: Aggregate, _ type: ValueType = .integer) -> Expression {
        Expression(.aggregate(aggregate), type)
    }
}

/// What a naive loop says of one row.
enum Answer: Equatable {
    case value(Value)
    case failed

    static let missing = Answer.value(.missing)

    static func truth(_ flag: Bool?) -> Answer { .value(flag.map { .truth($0) } ?? .missing) }
}

extension Shop {
    /// The runtime's answers for all members: by chunks of 64, by one chunk, and gathered.
    func answers(_ expression: Expression, chunkRows: Int = 64) throws -> [Answer] {
        let runtime = ColumnarRuntime(
            program: program, moment: Moment(now: Self.now, zone: .utc), source: self,
            chunkRows: chunkRows)
        if expression.type == .truth {
            let selection = try runtime.select(expression)
            return (0..<memberCount).map { row in
                if selection.failed[row] { return .failed }
                return selection.isKnown[row] ? .truth(selection.isTrue[row]) : .missing
            }
        }
        return try gathered(expression)
    }

    /// The answers by way of `values`, in reverse order of the members and back.
    func gathered(_ expression: Expression) throws -> [Answer] {
        let runtime = ColumnarRuntime(
            program: program, moment: Moment(now: Self.now, zone: .utc), source: self)
        let members = (0..<Int32(memberCount)).reversed().map(\.self)
        return try runtime.values(expression, for: members).reversed().map { result in
            switch result {
            case .success(.tags(let tags)): .value(.tags(tags.sorted()))
            case .success(let value): .value(value)
            case .failure: .failed
            }
        }
    }
}
