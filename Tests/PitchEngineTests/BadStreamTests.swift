import Foundation
import PitchEngine
import Testing

/// Streams of events that are not as they should be: what comes of each row is recorded.
@Suite struct BadStreamTests {
    /// A stream that goes back in time is judged row by row: what is old is too late.
    @Test func streamThatGoesBackInTime() throws {
        let shop = try TestShop.withScenes(
            "topup", "every 2nd topup", "topup then no topup within 1 hour",
            clauses: "no limit\nfresh for 2 hours")
        try shop.run("2026-04-02 08:00")
        try shop.append(
            "balances.csv", "t1,a,2026-04-02 12:00,1,1,card", "t2,a,2026-04-02 11:00,1,1,card",
            "t3,a,2026-04-02 09:00,1,1,card", "t4,a,2026-04-01 09:00,1,1,card")
        try shop.run("2026-04-02 12:30")
        #expect(
            try shop.decided("a", in: "spring.s1").sorted() == [
                "balances t1 issued", "balances t2 issued", "balances t3 too late",
                "balances t4 too late",
            ])
        #expect(
            try shop.decided("a", in: "spring.s2").sorted()
                == ["balances t1 issued", "balances t3 too late"])
        #expect(
            try shop.decided("a", in: "spring.s3").sorted() == [
                "balances t3 then no topup within 1 hour too late",
                "balances t4 then no topup within 1 hour too late",
            ])
    }

    /// A key seen again is one row: the first stays, a difference is counted as a conflict.
    @Test func keySeenAgainIsOneOccurrence() throws {
        let shop = try TestShop.withScenes("coupon claimed", "coupon claimed where coupon = \"x\"")
        try shop.run("2026-04-02 08:00")
        try shop.append(
            "claims.csv", "c1,a,2026-04-02 08:10,x", "c1,a,2026-04-02 08:10,x",
            "c1,b,2026-04-02 08:11,y")
        let report = try shop.run("2026-04-02 08:30")
        #expect(report.outcomes == ["issued": 2])
        let claims = try #require(report.load.dataSets.first { $0.name == "claims" })
        #expect((claims.new, claims.unchanged, claims.conflict) == (1, 1, 1))
        #expect(try shop.decided("a", in: "spring.s1") == ["claims c1 issued"])
    }

    /// A row that is not of its type is in quarantine, and nobody's occurrence.
    @Test func rowOutOfTypeIsNoOccurrence() throws {
        let shop = try TestShop.withScenes(
            "product viewed", "product carted then no purchase within 1 hour")
        try shop.run("2026-04-02 08:00")
        try shop.append("orders.csv", "o1,c,2026-04-02 12:00,1,,,1")
        try shop.append(
            "visits.csv", "v1,a,2026-04-02 08:10,cake,,,,eaten",
            "v2,nobody,2026-04-02 08:10,cake,,,,viewed",
            "v3,a,yesterday,cake,,,,viewed", "v4,a,2026-04-02 08:20,cake,,,,viewed")
        let report = try shop.run("2026-04-02 12:30")
        #expect(report.outcomes == ["issued": 1])
        #expect(report.exitCode == 4)
        #expect(report.load.quarantined == 3)
    }

    /// A member whom `absent gone` took away gets nothing more.
    @Test func noOccurrenceOfTheGone() throws {
        let shop = try TestShop.withScenes(
            "first purchase", "topup then no topup within 1 hour",
            "product viewed then purchase within 1 hour")
        let script = try shop.text("shop.pitch")
        try shop.write(
            "shop.pitch",
            script.replacing(
                "key id\n    city text", with: "key id\n    absent gone\n    city text"))
        try shop.run("2026-04-02 08:00")
        try shop.write(
            "members.csv",
            TestShop.members.split(separator: "\n").filter { !$0.hasPrefix("a,") }.joined(
                separator: "\n") + "\n")
        try shop.append("orders.csv", "o1,a,2026-04-02 08:30,1,,,1", "o2,b,2026-04-02 08:30,1,,,1")
        try shop.append(
            "balances.csv", "t1,a,2026-04-02 08:30,1,1,card", "t2,b,2026-04-02 10:30,1,1,card")
        try shop.append(
            "visits.csv", "v1,a,2026-04-02 08:20,cake,,,,viewed",
            "v2,b,2026-04-02 08:20,cake,,,,viewed")
        try shop.run("2026-04-02 11:00")
        for strategy in ["s1", "s2", "s3"] {
            #expect(try shop.decided("a", in: "spring.\(strategy)") == [])
        }
        #expect(try shop.decided("b", in: "spring.s1").count == 1)
        #expect(try shop.decided("b", in: "spring.s3").count == 1)
    }
}

extension TestShop {
    func text(_ name: String) throws -> String {
        try String(contentsOf: folder.appending(path: name), encoding: .utf8)
    }
}
