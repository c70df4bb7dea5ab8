import CZlib
import Foundation
import GRDB
import PitchProgram
import PitchSchema
import PitchStore
import Testing

/// Bytes as gzip packs them.
func gzipped(_ bytes: [UInt8], in folder: String) throws -> [UInt8] {
    let path = folder + "/packed-\(UUID().uuidString).gz"
    let file = try #require(gzopen(path, "wb"))
    gzwrite(file, bytes, UInt32(bytes.count))
    gzclose(file)
    defer { try? FileManager.default.removeItem(atPath: path) }
    return try [UInt8](Data(contentsOf: URL(filePath: path)))
}

@Suite struct SourceTests {
    private func reason(_ shop: Shop, _ program: Program = Shop.program()) -> String {
        let error = #expect(throws: StoreError.self) { try shop.load(program) }
        return error?.description ?? ""
    }

    @Test func packedFilesAndGlobs() throws {
        let shop = try Shop()
        try shop.writeSample()
        let more = "order_id,total,member_id,at,channel\no9,1,m1,2026-03-01 09:30,web\n"
        let packed = try gzipped(Array(more.utf8), in: shop.folder)
        try shop.write("orders-2.csv.gz", packed + packed)
        // A second member of the same file begins with a header line: a row of wrong values.
        let program = Shop.program(
            [Shop.members(), Shop.orders(source: .csv(glob: "orders*"))])
        let report = try shop.load(program)
        #expect(report.files.map(\.path) == ["members.csv", "orders-2.csv.gz", "orders.csv"])
        #expect(report.files[1].new == 1 && report.files[1].unchanged == 1)
        #expect(report.files[1].quarantined == 1)
    }

    @Test(arguments: [
        ("o\0r\0d\0e\0r\0", "NUL bytes in line 1, as in UTF-16"),
        ("\n\norder_id,total,member_id,at,channel\n", "line 1 is blank"),
        ("order_id,total,total,member_id,at,channel\n", "2 columns named 'total'"),
    ])
    func headersThatAreNone(text: String, words: String) throws {
        let shop = try Shop()
        try shop.writeSample()
        try shop.write("orders.csv", text)
        #expect(reason(shop).hasPrefix("could not read 'orders.csv': "))
        #expect(reason(shop).contains(words))
    }

    @Test func aPipeIsNotWaitedFor() throws {
        let shop = try Shop()
        try shop.writeSample()
        for (name, source) in [
            ("members.csv", DataSource.csv(glob: "members.csv")),
            ("members.ndjson", .ndjson(glob: "members.ndjson")),
            ("members.db", .sqlite(path: "members.db", table: "members")),
        ] {
            unlink(shop.folder + "/" + name)
            #expect(mkfifo(shop.folder + "/" + name, 0o644) == 0)
            let program = Shop.program([Shop.members(source: source), Shop.orders()])
            #expect(reason(shop, program).contains("it is not a file"), "\(name)")
        }
    }

    /// One row too long for any reader is one row in quarantine, and the lines stay counted.
    @Test func anEndlessRow() throws {
        let shop = try Shop()
        try shop.writeSample()
        let orders = try shop.bytes("orders.csv")
        let endless = [UInt8](repeating: UInt8(ascii: "9"), count: 20 << 20)
        for tail in [Array("\nbad\n".utf8), []] {
            try shop.write("orders.csv", orders + endless + tail)
            let report = try shop.load()
            #expect(report.files[1].new + report.files[1].unchanged == 3)
            let store = try shop.open(.readOnly)
            defer { store.close() }
            #expect(try store.quarantinedRows().map(\.line) == (tail.count > 1 ? [5, 6] : [5]))
        }
    }

    @Test func linesOfJson() throws {
        let shop = try Shop()
        try shop.writeSample()
        try shop.write(
            "orders.ndjson",
            """
            {"order_id": "o1", "total": 12.50, "member_id": "m1", "at": "2026-03-01 09:30"}
            {"at": "2026-03-01T09:30:00Z", "order_id": 7, "total": 1e2, "member_id": "m\\u0032", "x": [{}]}

            {"order_id": "o3", "total": {}, "member_id": "m1", "at": "2026-03-01 09:30"}
            {"order_id": "o4"
            [1]
            {"order_id": "o5", "total": 1, "member_id": "m1", "at": "2026-03-01 09:30", "channel": null}
            """)
        let program = Shop.program(
            [Shop.members(), Shop.orders(source: .ndjson(glob: "orders.ndjson"))])
        let report = try shop.load(program)
        #expect(report.files[1].new == 3 && report.files[1].quarantined == 3)
        let store = try shop.open(.readOnly)
        #expect(try store.quarantinedRows().map(\.line) == [4, 5, 6])
        #expect(try store.quarantinedRows()[0].field == "total")
        let events = try store.events(of: 1, in: DataSetID(1), program)
        #expect(events.map(\.key) == ["7"] && events[0].values[3] == .money(10000))
    }

    @Test func tagsOfJsonLists() throws {
        let shop = try Shop()
        try shop.write(
            "members.ndjson",
            "{\"member_id\":\"m1\",\"city\":\"C\",\"tags\":[\"b\",\"\",\"a|c\"]}\n")
        let program = Shop.program([Shop.members(source: .ndjson(glob: "members.ndjson"))])
        try shop.load(program)
        let member = try shop.open(.readOnly).member("m1", program)
        #expect(member?.values[3] == .tags(["a|c", "b"]))
    }

    @Test func anotherDatabase() throws {
        let shop = try Shop()
        try shop.writeSample()
        let other = try DatabaseQueue(path: shop.folder + "/other.db")
        try other.write { db in
            try db.execute(
                sql: """
                    CREATE TABLE "my orders" (order_id, total, member_id, at, channel);
                    INSERT INTO "my orders" VALUES ('o1', 12.5, 'm1', '2026-03-01 09:30', NULL),
                    (2, 3, 'm2', '2026-03-01 09:30', 'web'), (3, 'x', 'm2', '2026-03-01', 'web');
                    """)
        }
        try other.close()
        let source = DataSource.sqlite(path: "other.db", table: "my orders")
        let program = Shop.program([Shop.members(), Shop.orders(source: source)])
        let report = try shop.load(program)
        #expect(report.files[1].new == 2 && report.files[1].quarantined == 1)
        #expect(try shop.load(program).files.allSatisfy { $0.isSkipped })
        let wrong = Shop.program(
            [Shop.members(), Shop.orders(source: .sqlite(path: "other.db", table: "my order"))])
        #expect(
            reason(shop, wrong)
                == "could not read 'other.db': it has no table 'my order'; "
                + "did you mean 'my orders'?"
        )
    }

    @Test(arguments: [
        ("", "the file is empty; expected a header line"),
        (
            "member_id;city;born;tags\n",
            "expected ',' between the columns of line 1, found ';'; declare: delimiter \";\""
        ),
        (
            "member_id,city,brn,tags\n",
            "it has no column 'born', but 'member_id', 'city', 'brn', 'tags'; did you mean 'brn'?"
        ),
        ("member_id,city,born,tags,city\n", "it has 2 columns named 'city'"),
        ("\"member_id,city\n", "the header in line 1 is wrong: its quote is never closed"),
    ])
    func wrongHeaders(text: String, expected: String) throws {
        let shop = try Shop()
        try shop.write("members.csv", text)
        let program = Shop.program([Shop.members()])
        #expect(reason(shop, program) == "could not read 'members.csv': \(expected)")
    }

    @Test func wrongFiles() throws {
        let shop = try Shop()
        let program = Shop.program([Shop.members()])
        #expect(reason(shop, program) == "could not read 'members.csv': there is no such file")
        try shop.write("members.csv", [0xFF, 0xFE, 0x6D, 0x00])
        #expect(reason(shop, program).contains("expected UTF-8, found UTF-16 at byte 0"))
        let packed = try gzipped(Array("member_id,city,born,tags\nm1,C,,\n".utf8), in: shop.folder)
        try shop.write("members.csv", Array(packed.dropLast(9)))
        #expect(reason(shop, program).contains("its gzip bytes end too early"))
        var broken = packed
        broken[broken.count - 6] ^= 0xFF
        try shop.write("members.csv", broken)
        #expect(reason(shop, program).contains("its gzip bytes are damaged"))
        let glob = Shop.program([Shop.members(source: .csv(glob: "nothing*.csv"))])
        #expect(reason(shop, glob) == "could not read 'nothing*.csv': no file has such a name")
    }

    @Test func aByteOrderMarkAndCarriageReturnsAreNoText() throws {
        let shop = try Shop()
        try shop.write(
            "members.csv", "\u{FEFF}member_id,city,born,tags\r\nm1,\"C\",,\r\n\r\nm2,D,,x")
        let program = Shop.program([Shop.members()])
        #expect(try shop.load(program).total(\.new) == 2)
        let values = try shop.open(.readOnly).member("m2", program)?.values
        #expect(values == [.text("m2"), .text("D"), .missing, .tags(["x"])])
    }

    @Test func changedSourcesAreNamed() throws {
        let shop = try Shop()
        try shop.writeSample()
        let program = Shop.program()
        try shop.load(program)
        let store = try shop.open(.readOnly)
        #expect(try store.changedSources(program, folder: shop.folder).isEmpty)
        try shop.write("orders-new.csv", "order_id,total,member_id,at,channel\n")
        // The same size within the same instant is noticed by the content.
        let members = try shop.bytes("members.csv")
        try shop.write("members.csv", members.map { $0 == UInt8(ascii: "X") ? 0x59 : $0 })
        #expect(
            try store.changedSources(program, folder: shop.folder)
                == ["members.csv", "orders-new.csv"])
    }
}
