import Foundation
import GRDB
import PitchEngine
import Testing

/// What a run reads: of the store the rows that are new, and of what was there before only what an
/// occurrence began with, as long as files of columns lie beside it.
@Suite struct ReadCountTests {
    /// Lines and conditions that look at many rows of a member.
    static let forms = [
        Form("purchase", if: "count(other orders in last 60 days) >= 2"),
        Form("purchase", if: "sum(orders.amount in last 60 days) > this.amount"),
        Form("purchase where count(orders where amount > 100 CNY) > 3"),
        Form("purchase where amount < max(orders.amount) or amount >= 100 CNY"),
        Form("every 2nd purchase"),
        Form("purchase number 502", if: "this.category is missing"),
        Form("first purchase where category = 'tea'\nevery 5th purchase"),
        Form("purchase per basket", if: "distinct(orders.basket) >= 3"),
        Form("purchase where category is missing then purchase where amount > 1 CNY within 1 hour"),
        Form("purchase then purchase with same basket within 1 hour"),
        Form("purchase then no purchase within 30 seconds"),
    ]

    struct Form: CustomTestStringConvertible {
        let line: String
        let condition: String?

        init(_ line: String, if condition: String? = nil) {
            self.line = line
            self.condition = condition
        }

        var clauses: String { "no limit" + (condition.map { "\nif " + $0 } ?? "") }
        var testDescription: String { line + (condition.map { " if " + $0 } ?? "") }
    }

    /// Four of its five members have many old rows; nine new ones are of two of them.
    private static func shop(
        _ form: Form, past count: Int, hasColumns: Bool = true
    ) throws -> TestShop {
        let shop = try TestShop.withScenes(form.line, clauses: form.clauses)
        let rows = (0..<count).map { number in
            let (member, second) = (Array("abcd")[number % 4], number / 4 % 3600)
            let time = "2026-03-0\(1 + number % 9) 10:\(second / 60 + 100):\(second % 60 + 100)"
                .replacing(":1", with: ":")
            return "p\(number),\(member),\(time),150,\(number % 2 == 0 ? "tea" : ""),k\(number),1"
        }
        try shop.write(
            "orders-past.csv",
            (["order_id,member_id,at,amount,category,basket,quantity"] + rows + [""])
                .joined(separator: "\n"))
        // A folder in its place: the file of columns cannot be written.
        if !hasColumns {
            try FileManager.default.createDirectory(
                at: shop.folder.appending(path: "shop.db-columns"),
                withIntermediateDirectories: false)
        }
        return shop
    }

    private static let news = (0..<9).map { number in
        "o\(number),\(number % 3 == 0 ? "b" : "a"),2026-04-02 10:1\(number),200,,n\(number % 2),1"
    }

    private static func arrive(_ shop: TestShop) throws {
        for row in news { try shop.append("orders.csv", row) }
    }

    /// Telephone numbers do, too.
    @Test func conditionsOnMembersReadNoOtherMembers() throws {
        let form = Form("purchase", if: "phone is known or city = 'Atlantis'")
        let shop = try Self.shop(form, past: 200)
        try shop.run("2026-04-02 10:00")
        try Self.arrive(shop)
        let report = try shop.run("2026-04-02 10:30")
        #expect(report.outcomes == ["issued": 9])
        #expect(report.rowsRead == 9, "\(report.reading)")
    }

    /// Names of baskets differ in most rows: columns have them once the script reads them.
    @Test func theNextLoadWritesColumnsThatTheScriptAsksForAnew() throws {
        let shop = try Self.shop(Form("purchase"), past: 2000)
        try shop.run("2026-04-02 10:00")
        try Self.arrive(shop)
        let script = try String(
            contentsOf: shop.folder.appending(path: "shop.pitch"), encoding: .utf8)
        try shop.write(
            "shop.pitch",
            script.replacing("no limit", with: "no limit\nif distinct(orders.basket) >= 3"))
        let report = try shop.run("2026-04-02 10:30")
        #expect(report.outcomes == ["issued": 9])
        #expect((1...9).contains(report.rowsRead), "\(report.reading)")
    }

    /// However much there was before. Beyond the new rows, one for each occurrence that began
    /// before them.
    @Test(arguments: forms)
    func rowsReadAreNewOrBeganAnOccurrence(form: Form) throws {
        let shop = try Self.shop(form, past: 2000)
        #expect(try shop.run("2026-04-02 10:00").rowsRead == 0)
        try Self.arrive(shop)
        let report = try shop.run("2026-04-02 10:30")
        #expect(report.audience > 0)
        #expect((1...9).contains(report.rowsRead), "\(report.reading)")
        #expect(report.reading.columnValues >= 2000)
        // B of an A that the run before read; some windows end only now.
        try shop.append("orders.csv", "o9,a,2026-04-02 10:40,200,,n9,1")
        let next = try shop.run("2026-04-02 11:00")
        #expect(next.rowsRead <= 1 + next.audience, "\(next.reading)")
        let last = try shop.run("2026-04-02 11:30")
        #expect(last.rowsRead <= last.audience, "\(last.reading)")
    }

    /// The files of columns save reading and change no decision.
    @Test(arguments: forms)
    func decisionsAreTheSameWithoutColumns(form: Form) throws {
        let shops = try [true, false].map { try Self.shop(form, past: 2000, hasColumns: $0) }
        var rowsRead: [Int] = []
        for shop in shops {
            try shop.run("2026-04-02 10:00")
            try Self.arrive(shop)
            // A late row moves the positions of those behind it.
            try shop.append("orders.csv", "late,a,2026-03-05 09:00,200,tea,late,1")
            let report = try shop.run("2026-04-02 10:30")
            #expect((report.load.columnsFault == nil) == (report.reading.columnValues > 0))
            rowsRead.append(report.rowsRead)
        }
        for member in ["a", "b", "c", "d", "e"] {
            let decisions = try shops.map { try $0.decided(member, in: "spring.s1") }
            #expect(decisions[0] == decisions[1])
        }
        #expect(rowsRead[0] <= 12 && rowsRead[1] > 500, "\(rowsRead)")
    }

    /// SQLite itself hands out no more rows of the orders where there are ten times as many.
    @Test(arguments: [forms[0], forms[4], forms[8]])
    func sqliteReadsNoMoreOfMore(form: Form) throws {
        let counts = try [400, 4000].map { count in
            let shop = try Self.shop(form, past: count)
            try shop.run("2026-04-02 10:00")
            try Self.arrive(shop)
            return try RowCounter.rows(of: "orders", in: shop, "2026-04-02 10:30")
        }
        #expect(counts[0] > 9 && counts[1] <= counts[0], "\(counts)")
    }

    /// What is looked up by key is counted beside what is read.
    @Test func whatIsLookedUpIsCountedApart() throws {
        let shop = try TestShop.withScenes("product viewed where product.department = 'pastry'")
        try shop.run("2026-04-02 10:00")
        for number in 0..<4 {
            try shop.append("visits.csv", "v\(number),a,2026-04-02 10:1\(number),cake,,,5,viewed")
        }
        let report = try shop.run("2026-04-02 10:30")
        #expect(report.audience == 4)
        #expect(report.rowsRead == 4)
        // One product, and the member for its key, alone and with the visits.
        #expect((2...6).contains(report.reading.lookups), "\(report.reading)")
    }
}

/// How many rows of a data set SQLite hands to a `pitch run`, loading included.
private enum RowCounter {
    static func rows(of dataSet: String, in shop: TestShop, _ asOf: String) throws -> Int {
        let queue = try DatabaseQueue(path: shop.folder.appending(path: "shop.db").path)
        let table = try queue.read {
            try Int.fetchOne(
                $0, sql: "SELECT id FROM data_set WHERE name = ?", arguments: [dataSet])
        }
        try queue.close()
        let count = shop.folder.appending(path: "count").path
        let ending = try Command.run(
            Command.pitch,
            ["run", shop.folder.appending(path: "shop.pitch").path, "--as-of", asOf],
            environment: [
                "LD_PRELOAD": try library.get().path, "COUNT": count,
                "TABLE": "FROM rows_\(try #require(table)) ",
            ])
        #expect(ending.code == 0, "\(ending.errors)")
        return try #require(Int(String(contentsOfFile: count, encoding: .utf8)))
    }

    /// Compiled once. Counts the rows of statements that have a text `TABLE`.
    private static let library: Result<URL, any Error> = Result {
        try PreloadedLibrary.compile("rows", code)
    }

    private static let code = """
        #define _GNU_SOURCE
        #include <dlfcn.h>
        #include <stdio.h>
        #include <stdlib.h>
        #include <string.h>
        static long count;
        /* SQLITE_ROW is 100. */
        int sqlite3_step(void *statement) {
            static int (*next)(void *);
            static const char *(*text)(void *);
            if (!next) {
                next = (int (*)(void *))dlsym(RTLD_NEXT, "sqlite3_step");
                text = (const char *(*)(void *))dlsym(RTLD_NEXT, "sqlite3_sql");
            }
            int code = next(statement);
            const char *sql = code == 100 ? text(statement) : 0;
            if (sql && getenv("TABLE") && strstr(sql, getenv("TABLE"))) count++;
            return code;
        }
        __attribute__((destructor)) static void tell(void) {
            FILE *file = getenv("COUNT") ? fopen(getenv("COUNT"), "w") : 0;
            if (!file) return;
            fprintf(file, "%ld", count);
            fclose(file);
        }
        """
}
