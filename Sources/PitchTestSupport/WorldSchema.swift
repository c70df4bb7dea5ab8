import PitchProgram
import PitchSchema

/// The declarations of generated worlds: every type as a member field, orders dated by instant,
/// visits dated by day, and products to look up.
package enum WorldSchema {
    package static let members = DataSetID(0)
    package static let orders = DataSetID(1)
    package static let visits = DataSetID(2)
    package static let products = DataSetID(3)

    package static let currency: Currency = {
        guard let currency = Currency("CNY") else { preconditionFailure("CNY is a currency") }
        return currency
    }()
    package static let celsius: Unit = {
        guard let unit = Unit.named("C") else { preconditionFailure("C is a unit") }
        return unit
    }()
    package static let tier = ValueType.choice(["gold", "silver", "bronze"])
    package static let reference = ValueType.reference("products")

    private static let source = DataSource.csv(glob: "rows.csv")

    package static let dataSets: [DataSet] = [
        DataSet(
            kind: .members, name: "members", source: source,
            fields: [
                Field("id", .text), optional("city", .text), optional("born", .date),
                optional("joined", .instant), optional("balance", .money(currency)),
                optional("rate", .percent), optional("score", .number),
                optional("points", .integer), optional("warmth", .quantity(celsius)),
                optional("wait", .duration), optional("wakes", .time), optional("vip", .truth),
                optional("tier", tier), optional("likes", .tags),
                optional("favourite", reference), Field("name", .text), Field("level", .integer),
            ], key: [0]),
        DataSet(
            kind: .events, name: "orders", source: source,
            fields: [
                Field("order_id", .text), Field("at", .instant),
                optional("amount", .money(currency)), optional("quantity", .integer),
                optional("category", .text), optional("grade", tier),
                optional("product", reference), optional("discount", .percent),
                optional("shipped", .instant), optional("gift", .truth),
                optional("weight", .number),
            ], key: [0], at: 1, scene: .purchase),
        DataSet(
            kind: .events, name: "visits", source: source,
            fields: [
                Field("visit_id", .text), Field("day", .date), optional("minutes", .integer),
                optional("page", .text), optional("due", .date), optional("stay", .duration),
                optional("heat", .quantity(celsius)), optional("labels", .tags),
                optional("opens", .time),
            ], key: [0], at: 1),
        DataSet(
            kind: .table, name: "products", source: source,
            fields: [
                Field("sku", .text), optional("department", .text),
                optional("price", .money(currency)), optional("launched", .date),
                optional("stock", .integer), optional("season", tier),
            ], key: [0]),
    ]

    private static func optional(_ name: String, _ type: ValueType) -> Field {
        Field(name, type, isOptional: true)
    }

    /// Types of which values are made and compared.
    package static let types: [ValueType] = [
        .integer, .number, .percent, .money(currency), .text, .date, .instant, .time, .duration,
        .quantity(celsius), tier, reference, .tags,
    ]

    /// The fields of a type in a data set.
    package static func fields(of type: ValueType, in dataSet: DataSetID) -> [FieldID] {
        dataSets[dataSet.index].fields.indices
            .filter { dataSets[dataSet.index].fields[$0].type == type }
            .map { FieldID(dataSet, $0) }
    }
}
