import Foundation
import GRDB

extension TestShop {
    /// Every row that a load leaves, as text by table; without what differs from folder to folder,
    /// the identities of the files.
    func loadedTables() throws -> [String: [String]] {
        var configuration = Configuration()
        configuration.readonly = true
        let queue = try DatabaseQueue(
            path: folder.appending(path: "shop.db").path, configuration: configuration)
        defer { try? queue.close() }
        return try queue.read { database in
            let names = try String.fetchAll(
                database,
                sql: """
                    SELECT name FROM sqlite_schema WHERE type = 'table' AND
                    (name LIKE 'rows%' OR name LIKE 'data%' OR name = 'quarantine')
                    """)
            return try Dictionary(
                uniqueKeysWithValues: names.map { name in
                    let rows = try Row.fetchAll(database, sql: "SELECT * FROM \(name)")
                    return (name, rows.map(Self.text).sorted())
                })
        }
    }

    private static func text(_ row: Row) -> String {
        row.filter { !["identity", "files", "stamp", "kept"].contains($0.0) }.map { "\($0)=\($1)" }
            .joined(separator: " ")
    }

    /// The instant of the commands that are disturbed.
    static let now = "2026-04-02 10:30"

    /// A shop with two files of orders, one with a bad row; 600 orders fill some dozens of pages.
    static func withOrders(_ count: Int = 600) throws -> TestShop {
        let shop = try TestShop(
            purchases("at most 3 per 1 day\nlook back 30 days"), budget: "budget 9000 CNY")
        let rows = (0..<count).map { number in
            "order-\(number),\(Array("abcde")[number % 5]),2026-04-0\(1 + number % 2) "
                + "0\(number % 10):\(10 + number % 50),\(90 + number % 40),tea,,1"
        }
        try shop.append("orders.csv", rows[..<(count / 3)].joined(separator: "\n"))
        try shop.write(
            "orders2.csv",
            "order_id,member_id,at,amount,category,basket,quantity\n"
                + rows[(count / 3)...].joined(separator: "\n") + "\nbad,a,yesterday,1,,,1\n")
        return shop
    }
}

extension TestShop {
    /// Changes the store behind Pitch's back.
    func execute(_ sql: String) throws {
        let queue = try DatabaseQueue(path: folder.appending(path: "shop.db").path)
        defer { try? queue.close() }
        try queue.write { try $0.execute(sql: sql) }
    }
}
