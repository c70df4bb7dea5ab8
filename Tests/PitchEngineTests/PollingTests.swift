import Foundation
import GRDB
import PitchEngine
import Testing

/// A run reads the data of the scenes that a due strategy uses, and of them what is new.
@Suite struct PollingTests {
    /// SQLite itself refuses to read the rows of the scenes that nobody waits for.
    @Test(arguments: [
        ["purchase where amount >= 100 CNY"],
        ["every 2nd purchase", "purchase per basket", "purchase then no purchase within 1 hour"],
    ])
    func tablesOfOtherScenesAreNotRead(lines: [String]) throws {
        let shop = try TestShop.withScenes(
            lines.joined(separator: "\n"), clauses: "no limit\nif count(other orders) >= 0")
        try Self.addOldOrders(to: shop)
        try shop.run("2026-04-02 10:00")
        try shop.append(
            "orders.csv", "o1,a,2026-04-02 10:10,150,,k,1", "o2,b,2026-04-02 10:10,99,,k,1")
        let others = ["balances", "gift_cards", "redemptions", "claims", "visits"]
        let refused = try Authorizer.run(shop, "2026-04-02 10:30", forbidding: ["orders"])
        #expect(refused.code == 3, "what is used must be read: \(refused.errors)")
        let ending = try Authorizer.run(shop, "2026-04-02 10:30", forbidding: others)
        #expect(ending.code == 0 && ending.errors.isEmpty, "\(ending.errors)")
        #expect(try shop.decided("a", in: "spring.s1").count >= 1)
    }

    /// Beside them new ones are few: the files of columns, which are of everything, get a change
    /// and are not written anew.
    private static func addOldOrders(to shop: TestShop) throws {
        for number in 0..<40 {
            try shop.append("orders.csv", "old\(number),c,2026-03-01 10:00,10,,,1")
        }
    }

    /// A strategy that is not due has its data left alone.
    @Test func tablesOfStrategiesThatAreNotDueAreNotRead() throws {
        let shop = try TestShop.withScenes("purchase", "topup\ntopup then no topup within 1 day")
        let script = try shop.text("shop.pitch")
        let second = try #require(script.range(of: "strategy s2"))
        try shop.write(
            "shop.pitch",
            String(script[..<second.lowerBound])
                + String(script[second.lowerBound...])
                .replacing("every 30 minutes", with: "every 1 day"))
        try Self.addOldOrders(to: shop)
        try shop.run("2026-04-02 10:00")
        try shop.append("orders.csv", "o1,a,2026-04-02 10:10,150,,k,1")
        let ending = try Authorizer.run(shop, "2026-04-02 10:30", forbidding: ["balances"])
        #expect(ending.code == 0 && ending.errors.isEmpty, "\(ending.errors)")
        #expect(try Authorizer.run(shop, "2026-04-03 00:30", forbidding: ["balances"]).code == 3)
    }

    /// However much is there, a run reads what is new: nothing more for lines about single rows.
    @Test func rowsReadAreThoseThatAreNew() throws {
        let shop = try TestShop.withScenes("purchase where amount >= 100 CNY", "purchase", "topup")
        for number in 0..<300 {
            try shop.append(
                "orders.csv",
                "p\(number),\(Array("abcde")[number % 5]),2026-03-0\(1 + number % 9) 10:00,150,,,1")
        }
        #expect(try shop.run("2026-04-02 10:00").rowsRead == 0)
        for number in 0..<7 {
            try shop.append("orders.csv", "o\(number),a,2026-04-02 10:1\(number),150,,,1")
        }
        try shop.append("balances.csv", "t1,b,2026-04-02 10:10,1,1,card")
        // Both strategies on orders need the same seven rows, which are read once.
        let report = try shop.run("2026-04-02 10:30")
        #expect(report.rowsRead == 8)
        #expect(report.evaluated.count == 3)
        #expect(try shop.run("2026-04-02 11:00").rowsRead == 0)
        #expect(try shop.run("2026-04-02 11:10").skipped.count == 3)
    }
}

/// `pitch run` under an SQLite authorizer that refuses to read some tables.
enum Authorizer {
    static func run(
        _ shop: TestShop, _ asOf: String, forbidding dataSets: [String]
    ) throws -> Command.Ending {
        let queue = try DatabaseQueue(path: shop.folder.appending(path: "shop.db").path)
        let tables = try queue.read { database in
            try dataSets.map { name in
                try #require(
                    try Int.fetchOne(
                        database, sql: "SELECT id FROM data_set WHERE name = ?", arguments: [name]))
            }
        }
        try queue.close()
        return try Command.run(
            Command.pitch,
            ["run", shop.folder.appending(path: "shop.pitch").path, "--as-of", asOf],
            environment: [
                "LD_PRELOAD": try library.get().path,
                "FORBIDDEN": tables.map { ",rows_\($0)," }.joined(),
            ])
    }

    /// Compiled once. `FORBIDDEN` names tables between commas.
    private static let library: Result<URL, any Error> = Result {
        try PreloadedLibrary.compile("authorizer", code)
    }

    private static let code = """
        #define _GNU_SOURCE
        #include <dlfcn.h>
        #include <stdio.h>
        #include <stdlib.h>
        #include <string.h>
        typedef int (*callback)(
            void *, int, const char *, const char *, const char *, const char *);
        static callback theirs;
        static void *context;
        /* SQLITE_READ is 20, SQLITE_DENY 1. */
        static int ask(
            void *unused, int action, const char *table, const char *column, const char *database,
            const char *trigger) {
            const char *forbidden = getenv("FORBIDDEN");
            char name[64];
            if (action == 20 && table && forbidden) {
                snprintf(name, sizeof name, ",%s,", table);
                if (strstr(forbidden, name)) {
                    fprintf(stderr, "read %s.%s\\n", table, column ? column : "");
                    return 1;
                }
            }
            return theirs ? theirs(context, action, table, column, database, trigger) : 0;
        }
        int sqlite3_set_authorizer(void *connection, callback wanted, void *argument) {
            int (*next)(void *, callback, void *) =
                (int (*)(void *, callback, void *))dlsym(RTLD_NEXT, "sqlite3_set_authorizer");
            theirs = wanted;
            context = argument;
            return next(connection, ask, 0);
        }
        """
}
