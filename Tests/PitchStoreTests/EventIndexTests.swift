import Foundation
import GRDB
import PitchProgram
import PitchSchema
import Testing

@testable import PitchStore

/// The indexes of events in two parts find what one would.
@Suite struct EventIndexTests {
    /// Orders from a number on, in turn m1's and m2's, a second apart.
    private func orders(_ numbers: Range<Int>) -> String {
        numbers.reduce(into: "order_id,total,member_id,at,channel\n") { text, number in
            let time = [number / 3600, number / 60 % 60, number % 60].map(clock)
            let at = "2026-03-01 \(time.joined(separator: ":"))"
            text += "o\(number),1,m\(number % 2 + 1),\(at),web\n"
        }
    }

    private func clock(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }

    private func bound(_ store: Store) throws -> Int64? {
        let sql = "SELECT indexed FROM data_set WHERE name = 'orders'"
        return try store.read { try Int64.fetchOne($0, sql: sql) }
    }

    private func check(_ store: Store, holds count: Int) throws {
        let program = Shop.program()
        for member in 0...1 {
            let events = try store.events(of: member, in: DataSetID(1), program)
            let own = (0..<count).filter { $0 % 2 == member }.map { "o\($0)" }
            #expect(events.map(\.key) == own)
            let unseen = try store.unseenEvents(
                in: DataSetID(1), afterRow: 0, afterInstant: nil, now: .max, zone: .utc,
                of: member, program)
            #expect(unseen == events)
        }
        #expect(try store.integrityFaults() == [])
    }

    @Test func rowsOfBothPartsAreFoundOnce() throws {
        let shop = try Shop()
        try shop.writeSample()
        try shop.write("orders.csv", orders(0..<100))
        try shop.load()
        for (file, rows, boundAfter) in [
            // Some that are known, in the first part.
            ("orders-2.csv", 90..<8000, 100), ("orders-3.csv", 7000..<9000, 100),
            // More than few are in the second part: all go into the first.
            ("orders-4.csv", 8990..<10_500, 10_500), ("orders-5.csv", 0..<10_600, 10_500),
        ] {
            let known = try shop.open(.readOnly).lastRow(of: DataSetID(1), Shop.program())
            try shop.write(file, orders(rows))
            let report = try shop.load()
            #expect(report.total(\.new) == rows.upperBound - Int(known))
            #expect(report.total(\.unchanged) == Int(known) - rows.lowerBound)
            let store = try shop.open(.readOnly)
            #expect(try bound(store) == Int64(boundAfter))
            try check(store, holds: rows.upperBound)
        }
    }

    @Test func aStoreWithUndividedIndexesKeepsThem() throws {
        let shop = try Shop()
        try shop.writeSample()
        try shop.write("orders.csv", orders(0..<100))
        try shop.load()
        let store = try shop.open()
        try store.write { database in
            for (field, unique) in [("key", "UNIQUE"), ("member", "")] {
                try database.execute(
                    sql: """
                        DROP INDEX rows_2_\(field); DROP INDEX rows_2_\(field)_new;
                        CREATE \(unique) INDEX rows_2_\(field) ON rows_2 (\(field));
                        """)
            }
            try database.execute(sql: "UPDATE data_set SET indexed = NULL")
        }
        store.close()
        try shop.write("orders-2.csv", orders(50..<300))
        #expect(try shop.load().total(\.unchanged) == 50)
        let again = try shop.open(.readOnly)
        #expect(try bound(again) == nil)
        try check(again, holds: 300)
    }
}
