import Foundation
import PitchProgram
import PitchSchema
import PitchStore
import Testing

@Suite struct LoadTests {
    @Test func valuesComeBackAsTheyWereWritten() throws {
        let shop = try Shop()
        try shop.writeSample()
        let program = Shop.program()
        let report = try shop.load(program)
        #expect(report.total(\.new) == 5)
        #expect(report.total(\.quarantined) == 0)
        let store = try shop.open(.readOnly)
        let born = try #require(CivilDate(year: 1990, month: 2, day: 28))
        #expect(
            try store.member("m1", program)?.values == [
                .text("m1"), .text("上海"), .date(Int32(born.days)), .tags(["a", "b"]),
            ])
        #expect(
            try store.member("m2", program)?.values == [
                .text("m2"), .text("X, Y"), .missing, .missing,
            ])
        let events = try store.events(of: 0, in: DataSetID(1), program)
        #expect(events.map(\.key) == ["o3", "o1"])
        #expect(events[0].values[3] == .money(1))
        // 09:30 in Shanghai is 01:30 UTC.
        #expect(events[1].values[2] == .instant(1_772_328_600_000))
        #expect(events[1].values[4] == .text("web"))
    }

    @Test func loadingAgainChangesNothing() throws {
        let shop = try Shop()
        try shop.writeSample()
        try shop.load()
        let before = try shop.bytes("shop.db")
        let report = try shop.load()
        #expect(report.files.allSatisfy { $0.isSkipped })
        #expect(report.total(\.rows) == 0)
        #expect(try shop.bytes("shop.db") == before)
    }

    @Test func newChangedAndConflictingRowsAreTold() throws {
        let shop = try Shop()
        try shop.writeSample()
        try shop.load()
        try shop.write("members.csv", "member_id,city,born,tags\nm1,北京,1990-02-28,a|b\nm3,C,,\n")
        try shop.write(
            "orders.csv",
            """
            order_id,total,member_id,at,channel
            o1,12.50,m1,2026-03-01 09:30,web
            o2,2,m2,2026-03-01T09:30:00Z,
            o4,2,m3,2026-03-02 09:30,
            """)
        let report = try shop.load()
        #expect(report.absent == ["members": 1])
        #expect(report.files[0].new == 1 && report.files[0].changed == 1)
        let orders = report.files[1]
        #expect(orders.new == 1 && orders.unchanged == 1 && orders.conflicts == 1)
        let store = try shop.open(.readOnly)
        let untaken = try store.quarantinedRows(of: report)
        #expect(untaken.map(\.path) == ["orders.csv"] && untaken.map(\.line) == [3])
        #expect(untaken.map(\.field) == ["order_id"] && untaken.map(\.value) == ["o2"])
        #expect(untaken.allSatisfy { $0.reason.hasPrefix("repeats a key") })
        // The next load reads other files: what it did not take is not told again.
        #expect(try store.quarantinedRows(of: shop.load()).isEmpty)
        #expect(try store.member("m1", Shop.program())?.values[1] == .text("北京"))
        #expect(try store.member("m2", Shop.program())?.number == 1)
        #expect(
            try store.events(of: 1, in: DataSetID(1), Shop.program())[0].values[3] == .money(100))
    }

    @Test func aChangedRowKeepsItsNumberWhereReplaceIsDeclared() throws {
        let shop = try Shop()
        try shop.writeSample()
        var orders = Shop.orders()
        orders.onChange = .replace
        let program = Shop.program([Shop.members(), orders])
        try shop.load(program)
        try shop.write(
            "orders.csv", "order_id,total,member_id,at,channel\no2,9,m2,2026-03-01T09:30:00Z,\n")
        #expect(try shop.load(program).total(\.changed) == 1)
        let store = try shop.open(.readOnly)
        let events = try store.events(of: 1, in: DataSetID(1), program)
        #expect(events.map(\.row) == [2] && events[0].values[3] == .money(900))
    }

    @Test func badRowsAreKeptApartWithTheirPlace() throws {
        let shop = try Shop()
        try shop.writeSample()
        try shop.write(
            "orders.csv",
            """
            order_id,total,member_id,at,channel
            o1,12.505,m1,2026-03-01 09:30,web
            o2,1,m9,2026-03-01T09:30:00Z,
            o3,1,m1,2026-02-30 00:00,app
            "o4
            x",1,m1,2026-02-20 00:00,shop
            o5,1,m1
            o6,1,m1,2026-02-20 00:00,"app"x
            o7,1,m1,2026-02-20 00:00,app
            """)
        let report = try shop.load()
        #expect(report.files[1].new == 1 && report.files[1].quarantined == 6)
        let store = try shop.open(.readOnly)
        let rows = try store.quarantinedRows()
        #expect(rows.map(\.line) == [2, 3, 4, 5, 7, 8])
        #expect(rows.map(\.field) == ["amount", "member_id", "at", "channel", "", ""])
        #expect(rows[0].value == "12.505")
        #expect(
            rows[0].reason == "expected at most 2 decimals; 'rounded' after the field accepts more")
        #expect(rows[4].reason == "expected 5 fields, found 3")
        #expect(rows[5].reason == "there is text after a closing quote")
    }

    @Test func aLimitOnTheQuarantineFailsTheLoad() throws {
        let shop = try Shop()
        try shop.writeSample()
        var orders = Shop.orders()
        orders.quarantineLimit = 300_000
        let program = Shop.program([Shop.members(), orders])
        let bad =
            "order_id,total,member_id,at,channel\no1,x,m1,2026-03-01 09:30,web\n"
            + "o2,1,m1,2026-03-01 09:30,web\n"
        try shop.write("orders.csv", bad)
        let error = #expect(throws: StoreError.self) { try shop.load(program) }
        #expect(error?.kind == .quarantined)
        #expect(error?.reason.contains("1 of 2 rows are wrong") == true)
        #expect(error?.reason.contains("'orders.csv' line 2, field 'amount', 'x'") == true)
        try shop.write("orders.csv", bad.replacing("o1,x", with: "o1,3"))
        #expect(try shop.load(program).total(\.new) == 2)
    }

    @Test func eventsOfStrangersComeInOnceTheyAreMembers() throws {
        let shop = try Shop()
        try shop.writeSample()
        try shop.write(
            "orders.csv", "order_id,total,member_id,at,channel\no1,1,m3,2026-03-01 09:30,web\n")
        #expect(try shop.load().total(\.quarantined) == 1)
        try shop.write("members.csv", "member_id,city,born,tags\nm1,A,,\nm2,B,,\nm3,C,,\n")
        let report = try shop.load()
        #expect(report.files[1].new == 1)
        #expect(try shop.open(.readOnly).quarantinedRows().isEmpty)
    }

    @Test func strangersAreAddedWhereDeclared() throws {
        let shop = try Shop()
        try shop.writeSample()
        var orders = Shop.orders()
        orders.newMembers = .add
        let program = Shop.program([Shop.members(), orders])
        try shop.write(
            "orders.csv", "order_id,total,member_id,at,channel\no1,1,m3,2026-03-01 09:30,web\n")
        #expect(try shop.load(program).total(\.quarantined) == 0)
        let store = try shop.open(.readOnly)
        #expect(
            try store.member("m3", program)?.values == [.text("m3"), .missing, .missing, .missing])
    }

    @Test func aFieldAddedLaterIsReadFromTheSources() throws {
        let shop = try Shop()
        try shop.writeSample()
        let fields = Shop.orders().fields
        let old = Shop.program([Shop.members(), Shop.orders(Array(fields.dropLast()))])
        try shop.load(old)
        let new = Shop.program()
        let store = try shop.open(.readOnly)
        let error = #expect(throws: StoreError.self) {
            try store.events(of: 0, in: DataSetID(1), new)
        }
        #expect(error?.kind == .outdated)
        store.close()
        let report = try shop.load(new)
        #expect(report.files[0].isSkipped && report.files[1].changed == 2)
        let reopened = try shop.open(.readOnly)
        #expect(
            try reopened.events(of: 0, in: DataSetID(1), new).map(\.values[4])
                == [.text("app"), .text("web")])
    }

    @Test func columnsHaveTheEventsByMemberAndTime() throws {
        let shop = try Shop()
        try shop.writeSample()
        let program = Shop.program()
        try shop.load(program)
        let source = try shop.open(.readOnly).snapshot(of: program)
        let orders = DataSetID(1)
        let index = try source.events(orders)
        #expect(index.offsets == [0, 2, 3])
        guard case .integers(let amounts) = try source.column(FieldID(orders, 3)).payload,
            case .codes(let codes, let keys) = try source.column(FieldID(orders, 1)).payload,
            case .tags(let offsets, let tags, let words) =
                try source.column(FieldID(DataSetID(0), 3)).payload
        else {
            Issue.record("a column has another form")
            return
        }
        #expect(Array(amounts) == [1, 1250, 100])
        #expect(codes.map { keys[Int($0)] } == ["m1", "m1", "m2"])
        #expect(Array(offsets) == [0, 2, 2] && tags.map { words[Int($0)] } == ["a", "b"])
        let missing = try source.column(FieldID(orders, 4)).missing
        #expect(missing?.rows == [2])
    }
}
