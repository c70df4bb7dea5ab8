import Foundation
import PitchProgram
import PitchColumnar
import PitchSchema
import PitchStore
import PitchTestSupport
import Testing

/// Bytes changed at random, and what must hold for all of them: an answer or a typed error, never
/// a crash.
@Suite struct FuzzTests {
    private static func shop() throws -> Shop { try Shop(below: Fuzz.folder.path) }

    private static let sample = """
        order_id,total,member_id,at,channel
        o1,12.50,m1,2026-03-01 09:30,web
        "o2",1,"m""2",2026-03-01T09:30:00Z,
        o3,0.01,"m
        1",2026-02-01 00:00:00.25,上海

        """

    private static func mutated(
        _ bytes: [UInt8], _ generator: inout SeededGenerator
    ) -> [UInt8] {
        var bytes = bytes
        let special: [UInt8] = [0x22, 0x2C, 0x0A, 0x0D, 0x00, 0xFF, 0x7B, 0x5B, 0x5C, 0x31, 0x2D]
        for _ in 0..<Int.random(in: 1...6, using: &generator) {
            if bytes.isEmpty { return bytes }
            let at = Int.random(in: 0..<bytes.count, using: &generator)
            let end = min(bytes.count, at + Int.random(in: 0...20, using: &generator))
            switch Int.random(in: 0..<6, using: &generator) {
            case 0: bytes[at] = UInt8.random(in: 0...255, using: &generator)
            case 1: bytes.removeSubrange(at..<end)
            case 2: bytes.insert(contentsOf: bytes[at..<end], at: at)
            case 3: bytes.removeSubrange(at...)
            default:
                bytes.insert(special.randomElement(using: &generator) ?? 0, at: at)
            }
        }
        return bytes
    }

    /// What Python's reader finds otherwise. It takes a quote inside a field for text: the rows
    /// from the first of those on are not compared.
    private static func difference(_ rows: [CsvTestRow], _ others: [CsvTestRow]) -> String? {
        let isQuoteInside = { (row: CsvTestRow) in
            row.fault == "there is a quote inside a field that has none around it"
        }
        let end = rows.firstIndex(where: isQuoteInside)
        let width = rows.first?.fields?.count
        let ours = rows.prefix(end ?? .max).map { CsvTestRow(line: $0.line, fields: $0.fields) }
        let theirs = others.prefix(end ?? .max).map {
            CsvTestRow(line: $0.line, fields: $0.fields?.count == width ? $0.fields : nil)
        }
        return ours == theirs ? nil : "read as \(ours), by Python as \(theirs)"
    }

    @Test func csvIsReadAsByAnotherReader() throws {
        let shop = try Self.shop()
        let python = try PythonCsv()
        var generator = SeededGenerator(seed: 11)
        var (inputs, compared) = (0, 0)
        try Fuzz.inputs(of: "CSV") {
            Self.mutated(Array(Self.sample.utf8), &generator)
        } body: { bytes in
            inputs += 1
            try shop.write("x.csv", bytes)
            do {
                let rows = try CsvTestRow.all(of: shop.folder + "/x.csv")
                // To Python a mark of the byte order is text.
                guard !bytes.starts(with: [0xEF, 0xBB, 0xBF]) else { return nil }
                compared += 1
                return Self.difference(rows, try python.rows(bytes))
            } catch let error as StoreError {
                return error.kind == .source ? nil : "\(error)"
            }
        }
        #expect(compared > inputs / 2)
    }

    @Test func anyLinesOfJson() throws {
        let shop = try Self.shop()
        var generator = SeededGenerator(seed: 12)
        let line = #"{"a": "x\n\u4e0aé", "b": [1, "2", null], "c": -1.5e3, "d": {"e": [true]}}"#
        var (inputs, read) = (0, 0)
        try Fuzz.inputs(of: "NDJSON") {
            Self.mutated(Array("\(line)\n\(line)\n".utf8), &generator)
        } body: { bytes in
            inputs += 1
            try shop.write("x.json", bytes)
            do {
                let source = try ByteSource(
                    path: shop.folder + "/x.json", name: "x.json", action: "read 'x.json'")
                let reader = try NdjsonReader(source, columns: ["a", "b", "c", "d"])
                while try reader.next() {
                    read += 1
                    if reader.record.fault != nil { continue }
                    // What the reader accepts, Foundation's accepts too, given UTF-8.
                    let lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false)
                    let text = Array(lines[Int(reader.record.line) - 1])
                    guard String(validating: text, as: UTF8.self) != nil else { continue }
                    if (try? JSONSerialization.jsonObject(with: Data(text))) == nil {
                        return "Foundation does not accept line \(reader.record.line)"
                    }
                }
                return nil
            } catch let error as StoreError {
                return error.kind == .source ? nil : "\(error)"
            }
        }
        #expect(read > inputs / 2)
    }

    @Test func anyPackedBytes() throws {
        let shop = try Self.shop()
        var generator = SeededGenerator(seed: 13)
        let packed = try gzipped(
            Array(String(repeating: Self.sample, count: 5).utf8), in: shop.folder)
        try Fuzz.inputs(of: "gzip") {
            Self.mutated(packed, &generator)
        } body: { bytes in
            try shop.write("x.csv", bytes)
            do {
                _ = try CsvTestRow.all(of: shop.folder + "/x.csv")
                return nil
            } catch let error as StoreError {
                return error.kind == .source ? nil : "\(error)"
            }
        }
    }

    @Test func anyBytesAsAField() throws {
        var generator = SeededGenerator(seed: 14)
        let types: [ValueType] = [
            .truth, .integer, .number, .percent, .text, .date, .instant, .time, .duration, .tags,
            .quantity(Unit.all[0]), .choice(["a"]),
        ]
        let patterns = [nil, "dd/MM/yyyy HH:mm", "y a S"]
        let samples = [
            "-12.5e3%", "2026-03-01T09:30:00.125+08:00", "90 minutes", "P1DT2H", "上é\u{301}",
        ]
        let parsers = try types.flatMap { type in
            try patterns.map { pattern in
                let field = Field("f", type, format: FieldFormat(pattern: pattern))
                return try FieldParser(field, zone: .utc)
            }
        }
        // Each value by every parser.
        try Fuzz.inputs(of: "a value") {
            Self.mutated(Array((samples.randomElement(using: &generator) ?? "").utf8), &generator)
        } body: { bytes in
            for parser in parsers {
                let isText = bytes.withUnsafeBufferPointer { bytes in
                    guard case .text(let text) = parser.parse(RawValue(bytes: bytes)) else {
                        return true
                    }
                    return String(validating: text, as: UTF8.self) != nil
                }
                if !isText { return "it is taken for text" }
            }
            return nil
        }
    }

    @Test func anyBytesAsAStore() throws {
        let shop = try Self.shop()
        try shop.writeSample()
        let program = Shop.program()
        try shop.load(program)
        try Self.recordARun(shop)
        let intact = try shop.bytes("shop.db")
        var generator = SeededGenerator(seed: 15)
        var (inputs, answers) = (0, 0)
        try Fuzz.inputs(of: "a store") {
            damagedPages(intact, &generator)
        } body: { bytes in
            inputs += 1
            try shop.write("shop.db", bytes)
            do {
                let store = try shop.open(.readOnly)
                defer { store.close() }
                try Self.read(store, program)
                answers += 1
            } catch is StoreError {}
            return nil
        }
        #expect(answers > inputs / 20)
    }

    private static func read(_ store: Store, _ program: Program) throws {
        let source = try store.snapshot(of: program)
        for (place, dataSet) in program.dataSets.enumerated() {
            for field in dataSet.fields.indices {
                _ = try source.column(FieldID(DataSetID(place), field))
            }
        }
        _ = try store.member("m1", program)
        _ = try store.unseenEvents(
            in: DataSetID(1), afterRow: 1, afterInstant: 0, now: .max, zone: .utc, program)
        _ = try store.quarantinedRows()
        let ledger = Ledger(store)
        _ = try (ledger.runs(limit: 9), ledger.effects(of: 1), ledger.strategy(named: "p.s"))
        _ = try (ledger.feeds(of: 1), ledger.missedDays(of: 1), ledger.outcomes(inRun: 1))
        _ = try (ledger.reservations(), ledger.issuedCoupons(), ledger.coupons(inRun: 1))
        _ = try ledger.histories(of: ["m1"], in: 1)
        for file in try ledger.waitingFiles() { try ledger.forEachLine(of: file) { _ in } }
    }

    /// One outcome with its coupon and its message, so that every table of the ledger has a row.
    private static func recordARun(_ shop: Shop) throws {
        let store = try shop.open()
        defer { store.close() }
        let ledger = Ledger(store)
        let run = try ledger.begin(asOf: 1_772_400_000_000, zone: "Asia/Shanghai")
        let outcome = LedgerOutcome(
            strategy: 1, member: "m1", feed: "orders", occurrence: 1, at: 1_772_400_000_000,
            run: run, judgedAt: 1_772_400_000_000, outcome: "issued", trigger: 0,
            alsoMatched: [1, 2], offer: "ten", channel: "sms", couponMinor: 1000,
            messageMicro: 5, successUntil: 1_772_500_000_000)
        let coupon = IssuedCoupon(
            code: "CODE", coupon: "ten", firstDay: 20_500, lastDay: 20_514, worstMinor: 1000,
            heldMinor: 1000)
        let state = LedgerStrategy(
            id: 1, name: "p.s", startedAt: 0, judgedAt: 1_772_400_000_000, daysDone: 20_500,
            salt: "holdout/p.s")
        let feed = LedgerFeed(
            dataSet: "orders", startedAt: 0, highRow: 3, judgedAt: 1_772_400_000_000,
            beforeStart: 0)
        try ledger.record(
            StrategyRecord(
                run: run, plan: "p", state: state, feeds: [feed],
                insiders: [Self.insiders], missedDays: [20_499],
                days: [LedgerDay(feed: "date daily", day: 20_500, at: 1_772_400_000_000)],
                items: [
                    StrategyRecord.Item(
                        outcome: outcome, coupons: [coupon],
                        message: QueuedMessage(
                            channel: "sms", form: .ndjson, folder: "out", line: "{}"))
                ], crowds: [Self.crowd(run)],
                reserved: Reservation(couponMinor: 1000, messageMicro: 5)))
        try ledger.finish(run: run, RunWork())
    }

    private static var insiders: LedgerInsiders {
        var members = Bitmap(count: 2)
        members[0] = true
        return LedgerInsiders(
            segment: "vips", condition: "c0ffee", judgedAt: 1_772_400_000_000, members: members)
    }

    private static func crowd(_ run: Int64) -> LedgerCrowd {
        var members = Bitmap(count: 2)
        members[1] = true
        return LedgerCrowd(
            strategy: 1, feed: "date daily", day: 20_500, at: 1_772_400_000_000, run: run,
            judgedAt: 1_772_400_000_000, outcome: "not in segment", trigger: 0, alsoMatched: [],
            members: members)
    }

    @Test func aDamagedStoreCanBeLoadedIntoOrSaysNo() throws {
        let shop = try Self.shop()
        try shop.writeSample()
        try shop.load()
        let intact = try shop.bytes("shop.db")
        try shop.write(
            "orders2.csv", "order_id,total,member_id,at,channel\no7,1,m1,2026-03-01 09:30,\n")
        var generator = SeededGenerator(seed: 16)
        var (inputs, loads) = (0, 0)
        try Fuzz.inputs(of: "a load into a store") {
            damagedPages(intact, &generator)
        } body: { bytes in
            inputs += 1
            try shop.replaceStore(by: bytes)
            do {
                try shop.load()
                loads += 1
            } catch is StoreError {}
            return nil
        }
        #expect(loads > inputs / 20)
    }

    /// Whole files with damage are loaded, quarantined or refused, and what is loaded stays
    /// loaded: once more changes nothing.
    @Test func anyFilesAreLoadedOnce() throws {
        let shop = try Self.shop()
        try shop.writeSample()
        try shop.load()
        let intact = try shop.bytes("shop.db")
        let orders = try shop.bytes("orders.csv")
        var generator = SeededGenerator(seed: 17)
        var (inputs, loads) = (0, 0)
        try Fuzz.inputs(of: "a load of a file") {
            Self.mutated(orders, &generator)
        } body: { bytes in
            inputs += 1
            try shop.replaceStore(by: intact)
            try shop.write("orders.csv", bytes)
            do {
                try shop.load()
                loads += 1
                let again = try shop.load()
                let changes = again.files.map { $0.new + $0.changed }.reduce(0, +)
                return changes == 0 ? nil : "a second load finds \(changes) rows"
            } catch let error as StoreError {
                return error.kind == .source ? nil : "\(error)"
            }
        }
        #expect(loads > inputs / 20)
    }
}
