import Foundation
import PitchProgram
import PitchSchema
import PitchStore
import Testing

/// A folder of its own for one test, removed with it, and a small shop's declarations.
final class Shop {
    let folder: String
    var storePath: String { folder + "/shop.db" }

    /// - Parameter parent: where the folder is made, if it is there.
    init(below parent: String = "") throws {
        let isThere = FileManager.default.isWritableFile(atPath: parent)
        let parent = isThere ? parent : FileManager.default.temporaryDirectory.path
        folder = parent + "/pitch-\(UUID().uuidString)"
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    func write(_ name: String, _ text: String) throws { try write(name, Array(text.utf8)) }

    func write(_ name: String, _ bytes: [UInt8]) throws {
        try Data(bytes).write(to: URL(filePath: folder + "/" + name))
    }

    /// The store as it was, without what a load left beside it.
    func replaceStore(by bytes: [UInt8]) throws {
        for suffix in ["-wal", "-shm"] { unlink(storePath + suffix) }
        try write("shop.db", bytes)
    }

    func bytes(_ name: String) throws -> [UInt8] {
        try [UInt8](Data(contentsOf: URL(filePath: folder + "/" + name)))
    }

    func open(_ access: Store.Access = .readWrite) throws -> Store {
        try Store(path: storePath, access: access)
    }

    @discardableResult
    func load(_ program: Program = Shop.program()) throws -> LoadReport {
        let store = try open()
        defer { store.close() }
        return try store.load(program, folder: folder, at: 0)
    }

    static var yuan: Currency {
        get throws { try #require(Currency("CNY")) }
    }

    static func program(
        _ dataSets: [DataSet] = [members(), orders()], zone: String = "Asia/Shanghai"
    ) -> Program {
        let currency = Currency("CNY") ?? Currency("USD")
        guard let currency else { preconditionFailure("CNY is a currency") }
        return Program(
            project: Project(name: "shop", zone: zone, currency: currency, store: "shop.db"),
            dataSets: dataSets)
    }

    static func members(_ fields: [Field]? = nil, source: DataSource? = nil) -> DataSet {
        DataSet(
            kind: .members, name: "members", source: source ?? .csv(glob: "members.csv"),
            fields: fields ?? [
                Field("member_id", .text), Field("city", .text),
                Field("born", .date, isOptional: true), Field("tags", .tags, isOptional: true),
            ], key: [0])
    }

    static func orders(_ fields: [Field]? = nil, source: DataSource? = nil) -> DataSet {
        let amount = (try? yuan).map { ValueType.money($0) } ?? .error
        return DataSet(
            kind: .events, name: "orders", source: source ?? .csv(glob: "orders*.csv"),
            fields: fields ?? [
                Field("order_id", .text), Field("member_id", .text), Field("at", .instant),
                Field("amount", amount, column: "total"),
                Field("channel", .choice(["web", "app"]), isOptional: true),
            ], key: [0], member: 1, at: 2)
    }

    /// Two members and three orders.
    func writeSample() throws {
        try write(
            "members.csv", "member_id,city,born,tags\nm1,上海,1990-02-28,b|a||b\nm2,\"X, Y\",,\n")
        try write(
            "orders.csv",
            """
            order_id,total,member_id,at,channel
            o1,12.50,m1,2026-03-01 09:30,web
            o2,1,m2,2026-03-01T09:30:00Z,
            o3,0.01,m1,2026-02-01 00:00:00.25,app

            """)
    }
}
