import Foundation
import PitchColumnar
import PitchProgram
import PitchSchema
import PitchStore

/// Loads a shop of so many members, with five orders each, and reads it back as columns.
struct LoadBench {
    let folder: String
    let members: Int

    func run() throws {
        try writeFiles()
        let program = try program()
        let path = folder + "/shop.db"
        for suffix in ["", "-wal", "-shm"] {
            try? FileManager.default.removeItem(atPath: path + suffix)
        }
        let store = try Store(path: path, access: .readWrite)
        let report = try PitchBench.measure("load", items: members * 6) {
            try store.load(program, folder: folder)
        }
        print("new \(report.total(\.new)), quarantined \(report.total(\.quarantined))")
        _ = try PitchBench.measure("load again", items: members * 6) {
            try store.load(program, folder: folder)
        }
        store.close()
        try PitchBench.measure("read csv alone", items: members * 5) {
            let source = try ByteSource(
                path: folder + "/orders.csv", name: "orders.csv", action: "read 'orders.csv'")
            let reader = try CsvReader(source, delimiter: UInt8(ascii: ","))
            while try reader.next() {}
        }
        try readColumns(path, program)
    }

    private func readColumns(_ path: String, _ program: Program) throws {
        let source = try Store(path: path, access: .readOnly).snapshot(of: program)
        let orders = DataSetID(1)
        _ = try PitchBench.measure("order of events", items: members * 5) {
            try source.events(orders)
        }
        for field in program.dataSets[1].fields.indices.dropFirst() {
            let name = program.dataSets[1].fields[field].name
            _ = try PitchBench.measure("column '\(name)'", items: members * 5) {
                try source.column(FieldID(orders, field))
            }
        }
        let fields = program.dataSets[0].fields.indices.map { FieldID(DataSetID(0), $0) }
        _ = try PitchBench.measure("columns of members", items: members) {
            try source.prefetch(fields)
        }
    }

    private func program() throws -> Program {
        guard let currency = Currency("CNY") else { throw CocoaError(.featureUnsupported) }
        let people = DataSet(
            kind: .members, name: "members", source: .csv(glob: "members.csv"),
            fields: [
                Field("member_id", .text), Field("city", .text),
                Field("born", .date, isOptional: true), Field("joined", .date),
                Field("phone", .text, isOptional: true),
                Field("tags", .tags, isOptional: true), Field("sms_ok", .truth),
            ], key: [0])
        let orders = DataSet(
            kind: .events, name: "orders", source: .csv(glob: "orders.csv"),
            fields: [
                Field("order_id", .text), Field("member_id", .text), Field("ordered_at", .instant),
                Field("amount", .money(currency), column: "total"), Field("category", .text),
                Field("channel", .choice(["web", "app", "store"])),
            ], key: [0], member: 1, at: 2)
        return Program(
            project: Project(
                name: "bench", zone: "Asia/Shanghai", currency: currency, store: "shop.db"),
            dataSets: [people, orders])
    }

    /// The same numbers for every run: a linear congruence (Knuth's MMIX).
    private struct Numbers {
        var state: UInt64 = 2026
        mutating func next(below bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % bound
        }
    }

    private func writeFiles() throws {
        var numbers = Numbers()
        let cities = ["上海", "北京", "广州", "深圳", "Chengdu", "Hangzhou"]
        let tags = ["", "beauty", "beauty|sports", "food", "vip|beauty|travel"]
        try write("members.csv", "member_id,city,born,joined,phone,tags,sms_ok", members) { row in
            let day = { CivilDate(days: $0).text }
            return "M\(row),\(cities[numbers.next(below: 6)]),\(day(numbers.next(below: 15_000))),"
                + "\(day(18_000 + numbers.next(below: 2000))),1390000\(row),"
                + "\(tags[numbers.next(below: 5)]),\(row % 3 == 0 ? "no" : "yes")"
        }
        let categories = ["coffee", "tea", "skin care", "面包", "books"]
        try write("orders.csv", "order_id,member_id,ordered_at,total,category,channel", members * 5)
        {
            row in
            let day = CivilDate(days: 20_000 + numbers.next(below: 400)).text
            let (hour, minute) = (10 + numbers.next(below: 12), 10 + numbers.next(below: 50))
            return "\(numbers.next(below: 1_000_000))-\(row),M\(numbers.next(below: members)),"
                + "\(day) \(hour):\(minute):00,\(numbers.next(below: 900)).\(minute),"
                + "\(categories[numbers.next(below: 5)]),\(row % 2 == 0 ? "web" : "app")"
        }
    }

    private func write(
        _ name: String, _ header: String, _ rows: Int, _ line: (Int) -> String
    ) throws {
        let path = folder + "/" + name
        if FileManager.default.fileExists(atPath: path) { return }
        guard let file = fopen(path, "w") else { throw CocoaError(.fileWriteUnknown) }
        defer { fclose(file) }
        fputs(header + "\n", file)
        for row in 0..<rows { fputs(line(row) + "\n", file) }
    }
}
